"""`Oracle` in SymPy at every point: a step as expressions in the coordinates of its state.

Nothing is expanded around the equilibrium here. A vector is an array of expressions, as in losses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

import numpy as np
import sympy as sp

from stabcheck.core import hyper
from stabcheck.core.errors import NotApplicable, Undecidable
from stabcheck.core.oracle import Oracle, WithoutLosses, leaves, shaped
from stabcheck.declare.methods.method import Operator
from stabcheck.symbolic.length import terms
from stabcheck.symbolic.model import Model
from stabcheck.symbolic.ops import exact, own

MOST_REPEATS, MOST_TERMS = 8, 2000
"""Steps with more sub-steps, or that grow longer, have no formulas at a general point."""


class General(Oracle):
    """A game at a general point.

    Args:
        model: the game.
    """

    def __init__(self, model: Model) -> None:
        self.model, self.xp = model, model.ops
        self.players, self.size = model.players, len(model.coordinates)
        self.rest = self.xp.vector(*model.equilibrium)

    def grad(self, i: int, x: np.ndarray) -> np.ndarray:
        return self.put(self.slopes(i), x)

    def slopes(self, i: int) -> list[sp.Expr]:
        """The gradient of a player's loss in the model's own coordinates."""
        return [self.model.losses[i].diff(s) for s in self.model.coordinates]

    def hvp(self, i: int, x: np.ndarray, u: np.ndarray) -> np.ndarray:
        return self.put(self._jacobian(self.slopes(i)), x).reshape(self.size, self.size) @ u

    def _jacobian(self, row: Sequence[sp.Expr]) -> list[sp.Expr]:
        return [e.diff(s) for e in row for s in self.model.coordinates]

    def put(self, row: Sequence[sp.Expr], x: np.ndarray) -> np.ndarray:
        """Expressions in the coordinates, at the point `x`.

        Raises:
            Undecidable: if they grow too long.
        """
        there = dict(zip(self.model.coordinates, x, strict=True))
        entries = [e.xreplace(there) for e in row]
        if max(map(terms, entries), default=0) > MOST_TERMS:
            raise Undecidable("the step's formulas are too long at a general point")
        return np.array(entries, dtype=object)

    def only(self, i: int, u: np.ndarray) -> np.ndarray:
        return np.array([e if p == i else sp.S.Zero for e, p in zip(u, self.model.owner, strict=True)])

    def solve(self, op: Callable[[np.ndarray], np.ndarray], b: np.ndarray) -> np.ndarray:
        basis = np.array(sp.eye(self.size).tolist(), dtype=object)
        matrix = sp.Matrix([list(op(row)) for row in basis]).T
        return np.array(list(matrix.LUsolve(sp.Matrix(list(b)))), dtype=object)

    def root(self, fn: Callable[[np.ndarray], np.ndarray], x: np.ndarray) -> np.ndarray:
        del fn, x
        raise Undecidable("what an implicit step solves for has no formula at a general point")

    def repeat(self, n: int, fn: Callable[[Any], Any], state: Any) -> Any:
        if n > MOST_REPEATS:
            raise Undecidable(f"{n} sub-steps have no short formula at a general point")
        for _ in range(n):
            state = fn(state)
        return state

    def sqrt(self, u: np.ndarray) -> np.ndarray:
        return np.array([sp.sqrt(e) for e in u], dtype=object)

    def dot(self, u: np.ndarray, w: np.ndarray) -> sp.Expr:
        return np.dot(u, w)

    def sign(self, t: sp.Expr) -> sp.Expr:
        return sp.sign(t)

    def bare(self) -> Oracle:
        return self if self.model.bare is self.model else type(self)(self.model.bare)

    def project(self, x: np.ndarray) -> np.ndarray:
        return self.put(self.model.projected, x)


class GivenGeneral(WithoutLosses, General):
    """A field that is given, at a general point."""

    def v(self, x: np.ndarray) -> np.ndarray:
        return self.put(self.model.given, x)

    def jvp(self, x: np.ndarray, u: np.ndarray) -> np.ndarray:
        return self._derivative(x) @ u

    def vjp(self, x: np.ndarray, u: np.ndarray) -> np.ndarray:
        return u @ self._derivative(x)

    def _derivative(self, x: np.ndarray) -> np.ndarray:
        return self.put(self._jacobian(self.model.given), x).reshape(self.size, self.size)


def stepped(model: Model, operator: Operator) -> Model:
    """The field, or the map, that an operator makes of a game: its state's coordinates move by it.

    Args:
        model: the game.
        operator: a method, or a flow, with its hyperparameters open.

    Raises:
        Undecidable, NotApplicable: if the step has no formula at a general point.
    """
    oracle, bound = _general(model), hyper.rebind(operator, exact)
    start = bound.init(oracle, oracle.rest)
    symbols = [
        [own(f"{path}{s}", real=True) if path else s for s in model.coordinates]
        for path in paths(model, operator)
    ]
    state = shaped(start, (np.array(row, dtype=object) for row in symbols))
    after = bound.step(oracle, state)
    if operator.discrete:
        after = after._replace(x=oracle.project(after.x))
    flat = tuple(chain(*symbols))
    return replace(
        model,
        coordinates=flat,
        owner=model.owner * len(symbols),
        losses=(),
        projected=flat,
        equilibrium=tuple(chain(*leaves(start))),
        along=(),
        manifold=(),
        given=tuple(chain(*leaves(after))),
        without=None,
    )


def paths(model: Model, operator: Operator) -> list[str]:
    """What stands before a coordinate's name in each vector of a state: nothing for players, then `last_`.

    Raises:
        NotApplicable: if the memory is no vectors of all coordinates.
    """
    oracle = _general(model)
    start = hyper.rebind(operator, exact).init(oracle, oracle.rest)
    if any(len(vector) != oracle.size for vector in leaves(start)):
        raise NotApplicable(f"the memory of {operator.chain} is no vectors of all coordinates")
    return list(_paths(start))


def _general(model: Model) -> General:
    return (GivenGeneral if model.given else General)(model)


def _paths(state: Any, path: str = "") -> Iterator[str]:
    """Where each vector of a state stands in it, as a prefix: empty for the players, and `last_`."""
    if not isinstance(state, tuple):
        yield path
        return
    fields = getattr(state, "_fields", [str(k + 1) for k in range(len(state))])
    for field, part in zip(fields, state, strict=True):
        yield from _paths(part, path if field == "x" else f"{path}{field}_")
