"""The gradient-norm regulariser of Nagarajan & Kolter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stabcheck.core.hyper import hyper
from stabcheck.core.oracle import Ops, Scalar, Vector, sum_of
from stabcheck.declare.games.game import Game, Losses, Penalty
from stabcheck.declare.games.gan import Adversarial, adversarial_of
from stabcheck.declare.penalties.consensus import own_gradient
from stabcheck.declare.penalties.penalty import on_generators


@dataclass(frozen=True)
class NagarajanKolter(Penalty):
    """`L_G += eta |grad_psi L_D|^2`; the discriminator's loss stays as it is.

    Args:
        eta: strength; no half in front.

    Source: Nagarajan & Kolter 2017.
    """

    eta: Scalar = hyper("eta")

    needs: ClassVar[type[Game]] = Adversarial
    name: ClassVar[str] = "nk"
    formula: ClassVar[str] = "L_G += eta |grad_psi L_D|^2"
    source: ClassVar[str] = "Nagarajan & Kolter 2017, arXiv:1706.04156"

    def losses(self, xp: Ops, game: Game, losses: Losses) -> Losses:
        gan = adversarial_of(game, self.name)

        def term(*x: Vector) -> Scalar:
            _, critics = gan.sides(range(len(x)))
            slopes = [own_gradient(xp, losses, i, x) for i in critics]
            return self.eta * sum_of(slope @ slope for slope in slopes)

        return on_generators(gan, losses, term)
