"""Where losses have kinks, and where a game puts its players back: asked of the declaration."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from stabcheck.core.oracle import BaseLaw
from stabcheck.declare.games.game import Game
from stabcheck.numeric.autodiff import Autodiff
from stabcheck.numeric.ops import NODES, JaxOps
from stabcheck.numeric.precision import compiled, double, kept
from stabcheck.numeric.update import bind, opened

SAME = 1e-12


class Kink(NamedTuple):
    """A number that changes its sign where a kink is.

    Attributes:
        label: what the declaration calls the kink.
        values: at each point.
    """

    label: str
    values: np.ndarray


def kinks(game: Game, values: Mapping[str, float], points: np.ndarray) -> list[Kink]:
    """What stands at the doors to a kink in the losses, where it changes sign among the points.

    Left out are norms of several entries, whose kink is no line; what depends on a draw, as its
    mean has no kink; and kinks inside of a gradient.

    Args:
        game: any game.
        values: a number for each open name.
        points: `(m, n)`.
    """
    (skeleton,), numbers = opened((game,), values)
    with double():
        noted, labels = _noted(skeleton)
        columns = [np.asarray(column) for column in noted(numbers, points)]
    return _different([Kink(*pair) for pair in zip(labels, columns, strict=True) if _crosses(pair[1])])


@kept
def _noted(game: Game) -> tuple[Callable[..., list[jax.Array]], list[str]]:
    """What stands at the doors, compiled, and their labels, which are known after the first call."""
    labels: list[str] = []

    def one(numbers: Mapping[str, jax.Array], x: jax.Array) -> list[jax.Array]:
        ops = Recording()
        Autodiff.of(bind(game, numbers), xp=ops).declared(x)
        labels[:] = [label for label, _ in ops.notes]
        return [value for _, value in ops.notes]

    return compiled(jax.vmap(one, (None, 0))), labels


def put_back(game: Game, values: Mapping[str, float], points: np.ndarray) -> np.ndarray:
    """How far the game moves each point by its projection, `(m,)`; 0 where it leaves it."""
    (skeleton,), numbers = opened((game,), values)
    with double():
        moved = _projected(skeleton)(numbers, points)
        return np.abs(np.asarray(moved) - points).max(axis=1)


@kept
def _projected(game: Game) -> Callable[..., jax.Array]:
    def one(numbers: Mapping[str, jax.Array], x: jax.Array) -> jax.Array:
        return Autodiff.of(bind(game, numbers)).project(x)

    return compiled(jax.vmap(one, (None, 0)))


def _crosses(column: np.ndarray) -> bool:
    finite = column[np.isfinite(column)]
    return bool((finite > 0).any() and (finite < 0).any())


def _different(kinks: list[Kink]) -> list[Kink]:
    """Without those on the same line as one before."""
    kept: list[Kink] = []
    for kink in kinks:
        if not any(np.allclose(np.abs(kink.values), np.abs(k.values), equal_nan=True) for k in kept):
            kept.append(kink)
    return kept


@dataclass(frozen=True)
class Recording:
    """The arithmetic of losses in JAX, which notes what stands at the doors to a kink.

    Attributes:
        notes: label and number of each, in the order of the visits.
        plain: does the work.
    """

    notes: list[tuple[str, jax.Array]] = field(default_factory=list)
    plain: JaxOps = field(default_factory=JaxOps)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.plain, name)

    def abs(self, t: jax.Array, label: str) -> jax.Array:
        """`|t|`, noted."""
        self._note(label, t)
        return self.plain.abs(t, label)

    def norm(self, u: jax.Array, label: str) -> jax.Array:
        """The norm of `u`, noted where it is the absolute value of one entry."""
        if len(u) == 1:
            self._note(label, u)
        return self.plain.norm(u, label)

    def minimum(self, a: jax.Array, b: Any, label: str) -> jax.Array:
        """The entrywise minimum, noted."""
        self._note(label, a - b)
        return self.plain.minimum(a, b, label)

    def maximum(self, a: jax.Array, b: Any, label: str) -> jax.Array:
        """The entrywise maximum, noted."""
        self._note(label, a - b)
        return self.plain.maximum(a, b, label)

    def grad(self, fn: Callable[[jax.Array], jax.Array], x: jax.Array) -> jax.Array:
        """The gradient; what happens inside is not noted."""
        return self._unheard(lambda: self.plain.grad(fn, x))

    def expect(self, fn: Callable[[jax.Array], jax.Array], law: BaseLaw) -> jax.Array:
        """The mean; of what happens inside, that which is the same for two draws is noted."""
        mean = self._unheard(lambda: self.plain.expect(fn, law))
        nodes, _ = law.quadrature(NODES)
        first, second = (self._heard(fn, np.resize(nodes[k::2], law.dim)) for k in (0, 1))
        for (label, a), (_, b) in zip(first, second, strict=True):
            self._note(label, jnp.where(jnp.abs(a - b) <= SAME * (1 + jnp.abs(a)), a, jnp.nan))
        return mean

    def _note(self, label: str, value: jax.Array) -> None:
        self.notes.extend((label, entry) for entry in jnp.ravel(value))

    def _heard(self, fn: Callable[[jax.Array], jax.Array], draw: np.ndarray) -> list[tuple[str, jax.Array]]:
        before = len(self.notes)
        fn(jnp.asarray(draw))
        heard = self.notes[before:]
        del self.notes[before:]
        return heard

    def _unheard(self, work: Callable[[], jax.Array]) -> jax.Array:
        before = len(self.notes)
        value = work()
        del self.notes[before:]
        return value
