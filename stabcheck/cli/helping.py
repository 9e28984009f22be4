"""What the help of a command says of the parts that are chosen beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from stabcheck.cli.options import combinations
from stabcheck.core.hyper import Declaration, Hyper, Setting, title
from stabcheck.declare import registry
from stabcheck.declare.combination import places
from stabcheck.declare.slots import Slot

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


def groups(said: Mapping[str, Sequence[str]]) -> list[Group]:
    """The names of each part that was chosen, and at the end those of the parts that stand for themselves.

    Args:
        said: the words behind each option that was typed.

    Raises:
        BadInput: for parts that are none.
    """
    kinds = {PARTS[option] for option in said if option in PARTS}
    kinds |= {"method"} if "--alternating" in said else set()
    if not kinds:
        return []
    parts = _by_part([slot for c in combinations(said) for slot in places(c)])
    chosen = [_group(part, slots) for part, slots in parts.items() if _kind(part) in kinds]
    others = {part: slots for part, slots in parts.items() if _kind(part) not in kinds}
    rows = [(_heading(part), ", ".join(_names(slots))) for part, slots in others.items()]
    return [*chosen, *([Group("by default", tuple(rows))] if rows else [])]


def _by_part(slots: Sequence[Slot]) -> dict[type[Declaration], list[Slot]]:
    found: dict[type[Declaration], list[Slot]] = {}
    for slot in dict.fromkeys(slots):
        found.setdefault(slot.part, []).append(slot)
    return found


def _kind(part: type[Declaration]) -> str:
    return next(kind for kind, (_, base) in registry.KINDS.items() if issubclass(part, base))


def _heading(part: type[Declaration]) -> str:
    return f"{title(part)} ({_kind(part)})"


def _names(slots: Sequence[Slot]) -> list[str]:
    return [typed(slot.row.name) for slot in slots if not slot.player]


def typed(name: str) -> str:
    """A name as people type it, `--gamma-t`."""
    return f"--{name.replace('_', '-')}"


def _group(part: type[Declaration], slots: Sequence[Slot]) -> Group:
    players = [slot.player for slot in slots if slot.player]
    rows = tuple((typed(s.row.name), told(s.row, dict.fromkeys(players))) for s in slots if not s.player)
    return Group(_heading(part), rows)


def told(row: Hyper | Setting, players: Iterable[str]) -> str:
    """Meaning, domain, default or typical value, and players."""
    if isinstance(row, Setting):
        return ": ".join(filter(None, [row.help, ", ".join(row.choices)]))
    value = f"typically {row.typical}" if row.default is None else f"default {row.default}"
    each = ", ".join(f"{typed(row.name)}.{player}" for player in players) if row.per_player else ""
    return "; ".join(filter(None, [row.help, row.domain.text, value, each]))
