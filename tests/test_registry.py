"""Laws over the registry: a covering sample, and everything behind a marker."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import combinations

import pytest

from stabcheck import Bilinear, analyse, registry, sweep
from stabcheck.analysis import Analysis
from stabcheck.assemble import assemble, slots
from stabcheck.errors import NotApplicable
from stabcheck.hyper import hyper
from stabcheck.penalties.penalty import Penalty


def check(combination):
    parts = assemble(combination)
    if combination.method == "ttur" and not curved(combination):
        with pytest.raises(NotApplicable, match="not isolated"):
            Analysis(parts.game, parts.operator).checked()
        return None
    result = Analysis(parts.game, parts.operator).checked()
    found = result.verify(points=2)
    assert found.status == "agrees", found.reason
    assert "numeric" in found.witnesses
    return found


def curved(c):
    """Whether the second player's loss bends in its own coordinates: else it has no best response."""
    bent = {"gp", "r2", "consensus", "noise", "wgan-gp"}
    return c.game == "quadratic" or bool(bent & set(c.penalties))


def name(c):
    return "-".join((c.game, c.loss or "-", *(c.penalties or ("none",)), c.method))


SAMPLE = list(sweep.covering())


@pytest.mark.parametrize("combination", SAMPLE, ids=name)
def test_sample_is_verified(combination):
    check(combination)


@pytest.mark.whole
@pytest.mark.parametrize("combination", list(sweep.every()), ids=name)
def test_everything_is_verified(combination):
    check(combination)


def test_sample_covers_every_pair():
    def pairs(found):
        rows = {(c.game, c.loss or "-", *(c.penalties or ("none",)), c.method) for c in found}
        return {pair for row in rows for pair in combinations(enumerate(row), 2)}

    assert pairs(SAMPLE) == pairs(sweep.every())
    assert len(SAMPLE) < len(list(sweep.every()))


def test_every_declaration_says_what_it_is():
    for kind in registry.KINDS:
        for cls in registry.known(kind).values():
            assert cls.formula, cls
            assert re.search(r"arXiv|\b(19|20)\d\d\b", cls.source), cls
            assert cls.__doc__, cls
            assert all(slot.row.help for slot in slots(cls, ("g", "d")))


def test_adding_a_penalty_touches_one_file(monkeypatch, tmp_path):
    """A new declaration is one file: dropped into the package, it is found, offered and verified."""
    (tmp_path / "ridge.py").write_text(
        '''
from dataclasses import dataclass
from stabcheck.hyper import NONNEGATIVE, hyper
from stabcheck.penalties.penalty import Penalty

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
    from stabcheck import penalties
    from stabcheck.cli.options import hyper_options

    monkeypatch.setattr(penalties, "__path__", [*penalties.__path__, str(tmp_path)])
    registry.known.cache_clear()
    try:
        assert "ridge" in registry.known("penalty")
        assert "ridge" in hyper_options()
        parts = assemble(sweep.Combination(penalties=("ridge",)), {"ridge": "1"})
        result = Analysis(parts.game, parts.operator).at(**parts.values)
        assert result.verdict == "stable"
        assert result.verify().status == "agrees"
    finally:
        registry.known.cache_clear()


def test_a_game_without_a_loss_joins_the_sweep(monkeypatch, tmp_path, capsys):
    (tmp_path / "duel.py").write_text(
        '''
from dataclasses import dataclass
from stabcheck.games.game import Game

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
    from stabcheck import games
    from stabcheck.cli.app import run

    monkeypatch.setattr(games, "__path__", [*games.__path__, str(tmp_path)])
    registry.known.cache_clear()
    try:
        assert run(["verify", "--game", "duel", "--method", "simgd"]) == 0
        out = capsys.readouterr().out
        assert "duel      -      none       simgd" in out
        assert "2 agrees" in out
        assert run(["verify", "--game", "duel", "--reg", "gp"]) == 2
        assert "some penalties need a GAN" in capsys.readouterr().err
        assert run(["eigen", "--game", "duel", "--reg", "gp"]) == 2
        assert "gp needs a GAN" in capsys.readouterr().err
        assert run(["eigen", "--game", "duel", "--method", "simgd", "--h-1", "1/2"]) == 0
        assert run(["eigen", "--game", "duel", "--loss", "gan"]) == 2
    finally:
        registry.known.cache_clear()


@dataclass(frozen=True)
class Unnamed(Penalty):
    gamma: object = hyper("gamma")


def test_a_declaration_without_a_name_stays_out_of_the_registry():
    assert Unnamed not in registry.known("penalty").values()
    assert Unnamed("gamma").label == "Unnamed"


@pytest.mark.parametrize("penalty", registry.known("penalty").values(), ids=lambda cls: cls.name)
def test_a_penalty_says_truly_which_games_it_needs(penalty):
    game = Bilinear() + penalty()
    if issubclass(Bilinear, penalty.needs):
        analyse(game)
    else:
        with pytest.raises(NotApplicable, match="needs a GAN"):
            analyse(game)
