"""Names of a user's own that results, formulas or Python use for something else."""

from __future__ import annotations

import json

import pytest
import sympy as sp

from stabcheck import R1, Dirac, SimGD, analyse
from stabcheck.cli.app import run
from stabcheck.core.errors import BadInput
from stabcheck.declare.file import gamefile
from stabcheck.symbolic.letters import Letters
from stabcheck.symbolic.printing import code, terminal

GAME = """\
name = "named"
[players.{p}]
loss = "{a}*{p}^2/2 + {b}*{p}*{q}"
[players.{q}]
loss = "-{b}*{p}*{q} + E(({u}*{q})^2)/2"
[hyperparameters]
{a} = ">0"
{b} = ">0"
[distributions]
{u} = {{ law = "normal", mean = 0, std = 1 }}
[equilibrium]
{p} = 0
{q} = 0
"""
PLAIN = {"p": "x", "q": "y", "a": "a", "b": "b", "u": "u"}
CLASHING = [
    {"p": "S", "q": "I", "a": "mu", "b": "beta", "u": "N"},
    {"p": "z", "q": "w", "a": "omega", "b": "nu", "u": "eps"},
    {"p": "lambda", "q": "s", "a": "z", "b": "mu", "u": "E"},
    {"p": "E", "q": "S", "a": "lambda", "b": "omega", "u": "nu"},
    {"p": "f0", "q": "f1", "a": "f2", "b": "r1", "u": "q1"},
    {"p": "m1", "q": "m2", "a": "mu_1", "b": "mu_2", "u": "eps_2"},
    {"p": "sin", "q": "exp", "a": "pi", "b": "max", "u": "sqrt"},
    {"p": "class", "q": "for", "a": "is", "b": "in", "u": "not"},
    {"p": "t", "q": "u", "a": "name", "b": "losses", "u": "dims"},
    {"p": "v", "q": "J", "a": "M", "b": "chi", "u": "L"},
    {"p": "O", "q": "Q", "a": "C", "b": "o", "u": "zo"},
    {"p": "start", "q": "along", "a": "plan", "b": "hash", "u": "rest"},
]  # fmt: skip


@pytest.fixture
def made(tmp_path):
    """Writes the game in given names and loads it."""

    def make(names):
        path = tmp_path / "game.toml"
        path.write_text(GAME.format(**names))
        return gamefile.load(path)()

    return make


def renamed(expression, names):
    """An expression of the plain game in other names."""
    back = {
        s: sp.Symbol(names[key])
        for key, name in PLAIN.items()
        for s in expression.free_symbols
        if s.name == name
    }
    return sp.expand(expression.xreplace(back))


@pytest.mark.parametrize("names", CLASHING, ids=lambda names: " ".join(names.values()))
@pytest.mark.parametrize("operator", [None, SimGD("h")])
def test_a_name_of_ones_own_wins(made, names, operator):
    found, plain = analyse(made(names), operator), analyse(made(PLAIN), operator)
    bare = lambda e: sp.expand(e.xreplace({s: sp.Symbol(s.name) for s in e.free_symbols}))  # noqa: E731
    assert [bare(e) for e in found.jacobian] == [bare(renamed(e, names)) for e in plain.jacobian]
    letters = {str(letter) for letter in (found.letters.z, found.letters.mu, found.letters.omega)}
    assert not letters & {*names.values()}
    # Every symbol of the formulas has a name of its own.
    assert len({s.name for s in found.symbols}) == len(found.symbols)
    polynomial = bare(found.characteristic_polynomial).xreplace(
        {sp.Symbol(found.letters.z.name): sp.Symbol("z_")}
    )
    wanted = renamed(plain.characteristic_polynomial.xreplace({plain.letters.z: sp.Symbol("z_")}), names)
    assert sp.expand(polynomial - bare(wanted)) == 0
    here = found.at(**{names["a"]: "1/2", names["b"]: 1} | ({} if operator is None else {"h": "1/4"}))
    there = plain.at(a="1/2", b=1, **({} if operator is None else {"h": "1/4"}))
    assert [e.exact for e in here.eigenvalues] == [e.exact for e in there.eigenvalues]
    for text in (str(here), here.derivation._repr_latex_(), str(here.derivation)):
        assert "f'" not in text


def test_a_name_is_read_on_the_command_line(tmp_path, capsys):
    path = tmp_path / "game.toml"
    path.write_text(GAME.format(**CLASHING[3]))
    values = ["--lambda", "1/2", "--omega", "1", "--no-verify", "--format", "json"]
    assert run(["eigen", "--game", str(path), *values]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["hyperparameters"] == {"lambda": "1/2", "omega": "1"}
    assert found["symbols"][:4] == ["E", "S", "lambda", "omega"]
    assert found["verdict"] == "stable"
    assert analyse(gamefile.load(path)()).at(lambda_=2, omega=1).verdict == "stable"


def test_a_mean_and_a_draw_give_way(tmp_path):
    path = tmp_path / "game.toml"
    text = GAME.format(**PLAIN | {"a": "m1", "b": "eps"}).replace("(u*y)^2)", "exp(m1*u)*y^2)")
    path.write_text(text)
    found = analyse(gamefile.load(path)())
    ((name, mean),) = found.means.items()
    assert (name.name, terminal(mean)) == ("m2", "E[exp(eps_2*m1)]")
    assert found.at(m1=2, eps=1).germ["m2"].evalf(9) == sp.exp(2).evalf(9)


def test_what_is_left_of_clashes_says_the_meaning():
    for analysis, what in (
        (lambda: analyse(Dirac() + R1("psi")), "'psi' of gp.gamma is that of a coordinate, too"),
        (lambda: analyse(Dirac(), SimGD("f1")), "'f1' of simgd.h stands for f'(0) here"),
        (lambda: analyse(Dirac() + R1("f2")), "'f2' of gp.gamma stands for f''(0) here"),
    ):
        with pytest.raises(BadInput) as caught:
            analysis()
        assert what in str(caught.value)
    # Names that clash with nothing here.
    assert analyse(Dirac("wgan") + R1("z"), SimGD("mu")).letters == Letters.free(["z", "mu"])


def test_letters_are_the_usual_ones_where_they_are_free():
    assert Letters.free([]) == Letters.free(["x", "gamma"]) == Letters()
    assert code(Letters.free(["z"]).z + 1) == "s + 1"
    taken = ["z", "s", "w", "zeta", "mu_1", "omega", "chi", "Omega", "z0"]
    assert [str(s) for s in vars(Letters.free(taken)).values()] == ["z1", "nu", "omega0"]
