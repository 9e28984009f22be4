"""Regions of stability as data: they contain a point exactly where the verdict there is stable."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
import sympy as sp

from stabcheck import CGD, R1, AltGD, Dirac, HeavyBall, SimGD, analyse
from stabcheck.core.domain import NONNEGATIVE, NONZERO, POSITIVE, REAL
from stabcheck.core.errors import BadInput
from stabcheck.core.verdict import Verdict
from stabcheck.judge.region import Region, region_of
from stabcheck.symbolic.condition import Condition
from stabcheck.symbolic.zero import sign
from tests.games import RandomGame

H, X, Y = sp.Symbol("h", positive=True), sp.Symbol("x", real=True), sp.Symbol("y", real=True)
ANALYSES = {
    "gp, SimGD": lambda: analyse(Dirac() + R1("gamma"), SimGD("h")),
    "gp, AltGD": lambda: analyse(Dirac() + R1("gamma"), AltGD("h")),
    "gp, CGD": lambda: analyse(Dirac() + R1("gamma"), CGD("h")),
    "gp, heavy ball": lambda: analyse(Dirac() + R1("gamma"), HeavyBall("h", "beta")),
    "random, SimGD": lambda: analyse(RandomGame("gamma"), SimGD("h")),
}


@pytest.mark.parametrize("name", ANALYSES)
def test_a_region_contains_what_is_stable(name):
    general, rng = ANALYSES[name](), random.Random(0)
    region = region_of(general.here)
    seen = set()
    for _ in range(12):
        values = {n: row.domain.draw(rng) for n, row in general.names.items()}
        stable = general.at(**values).verdict is Verdict.STABLE
        assert region.contains(**values) is stable
        seen.add(stable)
    assert seen == {True, False} or name == "random, SimGD"


def test_the_boundary_is_outside():
    region = region_of(analyse(Dirac() + R1("gamma"), SimGD("h")).here)
    at = {"gamma": Fraction(1, 10)}
    assert region.contains(h=Fraction(2, 5), **at) is False
    assert region.contains(h=Fraction(2, 5) - Fraction(1, 10**9), **at) is True


def of(*conditions, **domains):
    return Region.of(map(Condition.of, conditions), domains)


def test_of_an_even_letter_the_size_counts():
    region = of(4 - X**2 * H, h=POSITIVE, x=NONZERO)
    assert (region.domains["x"], region.sizes) == (POSITIVE, {"x"})
    assert region.contains(x=Fraction(-1), h=Fraction(3)) is True
    assert region.contains(x=Fraction(-2), h=Fraction(1)) is False
    assert of(4 - X**2, x=REAL).domains["x"] == NONNEGATIVE
    assert of(4 - X, 4 - X**2, x=NONZERO).sizes == frozenset()


def test_numbers_that_are_not_rational_are_letters_in_narrow_ranges():
    region = of(X - sp.sqrt(2), x=REAL)
    (name,) = set(region.domains) - {"x"}
    low, high = region.domains[name].low.at, region.domains[name].high.at
    assert low**2 < 2 < high**2
    assert high - low < Fraction(1, 10**30)
    assert [p.at({name: sp.sqrt(2)}, sp.Rational) for tie in region.ties for p in tie.polynomials] == [0]
    assert region.contains(x=Fraction(15, 10)) is True
    assert region.contains(x=Fraction(14, 10)) is False


def test_a_root_of_a_name_is_tied_to_it():
    region = of(X - sp.sqrt(H), H - 2, x=REAL, h=POSITIVE)
    (tie,) = region.ties
    assert tie.names == {"h", *(n for n, e in region.letters.items() if e == sp.sqrt(H))}
    assert region.contains(h=Fraction(3), x=Fraction(2)) is True
    assert region.contains(h=Fraction(4), x=Fraction(2)) is False


def test_what_is_not_decided_is_said(monkeypatch):
    region = of(X - 1, Y, x=REAL, y=REAL)
    monkeypatch.setattr("stabcheck.judge.region.sign", lambda e: None if e == -1 else sign(e))
    assert region.contains(x=Fraction(0), y=Fraction(1)) is None
    assert region.contains(x=Fraction(0), y=Fraction(-1, 2)) is False
    assert region.contains(x=Fraction(2), y=Fraction(1)) is True


@pytest.mark.parametrize(
    ("values", "words"),
    [({"h": 1}, "depends on x, too"), ({"h": -1, "x": 1}, "h must be a number > 0, not -1")],
)
def test_a_point_needs_a_value_for_every_name(values, words):
    with pytest.raises(BadInput, match=words):
        of(4 - X**2 * H, h=POSITIVE, x=NONZERO).contains(**{n: Fraction(v) for n, v in values.items()})


def test_scaled_regions_have_fewer_letters():
    region = region_of(analyse(Dirac("germ") + R1("gamma"), SimGD("h")).here)
    assert {*region.domains} == {"f1", "gamma", "h"}
    assert {*region.scaled(["h"]).domains} == {"gamma", "h"}
