"""`stabcheck region`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Annotated

import typer

from stabcheck.cli.options import one_of
from stabcheck.cli.terminal import emit, patient
from stabcheck.cli.values import letter
from stabcheck.core.errors import BadInput
from stabcheck.declare.combination import Combination
from stabcheck.declare.question import Question

FORMATS = ("text", "json", "latex", "markdown")


@patient
def region(
    *,
    combination: Combination,
    given: Mapping[str, str],
    name: Annotated[
        str, typer.Option("--solve-for", metavar="NAME", help="the name to solve for; default each")
    ] = "",
    box: Annotated[
        list[str] | None,
        typer.Option("--box", metavar="NAME=A:B", help="a side of a box to certify; repeatable"),
    ] = None,
    solver: Annotated[str, typer.Option("--solver", help="z3, cvc5, or a program that reads SMT-LIB")] = "z3",
    format_: Annotated[str, typer.Option("--format", help=", ".join(FORMATS))] = "text",
) -> None:
    """Tell where the equilibrium is stable, with no condition too many, and what happens where that ends.

    That conditions follow from others or exclude each other is proved by a solver, which
    pip install "stabcheck[prove]" brings. Boxes are certified in balls.

    Examples:

      stabcheck region --reg gp --method simgd --solve-for h

      stabcheck region --reg gp --method altgd --box gamma=1/2:3/2 --box h=1/20:1/2
    """
    one_of("format", format_, FORMATS)
    asked = Question.of(combination, given)
    from stabcheck.judge import solver as solvers
    from stabcheck.judge.boxes import Box
    from stabcheck.judge.equilibria import analysed
    from stabcheck.judge.stable_set import stable_set
    from stabcheck.report.stable_set import latex, markdown, text

    sides = Box.of(_sides(box)) if box else None
    result = analysed(asked)
    stable = stable_set(result, solvers.solver(solver), sides, letter(name))
    if format_ == "json":
        emit(json.dumps(stable.to_dict(), indent=2, allow_nan=False))
    else:
        typeset = {"latex": latex, "markdown": markdown}.get(format_)
        emit(typeset(stable, result.names) if typeset else text(stable))


def _sides(typed: Sequence[str]) -> dict[str, str]:
    pairs = [side.partition("=") for side in typed]
    wrong = [
        side
        for side, (name, equals, ends) in zip(typed, pairs, strict=True)
        if not (name and equals and ends)
    ]
    if wrong:
        raise BadInput(f"--box {wrong[0]} is no side; write --box gamma=1/2:3/2")
    return {letter(name): ends for name, _, ends in pairs}
