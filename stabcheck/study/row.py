"""A row of the atlas: what two outlines say of a question, in general and at typical values."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from stabcheck.core import hyper
from stabcheck.core.cache import CorruptEntry
from stabcheck.core.errors import NotAnEquilibrium, NotApplicable
from stabcheck.core.outline import Form, Inequality, Outline
from stabcheck.core.stability import DISC, HALF_PLANE, StabilityRegion
from stabcheck.core.verdict import Verdict
from stabcheck.declare import lookup
from stabcheck.declare.games.game import unwrapped
from stabcheck.declare.games.gan import GAN
from stabcheck.declare.losses.loss import named
from stabcheck.declare.question import Question

SCHEMA = 3
NOTHING = ("", "", "")
AT_VALUES = "the rest point is found at the values alone"


@dataclass(frozen=True)
class Row:
    """One game with its penalties under one operator.

    Attributes:
        question: what was asked, in one line.
        game, loss, penalties, method: by name; `loss` is `None` for games without.
        region: where stable eigenvalues lie; the number is a spectral radius or an abscissa by it.
        values: the typical values and the counts at which the number is taken, by name.
        eigenvalues: in general; `None` where no formula is derived.
        conditions: all hold iff the equilibrium is exponentially stable; `None` where they are
            too long to write or there is no linearisation.
        general, general_reason: the verdict for all values of the open names.
        verdict, reason: the verdict at the values.
        number: spectral radius or abscissa at the values.
        dominant: the eigenvalue that gives it, exactly, where it has a short closed form.
        solved_for: the name that threshold and optimum are about; empty where none is open.
        threshold: where it is stable, solved for that name, in general or with the values of the others;
            empty where that is not solved, or long.
        optimum: the least number over that name at the values of the others, and where; likewise.
        sources: where statements about the combination are published.
    """

    question: str
    game: str
    loss: str | None
    penalties: tuple[str, ...]
    method: str
    region: StabilityRegion
    values: Mapping[str, str]
    eigenvalues: tuple[Form, ...] | None
    conditions: tuple[Inequality, ...] | None
    general: str
    general_reason: str
    verdict: str
    reason: str
    number: float | None
    dominant: str | None
    solved_for: str
    threshold: str
    optimum: str
    sources: tuple[str, ...]

    @classmethod
    def of(cls, asked: Question, general: Outline, here: Outline, solved: Sequence[str] = NOTHING) -> Row:
        """The row of a question.

        Args:
            asked: the question.
            general: what is said for all values of the names.
            here: what is said at the values, typical ones where none are given.
            solved: a name, where it is stable in terms of it, and where it is fastest.
        """
        name, threshold, optimum = solved
        return cls(
            **part_names(asked),
            region=asked.method.region,
            values=values_of(asked),
            eigenvalues=general.forms,
            conditions=general.conditions,
            general=general.verdict,
            general_reason=general.reason,
            verdict=here.verdict,
            reason=here.reason,
            number=here.number,
            dominant=here.dominant,
            solved_for=name,
            threshold=threshold,
            optimum=optimum,
            sources=general.sources,
        )

    def to_dict(self) -> dict[str, Any]:
        """As plain data for JSON, with `discrete` for the region of a map."""
        row = asdict(self)
        lists = {name: None if row[name] is None else [*row[name]] for name in LISTS}
        return {name: lists.get(name, row.get(name)) for name in FIELDS} | {"discrete": self.region == DISC}

    @classmethod
    def of_dict(cls, data: Any) -> Row:
        """The row that `to_dict` gave the data of.

        Raises:
            CorruptEntry: for anything else.
        """
        row = _typed(FIELDS, data)
        if row["number"] is not None and not math.isfinite(row["number"]):
            raise CorruptEntry("a number without bounds")
        row["penalties"] = _texts(row["penalties"])
        row["sources"] = _texts(row["sources"])
        _texts([*row["values"], *row["values"].values()])
        for name, part in (("eigenvalues", Form), ("conditions", Inequality)):
            if row[name] is not None:
                names = [field.name for field in fields(part)]
                row[name] = tuple(part(**_typed(names, entry)) for entry in row[name])
        return cls(region=DISC if row.pop("discrete") else HALF_PLANE, **row)


FIELDS = tuple("discrete" if field.name == "region" else field.name for field in fields(Row))
"""The names of the fields as they are written."""
LISTS = ("penalties", "eigenvalues", "conditions", "sources")
KINDS: dict[str, tuple[type, ...]] = {
    "loss": (str, type(None)),
    "penalties": (list,),
    "discrete": (bool,),
    "values": (dict,),
    "eigenvalues": (list, type(None)),
    "conditions": (list, type(None)),
    "number": (float, type(None)),
    "dominant": (str, type(None)),
    "sources": (list,),
    "roots": (int,),
    "multiplicity": (int,),
}
"""The types of fields as JSON has them; those not named are text."""


def _typed(names: Sequence[str], data: Any) -> dict[str, Any]:
    if not isinstance(data, dict) or sorted(data) != sorted(names):
        raise CorruptEntry("other fields")
    if any(type(data[name]) not in KINDS.get(name, (str,)) for name in names):
        raise CorruptEntry("a value of another type")
    return {name: data[name] for name in names}


def _texts(data: list[Any]) -> tuple[str, ...]:
    if not all(isinstance(entry, str) for entry in data):
        raise CorruptEntry("no text where there should be")
    return tuple(data)


def part_names(asked: Question) -> dict[str, Any]:
    """The question and its parts, by name, as a row has them."""
    plain, penalties = unwrapped(asked.game)
    return {
        "question": str(asked),
        "game": lookup.called(type(plain)),
        "loss": lookup.called(type(named(plain.loss))) if isinstance(plain, GAN) else None,
        "penalties": tuple(lookup.called(type(penalty)) for penalty in penalties),
        "method": asked.line.combination.method or asked.chain,
    }


def values_of(asked: Question) -> dict[str, str]:
    """The values, typical ones of the open names, and the counts that shape the formulas."""
    rows = (*hyper.values(asked.game), *hyper.values(asked.method))
    counts = {row.name: str(n) for row, n in rows if row.domain.whole and n != 1}
    return {name: str(value) for name, value in {**asked.values, **asked.typical}.items()} | counts


def derived(asked: Question) -> Row:
    """One row, derived now."""
    from stabcheck.judge.outlining import outlined

    try:
        return _derived(asked)
    except (NotApplicable, NotAnEquilibrium) as refusal:
        return Row.of(asked, outlined(refusal), outlined(refusal))


def _derived(asked: Question) -> Row:
    """What is said for all values, and at those given, with typical ones for the names left open."""
    from stabcheck.judge.analyse import analyse
    from stabcheck.judge.analysis import Analysis
    from stabcheck.judge.equilibria import rested_somewhere
    from stabcheck.judge.outlining import outlined
    from stabcheck.judge.solving import solved_for_step

    there = rested_somewhere(asked)
    result = analyse(there.game, there.method)
    here = outlined(result.at(**there.values, **there.typical))
    if there is not asked:
        general = Outline(Verdict.DEPENDS.value, AT_VALUES, sources=result.sources)
    else:
        general = outlined(result)
    known = result.at(**there.values)
    solved = solved_for_step(known, there.typical) if isinstance(known, Analysis) else NOTHING
    return Row.of(asked, general, here, solved)
