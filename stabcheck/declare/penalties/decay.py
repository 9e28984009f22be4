"""Weight decay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stabcheck.core.hyper import hyper
from stabcheck.core.oracle import Ops, Steps, Vector, each
from stabcheck.declare.games.game import Game, Losses, Penalty


@dataclass(frozen=True)
class WeightDecay(Penalty):
    """`L_i += gamma_i/2 |x_i|^2` for every player; it draws to the origin, wherever the equilibrium is.

    Args:
        lam: one strength for all players, or one each; note the half in front.

    Source: Krogh & Hertz 1991.
    """

    lam: Steps = hyper("gamma", per_player=True)

    name: ClassVar[str] = "decay"
    formula: ClassVar[str] = "L_i += gamma_i/2 |x_i|^2 for each player i"
    source: ClassVar[str] = "Krogh & Hertz 1991, A simple weight decay can improve generalization"

    def losses(self, xp: Ops, game: Game, losses: Losses) -> Losses:
        del xp, game

        def penalised(*x: Vector) -> tuple[Vector, ...]:
            strengths = each(self.lam, len(x))
            return tuple(
                loss + lam / 2 * (own @ own) for loss, lam, own in zip(losses(*x), strengths, x, strict=True)
            )

        return penalised
