"""What a reader sees of a picture: smooth curves, nothing cut off, nothing that colour alone tells."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from typing import ClassVar

import numpy as np
import pytest
from flint import acb
from matplotlib.colors import to_rgba
from matplotlib.text import Text

from stabcheck import R1, AltGD, Bilinear, Consensus, Dirac, Flow, SimGD, analyse
from stabcheck.core.stability import DISC
from stabcheck.declare.file.matrixgame import read, spelled
from stabcheck.declare.games.icr import Competition
from stabcheck.declare.question import Question
from stabcheck.report.edge import factor
from stabcheck.report.pictures.field import field
from stabcheck.report.pictures.grid import grid
from stabcheck.report.pictures.locus import STYLES, locus
from stabcheck.report.pictures.motion import horizon
from stabcheck.report.pictures.picture import Look
from stabcheck.report.pictures.spectrum import SpectrumPicture, _near, spectrum
from stabcheck.report.pictures.trajectory import trajectory
from stabcheck.symbolic.exact import Eigenvalue
from tests.dealt import dealt

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


@pytest.mark.parametrize("name", dealt(ROUND, 3))
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


@pytest.mark.parametrize(("alpha", "time"), [("1/10", 40), (1, 40), (2, 32), (20, 4), (1000, 1)])
def test_what_stays_at_its_distance_goes_round_a_few_times(alpha, time):
    assert horizon(analyse(LINES).at(alpha=alpha), None) == time


def test_a_path_of_too_many_turns_says_so():
    shown = trajectory(analyse(LINES).at(alpha=1000), steps=4)
    assert not shown.path.whole
    assert "or its turns are more than are followed" in shown.caption


def test_the_paths_of_a_trajectory_and_of_a_grid_are_smooth():
    shown = trajectory(analyse(Competition()))
    assert turns(shown.path.points).max() < 10
    (row,) = grid([[Question(Competition())]]).panels
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


# Near eigenvalues


@pytest.mark.parametrize(
    ("matrix", "said"),
    [
        ("-1,0;0,-1.01", " 2 values in a square 0.01 wide near \N{MINUS SIGN}1.005."),
        ("-1,0,0;0,-1.0001,0;0,0,-1.01", " 3 values, not all told apart, in a square 0.01 wide"),
        ("-1,0,0;0,-1.005,0;0,0,-1.01", " 3 values in a square 0.01 wide"),
        ("-1,0,0,0;0,-1.01,0,0;0,0,-3,0;0,0,0,-3.01", " 2 values in a square 0.01 wide near"),
        ("-1,0;0,-1.2", ""),
        ("-1,0;0,-1", ""),
    ],
)
def test_the_caption_says_how_many_values_lie_near_each_other(matrix, said):
    caption = spectrum(analyse(read(spelled(matrix))())).caption
    assert said in caption
    assert ("Enlarged" in caption) == bool(said)


def test_what_no_corner_is_left_for_is_told():
    corners = [complex(u, v) + e for u in (-1, 1) for v in (-1, 1) for e in (0, 0.01)]
    found = tuple(Eigenvalue(None, acb(z.real, z.imag), 1, "inside") for z in corners)
    picture = SpectrumPicture("", (("", found),), region=DISC, title="")
    assert _near(picture) == " Not told apart: values at 4 more places."


# All pictures that stand on a page

KINDS = {
    "locus": lambda: locus(analyse(Dirac() + R1("gamma")), "gamma", 0, 2, points=11),
    "alternating": lambda: locus(
        analyse(Dirac() + R1("gamma"), AltGD("h")).at(gamma="1/2"), "h", "1/100", 3, points=11
    ),
    "grid": lambda: grid(
        [
            [
                Question.parse(f"dirac + gp-anisotropic + noise-unequal | {method}")
                for method in ("simgd", "lookahead:extragradient", "ogda")
            ]
        ],
        steps=3,
    ),
}


@cache
def drawn(kind):
    return KINDS[kind]()


@cache
def on_page(kind, width):
    figure = replace(drawn(kind), look=Look(width=width)).settled()
    figure.draw_without_rendering()
    return figure


@pytest.mark.parametrize(("kind", "width"), dealt(product(KINDS, [3.25, 5, 7]), 4))
def test_no_words_are_cut_off_or_lie_on_others(kind, width):
    figure = on_page(kind, width)
    texts = [t for ax in figure.axes for t in (ax.title, ax.xaxis.label, ax.yaxis.label)]
    named = [t for t in (*texts, *figure.texts, *figure.legends) if not isinstance(t, Text) or t.get_text()]
    boxes = [t.get_window_extent() for t in named]
    page = figure.bbox
    for k, box in enumerate(boxes):
        assert box.x0 > page.x0 - 1
        assert box.x1 < page.x1 + 1
        assert box.y0 > page.y0 - 1
        assert box.y1 < page.y1 + 1
        assert not any(box.overlaps(other) for other in boxes[:k])


@pytest.mark.parametrize("kind", ["locus", "alternating"])
def test_a_locus_leaves_its_plane_room(kind):
    figure = on_page(kind, 3.25)
    assert figure.axes[0].get_window_extent().height > figure.dpi


def without_colour(handle):
    filled = to_rgba(handle.get_markerfacecolor())[:3] != (1, 1, 1)
    return handle.get_marker(), handle.get_fillstyle(), filled


@pytest.mark.parametrize("kind", ["locus", "alternating"])
def test_marks_of_loci_are_told_without_colour(kind):
    (legend,) = drawn(kind).figure().legends
    marked = [handle for handle in legend.legend_handles if handle.get_marker() != "None"]
    assert len({without_colour(handle) for handle in marked}) == len(marked) > 2


def test_each_verdict_has_a_line_of_its_own():
    assert len({str(style["linestyle"]) for style in STYLES.values()}) == len(STYLES)


@dataclass(frozen=True)
class InFloats(Competition):
    symbolic: ClassVar[bool] = False


def two(draw):
    """The pictures of one game, in floats and with certified eigenvalues."""
    return tuple(draw(analyse(game, SimGD("1/50"))) for game in (InFloats(), Competition()))


@pytest.mark.parametrize("draw", [field, trajectory])
def test_pictures_of_motion_of_a_game_in_floats_are_those_of_its_formulas(draw):
    numeric, exact = (picture.table() for picture in two(draw))
    assert numeric.keys() == exact.keys()
    for name in exact:
        pairs = zip(numeric[name], exact[name], strict=True)
        assert all(a == b if isinstance(b, str) else a == pytest.approx(b, rel=1e-9) for a, b in pairs), name


def test_the_spectrum_of_a_game_in_floats_is_that_of_its_formulas():
    numeric, exact = two(spectrum)
    assert sorted(numeric.points, key=abs) == pytest.approx(sorted(exact.points, key=abs), rel=1e-12)
    assert numeric.table()["place"] == exact.table()["place"]
    assert numeric.encoded(".svg")


def test_the_locus_of_a_game_in_floats_is_that_of_its_formulas():
    numeric, exact = (locus(Question(game, SimGD("h")), "h", "1/100", "1/20", points=9)
                      for game in (InFloats(), Competition()))  # fmt: skip
    rates = dict(zip(exact.branches.values, exact.rates, strict=True))
    assert len(numeric.branches.values) == 9
    assert numeric.rates == pytest.approx([rates[value] for value in numeric.branches.values], rel=1e-12)
    assert "not determined: there is no general formula" in numeric.caption


def test_a_grid_of_a_game_in_floats_is_that_of_its_formulas():
    numeric, exact = (grid([[Question(game, SimGD("1/50"))]], steps=20)
                      for game in (InFloats(), Competition()))  # fmt: skip
    (((one,),), ((other,),)) = numeric.panels, exact.panels
    np.testing.assert_allclose(one.path.points, other.path.points, rtol=1e-12)
    assert one.verdict == other.verdict


@pytest.mark.parametrize("draw", [field, trajectory, spectrum])
def test_the_caption_says_that_a_game_is_in_floats_and_what_was_asked(draw):
    numeric, exact = two(draw)
    assert "In floating point alone" in numeric.caption
    assert "In floating point alone" not in exact.caption
    assert "Question: InFloats | simgd(h=" in numeric.caption
    assert "Question: icr | simgd(h=1/50)." in exact.caption


def test_an_eigenvalue_in_floats_on_the_boundary_is_not_told():
    (on,) = {e.place for e in analyse(InFloats()).spectrum}
    assert on == "unknown"
    labels = [text.get_text() for text in spectrum(analyse(InFloats())).figure().legends[0].get_texts()]
    assert labels == ["not told by floats"]


IN_JAX = """
import jax.numpy as jnp
from stabcheck import Game

class Spiral(Game):
    symbolic = False
    dims = (1, 1)

    def equilibrium(self, xp, *t):
        return jnp.zeros(1), jnp.zeros(1)

    def losses(self, xp, *x):
        (a,), (b,) = x
        return a * a + jnp.sin(a * b), b * b - jnp.sin(a * b)

class Line(Spiral):
    dims = (1,)

    def equilibrium(self, xp, *t):
        return (jnp.zeros(1),)

    def losses(self, xp, *x):
        return (x[0] @ x[0],)
"""
COMMANDS = {
    "field": "--method simgd",
    "trajectory": "--method simgd",
    "spectrum": "--method simgd",
    "locus": "--method simgd --over h",
    "compare": "--methods simgd,altgd --regs none,decay",
}


@pytest.mark.parametrize("kind", dealt(COMMANDS, 2))
def test_the_command_draws_a_file_in_jax(kind, cli, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.py").write_text(IN_JAX)
    code, out, err = cli(f"plot {kind} --game own.py:Spiral {COMMANDS[kind]} --data numbers.csv")
    assert (code, out) == (0, "")
    assert err.endswith(f"wrote {kind}.svg and numbers.csv\n")
    assert (tmp_path / "numbers.csv").read_text()


@pytest.mark.parametrize("kind", ["field", "trajectory", "compare"])
def test_a_game_in_jax_of_one_coordinate_has_no_plane(kind, cli, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.py").write_text(IN_JAX)
    code, _, err = cli(f"plot {kind} --game own.py:Line {COMMANDS[kind]}")
    assert code == 2
    assert err.splitlines()[-1] == "stabcheck: the picture shows two coordinates; Line has 1"
