"""Signs of polynomials between 0 and 1, and conditions that follow from others."""

from __future__ import annotations

import pytest
import sympy as sp

from stabcheck import analyse
from stabcheck.declare.file.gamefile import load
from stabcheck.symbolic.settling import implied, sign_of_terms
from tests.test_cases import CASES

A, B = sp.symbols("a b", positive=True)
P, Q = sp.Symbol("p", positive=True), sp.Symbol("q", nonnegative=True)
BOUNDS = {P: 1 - sp.Dummy(nonnegative=True), Q: 1 - sp.Dummy(positive=True)}


@pytest.mark.parametrize(
    ("expression", "sign"),
    [
        (3 - 2 * P, 1),
        (1 - P, 0),
        (P - P**2 + A, 1),
        (2 - P - Q, 1),
        (Q - 1, -1),
        (Q**2 - Q, 0),
        (A * (1 - Q) + Q * B, 1),
        (A - P, 0),
        (1 + P**2 - 2 * P, 0),
    ],
)
def test_signs_between_0_and_1(expression, sign):
    assert sign_of_terms(expression, BOUNDS) == sign


def test_what_follows_from_a_shorter_condition_is_found():
    first, second, third = A - B, A + B * A - B, A**2 - B**2 * P
    assert implied([second, first], BOUNDS) == (second,)
    assert implied([first, B - A]) == ()
    assert implied([third, first], BOUNDS) == (third,)
    assert implied([A - 2 * B, 2 * A - B]) == (2 * A - B,)


@pytest.mark.whole
def test_the_condition_that_says_it_all_is_marked():
    text = str(analyse(load(CASES / "viral-latency.toml")()))
    assert text.count("(follows)") == 2
    assert "c*d*m^2 - a*b*q*s0 - b*m*q*s0 > 0\n" in text


def test_long_conditions_are_shown():
    text = str(analyse(load(CASES / "may-model.toml")()))
    said = text[text.index("stable iff") : text.index("verdict")]
    assert "> 0" in said
    assert "characters; --format json" not in said
