"""The line over a point: roots in order, what coincides, and the formulas of the intervals between."""

from __future__ import annotations

from fractions import Fraction

import flint
import pytest
from flint import arb

from stabcheck.core.domain import POSITIVE, REAL
from stabcheck.core.formula import Every, Sign
from stabcheck.core.polynomial import Polynomial
from stabcheck.symbolic.point import ORIGIN
from stabcheck.symbolic.stack import LINEAR, MINUS, PLUS, Along, between

V, X, Y = (Polynomial.letter(name) for name in "vxy")


def over(*positive, x, v=REAL):
    along = Along(Every(tuple(Sign.of(p, 1) for p in positive)), "v", {"v": v, "x": REAL, "y": REAL})
    return along.over(ORIGIN.with_value("x", x).with_value("y", 3))


def test_below_two_roots_that_meet_each_is_the_end():
    met = over(X - V, Y - V, x=3)
    assert [len(point) for point in met.points] == [2]
    assert len(met.formulas) == 2
    apart = over(X - V, Y - V, x=2)
    (formula,) = apart.formulas
    assert met.follows(formula)
    assert sum(over(X - V, Y - V, x=4).follows(f) for f in met.formulas) == 1


def test_a_formula_is_one_root_however_the_others_lie():
    (formula,) = over(X - V, Y - V, x=2).formulas
    assert not over(X - V, Y - V, x=4).follows(formula)


def test_roots_of_degree_two_are_named_by_their_square_root():
    quadratic = X * V * V - 1
    assert [r.index for point in over(quadratic, x=1).points for r in point] == [MINUS, PLUS]
    assert [r.index for point in over(-X * V * V + 1, x=1).points for r in point] == [MINUS, PLUS]
    assert [r.index for point in over(X * V * V - V + 1, x=0).points for r in point] == [LINEAR]
    assert [r.index for point in over(X * V * V + 1, x=-1).points for r in point] == [PLUS, MINUS]


def test_an_end_of_the_domain_is_no_root():
    (interval,) = over(V * (X - V), x=2, v=POSITIVE).intervals
    assert (interval.low.at, interval.low.roots) == (0, frozenset())
    assert over(V * (X - V), x=0, v=POSITIVE).intervals == ()


@pytest.mark.parametrize("size", [0, 3, 10**18 + 1, 3**170, 10**400])
def test_a_number_beyond_another_is_beyond_it_whatever_its_size(size):
    """Between floats of that size lie numbers that no float is."""
    with flint.ctx.workprec(256):
        end = arb(size, 1 / 8)
        assert between(end, None) > Fraction(size) + Fraction(1, 8)
        assert between(-end, None) > Fraction(1, 8) - size
        assert between(None, end) < Fraction(size) - Fraction(1, 8)
        assert between(None, -end) < -Fraction(1, 8) - size
