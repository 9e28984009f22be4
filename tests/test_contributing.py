"""The contributor's page is followed to the letter: one file for the product, one statement for the tests."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from stabcheck import Random, analyse
from stabcheck.declare import games, losses, methods, penalties, registry
from stabcheck.declare.combination import Combination, assemble
from stabcheck.declare.question import Question
from stabcheck.numeric.update import linearise
from tests import second
from tests.reference import chains
from tests.reference import games as stated_games
from tests.reference import losses as stated_losses
from tests.reference import penalties as stated_penalties
from tests.reference.games import PLAIN
from tests.reference.losses import LOSSES
from tests.reference.penalties import PENALTIES

PAGE = (Path(__file__).parents[1] / "docs" / "contributing.md").read_text()
SECTIONS = dict(zip(*[iter(re.split(r"^## (.*)$", PAGE, flags=re.MULTILINE)[1:])] * 2, strict=True))
KINDS = {
    "game": (games, stated_games, PLAIN),
    "loss": (losses, stated_losses, LOSSES),
    "penalty": (penalties, stated_penalties, PENALTIES),
    "method": (methods, chains, chains.METHODS),
}
COMBINED = [
    Combination("duel", None, ("tether",), "twice"),
    Combination("dirac", "bent", ("tether",), "twice"),
    Combination("gaussian", "bent", (), "simgd"),
    Combination("duel", None, (), "ogda"),
]


@pytest.fixture
def followed(tmp_path, monkeypatch, adding):
    """All four parts of the page, each put where the page says."""
    for kind, (room, statements, table) in KINDS.items():
        section = SECTIONS[f"A {kind}"]
        declaration, statement = re.findall(r"```python\n(.*?)```", section, re.DOTALL)
        (path,) = re.findall(r"`(stabcheck/declare/[a-z]+/[a-z]+\.py)`", section)
        folder = tmp_path / kind
        folder.mkdir()
        (folder / Path(path).name).write_text(declaration)
        assert room.__name__.replace(".", "/") == str(Path(path).parent)
        adding(room, folder)
        names = dict(vars(statements))
        exec(compile(statement, "contributing.md", "exec"), names)  # noqa: S102 (our own page)
        name = Path(path).stem
        monkeypatch.setitem(table, name, names[name])


def agrees(combination):
    parts = assemble(combination)
    values = {name: float(value) / 3 for name, value in Question.of(combination).typical.items()}
    found = linearise(parts.game, parts.operator, {name: [value] for name, value in values.items()})
    stated = second.step_of(parts.operator, values)(second.game_of(parts.game, values))
    np.testing.assert_allclose(found.jacobian[0], stated, rtol=1e-11, atol=1e-11)


@pytest.mark.parametrize("combination", COMBINED, ids=str)
def test_what_the_page_adds_agrees_with_what_it_adds_to_the_tests(followed, combination):
    agrees(combination)


def test_a_wrong_second_statement_is_seen(followed, monkeypatch):
    monkeypatch.setitem(PENALTIES, "tether", lambda game, pull: game)
    with pytest.raises(AssertionError, match="Not equal to tolerance"):
        agrees(COMBINED[0])


def test_the_command_of_the_page_answers(followed, cli):
    code, out, _ = cli("eigen --game duel --reg tether --method twice --pull 1 --h 1/4")
    assert code == 0
    assert "agrees" in out
    assert "x' = x + h v(x), x+ = x' + h v(x')" in cli("list twice")[1]


def test_rooms_of_the_page_are_those_there_are():
    from tests.test_rooms import ROOMS

    assert re.findall(r"^\| `([a-z]+)` \|", PAGE, re.MULTILINE) == ROOMS


def test_a_method_of_the_page_steps_a_random_game(followed):
    method = registry.declarations("method")["twice"]("1/8")
    found, plain = (
        analyse(Random(1), m).update_matrix for m in (method, registry.declarations("method")["simgd"]("1/8"))
    )
    assert found == plain * plain
