"""The block theorem: hypotheses and bounds against NumPy, on random rational matrices."""

from __future__ import annotations

import json
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from stabcheck import Blocks, NagarajanKolter, analyse
from stabcheck.cli.app import run
from stabcheck.core.errors import BadInput
from stabcheck.verify.theorem import RealisableGAN

Z = sp.Symbol("z")
HALF = Fraction(1, 2)
entries = st.integers(-4, 4).map(lambda n: Fraction(n, 2))
sizes = st.integers(1, 3)


def rows(matrix):
    return tuple(tuple(row) for row in matrix)


def floats(matrix):
    return np.array([[float(e) for e in row] for row in matrix])


@st.composite
def rectangles(draw, wide=None):
    """A matrix with at least as many rows as columns."""
    n = draw(sizes)
    k = draw(st.integers(1, n)) if wide is None else n
    return rows([[draw(entries) for _ in range(k)] for _ in range(n)])


@st.composite
def symmetric(draw, n):
    """`L L^T`, sometimes with a row of `L` at 0, so that it is singular."""
    lower = [[draw(entries) if j <= i else Fraction(0) for j in range(n)] for i in range(n)]
    return rows([[sum(lower[i][k] * lower[j][k] for k in range(n)) for j in range(n)] for i in range(n)])


@st.composite
def problems(draw):
    k_dg = draw(rectangles())
    q, l_dd = draw(symmetric(len(k_dg))), draw(st.none() | symmetric(len(k_dg)))
    return k_dg, negative(q), l_dd or ()


def negative(matrix):
    return rows([[-e for e in row] for row in matrix])


def whole(k_dg, bent, eta=0.0):
    """`[[-2 eta B^T B, -B^T (I + 2 eta A)], [B, A]]`: with `eta = 0` that of the first theorem."""
    b, a = floats(k_dg), floats(bent)
    top = [-2 * eta * b.T @ b, -b.T @ (np.eye(len(a)) + 2 * eta * a)]
    return np.block([top, [b, a]])


def close(computed, expected):
    """Eigenvalues by their polynomial, which rounding hardly moves even where they are defective."""
    ours, theirs = np.poly(computed), np.poly(expected)
    np.testing.assert_allclose(ours, theirs, atol=1e-9 * np.abs(theirs).max())


def kernel(matrix):
    return len(matrix) - np.linalg.matrix_rank(matrix)


def repeated(computed):
    return [e.value for e in computed for _ in range(e.multiplicity)]


def holds(kept):
    """Every eigenvalue is left of the axis and none is beyond its bound."""
    return all(e.place == "inside" and ok is not False for e, _, ok in kept)


# Mescheder et al., Theorem A.7: `[[0, -B^T], [B, -Q]]`


@given(problems())
def test_bounds_of_the_first_theorem(problem):
    k_dg, k_dd, l_dd = problem
    gan = RealisableGAN(Blocks(k_dg, k_dd, l_dd))
    q = -floats(k_dd) + (floats(l_dd) if l_dd else 0)
    b = floats(k_dg)
    full = np.linalg.matrix_rank(b) == b.shape[1]
    definite = np.linalg.eigvalsh(q).min() > 1e-9
    assert [ok for _, ok in gan.statement.hypotheses] == [definite, full]
    matrix = whole(k_dg, rows(-q))
    if kernel(matrix) < 2:
        close(repeated(gan.exact), np.linalg.eigvals(matrix))
    if not (definite and full):
        assert not gan.statement.applies
        assert gan.statement.real is gan.statement.oscillating is None
        assert all(bound is kept is None for _, bound, kept in gan.against())
        return
    bends, couplings = np.linalg.eigvalsh(q), np.linalg.eigvalsh(b.T @ b)
    least, most, felt = bends[0], bends[-1], couplings[0]
    assert gan.statement.real == pytest.approx(-least * felt / (least * most + felt), rel=1e-9)
    assert gan.statement.oscillating == pytest.approx(-least / 2, rel=1e-9)
    assert gan.statement.applies
    assert holds(gan.against())
    for e, bound, kept in gan.against():
        assert bound == (gan.statement.real if e.is_real else gan.statement.oscillating)
        assert kept is True


def test_published_rates_of_the_plain_gan():
    """B06, at f' = 1/2, f'' = -1/4, with the least l of K_DD and m of K_DG^T K_DG.

    Real ones `2 f'' f'^2 l m/(4 f''^2 l lmax + f'^2 m)`, complex ones `f'' l`.
    """
    k, b = np.diag([1.0, 3.0]), np.array([[2.0], [1.0]])
    c, s = 0.5, -0.25
    felt = float(np.linalg.eigvalsh(b.T @ b)[0])
    real = 2 * s * c**2 * 1 * felt / (4 * s**2 * 1 * 3 + c**2 * felt)
    gan = RealisableGAN(Blocks(((1,), (HALF,)), ((-HALF, 0), (0, Fraction(-3, 2))))).statement
    assert gan.real == pytest.approx(real, rel=1e-12)
    assert gan.oscillating == pytest.approx(s * np.linalg.eigvalsh(k)[0], rel=1e-12)


def test_bounds_that_are_attained_are_kept():
    """A critically damped pair, and `-q/2` for every pair of a scalar `Q`."""
    spiral = RealisableGAN(Blocks(((1,),), ((-1,),)))
    assert [kept for *_, kept in spiral.against()] == [True, True]
    assert spiral.statement.oscillating == spiral.exact[0].value.real == -HALF
    (double,) = RealisableGAN(Blocks(((1,),), ((-2,),))).exact
    assert (double.multiplicity, double.is_real, double.exact) == (2, True, -1)


def test_the_theorem_says_nothing_without_its_hypotheses():
    dependent = RealisableGAN(Blocks(((1, 2), (2, 4)), ((-1, 0), (0, -1))))
    assert [ok for _, ok in dependent.statement.hypotheses] == [True, False]
    flat = RealisableGAN(Blocks(((1, 0), (0, 1)), ((-1, 0), (0, 0))))
    assert [ok for _, ok in flat.statement.hypotheses] == [False, True]
    wide = RealisableGAN(Blocks(((1, 1),), ((-1,),)))
    assert not wide.statement.applies
    # A penalty makes up for a loss without curvature, and may undo one with it.
    assert RealisableGAN(Blocks(((1,),), ((0,),), ((1,),))).statement.applies
    assert not RealisableGAN(Blocks(((1,),), ((-1,),), ((-1,),))).statement.applies
    indefinite = Blocks(((1, 0), (0, 1)), ((-1, -2), (-2, -1)))
    assert not RealisableGAN(indefinite).statement.applies


# Nagarajan & Kolter, Theorem 4.1


strengths = st.integers(1, 12).map(lambda n: Fraction(n, 8))


@settings(max_examples=20)
@given(rectangles(wide=False), strengths)
def test_bounds_of_the_regularised_wgan(k_dg, eta):
    """B05b: per singular value `l^2 + 2 eta s^2 l + s^2`, and the rates of B06."""
    n = len(k_dg)
    gan = RealisableGAN(Blocks(k_dg, rows([[Fraction(0)] * n] * n)), eta)
    singular = np.linalg.svd(floats(k_dg), compute_uv=False)
    invertible = singular.min() > 1e-9
    assert gan.statement.applies == invertible
    if not invertible:
        assert gan.statement.real is None
        return
    expected = [z for s in singular for z in np.roots([1, 2 * float(eta) * s**2, s**2])]
    close(repeated(gan.exact), expected)
    least, most, h = singular.min() ** 2, singular.max() ** 2, float(eta)
    assert gan.statement.real == pytest.approx(-2 * h * least / (4 * h**2 * most + 1), rel=1e-9)
    assert gan.statement.oscillating == pytest.approx(-h * least, rel=1e-9)
    assert holds(gan.against())
    assert all(kept for *_, kept in gan.against())


@settings(max_examples=20)
@given(problems(), strengths)
def test_the_regularised_gan_is_stable_for_small_strengths(problem, eta):
    """B05: Hurwitz for `eta < 1/(2 lmax(-A))`; no rates are published."""
    k_dg, k_dd, _ = problem
    a = -floats(k_dd)
    if not a.any():
        return
    gan = RealisableGAN(Blocks(k_dg, k_dd), eta)
    b = floats(k_dg)
    bends = np.linalg.eigvalsh(a)
    room = 1 / (2 * bends[-1]) - float(eta)
    expected = [bends[0] > 1e-9, np.linalg.matrix_rank(b) == b.shape[1], room > 1e-9]
    assert [ok for _, ok in gan.statement.hypotheses] == expected
    matrix = whole(k_dg, k_dd, float(eta))
    if kernel(matrix) < 2:
        close(repeated(gan.exact), np.linalg.eigvals(matrix))
    assert gan.statement.real is gan.statement.oscillating is None
    if gan.statement.applies:
        assert holds(gan.against())


def test_a_singular_coupling_has_as_many_eigenvalues_as_parameters():
    gan = RealisableGAN(Blocks(((1, 1), (1, 1)), ((0, 0), (0, 0))), Fraction(1, 2))
    assert sum(e.multiplicity for e in gan.exact) == 4


def test_the_strength_at_its_limit_is_excluded():
    """At `eta = 1/(2 lmax)` the hypothesis is strict; just below it holds."""
    blocks = Blocks(((1,), (0,)), ((-1, 0), (0, -2)))
    applies = [RealisableGAN(blocks, eta).statement.applies for eta in (Fraction(249, 1000), Fraction(1, 4))]
    assert applies == [True, False]


def test_eta_is_the_penalty_of_that_name():
    blocks = Blocks(((1, 2), (0, 1)), ((-1, 0), (0, -3)))
    eta = sp.Symbol("eta", nonnegative=True)
    b, a = sp.Matrix([[1, 2], [0, 1]]), sp.diag(-1, -3)
    expected = sp.BlockMatrix([[-2 * eta * b.T * b, -b.T * (sp.eye(2) + 2 * eta * a)], [b, a]]).as_explicit()
    computed = analyse(blocks + NagarajanKolter("eta")).jacobian
    assert (computed - expected).expand().is_zero_matrix


def test_blocks_are_the_matrix_they_are_named_for():
    result = analyse(
        Blocks(
            ((1, 2), (3, 4), (5, 7)), ((-1, 1, 0), (1, -2, 0), (0, 0, -3)), ((1, 0, 2), (0, 1, 0), (2, 0, 0))
        )
    )
    assert result.jacobian == sp.Matrix(
        [[0, 0, -1, -3, -5], [0, 0, -2, -4, -7], [1, 2, -2, 1, -2], [3, 4, 1, -3, 0], [5, 7, -2, 0, -3]]
    )


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: RealisableGAN(Blocks(), Fraction(-1)), "eta must be a number >= 0, not -1"),
        (lambda: RealisableGAN(Blocks(((1,),), ((-1,),), ((1,),)), HALF),
         "no published theorem covers eta and l_dd"),
    ],
)  # fmt: skip
def test_refusals(make, text):
    with pytest.raises(BadInput) as refusal:
        make()
    assert text in str(refusal.value)
    assert "\n" not in str(refusal.value)


# The command line


def test_the_command_as_text(capsys):
    assert run(["theorem", "--k-dg", "1;2", "--k-dd=-1,0;0,-2"]) == 0
    text = capsys.readouterr().out
    # Q has the eigenvalues 1 and 2, B^T B = 5.
    assert f"{'real eigenvalues <= ' + format(-5 / 7, '.12g')}" in text
    assert "real parts of complex ones <= -0.5" in text
    assert "verdict       stable" in text
    assert "L_DD - K_DD is positive definite: yes" in text
    computed = [line.split() for line in text.split("exactly")[1].splitlines()[1:]]
    assert len(computed) == 3
    assert {line[-1] for line in computed} == {"yes"}
    assert max(map(len, text.splitlines())) <= 80


def test_the_command_as_data(capsys):
    arguments = ["theorem", "--k-dg", "2/3", "--k-dd=0", "--eta", "1/2", "--format", "json"]
    assert run(arguments) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["verdict"] == "stable"
    assert answer["bound_on_complex_eigenvalues"] == pytest.approx(-0.5 * 4 / 9, rel=1e-12)
    assert answer["bound_on_real_eigenvalues"] == pytest.approx(-4 / 9 / (4 / 9 + 1), rel=1e-12)
    values = [complex(e["value"]["re"], e["value"]["im"]) for e in answer["eigenvalues"]]
    close(values, np.roots([1, 4 / 9, 4 / 9]))
    assert all(e["keeps_to_it"] is True for e in answer["eigenvalues"])


def test_the_command_where_the_theorem_is_silent(capsys):
    assert run(["theorem", "--k-dg", "1,2;2,4", "--k-dd=-1,0;0,-1", "--format", "json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["verdict"] == "the theorem says nothing"
    assert [h["holds"] for h in answer["hypotheses"]] == [True, False]
    assert {e["bound"] for e in answer["eigenvalues"]} == {None}
    assert run(["theorem", "--k-dg", "1", "--k-dd=-1", "--eta", "1/4"]) == 0
    assert "none is published" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["--k-dg", "1;2", "--k-dd=-1"], "k_dd must be 2 x 2"),
        (["--k-dg", "1,2;3", "--k-dd=-1"], "its rows differ in length"),
        (["--k-dg", "1;2", "--k-dd=-1,0;1,-1"], "k_dd must be symmetric"),
        (["--k-dg", "one", "--k-dd=-1"], "k_dg must be a matrix such as"),
        (["--k-dg", "1", "--k-dd=-1", "--eta", "x"], "is not a number"),
        (["--k-dg", "1", "--k-dd=-1", "--eta=-1"], "eta must be a number >= 0"),
        (["--k-dg", "1", "--k-dd=-1", "--l-dd", "1", "--eta", "1"], "give one of them"),
        (["--k-dg", "1", "--k-dd=-1", "--format", "xml"], "format"),
        (["--k-dg", "1"], "--k-dd"),
    ],
)
def test_the_command_refuses_in_one_line(arguments, text, capsys):
    assert run(["theorem", *arguments]) == 2
    captured = capsys.readouterr()
    assert text in captured.err
    assert len(captured.err.strip().splitlines()) == 1
    assert not captured.out


@settings(max_examples=15)
@given(st.lists(st.integers(1, 6), min_size=2, max_size=4))
def test_more_penalty_moves_the_complex_bound_left(strengths):
    """`-q_min/2` falls with `L_DD = g I`."""
    bounds = [
        RealisableGAN(Blocks(((1,), (1,)), ((-1, 0), (0, -2)), ((g, 0), (0, g)))).statement.oscillating
        for g in sorted(strengths)
    ]
    assert bounds == [-(1 + g) / 2 for g in sorted(strengths)]
