"""Polynomials as data: the laws of a ring, evaluation in any arithmetic, and what is written is read back."""

from __future__ import annotations

import json
import operator
import pickle
import re
from fractions import Fraction
from math import prod

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stabcheck.core.errors import BadInput
from stabcheck.core.polynomial import Polynomial

NAMES = ("gamma", "h", "let", "x_1")
NUMBERS = st.fractions(-5, 5, max_denominator=6)
POWERS = st.tuples(*(st.integers(0, 3) for _ in NAMES))
POLYNOMIALS = st.lists(st.tuples(POWERS, NUMBERS), max_size=5).map(
    lambda rows: Polynomial(NAMES, tuple(rows))
)
VALUES = st.fixed_dictionaries(dict.fromkeys(NAMES, NUMBERS))
X, Y = Polynomial.letter("x"), Polynomial.letter("y")


@given(POLYNOMIALS, POLYNOMIALS, POLYNOMIALS)
def test_they_are_a_ring(p, q, r):
    assert p + q == q + p
    assert p * q == q * p
    assert (p + q) + r == p + (q + r)
    assert (p * q) * r == p * (q * r)
    assert p * (q + r) == p * q + p * r
    assert p - p == Polynomial() == p * 0
    assert (p * 1, p + 0, 0 + p) == (p, p, p)
    assert p + -p == Polynomial()
    assert p**2 == p * p
    assert p**0 == Polynomial.constant(1)


@given(POLYNOMIALS, POLYNOMIALS, VALUES)
def test_evaluation_is_a_homomorphism(p, q, values):
    assert (p + q).at(values) == p.at(values) + q.at(values)
    assert (p * q).at(values) == p.at(values) * q.at(values)
    assert (3 * p - q).at(values) == 3 * p.at(values) - q.at(values)


@given(POLYNOMIALS, POLYNOMIALS)
def test_the_degree_of_a_product_is_the_sum(p, q):
    if p.terms and q.terms:
        assert (p * q).degree == p.degree + q.degree
    assert (p * 0).degree == -1


@given(POLYNOMIALS, POLYNOMIALS, st.sampled_from(NAMES))
def test_a_derivative_obeys_the_product_rule(p, q, name):
    assert (p * q).derivative(name) == p.derivative(name) * q + p * q.derivative(name)
    assert Polynomial.letter(name).derivative(name) == Polynomial.constant(1)


@given(POLYNOMIALS, st.sampled_from((*NAMES, "other")))
def test_coefficients_make_up_the_polynomial(p, name):
    row = p.coefficients(name)
    letter = Polynomial.letter(name)
    assert all(name not in c.names for c in row)
    assert sum((c * letter**k for k, c in enumerate(reversed(row))), Polynomial()) == p


def test_equal_ones_are_equal_data():
    assert Polynomial(("y", "x"), (((1, 2), Fraction(1)), ((0, 0), Fraction(0)))) == X**2 * Y
    assert hash((X + Y) * (X - Y)) == hash(X**2 - Y**2)
    assert (X + Y - Y).names == ("x",)
    assert X != Y


@pytest.mark.parametrize(
    ("names", "terms"),
    [
        (("x", "x"), ()),
        (("x|y",), ()),
        (("x",), (((-1,), Fraction(1)),)),
        (("x",), (((1, 1), Fraction(1)),)),
    ],
)
def test_what_is_no_polynomial_is_refused(names, terms):
    with pytest.raises(ValueError, match=r"letters must|each term"):
        Polynomial(names, terms)


# Evaluation in other arithmetic


@given(POLYNOMIALS, st.lists(VALUES, min_size=1, max_size=3))
def test_arrays_are_values(p, rows):
    exact = [float(p.at(row)) for row in rows]
    columns = {n: np.array([float(row[n]) for row in rows]) for n in NAMES}
    computed = p.at(columns, float)
    np.testing.assert_allclose(np.broadcast_to(computed, len(rows)), exact, rtol=1e-9, atol=1e-7)


def test_arrays_of_jax_are_values():
    computed = (X**2 * Y - 3).at({"x": jnp.array([1.0, 2.0]), "y": 0.5}, float)
    assert computed.tolist() == [-2.5, -1.0]


def test_polynomials_are_values():
    assert (X**2 + Y).at({"x": X + 1, "y": Y}, Polynomial.constant) == X**2 + 2 * X + 1 + Y


def test_a_letter_without_value_is_named():
    with pytest.raises(KeyError, match="y"):
        (X + Y).at({"x": Fraction(1)})


@given(POLYNOMIALS)
def test_whole_coefficients_are_as_small_as_can_be(p):
    below, terms = p.whole()
    assert {powers: Fraction(c, below) for powers, c in terms.items()} == dict(p.terms)
    assert all(type(c) is int for c in terms.values())
    assert below == 1 or any(
        (c * (below // q)).denominator != 1 for _, c in p.terms for q in (2, 3, 5) if below % q == 0
    )


# Forms, each read back by a reader of this test's own


@given(POLYNOMIALS)
def test_json_is_read_back(p):
    assert Polynomial.from_json(json.loads(json.dumps(p.to_json()))) == p
    assert pickle.loads(pickle.dumps(p)) == p  # noqa: S301


@pytest.mark.parametrize(
    "data",
    [
        None,
        {},
        {"names": ["x"], "terms": [["1", [1.0]]]},
        {"names": ["x"], "terms": [["__import__", [1]]]},
        {"names": ["x"], "terms": [["1", [-1]]]},
        {"names": ["x y"], "terms": []},
        {"names": [1], "terms": []},
    ],
)
def test_other_data_is_refused_in_one_line(data):
    with pytest.raises(BadInput, match="this is no polynomial as data") as refusal:
        Polynomial.from_json(data)
    assert "\n" not in str(refusal.value)


def smt(text, values):
    """The value of a term of SMT-LIB."""
    tokens = iter(re.findall(r"[()]|\|[^|]*\||[^\s()]+", text))

    def term():
        word = next(tokens)
        if word == "(":
            sign, arguments = next(tokens), []
            while (argument := term()) is not None:
                arguments.append(argument)
            if sign == "-":
                return -arguments[0] if len(arguments) == 1 else arguments[0] - sum(arguments[1:])
            return {"+": sum, "*": prod, "/": lambda a: operator.truediv(*a)}[sign](arguments)
        if word == ")":
            return None
        return values[word.strip("|")] if word.startswith("|") else Fraction(word)

    computed = term()
    assert next(tokens, None) is None
    return computed


@given(POLYNOMIALS, VALUES)
def test_smt_lib_says_the_same(p, values):
    assert smt(p.smt, values) == p.at(values)


def infix(text, values, power):
    """The value of a sum of products of powers."""
    total = Fraction(0)
    for term in re.split(r" \+ ", re.sub(r" - ", " + -", text)):
        sign = -1 if re.match(r"-(?!\d)", term) else 1
        factors = [
            f.split(power) for f in re.split(r"(?<!\*)\*(?!\*)", term.removeprefix("-" if sign < 0 else ""))
        ]
        read = [
            (values[f[0].removeprefix("v.")] if not f[0].lstrip("-")[0].isdigit() else Fraction(f[0]), f[1:])
            for f in factors
        ]
        total += sign * prod(x ** int(k[0]) if k else x for x, k in read)
    return total


@given(POLYNOMIALS, VALUES)
def test_text_and_javascript_say_the_same(p, values):
    assert infix(str(p), values, "^") == p.at(values)
    assert infix(p.javascript, values, "**") == p.at(values)


def test_forms_are_as_written():
    p = Fraction(-3, 2) * X**2 * Y + Y - 1
    assert str(p) == "-3/2*x^2*y + y - 1"
    assert p.smt == "(+ (* (- (/ 3.0 2.0)) |x| |x| |y|) |y| (- 1.0))"
    assert p.javascript == "-3/2*v.x**2*v.y + 1*v.y + -1"
    assert (str(Polynomial()), Polynomial().smt, Polynomial().javascript) == ("0", "0.0", "0")
    assert Polynomial.constant(1).smt == "1.0"
    assert str(-X) == "-x"


def test_a_large_number_is_rounded_once_in_javascript():
    assert Polynomial.constant(Fraction(10**400 + 1, 10**399)).javascript == "10.0"
