"""A result in Markdown, formulas in LaTeX between dollar signs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from stabcheck.core.visible import visible
from stabcheck.judge.summary import multiplicity
from stabcheck.report.derivation import safe as everything_safe
from stabcheck.report.floats import twelve
from stabcheck.report.text import APART, verification_line

if TYPE_CHECKING:
    from stabcheck.judge.record import Record


def page(record: Record) -> str:
    """The whole report."""
    return visible("\n".join(_lines(record)))


def safe(text: str) -> str:
    """Text that Markdown shows as it is; a `_` inside a word needs no sign before it."""
    return re.sub(r"(?<=[A-Za-z0-9])\\_(?=[A-Za-z0-9])", "_", everything_safe(text))


def _lines(record: Record) -> Iterator[str]:
    data = record.data
    yield from (f"- **{title}**: {safe(text)}" for title, text in record.summary)
    yield ""
    yield from (f"{step.display}\n" for step in record.steps if step.display)
    if record.manifold:
        yield f"Manifold: {record.manifold}\n"
    if given := data.get("hyperparameters"):
        yield "At " + ", ".join(f"`{name} = {value}`" for name, value in given.items()) + ":\n"
    if data.get("eigenvalues") is not None:
        yield "| eigenvalue | value | multiplicity |\n| --- | --- | --- |"
        yield from (_row(*each) for each in record.spectrum)
        yield ""
    yield f"**{data.get('verdict', record.kind)}**: {safe(record.outline.reason)}"
    yield f"({data['classification']})\n" if data.get("classification") else ""
    yield from (f"Caveat: {safe(text)}\n" for text in record.caveats)
    if record.verification is not None:
        yield f"Verification: {safe(verification_line(record.verification))}\n"
    yield from (f"Known: {safe(e['text'])} [{safe(e['source'])}]\n" for e in data.get("known", ()))
    if "conventions" in data:
        yield f"Convention: {safe(data['conventions'])}"


def _row(tex: str, e: Mapping[str, Any], apart: bool) -> str:  # noqa: FBT001 (a column of the spectrum)
    exact = f"${tex}$".replace("|", r"\vert{}") if tex else ""
    note = APART if apart else ""
    return f"| {exact} | {twelve(e)} | {multiplicity(e.get('multiplicity', 1))}{note} |"
