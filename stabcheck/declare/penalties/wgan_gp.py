"""Gradient penalties that draw the norm of the slope to a target."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from stabcheck.core.hyper import hyper
from stabcheck.core.oracle import Ops, Scalar, Vector
from stabcheck.declare.games.game import Game, Losses, Penalty
from stabcheck.declare.games.gan import GAN, gan_of
from stabcheck.declare.laws import Law, Noisy, Segment, StandardNormal
from stabcheck.declare.penalties.penalty import on_critics


@dataclass(frozen=True)
class NormTarget(Penalty):
    """`L_D += gamma/2 E (|grad_x D| - g0)^2` over a law of points.

    The norm has a kink where `grad_x D = 0`.
    """

    gamma: Scalar = hyper("gamma")
    g0: Scalar = hyper("g0")

    needs: ClassVar[type[Game]] = GAN

    @abstractmethod
    def law(self, xp: Ops, gan: GAN, theta: Sequence[Vector]) -> Law:
        """Where the slope is penalised."""

    def losses(self, xp: Ops, game: Game, losses: Losses) -> Losses:
        gan = gan_of(game, self.name)

        def term(theta: Sequence[Vector], psi: Vector) -> Scalar:
            def excess(x: Vector) -> Scalar:
                slope = xp.grad(lambda y: gan.discriminator(xp, psi, y), x)
                gap = xp.norm(slope, "|grad_x D|") - self.g0
                return gap * gap

            return self.gamma / 2 * self.law(xp, gan, theta).expect(xp, excess)

        return on_critics(gan, losses, term)


@dataclass(frozen=True)
class WganGP(NormTarget):
    """`L_D += gamma/2 E (|grad_x D| - g0)^2` on segments between the data and generated samples.

    Args:
        gamma: strength; note the half in front.
        g0: the norm that the slope is drawn to.

    Source: Gulrajani et al. 2017.
    """

    name: ClassVar[str] = "wgan-gp"
    formula: ClassVar[str] = "L_D += gamma/2 E_segments (|grad_x D| - g0)^2"
    source: ClassVar[str] = "Gulrajani et al. 2017, arXiv:1704.00028"

    def law(self, xp: Ops, gan: GAN, theta: Sequence[Vector]) -> Law:
        return Segment(gan.real(xp), gan.fake(xp, *theta))


@dataclass(frozen=True)
class Dragan(NormTarget):
    """`L_D += gamma/2 E (|grad_x D(x + sigma e)| - g0)^2` around the data, `e ~ N(0, I)`.

    Args:
        gamma: strength; note the half in front.
        g0: the norm that the slope is drawn to; 1 in the paper.
        sigma: standard deviation of the noise.

    Source: Kodali et al. 2017.
    """

    sigma: Scalar = hyper("sigma", typical=Fraction(1, 2))

    name: ClassVar[str] = "dragan"
    formula: ClassVar[str] = "L_D += gamma/2 E_data (|grad_x D(x + sigma e)| - g0)^2, e ~ N(0, I)"
    source: ClassVar[str] = "Kodali et al. 2017, arXiv:1705.07215"

    def law(self, xp: Ops, gan: GAN, theta: Sequence[Vector]) -> Law:
        del theta
        data = gan.real(xp)
        return Noisy(data, StandardNormal(data.dim), self.sigma)
