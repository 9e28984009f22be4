"""`stabcheck eigen`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated

import typer

from stabcheck.cli.options import FORMATS, one_of
from stabcheck.cli.terminal import Exit, emit
from stabcheck.core.errors import BadInput
from stabcheck.declare.combination import Combination
from stabcheck.declare.question import Question

COLOURS, YELLOW = {"stable": "1;32", "unstable": "1;31"}, "1;33"
"""Of the first sentence, by verdict."""


def eigen(
    *,
    combination: Combination,
    given: Mapping[str, str],
    format_: Annotated[str, typer.Option("--format", help=", ".join(FORMATS))] = "text",
    check: Annotated[
        bool,
        typer.Option("--verify/--no-verify", help="Hold the result against autodiff, literature."),
    ] = True,
    full: Annotated[bool, typer.Option("--full", help="All that is known, and the convention.")] = False,
    seed: Annotated[int, typer.Option("--seed", help="Of the verification's random values.")] = 0,
) -> None:
    """Derive vector field, Jacobian, eigenvalues and verdict at the equilibrium.

    Numbers are read exactly: 1, 1/2, 0.1, 2e-3. What is left out stays a symbol.

    Examples:

      stabcheck eigen --reg gp --gamma 1

      stabcheck eigen --loss wgan --method altgd --h 1/10 --format json

      stabcheck eigen "dirac + gp(gamma=1) | altgd(h=1/10)"
    """
    one_of("format", format_, FORMATS)
    asked = Question.of(combination, given)
    from stabcheck.declare.games.game import unwrapped

    if not unwrapped(asked.game)[0].symbolic:
        _in_floats(asked, format_)
        return
    from stabcheck.judge.equilibria import analysed

    result = analysed(asked)
    verification = result.verify(seed=seed) if check else None
    if format_ == "json":
        from stabcheck.judge.record import as_data

        emit(json.dumps(as_data(result, verification), indent=2, allow_nan=False))
    elif format_ == "latex":
        from stabcheck.report.latex import fragment

        emit(fragment(result))
    elif format_ == "markdown":
        from stabcheck.judge.record import recorded
        from stabcheck.report.markdown import page

        emit(page(recorded(result, verification)))
    else:
        from stabcheck.report.text import brief, plain

        emit((plain if full else brief)(result, verification), colour=COLOURS.get(result.verdict, YELLOW))
    if verification is not None and verification.status == "disagrees":
        raise typer.Exit(Exit.DISAGREES)


def _in_floats(asked: Question, format_: str) -> None:
    """The same for losses written in JAX: numbers alone.

    Raises:
        BadInput: for a format that shows formulas.
    """
    from stabcheck.judge.analyse import analyse

    if format_ not in ("text", "json"):
        what = f"{asked.game.label} has its losses in JAX and so no formulas for --format {format_}"
        raise BadInput(f"{what}; take text or json")
    result = analyse(asked.game, asked.method, **asked.values)
    emit(json.dumps(result.to_dict(), indent=2, allow_nan=False) if format_ == "json" else str(result))
