"""Methods side by side on one game: the numbers, for one or more values of a hyperparameter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from stabcheck.core import doors, hyper
from stabcheck.core.errors import BadInput, NotApplicable
from stabcheck.core.frozen import Frozen
from stabcheck.declare import registry
from stabcheck.declare.combination import Assembly, Combination, assemble, owned, typical, unowned


@dataclass(frozen=True)
class Cell:
    """One method at one value.

    Attributes:
        method: the chain of its names.
        label: the value as it was given, such as `alpha = 3`; empty for a single column.
        verdict: one of the words of `Finding`.
        number: spectral radius, or for a flow the abscissa; `None` where there is none.
        reason: why, in one sentence.
    """

    method: str
    label: str
    verdict: str
    number: float | None
    reason: str


@dataclass(frozen=True)
class Comparison:
    """Methods by values.

    Attributes:
        cells: by method, then by value.
        given: what was given, as text by name.
        assumed: the typical values and counts that were put where none was given, by name.
    """

    cells: tuple[tuple[Cell, ...], ...]
    given: Mapping[str, str]
    assumed: Mapping[str, Any]

    def __post_init__(self) -> None:
        object.__setattr__(self, "given", Frozen(self.given))
        object.__setattr__(self, "assumed", Frozen(self.assumed))

    @property
    def fixed(self) -> dict[str, str]:
        """What was given and is one value for all columns."""
        several = swept(self.given)
        return {name: text for name, text in self.given.items() if name not in several}

    def to_dict(self) -> dict[str, Any]:
        """Every cell as plain data."""
        return doors.shown(self, "data")

    def to_latex(self) -> str:
        """The table as a LaTeX `tabular`."""
        return doors.shown(self, "latex")

    def __str__(self) -> str:
        return doors.shown(self, "text")

    def __repr__(self) -> str:
        methods = ", ".join(row[0].method for row in self.cells)
        return f"<Comparison of {methods} at {len(self.cells[0])} values>"

    def _repr_html_(self) -> str:
        return doors.shown(self, "html")


def compare(combination: Combination, methods: Sequence[str], given: Mapping[str, str]) -> Comparison:
    """The spectral radius of each method at each value.

    Args:
        combination: game, loss and penalties.
        methods: chains of names.
        given: text by name, as for `assemble`; one of them may hold several values, separated
            by commas. A method takes those that it has.

    Raises:
        BadInput: as `assemble`; if no method has what is given; if two names hold several.
    """
    rows = [replace(combination, method=method) for method in methods]
    for name in given:
        if not any(name in owned(row) for row in rows):
            raise unowned(name)
    chains = [assemble(row).method for row in rows]
    for chain in chains:
        if chains.count(chain) > 1:
            raise BadInput(f"{chain} is named {chains.count(chain)} times; name each method once")
    assumed: dict[tuple[str, str], Any] = {}
    cells = tuple(tuple(_cells(row, given, assumed)) for row in rows)
    return Comparison(cells, dict(given), _named(assumed))


def _named(assumed: Mapping[tuple[str, str], Any]) -> dict[str, Any]:
    """By name, and with the owner in front where owners differ about the value."""
    found: dict[str, Any] = {}
    for (name, owner), value in assumed.items():
        agreed = all(v == value for (other, _), v in assumed.items() if other == name)
        found[name if agreed else f"{owner}.{name}"] = value
    return found


def _cells(row: Combination, given: Mapping[str, str], assumed: dict[tuple[str, str], Any]) -> Iterator[Cell]:
    names = owned(row)
    for label, values in _columns(given):
        mine = {name: text for name, text in values.items() if name in names}
        yield _cell(label, assemble(row, mine), assumed)


def _cell(label: str, parts: Assembly, assumed: dict[tuple[str, str], Any]) -> Cell:
    from stabcheck.judge.equilibria import analysed

    method = parts.method
    names = hyper.symbols(parts.game, parts.operator)
    open_ones = {name: row for name, row in names.items() if name not in parts.values}
    others = typical(parts)
    assumed |= {(name, row.owner): row.typical for name, row in open_ones.items()}
    counts = ((row, n) for row, n in hyper.values(parts.operator) if row.domain.whole and n != 1)
    assumed |= {(row.name, row.owner): n for row, n in counts if not _said(row, parts.given)}
    try:
        here = analysed(parts.having(others))
    except NotApplicable as refusal:
        return Cell(method, label, "not applicable", None, str(refusal))
    number = here.radius_per_step if here.discrete else here.spectral_abscissa
    return Cell(method, label, here.verdict, number, here.finding.reason)


def _said(row: hyper.Hyper, given: Mapping[str, str]) -> bool:
    """Whether a count was given, for all players or for one."""
    return any(name == row.name or name.startswith(f"{row.name}_") for name in given)


def swept(given: Mapping[str, str]) -> list[str]:
    """The names that hold several values; an order of turns is one value, and so is a matrix."""
    parts = (part for kind in registry.KINDS for part in registry.known(kind).values())
    single = {row.name for part in parts for _, row in hyper.setting_fields(part) if row.of}
    return [name for name, text in given.items() if "," in text and name.rpartition(".")[2] not in single]


def _columns(given: Mapping[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    """The values of each column, with its label."""
    several = swept(given)
    if len(several) > 1:
        raise BadInput(f"{' and '.join(several)} both hold several values; give several to one only")
    for name in several:
        for text in given[name].split(","):
            yield f"{name} = {text.strip()}", {**given, name: text.strip()}
    if not several:
        yield "", dict(given)
