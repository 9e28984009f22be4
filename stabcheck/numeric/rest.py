"""A rest point near a given one, in floating point."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import jax
import numpy as np

from stabcheck.core.errors import Undecidable
from stabcheck.declare.games.game import Game
from stabcheck.numeric.autodiff import Autodiff
from stabcheck.numeric.precision import compiled, double, kept
from stabcheck.numeric.update import bind, opened, sized

RESIDUAL, STEP = 1e-9, 1e-6
"""The largest `v`, relative to its derivative, and the largest last step, relative to the point."""
FALL = 1e-3
"""A last step may be long where `v` fell by this factor on it, as that of a linear field does."""
SHARES = tuple(2.0**-k for k in range(20))

Linear = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]


def newton(game: Game, values: Mapping[str, Any], start: Sequence[float], steps: int = 50) -> np.ndarray:
    """The point with `v(x) = 0` that Newton's method reaches, `x+ = x - s v'(x)^-1 v(x)`.

    Of the step and its halves, the one on which `|v|` falls the most is made. Where `v'` is
    singular, the shortest solution is taken; a multiple root is reached, too, slowly and to half
    the digits.

    Args:
        game: any game; its declared equilibrium is not asked for.
        values: a number for each open name.
        start: one number per coordinate.
        steps: how many at most.

    Raises:
        BadInput: if the start has not as many numbers as the game has coordinates, or an open
            name has no value.
        Undecidable: if the iteration ends at no rest point; it says where, and how large `v` is.
    """
    begun = sized(game, start, "start")
    (skeleton,), numbers = opened((game,), values)
    with double():
        both = _field_and_slope(skeleton)

        def linear(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            v, slope = both(numbers, x)
            return np.asarray(v), np.asarray(slope)

        return _iterate(linear, begun, steps)


@kept
def _field_and_slope(game: Game) -> Callable[..., Any]:
    """`v(x)` and `v'(x)`, compiled."""

    def both(numbers: Mapping[str, jax.Array], x: jax.Array) -> tuple[jax.Array, jax.Array]:
        oracle = Autodiff.of(bind(game, numbers))
        return oracle.v(x), jax.jacfwd(oracle.v)(x)

    return compiled(both)


def _iterate(linear: Linear, x: np.ndarray, steps: int) -> np.ndarray:
    v, slope = linear(x)
    ended = True
    for _ in range(steps):
        if not (np.isfinite(v).all() and np.isfinite(slope).all()):
            break
        moved = _searched(linear, x, v, np.linalg.lstsq(slope, -v)[0])
        if moved is None:
            break
        (before, last), (x, v, slope) = (x, v), moved
        fell = np.abs(v).max() <= FALL * np.abs(last).max()
        ended = bool(fell or np.abs(x - before).max() <= STEP * (1 + np.abs(x).max()))
    if ended and np.abs(v).max() <= RESIDUAL * (1 + np.abs(slope).max()) * (1 + np.abs(x).max()):
        return x
    where = ", ".join(f"{e:.6g}" for e in x)
    raise Undecidable(
        f"Newton's method ends at no rest point: at ({where}) the largest |v| is {np.abs(v).max():.3g};"
        " give another start"
    )


def _searched(
    linear: Linear, x: np.ndarray, v: np.ndarray, step: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """The best of the shortening steps, or `None` where `|v|` falls on none.

    Not the first on which it falls: there one coordinate may gain what another one loses.
    """
    points = [x + share * step for share in SHARES]
    tried = [(point, *linear(point)) for point in points]
    sizes = np.nan_to_num([np.linalg.norm(moved) for _, moved, _ in tried], nan=np.inf)
    best = int(np.argmin(sizes))
    return tried[best] if sizes[best] < np.linalg.norm(v) else None
