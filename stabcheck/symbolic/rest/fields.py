"""Points in number fields: what holds between their coordinates is decided there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import flint
import sympy as sp
from flint import arb, fmpq, fmpq_poly, fmpz_poly

from stabcheck.symbolic.algebraic import BITS, AlgebraicNumber, Coefficients, coefficients, inverse, to_sympy
from stabcheck.symbolic.balls import midpoint
from stabcheck.symbolic.rest.ideal import Powers
from stabcheck.symbolic.rest.letters import Letters
from stabcheck.symbolic.rest.named import Named, terms_of

MOST_DENOMINATOR, CLOSE = 10**6, 1e-15
"""What is no closer than this to any such fraction is not looked at exactly whether it is one."""


@dataclass(frozen=True)
class AlgebraicPoint(Named):
    """A point whose coordinates are polynomials in a root of an irreducible polynomial.

    Attributes:
        modulus: that polynomial, from its constant on.
        elements: numerator and denominator of each coordinate's polynomial.
        located: each coordinate by itself.
        letters: the coordinates, and the functions of them that have names.
    """

    modulus: Coefficients
    elements: tuple[tuple[Coefficients, int], ...]
    located: tuple[AlgebraicNumber, ...]
    letters: Letters = field(compare=False)

    @classmethod
    def of(
        cls,
        modulus: fmpz_poly,
        elements: Sequence[fmpq_poly],
        located: Sequence[AlgebraicNumber],
        letters: Letters,
    ) -> AlgebraicPoint:
        """The point from FLINT's polynomials."""
        pairs = tuple((coefficients(h.numer()), int(h.denom())) for h in elements)
        return cls(coefficients(modulus), pairs, tuple(located), letters)

    @cached_property
    def key(self) -> str:  # pyright: ignore[reportIncompatibleVariableOverride]
        return f"{self.names} {self.located}"

    def coordinate(self, index: int) -> arb:
        return self.located[index].ball(flint.ctx.prec)

    def text(self, index: int) -> str:
        root = self.root(index)
        return super().text(index) if root is None else str(root)

    def root(self, index: int) -> sp.Expr | None:
        return self.located[index].expression if index < self.size else None

    def left(self, poly: sp.Poly) -> Mapping[Powers, fmpq]:
        """Functions of the coordinates count as independent of each other, and of these."""
        groups: dict[Powers, dict[Powers, fmpq]] = {}
        for powers, c in terms_of(poly).items():
            groups.setdefault(powers[self.size :], {})[powers[: self.size]] = c
        return {
            (*m, *function): c
            for function, terms in groups.items()
            if not self._vanishes(terms)
            for m, c in terms.items()
        }

    def quotient(self, top: sp.Poly, bottom: sp.Poly) -> sp.Expr:
        """The same, rational where it proves to be."""
        if all(poly.free_symbols <= set(self.letters.coordinates) for poly in (top, bottom)):
            above, below = ({m[: self.size]: c for m, c in terms_of(p).items()} for p in (top, bottom))
            if self._may_be_rational(above, below):
                whole = self._element(above) * inverse(self._element(below), self._modulus) % self._modulus
                if whole.degree() <= 0:
                    return to_sympy(fmpq(whole[0]))
        return super().quotient(top, bottom)

    def _vanishes(self, terms: Mapping[Powers, fmpq]) -> bool:
        """Whether a polynomial in the coordinates is 0: balls tell most that are not, and soon."""
        return self._at(terms).contains(0) and self._element(terms) == 0

    def _may_be_rational(self, above: Mapping[Powers, fmpq], below: Mapping[Powers, fmpq]) -> bool:
        """Whether a quotient is close to a fraction that is much shorter than its digits."""
        with flint.ctx.workprec(BITS):
            ball = self._at(above) / self._at(below)
            if not ball.is_finite():
                return True
            middle = midpoint(ball)
            short = middle.limit_denominator(MOST_DENOMINATOR)
            return ball.overlaps(arb(fmpq(short.numerator, short.denominator)) + arb(0, CLOSE))

    def _at(self, terms: Mapping[Powers, fmpq]) -> arb:
        """A polynomial in the coordinates, in balls."""
        with flint.ctx.workprec(BITS):
            balls = [self.coordinate(k) for k in range(self.size)]
            degrees = [max((m[k] for m in terms), default=0) for k in range(self.size)]
            tables = [[ball**p for p in range(most + 1)] for ball, most in zip(balls, degrees, strict=True)]
            total = arb(0)
            for powers, c in terms.items():
                term = arb(c)
                for table, p in zip(tables, powers, strict=True):
                    term = term * table[p] if p else term
                total += term
            return total

    def _element(self, terms: Mapping[Powers, fmpq]) -> fmpq_poly:
        return element(terms, self._elements, self._modulus)

    @cached_property
    def _modulus(self) -> fmpq_poly:
        return fmpq_poly(list(self.modulus))

    @cached_property
    def _elements(self) -> tuple[fmpq_poly, ...]:
        return tuple(fmpq_poly(list(top), bottom) for top, bottom in self.elements)


def element(terms: Mapping[Powers, fmpq], coordinates: Sequence[fmpq_poly], modulus: fmpq_poly) -> fmpq_poly:
    """A polynomial at a point of a number field, which its coordinates are given in."""
    total = fmpq_poly([0])
    degrees = [max((m[k] for m in terms), default=0) for k in range(len(coordinates))]
    tables = [list(_powers(h, most, modulus)) for h, most in zip(coordinates, degrees, strict=True)]
    for powers, c in terms.items():
        term = fmpq_poly([c])
        for table, p in zip(tables, powers, strict=True):
            term = term * table[p] % modulus if p else term
        total += term
    return total % modulus


def _powers(base: fmpq_poly, most: int, modulus: fmpq_poly) -> Iterator[fmpq_poly]:
    """The powers of `base` from the 0th up to the given one."""
    power = fmpq_poly([1])
    yield power
    for _ in range(most):
        power = power * base % modulus
        yield power
