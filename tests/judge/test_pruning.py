"""Conditions are left out only where they follow, and a region is called empty only where it is."""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import product

import pytest
import sympy as sp

from stabcheck import R1, AltGD, Dirac, Nesterov, SimGD, analyse
from stabcheck.core.domain import NONNEGATIVE, POSITIVE, REAL
from stabcheck.core.formula import Sign
from stabcheck.judge.pruning import Prover, pruned
from stabcheck.judge.region import Region, region_of
from stabcheck.judge.solver import USUAL, Z3, Answer, Limits, Solver, Status
from stabcheck.symbolic.condition import Condition
from tests.dealt import dealt
from tests.games import RandomGame

X, Y = sp.Symbol("x", real=True), sp.Symbol("y", real=True)


def of(*conditions, **domains):
    return Region.of(map(Condition.of, conditions), domains or {"x": REAL, "y": REAL})


@dataclass(frozen=True)
class Silent(Solver):
    """A solver that decides nothing."""

    name: str = "silent"
    installed = True

    def command(self, limits):
        raise NotImplementedError

    def ask(self, script, limits):
        return Answer(Status.UNKNOWN, {})


def left(region):
    return [[str(p) for p in c.polynomials] for c in pruned(region, Z3()).region.conditions]


def test_what_follows_is_left_out_and_the_longer_goes():
    assert left(of(X - 1, X**2 + X - 2)) == [["x - 1"]]
    assert len(pruned(of(X - 1, X**2 + X - 2), Z3()).dropped) == 1


def test_what_follows_from_two_together_is_left_out():
    assert left(of(X - 1, Y - 1, X * Y + X - 2)) == [["x - 1"], ["y - 1"]]


def test_what_fails_on_the_boundary_alone_is_kept():
    """`x^2 > 0` does not follow from nothing, though it holds at all points but one."""
    assert left(of((X - Y) ** 2 + 0 * X, X + Y)) == [["x - y"], ["x + y"]]
    assert left(of(X**2 - Y**2 * 2 + 1, 2 * Y**2 - X**2 + 1)) != []


def test_of_two_that_say_the_same_one_is_left():
    assert len(left(of(X - 1, 2 * X - 2))) == 1


def test_an_empty_region_is_found():
    found = pruned(of(X - Y, Y - X), Z3())
    assert found.empty is True
    assert len(found.region.conditions) == 2


def test_a_full_region_is_found():
    found = pruned(of(X + 1, x=NONNEGATIVE), Z3())
    assert found.full
    assert not pruned(of(X, x=NONNEGATIVE), Z3()).full
    assert pruned(of(X, x=POSITIVE), Z3()).full


def test_what_no_solver_decides_stays():
    found = pruned(of(X - 1, X**2 + X - 2), Silent())
    assert len(found.region.conditions) == 2
    assert (found.empty, found.undecided) == (False, 1)
    assert pruned(of(X - Y, Y - X), Silent()).empty is None


def test_nesterov_alone_is_never_stable():
    assert pruned(region_of(analyse(Dirac(), Nesterov("h", "beta")).here), Z3()).empty is True


REGIONS = [
    pytest.param(game, method, id=f"{game.label} {method.name}")
    for game, method in product([RandomGame("gamma"), Dirac() + R1("gamma")], [SimGD("h"), AltGD("h")])
]


@pytest.mark.parametrize(("game", "method"), dealt(REGIONS, 3))
def test_pruned_regions_are_the_same_set(game, method):
    region, rng = region_of(analyse(game, method).here), random.Random(1)
    left = pruned(region, Z3(), Limits(seconds=0.1)).region
    for _ in range(200):
        values = {name: domain.draw(rng) for name, domain in region.domains.items()}
        assert left.inside.holds(values) is region.inside.holds(values)


def test_points_answer_before_a_solver():
    region = of(X, x=POSITIVE)
    assert Prover(region, Silent(), USUAL).possible(region.inside) is True


def test_a_point_of_floats_counts_only_where_it_holds_exactly():
    """`x^2 - 2 = 0` holds at no short fraction, however it looks in floats."""
    (p,) = of(X**2 - 2, x=REAL).conditions[0].polynomials
    assert Prover(of(X, x=REAL), Silent(), USUAL).possible(Sign.of(p, 0)) is None
