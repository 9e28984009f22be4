"""From a game and an operator to an exact update matrix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy.polys.matrices import DomainMatrix

from stabcheck import hyper
from stabcheck.errors import MovesRestPoint, Undecidable
from stabcheck.games.game import Game
from stabcheck.methods.flow import Flow
from stabcheck.methods.method import Operator
from stabcheck.symbolic.dual import Dual, eye, joined, split
from stabcheck.symbolic.jet import Jet, Model
from stabcheck.symbolic.ops import exact
from stabcheck.symbolic.spectrum import Factor, blocks, characteristic

MOST_COUPLED = 10
"""With symbols, coordinates of the state that hang together up to this number have formulas."""


@dataclass(frozen=True)
class Linearisation:
    """A game at its equilibrium and what an operator does there, to first order.

    Attributes:
        jacobian: `v'` at rest, whatever the operator.
        matrix: the differential of the operator at rest.
    """

    jacobian: DomainMatrix
    matrix: DomainMatrix


def model_of(game: Game) -> Model:
    """The symbolic model of a declared game."""
    return Model.of(hyper.rebind(game, exact))


def linearise(model: Model, operator: Operator, values: Mapping[str, sp.Expr] | None = None) -> Linearisation:
    """`M = d step / d state` at rest, exactly; the step acts on the basis of the state.

    Args:
        model: the game.
        operator: a method, or a flow.
        values: numbers for some of the open names, `f1` and `f2` of the loss included; the
            result is exact in the others.

    Raises:
        NotSmooth, NotAnEquilibrium: as `Jet`.
        MovesRestPoint: if the step does not leave the rest point where it is.
        Undecidable: if the formulas grow beyond reading.
    """
    values = values or {}

    def to(row: hyper.Hyper, value: Any) -> sp.Expr:
        return exact(row, values.get(value, value) if isinstance(value, str) else value)

    bound = hyper.rebind(operator, to)
    scalars = [value for row, value in hyper.values(bound) if not row.domain.whole]
    jet = Jet(model, values, scalars)
    matrix = differential(jet, bound)
    _refuse_length(matrix)
    plain = isinstance(operator, Flow) and operator == Flow()
    return Linearisation(matrix if plain else differential(jet, hyper.rebind(Flow(), to)), matrix)


def _refuse_length(matrix: DomainMatrix) -> None:
    """Raises:
    Undecidable: if the characteristic polynomial would be too long to write.
    """
    if matrix.domain.is_Composite and max(map(len, matrix.scc())) > MOST_COUPLED:
        raise Undecidable("the characteristic polynomial is too long to write; give values for a verdict")


@dataclass(frozen=True)
class Point:
    """The linearisation where values are given for some or all of the open names.

    Attributes:
        values: by name, `f1` and `f2` of the loss included.
        factors: of the characteristic polynomial there.
        matrix: of the operator there.
    """

    values: Mapping[str, sp.Expr]
    factors: tuple[Factor, ...]
    matrix: sp.Matrix

    @classmethod
    def of(cls, model: Model, operator: Operator, values: Mapping[str, sp.Expr]) -> Point:
        """Derived at the rational values; irrational ones are put in at the end.

        Raises:
            as `linearise`.
        """
        rational = {name: value for name, value in values.items() if value.is_Rational}
        found = linearise(model, operator, rational).matrix
        matrix = found.to_Matrix()
        # Numbers are factored over the rationals by FLINT, when eigenvalues are asked for.
        factors = characteristic(found) if matrix.free_symbols else blocks(found)
        late = {s: values[s.name] for s in matrix.free_symbols if s.name in values}
        if late:
            factors = tuple(f.at(late) for f in factors)
        return cls(values, factors, matrix.xreplace(late))


def differential(jet: Jet, operator: Operator) -> DomainMatrix:
    """The matrix of one application of a bound operator, from its effect on the basis.

    Raises:
        MovesRestPoint: if it does not leave the rest point where it is.
    """
    state = operator.init(jet, jet.rest)
    start = joined(state)
    # At rest alone first: what moves the rest point has no differential there to ask for.
    _refuse_drift(jet, operator, start, joined(_applied(jet, operator, state)))
    seed = Dual(start.value, eye(start.value.shape[0], jet.domain))
    return joined(_applied(jet, operator, split(seed, state))).tangent


def _applied(jet: Jet, operator: Operator, state: Any) -> Any:
    after = operator.step(jet, state)
    return after._replace(x=jet.project(after.x)) if operator.discrete else after


def _refuse_drift(jet: Jet, operator: Operator, start: Dual, end: Dual) -> None:
    drift = end.value - start.value if operator.discrete else end.value
    if not drift.is_zero_matrix:
        moved = tuple(sp.factor(e) for e in drift.to_Matrix().flat()[: jet.size])
        raise MovesRestPoint(*moved, discrete=operator.discrete)
