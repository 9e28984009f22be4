"""Between declarations and the line that spells them: every value at its place, in both directions.

What is a symbol with a value is spelled by the value; a name other than the one that it would have anyway
stands before it, `gp(gamma=c=1)`, or alone, `gp(gamma=c)`, where there is no value.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, TypeVar

from stabcheck.core import hyper
from stabcheck.core.errors import BadInput
from stabcheck.core.hyper import NAME, Declaration, Hyper, hyper_fields, is_value, setting_fields
from stabcheck.declare import lookup
from stabcheck.declare.building import base_name, choice_text, chosen, read
from stabcheck.declare.combination import in_common, namesakes, unowned
from stabcheck.declare.games.game import Game, Regularised, WrappedGame, unwrapped
from stabcheck.declare.games.gan import GAN
from stabcheck.declare.line import Chain, Line, Part
from stabcheck.declare.losses.loss import Loss, named
from stabcheck.declare.methods.altgd import AltGD
from stabcheck.declare.methods.cycle import Cycle
from stabcheck.declare.methods.flow import Flow
from stabcheck.declare.methods.iteration import Iteration
from stabcheck.declare.methods.method import Operator, takes_inner
from stabcheck.declare.methods.simgd import SimGD
from stabcheck.declare.slots import slots

D = TypeVar("D", bound=Declaration)
Values = Mapping[str, Any]
DEFAULT_INNER = ((Part(SimGD.name),),)
DEFAULT_TURNS = ((Part(AltGD.name),), (Part(SimGD.name),))
"""What is inside a method, and what takes turns in a cycle, where nobody says."""


@dataclass(frozen=True)
class Naming:
    """What symbols are called where nobody says.

    Attributes:
        shared: how many parts have a hyperparameter of each name.
        common: the names that methods which take turns have with one meaning.
        players: of the game.
    """

    shared: Mapping[str, int]
    common: frozenset[str]
    players: tuple[str, ...]

    @classmethod
    def of(cls, game: Game, method: Operator) -> Naming:
        """That of the parts of a question."""
        plain, penalties = unwrapped(game)
        inside = tuple(hyper.preorder(method))
        turns = [p for c in inside if isinstance(c, Cycle) for p in hyper.preorder(c) if p is not c]
        classes = [*dict.fromkeys(map(type, (plain, *_losses(plain), *penalties, *inside)))]
        common = frozenset(in_common(classes, [*map(type, turns)]))
        return cls(namesakes(classes, common), common, tuple(game.players))

    def symbol(self, row: Hyper, player: str = "") -> str:
        """The symbol of a hyperparameter, for all players or for one."""
        base = base_name(row, self.shared)
        return f"{base}_{player}" if player else base

    def apart(self, row: Hyper, player: str = "") -> str:
        """The same for one of the methods that take turns."""
        return replace(self, shared={row.name: 2}).symbol(row, player)

    def each(self, row: Hyper, value: Any) -> list[tuple[str, Any, str]]:
        """The players who have a value of their own, each with it and its symbol; `""` is all of them."""
        if not isinstance(value, tuple):
            return [("", value, self.symbol(row))]
        pairs = zip(self.players, value, strict=True)
        return [(player, single, self.symbol(row, player)) for player, single in pairs]


def _losses(plain: Game) -> tuple[Loss, ...]:
    return (named(plain.loss),) if isinstance(plain, GAN) else ()


def rebuilt(part: D, change: Callable[[Any], Any]) -> D:
    """The same declaration after `change` of all within it, innermost first."""
    inside: dict[str, Any] = {}
    for field in dataclasses.fields(part):
        value = getattr(part, field.name)
        if isinstance(value, Declaration):
            inside[field.name] = rebuilt(value, change)
        elif isinstance(value, tuple) and any(isinstance(e, Declaration) for e in value):
            inside[field.name] = tuple(rebuilt(e, change) if isinstance(e, Declaration) else e for e in value)
    return change(_with(part, inside))


def _with(part: D, fields: Mapping[str, Any]) -> D:
    return replace(part, **fields) if any(getattr(part, n) != v for n, v in fields.items()) else part


# Numbers become symbols with values


def opened(game: Game, method: Operator, values: Values) -> tuple[Game, Operator, dict[str, Any]]:
    """The same with a symbol for each number that is no default, and all values together."""
    opening = _Opening(Naming.of(game, method), frozenset(hyper.symbols(game, method)), dict(values))
    kept = lookup.own_loss(type(unwrapped(game)[0]))
    change = lambda part: part if part == kept else opening.change(part)  # noqa: E731
    # What stands around a game, as a rest point that was found, holds at its numbers alone.
    bound = isinstance(game, WrappedGame) and not isinstance(game, Regularised)
    return game if bound else rebuilt(game, change), rebuilt(method, change), opening.values


@dataclass(frozen=True)
class _Opening:
    naming: Naming
    taken: frozenset[str]
    values: dict[str, Any]

    def change(self, part: Declaration) -> Declaration:
        rows = hyper_fields(type(part))
        return _with(part, {field: self._opened(row, getattr(part, field)) for field, row in rows})

    def _opened(self, row: Hyper, value: Any) -> Any:
        each = self.naming.each(row, value)
        singles = [self._single(row, v, symbol, self.naming.apart(row, player)) for player, v, symbol in each]
        if not isinstance(value, tuple):
            return singles[0]
        return row.default if all(single == row.default for single in singles) else tuple(singles)

    def _single(self, row: Hyper, value: Any, symbol: str, apart: str) -> Any:
        if row.domain.whole or not isinstance(value, Fraction) or value == row.default:
            return value
        for name in (symbol, apart):
            if name not in self.taken and self.values.setdefault(name, value) == value:
                return name
        return value


# From declarations to the line


def spelled(game: Game, method: Operator, values: Values) -> Line:
    """The line of a question; own classes that are in no file by their names."""
    plain, penalties = unwrapped(game)
    saying = _Saying(Naming.of(game, method), values)
    own = lookup.own_loss(type(plain))
    loss = next((saying.part(loss) for loss in _losses(plain) if loss != own), None)
    by_itself = isinstance(method, Iteration) or method == Flow()
    chains = () if by_itself else _once(saying.chains(method))
    return Line(saying.part(plain), loss, tuple(map(saying.part, penalties)), chains)


def _inside(method: Operator) -> tuple[Operator, ...]:
    if isinstance(method, Cycle):
        return method.methods
    return (method.inside,) if takes_inner(type(method)) else ()


def chain_of(method: Operator) -> str:
    """The names of a method and of what is inside it, `lookahead:altgd`."""
    name = method.label if isinstance(method, Iteration) else lookup.called(type(method))
    inside = ",".join(map(chain_of, _inside(method)))
    return f"{name}:{inside}" if inside else name


def _once(chains: tuple[Chain, ...]) -> tuple[Chain, ...]:
    """The same without what is said again word by word in a later turn."""
    seen: set[Part] = set()
    chains_once = []
    for chain in chains:
        chains_once.append(tuple(Part(part.name) if part in seen else part for part in chain))
        seen |= {*chain}
    return tuple(chains_once)


@dataclass(frozen=True)
class _Saying:
    naming: Naming
    values: Values

    def part(self, part: Declaration) -> Part:
        """Name and values."""
        return Part(lookup.called(type(part)), tuple(self._values(part)))

    def chains(self, method: Operator) -> tuple[Chain, ...]:
        """A chain per turn, without what is inside anyway."""
        first, inner = self.part(method), [chain for turn in _inside(method) for chain in self.chains(turn)]
        anyway = DEFAULT_TURNS if isinstance(method, Cycle) else DEFAULT_INNER
        if not inner or inner == [*anyway]:
            return ((first,),)
        return (first, *inner[0]), *inner[1:]

    def _values(self, part: Declaration) -> Iterator[tuple[str, str]]:
        rows, choices = dict(hyper_fields(type(part))), dict(setting_fields(type(part)))
        for field in dataclasses.fields(part):
            value = getattr(part, field.name)
            if field.name in rows:
                yield from self._hyper(rows[field.name], value)
            elif not _is_part(value) and value != field.default:
                choice = choices.get(field.name)
                name = choice.name if choice else field.name
                yield name, choice_text(choice, value, self.naming.players) if choice else _shown(value)

    def _hyper(self, row: Hyper, value: Any) -> Iterator[tuple[str, str]]:
        entries = [
            (f"{row.name}.{player}" if player else row.name, self._text(row, single, symbol))
            for player, single, symbol in self.naming.each(row, value)
        ]
        given = [(name, text) for name, text in entries if text is not None]
        if isinstance(value, tuple) and not given:
            # Something must be said of a player, or it is one value for all.
            given = [(entries[0][0], str(value[0]))]
        yield from given

    def _text(self, row: Hyper, value: Any, symbol: str) -> str | None:
        """`None` where it is what is there anyway."""
        if not isinstance(value, str):
            return None if value == row.default else str(value)
        if value in self.values:
            number = str(self.values[value])
            return number if value == symbol else f"{value}={number}"
        return None if value == symbol and row.default is None else value


def _is_part(value: Any) -> bool:
    return isinstance(value, Declaration) or (
        isinstance(value, tuple) and bool(value) and all(isinstance(e, Declaration) for e in value)
    )


def _shown(value: Any) -> str:
    """A value that no option gives, in one line without brackets."""
    return " ".join(repr(value).replace("[", "(").replace("]", ")").split())


# From the line to declarations


def fill(game: Game, method: Operator, line: Line) -> tuple[Game, Operator, dict[str, Any]]:
    """The parts that a line names, with what it says of each.

    Args:
        game, method: the same parts with nothing said.
        line: what is said.

    Raises:
        BadInput: for a name that a part has not, two values for one, and a value outside its domain.
    """
    texts: dict[type, dict[str, str]] = {}
    for kind, part in line.parts():
        mine = texts.setdefault(lookup.find(kind, part.name), {})
        for name, text in part.values:
            if mine.setdefault(name, text) != text:
                raise BadInput(f"two values are given for {part.name}.{name}; give one")
    filling = _Filling(Naming.of(game, method), texts, {})
    game = rebuilt(game, filling.change)
    filling = replace(filling, naming=Naming.of(game, method))
    return game, rebuilt(method, filling.change), filling.values


@dataclass(frozen=True)
class _Filling:
    naming: Naming
    texts: Mapping[type, Mapping[str, str]]
    values: dict[str, Any]

    def change(self, part: Declaration) -> Declaration:
        texts = self.texts.get(type(part), {})
        places = [*slots(type(part), self.naming.players)]
        assigned: dict[tuple[str, str], str] = {}
        for name, text in texts.items():
            slot = next((slot for slot in places if name in slot.names), None)
            if slot is None:
                raise unowned(name, places)
            assigned[slot.field, slot.player] = text
        changes = {f: self._hyper(row, f, assigned, getattr(part, f)) for f, row in hyper_fields(type(part))}
        for field, choice in setting_fields(type(part)):
            if text := assigned.get((field, "")):
                changes[field] = chosen(choice, text, self.naming.players)
        return _with(part, changes)

    def _hyper(self, row: Hyper, field: str, assigned: Mapping[tuple[str, str], str], value: Any) -> Any:
        each = [assigned.get((field, player)) for player in self.naming.players]
        if (field, "") not in assigned and not any(each):
            # What is said of one turn is not said of the others.
            tied = row.name in self.naming.common and any(map(self._speaks_of(row), self.texts.values()))
            return self.naming.apart(row) if tied and value == self.naming.symbol(row) else value
        if (field, "") in assigned and any(each):
            raise BadInput(f"{row.name} is given both for all players and for one; use one form")
        if (field, "") in assigned:
            return self._single(row, assigned[field, ""])
        pairs: Sequence[tuple[str, str | None]] = [*zip(self.naming.players, each, strict=True)]
        return tuple(self._single(row, text, player) for player, text in pairs)

    def _speaks_of(self, row: Hyper) -> Callable[[Mapping[str, str]], bool]:
        return lambda texts: any(re.split("[._]", name)[0] == row.name for name in texts)

    def _single(self, row: Hyper, text: str | None, player: str = "") -> Any:
        symbols = self.naming.symbol(row, player), self.naming.apart(row, player)
        if text is None:
            return symbols[0] if row.default is None else row.default
        name, equals, number = text.partition("=")
        if NAME.fullmatch(name) and not is_value(name) and not row.domain.whole:
            symbols, text = (name, name), number
            if not equals:
                return name
        value = read(replace(row, name=symbols[0]), text)
        if row.domain.whole:
            return value
        for name in symbols:
            if self.values.setdefault(name, value) == value:
                return name
        raise BadInput(f"two values are given for {symbols[0]}; give one")
