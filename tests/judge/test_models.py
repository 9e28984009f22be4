"""Numbers as solvers write them."""

from __future__ import annotations

import pytest
import sympy as sp

from stabcheck.core.errors import Undecidable
from stabcheck.judge.models import value


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2.0", 2),
        ("(- 1.0)", -1),
        ("(/ 1.0 3.0)", sp.Rational(1, 3)),
        ("(- (/ 1 3))", sp.Rational(-1, 3)),
        ("(root-obj (+ (^ x 2) (- 2)) 2)", sp.sqrt(2)),
        ("(root-obj (+ (^ x 2) (- 2)) 1)", -sp.sqrt(2)),
        ("(root-obj (+ (^ x 3) (* (- 2) x)) 2)", 0),
    ],
)
def test_numbers_are_read(text, number):
    assert value(text) == number


def test_a_root_without_a_radical_is_one_as_well():
    root = value("(root-obj (+ (^ x 3) (* (- 1) x) (- 3)) 1)")
    assert sp.expand(root**3 - root - 3) == 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "(_ real_algebraic_number <1*x^2 + (-2), (1, 2)>)",
        "(/ 1 0)",
        "(root-obj (+ x (- 1)) 2)",
        "(^ x 900)",
        "1 2",
    ],
)
def test_anything_else_is_refused(text):
    with pytest.raises(Undecidable, match="is not read"):
        value(text)
