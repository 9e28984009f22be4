"""What the help of a command says of the parts that are chosen beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from stabcheck.cli.options import combinations
from stabcheck.core.hyper import Declaration, Hyper, Setting, title
from stabcheck.declare import registry
from stabcheck.declare.combination import places
from stabcheck.declare.slots import Slot, option

SPELLINGS = (
    ("--NAME VALUE", "of a hyperparameter, exact: 1, 1/2, 0.1, 2e-3"),
    ("--NAME.PLAYER VALUE", "for one player: --h.g 1/10"),
    ("--OWNER.NAME VALUE", "where several parts have the name: --gp.gamma 1"),
)
PARTS = {"--game": "game", "--loss": "loss", "--reg": "penalty", "--regs": "penalty"}
PARTS |= {"--method": "method", "--methods": "method", "--inner": "method", "--matrix": "game"}


class Group(NamedTuple):
    """The names of one part.

    Attributes:
        heading: its name and kind.
        rows: how each name is typed, and what it is.
    """

    heading: str
    rows: tuple[tuple[str, str], ...]


def groups(options: Mapping[str, Sequence[str]]) -> list[Group]:
    """The names of each part that was chosen, and at the end those of the parts that stand for themselves.

    Args:
        options: the words behind each option that was typed.

    Raises:
        BadInput: for parts that are none.
    """
    kinds = {PARTS[name] for name in options if name in PARTS}
    kinds |= {"method"} if "--alternating" in options else set()
    if not kinds:
        return []
    by_part = _by_part([slot for c in combinations(options) for slot in places(c)])
    chosen = [_group(part, slots) for part, slots in by_part.items() if _kind(part) in kinds]
    others = {part: slots for part, slots in by_part.items() if _kind(part) not in kinds}
    rows = [(_heading(part), ", ".join(_names(slots))) for part, slots in others.items()]
    return [*chosen, *([Group("by default", tuple(rows))] if rows else [])]


def _by_part(slots: Sequence[Slot]) -> dict[type[Declaration], list[Slot]]:
    by_part: dict[type[Declaration], list[Slot]] = {}
    for slot in dict.fromkeys(slots):
        by_part.setdefault(slot.part, []).append(slot)
    return by_part


def _kind(part: type[Declaration]) -> str:
    return next(kind for kind, (_, base) in registry.KINDS.items() if issubclass(part, base))


def _heading(part: type[Declaration]) -> str:
    return f"{title(part)} ({_kind(part)})"


def _names(slots: Sequence[Slot]) -> list[str]:
    return [option(slot.row.name) for slot in slots if not slot.player]


def _group(part: type[Declaration], slots: Sequence[Slot]) -> Group:
    players = [slot.player for slot in slots if slot.player]
    rows = tuple((option(s.row.name), told(s.row, dict.fromkeys(players))) for s in slots if not s.player)
    return Group(_heading(part), rows)


def told(row: Hyper | Setting, players: Iterable[str]) -> str:
    """Meaning, domain, default or typical value, and players."""
    if isinstance(row, Setting):
        return ": ".join(filter(None, [row.help, ", ".join(row.choices)]))
    value = f"typically {row.typical}" if row.default is None else f"default {row.default}"
    each = ", ".join(f"{option(row.name)}.{player}" for player in players) if row.per_player else ""
    return "; ".join(filter(None, [row.help, row.domain.text, value, each]))
