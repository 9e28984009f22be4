"""From names to declarations: what the command line and the sweeps over the registry say.

Every hyperparameter becomes a symbol, also one that is given a value, so that formulas stay
general; the values are kept beside them. Only where nothing is given and a default exists, the
default is built in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from stabcheck.core.errors import BadInput, NotApplicable, nearest_name
from stabcheck.core.hyper import (
    Declaration,
    Hyper,
    hyper_fields,
    title,
)
from stabcheck.declare import chain, lookup, registry
from stabcheck.declare.building import Builder
from stabcheck.declare.chain import Chain
from stabcheck.declare.games.field import Map
from stabcheck.declare.games.game import Game
from stabcheck.declare.games.gan import GAN
from stabcheck.declare.losses.loss import Loss
from stabcheck.declare.methods.iteration import Iteration
from stabcheck.declare.methods.method import Operator
from stabcheck.declare.slots import Slot, slots

FLOW = "flow"
"""What a game is under where no method is chosen."""


@dataclass(frozen=True)
class Combination:
    """The parts chosen, by registry name or file, as `lookup` reads them.

    Attributes:
        game, penalties: names.
        loss: for GANs only; `None` for their default.
        method: a name, or for methods around others a chain, outermost first:
            `lookahead:altgd`; `None` for the flow, or a map's own step.
    """

    game: str = "dirac"
    loss: str | None = None
    penalties: tuple[str, ...] = ()
    method: str | None = None


@dataclass(frozen=True)
class Assembly:
    """The parts as declarations.

    Attributes:
        combination: the parts by their registry names, aliases and defaults resolved.
        game: the game with its penalties, hyperparameters open.
        operator: the method or the flow, hyperparameters open.
        values: what is known of the open names.
        given: everything that was said, by full name, as text.
    """

    combination: Combination
    game: Game
    operator: Operator
    values: Mapping[str, Fraction]
    given: Mapping[str, str]

    @property
    def method(self) -> str:
        """The chain of methods, by their registry names."""
        return _chosen(self.combination)


def assemble(combination: Combination, given: Mapping[str, str] | None = None) -> Assembly:
    """The declarations of a combination, with what was given for their hyperparameters.

    Args:
        combination: the parts.
        given: text by name, `gamma`, `h_g` or `h.g`, or spelled with its owner, `gp.gamma`.

    Raises:
        BadInput: for unknown names, values outside their domain, names that nothing chosen
            owns or that several own, and two values for one.
    """
    game_class, loss_class, penalties, methods = _classes(combination)
    if issubclass(game_class, Map):
        _refuse_method(title(game_class), combination.method)
    classes = [game_class, *filter(None, [loss_class]), *penalties, *methods.classes]
    players = _players(game_class)
    common = in_common(classes, methods.turns)
    assignments = _placed(given or {}, [s for part in classes for s in slots(part, players)], common)
    apart = {name for name in common if any(_in_full(text, name, classes) for text in given or {})}
    builder = Builder(assignments, players, namesakes(classes, common - apart))
    default = lookup.own_loss(game_class) if combination.loss is None else None
    loss = {"loss": builder.build(loss_class, default)} if loss_class else {}
    game = builder.build(game_class, **loss)
    for penalty in penalties:
        game = game + builder.build(penalty)
    operator = methods.build(builder)
    resolved = _resolved(combination, game_class, loss_class, penalties, methods)
    if game.own_step:
        resolved = replace(resolved, method=operator.chain)
    return Assembly(resolved, game, operator, builder.values, builder.given)


def _resolved(c: Combination, game: Any, loss: Any, penalties: Sequence[Any], methods: Chain) -> Combination:
    """The same parts, with aliases and defaults resolved."""
    names = [name for name in c.penalties if name.lower() != "none"]
    return Combination(
        lookup.spelled(c.game, game),
        lookup.loss_name(lookup.own_loss(game)) if c.loss is None else lookup.spelled(c.loss, loss),
        tuple(map(lookup.spelled, names, penalties)),
        methods.text,
    )


def _chosen(c: Combination) -> str:
    return FLOW if c.method is None else c.method


def _refuse_method(name: str, method: str | None) -> None:
    """Raises:
    NotApplicable: for a method on a map.
    """
    if method not in (None, "map"):
        raise NotApplicable(f"{name} is a map, which is its own step; leave the method '{method}' out")


def has_files(c: Combination) -> bool:
    """Whether a part is from a file of the person's own, or a matrix."""
    return any(map(lookup.is_file, (c.game, c.loss or "", *c.penalties))) or chain.has_files(_chosen(c))


def places(combination: Combination) -> list[Slot]:
    """Every place for a value that the parts of a combination have."""
    game, loss, penalties, methods = _classes(combination)
    players = _players(game)
    classes = (game, *filter(None, [loss]), *penalties, *methods.classes)
    return [slot for part in classes for slot in slots(part, players)]


def shared_out(
    combinations: Sequence[Combination], given: Mapping[str, str]
) -> list[tuple[Combination, dict[str, str]]]:
    """Several combinations, each with those of the values for which it has a place.

    Raises:
        BadInput: for a name for which none has.
    """
    names = {c: owned(c) for c in combinations}
    for name in given:
        if not any(name in owned_names for owned_names in names.values()):
            raise unowned(name, [slot for c in names for slot in places(c)])
    return [(c, {n: text for n, text in given.items() if n in names[c]}) for c in combinations]


def owned(combination: Combination) -> set[str]:
    """The names, short and in full, for which the parts of a combination have a place."""
    return {name for slot in places(combination) for name in (*slot.names, *slot.keys)}


def _in_full(text: str, name: str, classes: Sequence[type[Declaration]]) -> bool:
    """Whether a text is a hyperparameter's name with its owner."""
    return any(slot.row.name == name and text in slot.keys for part in classes for slot in slots(part, ()))


def namesakes(classes: Sequence[type[Declaration]], common: Collection[str]) -> dict[str, int]:
    """How many of the parts have a hyperparameter of each name; what is common to several counts once."""
    names = Counter(row.name for part in classes for _, row in hyper_fields(part))
    return {name: 1 if name in common else count for name, count in names.items()}


def in_common(classes: Sequence[type[Declaration]], turns: Sequence[type[Declaration]]) -> set[str]:
    """The names that several methods of a cycle have with one meaning, and no other part has."""
    rows: dict[str, list[tuple[bool, Hyper]]] = {}
    for part in classes:
        for _, row in hyper_fields(part):
            rows.setdefault(row.name, []).append((part in turns, replace(row, owner="")))
    return {
        name
        for name, uses in rows.items()
        if len(uses) > 1 and all(pair == (True, uses[0][1]) for pair in uses)
    }


def _classes(c: Combination) -> tuple[Any, Any, list[Any], Chain]:
    game = lookup.find("game", c.game)
    if c.loss is not None and not issubclass(game, GAN):
        raise BadInput(f"{title(game)} is no GAN and takes no loss; leave '{c.loss}' out")
    loss = _loss(game) if c.loss is None else lookup.find("loss", c.loss)
    chosen = [lookup.find("penalty", name) for name in c.penalties if name.lower() != "none"]
    methods = Chain(Iteration, "map") if issubclass(game, Map) else Chain.of(_chosen(c))
    _refuse_namesakes([game, *filter(None, [loss]), *chosen, *methods.classes])
    for cls, count in Counter(chosen).items():
        if count > 1:
            raise BadInput(f"penalty '{title(cls)}' is given {count} times; give it once")
    return game, loss, chosen, methods


def _refuse_namesakes(classes: Sequence[type[Declaration]]) -> None:
    """Raises:
    BadInput: if two classes have one name, by which values are given to them.
    """
    by_name: dict[str, type[Declaration]] = {}
    for cls in classes:
        if by_name.setdefault(title(cls), cls) is not cls:
            raise BadInput(f"two of the chosen classes are called '{title(cls)}'; rename one of them")


def _loss(game: type[Declaration]) -> type[Loss] | None:
    own = lookup.own_loss(game)
    return None if own is None else type(own)


def _placed(
    given: Mapping[str, str], places: Sequence[Slot], common: Collection[str] = ()
) -> dict[Slot, str]:
    """Each text with the one place that it is for, or with all of them where these have it in common."""
    assignments: dict[Slot, str] = {}
    for name, text in given.items():
        fitting = [slot for slot in places if slot.meant(name)]
        if not fitting:
            raise unowned(name, places)
        if len(fitting) > 1 and fitting[0].row.name not in common:
            spelled = " ".join(f"--{slot.key} {text}" for slot in fitting)
            raise BadInput(f"several of the chosen parts have {name}; say which: {spelled}")
        for slot in fitting:
            _refuse_rivals(slot, assignments)
            assignments[slot] = text
    return assignments


def _refuse_rivals(slot: Slot, assignments: Mapping[Slot, str]) -> None:
    """Raises:
    BadInput: if something else was said for this place.
    """
    rivals = [other for other in assignments if (other.part, other.field) == (slot.part, slot.field)]
    if slot in rivals:
        raise BadInput(f"two values are given for {slot.key}; give one")
    if any(not other.player or not slot.player for other in rivals):
        raise BadInput(f"{slot.row.name} is given both for all players and for one; use one form")


class UnknownName(BadInput):
    """A name that nothing has.

    Attributes:
        name: the name.
        choices: the names that there are.
        having: what the chosen parts have, in words.
    """

    def __init__(self, name: str, choices: Collection[str], having: str) -> None:
        self.name, self.choices, self.having = name, choices, having
        near = nearest_name(name, choices)
        hint = f"did you mean '{near}'? " if near else ""
        super().__init__(f"unknown hyperparameter '{name[:40]}'; {hint}{having}")


def unowned(name: str, places: Sequence[Slot] = ()) -> BadInput:
    """The refusal of a value for which no chosen part has a place, `places` being all they have."""
    everywhere = [*places, *(slot for part in every_part() for slot in slots(part, every_player()))]
    if for_whom := [slot for slot in places if slot.player and _of_another(name, slot)]:
        base, players = for_whom[0].row.name, ", ".join(dict.fromkeys(slot.player for slot in for_whom))
        return BadInput(f"{name[:40]} is for no player of this game; {base} may be given for {players}")
    if owners := sorted({slot.row.owner for slot in everywhere if slot.meant(name)}):
        return BadInput(f"no chosen part has {name}; it belongs to {', '.join(owners)}")
    have = ", ".join(sorted({slot.row.name for slot in places}))
    full = "." in name
    choices = {text for slot in everywhere for text in ((*slot.names, slot.key) if full else (slot.name,))}
    return UnknownName(name, choices, f"the chosen parts have {have}" if have else "stabcheck list tells all")


def _of_another(name: str, slot: Slot) -> bool:
    """Whether a name is that of a place, for a player that the game has not."""
    base, _, player = name.replace(".", "_").rpartition("_")
    return base == slot.row.name and player in every_player()


def every_part() -> list[type[Declaration]]:
    """Every declaration of the registry."""
    return [part for kind in registry.KINDS for part in registry.declarations(kind).values()]


def every_player() -> list[str]:
    """The names of the players of all games of the registry."""
    return sorted({player for cls in registry.declarations("game").values() for player in _players(cls)})


def _players(cls: type[Declaration]) -> tuple[str, ...]:
    """The names of the players of a game, with any loss."""
    own = lookup.own_loss(cls)
    game = cls() if own is None else cls(loss=own)  # pyright: ignore[reportCallIssue]
    return game.players if isinstance(game, Game) else ()
