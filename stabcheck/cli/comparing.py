"""`stabcheck compare`."""

from __future__ import annotations

import json
import math
import textwrap
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from stabcheck.assemble import Combination
from stabcheck.cli.options import one_of
from stabcheck.cli.terminal import emit
from stabcheck.compare import compare as compared
from stabcheck.compare import swept

if TYPE_CHECKING:
    from stabcheck.compare import Cell, Comparison

WIDTH, LARGE = 80, 10_000
MARKS = {
    "unstable": ("u", "unstable"),
    "neutral": ("n", "neutral: on the boundary, where linearisation decides nothing"),
    "undecided": ("?", "undecided"),
}
WORDS = {"not differentiable": "kink", "not applicable": "n/a", "moves the rest point": "moves"}


def compare(
    *,
    combination: Combination,
    given: Mapping[str, str],
    methods: Annotated[
        str, typer.Option("--methods", metavar="METHOD,...", help="methods or chains, as lookahead:altgd")
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
    emit(
        json.dumps(_data(found, given), indent=2, allow_nan=False)
        if format_ == "json"
        else "\n".join(_text(found, given))
    )


def _data(found: Comparison, given: Mapping[str, str]) -> dict[str, object]:
    cells = [cell for row in found.cells for cell in row]
    return {
        "given": dict(given),
        "assumed": {name: str(value) for name, value in found.assumed.items()},
        "rows": [
            {
                "method": c.method,
                "at": c.label,
                "verdict": c.verdict,
                "number": _finite(c.number),
                "reason": c.reason,
            }
            for c in cells
        ],
    }


def _finite(number: float | None) -> float | None:
    return number if number is not None and math.isfinite(number) else None


def _text(found: Comparison, given: Mapping[str, str]) -> Iterator[str]:
    width = max(len(row[0].method) for row in found.cells) + 2
    labels = [cell.label for cell in found.cells[0]]
    column = max(13, *(len(label) + 2 for label in labels))
    fitting = max(1, (WIDTH - width) // column)
    for start in range(0, len(labels), fitting):
        shown = slice(start, start + fitting)
        if any(labels):
            yield (" " * width + "".join(f"{label:>{column}}" for label in labels[shown])).rstrip()
        for row in found.cells:
            yield f"{row[0].method:<{width}}" + "".join(_number(c, column) for c in row[shown]).rstrip()
        yield ""
    yield from _legend(found, given)


def _number(cell: Cell, column: int) -> str:
    mark = MARKS.get(cell.verdict, (" ",))[0]
    text = WORDS.get(cell.verdict, "-")
    if cell.number is not None:
        text = f"{cell.number:.4f}" if abs(cell.number) < LARGE else f"{cell.number:.3e}"
        text = text if math.isfinite(cell.number) else "> 1e308"
    return f"{text:>{column - 2}} {mark}"


def _legend(found: Comparison, given: Mapping[str, str]) -> Iterator[str]:
    yield "spectral radius, the factor per step; for a flow the spectral abscissa"
    verdicts = {cell.verdict for row in found.cells for cell in row}
    marks = [f"{mark} {text}" for word, (mark, text) in MARKS.items() if word in verdicts]
    yield from textwrap.wrap("; ".join([*marks, "else stable"]), 80)
    several = swept(given)
    fixed = [f"{name} = {text}" for name, text in given.items() if name not in several]
    assumed = [f"{name} = {value}" for name, value in found.assumed.items()]
    if fixed:
        yield from textwrap.wrap(f"given: {', '.join(fixed)}", 80)
    if assumed:
        yield from textwrap.wrap(f"typical values, where none was given: {', '.join(assumed)}", 80)
    reasons = {c.reason: c for row in found.cells for c in row if c.number is None}
    for reason, cell in reasons.items():
        yield from textwrap.wrap(f"{cell.method}: {reason}", 80, subsequent_indent="  ")
