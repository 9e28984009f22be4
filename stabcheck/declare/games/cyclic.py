"""Each player against the next, in a circle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stabcheck.core.errors import BadInput
from stabcheck.core.hyper import NONZERO, REAL, hyper
from stabcheck.core.oracle import Ops, Scalar, Vector
from stabcheck.declare.games.game import Game


@dataclass(frozen=True)
class Cyclic(Game):
    """`L_i = a x_i^2/2 + alpha x_i x_(i+1)`, the last player's next being the first.

    The flow's eigenvalues are `-a - alpha w` for the `count`-th roots of unity `w`.

    Args:
        alpha: strength of the coupling, not 0.
        a: curvature of each player's own loss.
        count: the number of players, at least 2.

    Source: Balduzzi et al. 2018 treat such games.
    """

    alpha: Scalar = hyper("alpha", domain=NONZERO, help="strength of the coupling")
    a: Scalar = hyper("a", domain=REAL, help="curvature of a player's own loss", default=0)
    count: int = 3

    name: ClassVar[str] = "cyclic"
    formula: ClassVar[str] = "L_i = a x_i^2/2 + alpha x_i x_(i+1), three players in a circle"
    source: ClassVar[str] = "after Balduzzi et al. 2018, arXiv:1802.05642"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.count < 2:
            raise BadInput(f"count must be a whole number of players from 2 on, not {self.count}")

    @property
    def dims(self) -> tuple[int, ...]:
        return (1,) * self.count

    def equilibrium(self, xp: Ops, *t: Scalar) -> tuple[Vector, ...]:
        del t
        return tuple(xp.zeros(1) for _ in range(self.count))

    def losses(self, xp: Ops, *x: Vector) -> tuple[Scalar, ...]:
        del xp
        successors = (*x[1:], x[0])
        return tuple(
            self.a / 2 * own[0] * own[0] + self.alpha * own[0] * other[0]
            for own, other in zip(x, successors, strict=True)
        )
