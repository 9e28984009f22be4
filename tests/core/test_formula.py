"""Statements on signs: decided at numbers, and read by a solver of another make as they are meant."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stabcheck.core.domain import spelled
from stabcheck.core.formula import FALSE, SIGNS, TRUE, Every, Not, Sign, Some, within
from stabcheck.core.polynomial import Polynomial

X, Y = Polynomial.letter("x"), Polynomial.letter("y")
SIGN_SETS = [frozenset(row) for n in range(4) for row in combinations((-1, 0, 1), n)]
FACTORS = st.tuples(st.sampled_from([X, Y, X - Y, X * Y - 1]), st.integers(1, 3))
FORMULAS = st.recursive(
    st.builds(Sign, st.lists(FACTORS, max_size=2).map(tuple), st.sampled_from(SIGN_SETS)),
    lambda f: (
        st.builds(lambda a, b: a & b, f, f)
        | st.builds(lambda a, b: a | b, f, f)
        | st.builds(lambda a: ~a, f)
        | st.builds(lambda a, b: a.implies(b), f, f)
        | st.builds(lambda a, b: a.iff(b), f, f)
    ),
    max_leaves=6,
)
POINTS = [{"x": Fraction(a), "y": Fraction(b)} for a, b in product((-2, 0, 1), repeat=2)]


def read(term, values):
    """A term of SMT-LIB at numbers, by a reader that knows nothing of polynomials."""
    words = term.replace("(", " ( ").replace(")", " ) ").split()
    return _value(iter(words), values)


def _value(words, values):
    word = next(words)
    if word == "(":
        operator, arguments = next(words), []
        while (argument := _value(words, values)) is not None:
            arguments.append(argument)
        return OPERATORS[operator](*arguments)
    if word == ")":
        return None
    constants = {"true": True, "false": False}
    return (
        constants[word] if word in constants else values[word.strip("|")] if "|" in word else Fraction(word)
    )


def times(*factors):
    total = Fraction(1)
    for factor in factors:
        total *= factor
    return total


OPERATORS = {
    "and": lambda *a: all(a),
    "or": lambda *a: any(a),
    "not": lambda a: not a,
    "=": lambda a, b: a == b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    "+": lambda *a: sum(a),
    "*": times,
    "/": lambda a, b: a / b,
    "-": lambda a: -a,
}


@given(FORMULAS)
def test_smt_lib_says_what_holds(formula):
    assert [formula.holds(at) for at in POINTS] == [read(formula.smt, at) for at in POINTS]


@given(FORMULAS)
def test_the_contrary_holds_elsewhere(formula):
    assert all(formula.holds(at) != (~formula).holds(at) for at in POINTS)
    assert (~formula).names <= formula.names


@given(FORMULAS, FORMULAS)
def test_implies_and_iff_are_those_of_logic(a, b):
    for at in POINTS:
        assert a.implies(b).holds(at) == (b.holds(at) or not a.holds(at))
        assert a.iff(b).holds(at) == (a.holds(at) is b.holds(at))


@pytest.mark.parametrize("among", SIGN_SETS, ids=str)
def test_a_sign_is_among_those_that_are_named(among):
    held = {s for s in SIGNS if Sign.of(X, *among).holds({"x": Fraction(s)})}
    assert held == among


def test_an_even_power_is_never_negative_but_vanishes():
    square = Sign(((X, 2), (Y, 1)), frozenset({1}))
    assert square.holds({"x": Fraction(-3), "y": Fraction(1)})
    assert not square.holds({"x": Fraction(0), "y": Fraction(1)})
    assert not square.holds({"x": Fraction(-3), "y": Fraction(-1)})


def test_of_nothing_every_one_holds_and_none():
    assert TRUE.holds({})
    assert not FALSE.holds({})
    assert (TRUE.smt, FALSE.smt) == ("true", "false")
    assert isinstance(~(~(TRUE)), Every)
    assert isinstance(~TRUE, Not)
    assert isinstance(TRUE | FALSE, Some)


@pytest.mark.parametrize("spelling", [">0", ">=0", "(0,1]", "[0,2)", "nonzero", "real", "<1!=0"])
def test_a_domain_as_a_statement_holds_where_it_contains(spelling):
    domain = spelled(spelling)
    for k in range(-9, 10):
        q = Fraction(k, 4)
        assert within("x", domain).holds({"x": q}) == domain.contains(q)
