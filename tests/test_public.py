"""What Python offers besides results: files as classes, and pictures."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import stabcheck
from stabcheck import R1, Dirac, SimGD, analyse, load_game, plot
from stabcheck.cli.app import run
from stabcheck.core.errors import BadInput
from tests.dealt import dealt

EXAMPLE = Path(__file__).parents[1] / "examples" / "shifted_uniform.toml"
RESULT = analyse(Dirac() + R1("gamma"), SimGD("h")).at(gamma=1, h="1/2")
PARTS = "--reg gp --gamma 1 --method simgd --h 1/2"


@pytest.mark.parametrize("path", [EXAMPLE, str(EXAMPLE)])
def test_a_game_file_is_a_class(path):
    game = load_game(path)
    assert (game.name, game("gamma").names) == ("shifted-uniform", ("theta", "psi"))
    assert game is load_game(path)
    assert analyse(game(1), SimGD("1/2")).verdict == "stable"


def test_a_class_of_a_python_file_is_one_as_well(tmp_path):
    (tmp_path / "mine.py").write_text(
        "from stabcheck import Dirac\n\n\nclass Mine(Dirac):\n    '''As ever.'''\n"
    )
    game = load_game(f"{tmp_path}/mine.py:Mine")
    assert analyse(game("wgan")).jacobian == analyse(Dirac("wgan")).jacobian


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("no.toml", "no.toml: there is no such file"),
        ("no.py:Mine", "there is no file no.py"),
        ("mine.py", "there is no file mine.py"),
        (".", "this is no file"),
    ],
)
def test_what_is_no_game_file_is_refused(path, message):
    with pytest.raises(BadInput, match=message):
        load_game(path)


@pytest.mark.parametrize(
    ("picture", "line"),
    dealt(
        [
            pytest.param(lambda: plot.spectrum(RESULT), f"spectrum {PARTS}", id="spectrum"),
            pytest.param(
                lambda: plot.field(RESULT, steps=20, reach=(1,)),
                f"field {PARTS} --steps 20 --range 1",
                id="field",
            ),
            pytest.param(
                lambda: plot.trajectory(RESULT, steps=20), f"trajectory {PARTS} --steps 20", id="trajectory"
            ),
            pytest.param(
                lambda: plot.locus(analyse(Dirac() + R1("gamma")), "gamma", 0, 2, points=20),
                "locus --reg gp --over gamma --from 0 --to 2 --points 20",
                id="locus",
            ),
        ],
        2,
    ),
)
def test_pictures_are_those_of_the_commands(picture, line, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run(["plot", *line.split(), "--out", "theirs.svg"]) == 0
    found = picture()
    assert isinstance(found, plot.Picture)
    found.save("ours.svg")
    assert Path("ours.svg").read_bytes() == Path("theirs.svg").read_bytes()


def test_an_open_name_is_told():
    with pytest.raises(BadInput, match="gamma"):
        plot.field(analyse(Dirac() + R1("gamma")))


def test_modules_are_public_names():
    assert {"plot", "load_game"} <= {*dir(stabcheck)} & {*stabcheck.__all__}
    with pytest.raises(AttributeError, match="no attribute 'plots'"):
        _ = stabcheck.plots


def test_the_package_itself_loads_nothing_heavy():
    code = "import sys, stabcheck; print(sorted({'matplotlib', 'sympy', 'jax'} & {*sys.modules}))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"
    drawn = "import stabcheck; stabcheck.plot.spectrum"
    subprocess.run([sys.executable, "-c", drawn], check=True)


def test_all_names_at_once_load_no_drawing():
    code = "from stabcheck import *; import sys; print(plot.__name__, {'matplotlib', 'jax'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "stabcheck.plot set()"
    with pytest.raises(AttributeError, match=r"stabcheck.plot' has no attribute 'fields'"):
        _ = plot.fields
