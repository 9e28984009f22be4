"""Conditions as data: they print as before, and say the same."""

from __future__ import annotations

import pickle
from fractions import Fraction

import pytest
import sympy as sp

import stabcheck as sc
from stabcheck import analyse
from stabcheck.core.polynomial import Polynomial
from stabcheck.symbolic.condition import Condition
from stabcheck.symbolic.polynomials import rational
from tests.core.test_polynomial import smt
from tests.games import RandomGame

H, GAMMA = sp.Symbol("h", positive=True), sp.Symbol("gamma", nonnegative=True)
WRITTEN = [
    4 - GAMMA * H,
    -(4 - GAMMA * H) * (GAMMA - 1) ** 2,
    H**2 * (GAMMA - 1),
    sp.exp(sp.Rational(-1, 2)) * H - sp.sqrt(2),
    (GAMMA - 1) / H,
    GAMMA - (1 + H) ** 2,
    (GAMMA - (1 + H) ** 2) * (1 - H),
    sp.S.Zero,
    sp.S.NegativeOne,
    sp.Rational(-1, 2) * GAMMA,
    1 - sp.exp(-H),
]
RESULTS = [
    analyse(sc.Dirac("gan") + sc.R1("gamma"), sc.AltGD("h")),
    analyse(sc.Dirac("gan") + sc.R1("gamma"), sc.OGDA("h")),
    analyse(RandomGame("damping"), sc.SimGD("h")),
    analyse(sc.Bilinear("alpha"), sc.Lookahead(3, "slow", sc.SimGD("h"))),
]


@pytest.mark.parametrize("e", WRITTEN, ids=str)
def test_a_condition_prints_as_it_was_written(e):
    condition = Condition.of(e)
    assert condition.expression == e
    assert condition.symbols == e.free_symbols
    assert pickle.loads(pickle.dumps(condition)) == condition  # noqa: S301


@pytest.mark.parametrize("e", WRITTEN, ids=str)
def test_a_condition_has_the_value_of_what_was_written(e):
    condition, at = Condition.of(e), {H: sp.Rational(2, 7), GAMMA: sp.Rational(5, 3)}
    values = {name: meaning.xreplace(at) for name, meaning in condition.letters.items()}
    for found in (condition.at(values, rational), condition.polynomial.at(values, rational)):
        assert sp.expand(found - e.xreplace(at)) == 0


def test_a_factor_that_is_not_written_out_is_a_letter():
    condition = Condition.of((GAMMA - (1 + H) ** 2) * (1 - H))
    assert GAMMA - (1 + H) ** 2 in condition.letters.values()
    assert 1 - H not in condition.letters.values()


def test_names_stand_for_what_they_name():
    m = sp.Symbol("m1", real=True)
    condition = Condition.of(sp.exp(sp.Rational(-1, 2)) * H - 1)
    assert condition.renamed({sp.exp(sp.Rational(-1, 2)): m}) == Condition.of(m * H - 1)
    assert condition.renamed({}) is condition


@pytest.mark.parametrize("result", RESULTS, ids=lambda r: r.operator.chain)
def test_conditions_of_results_are_polynomials_in_their_names(result):
    for found, shown in (
        (result.general.conditions(len(result.manifold)), result.conditions),
        (result.here.conditions, result.conditions_here),
    ):
        assert tuple(c.expression for c in found) == shown
        assert found
        for c, e in zip(found, shown, strict=True):
            assert {s.name for s in e.free_symbols} == set(c.letters)
            numbers = {n: Fraction(k + 2, 5) for k, n in enumerate(sorted(c.letters))}
            expected = e.xreplace({s: rational(numbers[s.name]) for s in e.free_symbols})
            assert rational(c.at(numbers)) == expected == rational(c.polynomial.at(numbers))
            assert smt(c.polynomial.smt, numbers) == c.at(numbers)
            assert Polynomial.from_json(c.polynomial.to_json()) == c.polynomial
