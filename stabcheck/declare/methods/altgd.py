"""Alternating gradient descent."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from stabcheck.core.hyper import hyper, setting
from stabcheck.core.oracle import Oracle, Steps, Vector, each
from stabcheck.declare.methods.method import Method, State, turns


@dataclass(frozen=True)
class AltGD(Method):
    """For each player `i` in turn, `n_i` times: `x_i := x_i + h_i v_i(x)`, at the newest `x`.

    Args:
        h: one step size for all players, or one each.
        n: sub-steps per turn, one count for all players, or one each.
        order: the players' indices in the order of their turns; empty for first to last.
    """

    h: Steps = hyper("h")
    n: int | tuple[int, ...] = hyper("n")
    order: tuple[int, ...] = setting("order", (), "whose turn comes first, such as d,g", of="order")

    name: ClassVar[str] = "altgd"
    formula: ClassVar[str] = "in turn, n_i times: x_i := x_i + h_i v_i(x)"
    source: ClassVar[str] = "Mescheder, Geiger & Nowozin 2018, arXiv:1801.04406"

    def step(self, o: Oracle, state: State) -> State:
        n = each(self.n, o.players)
        x = state.x
        for i in turns(self.order, o.players):
            x = o.repeat(n[i], partial(self._move, o, i), x)
        return State(x)

    def _move(self, o: Oracle, i: int, x: Vector) -> Vector:
        return x + o.scale(self.h, o.field(i, x))
