"""A typed function and what it is held against, at points of the state space."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
import sympy as sp

from stabcheck.core import hyper
from stabcheck.core.errors import NotApplicable, Undecidable
from stabcheck.declare.games.game import Game
from stabcheck.declare.methods.flow import Flow
from stabcheck.declare.methods.method import Adjuster, Operator
from stabcheck.declare.methods.simgd import SimGD
from stabcheck.judge.analysis import Analysis
from stabcheck.numeric.update import operator_map
from stabcheck.symbolic.general import paths
from stabcheck.verify.audit.convention import Batched
from stabcheck.verify.audit.loading import Arguments, Field, Typed
from stabcheck.verify.audit.reference import Batch, Compared, Exact, numeric
from stabcheck.verify.witnesses import draw

DRAWS, RAYS = 4, 12


@dataclass(frozen=True)
class Case:
    """A typed field and a game, and where the two are compared.

    Attributes:
        game: with its penalties.
        operator: whose field, or step, it is.
        names: of the coordinates of the state.
        typed: the function as the user wrote it, at many points.
        exact: the reference in SymPy.
        draws: values of the open hyperparameters; given ones are the same in all.
        equilibria: one for each draw.
        reference: the same by autodiff.
        rng: of the points.
    """

    game: Game
    operator: Operator
    names: tuple[str, ...]
    typed: Batched
    exact: Exact
    draws: tuple[Mapping[str, sp.Expr], ...]
    equilibria: np.ndarray
    reference: Batch
    rng: np.random.Generator

    @classmethod
    def of(cls, game: Game, operator: Operator, typed: Typed, given: Mapping[str, Any], seed: int) -> Case:
        """The comparison of a function with a step, or with the field that an adjusted method follows.

        Raises:
            BadInput, NotApplicable, NotAnEquilibrium: as `audit`.
        """
        operator = _meant(game, operator, Arguments.of(typed).names | {*given})
        analysis = Analysis(game, operator).at(**given)
        open_names, rng = hyper.symbols(game, operator), random.Random(seed)
        count = DRAWS if {*open_names} - {*given} else 1
        draws = tuple({**draw(open_names, rng), **analysis.values} for _ in range(count))
        before = paths(analysis.model, operator)
        blocks = {f"{p}{v}": dim for p in before for v, dim in zip(game.variables, game.dims, strict=True)}
        return cls(
            game,
            operator,
            tuple(f"{p}{name}" for p in before for name in game.names),
            Field.of(typed, blocks, [game] if operator == Flow() else [game, operator], given),
            Exact(analysis.model, operator, analysis.values),
            draws,
            np.array([_at_rest(game, operator, row) for row in draws]),
            numeric(game, operator),
            np.random.default_rng(seed),
        )

    @property
    def kind(self) -> str:
        """What is compared: `field` or `step`."""
        return self.exact.kind

    @cached_property
    def components(self) -> tuple[str, ...]:
        """What the entries of the field, or of the next state, are called."""
        return tuple(f"{name}+" if self.operator.discrete else f"v_{name}" for name in self.names)

    @cached_property
    def away(self) -> tuple[sp.Expr, ...]:
        """The distances from the equilibrium, by coordinate."""
        exact = self.exact
        with suppress(NotApplicable, Undecidable):
            return tuple(s - exact.numbers(e) for s, e in exact.model.point.items())
        equilibrium = self.equilibria[0] if len(self.draws) == 1 else self.equilibria.any(axis=0)
        return tuple(
            sp.Symbol(name, real=True) if not at else sp.Symbol(f"({name} - rest)", real=True)
            for name, at in zip(self.names, equilibrium, strict=True)  # pyright: ignore[reportArgumentType]
        )

    def directions(self, count: int) -> np.ndarray:
        """Random unit vectors."""
        vectors = self.rng.normal(size=(count, len(self.names)))
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    def columns(self, draw: np.ndarray) -> dict[str, np.ndarray]:
        """The hyperparameters of these draws, by name."""
        return {name: np.array([float(v[name]) for v in self.draws])[draw] for name in self.draws[0]}

    def compare(self, distances: Sequence[float]) -> Compared:
        """Both at `rest + t u` for every `t` and random directions `u`, draws in turn."""
        draw = np.arange(RAYS) % len(self.draws)
        directions = self.directions(RAYS)
        points = np.concatenate([self.equilibria[draw] + t * directions for t in distances])
        draw = np.tile(draw, len(distances))
        columns = self.columns(draw)
        places = [
            {name: sp.Rational(Fraction(float(e))) for name, e in zip(self.names, x, strict=True)}
            | {**self.draws[d]}
            for x, d in zip(points, draw, strict=True)
        ]
        yours = self.typed.batch(points, columns)
        return Compared(points, columns, places, yours, *self.reference(points, columns))

    def again(self, seen: Compared) -> Compared:
        """The same points with this typed function."""
        return seen._replace(yours=self.typed.batch(seen.points, seen.columns))


def _meant(game: Game, operator: Operator, given: Collection[str]) -> Operator:
    """The operator; the field that it follows, where that is adjusted and no step size is known."""
    field = _followed(operator)
    of_steps = {*hyper.symbols(game, operator)} - {*hyper.symbols(game, field)}
    return field if of_steps and not of_steps & {*given} else operator


def _followed(operator: Operator) -> Operator:
    if not isinstance(operator, Adjuster):
        return operator
    inside = operator.inside
    return replace(operator, inner=Flow() if isinstance(inside, SimGD) else _followed(inside))


def _at_rest(game: Game, operator: Operator, values: Mapping[str, sp.Expr]) -> np.ndarray:
    floats = {name: float(value) for name, value in values.items()}
    return np.asarray(operator_map(game, operator, floats)[1])
