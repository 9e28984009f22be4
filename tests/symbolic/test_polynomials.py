"""The doors between SymPy, FLINT and data lead back to where they came from, and evaluate alike."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy as sp
from flint import Ordering
from hypothesis import given
from hypothesis import strategies as st

from stabcheck.core.polynomial import Polynomial
from stabcheck.symbolic.ops import Own
from stabcheck.symbolic.polynomials import (
    cleared,
    expression,
    from_flint,
    in_one,
    irreducible,
    meanings,
    polynomial,
    rational,
    ring,
    square_free,
    to_flint,
    written,
)

H, GAMMA, F1 = sp.Symbol("h", positive=True), sp.Symbol("gamma", nonnegative=True), sp.Symbol("f1", real=True)
ATOMS = [H, GAMMA, F1, sp.sqrt(2), sp.exp(sp.Rational(-1, 2)), sp.exp(-H), sp.sqrt(H), 1 / GAMMA, sp.pi]
NUMBERS = st.fractions(-4, 4, max_denominator=5)
EXPRESSIONS = st.recursive(
    st.sampled_from(ATOMS) | NUMBERS.map(rational),
    lambda e: st.builds(sp.Add, e, e) | st.builds(sp.Mul, e, e) | st.builds(sp.Pow, e, st.integers(0, 3)),
    max_leaves=8,
)
NAMES = ("gamma", "h", "x")
POWERS = st.tuples(*(st.integers(0, 3) for _ in NAMES))
POLYNOMIALS = st.lists(st.tuples(POWERS, NUMBERS), max_size=5).map(
    lambda rows: Polynomial(NAMES, tuple(rows))
)
VALUES = {H: sp.Rational(2, 3), GAMMA: sp.Rational(5, 7), F1: sp.Rational(-3, 2)}


def same(a, b):
    return sp.simplify(sp.expand(a - b)) == 0


@given(EXPRESSIONS)
def test_an_expression_is_its_polynomial_written_out(e):
    letters = meanings(e)
    assert same(expression(polynomial(e, letters), letters), e)


@given(EXPRESSIONS)
def test_evaluation_agrees_with_sympy(e):
    letters = meanings(e)
    values = {name: meaning.xreplace(VALUES) for name, meaning in letters.items()}
    assert same(polynomial(e, letters).at(values, rational), e.xreplace(VALUES))


@given(EXPRESSIONS, EXPRESSIONS)
def test_reading_is_a_homomorphism(a, b):
    letters = meanings(a, b)
    read = [polynomial(e, letters) for e in (a, b)]
    if set(meanings(a * b)) <= set(letters):
        assert polynomial(sp.Mul(a, b, evaluate=False), letters) == read[0] * read[1]
    assert polynomial(sp.Add(a, b, evaluate=False), letters) == read[0] + read[1]


@given(POLYNOMIALS)
def test_data_go_through_both_doors_and_back(p):
    letters = {name: sp.Symbol(name) for name in p.names}
    assert polynomial(expression(p, letters), letters) == p
    below, whole = to_flint(p, NAMES)
    assert from_flint(whole, NAMES) * Fraction(1, below) == p
    assert below > 0


@given(POLYNOMIALS)
def test_a_polynomial_of_sympy_is_the_same_in_flint(p):
    gens = sp.symbols(NAMES)
    poly = sp.Poly(expression(p, dict(zip(NAMES, gens, strict=True))), *gens, domain="QQ")
    for ordering in (Ordering.lex, Ordering.degrevlex):
        below, whole = cleared(poly, ordering)
        assert from_flint(whole, NAMES) == p * int(below)
        assert written(whole, gens) == sp.expand(poly.as_expr() * below)


def test_a_polynomial_in_one_variable():
    x = sp.Symbol("x")
    assert in_one(sp.Poly(x**2 / 2 - sp.Rational(1, 3), x)).coeffs() == [-2, 0, 3]


def test_germ_symbols_are_letters_and_all_else_is_in_the_table():
    e = 2 * F1**2 * H - sp.exp(sp.Rational(-1, 2)) * GAMMA + sp.sqrt(2) ** 3
    letters = meanings(e)
    assert {letters["f1"], letters["h"], letters["gamma"]} == {F1, H, GAMMA}
    assert {letters[n] for n in ("c1", "c2")} == {sp.exp(sp.Rational(-1, 2)), sp.sqrt(2)}
    assert polynomial(e, letters).degree == 3


@pytest.mark.parametrize(
    ("e", "piece", "power"),
    [
        (H ** sp.Rational(3, 2), sp.sqrt(H), 3),
        (H**-2, 1 / H, 2),
        (H ** sp.Rational(-2, 3), H ** sp.Rational(-1, 3), 2),
    ],
)
def test_broken_powers_are_whole_powers_of_a_letter(e, piece, power):
    letters = meanings(e)
    assert dict(letters) == {"c1": piece}
    assert polynomial(e, letters) == Polynomial.letter("c1") ** power


def test_a_letter_is_no_name_of_the_users():
    c1 = sp.Symbol("c1")
    letters = meanings(c1 + sp.pi)
    assert (letters["c1"], letters["c2"]) == (c1, sp.pi)


def test_two_symbols_of_one_name_are_two_letters():
    e = F1 - Own("f1", real=True)
    letters = meanings(e)
    assert len(letters) == 2
    assert expression(polynomial(e, letters), letters) == e


def test_a_name_that_is_no_word_is_in_the_table():
    odd = sp.Symbol("f'(0)")
    assert dict(meanings(odd)) == {"c1": odd}


def test_what_is_too_long_to_be_written_out_is_one_letter():
    long = (1 + sum(sp.symbols("a:9"))) ** 9
    assert dict(meanings(H + long)) == {"c1": H + long}
    assert dict(meanings(H * 2)) == {"h": H}


@pytest.mark.parametrize("n", [7, 10**30])
def test_factors_may_have_long_coefficients(n):
    """python-flint sorts no factors whose coefficients differ by more than a machine word holds."""
    x, y = ring(2).gens()
    first, second, third = x - n, n * x + y, x + y
    content, factors = irreducible(-6 * first * second**2 * third)
    assert (content, {str(f): k for f, k in factors}) == (-6, {str(first): 1, str(second): 2, str(third): 1})
    content, factors = square_free(4 * first * third * second**2)
    total = ring(2).constant(content)
    for factor, power in factors:
        total *= factor**power
        assert power == (2 if factor == second else 1)
    assert total == 4 * first * third * second**2
