"""Zero or not, exactly: algebraic numbers, functions of symbols, and what nothing proves."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy as sp
from flint import fmpz_poly
from sympy.polys.matrices import DomainMatrix

from stabcheck.core.stability import HALF_PLANE
from stabcheck.symbolic.coordinates import certainly_regular
from stabcheck.symbolic.exact import eigenvalues
from stabcheck.symbolic.generators import over_one, plain, reduces_to_zero
from stabcheck.symbolic.rest import Root
from stabcheck.symbolic.separation import MOST_BITS, is_zero, separation
from stabcheck.symbolic.spectrum import blocks
from stabcheck.symbolic.trigonometry import without_squares
from stabcheck.symbolic.zero import doubt, sign, simplest, vanishes

a, b, d = sp.symbols("a b d", positive=True)
x = sp.Symbol("x", real=True)
r = sp.sqrt
NESTED = r(2) + r(3) - r(5 + 2 * r(6))
CAPACITY = (1 - a - d + r((a + d - 1) ** 2 + 4 * d)) / 2
GOLDEN = Root.of(fmpz_poly([-1, -1, 1]), 1)
QUINTIC = Root.of(fmpz_poly([-1, -1, 0, 0, 0, 1]), 0)

ZEROS = [
    NESTED,
    1 / (10 + 10 * r(41)) + sp.Rational(21, 200) - r(41) / 200 - r(41) / (10 + 10 * r(41)),
    r(3 + 2 * r(2)) - 1 - r(2),
    sp.root(2, 3) * sp.root(4, 3) - 2,
    1 / (GOLDEN - 1) - GOLDEN,
    QUINTIC * (QUINTIC**4 - 1) - 1,
    a - (1 + b) * a / (1 + b),
    b * a / (b * (1 + a)) + 1 / (1 + a) - 1,
    CAPACITY * (1 - CAPACITY) - a * CAPACITY**2 / (d + CAPACITY),
    sp.log(1 / (1 - a)) + sp.log(1 - a),
    sp.log(6 * a**2 * b) - sp.log(2) - sp.log(3) - 2 * sp.log(a) - sp.log(b),
    sp.exp(x / 2 + b) ** 2 - sp.exp(x) * sp.exp(2 * b),
    sp.exp(x + 1) - sp.E * sp.exp(x),
    sp.exp(a / 2) - sp.exp(a * b / (2 * b + 2) + a / (2 * b + 2)),
    sp.exp(a / (4 * b + 4)) * sp.exp((a * b - 1) / (4 * b + 4)) - sp.exp(a / 4) * sp.exp(-1 / (4 * b + 4)),
    sp.tanh(a / (2 * b + 2)) + 1 - 2 * sp.exp(a) / (sp.exp(a) + sp.exp(a * b / (b + 1))),
    r(a**2 / 4 + 2) - r(a**2 + 8) / 2,
    r(5 * a**2 + a) - r(a) * r(5 * a + 1),
    r((a + b) / (a * (1 + b))) - r(a + b) / r(a) / r(1 + b),
    r(a / (1 + b) ** 2 + d) - r(a + d * (1 + b) ** 2) / (1 + b),
    r(4 + (3 + r(2)) ** 2) - r(15 + 6 * r(2)),
    sp.cos(x) ** 2 / (1 + a) + sp.sin(x) ** 2 / (1 + a) - 1 / (1 + a),
    sp.tanh(x) - 1 + 2 / (sp.exp(2 * x) + 1),
    sp.sin(x + b) - sp.sin(x) * sp.cos(b) - sp.sin(b) * sp.cos(x),
    sp.tan(x) * sp.cos(x) - sp.sin(x),
    sp.Abs(x) ** 2 - x**2,
]  # fmt: skip


@pytest.mark.parametrize("zero", ZEROS, ids=str)
def test_what_is_zero_is_proved_to_be(zero):
    assert vanishes(zero) is True


@pytest.mark.parametrize("zero", ZEROS, ids=str)
@pytest.mark.parametrize("size", [Fraction(1, 10**6), Fraction(1, 10**60)], ids=["1e-6", "1e-60"])
def test_a_departure_is_seen(zero, size):
    assert vanishes(zero + sp.Rational(size.numerator, size.denominator)) is False


def test_long_sums_are_proved_to_be_zero():
    def long(root):
        return sp.expand((a + b * root + d + root * sp.exp(x) + sp.log(1 + a)) ** 5)

    zero = long(r(5 * a**2 + a)) - long(r(a) * r(5 * a + 1))
    assert sp.count_ops(zero) > 2000
    assert vanishes(zero) is True
    assert vanishes(zero + a / 10**6) is False


@pytest.mark.parametrize("root", [r(7), sp.cbrt(5), QUINTIC])
def test_denominators_with_powers_to_an_irrational_exponent(root):
    number = 1 / (1 + root) + 1 / (1 + 2 ** (root / 4))
    assert vanishes(number - plain(number)) is True
    assert plain(1 / (1 + root)).is_Add
    assert vanishes(plain(1 / (1 + root**2)) * (1 + root**2) - 1) is True


def test_long_sums_with_cosines_are_left():
    long = sp.Mul(*((sp.cos(a) + b + k) ** 4 for k in range(20)))
    assert without_squares(long) == long


@pytest.mark.parametrize(
    ("corner", "regular"), [(1 + a, True), (r(2), True), (a * b, False), (sp.log(b - 1), True)]
)
def test_matrices_with_roots_are_regular_by_balls(corner, regular):
    matrix = sp.Matrix([[corner, a * r(3)], [b * r(3), 3]])
    assert certainly_regular(DomainMatrix.from_Matrix(matrix)) is regular


def test_what_is_too_long_to_write_hides_no_zero():
    """Over one denominator it would have thousands of terms."""
    long = (1 + a + b + d) ** 12 / (a + 2 * b + 3 * d) ** 8 + (2 + a * b + d) ** 5 / (1 + a + d) ** 5
    assert over_one(long + 1 / (1 + a)) is None
    for zero in (a / (1 + a) + 1 / (1 + a) - 1, long - (long + 1 / b) + 1 / b):
        assert simplest(zero + long - long) == 0
    assert simplest(long - long.subs(b, a)) != 0


def test_what_balls_alone_tell_is_called_not_proved():
    """An addition theorem that none of the rules here knows."""
    small = sp.log(sp.tanh(a) + 1) - sp.log(2) - 2 * a + sp.log(sp.exp(2 * a) + 1)
    assert vanishes(small) is True
    hidden = sp.LambertW(a * sp.exp(a), evaluate=False) - a
    assert vanishes(hidden) is None
    assert doubt(hidden) == "to 1e-40, not proved"
    assert vanishes(hidden + sp.Rational(1, 10**30)) is False


def test_what_is_defined_nowhere_is_not_called_wrong():
    nowhere = r(-a - 1) + 1
    assert vanishes(nowhere) is None
    assert doubt(nowhere) == "not proved"


def test_a_pole_of_the_game_is_no_proof():
    """`log(1 - b)` of a `b > 0` is sampled where it is defined."""
    assert vanishes(sp.log(1 - b) + sp.log(1 / (1 - b))) is True
    # Defined for b > 1 only, and not 0 there.
    assert vanishes(sp.log(b - 1)) is False


@pytest.mark.parametrize(
    ("number", "right"), [(NESTED, 0), (NESTED + 1, 1), (r(2) - r(3), -1), (-GOLDEN, -1)]
)
def test_signs_are_decided(number, right):
    assert sign(number) == right


def test_a_number_just_outside_the_separation_bound_is_not_zero():
    """`sqrt(n^2 + 1) - n` is about 1/(2n), and its bound lies below that."""
    n = 10**20
    small = r(n**2 + 1) - n
    assert sp.N(small, 60) > sp.Rational(1, 2) ** separation(small)
    assert is_zero(small) is False
    assert is_zero(r(n**4) - n**2) is True
    assert is_zero(sp.log(2)) is None


def test_beyond_the_precision_that_is_affordable_nothing_is_claimed():
    long = sum(r(sp.prime(k)) for k in range(1, 14)) - r(sp.Integer(2) ** 200 + 1)
    assert separation(long) > MOST_BITS
    assert is_zero(long) is None
    assert vanishes(long) is False


def test_expressions_are_brought_over_one_denominator():
    assert plain(a / (1 + b) + 1 / (1 + b) ** 2) == (a * b + a + 1) / (b**2 + 2 * b + 1)
    assert plain(1 / (2 + GOLDEN)) == sp.expand((3 - GOLDEN) / 5)
    assert plain(a / (3 - r(2))) == sp.expand(a * (3 + r(2)) / 7)
    assert plain(1 / (1 + sp.cbrt(2))) == sp.expand((1 - sp.cbrt(2) + sp.cbrt(4)) / 3)
    assert plain((a + b) ** 2) == a**2 + 2 * a * b + b**2


def test_a_reduction_that_fails_proves_nothing():
    assert not reduces_to_zero(a - b)
    assert not reduces_to_zero(r(a) - r(b))


def test_an_eigenvalue_zero_beside_one_that_is_no_algebraic_number():
    """The factor `z` leaves nothing once its zeros are divided out."""
    matrix = DomainMatrix.from_Matrix(sp.Matrix([[0, 0], [0, -sp.log(2)]]))
    found = eigenvalues(blocks(matrix), matrix.to_Matrix(), region=HALF_PLANE)
    assert sorted((e.exact, e.place) for e in found) == [(-sp.log(2), "inside"), (0, "boundary")]
