"""The registry as combinations to try: all of them, or a covering sample."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import product

from stabcheck import registry
from stabcheck.assemble import Combination
from stabcheck.games.game import GAN, Game
from stabcheck.penalties.penalty import Penalty

Row = tuple[str, str, str]


def rows() -> tuple[Row, ...]:
    """Game, loss (`-` for games that are no GAN) and penalty, as far as they go together."""
    losses = (*registry.known("loss"), "-")
    found = product(registry.known("game"), losses, ("none", *registry.known("penalty")))
    return tuple(row for row in found if _fits(*row))


def _fits(game: str, loss: str, penalty: str) -> bool:
    """A GAN has a loss, others none; a penalty may need a GAN."""
    cls = registry.known("game")[game]
    added = Penalty if penalty == "none" else registry.known("penalty")[penalty]
    needed = added.needs if issubclass(added, Penalty) else Game
    return issubclass(cls, GAN) == (loss != "-") and issubclass(cls, needed)


def combination(row: Row, method: str) -> Combination:
    """A row and a method as parts."""
    game, loss, penalty = row
    return Combination(game, None if loss == "-" else loss, () if penalty == "none" else (penalty,), method)


def plain_losses() -> set[tuple[str, str]]:
    """Each game with the loss that it has where none is given."""
    games = {name: cls() for name, cls in registry.known("game").items()}
    return {(name, getattr(getattr(game, "loss", None), "name", "-")) for name, game in games.items()}


def every() -> Iterator[Combination]:
    """Every game plain and under every penalty, times the methods; every loss with every penalty."""
    plain = plain_losses()
    for row in rows():
        if row[:2] in plain:
            yield from (combination(row, method) for method in registry.known("method"))
        elif row[0] == "dirac":
            yield combination(row, "flow")


def named(
    game: str | None, loss: str | None, penalty: str | None, method: str | None
) -> Iterator[Combination]:
    """Every combination that has the parts that are named; where no loss is, the default ones."""
    plain, methods = plain_losses(), registry.known("method") if method is None else (method,)
    for row in rows():
        fits = all(wanted in (None, name) for wanted, name in zip((game, loss, penalty), row, strict=True))
        if fits and (loss is not None or row[:2] in plain):
            yield from (combination(row, name) for name in methods)


def covering() -> Iterator[Combination]:
    """A few combinations in which every game meets every penalty and every loss that fit it.

    Each row completes a pair not seen yet, so that it brings as many more as it can, and joins a
    loss with a penalty that it has met least. So are methods dealt to the parts.
    """
    met: Counter[tuple[str, str]] = Counter()
    for row in _covering_rows():
        parts = (*row, "any part")
        method = min(registry.known("method"), key=lambda name: sum(met[part, name] for part in parts))
        met.update((part, method) for part in parts)
        yield combination(row, method)


def _covering_rows() -> Iterator[Row]:
    candidates = {row: pairs(row) for row in rows()}
    missing = dict.fromkeys(pair for found in candidates.values() for pair in found)
    by_pair: dict[object, list[Row]] = {pair: [] for pair in missing}
    for row, found in candidates.items():
        for pair in found:
            by_pair[pair].append(row)
    met: Counter[tuple[str, str]] = Counter()

    def worth(row: Row) -> tuple[int, int]:
        return sum(pair in missing for pair in candidates[row]), -met[row[1:]]

    while missing:
        best = max(by_pair[next(iter(missing))], key=worth)
        met[best[1:]] += 1
        for pair in candidates[best]:
            missing.pop(pair, None)
        yield best


def pairs(row: Row) -> tuple[tuple[str, str], ...]:
    """The game with the loss, and with the penalty."""
    game, loss, penalty = row
    return (game, loss), (game, penalty)
