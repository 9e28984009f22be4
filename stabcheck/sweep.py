"""The registry as combinations to try: all of them, or a covering sample."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product

from stabcheck import registry
from stabcheck.assemble import Combination


def axes() -> tuple[tuple[str, ...], ...]:
    """The names along each axis: games, losses, penalties (with none), methods."""
    games, losses, penalties, methods = (
        tuple(registry.known(kind)) for kind in ("game", "loss", "penalty", "method")
    )
    return games, losses, ("none", *penalties), methods


def combination(row: tuple[str, ...]) -> Combination:
    """A row of the product of the axes as parts."""
    game, loss, penalty, method = row
    return Combination(game, loss, () if penalty == "none" else (penalty,), method)


def every() -> Iterator[Combination]:
    """The whole product of the axes."""
    return map(combination, product(*axes()))


def covering() -> Iterator[Combination]:
    """A few combinations in which every pair of names from two axes appears.

    Greedy: again and again the row that brings most pairs not seen yet.
    """
    rows = list(product(*axes()))
    missing = {pair for row in rows for pair in _pairs(row)}
    while missing:
        best = max(rows, key=lambda row: len(missing.intersection(_pairs(row))))
        missing.difference_update(_pairs(best))
        yield combination(best)


def _pairs(row: tuple[str, ...]) -> set[tuple[tuple[int, str], ...]]:
    return set(combinations(enumerate(row), 2))
