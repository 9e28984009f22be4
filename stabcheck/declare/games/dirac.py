"""The Dirac-GAN."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stabcheck.core.hyper import hyper
from stabcheck.core.oracle import Ops, Scalar, Vector
from stabcheck.declare.games.gan import GAN, OnePoint
from stabcheck.declare.laws import Law, Point
from stabcheck.declare.losses.loss import Loss


@dataclass(frozen=True)
class Dirac(OnePoint, GAN):
    """`p_data = delta_x0`, `p_theta = delta_theta`, `D(x; psi) = psi . x`, in `R^dim`.

    Args:
        loss: a `Loss`, or the registry name of one.
        dim: dimension of the data space.
        x0: first coordinate of the data point; the others are 0, which loses nothing, since
            the game is invariant under rotation.

    Source: Mescheder, Geiger & Nowozin 2018, Definition of the Dirac-GAN (there `x0 = 0`).
    """

    loss: Loss | str = "gan"
    dim: int = hyper("dim")
    x0: Scalar = hyper("x0")

    name: ClassVar[str] = "dirac"
    formula: ClassVar[str] = "D(x) = psi x, data at x0, generator at theta"
    source: ClassVar[str] = "Mescheder, Geiger & Nowozin 2018, arXiv:1801.04406"

    @property
    def dims(self) -> tuple[int, ...]:
        return self.dim, self.dim

    def equilibrium(self, xp: Ops, *t: Scalar) -> tuple[Vector, ...]:
        del t
        return self._data(xp), xp.zeros(self.dim)

    def discriminator(self, xp: Ops, psi: Vector, x: Vector) -> Scalar:
        del xp
        return psi @ x

    def real(self, xp: Ops) -> Law:
        return Point(self._data(xp))

    def _data(self, xp: Ops) -> Vector:
        return xp.vector(self.x0, *[0] * (self.dim - 1))
