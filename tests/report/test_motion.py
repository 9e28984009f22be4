"""Paths of the nonlinear operators, and the pictures of them."""

from __future__ import annotations

import csv
import io
import re
import shlex
from itertools import product

import numpy as np
import pytest
from PIL import Image

from stabcheck import (
    CGD,
    OGDA,
    R1,
    AltGD,
    Bilinear,
    Clip,
    Consensus,
    Dirac,
    DiracSquare,
    Flow,
    HeavyBall,
    Hinge,
    Random,
    SimGD,
    WganGP,
    analyse,
)
from stabcheck.cli.app import run
from stabcheck.core.errors import BadInput
from stabcheck.core.files import PICTURES
from stabcheck.declare import registry
from stabcheck.declare.question import Question
from stabcheck.numeric.simulate import equilibrium, orbit, paths, solution
from stabcheck.report.pictures.field import field
from stabcheck.report.pictures.grid import grid
from stabcheck.report.pictures.trajectory import trajectory
from tests.dealt import dealt
from tests.games import RandomGame

GAN = {"h": 0.2}


def slope(t):
    """f'(t) of f(t) = -log(1 + exp(-t)), typed here."""
    return 1 / (1 + np.exp(t))


# Simulation


def test_simultaneous_steps_on_the_wasserstein_gan_grow_by_the_factor_of_the_paper():
    points = orbit(Dirac("wgan"), SimGD("h"), GAN, (1.0, 0.5), 50)
    radii = np.linalg.norm(points, axis=1)
    assert points.shape == (51, 2)
    assert np.allclose(radii[1:] / radii[:-1], np.sqrt(1 + 0.2**2), rtol=1e-14)


def test_alternating_steps_on_the_wasserstein_gan_keep_their_invariant():
    # b theta^2 - a b theta psi + a psi^2 with a = b = h for the order generator, discriminator.
    theta, psi = orbit(Dirac("wgan"), AltGD("h"), GAN, (1.0, 0.5), 200).T
    invariant = theta**2 - 0.2 * theta * psi + psi**2
    assert np.allclose(invariant, invariant[0], rtol=1e-12)


def test_the_logistic_gan_with_a_penalty_step_by_step():
    points = orbit(Dirac("gan") + R1("gamma"), AltGD("h"), {"h": 0.3, "gamma": 0.7}, (1.0, -1.0), 30)
    theta, psi = 1.0, -1.0
    for found in points[1:]:
        theta = theta - 0.3 * psi * slope(theta * psi)
        psi = psi + 0.3 * (theta * slope(theta * psi) - 0.7 * psi)
        assert np.allclose(found, (theta, psi), rtol=1e-12, atol=1e-14)


def test_clipping_holds_after_each_step_and_not_before():
    game = Dirac("wgan") + Clip("w")
    theta, psi = 2.0, 0.9
    for found in orbit(game, SimGD("h"), {"h": 0.2, "w": 1.0}, (2.0, 0.9), 20)[1:]:
        theta, psi = theta - 0.2 * psi, np.clip(psi + 0.2 * theta, -1, 1)
        assert np.allclose(found, (theta, psi), rtol=1e-13)


def test_momentum_starts_at_rest():
    points = orbit(Bilinear("alpha"), HeavyBall("h", "beta"), {"alpha": 1, "h": 0.1, "beta": 0.5}, (1, 2), 3)
    before = now = np.array([1.0, 2.0])
    for found in points[1:]:
        v = np.array([-now[1], now[0]])
        before, now = now, now + 0.1 * v + 0.5 * (now - before)
        assert np.allclose(found, now, rtol=1e-13)


def test_a_random_game_without_symmetry_follows_its_linearisation_close_to_rest():
    result = analyse(RandomGame(), SimGD("h")).at(h="1/10", gamma=1)
    known = {s: result.values[s.name] for s in result.update_matrix.free_symbols}
    matrix = np.array(result.update_matrix.subs(known), float)
    values = {name: float(value) for name, value in result.values.items()}
    still, gap = equilibrium(result.game, values), 1e-6 * np.arange(1.0, 6.0)
    points = orbit(result.game, result.operator, values, still + gap, 5)
    expected = [np.linalg.matrix_power(matrix, k) @ gap for k in range(6)]
    assert np.allclose(points - still, expected, rtol=1e-3, atol=1e-9)


def test_the_flow_of_the_bilinear_game_is_a_rotation():
    times = [0.0, 0.5, 2.0]
    points = solution(Bilinear("alpha"), Flow(), {"alpha": 2.0}, (1.0, 0.0), times)
    assert np.allclose(points, [(np.cos(2 * t), np.sin(2 * t)) for t in times], atol=1e-9)


def test_a_path_that_leaves_all_bounds_is_cut_and_says_so():
    (path,) = paths(Dirac("wgan"), SimGD("h"), {"h": 1e9}, [(1.0, 1.0)], 200)
    assert not path.whole
    assert np.isfinite(path.points).all()
    assert len(path.points) < 60
    picture = trajectory(analyse(Dirac("wgan"), SimGD("h")).at(h=10**9))
    assert "is no finite point" in picture.caption
    assert picture.encoded(".png")


@pytest.mark.parametrize("start", [(1.0,), (1.0, 1.0, 1.0)])
def test_a_start_of_another_length_is_refused(start):
    with pytest.raises(BadInput):
        orbit(Dirac("gan"), SimGD("h"), GAN, start, 3)


# Trajectories


def test_the_predicted_line_goes_on_from_the_path():
    picture = trajectory(analyse(Bilinear("alpha") + Consensus("gamma")).at(alpha=1, gamma="1/4"))
    drawn = np.isfinite(picture.predicted)
    first = int(np.argmax(drawn))
    # From the middle on, and nothing before it.
    assert picture.path.times[first] == pytest.approx(picture.path.times[-1] / 2, rel=0.05)
    assert drawn[first:].all()
    assert not drawn[:first].any()
    assert np.allclose(picture.predicted[first:], picture.distance[first:], rtol=1e-6)
    assert picture.table()["predicted"][:first] == [""] * first


def test_of_what_goes_away_it_starts_with_the_path():
    picture = trajectory(analyse(Dirac("wgan"), SimGD("h")).at(h="1/5"), steps=30)
    assert picture.verdict == "unstable"
    assert np.allclose(picture.predicted, picture.distance)


@pytest.mark.parametrize(
    ("game", "operator", "values", "words"),
    [
        (Dirac("gan"), AltGD("h"), {"h": "1/5"}, "linearisation predicts no rate here"),
        (
            Dirac("gan") + R1("gamma"),
            SimGD("h"),
            {"gamma": "1/2", "h": 2},
            "linearisation predicts no rate here",
        ),
        (Dirac("wgan") + WganGP(1, 1), None, {}, "linearisation predicts no rate here"),
        (Dirac("gan") + R1("gamma"), SimGD("h"), {"gamma": 1, "h": 2}, "is gone after a few steps"),
    ],
)
def test_where_nothing_is_predicted_there_is_no_line(game, operator, values, words):
    picture = trajectory(analyse(game, operator).at(**values), steps=5)
    assert picture.predicted is None
    assert words in picture.caption
    assert not any("predicted" in t.get_text() for t in picture.figure().legends[0].get_texts())


# Smoothness


def sharpest(points, rest):
    """The largest angle between two chords that follow each other, in degrees, where one can see it."""
    away = np.linalg.norm(points - rest, axis=1)
    seen = points[away > 1e-3 * away[0]]
    chords = np.diff(seen, axis=0)
    lengths = np.linalg.norm(chords, axis=1)
    # The end of a step of the integration may fall upon one of the equal spans.
    chords = chords[lengths > 1e-9 * away[0]]
    one, other = chords[:-1], chords[1:]
    lengths = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
    return np.degrees(np.arccos(np.clip((one * other).sum(axis=1) / lengths, -1, 1))).max()


@pytest.mark.parametrize(
    ("game", "values"),
    dealt(
        [
            (registry.declarations("game")["icr"](), {}),
            (Bilinear("alpha"), {"alpha": 50}),
            (Dirac("gan") + R1("gamma"), {"gamma": "1/10"}),
            (Dirac("lsgan"), {}),
        ],
        2,
    ),
)
def test_paths_of_flows_are_smooth(game, values):
    for path in field(analyse(game).at(**values)).paths:
        assert path.whole
        assert (np.diff(path.times) > 0).all()
        assert sharpest(path.points, 0) < 10


def test_distance_is_measured_across_a_line_of_equilibria():
    picture = trajectory(analyse(DiracSquare("wgan", t=1)), start=(0.1, 1.0))
    assert picture.target == "the manifold's tangent"
    assert np.allclose(picture.distance, np.abs(picture.path.points[:, 0]))


def test_the_table_holds_what_is_simulated():
    result = analyse(Dirac("gan"), SimGD("h")).at(h="1/5")
    picture = trajectory(result, steps=7, start=(0.5, 0.25))
    rows = list(csv.DictReader(io.StringIO(picture.csv())))
    expected = orbit(result.game, result.operator, GAN, (0.5, 0.25), 7)
    assert [row["step k"] for row in rows] == [str(k) for k in range(8)]
    assert np.array_equal([[float(r["theta"]), float(r["psi"])] for r in rows], expected)
    assert np.allclose([float(r["distance"]) for r in rows], np.linalg.norm(expected, axis=1), rtol=1e-15)


@pytest.mark.parametrize(("gamma", "line"), [(1, "-"), (0, "--")])
def test_unstable_paths_are_dashed(gamma, line):
    result = analyse(Dirac("gan") + R1("gamma"), SimGD("h")).at(gamma=gamma, h="1/5")
    for figure in (trajectory(result, steps=5).figure(), field(result, steps=5).figure()):
        drawn = [x for ax in figure.axes for x in ax.get_lines() if x.get_gid() in ("path", "distance")]
        assert drawn
        assert {x.get_linestyle() for x in drawn} == {line}


def test_an_animation_grows_to_the_whole_path():
    picture = trajectory(analyse(Dirac("gan"), SimGD("h")).at(h="1/5"), steps=9)
    raw = picture.encoded(".gif")
    assert raw == picture.encoded(".gif")
    frames = Image.open(io.BytesIO(raw))
    assert frames.n_frames == 10
    counts = []
    for k in range(frames.n_frames):
        frames.seek(k)
        red, green, blue = np.asarray(frames.convert("RGB"), int).transpose(2, 0, 1)
        counts.append(int(((red > 150) & (green < 140) & (blue < 90)).sum()))
    assert counts == sorted(counts)
    assert counts[-1] > 2 * counts[0]


def test_a_path_that_runs_away_leaves_its_beginning_to_be_seen():
    picture = trajectory(analyse(Dirac("wgan"), SimGD("h")).at(h=1), steps=60)
    assert np.abs(picture.path.points[-1]).max() > 1e8
    plane, _ = picture.figure().axes
    assert max(map(abs, (*plane.get_xlim(), *plane.get_ylim()))) < 10


def test_a_rate_is_said_to_be_that_of_one_equilibrium_of_many():
    # A path that ends at another equilibrium of the line comes near at another rate.
    picture = trajectory(analyse(DiracSquare("wgan", t=1)), steps=3)
    assert "the rate is that at (0, 1) of the manifold" in picture.caption
    assert "manifold" not in trajectory(analyse(Dirac("gan")), steps=5).caption


# Fields


def test_arrows_are_the_field_itself():
    picture = field(analyse(Dirac("gan")))
    theta, psi = picture.points.T
    expected = np.stack([-psi * slope(theta * psi), theta * slope(theta * psi)], axis=1)
    assert np.allclose(picture.moves, expected, rtol=1e-12)


def test_the_clipping_band_is_where_the_game_puts_back():
    picture = field(analyse(Dirac("wgan") + Clip("w"), SimGD("h")).at(w=1, h="1/5"), steps=3)
    line = np.linspace(-2, 2, 241)
    _, psi = np.meshgrid(line, line)
    assert np.allclose(picture.put_back, np.maximum(np.abs(psi.ravel()) - 1, 0))


def test_switching_lines_lie_where_the_losses_have_kinks():
    found = field(analyse(Dirac("wgan") + WganGP("gamma", "g0")).at(gamma=1, g0=1), steps=3).kinks
    assert [kink.label for kink in found] == ["|grad_x D|"]
    assert not field(analyse(Dirac("gan")), steps=3).kinks
    # min(0, t - 1) at t = theta psi; at t = 0, for the data, it has none.
    (hinge,) = field(analyse(Dirac(Hinge())), steps=3).kinks
    line = np.linspace(-2, 2, 241)
    theta, psi = (a.ravel() for a in np.meshgrid(line, line))
    assert np.allclose(hinge.values, theta * psi - 1)


def test_other_coordinates_stay_at_rest_and_are_named():
    picture = field(analyse(Random()).at(damping="1/10"), steps=3)
    assert len(picture.plane.names) == 5
    assert picture.plane.axes == (picture.plane.names[0], picture.plane.names[2])
    assert "Not shown: " in picture.caption


# Grids


def test_each_panel_is_the_combination_of_its_row_and_column():
    games = Dirac(), Dirac() + R1(1)
    picture = grid([[Question(game, method("1/5")) for method in (SimGD, CGD)] for game in games], steps=9)
    verdicts = [[panel.verdict for panel in row] for row in picture.panels]
    assert verdicts == [["unstable", "stable"], ["stable", "stable"]]
    panel = picture.panels[1][0]
    values = {"h": 0.2, "gamma": 1.0}
    assert np.array_equal(
        panel.path.points, orbit(Dirac("gan") + R1("gamma"), SimGD("h"), values, (1.0, 1.0), 9)
    )
    texts = [t.get_text() for ax in picture.figure().axes for t in ax.texts]
    assert texts == [word for row in verdicts for word in row]
    assert len(picture.table()["psi"]) == 4 * 10


def test_what_has_no_meaning_is_said_in_its_panel():
    rows = [[Question(game, SimGD())] for game in (Bilinear(), Bilinear() + WganGP())]
    picture = grid(rows, steps=3)
    assert [row[0].verdict for row in picture.panels] == ["unstable", "not applicable"]
    assert picture.encoded(".png")
    with pytest.raises(BadInput, match="no panel has a meaning"):
        grid(rows[1:])


def test_the_end_of_each_path_is_marked():
    picture = grid([[Question(Dirac(), SimGD("1/5")), Question(Dirac(), OGDA("1/5"))]], steps=9)
    for ax, panel in zip(picture.figure().axes, picture.panels[0], strict=True):
        (end,) = [line for line in ax.get_lines() if line.get_gid() == "end"]
        assert np.array_equal(np.ravel(end.get_data()), panel.path.points[-1])


# All of them


def picture_of(kind):
    result = analyse(Dirac("gan") + R1("gamma"), SimGD("h")).at(gamma=1, h="1/5")
    if kind == "grid":
        return grid([[Question(Dirac(), SimGD())], [Question(Dirac() + R1(), SimGD())]], steps=5)
    return (field if kind == "field" else trajectory)(result, steps=5)


KINDS = ("field", "trajectory", "grid")


@pytest.mark.parametrize(("kind", "suffix"), dealt(product(KINDS, PICTURES), 4))
def test_the_same_numbers_make_the_same_file(kind, suffix):
    """Each kind as one sort of file, and each sort of one kind; with `-m whole` all of all."""
    raw = picture_of(kind).encoded(suffix)
    assert raw == picture_of(kind).encoded(suffix)
    assert not re.search(rb"20[2-9]\d-\d\d-\d\d|D:20\d{6}", raw)


@pytest.mark.parametrize("kind", KINDS)
def test_captions_state_game_method_values_and_convention(kind):
    picture = picture_of(kind)
    for said in ("dirac", "gan", "gamma = 1", "h = 1/5", "v = (-dL_i/dx_i)"):
        assert said in picture.caption
    if kind == "grid":
        axes = picture.figure().axes
        assert axes[0].get_title() == "simgd"
        assert [ax.get_ylabel().partition("\n")[0] for ax in axes] == ["none", "gp"]
    else:
        assert "penalty gp" in picture.caption
        assert "method simgd" in picture.caption


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("plot", "name a picture: field, trajectory, compare, spectrum, locus"),
        ("plot field --out a.jpg", "must end in .svg, .pdf or .png"),
        ("plot field --out none/a.svg", "there is no folder"),
        ("plot field --axes theta,theta", "the axes are two of theta, psi"),
        ("plot field --axes a,b", "unknown coordinate 'a'"),
        ("plot field --range 0", "the range is one positive number"),
        ("plot field --range x", "--range: 'x' is not a number"),
        ("plot trajectory --start 1,2,3", "a start has 2 for theta, psi; 3 given"),
        ("plot trajectory --steps 0", "steps must be a whole number from 1"),
        ("plot trajectory --data a.txt", "must end in .csv"),
        ("plot compare --regs gp --methods simgd --reg gp", "leave --reg out"),
        ("plot compare --regs gp --methods simgd --steps 0", "steps must be a whole number from 1"),
        ("plot compare --regs gp --methods simgd --steps -5", "steps must be a whole number from 1"),
        ("plot compare --regs gp --methods simgd --start 1,2,3", "the start of a grid is two numbers"),
        ("plot compare --regs gp --methods simgd --start 0,0", "the start of a grid is two numbers"),
        ("plot compare --regs gp,gp --methods simgd", "gp is named 2 times"),
        ("plot compare --regs gp --methods sim", "unknown method 'sim'"),
        ("plot compare --regs gp --methods simgd --sigma 1", "no chosen part has sigma"),
    ],
)
def test_bad_input_is_one_line_and_leaves_nothing(line, what, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert run(line.split()) == 2
    said = capsys.readouterr()
    assert what in said.err
    assert not said.out
    assert said.err.splitlines()[-1].startswith("stabcheck: ")
    assert not list(tmp_path.iterdir())


def test_nothing_is_overwritten_unasked(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    line = shlex.split("plot field --reg gp --gamma 1 --steps 5 --out a.png --data a.csv")
    assert run(line) == 0
    first = (tmp_path / "a.png").read_bytes()
    assert run(line) == 2
    assert "is there already" in capsys.readouterr().err
    assert run([*line, "--force"]) == 0
    assert (tmp_path / "a.png").read_bytes() == first
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.csv", "a.png"]
