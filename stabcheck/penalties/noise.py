"""Instance noise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stabcheck.games.game import GAN, Game, gan_of
from stabcheck.games.laws import Law, Noisy, StandardNormal
from stabcheck.hyper import hyper, setting
from stabcheck.oracle import Ops, Scalar, Vector
from stabcheck.penalties.penalty import Penalty


@dataclass(frozen=True)
class InstanceNoise(Penalty):
    """The discriminator sees `x + sigma e` with `e ~ N(0, I)` in place of `x`.

    Args:
        sigma: standard deviation.
        on: which samples get noise: `"both"`, `"real"` or `"fake"`.

    Source: Sønderby et al. 2017; Arjovsky & Bottou 2017.
    """

    sigma: Scalar = hyper("sigma")
    on: str = setting("on", "both", "which samples get noise", ("both", "real", "fake"))

    needs: ClassVar[type[Game]] = GAN
    name: ClassVar[str] = "noise"
    formula: ClassVar[str] = "D sees x + sigma e, e ~ N(0, I)"
    source: ClassVar[str] = "Sønderby et al. 2017, arXiv:1610.04490"

    def gan(self, gan: Game) -> Game:
        inner = gan_of(gan, self.name)
        return NoisyGAN(inner.loss, inner, self.sigma, self.on)


@dataclass(frozen=True)
class NoisyGAN(GAN):
    """A GAN whose discriminator sees noisy samples."""

    inner: GAN
    sigma: Scalar
    on: str

    @property
    def players(self) -> tuple[str, ...]:
        return self.inner.players

    @property
    def variables(self) -> tuple[str, ...]:
        return self.inner.variables

    @property
    def dims(self) -> tuple[int, ...]:
        return self.inner.dims

    def equilibrium(self, xp: Ops, *t: Scalar) -> tuple[Vector, ...]:
        return self.inner.equilibrium(xp, *t)

    def project(self, xp: Ops, *x: Vector) -> tuple[Vector, ...]:
        return self.inner.project(xp, *x)

    def discriminator(self, xp: Ops, psi: Vector, x: Vector) -> Scalar:
        return self.inner.discriminator(xp, psi, x)

    def real(self, xp: Ops) -> Law:
        return self._noisy(self.inner.real(xp), "real")

    def fake(self, xp: Ops, theta: Vector) -> Law:
        return self._noisy(self.inner.fake(xp, theta), "fake")

    def _noisy(self, law: Law, side: str) -> Law:
        if self.on not in (side, "both"):
            return law
        return Noisy(law, StandardNormal(law.dim), self.sigma)
