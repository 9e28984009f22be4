"""Follow the regularised leader, with a quadratic regulariser: gradient descent in its dual form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from stabcheck.core.hyper import hyper
from stabcheck.core.oracle import Oracle, Steps, Vector
from stabcheck.declare.methods.method import Method

SOURCE = "Grnarova et al. 2018, arXiv:1706.03269; Rakhlin & Sridharan 2013, arXiv:1311.1869"


class Dual(NamedTuple):
    """The state of a method that keeps the sum of all fields met.

    Attributes:
        x: the players.
        total: the sum, counted from where it would put the players at the equilibrium.
    """

    x: Vector
    total: Vector


@dataclass(frozen=True)
class FTRL(Method):
    """`x+ = argmin <-total+, y> + |y - x0|^2/(2h) = x0 + h total+`, with `total+ = total + v(x)`.

    The centre `x0` of the regulariser is set to the equilibrium; another one shifts `total` and
    nothing else. On its own orbits, where `x = x0 + h total`, this is `simgd`.

    Args:
        h: one step size for all players, or one each.

    Source: Grnarova et al. 2018.
    """

    h: Steps = hyper("h")

    name: ClassVar[str] = "ftrl"
    formula: ClassVar[str] = "total+ = total + v(x), x+ = x0 + h total+"
    source: ClassVar[str] = SOURCE

    def init(self, o: Oracle, x: Vector) -> Dual:
        del o
        return Dual(x, x - x)

    def step(self, o: Oracle, state: Dual) -> Dual:
        total = state.total + o.v(state.x)
        return Dual(o.rest + o.scale(self.h, total), total)


@dataclass(frozen=True)
class OptimisticFTRL(Method):
    """`x+ = x0 + h (total+ + v(x))` with `total+ = total + v(x)`: the last gradient counts twice.

    It is the guess of the next one. On its own orbits this is `ogda`.

    Args:
        h: one step size for all players, or one each.

    Source: Rakhlin & Sridharan 2013.
    """

    h: Steps = hyper("h")

    name: ClassVar[str] = "optimistic-ftrl"
    formula: ClassVar[str] = "total+ = total + v(x), x+ = x0 + h (total+ + v(x))"
    source: ClassVar[str] = SOURCE

    def init(self, o: Oracle, x: Vector) -> Dual:
        del o
        return Dual(x, x - x)

    def step(self, o: Oracle, state: Dual) -> Dual:
        v = o.v(state.x)
        total = state.total + v
        return Dual(o.rest + o.scale(self.h, total + v), total)
