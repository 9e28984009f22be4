"""A guess in floats where the rate is least, for exact arithmetic to start from."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product

from stabcheck.core.domain import Domain
from stabcheck.symbolic.rates import Rates

SIZES = [Fraction(k) * Fraction(2) ** n for n in range(-10, 11) for k in (4, 5, 6, 7)]
ROUNDS, SHRINK, MOST_POINTS = 60, Fraction(1, 2), 4_000
"""A grid of so many points, then so many rounds that look closer around the best."""


def fastest(rates: Rates) -> float:
    """The least rate that a grid and steps from its best point come to.

    Args:
        rates: over one or several names.
    """
    axes = [list(_grid(domain, len(rates.names))) for domain in rates.domains.values()]
    best = min(product(*axes), key=rates.near)
    value, width = rates.near(best), Fraction(1, 4)
    for _ in range(ROUNDS):
        around = [p for p in _around(best, width) if _is_in(p, rates)]
        closer = min(around, key=rates.near, default=best)
        if rates.near(closer) < value:
            best, value = tuple(q.limit_denominator(10**15) for q in closer), rates.near(closer)
        else:
            width *= SHRINK
    return min(value, rates.near(best))


def _grid(domain: Domain, names: int) -> Iterator[Fraction]:
    """Numbers of all sizes in a domain, fewer where there are several names."""
    apart = max(1, round(len(SIZES) * 2 / MOST_POINTS ** (1 / names)))
    sizes = [sign * size / 4 for size in SIZES[::apart] for sign in (1, -1)]
    shifted = (end + size for end in (*domain.ends, Fraction(0)) for size in sizes)
    yield from dict.fromkeys(q for q in (*domain.corners, *shifted) if domain.contains(q))


def _around(point: tuple[Fraction, ...], width: Fraction) -> Iterator[tuple[Fraction, ...]]:
    """A step of that share in each direction of each name."""
    for k, q in enumerate(point):
        for sign in (1, -1):
            step = sign * width * (abs(q) or Fraction(1, 16))
            yield (*point[:k], q + step, *point[k + 1 :])


def _is_in(point: tuple[Fraction, ...], rates: Rates) -> bool:
    return all(d.contains(q) for q, d in zip(point, rates.domains.values(), strict=True))
