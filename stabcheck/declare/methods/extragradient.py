"""Extragradient: extrapolate, then step with the field found there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stabcheck.core.hyper import hyper
from stabcheck.core.oracle import Oracle, Steps
from stabcheck.declare.methods.method import Method, State


@dataclass(frozen=True)
class Extragradient(Method):
    """`x+ = x + h v(x + h v(x))`.

    Args:
        h: one step size for all players, or one each.

    Source: Korpelevich 1976.
    """

    h: Steps = hyper("h")

    name: ClassVar[str] = "extragradient"
    aliases: ClassVar[tuple[str, ...]] = ("eg",)
    formula: ClassVar[str] = "x+ = x + h v(x + h v(x))"
    source: ClassVar[str] = "Korpelevich 1976; Gidel et al. 2019, arXiv:1802.10551"

    def step(self, o: Oracle, state: State) -> State:
        return GeneralisedEG(self.h, self.h).step(o, state)


@dataclass(frozen=True)
class GeneralisedEG(Method):
    """`x+ = x + h v(x + e v(x))`.

    Args:
        h: the step that is taken, one for all players or one each.
        e: the step that looks ahead, likewise.

    Source: Zhang & Yu 2020.
    """

    h: Steps = hyper("h")
    e: Steps = hyper("e")

    name: ClassVar[str] = "generalised-eg"
    formula: ClassVar[str] = "x+ = x + h v(x + e v(x))"
    source: ClassVar[str] = "Zhang & Yu 2020, arXiv:1908.05699"

    def step(self, o: Oracle, state: State) -> State:
        ahead = state.x + o.scale(self.e, o.v(state.x))
        return State(state.x + o.scale(self.h, o.v(ahead)))
