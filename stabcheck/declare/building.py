"""Declarations made from texts, each value at its place."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from stabcheck.core.errors import BadInput, unknown
from stabcheck.core.hyper import (
    Declaration,
    Hyper,
    Setting,
    accept,
    hyper_fields,
    setting_fields,
    title,
    unread,
)
from stabcheck.core.number import matrix, number
from stabcheck.declare.methods.method import Operator
from stabcheck.declare.slots import Slot


@dataclass(frozen=True)
class Builder:
    """Makes declarations, and keeps the values and the texts that went into them."""

    assignments: Mapping[Slot, str]
    players: Sequence[str]
    shared: Mapping[str, int]
    values: dict[str, Fraction] = dataclasses.field(default_factory=dict)
    given: dict[str, str] = dataclasses.field(default_factory=dict)
    taken: dict[str, tuple[type[Declaration], str]] = dataclasses.field(default_factory=dict)

    def build(self, part: type[Declaration], like: Declaration | None = None, **others: Any) -> Any:
        """A declaration of that class; numbers and choices that are not given are those of `like`."""
        for name, row in hyper_fields(part):
            kept = getattr(like, name, None)
            fixed = row if kept is None or isinstance(kept, str) else replace(row, default=kept)
            others[name] = self._hyper(part, name, fixed)
        for name, choice in setting_fields(part):
            text = self.assignments.get(Slot(part, name, choice))
            others |= {} if like is None else {name: getattr(like, name)}
            if text is not None:
                others[name] = chosen(choice, text, self.players)
                self.given[choice.name] = text
        return part(**others)

    def _hyper(self, part: type[Declaration], name: str, row: Hyper) -> Any:
        base = base_name(row, self.shared)
        each = [self.assignments.get(Slot(part, name, row, player)) for player in self.players]
        if row.per_player and any(text is not None for text in each):
            named = zip(self.players, each, strict=True)
            return tuple(self._single(part, name, row, f"{base}_{player}", text) for player, text in named)
        return self._single(part, name, row, base, self.assignments.get(Slot(part, name, row)))

    def _single(self, part: type[Declaration], name: str, row: Hyper, symbol: str, text: str | None) -> Any:
        """The field's value: the default, a count, or a symbol whose value is kept aside."""
        if text is None and row.default is not None:
            return row.default
        self._take(symbol, part, name)
        if text is None or (text == symbol and not row.domain.whole):
            # Its own name leaves what one player has open, `--h.g h_g`.
            return symbol
        value = read(replace(row, name=symbol), text)
        self.given[symbol] = str(value)
        if row.domain.whole:
            return value
        self.values[symbol] = value
        return symbol

    def _take(self, symbol: str, part: type[Declaration], field: str) -> None:
        """Raises:
        BadInput: if the symbol stands for something else already, as `h_1` of a game may beside `h`.
        """
        other, taken = self.taken.setdefault(symbol, (part, field))
        # Methods that take turns share what they call alike.
        in_turn = other is not part and issubclass(other, Operator) and issubclass(part, Operator)
        if (other, taken) != (part, field) and not in_turn:
            both = ((other, taken), (part, field))
            whose = " and ".join(f"{title(cls)}.{name}" for cls, name in both)
            raise BadInput(
                f"{symbol} would stand for both {whose}; call one of your hyperparameters otherwise"
            )


def base_name(row: Hyper, shared: Mapping[str, int]) -> str:
    """The symbol of a hyperparameter: its name, with the owner behind it where several parts have one."""
    return row.owned_name if shared.get(row.name, 0) > 1 else row.name


def chosen(choice: Setting, text: str, players: Sequence[str]) -> Any:
    """The choice that a text gives.

    Raises:
        BadInput: for a player that there is not, an order that is none, and a matrix that is none.
    """
    if not choice.of:
        return text
    if choice.of == "matrix":
        return matrix(choice.name, text)
    names = [name.strip() for name in text.split(",")]
    if choice.of == "player":
        if text not in players:
            raise unknown("player", text, players)
        return players.index(text)
    if sorted(names) != sorted(players):
        example = ",".join(reversed(players))
        raise BadInput(f"{choice.name} must name each player once, such as {example}, not '{text[:30]}'")
    return tuple(players.index(name) for name in names)


def choice_text(choice: Setting, value: Any, players: Sequence[str]) -> str:
    """A choice as people type it."""
    if choice.of == "matrix":
        return ";".join(",".join(map(str, row)) for row in value)
    if not choice.of:
        return str(value)
    return ",".join(str(players[i]) for i in (value if isinstance(value, tuple) else (value,)))


def read(row: Hyper, text: str) -> Any:
    """The exact number that a text gives for a hyperparameter.

    Raises:
        BadInput: for a text that is no number or a number outside the domain.
    """
    try:
        value = number(text)
    except BadInput as refusal:
        raise unread(row, text, refusal) from None
    return accept(row, value)
