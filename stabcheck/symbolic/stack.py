"""What holds along the line of one letter over a point of the others: intervals, and roots that end them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property, reduce
from itertools import islice, pairwise, product

import flint
from flint import arb, fmpq, fmpq_poly

from stabcheck.core.domain import Domain
from stabcheck.core.errors import Undecidable
from stabcheck.core.formula import Formula
from stabcheck.core.polynomial import Polynomial
from stabcheck.symbolic.balls import midpoint
from stabcheck.symbolic.extension import Row, gcd
from stabcheck.symbolic.extension import roots as roots_of
from stabcheck.symbolic.point import BITS, Point
from stabcheck.symbolic.projection import distinct

MINUS, PLUS, LINEAR = 0, 1, 2
MOST_FORMULAS = 64
"""More ways to choose the roots that ends are told by are not looked at."""


@dataclass(frozen=True)
class Root:
    """A root in `v` of a polynomial, as a formula or a place tells it whatever the others are.

    Attributes:
        factor: the polynomial.
        index: of `a v^2 + b v + c` which formula: `MINUS` and `PLUS` for the sign of the square root in
            `(-b -+ sqrt(b^2 - 4 a c))/(2 a)`, `LINEAR` for `-c/b` where `a` is 0; beyond degree two its place
            among the roots in the domain of `v`, from the least, each counted as often as it is one.
    """

    factor: Polynomial
    index: int

    @property
    def size(self) -> tuple[int, int, str, int]:
        """By which roots are put in order: those of low degree first."""
        return self.factor.degree, len(self.factor.terms), str(self.factor), self.index


@dataclass(frozen=True)
class End:
    """An end of an interval of `v`.

    Attributes:
        roots: all the roots that it is; none of an end of the domain.
        at: the end of the domain that it is, if one; `None` for a root, and for infinity.
        ball: where it lies over the point looked at; `None` for infinity.
    """

    roots: frozenset[Root] = frozenset()
    at: Fraction | None = None
    ball: arb | None = field(default=None, compare=False)

    @property
    def root(self) -> Root:
        """The root that it is alone."""
        (root,) = self.roots
        return root

    @property
    def alone(self) -> tuple[End, ...]:
        """The same as one root alone, that of the lowest degree first."""
        ordered = sorted(self.roots, key=lambda root: root.size)
        return tuple(replace(self, roots=frozenset({root})) for root in ordered) or (self,)


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


Intervals = tuple[Interval, ...]


@dataclass(frozen=True)
class Stack:
    """The line over one point.

    Attributes:
        point: the point.
        intervals: of `v`, in which everything holds.
        points: all the roots, in order: what coincides is one point.
        balls: around the points.
    """

    point: Point = field(compare=False)
    intervals: tuple[Interval, ...]
    points: tuple[frozenset[Root], ...]
    balls: tuple[arb, ...] = field(compare=False)

    def where(self, end: End) -> arb | None:
        """The place of an end over this point; `None` where it has none."""
        k = self._at(end, -1)
        return None if k is None or k < 0 else self.balls[k]

    @cached_property
    def formulas(self) -> tuple[Intervals, ...]:
        """The intervals with one root for each end, in the ways to choose it, those of low degree first."""
        ways = ([*_chosen(interval)] for interval in self.intervals)
        return tuple(islice(product(*ways), MOST_FORMULAS))

    def follows(self, formula: Intervals) -> bool:
        """Whether intervals with one root for each end are those in which everything holds here."""
        places = [self._place(interval) for interval in formula]
        return None not in places and places == [self._place(interval) for interval in self.intervals]

    def _place(self, interval: Interval) -> tuple[int, int, bool] | None:
        """Between which of the points it lies; `None` where it has none or an end has no meaning."""
        low, high = self._at(interval.low, -1), self._at(interval.high, len(self.points))
        return None if low is None or high is None or low >= high else (low, high, interval.closed)

    def _at(self, end: End, otherwise: int) -> int | None:
        if not end.roots:
            return otherwise
        return next((k for k, roots in enumerate(self.points) if end.roots & roots), None)


@dataclass(frozen=True)
class Along:
    """A statement on polynomials, looked at along one letter.

    Attributes:
        statement: the statement.
        v: the letter.
        domains: of all letters.
    """

    statement: Formula
    v: str
    domains: Mapping[str, Domain]

    @property
    def domain(self) -> Domain:
        """Of the letter."""
        return self.domains[self.v]

    @cached_property
    def factors(self) -> tuple[Polynomial, ...]:
        """The irreducible factors of all polynomials, once each, of those that have several signs."""
        return distinct((*self.statement.polynomials, *gaps(self.v, self.domain)), self.domains)

    def over(self, point: Point) -> Stack:
        """The line over a point.

        Raises:
            Undecidable: if balls do not tell roots apart.
        """
        with flint.ctx.workprec(BITS):
            ends = self._ends(point)
            rows = {p: point.row(p, self.v) for p in self.statement.polynomials}
            held = [self._holds(between(a.ball, b.ball), rows, point) for a, b in pairwise(ends)]
            closed = self._low_belongs(rows, point)
        pairs = zip(pairwise(ends), held, strict=True)
        intervals = tuple(Interval(a, b, closed and a is ends[0]) for (a, b), holds in pairs if holds)
        inside = [(end.roots, end.ball) for end in ends[1:-1] if end.ball is not None]
        return Stack(point, intervals, tuple(roots for roots, _ in inside), tuple(ball for _, ball in inside))

    def _low_belongs(self, rows: Mapping[Polynomial, Row], point: Point) -> bool:
        low = self.domain.low
        return low is not None and low.closed and self._holds(low.at, rows, point)

    def _holds(self, v: Fraction, rows: Mapping[Polynomial, Row], point: Point) -> bool:
        return bool(self.statement.truth(lambda p: point.sign_of(_value(rows[p], v))))

    def _ends(self, point: Point) -> list[End]:
        """The ends of all intervals between the roots, in order, and those of the domain."""
        low, high = (None if end is None else end.at for end in (self.domain.low, self.domain.high))
        first = End(at=low, ball=None if low is None else to_arb(low))
        last = End(at=high, ball=None if high is None else to_arb(high))
        inside = [End(names, ball=ball) for ball, names in self._points(point)]
        return [first, *inside, last]

    def _points(self, point: Point) -> Iterator[tuple[arb, frozenset[Root]]]:
        """Every point that is a root inside the domain, with all the roots that it is."""
        named = (pair for p in self.factors if self.v in p.names for pair in self._roots(p, point))
        for group in coinciding(named, self.v, point):
            yield group[0][0], frozenset(root for _, root in group)

    def _roots(self, p: Polynomial, point: Point) -> list[tuple[arb, Root]]:
        """The roots of a polynomial inside the domain, in order, each as often as it is one."""
        row, balls = point.row(p, self.v), point.roots(p, self.v)
        degree = len(p.coefficients(self.v)) - 1
        kept = [(k, ball) for k, ball in enumerate(balls) if is_inside(ball, row, self.domain)]
        if degree > 2:
            return [(ball, Root(p, place)) for place, (_, ball) in enumerate(kept)]
        if len(row) <= degree:
            return [(ball, Root(p, LINEAR)) for _, ball in kept]
        rises = degree == 1 or point.sign_of(row[0]) > 0
        return [(ball, Root(p, k if rises else 1 - k)) for k, ball in kept]


def gaps(name: str, domain: Domain) -> Iterator[Polynomial]:
    """What vanishes where a domain is interrupted."""
    return (Polynomial.letter(name) - place for place in domain.excluded)


def _chosen(interval: Interval) -> Iterator[Interval]:
    """The same with one root for each end, in every way to choose it."""
    for low, high in product(interval.low.alone, interval.high.alone):
        yield replace(interval, low=low, high=high)


def is_inside(ball: arb, row: Row, domain: Domain) -> bool:
    """Whether a root of a polynomial lies inside a domain.

    Args:
        ball: around the root.
        row: the polynomial over a field.
        domain: without gaps.

    Raises:
        Undecidable: if balls do not tell it from an end.
    """
    for end in (each.at for each in (domain.low, domain.high) if each):
        if ball.contains(_fmpq(end)):
            if _value(row, end) != 0:
                raise Undecidable("balls do not tell a root from an end of the domain")
            return False
    return (not domain.low or ball > to_arb(domain.low.at)) and (
        not domain.high or ball < to_arb(domain.high.at)
    )


def coinciding(named: Iterable[tuple[arb, Root]], v: str, point: Point) -> Iterator[list[tuple[arb, Root]]]:
    """Roots in order, those together that are one number.

    Args:
        named: balls with the roots that they hold.
        v: the letter of which they are values.
        point: of the others.

    Raises:
        Undecidable: if balls do not tell them apart.
    """
    groups: list[list[tuple[arb, Root]]] = []
    for ball, root in sorted(named, key=lambda pair: midpoint(pair[0])):
        if groups and any(ball.overlaps(other) for other, _ in groups[-1]):
            groups[-1].append((ball, root))
        else:
            groups.append([(ball, root)])
    for group in groups:
        if not _are_one(group, v, point):
            raise Undecidable("balls do not tell roots apart")
        yield group


def _are_one(roots: Sequence[tuple[arb, Root]], v: str, point: Point) -> bool:
    """Whether roots whose balls meet are equal: a common divisor has a root there alone."""
    polynomials = {root.factor: ball for ball, root in roots}
    if len(polynomials) == 1:
        return True
    modulus = point.number.modulus
    common = reduce(lambda a, b: gcd(a, b, modulus), (point.row(p, v) for p in polynomials))
    shared = [ball.real for ball, _ in roots_of(common, point.number) if ball.imag.contains(0)]
    meeting = [ball for ball in shared if any(ball.overlaps(other) for other in polynomials.values())]
    return len(meeting) == 1 and all(
        own.overlaps(meeting[0]) and sum(b.overlaps(meeting[0]) for b in once(point.roots(p, v))) == 1
        for p, own in polynomials.items()
    )


def once(balls: Sequence[arb]) -> list[arb]:
    """Roots in order that are listed as often as they are one, each once."""
    return [ball for k, ball in enumerate(balls) if not k or ball is not balls[k - 1]]


def between(a: arb | None, b: arb | None) -> Fraction:
    """A short fraction strictly between two numbers, or beyond one."""
    if a is None or b is None:
        return Fraction(0) if a is b else _beyond(a, 2) if b is None else _beyond(b, -2)
    middle, bits = midpoint((a + b) / 2), 1
    while not (a < to_arb(short := middle.limit_denominator(2**bits)) < b):
        bits += 1
    return short


def _beyond(end: arb | None, steps: int) -> Fraction:
    """A whole number above the end for positive steps, below it for negative ones."""
    if end is None:
        return Fraction(0)
    nearest = round(midpoint(end))
    # A ball may be wider than a step where its numbers are large.
    while not (to_arb(Fraction(nearest + steps)) - end) * steps > 0:
        steps *= 2
    return Fraction(nearest + steps)


def to_arb(q: Fraction) -> arb:
    """A number as a ball."""
    return arb(_fmpq(q))


def _fmpq(q: Fraction) -> fmpq:
    return fmpq(q.numerator, q.denominator)


def _value(row: Row, v: Fraction) -> fmpq_poly:
    """A polynomial in `v` over a field at a rational number, by Horner's rule."""
    total, x = fmpq_poly([0]), _fmpq(v)
    for c in row:
        total = total * x + c
    return total
