"""The gradient flow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stabcheck.core.hyper import hyper
from stabcheck.core.oracle import Oracle, Steps
from stabcheck.declare.methods.method import State, VectorField


@dataclass(frozen=True)
class Flow(VectorField):
    """`dx/dt = sum_i tau_i v_i(x)`.

    Args:
        tau: one speed for all players, or one each (two time scales).
    """

    tau: Steps = hyper("tau")

    name: ClassVar[str] = "flow"
    formula: ClassVar[str] = "dx/dt = v(x), player i's part times tau_i"
    source: ClassVar[str] = "Mescheder, Geiger & Nowozin 2018, arXiv:1801.04406"

    def step(self, o: Oracle, state: State) -> State:
        return State(o.scale(self.tau, o.v(state.x)))
