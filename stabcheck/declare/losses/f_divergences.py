"""GANs that minimise an f-divergence between data and generated samples.

With the variational function `T = g(V)`, the critic maximises `E_data g(V) - E_generated f*(g(V))`.
Where both laws agree the best `V` is a constant `v*`, so that `V = v* - D` here: D is high on
generated samples and 0 at the optimum. Divergences and activations `g` are those of Nowozin, Cseke
& Tomioka 2016, Tables 2 and 6; the reverse Kullback-Leibler activation is `-e^-v`, which increases.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from stabcheck.core.hyper import hyper
from stabcheck.core.oracle import Ops, Scalar
from stabcheck.declare.losses.loss import Opposed, germ

NOWOZIN = "Nowozin, Cseke & Tomioka 2016, arXiv:1606.00709"


@dataclass(frozen=True)
class FDivergence(Opposed):
    """`L_D = -L_G = E f*(g(v* - D(G(z)))) - E g(v* - D(x))`, zero-sum."""

    source: ClassVar[str] = NOWOZIN

    @abstractmethod
    def activation(self, xp: Ops, v: Scalar) -> Scalar:
        """`g(v)`, whose range is the domain of the conjugate."""

    @abstractmethod
    def conjugate(self, xp: Ops, t: Scalar) -> Scalar:
        """`f*(t) = sup_u (u t - f(u))`."""

    def best(self, xp: Ops) -> Scalar:
        """`v*`, with `g(v*) = f'(1)`: the best `V` where data and generated samples agree."""
        del xp
        return 0

    def on_real(self, xp: Ops, value: Scalar) -> Scalar:
        return -germ(xp, "r", self._real, -value)

    def on_fake(self, xp: Ops, value: Scalar) -> Scalar:
        return -germ(xp, "f", self._fake, value)

    def _real(self, xp: Ops, t: Scalar) -> Scalar:
        return self.activation(xp, self.best(xp) + t)

    def _fake(self, xp: Ops, t: Scalar) -> Scalar:
        return -self.conjugate(xp, self.activation(xp, self.best(xp) - t))


@dataclass(frozen=True)
class KullbackLeibler(FDivergence):
    """`f(u) = u log u`: `g(v) = v`, `f*(t) = e^(t - 1)`."""

    name: ClassVar[str] = "f-kl"
    formula: ClassVar[str] = "f-GAN, Kullback-Leibler: g(v) = v, f*(t) = exp(t - 1)"

    def activation(self, xp: Ops, v: Scalar) -> Scalar:
        del xp
        return v

    def conjugate(self, xp: Ops, t: Scalar) -> Scalar:
        return xp.exp(t - 1)

    def best(self, xp: Ops) -> Scalar:
        del xp
        return 1


@dataclass(frozen=True)
class ReverseKL(FDivergence):
    """`f(u) = -log u`: `g(v) = -e^-v`, `f*(t) = -1 - log(-t)`."""

    name: ClassVar[str] = "f-reverse-kl"
    formula: ClassVar[str] = "f-GAN, reverse Kullback-Leibler: g(v) = -exp(-v), f*(t) = -1 - log(-t)"

    def activation(self, xp: Ops, v: Scalar) -> Scalar:
        return -xp.exp(-v)

    def conjugate(self, xp: Ops, t: Scalar) -> Scalar:
        return -1 - xp.log(-t)


@dataclass(frozen=True)
class Pearson(FDivergence):
    """`f(u) = (u - 1)^2`: `g(v) = v`, `f*(t) = t^2/4 + t`."""

    name: ClassVar[str] = "f-pearson"
    formula: ClassVar[str] = "f-GAN, Pearson chi^2: g(v) = v, f*(t) = t^2/4 + t"

    def activation(self, xp: Ops, v: Scalar) -> Scalar:
        del xp
        return v

    def conjugate(self, xp: Ops, t: Scalar) -> Scalar:
        del xp
        return t * t / 4 + t


@dataclass(frozen=True)
class Neyman(FDivergence):
    """`f(u) = (1 - u)^2/u`: `g(v) = 1 - e^-v`, `f*(t) = 2 - 2 sqrt(1 - t)`."""

    name: ClassVar[str] = "f-neyman"
    formula: ClassVar[str] = "f-GAN, Neyman chi^2: g(v) = 1 - exp(-v), f*(t) = 2 - 2 sqrt(1 - t)"

    def activation(self, xp: Ops, v: Scalar) -> Scalar:
        return 1 - xp.exp(-v)

    def conjugate(self, xp: Ops, t: Scalar) -> Scalar:
        return 2 - 2 * xp.sqrt(1 - t)


@dataclass(frozen=True)
class SquaredHellinger(FDivergence):
    """`f(u) = (sqrt(u) - 1)^2`: `g(v) = 1 - e^-v`, `f*(t) = t/(1 - t)`."""

    name: ClassVar[str] = "f-hellinger"
    formula: ClassVar[str] = "f-GAN, squared Hellinger: g(v) = 1 - exp(-v), f*(t) = t/(1 - t)"

    def activation(self, xp: Ops, v: Scalar) -> Scalar:
        return 1 - xp.exp(-v)

    def conjugate(self, xp: Ops, t: Scalar) -> Scalar:
        del xp
        return t / (1 - t)


@dataclass(frozen=True)
class Jeffrey(FDivergence):
    """`f(u) = (u - 1) log u`: `g(v) = v`, `f*(t) = W + 1/W + t - 2`, `W = W(e^(1 - t))` of Lambert."""

    name: ClassVar[str] = "f-jeffrey"
    formula: ClassVar[str] = "f-GAN, Jeffrey: g(v) = v, f*(t) = W + 1/W + t - 2 with W = W(exp(1 - t))"

    def activation(self, xp: Ops, v: Scalar) -> Scalar:
        del xp
        return v

    def conjugate(self, xp: Ops, t: Scalar) -> Scalar:
        w = xp.lambertw(xp.exp(1 - t))
        return w + 1 / w + t - 2


@dataclass(frozen=True)
class JensenShannon(FDivergence):
    """`f(u) = u log u - (u + 1) log((u + 1)/2)`: `g(v) = log 2 - log(1 + e^-v)`, `f*(t) = -log(2 - e^t)`."""

    name: ClassVar[str] = "f-js"
    formula: ClassVar[str] = (
        "f-GAN, Jensen-Shannon: g(v) = log(2) - log(1 + exp(-v)), f*(t) = -log(2 - exp(t))"
    )

    def activation(self, xp: Ops, v: Scalar) -> Scalar:
        return xp.log(xp.vector(2)[0]) - xp.softplus(-v)

    def conjugate(self, xp: Ops, t: Scalar) -> Scalar:
        return -xp.log(2 - xp.exp(t))


@dataclass(frozen=True)
class WeightedJensenShannon(FDivergence):
    """`g(v) = -p log p - log(1 + e^-v)`, `f*(t) = (1 - p) log((1 - p)/(1 - p e^(t/p)))`.

    Args:
        share: the weight `p` of the data, in (0, 1); 1/2 is half the Jensen-Shannon divergence.
    """

    share: Scalar = hyper(
        "weight", domain="(0, 1)", help="weight of the data", tex="p", typical=Fraction(1, 2)
    )

    name: ClassVar[str] = "f-js-weighted"
    formula: ClassVar[str] = (
        "f-GAN, weighted Jensen-Shannon, p = weight: g(v) = -p log(p) - log(1 + exp(-v)),"
        " f*(t) = (1 - p) log((1 - p)/(1 - p exp(t/p)))"
    )

    def activation(self, xp: Ops, v: Scalar) -> Scalar:
        return -self.share * xp.log(self.share) - xp.softplus(-v)

    def conjugate(self, xp: Ops, t: Scalar) -> Scalar:
        p = self.share
        return (1 - p) * (xp.log(1 - p) - xp.log(1 - p * xp.exp(t / p)))

    def best(self, xp: Ops) -> Scalar:
        return -xp.log(xp.exp(-self.share * xp.log(self.share)) - 1)


@dataclass(frozen=True)
class ClassicGAN(FDivergence):
    """`f(u) = u log u - (u + 1) log(u + 1)`: `g(v) = -log(1 + e^-v)`, `f*(t) = -log(1 - e^t)`."""

    name: ClassVar[str] = "f-gan"
    formula: ClassVar[str] = "f-GAN, original GAN: g(v) = -log(1 + exp(-v)), f*(t) = -log(1 - exp(t))"

    def activation(self, xp: Ops, v: Scalar) -> Scalar:
        return -xp.softplus(-v)

    def conjugate(self, xp: Ops, t: Scalar) -> Scalar:
        return -xp.log(1 - xp.exp(t))


@dataclass(frozen=True)
class TotalVariation(FDivergence):
    """`f(u) = |u - 1|/2`: `g(v) = tanh(v)/2`, `f*(t) = t`."""

    name: ClassVar[str] = "f-tv"
    formula: ClassVar[str] = "f-GAN, total variation: g(v) = tanh(v)/2, f*(t) = t"

    def activation(self, xp: Ops, v: Scalar) -> Scalar:
        return xp.tanh(v) / 2

    def conjugate(self, xp: Ops, t: Scalar) -> Scalar:
        del xp
        return t


@dataclass(frozen=True)
class AlphaAbove(FDivergence):
    """`g(v) = v`, `f*(t) = ((a - 1) t + 1)^(a/(a - 1))/a - 1/a`, the alpha-divergence with `a > 1`.

    Args:
        a: its order.
    """

    a: Scalar = hyper(
        "a_above", domain="> 1", help="order of the divergence, above 1", tex="a", typical=Fraction(2)
    )

    name: ClassVar[str] = "f-alpha-above"
    formula: ClassVar[str] = (
        "f-GAN, alpha-divergence, a = a_above > 1: g(v) = v, f*(t) = ((a - 1) t + 1)^(a/(a - 1))/a - 1/a"
    )

    def activation(self, xp: Ops, v: Scalar) -> Scalar:
        del xp
        return v

    def conjugate(self, xp: Ops, t: Scalar) -> Scalar:
        return _alpha_conjugate(xp, self.a, t)


@dataclass(frozen=True)
class AlphaBelow(FDivergence):
    """`g(v) = 1/(1 - a) - log(1 + e^-v)`, `f*` as above, the alpha-divergence with `a < 1`.

    Args:
        a: its order, not 0.
    """

    a: Scalar = hyper(
        "a_below", domain="< 1 != 0", help="order of the divergence, below 1", tex="a", typical=Fraction(1, 2)
    )

    name: ClassVar[str] = "f-alpha-below"
    formula: ClassVar[str] = (
        "f-GAN, alpha-divergence, a = a_below < 1: g(v) = 1/(1 - a) - log(1 + exp(-v)),"
        " f*(t) = ((a - 1) t + 1)^(a/(a - 1))/a - 1/a"
    )

    def activation(self, xp: Ops, v: Scalar) -> Scalar:
        return 1 / (1 - self.a) - xp.softplus(-v)

    def conjugate(self, xp: Ops, t: Scalar) -> Scalar:
        return _alpha_conjugate(xp, self.a, t)

    def best(self, xp: Ops) -> Scalar:
        return -xp.log(xp.exp(1 / (1 - self.a)) - 1)


def _alpha_conjugate(xp: Ops, a: Scalar, t: Scalar) -> Scalar:
    """`((a - 1) t + 1)^(a/(a - 1))/a - 1/a`; the base is positive on the domain."""
    return (xp.exp(a / (a - 1) * xp.log((a - 1) * t + 1)) - 1) / a
