"""Adaptive step sizes, with epsilon inside the root so that there is a derivative at rest."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
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
class Adaptive(Method):
    """A method whose step is divided by `sqrt(s + epsilon^2)`, `s` the decaying mean of `v(x)^2`.

    At rest the gradients vanish, and `s` with them unless noise keeps it at a second moment `v`.
    """

    _: KW_ONLY
    v: Steps = hyper("v")

    @property
    def remark(self) -> str:
        if all(v == 0 for v in (self.v if isinstance(self.v, tuple) else (self.v,))):
            return (
                "at rest no gradient is left to adapt to, and the step is h/epsilon: the answer holds where"
                " gradients are much smaller than epsilon. In training, noise keeps their second moment"
                " above 0: give it as v, and the step is h/sqrt(v + epsilon^2)"
            )
        return (
            "the second moment is held at v, as gradient noise would hold it (quasi-static), and the step"
            " is h/sqrt(v + epsilon^2); without noise it fades at rest, and v with it"
        )

    def moment(self, o: Oracle, x: Vector) -> Vector:
        """The second moment at rest, on every coordinate."""
        return o.scale(self.v, x - x + 1)

    def averaged(self, o: Oracle, x: Vector, square: Vector, v: Vector, decay: Scalar) -> Vector:
        """The next mean of the squared gradient, what noise adds to it included."""
        return decay * square + (1 - decay) * (v * v + self.moment(o, x))


@dataclass(frozen=True)
class Adam(Adaptive):
    """`x+ = x + h m+/sqrt(s+ + epsilon^2)`, the means `m`, `s` of `v(x)`, `v(x)^2 + v` decaying.

    `m+ = beta1 m + (1 - beta1) v(x)`, `s+ = beta2 s + (1 - beta2) (v(x)^2 + v)`, entrywise. The
    bias correction is left out: it depends on time and fades away, so the spectrum is that of
    late steps and says nothing of the first ones. Epsilon stands inside the root, squared, as
    `sqrt(s) + epsilon` has no derivative at rest; the two are the same at `s = 0`. To first order
    the adaptation vanishes at rest, where `s = v`, and what is left is momentum with step
    `h (1 - beta1)/sqrt(v + epsilon^2)`.

    Args:
        h: one step size for all players, or one each.
        beta1: decay of the mean gradient, in [0, 1).
        beta2: decay of the mean squared gradient, in [0, 1).
        epsilon: what keeps the root from 0, > 0, in units of the gradient.
        v: second moment of the gradients at rest, >= 0: what their noise leaves, 0 by default.

    Source: Kingma & Ba 2015.
    """

    h: Steps = hyper("h")
    beta1: Scalar = hyper("beta1")
    beta2: Scalar = hyper("beta2")
    epsilon: Scalar = hyper("epsilon")

    name: ClassVar[str] = "adam"
    formula: ClassVar[str] = (
        "x+ = x + h m+/sqrt(s+ + epsilon^2), m, s the decaying means of v(x), v(x)^2, s held at v at rest;"
        " no bias correction"
    )
    source: ClassVar[str] = "Kingma & Ba 2015, arXiv:1412.6980"

    def init(self, o: Oracle, x: Vector) -> Moments:
        return Moments(x, x - x, self.moment(o, x))

    def step(self, o: Oracle, state: Moments) -> Moments:
        v = o.v(state.x)
        mean = self.beta1 * state.mean + (1 - self.beta1) * v
        square = self.averaged(o, state.x, state.square, v, self.beta2)
        move = o.scale(self.h, mean / o.sqrt(square + self.epsilon * self.epsilon))
        return Moments(state.x + move, mean, square)


@dataclass(frozen=True)
class RMSprop(Adaptive):
    """`x+ = x + h v(x)/sqrt(s+ + epsilon^2)`, `s+ = beta2 s + (1 - beta2) (v(x)^2 + v)`, entrywise.

    To first order the adaptation vanishes at rest, where `s = v`, and what is left is `simgd`
    with step `h/sqrt(v + epsilon^2)`.

    Args:
        h: one step size for all players, or one each.
        beta2: decay of the mean squared gradient, in [0, 1).
        epsilon: what keeps the root from 0, > 0, in units of the gradient.
        v: second moment of the gradients at rest, >= 0: what their noise leaves, 0 by default.

    Source: Tieleman & Hinton 2012.
    """

    h: Steps = hyper("h")
    beta2: Scalar = hyper("beta2")
    epsilon: Scalar = hyper("epsilon")

    name: ClassVar[str] = "rmsprop"
    formula: ClassVar[str] = (
        "x+ = x + h v(x)/sqrt(s+ + epsilon^2), s the decaying mean of v(x)^2, held at v at rest"
    )
    source: ClassVar[str] = "Tieleman & Hinton 2012"

    def init(self, o: Oracle, x: Vector) -> Square:
        return Square(x, self.moment(o, x))

    def step(self, o: Oracle, state: Square) -> Square:
        v = o.v(state.x)
        square = self.averaged(o, state.x, state.square, v, self.beta2)
        return Square(state.x + o.scale(self.h, v / o.sqrt(square + self.epsilon * self.epsilon)), square)
