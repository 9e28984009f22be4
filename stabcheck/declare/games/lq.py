"""The linear-quadratic GAN."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stabcheck.core.hyper import POSITIVE, REAL, hyper
from stabcheck.core.oracle import Ops, Scalar, Vector
from stabcheck.declare.games.gan import GAN
from stabcheck.declare.laws import Law, PushForward, StandardNormal, gaussian
from stabcheck.declare.losses.loss import Loss


@dataclass(frozen=True)
class LinearQuadratic(GAN):
    """Data `N(mean, std^2)`, `G(z) = theta_1 z + theta_2`, `z ~ N(0, 1)`, `D(x) = psi_1 x + psi_2 x^2`.

    Args:
        loss: a `Loss`, or the registry name of one.
        mean, std: of the data.

    Source: Nagarajan & Kolter 2017.
    """

    loss: Loss | str = "gan"
    mean: Scalar = hyper("mean", domain=REAL, help="mean of the data", tex="m", default=0)
    std: Scalar = hyper("std", domain=POSITIVE, help="standard deviation of the data", tex="s")

    name: ClassVar[str] = "lq"
    formula: ClassVar[str] = "D(x) = psi_1 x + psi_2 x^2, G(z) = theta_1 z + theta_2, data N(mean, std^2)"
    source: ClassVar[str] = "Nagarajan & Kolter 2017, arXiv:1706.04156"

    @property
    def dims(self) -> tuple[int, ...]:
        return 2, 2

    def equilibrium(self, xp: Ops, *t: Scalar) -> tuple[Vector, ...]:
        del t
        return xp.vector(self.std, self.mean), xp.zeros(2)

    def discriminator(self, xp: Ops, psi: Vector, x: Vector) -> Scalar:
        del xp
        return psi[0] * x[0] + psi[1] * x[0] * x[0]

    def real(self, xp: Ops) -> Law:
        return gaussian(xp.vector(self.mean), self.std)

    def fake(self, xp: Ops, *theta: Vector) -> Law:
        del xp
        ((scale, shift),) = theta
        return PushForward(StandardNormal(1), lambda z: scale * z + shift)

    def encoded(self, xp: Ops, x: Vector, *theta: Vector) -> Vector:
        del xp
        ((scale, shift),) = theta
        return scale * ((x - self.mean) / self.std) + shift
