"""Verdicts, conditions and closed forms, against roots that are known beforehand."""

from __future__ import annotations

import flint
import numpy as np
import pytest
import sympy as sp
from flint import fmpq
from hypothesis import assume, given
from hypothesis import strategies as st

import stabcheck as sc
from stabcheck.core.errors import Undecidable
from stabcheck.core.stability import DISC, HALF_PLANE, cayley
from stabcheck.judge.finding import classify
from stabcheck.symbolic import region
from stabcheck.symbolic.balls import enclose
from stabcheck.symbolic.exact import dominant, eigenvalues, routh, verdict
from stabcheck.symbolic.printing import code_roots
from stabcheck.symbolic.region import conditions, reduced, symbolic_verdict
from stabcheck.symbolic.spectrum import Factor, Roots, Z, closed_form, split_square

GAMMA = sp.Symbol("gamma", nonnegative=True)
H = sp.Symbol("h", positive=True)
F1 = sp.Symbol("f1", real=True, nonzero=True)

fractions = st.fractions(-3, 3, max_denominator=7)
pythagorean = st.sampled_from([(3, 5), (4, 5), (5, 13), (-3, 5), (8, 17), (0, 1), (-12, 13)])


def poly(*factors):
    """The product of factors as one, whatever it factors into."""
    product = sp.Poly(sp.prod(factors), Z)
    return Factor(tuple(product.all_coeffs()), 1)


def region_of(discrete):
    return DISC if discrete else HALF_PLANE


@st.composite
def planted(draw, *, discrete):
    """A rational polynomial with its verdict: real and complex roots, some on the boundary."""
    factors, worst = [], "stable"
    ranks = ["stable", "neutral", "unstable"]
    for _ in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(["real", "pair", "edge"]))
        if kind == "real":
            a = draw(fractions)
            size = abs(a) - 1 if discrete else a
            factors.append(Z - sp.Rational(a))
        elif kind == "pair":
            a, b = draw(fractions), draw(fractions)
            size = a * a + b * b - 1 if discrete else a
            factors.append((Z - sp.Rational(a)) ** 2 + sp.Rational(b) ** 2)
        elif discrete:
            p, q = draw(pythagorean)
            size = 0
            factors.append(Z**2 - 2 * sp.Rational(p, q) * Z + 1)
        else:
            size = 0
            factors.append(Z**2 + abs(sp.Rational(draw(fractions))))
        mine = "neutral" if size == 0 else "unstable" if size > 0 else "stable"
        worst = max(worst, mine, key=ranks.index)
    return poly(*factors), worst


@given(planted(discrete=False))
def test_flow_verdict_is_exact(case):
    factor, expected = case
    assert verdict(eigenvalues([factor], region=HALF_PLANE)) == expected


@given(planted(discrete=True))
def test_map_verdict_is_exact(case):
    factor, expected = case
    assert verdict(eigenvalues([factor], region=DISC)) == expected


@given(planted(discrete=True))
def test_conditions_are_the_verdict(case):
    factor, expected = case
    positive = all(c > 0 for c in conditions(factor, region=DISC))
    assert positive == (expected == "stable")


@given(planted(discrete=False))
def test_hurwitz_conditions_are_the_verdict(case):
    factor, expected = case
    positive = all(c > 0 for c in conditions(factor, region=HALF_PLANE))
    assert positive == (expected == "stable")


@given(st.lists(fractions, min_size=2, max_size=6), st.booleans())
def test_conditions_agree_with_numpy(coefficients, discrete):
    factor = Factor((sp.S.One, *map(sp.Rational, coefficients)), 1)
    roots = np.roots([1, *map(float, coefficients)])
    sizes = np.abs(roots) - 1 if discrete else roots.real
    assume(np.abs(sizes).min() > 1e-6)
    assert all(c > 0 for c in conditions(factor, region=region_of(discrete))) == (sizes.max() < 0)
    found = eigenvalues([factor], region=region_of(discrete))
    values = np.sort_complex([e.value for e in found for _ in range(e.multiplicity)])
    assert np.abs(np.poly(values) - np.poly(roots)).max() < 1e-8
    assert verdict(found) == ("stable" if sizes.max() < 0 else "unstable")


@given(st.lists(st.integers(-4, 4), min_size=9, max_size=9))
def test_defective_iff_eigenvectors_are_missing(entries):
    matrix = sp.Matrix(3, 3, entries)
    polynomial = matrix.charpoly(Z).as_expr().as_poly(Z)
    found = eigenvalues([Factor(tuple(polynomial.all_coeffs()), 1)], matrix, region=HALF_PLANE)
    # Eigenvectors suffice iff the square-free part of the polynomial annihilates the matrix.
    image = sp.zeros(3, 3)
    for c in sp.sqf_part(polynomial).all_coeffs():
        image = image * matrix + c * sp.eye(3)
    assert any(e.defective for e in found) == (not image.is_zero_matrix)


SCALES = [sp.sqrt(2), 2 ** sp.Rational(1, 3), sp.pi, 1 + sp.sqrt(3), sp.exp(sp.Rational(1, 3)), sp.log(2)]


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize(("mu", "size"), [(-1, 1), (-1, 2), (sp.Rational(1, 3), 3), (0, 2)])
def test_defective_is_decided_where_entries_are_irrational(scale, mu, size):
    """A Jordan block beside its own eigenvalue and another one, in coordinates of other lengths."""
    plain = sp.diag(sp.jordan_cell(mu, size), mu, 5)
    lengths = sp.diag(*(scale**k for k in range(plain.rows)))
    turn = sp.Matrix(plain.rows, plain.rows, lambda i, j: int(int(i) >= int(j)))
    matrix = (lengths * turn * plain * turn.inv() * lengths.inv()).applyfunc(sp.expand)
    assert not all(e.is_Rational for e in matrix)
    found = eigenvalues([poly(*[Z - mu] * (size + 1), Z - 5)], matrix, region=DISC)
    assert {(e.exact, e.multiplicity): e.defective for e in found} == {
        (mu, size + 1): size > 1,
        (5, 1): False,
    }


def test_defective_is_unknown_where_no_zero_is_proved():
    """No ball is known around `zeta(3)`."""
    matrix = sp.Matrix([[1, sp.zeta(3)], [0, 1]])
    (found,) = eigenvalues([poly(Z - 1, Z - 1)], matrix, region=DISC)
    assert found.defective is None


def test_a_triple_eigenvalue_of_heavy_ball_at_an_irrational_step():
    """FACTS C09 with `a^2 = 27/8`, `b1 = -1/8`, `b2 = 0`: `z (z + 1/2)^3`, with one eigenvector."""
    method = sc.Alternating(sc.HeavyBall("h", ("b1", "b2")))
    result = sc.analyse(sc.Dirac("wgan"), method).at(h=sp.sqrt(sp.Rational(27, 8)), b1="-1/8", b2=0)
    (found,) = (e for e in result.eigenvalues if e.multiplicity == 3)
    assert (found.exact, found.defective, result.verdict) == (sp.Rational(-1, 2), True, "stable")
    assert "not oscillatory" not in result.finding.classification


@pytest.mark.parametrize("scale", [sp.S.One, sp.sqrt(2)])
@pytest.mark.parametrize(
    ("matrix", "left", "defective"),
    [
        (sp.Matrix([[0, 1], [0, 0]]), [Z], True),
        (sp.zeros(2, 2), [Z], False),
        (sp.Matrix([[0, 0, 0], [0, 0, 1], [0, 0, 0]]), [Z, Z], True),
        (sp.zeros(3, 3), [Z, Z], False),
        (sp.Matrix([[0, 1, 0], [0, 0, 0], [0, 0, -1]]), [Z, Z + 1], True),
    ],
)
def test_copies_along_a_manifold_count_where_eigenvectors_are_missing(matrix, left, defective, scale):
    """One copy of 0 belongs to a line of equilibria: the others may lack the eigenvector that it has."""
    found = eigenvalues([poly(*left)], scale * matrix, region=HALF_PLANE, along=1)
    assert [e.defective for e in found if e.place == "boundary"] == [defective]


def test_cayley_moves_the_disc_to_the_half_plane():
    assert cayley([1, sp.Symbol("b"), sp.Symbol("c")]) == [
        1 - sp.Symbol("b") + sp.Symbol("c"), 2 - 2 * sp.Symbol("c"), 1 + sp.Symbol("b") + sp.Symbol("c"),
    ]  # fmt: skip


def test_routh():
    assert routh([fmpq(1), fmpq(1), fmpq(1)])
    assert not routh([fmpq(1), fmpq(-1), fmpq(1)])
    assert not routh([fmpq(1), fmpq(0), fmpq(1, 3), fmpq(1)])


@given(st.lists(st.integers(-6, 6), min_size=16, max_size=16), st.integers(1, 6), st.booleans())
def test_each_root_has_its_own_place(entries, scale, discrete):
    matrix = sp.Matrix(4, 4, entries) / scale
    factor = Factor(tuple(matrix.charpoly(Z).as_expr().as_poly(Z).all_coeffs()), 1)
    roots = np.linalg.eigvals(np.array(entries, dtype=float).reshape(4, 4) / scale)
    margins = np.abs(roots) - 1 if discrete else roots.real
    assume(np.abs(margins).min() > 1e-3)
    found = eigenvalues([factor], region=region_of(discrete))
    count = lambda where: sum(e.multiplicity for e in found if e.place == where)  # noqa: E731
    assert (count("inside"), count("outside")) == ((margins < 0).sum(), (margins > 0).sum())


def test_a_factor_with_roots_on_in_and_out_of_the_circle():
    """Lehmer's polynomial: irreducible, eight roots on the circle, one inside, one outside."""
    lehmer = Factor(tuple(map(sp.Integer, (1, 1, 0, -1, -1, -1, -1, -1, 0, 1, 1))), 1)
    found = eigenvalues([lehmer], region=DISC)
    assert sorted(e.place for e in found) == ["boundary"] * 8 + ["inside", "outside"]
    assert verdict(found) == "unstable"


def test_the_rate_is_set_by_the_dominant_eigenvalue():
    matrix = sp.Matrix([[-2, 1, 0], [0, -2, 0], [0, 0, -1]])
    found = eigenvalues([poly((Z + 2) ** 2, Z + 1)], matrix, region=HALF_PLANE)
    assert [e.exact for e in dominant(found, region=HALF_PLANE)] == [-1]
    assert classify(found, region=HALF_PLANE) == "stable node, not oscillatory"
    slow = eigenvalues([poly((Z + 2) ** 2)], matrix[:2, :2], region=HALF_PLANE)
    assert classify(slow, region=HALF_PLANE) == "stable node, not oscillatory, critically damped"


def test_a_growing_centre_is_no_centre():
    turn = sp.Matrix([[0, -1], [1, 0]])
    coupled = sp.Matrix(sp.BlockMatrix([[turn, sp.eye(2)], [sp.zeros(2), turn]]))
    plain = eigenvalues([poly((Z**2 + 1) ** 2)], sp.diag(turn, turn), region=HALF_PLANE)
    grown = eigenvalues([poly((Z**2 + 1) ** 2)], coupled, region=HALF_PLANE)
    assert classify(plain, region=HALF_PLANE) == "centre, oscillatory"
    assert classify(grown, region=HALF_PLANE) == "degenerate, oscillatory"


def test_floats_are_rounded_to_nearest():
    (tenth,) = eigenvalues([Factor((sp.S.One, -sp.Rational(1, 10)), 1)], region=DISC)
    assert tenth.value == 0.1
    (huge,) = eigenvalues([Factor((sp.S.One, -(sp.Integer(10) ** 400)), 1)], region=DISC)
    assert huge.value.real == float("inf")


@pytest.mark.parametrize(
    ("number", "value"),
    [
        (sp.sqrt(2) / 3, 2**0.5 / 3), (sp.pi - 3, np.pi - 3), (sp.exp(2) + sp.E, np.exp(2) + np.e),
        (sp.log(3), np.log(3)), (sp.tanh(sp.Rational(1, 2)), np.tanh(0.5)), (1 / sp.sqrt(5), 5**-0.5),
        (sp.Rational(2) ** sp.Rational(1, 3), 2 ** (1 / 3)), (sp.I * 2 + 1, 1 + 2j),
    ],
)  # fmt: skip
def test_enclosures_hold_the_number(number, value):
    ball = enclose(number)
    assert abs(complex(ball.mid()) - value) < 1e-14
    with pytest.raises(Undecidable, match="zeta"):
        enclose(sp.zeta(3))


def test_irrational_data_away_from_the_boundary_and_on_it():
    root = sp.sqrt(2)
    inside = Factor((sp.S.One, root, sp.Rational(1, 5)), 1)
    (a, b) = eigenvalues([inside], region=HALF_PLANE)
    assert verdict((a, b)) == "stable"
    assert a.is_real
    assert b.is_real
    for e in (a, b):
        assert e.exact is not None
        assert abs(float(e.exact) - e.value.real) < 1e-15
    edge = Factor((sp.S.One, sp.S.Zero * root, root), 1)
    assert verdict(eigenvalues([edge], region=HALF_PLANE)) == "neutral"
    hidden = Factor((sp.S.One, sp.S.One, root, root), 1)  # (z^2 + sqrt(2)) (z + 1)
    assert verdict(eigenvalues([hidden], region=HALF_PLANE)) == "undecided"


def test_precision_is_put_back():
    before = flint.ctx.prec
    eigenvalues([Factor((sp.S.One, sp.S.One), 1)], region=HALF_PLANE)
    assert flint.ctx.prec == before


@given(fractions, fractions)
def test_completing_the_square(b, c):
    factor = Factor((sp.S.One, sp.Rational(b), sp.Rational(c)), 1)
    roots = closed_form(factor)
    assert isinstance(roots, Roots)
    first, *others = roots.formulas * roots.multiplicity
    assert sp.expand(sum((first, *others)) + factor.coefficients[1]) == 0
    assert sp.expand(sp.prod((first, *others)) - factor.coefficients[2]) == 0


@given(st.sampled_from([GAMMA - F1, F1 - GAMMA, -H, -H * (GAMMA - F1), F1]), st.sampled_from([1, -1, H]))
def test_written_roots_are_the_formulas(outside, inside):
    roots = Roots(1 - H, sp.sympify(outside), sp.sympify(inside), 1)
    names = {str(s): s for s in (GAMMA, H, F1)}
    for text, formula in zip(code_roots(roots), roots.formulas, strict=True):
        assert sp.expand(sp.sympify(text, locals=names) - formula) == 0


def test_cubics_stay_polynomials():
    assert closed_form(Factor((sp.S.One, GAMMA, GAMMA, H), 1)) is None


def test_split_square():
    outside, inside = split_square(H**2 * (GAMMA**2 / 4 - F1**2) * F1**4)
    assert sp.expand(outside**2 * inside - H**2 * (GAMMA**2 / 4 - F1**2) * F1**4) == 0
    assert sp.expand(inside - (GAMMA**2 / 4 - F1**2)) == 0
    assert split_square(-(H**2)) == (sp.I * H, 1)
    assert split_square(-(H**2) / (1 + H**2) ** 2 - H**4 / (1 + H**2) ** 2 + H**4 / (1 + H**2) ** 2)[1] == 1


def test_settled_factors_are_dropped_and_signs_kept():
    assert reduced(H**3 * (GAMMA - H * F1**2) * F1**2 / 7) == GAMMA - H * F1**2
    assert reduced(-H * F1**2) == -1
    assert reduced((1 - GAMMA) / (-H - 1)) == GAMMA - 1
    assert reduced(sp.S.Zero) == 0


def test_a_square_that_may_vanish_bounds_the_region():
    """`(h - k)^2 > 0` leaves out `h = k`; of what cannot vanish the square says nothing."""
    k = sp.Symbol("k", positive=True)
    assert sp.expand(reduced((H - k) ** 2) - (H - k) ** 2) == 0
    assert sp.expand(reduced((H - k) ** 4 * (H + k) ** 2) - (H - k) ** 2) == 0
    assert reduced(F1**2 * (H + k) ** 2) == 1


def test_generalised_ogda_without_a_past_of_its_own_is_on_the_boundary():
    """With `b = h` the weights of the last two fields cancel on the bilinear game: 1 is an eigenvalue."""
    result = sc.analyse(sc.Bilinear(1), sc.GeneralisedOGDA("h", "b"))
    same = {s: sp.S.Half for c in result.conditions for s in c.free_symbols}
    assert [c.xreplace(same) for c in result.conditions if sp.factor(c).is_Pow] == [0]
    there = result.at(h="1/2", b="1/2")
    assert (there.verdict, there.conditions_here) == ("neutral", (0,))


@pytest.mark.parametrize(
    ("coefficients", "discrete", "expected"),
    [
        ((1, H, F1**2), False, "stable"), ((1, -H, F1**2), False, "unstable"),
        ((1, 0, F1**2), False, "neutral"),
        ((1, GAMMA, F1**2), False, "depends"), ((1, 0), False, "neutral"), ((1, -1), True, "neutral"),
        ((1, -2, 1 + H**2), True, "unstable"), ((1, H**2 - 2, 1), True, "depends"),
        ((1, -1 / (1 + H)), True, "stable"), ((1, 1 / (1 + GAMMA)), True, "depends"),
    ],
)  # fmt: skip
def test_signs_settle_what_they_can(coefficients, discrete, expected):
    factor = Factor(tuple(map(sp.sympify, coefficients)), 1)
    assert symbolic_verdict(factor, region=region_of(discrete)) == expected


@pytest.mark.parametrize("power", [4, 6])
@pytest.mark.parametrize("low", [F1**2, H])
def test_beyond_degree_two_vanishing_conditions_prove_no_boundary(power, low):
    """`z^n + a` has roots on all sides of the axis, though none of its conditions is negative."""
    lone = Factor((sp.S.One, *[sp.S.Zero] * (power - 1), low), 1)
    assert set(conditions(lone, region=HALF_PLANE)) == {0, 1}
    assert symbolic_verdict(lone, region=HALF_PLANE) not in ("neutral", "stable")
    at = lone.at({H: sp.S.Half, F1: sp.S.Half})
    assert verdict(eigenvalues([at], region=HALF_PLANE)) == "unstable"


@pytest.mark.parametrize("degree", [3, 4, 5])
def test_minors_by_elimination_are_determinants(degree):
    a = [sp.S.One, *sp.symbols(f"a1:{degree + 1}")]
    found = region._hurwitz_minors(a)
    assert [sp.expand(m - region._minor(a, k + 1)) for k, m in enumerate(found)] == [0] * (degree - 1)
