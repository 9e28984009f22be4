"""Derivatives of a game at rest: all that the game osculating it there needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import sympy as sp

from stabcheck.symbolic.kinks import Smooth
from stabcheck.symbolic.zero import simplest


class Smoothed(NamedTuple):
    """What is differentiated in the place of losses, a field that is given, and the projection."""

    losses: tuple[Smooth, ...]
    given: tuple[Smooth, ...]
    projected: tuple[Smooth, ...]


class Taylor(NamedTuple):
    """Derivatives at rest.

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
    return tuple(simplest(e.xreplace(values)) for e in row)  # pyright: ignore[reportArgumentType]
