"""`stabcheck derive` and `stabcheck latex`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stabcheck.cli.options import one_of
from stabcheck.cli.output import Force, Out, deliver, tell
from stabcheck.core.errors import BadInput
from stabcheck.core.files import ready, write
from stabcheck.declare.combination import Combination
from stabcheck.declare.question import Question

if TYPE_CHECKING:
    from stabcheck.judge.analysis import Analysis

FORMATS = ("text", "markdown")


def derive(
    *,
    combination: Combination,
    given: Mapping[str, str],
    format_: Annotated[str, typer.Option("--format", help=", ".join(FORMATS))] = "text",
    out: Out = None,
    force: Force = False,
) -> None:
    """Derive the verdict step by step: losses, field, Jacobian, polynomial, eigenvalues, criterion.

    Examples:

      stabcheck derive --reg gp --method altgd

      stabcheck derive --game quadratic --method cgd --format markdown --out quadratic.md
    """
    one_of("format", format_, FORMATS)
    if out is not None:
        ready(out, (), force=force)
    derivation = _result(combination, given).derivation
    from stabcheck.report.derivation import markdown, text

    deliver(markdown(derivation) if format_ == "markdown" else text(derivation), out, force=force)


def latex(
    *,
    combination: Combination,
    given: Mapping[str, str],
    document: Annotated[
        bool, typer.Option("--document", help="A complete file for pdflatex, references included.")
    ] = False,
    proof: Annotated[
        bool, typer.Option("--proof", help="Every step with the sentences that say why it follows.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="FILE.tex", help="Write there, and the works cited beside it as FILE.bib."
        ),
    ] = None,
    force: Force = False,
) -> None:
    """Print the derived formulas in LaTeX, for amsmath and amssymb.

    Examples:

      stabcheck latex --reg gp --method altgd

      stabcheck latex --reg gp --gamma 1 --document --proof --out proof.tex
    """
    if out is not None:
        ready(out, (".tex",), force=force)
        ready(out.with_suffix(".bib"), (), force=force)
    result = _result(combination, given)
    text = _latex(result, document=document, proof=proof)
    if out is None:
        deliver(text, None, force=force)
        return
    from stabcheck.report.document import bibtex

    _both(out, text, bibtex(result.derivation), force=force)


def _result(combination: Combination, given: Mapping[str, str]) -> Analysis:
    asked = Question.of(combination, given)
    from stabcheck.judge.equilibria import analysed

    return analysed(asked)


def _latex(result: Analysis, *, document: bool, proof: bool) -> str:
    from stabcheck.report import document as views
    from stabcheck.report.latex import fragment

    if document:
        return views.document(result, proof=proof)
    return views.steps(result.derivation) if proof else fragment(result)


def _both(out: Path, text: str, works: str, *, force: bool) -> None:
    """The text and the works that it cites, or neither."""
    beside = out.with_suffix(".bib")
    before = out.read_bytes() if out.exists() else None
    write(out, f"{text}\n", force=force)
    try:
        write(beside, f"{works}\n", force=force)
    except BadInput:
        if before is None:
            out.unlink()
        else:
            write(out, before, force=True)
        raise
    tell(f"wrote {out} and {beside}")
