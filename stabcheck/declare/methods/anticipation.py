"""Opponent shaping: players who foresee the others' next steps, around any method."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from stabcheck.core.errors import NotApplicable
from stabcheck.core.hyper import count_to, hyper, setting
from stabcheck.core.oracle import Adjusted, Oracle, Scalar, Vector, sum_of
from stabcheck.declare.methods.method import Adjuster, Operator, player
from stabcheck.declare.methods.simgd import SimGD


@dataclass(frozen=True)
class LOLA(Adjuster):
    """`u_i = -d/dx_i L_i(x_i, x_-i + alpha v_-i(x))`, followed by the inner method.

    The others' step is differentiated, too. In its first-order form the loss is expanded before:
    `u_i = -d/dx_i (L_i + alpha sum_{j != i} <v_j, d_j L_i>)`. Where a player's loss has a slope
    in the others' coordinates at rest, the rest point moves.

    Args:
        alpha: size of the step that each expects of the others.
        form: `exact` or `first-order`.
        inner: the method, or the flow, that follows the field `u`.

    Source: Foerster et al. 2018.
    """

    alpha: Scalar = hyper("e", per_player=False, typical=Fraction(1))
    form: str = setting(
        "form", "exact", "the loss after the step, or expanded in it", ("exact", "first-order")
    )
    inner: Operator = SimGD()

    name: ClassVar[str] = "lola"
    formula: ClassVar[str] = "inner method on u_i = -d/dx_i L_i(x_i, x_-i + e v_-i(x))"
    source: ClassVar[str] = "Foerster et al. 2018, arXiv:1709.04326"

    def adjusted(self, o: Oracle) -> Oracle:
        if self.form == "first-order":
            return _Expanded(o, self.name, self.alpha)
        return _Foreseeing(o, self.name, range(o.players), 1, self.alpha, through=True)


@dataclass(frozen=True)
class LookaheadOpponent(Adjuster):
    """`u_i = -(d_i L_i)(x_i, x_-i + alpha v_-i(x))`, followed by the inner method.

    Each player foresees the others' step, but not its own influence on it.

    Args:
        alpha: size of the step that each expects of the others.
        inner: the method, or the flow, that follows the field `u`.

    Source: Zhang & Lesser 2010; Letcher et al. 2019.
    """

    alpha: Scalar = hyper("e", per_player=False, typical=Fraction(1))
    inner: Operator = SimGD()

    name: ClassVar[str] = "lookahead-opponent"
    formula: ClassVar[str] = "inner method on u_i = -(d_i L_i)(x_i, x_-i + e v_-i(x))"
    source: ClassVar[str] = "Zhang & Lesser 2010; Letcher et al. 2019, arXiv:1811.08469"

    def adjusted(self, o: Oracle) -> Oracle:
        return _Foreseeing(o, self.name, range(o.players), 1, self.alpha, through=False)


@dataclass(frozen=True)
class Unrolled(Adjuster):
    """`u_l = -d/dx_l L_l(y)`, `y` the point after `k` steps of size `e` of the others; `u_j = v_j`.

    In those steps the leader `l` holds still. With the gradient stopped, `u_l = -(d_l L_l)(y)`:
    `y` is not differentiated. Where the leader's loss has a slope in the others' coordinates at
    rest, the rest point moves.

    Args:
        k: how many steps the leader foresees, at most 25.
        e: their size.
        gradient: `through` the steps, or `stopped` before them.
        leader: index of the player that foresees; the generator of a GAN.
        inner: the method, or the flow, that follows the field `u`.

    Source: Metz et al. 2017.
    """

    k: int = hyper("unroll", domain=count_to(25), default=1, help="how many steps are foreseen")
    e: Scalar = hyper("e", per_player=False)
    gradient: str = setting(
        "gradient", "through", "whether the steps are differentiated", ("through", "stopped")
    )
    leader: int = setting("leader", 0, "the player that foresees the others", of="player")
    inner: Operator = SimGD()

    name: ClassVar[str] = "unrolled"
    formula: ClassVar[str] = "inner method on v, the leader after k foreseen steps e of the others"
    source: ClassVar[str] = "Metz et al. 2017, arXiv:1611.02163"

    def adjusted(self, o: Oracle) -> Oracle:
        through = self.gradient == "through"
        leader = player("leader", self.leader, o.players)
        return _Foreseeing(o, self.name, (leader,), self.k, self.e, through=through)


class _Foreseeing(Adjusted):
    """Players in `who` descend their losses where the others will be after `k` steps of size `e`."""

    def __init__(
        self, base: Oracle, name: str, who: range | tuple[int, ...], k: int, e: Scalar, *, through: bool
    ):
        super().__init__(base, name)
        self.who, self.k, self.e, self.through = who, k, e, through
        _refuse_solitude(base, name)

    def field(self, i: int, x: Vector) -> Vector:
        return -self.only(i, self._slope(i, x)) if i in self.who else self.base.field(i, x)

    def _slope(self, i: int, x: Vector) -> Vector:
        """The gradient of `L_i` at the point foreseen, pulled back through the steps to `x`."""
        path = list(self._path(i, x))
        slope = self.base.grad(i, path[-1])
        if self.through:
            for y in reversed(path[:-1]):
                slope = slope - self.e * self._reactions(i, y, slope)
        return slope

    def _path(self, i: int, x: Vector) -> Iterator[Vector]:
        yield x
        for _ in range(self.k):
            x = x + self.e * sum_of(self.base.field(j, x) for j in self._others(i))
            yield x

    def _reactions(self, i: int, y: Vector, slope: Vector) -> Vector:
        """`-(sum_{j != i} field_j)'(y)^T slope`."""
        return sum_of(self.base.hvp(j, y, self.only(j, slope)) for j in self._others(i))

    def _others(self, i: int) -> list[int]:
        return [j for j in range(self.players) if j != i]


class _Expanded(Adjusted):
    """Each player descends `L_i + alpha sum_{j != i} <v_j, d_j L_i>`."""

    def __init__(self, base: Oracle, name: str, alpha: Scalar) -> None:
        super().__init__(base, name)
        self.alpha = alpha
        _refuse_solitude(base, name)

    def field(self, i: int, x: Vector) -> Vector:
        o = self.base
        slope = o.grad(i, x)
        others = [j for j in range(o.players) if j != i]
        moves = sum_of(o.field(j, x) for j in others)
        shaping = sum_of(o.hvp(j, x, o.only(j, slope)) for j in others)
        return -o.only(i, slope + self.alpha * (o.hvp(i, x, moves) - shaping))


def _refuse_solitude(o: Oracle, name: str) -> None:
    if o.players == 1:
        raise NotApplicable(f"{name} foresees the steps of others; this game has one player")
