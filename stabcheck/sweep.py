"""The registry as combinations to try: all of them, or a covering sample."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product

from stabcheck import registry
from stabcheck.assemble import Combination
from stabcheck.games.game import GAN, Game
from stabcheck.penalties.penalty import Penalty


def axes() -> tuple[tuple[str, ...], ...]:
    """The names along each axis: games, losses (`-` for games that are no GAN), penalties, methods."""
    games, losses, penalties, methods = (
        tuple(registry.known(kind)) for kind in ("game", "loss", "penalty", "method")
    )
    return games, (*losses, "-"), ("none", *penalties), methods


def rows() -> list[tuple[str, ...]]:
    """The product of the axes, as far as the parts go together."""
    return [row for row in product(*axes()) if _fits(*row)]


def _fits(game: str, loss: str, penalty: str, method: str) -> bool:
    """A GAN has a loss, others none; a penalty may need a GAN."""
    del method
    cls = registry.find("game", game)
    added = Penalty if penalty == "none" else registry.find("penalty", penalty)
    needed = added.needs if issubclass(added, Penalty) else Game
    return issubclass(cls, GAN) == (loss != "-") and issubclass(cls, needed)


def combination(row: tuple[str, ...]) -> Combination:
    """A row as parts."""
    game, loss, penalty, method = row
    return Combination(game, None if loss == "-" else loss, () if penalty == "none" else (penalty,), method)


def every() -> Iterator[Combination]:
    """All combinations."""
    return map(combination, rows())


def covering() -> Iterator[Combination]:
    """A few combinations in which every pair of names that go together appears.

    Greedy: again and again the row that brings most pairs not seen yet.
    """
    candidates = {row: _pairs(row) for row in rows()}
    missing = set().union(*candidates.values())
    while missing:
        best = max(candidates, key=lambda row: len(missing & candidates[row]))
        missing -= candidates.pop(best)
        yield combination(best)


def _pairs(row: tuple[str, ...]) -> set[tuple[tuple[int, str], ...]]:
    return set(combinations(enumerate(row), 2))
