"""Two time scales, in the limit where one player is infinitely fast."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stabcheck.core.errors import NotApplicable
from stabcheck.core.hyper import setting
from stabcheck.core.oracle import Oracle, sum_of
from stabcheck.declare.methods.method import State, VectorField, player


@dataclass(frozen=True)
class TTUR(VectorField):
    """`dx_s/dt = v_s(x_s, y(x_s))` with `v_f(x_s, y) = 0`, and `dx_f/dt' = v_f(x)`.

    The slow players see the fast one at its best response; the fast one moves in a time `t'` of
    its own, in which the others hold still. Both blocks must be stable for the game to be stable
    at a large ratio of the two speeds: the slow eigenvalues are those of the Schur complement
    `J_ss - J_sf J_ff^-1 J_fs`, the fast ones those of `J_ff`. For finite ratios give any method
    step sizes of its own, or the flow speeds `tau`, for each player.

    Args:
        fast: index of the fast player; the last one, which is the discriminator of a GAN.

    Source: Heusel et al. 2017.
    """

    fast: int = setting("fast", -1, "the player that is infinitely fast", of="player")

    name: ClassVar[str] = "ttur"
    formula: ClassVar[str] = "slow players: v with the fast one at its best response; fast one: v"
    source: ClassVar[str] = "Heusel et al. 2017, arXiv:1706.08500; Borkar 1997"

    def step(self, o: Oracle, state: State) -> State:
        x, fast = state.x, player("fast", self.fast, o.players)
        if o.players == 1:
            raise NotApplicable("ttur tells a fast player from slow ones; this game has one player")
        slow = [i for i in range(o.players) if i != fast]
        responded = o.root(lambda y: sum_of(o.only(i, y - x) for i in slow) + o.field(fast, y), x)
        return State(sum_of(o.field(i, responded) for i in slow) + o.field(fast, x))
