"""What is printed can be read: numbers, conditions, names and widths."""

from __future__ import annotations

import pytest
import sympy as sp
from flint import fmpz_poly

from stabcheck import SimGD, analyse
from stabcheck.errors import Undecidable
from stabcheck.games.bilinear import Bilinear
from stabcheck.report.printing import code, latex, terminal
from stabcheck.report.text import _conditions
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


def test_the_shortest_of_long_conditions_is_shown_first_and_whole():
    a, b, *others = sp.symbols("a b c0:60", positive=True)
    long, short = sp.Add(*others) - a, sp.Add(*others[:40]) * b - a
    rows = list(_conditions([long * b + sp.Add(*others) ** 2, short, a - b], ["a"]))
    assert rows[0] == "a - b > 0"
    assert next(_conditions([long * 1000 - b], ["a"])).endswith("> 0")
    assert rows[1:] == sorted(rows[1:], key=len) or "characters" in rows[2]
    assert next(_conditions([long**9 + short, short**8], ["a"])).endswith("> 0")


@pytest.mark.parametrize(
    ("still", "said"), [(["a", "b"], "give values of a, b"), ([], "the verdict is below")]
)
def test_what_is_too_long_asks_for_missing_values_only(still, said):
    assert list(_conditions(None, still)) == [f"(too long to write; {said})"]


@pytest.mark.parametrize(
    ("values", "ending"), [({}, "; give values for a verdict"), ({"h": "1/10", "alpha": 1}, "write")]
)
def test_a_refusal_asks_for_values_only_where_one_is_missing(values, ending):
    found = analyse(Bilinear(), SimGD(), **values)
    assert found._said(Undecidable("too long to write; give values for a verdict")).endswith(ending)
