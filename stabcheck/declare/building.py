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

    said: Mapping[Slot, str]
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
            text = self.said.get(Slot(part, name, choice))
            others |= {} if like is None else {name: getattr(like, name)}
            if text is not None:
                others[name] = self._setting(choice, text)
                self.given[choice.name] = text
        return part(**others)

    def _hyper(self, part: type[Declaration], name: str, row: Hyper) -> Any:
        base = row.name
        if self.shared[base] > 1:
            base = f"{base}_{row.owner.replace('-', '_')}"
        each = [self.said.get(Slot(part, name, row, player)) for player in self.players]
        if row.per_player and any(text is not None for text in each):
            named = zip(self.players, each, strict=True)
            return tuple(self._single(part, name, row, f"{base}_{player}", text) for player, text in named)
        return self._single(part, name, row, base, self.said.get(Slot(part, name, row)))

    def _single(self, part: type[Declaration], name: str, row: Hyper, symbol: str, text: str | None) -> Any:
        """The field's value: the default, a count, or a symbol whose value is kept aside."""
        if text is None and row.default is not None:
            return row.default
        self._take(symbol, part, name)
        if text is None:
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

    def _setting(self, choice: Setting, text: str) -> Any:
        if not choice.of:
            return text
        if choice.of == "matrix":
            return matrix(choice.name, text)
        names = [name.strip() for name in text.split(",")]
        if choice.of == "player":
            if text not in self.players:
                raise unknown("player", text, self.players)
            return self.players.index(text)
        if sorted(names) != sorted(self.players):
            example = ",".join(reversed(self.players))
            raise BadInput(f"{choice.name} must name each player once, such as {example}, not '{text[:30]}'")
        return tuple(self.players.index(name) for name in names)


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
