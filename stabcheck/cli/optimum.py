"""`stabcheck optimum`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from stabcheck.cli.options import one_of
from stabcheck.cli.terminal import emit, patient
from stabcheck.cli.values import letter, named
from stabcheck.core.errors import BadInput
from stabcheck.core.number import number
from stabcheck.declare.combination import Combination
from stabcheck.declare.question import Question

if TYPE_CHECKING:
    from stabcheck.judge.optimum import Optimum
    from stabcheck.judge.solver import Solver

FORMATS = ("text", "json", "latex", "markdown")
MOST_COUNTS = 50


@patient
def optimum(
    *,
    combination: Combination,
    given: Mapping[str, str],
    over: Annotated[
        str,
        typer.Option("--over", metavar="NAMES", help="h,gamma or h,n_d=1:8; default: all that is open"),
    ] = "",
    solver: Annotated[
        str, typer.Option("--solver", help="asked besides: z3, cvc5, or a program that reads SMT-LIB")
    ] = "",
    format_: Annotated[str, typer.Option("--format", help=", ".join(FORMATS))] = "text",
) -> None:
    """Tell where the method is fastest: the least spectral radius or abscissa, exactly, and where it is.

    It is found and proved by exact arithmetic. A solver, where one is named, is asked as a second witness.

    Examples:

      stabcheck optimum --reg gp --gamma 1 --method altgd --over h

      stabcheck optimum --reg gp --method extragradient --over h,gamma

      stabcheck optimum --reg gp --gamma 1 --method altgd --over h,n_d=1:4
    """
    one_of("format", format_, FORMATS)
    names, counts = _chosen(over)
    from stabcheck.judge.solver import solver as by_name

    second = by_name(solver) if solver else None
    asked = (Question.of(combination, {**given, **count}) for count in counts)
    _show([_best(question, names, second) for question in asked], counts, format_)


def _best(question: Question, names: list[str], second: Solver | None) -> Optimum:
    from stabcheck.judge.equilibria import analysed
    from stabcheck.judge.optimum import optimum as optimum_of

    return optimum_of(analysed(question), names, second)


def _show(bests: list[Optimum], counts: list[dict[str, str]], format_: str) -> None:
    from stabcheck.report.optimum import counted, latex, markdown, text

    if format_ == "json":
        rows = [best.to_dict() for best in bests]
        emit(json.dumps(rows[0] if len(rows) == 1 else rows, indent=2, allow_nan=False))
    elif typeset := {"latex": latex, "markdown": markdown}.get(format_):
        emit("\n".join(map(typeset, bests)))
    elif len(bests) > 1:
        emit(counted(bests, [f"{name} = {k}" for count in counts for name, k in count.items()]))
    else:
        emit(text(bests[0]))


def _chosen(over: str) -> tuple[list[str], list[dict[str, str]]]:
    """The names, and the values of a count if one is to be chosen, too.

    Raises:
        BadInput: for what is neither.
    """
    entries = [
        letter(entry) if "=" not in entry else named(entry.strip())
        for entry in over.split(",")
        if entry.strip()
    ]
    counted = [entry for entry in entries if "=" in entry]
    if len(counted) > 1:
        raise BadInput("one count at a time is chosen; write --over h,n_d=1:8")
    return [e for e in entries if "=" not in e], list(_counts(counted[0])) if counted else [{}]


def _counts(entry: str) -> Iterator[dict[str, str]]:
    name, _, ends = entry.partition("=")
    first, colon, last = ends.partition(":")
    low, high = (number(text) for text in (first, last or first))
    if not name or not colon or low.denominator != 1 or high.denominator != 1 or not 0 < low <= high:
        raise BadInput(f"'{entry[:40]}' is no range of a count; write n_d=1:8")
    if high - low >= MOST_COUNTS:
        raise BadInput(f"at most {MOST_COUNTS} counts are tried; write n_d=1:8")
    yield from ({name: str(k)} for k in range(int(low), int(high) + 1))
