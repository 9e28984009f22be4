"""The bilinear game, on which methods are compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stabcheck.games.game import Game
from stabcheck.hyper import NONZERO, hyper
from stabcheck.oracle import Ops, Scalar, Vector


@dataclass(frozen=True)
class Bilinear(Game):
    """`min_x max_y alpha x . y`, in `R^dim` each.

    Args:
        alpha: strength of the coupling, not 0.
        dim: coordinates of each player.

    Source: Schäfer & Anandkumar 2019, Section 3; the Dirac-GAN at linear order has `alpha = f'(0)`.
    """

    alpha: Scalar = hyper("alpha", domain=NONZERO, help="strength of the coupling")
    dim: int = hyper("dim", help="dimension of each player")

    name: ClassVar[str] = "bilinear"
    formula: ClassVar[str] = "min_x max_y alpha x y"
    source: ClassVar[str] = "Schäfer & Anandkumar 2019, arXiv:1905.12103"

    @property
    def players(self) -> tuple[str, ...]:
        return "x", "y"

    @property
    def variables(self) -> tuple[str, ...]:
        return "x", "y"

    @property
    def dims(self) -> tuple[int, ...]:
        return self.dim, self.dim

    def equilibrium(self, xp: Ops, *t: Scalar) -> tuple[Vector, ...]:
        del t
        return xp.zeros(self.dim), xp.zeros(self.dim)

    def losses(self, xp: Ops, *x: Vector) -> tuple[Scalar, ...]:
        del xp
        left, right = x
        value = self.alpha * (left @ right)
        return value, -value
