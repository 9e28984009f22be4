"""What hyperparameters were called before each name had one meaning.

The old names go with the next release.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from stabcheck.core.errors import BadInput
from stabcheck.declare.slots import Slot, option

RENAMED = MappingProxyType(
    {
        ("f-alpha-above", "a"): "a_above",
        ("f-alpha-below", "a"): "a_below",
        ("f-js-weighted", "share"): "weight",
        ("primal-dual", "dim"): "atoms",
        ("decay", "lam"): "gamma",
        ("lecam", "lam"): "gamma",
        ("sgp", "rho"): "gamma",
        ("chekhov", "k"): "opponents",
        ("ema", "beta"): "decay",
        ("generalised-ogda", "b"): "past",
        ("lola", "alpha"): "e",
        ("lookahead-opponent", "alpha"): "e",
        ("lookahead", "alpha"): "slow",
        ("sga-aligned", "epsilon"): "tilt",
        ("unrolled", "k"): "unroll",
    }
)
"""By owner and old name."""
OLD = frozenset(old for _, old in RENAMED)


def maybe_old(name: str) -> bool:
    """Whether a name, with a player or an owner or without, may be one of before."""
    return not OLD.isdisjoint(name.replace(".", "_").split("_"))


def renewed(given: Mapping[str, str], places: Sequence[Slot]) -> tuple[dict[str, str], list[str]]:
    """What was given with today's names, and a note for each old one.

    Args:
        given: text by name.
        places: what the chosen parts have.

    Raises:
        BadInput: if an old name has become several.
    """
    notes: list[str] = []
    renewed: dict[str, str] = {}
    for name, text in given.items():
        now = name if any(slot.meant(name) for slot in places) else _now(name, places, notes)
        if now in renewed:
            raise BadInput(f"two values are given for {now}; give one")
        renewed[now] = text
    return renewed, notes


def _now(name: str, places: Sequence[Slot], notes: list[str]) -> str:
    owners = dict(_before(name, places))
    if not owners:
        return name
    if len(owners) > 1:
        new_names = " and ".join(f"{option(new)} for {owner}" for new, owner in owners.items())
        raise BadInput(f"{option(name)} is now {new_names}; give those that are meant")
    ((new, owner),) = owners.items()
    what = f"{option(name)} is now {option(new)} for {owner}"
    notes.append(f"{what}; the old name goes with the next release")
    return new


def _before(name: str, places: Sequence[Slot]) -> Iterator[tuple[str, str]]:
    """The name of today, spelled as the old one was, and the owner of each place that it meant."""
    for slot in places:
        for (owner, old), new in RENAMED.items():
            if (owner, new) == (slot.row.owner, slot.row.name):
                was = dataclasses.replace(slot, row=dataclasses.replace(slot.row, name=old))
                if was.meant(name):
                    yield slot.name if name in was.names else slot.key, owner
