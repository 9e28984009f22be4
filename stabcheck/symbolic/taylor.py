"""Derivatives of a game at a point: all that the game osculating it there needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import sympy as sp

from stabcheck.core.errors import Undecidable
from stabcheck.symbolic.kinks import Smooth, refuse_half_lines, smooth
from stabcheck.symbolic.pieces import Place
from stabcheck.symbolic.zero import simplest


class Smoothed(NamedTuple):
    """What is differentiated in the place of losses, a field that is given, and the projection."""

    losses: tuple[Smooth, ...]
    given: tuple[Smooth, ...]
    projected: tuple[Smooth, ...]


def smoothed(
    place: Place,
    owner: Sequence[int],
    losses: Sequence[sp.Expr],
    given: Sequence[sp.Expr],
    projected: Sequence[sp.Expr],
) -> Smoothed:
    """What is differentiated at a place, seen to have the derivatives that are needed.

    Raises:
        NotSmooth: if a player's own gradient, or the projection, proves to have no derivative there.
        Undecidable: if that is not proved, nor the contrary.
    """
    try:
        found = _each_smooth(place, owner, losses, given, projected)
    except Undecidable:
        _refuse_assumed(place)
        raise
    _refuse_assumed(place)
    return found


def _each_smooth(
    place: Place,
    owner: Sequence[int],
    losses: Sequence[sp.Expr],
    given: Sequence[sp.Expr],
    projected: Sequence[sp.Expr],
) -> Smoothed:
    every = tuple(place.point)
    own = [[s for s, p in zip(every, owner, strict=True) if p == i] for i in range(len(losses))]
    found = tuple(smooth(loss, place, row) for loss, row in zip(losses, own, strict=True))
    first = (tuple(smooth(e, place, every, order=1) for e in row) for row in (given, projected))
    whole = Smoothed(found, *first)
    refuse_half_lines(place)
    return whole


def _refuse_assumed(place: Place) -> None:
    """Raises:
    Undecidable: if something was assumed of hyperparameters that not all of their values have.
    """
    names = sorted({str(s) for e in place.assumed for s in e.free_symbols})
    if names:
        raise Undecidable(
            f"whether there is a kink at the equilibrium depends on {', '.join(names)}; give values"
        )


class Taylor(NamedTuple):
    """Derivatives at the point of analysis.

    Attributes:
        slopes: the gradient of each player's loss; of a field that is given just `-v`.
        bends: the Hessian of each player's loss, row by row; of such a field just `-v'`.
        projection: the Jacobian of the projection, row by row.
    """

    slopes: tuple[tuple[sp.Expr, ...], ...]
    bends: tuple[tuple[sp.Expr, ...], ...]
    projection: tuple[sp.Expr, ...]

    def at(self, values: Mapping[sp.Symbol, sp.Expr]) -> Taylor:
        """The same with numbers for some symbols."""
        return Taylor(
            tuple(at_values(row, values) for row in self.slopes),
            tuple(at_values(row, values) for row in self.bends),
            at_values(self.projection, values),
        )


def at_values(row: Iterable[sp.Expr], values: Mapping[sp.Symbol, sp.Expr]) -> tuple[sp.Expr, ...]:
    """Expressions with numbers for some symbols, each in its simplest form."""
    return tuple(simplest(e.xreplace(values)) for e in row)
