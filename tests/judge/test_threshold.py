"""Thresholds: the formula holds exactly at the points of the region, on walls between cases as well."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
import sympy as sp

from stabcheck import (
    CGD,
    OGDA,
    R1,
    AltGD,
    Consensus,
    Dirac,
    Extragradient,
    HeavyBall,
    NagarajanKolter,
    SimGD,
    analyse,
)
from stabcheck.core.domain import NONNEGATIVE, NONZERO, POSITIVE, REAL
from stabcheck.core.errors import Undecidable
from stabcheck.judge.region import Region, region_of
from stabcheck.judge.threshold import solved
from stabcheck.symbolic import cells
from stabcheck.symbolic.condition import Condition
from stabcheck.symbolic.printing import terminal
from tests.games import RandomGame
from tests.judge.formulas import holds, is_inside, number

GENERAL, GAN = Dirac("germ") + R1("gamma"), Dirac() + R1("gamma")
X, Y, A, B, C, D = sp.symbols("x y a b c d", real=True)


def threshold(game, method, name):
    return solved(region_of(analyse(game, method).here), name)


def written(solution):
    return [
        (solution.where(case, terminal), " or ".join(solution.intervals(case, terminal)) or "never")
        for case in solution.cases
    ]


def test_the_step_of_simultaneous_descent_for_every_loss():
    assert written(threshold(GENERAL, SimGD("h"), "h")) == [
        ("gamma = 0", "never"),
        ("0 < gamma <= 2*|f'(0)|", "0 < h < gamma/f'(0)^2"),
        ("gamma > 2*|f'(0)|", "0 < h < (gamma - sqrt(gamma^2 - 4*f'(0)^2))/f'(0)^2"),
    ]


@pytest.mark.parametrize(
    ("game", "method", "name", "expected"),
    [
        (GENERAL, SimGD("h"), "gamma", [
            ("h < 2/|f'(0)|", "f'(0)^2*h < gamma < f'(0)^2*h/2 + 2/h"), ("h >= 2/|f'(0)|", "never")]),
        (GENERAL, AltGD("h"), "h", [
            ("gamma = 0", "never"), ("gamma > 0", "0 < h < (sqrt(4*f'(0)^2 + gamma^2) - gamma)/f'(0)^2")]),
        (GENERAL, CGD("h"), "gamma", [("", "0 <= gamma < f'(0)^2*h/2 + 2/h")]),
        (Dirac("germ"), OGDA("h"), "h", [("", "0 < h < sqrt(3)/(3*|f'(0)|)")]),
        (Dirac(), OGDA("h"), "h", [("", "0 < h < 2*sqrt(3)/3 = 1.15470053838")]),
        (Dirac("germ") + Consensus("gamma"), SimGD("h"), "h", [
            ("gamma = 0", "never"), ("gamma > 0", "0 < h < 2*gamma/(1 + f'(0)^2*gamma^2)")]),
    ],
)  # fmt: skip
def test_thresholds_that_are_known(game, method, name, expected):
    assert written(threshold(game, method, name)) == expected


def test_there_may_be_several_intervals():
    *_, (where, stable) = written(threshold(GENERAL, CGD("h"), "h"))
    assert where == "gamma >= 2*|f'(0)|"
    assert stable.count("h") == 2
    assert " or h > (gamma + sqrt(" in stable


def test_beyond_degree_two_the_root_is_named():
    (_, stable), *_ = written(threshold(GAN, Extragradient("h"), "h"))
    assert stable == "0 < h < root 1 of 16*gamma^2*h + h^3 - 4*gamma*h^2 - 16*gamma - 4*h"


@pytest.mark.parametrize("method", [SimGD("h"), AltGD("h"), CGD("h"), OGDA("h"), Extragradient("h")])
@pytest.mark.parametrize("name", ["h", "gamma"])
def test_the_formula_holds_exactly_in_the_region(method, name):
    region = region_of(analyse(GAN, method).here)
    solution, rng = solved(region, name), random.Random(0)
    (other,) = solution.others
    places = [cell.stack.point for case in solution.cases for cell in case.cells]
    walls = [x for place in places if (x := place.rational(other)) is not None]
    for x in (*walls, *(Fraction(rng.randint(1, 40), 8) for _ in range(8))):
        for v in [Fraction(rng.randint(1, 60), 12) for _ in range(6)]:
            values = {name: v, other: x}
            assert holds(solution, values) == region.contains(**values), values


@pytest.mark.parametrize(
    ("game", "method", "name"),
    [
        (GENERAL, SimGD(("h_g", "h_d")), "h_g"),
        (GENERAL, SimGD(("h_g", "h_d")), "gamma"),
        (GENERAL, AltGD(("h_g", "h_d")), "h_d"),
        (GAN, HeavyBall("h", "beta"), "h"),
        (GAN, HeavyBall("h", "beta"), "gamma"),
        (Dirac() + NagarajanKolter("eta"), HeavyBall("h", "beta"), "h"),
    ],
)
def test_the_formula_holds_exactly_over_points_of_all_cells(game, method, name):
    region = region_of(analyse(game, method).here)
    solution, rng = solved(region, name), random.Random(0)
    points = [cell.stack.point for case in solution.cases for cell in case.cells]
    for point in rng.sample(points, min(12, len(points))):
        values = {other: number(point, other) for other in solution.others}
        values |= dict.fromkeys(solution.scaling.ones, sp.S.One)
        for _ in range(4):
            values[name] = sp.Rational(region.domains[name].draw(rng))
            assert holds(solution, values) == is_inside(region, values), values


@pytest.mark.parametrize("name", ["x", "a", "b", "c"])
def test_with_three_others_the_formula_holds_at_random_points(name):
    region = of(B - A * X, C - X, x=POSITIVE, a=REAL, b=REAL, c=NONZERO)
    solution, rng = solved(region, name), random.Random(0)
    assert len(solution.others) + len(solution.scaling.ones) == 3
    for _ in range(40):
        values = {each: sp.Rational(domain.draw(rng)) for each, domain in region.domains.items()}
        values |= dict.fromkeys(solution.scaling.ones, sp.S.One)
        assert holds(solution, values) == is_inside(region, values), values


def test_without_walls_cases_say_so(monkeypatch):
    region = region_of(analyse(GAN, HeavyBall("h", "beta")).here)
    assert solved(region, "h").whole
    monkeypatch.setattr(cells, "MOST_DEGREE", 0)
    solution = solved(region, "h")
    assert not solution.whole
    assert all("=" not in where for where, _ in written(solution))


def test_a_game_without_symmetry_is_solved():
    region = region_of(analyse(RandomGame(1), SimGD("h")).here)
    (case,) = solved(region, "h").cases
    assert case.formula
    for interval in case.formula:
        for end, side in ((interval.low, 1), (interval.high, -1)):
            if end.roots:
                place = Fraction(float(end.ball.mid())).limit_denominator(10**9)
                step = side * Fraction(1, 10**6)
                assert region.contains(h=place + step)
                assert not region.contains(h=place - step)


def of(*conditions, **domains):
    return Region.of(map(Condition.of, conditions), domains or {"x": REAL, "y": REAL})


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        (of(X, Y), [("y <= 0", "never"), ("y > 0", "x > 0")]),
        (of(1 - X**2 - Y**2), [("|y| < 1", "|x| < sqrt(1 - y^2)"), ("|y| >= 1", "never")]),
        (of(1 - X**2 - Y**3), [("y < 1", "|x| < sqrt(1 - y^3)"), ("y >= 1", "never")]),
        (of((X - Y) ** 2), [("", "x < y or x > y")]),
        (of(X * Y), [("y < 0", "x < 0"), ("y = 0", "never"), ("y > 0", "x > 0")]),
        (of(Y * X**2 - 1), [("y <= 0", "never"), ("y > 0", "|x| > sqrt(1/y)")]),
        (of(X + 1, x=NONNEGATIVE), [("", "x >= 0")]),
        (of(X - 1, x=POSITIVE), [("", "x > 1")]),
        (of(Y - X, x=POSITIVE, y=REAL), [("y <= 0", "never"), ("y > 0", "0 < x < y")]),
        (of(X - Y, 2 - X, x=NONZERO, y=REAL), [
            ("y < 0", "y < x < 0 or 0 < x < 2"), ("0 <= y < 2", "y < x < 2"), ("y >= 2", "never")]),
        (of(Y * X, 1 - X, x=REAL, y=NONZERO), [("y < 0", "x < 0"), ("y > 0", "0 < x < 1")]),
        (of(2 - X**2, x=REAL), [("", "|x| < sqrt(2) = 1.41421356237")]),
    ],
)  # fmt: skip
def test_degenerate_regions(region, expected):
    assert written(solved(region, "x")) == expected


def test_four_others_are_too_many():
    with pytest.raises(Undecidable, match="the cases depend on a, b, c and d, which are too many"):
        solved(of(X - A * B - C * D, A - 1, **dict.fromkeys("xabcd", REAL)), "x")
