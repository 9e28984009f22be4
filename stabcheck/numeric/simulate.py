"""What an operator does away from rest: orbits of the full nonlinear game, and fields of moves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax.flatten_util import ravel_pytree
from scipy.integrate import DOP853

from stabcheck.core.errors import BadInput
from stabcheck.declare.games.game import Game
from stabcheck.declare.methods.method import Operator
from stabcheck.numeric.autodiff import Autodiff
from stabcheck.numeric.precision import compiled, double, kept
from stabcheck.numeric.update import applied, bind, opened, sized

RELATIVE, ABSOLUTE = 1e-10, 1e-14
"""Of one step of the integration of a flow."""
MOST_VELOCITIES, MOST_HERE = 120_000, 4_000
"""Of that integration, and of one of the equal spans; drawn onto a kink from both sides it has no end."""
SAMPLES = 400
"""How many equal spans of time the path of a flow is shown by, besides points within each step of the
integration, which are shorter where it turns."""
BETWEEN = 8

Timed = tuple[np.ndarray, np.ndarray]
"""Times, and the state at each, a row each."""
Follow = Callable[[np.ndarray], Timed]


class Path(NamedTuple):
    """Where an operator leads from a start.

    Attributes:
        times: the number of each step, or for a flow the time, `(k,)`; denser where it turns.
        points: the players, `(k, n)`.
        whole: it is as long as was asked; else the next point is no finite number, or the
            integration comes to no end there.
    """

    times: np.ndarray
    points: np.ndarray
    whole: bool


class Stepper(NamedTuple):
    """An operator on flat states of `n` players' coordinates and its memory, compiled.

    Its functions take the numbers of the hyperparameters first.

    Attributes:
        begin: the state at rest at a point.
        once: the next state, or the velocity.
        iterates: the players after each of some steps, from a point, `(k + 1, n)`.
        moves: the velocity, or the move of the first step, at each of many points.
    """

    begin: Callable[..., jax.Array]
    once: Callable[..., jax.Array]
    iterates: Callable[..., jax.Array]
    moves: Callable[..., jax.Array]


def _machine(game: Game, operator: Operator, values: Mapping[str, float]) -> Stepper:
    """The operator on the full nonlinear game, with its projection, at values."""
    bound, numbers = opened((game, operator), values)
    return Stepper(*(partial(function, numbers) for function in _compiled(*bound)))


@kept
def _compiled(game: Game, operator: Operator) -> Stepper:
    def at(numbers: Mapping[str, jax.Array]) -> tuple[Autodiff, Operator]:
        return Autodiff.of(bind(game, numbers)), bind(operator, numbers)

    def begin(numbers: Mapping[str, jax.Array], x: jax.Array) -> jax.Array:
        oracle, bound = at(numbers)
        return ravel_pytree(bound.init(oracle, x))[0]

    def once(numbers: Mapping[str, jax.Array], state: jax.Array) -> jax.Array:
        return applied(*at(numbers))[0](state)

    def iterates(numbers: Mapping[str, jax.Array], x: jax.Array, count: int) -> jax.Array:
        step, _ = applied(*at(numbers))

        def move(state: jax.Array, _: None) -> tuple[jax.Array, jax.Array]:
            after = step(state)
            return after, after[: len(x)]

        return jnp.vstack([x, jax.lax.scan(move, begin(numbers, x), None, length=count)[1]])

    def moves(numbers: Mapping[str, jax.Array], points: jax.Array) -> jax.Array:
        def move(x: jax.Array) -> jax.Array:
            after = once(numbers, begin(numbers, x))[: len(x)]
            return after - x if operator.discrete else after

        return jax.vmap(move)(points)

    return Stepper(compiled(begin), compiled(once), compiled(iterates, fixed=(2,)), compiled(moves))


def equilibrium(game: Game, values: Mapping[str, float]) -> np.ndarray:
    """The declared equilibrium, `(n,)`."""
    with double():
        return np.asarray(Autodiff.of(bind(game, values)).rest)


def orbit(
    game: Game, operator: Operator, values: Mapping[str, float], start: Sequence[float], steps: int
) -> np.ndarray:
    """`x_0, x_1, …, x_steps` of a method, `(steps + 1, n)`; its memory starts as at rest in `x_0`.

    Args:
        game: any game.
        operator: a method.
        values: a number for each open name.
        start: one number per coordinate.
        steps: how many.

    Returns:
        The points; fewer rows where the next point is no finite number.

    Raises:
        BadInput: if the start has not one number per coordinate, the operator is a flow, or an
            open name has no value.
    """
    if not operator.discrete:
        raise BadInput(f"{operator.label} is a flow and makes no steps; ask for its solution at times")
    return paths(game, operator, values, [start], steps)[0].points


def solution(
    game: Game,
    operator: Operator,
    values: Mapping[str, float],
    start: Sequence[float],
    times: Sequence[float],
) -> np.ndarray:
    """`x(t)` of a flow at the times given, `(k, n)`, by an integration of order 8.

    Args:
        game: any game.
        operator: a flow.
        values: a number for each open name.
        start: where it is at the first time.
        times: increasing.

    Returns:
        The points; fewer rows where the solution ends before.

    Raises:
        BadInput: if the start has not one number per coordinate, the operator is a method, or
            an open name has no value.
    """
    if operator.discrete:
        raise BadInput(f"{operator.label} makes steps and is no flow; ask for its orbit")
    begun = sized(game, start, "start")
    with double():
        follow = _integrated(_machine(game, operator, values), np.asarray(times, float), between=0)
        return _finite(*follow(begun))[1]


def paths(
    game: Game,
    operator: Operator,
    values: Mapping[str, float],
    starts: Sequence[Sequence[float]],
    until: float,
) -> list[Path]:
    """The path from each start: a point per step of a method; of a flow such that no corner is seen.

    Args:
        game, operator, values: as `orbit`.
        starts: one number per coordinate each.
        until: how many steps, or for a flow how long.

    Raises:
        BadInput: as `orbit`.
    """
    begun = [sized(game, start, "start") for start in starts]
    times = np.arange(int(until) + 1.0) if operator.discrete else np.linspace(0, until, SAMPLES + 1)
    with double():
        mine = _machine(game, operator, values)
        follow = _stepped(mine, times) if operator.discrete else _integrated(mine, times, BETWEEN)
        runs = [_finite(*follow(start)) for start in begun]
    # The span asked for ends with the last time, which is reached by all that is whole.
    return [Path(at, points, bool(len(at) and at[-1] == times[-1])) for at, points in runs]


def field(game: Game, operator: Operator, values: Mapping[str, float], points: np.ndarray) -> np.ndarray:
    """The velocity of a flow, or the move of a method's first step, at each of many points.

    Args:
        game, operator, values: as `orbit`.
        points: `(m, n)`.

    Returns:
        `(m, n)`; no number where the losses have none, or a kink.
    """
    with double():
        return np.asarray(_machine(game, operator, values).moves(points))


def _finite(times: np.ndarray, points: np.ndarray) -> Timed:
    """The rows before the first that is not finite."""
    lost = ~np.isfinite(points).all(axis=1)
    end = int(np.argmax(lost)) if lost.any() else len(points)
    return times[:end], points[:end]


def _stepped(method: Stepper, times: np.ndarray) -> Follow:
    """From the start to the points of as many steps as there are times after the first."""
    return lambda start: (times, np.asarray(method.iterates(start, len(times) - 1)))


def _integrated(flow: Stepper, times: np.ndarray, between: int) -> Follow:
    """From the start to the points at the times, and at others between, as far as the integration comes."""

    def velocity(_: float, state: np.ndarray) -> np.ndarray:
        return np.asarray(flow.once(state))

    def follow(start: np.ndarray) -> Timed:
        state = np.asarray(flow.begin(start))
        # Overflow shrinks the steps until the solver gives up, which ends the path.
        with np.errstate(all="ignore"):
            at, states = zip(*_batches(velocity, state, times, between), strict=True)
        return np.concatenate(at), np.vstack(states)[:, : len(start)]

    return follow


def _batches(
    velocity: Callable[[float, Any], np.ndarray], state: np.ndarray, times: np.ndarray, between: int
) -> Iterator[Timed]:
    """The states at the times, and at some between in each step of the integration, in batches."""
    yield times[:1], state[None]
    if len(times) < 2 or not np.isfinite(velocity(times[0], state)).all():
        return
    solver = DOP853(velocity, times[0], state, times[-1], rtol=RELATIVE, atol=ABSOLUTE)
    begun, span = 0, (times[-1] - times[0]) / SAMPLES
    while solver.nfev < min(MOST_VELOCITIES, begun + MOST_HERE):
        solver.step()
        if solver.status == "failed":
            return
        before = float(solver.t_old or times[0])
        if solver.t // span > before // span:
            begun = solver.nfev
        due = times[(times > before) & (times <= solver.t)]
        if between:
            due = np.union1d(due, np.linspace(before, solver.t, between + 1)[1:])
        if len(due):
            yield due, solver.dense_output()(due).T
        if solver.status == "finished":
            return
