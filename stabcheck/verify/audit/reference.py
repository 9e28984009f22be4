"""The reference, a field or a step: what the losses give, by autodiff and in SymPy."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import sympy as sp

from stabcheck.core.errors import Undecidable
from stabcheck.declare.games.game import Game
from stabcheck.declare.methods.flow import Flow
from stabcheck.declare.methods.method import Operator
from stabcheck.numeric.precision import compiled, kept
from stabcheck.numeric.update import operator_map
from stabcheck.symbolic.general import stepped
from stabcheck.symbolic.model import Model
from stabcheck.symbolic.unevaluated import germ_symbol
from stabcheck.verify.audit.loading import in_chunks
from stabcheck.verify.witnesses import EPS

LARGEST_DENOMINATOR, CLOSE = 24, 1e-6
MOST_SLOPES = 10
HIGHEST, MOST_WORK, GROWTH = 5, 30_000, 4
"""Degrees of coefficients, and how much longer a formula gets with each."""
TOGETHER = 48
"""At how many points a field is evaluated at once."""

Batch = Callable[[np.ndarray, Mapping[str, np.ndarray]], tuple[np.ndarray, np.ndarray]]


@kept
def numeric(game: Game, operator: Operator) -> Batch:
    """The field that an operator makes of a game, or its step, by autodiff at many points.

    Also the size of what is rounded there: to first order, one relative rounding of every coordinate and
    hyperparameter changes `v` by `|v| + |dv/dx| |x| + |dv/dp| |p|` units of rounding at most.
    """

    def value(x: jax.Array, values: Mapping[str, jax.Array]) -> tuple[jax.Array, jax.Array]:
        v = operator_map(game, operator, values)[0](x)
        return v, v

    def one(x: jax.Array, values: Mapping[str, jax.Array]) -> tuple[jax.Array, jax.Array]:
        (by_x, by_values), v = jax.jacfwd(value, argnums=(0, 1), has_aux=True)(x, values)
        size = jnp.abs(v) + jnp.abs(by_x) @ jnp.abs(x)
        for name, slope in by_values.items():
            size += jnp.abs(slope * values[name])
        # A component that vanishes by cancelling has the roundings of the others.
        return v, jnp.maximum(jnp.where(jnp.isfinite(size), size, jnp.abs(v)), size.max() / 1024)

    many = compiled(jax.vmap(one))

    def batch(points: np.ndarray, columns: Mapping[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        v, size = in_chunks(many, TOGETHER, points, columns)
        return v, size

    return batch


@dataclass(frozen=True)
class Exact:
    """The field of a game for its concrete loss, or what an operator makes of it, in SymPy.

    Attributes:
        base: the game.
        operator: whose field or step it is.
        given: numbers for hyperparameters.
        slopes: `f(0)`, `f'(0)`, … by symbol, as far as they were asked for.
    """

    base: Model
    operator: Operator
    given: Mapping[str, sp.Expr]

    slopes: dict[sp.Symbol, sp.Expr] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """What it is, in words."""
        return "step" if self.operator.discrete else "field"

    @cached_property
    def model(self) -> Model:
        """The field, or the step, as if it were given.

        Raises:
            Undecidable: if a step has no formula at a general point.
        """
        return self.base if self.operator == Flow() else stepped(self.base, self.operator)

    @cached_property
    def general(self) -> tuple[sp.Expr, ...]:
        """One expression per coordinate of the state, functions known by their germ unevaluated."""
        return self.model.field()

    @cached_property
    def reach(self) -> int:
        """Up to which degree coefficients are derived: those of steps inside steps grow by a factor each."""
        if self.model is self.base:
            return HIGHEST
        length = sum(1 for e in self.general for _ in sp.preorder_traversal(e))
        return max(1, int(math.log(MOST_WORK / length, GROWTH)))

    @property
    def concrete(self) -> list[sp.Expr]:
        """The same with the loss itself in place of its germ."""
        # Not the model's own: what is looked at off the equilibrium is none of the means there.
        ops = replace(self.model.ops, means={})
        return [self.numbers(ops.at({}, e)) for e in self.general]

    def numbers(self, expression: sp.Expr) -> sp.Expr:
        """An expression with the numbers of the loss and those given for its symbols."""
        germ = {germ_symbol(name, k) for name in self.model.ops.germs for k in range(MOST_SLOPES)}
        for s in (expression.free_symbols & germ) - {*self.slopes}:
            self.slopes[s] = self.model.ops.germ_value(s)
        return _put(expression.xreplace(self.slopes), self.given)

    def number(self, expression: sp.Expr, values: Mapping[str, sp.Expr]) -> float:
        """The float of a concrete expression at values for its symbols, by name.

        Raises:
            Undecidable: if it has none there, as with an expectation that no moments give.
        """
        value = _put(expression, values).evalf(30)
        if not (value.is_number and value.is_real and value.is_finite):
            raise Undecidable(f"{str(expression)[:60]} has no exact real value at a point tried")
        return float(value)

    def coefficient(self, k: int, powers: Sequence[int]) -> sp.Expr:
        """The Taylor coefficient at rest of component `k` for one monomial, exactly."""
        there = self.model.at_rest(self._slope(k, tuple(powers)))
        return sp.expand(self.numbers(there / math.prod(map(math.factorial, powers))))

    def _slope(self, k: int, powers: tuple[int, ...]) -> sp.Expr:
        """Component `k` differentiated so often in the first coordinates; all but the last at rest."""
        if not powers:
            return self.general[k]
        if (k, powers) not in self._slopes:
            *before, power = powers
            s = self.model.coordinates[len(before)]
            if power:
                slope = self._slope(k, (*before, power - 1)).diff(s)
            else:
                # What is at rest already leaves little to differentiate.
                slope = self._slope(k, tuple(before))
                slope = slope.xreplace(dict(list(self.model.point.items())[: len(before)]))
            self._slopes[k, powers] = slope
        return self._slopes[k, powers]

    @cached_property
    def _slopes(self) -> dict[tuple[int, tuple[int, ...]], sp.Expr]:
        return {}


def _put(expression: sp.Expr, values: Mapping[str, sp.Expr]) -> sp.Expr:
    return expression.xreplace({s: values[s.name] for s in expression.free_symbols if s.name in values})


# Both fields at points


class Compared(NamedTuple):
    """Both fields at points, one row each.

    Attributes:
        points: `(b, n)`.
        columns: the hyperparameters at each, `(b,)`, by name.
        places: coordinates and hyperparameters at each, exactly.
        yours, reference: the fields, `(b, n)`.
        size: what is rounded in the reference.
    """

    points: np.ndarray
    columns: Mapping[str, np.ndarray]
    places: Sequence[Mapping[str, sp.Expr]]
    yours: np.ndarray
    reference: np.ndarray
    size: np.ndarray

    @property
    def gaps(self) -> np.ndarray:
        """The differences in units of rounding; NaN where the reference has no value."""
        return gaps(self.yours, self.reference, self.size)

    @property
    def farthest(self) -> float:
        """The largest of them."""
        return float(np.nanmax(self.gaps))


def gaps(yours: np.ndarray, reference: np.ndarray, size: np.ndarray) -> np.ndarray:
    """As `Compared.gaps`."""
    with np.errstate(all="ignore"):
        units = np.where(yours == reference, 0.0, np.abs(yours - reference) / (EPS * size))
    units = np.where(np.isfinite(yours), units, np.inf)
    return np.where(np.isfinite(reference).all(axis=1, keepdims=True), units, np.nan)


def simple(number: float) -> Fraction | None:
    """The fraction with a small denominator that a number nearly is."""
    if not math.isfinite(number):
        return None
    fraction = Fraction(number).limit_denominator(LARGEST_DENOMINATOR)
    return fraction if abs(number - fraction) <= CLOSE * max(1.0, abs(number)) else None
