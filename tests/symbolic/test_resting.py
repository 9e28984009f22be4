"""Which operators rest on a line of equilibria of the game, held against their fields typed anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
import sympy as sp

import stabcheck as sc
from stabcheck import analyse
from stabcheck.declare.games.game import Game

ALPHA = sp.Rational(1, 3)
T = sp.symbols("t1:3", real=True)


@dataclass(frozen=True)
class Made(Game):
    """A game of scalar players at rest at the origin, from its losses.

    Attributes:
        write: the losses, of the arithmetic and the coordinates.
        curve: where it rests for each value of a coordinate `t`; none is declared without.
    """

    write: Callable[..., Any] = lambda xp, *x: x
    dims: tuple[int, ...] = field(default=(1, 1))
    curve: Callable[[Any], Any] | None = None

    @property
    def along(self):
        return () if self.curve is None else (0,)

    def equilibrium(self, xp, *t):
        at = self.curve(*(t or (0,))) if self.curve else [0] * len(self.dims)
        return tuple(xp.vector(e) for e in at)

    def losses(self, xp, *x):
        return self.write(xp, *(own[0] for own in x))


def leaning(xp, x, y):
    return x * x / 2 + y * y / 2, -x * y * y / 2


def level(xp, x, y):
    return x * x / 2, -x * y * y / 2


def steep(xp, x, y):
    return x * x / 2 + xp.exp(y), -x * y * y / 2


def steady(xp, x, y):
    return x * x / 2 + xp.exp(x * y) - x * y, -x * y * y * xp.exp(y)


def pairs(xp, x, y, z):
    return x * x / 2 + (y * y + z * z) / 2, x * y * z, -x * y * z


def uneven(xp, x, y, z):
    return x * x / 2 + (y * y + z * z) / 2, x * y, -x * z


def valley(xp, x, y):
    return (y - x * x) * (y - x * x) / 2, (y - x * x) * (y - x * x) / 2


def slope(xp, x, y):
    return (y - x * x) * (y - x * x) / 2 + y * y, (y - x * x) * (y - x * x) / 2


def parabola(t):
    return t, t * t


GAMES = {
    "leaning": (Made(leaning), (0, T[0])),
    "level": (Made(level), (0, T[0])),
    "steep": (Made(steep), (0, T[0])),
    "steady": (Made(steady), (0, T[0])),
    "pairs": (Made(pairs, (1, 1, 1)), (0, *T)),
    "uneven": (Made(uneven, (1, 1, 1)), (0, *T)),
    "valley": (Made(valley, curve=parabola), (T[0], T[0] ** 2)),
    "slope": (Made(slope, curve=parabola), (T[0], T[0] ** 2)),
}
LEFT = {"leaning", "steep", "uneven", "slope"}


def written(game):
    """Coordinates and losses in SymPy, by a plain call."""
    names = sp.symbols(f"x1:{len(game.dims) + 1}", real=True)
    return names, game.write(sp, *names)


def shaped(game, alpha: Any = ALPHA):
    """`-d/dx_i L_i(x_i, x_-i - alpha d_-i L_-i)`, LOLA's field."""
    x, losses = written(game)
    moved = [s - alpha * loss.diff(s) for s, loss in zip(x, losses, strict=True)]
    return [
        -loss.xreplace({s: m for s, m in zip(x, moved, strict=True) if s != own}).diff(own)
        for own, loss in zip(x, losses, strict=True)
    ]


@pytest.mark.parametrize("name", GAMES)
def test_lola_rests_on_the_line_exactly_where_its_field_vanishes_there(name):
    game, line = GAMES[name]
    x, _ = written(game)
    there = dict(zip(x, line, strict=True))
    kept = all(sp.simplify(e.subs(there)) == 0 for e in shaped(game))
    assert kept == (name not in LEFT)
    for method in (sc.LOLA(ALPHA, "exact", sc.SimGD("1/2")), sc.LOLA(ALPHA, "exact", sc.Flow())):
        assert bool(analyse(game, method).manifold) == kept
    # The flow, what foresees without being differentiated, and what asks for the field rest there.
    for method in (sc.Flow(), sc.LookaheadOpponent(ALPHA), sc.OGDA("1/9"), sc.SGA(ALPHA), sc.Implicit(1)):
        assert analyse(game, method).manifold


@pytest.mark.parametrize("name", ["leaning", "level", "steep", "valley", "slope"])
def test_a_leader_that_foresees_rests_only_where_its_followers_do_not_react(name):
    game, _ = GAMES[name]
    through = analyse(game, sc.Unrolled(2, ALPHA, "through", inner=sc.AltGD("1/2", 1)))
    stopped = analyse(game, sc.Unrolled(2, ALPHA, "stopped", inner=sc.AltGD("1/2", 1)))
    assert bool(through.manifold) == (name not in LEFT)
    assert stopped.manifold


def test_a_line_that_is_left_decides_nothing_and_the_steps_show_it():
    result = analyse(Made(leaning), sc.LOLA("1/2", "exact", sc.SimGD(1)))
    assert (result.verdict, result.manifold) == ("neutral", ())
    fields = sp.lambdify(sp.symbols("x1:3", real=True), shaped(Made(leaning), 0.5))
    x, y = 0.0, 0.1
    for _ in range(4000):
        x, y = np.add((x, y), fields(x, y))
    # Off the line at once, to x = -y^2/2; then y loses y^3/4 a step, so that 1/y^2 grows by 1/2.
    np.testing.assert_allclose([x / y**2, 1 / y**2], [-1 / 2, 100 + 4000 / 2], rtol=0.01)
    assert analyse(Made(level), sc.LOLA(1, "exact", sc.SimGD(1))).verdict == "stable"


def test_the_general_result_knows_the_line_only_where_it_is_kept():
    left = analyse(Made(leaning), sc.LOLA("alpha", "exact", sc.SimGD("h")))
    assert left.manifold == ()
    assert 0 in left.conditions
    kept = analyse(Made(level), sc.LOLA("alpha", "exact", sc.SimGD("h")))
    assert kept.manifold == ((0, 1),)
    assert 0 not in kept.conditions


def test_clipping_keeps_what_lies_inside_the_box():
    assert analyse(sc.DiracSquare(t=1) + sc.Clip(2), sc.SimGD("1/2")).manifold == ((0, 1),)
