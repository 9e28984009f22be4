"""The losses of GANs, by their function `f`.

The critic maximises `E f(D(G(z))) + E r(-D(x))` (D is high on generated samples), with `r = f`
for most losses. The analysis at rest sees `f` through `f'(0)` and `f''(0)` alone, so each formula
holds for every `f`.
"""

from __future__ import annotations

import importlib
from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from stabcheck.core.errors import mistaken, unknown
from stabcheck.core.hyper import Declaration, hyper
from stabcheck.core.members import declared
from stabcheck.core.oracle import Ops, Scalar

MESCHEDER = "Mescheder, Geiger & Nowozin 2018, arXiv:1801.04406"
Mean = Callable[[Callable[[Scalar], Scalar]], Scalar]
"""Takes a function of `D` at one sample to its mean over the samples of one side."""
GOODFELLOW = "Goodfellow et al. 2014, arXiv:1406.2661"
MAO = "Mao et al. 2017, arXiv:1611.04076"


@dataclass(frozen=True)
class Loss(Declaration):
    """What critic and generator of a GAN make of the critic's values.

    Convention: the critic is high on generated samples.
    """

    @abstractmethod
    def critic(self, xp: Ops, real: Scalar, fake: Scalar) -> Scalar:
        """The critic's loss at `real = D(x)` and `fake = D(G(z))`."""

    @abstractmethod
    def generator(self, xp: Ops, real: Scalar, fake: Scalar) -> Scalar:
        """The generator's loss at `real = D(x)` and `fake = D(G(z))`."""

    def mean_critic(self, xp: Ops, real: Mean, fake: Mean) -> Scalar:
        """The critic's loss over data and generated samples."""
        return real(lambda a: fake(lambda b: self.critic(xp, a, b)))

    def mean_generator(self, xp: Ops, real: Mean, fake: Mean) -> Scalar:
        """The generator's loss over data and generated samples."""
        return real(lambda a: fake(lambda b: self.generator(xp, a, b)))


@dataclass(frozen=True)
class Separable(Loss):
    """A critic that looks at one sample at a time: `L_D = E on_real(D(x)) + E on_fake(D(G(z)))`."""

    @abstractmethod
    def on_real(self, xp: Ops, value: Scalar) -> Scalar:
        """The critic's loss at `value = D(x)`."""

    @abstractmethod
    def on_fake(self, xp: Ops, value: Scalar) -> Scalar:
        """The critic's loss at `value = D(G(z))`."""

    def critic(self, xp: Ops, real: Scalar, fake: Scalar) -> Scalar:
        return self.on_fake(xp, fake) + self.on_real(xp, real)

    def mean_critic(self, xp: Ops, real: Mean, fake: Mean) -> Scalar:
        return fake(lambda b: self.on_fake(xp, b)) + real(lambda a: self.on_real(xp, a))


@dataclass(frozen=True)
class Opposed(Separable):
    """Zero-sum: `L_G = -L_D`."""

    def generator(self, xp: Ops, real: Scalar, fake: Scalar) -> Scalar:
        return -self.critic(xp, real, fake)

    def mean_generator(self, xp: Ops, real: Mean, fake: Mean) -> Scalar:
        return -self.mean_critic(xp, real, fake)


@dataclass(frozen=True)
class GeneralSum(Separable):
    """A generator with a loss of its own, on its own samples: `L_G = E made(D(G(z)))`."""

    @abstractmethod
    def made(self, xp: Ops, value: Scalar) -> Scalar:
        """The generator's loss at `value = D(G(z))`."""

    def generator(self, xp: Ops, real: Scalar, fake: Scalar) -> Scalar:
        del real
        return self.made(xp, fake)

    def mean_generator(self, xp: Ops, real: Mean, fake: Mean) -> Scalar:
        del real
        return fake(lambda b: self.made(xp, b))


@dataclass(frozen=True)
class Symmetric(Separable):
    """`L_D = -(f(D(G(z))) + f(-D(x)))`: one function for both sides."""

    @abstractmethod
    def f(self, xp: Ops, t: Scalar) -> Scalar:
        """`f(t)`, increasing at 0."""

    def as_germ(self, xp: Ops, t: Scalar) -> Scalar:
        """`f(t)`, as an interpreter that may know it by its germ sees it."""
        return germ(xp, "f", self.f, t)

    def on_real(self, xp: Ops, value: Scalar) -> Scalar:
        return -self.as_germ(xp, -value)

    def on_fake(self, xp: Ops, value: Scalar) -> Scalar:
        return -self.as_germ(xp, value)


@dataclass(frozen=True)
class ZeroSum(Symmetric, Opposed):
    """`L_D = -L_G = -(f(D(G(z))) + f(-D(x)))`."""


@dataclass(frozen=True)
class Logistic(ZeroSum):
    """`f(t) = -log(1 + e^-t)`: the original GAN, zero-sum ("saturating").

    Source: Goodfellow et al. 2014.
    """

    name: ClassVar[str] = "gan"
    formula: ClassVar[str] = "f(t) = -log(1 + exp(-t)), L_G = -L_D"
    source: ClassVar[str] = GOODFELLOW

    def f(self, xp: Ops, t: Scalar) -> Scalar:
        return log_sigmoid(xp, t)


@dataclass(frozen=True)
class NonSaturating(Symmetric, GeneralSum):
    """`f(t) = -log(1 + e^-t)` with `L_G = -f(-D(G(z)))`: general-sum.

    Source: Goodfellow et al. 2014.
    """

    name: ClassVar[str] = "nsgan"
    formula: ClassVar[str] = "f(t) = -log(1 + exp(-t)), L_G = -E f(-D(G(z)))"
    source: ClassVar[str] = GOODFELLOW

    def f(self, xp: Ops, t: Scalar) -> Scalar:
        return log_sigmoid(xp, t)

    def made(self, xp: Ops, value: Scalar) -> Scalar:
        return -self.as_germ(xp, -value)


@dataclass(frozen=True)
class Wasserstein(ZeroSum):
    """`f(t) = t`.

    Source: Arjovsky, Chintala & Bottou 2017.
    """

    name: ClassVar[str] = "wgan"
    formula: ClassVar[str] = "f(t) = t, L_G = -L_D"
    source: ClassVar[str] = "Arjovsky, Chintala & Bottou 2017, arXiv:1701.07875"

    def f(self, xp: Ops, t: Scalar) -> Scalar:
        del xp
        return t


@dataclass(frozen=True)
class LeastSquares(ZeroSum):
    """`f(t) = -(1 - t)^2 / 2`: labels -1 and 1.

    Source: Mao et al. 2017.
    """

    name: ClassVar[str] = "lsgan"
    formula: ClassVar[str] = "f(t) = -(1 - t)^2/2, L_G = -L_D"
    source: ClassVar[str] = MAO

    def f(self, xp: Ops, t: Scalar) -> Scalar:
        del xp
        return -(1 - t) * (1 - t) / 2


@dataclass(frozen=True)
class LeastSquares01(GeneralSum):
    """`L_D = E (D(x) + 1)^2/2 + E D(G(z))^2/2`, `L_G = E (D(G(z)) + 1)^2/2`.

    The labels 1 for data and 0 for generated samples of the paper, for a critic that is high on
    generated samples: with `-D` in the place of `D`.

    Source: Mao et al. 2017.
    """

    name: ClassVar[str] = "lsgan-01"
    formula: ClassVar[str] = "L_D = E (D(x) + 1)^2/2 + E D(G(z))^2/2, L_G = E (D(G(z)) + 1)^2/2"
    source: ClassVar[str] = MAO

    def on_real(self, xp: Ops, value: Scalar) -> Scalar:
        del xp
        return (value + 1) * (value + 1) / 2

    def on_fake(self, xp: Ops, value: Scalar) -> Scalar:
        del xp
        return value * value / 2

    def made(self, xp: Ops, value: Scalar) -> Scalar:
        del xp
        return (value + 1) * (value + 1) / 2


@dataclass(frozen=True)
class Hinge(Symmetric, GeneralSum):
    """`f(t) = min(0, t - 1)` for the critic, `L_G = D(G(z))`.

    Source: Lim & Ye 2017; Miyato et al. 2018.
    """

    name: ClassVar[str] = "hinge"
    formula: ClassVar[str] = "f(t) = min(0, t - 1), L_G = E D(G(z))"
    source: ClassVar[str] = "Lim & Ye 2017, arXiv:1705.02894"

    def f(self, xp: Ops, t: Scalar) -> Scalar:
        (value,) = xp.minimum(xp.vector(t - 1), 0, "the hinge at 1")
        return value

    def made(self, xp: Ops, value: Scalar) -> Scalar:
        return germ(xp, "q", lambda _, t: t, value)


@dataclass(frozen=True)
class Exponential(ZeroSum):
    """`f(t) = 1 - e^-t`, as in boosting; the squared Hellinger distance has it, too.

    Source: Nowozin, Cseke & Tomioka 2016, for the squared Hellinger distance.
    """

    name: ClassVar[str] = "exponential"
    formula: ClassVar[str] = "f(t) = 1 - exp(-t), L_G = -L_D"
    source: ClassVar[str] = "Nowozin, Cseke & Tomioka 2016, arXiv:1606.00709"

    def f(self, xp: Ops, t: Scalar) -> Scalar:
        return 1 - xp.exp(-t)


@dataclass(frozen=True)
class Relativistic(Loss):
    """`L_G = -L_D = E f(D(G(z)) - D(x))` over pairs, `f(t) = -log(1 + e^-t)`.

    Source: Jolicoeur-Martineau 2019; Huang et al. 2024.
    """

    name: ClassVar[str] = "rpgan"
    formula: ClassVar[str] = "f(t) = -log(1 + exp(-t)), L_G = -L_D = E f(D(G(z)) - D(x))"
    source: ClassVar[str] = "Jolicoeur-Martineau 2019, arXiv:1807.00734; Huang et al. 2024, arXiv:2501.05441"

    def critic(self, xp: Ops, real: Scalar, fake: Scalar) -> Scalar:
        return -germ(xp, "f", log_sigmoid, fake - real)

    def generator(self, xp: Ops, real: Scalar, fake: Scalar) -> Scalar:
        return -self.critic(xp, real, fake)


@dataclass(frozen=True)
class Germ(ZeroSum):
    """`f(t) = f'(0) t + f''(0) t^2/2`: any loss, as far as linear stability can see it.

    Args:
        f1: `f'(0)`, not 0.
        f2: `f''(0)`.
    """

    f1: Scalar = hyper("f1")
    f2: Scalar = hyper("f2")

    name: ClassVar[str] = "germ"
    formula: ClassVar[str] = "f(t) = f'(0) t + f''(0) t^2/2, L_G = -L_D"
    source: ClassVar[str] = MESCHEDER

    def f(self, xp: Ops, t: Scalar) -> Scalar:
        del xp
        return self.f1 * t + self.f2 * t * t / 2


def named(loss: Loss | str) -> Loss:
    """The loss itself, or the one of that name in the registry."""
    if isinstance(loss, Loss):
        return loss
    if not isinstance(loss, str):
        raise mistaken("a loss must be a Loss or the name of one", loss, "Dirac('gan') or Dirac(Logistic())")
    losses = declared(importlib.import_module("stabcheck.declare.losses"), Loss)
    if loss not in losses:
        raise unknown("loss", loss, losses)
    return losses[loss]()


def log_sigmoid(xp: Ops, t: Scalar) -> Scalar:
    """`-log(1 + e^-t)`."""
    return -xp.softplus(-t)


def germ(xp: Ops, name: str, f: Callable[[Ops, Scalar], Scalar], t: Scalar) -> Scalar:
    """`f(t)`, as an interpreter that may know it by its germ sees it."""
    return xp.germ(name, lambda s: f(xp, s), t)
