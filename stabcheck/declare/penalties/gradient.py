"""Zero-centred gradient penalties on the discriminator."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from stabcheck.core.hyper import hyper, setting
from stabcheck.core.oracle import Ops, Scalar, Vector
from stabcheck.declare.games.game import Game, Losses, Penalty
from stabcheck.declare.games.gan import GAN, gan_of
from stabcheck.declare.laws import Law, Mixture, Segment
from stabcheck.declare.penalties.penalty import on_critics

SOURCE = "Mescheder, Geiger & Nowozin 2018, arXiv:1801.04406"


@dataclass(frozen=True)
class GradientPenalty(Penalty):
    """`L_D += strength/2 E |grad_x D|^2` over a law of points."""

    needs: ClassVar[type[Game]] = GAN

    @abstractmethod
    def law(self, xp: Ops, gan: GAN, theta: Sequence[Vector]) -> Law:
        """Where the slope is penalised."""

    @abstractmethod
    def strength(self) -> Scalar:
        """What stands before the half."""

    def losses(self, xp: Ops, game: Game, losses: Losses) -> Losses:
        gan = gan_of(game, self.name)

        def term(theta: Sequence[Vector], psi: Vector) -> Scalar:
            return self.strength() / 2 * mean_squared_slope(xp, gan, psi, self.law(xp, gan, theta))

        return on_critics(gan, losses, term)


@dataclass(frozen=True)
class R1(GradientPenalty):
    """`L_D += gamma/2 E_data |grad_x D|^2`.

    Args:
        gamma: strength; note the half in front.
    """

    gamma: Scalar = hyper("gamma")

    name: ClassVar[str] = "gp"
    aliases: ClassVar[tuple[str, ...]] = ("r1",)
    formula: ClassVar[str] = "L_D += gamma/2 E_data |grad_x D|^2"
    source: ClassVar[str] = SOURCE

    def strength(self) -> Scalar:
        return self.gamma

    def law(self, xp: Ops, gan: GAN, theta: Sequence[Vector]) -> Law:
        del theta
        return gan.real(xp)


@dataclass(frozen=True)
class R2(GradientPenalty):
    """`L_D += gamma/2 E_generated |grad_x D|^2`; the generator's loss stays as it is.

    Args:
        gamma: strength; note the half in front.
    """

    gamma: Scalar = hyper("gamma")

    name: ClassVar[str] = "r2"
    formula: ClassVar[str] = "L_D += gamma/2 E_generated |grad_x D|^2"
    source: ClassVar[str] = SOURCE

    def strength(self) -> Scalar:
        return self.gamma

    def law(self, xp: Ops, gan: GAN, theta: Sequence[Vector]) -> Law:
        return gan.fake(xp, *theta)


@dataclass(frozen=True)
class SimpleGradientPenalty(GradientPenalty):
    """`L_D += gamma/2 mass E_mu |grad_x D|^2`: the simple gradient penalty of a measure `mu`.

    Args:
        rho: strength; note the half in front.
        mass: total mass of the measure.
        measure: `"data"`, `"generated"`, `"both"` (half each) or `"segment"` (between a sample of
            the data and a generated one, as in WGAN-GP).

    Source: Kim et al. 2018.
    """

    rho: Scalar = hyper("gamma")
    mass: Scalar = hyper("mass")
    measure: str = setting(
        "measure", "data", "where the slope is penalised", ("data", "generated", "both", "segment")
    )

    name: ClassVar[str] = "sgp"
    formula: ClassVar[str] = "L_D += gamma/2 mass E_mu |grad_x D|^2"
    source: ClassVar[str] = "Kim et al. 2018, arXiv:1810.02528"

    def strength(self) -> Scalar:
        return self.rho * self.mass

    def law(self, xp: Ops, gan: GAN, theta: Sequence[Vector]) -> Law:
        data, made = gan.real(xp), gan.fake(xp, *theta)
        laws = {
            "data": data,
            "generated": made,
            "both": Mixture((data, made)),
            "segment": Segment(data, made),
        }
        return laws[self.measure]


@dataclass(frozen=True)
class AnisotropicR1(Penalty):
    """`L_D += 1/2 E_data (gamma |d_1 D|^2 + gamma_t |d_k D|^2 summed over k > 1)`.

    Args:
        gamma: strength along the first axis of the data space.
        gamma_t: strength along the others.
    """

    gamma: Scalar = hyper("gamma")
    gamma_t: Scalar = hyper("gamma_t")

    needs: ClassVar[type[Game]] = GAN
    name: ClassVar[str] = "gp-anisotropic"
    formula: ClassVar[str] = "L_D += E_data (gamma |d_1 D|^2 + gamma_t |d_2.. D|^2)/2"
    source: ClassVar[str] = f"a variant of the zero-centred penalty of {SOURCE}"

    def losses(self, xp: Ops, game: Game, losses: Losses) -> Losses:
        gan = gan_of(game, self.name)

        def squared(psi: Vector, x: Vector) -> Scalar:
            slope = xp.grad(lambda y: gan.discriminator(xp, psi, y), x)
            across = slope[1:] @ slope[1:] if len(slope) > 1 else 0
            return self.gamma / 2 * slope[0] * slope[0] + self.gamma_t / 2 * across

        def term(theta: Sequence[Vector], psi: Vector) -> Scalar:
            del theta
            return gan.real(xp).expect(xp, lambda x: squared(psi, x))

        return on_critics(gan, losses, term)


def mean_squared_slope(xp: Ops, gan: GAN, psi: Vector, law: Law) -> Scalar:
    """`E |grad_x D(x; psi)|^2` over `x` from `law`."""

    def squared(x: Vector) -> Scalar:
        slope = xp.grad(lambda y: gan.discriminator(xp, psi, y), x)
        return slope @ slope

    return law.expect(xp, squared)
