"""Any text as LaTeX that sets just its characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from types import MappingProxyType

from stabcheck.core.visible import is_hidden

SPECIAL = MappingProxyType(
    {
        "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "%": r"\%", "#": r"\#",
        "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": "$<$", ">": "$>$",
        "|": "$|$", '"': "''", "`": r"\textasciigrave{}",
    }
)  # fmt: skip
SIGNS = MappingProxyType(
    {
        "±": r"$\pm$", "\N{MULTIPLICATION SIGN}": r"$\times$", "·": r"$\cdot$",
        "²": "$^2$", "³": "$^3$", "°": r"$^\circ$",
        "–": "--", "—": "---", "‘": "`", "’": "'", "“": "``", "”": "''", "…": r"\dots{}",  # noqa: RUF001
        "≤": r"$\le$", "≥": r"$\ge$", "≠": r"$\ne$", "≈": r"$\approx$", "∞": r"$\infty$", "√": r"$\surd$",
        "ß": r"\ss{}", "ø": r"\o{}", "Ø": r"\O{}", "æ": r"\ae{}", "Æ": r"\AE{}", "œ": r"\oe{}",
        "å": r"\aa{}", "Å": r"\AA{}", "ł": r"\l{}", "Ł": r"\L{}",
        "\N{NO-BREAK SPACE}": "~",
    }
)  # fmt: skip
ACCENTS = MappingProxyType(
    {
        "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0308": '"', "\u0304": "=",
        "\u0307": ".", "\u030b": "H", "\u030c": "v", "\u0306": "u", "\u0327": "c",
    }
)  # fmt: skip


def escaped(text: str) -> str:
    """Any text as LaTeX that sets just these characters; ASCII, so that no font is missing."""
    return ascii_only("".join(SPECIAL.get(c, c) for c in text))


def tabular(columns: str, rows: Iterable[Sequence[str]]) -> str:
    """Rows of cells, which are LaTeX already, as a `tabular` with these columns, `lrr` for instance."""
    body = " \\\\\n".join(" & ".join(row) for row in rows)
    return f"\\begin{{tabular}}{{{columns}}}\n{body} \\\\\n\\end{{tabular}}"


def ascii_only(tex: str) -> str:
    """LaTeX with every other character as a command, or as its code point where none is known."""
    return "".join(c if c.isascii() and c.isprintable() else _command(c) for c in tex)


def _command(c: str) -> str:
    if is_hidden(c) and c not in "\n\t":
        return f"[U+{ord(c):04X}]"
    if c in SIGNS or c.isspace():
        return SIGNS.get(c, "\n" if c == "\n" else " ")
    base, *marks = unicodedata.normalize("NFD", c)
    greek = re.fullmatch("GREEK (SMALL|CAPITAL) LETTER ([A-Z]+)", unicodedata.name(c, ""))
    if greek and not marks:
        import sympy as sp

        return f"${sp.latex(sp.Symbol(greek[2].lower() if greek[1] == 'SMALL' else greek[2].title()))}$"
    if base.isascii() and base.isalpha() and len(marks) == 1 and marks[0] in ACCENTS:
        return f"\\{ACCENTS[marks[0]]}{{{base}}}"
    return f"[U+{ord(c):04X}]"
