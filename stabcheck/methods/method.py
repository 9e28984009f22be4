"""The shape of an operator on the players' state: the flow, or one step of a method."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, NamedTuple

from stabcheck.hyper import Declaration
from stabcheck.oracle import Oracle, Vector


class State(NamedTuple):
    """The state of a method without memory."""

    x: Vector


@dataclass(frozen=True)
class Operator(Declaration):
    """What acts on the state; its spectrum at rest decides stability."""

    @abstractmethod
    def init(self, o: Oracle, x: Vector) -> Any:
        """The state at rest at `x`: a NamedTuple of vectors with a field `x`."""

    @abstractmethod
    def step(self, o: Oracle, state: Any) -> Any:
        """The operator applied once: the next state, or for a flow the velocity."""


@dataclass(frozen=True)
class Method(Operator):
    """A map from state to state: stable if its spectrum lies inside the unit circle."""


@dataclass(frozen=True)
class VectorField(Operator):
    """A field of velocities: stable if its spectrum lies left of the imaginary axis."""
