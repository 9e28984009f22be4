"""Which values a hyperparameter may take, as data from which everything that is said of them follows."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import count
from types import MappingProxyType

from stabcheck.core.errors import BadInput, unknown
from stabcheck.core.frozen import Frozen
from stabcheck.core.number import number

STEPS = 64
"""How many first sizes a random draw chooses from."""


@dataclass(frozen=True)
class End:
    """An end of a range, which belongs to it where it is closed."""

    at: Fraction
    closed: bool = False

    def opposite(self, total: Fraction) -> End:
        """The end of `total - x`."""
        return End(total - self.at, self.closed)


@dataclass(frozen=True)
class Domain:
    """The numbers between two ends, without a few excluded ones, or the whole numbers there.

    Attributes:
        low: where the range begins; `None` for all the way down.
        high: where it ends; `None` for all the way up.
        excluded: numbers between the ends that do not belong to it, in order.
        whole: only whole numbers: a count, which is part of the structure and can be no symbol.

    Raises:
        BadInput: if nothing, or only one number that is no count, lies between the ends.
    """

    low: End | None = None
    high: End | None = None
    excluded: tuple[Fraction, ...] = ()
    whole: bool = False

    def __post_init__(self) -> None:
        if self.low and self.high and not (self.low.at < self.high.at or self._is_one):
            raise BadInput(f"the range {self._range} is empty or one number; write the smaller end first")
        if list(self.excluded) != sorted({q for q in self.excluded if self._between(q)}):
            raise BadInput(f"the range {self._range or 'real'} can leave out only what is inside, once each")

    @property
    def _is_one(self) -> bool:
        """A count that has one value."""
        return self.whole and self.low == self.high and len(self.corners) == 2

    def _between(self, q: Fraction) -> bool:
        return (self.low is None or self.low.at < q) and (self.high is None or q < self.high.at)

    def contains(self, q: Fraction) -> bool:
        """Whether an exact number lies in the domain."""
        if q in self.excluded or (self.whole and q.denominator != 1):
            return False
        return self._between(q) or q in self.corners

    @property
    def corners(self) -> tuple[Fraction, ...]:
        """The ends that belong to it."""
        return tuple(end.at for end in (self.low, self.high) if end and end.closed)

    @property
    def ends(self) -> tuple[Fraction, ...]:
        """Where it ends or is interrupted, in order, whether that belongs to it or not."""
        return tuple(sorted({*self.excluded, *(end.at for end in (self.low, self.high) if end)}))

    @property
    def text(self) -> str:
        """The domain in words, completing "must be …"."""
        if self.whole and self.low and self.high:
            return f"a whole number from {self.low.at} to {self.high.at}"
        without = f" other than {' and '.join(map(str, self.excluded))}" if self.excluded else ""
        within = " in" if self.low and self.high else ""
        return " ".join(filter(None, [f"a{' whole' * self.whole} number{within}", self._range])) + without

    @property
    def spelling(self) -> str:
        """The text that `spelled` reads: `>=0`, `(0,1]`, `<1!=0`; of a count, which has none, its text."""
        if self.whole:
            return self.text
        without = "".join(f"!={q}" for q in self.excluded)
        names = {"": "real", "!=0": "nonzero"}
        sign = self._range.replace(" ", "") + without
        return names.get(sign, sign)

    @property
    def _range(self) -> str:
        low, high = self.low, self.high
        if low and high:
            return f"{'[' if low.closed else '('}{low.at}, {high.at}{']' if high.closed else ')'}"
        if low:
            return f">{'=' * low.closed} {low.at}"
        return f"<{'=' * high.closed} {high.at}" if high else ""

    @property
    def assumptions(self) -> Mapping[str, bool]:
        """What a SymPy symbol may assume: the strongest that is known of its sign."""
        return Frozen(dict.fromkeys([*(["integer"] if self.whole else []), *self._signs()], True))

    def _signs(self) -> list[str]:
        zero = Fraction(0)
        if self.low and self.low.at >= 0:
            return ["nonnegative" if self.contains(zero) else "positive"]
        if self.high and self.high.at <= 0:
            return ["nonpositive" if self.contains(zero) else "negative"]
        return ["real", "nonzero"] if zero in self.excluded else ["real"]

    def minus_from(self, total: Fraction) -> Domain:
        """The domain of `total - x`."""
        return replace(
            self,
            low=self.high and self.high.opposite(total),
            high=self.low and self.low.opposite(total),
            excluded=tuple(total - q for q in reversed(self.excluded)),
        )

    @property
    def below_one(self) -> Mapping[str, bool] | None:
        """What a symbol may assume of one minus the value; `None` where the value may exceed one."""
        one = Fraction(1)
        return self.minus_from(one).assumptions if self.high and self.high.at <= one else None

    @property
    def typical(self) -> Fraction:
        """A value inside: 1, else 1/2, else one between the ends."""
        one, half = Fraction(1), Fraction(1, 2)
        return (
            one if self.contains(one) else half if self.contains(half) else self._nearest(one, self.contains)
        )

    def piece(self, q: Fraction) -> Domain:
        """The part without interruption in which a number lies."""
        below = [End(p) for p in self.excluded if p < q]
        above = [End(p) for p in self.excluded if p > q]
        low, high = below[-1] if below else self.low, above[0] if above else self.high
        return replace(self, low=low, high=high, excluded=())

    def draw(self, rng: random.Random) -> Fraction:
        """A random value: thirty-seconds, halved or doubled until they fit; of either sign where both fit."""
        if self.whole:
            low, high = self.low.at if self.low else -STEPS, self.high.at if self.high else STEPS
            return Fraction(rng.randint(int(low), int(high)))
        first = Fraction(rng.randint(1, STEPS), STEPS // 2)
        if self._has_both_signs and rng.random() < 0.5:
            return -self._nearest(first, lambda q: self.contains(q) and self.contains(-q))
        return self._nearest(first, self.contains)

    @property
    def _has_both_signs(self) -> bool:
        return (self.low is None or self.low.at < 0) and (self.high is None or self.high.at > 0)

    def _nearest(self, first: Fraction, fits: Callable[[Fraction], bool]) -> Fraction:
        """The first that fits of some numbers, of which all but a few fit that lie on one side of zero.

        Those are halves and doubles, or shares of the way between two ends that have one sign.
        """
        low, high = self.low, self.high
        if high and high.at <= 0:
            return -self.minus_from(Fraction(0))._nearest(first, lambda q: fits(-q))
        if low and high and low.at > 0:
            shares = (first * STEPS / (2 * STEPS + 2 * k) for k in count(1))
            return next(q for share in shares if fits(q := low.at + share * (high.at - low.at)))
        return next(q for n in count() for k in (-n, n) if fits(q := first * Fraction(2) ** k))


POSITIVE = Domain(low=End(Fraction(0)))
NONNEGATIVE = Domain(low=End(Fraction(0), closed=True))
NONZERO = Domain(excluded=(Fraction(0),))
REAL = Domain()
SHARE = Domain(End(Fraction(0)), End(Fraction(1), closed=True))
DECAY = Domain(End(Fraction(0), closed=True), End(Fraction(1)))

SIGNS: Mapping[str, Domain] = MappingProxyType(
    {domain.spelling: domain for domain in (POSITIVE, NONNEGATIVE, REAL, NONZERO, SHARE, DECAY)}
)
"""How people spell the usual ones."""

EXAMPLE = "[0,2)"
RANGE = re.compile(
    r"(?P<sign>[<>]=?)(?P<end>[^,!<>=]+)|(?P<first>[\[(])(?P<low>[^,!<>=]+),(?P<high>[^,!<>=]+)(?P<last>[])])"
)


def count_to(most: int, least: int = 1) -> Domain:
    """The whole numbers from `least` to `most`, which are part of the structure and can be no symbol."""
    return Domain(End(Fraction(least), closed=True), End(Fraction(most), closed=True), whole=True)


def spelled(domain: Domain | str, kind: str = "domain") -> Domain:
    """The domain that a text spells, spaces aside: `>= 0`, `real`, `nonzero`, `[0, 2)`, `< 1 != 0`.

    Args:
        domain: the text, or the domain itself.
        kind: what to call it in a refusal.

    Raises:
        BadInput: for another text, with the usual ones, and for an empty range.
    """
    if isinstance(domain, Domain):
        return domain
    sign = domain.replace(" ", "") if isinstance(domain, str) else ""
    if sign in SIGNS:
        return SIGNS[sign]
    interval, *without = sign.split("!=")
    match = RANGE.fullmatch(interval)
    if match is None and (interval or not without):
        raise BadInput(f"{unknown(kind, sign or str(domain), SIGNS)}, or a range as {EXAMPLE}")
    low, high = _ends(match) if match else (None, None)
    return Domain(low, high, tuple(sorted(map(number, without))))


def _ends(match: re.Match[str]) -> tuple[End | None, End | None]:
    if match["sign"] is None:
        low, high = number(match["low"]), number(match["high"])
        return End(low, closed=match["first"] == "["), End(high, closed=match["last"] == "]")
    end = End(number(match["end"]), closed=match["sign"].endswith("="))
    return (end, None) if match["sign"].startswith(">") else (None, end)
