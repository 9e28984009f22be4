"""Projections: what vanishes wherever roots meet, come or go, and no more than that is seen to need."""

from __future__ import annotations

from fractions import Fraction

import pytest

from stabcheck.core.domain import NONNEGATIVE, POSITIVE, REAL, Domain, End
from stabcheck.core.errors import Undecidable
from stabcheck.core.polynomial import Polynomial
from stabcheck.symbolic import projection as module
from stabcheck.symbolic.projection import is_definite, projected

V, X, Y = (Polynomial.letter(name) for name in "vxy")
BETWEEN = Domain(End(Fraction(0)), End(Fraction(1)))


def along_v(*polynomials, v=REAL, x=REAL, y=REAL):
    return {str(p) for p in projected(polynomials, "v", {"v": v, "x": x, "y": y})}


@pytest.mark.parametrize(
    ("polynomials", "expected"),
    [
        ([V * V + X * X + Y * Y - 1], [X * X + Y * Y - 1]),
        ([V - X, V - Y], [X - Y]),
        ([X * V - 1], [X]),
        ([X * V - Y], [X, Y]),
        ([V - X, X - Y], [X - Y]),
    ],
)
def test_what_is_projected(polynomials, expected):
    assert along_v(*polynomials) == {str(p) for p in expected}


def test_roots_come_in_at_the_ends_of_the_domain():
    assert along_v(V - X - Y, v=POSITIVE) == {str(X + Y)}


@pytest.mark.parametrize(
    ("polynomial", "x", "expected"),
    [
        (X + 1, NONNEGATIVE, True),
        (X - 1, NONNEGATIVE, False),
        (-X + 1, BETWEEN, True),
        (X * -2 + 1, BETWEEN, False),
        (X * X + 1, REAL, False),
    ],
)
def test_what_keeps_its_sign_is_left_out(polynomial, x, expected):
    assert is_definite(polynomial, {"x": x}) is expected


def test_long_resultants_are_refused(monkeypatch):
    monkeypatch.setattr(module, "MOST_TERMS", 5)
    with pytest.raises(Undecidable, match="too long"):
        along_v(V**3 + X**3 * Y * V + Y**3 + 1)
