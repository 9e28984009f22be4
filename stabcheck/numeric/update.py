"""The nonlinear update map, its Jacobian at rest and its spectrum, for many values at once."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax.flatten_util import ravel_pytree

from stabcheck.core import hyper
from stabcheck.core.errors import BadInput
from stabcheck.declare.games.game import Game
from stabcheck.declare.methods.method import Operator
from stabcheck.numeric.autodiff import Autodiff
from stabcheck.numeric.ops import JaxOps
from stabcheck.numeric.precision import compiled, double, kept
from stabcheck.numeric.sides import FirstOrder, limits

EPS = float(np.finfo(float).eps)

BESIDE = 0.125


class Linearised(NamedTuple):
    """What JAX finds at a point, for a batch of `b` hyperparameter values.

    Attributes:
        jacobian: of the operator there, `(b, n, n)`.
        drift: how far the operator moves a state at rest there, or its velocity, `(b, n)`.
    """

    jacobian: np.ndarray
    drift: np.ndarray


def opened(declarations: Sequence[Any], values: Mapping[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The declarations with a name for every number, and the numbers by these names.

    What is compiled for the declarations serves for all numbers.

    Raises:
        BadInput: if an open name has no value.
    """
    numbers: dict[str, Any] = {}

    def to(row: hyper.Hyper, value: Any) -> str:
        name = f"hyper_{len(numbers)}"
        numbers[name] = np.asarray(_number(row, value, values), float)
        return name

    return tuple(hyper.rebind(part, to) for part in declarations), numbers


def bind(declaration: Any, values: Mapping[str, Any]) -> Any:
    """A declaration with every hyperparameter a JAX array.

    Raises:
        BadInput: if an open name has no value.
    """

    return hyper.rebind(declaration, lambda row, value: jnp.asarray(_number(row, value, values), float))


def _number(row: hyper.Hyper, value: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(value, str):
        if value not in values:
            raise BadInput(f"{value} has no value; give one, {row.domain.text}")
        value = values[value]
    return float(value) if isinstance(value, Fraction | int) else value


def refuse_unreal(game: Game, values: Mapping[str, Any]) -> None:
    """Evaluates the losses twice at a point beside the equilibrium.

    Raises:
        BadInput: if they are not one real number per player, or differ the second time.
    """
    with double():
        oracle = Autodiff.of(bind(game, values))
        if not game.has_losses:
            return
        x = oracle.blocks(oracle.rest + BESIDE)
        first, again = ([np.asarray(e) for e in oracle.game.losses(oracle.xp, *x)] for _ in range(2))
    if len(first) != oracle.players or any(e.shape for e in first):
        raise BadInput(f"{game.label}.losses must return one number for each of {oracle.players} players")
    for player, a, b in zip(game.players, first, again, strict=True):
        if a.dtype.kind not in "fiu":
            raise BadInput(f"the loss of {player} is not real: it is {a} beside the equilibrium")
        if not np.array_equal(a, b, equal_nan=True):
            raise BadInput(f"the loss of {player} is not deterministic: two evaluations give {a} and {b}")


def operator_map(
    game: Game, operator: Operator, values: Mapping[str, Any]
) -> tuple[Callable[[jax.Array], jax.Array], jax.Array]:
    """The operator as a map of flat states, and the state that rests at the equilibrium.

    Args:
        game: any game.
        operator: a method, or a flow.
        values: one number or traced scalar for each open name.
    """
    return applied(Autodiff.of(bind(game, values)), bind(operator, values))


def applied(oracle: Autodiff, operator: Operator) -> tuple[Callable[[jax.Array], jax.Array], jax.Array]:
    """A bound operator as a map of flat states, and the state that rests at the oracle's point.

    For a method, one step of the full nonlinear game with its projection; for a flow, the
    velocity.
    """
    at_rest, unravel = ravel_pytree(operator.init(oracle, oracle.rest))

    def once(flat: jax.Array) -> jax.Array:
        after = operator.step(oracle, unravel(flat))
        if operator.discrete:
            after = after._replace(x=oracle.project(after.x))
        return ravel_pytree(after)[0]

    return once, at_rest


def sized(game: Game, point: Sequence[float], what: str = "point") -> np.ndarray:
    """A point as an array; `what` it is called in a refusal.

    Raises:
        BadInput: if it has not one number per coordinate.
    """
    if len(point) != len(game.names):
        raise BadInput(
            f"the {what} has {len(point)} numbers; give {len(game.names)}: {', '.join(game.names)}"
        )
    return np.asarray(point, float)


def seen(game: Game, operator: Operator, values: Mapping[str, float], edges: np.ndarray) -> np.ndarray:
    """Which coordinates of the state act, now or after some steps, on what the operator is run for.

    Args:
        game: any game.
        operator: a method, or a flow.
        values: a number for each open name.
        edges: whether a coordinate (down) depends on another one (across) after a step, `(n, n)`.
    """
    with double():
        oracle, bound = Autodiff.of(bind(game, values)), bind(operator, values)
        at_rest, unravel = ravel_pytree(bound.init(oracle, oracle.rest))
        read = jax.jacfwd(lambda flat: ravel_pytree(bound.read(oracle, unravel(flat)))[0])(at_rest)
        needed = np.atleast_1d((np.asarray(read) != 0).any(axis=0))
    while (more := needed | edges[needed].any(axis=0)).sum() > needed.sum():
        needed = more
    return needed


def linearise(
    game: Game,
    operator: Operator,
    values: Mapping[str, Sequence[float]] | None = None,
    lines: Sequence[Sequence[float]] = (),
    at: Sequence[float] | None = None,
) -> Linearised:
    """The Jacobian of the full nonlinear operator at a point, by forward-mode autodiff.

    Where a door to a kink lies there, autodiff is asked around it: the one-sided limits agree
    where the losses are smooth all the same.

    Args:
        game: any game.
        operator: a method, or a flow.
        values: `b` numbers for each open name.
        lines: directions of the players to look along for one-sided limits, where it comes to that.
        at: the point, one number per coordinate; by default the equilibrium.

    Raises:
        BadInput: if the point has not one number per coordinate.
        NotSmooth: if there is no derivative, as on a kink.
        NotApplicable: if rounding leaves that open.
    """

    columns = {name: np.asarray(column, float) for name, column in (values or {}).items()}
    (skeleton, method), numbers = opened((game, operator), columns)
    mapped = tuple(sorted(name for name, number in numbers.items() if np.ndim(number)))
    centre = None if at is None else sized(game, at)
    with double():
        linear = _linearised(skeleton, method, mapped)

        def near(away: np.ndarray) -> FirstOrder:
            corner = 1.0 if away.any() else math.nan
            at_rest = linear(numbers, centre, away, corner)
            return FirstOrder(*(np.asarray(a) if mapped else np.asarray(a)[None] for a in at_rest))

        n = sum(game.dims)
        at_rest = near(np.zeros(n))
        unknown = np.isnan(at_rest.jacobian).any() or np.isnan(at_rest.drift).any()
        return Linearised(*(limits(near, n, lines) if unknown else at_rest))


@kept
def _linearised(game: Game, operator: Operator, mapped: tuple[str, ...]) -> Callable[..., Any]:
    """Jacobian and drift at a distance from a point, for columns of some hyperparameters."""

    def one(
        point: Mapping[str, jax.Array], centre: jax.Array | None, away: jax.Array, corner: jax.Array
    ) -> tuple[jax.Array, jax.Array]:
        bound = bind(game, point)
        beside = Autodiff.of(bound, centre).rest + away
        oracle = Autodiff.of(bound, beside, JaxOps(corner=corner))
        once, start = applied(oracle, bind(operator, point))

        def both(flat: jax.Array) -> tuple[jax.Array, jax.Array]:
            after = once(flat)
            return after, after

        jacobian, after = jax.jacfwd(both, has_aux=True)(start)
        return jacobian, after - start if operator.discrete else after

    def every(point: Mapping[str, jax.Array], *others: Any) -> tuple[jax.Array, jax.Array]:
        axes = {name: 0 if name in mapped else None for name in point}
        return jax.vmap(one, (axes, None, None, None))(point, *others) if mapped else one(point, *others)

    return compiled(every)


def eigenvalues(matrices: np.ndarray) -> np.ndarray:
    """The spectra of a batch of matrices by LAPACK, `(b, n)`.

    For sweeps and pictures: on defective matrices these are right to half the digits only, and
    verdicts are taken from exact polynomials instead.
    """
    return np.linalg.eigvals(matrices)
