"""Averages of the players, around any method."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stabcheck.core.hyper import DECAY, hyper
from stabcheck.core.oracle import Oracle, Scalar, Vector
from stabcheck.declare.methods.method import Augmented, Operator, Wrapper, augmented, inner_state, inner_step
from stabcheck.declare.methods.simgd import SimGD


@dataclass(frozen=True)
class EMA(Wrapper):
    """`a+ = beta a + (1 - beta) x+`, with `x+` from the inner method: an exponential average.

    The average follows the players and does not act on them; as it is what the method is run for,
    its decay counts in the spectrum.

    Args:
        beta: its decay, in [0, 1).
        inner: the method inside.

    Source: Yazici et al. 2019.
    """

    beta: Scalar = hyper("decay", domain=DECAY, help="decay of the average")
    inner: Operator = SimGD()

    name: ClassVar[str] = "ema"
    formula: ClassVar[str] = "x+ from the inner method, a+ = decay a + (1 - decay) x+"
    source: ClassVar[str] = "Yazici et al. 2019, arXiv:1806.04498"

    def init(self, o: Oracle, x: Vector) -> Augmented:
        return augmented(self.inner, o, x, x)

    def step(self, o: Oracle, state: Augmented) -> Augmented:
        after = inner_step(self.inner, o, state)
        average = self.beta * state.extra + (1 - self.beta) * after.x
        return Augmented(after.x, tuple(after[1:]), average)

    def read(self, o: Oracle, state: Augmented) -> tuple[Vector, ...]:
        return *self.inner.read(o, inner_state(self.inner, o, state)), state.extra
