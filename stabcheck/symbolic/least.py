"""The least spectral radius or abscissa over some hyperparameters, exactly.

The values whose rate is below `r` can begin only at a zero of finitely many polynomials, and rational
samples tell at which: the infimum, an algebraic number. Just above it the set is small, and where its
shadow on each axis shrinks to is where the infimum is attained, if that lies within the domains: rates are
continuous, and a sequence of closed bounded sets, each within the last, has a common point.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

import flint
from flint import arb, fmpq

from stabcheck.core.domain import Domain
from stabcheck.core.errors import Undecidable
from stabcheck.core.frozen import Frozen
from stabcheck.symbolic.algebraic import AlgebraicNumber, conjugates
from stabcheck.symbolic.balls import midpoint
from stabcheck.symbolic.deadbeat import deadbeat
from stabcheck.symbolic.grid import fastest
from stabcheck.symbolic.polynomials import only, ring
from stabcheck.symbolic.rates import BITS, MOST_WALLS, Rates, Shadow, ball_of, contains, inside

CLOSER, CLOSE = (16, 48, 128), Fraction(1, 2**20)
"""How close to the infimum shadows are looked at, in bits, and how far off an end of one may then be."""
CLOSE_ENOUGH, MOST_DOUBLINGS, WIDER = Fraction(1, 2**30), 30, 2.0**-40
"""How narrow a bracket is beside its end, how far out it is looked for, how its places are rounded."""
MANY = 3
"""Of so many names samples are slow, and a point where all eigenvalues vanish is looked for first."""


@dataclass(frozen=True)
class Stretch:
    """Where a hyperparameter lies at the optimum: at a number, between two, or ever farther out.

    Attributes:
        low, high: the ends, equal mostly; `None` for infinity.
        escapes: 1 where the optimum is approached only as it goes to infinity, -1 to minus infinity.
        is_enclosure: whether it is only known to lie between the ends.
    """

    low: AlgebraicNumber | None
    high: AlgebraicNumber | None
    escapes: int = 0
    is_enclosure: bool = False

    @property
    def is_point(self) -> bool:
        """Whether it is one number."""
        return self.low is not None and self.low == self.high

    def is_in(self, domain: Domain) -> bool:
        """Whether the ends belong to a domain."""
        return not self.escapes and all(n is None or contains(domain, n) for n in (self.low, self.high))


@dataclass(frozen=True)
class Place:
    """Where the least rate is, or is approached.

    Attributes:
        at: by name of the hyperparameter.
        attained: whether the rate is the least there, and not only close to it nearby; `None` if unknown.
    """

    at: Mapping[str, Stretch]
    attained: bool | None

    @classmethod
    def of(cls, at: Mapping[str, Stretch], domains: Mapping[str, Domain]) -> Place:
        """A place that shadows shrink to."""
        if any(s.is_enclosure for s in at.values()):
            return cls(Frozen(at), attained=None)
        longer = [n for n, s in at.items() if not s.is_point and not s.escapes]
        outside = [n for n, s in at.items() if not s.is_in(domains[n])]
        # Over the inner points of one stretch nothing but points is left, which are bounded.
        if not outside or outside == longer:
            return cls(Frozen(at), attained=True if not outside or len(longer) == 1 else None)
        return cls(Frozen(at), attained=None if set(outside) <= set(longer) else False)


@dataclass(frozen=True)
class Least:
    """The infimum of the rates, and where it is.

    Attributes:
        level: the infimum; `None` where rates have no lower bound, and where it is only bracketed.
        places: all of them; of a bracket those that are not excluded.
        bracket: two numbers between which the infimum is, if that is all that is known of it.
    """

    level: AlgebraicNumber | None
    places: tuple[Place, ...]
    bracket: tuple[Fraction, Fraction] | None = None


def least(rates: Rates) -> Least:
    """The infimum of the rates over all values, and where it is.

    Raises:
        Undecidable: if that takes too long, or shadows do not show what they shrink to.
    """
    return _at_zero(rates) or _by_samples(rates)


def _at_zero(rates: Rates) -> Least | None:
    """Where all eigenvalues vanish, if that is known to be somewhere: no rate is smaller."""
    if rates.bottom is None or len(rates.names) < MANY:
        return None
    with suppress(Undecidable):
        points = [{n: Stretch(q, q) for n, q in point.items()} for point in deadbeat(rates)]
        return (
            Least(rates.bottom, tuple(Place(Frozen(at), attained=True) for at in points)) if points else None
        )
    return None


def _by_samples(rates: Rates) -> Least:
    if rates.walls is None:
        return _bracketed(rates)
    cells = list(pairwise([rates.bottom, *rates.walls, None]))
    first = bisect_left(range(len(cells)), 1, key=lambda k: rates.is_met(inside(*map(ball_of, cells[k]))))
    level, above = cells[first]
    return Least(level, () if level is None else tuple(_Limit(rates, level, above).places()))


def _bracketed(rates: Rates) -> Least:
    """The infimum between two numbers, by bisection, and itself where it can be told."""
    low, high = _around(rates)
    while high - low > CLOSE_ENOUGH * max(abs(high), CLOSE):
        middle = (low + high) / 2
        low, high = (low, middle) if rates.is_met(middle) else (middle, high)
    if (level := rates.wall_between(low, high)) is not None:
        return Least(level, tuple(_Limit(rates, level, AlgebraicNumber.of(high)).places()))
    at = {name: rates.reordered(name).shadow(high) for name in rates.names}
    chosen = {tuple(_chosen(rates.names, values, at)) for values in rates.samples(high)}
    rows = ({n: _rounded(at[n][k]) for n, k in zip(rates.names, ks, strict=True)} for ks in sorted(chosen))
    return Least(None, tuple(Place.of(row, rates.domains) for row in rows), (low, high))


def _around(rates: Rates) -> tuple[Fraction, Fraction]:
    """Two numbers of which no value has a rate below the first, and one has a rate below the second.

    Raises:
        Undecidable: if that does not show among numbers of any usual size.
    """
    guess = Fraction(fastest(rates))
    steps = [CLOSE_ENOUGH * max(abs(guess), CLOSE) * 4**k for k in range(MOST_DOUBLINGS)]
    high = next((r for step in steps if (r := guess + step / 3) and rates.is_met(r)), None)
    lower = (guess - step / 3 for step in steps)
    if rates.bottom is not None:
        lower = (max(r, Fraction(0)) for r in lower)
    low = next((r for r in lower if (not r and rates.bottom) or not rates.is_met(r)), None)
    if low is None or high is None:
        raise Undecidable("rates are too large or too small to be bracketed")
    return low, high


def _rounded(shadow: Shadow) -> Stretch:
    """A shadow with short fractions for ends, a little wider."""
    low, high = shadow
    with flint.ctx.workprec(2 * BITS):
        left = None if low is None else AlgebraicNumber.of(inside(low - WIDER, low))
        right = None if high is None else AlgebraicNumber.of(inside(high, high + WIDER))
    return Stretch(left, right, is_enclosure=True)


@dataclass(frozen=True)
class _Limit:
    """The shadows of all values with a rate below `r`, as `r` goes down to the infimum.

    Attributes:
        rates: whose.
        level: the infimum.
        above: the next zero above it; `None` for none.
    """

    rates: Rates
    level: AlgebraicNumber
    above: AlgebraicNumber | None

    def places(self) -> Iterator[Place]:
        """Where the infimum is attained or approached."""
        names = self.rates.names
        axes = {name: _Axis(self.rates.reordered(name), self.level) for name in names}
        r, shadows, stretches = self._told_apart(axes)
        for chosen in sorted({tuple(_chosen(names, values, shadows)) for values in self.rates.samples(r)}):
            at = {n: stretches[n][k] for n, k in zip(names, chosen, strict=True)}
            yield Place.of(at, self.rates.domains)

    def _told_apart(
        self, axes: Mapping[str, _Axis]
    ) -> tuple[Fraction, Mapping[str, list[Shadow]], Mapping[str, list[Stretch]]]:
        """A number just above the infimum, the shadows there, and what they shrink to."""
        for bits in CLOSER:
            r = self._near(bits)
            shadows = {name: axis.rates.shadow(r) for name, axis in axes.items()}
            limits = {
                n: [axes[n].limit(s, last=bits == CLOSER[-1]) for s in row] for n, row in shadows.items()
            }
            stretches = {n: [s for s in row if s is not None] for n, row in limits.items()}
            if stretches == limits:
                return r, shadows, stretches
        raise Undecidable("where the least rate is does not show")

    def _near(self, bits: int) -> Fraction:
        """A number above the infimum, at most so close, and below the next zero."""
        with flint.ctx.workprec(2 * BITS):
            low = self.level.ball(2 * BITS)
            high = low + arb(2) ** -bits
            if self.above is not None and not self.above.ball(2 * BITS) > high:
                high = (low + self.above.ball(2 * BITS)) / 2
            return inside(low, high)


def _chosen(
    names: Sequence[str], values: Sequence[Fraction], shadows: Mapping[str, Sequence[Shadow]]
) -> Iterator[int]:
    """In which shadow each value lies."""
    for name, value in zip(names, values, strict=True):
        yield next(k for k, shadow in enumerate(shadows[name]) if _is_in(value, shadow))


def _is_in(value: Fraction, shadow: Shadow) -> bool:
    with flint.ctx.workprec(2 * BITS):
        return _touches(arb(fmpq(*value.as_integer_ratio())), *shadow)


def _touches(ball: arb, low: arb | None, high: arb | None) -> bool:
    """Whether a number may lie in a closed interval."""
    return (low is None or not ball < low) and (high is None or not ball > high)


@dataclass(frozen=True)
class _Axis:
    """One name, and the numbers on its axis that a shadow can shrink to.

    Attributes:
        rates: with the name first.
        level: the infimum.
    """

    rates: Rates
    level: AlgebraicNumber

    @property
    def domain(self) -> Domain:
        """Of the name."""
        return self.rates.domains[self.rates.names[0]]

    @cached_property
    def numbers(self) -> list[AlgebraicNumber]:
        """Where zeros meet at the infimum, and the ends of the domain, in order."""
        met = [only(p.resultant(self._level, 0), 1) for p in self.rates.levels[0] if p.degrees()[1] > 0]
        ends = {AlgebraicNumber.of(end) for end in self.domain.ends}
        # A rational end may be a zero, too, of a polynomial of another sign.
        factors = (f for p in met for f, _ in p.factor()[1])
        zeros = {n for f in factors for n in conjugates(f) if n.rational not in self.domain.ends}
        return sorted(zeros | ends, key=lambda n: midpoint(n.ball(BITS)))

    @property
    def is_long(self) -> bool:
        """Whether the numbers are zeros of polynomials of too high a degree."""
        degrees = (int(p.degrees()[1]) for p in self.rates.levels[0])
        return self.level.degree * max(degrees) > MOST_WALLS

    @property
    def _level(self):
        """What the infimum is a zero of, in the ring of the levels."""
        others = (0,) * len(self.rates.names)
        rows = {(k, *others): c for k, c in enumerate(self.level.coefficients) if c}
        return ring(1 + len(others)).from_dict(rows)

    def limit(self, shadow: Shadow, *, last: bool) -> Stretch | None:
        """What a shadow shrinks to; `None` where that does not show yet."""
        if self.is_long:
            return _rounded(shadow) if last else None
        with flint.ctx.workprec(BITS):
            numbers = [n for n in self.numbers if _touches(n.ball(BITS), *shadow)]
        bounded, whole = None not in shadow, shadow == (None, None)
        if bounded and len(numbers) == 1:
            return Stretch(numbers[0], numbers[0])
        if not numbers and not bounded and not whole:
            # A finite end comes close to a number; with none left it goes to infinity.
            return Stretch(None, None, escapes=-1 if shadow[0] is None else 1)
        return self._stretch(shadow) if last else None

    def _stretch(self, shadow: Shadow) -> Stretch | None:
        """An interval between two of the numbers, which both ends come close to."""
        ends = [None if end is None else self._nearest(end) for end in shadow]
        if any(end is not None and number is None for end, number in zip(shadow, ends, strict=True)):
            return None
        return Stretch(ends[0], ends[1])

    def _nearest(self, end: arb) -> AlgebraicNumber | None:
        """The number closest to an end, if that is close."""
        distances = [(abs(midpoint(n.ball(BITS)) - midpoint(end)), n.value, n) for n in self.numbers]
        distance, _, number = min(distances, key=lambda row: row[:2], default=(CLOSE, 0, None))
        return number if distance < CLOSE else None
