"""Points over number fields: what vanishes there is seen, and nothing else."""

from __future__ import annotations

from fractions import Fraction

import pytest

from stabcheck.core.errors import Undecidable
from stabcheck.core.polynomial import Polynomial
from stabcheck.symbolic import point as module
from stabcheck.symbolic.point import ORIGIN

V, X, Y = (Polynomial.letter(name) for name in "vxy")


@pytest.fixture
def surds():
    """`x = sqrt(2), y = sqrt(3)`, each the second root of its polynomial."""
    return ORIGIN.with_root("x", X * X - 2, 1).with_root("y", Y * Y - 3, 1)


def test_signs_are_exact(surds):
    assert surds.sign(X * X * Y * Y - 6) == 0
    assert surds.sign(Y * Y - X * X - 1) == 0
    assert surds.sign(X + Y - Fraction(3146264, 1000000)) == 1
    assert surds.sign(X + Y - Fraction(3146265, 1000000)) == -1


def test_a_root_over_the_field_may_be_of_a_higher_degree(surds):
    deeper = surds.with_root("z", Polynomial.letter("z") ** 2 - X * Y, 0)
    assert deeper.number.degree == 8
    assert deeper.sign(Polynomial.letter("z") ** 4 - 6) == 0
    assert deeper.sign(Polynomial.letter("z")) == -1


def test_roots_are_counted_as_often_as_they_are_one(surds):
    assert len(surds.roots((V - X) * (V - X) * (V - Y), "v")) == 3
    assert surds.roots((X * X - 2) * V - 1, "v") == []
    assert len(surds.row((X * X - 2) * V**2 + V - 1, "v")) == 2


def test_rational_coordinates_are_seen(surds):
    assert surds.rational("x") is None
    assert surds.with_root("z", Polynomial.letter("z") * X * X - 1, 0).rational("z") == Fraction(1, 2)


def test_large_fields_are_refused(surds, monkeypatch):
    monkeypatch.setattr(module, "MOST_DEGREE", 7)
    with pytest.raises(Undecidable, match="a field of a degree beyond 7"):
        surds.with_root("z", Polynomial.letter("z") ** 2 - X - Y, 1)
