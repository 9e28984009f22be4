"""Text with every sign that nobody would see, or that steers a terminal, written out."""

from __future__ import annotations

import re
import unicodedata

HIDDEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Controls, marks of direction and of no width, halves of pairs, separators of lines."""
UNSEEN = re.compile(r"[^ -~\n\t]")


def visible(text: str) -> str:
    r"""`\x1b`, `\u202e`, … in the place of what is not seen; line ends and tabs stay."""
    return UNSEEN.sub(lambda m: written(m[0]) if is_hidden(m[0]) else m[0], text)


def is_hidden(c: str) -> bool:
    """Whether a character is not seen as such."""
    return unicodedata.category(c) in HIDDEN


def written(c: str) -> str:
    r"""The code of a character, as Python writes it: `\x1b`."""
    code = ord(c)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
