"""Laws over the registry: a covering sample, and everything behind a marker."""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import dataclass

import jax
import numpy as np
import pytest

import stabcheck
from stabcheck import Bilinear, Flow, SimGD, analyse
from stabcheck.core import hyper
from stabcheck.core.errors import NotAnEquilibrium, NotApplicable
from stabcheck.declare import registry
from stabcheck.declare.combination import assemble
from stabcheck.declare.games.game import Penalty
from stabcheck.declare.slots import slots
from stabcheck.judge.analysis import Analysis
from stabcheck.numeric import update as numeric
from stabcheck.study import combinations
from stabcheck.verify.witnesses import draw
from tests.dealt import dealt


def check(combination):
    """A combination is verified, or refused with a reason that the numbers bear out."""
    assembly = assemble(combination)
    observed = outcome(Analysis(assembly.game, assembly.operator))
    if isinstance(observed, NotAnEquilibrium):
        assert moves(assembly.game, projected="projection" in str(observed)), observed
    elif isinstance(observed, NotApplicable):
        assert inapplicable(combination, assembly.game), observed
    elif observed.status == "skipped" and "whether there is a kink" in observed.reason:
        values = draw(hyper.symbols(assembly.game, assembly.operator), random.Random(0))
        assert outcome(analyse(assembly.game, assembly.operator, **values)).status == "agrees"
    elif observed.status == "skipped":
        assert observed.reason.startswith("the sub-steps make formulas too long to read")
    else:
        assert observed.status == "agrees", observed.reason
        assert "numeric" in observed.witnesses


def outcome(analysis):
    try:
        return analysis.checked().verify(points=2)
    except (NotAnEquilibrium, NotApplicable) as refusal:
        return refusal


def moves(game, *, projected):
    """Whether JAX, too, finds that the game does not rest at its declared equilibrium."""
    rng = random.Random(0)
    values = {name: float(value) for name, value in draw(hyper.symbols(game), rng).items()}
    if projected:
        # A narrow clipping band; inside a wide one the game rests.
        values["w"] = 1 / 64
    with jax.enable_x64(True):
        step, at_rest = numeric.operator_map(game, SimGD(1), values)
        moved = np.abs(np.asarray(step(at_rest) - at_rest)).max()
    # Where a mean diverges it is no number, and does not vanish either.
    return not moved <= 1e-9


def inapplicable(c, game):
    """Whether the parts have no meaning together."""
    if c.method == "ttur":
        values = {name: [float(v)] for name, v in draw(hyper.symbols(game), random.Random(0)).items()}
        own = numeric.linearise(game, Flow(), values).jacobian[0][-game.dims[-1] :, -game.dims[-1] :]
        return abs(np.linalg.det(own)) < 1e-12
    pairs = c.loss == "rpgan" and "smoothing" in c.penalties
    without = {"two-modes", "many-generators"}
    return pairs or ("mode" in c.penalties and c.game in without)


def name(c):
    return "-".join((c.game, c.loss or "-", *(c.penalties or ("none",)), c.method))


SAMPLE = list(combinations.covering())


@pytest.mark.parametrize("combination", dealt(SAMPLE, 60), ids=name)
def test_sample_is_verified(combination):
    check(combination)


@pytest.mark.whole
@pytest.mark.parametrize("combination", list(combinations.every()), ids=name)
def test_everything_is_verified(combination):
    check(combination)


def test_every_game_meets_every_penalty_and_loss_in_the_sample():
    computed = [(c.game, c.loss or "-", *(c.penalties or ("none",))) for c in SAMPLE]
    assert {row[:2] for row in computed} == {row[:2] for row in combinations.rows()}
    assert {row[::2] for row in computed} == {row[::2] for row in combinations.rows()}
    assert len(SAMPLE) < len(combinations.rows()) / 10


def test_methods_are_dealt_evenly():
    counts = Counter(c.method for c in SAMPLE)
    assert set(counts) == set(registry.declarations("method"))
    assert max(counts.values()) <= 2 * min(counts.values())
    assert all(
        len({c.method for c in SAMPLE if c.game == game}) >= 3 for game in registry.declarations("game")
    )


def test_everything_is_every_game_under_every_penalty_and_method():
    computed = {(c.game, c.penalties, c.method) for c in combinations.every()}
    rows = {(game, () if penalty == "none" else (penalty,)) for game, _, penalty in combinations.rows()}
    assert computed == {(*row, method) for row in rows for method in registry.declarations("method")}
    on_dirac = {(c.loss, *(c.penalties or ("none",))) for c in combinations.every() if c.game == "dirac"}
    assert on_dirac == {row[1:] for row in combinations.rows() if row[0] == "dirac"}


def test_every_declaration_says_what_it_is():
    for kind in registry.KINDS:
        for cls in registry.declarations(kind).values():
            assert cls.formula, cls
            assert re.search(r"arXiv|\b(1[89]|20)\d\d\b", cls.source), cls
            assert cls.__doc__, cls
            assert all(slot.row.help for slot in slots(cls, ("g", "d")))


def test_adding_a_penalty_touches_one_file(adding, tmp_path):
    """A new declaration is one file: dropped into the package, it is found, offered and verified."""
    (tmp_path / "ridge.py").write_text(
        '''
from dataclasses import dataclass
from stabcheck.core.hyper import NONNEGATIVE, hyper
from stabcheck.declare.games.game import Penalty

@dataclass(frozen=True)
class Ridge(Penalty):
    """`L_D += ridge/2 |psi|^2`."""
    ridge: object = hyper("ridge", domain=NONNEGATIVE, help="strength")
    name = "ridge"
    formula = "L_D += ridge/2 |psi|^2"
    source = "a test, 2026"

    def losses(self, xp, game, losses):
        def penalised(theta, psi):
            generator, critic = losses(theta, psi)
            return generator, critic + self.ridge / 2 * (psi @ psi)
        return penalised
'''
    )
    from stabcheck.declare import penalties

    adding(penalties, tmp_path)
    assert "ridge" in registry.declarations("penalty")
    assembly = assemble(combinations.Combination(penalties=("ridge",)), {"ridge": "1"})
    result = Analysis(assembly.game, assembly.operator).at(**assembly.values)
    assert result.verdict == "stable"
    assert result.verify().status == "agrees"


NEW = {
    "loss": '''
from dataclasses import dataclass
from stabcheck.declare.losses.loss import ZeroSum

@dataclass(frozen=True)
class Sine(ZeroSum):
    """`f(t) = t - t^2`."""
    name = "sine"
    formula = "f(t) = t - t^2"
    source = "a test, 2026"

    def f(self, xp, t):
        return t - t * t
''',
    "game": '''
from dataclasses import dataclass
from stabcheck.declare.games.pair import Pair

@dataclass(frozen=True)
class Saddle(Pair):
    """`min_x max_y x^2 + x y - y^2`."""
    name = "saddle"
    formula = "x^2 + x y - y^2"
    source = "a test, 2026"

    def value(self, x, y):
        return x * x + x * y - y * y
''',
}


@pytest.mark.parametrize("kind", NEW)
def test_adding_a_loss_or_a_game_touches_one_file(kind, adding, tmp_path, capsys):
    """One file among its kind: then it is known, public, listed, swept and verified."""
    from stabcheck.cli.app import run
    from stabcheck.declare import games, losses

    before, room = set(registry.declarations(kind)), {"game": games, "loss": losses}[kind]
    (tmp_path / f"a_new_{kind}.py").write_text(NEW[kind])
    adding(room, tmp_path)
    (name,) = set(registry.declarations(kind)) - before
    assert name.capitalize() in dir(stabcheck)
    assert getattr(stabcheck, name.capitalize()).name == name
    assert any(name in row for row in combinations.rows())
    given = ["--loss", name] if kind == "loss" else ["--game", name]
    assert run(["eigen", *given, "--method", "simgd", "--h", "1/4"]) == 0
    assert "agrees" in capsys.readouterr().out
    assert run(["list"]) == 0
    assert f"  {name} " in capsys.readouterr().out
    assert len(list(tmp_path.glob("*.py"))) == 1


def test_a_game_without_a_loss_joins_the_sweep(adding, tmp_path, capsys):
    (tmp_path / "duel.py").write_text(
        '''
from dataclasses import dataclass
from stabcheck.declare.games.game import Game

@dataclass(frozen=True)
class Duel(Game):
    """`min_x max_y x y`."""
    name = "duel"
    formula = "x y"
    source = "a test, 2026"
    dims = (1, 1)

    def equilibrium(self, xp, *t):
        return xp.zeros(1), xp.zeros(1)

    def losses(self, xp, *x):
        (a,), (b,) = x
        return a * b, -a * b
'''
    )
    from stabcheck.cli.app import run
    from stabcheck.declare import games

    adding(games, tmp_path)
    assert run(["verify", "--game", "duel", "--method", "simgd"]) == 0
    out = capsys.readouterr().out
    assert "duel - none simgd" in out
    assert "3 agrees" in out
    assert run(["verify", "--game", "duel", "--reg", "gp"]) == 2
    assert "some penalties need a GAN" in capsys.readouterr().err
    assert run(["eigen", "--game", "duel", "--reg", "gp"]) == 2
    assert "gp needs a GAN" in capsys.readouterr().err
    assert run(["eigen", "--game", "duel", "--method", "simgd", "--h-1", "1/2"]) == 0
    assert run(["eigen", "--game", "duel", "--loss", "gan"]) == 2


@dataclass(frozen=True)
class Unnamed(Penalty):
    gamma: object = hyper.hyper("gamma")


def test_a_declaration_without_a_name_stays_out_of_the_registry():
    assert Unnamed not in registry.declarations("penalty").values()
    assert Unnamed("gamma").label == "Unnamed"


@pytest.mark.parametrize("penalty", registry.declarations("penalty").values(), ids=lambda cls: cls.name)
def test_a_penalty_says_truly_which_games_it_needs(penalty):
    game = Bilinear() + penalty()
    if issubclass(Bilinear, penalty.needs):
        analyse(game)
    else:
        with pytest.raises(NotApplicable, match="needs a GAN"):
            analyse(game)
