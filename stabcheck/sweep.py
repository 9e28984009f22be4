"""The registry as combinations to try: all of them, or a covering sample."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product

from stabcheck import registry
from stabcheck.assemble import Combination
from stabcheck.games.game import GAN


def axes() -> tuple[tuple[str, ...], ...]:
    """The names along each axis: games, losses (`-` for games that are no GAN), penalties, methods."""
    games, losses, penalties, methods = (
        tuple(registry.known(kind)) for kind in ("game", "loss", "penalty", "method")
    )
    return games, (*losses, "-"), ("none", *penalties), methods


def rows() -> list[tuple[str, ...]]:
    """The product of the axes, as far as the parts go together: a GAN has a loss, others none."""
    gans = {name for name, cls in registry.known("game").items() if issubclass(cls, GAN)}
    return [row for row in product(*axes()) if (row[0] in gans) == (row[1] != "-")]


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
    candidates = rows()
    missing = {pair for row in candidates for pair in _pairs(row)}
    while missing:
        best = max(candidates, key=lambda row: len(missing.intersection(_pairs(row))))
        missing.difference_update(_pairs(best))
        yield combination(best)


def _pairs(row: tuple[str, ...]) -> set[tuple[tuple[int, str], ...]]:
    return set(combinations(enumerate(row), 2))
