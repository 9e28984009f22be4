"""Zero-sum games of two numbers."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass

from stabcheck.core.oracle import Ops, Scalar, Vector
from stabcheck.declare.games.game import Game


@dataclass(frozen=True)
class Pair(Game):
    """`min_x max_y value(x, y)`, at rest at the origin."""

    @abstractmethod
    def value(self, x: Scalar, y: Scalar) -> Scalar:
        """What `x` pays to `y`."""

    @property
    def players(self) -> tuple[str, ...]:
        return "x", "y"

    @property
    def variables(self) -> tuple[str, ...]:
        return "x", "y"

    @property
    def dims(self) -> tuple[int, ...]:
        return 1, 1

    def equilibrium(self, xp: Ops, *t: Scalar) -> tuple[Vector, ...]:
        del t
        return xp.zeros(1), xp.zeros(1)

    def losses(self, xp: Ops, *x: Vector) -> tuple[Scalar, ...]:
        del xp
        (left,), (right,) = x
        value = self.value(left, right)
        return value, -value
