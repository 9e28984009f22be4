"""The Dirac-GAN whose discriminator has a bias."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stabcheck.core.hyper import hyper
from stabcheck.core.oracle import Ops, Scalar, Vector
from stabcheck.declare.games.gan import GAN, OnePoint
from stabcheck.declare.laws import Law, Point
from stabcheck.declare.losses.loss import Loss


@dataclass(frozen=True)
class DiracBias(OnePoint, GAN):
    """`p_data = delta_x0`, `p_theta = delta_theta`, `D(x; psi) = psi_1 x + psi_2`.

    Args:
        loss: a `Loss`, or the registry name of one.
        x0: the data point.
    """

    loss: Loss | str = "gan"
    x0: Scalar = hyper("x0")

    name: ClassVar[str] = "dirac-bias"
    formula: ClassVar[str] = "D(x) = psi_1 x + psi_2, data at x0, generator at theta"
    source: ClassVar[str] = "after Mescheder, Geiger & Nowozin 2018, arXiv:1801.04406"

    @property
    def dims(self) -> tuple[int, ...]:
        return 1, 2

    def equilibrium(self, xp: Ops, *t: Scalar) -> tuple[Vector, ...]:
        del t
        return xp.vector(self.x0), xp.zeros(2)

    def discriminator(self, xp: Ops, psi: Vector, x: Vector) -> Scalar:
        del xp
        return psi[0] * x[0] + psi[1]

    def real(self, xp: Ops) -> Law:
        return Point(xp.vector(self.x0))
