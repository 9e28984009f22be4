"""Random points lie in their domains, are short and the same every time, and count only exactly."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from stabcheck.core.domain import spelled
from stabcheck.core.formula import TRUE, Sign
from stabcheck.core.polynomial import Polynomial
from stabcheck.judge.sampling import BITS, Cloud

X = Polynomial.letter("x")
SPELLINGS = [">0", ">=0", "real", "nonzero", "(0,1]", "[0,1)", "<1", "<=-1/3", ">1/3", "[1/3,1/2]", "<1!=0"]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_points_lie_in_their_domain_and_are_short(spelling):
    domain = spelled(spelling)
    cloud = Cloud.of({"x": domain}, count=500)
    points = [cloud.point(k)["x"] for k in range(500)]
    assert all(domain.contains(q) for q in points)
    assert len(set(points)) > 300
    odd = [abs(q.numerator) // (q.numerator & -q.numerator) for q in points if q]
    assert max(odd) < 2 ** (BITS + 1)


def test_of_both_signs_both_are_drawn():
    column = Cloud.of({"x": spelled("real")}).columns["x"]
    assert 0.4 < np.mean(column < 0) < 0.6


def test_the_same_domains_have_the_same_points():
    first, second = (Cloud.of({"x": spelled(">0"), "y": spelled("real")}) for _ in range(2))
    assert all(np.array_equal(first.columns[n], second.columns[n]) for n in "xy")
    assert not np.array_equal(first.columns["x"], first.columns["y"])


def test_only_points_that_hold_exactly_are_given():
    """In floats `(1 + x/2^60) - 1` is 0 for every x that is drawn."""
    near = Sign.of((X + 2**60) - 2**60 - X + Fraction(1, 2**2000), 0)
    assert near.truth(lambda p: np.sign(float(p.at({"x": Fraction(1)}))))
    assert list(Cloud.of({"x": spelled(">0")}).fulfilling(near)) == []


def test_without_letters_there_are_points_as_well():
    assert list(Cloud.of({}).fulfilling(TRUE, most=2)) == [{}, {}]


def test_points_that_fulfil_a_statement_are_found():
    for point in Cloud.of({"x": spelled("real")}).fulfilling(Sign.of(X - 1, 1), most=3):
        assert point["x"] > 1
