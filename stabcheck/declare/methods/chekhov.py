"""Chekhov GAN's play against a mixture of past opponents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from stabcheck.core.hyper import count_to, hyper
from stabcheck.core.oracle import Oracle, Steps, Vector, sum_of
from stabcheck.declare.methods.method import Method


class Recalled(NamedTuple):
    """The players, and the points before, newest first."""

    x: Vector
    past: tuple[Vector, ...]


@dataclass(frozen=True)
class Chekhov(Method):
    """`x_i+ = x_i + h_i/k sum_{m < k} v_i(x_i, x_-i^(m))`, `x^(m)` the point `m` steps before.

    Args:
        h: one step size for all players, or one each.
        k: how many opponents are played against, the present one included.

    Source: Grnarova et al. 2018, Algorithm 2 in its simplest form.
    """

    h: Steps = hyper("h")
    k: int = hyper(
        "opponents",
        domain=count_to(100),
        default=2,
        help="how many of the latest opponents are played against",
    )

    name: ClassVar[str] = "chekhov"
    formula: ClassVar[str] = "x_i+ = x_i + h_i times the mean of v_i(x_i, .) over the latest opponents"
    source: ClassVar[str] = "Grnarova et al. 2018, arXiv:1706.03269"

    def init(self, o: Oracle, x: Vector) -> Recalled:
        del o
        return Recalled(x, (x,) * (self.k - 1))

    def step(self, o: Oracle, state: Recalled) -> Recalled:
        x, history = state.x, (state.x, *state.past)
        total = sum_of(o.field(i, then + o.only(i, x - then)) for i in range(o.players) for then in history)
        return Recalled(x + o.scale(self.h, total / self.k), history[:-1])
