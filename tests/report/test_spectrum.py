"""Pictures of spectra and root loci: held against NumPy and against verdicts."""

from __future__ import annotations

import csv
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
import sympy as sp
import typer
from matplotlib.backends.backend_agg import FigureCanvasAgg

from stabcheck import (
    R1,
    AltGD,
    Bilinear,
    Dirac,
    Extragradient,
    HeavyBall,
    ManyDiscriminators,
    Question,
    SimGD,
    WganGP,
    analyse,
)
from stabcheck.cli.asking import TAKES_VALUES
from stabcheck.cli.options import with_parts
from stabcheck.cli.plot.spectra import SPECTRA
from stabcheck.cli.plot.writing import with_look
from stabcheck.core.domain import spelled
from stabcheck.core.errors import BadInput
from stabcheck.core.hyper import Hyper
from stabcheck.report.pictures.locus import locus, span
from stabcheck.report.pictures.spectrum import SHAPES, spectrum
from stabcheck.report.pictures.zoom import zooms
from stabcheck.symbolic.exact import MANIFOLD
from tests.dealt import dealt
from tests.games import RandomGame
from tests.symbolic.test_locus import furthest, matrix

PENALISED = Dirac("gan") + R1("gamma")
RANDOM = analyse(RandomGame("gamma"), SimGD("h")).at(gamma=0)


@pytest.fixture(scope="module")
def pictures():
    return {
        "penalty": locus(analyse(PENALISED), "gamma", 0, 2, points=41),
        "alternating": locus(analyse(PENALISED, AltGD("h")).at(gamma="1/2"), "h", "1/100", 3, points=41),
        "random": locus(RANDOM, "h", "1/100", 3, points=41),
        "thrice": locus(analyse(Dirac("gan", dim=3) + R1("gamma")), "gamma", 0, 2, points=11),
    }


RESULTS = {
    "penalty": (analyse(PENALISED), "gamma"),
    "alternating": (analyse(PENALISED, AltGD("h")).at(gamma="1/2"), "h"),
    "random": (RANDOM, "h"),
    "thrice": (analyse(Dirac("gan", dim=3) + R1("gamma")), "gamma"),
}


@pytest.mark.parametrize("name", RESULTS)
def test_the_table_has_numpys_eigenvalues(pictures, name):
    result, over = RESULTS[name]
    table = pictures[name].table()
    count = sum(column.startswith("re_") for column in table)
    for k, value in enumerate(table[over]):
        found = [complex(table[f"re_{i}"][k], table[f"im_{i}"][k]) for i in range(1, count + 1)]
        expected = np.linalg.eigvals(matrix(result, **{over: value}))
        assert count == len(expected)
        # Half the digits near a double eigenvalue.
        assert furthest(found, expected) < 1e-6
        rate = np.abs(expected).max() if result.discrete else expected.real.max()
        assert table["radius" if result.discrete else "abscissa"][k] == pytest.approx(rate, abs=1e-6)


@pytest.mark.parametrize("name", RESULTS)
def test_dashes_are_exactly_where_the_verdict_is_unstable(pictures, name):
    result, over = RESULTS[name]
    picture = pictures[name]
    plain = [k for k, kind in enumerate(picture.table()["special"]) if not kind][::7]
    for k in plain:
        assert picture.branches.verdicts[k] == result.at(**{over: picture.branches.values[k]}).verdict
    drawn = [line for line in picture.figure().axes[1].lines if len(line.get_xdata()) > 2]
    styles = [(line.get_xdata(), line.get_linestyle() == "--") for line in drawn]
    for k in plain:
        value = picture.branches.values[k]
        dashed = {style for x, style in styles if x[0] <= value <= x[-1]}
        assert dashed == {picture.branches.verdicts[k] == "unstable"}


@pytest.mark.parametrize("name", RESULTS)
def test_curves_are_continuous(pictures, name):
    values = np.array(pictures[name].branches.values)
    for curve in pictures[name].branches.curves:
        steps = np.abs(np.diff(curve))
        # A swap would leap; near a collision steps go like the square root of the distance.
        assert np.all(steps <= 4 * np.sqrt(np.diff(values)))
        assert steps.max() < 0.5


def test_where_coefficients_are_irrational_the_caption_says_what_is_missing():
    result = analyse(PENALISED, SimGD("h")).at(gamma=sp.sqrt(2))
    picture = locus(result, "h", "1/100", 2, points=5)
    assert (
        "Collision points and crossings are not determined: the characteristic polynomial" in picture.caption
    )
    assert picture.branches.marks == ()
    expected = np.linalg.eigvals(matrix(result, h=2.0))
    assert furthest([curve[-1] for curve in picture.branches.curves], expected) < 1e-12


def test_the_legend_tells_the_headline(pictures):
    (legend,) = pictures["penalty"].figure().legends
    texts = [text.get_text() for text in legend.get_texts()]
    assert "$\\it{b}$: collision at $\\gamma$ = $1$\n$\\lambda = - 1 / 2$, double" in texts


@pytest.mark.parametrize(
    ("kind", "suffix"), dealt(product(["locus", "spectrum"], [".svg", ".pdf", ".png"]), 4)
)
def test_the_same_bytes_twice(pictures, kind, suffix):
    picture = pictures["alternating"] if kind == "locus" else spectrum(analyse(PENALISED).at(gamma=1))
    assert picture.encoded(suffix) == picture.encoded(suffix)


@pytest.mark.parametrize("name", ["penalty", "alternating", "random"])
def test_no_text_is_clipped_or_lies_on_another(pictures, name):
    figure = pictures[name].figure()
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    renderer, (width, height) = canvas.get_renderer(), figure.bbox.size
    letters = [text for axes in figure.axes for text in axes.texts if text.get_text()]
    boxes = [text.get_window_extent(renderer) for text in (*letters, *figure.legends, *figure.texts)]
    assert all(b.x0 >= -1 and b.y0 >= -1 and b.x1 <= width + 1 and b.y1 <= height + 1 for b in boxes)
    assert not any(a.overlaps(b) for k, a in enumerate(boxes) for b in boxes[:k])


def test_a_spectrum_shows_place_and_multiplicity():
    stable = spectrum(analyse(PENALISED).at(gamma=1))
    assert stable.table() == {
        "label": ["flow"], "re": [-0.5], "im": [0.0], "modulus": [0.5], "multiplicity": [2],
        "place": ["inside"], "exact": ["-1/2"],
    }  # fmt: skip
    (axes,) = stable.figure().axes
    assert [text.get_text() for text in axes.texts] == [r"$\times2$"]
    assert axes.get_title() == "spectral abscissa \N{MINUS SIGN}0.5: stable"
    unstable = spectrum(analyse(Dirac("gan"), SimGD("h")).at(h=1))
    (axes,) = unstable.figure().axes
    assert {line.get_marker() for line in axes.lines if len(line.get_xdata()) == 1} == {"x"}
    assert len({shape["marker"] + shape.get("fillstyle", "full") for shape in SHAPES.values()}) == len(SHAPES)


def test_eigenvalues_along_a_manifold_are_marked_apart():
    flat = analyse(ManyDiscriminators())
    assert len(flat.manifold) == 1
    picture = spectrum(flat)
    table = picture.table()
    (k,) = (k for k, place in enumerate(table["place"]) if place == MANIFOLD)
    assert (table["re"][k], table["im"][k], table["multiplicity"][k]) == (0, 0, 1)
    (legend,) = picture.figure().legends
    assert "along equilibria" in [text.get_text() for text in legend.get_texts()]


def test_several_methods_share_a_picture():
    results = [analyse(PENALISED, m).at(gamma="1/2", h=1) for m in (SimGD("h"), Extragradient("h"))]
    picture = spectrum(*results)
    assert [label for label, _ in picture.series] == ["simgd", "extragradient"]
    for label, result in zip(("simgd", "extragradient"), results, strict=True):
        rows = [k for k, other in enumerate(picture.table()["label"]) if other == label]
        found = [complex(picture.table()["re"][k], picture.table()["im"][k]) for k in rows]
        assert furthest(found, np.linalg.eigvals(matrix(result, h=1, gamma=0.5))) < 1e-12
    assert picture.caption.count("Game dirac") == 1
    with pytest.raises(BadInput, match="flows and maps"):
        spectrum(analyse(PENALISED).at(gamma=1), results[0])
    with pytest.raises(BadInput, match="3 labels were given for 2 results"):
        spectrum(*results, labels="abc")


@pytest.mark.parametrize(("over", "start", "stop", "message"), [
    ("gama", 0, 1, "no hyperparameter is called 'gama'; those left open are: gamma"),
    ("gamma", 2, 1, "cannot go from 2 to 1"),
    ("gamma", -1, 1, "gamma must be a number >= 0, not -1"),
    ("gamma", sp.sqrt(2), 3, "must be a rational number"),
])  # fmt: skip
def test_a_bad_range_is_refused(over, start, stop, message):
    with pytest.raises(BadInput, match=message):
        locus(analyse(PENALISED), over, start, stop)


def test_other_open_names_and_missing_spectra_are_refused():
    with pytest.raises(BadInput, match="only h moves: gamma left open; give them, gamma=1 say"):
        locus(analyse(PENALISED, SimGD("h")), "h")
    with pytest.raises(BadInput, match="gamma left open"):
        spectrum(analyse(PENALISED))
    kink = analyse(Dirac("wgan") + WganGP("gamma", g0=1))
    with pytest.raises(BadInput, match="no spectrum to draw: not differentiable: "):
        spectrum(kink.at(gamma=1))
    with pytest.raises(BadInput, match="no spectrum to draw: not differentiable: "):
        locus(kink, "gamma")


def test_default_ranges_respect_the_domain():
    rows = analyse(Bilinear("alpha"), HeavyBall("h", "beta")).names
    assert span(rows["beta"]) == (-1, 1)
    low, high = span(rows["h"])
    assert 0 < low < rows["h"].typical < high
    assert span(analyse(PENALISED).names["gamma"]) == (0, 2)
    ranges = {"(3,5]": ("3.005", 5), "<-3": (-8, "-3.01"), "> 1": ("1.01", 4), "[0,1)": (0, "0.99")}
    for (text, (low, high)), typical in zip(ranges.items(), ("3.5", -4, 2, "0.9"), strict=True):
        row = Hyper("a", spelled(text), "", typical=Fraction(typical))
        assert span(row) == (Fraction(low), Fraction(high))


def test_a_range_has_no_interruption():
    row = Hyper("a", spelled("nonzero"), "")
    assert span(row) == (Fraction(1, 100), 2)
    with pytest.raises(BadInput, match="a number other than 0; give a range on one side of 0"):
        span(row, -1, 1)


def test_a_question_moves_as_its_result_does():
    asked = Question(PENALISED, SimGD(), {"h": "1/5"})
    found = locus(asked, "gamma", points=5)
    assert found.table() == locus(analyse(PENALISED, SimGD("h")).at(h="1/5"), "gamma", points=5).table()


@pytest.fixture
def command(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    app = typer.Typer()
    app.callback()(lambda: None)
    for name, function in SPECTRA.items():
        app.command(name, **TAKES_VALUES)(with_parts(with_look(function)))
    return lambda *arguments: app(list(arguments), standalone_mode=False)


def rows_of(path):
    return list(csv.DictReader(path.read_text().splitlines()))


def test_the_commands_write_picture_and_numbers(command, tmp_path, capsys):
    command("spectrum", "--reg", "gp", "--gamma", "1", "--data", "s.csv")
    assert rows_of(tmp_path / "s.csv")[0]["exact"] == "-1/2"
    command("locus", "--reg", "gp", "--over", "gamma", "--points", "11", "--data", "l.csv", "--out", "l.png")
    rows = rows_of(tmp_path / "l.csv")
    assert [(row["exact"], row["special"]) for row in rows if row["special"]] == [
        ("0", "crossing"),
        ("1", "collision"),
    ]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["l.csv", "l.png", "s.csv", "spectrum.svg"]
    assert capsys.readouterr().err.splitlines() == ["wrote spectrum.svg and s.csv", "wrote l.png and l.csv"]


def test_a_default_and_one_players_share_move_too(command, tmp_path):
    moving = ("--over", "tau_d", "--from", "1/2", "--to", "2", "--points", "5")
    command("locus", "--reg", "gp", *moving, "--data", "t.csv")
    header = (tmp_path / "t.csv").read_text().split(",")[0]
    assert header == "tau_d"


def test_what_moves_may_have_its_old_name(command, tmp_path, capsys):
    command(
        "locus",
        "--method",
        "lookahead-opponent",
        "--h",
        "1",
        "--over",
        "alpha",
        "--points",
        "5",
        "--data",
        "e.csv",
    )
    assert (tmp_path / "e.csv").read_text().split(",")[0] == "e"
    assert "--alpha is now --e for lookahead-opponent" in capsys.readouterr().err


@pytest.mark.parametrize(("options", "message"), [
    (["--gamma", "1", "--over", "gamma"], "gamma is given a value and moves with --over gamma"),
    (["--over", "gama"], "no such name is open; those are: gamma"),
    (["--over", "gamma", "--to", "x"], "'x' is not a number"),
    (["--over", "gamma", "--points", "1"], "points must be a whole number from 2 to 5000, not 1"),
])  # fmt: skip
def test_the_command_refuses_in_one_line(command, tmp_path, options, message):
    with pytest.raises(BadInput, match=message) as refusal:
        command("locus", "--reg", "gp", *options)
    assert "\n" not in str(refusal.value)
    assert list(tmp_path.iterdir()) == []


# What lies near each other


def test_near_values_are_enlarged():
    picture = spectrum(analyse(Dirac("wgan") + R1("gamma"), SimGD("h")).at(gamma=1, h="1/50"))
    (inset,) = (ax for ax in picture.figure().axes[0].child_axes if ax.get_gid() == "zoom")
    shown = [line for line in inset.get_lines() if line.get_marker() == "o"]
    assert len(shown) == 2
    # By hand: 1 - h/2 ± i h sqrt(3)/2.
    assert (
        "Enlarged, for they lie near each other: 2 values in a square 0.035 wide near 0.99."
        in picture.caption
    )
    low, high = inset.get_ylim()
    assert (high - low) / 2 == pytest.approx(0.75 * 2 * 0.02 * np.sqrt(3) / 2)


@pytest.mark.parametrize(("gap", "count"), [(0.034, 1), (0.036, 0), (1e-12, 0)])
def test_only_what_merges_is_enlarged(gap, count):
    assert len(zooms([0j, complex(gap), 0.9 + 0.5j], (-0.5, 0.5), (-0.5, 0.5))) == count


def test_groups_hang_together_by_neighbours_and_corners_are_free():
    chain = [0.02j * k for k in range(5)]
    (one,) = zooms(chain, (-0.5, 0.5), (-0.5, 0.5))
    assert one.centre == pytest.approx(0.04j)
    assert one.half == pytest.approx(0.06)
    pairs = [z + e for z in (0.4 + 0.4j, -0.4 + 0.4j, 0.4 - 0.4j) for e in (0, 0.01)]
    (left,) = zooms(pairs, (-0.5, 0.5), (-0.5, 0.5))
    # Three corners are taken by the points themselves.
    assert left.corner == (0.03, 0.03)
    assert zooms([*pairs, -0.4 - 0.4j], (-0.5, 0.5), (-0.5, 0.5)) == ()


def test_several_results_have_shapes_of_their_own():
    results = [analyse(Dirac() + R1(1), method) for method in (SimGD(1), AltGD(1))]
    picture = spectrum(*results)
    handles = picture.figure().legends[0].legend_handles
    assert [h.get_marker() for h in handles[:2]] == ["o", "s"]
