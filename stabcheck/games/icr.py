"""The game of implicit competitive regularisation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stabcheck.games.game import Game
from stabcheck.oracle import Ops, Scalar, Vector


@dataclass(frozen=True)
class Competition(Game):
    """`min_x max_y x^2 + 10 x y + y^2`: stable by competition alone, though `y` alone diverges.

    Source: Schäfer, Zheng & Anandkumar 2020.
    """

    name: ClassVar[str] = "icr"
    formula: ClassVar[str] = "min_x max_y x^2 + 10 x y + y^2"
    source: ClassVar[str] = "Schäfer, Zheng & Anandkumar 2020, arXiv:1910.05852"

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
        value = left * left + 10 * left * right + right * right
        return value, -value
