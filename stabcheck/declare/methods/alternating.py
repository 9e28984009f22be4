"""Taking turns with any method."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from stabcheck.core.hyper import setting
from stabcheck.core.oracle import Oracle, leaves, shaped
from stabcheck.declare.methods.method import Operator, Wrapper, turns
from stabcheck.declare.methods.simgd import SimGD


@dataclass(frozen=True)
class Alternating(Wrapper):
    """For each player `i` in turn, at the newest state: player `i`'s part of one step of `inner`.

    The Gauss-Seidel form of the method inside, its memory included.

    Args:
        inner: the method in which the others hold still.
        order: the players' indices in the order of their turns; empty for first to last.

    Source: Zhang & Yu 2020.
    """

    inner: Operator = SimGD()
    order: tuple[int, ...] = setting("order", (), "whose turn comes first, such as d,g", of="order")

    name: ClassVar[str] = "alternating"
    formula: ClassVar[str] = "in turn: player i's part of one step of the inner method"
    source: ClassVar[str] = "Zhang & Yu 2020, arXiv:1908.05699"

    def step(self, o: Oracle, state: Any) -> Any:
        for i in turns(self.order, o.players):
            pairs = zip(leaves(state), leaves(self.inner.step(o, state)), strict=True)
            state = shaped(state, (old + o.only(i, new - old) for old, new in pairs))
        return state
