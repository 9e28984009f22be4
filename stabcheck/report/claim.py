"""Claims as LaTeX sets them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

import sympy as sp

from stabcheck.core.stability import Disc, StabilityRegion
from stabcheck.declare.claim.algebra import Algebra, Kind, Relation

RELATIONS: Mapping[Relation, str] = MappingProxyType(
    {Relation.AT_MOST: r"\le", Relation.AT_LEAST: r"\ge", Relation.OTHER: r"\ne"}
)
ALONE, POWER, PRODUCT, SUM, COMPARISON, AND, OR, ARROW = range(8, 0, -1)
"""How tightly a piece holds together."""


class Piece(NamedTuple):
    """LaTeX, and how tightly it holds together."""

    tex: str
    binds: int = ALONE

    def within(self, binds: int) -> str:
        """The same inside of what binds so tightly."""
        return self.tex if self.binds > binds else rf"\left({self.tex}\right)"


@dataclass(frozen=True)
class Typeset(Algebra[Piece, Piece]):
    """A formula of a claim.

    Attributes:
        write: LaTeX of a symbol.
        region: where what is stable has its eigenvalues.
    """

    write: Callable[[sp.Expr], str]
    region: StabilityRegion

    def number(self, value: Fraction) -> Piece:
        if value.denominator == 1:
            return Piece(str(value))
        return Piece(rf"\frac{{{value.numerator}}}{{{value.denominator}}}", PRODUCT)

    def letter(self, name: str) -> Piece:
        return Piece(self.write(sp.Symbol(name, real=True)))

    def minus(self, of: Piece) -> Piece:
        return Piece(f"-{of.within(SUM)}", SUM)

    def plus(self, left: Piece, right: Piece) -> Piece:
        return Piece(f"{left.within(SUM - 1)} + {right.within(SUM)}", SUM)

    def less(self, left: Piece, right: Piece) -> Piece:
        return Piece(f"{left.within(SUM - 1)} - {right.within(SUM)}", SUM)

    def times(self, left: Piece, right: Piece) -> Piece:
        first, second = left.within(PRODUCT - 1), right.within(PRODUCT)
        sign = r" \cdot " if second[:1].isdigit() else " "
        return Piece(f"{first}{sign}{second}", PRODUCT)

    def over(self, left: Piece, right: Piece) -> Piece:
        return Piece(rf"\frac{{{left.tex}}}{{{right.tex}}}", PRODUCT)

    def power(self, base: Piece, exponent: int) -> Piece:
        # A letter with a prime, f'(0), has its power outside of brackets.
        shown = base.within(POWER) if "'" not in base.tex else rf"\left({base.tex}\right)"
        return Piece(f"{shown}^{{{exponent}}}", POWER)

    def root(self, of: Piece) -> Piece:
        return Piece(rf"\sqrt{{{of.tex}}}")

    def size(self, of: Piece) -> Piece:
        return Piece(rf"\left|{of.tex}\right|")

    def kind(self, kind: Kind) -> Piece:
        return Piece(rf"\text{{{kind.value}}}")

    def rate(self, relation: Relation, bound: Piece) -> Piece:
        rate = r"\rho" if isinstance(self.region, Disc) else r"\max \operatorname{Re} \lambda"
        return self.compared(Piece(rate), relation, bound)

    def compared(self, left: Piece, relation: Relation, right: Piece) -> Piece:
        return Piece(f"{left.tex} {RELATIONS.get(relation, relation.value)} {right.tex}", COMPARISON)

    def contrary(self, of: Piece) -> Piece:
        return Piece(rf"\text{{not }} {of.within(AND)}", COMPARISON)

    def every(self, several: Sequence[Piece]) -> Piece:
        return Piece(r" \text{ and } ".join(one.within(AND) for one in several), AND)

    def some(self, several: Sequence[Piece]) -> Piece:
        return Piece(r" \text{ or } ".join(one.within(OR) for one in several), OR)

    def implies(self, premise: Piece, conclusion: Piece) -> Piece:
        return Piece(rf"{premise.within(ARROW)} \implies {conclusion.within(ARROW)}", ARROW)

    def same(self, left: Piece, right: Piece) -> Piece:
        return Piece(rf"{left.within(ARROW)} \iff {right.within(ARROW)}", ARROW)
