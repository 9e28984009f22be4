"""A Gaussian against a Gaussian, under a quadratic discriminator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stabcheck.core.hyper import POSITIVE, hyper
from stabcheck.core.oracle import Ops, Scalar, Vector
from stabcheck.declare.games.gan import GAN
from stabcheck.declare.laws import Law, gaussian
from stabcheck.declare.losses.loss import Loss


@dataclass(frozen=True)
class Gaussian(GAN):
    """Data `N(0, std^2 I)`, generator `N(mu, diag(s)^2)` with `theta = (mu, s)`, in `R^dim`.

    `D(x; psi) = sum_k (psi_k x_k + psi_(dim + k) x_k^2)`.

    Args:
        loss: a `Loss`, or the registry name of one.
        dim: dimension of the data space.
        std: standard deviation of each coordinate of the data.
    """

    loss: Loss | str = "gan"
    dim: int = hyper("dim")
    std: Scalar = hyper("std", domain=POSITIVE, help="standard deviation of the data", tex="s")

    name: ClassVar[str] = "gaussian"
    formula: ClassVar[str] = "D(x) = psi_k x_k + psi_(d+k) x_k^2 summed, data N(0, std^2 I), theta = (mu, s)"
    source: ClassVar[str] = "after Nagarajan & Kolter 2017, arXiv:1706.04156"

    @property
    def dims(self) -> tuple[int, ...]:
        return 2 * self.dim, 2 * self.dim

    def equilibrium(self, xp: Ops, *t: Scalar) -> tuple[Vector, ...]:
        del t
        return xp.vector(*[0] * self.dim, *[self.std] * self.dim), xp.zeros(2 * self.dim)

    def discriminator(self, xp: Ops, psi: Vector, x: Vector) -> Scalar:
        del xp
        return psi[: self.dim] @ x + psi[self.dim :] @ (x * x)

    def real(self, xp: Ops) -> Law:
        return gaussian(xp.zeros(self.dim), self.std)

    def fake(self, xp: Ops, *theta: Vector) -> Law:
        del xp
        return gaussian(theta[0][: self.dim], theta[0][self.dim :])

    def encoded(self, xp: Ops, x: Vector, *theta: Vector) -> Vector:
        del xp
        return theta[0][: self.dim] + theta[0][self.dim :] * x / self.std
