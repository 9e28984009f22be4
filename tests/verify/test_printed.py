"""Whether verification sees a condition or a closed form that is printed wrong, on the boundary as well."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

import stabcheck as sc
from stabcheck import analyse
from stabcheck.core.domain import DECAY, NONNEGATIVE, POSITIVE, SHARE, spelled
from stabcheck.core.hyper import Hyper
from stabcheck.core.stability import DISC, HALF_PLANE
from stabcheck.symbolic.condition import Condition
from stabcheck.verify import printed
from stabcheck.verify.drawing import draw
from stabcheck.verify.lines import lines
from stabcheck.verify.margins import of_matrix, of_polynomials
from stabcheck.verify.rounding import NumericJacobian, polynomial_distance
from stabcheck.verify.witnesses import Subject, verify
from tests.dealt import dealt

SMALL = sp.Rational(1, 10**6)
RESULTS = {
    "flow": lambda: analyse(sc.Dirac("gan") + sc.R1("gamma")),
    "altgd": lambda: analyse(sc.Dirac("gan") + sc.R1("gamma"), sc.AltGD("h")).at(gamma=1),
    "ogda": lambda: analyse(sc.Dirac("gan") + sc.R1("gamma"), sc.OGDA("h")),
    "generalised-ogda": lambda: analyse(sc.Bilinear(1), sc.GeneralisedOGDA("h", "b")),
    "simgd": lambda: analyse(sc.DiracBias("gan") + sc.R1("gamma"), sc.SimGD("h")),
}


def kept(shown):
    """As it is printed."""
    return shown


def as_data(conditions):
    return tuple(map(Condition.of, conditions))


def said(name, conditions=kept, conditions_here=kept, closed_form=kept):
    """What verification says of a result some of which is printed otherwise."""
    result = RESULTS[name]()
    right = printed.printed_of(result, 0)
    changes = (conditions, conditions_here)[-len(right.regions) :]
    regions = (
        replace(r, conditions=as_data(change(tuple(c.expression for c in r.conditions))))
        for r, change in zip(right.regions, changes, strict=True)
    )
    false = replace(right, regions=tuple(regions), forms=closed_form(right.forms))
    return verify(Subject(result.game, result.operator, result.model, result.factors, result.values, false))


@pytest.mark.parametrize("name", dealt(RESULTS, 3))
def test_what_is_printed_right_agrees(name):
    assert said(name).status == "agrees"


FALSE = {
    "turned": lambda conditions: tuple(-c for c in conditions),
    "left out": lambda conditions: (),
    "never": lambda conditions: (*conditions, sp.S.Zero),
    "a little narrower": lambda conditions: tuple(c - SMALL for c in conditions),
}


@pytest.mark.parametrize(
    ("name", "which", "how"),
    dealt(
        [
            ("flow", "conditions_here", "turned"),
            ("flow", "conditions_here", "a little narrower"),
            ("altgd", "conditions", "left out"),
            ("altgd", "conditions_here", "a little narrower"),
            ("altgd", "conditions_here", "never"),
            ("ogda", "conditions", "never"),
            ("generalised-ogda", "conditions_here", "left out"),
            ("generalised-ogda", "conditions_here", "turned"),
            ("simgd", "conditions", "a little narrower"),
            ("simgd", "conditions_here", "turned"),
        ],
        2,
    ),
)
def test_a_false_condition_is_seen(name, which, how):
    verification = said(name, **{which: FALSE[how]})
    assert verification.status == "disagrees"
    assert "condition" in verification.reason


@pytest.mark.parametrize("name", ["flow", "altgd", "simgd"])
def test_a_condition_that_is_a_little_too_wide_is_seen_at_its_edge_alone(name):
    verification = said(name, conditions_here=lambda conditions: tuple(c + SMALL for c in conditions))
    assert verification.status == "disagrees"
    assert verification.reason.startswith("by the conditions it is ")


def test_a_condition_that_leaves_out_the_corner_of_a_domain_is_seen():
    """Where `gamma > 0` is missing, `gamma = 0` is taken for stable."""
    verification = said("flow", conditions_here=lambda _: ())
    assert verification.reason == (
        "by the conditions it is stable at their edge and by the verdict neutral:"
        " f1 = 1/2, f2 = -1/4, gamma = 0"
    )


def test_a_false_verdict_on_the_boundary_is_seen(monkeypatch):
    monkeypatch.setattr(printed, "verdict", lambda verification: "stable")
    verification = said("simgd")
    assert verification.status == "disagrees"
    assert "neutral at their edge and by the verdict stable" in verification.reason


def test_autodiff_on_the_boundary_is_asked(monkeypatch):
    """A thousandth less of the Jacobian leaves the inside where it is, and moves the boundary."""

    def smaller(seen, **asked):
        return of_matrix(NumericJacobian(0.999 * seen.jacobian, 0.999 * seen.nudged), **asked)

    monkeypatch.setattr(printed, "of_matrix", smaller)
    assert "neutral at their edge and by autodiff stable" in said("altgd").reason


FORMS = {
    "centre": lambda form: replace(form, centre=form.centre + SMALL),
    "radicand": lambda form: replace(form, inside=form.inside + SMALL),
    "turned": lambda form: replace(form, centre=-form.centre),
    "real": lambda form: replace(form, outside=sp.I * form.outside),
    "double": lambda form: replace(form, multiplicity=2 * form.multiplicity),
}


def form_distance(name, forms):
    """Of the right matrix at random values, in units of rounding."""
    result = RESULTS[name]()
    values = {**result.germ, **draw(result.names, random.Random(0))}
    matrix = result.flow_matrix if result.update_matrix is None else result.update_matrix
    numbers = np.array(matrix.xreplace({s: values[s.name] for s in matrix.free_symbols}), float)
    return printed.form_distance(forms(result), values, NumericJacobian(numbers, numbers))


@pytest.mark.parametrize("name", ["flow", "altgd", "ogda"])
@pytest.mark.parametrize("how", FORMS)
def test_a_false_closed_form_is_far_from_the_matrix(name, how):
    assert form_distance(name, lambda result: result.closed_form) < 16
    false = lambda result: (*result.closed_form[:-1], FORMS[how](result.closed_form[-1]))  # noqa: E731
    assert form_distance(name, false) > 10**6


def test_a_closed_form_that_forgets_a_root_is_far_from_the_matrix():
    assert form_distance("simgd", lambda result: result.closed_form[:1]) == np.inf
    assert form_distance("simgd", lambda result: (*result.closed_form, *result.closed_form)) == np.inf


def test_a_factor_in_the_place_of_roots_is_compared():
    (factor,) = RESULTS["flow"]().factors
    moved = replace(factor, coefficients=(*factor.coefficients[:2], factor.coefficients[2] + SMALL))
    assert form_distance("flow", lambda _: (factor,)) < 16
    assert form_distance("flow", lambda _: (moved,)) > 10**6


def test_a_false_closed_form_is_told():
    verification = said("ogda", closed_form=lambda forms: (*forms[:-1], FORMS["centre"](forms[-1])))
    assert verification.status == "disagrees"
    assert verification.reason.startswith("the closed form and autodiff differ by ")


def test_a_root_of_balls_about_its_cut_is_not_called_wrong(cli):
    """Its ball holds both signs: nothing is known there."""
    code, out, _ = cli("eigen --game tests/cases/bilinear-with-a-bump.toml --method ogda --h 762/1000")
    assert (code, "verification  agrees" in out) == (0, True)


@pytest.mark.parametrize(("beyond", "gap"), [(0, 0), (2**-40, 2**-40 / np.finfo(float).eps / 2)])
def test_a_coefficient_is_wrong_just_beyond_its_ball(beyond, gap):
    computed = NumericJacobian(np.diag([-1.0, -2.0]), np.diag([-1.0, -2.0]))
    away = [1, 3, 2 + 2**-30 + beyond]
    assert polynomial_distance(away, computed, [0, 0, 2**-30]) == gap


# Manifolds of equilibria and memory


@pytest.mark.parametrize(
    ("game", "method"),
    dealt(
        [
            (sc.Bilinear("alpha"), sc.Adam("h")),
            (sc.Dirac("gan") + sc.R1("gamma"), sc.RMSprop("h")),
            (sc.Dirac("wgan") + sc.R1("gamma"), sc.FTRL("h")),
            (sc.DiracBias("wgan") + sc.R1("gamma"), sc.SimGD("h")),
        ],
        3,
    ),
)
def test_manifolds_and_memory_raise_no_alarm(game, method):
    assert analyse(game, method).verify().status == "agrees"


def test_a_manifold_for_the_loss_alone_does_not_enter_the_general_conditions():
    """The total variation has `f''(0) = 0`, at which the general formulas do not know of a line."""
    assert analyse(sc.DiracBias("f-tv"), sc.SimGD("h")).verify().status == "agrees"


# On which side a spectrum lies


def seen(matrix):
    return NumericJacobian(np.array(matrix, float), np.array(matrix, float))


@pytest.mark.parametrize(
    ("matrix", "discrete", "side"),
    [
        ([[-1e-9, 1], [0, -1]], False, -1),
        ([[1e-9, 1], [0, -1]], False, 1),
        ([[0, 1], [-1, 0]], False, 0),
        ([[1e-14, 1], [0, -1]], False, 0),
        # A defective eigenvalue moves by the root of the rounding.
        ([[-1e-9, 1], [0, -1e-9]], False, 0),
        ([[-1e-3, 1], [0, -1e-3]], False, -1),
        ([[1 - 1e-9, 1], [0, 0.5]], True, -1),
        ([[1 + 1e-9, 1], [0, 0.5]], True, 1),
        ([[1, 1], [0, 0.5]], True, 0),
        ([[-1, 1], [0, 1]], True, 0),
        ([[np.nan, 1], [0, 1]], True, 0),
        # In units of the largest entry.
        ([[-1e-9, 1e6], [0, -1e6]], False, 0),
    ],
)
def test_a_side_is_told_where_rounding_cannot_change_it(matrix, discrete, side):
    assert of_matrix(seen(matrix), stability=DISC if discrete else HALF_PLANE).side == side


def test_eigenvalues_of_a_manifold_do_not_count():
    matrix = [[0, 1, 2], [0, -1, 0], [0, 0, -2]]
    assert of_matrix(seen(matrix), stability=HALF_PLANE).side == 0
    assert of_matrix(seen(matrix), stability=HALF_PLANE, dimension=1).side == -1
    assert of_matrix(seen(np.diag([0, 0, -2])), stability=HALF_PLANE, dimension=1).side == 0
    assert of_matrix(seen([[1]]), stability=DISC, dimension=1).side == 0


@pytest.mark.parametrize("side", [-1, 1])
@pytest.mark.parametrize("discrete", [False, True])
def test_polynomials_have_the_margin_of_their_matrix(side, discrete):
    roots = np.array([int(discrete) + side * 1e-3, -0.5, 0.25 - 0.75 * (not discrete)])
    rows = [np.poly(roots[:1]), np.poly(roots[1:])]
    margin = of_polynomials(rows, stability=DISC if discrete else HALF_PLANE)
    assert margin.side == side
    assert margin.distance == pytest.approx(side * 1e-3, rel=1e-9)
    assert margin.spread < 1e-11


# Lines

H = sp.Symbol("h", positive=True)
NAMES = {
    "h": Hyper("h", POSITIVE, ""),
    "k": Hyper("k", NONNEGATIVE, ""),
}


def line(conditions, **given):
    first, *_ = lines(as_data(conditions), NAMES, given, dict, random.Random(0))
    return first


def test_a_line_ends_where_one_condition_vanishes_and_all_others_hold():
    cut = line([1 - H, H - sp.Rational(1, 4), 5 - H], k=sp.S.One)
    assert cut.ends == [Fraction(1, 4), 1]
    assert all(cut.is_exact(q) for q in cut.ends)
    touched = line([(2 - H) ** 2, 3 - H**2 / 3], k=sp.S.One)
    assert touched.ends == [2, 3]
    assert not touched.holds(Fraction(2))
    assert touched.holds(Fraction(19, 10))


def test_irrational_ends_are_rounded_and_said_to_be():
    cut = line([2 - H**2], k=sp.S.One)
    assert [float(q) for q in cut.ends] == [np.sqrt(2)]
    assert not cut.is_exact(cut.ends[0])
    rounded = line([sp.log(2) - H], k=sp.S.One)
    assert [float(q) for q in rounded.ends] == [np.log(2)]
    assert not rounded.is_exact(rounded.ends[0])


def test_the_middles_see_both_sides_of_every_end():
    cut = line([1 - H, H - sp.Rational(1, 4)], k=sp.S.One)
    held = [cut.holds(q) for q in sorted(cut.middles)]
    assert {True, False} == set(held)
    assert (held[0], held[-1]) == (False, False)


@pytest.mark.parametrize(
    ("domain", "corners"),
    [(POSITIVE, []), (NONNEGATIVE, [0]), (DECAY, [0]), (SHARE, [1]), (spelled("[3,5]"), [3, 5])],
)
def test_the_corners_of_a_domain_belong_to_it(domain, corners):
    names = {"h": Hyper("h", domain, "")}
    (computed, *_) = lines(as_data([H]), names, {}, dict, random.Random(0))
    assert computed.corners == corners


def test_what_is_no_polynomial_gives_no_line():
    assert lines(as_data([sp.exp(H) - 2]), NAMES, {"k": sp.S.One}, dict, random.Random(0)) == []
    assert lines(as_data([sp.S.Zero]), NAMES, {}, dict, random.Random(0))[0].ends == []
