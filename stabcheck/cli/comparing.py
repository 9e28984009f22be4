"""`stabcheck compare`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated

import typer

from stabcheck.cli.options import one_of
from stabcheck.cli.terminal import emit, patient
from stabcheck.declare.combination import Combination
from stabcheck.study.compare import compare as compared


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
    chosen = [name.strip() for name in methods.split(",")]
    found = compared(combination, chosen, given)
    emit(json.dumps(found.to_dict(), indent=2, allow_nan=False) if format_ == "json" else str(found))
