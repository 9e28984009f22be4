"""The bilinear game, on which methods are compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stabcheck.core.errors import BadInput
from stabcheck.core.hyper import NONZERO, hyper, setting
from stabcheck.core.oracle import Ops, Scalar, Vector
from stabcheck.declare.games.blocks import Rows, applied
from stabcheck.declare.games.game import Game


@dataclass(frozen=True)
class Bilinear(Game):
    """`min_x max_y alpha x^T E y`; without a matrix `alpha x . y` in `R^dim` each.

    Args:
        alpha: strength of the coupling, not 0.
        dim: coordinates of each player, where there is no matrix.
        e: the matrix `E` by rows, one row per coordinate of `x`; what holds for a number `alpha`
            holds for each singular value.

    Source: Schäfer & Anandkumar 2019, Section 3; the Dirac-GAN at linear order has `alpha = f'(0)`.
    """

    alpha: Scalar = hyper("alpha", domain=NONZERO, help="strength of the coupling")
    dim: int = hyper("dim")
    e: Rows = setting("coupling", (), "the matrix E of x^T E y by rows, as 2,0;1,1", of="matrix")

    name: ClassVar[str] = "bilinear"
    formula: ClassVar[str] = "min_x max_y alpha x^T E y, without a matrix E alpha x y"
    source: ClassVar[str] = "Schäfer & Anandkumar 2019, arXiv:1905.12103"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.e and self.dim != 1:
            raise BadInput("dim is told by the matrix; leave it out")

    @property
    def players(self) -> tuple[str, ...]:
        return "x", "y"

    @property
    def variables(self) -> tuple[str, ...]:
        return "x", "y"

    @property
    def dims(self) -> tuple[int, ...]:
        return (len(self.e), len(self.e[0])) if self.e else (self.dim, self.dim)

    def equilibrium(self, xp: Ops, *t: Scalar) -> tuple[Vector, ...]:
        del t
        return tuple(xp.zeros(dim) for dim in self.dims)

    def losses(self, xp: Ops, *x: Vector) -> tuple[Scalar, ...]:
        left, right = x
        value = self.alpha * (left @ (applied(xp, self.e, right) if self.e else right))
        return value, -value
