"""What penalties have in common: terms on the losses of one side."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from stabcheck.core.oracle import Scalar, Vector
from stabcheck.declare.games.game import Losses
from stabcheck.declare.games.gan import Adversarial


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
