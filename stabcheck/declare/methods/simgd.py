"""Simultaneous gradient descent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stabcheck.core.hyper import hyper
from stabcheck.core.oracle import Oracle, Steps
from stabcheck.declare.methods.method import Method, State


@dataclass(frozen=True)
class SimGD(Method):
    """`x+ = x + h v(x)`.

    Args:
        h: one step size for all players, or one each.
    """

    h: Steps = hyper("h")

    name: ClassVar[str] = "simgd"
    formula: ClassVar[str] = "x+ = x + h v(x)"
    source: ClassVar[str] = "Mescheder, Nowozin & Geiger 2017, arXiv:1705.10461"

    def step(self, o: Oracle, state: State) -> State:
        return State(state.x + o.scale(self.h, o.v(state.x)))
