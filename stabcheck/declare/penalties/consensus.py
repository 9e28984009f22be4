"""Consensus optimisation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stabcheck.core.hyper import hyper
from stabcheck.core.oracle import Ops, Scalar, Vector, sum_of
from stabcheck.declare.games.game import Game, Losses, Penalty


@dataclass(frozen=True)
class Consensus(Penalty):
    """`L_i += gamma/2 |v|^2` for every player, so `v` becomes `v - gamma grad(|v|^2/2)`.

    Args:
        gamma: strength; note the half in front.

    Source: Mescheder, Nowozin & Geiger 2017.
    """

    gamma: Scalar = hyper("gamma")

    name: ClassVar[str] = "consensus"
    formula: ClassVar[str] = "L_i += gamma/2 |v|^2 for each player i"
    source: ClassVar[str] = "Mescheder, Nowozin & Geiger 2017, arXiv:1705.10461"

    def losses(self, xp: Ops, game: Game, losses: Losses) -> Losses:
        del game

        def penalised(*x: Vector) -> tuple[Scalar, ...]:
            own = [own_gradient(xp, losses, i, x) for i in range(len(x))]
            speed = self.gamma / 2 * sum_of(g @ g for g in own)
            return tuple(loss + speed for loss in losses(*x))

        return penalised


def own_gradient(xp: Ops, losses: Losses, i: int, x: tuple[Vector, ...]) -> Vector:
    """`d_i L_i(x)`: the gradient of player `i`'s loss in its own coordinates."""
    return xp.grad(lambda own: losses(*x[:i], own, *x[i + 1 :])[i], x[i])
