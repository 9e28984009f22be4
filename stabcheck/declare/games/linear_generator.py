"""A linear generator of one point."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stabcheck.core.errors import BadInput
from stabcheck.core.hyper import setting
from stabcheck.core.oracle import Ops, Scalar, Vector
from stabcheck.declare.games.blocks import Rows, applied
from stabcheck.declare.games.gan import GAN
from stabcheck.declare.laws import Law, Point
from stabcheck.declare.losses.loss import Loss


@dataclass(frozen=True)
class LinearGenerator(GAN):
    """`p_data = delta_0`, the generator at `B theta`, `D(x; psi) = psi . x`.

    Args:
        loss: a `Loss`, or the registry name of one.
        b: the matrix `B` by rows: one row per coordinate of the data, one column per parameter.
            Where its columns are dependent the equilibria are not isolated.
    """

    loss: Loss | str = "gan"
    b: Rows = setting("generator", ((2, 0), (1, 1)), "the matrix of the generator, as 2,0;1,1", of="matrix")

    name: ClassVar[str] = "linear-generator"
    formula: ClassVar[str] = "D(x) = psi . x, data at 0, generator at B theta"
    source: ClassVar[str] = "after Mescheder, Geiger & Nowozin 2018, arXiv:1801.04406"

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.b:
            raise BadInput("generator must be a matrix such as 2,0;1,1, and has no rows")

    @property
    def dims(self) -> tuple[int, ...]:
        return len(self.b[0]), len(self.b)

    def equilibrium(self, xp: Ops, *t: Scalar) -> tuple[Vector, ...]:
        del t
        return tuple(xp.zeros(dim) for dim in self.dims)

    def discriminator(self, xp: Ops, psi: Vector, x: Vector) -> Scalar:
        del xp
        return psi @ x

    def real(self, xp: Ops) -> Law:
        return Point(xp.zeros(len(self.b)))

    def fake(self, xp: Ops, *theta: Vector) -> Law:
        return Point(applied(xp, self.b, theta[0]))

    def encoded(self, xp: Ops, x: Vector, *theta: Vector) -> Vector:
        del x
        return applied(xp, self.b, theta[0])
