"""Regions of stability as data: the same place by margin, by transformed polynomial and by mirror image."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from flint import acb
from hypothesis import given
from hypothesis import strategies as st

from stabcheck import AltGD, Dirac, Flow, analyse
from stabcheck.core.stability import DISC, HALF_PLANE, Disc, HalfPlane
from stabcheck.symbolic.exact import eigenvalues, verdict
from stabcheck.symbolic.region import conditions
from stabcheck.symbolic.spectrum import Factor

small = st.fractions(-2, 2, max_denominator=9)
regions = st.one_of(
    small.map(HalfPlane), st.fractions(Fraction(1, 9), 3, max_denominator=9).map(Disc), st.just(DISC)
)
rows = st.lists(st.integers(-6, 6), min_size=2, max_size=6).filter(lambda row: row[0] and row[-1])


def clear(region, roots, by=1e-6):
    return np.abs(region.margin(roots)).min() > by


@given(regions, rows)
def test_the_half_plane_of_a_polynomial_is_the_region_of_the_other(region, row):
    roots = np.roots(row)
    moved = [float(c) for c in region.to_half_plane(row)]
    if not clear(region, roots, 1e-4) or abs(moved[0]) < 1e-9 * max(map(abs, moved)):
        return
    assert (np.roots(moved).real < 0).sum() == (region.margin(roots) < 0).sum()


@given(regions, rows)
def test_mirror_images_lie_as_far_on_the_other_side(region, row):
    roots = np.roots(row)
    if np.abs(roots).min() < 1e-3 or not clear(region, roots):
        return
    images = region.image(roots)
    assert ((region.margin(images) > 0) == (region.margin(roots) < 0)).all()
    np.testing.assert_allclose(region.image(images), roots, rtol=1e-9, atol=1e-9)
    mirrored = np.array([float(c) for c in region.reflected(row)])
    sizes = [np.abs(np.polyval(mirrored, z)) / np.polyval(np.abs(mirrored), abs(z)) for z in images]
    assert max(sizes) < 1e-9


@given(regions, rows)
def test_exact_verdicts_are_those_of_the_region(region, row):
    roots = np.roots(row)
    if not clear(region, roots, 1e-5):
        return
    factor = Factor(tuple(sp.Rational(c, row[0]) for c in row), 1)
    inside = bool((region.margin(roots) < 0).all())
    assert verdict(eigenvalues([factor], region=region)) == ("stable" if inside else "unstable")
    assert all(c > 0 for c in conditions(factor, region=region)) == inside


EDGES = [
    (HALF_PLANE, [1, 0, 1]),
    (HalfPlane(Fraction(-1, 3)), [1, Fraction(2, 3), Fraction(10, 9)]),
    (DISC, [1, Fraction(-6, 5), 1]),
    (Disc(Fraction(9, 10)), [1, Fraction(-6, 5), Fraction(81, 100)]),
    (Disc(Fraction(9, 10)), [1, Fraction(9, 10)]),
    (HalfPlane(Fraction(2)), [1, -2]),
]


@pytest.mark.parametrize(("region", "row"), EDGES)
def test_the_boundary_is_seen_as_such(region, row):
    for off, word in ((0, "neutral"), (Fraction(1, 10**12), "stable"), (Fraction(-1, 10**12), "unstable")):
        level = region.level + off
        there = type(region)(level)
        factor = Factor(tuple(sp.Rational(c.numerator, c.denominator) for c in map(Fraction, row)), 1)
        assert verdict(eigenvalues([factor], region=there)) == word


def test_irrational_numbers_are_placed_by_mirror_images():
    root = sp.sqrt(2)
    edge = Factor((sp.S.One, -root, sp.Rational(81, 100)), 1)
    for radius, place in ((Fraction(9, 10), "boundary"), (1, "inside"), (Fraction(8, 10), "outside")):
        assert {e.place for e in eigenvalues([edge], region=Disc(Fraction(radius)))} == {place}
    turned = Factor((sp.S.One, 2 * root, sp.Integer(5)), 1)
    assert {e.place for e in eigenvalues([turned], region=HALF_PLANE)} == {"inside"}
    still = Factor((sp.S.One, sp.pi, sp.S.Zero), 1)
    for region, places in (
        (HALF_PLANE, {"boundary", "inside"}),
        (HalfPlane(Fraction(-1)), {"outside", "inside"}),
        (Disc(Fraction(4)), {"inside"}),
    ):
        assert {e.place for e in eigenvalues([still], region=region)} == places


@pytest.mark.parametrize(
    ("region", "boundary", "sides", "still"),
    [
        (HALF_PLANE, "the imaginary axis", ("left of", "right of"), 0),
        (HalfPlane(Fraction(-1, 2)), "the line Re z = -1/2", ("left of", "right of"), 0),
        (DISC, "the unit circle", ("inside", "outside"), 1),
        (Disc(Fraction(9, 10)), "the circle of radius 9/10", ("inside", "outside"), 1),
    ],
)
def test_a_region_has_words(region, boundary, sides, still):
    assert (region.inside, region.edge, region.outside) == (
        f"{sides[0]} {boundary}", f"on {boundary}", f"{sides[1]} {boundary}"
    )  # fmt: skip
    assert region.still == still


def test_margins_of_balls_are_balls():
    assert DISC.margin(acb(3, 4)) == 4
    assert HALF_PLANE.margin(acb(-3, 4)) == -3
    assert Disc(Fraction(1, 3)).margin(acb(1) / 3).contains(0)
    assert HalfPlane(Fraction(1, 3)).margin(acb(1) / 3).contains(0)


def test_an_operator_knows_its_region():
    assert (AltGD("h").region, Flow().region) == (DISC, HALF_PLANE)
    assert analyse(Dirac(), AltGD("h")).region is DISC
