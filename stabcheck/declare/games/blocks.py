"""A realisable GAN, given by the matrices that its linearisation is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from stabcheck.core.errors import BadInput
from stabcheck.core.hyper import setting
from stabcheck.core.oracle import Ops, Scalar, Vector
from stabcheck.declare.games.gan import Adversarial

Rows = tuple[tuple[Any, ...], ...]


@dataclass(frozen=True)
class Blocks(Adversarial):
    """`v' = [[0, -K_DG^T], [K_DG, K_DD - L_DD]]`, as the quadratic game that has it.

    `L_G = psi^T K_DG theta`, `L_D = -psi^T K_DG theta - psi^T (K_DD - L_DD) psi/2`.

    Args:
        k_dg: how the discriminator feels the generator, one row per parameter of `psi`.
        k_dd: curvature of the loss in `psi`, symmetric, negative semidefinite for concave losses.
        l_dd: curvature of the penalty, symmetric; by default none.

    Raises:
        BadInput: if the matrices do not go together.

    Source: Mescheder, Geiger & Nowozin 2018; Nagarajan & Kolter 2017.
    """

    k_dg: Rows = setting("k_dg", ((1,),), "K_DG by rows, as 1,0;1/2,1", of="matrix")
    k_dd: Rows = setting("k_dd", ((-1,),), "K_DD by rows, symmetric", of="matrix")
    l_dd: Rows = setting("l_dd", (), "L_DD by rows, symmetric; none by default", of="matrix")

    name: ClassVar[str] = "blocks"
    formula: ClassVar[str] = "v' = [[0, -K_DG^T], [K_DG, K_DD - L_DD]]"
    source: ClassVar[str] = "Mescheder, Geiger & Nowozin 2018, arXiv:1801.04406"

    def __post_init__(self) -> None:
        super().__post_init__()
        n = len(self.k_dg)
        if not n:
            raise BadInput("k_dg must be a matrix such as 1,0;1/2,1, and has no rows")
        for name, square in (("k_dd", self.k_dd), ("l_dd", self.l_dd or self.k_dd)):
            if len(square) != n or any(len(row) != n for row in square):
                raise BadInput(f"{name} must be {n} x {n}: one row and one column per row of k_dg")
            if any(square[i][j] != square[j][i] for i in range(n) for j in range(i)):
                raise BadInput(f"{name} must be symmetric: it is made of second derivatives")

    @property
    def dims(self) -> tuple[int, ...]:
        return len(self.k_dg[0]), len(self.k_dg)

    def equilibrium(self, xp: Ops, *t: Scalar) -> tuple[Vector, ...]:
        del t
        return tuple(xp.zeros(dim) for dim in self.dims)

    def losses(self, xp: Ops, *x: Vector) -> tuple[Scalar, ...]:
        theta, psi = x
        felt = psi @ applied(xp, self.k_dg, theta)
        bent = psi @ applied(xp, self.k_dd, psi)
        if self.l_dd:
            bent = bent - psi @ applied(xp, self.l_dd, psi)
        return felt, -felt - bent / 2


def applied(xp: Ops, rows: Sequence[Sequence[Any]], x: Vector) -> Vector:
    """The product of a matrix, by rows, with a vector."""
    return xp.vector(*(xp.vector(*row) @ x for row in rows))
