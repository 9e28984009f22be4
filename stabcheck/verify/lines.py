"""Lines through the space of hyperparameters, and where a region of stability as printed ends on them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import cycle, islice, pairwise
from math import lcm

import flint
import sympy as sp
from flint import fmpq, fmpz_poly

from stabcheck.core import hyper
from stabcheck.core.domain import Domain
from stabcheck.core.errors import Undecidable
from stabcheck.symbolic.balls import enclose, isolated, midpoint
from stabcheck.symbolic.condition import Condition
from stabcheck.symbolic.polynomials import rational
from stabcheck.verify.drawing import draw

LINES, TRIES = 2, 6
BITS = 128
STOPS = (Fraction(0), Fraction(1, 16), Fraction(1), Fraction(16))
"""A line is looked at between these as well: a condition that is missing ends nothing."""
MOST_DEGREE = 64

Values = Mapping[str, sp.Expr]
Completed = Callable[[Values], Values]
"""From values of hyperparameters those of all letters, such as `f1`."""


@dataclass(frozen=True)
class Line:
    """One name moves, all others have values.

    Attributes:
        name: that moves.
        domain: what values it may take.
        values: of the others.
        conditions: along the line, up to positive numbers; positive where it is said to be stable.
        completed: finds the values of other letters.
        rational: the conditions are exact; else their coefficients are rounded.
    """

    name: str
    domain: Domain
    values: Values
    conditions: tuple[fmpz_poly, ...]
    completed: Completed
    rational: bool

    def at(self, q: Fraction) -> Values:
        """All values where the name has this one."""
        return self.completed({**self.values, self.name: sp.Rational(q.numerator, q.denominator)})

    @property
    def middles(self) -> list[Fraction]:
        """A point in each piece of the line."""
        return [(a + b) / 2 for a, b in self._pieces() if self.domain.contains((a + b) / 2)]

    @cached_property
    def ends(self) -> list[Fraction]:
        """The roots of conditions at which a piece ends where all of them are positive, exact ones first.

        Each lies in the closure of the stable set, and not in that set. Irrational ones are rounded.
        """
        held = [(a, b) for a, b in self._pieces() if self.holds((a + b) / 2)]
        near = {end for piece in held for end in piece}
        roots = [q for q in self._cuts if q in near and self.domain.contains(q)]
        return sorted(roots, key=lambda q: not self.is_exact(q))

    @property
    def corners(self) -> list[Fraction]:
        """The ends of the domain that belong to it."""
        return list(self.domain.corners)

    def is_exact(self, q: Fraction) -> bool:
        """Whether a root of the conditions is no rounded one."""
        return self.rational and any(poly(fmpq(q.numerator, q.denominator)) == 0 for poly in self.conditions)

    def holds(self, q: Fraction) -> bool:
        """Whether all conditions are positive."""
        there = fmpq(q.numerator, q.denominator)
        return self.domain.contains(q) and all(poly(there) > 0 for poly in self.conditions)

    def _pieces(self) -> list[tuple[Fraction, Fraction]]:
        """Between roots and stops; the first and the last have an end of no meaning."""
        stops = sorted({*STOPS, *self.domain.ends, *self._cuts})
        return list(pairwise([2 * min(stops[0], Fraction(-1)), *stops, 2 * max(stops[-1], Fraction(1))]))

    @cached_property
    def _cuts(self) -> list[Fraction]:
        """The real roots of the conditions, each once."""
        product = fmpz_poly([1])
        for poly in filter(None, self.conditions):
            product *= poly
        with flint.ctx.workprec(BITS):
            return sorted(q for factor, _ in product.factor()[1] for q in _real_roots(factor))


def _real_roots(factor: fmpz_poly) -> Iterator[Fraction]:
    if factor.degree() == 1:
        yield Fraction(-int(factor[0]), int(factor[1]))
        return
    yield from (Fraction(float(ball.real.mid())) for ball in isolated(factor) if ball.imag == 0)


def lines(
    conditions: Sequence[Condition],
    names: Mapping[str, hyper.Hyper],
    given: Values,
    completed: Completed,
    rng: random.Random,
) -> list[Line]:
    """A few lines along one name each, first of those in the conditions, with random values of all others.

    Those first on which the region ends, if there are any.

    Args:
        conditions: all positive where it is said to be stable.
        names: the hyperparameters.
        given: numbers for some of them.
        completed: finds the values of other letters.
        rng: of the values.
    """
    letters = {s.name for c in conditions for s in c.symbols}
    moving = [n for n, row in names.items() if n not in given and not row.domain.whole]
    rng.shuffle(moving)
    moving.sort(key=lambda n: n not in letters)
    tried: list[Line] = []
    for name in islice(cycle(moving), TRIES):
        values = {n: value for n, value in {**draw(names, rng), **given}.items() if n != name}
        rows = [_along(c, name, completed(values)) for c in conditions]
        if any(row is None for row in rows):
            continue
        polys, exact = zip(*rows, strict=True) if rows else ((), ())
        tried.append(Line(name, names[name].domain, values, polys, completed, all(exact)))
        if sum(bool(line.ends) for line in tried) == LINES:
            break
    ending = [line for line in tried if line.ends]
    return ending or tried


def _along(condition: Condition, name: str, values: Values) -> tuple[fmpz_poly, bool] | None:
    """A condition as a polynomial in one name, with whole coefficients, and whether that is exact.

    `None` where it is no polynomial with known numbers.
    """
    moving = [n for n, e in condition.letters.items() if any(s.name == name for s in e.free_symbols)]
    if len(moving) > 1 or not all(condition.letters[n].is_Symbol for n in moving):
        return None
    numbers = {
        n: e.xreplace({s: values[s.name] for s in e.free_symbols if s.name in values})
        for n, e in condition.letters.items()
    }
    product, exact = fmpz_poly([1]), True
    for factor, power in condition.factors:
        row = [c.at(numbers, rational) for c in factor.coefficients(*moving or ("",))]
        if product.degree() + power * (len(row) - 1) > MOST_DEGREE:
            return None
        try:
            product *= _whole(row) ** power
        except (Undecidable, ValueError):
            return None
        exact = exact and all(c.is_Rational for c in row)
    return product, exact


def _whole(falling: Sequence[sp.Expr]) -> fmpz_poly:
    """A polynomial times its denominators."""
    row = [_fraction(sp.expand(c)) for c in reversed(falling)]
    below = lcm(*(q.denominator for q in row))
    return fmpz_poly([int(q * below) for q in row])


def _fraction(number: sp.Expr) -> Fraction:
    """A number, or one that is very near to it.

    Raises:
        Undecidable: if no ball is known around it.
    """
    if isinstance(number, sp.Rational):
        return Fraction(int(number.p), int(number.q))
    with flint.ctx.workprec(BITS):
        return midpoint(enclose(number).real)
