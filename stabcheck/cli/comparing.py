"""`stabcheck compare`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Annotated

import typer

from stabcheck.cli.options import one_of
from stabcheck.cli.terminal import emit, patient
from stabcheck.core.errors import BadInput
from stabcheck.declare.combination import Combination, shared_out
from stabcheck.declare.question import Question
from stabcheck.study.compare import compare as compared
from stabcheck.study.compare import swept


@patient
def compare(
    *,
    combination: Combination,
    given: Mapping[str, str],
    methods: Annotated[
        str,
        typer.Option(
            "--methods",
            metavar="METHOD,...",
            help="methods or chains, as lookahead:altgd or cycle:altgd+simgd",
        ),
    ],
    format_: Annotated[str, typer.Option("--format", help="text, json")] = "text",
) -> None:
    """Compare methods by their spectral radius, for one or several values of a hyperparameter.

    Every number comes from certified roots of the exact polynomial. What is not given has a
    typical value, which is shown.

    Examples:

      stabcheck compare --game bilinear --alpha 1,3,6 --methods simgd,lcgd,sga,ogda,cgd

      stabcheck compare --reg gp --gamma 1/2,1,2 --methods flow,simgd,altgd,lookahead:altgd
    """
    one_of("format", format_, ("text", "json"))
    rows = [replace(combination, method=name.strip()) for name in methods.split(",")]
    columns = {
        label: [Question.of(*each) for each in shared_out(rows, values)] for label, values in _columns(given)
    }
    comparison = compared(columns, given)
    emit(
        json.dumps(comparison.to_dict(), indent=2, allow_nan=False) if format_ == "json" else str(comparison)
    )


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
