"""The step of a map that is given as such."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stabcheck.core.oracle import Oracle
from stabcheck.declare.methods.method import Method, State


@dataclass(frozen=True)
class Iteration(Method):
    """`x+ = F(x)`, where the field is `F - x`. No method of the registry: only a map has it."""

    formula: ClassVar[str] = "x+ = F(x)"

    @property
    def label(self) -> str:
        return "map"

    def step(self, o: Oracle, state: State) -> State:
        return State(state.x + o.v(state.x))
