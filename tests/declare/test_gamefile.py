"""Games from files: what they mean, what they refuse, their schema and their template."""

from __future__ import annotations

import json
import os
import tomllib
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from pathlib import Path
from typing import Any

import jax
import jsonschema
import numpy as np
import pytest
import sympy as sp

from stabcheck import AltGD, SimGD, analyse
from stabcheck.cli import new
from stabcheck.cli.app import run
from stabcheck.core import hyper
from stabcheck.core.domain import SIGNS
from stabcheck.core.errors import BadInput
from stabcheck.declare.combination import Combination, assemble
from stabcheck.declare.file import gamefile, limits, names, place
from stabcheck.declare.file.filegame import points
from stabcheck.declare.file.tree import Size
from stabcheck.declare.games.game import Game
from stabcheck.numeric.ops import MOST_NODES, JaxOps
from stabcheck.symbolic.ops import SymPyOps

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "game.schema.json").read_text())

FULL = """\
name = "my-game"
source = "who said so"
manifold = ["t"]
[players.x]
variables = ["x", "s"]
loss = "a*(x - c)^2/2 + x*y - c*y + E((e + d)^2)*s^2"
[players.y]
loss = "-x*y + E(m^2*(y + w*s)^2) - y*E(m) + y*(c + p/3 - 1/6) + (s - s)*y"
[hyperparameters]
a = { sign = ">0", default = "1/2", help = "curvature" }
c = "real"
sigma = ">=0"
p = { sign = "(0,1]" }
w = { sign = "[0,1)", default = 0.25 }
t = "real"
[distributions]
u = { law = "uniform", low = -1, high = "2 - 1" }
e = { law = "normal", mean = 0, std = "sigma" }
d = { law = "discrete", values = [0, "c"], weights = ["p/3", "1 - p/3"] }
k = { law = "discrete", values = [0.5, -1, "1/2"] }
m = { law = "mixture", of = ["u", "k"], weights = [0.75, "1/4"] }
[equilibrium]
x = "c"
s = "0*t"
y = 0
"""

SMALL = """\
name = "my-game"
[players.x]
loss = "a*x^2/2 + x*y"
[players.y]
loss = "-x*y + E((u*y)^2)/2"
[hyperparameters]
a = ">0"
[distributions]
u = { law = "uniform", low = -1, high = 1 }
[equilibrium]
x = 0
y = 0
"""


@pytest.fixture
def made(tmp_path):
    """Writes a file and loads it."""

    def make(text):
        path = tmp_path / "game.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return gamefile.load(path)

    return make


@dataclass(frozen=True)
class ByHand(Game):
    """The game of `SMALL`, with the moment of its random number put in."""

    a: Any = hyper.hyper("a", domain=hyper.POSITIVE, help="curvature")

    dims = (1, 1)
    players = ("x", "y")
    variables = ("x", "y")

    def equilibrium(self, xp, *t):
        return xp.zeros(1), xp.zeros(1)

    def losses(self, xp, *x):
        (x1,), (x2,) = x
        return self.a * x1 * x1 / 2 + x1 * x2, -x1 * x2 + x2 * x2 / 6


@pytest.mark.parametrize("operator", [None, SimGD("h"), AltGD("h")])
def test_a_file_is_the_game_that_python_declares(made, operator):
    values = {"a": "1/3"} if operator is None else {"a": "1/3", "h": "1/7"}
    result, wanted = analyse(made(SMALL)(), operator), analyse(ByHand(), operator)
    assert result.jacobian == wanted.jacobian
    assert result.characteristic_polynomial == wanted.characteristic_polynomial
    assert result.verify().status == "agrees"
    result, wanted = result.at(**values), wanted.at(**values)
    assert result.verdict == wanted.verdict
    assert [e.exact for e in result.eigenvalues] == [e.exact for e in wanted.eigenvalues]


def test_everything_of_a_file_is_read(made):
    cls = made(FULL)
    game = cls()
    assert (cls.name, cls.source, cls.__name__) == ("my-game", "who said so", "MyGame")
    assert cls.formula.startswith("L_x = a*(x - c)^2/2 + x*y - c*y")
    assert "; L_y = -x*y" in cls.formula
    assert (game.players, game.variables, game.dims) == (("x", "y"), ("x", "y"), (2, 1))
    assert game.names == ("x", "s", "y")
    assert game.along == ("t",)
    rows = {row.name: row for _, row in hyper.hyper_fields(cls)}
    assert list(rows) == ["a", "c", "sigma", "p", "w", "t"]
    assert rows["a"].help == "curvature"
    assert (rows["a"].default, rows["w"].default, rows["c"].default) == (Fraction(1, 2), Fraction(1, 4), None)
    assert [r.domain for r in rows.values()] == [
        hyper.POSITIVE, hyper.REAL, hyper.NONNEGATIVE, hyper.SHARE, hyper.DECAY, hyper.REAL,
    ]  # fmt: skip
    # The library's own rows with these names may be given per player; a file's may not.
    assert not any(row.per_player or row.tex for row in rows.values())
    assert all(row.domain.contains(row.typical) for row in rows.values())
    assert (game.a, game.c) == (Fraction(1, 2), "c")


def test_the_losses_of_a_file_have_the_moments_of_its_distributions(made):
    a, c, sigma, p, w, x, s, y = sp.symbols("a c sigma p w x s y", real=True)
    letters = {"a": a, "c": c, "sigma": sigma, "p": p, "w": w}
    game = hyper.rebind(made(FULL)(), lambda row, _: letters.get(row.name, sp.S.Zero))
    ops = SymPyOps()
    losses = game.losses(ops, ops.vector(x, s), ops.vector(y))
    computed = [sp.expand(ops.at({}, loss)) for loss in losses]
    # E e^2 = sigma^2, E d = (1 - p/3) c, E d^2 = (1 - p/3) c^2; E m = 0, E m^2 = 3/4 (1/3) + 1/4 (1/2)
    first = a * (x - c) ** 2 / 2 + x * y - c * y + (sigma**2 + (1 - p / 3) * c**2) * s**2
    second = -x * y + sp.Rational(3, 8) * (y + w * s) ** 2 + y * (c + p / 3 - sp.Rational(1, 6))
    assert computed == [sp.expand(first), sp.expand(second)]


def test_sympy_and_jax_read_the_same_file(made):
    values = {"a": 1.5, "c": -0.75, "sigma": 0.5, "p": 0.25, "w": 0.125, "t": 2.0}
    point = ([0.5, -2.0], [3.0])
    cls = made(FULL)
    ops = SymPyOps()
    exact = hyper.rebind(cls(), lambda row, _: sp.Rational(Fraction(values[row.name])))
    wanted = [ops.at({}, e) for e in exact.losses(ops, *(ops.vector(*map(sp.Rational, b)) for b in point))]
    with jax.enable_x64(True):
        xp = JaxOps()
        game = hyper.rebind(cls(), lambda row, _: xp.vector(values[row.name])[0])
        computed = [float(e) for e in game.losses(xp, *(xp.vector(*block) for block in point))]
        rest = [np.asarray(block).tolist() for block in game.equilibrium(xp)]
    assert computed == pytest.approx([float(e) for e in wanted], rel=1e-12)
    assert rest == [[-0.75, 0.0], [0.0]]


def test_a_manifold_moves_the_rest_point_only_when_asked(made):
    text = SMALL.replace("[players.x]", 'manifold = ["t"]\n[players.x]', 1)
    text = text.replace('a = ">0"', 'a = ">0"\nt = "real"').replace("y = 0", 'y = "t^2"')
    game, ops = made(text)(a=sp.Symbol("a"), t=sp.Symbol("t")), SymPyOps()
    assert game.along == (sp.Symbol("t"),)
    assert [list(b) for b in game.equilibrium(ops)] == [[0], [sp.Symbol("t") ** 2]]
    assert [list(b) for b in game.equilibrium(ops, sp.Integer(3))] == [[0], [9]]
    with pytest.raises(ValueError, match="zip"):
        game.equilibrium(ops, sp.Integer(3), sp.Integer(4))


def test_a_start_stands_in_for_the_equilibrium(made):
    cls = made(SMALL.replace("[equilibrium]\nx = 0", "[start]\nx = 0.1"))
    assert cls.start == ((Fraction(1, 10),), (Fraction(0),))
    with pytest.raises(BadInput, match="no equilibrium yet"):
        analyse(cls())
    assert made(SMALL).start == ()


@pytest.mark.parametrize("count", [1, 3, 8])
def test_any_number_of_players(made, count):
    players = [f"p{k}" for k in range(count)]
    losses = "".join(f'[players.{p}]\nloss = "{p}^2/2 + {p}*({"+".join(players)})"\n' for p in players)
    rest = "".join(f"{p} = 0\n" for p in players)
    game = made(f'name = "many"\n{losses}[equilibrium]\n{rest}')()
    result = analyse(game)
    assert result.jacobian == -sp.ones(count) - 2 * sp.eye(count)
    assert result.verify().status == "agrees"


def test_an_unchanged_file_is_the_same_class(made):
    assert made(SMALL) is made(SMALL)
    assert made(SMALL) is not made(SMALL.replace("/2", "/3"))


def test_assembly_takes_files_and_values_by_every_name(made, tmp_path):
    made(SMALL)
    path = str(tmp_path / "game.toml")
    assembly = assemble(Combination(path, method="simgd"), {"my-game.a": "1/3", "h_x": "1/2", "h_y": "1"})
    assert assembly.combination.game == path
    assert assembly.game.label == "my-game"
    assert assembly.values == {"a": Fraction(1, 3), "h_x": Fraction(1, 2), "h_y": 1}
    with pytest.raises(BadInput, match=r"my-game is no GAN"):
        assemble(Combination(path, loss="gan"))


def test_a_name_of_the_library_is_told_apart_by_its_owner(made, tmp_path):
    made(SMALL.replace("a*x", "h*x").replace('a = ">0"', 'h = ">0"'))
    combination = Combination(str(tmp_path / "game.toml"), method="simgd")
    assembly = assemble(combination, {"my-game.h": "3", "simgd.h": "1/9"})
    assert assembly.values == {"h_my_game": 3, "h_simgd": Fraction(1, 9)}
    assert analyse(assembly.game, assembly.operator).verify().status == "agrees"
    # A step size may be given per player; a number of a file with that name may not.
    with pytest.raises(BadInput, match=r"no chosen part has my-game.h_x|unknown hyperparameter"):
        assemble(combination, {"my-game.h_x": "3"})


@pytest.mark.parametrize(
    "line",
    ["eigen --set a=1", "eigen --method simgd", "eigen --method altgd --set h_x=1/10 --set h_y=1/5"],
)
def test_the_command_line_takes_files(made, tmp_path, capsys, line):
    made(SMALL)
    assert run([*line.split(), "--game", str(tmp_path / "game.toml"), "--format", "json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["game"] == "my-game"
    assert answer["verification"]["status"] == "agrees"
    assert answer["jacobian"] == [["-a", "-1"], ["1", "-1/3"]]


def test_compare_takes_files(made, tmp_path, capsys):
    made(SMALL)
    line = "compare --methods simgd,altgd --set a=1,2 --format json --game"
    assert run([*line.split(), str(tmp_path / "game.toml")]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    # h = 1/5: simgd has det(I + h J) = (4/5)(14/15) + 1/25 at a = 1, with complex eigenvalues
    assert rows[0]["number"] == pytest.approx(float(sp.sqrt(sp.Rational(56, 75) + sp.Rational(1, 25))))


def test_an_unknown_value_is_refused_with_the_names_of_the_file(made, tmp_path, capsys):
    made(SMALL.replace("a*x", "curvature*x").replace("a = ", "curvature = "))
    assert run(["eigen", "--set", "curvatur=1", "--game", str(tmp_path / "game.toml")]) == 2
    assert "did you mean 'curvature'" in capsys.readouterr().err


# What is refused: (what is replaced in SMALL, by what, the message, whether the schema sees it)

LOSS = 'loss = "a*x^2/2 + x*y"'
UNIFORM = 'law = "uniform", low = -1, high = 1'
SEVERAL = ", ".join(f"'x{k}'" for k in range(39))
MISTAKES = [
    ("name = ", "nme = ", "game.toml: unknown key 'nme'; did you mean 'name'?", True),
    ('name = "my-game"', "", "game.toml: name is missing", True),
    ('"my-game"', '"My Game"', "name: 'My Game' is no name; use lower-case", True),
    ('"my-game"', "3", "name: this must be a text in quotes, not '3'", True),
    ('"my-game"', "1.5", "name: this must be a text in quotes, not a number", True),
    ('"my-game"', '"dirac"', "name: 'dirac' is the name of a game of stabcheck", False),
    ('"my-game"', '"simgd"', "name: 'simgd' is the name of a method of stabcheck", False),
    ('name = "my-game"', 'name = "my-game"\nsource = ""', "source: this must be a text in quotes", True),
    (LOSS, "", "players.x: loss is missing", True),
    (LOSS, "los = 'a*x'", "players.x: unknown key 'los'; did you mean 'loss'?", True),
    (LOSS, "loss = true", "players.x.loss: this must be a formula in quotes", True),
    (LOSS, "loss = ['a*x']", "players.x.loss: this must be a formula", True),
    (LOSS, "loss = 2024-01-01", "players.x.loss: this must be a formula", True),
    ("a*x^2/2", "a*q^2/2", "players.x.loss: unknown name 'q'; known: a, u, x, y", False),
    ("a*x^2/2", "a*u*x", "players.x.loss: u is a random number; use it inside E(...)", False),
    ("a*x^2/2", "a*(x+y+1)^12*(x+y+a)^12", "players.x.loss: this has more than 5000 terms", False),
    ("[players.x]", "[players.x]\nvariables = []",
     "players.x.variables: this must be a list of 1 to 40", True),
    ("[players.x]", "[players.x]\nvariables = 'x'", "players.x.variables: this must be a list", True),
    ("[players.x]", "[players.x]\nvariables = ['x', 'x']", "x is listed 2 times", True),
    ("[players.x]", "[players.x]\nvariables = ['x', 'y']",
     "players.x: 'y' is the name of player y, too", False),
    ("[players.x]", "[players.x]\nvariables = ['x', 'a']",
     "'a' is the name of a variable of player x", False),
    ("[players.x]", "[players.x]\nvariables = ['x', 's']", "equilibrium: s is missing", False),
    ("[players.x]", "[players.x]\nvariables = ['x', 'x y']", "players.x: 'x y' is no name", True),
    ("[players.x]", "[players.x]\nvariables = ['x', 'None']", "players.x: 'None' reads as a value", False),
    ("[players.x]", f"[players.x]\nvariables = ['x', {SEVERAL}]",
     "players: there are 41 variables in all", False),
    ("[players.x]", "[players.'x y']\nloss='0'\n[players.x]", "players: 'x y' is no name", True),
    ("[players.x]", "".join(f"[players.p{k}]\nloss=0\n" for k in range(19)) + "[players.x]",
     "players: there are 21 players; write 1 to 20", True),
    ('a = ">0"', 'a = ">>0"', "hyperparameters.a.sign: unknown sign '>>0'; did you mean '>0'?", True),
    ('a = ">0"', 'a = "(2,1)"', "hyperparameters.a.sign: the range (2, 1) is empty or one number", False),
    ('a = ">0"', "a = 3", "hyperparameters.a: this must be a table, not '3'", True),
    ('a = ">0"', "a = {}", "hyperparameters.a: sign is missing", True),
    ('a = ">0"', 'a = { sign = ">0", defalt = 1 }', "unknown key 'defalt'; did you mean 'default'?", True),
    ('a = ">0"', 'a = { sign = ">0", default = 0 }', "a.default: a must be a number > 0, not 0", False),
    ('a = ">0"', 'a = { sign = "[0,1)", default = 1.0 }', "a must be a number in [0, 1), not 1", False),
    ('a = ">0"', 'a = { sign = ">0", default = nan }', "a.default: 'nan' is not a number", False),
    ('a = ">0"', 'a = { sign = ">0", default = inf }', "a.default: 'inf' is not a number", False),
    ('a = ">0"', 'a = { sign = ">0", default = true }', "a.default: this must be a number", True),
    ('a = ">0"', 'a = { sign = ">0", default = "b" }', "a.default: 'b' is not a number", True),
    ('a = ">0"', f'a = {{ sign = ">0", default = 1{"0" * 70} }}', "a.default: '1000", False),
    ('a = ">0"', 'a = { sign = ">0", help = 3 }', "a.help: this must be a text", True),
    ('a = ">0"', 'a = ">0"\nb = ">0"', "hyperparameters: b appears in no formula; leave it out", False),
    ('a = ">0"', 'a = ">0"\na = ">0"', "this is no TOML: Cannot overwrite a value (at line 8", None),
    ('a = ">0"', 'a = ">0"\nh_x = ">0"', "'h_x' is what methods call x's h (step size)", False),
    ('a = ">0"', 'a = ">0"\nnan = ">0"', "hyperparameters: 'nan' reads as a value", False),
    ('a = ">0"', 'a = ">0"\nu = ">0"', "distributions: 'u' is the name of a hyperparameter, too", False),
    ('a = ">0"', 'a = ">0"\nx = ">0"', "hyperparameters: 'x' is the name of a variable of player x", False),
    ("u = {", "uu = {", "players.y.loss: unknown name 'u'; did you mean 'uu'?", False),
    ("[distributions]", '[distributions]\nv = { law = "uniform", low = 0, high = 1 }',
     "v appears in no loss", False),
    ('"uniform"', '"unifrm"', "distributions.u.law: unknown law 'unifrm'; did you mean 'uniform'?", True),
    ("low = -1", "lo = -1", "distributions.u: unknown key 'lo'; did you mean 'low'?", True),
    ("low = -1, ", "", "distributions.u: low is missing", True),
    ("low = -1", "low = 1", "distributions.u: low must be below high, not 1 and 1", False),
    ("low = -1", 'low = "-x"', "distributions.u.low: unknown name 'x'; known: a", False),
    ("low = -1", "low = -inf", "distributions.u.low: unknown name 'inf'", False),
    (UNIFORM, 'law = "normal", mean = 0, std = 0', "u.std: this must be a number > 0", False),
    (UNIFORM, 'law = "discrete", values = []', "u.values: this must be a list", True),
    (UNIFORM, 'law = "discrete", values = [1, 2], weights = [0.5]',
     "u.weights: there are 1 for 2 values", False),
    (UNIFORM, 'law = "discrete", values = [1, 2], weights = [0.5, "2/5"]',
     "u.weights: they sum to 9/10; they must sum to 1", False),
    (UNIFORM, 'law = "discrete", values = [1, 2], weights = [1.5, -0.5]',
     "u.weights: each must be a number > 0, not -1/2", False),
    (UNIFORM, 'law = "discrete", values = [1, 2], weights = ["a", "1 - a/2"]',
     "u.weights: they sum to 7/6 at a = 1/3", False),
    (UNIFORM, 'law = "mixture", of = ["v"]', "u.of: unknown distribution 'v'", False),
    (UNIFORM, 'law = "mixture", of = ["u"]', "u.of: u is a mixture itself", False),
    (UNIFORM, 'law = "mixture", of = "u"', "u.of: this must be a list", True),
    ("[equilibrium]\nx = 0\ny = 0\n", "",
     "[equilibrium] is missing; declare the rest point, or a [start]", True),
    ('a*x^2/2 + x*y"\n[players.y]\nloss = "-x*y', 'a*y^2"\n[players.y]\nloss = "y',
     "players.x: x appears in no loss; put it in one, or leave it out", False),
    ("x = 0\ny = 0", "x = 0", "equilibrium: y is missing", False),
    ("x = 0\ny = 0", "x = 0\ny = 0\nw = 0", "equilibrium: unknown key 'w'", False),
    ("x = 0\ny = 0", 'x = "y"\ny = 0', "equilibrium.x: unknown name 'y'; known: a", False),
    ("x = 0\ny = 0", 'x = "E(u)"\ny = 0', "equilibrium.x: unknown name 'u'", False),
    ("x = 0\ny = 0", "x = []\ny = 0", "equilibrium.x: this must be a formula", True),
    ("x = 0\ny = 0", "x = 0\ny = 0\n[start]\nx = 0\ny = 0", "[equilibrium] and [start] are both given", True),
    ("[equilibrium]\nx = 0", "[start]\nx = 'a'", "start.x: 'a' is not a number", True),
    ("[equilibrium]\nx = 0\n", "[start]\n", "start: x is missing", False),
    ('name = "my-game"', 'name = "my-game"\nmanifold = ["t"]', "manifold: unknown hyperparameter 't'", False),
    ('name = "my-game"', 'name = "my-game"\nmanifold = ["a"]', "manifold: a appears in no formula of", False),
    ("x = 0\ny = 0", 'x = "0*a"\ny = 0\n[extra]', "unknown key 'extra'", True),
    ("[players.x]", "[playrs.x]", "unknown key 'playrs'; did you mean 'players'?", True),
    ("x*y", "x*y\0", "this is no TOML", None),
    ('"my-game"', '"my-game', "this is no TOML: Illegal character", None),
    ('"my-game"', "[" * 20_000, "it is nested too deep", None),
    ('"my-game"', "1" * 5000, "this is no TOML: Exceeds the limit", None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "to", "what", "seen"), MISTAKES, ids=[f"{k}: {m[2][:40]}" for k, m in enumerate(MISTAKES)]
)
def test_mistakes_are_refused_by_name(made, old, to, what, seen):
    assert old in SMALL
    text = SMALL.replace(old, to, 1)
    with pytest.raises(BadInput) as caught:
        made(text)
    message = str(caught.value)
    assert what in message
    assert "game.toml: " in message
    assert message.count("\n") in (0, 2)
    assert len(message) < 500
    if seen is not None:
        assert bool(list(validator().iter_errors(tomllib.loads(text)))) == seen


def test_a_wrong_formula_carries_its_caret(made):
    with pytest.raises(BadInput) as caught:
        made(SMALL.replace("x*y", "x*yy", 1))
    assert str(caught.value).split("\n")[1:] == ["a*x^2/2 + x*yy", "            ^"]


def test_coordinates_along_rest_points_are_no_strengths(made):
    text = SMALL.replace("[players.x]", 'manifold = ["a"]\n[players.x]', 1).replace("x = 0", 'x = "a"')
    with pytest.raises(BadInput, match="manifold: a is a coordinate along rest points"):
        made(text)
    text = text.replace("[equilibrium]\n", "[start]\n").replace('x = "a"', "x = 1")
    with pytest.raises(BadInput, match=r"manifold: .* need an \[equilibrium\]"):
        made(text)


def test_losses_that_grow_at_rest_are_refused(made):
    long = "+".join(f"a^{k}" for k in range(1, 13))
    text = SMALL.replace("a*x^2/2", "a*x^12").replace("x = 0", f'x = "{long}"')
    with pytest.raises(BadInput, match=r"players.x.loss: with \[equilibrium\] put in"):
        made(text)


@pytest.mark.parametrize(
    ("law", "size", "lines"),
    [
        (UNIFORM, Size(2, 1), 1),
        ('law = "uniform", low = "-a-a^2", high = 1', Size(6, 1), 1),
        ('law = "normal", mean = "a+a^2+a^3", std = "a"', Size(4, 1), 1),
        ('law = "discrete", values = ["a+a^2+a^3", 1]', Size(3, 2), 0),
        ('law = "discrete", values = [1, 2], weights = ["a", "1 - a"]', Size(1, 3), 0),
        ('law = "mixture", of = ["v", "w"], weights = ["a", "1 - a"]', Size(2, 4), 1),
    ],
)
def test_the_size_of_a_distribution(made, law, size, lines):
    """What it adds to an expression: `(low + high)/2 + (high - low)/2 z`, `mean + std z`, copies."""
    others = 'v = { law = "discrete", values = [0, 1] }\nw = { law = "normal", mean = 0, std = 1 }\n'
    text = SMALL.replace("u = {", f"{others}u = {{").replace("(u*y)^2", "u*v*w*y").replace(UNIFORM, law)
    draw = made(text).plan.draws["u"]
    assert (draw.size, draw.lines) == (size, lines)


def test_long_parameters_of_distributions_count(made):
    text = SMALL.replace("(u*y)^2", "(u + y)^12*(y + 1)^4")
    made(text)
    with pytest.raises(BadInput, match=r"players\.y\.loss: this has more than 5000 terms"):
        made(text.replace(UNIFORM, 'law = "normal", mean = "a+a^2+a^3", std = "a"'))


NORMAL, TWO = '{ law = "normal", mean = 0, std = 1 }', '{ law = "mixture", of = ["e", "u"] }'
MIXED = f"""\
e = {NORMAL}
f = {NORMAL}
g = {NORMAL}
m = {TWO}
n = {TWO}
v = {{ law = "discrete", values = [1, 2, 3] }}
u = {{"""
EVERY = SMALL.replace("u = {", MIXED).replace(
    "x^2/2", f"x^2/2 + ({' + '.join(f'E({u})' for u in 'efgmnv')})*x^3"
)


def test_means_over_too_many_points_are_refused(made):
    mixed = EVERY.replace("(u*y)^2", "(m*n*u*y)^2")
    made(mixed)
    with pytest.raises(BadInput, match=r"players\.y\.loss: its means take 1327104 points of quadrature"):
        made(mixed.replace('["e", "u"]', '["e", "f", "u"]', 1).replace('["e", "u"]', '["e", "f", "g", "u"]'))


@pytest.mark.parametrize("draws", ["u", "v", "m", "uv", "vu", "mn", "uem", "vmu", "mvn", "mne"])
def test_the_points_of_a_mean_are_those_that_the_interpreter_takes(made, draws):
    """And none that a file may have is beyond what it takes."""
    known = made(EVERY).plan.draws
    xp, chains = JaxOps(), []

    def mean(names, product):
        if not names:
            chains.append(prod(xp.nested))
            return product
        return known[names[0]].law(xp, {}).expect(xp, lambda z: mean(names[1:], product * z[0]))

    mean(draws, 1.0)
    assert sum(chains) == points([known[name] for name in draws])
    assert max(chains) <= MOST_NODES


def test_lists_are_bounded(made):
    values = ", ".join(map(str, range(101)))
    with pytest.raises(BadInput, match=r"u\.values: this must be a list of 1 to 100, not a list of 101"):
        made(SMALL.replace(UNIFORM, f'law = "discrete", values = [{values}]'))
    names = "".join(f'b{k} = ">0"\n' for k in range(40))
    with pytest.raises(BadInput, match=r"hyperparameters: there are 41 entries; write at most 40"):
        made(SMALL.replace("[distributions]", f"{names}[distributions]"))


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (lambda path: None, "there is no such file; stabcheck new"),
        (lambda path: path.mkdir(), "this is no file"),
        (os.mkfifo, "this is no file"),
        (lambda path: path.write_bytes(b"name = '\xff\xfe'"), "no text in UTF-8 (byte 8)"),
        (lambda path: path.write_bytes(bytes(range(256))), "no text in UTF-8"),
        (lambda path: path.write_text("#" * 100_001), "too large; write at most 100 kB"),
        (lambda path: path.write_text(""), "name is missing"),
        (lambda path: path.symlink_to(path), "there is no such file"),
    ],
)
def test_files_that_are_none(tmp_path, capsys, make, what):
    path = tmp_path / "game.toml"
    make(path)
    with pytest.raises(BadInput) as caught:
        gamefile.load(path)
    assert what in str(caught.value)
    assert str(caught.value).startswith(str(path))
    assert run(["eigen", "--game", str(path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_path_that_cannot_be_one():
    with pytest.raises(BadInput, match="the file cannot be read: File name too long"):
        gamefile.load(f"{'x' * 300}.toml")
    with pytest.raises(BadInput, match="there is no such file"):
        gamefile.load("a\0b.toml")


def test_windows_line_ends_and_a_byte_order_mark_are_read(made):
    assert made("\ufeff".encode() + SMALL.replace("\n", "\r\n").encode())().players == ("x", "y")


# The schema


def validator():
    return jsonschema.Draft202012Validator(SCHEMA)


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("text", [FULL, SMALL, new.TEMPLATE, SMALL.replace("[equilibrium]", "[start]")])
def test_good_files_fit_the_schema(made, text):
    validator().validate(tomllib.loads(text))
    made(text)


def test_the_schema_lists_the_keys_signs_and_laws_of_the_loader():
    properties = SCHEMA["properties"]
    assert set(properties) == set(place.KEYS)
    assert SCHEMA["$defs"]["sign"]["anyOf"][0]["enum"] == list(SIGNS)
    laws = properties["distributions"]["additionalProperties"]["oneOf"]
    assert {law["properties"]["law"]["const"]: tuple(list(law["properties"])[1:]) for law in laws} == dict(
        names.LAWS
    )
    assert properties["players"]["maxProperties"] == limits.MOST_PLAYERS
    assert properties["hyperparameters"]["maxProperties"] == limits.MOST_NAMES
    assert SCHEMA["$defs"]["name"]["maxLength"] == place.LONGEST_NAME


# stabcheck new


def test_the_template_runs_as_it_says(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run(["new", "my game.toml"]) == 0
    line = capsys.readouterr().out
    assert line == "wrote my game.toml; next: stabcheck eigen --game 'my game.toml' --a 1\n"
    assert [path.name for path in tmp_path.iterdir()] == ["my game.toml"]
    assert run(["eigen", "--game", "my game.toml", "--set", "a=1", "--format", "json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["verdict"] == "stable"
    assert answer["verification"]["status"] == "agrees"
    # z^2 + (a + 1/3) z + a/3 + 1, by hand
    z, a = sp.symbols("z a")
    polynomial = sp.sympify(answer["characteristic_polynomial"], locals={"z": z, "a": a})
    assert sp.expand(polynomial - (z**2 + (a + sp.Rational(1, 3)) * z + a / 3 + 1)) == 0


def test_new_overwrites_nothing_unless_told(tmp_path, capsys):
    path = tmp_path / "game.toml"
    path.write_text("mine")
    assert run(["new", str(path)]) == 2
    error = capsys.readouterr().err
    assert "is there already; take another name, or replace it with --force" in error
    assert error.count("\n") == 1
    assert path.read_text() == "mine"
    assert run(["new", str(path), "--force"]) == 0
    assert path.read_text() == new.TEMPLATE
    assert [p.name for p in tmp_path.iterdir()] == ["game.toml"]


def test_new_follows_no_link_to_another_file(tmp_path):
    (tmp_path / "link.toml").symlink_to(tmp_path / "nowhere.toml")
    assert run(["new", str(tmp_path / "link.toml")]) == 2
    assert not (tmp_path / "nowhere.toml").exists()


@pytest.mark.parametrize(
    ("name", "options", "what"),
    [
        ("game.txt", [], "the name must end in .toml"),
        ("game", [], "the name must end in .toml"),
        ("none/game.toml", [], "there is no folder"),
        ("folder.toml", [], "is a folder"),
        ("folder.toml", ["--force"], "is a folder"),
        (f"{'x' * 300}.toml", [], "the file cannot be written"),
    ],
)
def test_new_says_in_one_line_why_it_cannot(tmp_path, capsys, name, options, what):
    (tmp_path / "folder.toml").mkdir()
    assert run(["new", str(tmp_path / name), *options]) == 2
    streams = capsys.readouterr()
    assert what in streams.err
    assert streams.err.count("\n") == 1
    assert not streams.out
    assert [p.name for p in tmp_path.iterdir()] == ["folder.toml"]


def test_a_new_file_has_the_usual_permissions(tmp_path):
    before = os.umask(0o027)
    try:
        assert run(["new", str(tmp_path / "game.toml")]) == 0
    finally:
        os.umask(before)
    assert (tmp_path / "game.toml").stat().st_mode & 0o777 == 0o640
