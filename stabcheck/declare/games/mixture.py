"""A mixture of two points against two points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stabcheck.core.oracle import Ops, Scalar, Vector
from stabcheck.declare.games.gan import GAN
from stabcheck.declare.laws import Law, Mixture, Point
from stabcheck.declare.losses.loss import Loss


@dataclass(frozen=True)
class TwoModes(GAN):
    """Data at `-1` and `1`, half each; samples at `theta_1` and `theta_2`; `D(x) = psi_1 x + psi_2 x^2`.

    Args:
        loss: a `Loss`, or the registry name of one.
    """

    loss: Loss | str = "gan"

    name: ClassVar[str] = "two-modes"
    formula: ClassVar[str] = "D(x) = psi_1 x + psi_2 x^2, data at -1 and 1, generator at theta_1 and theta_2"
    source: ClassVar[str] = "after Mescheder, Geiger & Nowozin 2018, arXiv:1801.04406"

    @property
    def dims(self) -> tuple[int, ...]:
        return 2, 2

    def equilibrium(self, xp: Ops, *t: Scalar) -> tuple[Vector, ...]:
        del t
        return xp.vector(-1, 1), xp.zeros(2)

    def discriminator(self, xp: Ops, psi: Vector, x: Vector) -> Scalar:
        del xp
        return psi[0] * x[0] + psi[1] * x[0] * x[0]

    def real(self, xp: Ops) -> Law:
        return Mixture((Point(xp.vector(-1)), Point(xp.vector(1))))

    def fake(self, xp: Ops, *theta: Vector) -> Law:
        del xp
        return Mixture((Point(theta[0][:1]), Point(theta[0][1:])))
