"""`Oracle` in SymPy: the quadratic game that osculates a game at its equilibrium.

Every player's own gradient vanishes at rest, so the differential of a step there depends on the
first and second derivatives of the losses alone and is exact on this game. A vector is a `Dual`:
its value at rest and its differential with respect to the state. One step on the identity
differential is the whole update matrix.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain

import sympy as sp
from sympy.polys.matrices import DomainMatrix

from stabcheck.core.errors import Undecidable
from stabcheck.core.oracle import WithoutLosses
from stabcheck.symbolic.dual import Affine, Dual, domain_terms, filled, masked, ring, zeros
from stabcheck.symbolic.model import Model
from stabcheck.symbolic.taylor import at_values

MOST_IN_A_STEP = 2000
"""No step is made from a state that depends on the first one by more terms."""


class Jet(Affine):
    """The osculating quadratic game of a `Model`, over the field of its hyperparameters.

    Args:
        model: the game.
        values: numbers for some of its symbols, by name.
        scalars: further expressions that the method will compute with.

    Raises:
        NotSmooth: as `Model.taylor`.
    """

    def __init__(
        self,
        model: Model,
        values: Mapping[str, sp.Expr] | None = None,
        scalars: Iterable[sp.Expr] = (),
    ) -> None:
        # First the derivatives: their means are symbols of the model, too.
        taylor, n = model.taylor, len(model.coordinates)
        known = {s: values[s.name] for s in model.symbols if s.name in values} if values else {}
        taylor, here = taylor.at(known), at_values(model.rest, known)
        scalars = tuple(scalars)
        entries = [*scalars, *here, *taylor.projection, *chain(*taylor.slopes), *chain(*taylor.bends)]
        self.domain = ring(entries)
        self.model, self.values, self.scalars = model, values, scalars
        self.xp = model.ops
        self.players, self.size = model.players, n
        self.owner = model.owner
        self.rest = Dual(filled(self.domain, here, n, 1), zeros(n, 0, self.domain))
        self.gradients = [filled(self.domain, row, n, 1) for row in taylor.slopes]
        self.hessians = [filled(self.domain, row, n, n) for row in taylor.bends]
        self.projection = filled(self.domain, taylor.projection, n, n)

    def grad(self, i: int, x: Dual) -> Dual:
        bend = self.hessians[i]
        return Dual(bend * (x.value - self.rest.value) + self.gradients[i], bend * x.tangent)

    def hvp(self, i: int, x: Dual, u: Dual) -> Dual:
        # Where u does not vanish at rest, a moving x brings in third derivatives, which the
        # osculating game does not have.
        if not (u.value.is_zero_matrix or x.tangent.is_zero_matrix):
            raise Undecidable("the step multiplies a Hessian by a direction that does not vanish at rest")
        return Dual(self.hessians[i] * u.value, self.hessians[i] * u.tangent)

    def bare(self) -> Jet:
        bare = self.model.bare
        return self if bare is self.model else Jet(bare, self.values, self.scalars)

    def only(self, i: int, u: Dual) -> Dual:
        return masked(self.owner, i, u)

    def project(self, x: Dual) -> Dual:
        """Where the game puts the result `x` of a step, to first order at rest."""
        away = x - self.rest
        moved = Dual(self.projection * away.value, self.projection * away.tangent)
        domain = moved.tangent.domain
        if any(len(domain_terms(e, domain)) > MOST_IN_A_STEP for e in moved.tangent.to_dok().values()):
            raise Undecidable("the formula of the step is too long to write; give values for a verdict")
        return self.rest + moved


class GivenJet(WithoutLosses, Jet):  # pyright: ignore[reportIncompatibleMethodOverride]
    """The linear field that osculates a given one at its equilibrium: `v = v(rest) + J (x - rest)`."""

    @classmethod
    def of(
        cls, model: Model, values: Mapping[str, sp.Expr] | None = None, scalars: Iterable[sp.Expr] = ()
    ) -> Jet:
        """The oracle of a model, of a game or of a field that is given."""
        return (cls if model.given else Jet)(model, values, scalars)

    def v(self, x: Dual) -> Dual:
        (bend,), (slope,) = self.hessians, self.gradients
        return -Dual(bend * (x.value - self.rest.value) + slope, bend * x.tangent)

    def jvp(self, x: Dual, u: Dual) -> Dual:
        return self._product(x, u, self.hessians[0])

    def vjp(self, x: Dual, u: Dual) -> Dual:
        return self._product(x, u, self.hessians[0].transpose())

    def _product(self, x: Dual, u: Dual, bend: DomainMatrix) -> Dual:
        # As with a Hessian: a moving x would bring in second derivatives of the field.
        if not (u.value.is_zero_matrix or x.tangent.is_zero_matrix):
            raise Undecidable("the step multiplies a Jacobian by a direction that does not vanish at rest")
        return -Dual(bend * u.value, bend * u.tangent)
