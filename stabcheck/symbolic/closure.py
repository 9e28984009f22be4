"""Roots inside of a circle or line of any size, and none beyond it, as signs of polynomials.

No root of `p` lies beyond iff the roots of `p((1 + t) z)`, or of a flow's `p(s + t)`, are stable for every
small `t > 0`: iff of each of the polynomials in `t` that must then be positive the first coefficient that
is not 0 is positive. So `s^3 - s`, of which every condition of Hurwitz is `>= 0`, has a root beyond.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations
from math import comb

import sympy as sp

from stabcheck.core.errors import Undecidable
from stabcheck.core.frozen import Frozen
from stabcheck.core.stability import DISC, HALF_PLANE, Disc, StabilityRegion
from stabcheck.symbolic.length import terms
from stabcheck.symbolic.region import conditions, hurwitz_conditions, reduced
from stabcheck.symbolic.settling import NONE, Bounds, settled_sign
from stabcheck.symbolic.spectrum import Factor, quotient

T = sp.Dummy("t", positive=True)
LONGEST = 2_000
"""What has more terms is not written."""

Ladder = tuple[sp.Expr, ...]
"""Expressions of which the first that is not 0 must be positive, and one at least must be so."""


def resized(factor: Factor, size: sp.Expr, region: StabilityRegion) -> Factor:
    """`p(size z)` of a map, whose roots are those of `p` over `size > 0`; `p(s + size)` of a flow."""
    coefficients = factor.coefficients
    if isinstance(region, Disc):
        scaled = (c * size ** (factor.degree - k) for k, c in enumerate(coefficients))
        return Factor(tuple(scaled), factor.multiplicity)
    return Factor(tuple(_shifted(coefficients, size)), factor.multiplicity)


def _shifted(coefficients: Sequence[sp.Expr], by: sp.Expr) -> list[sp.Expr]:
    """`p(s + by)`."""
    n = len(coefficients) - 1
    return [
        sp.Add(*(coefficients[n - k] * comb(k, power) * by ** (k - power) for k in range(power, n + 1)))
        for power in range(n, -1, -1)
    ]


def standard(region: StabilityRegion) -> StabilityRegion:
    """The unit disc, or the left half-plane."""
    return DISC if isinstance(region, Disc) else HALF_PLANE


def inside(
    factor: Factor, size: sp.Expr, bounds: Bounds = NONE, *, region: StabilityRegion
) -> tuple[sp.Expr, ...]:
    """What must be positive for all roots to lie inside of a size.

    Args:
        factor: of a characteristic polynomial.
        size: a radius above 0, or the real part of a line.
        bounds: `1 - s` for symbols below 1, with an `s` whose sign is known.
        region: that of stability, whose kind it is.

    Raises:
        Undecidable: if that is too long to write.
    """
    return tuple(conditions(resized(factor, size, region), bounds, region=standard(region)))


def none_beyond(
    factor: Factor, size: sp.Expr, bounds: Bounds = NONE, *, region: StabilityRegion
) -> tuple[Ladder, ...]:
    """What must hold of each ladder for no root to lie beyond a size; the arguments as for `inside`.

    Ladders that hold for all values are left out.
    """
    return _none_beyond(factor, size, Frozen(bounds), region)


@lru_cache(maxsize=256)
def _none_beyond(
    factor: Factor, size: sp.Expr, bounds: Bounds, region: StabilityRegion
) -> tuple[Ladder, ...]:
    ladders = _pairs if factor.degree <= 2 else _hurwitz
    settled = (_settled(ladder, bounds) for ladder in ladders(factor, size, bounds, region))
    return tuple(ladder for ladder in settled if ladder[:1] != (sp.S.One,))


def _pairs(factor: Factor, size: sp.Expr, bounds: Bounds, region: StabilityRegion) -> list[Ladder]:
    """Up to degree two a root has a positive real part iff two coefficients have opposite signs.

    Also of those whose leading coefficients vanish: a root at infinity is one on the boundary.
    """
    moved = standard(region).to_half_plane(resized(factor, size, region).coefficients)
    signs = [reduced(c, bounds) for c in moved]
    return [(a * b, sp.S.One) for a, b in combinations(signs, 2)]


def _hurwitz(factor: Factor, size: sp.Expr, bounds: Bounds, region: StabilityRegion) -> list[Ladder]:
    larger = size * (1 + T) if isinstance(region, Disc) else size + T
    moved = standard(region).to_half_plane(resized(factor, larger, region).coefficients)
    return [_rising(condition, bounds) for condition in hurwitz_conditions([sp.expand(c) for c in moved])]


def _rising(condition: sp.Expr, bounds: Bounds) -> Ladder:
    """The coefficients of the powers of `t`, lowest first."""
    numerator, denominator = quotient(condition)
    if terms(numerator) > LONGEST:
        raise Undecidable("what tells roots beyond the boundary is too long to write")
    rising = sp.Poly(numerator, T).all_coeffs()[::-1]
    return tuple(reduced(c * denominator, bounds) for c in rising)


def _settled(ladder: Ladder, bounds: Bounds) -> Ladder:
    """The ladder up to where it certainly ends, without what is 0 for all values."""
    kept: list[sp.Expr] = []
    for rung in ladder:
        sign = settled_sign(rung, bounds) if rung != 0 else 0
        if rung != 0:
            kept.append(sp.Integer(sign) if sign else rung)
        if sign:
            break
    return tuple(kept)
