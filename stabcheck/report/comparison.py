"""Methods side by side, for people, for JSON, for papers and for notebooks."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING, Any

from stabcheck.core.finite import finite
from stabcheck.core.visible import visible
from stabcheck.report.edge import beside_one
from stabcheck.report.escape import escaped, tabular
from stabcheck.report.html import table
from stabcheck.report.page import page_width

if TYPE_CHECKING:
    from stabcheck.study.compare import Cell, Comparison

LARGE = 10_000
MARKS = {
    "unstable": ("u", "unstable"),
    "neutral": ("n", "neutral: on the boundary, where linearisation decides nothing"),
    "undecided": ("?", "undecided"),
}
WORDS = {"not differentiable": "kink", "not applicable": "n/a", "moves the rest point": "moves"}
NEAR = ("1.0000", "0.0000", "-0.0000")
"""What four decimals make of numbers beside the boundary of stability."""


def as_data(comparison: Comparison) -> dict[str, Any]:
    """Every cell as plain data."""
    return {
        "given": dict(comparison.given),
        "assumed": {name: str(value) for name, value in comparison.assumed.items()},
        "rows": [
            {
                "question": c.question,
                "method": c.method,
                "at": c.label,
                "verdict": c.verdict,
                "number": finite(c.number),
                "reason": c.reason,
            }
            for row in comparison.cells
            for c in row
        ],
    }


def plain(comparison: Comparison) -> str:
    """A table for a terminal, with its legend."""
    return visible("\n".join(_text(comparison)))


def _text(comparison: Comparison) -> Iterator[str]:
    width = max(len(row[0].method) for row in comparison.cells) + 2
    labels = [cell.label for cell in comparison.cells[0]]
    column = max(13, *(len(label) + 2 for label in labels))
    fitting = max(1, (page_width() - width) // column)
    for start in range(0, len(labels), fitting):
        shown = slice(start, start + fitting)
        if any(labels):
            yield (" " * width + "".join(f"{label:>{column}}" for label in labels[shown])).rstrip()
        for row in comparison.cells:
            cells = (f"{number(c):>{column - 2}} {mark(c) or ' '}" for c in row[shown])
            yield f"{row[0].method:<{width}}" + "".join(cells).rstrip()
        yield ""
    for line in legend(comparison):
        yield from textwrap.wrap(line, page_width(), subsequent_indent="  ", break_on_hyphens=False)


def number(cell: Cell) -> str:
    """The spectral radius to four decimals, or a word where there is none."""
    if cell.number is None:
        return WORDS.get(cell.verdict, "-")
    if not math.isfinite(cell.number):
        return "> 1e308"
    text = f"{cell.number:.4f}" if abs(cell.number) < LARGE else f"{cell.number:.3e}"
    return _beside(cell) or text if text in NEAR else text


def _beside(cell: Cell) -> str:
    """How far a number is from 1 or from 0, to which four decimals would round it; empty where it is that."""
    assert cell.number is not None
    if abs(cell.number) < 1 / 2:
        return f"{cell.number:.1e}" if cell.number else ""
    return beside_one(cell.number, cell.verdict)


def mark(cell: Cell) -> str:
    """A letter for a verdict other than stable."""
    return MARKS.get(cell.verdict, ("",))[0]


def legend(comparison: Comparison) -> Iterator[str]:
    """What the numbers and letters mean, and what was put where nothing was given."""
    yield "spectral radius, the factor per step; for a flow the spectral abscissa"
    verdicts = {cell.verdict for row in comparison.cells for cell in row}
    marks = [f"{letter} {text}" for word, (letter, text) in MARKS.items() if word in verdicts]
    if "stable" in verdicts:
        marks.append(
            "else stable" if marks else "all stable" if verdicts == {"stable"} else "numbers: stable"
        )
    if marks:
        yield "; ".join(marks)
    fixed = [f"{name} = {text}" for name, text in comparison.fixed.items()]
    assumed = [f"{name} = {value}" for name, value in comparison.assumed.items()]
    if fixed:
        yield f"given: {', '.join(fixed)}"
    if assumed:
        yield f"typical values, where none was given: {', '.join(assumed)}"
    reasons = {c.reason: c for row in comparison.cells for c in row if c.number is None}
    yield from (f"{cell.method}: {reason}" for reason, cell in reasons.items())


def as_html(comparison: Comparison) -> str:
    """The table for a notebook."""
    rows = [[row[0].method, *(f"{number(c)} {mark(c)}".strip() for c in row)] for row in comparison.cells]
    labels = [cell.label or "spectral radius" for cell in comparison.cells[0]]
    return table(["", *labels], rows) + "".join(
        f"<div>{escape(visible(line))}</div>" for line in legend(comparison)
    )


def as_latex(comparison: Comparison) -> str:
    """The table as a `tabular`; letters mark verdicts other than stable."""
    labels = [escaped(cell.label) or "spectral radius" for cell in comparison.cells[0]]
    rows = (
        [escaped(row[0].method), *(f"{number(c)} {mark(c)}".strip() for c in row)] for row in comparison.cells
    )
    return tabular("l" + "r" * len(labels), [["", *labels], *rows])
