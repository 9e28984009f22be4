"""All real rest points of a polynomial or rational field."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sympy as sp
from flint import fmpq, fmpq_mat

from stabcheck.symbolic.algebraic import to_fmpq, to_sympy
from stabcheck.symbolic.rest.algebra import Told, algebra_of
from stabcheck.symbolic.rest.component import Component, Point
from stabcheck.symbolic.rest.continuum import Continuum
from stabcheck.symbolic.rest.ideal import Ideal
from stabcheck.symbolic.rest.pieces import pieces
from stabcheck.symbolic.rest.system import System

CONTINUUM = "the solutions of v = 0 are not isolated: they form a continuum"


@dataclass(frozen=True)
class RestPoints:
    """The real solutions of `v = 0`.

    Attributes:
        points: each coordinate by itself, a rational number, a square root or a `CRootOf`;
            sorted by the values of the coordinates, the first counting most.
        isolated: whether all solutions are isolated over the complex numbers.
        reason: what is to be said where they are not.
        joint: the same points, where the irrational coordinates of one know what holds between
            them: `coordinates.reduced`, after `expand`, decides what vanishes there.
        values: the same points as floats.
        continua: the sets of those that are not isolated.
    """

    points: tuple[tuple[sp.Expr, ...], ...]
    isolated: bool = True
    reason: str = ""
    joint: tuple[tuple[sp.Expr, ...], ...] = ()
    values: tuple[tuple[float, ...], ...] = ()
    continua: tuple[Continuum, ...] = ()


def rest_points(field: Sequence[sp.Expr], coordinates: Sequence[sp.Symbol], told: Told = bool) -> RestPoints:
    """All real points where a polynomial or rational field vanishes.

    Points where a denominator vanishes are none. Exponentials that are a factor of a whole entry
    are divided out.

    Args:
        field: expressions with rational coefficients.
        coordinates: what they depend on.
        told: hears which share of the work is done.

    Raises:
        Undecidable: if an entry is no such expression, or the system is too large.
    """
    system = System.of(field, coordinates)
    if system.is_linear:
        return _linear(system)
    system.refuse_size()
    whole = system.ideal
    if whole.is_whole or whole.dimension == 0:
        return _listed(_isolated(system, [whole], [], told), ())
    ideals = pieces(whole, system.nowhere)
    spread = [ideal for ideal in ideals if ideal.dimension]
    continua = tuple(Continuum.of(ideal, coordinates) for ideal in spread)
    through = [ideal for ideal, continuum in zip(spread, continua, strict=True) if continuum.real]
    points = [ideal for ideal in ideals if ideal.dimension == 0]
    return _listed(_isolated(system, points, through, told), continua)


def _isolated(system: System, ideals: Sequence[Ideal], through: Sequence[Ideal], told: Told) -> list[Point]:
    """The real points of ideals of dimension 0, without those on a continuum."""
    points: dict[tuple[sp.Expr, ...], Point] = {}
    for k, ideal in enumerate(ideals):
        components = algebra_of(ideal, lambda share, k=k: told((k + share) / len(ideals))).components
        for component in filter(system.rests, components):
            if not any(_lies_on(component, other) for other in through):
                points |= {point.single: point for point in component.points(system.letters)}
    return list(points.values())


def _lies_on(component: Component, continuum: Ideal) -> bool:
    return all(component.vanishes(m) for m in continuum.members)


def _listed(points: Iterable[Point], continua: tuple[Continuum, ...]) -> RestPoints:
    ordered = sorted(points, key=lambda p: p.key)
    return RestPoints(
        tuple(p.single for p in ordered),
        not continua,
        CONTINUUM if continua else "",
        tuple(p.joint for p in ordered),
        tuple(p.values for p in ordered),
        continua,
    )


def _linear(system: System) -> RestPoints:
    """By elimination over the rationals."""
    n = len(system.coordinates)
    rows = [[to_fmpq(p.coeff_monomial(s)) for s in (*system.coordinates, 1)] for p in system.polynomials]
    reduced, rank = fmpq_mat([*rows, [fmpq(0)] * (n + 1)]).rref()
    pivots = [next(j for j in range(n + 1) if reduced[i, j] != 0) for i in range(rank)]
    if n in pivots:
        return RestPoints(())
    if rank < n:
        return _listed((), (Continuum.of(system.ideal, system.coordinates),))
    exact = tuple(to_sympy(-reduced[i, n]) for i in range(n))
    return RestPoints((exact,), joint=(exact,), values=(tuple(map(float, exact)),))
