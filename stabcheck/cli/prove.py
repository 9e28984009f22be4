"""`stabcheck prove`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated

import typer

from stabcheck.cli.options import one_of
from stabcheck.cli.terminal import Exit, emit
from stabcheck.core.errors import BadInput
from stabcheck.declare.combination import Combination
from stabcheck.declare.question import Question

FORMATS = ("text", "json", "latex")
LONGEST = 3_600


def prove(
    *,
    combination: Combination,
    given: Mapping[str, str],
    claim: Annotated[str, typer.Argument(metavar="CLAIM", help="what is to be proved, in quotes")],
    solver: Annotated[
        list[str] | None,
        typer.Option("--solver", help="z3, cvc5, or a program for SMT-LIB; repeatable; default z3, cvc5"),
    ] = None,
    seconds: Annotated[float, typer.Option("--seconds", help="of one question to a solver")] = 2.0,
    format_: Annotated[str, typer.Option("--format", help=", ".join(FORMATS))] = "text",
) -> None:
    """Prove or refute a claim about stability, at all admissible values of the open names.

    A claim has and, or, not, implies, iff, comparisons, + - * / ^, sqrt, abs, the names left open, and
    stable, unstable, neutral, rate < 1/2. One that names f1 = f'(0) is about every loss, unless --loss
    names one; --loss germ is every loss, too. Solvers come with pip install "stabcheck[prove]".

    Exit code 0 if it is proved, 1 if not, 2 for bad input.

    Examples:

      stabcheck prove "gamma > 0 implies (stable iff f1^2 h^2 + 2 gamma h < 4)" --reg gp --method altgd

      stabcheck prove "h < gamma implies rate < 1" "dirac + gp | simgd"
    """
    one_of("format", format_, FORMATS)
    if not 0 < seconds <= LONGEST:
        raise BadInput(f"--seconds must be a number above 0 and at most {LONGEST}, not {seconds:g}")
    asked = Question.of(combination, given)
    from stabcheck.judge import proof
    from stabcheck.judge import solver as solvers
    from stabcheck.judge.equilibria import analysed
    from stabcheck.report.proof import latex, text

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
        emit(latex(proved, result.names) if format_ == "latex" else text(proved))
    if proved.outcome is not proof.Outcome.PROVED:
        raise typer.Exit(Exit.DISAGREES)
