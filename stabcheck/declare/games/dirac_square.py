"""Point masses under a square discriminator: a line of equilibria."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stabcheck.core.hyper import NONZERO, hyper
from stabcheck.core.oracle import Ops, Scalar, Vector
from stabcheck.declare.games.gan import GAN, OnePoint
from stabcheck.declare.laws import Law, Point
from stabcheck.declare.losses.loss import Loss


@dataclass(frozen=True)
class DiracSquare(OnePoint, GAN):
    """`p_data = delta_0`, `p_theta = delta_theta`, `D(x; psi) = psi x^2`: rests where `theta = 0`.

    Args:
        loss: a `Loss`, or the registry name of one.
        t: which of the equilibria `(0, t)` is meant.

    Source: Kim et al. 2018, Lemma 3, with the other sign of `D`.
    """

    loss: Loss | str = "gan"
    t: Scalar = hyper("t", domain=NONZERO, help="psi at the equilibrium, on a line of them")

    name: ClassVar[str] = "dirac-square"
    formula: ClassVar[str] = "D(x) = psi x^2, data at 0, generator at theta; rests at (0, t) for every t"
    source: ClassVar[str] = "Kim et al. 2018, arXiv:1810.02528"

    @property
    def dims(self) -> tuple[int, ...]:
        return 1, 1

    @property
    def along(self) -> tuple[Scalar, ...]:
        return (self.t,)

    def equilibrium(self, xp: Ops, *t: Scalar) -> tuple[Vector, ...]:
        return xp.zeros(1), xp.vector(*(t or self.along))

    def discriminator(self, xp: Ops, psi: Vector, x: Vector) -> Scalar:
        del xp
        return psi[0] * (x @ x)

    def real(self, xp: Ops) -> Law:
        return Point(xp.zeros(1))
