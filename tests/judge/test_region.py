"""Regions of stability as data: they contain a point exactly where the verdict there is stable."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction

import pytest
import sympy as sp

from stabcheck import CGD, R1, AltGD, Dirac, HeavyBall, SimGD, analyse
from stabcheck.core.domain import NONNEGATIVE, NONZERO, POSITIVE, REAL
from stabcheck.core.errors import BadInput, StabcheckError
from stabcheck.core.polynomial import Polynomial
from stabcheck.core.verdict import Verdict
from stabcheck.declare.question import Question
from stabcheck.judge.equilibria import analysed
from stabcheck.judge.region import Region, region_of
from stabcheck.study.atlas import questions
from stabcheck.symbolic.condition import Condition
from stabcheck.symbolic.zero import sign
from tests.games import RandomGame
from tests.judge.clouds import Against, tally

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


AGAINST = {
    **{
        line: lambda line=line: analysed(Question.parse(line))
        for line in (
            "dirac + gp | simgd",
            "dirac + gp | altgd",
            "dirac + gp | extragradient",
            "dirac + gp | ogda",
            "dirac + gp | heavy-ball",
            "dirac + gp | cgd",
            "dirac-square | altgd",
            "quadratic | flow",
        )
    },
    "random | simgd": lambda: analyse(RandomGame("gamma", dims=(1, 1)), SimGD("h")),
}
PLANAR = [asked for asked in questions() if sum(asked.game.dims) == 2]


@pytest.mark.parametrize("name", AGAINST)
def test_random_points_are_inside_where_the_eigenvalues_are(name):
    each = tally(Against.of(AGAINST[name]()), 2_000, 200)
    assert each.wrong == ()
    assert 0 < each.stable < each.points
    assert each.exact >= 200


@pytest.mark.whole
@pytest.mark.parametrize("asked", PLANAR, ids=str)
def test_all_planar_regions_are_where_the_eigenvalues_are(asked):
    try:
        against = Against.of(analysed(asked))
    except StabcheckError as refusal:
        pytest.skip(f"there is no equilibrium to ask about: {refusal}")
    if against is None:
        pytest.skip("there is no region")
    assert tally(against, 100_000, 2_000).wrong == ()


def stretched(against, name, share):
    """The same against a region whose conditions have a letter too large by a share."""

    def change(p):
        letters = {n: Polynomial.letter(n) * (1 + share * (n == name)) for n in p.names}
        return p.at(letters, Polynomial.constant)

    conditions = tuple(one.through(change) for one in against.region.conditions)
    return replace(against, region=replace(against.region, conditions=conditions))


@pytest.mark.parametrize(("name", "letter"), [("dirac + gp | altgd", "h"), ("quadratic | flow", "a")])
def test_a_condition_that_is_off_is_seen(name, letter):
    against = Against.of(AGAINST[name]())
    for share, witnesses in ((Fraction(1, 10**6), {"lapack", "exactly"}), (Fraction(1, 10**12), {"exactly"})):
        wrong = tally(stretched(against, letter, share), 2_000, 500).wrong
        assert witnesses <= {text.partition(" ")[0] for text in wrong}


@pytest.mark.parametrize(("off", "within"), [(10**-11, False), (10**-14, True)])
def test_beyond_rounding_lapack_must_be_right(off, within):
    """The radius is 1 at `h = 2/5` and changes there by a fiftieth of the share by which `h` does."""
    against = Against.of(AGAINST["dirac + gp | simgd"]())
    for side, stable in ((1 - Fraction(off), True), (1 + Fraction(off), False)):
        values = {"gamma": Fraction(1, 10), "h": Fraction(2, 5) * side}
        assert against.rounds(values, stable)
        assert against.rounds(values, not stable) is within
