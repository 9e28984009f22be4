"""Real algebraic numbers, held against SymPy's roots, and fields against their defining equations."""

from __future__ import annotations

from fractions import Fraction
from math import isqrt

import pytest
import sympy as sp
from flint import fmpq_poly, fmpz_poly

from stabcheck.symbolic.algebraic import AlgebraicNumber, Root, conjugates, inverse, power

T = sp.Symbol("t")


@pytest.mark.parametrize(
    "coefficients", [[-1, 3], [-2, 0, 1], [1, 6, -2], [1, -3, 0, 1], [-1, -1, 0, 0, 0, 1], [2, 0, -5, 0, 1]]
)
def test_conjugates_are_the_real_roots_of_sympy_in_order(coefficients):
    expected = sp.real_roots(sp.Poly(coefficients[::-1], T))
    numbers = conjugates(fmpz_poly(coefficients))
    assert [a.value for a in numbers] == pytest.approx([float(r) for r in expected], abs=1e-15)
    for number, root in zip(numbers, expected, strict=True):
        for form in (number.expression, number.generated):
            assert abs(sp.N(form, 30) - sp.N(root, 30)) < 1e-28
        assert number.exact == (number.expression if number.degree <= 2 else None)


def test_a_rational_number_is_one():
    third = AlgebraicNumber.of(Fraction(-1, 3))
    assert (third.rational, third.exact, third.value) == (Fraction(-1, 3), sp.Rational(-1, 3), -1 / 3)
    assert AlgebraicNumber.root_of(fmpz_poly([-2, 0, 1]), 1).rational is None


def test_numbers_are_compared_exactly_with_rational_ones():
    third, root = AlgebraicNumber.of(Fraction(1, 3)), AlgebraicNumber.root_of(fmpz_poly([-2, 0, 1]), 1)
    near = Fraction(1, 10**60)
    assert [third.compare(Fraction(1, 3) + k * near) for k in (-1, 0, 1)] == [1, 0, -1]
    below = Fraction(isqrt(2 * 10**160), 10**80)
    assert [root.compare(below), root.compare(below + Fraction(1, 10**80))] == [1, -1]


def test_a_closed_form_longer_than_anybody_would_read_is_left_out():
    for bits, readable in ((150, True), (170, False)):
        (number,) = conjugates(fmpz_poly([1 - 2**bits, 2]))
        assert (number.exact is not None) == readable


def test_inverses_and_powers_are_those_of_the_field():
    modulus = fmpq_poly([-1, -1, 0, 1])
    element = fmpq_poly([3, -1, 2])
    assert element * inverse(element, modulus) % modulus == 1
    assert power(element, 5, modulus) == element**5 % modulus
    assert power(element, 0, modulus) == 1


def test_powers_of_a_root_reduce_to_a_normal_form():
    r = Root(T**3 - T - 1, 0)
    assert r**3 == r + 1
    assert sp.expand((r**2 + 1) * (r**5 - r) - (r**7 - r**3 + r**5 - r)) == 0
    assert sp.expand(r * r**-1) == 1
    assert sp.expand(r**-2 * r**2) == 1
    assert sp.expand(r**2 - 2) != 0
    assert r.func(*r.args) == r
    assert abs(float(r) - 1.324717957244746) < 1e-15
    assert 0 < abs(r.eval_rational(sp.Rational(1, 10**40)) ** 3 - r.eval_rational(n=40) - 1) < 1e-38
