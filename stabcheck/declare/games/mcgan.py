"""Matching of a mean feature: a line of equilibria."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stabcheck.core.hyper import NONZERO, hyper
from stabcheck.core.oracle import Ops, Scalar, Vector
from stabcheck.declare.games.gan import Adversarial


@dataclass(frozen=True)
class MeanMatching(Adversarial):
    """`L_G = -L_D = |psi (E_data x - E_generated x)|^2`: with data at 0 at rest where `theta = 0`.

    Args:
        t: which of the equilibria `(0, t)` is meant.

    Source: Mroueh, Sercu & Goel 2017, on point masses.
    """

    t: Scalar = hyper("t", domain=NONZERO, help="psi at the equilibrium, on a line of them")

    name: ClassVar[str] = "mcgan"
    formula: ClassVar[str] = "L_G = -L_D = (psi theta)^2; rests at (0, t) for every t"
    source: ClassVar[str] = "Mroueh, Sercu & Goel 2017, arXiv:1702.08398"

    @property
    def dims(self) -> tuple[int, ...]:
        return 1, 1

    @property
    def along(self) -> tuple[Scalar, ...]:
        return (self.t,)

    def equilibrium(self, xp: Ops, *t: Scalar) -> tuple[Vector, ...]:
        return xp.zeros(1), xp.vector(*(t or self.along))

    def losses(self, xp: Ops, *x: Vector) -> tuple[Scalar, ...]:
        del xp
        (theta,), (psi,) = x
        value = psi * psi * theta * theta
        return value, -value
