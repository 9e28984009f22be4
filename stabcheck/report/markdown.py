"""A result in Markdown, formulas in LaTeX between dollar signs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from stabcheck.core.visible import visible
from stabcheck.judge.summary import caveats, conventions, directions, hyperparameters, multiplicity, summary
from stabcheck.report.derivation import displayed
from stabcheck.report.derivation import safe as everything_safe
from stabcheck.report.text import APART, verification_line
from stabcheck.symbolic.printing import latex

if TYPE_CHECKING:
    from stabcheck.judge.analysis import Analysis
    from stabcheck.judge.verification import Verification
    from stabcheck.symbolic.exact import Eigenvalue


def page(result: Analysis, verification: Verification | None = None) -> str:
    """The whole report."""
    return visible("\n".join(_lines(result, verification)))


def safe(text: str) -> str:
    """Text that Markdown shows as it is; a `_` inside a word needs no sign before it."""
    return re.sub(r"(?<=[A-Za-z0-9])\\_(?=[A-Za-z0-9])", "_", everything_safe(text))


def _lines(result: Analysis, verification: Verification | None) -> Iterator[str]:
    yield from (f"- **{title}**: {safe(text)}" for title, text in summary(result))
    yield ""
    for step in result.derivation.general:
        yield from (f"{shown}\n" for shown in displayed(result.derivation, step))
    if result.manifold:
        yield f"Manifold: {directions(result, lambda e: f'${latex(e, result.names)}$')}\n"
    given = hyperparameters(result)
    if given:
        yield "At " + ", ".join(f"`{name} = {value}`" for name, value in given.items()) + ":\n"
    if result.eigenvalues is not None:
        yield "| eigenvalue | value | multiplicity |\n| --- | --- | --- |"
        yield from (_row(result, e, "") for e in result.eigenvalues)
        yield from (_row(result, e, APART) for e in result.memory or ())
        yield ""
    yield f"**{result.verdict}**: {safe(result.finding.reason)}"
    yield f"({result.finding.classification})\n" if result.finding.classification else ""
    yield from (f"Caveat: {safe(text)}\n" for text in caveats(result))
    if verification is not None:
        yield f"Verification: {safe(verification_line(verification))}\n"
    yield from (f"Known: {safe(claim.text)} [{safe(claim.source)}]\n" for claim in result.known)
    yield f"Convention: {safe(conventions(result))}"


def _row(result: Analysis, e: Eigenvalue, note: str) -> str:
    exact = "" if e.exact is None else f"${latex(e.exact, result.names)}$".replace("|", r"\vert{}")
    value = f"{e.value.real:.12g}" + ("" if e.is_real else f" {e.value.imag:+.12g}i")
    return f"| {exact} | {value} | {multiplicity(e.multiplicity)}{note} |"
