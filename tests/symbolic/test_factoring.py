"""Characteristic polynomials and factors by FLINT, held against NumPy and against expansion."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from sympy.polys import factortools
from sympy.polys.matrices import DomainMatrix

import stabcheck as sc
from stabcheck import analyse
from stabcheck.core.errors import Undecidable
from stabcheck.symbolic import charpoly
from stabcheck.symbolic.charpoly import block_polynomials
from stabcheck.symbolic.factoring import factor_list, sqf_list
from stabcheck.symbolic.printing import terminal
from stabcheck.symbolic.spectrum import Factor, Roots, Z, characteristic, closed_form, quotient, split_square

A, B, C, H = sp.symbols("a b c h", real=True)
EVERY = (A, B, C, H)


@pytest.fixture
def without_wang(monkeypatch):
    """SymPy's factoriser in many variables, which draws random numbers, is not to be had."""

    def drawn(*args):
        raise AssertionError(f"random draws for {args[1:2]}")

    monkeypatch.setattr(factortools, "dmp_zz_wang", drawn)


def two_critics(c, lam, gamma):
    """`J - gamma J^T J` with decays `lam`, for two critics of which each counts half."""
    plain = np.array([[-lam[0], -c / 2, -c / 2], [c, -lam[1], 0], [c, 0, -lam[2]]])
    return plain - gamma * plain.T @ plain


def companion(now, before):
    """The map of `x+ = now x + before x-`."""
    n = len(now)
    return np.block([[now, before], [np.eye(n), np.zeros((n, n))]])


EYE = np.eye(3)
THIRD = Fraction(1, 3)
METHODS = {
    "simgd": (sc.SimGD, (), lambda j: EYE + j),
    "ogda": (sc.OGDA, (), lambda j: companion(EYE + 2 * j, -j)),
    "nesterov": (sc.Nesterov, (THIRD,), lambda j: companion(4 / 3 * (EYE + j), -(EYE + j) / 3)),
    "heavy": (sc.HeavyBall, (THIRD,), lambda j: companion(4 / 3 * EYE + j, -EYE / 3)),
}
STEPS = ("h_g", "h_d1", "h_d2")
DECAYS = ("lam_g", "lam_d1", "lam_d2")


@pytest.mark.parametrize("name", METHODS)
def test_many_names_at_values_are_what_numpy_finds(name, without_wang):
    method, more, by_hand = METHODS[name]
    game = sc.ManyDiscriminators("hinge") + sc.WeightDecay(DECAYS) + sc.Consensus("gamma")
    result = analyse(game, method(STEPS, *more))
    lam, steps, gamma = (0.1, 0.2, 0.7), (0.3, 0.2, 0.15), 0.3
    values = dict(zip((*DECAYS, *STEPS), (*lam, *steps), strict=True))
    here = result.at(**values, gamma=gamma)
    expected = by_hand(np.diag(steps) @ two_critics(1, lam, gamma))
    np.testing.assert_allclose(here.spectral_radius, np.abs(np.linalg.eigvals(expected)).max(), rtol=1e-12)
    if name == "ogda":
        assert f"{here.spectral_radius:.12f}" == "0.917115139555"
    # The general part is there as well, factored or not.
    known = {
        s: {**here.values, **here.germ}[s.name]
        for s in result.symbols
        if s.name in {**here.values, **here.germ}
    }
    whole = sp.Poly(result.characteristic_polynomial.xreplace(known), Z)
    np.testing.assert_allclose([float(c) for c in whole.all_coeffs()], np.poly(expected), atol=1e-12)


def drawn(rng, size, entries):
    rows = [[rng.choice(entries) for _ in range(size)] for _ in range(size)]
    return DomainMatrix.from_Matrix(sp.Matrix(rows))


POLYNOMIALS = [0, 1, A, A * B / 3, -C, B**2 / 2 - A]
FRACTIONS = [*POLYNOMIALS, 1 / (1 + A), B / (C - 2 * A) / 3, -1 / (2 - A)]


@pytest.mark.parametrize("entries", [POLYNOMIALS, FRACTIONS], ids=["polynomials", "fractions"])
@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
def test_block_polynomials_are_sympys_to_the_letter(size, entries):
    matrix = drawn(random.Random(size), size, entries)
    written = lambda rows: {tuple(map(matrix.domain.to_sympy, row)): k for row, k in rows}  # noqa: E731
    expected = matrix.to_field() if entries is FRACTIONS else matrix
    assert written(block_polynomials(matrix)) == written(expected.charpoly_factor_blocks().copy())


def test_a_polynomial_beyond_the_budget_is_refused_and_its_numbers_are_not(monkeypatch):
    monkeypatch.setattr(charpoly, "MOST_TERMS", 20)
    result = analyse(sc.ManyDiscriminators("hinge") + sc.WeightDecay(DECAYS), sc.OGDA(STEPS))
    assert "too long to write" in result.without_formulas
    here = result.at(**dict.fromkeys(DECAYS, 1), **dict.fromkeys(STEPS, 0.1))
    assert here.verdict == "stable"
    monkeypatch.setattr(charpoly, "MOST_TERMS", 2000)
    monkeypatch.setattr(charpoly, "MOST_PRODUCTS", 20)
    with pytest.raises(Undecidable, match="too long to write"):
        block_polynomials(drawn(random.Random(1), 4, [A + B, B + C, C + H]))


PRODUCTS = [
    (A - B) * (A + B) ** 2,
    A**3 * (B - 2 * C) ** 2 / 6,
    (A * B + C * H - 1) * (A - H) ** 3,
    -(A**2 + B**2) * (1 - A) * sp.Rational(3, 4),
    (sp.sqrt(2) * A - B) * (A + B),
    (A * sp.exp(B) - 1) * (A + sp.exp(B)) ** 2,
    (A**2 - 2) * (B**2 - 3),
    sp.Integer(6),
    A**4 - B**4,
    (A + B + C + H) ** 4,
]


@pytest.mark.parametrize("product", PRODUCTS)
def test_factors_are_those_of_sympy(product):
    content, factors = factor_list(sp.expand(product))
    expected, others = sp.factor_list(sp.expand(product))
    assert (content, {*factors}) == (expected, {*others})
    content, free = sqf_list(sp.expand(product))
    assert sp.expand(content * sp.Mul(*(base**power for base, power in free)) - product) == 0


@pytest.mark.parametrize(
    ("top", "bottom"), [(1, A), ((A - B) * C, (A - B) * (A + C)), (A / 2, A * B / 3), (A**2 - B**2, B - A)]
)
def test_lowest_terms(top, bottom):
    found = quotient(sp.expand(top) / sp.expand(bottom))
    assert sp.cancel(found[0] / found[1] - sp.sympify(top) / bottom) == 0
    degrees = [sp.Poly(e, *EVERY).total_degree() for e in found]
    whole = [sp.Poly(e, *EVERY).total_degree() for e in (top, bottom)]
    shared = sp.Poly(sp.gcd(sp.expand(top), sp.expand(bottom)), *EVERY).total_degree()
    assert degrees == [d - shared for d in whole]


def test_long_quadratics_split_where_they_do():
    long = sp.expand((A + B + C + H + 1) ** 5)
    matrix = DomainMatrix.from_Matrix(sp.Matrix([[long, A], [0, long + 1]]))
    assert [f.degree for f in characteristic(matrix)] == [1, 1]
    mixed = DomainMatrix.from_Matrix(sp.Matrix([[long, A], [A, long]]))
    assert {f.coefficients[1] for f in characteristic(mixed)} == {sp.expand(-long + A), sp.expand(-long - A)}


def test_a_square_beyond_sympys_reach_is_pulled_out_of_the_root():
    base = (A**2 + B * C + H) / (A + B + C + 1)
    outside, inside = split_square(base**2 * H / 4 - base**2 * A * B / 4)
    assert sp.cancel(4 * outside**2 * inside - base**2 * (H - A * B)) == 0
    assert sp.cancel(inside / (H - A * B)).is_number


def test_long_coefficients_are_not_expanded():
    long = sp.Mul(*((A + B + C + H + k) ** 3 for k in range(9))) / sp.sqrt(A + B)
    assert closed_form(Factor((sp.S.One, long), 1)).centre == -long
    assert closed_form(Factor((sp.S.One, long, A), 1)) is None
    z = sp.Symbol("z")
    assert terminal(z**2 + long * z + A).startswith("z^2 + z*(")


def test_roots_of_long_radicands_are_written_without_asking_their_sign():
    inside = 1 + sp.Add(*((sp.sqrt(3) * (7 * k + 11) + 23 * k + 5) * A**k for k in range(11))) ** 2
    radical = Roots(sp.S.Zero, sp.S.One, inside, 1).radical
    assert (radical.base, radical.exp) == (inside, sp.S.Half)


@pytest.mark.parametrize("degrees", [(1, 0), (1, 1)])
def test_factors_with_long_coefficients(degrees):
    """Which python-flint does not sort."""
    p, q = (10**30 * A * B**k + n for k, n in zip(degrees, (1, 10**25 + 7), strict=True))
    for split in (factor_list, sqf_list):
        content, found = split(sp.expand(p * q * (A + 3 * B)))
        assert sp.expand(content * sp.Mul(*(base**power for base, power in found)) - p * q * (A + 3 * B)) == 0
    content, found = factor_list(sp.expand((10**30 * A + 1) * (A + 10**25) ** 2))
    assert {*found} == {(10**30 * A + 1, 1), (A + 10**25, 2)}
