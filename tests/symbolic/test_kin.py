"""Which game of the registry somebody's game is, and what is no answer to that."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import pytest

from stabcheck import Bilinear, Dirac
from stabcheck.core.hyper import hyper, setting
from stabcheck.declare.games.game import Game
from stabcheck.symbolic import kin as kin_
from stabcheck.symbolic.kin import kin


@dataclass(frozen=True)
class Saddle(Game):
    """`x y k`, with what stands beside it."""

    dims = (1, 1)

    def equilibrium(self, xp, *t):
        return xp.zeros(1), xp.zeros(1)

    def losses(self, xp, x, y):
        return x[0] * y[0], -x[0] * y[0]


@dataclass(frozen=True)
class Coupled(Saddle):
    """The bilinear game with its own number."""

    alpha: Any = hyper("alpha", domain="real", help="coupling")


@dataclass(frozen=True)
class Listed(Saddle):
    """A game that no cache can keep."""

    notes: list[Any] = field(default_factory=list)


@dataclass(frozen=True)
class Chosen(Saddle):
    """A choice is called as a number of the bilinear game is."""

    alpha: str = setting("alpha", "one", "which", ("one", "other"))


@dataclass(frozen=True)
class Halved(Saddle):
    """What projects is no projection but halves `x`."""

    def project(self, xp, x, y):
        return x / 2, y


class Floating(Saddle):
    """Math that takes numbers alone."""

    def losses(self, xp, x, y):
        return math.exp(x[0]) * y[0], x[0]


@pytest.mark.parametrize("game", [Saddle(), Listed(), Chosen()], ids=lambda g: type(g).__name__)
def test_a_game_of_two_numbers_is_the_bilinear_one(game):
    assert kin(game).game == Bilinear(1)


@pytest.mark.parametrize("game", [Floating(), Halved()], ids=lambda g: type(g).__name__)
def test_what_has_no_formulas_or_another_projection_stands_for_itself(game):
    assert kin(game).game is game


def test_a_game_of_the_registry_stands_for_itself():
    assert kin(game := Dirac("gan")).game is game


@pytest.mark.parametrize("failure", [TypeError, AttributeError, ValueError, IndexError])
def test_a_mistake_in_a_game_of_the_registry_passes(failure, monkeypatch):
    def broken(*_):
        raise failure("ours")

    monkeypatch.setattr(Bilinear, "losses", broken)
    kin_._again.cache_clear()
    with pytest.raises(failure, match="ours"):
        kin(Coupled(3))


@pytest.mark.parametrize("place", ["_values", "_encodes", "_pair"])
def test_a_mistake_in_the_comparison_passes(place, monkeypatch):
    def broken(*_):
        raise AttributeError(place)

    monkeypatch.setattr(kin_, place, broken)
    kin_._again.cache_clear()
    with pytest.raises(AttributeError, match=place):
        kin(Halved())
