"""The GAN in function space, over finitely many atoms."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from stabcheck.core.hyper import SHARE, count_to, hyper
from stabcheck.core.oracle import Ops, Scalar, Vector
from stabcheck.declare.games.gan import Adversarial


@dataclass(frozen=True)
class PrimalDual(Adversarial):
    """`L_D = -sum_i (p_i log D_i + q_i log(2 (1 - D_i)))`, `L_G = sum_i q_i log(2 (1 - D_i))`.

    The discriminator chooses `D_i` on each atom, the generator the masses `q_i`: the dual variables
    of the constraints `D_i <= 1/2`. It rests at `q_i = p_i`, `D_i = 1/2`.

    Args:
        p: mass of the data on each atom.
        atoms: how many.

    Source: Chen, Wang & Ge 2018.
    """

    p: Scalar = hyper("p", domain=SHARE, help="mass of the data on an atom", typical=Fraction(1, 4))
    atoms: int = hyper("atoms", domain=count_to(100), default=1, help="number of atoms")

    name: ClassVar[str] = "primal-dual"
    formula: ClassVar[str] = "L_D = -(p log D + q log(2 (1 - D))) summed over atoms, L_G = q log(2 (1 - D))"
    source: ClassVar[str] = "Chen, Wang & Ge 2018, arXiv:1802.01765"

    @property
    def variables(self) -> tuple[str, ...]:
        return "q", "D"

    @property
    def dims(self) -> tuple[int, ...]:
        return self.atoms, self.atoms

    def equilibrium(self, xp: Ops, *t: Scalar) -> tuple[Vector, ...]:
        del t
        return xp.vector(*[self.p] * self.atoms), xp.vector(*[Fraction(1, 2)] * self.atoms)

    def losses(self, xp: Ops, *x: Vector) -> tuple[Scalar, ...]:
        q, d = x
        priced = q @ xp.vector(*(xp.log(2 * (1 - d[i])) for i in range(self.atoms)))
        fitted = self.p * sum(xp.log(d[i]) for i in range(self.atoms))
        return priced, -fitted - priced
