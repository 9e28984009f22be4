"""What is printed can be read: numbers, conditions, names and widths."""

from __future__ import annotations

import pytest
import sympy as sp
from flint import fmpz_poly

from stabcheck.report.printing import code, latex, terminal
from stabcheck.symbolic.rest.numbers import Root

T = sp.Symbol("t")

POWERS = [
    ([-1, 0, 0, 16], 0, "2^(-4/3)"),
    ([-1, 0, 0, 256], 0, "2^(-8/3)"),
    ([-7, 0, 0, 1], 0, "7^(1/3)"),
    ([7, 0, 0, 1], 0, "-7^(1/3)"),
    ([-2, 0, 0, 0, 1], 1, "2^(1/4)"),
    ([-2, 0, 0, 0, 1], 0, "-2^(1/4)"),
    ([-3, 0, 1], 1, "sqrt(3)"),
    ([-1, 0, 0, 5], 0, "5^(-1/3)"),
]


@pytest.mark.parametrize(("coefficients", "index", "shown"), POWERS)
def test_roots_of_numbers_are_shown_as_such(coefficients, index, shown):
    root = Root.of(fmpz_poly(coefficients), index)
    assert terminal(root) == shown
    assert "CRootOf" not in latex(root, {})
    assert abs(sp.N(sp.sympify(shown.replace("^", "**"))) - sp.N(root)) < 1e-12


WORDS = [
    (Root.of(fmpz_poly([-2, -1, 0, 0, 0, 2]), 0), "root of 2*t^5 - t - 2 near 1.090970407"),
    (sp.CRootOf(T**5 - T + 1, 0), "root of t^5 - t + 1 near -1.167303978"),
    (sp.CRootOf(T**5 - T + 1, 1), "root of t^5 - t + 1 near -0.1812324445 - 1.083954101*i"),
    (
        Root.of(fmpz_poly([-1, *range(10**10, 10**10 + 24), 1]), 0),
        "root of a polynomial of degree 25 near",
    ),
]


@pytest.mark.parametrize(("root", "shown"), WORDS)
def test_other_roots_are_shown_by_polynomial_and_place(root, shown):
    assert terminal(root).startswith(shown)
    for whole in (terminal(3 * root**2 + 1), latex(3 * root**2 + 1, {})):
        assert "CRootOf" not in whole
        assert "near" in whole
    assert f"({shown}" in terminal(3 * root**2 + 1)
    assert "CRootOf" in code(root)
