"""Comparisons that say what they computed."""

from __future__ import annotations

import pytest

from stabcheck.declare.combination import Combination
from stabcheck.report.comparison import number
from stabcheck.study.compare import Cell, compare

PENALISED = Combination(penalties=("gp",))


def cell(number, verdict="stable"):
    return Cell("simgd", "", verdict, number, "")


@pytest.mark.parametrize(
    ("value", "verdict", "shown"),
    [
        (0.95, "stable", "0.9500"),
        (0.99994, "stable", "0.9999"),
        (0.99996, "stable", "1 - 4.0e-05"),
        (1.00004, "unstable", "1 + 4.0e-05"),
        (1.00006, "unstable", "1.0001"),
        (1.0, "neutral", "1.0000"),
        (1.0, "stable", "just below 1"),
        (1.0, "unstable", "just above 1"),
        (0.0, "neutral", "0.0000"),
        (-4e-5, "stable", "-4.0e-05"),
        (4e-5, "unstable", "4.0e-05"),
        (-6e-5, "stable", "-0.0001"),
        (None, "not differentiable", "kink"),
    ],
)
def test_digits_beside_the_boundary(value, verdict, shown):
    assert number(cell(value, verdict)) == shown


def test_a_count_that_was_given_is_not_called_typical():
    found = compare(PENALISED, ["altgd"], {"n_d": "1,2,5", "h": "1/10", "gamma": "1"})
    assert "typical" not in str(found)
    assert not found.assumed
    assert "n_d = 5" in str(found)


def test_a_count_that_was_not_given_still_is():
    assert compare(PENALISED, ["lookahead"], {"h": "1/10", "gamma": "1"}).assumed["k"] == 5


@pytest.mark.parametrize(
    ("gamma", "said"), [("1", "\nall stable\n"), ("0", "\nu unstable\n"), ("0,1", "u unstable; else stable")]
)
def test_the_legend_is_whole(gamma, said):
    assert said in str(compare(PENALISED, ["simgd"], {"h": "1/10", "gamma": gamma}))
