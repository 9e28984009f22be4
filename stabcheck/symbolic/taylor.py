"""Derivatives of a game at a point: all that the game osculating it there needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from math import factorial
from typing import Any, NamedTuple

import sympy as sp

from stabcheck.core.errors import Undecidable
from stabcheck.symbolic.kinks import Smooth, refuse_half_lines, smooth
from stabcheck.symbolic.pieces import Place
from stabcheck.symbolic.zero import simplest

Coefficients = dict[tuple[int, ...], sp.Expr]


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
    every = tuple(place.point)
    own = [[s for s, p in zip(every, owner, strict=True) if p == i] for i in range(len(losses))]
    with _assuming_nothing(place):
        smooth_losses = tuple(smooth(loss, place, row) for loss, row in zip(losses, own, strict=True))
        first = (tuple(smooth(e, place, every, order=1) for e in row) for row in (given, projected))
        functions = Smoothed(smooth_losses, *first)
        refuse_half_lines(place)
    return functions


@contextmanager
def _assuming_nothing(place: Place) -> Iterator[None]:
    """What was assumed of hyperparameters is the first reason why something is not decided."""
    try:
        yield
    except Undecidable:
        _refuse_assumed(place)
        raise
    _refuse_assumed(place)


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


class Expansion(NamedTuple):
    """Taylor coefficients at the point of analysis, by monomials in the deviation from it.

    Attributes:
        losses: of each player's loss, one order further than that of the field.
        given: of each entry of a field that is given.
        projected: of each entry of the projection.
    """

    losses: tuple[Coefficients, ...]
    given: tuple[Coefficients, ...]
    projected: tuple[Coefficients, ...]

    def at(self, values: Mapping[sp.Symbol, sp.Expr]) -> Expansion:
        """The same with numbers for some symbols."""
        put = lambda row: dict(zip(row, at_values(row.values(), values), strict=True))  # noqa: E731
        return Expansion(*(tuple(map(put, rows)) for rows in self))


def coefficients(
    expression: sp.Expr,
    point: Sequence[tuple[sp.Symbol, sp.Expr]],
    order: int,
    value: Callable[[sp.Expr], sp.Expr],
) -> Coefficients:
    """The Taylor coefficients of an expression about a point, up to an order.

    Args:
        expression: in the coordinates of the point.
        point: each coordinate, and where it is.
        order: the highest degree.
        value: what an expression is there, with means and germs.
    """
    if not point:
        there = value(expression)
        return {(): there} if there != 0 else {}
    (s, at), *others = point
    terms: Coefficients = {}
    slope: Any = expression
    for k in range(order + 1):
        row = coefficients(slope.xreplace({s: at}) / factorial(k), others, order - k, value)
        terms.update({(k, *monomial): c for monomial, c in row.items()})
        slope = slope.diff(s)
        if slope == 0:
            break
    return terms


def at_values(row: Iterable[sp.Expr], values: Mapping[sp.Symbol, sp.Expr]) -> tuple[sp.Expr, ...]:
    """Expressions with numbers for some symbols, each in its simplest form."""
    return tuple(simplest(e.xreplace(values)) for e in row)
