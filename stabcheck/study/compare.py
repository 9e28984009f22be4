"""Methods side by side on one game: the numbers, for one or more values of a hyperparameter."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stabcheck.core import doors, hyper
from stabcheck.core.errors import BadInput, NotApplicable
from stabcheck.core.frozen import Frozen
from stabcheck.declare import registry
from stabcheck.declare.question import Question


@dataclass(frozen=True)
class Cell:
    """One method at one value.

    Attributes:
        question: what was asked, in one line.
        method: the chain of its names; the line, where several rows have the same one.
        label: the value as it was given, such as `alpha = 3`; empty for a single column.
        verdict: one of the words of `Finding`.
        number: spectral radius, or for a flow the abscissa; `None` where there is none.
        reason: why, in one sentence.
    """

    question: str
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


def compare(
    asked: Sequence[Question] | Mapping[str, Sequence[Question]], given: Mapping[str, str] | None = None
) -> Comparison:
    """The spectral radius of each method, at each value where there are several.

    Args:
        asked: the questions, one per row; where there are columns, those of each by its label, `alpha = 3`.
            What a question leaves open has a typical value.
        given: what the legend says was given, by name; by default the values of the questions.

    Raises:
        BadInput: if there are none, a column has other rows, or a question is there twice.

    Example:
        >>> from stabcheck import AltGD, Bilinear, SimGD
        >>> values = {"h": "1/10", "alpha": 1}
        >>> asked = [Question(Bilinear(), method("h"), values) for method in (SimGD, AltGD)]
        >>> [row[0].verdict.value for row in compare(asked).cells]
        ['unstable', 'neutral']
    """
    columns = asked if isinstance(asked, Mapping) else {"": asked}
    rows = _rows([*columns.values()])
    values = _values(rows) if given is None else given
    assumed: dict[tuple[str, str], Any] = {}
    names = _names([row[0] for row in rows])
    cells = tuple(
        tuple(_cell(name, *each, values, assumed) for each in zip(columns, row, strict=True))
        for name, row in zip(names, rows, strict=True)
    )
    return Comparison(cells, values, _named(assumed))


def _rows(columns: Sequence[Sequence[Question]]) -> list[tuple[Question, ...]]:
    """Raises:
    BadInput: as `compare`.
    """
    if not columns or not columns[0] or any(len(column) != len(columns[0]) for column in columns):
        raise BadInput("a comparison has one question or more, and as many in each column")
    for column in columns:
        for question in column:
            if column.count(question) > 1:
                count = column.count(question)
                raise BadInput(f"{question.chain} is named {count} times; name each method once")
    return [*zip(*columns, strict=True)]


def _names(questions: Sequence[Question]) -> list[str]:
    """What each row is called: by its method, if that is all in which they differ."""
    chains = [question.chain for question in questions]
    one_game = all(question.game == questions[0].game for question in questions)
    one_value = all("," not in text for text in _values([questions]).values())
    if one_game and one_value and len({*chains}) == len(chains):
        return chains
    return [str(question) for question in questions]


def _values(rows: Sequence[Sequence[Question]]) -> dict[str, str]:
    """The values of all questions by name, several with commas between them."""
    by_name: dict[str, dict[str, None]] = {}
    for question in (question for row in rows for question in row):
        for name, value in question.values.items():
            by_name.setdefault(name, {})[str(value)] = None
    return {name: ",".join(values) for name, values in by_name.items()}


def _named(assumed: Mapping[tuple[str, str], Any]) -> dict[str, Any]:
    """By name, and with the owner in front where owners differ about the value."""
    by_name: dict[str, Any] = {}
    for (name, owner), value in assumed.items():
        agreed = all(v == value for (other, _), v in assumed.items() if other == name)
        by_name[name if agreed else f"{owner}.{name}"] = value
    return by_name


def _cell(
    method: str, label: str, asked: Question, given: Mapping[str, str], assumed: dict[tuple[str, str], Any]
) -> Cell:
    from stabcheck.judge.analyse import answered

    assumed |= {(name, row.owner): row.typical for name, row in asked.names.items()}
    counts = ((row, n) for row, n in hyper.values(asked.method) if row.domain.whole and n == row.default != 1)
    assumed |= {(row.name, row.owner): n for row, n in counts if not _is_given(row, given)}
    try:
        here = answered(asked.having(asked.typical))
    except NotApplicable as refusal:
        return Cell(str(asked), method, label, "not applicable", None, str(refusal))
    number = here.radius_per_step if here.discrete else here.spectral_abscissa
    return Cell(str(asked), method, label, here.verdict, number, here.finding.reason)


def _is_given(row: hyper.Hyper, given: Mapping[str, str]) -> bool:
    """Whether a count was given, for all players or for one, with its owner or without."""
    return any(row.name in re.split("[._]", name) for name in given)


def swept(given: Mapping[str, str]) -> list[str]:
    """The names that hold several values; an order of turns is one value, and so is a matrix."""
    declared = (part for kind in registry.KINDS for part in registry.declarations(kind).values())
    single = {row.name for part in declared for _, row in hyper.setting_fields(part) if row.of}
    return [name for name, text in given.items() if "," in text and name.rpartition(".")[2] not in single]
