"""Instance noise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stabcheck.core.hyper import hyper, setting
from stabcheck.core.oracle import Ops, Scalar, Vector
from stabcheck.declare.games.game import Game, Penalty
from stabcheck.declare.games.gan import GAN, ModifiedGAN, gan_of
from stabcheck.declare.laws import Law, Noisy, StandardNormal

SOURCE = "Sønderby et al. 2017, arXiv:1610.04490"


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
    source: ClassVar[str] = SOURCE

    def gan(self, gan: Game) -> Game:
        inner = gan_of(gan, self.name)
        on_real, on_fake = self.on in ("both", "real"), self.on in ("both", "fake")
        return NoisyGAN(inner.loss, inner, self.sigma if on_real else None, self.sigma if on_fake else None)


@dataclass(frozen=True)
class UnequalNoise(Penalty):
    """Instance noise with a standard deviation of its own on either side.

    Args:
        sigma_real: on the data.
        sigma_fake: on generated samples.
    """

    sigma_real: Scalar = hyper("sigma_real")
    sigma_fake: Scalar = hyper("sigma_fake")

    needs: ClassVar[type[Game]] = GAN
    name: ClassVar[str] = "noise-unequal"
    formula: ClassVar[str] = "D sees x + sigma_real e and G(z) + sigma_fake e, e ~ N(0, I)"
    source: ClassVar[str] = SOURCE

    def gan(self, gan: Game) -> Game:
        inner = gan_of(gan, self.name)
        return NoisyGAN(inner.loss, inner, self.sigma_real, self.sigma_fake)


@dataclass(frozen=True)
class NoisyGAN(ModifiedGAN):
    """A GAN whose discriminator sees noisy samples."""

    sigma_real: Scalar | None
    sigma_fake: Scalar | None

    def real(self, xp: Ops) -> Law:
        return _noisy(self.inner.real(xp), self.sigma_real)

    def fake(self, xp: Ops, *theta: Vector) -> Law:
        return _noisy(self.inner.fake(xp, *theta), self.sigma_fake)


def _noisy(law: Law, sigma: Scalar | None) -> Law:
    return law if sigma is None else Noisy(law, StandardNormal(law.dim), sigma)
