"""Factors of characteristic polynomials: as data they are what they are as expressions."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

from stabcheck import CGD, R1, AltGD, Dirac, Implicit, SimGD, analyse
from stabcheck.core.polynomial import Polynomial
from stabcheck.symbolic.letters import Z
from stabcheck.symbolic.polynomials import expression
from stabcheck.symbolic.spectrum import Factor
from tests.games import RandomGame

H, GAMMA = sp.Symbol("h", positive=True), sp.Symbol("gamma", nonnegative=True)
ANALYSES = {
    "Dirac, AltGD": lambda: analyse(Dirac() + R1("gamma"), AltGD("h")),
    "Dirac, CGD": lambda: analyse(Dirac() + R1("gamma"), CGD("h")),
    "random, SimGD": lambda: analyse(RandomGame("gamma"), SimGD("h")),
    "random, implicit": lambda: analyse(RandomGame("gamma"), Implicit("h")),
}


@pytest.mark.parametrize("name", ANALYSES)
def test_a_factor_as_data_is_the_factor_times_its_leading_coefficient(name):
    for factor in ANALYSES[name]().factors:
        data, letters = factor.cleared
        whole = expression(data, letters)
        lead = sp.Poly(whole, factor.variable).LC()
        assert sp.cancel(sp.together(factor.polynomial - whole / lead)) == 0


@pytest.mark.parametrize("name", ANALYSES)
def test_numpy_finds_the_eigenvalues_in_the_data(name):
    general = ANALYSES[name]()
    values = {"h": Fraction(1, 7), "gamma": Fraction(3, 5), "f1": Fraction(1, 2), "f2": Fraction(-1, 4)}
    roots = [
        root
        for factor in general.factors
        for data, _ in [factor.cleared]
        for root in np.roots([float(c.at(values)) for c in data.coefficients(factor.variable.name)])
        for _ in range(factor.multiplicity)
    ]
    there = general.update_matrix.subs({s: values[s.name] for s in general.update_matrix.free_symbols})
    expected = np.linalg.eigvals(np.array(there, dtype=float))
    gaps = abs(np.subtract.outer(np.array(roots), expected))
    assert len(roots) == len(expected)
    assert gaps.min(0).max() < 1e-7
    assert gaps.min(1).max() < 1e-7


def test_the_denominator_is_the_least():
    one = Factor((sp.S.One, 1 / (1 + H), GAMMA / (1 + H) ** 2), 1)
    h, z, gamma = map(Polynomial.letter, ("h", "z", "gamma"))
    assert one.cleared[0] == (h + 1) ** 2 * z**2 + (h + 1) * z + gamma


def test_what_is_no_rational_function_is_a_letter():
    data, letters = Factor((sp.S.One, sp.sqrt(2) * H), 1).cleared
    assert set(letters.values()) == {Z, H, sp.sqrt(2)}
    assert expression(data, letters) == Z + sp.sqrt(2) * H


def test_a_hyperparameter_called_z_is_not_the_variable():
    data, letters = Factor((sp.S.One, sp.Symbol("z", positive=True)), 1).cleared
    assert sp.Poly(expression(data, letters), Z).all_coeffs() == [1, sp.Symbol("z", positive=True)]
