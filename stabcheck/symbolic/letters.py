"""The letters of results, chosen so that none is a name of the user's."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sympy as sp

from stabcheck.core.symbols import first_free

Z, MU, OMEGA = sp.Symbol("z"), sp.Symbol("mu"), sp.Symbol("omega", positive=True)
VARIABLES, FLOW, TURN = ("z", "s", "w", "zeta"), ("mu", "nu", "xi"), ("omega", "chi", "Omega")
PARTS = frozenset(map(sp.Symbol, VARIABLES))
"""What the variable of a polynomial may be called; a user's own symbols are at least real."""


@dataclass(frozen=True)
class Letters:
    """What results write besides a user's own names.

    Attributes:
        z: the variable of characteristic polynomials, an eigenvalue of the operator.
        mu: an eigenvalue of the flow; `mu_1`, `mu_2` where it has a formula.
        omega: the root of `2 - 2c` in `c ± sqrt(c^2 - 1)`.
    """

    z: sp.Symbol = Z
    mu: sp.Symbol = MU
    omega: sp.Symbol = OMEGA

    @classmethod
    def free(cls, taken: Collection[str]) -> Letters:
        """Each the first choice that is not taken, nor with an index behind it."""
        stems = {*taken, *(name.partition("_")[0] for name in taken)}
        z = first_free(VARIABLES, taken)
        mu = first_free([name for name in FLOW if name not in stems] or FLOW, {*taken, z})
        omega = first_free(TURN, taken)
        return cls(sp.Symbol(z), sp.Symbol(mu), sp.Symbol(omega, positive=True))
