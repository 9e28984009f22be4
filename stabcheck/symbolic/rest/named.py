"""Points whose coordinates, and the functions of them that occur in a field, have names."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from functools import cached_property

import flint
import sympy as sp
from flint import acb, arb, fmpq

from stabcheck.symbolic.algebraic import BITS, to_fmpq, to_sympy
from stabcheck.symbolic.balls import enclose
from stabcheck.symbolic.coordinates import Coordinate, Place
from stabcheck.symbolic.rest.ideal import Powers
from stabcheck.symbolic.rest.letters import Letters, Unwritten


class Named(Place):
    """A point at which an expression is a quotient of polynomials in letters.

    Attributes:
        letters: the coordinates, and the functions of them.
    """

    letters: Letters

    @abstractmethod
    def coordinate(self, index: int) -> arb:
        """An enclosure of a coordinate, at the precision in force."""

    @abstractmethod
    def left(self, poly: sp.Poly) -> Mapping[Powers, fmpq]:
        """A polynomial in the letters without what vanishes: empty where it is 0."""

    @property
    def size(self) -> int:
        """How many coordinates there are."""
        return len(self.letters.coordinates)

    @cached_property
    def names(self) -> tuple[str, ...]:  # pyright: ignore[reportIncompatibleVariableOverride]
        functions = range(1, len(self.letters.names) - self.size + 1)
        return (*(s.name for s in self.letters.coordinates), *(f"g{k}" for k in functions))

    @cached_property
    def letter_values(self) -> tuple[Coordinate, ...]:
        """The numbers that the letters are here."""
        return tuple(Coordinate(self, k) for k in range(len(self.names)))

    def ball(self, index: int) -> arb:
        if index < self.size:
            return self.coordinate(index)
        here: dict[sp.Expr, acb] = {
            s: acb(self.coordinate(k)) for k, s in enumerate(self.letters.coordinates)
        }
        return enclose(self.letters.meanings[index], here).real

    def text(self, index: int) -> str:
        with flint.ctx.workprec(BITS):
            digits = self.ball(index).str(30)
        return f"{meant} = {digits}" if (meant := self.meaning(index)) else digits

    def meaning(self, index: int) -> str:
        if index < self.size:
            return ""
        here = dict(zip(self.letters.coordinates, self.letter_values, strict=False))
        return str(self.letters.meanings[index].xreplace(here))

    def canonical(self, number: sp.Expr) -> sp.Expr:
        back = dict(zip(self.letter_values, self.letters.names, strict=True))
        try:
            top, bottom = self.letters.quotient(number.xreplace(back))
        except Unwritten:
            return number
        return self.quotient(top, bottom)

    def quotient(self, top: sp.Poly, bottom: sp.Poly) -> sp.Expr:
        """A quotient of polynomials in the letters as a number."""
        above, below = (self._number(self.left(part)) for part in (top, bottom))
        return sp.expand(above / below) if below.is_Rational else above / below

    def _number(self, terms: Mapping[Powers, fmpq]) -> sp.Expr:
        return sp.Add(
            *(
                to_sympy(c) * sp.prod(s ** int(p) for s, p in zip(self.letter_values, powers, strict=True))
                for powers, c in terms.items()
            )
        )


def terms_of(poly: sp.Poly) -> dict[Powers, fmpq]:
    """The coefficients by monomials."""
    return {m: to_fmpq(c) for m, c in poly.terms() if c != 0}
