"""What a reader sees of a picture: smooth curves, nothing cut off, nothing that colour alone tells."""

from __future__ import annotations

import numpy as np
import pytest

from stabcheck import R1, Bilinear, Consensus, Dirac, Flow, SimGD, analyse
from stabcheck.assemble import Combination
from stabcheck.games.icr import Competition
from stabcheck.report.edge import factor
from stabcheck.report.pictures.field import field
from stabcheck.report.pictures.grid import grid
from stabcheck.report.pictures.spectrum import spectrum
from stabcheck.report.pictures.trajectory import trajectory

LINES = Bilinear("alpha")
ROUND = {
    "icr": (Competition(), Flow(), {}, 96),
    "slow": (LINES, Flow(), {"alpha": "1/5"}, 1 / 25),
    "fast": (LINES, Flow(), {"alpha": 20}, 400),
    "faster": (LINES, Flow(), {"alpha": 60}, 3600),
    "wgan": (Dirac("wgan"), Flow(), {}, 1),
    "wide": (LINES, Flow((25, 1)), {"alpha": 1}, 25),
    "high": (LINES, Flow((1, 100)), {"alpha": 1}, 100),
    "gan": (Dirac("gan"), Flow(), {}, None),
    "nsgan": (Dirac("nsgan"), Flow(), {}, None),
    "lsgan": (Dirac("lsgan"), Flow(), {}, None),
}
"""Games that go round at rest, with values, and the square of their frequency where they are linear."""


def turns(points):
    """The angles between successive chords that can be seen in a frame of half-width 2, in degrees."""
    chords = np.diff(points, axis=0)
    lengths = np.linalg.norm(chords, axis=1)
    # The end of a step of the integration may fall upon one of the equal spans.
    long = lengths > 1e-4
    chords, lengths = chords[long], lengths[long]
    cosine = (chords[1:] * chords[:-1]).sum(axis=1) / (lengths[1:] * lengths[:-1])
    inside = np.abs(points[:-1]).max(axis=1)[long][1:] < 2
    seen = inside & (np.minimum(lengths[1:], lengths[:-1]) > 0.01)
    return np.degrees(np.arccos(np.clip(cosine, -1, 1)))[seen]


@pytest.mark.parametrize("name", ROUND)
def test_closed_paths_are_smooth_and_close(name):
    game, flow, values, squared = ROUND[name]
    period = 2 * np.pi / np.sqrt(squared) if squared is not None else 0.0
    steps = max(1, round(2 * period)) if period else 40
    for path in field(analyse(game, flow).at(**values), steps=steps).paths:
        assert path.whole
        assert turns(path.points).max(initial=0) < 10
        if period:
            again = path.points[np.argmin(np.abs(path.times - period))]
            assert np.abs(again - path.points[0]).max() < 0.05 * np.abs(path.points).max()


def test_a_path_of_too_many_turns_says_so():
    shown = trajectory(analyse(LINES).at(alpha=1000), steps=4)
    assert not shown.path.whole
    assert "or its turns are more than are followed" in shown.caption


def test_the_paths_of_a_trajectory_and_of_a_grid_are_smooth():
    shown = trajectory(analyse(Competition()))
    assert turns(shown.path.points).max() < 10
    (row,) = grid(Combination("icr"), ("none",), ("flow",)).panels
    assert turns(row[0].path.points).max() < 10


# Predictions


@pytest.mark.parametrize(
    ("game", "method", "values", "steps"),
    [
        (Dirac() + R1("gamma"), Flow(), {"gamma": 1}, 200),
        (Dirac() + R1("gamma"), Flow(), {"gamma": 1}, 20),
        (Dirac() + R1("gamma"), SimGD("h"), {"gamma": 1, "h": "1/2"}, 1000),
        (Dirac(x0=1) + R1("gamma"), SimGD("h"), {"gamma": 1, "h": "1/2"}, 1000),
        (LINES + Consensus("gamma"), Flow(), {"alpha": 1, "gamma": 2}, 100),
    ],
)
def test_the_predicted_line_ends_where_the_distance_is_rounding(game, method, values, steps):
    """It starts on the path, and stays on the scale of the path."""
    picture = trajectory(analyse(game, method).at(**values), steps=steps)
    drawn = np.isfinite(picture.predicted)
    first = int(np.argmax(drawn))
    assert picture.predicted[first] == picture.distance[first]
    assert picture.distance[first] > 1e-10 * picture.distance[0]
    assert picture.predicted[drawn].min() > 1e-15 * picture.distance[0]


# Factors beside 1


@pytest.mark.parametrize(
    ("value", "verdict", "shown"),
    [
        (0.99996, "stable", "1 - 4.0e-05"), (1 + 4e-5, "unstable", "1 + 4.0e-05"), (1.0, "neutral", "1"),
        (1.0, "stable", "just below 1"), (1.0, "unstable", "just above 1"), (1.0, "undecided", "1"),
        (0.99994, "stable", "0.9999"), (0.25, "stable", "0.25"), (1.0006, "unstable", "1.001"),
        (0.0, "stable", "0"), (12345.0, "unstable", "1.234e+04"),
    ],
)  # fmt: skip
def test_no_factor_is_rounded_onto_the_boundary(value, verdict, shown):
    assert factor(value, verdict) == shown


@pytest.mark.parametrize(
    ("gamma", "h", "shown"),
    [(0, "1/1000", "1 + 5.0e-07"), ("1/10000", "1/1000", "1 + 4.5e-07"), ("1/10", "1/1000", "1 - 5.0e-05")],
)
def test_titles_and_legends_say_how_far_from_one(gamma, h, shown):
    result = analyse(Dirac("wgan") + R1("gamma"), SimGD("h")).at(gamma=gamma, h=h)
    assert shown in field(result, steps=2).title
    gap = abs(result.spectral_radius - 1)
    assert (shown in spectrum(result).title.replace("\N{MINUS SIGN}", "-")) == (gap < 1e-6)
    legend = trajectory(result, steps=2).figure().legends[0]
    assert any(f"predicted: ({shown})$^k$" in text.get_text() for text in legend.get_texts())
