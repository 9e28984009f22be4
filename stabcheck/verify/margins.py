"""On which side of the boundary of stability a float spectrum lies, as far as rounding lets it be told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from stabcheck.core.stability import StabilityRegion
from stabcheck.numeric.update import EPS
from stabcheck.verify.rounding import TOLERANCE, NumericJacobian, unit

DRAWS, SEED = 8, 0
CLEAR = 4.0
"""A distance from the boundary counts if it is so many times what the last digits change."""


class Margin(NamedTuple):
    """How far the outermost eigenvalue lies outside of the stable region.

    Attributes:
        distance: negative inside.
        spread: what the distance changes where every entry moves by as much as counts as rounding. A
            defective eigenvalue moves by far more than a simple one.
    """

    distance: float
    spread: float

    @property
    def side(self) -> int:
        """1 outside, -1 inside, 0 where rounding leaves that open."""
        if not abs(self.distance) > CLEAR * self.spread + EPS:
            return 0
        return 1 if self.distance > 0 else -1


UNKNOWN = Margin(0.0, np.inf)


def of_matrix(seen: NumericJacobian, *, stability: StabilityRegion, dimension: int = 0) -> Margin:
    """The margin of a matrix.

    Args:
        seen: the matrix.
        stability: the stable region.
        dimension: of a manifold of equilibria, whose eigenvalues are left out.
    """
    a = seen.jacobian
    noise = np.random.default_rng(SEED).uniform(-1, 1, (DRAWS, *a.shape))
    moved = np.concatenate([[a, seen.nudged], a + TOLERANCE * unit(seen) * noise])
    if not np.isfinite(moved).all():
        return UNKNOWN
    return _margin(np.linalg.eigvals(moved), stability=stability, dimension=dimension)


def of_polynomials(rows: Sequence[np.ndarray], *, stability: StabilityRegion, dimension: int = 0) -> Margin:
    """The margin of the roots of some polynomials together.

    Args:
        rows: the coefficients of each, leading first, which is 1.
        stability, dimension: as of `of_matrix`.
    """
    if not all(np.isfinite(row).all() for row in rows):
        return UNKNOWN
    rng = np.random.default_rng(SEED)
    spectra = np.concatenate([_roots(row, rng) for row in rows], axis=1)
    return _margin(spectra, stability=stability, dimension=dimension)


def _roots(row: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The roots of a monic polynomial, and of others that rounding may make of it, one a row."""
    n = len(row) - 1
    noise = np.concatenate([np.zeros((1, n)), rng.uniform(-1, 1, (DRAWS, n))])
    companions = np.zeros((len(noise), n, n))
    companions[:] = np.eye(n, k=-1)
    companions[:, :1, :] = (-row[1:] * (1 + TOLERANCE * EPS * noise))[:, None]
    return np.linalg.eigvals(companions)


def _margin(spectra: np.ndarray, *, stability: StabilityRegion, dimension: int) -> Margin:
    """From a spectrum, and others that rounding may make of it, one a row."""
    nearest = np.argsort(np.abs(spectra - stability.still), axis=1)
    left = np.take_along_axis(spectra, nearest[:, dimension:], axis=1)
    if not left.shape[1]:
        return UNKNOWN
    distances = stability.margin(left).max(axis=1)
    return Margin(float(distances[0]), float(np.abs(distances - distances[0]).max()))
