"""One-sided limits: what autodiff finds ever closer to a point, where it finds nothing at the point itself.

Along a half-line a piecewise smooth function is smooth up to its end, so that its limit there follows by
extrapolation in powers of the distance. Where the limits from all sides agree, they are the value;
where they differ, there is a kink.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from stabcheck.core.errors import NotApplicable, NotSmooth

NEAR, NEARER = 2.0**-31, 2.0**-44
"""Distances from the point. Errors of the second order in the first are below rounding."""
LINES, SEED = 3, 0
SAME, APART = 1e-12, 1e-9
"""Limits that differ by less, in units of the largest entry, agree; those that differ by more do not."""
CLOSE = 1e-4
"""How near what is found at the lesser distance has to be to the limit."""


class FirstOrder(NamedTuple):
    """The Jacobian `(b, n, n)` and the drift `(b, n)` at a point."""

    jacobian: np.ndarray
    drift: np.ndarray


def limits(
    at: Callable[[np.ndarray], FirstOrder], n: int, lines: Sequence[Sequence[float]] = ()
) -> FirstOrder:
    """The common limit from all sides of what is found at a distance from a point.

    Args:
        at: Jacobian and drift at the point moved by a vector `(n,)`.
        n: the number of coordinates.
        lines: directions that are looked along besides random ones.

    Raises:
        NotSmooth: if there is none.
        NotApplicable: if rounding, or another kink close by, leaves it open whether there is one.
    """
    drawn = np.random.default_rng(SEED).standard_normal((LINES, n))
    every_line = np.array([*drawn, *(np.array(line, float) for line in lines)])
    d = every_line / np.abs(every_line).max(axis=1, keepdims=True)
    every = [_limit(at, side) for side in (*d, *-d)]
    jacobian, drift = (np.array(rows) for rows in zip(*every, strict=True))
    if not any(np.isfinite(row).all() for row in jacobian):
        raise NotApplicable("autodiff finds no numbers beside the equilibrium")
    nearer = FirstOrder(*map(np.array, zip(at(NEARER * d[0]), at(-NEARER * d[0]), strict=True)))
    off = _apart(nearer.drift, drift[[0, len(d)]])
    if np.isfinite(drift).all() and not off <= CLOSE:
        raise NotApplicable("another kink lies too close to the equilibrium for autodiff to tell them apart")
    if APART < _apart(drift) < np.inf and off <= _apart(drift) / 10:
        jump = np.ptp(drift, axis=0).max()
        raise NotSmooth(f"autodiff meets a kink at the equilibrium, where the field jumps by {jump:.3g}")
    if not max(_apart(jacobian), _apart(drift)) <= APART:
        raise NotSmooth(
            "autodiff meets a kink at the equilibrium: its derivatives have no common limit from all sides"
        )
    if not max(_apart(jacobian), _apart(drift)) <= SAME:
        raise NotApplicable("autodiff near the equilibrium is too inexact to tell whether there is a kink")
    if not _apart(nearer.jacobian, jacobian[[0, len(d)]]) <= CLOSE:
        raise NotApplicable("another kink lies too close to the equilibrium for autodiff to tell them apart")
    return FirstOrder(jacobian.mean(axis=0), drift.mean(axis=0))


def _limit(at: Callable[[np.ndarray], FirstOrder], d: np.ndarray) -> FirstOrder:
    """Along a half-line, from two distances (Richardson)."""
    far, near = at(NEAR * d), at(NEAR / 2 * d)
    return FirstOrder(*(2 * b - a for a, b in zip(far, near, strict=True)))


def _apart(rows: np.ndarray, wanted: np.ndarray | None = None) -> float:
    """How far rows are apart, or from others, in units of the largest entry or of 1; infinite where none."""
    if not np.isfinite(rows).all():
        return np.inf
    gap = np.ptp(rows, axis=0) if wanted is None else np.abs(rows - wanted)
    return float(gap.max(initial=0.0) / max(1.0, np.abs(rows).max(initial=0.0)))
