"""How large the roots of characteristic polynomials are, over several hyperparameters.

The values at which all of them are below `r` are an open set that grows with `r`. Between the zeros of
finitely many polynomials (`fronts`) nothing of it changes, so that rational samples tell all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property, reduce
from itertools import pairwise
from math import inf, prod

import flint
import numpy as np
from flint import arb, fmpq, fmpz_mpoly, fmpz_poly

from stabcheck.core.domain import Domain, End
from stabcheck.core.errors import Undecidable
from stabcheck.core.frozen import Frozen
from stabcheck.core.polynomial import Polynomial, Powers
from stabcheck.core.stability import Disc, HalfPlane, StabilityRegion
from stabcheck.symbolic.algebraic import AlgebraicNumber, conjugates
from stabcheck.symbolic.balls import isolated, midpoint
from stabcheck.symbolic.exact import routh
from stabcheck.symbolic.fronts import distinct, fronts, given, projected
from stabcheck.symbolic.polynomials import only, to_flint
from stabcheck.symbolic.stack import between

BITS = 256
MOST_CELLS = 6_000
"""More samples than this for one `r` are not looked at."""

MOST_WALLS, MOST_CRITICAL = 100, 400
"""Of polynomials of a higher degree not all zeros are looked for, or none."""

MOST_ISOLATED = 60
"""Of a polynomial of a higher degree in a name the zeros are not isolated."""

Shadow = tuple[arb | None, arb | None]
"""An interval; `None` for infinity."""


@dataclass(frozen=True)
class Rates:
    """Characteristic polynomials in hyperparameters, and how large their roots are.

    Attributes:
        factors: in `z` and the names, over the rationals.
        z: the letter of the roots.
        domains: of the names; the last one is eliminated first.
        region: of stability.
    """

    factors: tuple[Polynomial, ...]
    z: str
    domains: Mapping[str, Domain]
    region: StabilityRegion

    @property
    def names(self) -> tuple[str, ...]:
        """Of the hyperparameters."""
        return tuple(self.domains)

    def reordered(self, first: str) -> Rates:
        """The same with another name first."""
        names = [first, *(n for n in self.names if n != first)]
        return replace(self, domains=Frozen({n: self.domains[n] for n in names}))

    @cached_property
    def levels(self) -> list[list[fmpz_mpoly]]:
        """Polynomials in `r` and the first name, in `r` and two, and so on; between zeros nothing changes.

        Raises:
            Undecidable: if they are too long.
        """
        rows = [f for p in self.factors for f in fronts(p, self.z, self.names, region=self.region)]
        levels = [distinct(rows)]
        for k in range(len(self.names), 1, -1):
            levels.append(projected(levels[-1], k, self._ends(k)))
        return levels[::-1]

    def _ends(self, k: int) -> list[tuple[int, int]]:
        return [q.as_integer_ratio() for q in self.domains[self.names[k - 1]].ends]

    @cached_property
    def walls(self) -> list[AlgebraicNumber] | None:
        """The sizes at which the set of values with smaller rates can begin, in order; of a map above 0.

        `None` where they are too many.
        """
        if self._walls_at_most > MOST_WALLS:
            return None
        above = Fraction(0) if isinstance(self.region, Disc) else None
        numbers = dict.fromkeys(n for f in self._critical for n in conjugates(f))
        inside = (n for n in numbers if above is None or n.compare(above) > 0)
        return sorted(inside, key=lambda n: midpoint(n.ball(BITS)))

    @property
    def _walls_at_most(self) -> int:
        return max(map(_degree_of_discriminant, self.levels[0]))

    @property
    def _critical(self) -> Iterator[fmpz_poly]:
        """Irreducible polynomials, at whose zeros the set can begin."""
        for p in projected(self.levels[0], 1, self._ends(1)):
            yield from (f for f, _ in only(p, 0).factor()[1])

    def wall_between(self, low: Fraction, high: Fraction) -> AlgebraicNumber | None:
        """The only size between two numbers at which the set can begin; `None` if that is not seen."""
        if self._walls_at_most > MOST_CRITICAL:
            return None
        ends = (arb(fmpq(*q.as_integer_ratio())) for q in (low, high))
        with flint.ctx.workprec(2 * BITS):
            ball = reduce(arb.union, ends)
            near = [f for f in self._critical if f(ball).contains(0)]
        if len(near) != 1 or near[0].degree() > MOST_ISOLATED:
            return None
        inside = [n for n in conjugates(near[0]) if n.compare(low) > 0 > n.compare(high)]
        return inside[0] if len(inside) == 1 else None

    @property
    def bottom(self) -> AlgebraicNumber | None:
        """The least size that a root can have; `None` for none."""
        return AlgebraicNumber.of(Fraction(0)) if isinstance(self.region, Disc) else None

    def is_met(self, r: Fraction) -> bool:
        """Whether there are values with a rate below `r`, which is none of the walls."""
        return next(self.samples(r), None) is not None

    def is_below(self, r: Fraction, values: Sequence[Fraction]) -> bool:
        """Whether all roots are smaller than `r`."""
        region = Disc(r) if isinstance(self.region, Disc) else HalfPlane(r)
        return all(_is_stable(row.at(values), region) for row in self._rows)

    def near(self, values: Sequence[Fraction]) -> float:
        """The size of the largest root in floats; infinite at a pole."""
        rows = [row.at(values) for row in self._rows]
        if any(row[0] == 0 for row in rows):
            return inf
        roots = np.concatenate([np.roots(_floats(row)) for row in rows])
        return float(max(map(self.region.size, roots)))

    @cached_property
    def _rows(self) -> list[_Row]:
        return [_Row.of(p.coefficients(self.z), self.names) for p in self.factors]

    def samples(self, r: Fraction) -> Iterator[tuple[Fraction, ...]]:
        """A point of each cell in which all rates are below `r`.

        Raises:
            Undecidable: if there are too many cells.
        """
        left = [MOST_CELLS]
        return (values for values in self._points(r, (), left) if self.is_below(r, values))

    def _points(
        self, r: Fraction, values: tuple[Fraction, ...], left: list[int]
    ) -> Iterator[tuple[Fraction, ...]]:
        if len(values) == len(self.names):
            yield values
            return
        for low, high in self._cells(r, values):
            left[0] -= 1
            if left[0] < 0:
                raise Undecidable(f"more than {MOST_CELLS} cells")
            yield from self._points(r, (*values, inside(low, high)), left)

    def _cells(self, r: Fraction, values: tuple[Fraction, ...]) -> list[Shadow]:
        """The open intervals of the next name in which nothing changes."""
        k = len(values) + 1
        at = [q.as_integer_ratio() for q in (r, *values)]
        rows = [given(p, at, k) for p in self.levels[k - 1]]
        if any(p.degree() > MOST_ISOLATED for p in rows):
            raise Undecidable(f"rates are told apart by polynomials of a degree beyond {MOST_ISOLATED}")
        domain = self.domains[self.names[k - 1]]
        return list(_intervals(rows, domain))

    def shadow(self, r: Fraction) -> list[Shadow]:
        """The intervals of the first name over which some values of the others have a rate below `r`."""
        met = [(low, high) for low, high in self._cells(r, ()) if self._is_met_over(r, inside(low, high))]
        return list(_joined(met))

    def _is_met_over(self, r: Fraction, value: Fraction) -> bool:
        points = self._points(r, (value,), [MOST_CELLS])
        return any(self.is_below(r, values) for values in points)


def _degree_of_discriminant(p: fmpz_mpoly) -> int:
    """In `r`, at most, of a polynomial in `r` and one name."""
    across, up = (int(d) for d in p.degrees()[:2])
    return max(2 * (up - 1), 1) * across


@dataclass(frozen=True)
class _Row:
    """The coefficients of a factor, leading first, for many values one after the other.

    Attributes:
        terms: of each coefficient, the exponents of the names with a whole number.
        degrees: the largest exponents of all.
    """

    terms: tuple[tuple[tuple[Powers, int], ...], ...]
    degrees: Powers

    @classmethod
    def of(cls, row: Sequence[Polynomial], names: Sequence[str]) -> _Row:
        whole = sum((c * Polynomial.letter(MARK) ** k for k, c in enumerate(row)), start=Polynomial())
        _, poly = to_flint(whole, [MARK, *names])
        table = poly.to_dict()
        terms = (
            tuple((tuple(map(int, e[1:])), int(c)) for e, c in table.items() if e[0] == k)
            for k in range(len(row))
        )
        return cls(tuple(terms), tuple(int(d) for d in poly.degrees()[1:]))

    def at(self, values: Sequence[Fraction]) -> list[int]:
        """The coefficients at given values, times a positive number."""
        ratios = [(v.numerator, v.denominator, d) for v, d in zip(values, self.degrees, strict=True)]
        powers = [[a**k * b ** (d - k) for k in range(d + 1)] for a, b, d in ratios]
        return [
            sum(c * prod(row[k] for row, k in zip(powers, e, strict=True)) for e, c in terms)
            for terms in self.terms
        ]


def _floats(row: Sequence[int]) -> list[float]:
    """Numbers in the ratio of whole ones, which may be too long for floats."""
    largest = max(map(abs, row))
    return [float(Fraction(c, largest)) for c in row]


MARK = "z_"
"""Tells coefficients apart."""


def _is_stable(row: Sequence[int], region: StabilityRegion) -> bool:
    moved = region.to_half_plane(row)
    return bool(row[0] != 0 and moved[0] != 0 and routh([fmpq(c) for c in moved]))


def contains(domain: Domain, number: AlgebraicNumber) -> bool:
    """Whether an algebraic number lies in a domain."""
    if number.rational is not None:
        return domain.contains(number.rational)
    low, high = domain.low, domain.high
    return (low is None or number.compare(low.at) > 0) and (high is None or number.compare(high.at) < 0)


def ball_of(number: AlgebraicNumber | None) -> arb | None:
    """An enclosure of a number, or of none."""
    return None if number is None else number.ball(BITS)


def inside(low: arb | None, high: arb | None) -> Fraction:
    """A short fraction strictly between two numbers, or beyond one."""
    with flint.ctx.workprec(2 * BITS):
        return between(low, high)


def _intervals(rows: Sequence[fmpz_poly], domain: Domain) -> Iterator[Shadow]:
    """The open intervals of a domain between the zeros of polynomials."""
    ends = (fmpz_poly([-top, bottom]) for top, bottom in (end.as_integer_ratio() for end in domain.ends))
    balls = real_zeros([*(p for p in rows if p != 0), *ends])
    for a, b in pairwise([None, *balls, None]):
        if _is_above(a, domain.low) and _is_below(b, domain.high):
            yield a, b


def _is_above(zero: arb | None, end: End | None) -> bool:
    """Whether a zero is an end or above it: an end is one of the zeros, from which others are apart."""
    return end is None or (zero is not None and midpoint(zero) - end.at >= -_radius(zero))


def _is_below(zero: arb | None, end: End | None) -> bool:
    return end is None or (zero is not None and midpoint(zero) - end.at <= _radius(zero))


def _radius(ball: arb) -> Fraction:
    """The radius, exactly: `contains` of a fraction asks for a ball around it, which may be wider."""
    return midpoint(ball.rad())


def real_zeros(polynomials: Sequence[fmpz_poly]) -> list[arb]:
    """Disjoint balls around all real zeros of polynomials, in order."""
    basis = _coprime(polynomials)
    bits = BITS
    while True:
        with flint.ctx.workprec(bits):
            balls = sorted((b.real for p in basis for b in isolated(p) if b.imag == 0), key=midpoint)
            if all(a < b for a, b in pairwise(balls)):
                return balls
        bits *= 2


def _coprime(polynomials: Sequence[fmpz_poly]) -> list[fmpz_poly]:
    """Polynomials without common divisors that have the same zeros, none of which is double."""
    basis: list[fmpz_poly] = []
    left = [f for p in polynomials for f, _ in p.factor_squarefree()[1]]
    while left:
        p = left.pop()
        if p.degree() < 1:
            continue
        met = next((k for k, q in enumerate(basis) if p.gcd(q).degree() > 0), None)
        if met is None:
            basis.append(p)
            continue
        q = basis.pop(met)
        common = p.gcd(q)
        left += [common, p // common, q // common]
    return basis


def _joined(cells: Sequence[Shadow]) -> Iterator[Shadow]:
    """Neighbours together."""
    run: Shadow | None = None
    for low, high in cells:
        if run is not None and run[1] is not None and low is not None and run[1].overlaps(low):
            run = (run[0], high)
            continue
        if run is not None:
            yield run
        run = (low, high)
    if run is not None:
        yield run
