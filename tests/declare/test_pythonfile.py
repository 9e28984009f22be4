"""Games and methods from Python files: what is taken, and what is said of mistakes."""

from __future__ import annotations

import json

import pytest

from stabcheck import analyse
from stabcheck.cli.app import run
from stabcheck.core.domain import SIGNS, count_to, spelled
from stabcheck.core.errors import BadInput
from stabcheck.core.hyper import hyper
from stabcheck.declare import lookup
from stabcheck.declare.combination import Combination, assemble

HEAD = """\
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax.numpy as jnp

from stabcheck import (
    GAN, AltGD, Dirac, Game, Loss, Method, Penalty, Previous, SimGD, State
)
from stabcheck.declare.laws import Point
from stabcheck.declare.losses.loss import Germ, ZeroSum
from stabcheck.core.hyper import hyper

"""

RIGHT = f"""{HEAD}
@dataclass(frozen=True)
class Turns(Method):
    '''In turn: x_i := x_i + h_i v_i(x).'''

    h: Any = hyper("h")

    def step(self, o, state):
        x = state.x
        for i in range(o.players):
            x = x + o.scale(self.h, o.field(i, x))
        return x


@dataclass(frozen=True)
class Past(Method):
    h: Any = hyper("h")

    def init(self, o, x):
        return Previous(x, x)

    def step(self, o, state):
        new = state.x + 2 * o.scale(self.h, o.v(state.x)) - o.scale(self.h, o.v(state.last))
        return Previous(new, state.x)


@dataclass(frozen=True)
class Around(Method):
    inner: Any

    def step(self, o, state):
        return self.inner.step(o, state)


class Duel(Game):
    dims = (1, 1)

    def equilibrium(self, xp):
        return xp.zeros(1), xp.zeros(1)

    def losses(self, xp, x, y):
        return x @ y, -(x @ y)


@dataclass(frozen=True)
class Weighed(Duel):
    c: Any = hyper("c", domain=">= 0", help="weight")
    lambda_: Any = hyper("lambda_2", domain="real", help="tilt", default=0)

    def losses(self, xp, x, y):
        return x @ y, -(x @ y) + self.c * (y @ y) / 2 + self.lambda_ * (x @ y)


@dataclass(frozen=True)
class Plain(Dirac):
    name = "plain"
    loss: Any = "wgan"


@dataclass(frozen=True)
class Sloped(Dirac):
    name = "sloped"
    loss: Any = Germ(3, 0)


@dataclass(frozen=True)
class Line(ZeroSum):
    '''f(t) = t.'''

    def f(self, xp, t):
        return t


@dataclass(frozen=True)
class Mine(Dirac):
    name = "mine"
    loss: Any = Line()


@dataclass(frozen=True)
class Bare(GAN):
    dims = (1, 1)

    def equilibrium(self, xp):
        return xp.zeros(1), xp.zeros(1)

    def discriminator(self, xp, psi, x):
        return psi @ x

    def real(self, xp):
        return Point(xp.zeros(1))

    def fake(self, xp, theta):
        return Point(theta)


class Arrays(Duel):
    symbolic = False

    def losses(self, xp, x, y):
        return jnp.sum(x * y) + jnp.sum(x**2) / 2, -jnp.sum(x * y)


@dataclass(frozen=True)
class Ridge(Penalty):
    '''L_D += gamma/2 |psi|^2.'''

    gamma: Any = hyper("gamma")

    def losses(self, xp, game, losses):
        def changed(*x):
            made, judged = losses(*x)
            return made, judged + self.gamma * (x[1] @ x[1]) / 2

        return changed
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder to be in, and a file there."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my.py").write_text(RIGHT)
    return tmp_path


def result(game="dirac", loss=None, penalties=(), method="flow", **given):
    assembly = assemble(Combination(game, loss, penalties, method), given)
    return analyse(assembly.game, assembly.operator).at(**assembly.values)


@pytest.mark.parametrize(
    ("own", "registered"),
    [
        ({"method": "my.py:Turns"}, {"method": "altgd"}),
        (
            {"method": "my.py:Turns", "h_g": "1/2", "h_d": "1/3"},
            {"method": "altgd", "h_g": "1/2", "h_d": "1/3"},
        ),
        ({"method": "lookahead:my.py:Turns"}, {"method": "lookahead:altgd"}),
        ({"method": "my.py:Around:altgd"}, {"method": "altgd"}),
        ({"method": "my.py:Around"}, {"method": "simgd"}),
        ({"method": "my.py:AltGD"}, {"method": "altgd"}),
        ({"game": "my.py:Duel"}, {"game": "bilinear", "alpha": "1"}),
        ({"game": "my.py:Plain"}, {"game": "dirac", "loss": "wgan"}),
        ({"game": "my.py:Plain", "loss": "lsgan"}, {"game": "dirac", "loss": "lsgan"}),
        ({"game": "my.py:Sloped"}, {"game": "dirac", "loss": "germ", "f1": "3", "f2": "0"}),
        ({"game": "my.py:Sloped", "f1": "2"}, {"game": "dirac", "loss": "germ", "f1": "2", "f2": "0"}),
        ({"loss": "my.py:Line"}, {"loss": "wgan"}),
        ({"game": "my.py:Mine"}, {"loss": "wgan"}),
        ({"game": "my.py:Bare"}, {"loss": "gan"}),
        ({"game": "my.py:Bare", "loss": "wgan", "method": "simgd"}, {"loss": "wgan", "method": "simgd"}),
        ({"penalties": ("my.py:Ridge",), "gamma": "1"}, {"penalties": ("gp",), "gamma": "1"}),
    ],
    ids=lambda said: "-".join(map(str, said.values())),
)
def test_a_part_of_a_file_does_what_the_registered_one_does(folder, own, registered):
    mine, registered_result = result(**own), result(**registered)
    assert matrix(mine) == matrix(registered_result)
    assert mine.verdict == registered_result.verdict


def matrix(computed):
    """The operator's matrix, with the values and what is known of the loss put in."""
    whole = computed.update_matrix if computed.discrete else computed.jacobian
    put = {**computed.germ, **computed.values}
    return whole.subs({s: put[s.name] for s in whole.free_symbols if s.name in put})


def test_a_hyperparameter_of_a_file_is_an_option(folder, cli):
    line = "eigen --game my.py:Weighed --c 1/2 --lambda-2=1 --no-verify --format json"
    code, out, err = cli(line)
    assert (code, err) == (0, "")
    assert json.loads(out)["hyperparameters"] == {"c": "1/2", "lambda_2": "1"}
    assert "c must be a number >= 0" in cli("eigen --game my.py:Weighed --c=-1")[2]
    assert "no chosen part has" in cli("eigen --game my.py:Weighed --gamma 1")[2]


@pytest.mark.parametrize(
    "line",
    [
        "compare --game my.py:Weighed --c 1,2 --h 1/10 --methods simgd,my.py:Turns,lookahead:my.py:Turns",
        "equilibria --game my.py:Weighed --c 1",
        "derive --game my.py:Weighed --method my.py:Past",
        "latex --reg my.py:Ridge --method my.py:Turns",
        "audit v.py:v --game my.py:Duel",
        "plot spectrum --reg my.py:Ridge --method my.py:Past",
        "eigen --method lookahead --inner my.py:Turns --k 2 --set Turns.h=1/2 --no-verify",
    ],
)
def test_every_command_takes_a_python_file(folder, cli, line):
    (folder / "v.py").write_text("def v(x, y):\n    return -y, x\n")
    code, _, err = cli(line)
    assert code == 0, err


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("verify --game my.py:Plain --reg none --method my.py:Turns", "my.py:Plain wgan none my.py:Turns"),
        ("verify --game my.py:Mine --reg my.py:Ridge --method flow", "my.py:Mine - my.py:Ridge flow"),
        ("verify --game dirac --loss my.py:Line --reg none --method flow", "dirac my.py:Line none flow"),
        ("verify --game my.py:Duel --reg none --method lookahead:my.py:Turns", "1 agrees"),
        ("verify --game my.py:Sloped --loss wgan --reg none --method simgd", "my.py:Sloped wgan none simgd"),
        ("verify --game game.toml --method simgd", "game.toml - none simgd"),
        ("verify --game map.toml", "map.toml - none map"),
        ("atlas --game my.py:Weighed --method my.py:Past", "my.py:Past           stable"),
        ("atlas --game my.py:Sloped --reg none --method flow", "in general  neutral"),
        ("atlas --game game.toml --method flow", "the rest point is found at the values alone"),
        ("atlas --game map.toml", "eigenvalues r"),
    ],
)
def test_verify_and_atlas_take_files(folder, cli, words, shown, monkeypatch):
    monkeypatch.setenv("STABCHECK_CACHE", str(folder / "cache"))
    field = "[field]\nx = 'y'\ny = 'x - x^3 - d*y'\n[hyperparameters]\nd = '>=0'\n[start]\nx = 0.9\ny = 0\n"
    (folder / "game.toml").write_text(f"name = 'swing'\n{field}")
    image = "[map]\nx = 'r*x*(1 - x)'\n[hyperparameters]\nr = '>0'\n[equilibrium]\nx = 0\n"
    (folder / "map.toml").write_text(f"name = 'logistic'\n{image}")
    code, out, err = cli(words)
    assert (code, err) == (0, "")
    assert shown in out
    # Rows are kept of what a file says, and not of classes, whose imports may change unseen.
    kept = words.startswith("atlas --game") and ".toml" in words
    assert (folder / "cache").exists() == kept


WRONG = f"""{HEAD}
duel = Duel = 1


def function(x):
    return x


class Stranger:
    pass


class Half(Game):
    dims = (1, 1)


class Whole(Half):
    def equilibrium(self, xp):
        return xp.zeros(1), xp.zeros(1)

    def losses(self, xp, x, y):
        return x @ y, -(x @ y)


@dataclass(frozen=True)
class Needy(Whole):
    rate: float


class Loose(Whole):
    rate: Any = hyper("rate", domain="> 0", help="rate")


class Fixed(Whole):
    def __init__(self):
        raise ValueError("no rest")


class Divides(Whole):
    def losses(self, xp, x, y):
        return 1 / 0, x @ y


class Restless(Whole):
    def equilibrium(self, xp):
        return nowhere


@dataclass(frozen=True)
class Stumbles(Method):
    def step(self, o, state):
        return state.x + state


@dataclass(frozen=True)
class Leaves(Method):
    def step(self, o, state):
        raise SystemExit("away")


@dataclass(frozen=True)
class Misspells(Method):
    h: Any = hyper("h")

    def step(self, o, state):
        return state.x + o.scale(self.h, gradient)
"""
LINES = WRONG.splitlines()


def line_of(text):
    return 1 + next(k for k, line in enumerate(LINES) if text in line)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("--game no.py:Whole", "there is no file no.py; write --game FILE.py:Class"),
        ("--method ./no/no.py:Step", "there is no file ./no/no.py; write --method FILE.py:Class"),
        ("--game folder.py:Whole", "folder.py is no file"),
        ("--game wrong.py", "wrong.py names no class; write wrong.py:Class; games there: Half, Whole, Needy"),
        ("--game wrong.py:", "wrong.py names no class; write wrong.py:Class; games there: Half, Whole"),
        ("--game wrong.py:Whole:x", "'wrong.py:Whole:x' names no class of a file"),
        (
            "--game wrong.py:whole",
            "wrong.py has no class whole; did you mean Whole? games there: Half, Whole",
        ),
        ("--method wrong.py:Step", "wrong.py has no class Step; methods there: Stumbles, Leaves, Misspells"),
        ("--reg wrong.py:Ridge", "wrong.py has no class Ridge; the file declares no penalty"),
        ("--game wrong.py:duel", "wrong.py: duel is no class but of the type int; games there: Half"),
        ("--game wrong.py:function", "wrong.py: function is no class but of the type function"),
        ("--game wrong.py:Stranger", "Stranger is no game; derive it from stabcheck.Game; games there"),
        ("--method wrong.py:Whole", "wrong.py: Whole is a game and no method; give it with --game"),
        ("--game wrong.py:Misspells", "wrong.py: Misspells is a method and no game; give it with --method"),
        ("--game wrong.py:Half", "wrong.py: Half lacks equilibrium, losses, which a game must declare"),
        (
            "--game wrong.py:Needy",
            "wrong.py: Needy needs rate, which no option gives; write rate: Any = hyper(",
        ),
        ("--game wrong.py:Loose", "wrong.py: Loose has the field rate and is no dataclass; write @dataclass"),
        ("--game wrong.py:Fixed", f"raised ValueError: no rest (line {line_of('no rest')})"),
        ("--game ./wrong.py:Fixed", f"raised ValueError: no rest (line {line_of('no rest')})"),
        (
            "--game wrong.py:Divides",
            f"wrong.py raised ZeroDivisionError: division by zero (line {line_of('1 / 0')})",
        ),
        ("--game wrong.py:Restless", f"name 'nowhere' is not defined (line {line_of('nowhere')})"),
        ("--method wrong.py:Stumbles", f"Stumbles.step failed in line {line_of('+ state')}: "),
        ("--method wrong.py:Misspells", f"name 'gradient' is not defined (line {line_of('gradient')})"),
        ("--method wrong.py:Leaves", f"wrong.py raised SystemExit: away (line {line_of('away')})"),
        ("--loss wrong.py:Whole", "Whole is a game and no loss; give it with --game"),
        ("--game bad.py:A", "bad.py raised SyntaxError: "),
        ("--game raises.py:A", "raises.py raised KeyError: 'x' (line 2)"),
        ("--game asks.py:A", "asks.py raised SystemExit: 3 (line 2)"),
        ("--game domain.py:A", "nonzero, real, or a range as [0,2) (line 3)"),
        ("--method borrows.py:A", "borrows.py: hyper('eta') needs domain and help"),
        (
            "--method imports.py:A",
            "imports.py raised ModuleNotFoundError: No module named 'nothing_here' (line 1)",
        ),
        (
            "--method melts.py:A",
            "melts.py raised TypeError: cannot inherit non-frozen dataclass from a frozen one",
        ),
    ],
)
def test_a_mistake_is_named_in_one_line(tmp_path, monkeypatch, cli, words, message):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.py").mkdir()
    texts = {
        "wrong": WRONG,
        "bad": "class A(:\n",
        "raises": "\n{}['x']\n",
        "asks": "import sys\nsys.exit(3)\n",
        "borrows": f"{HEAD}\n@dataclass(frozen=True)\nclass A(Method):\n    eta: Any = hyper('eta')\n",
        "imports": "import nothing_here\n",
        # A file of the library has the same name.
        "domain": "from stabcheck.core.hyper import hyper\n\nhyper('q', domain='positive', help='q')\n",
        "melts": f"{HEAD}\n@dataclass\nclass A(Method):\n    pass\n",
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.py").write_text(text)
    code, out, err = cli(f"eigen {words}")
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert message in err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("verify --game wrong.py:Divides --method flow", f"division by zero (line {line_of('1 / 0')})"),
        ("atlas --game wrong.py:Divides --jobs 2", f"division by zero (line {line_of('1 / 0')})"),
        ("verify --game no.toml", "no.toml: there is no such file"),
        ("atlas --method no.py:A", "there is no file no.py"),
        ("verify --game my.py:Duel --loss wgan", "no combination has these parts"),
    ],
)
def test_what_verify_and_atlas_refuse(folder, cli, words, message):
    (folder / "wrong.py").write_text(WRONG)
    code, out, err = cli(words)
    assert (code, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1


def test_a_file_is_run_once_as_it_stands_and_nothing_is_left_beside_it(folder, cli):
    path = folder / "loud.py"
    path.write_text(f"{RIGHT}\nprint('ran')\n")
    code, out, err = cli("eigen --game loud.py:Duel --method loud.py:Turns --no-verify --format json")
    assert (code, err) == (0, "ran\n")
    assert json.loads(out)["game"] == "Duel"
    path.write_text(path.read_text().replace("'ran'", "'RAN'"))
    assert cli("eigen --game loud.py:Duel --no-verify --format json")[2] == "RAN\n"
    assert not (folder / "__pycache__").exists()


def test_only_what_ends_in_py_is_run(folder, cli):
    (folder / "my.txt").write_text("print('ran')\n")
    code, out, err = cli("eigen --game my.txt:Duel")
    assert (code, out) == (2, "")
    assert "unknown game 'my.txt:Duel'" in err


def test_a_fault_of_ours_is_no_fault_of_the_file(monkeypatch):
    def failing(*_):
        raise ZeroDivisionError

    monkeypatch.setattr("stabcheck.cli.app.build", failing)
    with pytest.raises(ZeroDivisionError):
        run(["eigen"])


@pytest.mark.parametrize(
    ("chain", "links"),
    [
        ("altgd", ["altgd"]),
        ("lookahead:altgd", ["lookahead", "altgd"]),
        ("lookahead:my.py:A", ["lookahead", "my.py:A"]),
        ("my.py:A:other/my.py:B:simgd", ["my.py:A", "other/my.py:B", "simgd"]),
        (r"ema:C:\\x\\my.py:A", ["ema", r"C:\\x\\my.py:A"]),
        ("", [""]),
        ("lookahead:", ["lookahead", ""]),
    ],
)
def test_a_chain_keeps_a_file_and_its_class_together(chain, links):
    assert lookup.links(chain) == links


def test_losses_in_jax_give_numbers_and_no_formulas(folder, cli):
    code, out, err = cli("eigen --game my.py:Arrays --format json")
    assert (code, err) == (0, "")
    answer = json.loads(out)
    assert (answer["exact"], answer["verdict"], answer["spectral_abscissa"]) == (
        False,
        "stable",
        pytest.approx(-0.5),
    )
    assert "in floating point alone" in cli("eigen --game my.py:Arrays --method my.py:Turns --h 1/2")[1]
    for line in ("derive", "equilibria", "eigen --format latex", "eigen --method simgd"):
        code, out, err = cli(f"{line} --game my.py:Arrays")
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert "JAX" in err or "h has no value; give one" in err
        assert "give the class symbolic" not in err


def test_a_class_is_called_by_its_own_name(folder, cli):
    (folder / "b.py").write_text("from stabcheck import AltGD\n\n\nclass Mine(AltGD):\n    pass\n")
    answer = json.loads(cli("eigen --method b.py:Mine --set Mine.h=1 --no-verify --format json")[1])
    assert (answer["method"], answer["hyperparameters"]) == ("Mine", {"h": "1"})
    assert "Mine takes no method inside" in cli("eigen --method b.py:Mine:simgd")[2]


# Domains

SPELLINGS = [*SIGNS, "> 0", " >= 0", "( 0, 1 ]", "[0, 1)"]


@pytest.mark.parametrize("text", SPELLINGS)
def test_a_domain_is_spelled_alike_in_python_in_files_and_for_a_matrix(folder, text):
    known = SIGNS[text.replace(" ", "")]
    assert hyper("own", domain=text, help="mine").metadata["hyper"].domain is known
    rest = f"[hyperparameters]\na = '{text}'\n[equilibrium]\nx = 0\n"
    (folder / "g.toml").write_text(f"name = 'own'\n[field]\nx = '-a*x'\n{rest}")
    for game in ("g.toml", f"matrix:-a|a={text}"):
        assembly = assemble(Combination(game))
        assert assembly.game.__dataclass_fields__["a"].metadata["hyper"].domain is known


@pytest.mark.parametrize(
    "text", ["> ", "", "positive", "=0", 3, None, "[0, 1", "[0, 1, 2]", ">>1", "real!=0"]
)
def test_a_domain_that_is_none_is_refused(text):
    with pytest.raises(BadInput, match=r"unknown domain .*known: "):
        hyper("own", domain=text, help="mine")


def test_a_domain_of_the_library_is_taken_as_it_is():
    count = count_to(3)
    assert spelled(count) is count


# Names

SHARED = f"""{HEAD}
@dataclass(frozen=True)
class Named(Game):
    a: Any = hyper("h_1", domain="> 0", help="a name that a method has for one player")
    b: Any = hyper("seed", domain="> 0", help="a name that commands have")

    dims = (1, 1)

    def equilibrium(self, xp):
        return xp.zeros(1), xp.zeros(1)

    def losses(self, xp, x, y):
        return self.a * (x @ x) + x @ y, -(x @ y) + self.b * (y @ y)


@dataclass(frozen=True)
class Rated(Method):
    rate: Any = hyper("pace", domain="> 0", help="learning rate")

    def step(self, o, state):
        return state.x + self.rate * o.v(state.x)


@dataclass(frozen=True)
class Doubled(Method):
    one: Any = hyper("pace", domain="> 0", help="learning rate")
    two: Any = hyper("pace", domain="> 0", help="learning rate")

    def step(self, o, state):
        return state.x + self.one * self.two * o.v(state.x)
"""


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            "--game n.py:Named --method simgd --set Named.h_1=3 --set simgd.h_1=1/2 --set simgd.h_2=1",
            "h_1 would stand for both Named.a and simgd.h; call one of your hyperparameters otherwise",
        ),
        (
            "--game n.py:Named --method simgd --set simgd.h_1=1/2 --h-2 1",
            "h_1 would stand for both Named.a and simgd.h",
        ),
        ("--method n.py:Doubled", "pace_Doubled would stand for both Doubled.one and Doubled.two"),
        (
            "--game n.py:Named --seed 3",
            "--seed is an option of the command, and Named has a seed; give that its value by --Named.seed",
        ),
    ],
)
def test_two_meanings_of_one_name_are_refused(tmp_path, monkeypatch, cli, words, message):
    (tmp_path / "n.py").write_text(SHARED)
    monkeypatch.chdir(tmp_path)
    code, out, err = cli(f"eigen {words}")
    assert (code, out) == (2, "")
    assert message in err


@pytest.mark.parametrize(
    "line",
    [
        "eigen --game n.py:Named --seed 3 --set Named.seed=1 --h-1 1 --format json",
        "eigen --game n.py:Named --method simgd --set Named.h_1=1 --h 1/2",
        "compare --methods simgd,n.py:Rated --pace 1/3",
        "compare --methods simgd,ema:n.py:Rated --pace 1/3 --format json",
        "plot compare --regs none,gp --methods n.py:Rated --pace 1/3 --steps 5 --out grid.svg",
    ],
)
def test_options_of_ones_own_reach_their_part(tmp_path, monkeypatch, cli, line):
    (tmp_path / "n.py").write_text(SHARED)
    monkeypatch.chdir(tmp_path)
    code, _, err = cli(line)
    assert code == 0, err


SLOPPY = """
from stabcheck import Game, Method, State
from stabcheck.core.hyper import hyper
from dataclasses import dataclass

@dataclass(frozen=True)
class Lists(Game):
    a: float = 0.3
    dims = (1, 1)
    def equilibrium(self, xp, *t):
        return [0], [0]
    def losses(self, xp, x, y):
        return self.a * x[0] * y[0], -self.a * x[0] * y[0]

class Told(Lists):
    def equilibrium(self, xp, *t):
        return "0", "0"

class Many(Lists):
    def equilibrium(self, xp, *t):
        return [0, 0], [0]

class Complex(Lists):
    def losses(self, xp, x, y):
        return x[0] * y[0] + 0 * 1j, -x[0] * y[0]

class Turned(Method):
    def step(self, o, s):
        return s.x + 1j * o.v(s.x)

class Begun(Method):
    def init(self, o, x):
        return State(3)
    def step(self, o, s):
        return State(s.x)

@dataclass(frozen=True)
class Mine(Method):
    h: float = hyper("h")
    def step(self, o, s):
        return State(s.x + self.h * o.v(s.x))
"""


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("--game sloppy.py:Told", "an entry of Told.equilibrium must be a number, not str '0'"),
        ("--game sloppy.py:Many", "not a vector of 2, a vector of 1"),
        ("--game sloppy.py:Complex", "a loss of Complex is complex"),
        ("--method sloppy.py:Turned", "I is not real"),
        ("--method sloppy.py:Begun", "Begun.init returns int in its state where a vector belongs"),
        ("--method cycle:sloppy.py:Mine,other.py:Mine", "two of the chosen classes are called 'Mine'"),
    ],
)
def test_what_a_class_returns_is_looked_at(tmp_path, monkeypatch, cli, words, message):
    monkeypatch.chdir(tmp_path)
    for name in ("sloppy.py", "other.py"):
        (tmp_path / name).write_text(SLOPPY)
    code, out, err = cli(f"eigen {words}")
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert message in err


def test_lists_of_numbers_are_vectors(tmp_path, monkeypatch, cli):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sloppy.py").write_text(SLOPPY)
    code, out, _ = cli("eigen --game sloppy.py:Lists")
    assert code == 0
    assert "3/10" in out
    assert "agrees (symbolic, numeric, hand derivation)" in out
    assert cli("eigen --method cycle:sloppy.py:Mine,sloppy.py:Mine")[0] == 0
