"""What happens where a region of stability ends: which eigenvalues reach the boundary, piece by piece.

Where it ends an eigenvalue lies on the boundary of stability: at 1, at -1, or in a pair. So one of three
polynomials vanishes there, and a factor of a condition that divides none of them bounds nothing: its sign
selects one of several components.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import sympy as sp

from stabcheck.core.domain import Domain, End
from stabcheck.core.errors import Undecidable
from stabcheck.core.formula import Every, Formula, Sign, Some, within
from stabcheck.core.polynomial import Polynomial
from stabcheck.core.stability import DISC, StabilityRegion
from stabcheck.judge.pruning import Prover
from stabcheck.judge.region import Region
from stabcheck.symbolic.polynomials import Meanings, divides, factored, meanings, polynomial
from stabcheck.symbolic.region import edges
from stabcheck.symbolic.spectrum import Factor, quotient


class Kind(StrEnum):
    """Which eigenvalues lie on the boundary of stability."""

    FOLD = "an eigenvalue at 1"
    FLIP = "an eigenvalue at -1"
    CIRCLE = "a pair on the unit circle"
    ZERO = "an eigenvalue at 0"
    HOPF = "a pair on the imaginary axis"


@dataclass(frozen=True)
class Piece:
    """The zeros of a factor of a condition.

    Attributes:
        polynomial: the factor, irreducible.
        kinds: what may happen there; none of a factor that bounds nothing.
        attained: whether the region ends there; `None` where that is not decided.
    """

    polynomial: Polynomial
    kinds: tuple[Kind, ...]
    attained: bool | None


def pieces(
    region: Region, factors: Iterable[Factor], stability: StabilityRegion, prover: Prover
) -> list[Piece]:
    """The pieces of all conditions, each once.

    Args:
        region: of stability, pruned.
        factors: of the characteristic polynomial that the conditions are about.
        stability: where the eigenvalues of what is stable lie.
        prover: for the region's letters.
    """
    conditions = [irreducible(condition) for condition in region.conditions]
    possible = kinds(region, factors, stability).items()
    return [Piece(p, ways, attained(conditions, p, prover) if ways else False) for p, ways in possible]


def kinds(
    region: Region, factors: Iterable[Factor], stability: StabilityRegion
) -> dict[Polynomial, tuple[Kind, ...]]:
    """What may happen at the zeros of each irreducible factor of the conditions."""
    table = list(_edges(factors, stability, region.letters))
    polynomials = (p for c in region.conditions for p in irreducible(c).polynomials if p.names)
    return {p: _kinds(p, table) for p in polynomials}


def irreducible(condition: Sign) -> Sign:
    """The same with irreducible factors."""
    rows = ((q, k * power) for p, power in condition.factors for q, k in factored(p))
    return Sign(tuple(rows), condition.among)


def _kinds(factor: Polynomial, table: Sequence[tuple[Kind, Polynomial]]) -> tuple[Kind, ...]:
    return tuple(dict.fromkeys(kind for kind, edge in table if divides(factor, edge)))


def _edges(
    factors: Iterable[Factor], stability: StabilityRegion, letters: Meanings
) -> Iterator[tuple[Kind, Polynomial]]:
    kinds = (Kind.FOLD, Kind.FLIP, Kind.CIRCLE) if stability == DISC else (Kind.ZERO, Kind.ZERO, Kind.HOPF)
    for factor in factors:
        for kind, edge in zip(kinds, edges(factor, region=stability), strict=True):
            if (written := numerator(edge, letters)) is not None:
                yield kind, written


def numerator(edge: sp.Expr, letters: Meanings) -> Polynomial | None:
    """The numerator in the letters of a region; `None` where it has others."""
    try:
        top, _ = quotient(edge)
    except Undecidable:
        return None
    return polynomial(top, letters) if set(meanings(top).values()) <= set(letters.values()) else None


def attained(conditions: Sequence[Sign], factor: Polynomial, prover: Prover) -> bool | None:
    """Whether a region ends at zeros of a factor: the others hold at some, and there it gets a sign beside.

    Args:
        conditions: of the region, their factors irreducible.
        factor: of one of them at least.
        prover: for the region's letters.
    """
    zero = Sign.of(factor, 0)
    if prover.possible(zero, *(Sign(c.factors, frozenset({0, 1})) for c in conditions)) is False:
        return False
    domains = prover.region.domains
    for side in (1, -1):
        moved = Some(tuple(_moves(factor, name, domains[name], side) for name in factor.names))
        if prover.possible(zero, moved, *_beside(conditions, factor, side)):
            return True
    return None


def _moves(factor: Polynomial, name: str, domain: Domain, side: int) -> Formula:
    """That the factor gets a sign where a letter moves a little within its domain."""
    slope, x = factor.derivative(name), Polynomial.letter(name)
    low, high = domain.low, domain.high
    ways: list[Formula] = [Every((within(name, _interior(domain)), Sign.of(slope, -1, 1)))]
    ways += [Every((Sign.of(x - low.at, 0), Sign.of(slope, side)))] if low and low.closed else []
    ways += [Every((Sign.of(x - high.at, 0), Sign.of(slope, -side)))] if high and high.closed else []
    return Some(tuple(ways))


def _interior(domain: Domain) -> Domain:
    low, high = (None if end is None else End(end.at) for end in (domain.low, domain.high))
    return Domain(low, high, domain.excluded)


def _beside(conditions: Iterable[Sign], factor: Polynomial, side: int) -> Iterator[Formula]:
    """That the conditions hold near a zero of the factor where it has a sign."""
    for condition in conditions:
        rest = tuple((p, power) for p, power in condition.factors if p != factor)
        total = sum(power for p, power in condition.factors if p == factor)
        yield Sign(rest, frozenset({side**total}))
