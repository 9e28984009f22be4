"""Boxes of hyperparameters, certified stable or unstable as a whole, or halved until they are.

The largest box that is not settled is halved first, across its longest side. A condition that is positive
all over a box is not asked again within it. What touches the boundary is never settled: it is left with
its volume.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from heapq import heappop, heappush
from itertools import count
from math import prod

import flint

from stabcheck.core.domain import REAL
from stabcheck.core.errors import BadInput
from stabcheck.core.formula import Sign
from stabcheck.core.frozen import Frozen
from stabcheck.core.number import number
from stabcheck.core.polynomial import Polynomial
from stabcheck.judge.region import Region
from stabcheck.symbolic.enclosure import Enclosure, Ends

MOST_BOXES, BITS = 20_000, 96
Signs = Mapping[Polynomial, int]


@dataclass(frozen=True)
class Box:
    """All values between two ends for each name, the ends included.

    Attributes:
        sides: the ends by name, the lower first.
    """

    sides: Mapping[str, Ends]

    @classmethod
    def of(cls, sides: Mapping[str, str]) -> Box:
        """The box of ends that are written like `1/2:3/2`.

        Raises:
            BadInput: for anything else.
        """
        return cls(Frozen({name: _ends(name, text) for name, text in sides.items()}))

    @property
    def volume(self) -> Fraction:
        """The product of the lengths of the sides that have one."""
        return prod((b - a for a, b in self.sides.values() if a < b), start=Fraction(1))

    @property
    def is_point(self) -> bool:
        """Whether no side has a length."""
        return all(a == b for a, b in self.sides.values())

    def halves(self, whole: Box) -> tuple[Box, Box]:
        """The two halves across the side that is the longest, measured in the sides of a larger box."""
        units = {n: b - a for n, (a, b) in whole.sides.items() if a < b}
        name = max(units, key=lambda n: (self.sides[n][1] - self.sides[n][0]) / units[n])
        a, b = self.sides[name]
        middle = (a + b) / 2
        return self._with(name, (a, middle)), self._with(name, (middle, b))

    def _with(self, name: str, ends: Ends) -> Box:
        return Box(Frozen({**self.sides, name: ends}))


def _ends(name: str, text: str) -> Ends:
    low, colon, high = text.partition(":")
    ends = number(low), number(high if colon else low)
    if ends[0] > ends[1]:
        raise BadInput(f"the side {name}={text} has its ends the wrong way round; write {name}={high}:{low}")
    return ends


@dataclass(frozen=True)
class Partition:
    """What is certified of a box.

    Attributes:
        box: the box.
        stable: parts of it that are stable throughout.
        unstable: parts of it with an eigenvalue outside throughout.
        undecided: what is left.
    """

    box: Box
    stable: tuple[Box, ...]
    unstable: tuple[Box, ...]
    undecided: tuple[Box, ...]

    def share(self, boxes: tuple[Box, ...]) -> Fraction:
        """What part of the volume some of its boxes are."""
        return sum((part.volume for part in boxes), Fraction(0)) / self.box.volume


def partition(region: Region, box: Box, most: int = MOST_BOXES) -> Partition:
    """What can be certified of a box.

    Where a condition is negative a root lies outside, for conditions are continuous and none is negative
    where all roots lie inside or on the boundary.

    Args:
        region: where what is asked about is stable.
        box: ends for every name that the region depends on.
        most: how many boxes are looked at.

    Raises:
        BadInput: if a name has no ends, or they do not lie in its domain.
    """
    with flint.ctx.workprec(BITS):
        return _partition(_Question.of(region, box), box, most)


def _partition(asked: _Question, box: Box, most: int) -> Partition:
    number, parts = count(), {1: [], -1: [], 0: []}
    left = [(-box.volume, next(number), box, Frozen[Polynomial, int]())]
    for _ in range(most):
        if not left:
            break
        *_, part, inherited = heappop(left)
        signs = asked.signs(part, inherited)
        sign = asked.sign(signs)
        if sign is not None or part.is_point:
            parts[sign or 0].append(part)
            continue
        for half in part.halves(box):
            heappush(left, (-half.volume, next(number), half, signs))
    return Partition(box, *map(tuple, (parts[1], parts[-1], [*parts[0], *(entry[2] for entry in left)])))


@dataclass(frozen=True)
class _Question:
    """The signs that settle a box.

    Attributes:
        conditions: those of the region.
        enclosures: of their polynomials.
        fixed: the ends of letters that stand for numbers.
        sizes: the letters that stand for `|x|`.
    """

    conditions: tuple[Sign, ...]
    enclosures: Mapping[Polynomial, Enclosure]
    fixed: Mapping[str, Ends]
    sizes: frozenset[str]

    @classmethod
    def of(cls, region: Region, box: Box) -> _Question:
        polynomials = dict.fromkeys(p for c in region.conditions for p in c.polynomials)
        fixed = dict(_fixed(region, box, sorted({name for p in polynomials for name in p.names})))
        enclosures = {p: Enclosure(p) for p in polynomials}
        return cls(region.conditions, Frozen(enclosures), Frozen(fixed), region.sizes)

    def signs(self, box: Box, inherited: Signs) -> Frozen[Polynomial, int]:
        """The signs that are the same all over a box, those that a larger one has included."""
        ends = {**self.fixed, **{n: _sized(e) if n in self.sizes else e for n, e in box.sides.items()}}
        asked = {p: e.sign(ends) for p, e in self.enclosures.items() if p not in inherited}
        return Frozen({**inherited, **{p: sign for p, sign in asked.items() if sign is not None}})

    def sign(self, signs: Signs) -> int | None:
        """1 where all conditions hold, -1 where one is negative, 0 where one is zero; `None` if unknown."""
        told = {_sign(c, signs) for c in self.conditions}
        return next((sign for sign in (-1, None, 0) if sign in told), 1)


def _sign(condition: Sign, signs: Signs) -> int | None:
    factors = [(signs.get(p), power) for p, power in condition.factors]
    if any(sign == 0 for sign, _ in factors):
        return 0
    return (
        None
        if any(sign is None for sign, _ in factors)
        else prod(sign**power for sign, power in factors if sign)
    )


def _sized(ends: Ends) -> Ends:
    """The ends of `|x|`."""
    low, high = ends
    return (Fraction(0) if low <= 0 <= high else min(abs(low), abs(high))), max(abs(low), abs(high))


def _fixed(region: Region, box: Box, names: list[str]) -> Iterator[tuple[str, Ends]]:
    """The ends of letters that are no names, and a refusal of what cannot be answered."""
    for name in names:
        domain = region.domains.get(name, REAL)
        if region.letters[name].is_Symbol:
            _refuse(region, box, name)
        elif domain.low is None or domain.high is None:
            raise BadInput(f"the conditions have {region.letters[name]}, over which no box is certified")
        else:
            yield name, (domain.low.at, domain.high.at)


def _refuse(region: Region, box: Box, name: str) -> None:
    if name not in box.sides:
        raise BadInput(f"the region depends on {name}, too; give it a side")
    low, high = box.sides[name]
    domain = region.domains[name]
    values = _sized((low, high)) if name in region.sizes else (low, high)
    outside = [q for q in values if not domain.contains(q)]
    inside = [q for q in domain.excluded if low < q < high]
    if outside or inside:
        what = f"|{name}|" if name in region.sizes else name
        raise BadInput(f"{what} must be {domain.text} all over the box; {name} goes from {low} to {high}")
