"""Adaptive step sizes, with epsilon inside the root so that there is a derivative at rest.

At rest the game's gradients vanish, and with them what these methods adapt to. In training they do not: noise
keeps the second moment at some `v`, to be given for the steps that are made there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from stabcheck.core.hyper import hyper
from stabcheck.core.oracle import Oracle, Scalar, Steps, Vector
from stabcheck.declare.methods.method import Method


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
    """`x+ = x + h m+/sqrt(s+ + v + epsilon^2)`, the means `m`, `s` of `g`, `g^2` decaying with beta1, beta2.

    `m+ = beta1 m + (1 - beta1) g(x)`, `s+ = beta2 s + (1 - beta2) g(x)^2`, entrywise, with `g` the field of
    the game and `v` what noise adds to the second moment. The bias
    correction is left out: it depends on time and fades away, so the spectrum is that of late
    steps and says nothing of the first ones. Epsilon stands inside the root, squared, as `sqrt(s)
    + epsilon` has no derivative at rest; the two are the same at `s = 0`. There the adaptation
    vanishes to first order, and what is left is momentum with step `h (1 - beta1)/sqrt(v + epsilon^2)`.

    Args:
        h: one step size for all players, or one each.
        beta1: decay of the mean gradient, in [0, 1).
        beta2: decay of the mean squared gradient, in [0, 1).
        epsilon: what keeps the root from 0, > 0, in units of the gradient.
        v: second moment of the gradient's noise, >= 0, in squares of these units.

    Source: Kingma & Ba 2015.
    """

    h: Steps = hyper("h")
    beta1: Scalar = hyper("beta1")
    beta2: Scalar = hyper("beta2")
    epsilon: Scalar = hyper("epsilon")
    v: Scalar = hyper("v")

    name: ClassVar[str] = "adam"
    formula: ClassVar[str] = (
        "x+ = x + h m+/sqrt(s+ + v + epsilon^2), means m, s of the field and its square; no bias correction"
    )
    source: ClassVar[str] = "Kingma & Ba 2015, arXiv:1412.6980"

    def init(self, o: Oracle, x: Vector) -> Moments:
        del o
        return Moments(x, x - x, x - x)

    def step(self, o: Oracle, state: Moments) -> Moments:
        g = o.v(state.x)
        mean = self.beta1 * state.mean + (1 - self.beta1) * g
        square = self.beta2 * state.square + (1 - self.beta2) * g * g
        move = o.scale(self.h, mean / o.sqrt(square + (self.v + self.epsilon * self.epsilon)))
        return Moments(state.x + move, mean, square)

    @property
    def caveat(self) -> str:
        return _lost(self.v, "h (1 - beta1)")


@dataclass(frozen=True)
class RMSprop(Method):
    """`x+ = x + h g(x)/sqrt(s+ + v + epsilon^2)`, `s+ = beta2 s + (1 - beta2) g(x)^2`, entrywise.

    With `g` the field of the game and `v` what noise adds to the second moment. At rest the adaptation
    vanishes to first order, and what is left is `simgd` with step `h/sqrt(v + epsilon^2)`.

    Args:
        h: one step size for all players, or one each.
        beta2: decay of the mean squared gradient, in [0, 1).
        epsilon: what keeps the root from 0, > 0, in units of the gradient.
        v: second moment of the gradient's noise, >= 0, in squares of these units.

    Source: Tieleman & Hinton 2012.
    """

    h: Steps = hyper("h")
    beta2: Scalar = hyper("beta2")
    epsilon: Scalar = hyper("epsilon")
    v: Scalar = hyper("v")

    name: ClassVar[str] = "rmsprop"
    formula: ClassVar[str] = (
        "x+ = x + h g/sqrt(s+ + v + epsilon^2), g the field, s the decaying mean of its square"
    )
    source: ClassVar[str] = "Tieleman & Hinton 2012"

    def init(self, o: Oracle, x: Vector) -> Square:
        del o
        return Square(x, x - x)

    def step(self, o: Oracle, state: Square) -> Square:
        g = o.v(state.x)
        square = self.beta2 * state.square + (1 - self.beta2) * g * g
        root = o.sqrt(square + (self.v + self.epsilon * self.epsilon))
        return Square(state.x + o.scale(self.h, g / root), square)

    @property
    def caveat(self) -> str:
        return _lost(self.v, "h")


def _lost(v: Scalar, step: str) -> str:
    """What is not true of training where no second moment is given."""
    if v != 0:
        return ""
    return (
        f"at rest the adaptation is lost: no gradients are met, and the step is {step}/epsilon. In training"
        f" noise keeps a second moment v, and the step is {step}/sqrt(v + epsilon^2); give it as --v"
    )
