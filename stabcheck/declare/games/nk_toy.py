"""The uniform example of Nagarajan & Kolter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stabcheck.core.oracle import Ops, Scalar, Vector
from stabcheck.declare.games.gan import GAN
from stabcheck.declare.laws import Law, PushForward, StandardUniform
from stabcheck.declare.losses.loss import Loss


@dataclass(frozen=True)
class UniformScale(GAN):
    """Data and `z` uniform on `[-1, 1]`, `G(z) = theta z`, `D(x; psi) = psi x^2`; at rest at `(1, 0)`.

    Args:
        loss: a `Loss`, or the registry name of one.

    Source: Nagarajan & Kolter 2017; with a gradient penalty Kim et al. 2018, Lemma 2.
    """

    loss: Loss | str = "gan"

    name: ClassVar[str] = "nk-toy"
    formula: ClassVar[str] = "D(x) = psi x^2, G(z) = theta z, data and z uniform on [-1, 1]"
    source: ClassVar[str] = "Nagarajan & Kolter 2017, arXiv:1706.04156"

    @property
    def dims(self) -> tuple[int, ...]:
        return 1, 1

    def equilibrium(self, xp: Ops, *t: Scalar) -> tuple[Vector, ...]:
        del t
        return xp.vector(1), xp.zeros(1)

    def discriminator(self, xp: Ops, psi: Vector, x: Vector) -> Scalar:
        del xp
        return psi[0] * (x @ x)

    def real(self, xp: Ops) -> Law:
        del xp
        return StandardUniform(1)

    def fake(self, xp: Ops, *theta: Vector) -> Law:
        del xp
        return PushForward(StandardUniform(1), lambda z: theta[0][0] * z)

    def encoded(self, xp: Ops, x: Vector, *theta: Vector) -> Vector:
        del xp
        return theta[0][0] * x
