"""`stabcheck plot spectrum` and `stabcheck plot locus`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stabcheck.cli.options import today
from stabcheck.cli.output import Force
from stabcheck.cli.plot.writing import PLAIN, Data, Target, answered, written
from stabcheck.core.errors import BadInput
from stabcheck.core.number import number
from stabcheck.declare.combination import Combination, owned
from stabcheck.declare.question import Question

if TYPE_CHECKING:
    from stabcheck.judge.result import Result
    from stabcheck.report.pictures.picture import Picture


def spectrum(
    *,
    combination: Combination,
    given: Mapping[str, str],
    out: Target = Path("spectrum.svg"),
    data: Data = None,
    force: Force = False,
    look: Mapping[str, Any] = PLAIN,
) -> None:
    """Draw the certified eigenvalues in the complex plane, with the boundary of stability.

    What is not given has a typical value, which is told.

    Examples:

      stabcheck plot spectrum --reg gp --gamma 1

      stabcheck plot spectrum --method ogda --h 1/5 --out ogda.pdf --data ogda.csv
    """

    def make() -> Picture:
        from stabcheck.report.pictures.spectrum import spectrum as picture

        return picture(answered(Question.of(combination, given)))

    written(make, out, data, force=force, look=look)


def locus(
    *,
    combination: Combination,
    given: Mapping[str, str],
    over: Annotated[str, typer.Option("--over", metavar="NAME", help="The hyperparameter that moves.")],
    from_: Annotated[
        str | None, typer.Option("--from", metavar="VALUE", help="Where it starts; default 0 or near it.")
    ] = None,
    to: Annotated[
        str | None,
        typer.Option("--to", metavar="VALUE", help="Where it ends; default twice what is typical."),
    ] = None,
    points: Annotated[int, typer.Option("--points", help="How many values are drawn at least.")] = 200,
    out: Target = Path("locus.svg"),
    data: Data = None,
    force: Force = False,
    look: Mapping[str, Any] = PLAIN,
) -> None:
    """Draw how the eigenvalues move with one hyperparameter, and the rate below.

    Values where eigenvalues meet or cross the boundary are exact. What else is not given has a
    typical value, which is told.

    Examples:

      stabcheck plot locus --reg gp --over gamma --from 0 --to 2

      stabcheck plot locus --reg gp --gamma 1/2 --method altgd --over h --to 3
    """

    def make() -> Picture:
        from stabcheck.report.pictures.locus import locus as picture

        result, name = _but(combination, given, over)
        start, stop = (None if text is None else number(text) for text in (from_, to))
        return picture(result, name, start, stop, points=points)

    written(make, out, data, force=force, look=look)


def _but(combination: Combination, given: Mapping[str, str], over: str) -> tuple[Result, str]:
    """The analysis with a value for every name but one, and that name as the analysis has it."""
    asked = Question.of(combination, given)
    (over,) = today({over.replace("-", "_"): ""}, [combination])
    if over in {*given, *asked.values}:
        raise BadInput(f"{over} is given a value and moves with --over {over}; leave the value out")
    asked, name = _opened(asked, combination, given, over)
    return answered(asked, but=(name,)), name


def _opened(
    asked: Question, combination: Combination, given: Mapping[str, str], over: str
) -> tuple[Question, str]:
    """The question with the name left open, also where it has a default or is one player's."""
    if over in asked.names:
        return asked, over
    if over not in owned(combination):
        open_names = ", ".join(asked.names) or "none"
        raise BadInput(f"--over {over[:40]}: no such name is open; those are: {open_names}")
    # One value makes it a symbol of its own; then the value goes.
    named = Question.of(combination, {**given, over: "1"})
    new = [name for name in named.values if name not in asked.values]
    if not new:
        raise BadInput(f"--over {over}: a count or a choice does not move continuously; take another name")
    others = {name: value for name, value in named.values.items() if name != new[0]}
    return replace(named, values=others), new[0]


SPECTRA = {"spectrum": spectrum, "locus": locus}
