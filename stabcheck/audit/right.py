"""The right field: what the losses give, by autodiff and in SymPy, and that in other conventions."""

# SymPy types its results too loosely for these checks.
# pyright: basic, reportArgumentType=false, reportAttributeAccessIssue=false, reportCallIssue=false
# pyright: reportAssignmentType=false, reportGeneralTypeIssues=false, reportOperatorIssue=false
# pyright: reportReturnType=false

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from itertools import permutations, product
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import sympy as sp

from stabcheck.errors import Undecidable
from stabcheck.games.game import Adversarial, Game, unwrapped
from stabcheck.numeric.autodiff import Autodiff
from stabcheck.numeric.update import QUICK, bind
from stabcheck.symbolic.jet import Model
from stabcheck.symbolic.ops import germ_symbol
from stabcheck.verify import EPS, TOLERANCE

LARGEST_DENOMINATOR, CLOSE = 24, 1e-6
MOST_PERMUTED, MOST_SLOPES = 3, 10

Batch = Callable[[np.ndarray, Mapping[str, np.ndarray]], tuple[np.ndarray, np.ndarray]]


def numeric(game: Game) -> Batch:
    """The field of a game by autodiff at many points, and the size of what is rounded there.

    To first order, one relative rounding of every coordinate and hyperparameter changes `v` by
    `|v| + |dv/dx| |x| + |dv/dp| |p|` units of rounding at most.
    """

    def value(x: jax.Array, values: Mapping[str, jax.Array]) -> jax.Array:
        return Autodiff.of(bind(game, values)).v(x)

    def one(x: jax.Array, values: Mapping[str, jax.Array]) -> tuple[jax.Array, jax.Array]:
        v = value(x, values)
        by_x, by_values = jax.jacfwd(value, argnums=(0, 1))(x, values)
        size = jnp.abs(v) + jnp.abs(by_x) @ jnp.abs(x)
        for name, slope in by_values.items():
            size += jnp.abs(slope * values[name])
        # A component that vanishes by cancelling has the roundings of the others.
        return v, jnp.maximum(jnp.where(jnp.isfinite(size), size, jnp.abs(v)), size.max() / 1024)

    many = jax.jit(jax.vmap(one), compiler_options=dict(QUICK))

    def batch(points: np.ndarray, columns: Mapping[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        v, size = many(points, dict(columns))
        return np.asarray(v), np.asarray(size)

    return batch


@dataclass(frozen=True)
class Exact:
    """The field of a model for its concrete loss, in SymPy.

    Attributes:
        model: the game.
        known: numbers for hyperparameters that were given.
        slopes: `f(0)`, `f'(0)`, … by symbol, as far as they were asked for.
    """

    model: Model
    known: Mapping[str, sp.Expr]

    slopes: dict[sp.Symbol, sp.Expr] = field(default_factory=dict)

    @cached_property
    def general(self) -> tuple[sp.Expr, ...]:
        """The field, one expression per coordinate, functions known by their germ unevaluated."""
        return self.model.field()

    @property
    def concrete(self) -> list[sp.Expr]:
        """The field with the loss itself in place of its germ."""
        # Not the model's own: what is looked at off the equilibrium is none of the means there.
        ops = replace(self.model.ops, means={})
        return [self.numbers(ops.at({}, e)) for e in self.general]

    def numbers(self, expression: sp.Expr) -> sp.Expr:
        """An expression with the numbers of the loss and those given for its symbols."""
        germ = {germ_symbol(name, k) for name in self.model.ops.germs for k in range(MOST_SLOPES)}
        for s in (expression.free_symbols & germ) - {*self.slopes}:
            self.slopes[s] = self.model.ops.germ_value(s)
        return _put(expression.xreplace(self.slopes), self.known)

    def number(self, expression: sp.Expr, values: Mapping[str, sp.Expr]) -> float:
        """The float of a concrete expression at values for its symbols, by name.

        Raises:
            Undecidable: if it has none there, as with an expectation that no moments give.
        """
        found = _put(expression, values).evalf(30)
        if not (found.is_number and found.is_real and found.is_finite):
            raise Undecidable(f"{str(expression)[:60]} has no exact real value at a point tried")
        return float(found)

    def coefficient(self, k: int, powers: Sequence[int]) -> sp.Expr:
        """The Taylor coefficient at rest of component `k` for one monomial, exactly."""
        model = self.model
        still = {s: e for (s, e), power in zip(model.point.items(), powers, strict=True) if power == 0}
        slope = self.general[k].xreplace(still)
        for s, power in zip(model.coordinates, powers, strict=True):
            slope = slope.diff(s, power) if power else slope
        return sp.expand(self.numbers(model.at_rest(slope) / math.prod(map(math.factorial, powers))))


def _put(expression: sp.Expr, values: Mapping[str, sp.Expr]) -> sp.Expr:
    return expression.xreplace({s: values[s.name] for s in expression.free_symbols if s.name in values})


# Both fields at points


class Compared(NamedTuple):
    """Both fields at points, one row each.

    Attributes:
        points: `(b, n)`.
        columns: the hyperparameters at each, `(b,)`, by name.
        places: coordinates and hyperparameters at each, exactly.
        yours, right: the fields, `(b, n)`.
        size: what is rounded in the right one.
    """

    points: np.ndarray
    columns: Mapping[str, np.ndarray]
    places: Sequence[Mapping[str, sp.Expr]]
    yours: np.ndarray
    right: np.ndarray
    size: np.ndarray

    @property
    def gaps(self) -> np.ndarray:
        """The differences in units of rounding; NaN where the right field has no value."""
        return gaps(self.yours, self.right, self.size)


def gaps(yours: np.ndarray, right: np.ndarray, size: np.ndarray) -> np.ndarray:
    """As `Compared.gaps`."""
    with np.errstate(all="ignore"):
        found = np.where(yours == right, 0.0, np.abs(yours - right) / (EPS * size))
    found = np.where(np.isfinite(yours), found, np.inf)
    return np.where(np.isfinite(right).all(axis=1, keepdims=True), found, np.nan)


# The same in another convention


class Change(NamedTuple):
    """`v'(x) = P S F v(F P^-1 x)`: another convention for the same field.

    Attributes:
        order: which player stands at each place.
        flips: the sign of each player's vector.
        signs: the sign of each player's part of the field, besides those of the flips.
    """

    order: tuple[int, ...]
    flips: tuple[int, ...]
    signs: tuple[int, ...]

    @property
    def moved(self) -> bool:
        """Whether the players stand in another order."""
        return self.order != tuple(sorted(self.order))

    def words(self, game: Game) -> str:
        """When the two agree, completing "agree if …"."""
        names, plain = game.variables, unwrapped(game)[0]
        critics = names[plain.generators :] if isinstance(plain, Adversarial) else ()
        said = [f"the players stand in the order ({', '.join(names[i] for i in self.order)})"] * self.moved
        for name in (name for name, flip in zip(names, self.flips, strict=True) if flip < 0):
            why = " (D is high on real samples; here on generated ones)" if name in critics else ""
            said.append(f"{name} stands for -{name}{why}")
        turned = [f"v_{name}" for name, sign in zip(names, self.signs, strict=True) if sign < 0]
        if len(turned) == len(names):
            why = "v = (-dL_i/dx_i) descends the losses" if game.has_losses else "v is given as such"
            said.append(f"every sign is turned: yours is -v, where {why}")
        elif turned:
            said.append(f"the sign of {', '.join(turned)} is turned")
        return "; ".join(said)


def convention(game: Game, right: Batch, seen: Compared) -> str:
    """The simplest change of convention under which the two agree at every point; empty if there is none."""
    n = len(game.dims)
    if n > MOST_PERMUTED:
        return ""
    orders = (o for o in permutations(range(n)) if tuple(game.dims[i] for i in o) == game.dims)
    signs = list(product((1, -1), repeat=n))
    # From few changes to many; the first is none, which explains nothing.
    changes = (Change(*row) for row in product(orders, signs, signs))
    return next((c.words(game) for c in changes if _explains(c, game.dims, right, seen)), "")


def _explains(change: Change, dims: Sequence[int], right: Batch, seen: Compared) -> bool:
    owner = np.repeat(np.arange(len(dims)), dims)
    placed = np.concatenate([np.flatnonzero(owner == i) for i in change.order])
    flips = np.array(change.flips)[owner]
    points = np.empty_like(seen.points)
    points[:, placed] = seen.points
    v, size = right(points * flips, seen.columns)
    turned = v * flips * np.array(change.signs)[owner]
    found = gaps(seen.yours, turned[:, placed], size[:, placed])
    return not np.isnan(found).all() and bool(np.nanmax(found) <= TOLERANCE)


def simple(number: float) -> Fraction | None:
    """The fraction with a small denominator that a number nearly is."""
    if not math.isfinite(number):
        return None
    found = Fraction(number).limit_denominator(LARGEST_DENOMINATOR)
    return found if abs(number - found) <= CLOSE * max(1.0, abs(number)) else None
