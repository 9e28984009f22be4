"""Random points of a domain at which many signs are looked at in floats, and the few that count exactly."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import prod

import numpy as np

from stabcheck.core.domain import Domain
from stabcheck.core.formula import Formula, within
from stabcheck.core.polynomial import Polynomial

POINTS = 4_096
WIDEST = 8
"""Sizes are drawn from `2^-8` to `2^8`."""
SIMPLE = tuple(map(Fraction, ("1", "1/2", "2", "0", "-1", "1/4", "4", "-1/2", "3", "-2", "1/8", "8", "-1/4")))
"""What people would try, the first first."""
BITS, TINY = 16, 2.0**-500
"""Of a drawn number: exact as a double, and short as a fraction."""


@dataclass(frozen=True)
class Cloud:
    """Points of the product of several domains, the same for the same domains.

    Attributes:
        columns: the coordinates by letter, one array each.
        count: how many points.
    """

    columns: Mapping[str, np.ndarray]
    count: int

    @classmethod
    def of(cls, domains: Mapping[str, Domain], count: int = POINTS, seed: int = 0) -> Cloud:
        """So many points at random."""
        rng = np.random.default_rng(seed)
        return cls({name: _drawn(domain, rng, count) for name, domain in sorted(domains.items())}, count)

    @classmethod
    def simple(cls, domains: Mapping[str, Domain], count: int = POINTS, seed: int = 0) -> Cloud:
        """Points of numbers that are short to write, the simplest first; all of them where they are few."""
        names = sorted(domains)
        choices = [[q for q in SIMPLE if domains[name].contains(q)] for name in names]
        sizes = [range(len(row)) for row in choices]
        rng = random.Random(seed)
        few = prod(map(len, sizes)) <= count
        places = product(*sizes) if few else {tuple(map(rng.choice, sizes)) for _ in range(count)}
        rows = sorted(places, key=lambda row: (sum(row), row))
        columns = {
            name: np.array([float(choices[k][row[k]]) for row in rows]) for k, name in enumerate(names)
        }
        return cls(columns, len(rows))

    def point(self, k: int) -> dict[str, Fraction]:
        """One of the points, exactly."""
        return {name: Fraction(float(column[k])) for name, column in self.columns.items()}

    def fulfilling(self, formula: Formula, most: int = 8) -> Iterator[dict[str, Fraction]]:
        """Points at which a statement holds, exactly; floats choose which are looked at."""
        held = np.flatnonzero(np.broadcast_to(formula.truth(self._sign), self.count))
        points = (self.point(int(k)) for k in held[:most])
        return (point for point in points if formula.holds(point))

    def _sign(self, polynomial: Polynomial) -> np.ndarray:
        return np.sign(polynomial.at(self.columns, float))


def _drawn(domain: Domain, rng: np.random.Generator, count: int) -> np.ndarray:
    """Numbers of a domain, of many sizes, and of either sign where both belong to it."""
    sizes, shares = 2.0 ** rng.uniform(-WIDEST, WIDEST, count), rng.uniform(0, 1, count)
    low, high = (None if end is None else float(end.at) for end in (domain.low, domain.high))
    if low is not None and high is not None:
        numbers = low + (high - low) * shares
    elif low is not None:
        numbers = low + sizes
    elif high is not None:
        numbers = high - sizes
    else:
        numbers = np.where(shares < 1 / 2, sizes, -sizes)
    units = 2.0 ** (np.floor(np.log2(abs(numbers) + TINY)) - BITS)
    short = np.round(numbers / units) * units
    inside = within("x", domain).truth(lambda p: np.sign(p.at({"x": short}, float)))
    return np.where(inside, short, float(domain.typical))
