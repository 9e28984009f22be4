"""What happens at a piece of the boundary is what the eigenvalues at a point of it do."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
import sympy as sp
from flint import fmpz_poly

from stabcheck import CGD, OGDA, R1, AltGD, Dirac, Extragradient, Flow, HeavyBall, SimGD, analyse
from stabcheck.core.domain import NONNEGATIVE, POSITIVE, REAL
from stabcheck.judge.pieces import Kind, attained, pieces
from stabcheck.judge.pruning import Prover, pruned
from stabcheck.judge.region import Region, region_of
from stabcheck.judge.solver import Z3
from stabcheck.symbolic.algebraic import conjugates
from stabcheck.symbolic.condition import Condition
from stabcheck.symbolic.polynomials import to_flint
from tests.games import RandomGame
from tests.judge.test_pruning import Silent

PENALISED = Dirac() + R1("gamma")
X, Y = sp.Symbol("x", real=True), sp.Symbol("y", real=True)


def ends(result, solver=None):
    solver = solver or Z3()
    region = pruned(region_of(result.here), solver).region
    return pieces(region, result.here.point.stabilising, result.region, Prover(region, solver))


def spectrum(result, values):
    """By LAPACK, of the matrix at values."""
    numbers = {**result.germ, **values}
    matrix = result.update_matrix
    return np.linalg.eigvals(np.array(matrix.subs({s: numbers[s.name] for s in matrix.free_symbols}), float))


def by_kind(result):
    return {kind: piece for piece in ends(result) for kind in piece.kinds}


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (analyse(PENALISED, SimGD("h")), {"FLIP", "CIRCLE"}),
        (analyse(PENALISED, AltGD("h")), {"FLIP", "CIRCLE"}),
        (analyse(PENALISED, CGD("h")), {"FLIP"}),
        (analyse(PENALISED, Extragradient("h")), {"FOLD", "CIRCLE"}),
        (analyse(Dirac(), OGDA("h")), {"CIRCLE"}),
        (analyse(PENALISED, Flow()), {"HOPF"}),
    ],
)
def test_kinds_of_known_boundaries(result, expected):
    found = ends(result)
    assert {kind.name for piece in found for kind in piece.kinds} == expected
    assert all(piece.attained for piece in found)


@pytest.mark.parametrize(
    ("result", "values", "kind"),
    [
        (analyse(PENALISED, SimGD("h")), {"gamma": Fraction(1, 2), "h": 2}, Kind.CIRCLE),
        (analyse(PENALISED, SimGD("h")), {"gamma": Fraction(17, 8), "h": 1}, Kind.FLIP),
        (analyse(PENALISED, AltGD("h")), {"gamma": Fraction(15, 8), "h": 1}, Kind.FLIP),
        (analyse(PENALISED, Extragradient("h")), {"gamma": Fraction(5, 4), "h": 1}, Kind.FOLD),
    ],
)
def test_eigenvalues_at_a_point_of_a_piece_are_where_it_says(result, values, kind):
    piece = by_kind(result)[kind]
    assert piece.polynomial.at({n: Fraction(values[n]) for n in piece.polynomial.names}) == 0
    roots = spectrum(result, values)
    place = {Kind.FLIP: -1, Kind.FOLD: 1}.get(kind)
    if place is None:
        assert np.abs(np.abs(roots) - 1).max() < 1e-7
        assert np.abs(roots.imag).min() > 0.1
    else:
        assert np.abs(roots - place).min() < 1e-7
        assert np.abs(roots).max() < 1 + 1e-7


def test_a_factor_that_bounds_nothing_selects():
    result = analyse(PENALISED, HeavyBall("h", "beta"))
    selecting = [piece for piece in ends(result) if not piece.kinds]
    assert {str(piece.polynomial) for piece in selecting} == {"gamma", "4*beta - gamma*h + 4"}
    assert all(piece.attained is False for piece in selecting)


def test_a_game_without_symmetry_ends_in_all_its_ways():
    result = analyse(RandomGame(1), SimGD("h"))
    found = by_kind(result)
    assert found
    for kind, piece in found.items():
        _, whole = to_flint(piece.polynomial, ["h"])
        row = fmpz_poly([int(whole.to_dict().get((k,), 0)) for k in range(whole.degrees()[0] + 1)])
        for h in (root.value for root in conjugates(row) if root.value > 0):
            z = spectrum(result, {"h": h})
            pairs = [a * b for a, b in combinations(z, 2)] if kind is Kind.CIRCLE else z
            assert np.abs(np.array(pairs) - (-1 if kind is Kind.FLIP else 1)).min() < 1e-6


def of(*conditions, **domains):
    return Region.of(map(Condition.of, conditions), domains or {"x": REAL, "y": REAL})


def is_attained(region, text, solver=None):
    (factor,) = {p for c in region.conditions for p in c.polynomials if str(p) == text}
    return attained(region.conditions, factor, Prover(region, solver or Z3()))


def test_zeros_where_another_condition_fails_are_not_attained():
    region = of(X - 1, X * Y - Y)
    assert is_attained(of(X - 1, Y), "x - 1") is True
    assert is_attained(of(X - 1, 0 - X), "x - 1") is False
    assert is_attained(of(Y, X**2 + 1 - Y, Y - X**2), "-x^2 + y") is True
    assert region.conditions


def test_a_region_ends_where_a_closed_domain_does():
    x = sp.Symbol("x", nonnegative=True)
    assert is_attained(of(x, x=NONNEGATIVE), "x") is True
    assert is_attained(of(x, x=POSITIVE), "x") is False


def test_what_no_solver_decides_is_left_open():
    assert is_attained(of(X - 1, Y), "x - 1", Silent()) is None


def test_a_double_zero_is_a_puncture():
    assert is_attained(of((X - Y) ** 2, X), "x - y") is True
