"""`stabcheck prove`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stabcheck.cli.options import one_of
from stabcheck.cli.output import Force
from stabcheck.cli.terminal import Exit, emit, tell
from stabcheck.core.errors import BadInput
from stabcheck.core.files import ready, write
from stabcheck.declare.combination import Combination
from stabcheck.declare.question import Question

if TYPE_CHECKING:
    from stabcheck.judge.proof import Proof

FORMATS = ("text", "json", "latex", "markdown")
LONGEST = 3_600


def prove(
    *,
    combination: Combination,
    given: Mapping[str, str],
    claim: Annotated[str, typer.Argument(metavar="CLAIM", help="what is to be proved, in quotes")] = "",
    solver: Annotated[
        list[str] | None,
        typer.Option("--solver", help="z3, cvc5, or a program for SMT-LIB; repeatable; default z3, cvc5"),
    ] = None,
    seconds: Annotated[float, typer.Option("--seconds", help="of one question to a solver")] = 2.0,
    out: Annotated[
        Path | None, typer.Option("--certificate", metavar="FILE", help="write what anybody can check")
    ] = None,
    check: Annotated[
        Path | None, typer.Option("--check", metavar="FILE", help="check a certificate, by cvc5 or --solver")
    ] = None,
    force: Force = False,
    format_: Annotated[str, typer.Option("--format", help=", ".join(FORMATS))] = "text",
) -> None:
    """Prove or refute a claim about stability, at all admissible values of the open names.

    A claim has and, or, not, implies, iff, comparisons, + - * / ^, sqrt, abs, the names left open, and
    stable, unstable, neutral, rate < 1/2. One that names f1 = f'(0) is about every loss, unless --loss
    names one; --loss germ is every loss, too. Solvers come with pip install "stabcheck[prove]".

    Exit code 0 if it is proved, 1 if not, 2 for bad input.

    Examples:

      stabcheck prove "gamma > 0 implies (stable iff f1^2 h^2 + 2 gamma h < 4)" --reg gp --method altgd

      stabcheck prove "h < gamma implies rate < 1" "dirac + gp | simgd" --certificate refuted.json

      stabcheck prove --check refuted.json
    """
    one_of("format", format_, FORMATS if check is None else FORMATS[:2])
    if not 0 < seconds <= LONGEST:
        raise BadInput(f"--seconds must be a number above 0 and at most {LONGEST}, not {seconds:g}")
    if check is not None:
        _check(check, claim, solver or ["cvc5"], seconds, format_)
        return
    if not claim:
        raise BadInput('write what is to be proved, in quotes: stabcheck prove "stable implies gamma > 0"')
    if out is not None:
        ready(out, (".json",), force=force)
    asked = Question.of(combination, given)
    from stabcheck.judge import proof
    from stabcheck.judge import solver as solvers
    from stabcheck.judge.equilibria import analysed
    from stabcheck.report.proof import latex, markdown, text

    result = analysed(asked)
    proved = proof.prove(
        claim,
        result,
        solvers=[solvers.solver(name) for name in solver or ()],
        limits=solvers.Limits(seconds=seconds),
        chosen_loss=bool(combination.loss),
    )
    if format_ == "json":
        emit(json.dumps(proved.to_dict(), indent=2, allow_nan=False))
    else:
        typeset = {"latex": latex, "markdown": markdown}.get(format_)
        emit(typeset(proved, result.names) if typeset else text(proved))
    if out is not None:
        _certify(proved, out, force=force)
    if proved.outcome is not proof.Outcome.PROVED:
        raise typer.Exit(Exit.DISAGREES)


def _certify(proved: Proof, out: Path, *, force: bool) -> None:
    """Write the certificate; where there is none, that is said beside the result."""
    from stabcheck.judge.certificate import certificate

    try:
        data = certificate(proved)
    except BadInput as refusal:
        tell(f"stabcheck: {refusal}")
        return
    write(out, f"{json.dumps(data, indent=2, allow_nan=False)}\n", force=force)
    tell(f"wrote {out}")


def _check(path: Path, claim: str, names: Sequence[str], seconds: float, format_: str) -> None:
    """What a certificate comes to."""
    from stabcheck.judge import certificate as certificates
    from stabcheck.judge import solver as solvers
    from stabcheck.report.proof import check_text

    if claim:
        raise BadInput("a certificate holds its claim; leave the claim out, or --check")
    if len(names) > 1:
        raise BadInput("--check asks one solver; give one --solver")
    solver = solvers.solver(names[0])
    checked = certificates.check(certificates.read(path), solver, solvers.Limits(seconds=seconds))
    emit(json.dumps(checked.to_dict(), indent=2) if format_ == "json" else check_text(checked))
    if not checked.holds:
        raise typer.Exit(Exit.DISAGREES)
