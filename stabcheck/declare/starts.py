"""Where a search or a path starts: numbers in order, or by the names of coordinates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from stabcheck.core.errors import BadInput, unknown
from stabcheck.core.number import number

Start = Sequence[float] | Mapping[str, float]


def read(text: str) -> Start:
    """The start that `0.1,2` or `x=0.1,y=2` says.

    Raises:
        BadInput: if an entry is no number, a name is given two values, or only some have a name.
    """
    entries = [tuple(part.strip() for part in entry.partition("=")) for entry in text.split(",")]
    named = [bool(equals) for _, equals, _ in entries]
    if not any(named):
        return tuple(_float(name) for name, _, _ in entries)
    if not all(named):
        plain = entries[named.index(False)][0]
        raise BadInput(f"--start: '{plain[:30]}' has no name; give each coordinate one, or none")
    coordinates: dict[str, float] = {}
    for name, _, value in entries:
        if name in coordinates:
            raise BadInput(f"--start: two values are given for {name}; give one")
        coordinates[name] = _float(value)
    return coordinates


def _float(text: str) -> float:
    try:
        return float(number(text))
    except BadInput as refusal:
        raise BadInput(f"--start: {refusal}") from None


def everywhere(start: Start, names: Sequence[str]) -> list[float]:
    """A number for every coordinate, in order.

    Raises:
        BadInput: if one has none, or there are too many.
    """
    example = ",".join(f"{name}=0.1" for name in names)
    if not isinstance(start, Mapping):
        if len(start) != len(names):
            raise BadInput(f"the start has {len(start)} numbers; give {len(names)}: {', '.join(names)}")
        return [float(value) for value in start]
    refuse_unknown(start, names)
    if missing := [name for name in names if name not in start]:
        raise BadInput(f"the start has no value for {', '.join(missing)}; write --start {example}")
    return [float(start[name]) for name in names]


def refuse_unknown(start: Mapping[str, float], names: Sequence[str]) -> None:
    """See that all names are those of coordinates.

    Raises:
        BadInput: if not.
    """
    for name in start:
        if name not in names:
            raise unknown("coordinate", name, names)


def pair(start: Start, axes: tuple[str, str]) -> tuple[float, ...]:
    """The numbers of two coordinates; what is not named is 0.

    Raises:
        BadInput: for other names.
    """
    if not isinstance(start, Mapping):
        return tuple(start)
    refuse_unknown(start, axes)
    return tuple(float(start.get(axis, 0.0)) for axis in axes)
