"""Special values of a hyperparameter: exact, and held against NumPy's eigenvalues."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

from stabcheck import (
    R1,
    AltGD,
    Dirac,
    LeastSquares,
    SimGD,
    Wasserstein,
    analyse,
)
from stabcheck.core.stability import HALF_PLANE
from stabcheck.report.pictures.tracking import tracked
from stabcheck.symbolic.algebraic import AlgebraicNumber
from stabcheck.symbolic.locus import Family
from stabcheck.symbolic.ops import symbol
from stabcheck.symbolic.spectrum import Factor
from tests.games import Momentum, RandomGame

PENALISED = Dirac("gan") + R1("gamma")
RANDOM = analyse(RandomGame("gamma"), SimGD("h")).at(gamma=0)


def matrix(result, **values):
    """The matrix at values, in floats; independent of factors and of FLINT's roots."""
    there = result.update_matrix if result.discrete else result.jacobian
    known = {**result.germ, **result.values, **values}
    return np.array(there.subs({s: known[s.name] for s in there.free_symbols}), dtype=float)


def furthest(found, expected):
    """The largest distance between two lists of numbers, matched greedily."""
    left, distances = list(expected), []
    for z in found:
        k = int(np.argmin([abs(z - other) for other in left]))
        distances.append(abs(z - left.pop(k)))
    return max(distances)


def specials(result, over, start, stop):
    family = Family.of(result.factors_here, symbol(over, result.names[over]), region=result.region)
    return family.specials(Fraction(start), Fraction(stop))


@pytest.mark.parametrize("loss", ["gan", LeastSquares(), Wasserstein()])
def test_the_penalised_dirac_gan_collides_at_twice_the_slope(loss):
    result = analyse(Dirac(loss) + R1("gamma"))
    slope = abs(result.germ["f1"])
    (met,) = (s for s in specials(result, "gamma", 0, 5) if s.met)
    assert met.at.exact == 2 * slope
    assert [(e.exact, e.multiplicity) for e in met.met] == [(-slope, 2)]
    assert not met.edge


def test_simultaneous_steps_cross_where_the_step_is_the_strength_over_the_squared_slope():
    (crossing,) = specials(analyse(PENALISED, SimGD("h")).at(gamma="1/2"), "h", "1/100", 4)
    assert crossing.at.exact == Fraction(1, 2) / Fraction(1, 4)
    assert {e.exact for e in crossing.edge} == {
        sp.Rational(1, 2) + s * sp.sqrt(3) * sp.I / 2 for s in (1, -1)
    }
    assert (crossing.before, crossing.after) == ({"inside": 2}, {"outside": 2})


@pytest.mark.parametrize(("start", "stop"), [("1/100", "1/3"), ("1/3", "1/2")])
def test_what_happens_at_an_end_of_the_range_is_no_matter_of_rounding(start, stop):
    (crossing,) = specials(analyse(PENALISED, SimGD("h")).at(gamma="1/12"), "h", start, stop)
    assert crossing.at.exact == sp.Rational(1, 3)
    assert len(crossing.edge) == 2


def test_a_crossing_at_a_surd_is_exact():
    *_, last = specials(analyse(PENALISED, AltGD("h")).at(gamma="1/2"), "h", "1/100", 3)
    h = sp.Symbol("h", positive=True)
    # h^2 c^2 = 4 - 2 h gamma, with c = 1/2 and gamma = 1/2.
    assert last.at.exact in sp.solve(h**2 / 4 + h - 4, h)


def test_of_two_that_meet_on_the_circle_both_things_are_said():
    (only,) = specials(analyse(Dirac("gan"), AltGD("h")), "h", "1/100", 9)
    assert only.at.exact == 4
    assert [e.exact for e in only.met] == [e.exact for e in only.edge] == [-1]


def test_eigenvalues_of_the_random_game_nearly_meet_in_numpy_where_they_meet():
    result = analyse(RandomGame("gamma"), Momentum("h")).at(gamma=0)
    (met,) = (s for s in specials(result, "h", "1/100", 1) if s.met)
    assert met.at.exact is None

    def gap(h):
        z = np.linalg.eigvals(matrix(result, h=h))
        return np.abs(z[:, None] - z[None, :])[~np.eye(len(z), dtype=bool)].min()

    # A double eigenvalue is known to half the digits, and the gap grows like a square root.
    assert gap(met.at.value) < 1e-6
    assert gap(met.at.value * 1.001) > 1e-3
    z = np.linalg.eigvals(matrix(result, h=met.at.value))
    assert np.sort(np.abs(z - met.met[0].value))[1] < 1e-6


def test_a_place_over_an_extension_field_is_exact():
    found = specials(RANDOM, "h", "1/100", 3)
    assert len(found) == 3
    assert all(s.at.poly.degree() > 1 for s in found)
    for s in found:
        edge = [e for e in s.eigenvalues if e.place == "boundary"]
        assert edge == list(s.edge)
        z = np.linalg.eigvals(matrix(RANDOM, h=s.at.value))
        assert len(edge) == np.sum(np.abs(np.abs(z) - 1) < 1e-9)


def test_curves_that_cross_go_straight_on():
    # z = +-g sqrt(1 + g): one irreducible factor whose roots pass through each other at 0.
    g, z = sp.Symbol("g"), sp.Symbol("z")
    family = Family.of([_factor(z**2 - g**2 * (1 + g), z)], g, region=HALF_PLANE)
    found = family.specials(Fraction(-1, 2), Fraction(1, 2))
    assert [(s.at.exact, s.met[0].exact) for s in found] == [(0, 0)]
    even = [Fraction(k, 20) for k in range(-10, 11)]
    motion = tracked(family, even, found, "g")
    for curve in motion.curves:
        signs = {np.sign(z.real) * np.sign(v) for v, z in zip(motion.values, curve, strict=True) if v}
        assert len(signs) == 1


def test_factors_that_pass_through_each_other_meet():
    g, z = sp.Symbol("g"), sp.Symbol("z")
    family = Family.of([_factor((z - g) * (z - 1 + g), z)], g, region=HALF_PLANE)
    found = family.specials(Fraction(-1), Fraction(2))
    half = sp.Rational(1, 2)
    assert [(s.at.exact, [e.exact for e in s.met]) for s in found] == [(0, []), (half, [half]), (1, [])]


def _factor(polynomial, z):
    return Factor(tuple(sp.Poly(polynomial, z).monic().all_coeffs()), 1)


def test_multiplicities_that_hold_for_every_value_are_no_collisions():
    z, g = sp.Symbol("z"), sp.Symbol("g")
    family = Family.of([_factor(((z + 1) * (z + 2 + g)) ** 2, z)], g, region=HALF_PLANE)
    assert [part.multiplicity for part in family.factors] == [2, 2]
    assert family.specials(Fraction(0), Fraction(5)) == ()


def test_roots_over_a_cubic_field_are_those_of_numpy():
    z, g = sp.Symbol("z"), sp.Symbol("g")
    # A double root at z = g and a simple one, where g^3 = 2.
    family = Family.of([_factor(z**3 - g * z**2 - 2 * z / g + 2, z)], g, region=HALF_PLANE)
    root = 2 ** (1 / 3)
    (found,) = (
        s for s in family.specials(Fraction(1), Fraction(2)) if s.at.poly.degree() == 3 and s.at.value < 1.3
    )
    assert found.at.value == pytest.approx(root, abs=1e-15)
    assert furthest([e.value for e in found.met], [root]) < 1e-12
    assert [part.degree for part in family.factors] == [1, 2]
    expected = np.roots([1, -root, -2 / root, 2])
    balls = [ball for part in family.factors for ball in part.at(found.at)]
    assert furthest([complex(ball.mid()) for ball in balls], expected) < 1e-6


def test_a_pole_is_left_out():
    z, g = sp.Symbol("z"), sp.Symbol("g")
    family = Family.of([_factor(z + 1 / (g - 1), z)], g, region=HALF_PLANE)
    assert [number.rational for number in family.poles(Fraction(0), Fraction(2))] == [1]
    assert [word for _, _, word in family.stable(Fraction(0), Fraction(2), [1.0])] == ["unstable", "stable"]
    assert complex(family.factors[0].at(AlgebraicNumber.of(Fraction(3)))[0].mid()) == -0.5


def test_what_is_too_long_to_clear_is_no_family(monkeypatch):
    h = sp.Symbol("h", positive=True)
    factor = Factor((sp.S.One, 1 / (1 + h), 1 / (2 + h)), 1)
    assert Family.of([factor], h, region=HALF_PLANE) is not None
    monkeypatch.setattr("stabcheck.symbolic.quotients.MOST_PRODUCTS", 1)
    again = Factor(factor.coefficients, 2)
    assert Family.of([again], h, region=HALF_PLANE) is None
