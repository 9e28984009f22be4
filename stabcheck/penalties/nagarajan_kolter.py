"""The gradient-norm regulariser of Nagarajan & Kolter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stabcheck.games.game import GAN, Game, Losses, gan_of
from stabcheck.hyper import hyper
from stabcheck.oracle import Ops, Scalar, Vector
from stabcheck.penalties.consensus import own_gradient
from stabcheck.penalties.penalty import Penalty


@dataclass(frozen=True)
class NagarajanKolter(Penalty):
    """`L_G += eta |grad_psi L_D|^2`; the discriminator's loss stays as it is.

    Args:
        eta: strength; no half in front.

    Source: Nagarajan & Kolter 2017.
    """

    eta: Scalar = hyper("eta")

    needs: ClassVar[type[Game]] = GAN
    name: ClassVar[str] = "nk"
    formula: ClassVar[str] = "L_G += eta |grad_psi L_D|^2"
    source: ClassVar[str] = "Nagarajan & Kolter 2017, arXiv:1706.04156"

    def losses(self, xp: Ops, game: Game, losses: Losses) -> Losses:
        gan_of(game, self.name)

        def penalised(theta: Vector, psi: Vector) -> tuple[Scalar, Scalar]:
            generator, critic = losses(theta, psi)
            slope = own_gradient(xp, losses, 1, (theta, psi))
            return generator + self.eta * (slope @ slope), critic

        return penalised
