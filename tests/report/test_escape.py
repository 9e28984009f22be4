"""What nobody sees, or what steers a terminal, is written out at every door."""

from __future__ import annotations

from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest

from stabcheck import SimGD, analyse
from stabcheck.cli.app import run
from stabcheck.core.errors import BadInput
from stabcheck.core.hyper import hyper
from stabcheck.core.visible import is_hidden, visible
from stabcheck.declare.file import gamefile
from stabcheck.declare.games.game import Game
from stabcheck.judge.record import recorded
from stabcheck.report.derivation import html, markdown, text
from stabcheck.report.escape import escaped, tabular
from stabcheck.report.markdown import page

SIGNS = "\x00\x07\x08\x1b\x7f\x9b\x85\u061c\u200b\u200e\u200f\u2028\u2029\u202a\u202e\u2066\u2069\ufeff\udcff"
FILE = """\
name = "marked"
source = "Paper\\u001b[31m\\u202e of \\u200bnobody\\u0085|*_"
[players.x]
loss = "a*x^2/2 + x*y"
[players.y]
loss = "-x*y + y^2/2"
[hyperparameters]
a = {sign = ">0", help = "a\\u001b[2J"}
[equilibrium]
x = 0
y = 0
"""


def hidden(shown: str) -> list[str]:
    return [c for c in shown if is_hidden(c) and c != "\n"]


@pytest.mark.parametrize("sign", SIGNS)
def test_a_sign_is_written_out(sign):
    shown = visible(f"a{sign}b\nc")
    assert hidden(shown) == []
    assert shown.encode().decode("unicode_escape") == f"a{sign}b\nc"
    assert f"{ord(sign):04X}" in escaped(sign)
    assert hidden(str(BadInput(f"a{sign}"))) == []


@pytest.mark.parametrize("letter", "aé±…中Ω ²")
def test_what_is_seen_stays(letter):
    assert visible(letter) == letter


@dataclass(frozen=True)
class Marked(Game):
    """A\x1b]0;title\x07 game \u202e|of\u2066 `nobody` * _x_."""

    dims = (1, 1)

    def equilibrium(self, xp, *t):
        del t
        return xp.vector(0), xp.vector(0)

    def losses(self, xp, x, y):
        del xp
        return x[0] ** 2 + x[0] * y[0], y[0] ** 2 - x[0] * y[0]


def test_every_view_of_a_result_writes_them_out():
    found = analyse(Marked(), SimGD())
    steps = found.derivation
    views = [str(found), repr(found), page(recorded(found)), text(steps), markdown(steps), html(steps)]
    views += [found.to_latex(), found._repr_html_(), unescape(found._repr_html_())]
    assert [hidden(view) for view in views] == [[]] * len(views)
    assert r"A\x1b]0;title\x07 game \u202e|of\u2066" in str(found)


COMMANDS = (
    "eigen --no-verify",
    "eigen --no-verify --format markdown",
    "eigen --no-verify --format json",
    "eigen --no-verify --format latex",
    "derive",
    "derive --format markdown",
    "equilibria --a 1",
    "compare --h 1/10 --methods simgd,altgd",
    "latex --document --proof",
)


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_passes_them_through(command, tmp_path, capsys):
    path = tmp_path / "marked.toml"
    path.write_text(FILE)
    assert run([*command.split(), "--game", str(path)]) == 0
    out = capsys.readouterr()
    assert hidden(out.out) + hidden(out.err) == []


REFUSED = (
    ["eigen", "--game", "x\x1b[31m"],
    ["eigen", "--game", "x\u202e.toml"],
    ["eigen", "--method", "a\x9bb"],
    ["eigen", "--reg", "gp", "--gamma", "1\x07"],
    ["eigen", "--set", "a\u2066=1"],
    ["eigen", "--no\x1b"],
    ["eigen", "extra\u200e"],
    ["list", "\x7f"],
    ["list", "\udcff"],
    ["audit", "x\u2028", "y"],
    ["x\x1b]0;t\x07"],
)


@pytest.mark.parametrize("arguments", REFUSED)
def test_a_refusal_writes_out_what_it_echoes(arguments, capsys):
    assert run(arguments) == 2
    told = capsys.readouterr().err
    assert hidden(told) == []
    assert told.count("\n") == 1


@pytest.mark.parametrize("name", ["nan", "NaN", "inf", "Inf", "infinity", "oo", "zoo", "True", "None"])
def test_a_name_that_reads_as_a_value_is_refused(name, tmp_path):
    with pytest.raises(BadInput, match="reads as a value and is no name"):
        hyper(name, domain="> 0", help="what it is")
    for old in ("a", "x"):
        path = tmp_path / f"{old}.toml"
        path.write_text(FILE.replace(f"{old} =", f"{name} =").replace(f"players.{old}", f"players.{name}"))
        with pytest.raises(BadInput, match=f"'{name}' reads as a value and is no name"):
            gamefile.load(path)


@pytest.mark.parametrize("name", ["nan", "oo", "zoo", "Infinity"])
def test_a_value_or_variable_of_such_a_name_is_refused(name):
    @dataclass(frozen=True)
    class Own(Marked):
        """A game."""

        a: Any = hyper("a", domain="> 0", help="size")

        @property
        def variables(self):
            return (name, "y")

    with pytest.raises(BadInput, match="no number and no name"):
        Own(a=name)
    with pytest.raises(BadInput, match="reads as a value and is no name"):
        analyse(Own(), SimGD())


def test_rows_become_a_tabular():
    assert (
        tabular("lr", [["", "h"], ["a", "1"]])
        == "\\begin{tabular}{lr}\n & h \\\\\na & 1 \\\\\n\\end{tabular}"
    )
