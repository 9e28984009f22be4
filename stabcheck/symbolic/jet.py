"""`Oracle` in SymPy: the quadratic game that osculates a game at its point of analysis.

Where every player's own gradient vanishes, the differential of a step depends on the first and
second derivatives of the losses alone and is exact on this game. A vector is a `Dual`: its value at
the point and its differential with respect to the state. One step on the identity differential is
the whole update matrix. Where the field does not vanish, a step asks for the game at other points,
too, and is answered by the game that osculates it there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from itertools import chain
from typing import Any

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
        NotSmooth: as `Model.osculating`.
    """

    def __init__(
        self,
        model: Model,
        values: Mapping[str, sp.Expr] | None = None,
        scalars: Iterable[sp.Expr] = (),
    ) -> None:
        # First the derivatives: their means are symbols of the model, too.
        taylor, n = model.osculating, len(model.coordinates)
        self.substitution = {s: values[s.name] for s in model.symbols if s.name in values} if values else {}
        taylor, here = taylor.at(self.substitution), at_values(model.equilibrium, self.substitution)
        scalars = tuple(scalars)
        entries = [*scalars, *here, *taylor.projection, *chain(*taylor.slopes), *chain(*taylor.bends)]
        self.domain = ring(entries)
        self.model, self.scalars = model, scalars
        self.values: Mapping[str, sp.Expr] = values or {}
        self.xp = model.ops
        self.players, self.size = model.players, n
        self.owner = model.owner
        self.rest = Dual(filled(self.domain, here, n, 1), zeros(n, 0, self.domain))
        self.gradients = [filled(self.domain, row, n, 1) for row in taylor.slopes]
        self.hessians = [filled(self.domain, row, n, n) for row in taylor.bends]
        self.projection = filled(self.domain, taylor.projection, n, n)

    def near(self, x: Dual) -> Jet:
        """The game that osculates this one where `x` is: the same everywhere."""
        del x
        return self

    def grad(self, i: int, x: Dual) -> Dual:
        near = self.near(x)
        bend = near.hessians[i]
        return Dual(bend * (x.value - near.rest.value) + near.gradients[i], bend * x.tangent)

    def hvp(self, i: int, x: Dual, u: Dual) -> Dual:
        # Where u does not vanish at rest, a moving x brings in third derivatives, which the
        # osculating game does not have.
        if not (u.value.is_zero_matrix or x.tangent.is_zero_matrix):
            raise Undecidable("the step multiplies a Hessian by a direction that does not vanish at rest")
        bend = self.near(x).hessians[i]
        return Dual(bend * u.value, bend * u.tangent)

    def bare(self) -> Jet:
        bare = self.model.bare
        return self if bare is self.model else type(self)(bare, self.values, self.scalars)

    def only(self, i: int, u: Dual) -> Dual:
        return masked(self.owner, i, u)

    def project(self, x: Dual) -> Dual:
        """Where the game puts the result `x` of a step, to first order."""
        away = x - self.rest
        moved = Dual(self.projection * away.value, self.projection * away.tangent)
        domain = moved.tangent.domain
        if any(len(domain_terms(e, domain)) > MOST_IN_A_STEP for e in moved.tangent.to_dok().values()):
            raise Undecidable("the formula of the step is too long to write; give values for a verdict")
        return self.rest + moved


class GivenJet(WithoutLosses, Jet):  # pyright: ignore[reportIncompatibleMethodOverride]
    """The linear field that osculates a given one at its equilibrium: `v = v(rest) + J (x - rest)`."""

    def v(self, x: Dual) -> Dual:
        near = self.near(x)
        (bend,), (slope,) = near.hessians, near.gradients
        return -Dual(bend * (x.value - near.rest.value) + slope, bend * x.tangent)

    def jvp(self, x: Dual, u: Dual) -> Dual:
        return self._product(x, u, self.near(x).hessians[0])

    def vjp(self, x: Dual, u: Dual) -> Dual:
        return self._product(x, u, self.near(x).hessians[0].transpose())

    def _product(self, x: Dual, u: Dual, bend: DomainMatrix) -> Dual:
        # As with a Hessian: a moving x would bring in second derivatives of the field.
        if not (u.value.is_zero_matrix or x.tangent.is_zero_matrix):
            raise Undecidable("the step multiplies a Jacobian by a direction that does not vanish at rest")
        return -Dual(bend * u.value, bend * u.tangent)


class _Following(Jet):
    """A game where it does not rest: it is osculated anew at each point that a step asks about."""

    def near(self, x: Dual) -> Jet:
        there = tuple(x.value.to_Matrix().flat())
        if there == tuple(self.rest.value.to_Matrix().flat()):
            return self
        jet = osculating(replace(self.model, equilibrium=there), self.values, self.scalars)
        # As it is written in x, so that their difference is seen to be 0.
        jet.rest = Dual(x.value, zeros(self.size, 0, x.value.domain))
        return jet

    def project(self, x: Dual) -> Dual:
        if self.model.projected == self.model.coordinates:
            return x
        near = self.near(x)
        put = at_values((near.model.at_rest(e) for e in near.model.projected), self.substitution)
        return Dual(filled(ring(put), put, self.size, 1), near.projection * x.tangent)

    def root(self, fn: Callable[[Dual], Dual], x: Dual) -> Dual:
        solution = super().root(fn, x)
        if not fn(solution).value.is_zero_matrix:
            raise Undecidable("the equations inside the step are not linear, and the point is not at rest")
        return solution

    def repeat(self, n: int, fn: Callable[[Any], Any], state: Any) -> Any:
        for _ in range(n):
            state = fn(state)
        return state


class _GivenFollowing(GivenJet, _Following):  # pyright: ignore[reportIncompatibleMethodOverride]
    """A field that is given, where it does not vanish."""


def osculating(
    model: Model, values: Mapping[str, sp.Expr] | None = None, scalars: Iterable[sp.Expr] = ()
) -> Jet:
    """The game, or the linear field, that osculates a model at its point.

    Raises:
        NotSmooth: as `Jet`.
    """
    return (GivenJet if model.given else Jet)(model, values, scalars)


def jet_of(model: Model, values: Mapping[str, sp.Expr], scalars: Iterable[sp.Expr]) -> Jet:
    """The oracle of a model to first order at its point, at rest or not.

    Raises:
        NotSmooth: as `Jet`.
    """
    if not model.moves(values):
        return osculating(model, values, scalars)
    return (_GivenFollowing if model.given else _Following)(model, values, scalars)
