"""Conjugate solutions, in the number field that holds their coordinates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import flint
import sympy as sp
from flint import arb, fmpq, fmpq_poly, fmpz_mpoly, fmpz_poly

from stabcheck.symbolic.algebraic import BITS, AlgebraicNumber, at, real_roots
from stabcheck.symbolic.coordinates import Coordinate
from stabcheck.symbolic.rest.fields import AlgebraicPoint, element
from stabcheck.symbolic.rest.letters import Letters

MOST_JOINT = 2
"""Coordinates of a number field of this degree at most are written out in its root."""


@dataclass(frozen=True)
class Point:
    """One real solution, in the forms that `RestPoints` lists."""

    single: tuple[sp.Expr, ...]
    joint: tuple[sp.Expr, ...]
    values: tuple[float, ...]

    @property
    def key(self) -> tuple[float, ...]:
        """What sorts the points: the same coordinate in two of them may differ by a rounding."""
        return tuple(float(f"{v:.12g}") for v in self.values)


@dataclass(frozen=True)
class Component:
    """Conjugate solutions: the coordinates are polynomials in a root of `modulus`.

    Attributes:
        modulus: irreducible over the rationals.
        coordinates: reduced modulo it.
        minimal: the minimal polynomial of each coordinate.
    """

    modulus: fmpz_poly
    coordinates: tuple[fmpq_poly, ...]
    minimal: tuple[fmpz_poly, ...]

    def vanishes(self, poly: fmpz_mpoly) -> bool:
        """Whether a polynomial in the coordinates is zero at these solutions, exactly."""
        terms = {m: fmpq(c) for m, c in poly.to_dict().items()}
        return element(terms, self.coordinates, fmpq_poly(self.modulus)) == 0

    def points(self, letters: Letters) -> list[Point]:
        """The real ones among the solutions, whose coordinates have these letters."""
        return [self._point(index, located, letters) for index, located in enumerate(self._located)]

    @property
    def _located(self) -> list[tuple[AlgebraicNumber, ...]]:
        """The coordinates of every real solution, at a precision that tells them from others."""
        bits = BITS
        while True:
            with flint.ctx.workprec(bits):
                try:
                    return [self._locate(root) for root in real_roots(self.modulus)]
                except TooCoarse:
                    bits *= 2

    def _locate(self, root: arb) -> tuple[AlgebraicNumber, ...]:
        numbers = []
        for h, minimal in zip(self.coordinates, self.minimal, strict=True):
            here = h.numer()(root) / arb(h.denom())
            meeting = [k for k, ball in enumerate(real_roots(minimal)) if ball.overlaps(here)]
            if len(meeting) > 1:
                raise TooCoarse
            numbers.append(AlgebraicNumber.root_of(minimal, meeting[0]))
        return tuple(numbers)

    def _point(self, index: int, located: Sequence[AlgebraicNumber], letters: Letters) -> Point:
        single = tuple(c.expression for c in located)
        values = tuple(c.value for c in located)
        return Point(single, self._joint(index, located, letters), values)

    def _joint(self, index: int, located: Sequence[AlgebraicNumber], letters: Letters) -> tuple[sp.Expr, ...]:
        if self.modulus.degree() <= MOST_JOINT:
            root = AlgebraicNumber.root_of(self.modulus, index).generated
            return tuple(at(h, root) for h in self.coordinates)
        place = AlgebraicPoint.of(self.modulus, self.coordinates, located, letters)
        return tuple(c.expression if c.degree == 1 else Coordinate(place, k) for k, c in enumerate(located))


class TooCoarse(Exception):
    """A ball meets two roots."""


def minimal_polynomial(element: fmpq_poly, candidates: Sequence[fmpz_poly], modulus: fmpq_poly) -> fmpz_poly:
    """The irreducible polynomial that vanishes at an element of the number field of `modulus`."""
    for poly in candidates[:-1]:
        value = fmpq_poly([0])
        for c in reversed(poly.coeffs()):
            value = (value * element + fmpq_poly([c])) % modulus
        if value == 0:
            return poly
    return candidates[-1]
