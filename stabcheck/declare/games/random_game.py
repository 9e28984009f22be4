"""A game without any symmetry."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from stabcheck.core.errors import BadInput
from stabcheck.core.hyper import NONNEGATIVE, count_to, hyper
from stabcheck.core.oracle import Ops, Scalar, Vector
from stabcheck.declare.games.blocks import applied
from stabcheck.declare.games.game import Game

LETTERS = "xyuw"


@dataclass(frozen=True)
class Random(Game):
    """`L_i = w^T A_i w/20 + (b_i . w)(c_i . w)^2/10 + (1 + damping) |w_i|^2/2`, `w = x - rest`.

    General-sum. Integers from a seed; nothing commutes and nothing is symmetric, so that a transposed
    block or a swapped player is seen.

    Args:
        damping: added curvature in each player's own coordinates.
        instance: seed of the random integers.
        sizes: the number of coordinates of each player.
    """

    damping: Scalar = hyper("damping", domain=NONNEGATIVE, help="added curvature of each player's own loss")
    instance: int = hyper(
        "instance", domain=count_to(10000, least=0), help="seed of the random integers", default=0
    )
    sizes: tuple[int, ...] = (2, 3)

    name: ClassVar[str] = "random"
    formula: ClassVar[str] = "L_i = w A_i w/20 + (b_i w)(c_i w)^2/10 + (1 + damping) |w_i|^2/2, w = x - rest"
    source: ClassVar[str] = "a test of every law on a game without symmetry, 2026"

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 1 <= len(self.sizes) <= len(LETTERS) or min(self.sizes) < 1:
            raise BadInput(f"sizes must hold 1 to {len(LETTERS)} numbers of coordinates, not {self.sizes}")

    @property
    def variables(self) -> tuple[str, ...]:
        return tuple(LETTERS[: len(self.sizes)])

    @property
    def dims(self) -> tuple[int, ...]:
        return self.sizes

    def equilibrium(self, xp: Ops, *t: Scalar) -> tuple[Vector, ...]:
        del t
        draw = integers(self.instance)
        return tuple(xp.vector(*(next(draw) for _ in range(dim))) for dim in self.dims)

    def losses(self, xp: Ops, *x: Vector) -> tuple[Scalar, ...]:
        away = [own - at for own, at in zip(x, self.equilibrium(xp), strict=True)]
        w = xp.vector(*(own[k] for own in away for k in range(len(own))))
        return tuple(self._loss(xp, i, w, own) for i, own in enumerate(away))

    def _loss(self, xp: Ops, i: int, w: Vector, own: Vector) -> Scalar:
        draw, n = integers(self.instance + 7 * (i + 1)), sum(self.sizes)
        rows = [[next(draw) for _ in range(n)] for _ in range(n + 2)]
        first, second = (xp.vector(*row) @ w for row in rows[n:])
        square = w @ applied(xp, rows[:n], w) / 20 + (1 + self.damping) * (own @ own) / 2
        return square + first * second * second / 10


def integers(seed: int) -> Iterator[int]:
    """Whole numbers from -5 to 5 without end."""
    rng = random.Random(seed)
    while True:
        yield rng.randint(-5, 5)
