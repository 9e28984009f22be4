"""Whether an operator on a game is a linear map about the equilibrium, exactly and everywhere.

There the linear part is the whole: on the boundary of stability nothing is left to decide.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import sympy as sp
from sympy.polys.matrices import DomainMatrix

from stabcheck.core import hyper
from stabcheck.core.errors import StabcheckError, Undecidable
from stabcheck.core.oracle import WithoutLosses
from stabcheck.declare.methods.method import Operator
from stabcheck.symbolic.dual import Affine, Dual, eye, filled, joined, ring, split
from stabcheck.symbolic.jet import Jet, osculating
from stabcheck.symbolic.model import Model
from stabcheck.symbolic.ops import exact


class Quadratic(Affine):
    """A game with losses of degree two, at any point and not at rest alone.

    Args:
        jet: the game, which is its own osculating one.
    """

    def __init__(self, jet: Jet) -> None:
        self.jet, self.domain, self.xp = jet, jet.domain, jet.xp
        self.players, self.size, self.rest = jet.players, jet.size, jet.rest

    def grad(self, i: int, x: Dual) -> Dual:
        return self.jet.grad(i, x)

    def hvp(self, i: int, x: Dual, u: Dual) -> Dual:
        del x
        bend = self.jet.hessians[i]
        return Dual(bend * u.value, bend * u.tangent)

    def bare(self) -> Quadratic:
        bare = self.jet.bare()
        if not _quadratic(bare.model, bare.values):
            raise Undecidable("the losses without their penalties are not of degree two")
        return Quadratic(bare)

    def only(self, i: int, u: Dual) -> Dual:
        return self.jet.only(i, u)

    def root(self, fn: Callable[[Dual], Dual], x: Dual) -> Dual:
        solution = super().root(fn, x)
        if not fn(solution).value.is_zero_matrix:
            raise Undecidable("the equations inside the step are not linear")
        return solution


class Linear(WithoutLosses, Quadratic):  # pyright: ignore[reportIncompatibleMethodOverride]
    """A linear field that is given, at any point."""

    def v(self, x: Dual) -> Dual:
        return self.jet.v(x)

    def jvp(self, x: Dual, u: Dual) -> Dual:
        del x
        return self._product(self.jet.hessians[0], u)

    def vjp(self, x: Dual, u: Dual) -> Dual:
        del x
        return self._product(self.jet.hessians[0].transpose(), u)

    def _product(self, bend: DomainMatrix, u: Dual) -> Dual:
        return -Dual(bend * u.value, bend * u.tangent)


def is_linear(model: Model, operator: Operator, values: Mapping[str, sp.Expr]) -> bool:
    """Whether one application of the operator is affine in its whole state, wherever that is.

    `False` where it is not, and where that is not found.

    Args:
        model: the game.
        operator: a method, or a flow.
        values: numbers for some of the open names, `f1` and `f2` of the loss included.
    """
    if model.projected != model.coordinates:
        return False
    try:
        return _quadratic(model, values) and _affine(model, operator, values)
    except StabcheckError:
        return False


def _quadratic(model: Model, values: Mapping[str, sp.Expr]) -> bool:
    """Whether every loss is a polynomial of degree two at most, or the field given is one of degree one."""
    substitution = {s: values[s.name] for s in model.symbols if s.name in values}
    ops = replace(model.ops, means={})
    whole = [ops.at({}, e.xreplace(substitution)) for e in model.losses or model.given]
    most = 2 if model.losses else 1
    polynomials = [sp.expand(e).as_poly(*model.coordinates) for e in whole]
    # What no moments give would be another number at every point.
    return not ops.means and all(p is not None and p.total_degree() <= most for p in polynomials)


def _affine(model: Model, operator: Operator, values: Mapping[str, sp.Expr]) -> bool:
    """Whether the derivative of a step is the same at a general state."""

    def to(row: hyper.Hyper, value: Any) -> sp.Expr:
        return exact(row, values.get(value, value) if isinstance(value, str) else value)

    bound = hyper.rebind(operator, to)
    scalars = [value for row, value in hyper.values(bound) if not row.domain.whole]
    game = (Linear if model.given else Quadratic)(osculating(model, values, scalars))
    state = bound.init(game, game.rest)
    start = joined(state)
    n = start.value.shape[0]
    moving = [sp.Dummy(real=True) for _ in range(n)]
    off = start.value + filled(ring(moving), moving, n, 1)
    after = joined(bound.step(game, split(Dual(off, eye(n, off.domain)), state)))
    free = {s for e in after.tangent.to_dok().values() for s in after.tangent.domain.to_sympy(e).free_symbols}
    return free.isdisjoint(moving)
