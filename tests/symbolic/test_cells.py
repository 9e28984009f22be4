"""Cells: walls where roots meet or go, and between them nothing changes."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from stabcheck.core.domain import NONNEGATIVE, POSITIVE, REAL
from stabcheck.core.errors import Undecidable
from stabcheck.core.formula import Every, Sign
from stabcheck.core.polynomial import Polynomial
from stabcheck.symbolic import cells as module
from stabcheck.symbolic.cells import Cut
from stabcheck.symbolic.point import ORIGIN
from stabcheck.symbolic.stack import Along, between

V, X = Polynomial.letter("v"), Polynomial.letter("x")


def cut(*positive, along=REAL, over=REAL, letters=("x",)):
    domains = {"v": along, **dict.fromkeys(letters, over)}
    return Cut.of(Along(Every(tuple(Sign.of(p, 1) for p in positive)), "v", domains), letters)


def value(point, name="x"):
    return float(point.where(name).mid())


def walls(*positive, **domains):
    return [value(cell.stack.point) for cell in cut(*positive, **domains).cells() if cell.size == 0]


@pytest.mark.parametrize(
    ("polynomials", "expected"),
    [
        ([V * V + X * X - 1], [-1, 1]),
        ([V - X, V + X], [0]),
        ([X * V - 1], [0]),
        ([V * V - X], [0]),
        ([V * V * V - X], [0]),
        ([V - X, X - 2], [2]),
        ([V * V - 2, V - X], [-(2**0.5), 2**0.5]),
    ],
)
def test_walls_are_where_roots_meet_come_or_go(polynomials, expected):
    assert walls(*polynomials) == pytest.approx(expected)


def test_ends_of_domains_are_walls_where_they_belong_to_them():
    assert walls(V - X, along=POSITIVE, over=REAL) == [0]
    assert walls(V - X - 1, over=NONNEGATIVE) == [0]
    assert walls(V - X - 1, over=POSITIVE) == []


@pytest.mark.parametrize("seed", range(3))
def test_over_a_cell_the_intervals_are_those_of_its_sample(seed):
    rng = random.Random(seed)
    powers = [(i, j) for i in range(3) for j in range(3)]
    drawn = [
        Polynomial(("v", "x"), tuple((p, Fraction(rng.randint(-4, 4))) for p in powers)) for _ in range(2)
    ]
    asked = cut(*drawn)
    for cell in asked.cells():
        if cell.size:
            own = cell.stack.point.where("x")
            moved = ORIGIN.with_value("x", between(own, cell.ends[1] and cell.ends[1].ball))
            there = asked.along.over(moved)
            assert there.intervals == cell.stack.intervals
            assert there.points == cell.stack.points


def test_a_wall_may_be_irrational():
    asked = cut(V * V - 2, V - X)
    at = {value(cell.stack.point): cell.stack for cell in asked.cells() if cell.size == 0}
    (interval,) = at[2**0.5].intervals
    assert {len(interval.low.roots), len(interval.high.roots)} == {2, 0}


def test_too_high_degrees_are_refused(monkeypatch):
    monkeypatch.setattr(module, "MOST_DEGREE", 3)
    with pytest.raises(Undecidable, match="beyond 3"):
        cut(V**4 + X**4 * V + 1).cells()
