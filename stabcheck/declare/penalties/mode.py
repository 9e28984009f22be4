"""The encoder regularisers of mode-regularised GANs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stabcheck.core.hyper import NONNEGATIVE, hyper
from stabcheck.core.oracle import Ops, Scalar, Vector, sum_of
from stabcheck.declare.games.game import Game, Losses, Penalty
from stabcheck.declare.games.gan import GAN, gan_of
from stabcheck.declare.losses.loss import named
from stabcheck.declare.penalties.penalty import on_generators


@dataclass(frozen=True)
class ModeRegularised(Penalty):
    """`L_G += lam1 E |x - G(E(x))|^2 + lam2 E generator(D(G(E(x))))` with an encoder `E`.

    The encoder is the game's `encoded`; a generator of one point has no choice, whatever it is.

    Args:
        lam1: weight of the reconstruction.
        lam2: weight of the term by which reconstructed samples look real.

    Source: Che et al. 2017.
    """

    lam1: Scalar = hyper("lam1", domain=NONNEGATIVE, help="weight of the reconstruction", tex=r"\lambda_1")
    lam2: Scalar = hyper(
        "lam2", domain=NONNEGATIVE, help="weight of the loss on reconstructed samples", tex=r"\lambda_2"
    )

    needs: ClassVar[type[Game]] = GAN
    name: ClassVar[str] = "mode"
    formula: ClassVar[str] = "L_G += lam1 E |x - G(E(x))|^2 + lam2 E generator(D(G(E(x)))), encoder E"
    source: ClassVar[str] = "Che et al. 2017, arXiv:1612.02136"

    def losses(self, xp: Ops, game: Game, losses: Losses) -> Losses:
        gan = gan_of(game, self.name)
        loss = named(gan.loss)

        def term(*x: Vector) -> Scalar:
            theta, critics = gan.sides(x)

            def at(data: Vector) -> Scalar:
                remade = gan.encoded(xp, data, *theta)
                gap = data - remade
                seen = (
                    loss.generator(xp, gan.discriminator(xp, psi, data), gan.discriminator(xp, psi, remade))
                    for psi in critics
                )
                return self.lam1 * (gap @ gap) + self.lam2 / len(critics) * sum_of(seen)

            return gan.real(xp).expect(xp, at)

        return on_generators(gan, losses, term)
