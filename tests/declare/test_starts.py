"""A start in either form, wherever one is taken."""

from __future__ import annotations

import numpy as np
import pytest

from stabcheck import Quadratic
from stabcheck.cli.app import run
from stabcheck.core.errors import BadInput
from stabcheck.declare.starts import everywhere, pair, read
from stabcheck.judge.equilibria import with_equilibrium_near
from stabcheck.report.pictures.motion import Plane

NAMES = ("x", "y", "w")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1,2,3", [1, 2, 3]),
        ("x=1,y=2,w=3", [1, 2, 3]),
        (" w = 3 , x=1, y = 1/2", [1, 0.5, 3]),
        ("-1,1e-3,1/4", [-1, 1e-3, 0.25]),
    ],
)
def test_both_forms_are_read(text, wanted):
    assert everywhere(read(text), NAMES) == wanted


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1,2", "the start has 2 numbers; give 3: x, y, w"),
        ("x=1,y=2", "no value for w; write --start x=0.1,y=0.1,w=0.1"),
        ("x=1,y=2,z=3", "unknown coordinate 'z'"),
        ("x=1,x=2,w=3", "two values are given for x"),
        ("x=1,2,w=3", "'2' has no name"),
        ("a,b,c", "'a' is not a number"),
        ("x=,y=1,w=1", "not a number"),
        ("", "not a number"),
    ],
)
def test_what_is_no_start_is_refused(text, said):
    with pytest.raises(BadInput, match=said):
        everywhere(read(text), NAMES)


def test_a_plane_takes_both_forms_and_leaves_the_others_at_rest():
    plane = Plane(NAMES, (0, 2), np.array([5.0, 6.0, 7.0]))
    assert plane.start(read("1,2"), (0, 0)).tolist() == [1, 6, 2]
    assert plane.start(read("1,2,3"), (0, 0)).tolist() == [1, 2, 3]
    assert plane.start(read("w=3"), (0, 0)).tolist() == [5, 6, 3]
    assert plane.start(read("y=1,x=2"), (0, 0)).tolist() == [2, 1, 7]
    assert plane.start(None, (1, 1)).tolist() == [6, 6, 8]
    with pytest.raises(BadInput, match="unknown coordinate 'z'"):
        plane.start(read("z=1"), (0, 0))


def test_a_pair_beside_the_equilibrium():
    assert pair(read("y=2"), ("x", "y")) == (0, 2)
    assert pair(read("3,2"), ("x", "y")) == (3, 2)
    with pytest.raises(BadInput, match="unknown coordinate 'w'"):
        pair(read("w=2"), ("x", "y"))


def test_a_search_takes_names_and_numbers():
    game = Quadratic("a", "b", "d")
    values = {"a": 1, "b": 2, "d": 1}
    for start in ({"y": 1, "x": 2}, (2, 1)):
        assert with_equilibrium_near(game, values, start).point == (0, 0)


@pytest.mark.parametrize("start", ["0.1,1/2", "x=0.1,y=1/2"])
def test_the_command_rest_takes_both(start, capsys):
    assert (
        run(["equilibria", "--game", "quadratic", "--a", "1", "--b", "2", "--d", "1", "--start", start]) == 0
    )
    assert capsys.readouterr().out.splitlines()[1].split() == ["1", "0", "0", "-1", "stable"]


@pytest.mark.parametrize("picture", [["trajectory"], ["compare", "--regs", "gp", "--methods", "simgd"]])
@pytest.mark.parametrize("start", ["1,1/2", "psi=1/2,theta=1"])
def test_pictures_take_both(picture, start, tmp_path, capsys):
    out, data = tmp_path / "a.svg", tmp_path / "a.csv"
    line = ["plot", *picture, "--gamma", "1", "--h", "1/5", "--start", start, "--steps", "3"]
    line += ["--method", "simgd", "--reg", "gp"] if picture == ["trajectory"] else []
    assert run([*line, "--out", str(out), "--data", str(data)]) == 0
    capsys.readouterr()
    assert "1,0.5" in data.read_text().replace("1.0,", "1,")
