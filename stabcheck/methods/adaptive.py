"""Adaptive step sizes, with epsilon inside the root so that there is a derivative at rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from stabcheck.hyper import hyper
from stabcheck.methods.method import Method
from stabcheck.oracle import Oracle, Scalar, Steps, Vector


class Moments(NamedTuple):
    """The players, the mean gradient and the mean squared gradient."""

    x: Vector
    mean: Vector
    square: Vector


class Square(NamedTuple):
    """The players and the mean squared gradient."""

    x: Vector
    square: Vector


@dataclass(frozen=True)
class Adam(Method):
    """`x+ = x + h m+/sqrt(s+ + epsilon^2)`, the means `m`, `s` of `v`, `v^2` decaying with beta1, beta2.

    `m+ = beta1 m + (1 - beta1) v(x)`, `s+ = beta2 s + (1 - beta2) v(x)^2`, entrywise. The bias
    correction is left out: it depends on time and fades away, so the spectrum is that of late
    steps and says nothing of the first ones. Epsilon stands inside the root, squared, as `sqrt(s)
    + epsilon` has no derivative at rest; the two are the same at `s = 0`. There the adaptation
    vanishes to first order, and what is left is momentum with step `h (1 - beta1)/epsilon`.

    Args:
        h: one step size for all players, or one each.
        beta1: decay of the mean gradient, in [0, 1).
        beta2: decay of the mean squared gradient, in [0, 1).
        epsilon: what keeps the root from 0, > 0, in units of the gradient.

    Source: Kingma & Ba 2015.
    """

    h: Steps = hyper("h")
    beta1: Scalar = hyper("beta1")
    beta2: Scalar = hyper("beta2")
    epsilon: Scalar = hyper("epsilon")

    name: ClassVar[str] = "adam"
    formula: ClassVar[str] = "x+ = x + h m+/sqrt(s+ + epsilon^2), means m, s of v, v^2; no bias correction"
    source: ClassVar[str] = "Kingma & Ba 2015, arXiv:1412.6980"

    def init(self, o: Oracle, x: Vector) -> Moments:
        del o
        return Moments(x, x - x, x - x)

    def step(self, o: Oracle, state: Moments) -> Moments:
        v = o.v(state.x)
        mean = self.beta1 * state.mean + (1 - self.beta1) * v
        square = self.beta2 * state.square + (1 - self.beta2) * v * v
        move = o.scale(self.h, mean / o.sqrt(square + self.epsilon * self.epsilon))
        return Moments(state.x + move, mean, square)


@dataclass(frozen=True)
class RMSprop(Method):
    """`x+ = x + h v(x)/sqrt(s+ + epsilon^2)`, `s+ = beta2 s + (1 - beta2) v(x)^2`, entrywise.

    At rest the adaptation vanishes to first order, and what is left is `simgd` with step
    `h/epsilon`.

    Args:
        h: one step size for all players, or one each.
        beta2: decay of the mean squared gradient, in [0, 1).
        epsilon: what keeps the root from 0, > 0, in units of the gradient.

    Source: Tieleman & Hinton 2012.
    """

    h: Steps = hyper("h")
    beta2: Scalar = hyper("beta2")
    epsilon: Scalar = hyper("epsilon")

    name: ClassVar[str] = "rmsprop"
    formula: ClassVar[str] = "x+ = x + h v(x)/sqrt(s+ + epsilon^2), s the decaying mean of v^2"
    source: ClassVar[str] = "Tieleman & Hinton 2012"

    def init(self, o: Oracle, x: Vector) -> Square:
        del o
        return Square(x, x - x)

    def step(self, o: Oracle, state: Square) -> Square:
        v = o.v(state.x)
        square = self.beta2 * state.square + (1 - self.beta2) * v * v
        return Square(state.x + o.scale(self.h, v / o.sqrt(square + self.epsilon * self.epsilon)), square)
