"""Formulas in LaTeX: names escaped, long ones broken over lines, all of them in `align*`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import sympy as sp

from stabcheck.judge.derivation.data import Derivation, Equation, PlusMinus
from stabcheck.report.escape import escaped
from stabcheck.report.width import width
from stabcheck.symbolic.printing import PaperLatexPrinter, tex_table
from stabcheck.symbolic.unevaluated import Expectation, GermFunction

if TYPE_CHECKING:
    from stabcheck.judge.analysis import Analysis

WIDEST = 31.0
"""What fits on a line, in em: that of the class `article` at 10pt has 34.5."""

RELATIONS = MappingProxyType({"=": "=", ">": ">", "->": r"\leftarrow", "~": r"\approx"})
APPLIED = (
    sp.log,
    sp.tanh,
    sp.sin,
    sp.cos,
    sp.tan,
    sp.sinh,
    sp.cosh,
    sp.atan,
    sp.asinh,
    sp.erf,
    sp.asin,
    sp.acos,
)
# How a formula is broken


class Piece(NamedTuple):
    """A part of a formula before which a line may end.

    Attributes:
        lead: what the part begins with if it begins a line.
    """

    tex: str
    lead: str = ""


class Setter:
    """Writes formulas with the names of a derivation.

    Args:
        derivation: whose symbols are written.
    """

    def __init__(self, derivation: Derivation) -> None:
        names = tex_table(derivation.symbols, derivation.names)
        settings: dict[str, object] = {"symbol_names": names}
        if any("mathrm" in name for name in names.values()):
            # Upright words in a product need a space between them.
            settings["mul_symbol"] = r" \, "
        self.printer = PaperLatexPrinter(settings)

    def write(self, e: sp.Basic) -> str:
        """The whole formula on one line."""
        return self.printer.doprint(e)

    def lines(self, e: sp.Basic, room: float) -> list[str]:
        """The formula on as many lines as it needs."""
        whole = self.write(e)
        if width(whole) <= room:
            return [whole]
        broken: list[str] = []
        for piece in self.pieces(e, room - 1.5):
            if broken and width(broken[-1]) + width(piece.tex) <= room - 1.5:
                broken[-1] = f"{broken[-1]} {piece.tex}"
            else:
                broken.append(f"{piece.lead} {piece.tex}" if broken and piece.lead else piece.tex)
        return broken

    def pieces(self, e: sp.Basic, room: float) -> list[Piece]:
        """Parts that fit, as far as a formula has any."""
        if width(self.write(e)) <= room:
            return [Piece(self.write(e))]
        if isinstance(e, PlusMinus):
            centre, radical = e.args
            before = [] if centre == 0 else self.pieces(centre, room)
            inner = self._wrapped(radical, room, "(", ")") if radical.is_Add else self.pieces(radical, room)
            return [*before, *_after(r"\pm ", inner)]
        if isinstance(e, sp.Tuple):
            entries = [self.pieces(part, room) for part in e]
            return _after(r"\bigl(", [p for part in entries[:-1] for p in _before(part, ",")] + _before(
                entries[-1], r"\bigr)"
            ))  # fmt: skip
        if isinstance(e, sp.Add):
            return [p for k, term in enumerate(self.printer._as_ordered_terms(e))
                    for p in self._signed(term, room, first=k == 0)]  # fmt: skip
        if isinstance(e, sp.Mul):
            return self._product(e, room)
        return self._inside(e, room)

    def _signed(self, term: sp.Expr, room: float, *, first: bool) -> list[Piece]:
        minus = term.could_extract_minus_sign()
        sign = "- " if minus else "" if first else "+ "
        inner = self.pieces(-term, room) if minus else self.pieces(term, room)
        if minus and (-term).is_Add:
            inner = self._wrapped(-term, room, "(", ")")
        return _after(sign, inner)

    def _product(self, e: sp.Mul, room: float) -> list[Piece]:
        top, bottom = sp.fraction(e)
        if bottom != 1 and width(self.write(bottom)) < room / 4:
            share = rf"\frac{{1}}{{{self.write(bottom)}}} "
            return _after(share, self._factor(top, room))
        if bottom != 1:
            upper = self._factor(top, room) if top != 1 else [Piece("1")]
            return [*upper, *_after(r"\big/ ", self._wrapped(bottom, room, "(", ")"))]
        if e.could_extract_minus_sign():
            return self._signed(e, room, first=True)
        short = [f for f in e.args if not f.is_Add and width(self.write(f)) <= room]
        head = sp.Mul(*short)
        pieces = [Piece(self.write(head))] if head != 1 else []
        if width(self.write(head)) > room:
            pieces = [Piece(self.write(f), r"\times") for f in short]
        for factor in e.args:
            if factor in short:
                continue
            inner = self._factor(factor, room)
            pieces += [inner[0]._replace(lead=r"\times"), *inner[1:]] if pieces else inner
        return pieces

    def _factor(self, e: sp.Expr, room: float) -> list[Piece]:
        return self._wrapped(e, room, "(", ")") if e.is_Add else self.pieces(e, room)

    def _wrapped(self, e: sp.Basic, room: float, left: str, right: str) -> list[Piece]:
        return _after(rf"\bigl{left}", _before(self.pieces(e, room), rf"\bigr{right}"))

    def _inside(self, e: sp.Basic, room: float) -> list[Piece]:
        """What has one long argument, or cannot be broken."""
        if isinstance(e, Expectation):
            over = ", ".join(map(self.write, e.args[1:]))
            return _after(rf"\mathbb{{E}}_{{{over}}}", self._wrapped(e.args[0], room, "[", "]"))
        if isinstance(e, GermFunction):
            name = self.write(e.func(*e.args[:2], sp.Symbol("t"))).partition(r"{\left")[0]
            return _after(name, self._wrapped(e.args[2], room, "(", ")"))
        if isinstance(e, sp.exp):
            return _after(r"\exp", self._wrapped(e.args[0], room, "(", ")"))
        if isinstance(e, sp.Pow):
            return _before(
                self._wrapped(e.base, room, "(", ")"),
                f"^{{{self.write(e.exp) if e.exp.is_Integer else sp.sstr(e.exp)}}}",
            )
        if isinstance(e, APPLIED):
            name = self.write(e.func(sp.Symbol("t"))).partition(r"{\left")[0]
            return _after(name, self._wrapped(e.args[0], room, "(", ")"))
        return [Piece(self.write(e))]


def _after(text: str, pieces: Sequence[Piece]) -> list[Piece]:
    first, *others = pieces
    return [first._replace(tex=text + first.tex), *others]


def _before(pieces: Sequence[Piece], text: str) -> list[Piece]:
    *others, last = pieces
    return [*others, last._replace(tex=last.tex + text)]


# Rows of an environment


def rows(derivation: Derivation, equations: Iterable[Equation]) -> list[str]:
    """The rows of an `align` environment, each with one `&`."""
    return [row for each in grouped(derivation, equations) for row in each]


def grouped(derivation: Derivation, equations: Iterable[Equation]) -> list[list[str]]:
    """The rows of each equation."""
    setter, chosen = Setter(derivation), list(equations)
    heads = _heads(setter, chosen)
    room = WIDEST - max(map(width, heads), default=0.0)
    return [list(_rows(setter, head, e, room)) for head, e in zip(heads, chosen, strict=True)]


def _heads(setter: Setter, equations: Sequence[Equation]) -> list[str]:
    """What stands before the alignment: a short left-hand side, or a few words."""
    heads: list[str] = []
    asked = r"\text{stable iff}"
    for e in equations:
        if e.relation == ">":
            heads.append(asked)
        elif e.lhs.is_Add:
            heads.append(r"\text{roots of}")
        else:
            heads.append(setter.write(e.lhs))
        asked = r"\text{and}" if e.relation == ">" else r"\text{stable iff}"
    return heads


def _rows(setter: Setter, head: str, e: Equation, room: float) -> Iterator[str]:
    relation = RELATIONS[e.relation]
    if isinstance(e.rhs, sp.MatrixBase) and width(setter.write(e.rhs)) + 1.4 > room:
        yield from _entries(setter, e, room)
    elif e.relation == ">" or e.lhs.is_Add:
        # What is said to be positive, or to vanish, comes behind the words.
        *first, last = setter.lines(e.lhs, room - 4)
        tail = f"{last} {relation} {setter.write(e.rhs)}"
        yield from _broken(_noted([*first, tail], e.note, room), f"{head} &\\quad ")
    else:
        lines = setter.lines(e.rhs, room - 1.4)
        yield from _broken(_noted(lines, e.note, room), f"{head} &{relation} ")


def _noted(lines: Sequence[str], note: str, room: float) -> list[str]:
    """The lines with a note behind the last, or on a line of its own where it does not fit."""
    if not note:
        return list(lines)
    *first, last = lines
    text = rf"\text{{({escaped(note)})}}"
    fits = width(last) + 0.45 * len(note) + 3 <= room
    return [*first, rf"{last} \quad {text}"] if fits else [*lines, text]


def _broken(lines: Sequence[str], head: str) -> Iterator[str]:
    first, *others = lines
    yield head + first
    yield from (rf"&\quad {line}" for line in others)


def _entries(setter: Setter, e: Equation, room: float) -> Iterator[str]:
    """A matrix too wide for the page: its size, and its entries one by one."""
    letter, matrix = setter.write(e.lhs), e.rhs
    assert isinstance(matrix, sp.MatrixBase)
    size = rf"\mathbb{{R}}^{{{matrix.rows} \times {matrix.cols}}}"
    yield rf"{letter} &\in {size} \text{{, 0 but for the entries}}"
    for i, row in enumerate(matrix.tolist(), 1):
        for j, entry in enumerate(row, 1):
            if entry != 0:
                yield from _broken(setter.lines(entry, room - 3), f"{letter}_{{{i},{j}}} &= ")


def environment(lines: Sequence[str]) -> str:
    """Rows in `align*`; nothing where there are none."""
    if not lines:
        return ""
    body = " \\\\\n".join(f"  {line}" for line in lines)
    return f"\\begin{{align*}}\n{body}\n\\end{{align*}}"


def fragment(result: Analysis) -> str:
    """The equations of all steps; where there are no formulas, the reason below them."""
    derivation = result.derivation
    lines = grouped(derivation, derivation.equations)
    values = derivation.step("values")
    if values is not None:
        # What holds at the values only is set apart, in the same environment.
        first = sum(len(step.equations) for step in derivation.general)
        there = "".join(map(str, values.says[0]))
        lines[first][0] = f"\\intertext{{{escaped(there)}}}\n  {lines[first][0]}"
    shown = environment([row for rows_ in lines for row in rows_])
    refusal = derivation.step("no formulas")
    if refusal is None:
        return shown
    return f"{shown}\n{escaped(''.join(map(str, refusal.says[0])))}"
