"""The game of the Chekhov GAN."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stabcheck.core.oracle import Ops, Scalar, Vector
from stabcheck.declare.games.gan import Adversarial


@dataclass(frozen=True)
class Box(Adversarial):
    """`min_u max_v u v` on `[-1, 1]^2`: after each step both are put back into the box.

    Source: Grnarova et al. 2018.
    """

    name: ClassVar[str] = "box"
    formula: ClassVar[str] = "min_u max_v u v with u and v put back into [-1, 1] after each step"
    source: ClassVar[str] = "Grnarova et al. 2018, arXiv:1706.03269"

    @property
    def variables(self) -> tuple[str, ...]:
        return "u", "v"

    @property
    def dims(self) -> tuple[int, ...]:
        return 1, 1

    def equilibrium(self, xp: Ops, *t: Scalar) -> tuple[Vector, ...]:
        del t
        return xp.zeros(1), xp.zeros(1)

    def losses(self, xp: Ops, *x: Vector) -> tuple[Scalar, ...]:
        del xp
        (u,), (v,) = x
        return u * v, -u * v

    def project(self, xp: Ops, *x: Vector) -> tuple[Vector, ...]:
        return tuple(xp.minimum(xp.maximum(own, -1, "the box at -1"), 1, "the box at 1") for own in x)
