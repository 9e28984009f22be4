"""Implicit steps: the field is taken where the step ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stabcheck.core.hyper import hyper
from stabcheck.core.oracle import Oracle, Steps
from stabcheck.declare.methods.method import Method, State


@dataclass(frozen=True)
class Implicit(Method):
    """`x+ = x + h v(x+)`: backward Euler, the proximal point method of the game.

    Args:
        h: one step size for all players, or one each.

    Source: Rockafellar 1976.
    """

    h: Steps = hyper("h")

    name: ClassVar[str] = "implicit"
    aliases: ClassVar[tuple[str, ...]] = ("proximal-point",)
    formula: ClassVar[str] = "x+ = x + h v(x+)"
    source: ClassVar[str] = "Rockafellar 1976"

    def step(self, o: Oracle, state: State) -> State:
        x = state.x
        return State(o.root(lambda y: y - x - o.scale(self.h, o.v(y)), x))


@dataclass(frozen=True)
class SemiImplicit(Method):
    """`x+ = x + d` with `d = h (v(x) + v'(x) d)`: one Newton step of `implicit`.

    Also called linearly implicit Euler; it is not symplectic Euler, which is `altgd`.

    Args:
        h: one step size for all players, or one each.

    Source: Rosenbrock 1963.
    """

    h: Steps = hyper("h")

    name: ClassVar[str] = "semi-implicit"
    aliases: ClassVar[tuple[str, ...]] = ("linearly-implicit",)
    formula: ClassVar[str] = "x+ = x + d, d = h (v(x) + v'(x) d)"
    source: ClassVar[str] = "Rosenbrock 1963"

    def step(self, o: Oracle, state: State) -> State:
        x = state.x
        move = o.solve(lambda d: d - o.scale(self.h, o.jvp(x, d)), o.scale(self.h, o.v(x)))
        return State(x + move)
