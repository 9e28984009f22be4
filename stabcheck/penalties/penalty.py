"""The shape of a penalty."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from stabcheck.games.game import Game, Losses
from stabcheck.hyper import Declaration
from stabcheck.oracle import Ops, Scalar, Vector


@dataclass(frozen=True)
class Penalty(Declaration):
    """What is done to a game to make it converge. A final class overrides what it needs.

    Class attribute `needs`: the games that it has a meaning for.
    """

    needs: ClassVar[type[Game]] = Game

    def gan(self, gan: Game) -> Game:
        """The game itself changed, instance noise for one."""
        return gan

    def losses(self, xp: Ops, game: Game, losses: Losses) -> Losses:
        """The losses with this penalty's terms added.

        Args:
            xp: the interpreter's arithmetic.
            game: the game as the penalties up to this one left it.
            losses: maps one vector per player to one scalar per player.
        """
        del xp, game
        return losses

    def project(self, xp: Ops, *x: Vector) -> tuple[Vector, ...]:
        """Where the players are put after each step, weight clipping for one."""
        del xp
        return x


def on_critic(losses: Losses, term: Callable[[Vector, Vector], Scalar]) -> Losses:
    """The losses of a GAN with a term of `(theta, psi)` added to the critic's."""

    def penalised(theta: Vector, psi: Vector) -> tuple[Scalar, Scalar]:
        generator, critic = losses(theta, psi)
        return generator, critic + term(theta, psi)

    return penalised
