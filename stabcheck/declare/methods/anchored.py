"""Anchors: a pull towards a point, around any method."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from stabcheck.core.hyper import hyper
from stabcheck.core.oracle import Oracle, Scalar, Vector
from stabcheck.declare.methods.method import Augmented, Operator, Wrapper, augmented, inner_state, inner_step
from stabcheck.declare.methods.simgd import SimGD


@dataclass(frozen=True)
class Anchored(Wrapper):
    """`x+ = y + kappa (a - x)`, `y` one inner step from `x`, the anchor `a` at the equilibrium.

    An anchor anywhere else would move the rest point.

    Args:
        kappa: strength of the pull.
        inner: the method inside.

    Source: Ryu, Yuan & Yin 2019.
    """

    kappa: Scalar = hyper("kappa")
    inner: Operator = SimGD()

    name: ClassVar[str] = "anchored"
    formula: ClassVar[str] = "x+ = y + kappa (a - x), y one inner step from x, a the equilibrium"
    source: ClassVar[str] = "Ryu, Yuan & Yin 2019, arXiv:1905.10899"

    def step(self, o: Oracle, state: Any) -> Any:
        after = self.inner.step(o, state)
        return after._replace(x=after.x + self.kappa * (o.rest - state.x))


@dataclass(frozen=True)
class MovingAnchor(Wrapper):
    """`x+ = y + kappa (a - x)` and `a+ = a + rho (x - a)`, `y` one inner step from `x`.

    Args:
        kappa: strength of the pull.
        rho: share of the way that the anchor moves towards the players, in (0, 1].
        inner: the method inside.

    Source: Ryu, Yuan & Yin 2019 for the pull.
    """

    kappa: Scalar = hyper("kappa")
    rho: Scalar = hyper("rho")
    inner: Operator = SimGD()

    name: ClassVar[str] = "moving-anchor"
    formula: ClassVar[str] = "x+ = y + kappa (a - x), y one inner step from x; a+ = a + rho (x - a)"
    source: ClassVar[str] = "Ryu, Yuan & Yin 2019, arXiv:1905.10899"

    def init(self, o: Oracle, x: Vector) -> Augmented:
        return augmented(self.inner, o, x, x)

    def step(self, o: Oracle, state: Augmented) -> Augmented:
        after, anchor = inner_step(self.inner, o, state), state.extra
        x = after.x + self.kappa * (anchor - state.x)
        return Augmented(x, tuple(after[1:]), anchor + self.rho * (state.x - anchor))

    def read(self, o: Oracle, state: Augmented) -> tuple[Vector, ...]:
        return self.inner.read(o, inner_state(self.inner, o, state))
