"""The same field, or step, in other conventions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import permutations, product
from typing import NamedTuple, Protocol

import numpy as np

from stabcheck.declare.games.game import Game, unwrapped
from stabcheck.declare.games.gan import Adversarial

MOST_PERMUTED = 3


class Batched(Protocol):
    """A function at many points, `(b, n)`, with hyperparameters by name, `(b,)` each."""

    def batch(self, points: np.ndarray, columns: Mapping[str, np.ndarray]) -> np.ndarray: ...


@dataclass(frozen=True)
class Remembered:
    """A function that is not evaluated again at the same points: conventions often differ in signs only."""

    typed: Batched
    _values: dict[tuple[bytes, ...], np.ndarray] = field(default_factory=dict)

    def batch(self, points: np.ndarray, columns: Mapping[str, np.ndarray]) -> np.ndarray:
        """As `Batched`."""
        key = (points.tobytes(), *(column.tobytes() for column in columns.values()))
        if key not in self._values:
            self._values[key] = self.typed.batch(points, columns)
        return self._values[key]


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

    @property
    def size(self) -> int:
        """How many changes it is."""
        return self.moved + sum(sign < 0 for sign in (*self.flips, *self.signs))

    def condition(self, game: Game) -> str:
        """When the two agree, completing "agree if …"."""
        names, plain = game.variables, unwrapped(game)[0]
        critics = names[plain.generators :] if isinstance(plain, Adversarial) else ()
        clauses = [f"the players stand in the order ({', '.join(names[i] for i in self.order)})"] * self.moved
        for name in (name for name, flip in zip(names, self.flips, strict=True) if flip < 0):
            why = " (D is high on real samples; here on generated ones)" if name in critics else ""
            clauses.append(f"{name} stands for -{name}{why}")
        turned = [f"v_{name}" for name, sign in zip(names, self.signs, strict=True) if sign < 0]
        if len(turned) == len(names):
            why = "v = (-dL_i/dx_i) descends the losses" if game.has_losses else "v is given as such"
            clauses.append(f"every sign is turned: yours is -v, where {why}")
        elif turned:
            clauses.append(f"the sign of {', '.join(turned)} is turned")
        return "; ".join(clauses)


def changes(dims: Sequence[int]) -> Iterator[Change]:
    """The conventions that are tried, from few changes to many; the first is none."""
    n = len(dims)
    if n > MOST_PERMUTED:
        return
    orders = (o for o in permutations(range(n)) if tuple(dims[i] for i in o) == tuple(dims))
    signs = list(product((1, -1), repeat=n))
    yield from (Change(*row) for row in product(orders, signs, signs))


@dataclass(frozen=True)
class Converted:
    """A function in the convention of its game: `S F P^-1 v'(P F x)`.

    Of a step that is the displacement; what a method remembers stands and is flipped as the players are.

    Attributes:
        typed: the function as it was written.
        change: the convention that it was written in.
        dims: of the players.
        discrete: whether it is a step.
    """

    typed: Batched
    change: Change
    dims: tuple[int, ...]
    discrete: bool

    def batch(self, points: np.ndarray, columns: Mapping[str, np.ndarray]) -> np.ndarray:
        """As `Batched`."""
        places, flips, signs = self._placed(points.shape[1])
        there = (points * flips)[:, places]
        yours = self.typed.batch(there, columns) - self.discrete * there
        placed = np.empty_like(yours)
        placed[:, places] = yours
        return placed * flips * signs + self.discrete * points

    def _placed(self, size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Where each coordinate stands, and the signs of each and of its part of the field."""
        owner = np.repeat(np.arange(len(self.dims)), self.dims)
        once = np.concatenate([np.flatnonzero(owner == i) for i in self.change.order])
        vectors = size // len(owner)
        places = np.concatenate([k * len(owner) + once for k in range(vectors)])
        flips, signs = (np.array(row)[owner] for row in self.change[1:])
        memory = np.ones(size - len(owner), dtype=int)
        return places, np.tile(flips, vectors), np.concatenate([signs, memory])
