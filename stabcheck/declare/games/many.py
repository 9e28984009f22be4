"""Several discriminators, and several generators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stabcheck.core.oracle import Ops, Scalar, Vector
from stabcheck.declare.games.gan import GAN, OnePoint
from stabcheck.declare.laws import Law, Mixture, Point
from stabcheck.declare.losses.loss import Loss


@dataclass(frozen=True)
class PointMasses(GAN):
    """Points on a line under `D(x) = psi x`; data at 0, and several players on one side."""

    loss: Loss | str = "gan"
    count: int = 2

    @property
    def dims(self) -> tuple[int, ...]:
        return (1,) * (1 + self.count)

    def equilibrium(self, xp: Ops, *t: Scalar) -> tuple[Vector, ...]:
        del t
        return tuple(xp.zeros(1) for _ in self.dims)

    def discriminator(self, xp: Ops, psi: Vector, x: Vector) -> Scalar:
        del xp
        return psi @ x

    def real(self, xp: Ops) -> Law:
        return Point(xp.zeros(1))


@dataclass(frozen=True)
class ManyDiscriminators(OnePoint, PointMasses):
    """One generator against several discriminators `D_k(x) = psi_k x`; data at 0.

    Equilibria: `theta = 0` with `psi_1 + … = 0`; not isolated.

    Args:
        loss: a `Loss`, or the registry name of one.
        count: the number of discriminators.

    Source: Durugkar, Gemp & Mahadevan 2017.
    """

    name: ClassVar[str] = "many-discriminators"
    formula: ClassVar[str] = "D_k(x) = psi_k x, data at 0, generator at theta; two discriminators"
    source: ClassVar[str] = "Durugkar, Gemp & Mahadevan 2017, arXiv:1611.01673"

    @property
    def discriminators(self) -> int:
        return self.count


@dataclass(frozen=True)
class ManyGenerators(PointMasses):
    """Several generators at `theta_i`, each making its share of the samples; `D(x) = psi x`, data at 0.

    Equilibria: `psi = 0` with `theta_1 + … = 0`; not isolated, since `D` sees the mean alone.

    Args:
        loss: a `Loss`, or the registry name of one.
        count: the number of generators.

    Source: Ghosh et al. 2018; Hoang et al. 2018.
    """

    name: ClassVar[str] = "many-generators"
    formula: ClassVar[str] = "D(x) = psi x, data at 0, generators at theta_i; two generators"
    source: ClassVar[str] = "Ghosh et al. 2018, arXiv:1704.02906"

    @property
    def generators(self) -> int:
        return self.count

    def fake(self, xp: Ops, *theta: Vector) -> Law:
        del xp
        return Mixture(tuple(Point(at) for at in theta))
