"""Every declaration by name, found by walking games, losses, penalties and methods when asked."""

from __future__ import annotations

import dataclasses
from functools import cache
from types import MappingProxyType, ModuleType
from typing import Any, TypeVar

from stabcheck.core.errors import BadInput, unknown
from stabcheck.core.hyper import Declaration
from stabcheck.core.members import declared
from stabcheck.declare import games, losses, methods, penalties
from stabcheck.declare.games.game import Game, Penalty
from stabcheck.declare.losses.loss import Loss
from stabcheck.declare.methods.method import Operator

D = TypeVar("D", bound=Declaration)
SAID_OF_ITSELF = frozenset(
    ("name", "aliases", "formula", "source", "label", "stated", "described", "players", "variables", "names")
)
"""What a class may say otherwise and be the same game, loss, penalty or method."""

KINDS: MappingProxyType[str, tuple[ModuleType, type[Declaration]]] = MappingProxyType(
    {
        "game": (games, Game),
        "loss": (losses, Loss),
        "penalty": (penalties, Penalty),
        "method": (methods, Operator),
    }
)

OPTIONS = MappingProxyType({"game": "--game", "loss": "--loss", "penalty": "--reg", "method": "--method"})


@cache
def declarations(kind: str) -> MappingProxyType[str, type[Declaration]]:
    """The final declarations of a kind by registry name, in alphabetical order.

    Args:
        kind: `game`, `loss`, `penalty` or `method`.
    """
    package, base = KINDS[kind]
    return MappingProxyType(dict(sorted(declared(package, base).items())))


def find(kind: str, name: str) -> type[Declaration]:
    """The declaration of that kind with that name or alias, in small letters or large.

    Raises:
        BadInput: if there is none, with the nearest name, or the kind that has it.
    """
    all_of_kind = declarations(kind)
    by_name = {alias: cls for cls in all_of_kind.values() for alias in (cls.name, *cls.aliases)}
    lower = name.lower()
    if lower not in by_name:
        for other in elsewhere(lower):
            if other != kind:
                option = OPTIONS[other]
                raise BadInput(f"'{name}' is a {other} and no {kind}; give it with {option} {lower}")
        raise unknown(kind, name, by_name)
    return by_name[lower]


def elsewhere(name: str) -> list[str]:
    """The kinds that have a declaration of that name or alias."""
    return [
        kind for kind in KINDS if any(name in (cls.name, *cls.aliases) for cls in declarations(kind).values())
    ]


def called(part: Declaration) -> str:
    """The name of a part of the registry; empty for one of one's own, also one that inherits a name."""
    return part.name if any(declarations(kind).get(part.name) is type(part) for kind in KINDS) else ""


def recognised(part: D) -> D:
    """The same part, with the registry's class for each that changes nothing of that but its name."""
    cls = next((c for c in type(part).__mro__ if listed(c)), None)
    cls = cls if cls is not None and _changes_nothing(type(part), cls) else type(part)
    old = {field.name: getattr(part, field.name) for field in dataclasses.fields(cls)}
    new = {name: _inside(value) for name, value in old.items()}
    kept = cls is type(part) and all(new[name] is value for name, value in old.items())
    return part if kept else cls(**new)


def _inside(value: Any) -> Any:
    if isinstance(value, Declaration):
        return recognised(value)
    if not isinstance(value, tuple):
        return value
    new = tuple(map(_inside, value))
    return value if all(a is b for a, b in zip(new, value, strict=True)) else new


def listed(cls: type) -> bool:
    """Whether a class is one of the registry."""
    return any(declarations(kind).get(getattr(cls, "name", "")) is cls for kind in KINDS)


def _changes_nothing(own: type, cls: type) -> bool:
    """Whether what a class has of its own is none of what the one below it does."""
    fields = {field.name for field in dataclasses.fields(cls)}
    over = own.__mro__[: own.__mro__.index(cls)]
    own_names = (name for c in over for name in vars(c) if not name.startswith(("__", "_abc_")))
    return not any(hasattr(cls, name) for name in own_names if name not in fields | SAID_OF_ITSELF)
