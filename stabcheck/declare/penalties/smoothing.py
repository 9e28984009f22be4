"""What changes the critic's values or labels: temperature and label smoothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import ClassVar

from stabcheck.core.errors import NotApplicable
from stabcheck.core.hyper import POSITIVE, hyper
from stabcheck.core.oracle import Ops, Scalar, Vector
from stabcheck.declare.games.game import Game, Penalty
from stabcheck.declare.games.gan import GAN, ModifiedGAN, gan_of
from stabcheck.declare.losses.loss import Mean, Separable, named


@dataclass(frozen=True)
class Temperature(Penalty):
    """The losses see `D/temperature` in the place of `D`.

    Args:
        temperature: > 0.
    """

    temperature: Scalar = hyper(
        "temperature", domain=POSITIVE, help="what the critic's values are divided by", tex="T"
    )

    needs: ClassVar[type[Game]] = GAN
    name: ClassVar[str] = "temperature"
    formula: ClassVar[str] = "D/T in the place of D, T = temperature"
    source: ClassVar[str] = "Hinton, Vinyals & Dean 2015, arXiv:1503.02531, for classifiers"

    def gan(self, gan: Game) -> Game:
        inner = gan_of(gan, self.name)
        return TemperedGAN(inner.loss, inner, self.temperature)


@dataclass(frozen=True)
class TemperedGAN(ModifiedGAN):
    """A GAN whose discriminator is divided by a temperature."""

    temperature: Scalar

    def discriminator(self, xp: Ops, psi: Vector, x: Vector) -> Scalar:
        return self.inner.discriminator(xp, psi, x) / self.temperature


@dataclass(frozen=True)
class LabelSmoothing(Penalty):
    """One-sided: the critic takes a share `s` of the data for generated samples.

    `L_D = E ((1 - s) real(D(x)) + s fake(D(x))) + E fake(D(G(z)))`; the generator's loss stays as
    it is.

    Args:
        share: `s`, in [0, 1/2); 1/10 makes the label 0.9 for data.

    Source: Salimans et al. 2016.
    """

    share: Scalar = hyper(
        "share", domain="[0, 1/2)", help="share of the data taken for generated", tex="s",
        typical=Fraction(1, 10),
    )  # fmt: skip

    needs: ClassVar[type[Game]] = GAN
    name: ClassVar[str] = "smoothing"
    formula: ClassVar[str] = "L_D sees D(x) as fake with weight s = share, as real with 1 - s"
    source: ClassVar[str] = "Salimans et al. 2016, arXiv:1606.03498"

    def gan(self, gan: Game) -> Game:
        inner = gan_of(gan, self.name)
        loss = named(inner.loss)
        if not isinstance(loss, Separable):
            raise NotApplicable(f"{self.name} needs labels; the loss {loss.label} compares samples in pairs")
        return replace(inner, loss=Smoothed(loss, self.share))


@dataclass(frozen=True)
class Smoothed(Separable):
    """A loss with a share of the data labelled as generated."""

    inner: Separable
    share: Scalar

    def on_real(self, xp: Ops, value: Scalar) -> Scalar:
        return (1 - self.share) * self.inner.on_real(xp, value) + self.share * self.inner.on_fake(xp, value)

    def on_fake(self, xp: Ops, value: Scalar) -> Scalar:
        return self.inner.on_fake(xp, value)

    def generator(self, xp: Ops, real: Scalar, fake: Scalar) -> Scalar:
        return self.inner.generator(xp, real, fake)

    def mean_generator(self, xp: Ops, real: Mean, fake: Mean) -> Scalar:
        return self.inner.mean_generator(xp, real, fake)
