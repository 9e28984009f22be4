"""Weight clipping."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stabcheck.core.hyper import hyper
from stabcheck.core.oracle import Ops, Scalar, Vector
from stabcheck.declare.games.game import Game, Losses, Penalty
from stabcheck.declare.games.gan import Adversarial, adversarial_of


@dataclass(frozen=True)
class Clip(Penalty):
    """After each step, each entry of `psi` is put into `[-w, w]`.

    Args:
        w: the bound, > 0.

    Source: Arjovsky, Chintala & Bottou 2017.
    """

    w: Scalar = hyper("w")

    needs: ClassVar[type[Game]] = Adversarial
    name: ClassVar[str] = "clip"
    formula: ClassVar[str] = "after each step, psi := min(max(psi, -w), w)"
    source: ClassVar[str] = "Arjovsky, Chintala & Bottou 2017, arXiv:1701.07875"

    def losses(self, xp: Ops, game: Game, losses: Losses) -> Losses:
        del xp
        adversarial_of(game, self.name)
        return losses

    def project(self, xp: Ops, game: Game, *x: Vector) -> tuple[Vector, ...]:
        theta, critics = adversarial_of(game, self.name).sides(x)
        return *theta, *(self._clipped(xp, psi) for psi in critics)

    def _clipped(self, xp: Ops, psi: Vector) -> Vector:
        at_least = xp.maximum(psi, -self.w, "clipping at -w")
        return xp.minimum(at_least, self.w, "clipping at w")
