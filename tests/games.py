"""Games of the tests: none of them symmetric."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from stabcheck.core.hyper import hyper
from stabcheck.declare.games.game import Game
from stabcheck.declare.methods.method import Method, State


@dataclass(frozen=True)
class RandomGame(Game):
    """General-sum, 2 + 3 parameters, rest point off the origin, cubic terms, a strength `gamma`.

    `L_i = w^T A_i w / 20 + (b_i . w) (c_i . w)^2 / 10 + d_i . w_other` with `w = x - rest`; `aligned`
    leaves the slope `d_i` in the others' coordinates out.
    """

    gamma: Any = hyper("gamma")
    seed: int = 0
    dims: tuple[int, ...] = field(default=(2, 3))
    aligned: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        rng = np.random.default_rng(self.seed)
        n = sum(self.dims)
        integers = lambda *shape: rng.integers(-5, 6, shape).tolist()  # noqa: E731
        quadratic = [integers(n, n) for _ in self.dims]
        for row in quadratic:
            for k in range(n):
                row[k][k] = abs(row[k][k]) + 9
        object.__setattr__(self, "quadratic", quadratic)
        object.__setattr__(self, "cubic", [integers(2, n) for _ in self.dims])
        slopes = [integers(n) for _ in self.dims]
        owner = np.repeat(np.arange(len(self.dims)), self.dims)
        felt = [np.where((owner == i) | self.aligned, 0, row).tolist() for i, row in enumerate(slopes)]
        object.__setattr__(self, "linear", felt)
        object.__setattr__(self, "rest", integers(n))

    @property
    def variables(self):
        return ("x", "y", "u", "w")[: len(self.dims)]

    def blocks(self, flat):
        ends = np.cumsum(self.dims)
        return [flat[end - dim : end] for end, dim in zip(ends, self.dims, strict=True)]

    def equilibrium(self, xp):
        return tuple(xp.vector(*block) for block in self.blocks(self.rest))

    def losses(self, xp, *x):
        n = sum(self.dims)
        embed = self.blocks(np.eye(n, dtype=int))
        pairs = zip(x, self.equilibrium(xp), strict=True)
        w = sum(rows.T @ (a - b) for rows, (a, b) in zip(embed, pairs, strict=True))

        def loss(i):
            form = w @ (np.array(self.quadratic[i]) @ w)
            (b, c), d = map(np.array, self.cubic[i]), np.array(self.linear[i])
            own = embed[i] @ w
            return form / 20 + (w @ b) * (w @ c) * (w @ c) / 10 + w @ d + self.gamma * (own @ own) / 2

        return tuple(loss(i) for i in range(len(self.dims)))

    def hessians(self, gamma):
        """The exact Hessians at rest, for the reference."""
        owner = np.repeat(np.arange(len(self.dims)), self.dims)
        return [
            (np.array(a) + np.array(a).T) / 20 + gamma * np.diag((owner == i).astype(float))
            for i, a in enumerate(self.quadratic)
        ]


@dataclass(frozen=True)
class Tilted(Game):
    """Its declared equilibrium is none."""

    dims = (1, 1)

    def equilibrium(self, xp):
        return xp.zeros(1), xp.zeros(1)

    def losses(self, xp, *x):
        (x1,), (x2,) = x
        return x1 * x2 + 3 * x1, x2 * x2


@dataclass(frozen=True)
class Drift(Method):
    """Moves the rest point: a constant is added where the other player's gradient is felt."""

    h: Any = hyper("h")

    name = "drift"

    def init(self, o, x):
        return State(x)

    def step(self, o, state):
        others = sum((o.only(1 - i, o.grad(i, state.x)) for i in range(1)), o.v(state.x))
        return State(state.x + o.scale(self.h, others))


@dataclass(frozen=True)
class Momentum(Method):
    """Heavy ball, with memory: `m+ = m/2 + v(x)`, `x+ = x + h m+`."""

    h: Any = hyper("h")

    name = "momentum"

    def init(self, o, x):
        return Memory(x, x - x)

    def step(self, o, state):
        m = state.m / 2 + o.v(state.x)
        return Memory(state.x + o.scale(self.h, m), m)


class Memory(NamedTuple):
    x: Any
    m: Any
