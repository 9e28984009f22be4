"""Scalings leave signs as they are, and what is reduced by them can be restored."""

from __future__ import annotations

import random

import pytest

from stabcheck.core.domain import NONNEGATIVE, POSITIVE, REAL, SHARE, spelled
from stabcheck.core.polynomial import Polynomial
from stabcheck.symbolic.scaling import Scaling, is_cone

H, GAMMA, F1, BETA = map(Polynomial.letter, ("h", "gamma", "f1", "beta"))
DOMAINS = {"h": POSITIVE, "gamma": NONNEGATIVE, "f1": POSITIVE, "beta": SHARE}
PENALISED = [GAMMA - F1**2 * H, F1**2 * H**2 - 2 * GAMMA * H + 4]
TWO = [GAMMA * H - BETA, F1 * H**2 * GAMMA + BETA**2]


def test_the_penalised_step_has_one_scaling():
    scaling = Scaling.of(PENALISED, DOMAINS, kept=["h"])
    assert scaling.ones == ("f1",)
    assert scaling.weights == {"f1": (1,), "gamma": (1,), "h": (-1,)}
    assert scaling.reduced(PENALISED[0]) == GAMMA - H
    assert Scaling.of(PENALISED, DOMAINS, kept=["f1"]).ones == ("h",)


@pytest.mark.parametrize("polynomials", [PENALISED, TWO], ids=["one", "two"])
def test_signs_are_those_of_the_reduced(polynomials):
    scaling, rng = Scaling.of(polynomials, DOMAINS), random.Random(0)
    assert scaling.ones
    for _ in range(50):
        values = {name: domain.draw(rng) for name, domain in DOMAINS.items()}
        factors = {name: values[name] for name in scaling.ones}
        scaled = dict(values)
        for name, weights in scaling.weights.items():
            for one, weight in zip(scaling.ones, weights, strict=True):
                assert weight.denominator == 1
                scaled[name] /= factors[one] ** int(weight)
        for p in polynomials:
            a, b = p.at(values), scaling.reduced(p).at(scaled)
            assert (a > 0, a < 0) == (b > 0, b < 0)


@pytest.mark.parametrize("polynomial", [*PENALISED, *TWO, H, Polynomial.constant(3), Polynomial()])
def test_what_is_restored_reduces_again_and_is_the_same_up_to_a_power(polynomial):
    scaling = Scaling.of([*PENALISED, polynomial], DOMAINS)
    reduced = scaling.reduced(polynomial)
    restored = scaling.restored(reduced)
    assert scaling.reduced(restored) == reduced
    differences = {t: p for p, t in zip(polynomial.terms, restored.terms, strict=True)}
    assert len(differences) == len(polynomial.terms)


def test_what_is_restored_is_what_was_there():
    scaling = Scaling.of(PENALISED, DOMAINS, kept=["h"])
    assert [scaling.restored(scaling.reduced(p)) for p in PENALISED] == PENALISED
    assert scaling.restored(GAMMA - 2) == GAMMA - 2 * F1


def test_broken_powers_are_no_polynomial():
    scaling = Scaling.of([GAMMA**2 - H], {"gamma": REAL, "h": POSITIVE})
    assert scaling.ones == ("h",)
    assert scaling.restored(GAMMA - 1) is None
    assert scaling.restored(GAMMA**2 - 1) == GAMMA**2 - H


def test_what_may_be_zero_or_negative_never_becomes_one():
    assert Scaling.of([GAMMA - H], {"gamma": NONNEGATIVE, "h": REAL}).ones == ()


def test_what_has_another_end_than_zero_has_no_weight():
    assert Scaling.of([H - F1], {"h": POSITIVE, "f1": spelled("(0,2)")}).ones == ()
    assert Scaling.of([H - F1], {"h": POSITIVE, "f1": POSITIVE}).ones == ("f1",)


@pytest.mark.parametrize(
    ("spelling", "cone"), [(">0", True), (">=0", True), ("nonzero", True), ("real", True), ("(0,1]", False)]
)
def test_cones_hold_all_multiples(spelling, cone):
    assert is_cone(spelled(spelling)) is cone


def test_what_leaves_out_another_number_than_zero_is_no_cone():
    assert not is_cone(spelled("!=1/2"))
    assert is_cone(spelled("!=0"))
