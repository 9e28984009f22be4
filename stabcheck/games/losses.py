"""The losses of GANs, by their function `f`.

The critic maximises `E f(D(G(z))) + E f(-D(x))` (D is high on generated samples). The analysis
at rest sees `f` through `f'(0)` and `f''(0)` alone, so each formula holds for every `f`.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from stabcheck.errors import unknown
from stabcheck.hyper import Declaration, hyper
from stabcheck.oracle import Ops, Scalar

MESCHEDER = "Mescheder, Geiger & Nowozin 2018, arXiv:1801.04406"


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


@dataclass(frozen=True)
class ZeroSum(Loss):
    """`L_D = -L_G = -(f(D(G(z))) + f(-D(x)))`."""

    @abstractmethod
    def f(self, xp: Ops, t: Scalar) -> Scalar:
        """`f(t)`, increasing at 0."""

    def critic(self, xp: Ops, real: Scalar, fake: Scalar) -> Scalar:
        return -_value(xp, self.f, real, fake)

    def generator(self, xp: Ops, real: Scalar, fake: Scalar) -> Scalar:
        return _value(xp, self.f, real, fake)


@dataclass(frozen=True)
class Logistic(ZeroSum):
    """`f(t) = -log(1 + e^-t)`: the original GAN, zero-sum ("saturating").

    Source: Goodfellow et al. 2014.
    """

    name: ClassVar[str] = "gan"
    formula: ClassVar[str] = "f(t) = -log(1 + exp(-t)), L_G = -L_D"
    source: ClassVar[str] = "Goodfellow et al. 2014, arXiv:1406.2661"

    def f(self, xp: Ops, t: Scalar) -> Scalar:
        return _log_sigmoid(xp, t)


@dataclass(frozen=True)
class NonSaturating(Loss):
    """`f(t) = -log(1 + e^-t)` with `L_G = -f(-D(G(z)))`: general-sum.

    Source: Goodfellow et al. 2014.
    """

    name: ClassVar[str] = "nsgan"
    formula: ClassVar[str] = "f(t) = -log(1 + exp(-t)), L_G = -E f(-D(G(z)))"
    source: ClassVar[str] = "Goodfellow et al. 2014, arXiv:1406.2661"

    def critic(self, xp: Ops, real: Scalar, fake: Scalar) -> Scalar:
        return -_value(xp, _log_sigmoid, real, fake)

    def generator(self, xp: Ops, real: Scalar, fake: Scalar) -> Scalar:
        del real
        return -_germ(xp, _log_sigmoid)(-fake)


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
    source: ClassVar[str] = "Mao et al. 2017, arXiv:1611.04076"

    def f(self, xp: Ops, t: Scalar) -> Scalar:
        del xp
        return -(1 - t) * (1 - t) / 2


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
    """The loss itself, or the one of this module with that registry name."""
    if isinstance(loss, Loss):
        return loss
    found = {
        cls.name: cls
        for cls in globals().values()
        if isinstance(cls, type) and issubclass(cls, Loss) and cls.name
    }
    if loss not in found:
        raise unknown("loss", loss, found)
    return found[loss]()


def _log_sigmoid(xp: Ops, t: Scalar) -> Scalar:
    return -xp.softplus(-t)


def _germ(xp: Ops, f: Callable[[Ops, Scalar], Scalar]) -> Callable[[Scalar], Scalar]:
    return lambda t: xp.germ("f", lambda s: f(xp, s), t)


def _value(xp: Ops, f: Callable[[Ops, Scalar], Scalar], real: Scalar, fake: Scalar) -> Scalar:
    """`f(fake) + f(-real)`: what critic and generator play for."""
    known = _germ(xp, f)
    return known(fake) + known(-real)
