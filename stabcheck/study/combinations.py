"""The registry as combinations to try: all of them, or a covering sample."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import product

from stabcheck.declare import lookup, registry
from stabcheck.declare.combination import Combination
from stabcheck.declare.games.field import Field, Map
from stabcheck.declare.games.game import Game, Penalty
from stabcheck.declare.games.gan import GAN

Row = tuple[str, str, str]
Only = tuple[str | None, str | None, str | None, str | None]
"""Game, loss, penalty and method, as far as they are named."""
NEEDS = "a GAN has a loss, other games none; some penalties need a GAN, all of them losses"


def rows() -> tuple[Row, ...]:
    """Game, loss (`-` for games that are no GAN) and penalty, as far as they go together."""
    losses = (*registry.declarations("loss"), "-")
    triples = product(registry.declarations("game"), losses, ("none", *registry.declarations("penalty")))
    return tuple(row for row in triples if _fits(*row))


def _fits(game: str, loss: str, penalty: str) -> bool:
    """A GAN has a loss, others none but their own default; a penalty may need a GAN, and always losses."""
    cls = lookup.find("game", game)
    if penalty != "none" and issubclass(cls, Field):
        return False
    added = Penalty if penalty == "none" else lookup.find("penalty", penalty)
    needed = added.needs if issubclass(added, Penalty) else Game
    return issubclass(cls, needed) and (plain_loss(game) == "-" if loss == "-" else issubclass(cls, GAN))


def combination(row: Row, method: str) -> Combination:
    """A row and a method as parts."""
    game, loss, penalty = row
    return Combination(game, None if loss == "-" else loss, () if penalty == "none" else (penalty,), method)


def plain_loss(game: str) -> str:
    """The loss that a game has where none is given; `-` for none, and for one that the registry has not."""
    return lookup.loss_name(lookup.own_loss(lookup.find("game", game))) or "-"


def plain_losses() -> set[tuple[str, str]]:
    """Each game with the loss that it has where none is given."""
    return {(game, plain_loss(game)) for game in registry.declarations("game")}


def every() -> Iterator[Combination]:
    """Every game plain and under every penalty, times the methods; every loss with every penalty."""
    plain = plain_losses()
    for row in rows():
        if row[:2] in plain:
            yield from (combination(row, method) for method in registry.declarations("method"))
        elif row[0] == "dirac":
            yield combination(row, "flow")


def named(
    game: str | None, loss: str | None, penalty: str | None, method: str | None
) -> Iterator[Combination]:
    """Every combination that has the parts that are named; where no loss is, the default ones.

    A part may be in a file, as `lookup` reads it.
    """
    games = registry.declarations("game") if game is None else (game,)
    losses = (*registry.declarations("loss"), "-") if loss is None else (loss,)
    penalties = ("none", *registry.declarations("penalty")) if penalty is None else (penalty,)
    plain = {name: plain_loss(name) for name in games}
    for row in product(games, losses, penalties):
        if (loss is not None or row[1] == plain[row[0]]) and _fits(*row):
            yield from (combination(row, name) for name in _steps(row[0], method))


def _steps(game: str, method: str | None) -> Iterable[str]:
    """The methods that a game meets, where one may be named: all, or of a map its own step."""
    if method is not None:
        return (method,)
    return ("map",) if issubclass(lookup.find("game", game), Map) else registry.declarations("method")


def resolved(game: str | None, loss: str | None, penalty: str | None, method: str | None) -> Only:
    """The parts that are named, each with its alias resolved.

    Raises:
        BadInput: if there is no such part.
    """
    chain = None if method is None else ":".join(_full_name("method", link) for link in lookup.links(method))
    kinds = (("game", game), ("loss", loss), ("penalty", penalty))
    names = [None if name is None else _full_name(kind, name) for kind, name in kinds]
    return names[0], names[1], names[2], chain


def _full_name(kind: str, name: str) -> str:
    return name if name == "none" and kind == "penalty" else lookup.spelled(name, lookup.find(kind, name))


def covering() -> Iterator[Combination]:
    """A few combinations in which every game meets every penalty and every loss that fit it.

    Each row completes a pair not seen yet, so that it brings as many more as it can, and joins a
    loss with a penalty that it has met least. So are methods dealt to the parts.
    """
    met: Counter[tuple[str, str]] = Counter()
    for row in _covering_rows():
        declared = (*row, "any part")
        method = min(
            registry.declarations("method"), key=lambda name: sum(met[part, name] for part in declared)
        )
        met.update((part, method) for part in declared)
        yield combination(row, method)


def _covering_rows() -> Iterator[Row]:
    candidates = {row: pairs(row) for row in rows()}
    missing = dict.fromkeys(pair for its_pairs in candidates.values() for pair in its_pairs)
    by_pair: dict[object, list[Row]] = {pair: [] for pair in missing}
    for row, its_pairs in candidates.items():
        for pair in its_pairs:
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
