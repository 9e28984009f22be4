"""Lookahead, around any method."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any, ClassVar

from stabcheck.core.hyper import SHARE, hyper
from stabcheck.core.oracle import Oracle, Scalar
from stabcheck.declare.methods.method import Operator, Wrapper
from stabcheck.declare.methods.simgd import SimGD


@dataclass(frozen=True)
class Lookahead(Wrapper):
    """`x+ = x + slow (y - x)`, `y` the point after `k` steps of the inner method from `x`.

    What the inner method remembers is kept as its last step left it.

    Args:
        k: inner steps per step.
        alpha: share of the way that is taken, in (0, 1].
        inner: the method inside.

    Source: Zhang et al. 2019; Chavdarova et al. 2021 for games.
    """

    k: int = hyper("k")
    alpha: Scalar = hyper(
        "slow", domain=SHARE, help="share of the way to the inner method's result", typical=Fraction(1, 2)
    )
    inner: Operator = SimGD()

    name: ClassVar[str] = "lookahead"
    formula: ClassVar[str] = "x+ = x + slow (y - x), y after k steps of the inner method"
    source: ClassVar[str] = "Zhang et al. 2019, arXiv:1907.08610; Chavdarova et al. 2021, arXiv:2006.14567"

    @property
    def period(self) -> int:
        # A step of its own, but for one around what repeats after several steps only.
        return self.k * self.inner.period if self.inner.period > 1 else 1

    def step(self, o: Oracle, state: Any) -> Any:
        fast = o.repeat(self.k, partial(self.inner.step, o), state)
        return fast._replace(x=state.x + self.alpha * (fast.x - state.x))
