"""From a game and an operator to an exact update matrix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from traceback import walk_tb
from typing import Any

import sympy as sp
from sympy.polys.matrices import DomainMatrix

from stabcheck.core import hyper
from stabcheck.core.errors import BadInput, NotApplicable, NotSmooth, Undecidable
from stabcheck.core.stability import StabilityRegion
from stabcheck.declare.games.game import Game, unwrapped
from stabcheck.declare.methods.flow import Flow
from stabcheck.declare.methods.method import Operator
from stabcheck.symbolic.charpoly import block_polynomials, in_symbols
from stabcheck.symbolic.dual import Dual, eye, filled, joined, ring, split
from stabcheck.symbolic.exact import Eigenvalue, eigenvalues
from stabcheck.symbolic.jet import Jet, jet_of
from stabcheck.symbolic.manifold import Direction, across, directions, points
from stabcheck.symbolic.memory import block, observable, others
from stabcheck.symbolic.model import KINKED, Model
from stabcheck.symbolic.ops import exact
from stabcheck.symbolic.resting import rests_along
from stabcheck.symbolic.spectrum import Factor, blocks, characteristic
from stabcheck.symbolic.zero import vanishes

MOST_COUPLED = 10
"""With symbols, coordinates of the state that hang together up to this number have formulas."""


@dataclass(frozen=True, eq=False)
class Linearisation:
    """A game at its point of analysis and what an operator does there, to first order.

    Each part is derived when it is asked for: what moves the point may have no matrix to be had.

    Attributes:
        jet: the game there, at those of the values that are rational.
        operator: with SymPy numbers and symbols.
        values: numbers for some of the open names, by name.
    """

    jet: Jet
    operator: Operator
    values: Mapping[str, sp.Expr]

    @cached_property
    def drift(self) -> tuple[sp.Expr, ...]:
        """How far one application moves the state that rests at the point, or its velocity there.

        Zero where no entry is proved to be anything else.
        """
        state = self.operator.init(self.jet, self.jet.rest)
        start, end = joined(state), joined(_applied(self.jet, self.operator, state))
        moved = _without_kinks(end.value - start.value if self.operator.discrete else end.value)
        # What is no field of fractions may hide a zero behind an identity between roots or logarithms.
        if not moved.is_zero_matrix and any(vanishes(e) is False for e in moved.to_Matrix().flat()):
            entries = moved.to_Matrix().flat()
            return tuple(sp.factor(e) if e.free_symbols else e for e in entries)
        return (sp.S.Zero,) * moved.shape[0]

    @cached_property
    def matrix(self) -> DomainMatrix:
        """The differential of the operator."""
        matrix = differential(self.jet, self.operator)
        _refuse_length(matrix)
        return matrix

    @cached_property
    def jacobian(self) -> DomainMatrix:
        """`v'`, whatever the operator."""
        plain = hyper.rebind(Flow(), exact)
        return self.matrix if self.operator == plain else differential(self.jet, plain)

    @cached_property
    def observable(self) -> tuple[int, ...]:
        """The coordinates of the state on which what is read ever depends."""
        return observable(self.matrix, _read(self.jet, self.operator))

    @cached_property
    def along(self) -> tuple[Direction, ...]:
        """The directions of a manifold of equilibria on all of which the operator rests."""
        model, values = self.jet.model, self.jet.values
        rows = directions(model, self.jacobian, values)
        family = points(model, rows, values) if rows else []
        return rows if rows and rests_along(model, self.operator, family, values, self.jet.scalars) else ()

    @property
    def players(self) -> DomainMatrix:
        """The block of the coordinates that are observable."""
        return block(self.matrix, self.observable)

    @property
    def memory(self) -> DomainMatrix:
        """The block of the memory that never acts on them."""
        return block(self.matrix, others(self.matrix, self.observable))

    def derived(self) -> Linearisation:
        """Itself, with every part derived.

        Raises:
            NotSmooth: if a derivative is asked for that does not exist.
            Undecidable: if the formulas grow beyond reading.
        """
        _ = self.matrix, self.jacobian, self.along, self.observable
        return self


def model_of(game: Game) -> Model:
    """The symbolic model of a declared game.

    Raises:
        NotApplicable: if the losses are said to be written in JAX.
        BadInput: if SymPy cannot read the losses.
    """
    numeric = [part.label for part in hyper.preorder(game) if isinstance(part, Game) and not part.symbolic]
    if numeric:
        raise NotApplicable(
            f"the losses of {numeric[0]} are written in JAX (symbolic = False), so that there are no"
            " formulas; stabcheck eigen and analyse give its numbers"
        )
    bound = hyper.rebind(game, exact)
    try:
        hash(bound)
    except TypeError:
        build = Model.of
    else:
        build = _cached_model
    try:
        return build(bound)
    except (TypeError, AttributeError) as failure:
        plain, penalties = unwrapped(game)
        named = " + ".join(part.label for part in (plain, *penalties))
        raise BadInput(
            f"SymPy cannot read the losses of {named} ({str(failure)[:80]}{_line(failure, game)}); where they"
            " are written in JAX, give the class symbolic = False for a numeric analysis"
        ) from failure


def _line(failure: BaseException, game: Game) -> str:
    """The last line of somebody's own part that a failure passed; empty where it reached none."""
    own = {type(part).__module__ for part in hyper.preorder(game) if not hyper.ours(type(part))}
    passed = [n for frame, n in walk_tb(failure.__traceback__) if frame.f_globals.get("__name__") in own]
    return f", line {passed[-1]}" if passed else ""


@lru_cache(maxsize=32)
def _cached_model(bound: Game) -> Model:
    """One model for all operators on a game: its derivatives are found once."""
    return Model.of(bound)


def linearise(model: Model, operator: Operator, values: Mapping[str, sp.Expr] | None = None) -> Linearisation:
    """`M = d step / d state` at the model's point, exactly; the step acts on the basis of the state.

    Args:
        model: the game.
        operator: a method, or a flow.
        values: numbers for some of the open names, `f1` and `f2` of the loss included; the rational
            ones are put in, and the result is exact in the others.

    Raises:
        NotSmooth: as `Jet`.
    """
    values = values or {}
    rational = {name: value for name, value in values.items() if value.is_Rational}

    def to(row: hyper.Hyper, value: Any) -> sp.Expr:
        return exact(row, rational.get(value, value) if isinstance(value, str) else value)

    bound = hyper.rebind(operator, to)
    scalars = [value for row, value in hyper.values(bound) if not row.domain.whole]
    return Linearisation(jet_of(model, rational, scalars), bound, values)


def _read(jet: Jet, operator: Operator) -> DomainMatrix:
    """How what the operator is run for depends on its state."""
    state = operator.init(jet, jet.rest)
    return joined(operator.read(jet, _seeded(jet, state))).tangent


def _seeded(jet: Jet, state: Any) -> Any:
    """A state that moves in each of its coordinates."""
    start = joined(state)
    return split(Dual(start.value, eye(start.value.shape[0], jet.domain)), state)


def _refuse_length(matrix: DomainMatrix) -> None:
    """Raises:
    Undecidable: if the characteristic polynomial would be too long to write.
    """
    if matrix.domain.is_Composite and max(map(len, matrix.scc())) > MOST_COUPLED:
        raise Undecidable("the characteristic polynomial is too long to write; give values for a verdict")
    if in_symbols(matrix.domain):
        block_polynomials(matrix)
    elif matrix.domain.is_Composite:
        blocks(matrix)


@dataclass(frozen=True)
class Point:
    """The linearisation where values are given for some or all of the open names.

    Attributes:
        values: by name, `f1` and `f2` of the loss included.
        matrix: of the operator there.
        observable: the coordinates of the state on which what is read ever depends.
        players: the factors of the characteristic polynomial of those coordinates there.
        memory: the factors of the others', the memory's that never acts on the players.
        across: those of the players without the roots that belong to a manifold of equilibria.
        along: the directions of that manifold.
    """

    values: Mapping[str, sp.Expr]
    matrix: sp.Matrix
    observable: tuple[int, ...]
    players: tuple[Factor, ...]
    memory: tuple[Factor, ...]
    across: tuple[Factor, ...]
    along: tuple[Direction, ...]

    @classmethod
    def of(cls, linearisation: Linearisation) -> Point:
        """The linearisation at its values; irrational ones are put in at the end.

        Raises:
            as `Linearisation.derived`.
        """
        matrix, values = linearisation.matrix.to_Matrix(), linearisation.values
        late = {s: values[s.name] for s in matrix.free_symbols if s.name in values}
        # Numbers are factored over the rationals by FLINT, when eigenvalues are asked for.
        factor = characteristic if matrix.free_symbols else blocks
        players, memory = factor(linearisation.players), factor(linearisation.memory)
        left = across(players, len(linearisation.along), region=linearisation.operator.region)
        if late:
            players, memory, left = (tuple(f.at(late) for f in each) for each in (players, memory, left))
        return cls(
            values,
            matrix.xreplace(late),
            linearisation.observable,
            players,
            memory,
            left,
            linearisation.along,
        )

    @property
    def factors(self) -> tuple[Factor, ...]:
        """Of the whole characteristic polynomial."""
        return (*self.players, *self.memory)

    @property
    def stabilising(self) -> tuple[Factor, ...]:
        """The factors whose roots must lie inside: all but those of a manifold of equilibria."""
        return (*self.across, *self.memory)

    def eigenvalues(self, *, region: StabilityRegion) -> tuple[Eigenvalue, ...]:
        """Those that the players see, those that belong to a manifold of equilibria apart.

        Raises:
            as `exact.eigenvalues`.
        """
        matrix = self.matrix.extract(list(self.observable), list(self.observable))
        return eigenvalues(self.across, matrix, region=region, along=len(self.along))

    def of_memory(self, *, region: StabilityRegion) -> tuple[Eigenvalue, ...]:
        """The own eigenvalues of memory that never acts on the players.

        Raises:
            as `exact.eigenvalues`.
        """
        own = [k for k in range(self.matrix.rows) if k not in self.observable]
        return eigenvalues(self.memory, self.matrix.extract(own, own), region=region) if own else ()


def differential(jet: Jet, operator: Operator) -> DomainMatrix:
    """The matrix of one application of a bound operator, from its effect on the basis."""
    state = operator.init(jet, jet.rest)
    return _without_kinks(joined(_applied(jet, operator, _seeded(jet, state))).tangent)


def _applied(jet: Jet, operator: Operator, state: Any) -> Any:
    after = operator.step(jet, state)
    return after._replace(x=jet.project(after.x)) if operator.discrete else after


def _without_kinks(matrix: DomainMatrix) -> DomainMatrix:
    """A matrix over the field of its own symbols, where the game has derivatives that do not exist.

    Raises:
        NotSmooth: if one of them is asked for.
    """
    if KINKED not in getattr(matrix.domain, "symbols", ()):
        return matrix
    entries = matrix.to_Matrix().flat()
    if any(e.has(KINKED) for e in entries):
        raise NotSmooth(
            "a loss has a kink at the equilibrium in coordinates that are not its player's own, and the"
            " method looks at its derivatives there"
        )
    return filled(ring(entries), entries, *matrix.shape)
