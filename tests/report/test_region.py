"""Pictures of stable sets: their curves are where eigenvalues reach the boundary, their shade is the rate."""

from __future__ import annotations

import csv
from fractions import Fraction

import numpy as np
import pytest

from stabcheck import R1, AltGD, Dirac, Extragradient, HeavyBall, SimGD, analyse, plot
from stabcheck.core.errors import BadInput
from stabcheck.core.verdict import Verdict
from tests.games import RandomGame

PENALISED = Dirac() + R1("gamma")
RANGES = {"h": (Fraction(1, 20), 4), "gamma": (0, 3)}


def spectrum(result, **values):
    numbers = {**result.germ, **result.values, **values}
    matrix = result.flow_matrix if result.flow_matrix is not None else result.update_matrix
    return np.linalg.eigvals(np.array(matrix.subs({s: numbers[s.name] for s in matrix.free_symbols}), float))


@pytest.mark.parametrize(
    ("method", "kinds"), [(SimGD("h"), {"FLIP", "CIRCLE"}), (Extragradient("h"), {"FOLD", "CIRCLE"})]
)
def test_curves_are_where_eigenvalues_reach_the_boundary(method, kinds):
    result = analyse(PENALISED, method)
    picture = plot.region(result, "h", "gamma", RANGES)
    assert {curve.kind.name for curve in picture.curves} == kinds
    place = {"FLIP": -1, "FOLD": 1}
    for curve in picture.curves:
        for h, gamma in curve.points[:: len(curve.points) // 5]:
            z = spectrum(result, h=h, gamma=gamma)
            to = place.get(curve.kind.name)
            assert np.abs((np.abs(z) - 1) if to is None else (z - to)).min() < 2e-3
            assert np.abs(z).max() < 1 + 2e-3


@pytest.mark.parametrize(
    "result",
    [analyse(PENALISED, AltGD("h")), analyse(RandomGame("gamma"), SimGD("h"))],
    ids=["dirac", "random"],
)
def test_what_is_shaded_is_stable_and_the_shade_is_its_rate(result):
    picture = plot.region(result, "h", "gamma", {"h": (Fraction(1, 20), 3)})
    rng = np.random.default_rng(0)
    shaded = set()
    for i, j in rng.integers(0, len(picture.sides[0]), (12, 2)):
        h, gamma = float(picture.sides[0][j]), float(picture.sides[1][i])
        stable = result.at(h=Fraction(h), gamma=Fraction(gamma)).verdict is Verdict.STABLE
        assert stable == np.isfinite(picture.rate[i, j])
        if stable:
            radius = np.abs(spectrum(result, h=h, gamma=gamma)).max()
            assert picture.rate[i, j] == pytest.approx(radius, abs=1e-6)
        shaded.add(stable)
    assert shaded == {True, False}


def test_a_curve_ends_where_another_condition_fails():
    picture = plot.region(analyse(PENALISED, Extragradient("h")), "h", "gamma", RANGES)
    (corner,) = {tuple(np.round(c.points[k], 1)) for c in picture.curves for k in (0, -1)} & {(2.0, 1.0)}
    assert corner


def test_other_names_have_values():
    picture = plot.region(analyse(PENALISED, HeavyBall("h", "beta")).at(gamma=1), "h", "beta")
    assert picture.rate.shape == (len(picture.sides[1]), len(picture.sides[0]))
    assert picture.names == ("h", "\\beta")


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        ("h", "h", "cannot go along both axes"),
        ("h", "tau", "'tau' is no open name; those are: gamma, h, beta"),
        ("h", "gamma", "only h and gamma move: beta left open; give them, beta=1 say"),
    ],
)
def test_what_is_no_axis_is_refused(x, y, words):
    with pytest.raises(BadInput, match=words):
        plot.region(analyse(PENALISED, HeavyBall("h", "beta")), x, y)


def test_the_optimum_is_marked_and_lies_within_by_default():
    picture = plot.region(analyse(PENALISED, AltGD("h")), "h", "gamma")
    assert picture.fastest.tolist() == [[2.0, 0.5]]
    assert (picture.sides[0][-1], picture.sides[1][-1]) == (4.0, 2.0)
    narrow = plot.region(analyse(PENALISED, AltGD("h")), "h", "gamma", {"h": (0.1, 1)})
    assert narrow.fastest.tolist() == []


def test_ends_lie_in_the_domain():
    with pytest.raises(BadInput, match="h must be a number > 0"):
        plot.region(analyse(PENALISED, SimGD("h")), "h", "gamma", {"h": (-1, 1)})


def test_a_set_without_stable_points_is_drawn_empty(tmp_path):
    picture = plot.region(
        analyse(Dirac() + R1("gamma"), SimGD("h")), "h", "gamma", {"h": (20, 30), "gamma": (0, 1)}
    )
    assert not np.isfinite(picture.rate).any()
    assert picture.curves == ()
    picture.save(tmp_path / "empty.png")


def test_the_command_writes_picture_and_curves(cli, tmp_path):
    out, data = tmp_path / "a.svg", tmp_path / "a.csv"
    line = f"plot region --reg gp --method simgd --x h=0.05:8 --y gamma=0:3 --out {out} --data {data}"
    code, _, err = cli(line)
    assert (code, err) == (0, f"wrote {out} and {data}\n")
    before = out.read_bytes()
    assert cli(f"{line} --force")[0] == 0
    assert out.read_bytes() == before
    rows = list(csv.DictReader(data.read_text().splitlines()))
    assert {row["kind"] for row in rows} == {"flip", "circle", "optimum"}
    assert [(row["x"], row["y"]) for row in rows if row["kind"] == "optimum"] == [("2.0", "1.0")]
    circle = [row for row in rows if row["kind"] == "circle"]
    assert all(abs(4 * float(row["y"]) - float(row["x"])) < 1e-9 for row in circle)


@pytest.mark.parametrize(
    ("axes", "words"),
    [
        ("--x h=1 --y gamma", "--x h=1 is no axis; write --x h or --x h=0.1:2"),
        ("--x h --y gamma=a:1", "'a' is not a number"),
        ("--x h=2:1 --y gamma", "h cannot go from 2 to 1"),
    ],
)
def test_mistakes_in_axes_are_said(cli, axes, words):
    code, _, err = cli(f"plot region --reg gp --method simgd {axes}")
    assert (code, err.count("\n")) == (2, 1)
    assert words in err
