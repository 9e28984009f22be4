"""Random games whose declared equilibrium is right are accepted; moved by 10^-6, each is refused."""

from __future__ import annotations

import pytest

from stabcheck import analyse
from stabcheck.core.errors import NotAnEquilibrium
from stabcheck.declare.file.gamefile import load
from tests.dealt import dealt
from tests.random_games import drawn

FEW, MANY = 15, 2000


def seeds(count):
    return [pytest.param(k, marks=() if k < count else pytest.mark.whole) for k in range(MANY)]


def game(tmp_path, seed, **how):
    path = tmp_path / "drawn.toml"
    path.write_text(drawn(seed, **how).text())
    return load(path)()


@pytest.mark.parametrize("seed", dealt(seeds(FEW), 5))
def test_a_right_equilibrium_is_accepted(tmp_path, seed):
    result = analyse(game(tmp_path, seed))
    assert not result.doubts
    assert "vector field" in str(result)


@pytest.mark.parametrize("seed", dealt(seeds(FEW), 5))
def test_a_moved_one_is_refused(tmp_path, seed):
    with pytest.raises(NotAnEquilibrium, match="the declared equilibrium is none"):
        analyse(game(tmp_path, seed, moved=True))
