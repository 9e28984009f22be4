"""Momentum: the last move is carried on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stabcheck.core.hyper import hyper
from stabcheck.core.oracle import Oracle, Steps, Vector
from stabcheck.declare.methods.method import Method, Previous


@dataclass(frozen=True)
class HeavyBall(Method):
    """`x+ = x + h v(x) + beta (x - x-)`, with `x-` the point before.

    Args:
        h: one step size for all players, or one each.
        beta: momentum, likewise; negative values are useful in games.

    Source: Polyak 1964; Gidel et al. 2019 for games.
    """

    h: Steps = hyper("h")
    beta: Steps = hyper("beta")

    name: ClassVar[str] = "heavy-ball"
    formula: ClassVar[str] = "x+ = x + h v(x) + beta (x - x-), x- the point before"
    source: ClassVar[str] = "Polyak 1964; Gidel et al. 2019, arXiv:1807.04740"

    def init(self, o: Oracle, x: Vector) -> Previous:
        del o
        return Previous(x, x)

    def step(self, o: Oracle, state: Previous) -> Previous:
        x, last = state
        return Previous(x + o.scale(self.h, o.v(x)) + o.scale(self.beta, x - last), x)


@dataclass(frozen=True)
class Nesterov(Method):
    """`x+ = y + h v(y)` with `y = x + beta (x - x-)`, and `x-` the point before.

    Args:
        h: one step size for all players, or one each.
        beta: momentum, likewise.

    Source: Nesterov 1983.
    """

    h: Steps = hyper("h")
    beta: Steps = hyper("beta")

    name: ClassVar[str] = "nesterov"
    formula: ClassVar[str] = "x+ = y + h v(y), y = x + beta (x - x-), x- the point before"
    source: ClassVar[str] = "Nesterov 1983"

    def init(self, o: Oracle, x: Vector) -> Previous:
        del o
        return Previous(x, x)

    def step(self, o: Oracle, state: Previous) -> Previous:
        x, last = state
        y = x + o.scale(self.beta, x - last)
        return Previous(y + o.scale(self.h, o.v(y)), x)
