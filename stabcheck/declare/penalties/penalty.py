"""The shape of a penalty."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from stabcheck.core.hyper import Declaration
from stabcheck.core.oracle import Ops, Scalar, Vector
from stabcheck.declare.games.game import Adversarial, Game, Losses


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

    def project(self, xp: Ops, game: Game, *x: Vector) -> tuple[Vector, ...]:
        """Where the players are put after each step, weight clipping for one."""
        del xp, game
        return x


def on_critics(
    game: Adversarial, losses: Losses, term: Callable[[Sequence[Vector], Vector], Scalar]
) -> Losses:
    """The losses with `term(theta, psi)` added to each critic's, `theta` with all generators."""

    def penalised(*x: Vector) -> tuple[Scalar, ...]:
        theta, critics = game.sides(x)
        made, judged = game.sides(losses(*x))
        added = (loss + term(theta, psi) for loss, psi in zip(judged, critics, strict=True))
        return *made, *added

    return penalised


def on_generators(game: Adversarial, losses: Losses, term: Callable[..., Scalar]) -> Losses:
    """The losses with `term(*x)`, of one vector per player, added to each generator's."""

    def penalised(*x: Vector) -> tuple[Scalar, ...]:
        made, judged = game.sides(losses(*x))
        added = term(*x)
        return *(loss + added for loss in made), *judged

    return penalised
