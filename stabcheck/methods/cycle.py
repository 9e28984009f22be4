"""Steps that change with time, over a period: what repeats is the operator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from stabcheck.hyper import hyper
from stabcheck.methods.method import Operator, Wrapper
from stabcheck.methods.simgd import SimGD
from stabcheck.oracle import Oracle


@dataclass(frozen=True)
class Lazy(Wrapper):
    """`every - 1` steps of the inner method without the penalty, then one with it `every` times as strong.

    Lazy regularisation: the penalty's terms in the losses, `P = L - B` with `B` the losses without
    them, are 0 and then `every P`. The operator is the whole cycle of `every` steps; where in it the
    penalty stands does not change its eigenvalues. What a penalty does besides (noise, clipping)
    stays in every step.

    Args:
        every: how many steps a cycle has, one of them with the penalty.
        inner: the method that makes them.

    Source: Karras et al. 2020.
    """

    every: int = hyper("every")
    inner: Operator = SimGD()

    name: ClassVar[str] = "lazy"
    formula: ClassVar[str] = (
        "a cycle of the inner method: all but one of its steps without the penalty, one with it as many"
        " times as strong"
    )
    source: ClassVar[str] = "Karras et al. 2020, arXiv:1912.04958"

    @property
    def period(self) -> int:
        return self.every * self.inner.period

    def step(self, o: Oracle, state: Any) -> Any:
        if self.every > 1:
            without = partial(self.inner.step, o.bare())
            state = without(state)
            if self.every > 2:
                state = o.repeat(self.every - 2, partial(after_putting_back, o, without), state)
            state = put_back(o, state)
        return self.inner.step(o.weighed(self.every), state)


def put_back(o: Oracle, state: Any) -> Any:
    """The state between two steps of a cycle, where the game has put the players."""
    return state._replace(x=o.project(state.x))


def after_putting_back(o: Oracle, step: Callable[[Any], Any], state: Any) -> Any:
    """A step that is not the first one of its cycle."""
    return step(put_back(o, state))
