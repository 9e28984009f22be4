"""Where values can be put: the hyperparameters and settings of parts, for all players or for one."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stabcheck.core.hyper import (
    Declaration,
    Hyper,
    Setting,
    hyper_fields,
    ours,
    setting_fields,
)


@dataclass(frozen=True)
class Slot:
    """One place for a value: a hyperparameter or setting of a part, maybe of one player."""

    part: type[Declaration]
    field: str
    row: Hyper | Setting = dataclasses.field(compare=False)
    player: str = ""

    @property
    def name(self) -> str:
        """The short name, `gamma` or `h_g`."""
        return f"{self.row.name}_{self.player}" if self.player else self.row.name

    @property
    def key(self) -> str:
        """The name spelled in full, `gp.gamma`."""
        return f"{self.row.owner}.{self.name}"

    @property
    def keys(self) -> frozenset[str]:
        """Every way to spell it in full: `altgd.h_g`, `altgd.h.g`, and so with an alias of the owner."""
        owners = (self.row.owner, *(self.part.aliases if ours(self.part) else ()))
        return frozenset(f"{owner}.{name}".replace("-", "_") for owner in owners for name in self.names)

    @property
    def names(self) -> frozenset[str]:
        """Every way to spell it without its owner: `h_g`, `h.g`."""
        return frozenset({self.name, f"{self.row.name}.{self.player}" if self.player else self.name})

    def meant(self, name: str) -> bool:
        """Whether a name, with its owner or without, means this place."""
        return name in self.names or name.replace("-", "_") in self.keys


def option(name: str) -> str:
    """The option that gives a name its value, as people type it: `--gamma-t` for `gamma_t`."""
    return f"--{name.replace('_', '-')}"


def slots(part: type[Declaration], players: Sequence[str]) -> Iterator[Slot]:
    """Every place of a part where a value can be put."""
    for field, row in hyper_fields(part):
        yield Slot(part, field, row)
        if row.per_player:
            yield from (Slot(part, field, row, player) for player in players)
    for field, choice in setting_fields(part):
        yield Slot(part, field, choice)
