"""Weight clipping."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stabcheck.games.game import GAN, Game, Losses, gan_of
from stabcheck.hyper import hyper
from stabcheck.oracle import Ops, Scalar, Vector
from stabcheck.penalties.penalty import Penalty


@dataclass(frozen=True)
class Clip(Penalty):
    """After each step, each entry of `psi` is put into `[-w, w]`.

    Args:
        w: the bound, > 0.

    Source: Arjovsky, Chintala & Bottou 2017.
    """

    w: Scalar = hyper("w")

    needs: ClassVar[type[Game]] = GAN
    name: ClassVar[str] = "clip"
    formula: ClassVar[str] = "after each step, psi := min(max(psi, -w), w)"
    source: ClassVar[str] = "Arjovsky, Chintala & Bottou 2017, arXiv:1701.07875"

    def losses(self, xp: Ops, game: Game, losses: Losses) -> Losses:
        del xp
        gan_of(game, self.name)
        return losses

    def project(self, xp: Ops, *x: Vector) -> tuple[Vector, ...]:
        theta, psi = x
        at_least = xp.maximum(psi, -self.w, "clipping at -w")
        return theta, xp.minimum(at_least, self.w, "clipping at w")
