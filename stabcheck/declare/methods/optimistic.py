"""Optimistic gradient descent: the past gradient corrects the present one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stabcheck.core.hyper import hyper
from stabcheck.core.oracle import Oracle, Steps, Vector
from stabcheck.declare.methods.method import Method, Past


@dataclass(frozen=True)
class OGDA(Method):
    """`x+ = x + 2 h v(x) - h v(x-)`, with `x-` the point before.

    Args:
        h: one step size for all players, or one each.

    Source: Daskalakis et al. 2018.
    """

    h: Steps = hyper("h")

    name: ClassVar[str] = "ogda"
    formula: ClassVar[str] = "x+ = x + 2 h v(x) - h v(x-), x- the point before"
    source: ClassVar[str] = "Daskalakis et al. 2018, arXiv:1711.00141"

    def init(self, o: Oracle, x: Vector) -> Past:
        return Past(x, o.v(x))

    def step(self, o: Oracle, state: Past) -> Past:
        v = o.v(state.x)
        return Past(state.x + o.scale(self.h, 2 * v - state.past), v)


@dataclass(frozen=True)
class GeneralisedOGDA(Method):
    """`x+ = x + h v(x) - b v(x-)`, with `x-` the point before.

    `h = 2 b` is `ogda`, and Popov's method in its extrapolated points.

    Args:
        h: weight of the present gradient, one for all players or one each.
        b: weight of the past gradient, likewise.

    Source: Zhang & Yu 2020.
    """

    h: Steps = hyper("h")
    b: Steps = hyper("past")

    name: ClassVar[str] = "generalised-ogda"
    formula: ClassVar[str] = "x+ = x + h v(x) - past v(x-), x- the point before"
    source: ClassVar[str] = "Zhang & Yu 2020, arXiv:1908.05699"

    def init(self, o: Oracle, x: Vector) -> Past:
        return Past(x, o.v(x))

    def step(self, o: Oracle, state: Past) -> Past:
        v = o.v(state.x)
        return Past(state.x + o.scale(self.h, v) - o.scale(self.b, state.past), v)
