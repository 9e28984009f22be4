"""Where a pair that reaches the unit circle is a third or a fourth root of 1: the strong resonances.

Beside such a point the circle that is born elsewhere need not exist (Arnold 1977; Kuznetsov 2004, ch. 9).
The pair `e^(±2 pi i/k)` has the polynomial `z^2 + z + 1` (k = 3) or `z^2 + 1` (k = 4), so that it is there
exactly where the remainder of the characteristic polynomial vanishes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import prod

import sympy as sp

from stabcheck.core.formula import Sign
from stabcheck.core.polynomial import Polynomial
from stabcheck.judge.pieces import numerator
from stabcheck.judge.pruning import Prover
from stabcheck.judge.region import Region
from stabcheck.symbolic.polynomials import Meanings, divides, factored
from stabcheck.symbolic.spectrum import Factor

QUADRATICS = {3: (1, 1), 4: (0, 1)}
"""`p` and `q` of the `z^2 + p z + q` that vanishes at the primitive roots of 1 of an order."""


@dataclass(frozen=True)
class Resonance:
    """Points of a piece of the boundary at which the pair there is a root of 1.

    Attributes:
        order: 3 or 4.
        equations: what vanishes there besides the piece.
        attained: whether the region's closure has such a point; `None` where that is not decided.
    """

    order: int
    equations: tuple[Polynomial, ...]
    attained: bool | None


def resonances(
    region: Region, factors: Iterable[Factor], piece: Polynomial, prover: Prover
) -> Iterator[Resonance]:
    """The strong resonances on a piece, those that are proved not to be there left out.

    Args:
        region: of stability.
        factors: of the characteristic polynomial.
        piece: an irreducible polynomial that vanishes where a pair is on the circle.
        prover: for the region's letters.
    """
    closure = [Sign(c.factors, frozenset({0, 1})) for c in region.conditions]
    for factor in factors:
        for order, quadratic in QUADRATICS.items():
            equations = _equations(factor, quadratic, piece, region.letters)
            if not equations:
                continue
            met = prover.possible(Sign.of(piece, 0), *(Sign.of(e, 0) for e in equations), *closure)
            if met is not False:
                yield Resonance(order, tuple(_told(e, prover) for e in equations), met)


def _told(equation: Polynomial, prover: Prover) -> Polynomial:
    """The factors of a polynomial that can vanish."""
    factors = (p for p, _ in factored(equation) if p.names)
    kept = [p for p in factors if prover.possible(Sign.of(p, 0)) is not False]
    return prod(kept, start=Polynomial.constant(1)) if kept else equation


def _equations(
    factor: Factor, quadratic: tuple[int, int], piece: Polynomial, letters: Meanings
) -> list[Polynomial]:
    """What else vanishes where a quadratic divides a factor on a piece; none where that is not read."""
    rows = [numerator(e, letters) for e in _remainder(factor.coefficients, *quadratic)]
    if None in rows:
        return []
    return [p for p in rows if p is not None and p.terms and not divides(piece, p)]


def _remainder(coefficients: Sequence[sp.Expr], p: int, q: int) -> tuple[sp.Expr, sp.Expr]:
    """`a, b` with `a z + b` the remainder of a polynomial by `z^2 + p z + q`."""
    a, b = sp.S.Zero, sp.S.Zero
    for c in coefficients:
        a, b = b - p * a, c - q * a
    return a, b
