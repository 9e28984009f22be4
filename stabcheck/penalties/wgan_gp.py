"""The gradient penalty of WGAN-GP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stabcheck.games.game import GAN, Game, Losses, gan_of
from stabcheck.hyper import hyper
from stabcheck.oracle import Ops, Scalar, Vector
from stabcheck.penalties.penalty import Penalty, on_critic


@dataclass(frozen=True)
class WganGP(Penalty):
    """`L_D += gamma/2 E_data (|grad_x D| - g0)^2`.

    The norm has a kink where `grad_x D = 0`. On the Dirac-GAN the slope is the same everywhere,
    so taking the mean over the data loses nothing against the paper's segments.

    Args:
        gamma: strength; note the half in front.
        g0: the norm that the slope is drawn to.

    Source: Gulrajani et al. 2017.
    """

    gamma: Scalar = hyper("gamma")
    g0: Scalar = hyper("g0")

    needs: ClassVar[type[Game]] = GAN
    name: ClassVar[str] = "wgan-gp"
    formula: ClassVar[str] = "L_D += gamma/2 E_data (|grad_x D| - g0)^2"
    source: ClassVar[str] = "Gulrajani et al. 2017, arXiv:1704.00028"

    def losses(self, xp: Ops, game: Game, losses: Losses) -> Losses:
        gan = gan_of(game, self.name)

        def term(theta: Vector, psi: Vector) -> Scalar:
            del theta

            def excess(x: Vector) -> Scalar:
                slope = xp.grad(lambda y: gan.discriminator(xp, psi, y), x)
                gap = xp.norm(slope, "|grad_x D|") - self.g0
                return gap * gap

            return self.gamma / 2 * gan.real(xp).expect(xp, excess)

        return on_critic(losses, term)
