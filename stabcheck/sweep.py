"""The registry as combinations to try: all of them, or a covering sample."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import combinations, cycle, product

from stabcheck import registry
from stabcheck.assemble import Combination
from stabcheck.games.game import GAN, Game
from stabcheck.penalties.penalty import Penalty

Row = tuple[str, str, str]


@cache
def rows() -> tuple[Row, ...]:
    """Game, loss (`-` for games that are no GAN) and penalty, as far as they go together."""
    losses = (*registry.known("loss"), "-")
    found = product(registry.known("game"), losses, ("none", *registry.known("penalty")))
    return tuple(row for row in found if _fits(*row))


def _fits(game: str, loss: str, penalty: str) -> bool:
    """A GAN has a loss, others none; a penalty may need a GAN."""
    cls = registry.find("game", game)
    added = Penalty if penalty == "none" else registry.find("penalty", penalty)
    needed = added.needs if issubclass(added, Penalty) else Game
    return issubclass(cls, GAN) == (loss != "-") and issubclass(cls, needed)


def combination(row: Row, method: str) -> Combination:
    """A row and a method as parts."""
    game, loss, penalty = row
    return Combination(game, None if loss == "-" else loss, () if penalty == "none" else (penalty,), method)


def default_loss(game: str) -> str:
    """The registry name of the loss that a game has where none is given."""
    declared = registry.find("game", game)()
    return getattr(getattr(declared, "loss", None), "name", "-")


def every() -> Iterator[Combination]:
    """Every game plain and under every penalty, times the methods; every loss with every penalty."""
    for row in rows():
        whole = row[1] == default_loss(row[0])
        if whole or row[0] == "dirac":
            methods = registry.known("method") if whole else ("flow",)
            yield from (combination(row, method) for method in methods)


def named(
    game: str | None, loss: str | None, penalty: str | None, method: str | None
) -> Iterator[Combination]:
    """Every combination that has the parts that are named; where no loss is, the default ones."""
    methods = registry.known("method") if method is None else (method,)
    for row in rows():
        fits = all(wanted in (None, name) for wanted, name in zip((game, loss, penalty), row, strict=True))
        if fits and (loss is not None or row[1] == default_loss(row[0])):
            yield from (combination(row, name) for name in methods)


def covering() -> Iterator[Combination]:
    """A few combinations in which every pair of a game, a loss and a penalty that fit appears.

    Each completes a pair not seen yet, so that it brings as many more as it can; the methods are
    dealt out in turn.
    """
    for row, method in zip(_covering_rows(), cycle(registry.known("method")), strict=False):
        yield combination(row, method)


def _covering_rows() -> Iterator[Row]:
    candidates = {row: pairs(row) for row in rows()}
    missing = dict.fromkeys(pair for found in candidates.values() for pair in sorted(found))
    by_pair: dict[object, list[Row]] = {pair: [] for pair in missing}
    for row, found in candidates.items():
        for pair in found:
            by_pair[pair].append(row)
    while missing:
        completing = by_pair[next(iter(missing))]
        best = max(completing, key=lambda row: sum(pair in missing for pair in candidates[row]))
        for pair in candidates[best]:
            missing.pop(pair, None)
        yield best


def pairs(row: tuple[str, ...]) -> set[tuple[tuple[int, str], ...]]:
    """The pairs of parts in a row, each with its place."""
    return set(combinations(enumerate(row), 2))
