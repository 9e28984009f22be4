"""From a game and an operator to an exact update matrix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sympy as sp
from sympy.polys.matrices import DomainMatrix

from stabcheck import hyper
from stabcheck.errors import BadInput, MovesRestPoint, Undecidable
from stabcheck.games.game import Game
from stabcheck.methods.flow import Flow
from stabcheck.methods.method import Operator
from stabcheck.symbolic.dual import Dual, eye, joined, split
from stabcheck.symbolic.exact import Eigenvalue, eigenvalues
from stabcheck.symbolic.jet import Jet, Model
from stabcheck.symbolic.manifold import Direction, across, directions, points
from stabcheck.symbolic.ops import exact
from stabcheck.symbolic.resting import rests_along
from stabcheck.symbolic.spectrum import Factor, blocks, characteristic

MOST_COUPLED = 10
"""With symbols, coordinates of the state that hang together up to this number have formulas."""


@dataclass(frozen=True)
class Linearisation:
    """A game at its equilibrium and what an operator does there, to first order.

    Attributes:
        jacobian: `v'` at rest, whatever the operator.
        matrix: the differential of the operator at rest.
        along: the directions of a manifold of equilibria on all of which the operator rests.
    """

    jacobian: DomainMatrix
    matrix: DomainMatrix
    along: tuple[Direction, ...] = ()


def model_of(game: Game) -> Model:
    """The symbolic model of a declared game.

    Raises:
        BadInput: if SymPy cannot read the losses.
    """
    bound = hyper.rebind(game, exact)
    try:
        hash(bound)
    except TypeError:
        build = Model.of
    else:
        build = _known_model
    try:
        return build(bound)
    except (TypeError, AttributeError) as failure:
        raise BadInput(
            f"SymPy cannot read the losses of {game.label} ({str(failure)[:80]}); where they are written in"
            " JAX, give the class symbolic = False for a numeric analysis"
        ) from failure


@lru_cache(maxsize=4)
def _known_model(bound: Game) -> Model:
    """One model for all operators on a game: its derivatives are found once."""
    return Model.of(bound)


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
    jacobian = matrix if plain else differential(jet, hyper.rebind(Flow(), to))
    found = directions(model, jacobian, values)
    kept = found and rests_along(model, bound, points(model, found, values), values, scalars)
    return Linearisation(jacobian, matrix, found if kept else ())


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
        across: the factors without the roots that belong to a manifold of equilibria.
        along: the directions of that manifold.
    """

    values: Mapping[str, sp.Expr]
    factors: tuple[Factor, ...]
    matrix: sp.Matrix
    across: tuple[Factor, ...]
    along: tuple[Direction, ...]

    @classmethod
    def of(cls, model: Model, operator: Operator, values: Mapping[str, sp.Expr]) -> Point:
        """Derived at the rational values; irrational ones are put in at the end.

        Raises:
            as `linearise`.
        """
        rational = {name: value for name, value in values.items() if value.is_Rational}
        found = linearise(model, operator, rational)
        matrix = found.matrix.to_Matrix()
        # Numbers are factored over the rationals by FLINT, when eigenvalues are asked for.
        factors = characteristic(found.matrix) if matrix.free_symbols else blocks(found.matrix)
        left = across(factors, len(found.along), discrete=operator.discrete)
        late = {s: values[s.name] for s in matrix.free_symbols if s.name in values}
        if late:
            factors, left = (tuple(f.at(late) for f in each) for each in (factors, left))
        return cls(values, factors, matrix.xreplace(late), left, found.along)

    def eigenvalues(self, *, discrete: bool) -> tuple[Eigenvalue, ...]:
        """All eigenvalues, those that belong to a manifold of equilibria apart.

        Raises:
            as `exact.eigenvalues`.
        """
        return eigenvalues(self.across, self.matrix, discrete=discrete, along=len(self.along))


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
