"""Competitive gradient descent: the players' moves are the Nash point of a local game."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stabcheck.core.hyper import hyper
from stabcheck.core.oracle import Oracle, Steps
from stabcheck.declare.methods.method import Method, State

SOURCE = "Schäfer & Anandkumar 2019, arXiv:1905.12103"


@dataclass(frozen=True)
class CGD(Method):
    """`x+ = x + d` with `d = h (v(x) + C d)`, where `(C d)_i = -sum_{j != i} d_i d_j L_i d_j`.

    Each `d_i` minimises player `i`'s loss, bilinear in the players' moves, plus
    `|d_i|^2/(2 h_i)`, given the moves of the others.

    Args:
        h: one step size for all players, or one each.

    Source: Schäfer & Anandkumar 2019, for two players.
    """

    h: Steps = hyper("h")

    name: ClassVar[str] = "cgd"
    formula: ClassVar[str] = "x+ = x + d, d = h (v(x) + C d), C the blocks of v' between players"
    source: ClassVar[str] = SOURCE

    def step(self, o: Oracle, state: State) -> State:
        x = state.x
        move = o.solve(lambda d: d - o.scale(self.h, o.cross(x, d)), o.scale(self.h, o.v(x)))
        return State(x + move)


@dataclass(frozen=True)
class LCGD(Method):
    """`x+ = x + h (v(x) + C h v(x))`: `cgd` with its linear solve to first order.

    Args:
        h: one step size for all players, or one each.

    Source: Schäfer & Anandkumar 2019, for two players.
    """

    h: Steps = hyper("h")

    name: ClassVar[str] = "lcgd"
    formula: ClassVar[str] = "x+ = x + h (v(x) + C h v(x)), C the blocks of v' between players"
    source: ClassVar[str] = SOURCE

    def step(self, o: Oracle, state: State) -> State:
        x, v = state.x, o.v(state.x)
        return State(x + o.scale(self.h, v + o.cross(x, o.scale(self.h, v))))
