"""The line of one hyperparameter over that of another, cut where roots of some polynomials meet or go.

Between the values of `x` at which a discriminant, a leading coefficient or a resultant of two of the
polynomials vanishes, their real roots in `v` neither meet nor come or go (Collins 1975): what holds over one
value of `x` holds over all of such a cell; the values in between, its walls, are looked at on their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from itertools import combinations, pairwise

import flint
from flint import arb, fmpq, fmpz_poly

from stabcheck.core.domain import Domain
from stabcheck.core.errors import Undecidable
from stabcheck.core.formula import Formula
from stabcheck.core.frozen import Frozen
from stabcheck.core.polynomial import Polynomial
from stabcheck.symbolic.algebraic import AlgebraicNumber, conjugates
from stabcheck.symbolic.balls import midpoint
from stabcheck.symbolic.enclosure import side
from stabcheck.symbolic.extension import roots
from stabcheck.symbolic.locus import PlaneFactor, in_second
from stabcheck.symbolic.polynomials import factored, to_flint

MOST_DEGREE, BITS = 24, 256
"""Polynomials of a higher degree than this are not cut by."""


@dataclass(frozen=True)
class Root:
    """A root in `v` of a polynomial, over any value of `x` in a cell.

    Attributes:
        factor: the polynomial.
        index: which of its roots in the domain of `v`, from the least.
    """

    factor: Polynomial
    index: int


@dataclass(frozen=True)
class End:
    """An end of an interval of `v`.

    Attributes:
        roots: all the roots that it is, over a cell one alone; none of an end of the domain.
        at: the end of the domain that it is, if one; `None` for a root, and for infinity.
        ball: where it lies over the value looked at; `None` for infinity.
    """

    roots: frozenset[Root] = frozenset()
    at: Fraction | None = None
    ball: arb | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Interval:
    """The values between two ends; the lower one may belong to it.

    Attributes:
        low, high: the ends.
        closed: whether `low` belongs to it: an end of the domain at which everything holds, too.
    """

    low: End
    high: End
    closed: bool = False


@dataclass(frozen=True)
class Cell:
    """The values of `x` between two ends, or one value, with what holds over them.

    Attributes:
        low, high: the ends; equal for a wall; `None` for infinity.
        intervals: of `v`, in which everything holds.
        points: all the roots, in order: what coincides is one point.
        counts: how many roots each polynomial has, as often as they are one.
        sample: a value of `x` in the cell.
    """

    low: AlgebraicNumber | None
    high: AlgebraicNumber | None
    intervals: tuple[Interval, ...]
    points: tuple[frozenset[Root], ...]
    counts: Mapping[Polynomial, int]
    sample: AlgebraicNumber

    @property
    def is_wall(self) -> bool:
        """Whether it is one value."""
        return self.low is not None and self.low == self.high


@dataclass(frozen=True)
class Cut:
    """What is cut: a statement on polynomials in two letters.

    Attributes:
        statement: that is looked at.
        v, x: the letters; `x` may be one that does not occur.
        along, over: their domains.
    """

    statement: Formula
    v: str
    x: str
    along: Domain
    over: Domain

    @property
    def factors(self) -> tuple[Polynomial, ...]:
        """The irreducible factors of all polynomials, once each up to a number."""
        rows = (q for p in self.statement.polynomials for q, _ in factored(p) if q.names)
        return tuple(dict.fromkeys(map(_positive, rows)))

    def cells(self) -> list[Cell]:
        """All cells and walls, in order.

        Raises:
            Undecidable: if that would take too long, or balls do not tell roots apart.
        """
        low, high = self.over.low, self.over.high
        first, last = (None if end is None else AlgebraicNumber.of(end.at) for end in (low, high))
        ends, cells = [first, *self._walls(), last], list[Cell]()
        for k, (a, b) in enumerate(pairwise(ends)):
            if a is not None and (k or (low and low.closed)):
                cells.append(self._cell(a, a, a))
            cells.append(self._cell(a, b, AlgebraicNumber.of(between(_ball(a), _ball(b)))))
        return [*cells, *([self._cell(last, last, last)] if last and high and high.closed else [])]

    def _cell(
        self, low: AlgebraicNumber | None, high: AlgebraicNumber | None, sample: AlgebraicNumber
    ) -> Cell:
        with flint.ctx.workprec(BITS):
            rows = {p: self._inside(p, sample) for p in self.factors}
            ends = self._ends(rows, sample)
            held = [self._holds(between(a.ball, b.ball), sample) for a, b in pairwise(ends)]
        pairs = zip(pairwise(ends), held, strict=True)
        intervals = tuple(self._interval(a, b, sample) for (a, b), holds in pairs if holds)
        points = tuple(end.roots for end in ends[1:-1])
        return Cell(low, high, intervals, points, Frozen({p: len(row) for p, row in rows.items()}), sample)

    def _inside(self, p: Polynomial, x: AlgebraicNumber) -> list[arb]:
        """The roots of a polynomial in the domain of `v`, in order, each as often as it is one.

        Raises:
            Undecidable: if balls do not tell a root from an end of the domain.
        """
        row = real_roots(p, self.v, self.x, x)
        for end in self.along.ends:
            if self._sign(p, end, x) and any(ball.contains(_fmpq(end)) for ball in row):
                raise Undecidable("balls do not tell a root from an end of the domain")
        low, high = self.along.low, self.along.high
        return [b for b in row if (not low or b > _arb(low.at)) and (not high or b < _arb(high.at))]

    def _interval(self, low: End, high: End, sample: AlgebraicNumber) -> Interval:
        end = self.along.low
        closed = end is not None and end.closed and low.at == end.at and self._holds(end.at, sample)
        return Interval(low, high, closed)

    def _holds(self, v: Fraction, x: AlgebraicNumber) -> bool:
        return bool(self.statement.truth(lambda p: self._sign(p, v, x)))

    def _sign(self, p: Polynomial, v: Fraction, x: AlgebraicNumber) -> int:
        """Of a polynomial at a rational `v` over a value of `x`."""
        poly = _at(PlaneFactor(to_flint(p, [self.v, self.x])[1], 1).row, v)
        if _vanishes(poly, x):
            return 0
        bits = BITS
        while (sign := side(_value(poly, x, bits))) is None:
            bits *= 2
        return sign

    def _walls(self) -> list[AlgebraicNumber]:
        polys = {str(f): f for p in self._projected() if p != 0 for f, _ in p.factor()[1]}
        if any(f.degree() > MOST_DEGREE for f in polys.values()):
            raise Undecidable(f"walls are roots of polynomials of a degree beyond {MOST_DEGREE}")
        numbers = (number for f in polys.values() for number in conjugates(f))
        low, high = self.over.low, self.over.high
        inside = (
            n
            for n in numbers
            if (low is None or n.compare(low.at) > 0) and (high is None or n.compare(high.at) < 0)
        )
        return sorted(inside, key=lambda n: midpoint(n.ball(BITS)))

    def _projected(self) -> Iterator[fmpz_poly]:
        """What vanishes at every wall."""
        planes = [PlaneFactor(to_flint(p, [self.v, self.x])[1], 1) for p in self.factors]
        for plane in planes:
            yield plane.row[0]
            yield from (_at(plane.row, end) for end in self.along.ends)
            if plane.degree > 1:
                yield in_second(plane.poly.discriminant(0))
        for one, other in combinations([plane for plane in planes if plane.degree], 2):
            yield in_second(one.poly.resultant(other.poly, 0))

    def _ends(self, rows: Mapping[Polynomial, Sequence[arb]], x: AlgebraicNumber) -> list[End]:
        """The ends of all intervals between the roots, in order, and those of the domain."""
        low, high = (None if end is None else end.at for end in (self.along.low, self.along.high))
        inside = [End(names, ball=ball) for ball, names in self._points(rows, x) if names]
        first = End(at=low, ball=None if low is None else _arb(low))
        last = End(at=high, ball=None if high is None else _arb(high))
        return [first, *inside, last]

    def _points(
        self, rows: Mapping[Polynomial, Sequence[arb]], x: AlgebraicNumber
    ) -> Iterator[tuple[arb, frozenset[Root]]]:
        """Every point that is a root, with all the roots that it is."""
        product = reduce(lambda a, b: a * b, (p for p, row in rows.items() if row), Polynomial.constant(1))
        names = [(ball, Root(p, k)) for p, row in rows.items() for k, ball in enumerate(row)]
        points = real_roots(product, self.v, self.x, x, once=True)
        if any(sum(ball.overlaps(point) for point in points) != 1 for ball, _ in names):
            raise Undecidable("balls do not tell roots apart")
        for point in points:
            yield point, frozenset(root for ball, root in names if ball.overlaps(point))


def real_roots(p: Polynomial, v: str, x: str, value: AlgebraicNumber, *, once: bool = False) -> list[arb]:
    """The real roots in `v` over a value of `x`, in order, each as often as it is one; none of what is 0."""
    row = PlaneFactor(to_flint(p, [v, x])[1], 1).row
    while row and _vanishes(row[0], value):
        row = row[1:]
    if len(row) < 2:
        return []
    # Of a real polynomial a root whose ball meets the real line is its own conjugate.
    balls = [(ball.real, times) for ball, times in roots(row, value) if ball.imag.contains(0)]
    return sorted((ball for ball, times in balls for _ in range(1 if once else times)), key=midpoint)


def _at(row: Sequence[fmpz_poly], value: Fraction) -> fmpz_poly:
    """`q p(value, x)` for a `q > 0`, from the coefficients in `v`, leading first."""
    total, power = fmpz_poly([0]), 1
    for c in row:
        total = total * value.numerator + c * power
        power *= value.denominator
    return total


def _positive(p: Polynomial) -> Polynomial:
    return -p if p.terms[0][1] < 0 else p


def between(a: arb | None, b: arb | None) -> Fraction:
    """A short fraction strictly between two numbers, or beyond one."""
    if a is None or b is None:
        return Fraction(0) if a is b else _beyond(a, 2) if b is None else _beyond(b, -2)
    middle, bits = midpoint((a + b) / 2), 1
    while not (a < _arb(short := middle.limit_denominator(2**bits)) < b):
        bits += 1
    return short


def _beyond(end: arb | None, steps: int) -> Fraction:
    return Fraction(round(float(end.mid())) + steps) if end is not None else Fraction(0)


def _ball(number: AlgebraicNumber | None) -> arb | None:
    return None if number is None else number.ball(BITS)


def _arb(q: Fraction) -> arb:
    return arb(_fmpq(q))


def _fmpq(q: Fraction) -> fmpq:
    return fmpq(q.numerator, q.denominator)


def _vanishes(poly: fmpz_poly, x: AlgebraicNumber) -> bool:
    return poly == 0 or poly.gcd(x.poly).degree() > 0


def _value(poly: fmpz_poly, x: AlgebraicNumber, bits: int) -> arb:
    with flint.ctx.workprec(bits):
        return poly(x.ball(bits))
