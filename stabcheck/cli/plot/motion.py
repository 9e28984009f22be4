"""`stabcheck plot field`, `trajectory` and `compare`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stabcheck.cli.output import Force
from stabcheck.cli.plot.writing import PLAIN, Data, Target, answered, written
from stabcheck.core.errors import BadInput
from stabcheck.core.files import FILMS
from stabcheck.core.number import number
from stabcheck.declare.combination import Combination, assemble, shared_out
from stabcheck.declare.question import Question
from stabcheck.declare.starts import pair, read

if TYPE_CHECKING:
    from stabcheck.report.pictures.picture import Picture

Steps = Annotated[
    int | None, typer.Option("--steps", help="How many steps, or for a flow how long.", show_default=False)
]
Start = Annotated[
    str | None, typer.Option("--start", metavar="X,Y", help="Where the path starts: 1,1 or theta=1,psi=1.")
]
Axes = Annotated[
    str | None, typer.Option("--axes", metavar="X,Y", help="The two coordinates shown: theta,psi.")
]
Range = Annotated[
    str | None, typer.Option("--range", metavar="R", help="How far the frame goes from the equilibrium.")
]


def field(
    *,
    combination: Combination,
    given: Mapping[str, str],
    axes: Axes = None,
    range_: Range = None,
    start: Start = None,
    steps: Steps = None,
    out: Target = Path("field.svg"),
    data: Data = None,
    force: Force = False,
    look: Mapping[str, Any] = PLAIN,
) -> None:
    """Draw the vector field around the equilibrium, with paths of the real, nonlinear method.

    The clipping band and lines where the losses have a kink are shown where there are any. What
    is not given has a typical value, which is told.

    Examples:

      stabcheck plot field --reg gp --gamma 1

      stabcheck plot field --loss wgan --reg clip --w 1 --method altgd --h 1/5 --out clip.pdf
    """

    def make() -> Picture:
        from stabcheck.report.pictures.field import field as picture

        result = answered(Question.of(combination, given))
        return picture(
            result,
            axes=names(axes),
            reach=floats("range", range_),
            start=None if start is None else read(start),
            steps=steps,
        )

    written(make, out, data, force=force, look=look)


def trajectory(
    *,
    combination: Combination,
    given: Mapping[str, str],
    axes: Axes = None,
    start: Start = None,
    steps: Steps = None,
    out: Target = Path("trajectory.svg"),
    data: Data = None,
    force: Force = False,
    look: Mapping[str, Any] = PLAIN,
) -> None:
    """Draw a path of the real, nonlinear method, and its distance beside the predicted rate.

    With a name that ends in .gif the path is animated.

    Examples:

      stabcheck plot trajectory --reg gp --gamma 1/2 --method altgd --h 1/2

      stabcheck plot trajectory --method simgd --h 1/5 --steps 100 --out out.gif
    """

    def make() -> Picture:
        from stabcheck.report.pictures.trajectory import trajectory as picture

        result = answered(Question.of(combination, given))
        return picture(result, axes=names(axes), start=None if start is None else read(start), steps=steps)

    written(make, out, data, force=force, look=look, suffixes=FILMS)


def compare(
    *,
    combination: Combination,
    given: Mapping[str, str],
    regs: Annotated[str, typer.Option("--regs", metavar="REG,...", help="none, or penalties; gp+r2 for two")],
    methods: Annotated[
        str, typer.Option("--methods", metavar="METHOD,...", help="methods or chains, as lookahead:altgd")
    ],
    start: Start = None,
    steps: Steps = None,
    out: Target = Path("compare.svg"),
    data: Data = None,
    force: Force = False,
    look: Mapping[str, Any] = PLAIN,
) -> None:
    """Draw penalties times methods as small multiples, a path in each.

    Each panel takes the values that it has a place for, and typical ones for the rest, which the
    caption gives.

    Examples:

      stabcheck plot compare --regs none,gp,consensus --methods simgd,altgd --h 1/5
    """
    if combination.penalties:
        raise BadInput("the penalties of a grid are given by --regs; leave --reg out")

    def make() -> Picture:
        from stabcheck.report.pictures.grid import START, grid

        begin = START if start is None else pair(read(start), _axes(combination))
        asked = _asked(combination, names(regs) or (), names(methods) or (), given)
        return grid(asked, start=begin, steps=steps)

    written(make, out, data, force=force, look=look)


def _asked(
    combination: Combination, regs: Sequence[str], methods: Sequence[str], given: Mapping[str, str]
) -> list[list[Question]]:
    """The questions by penalty and method, each with the values that it has a place for.

    Raises:
        BadInput: for a name for which none has, and for what is named twice.
    """
    for listed in (regs, methods):
        for name in listed:
            if listed.count(name) > 1:
                raise BadInput(f"{name} is named {listed.count(name)} times; name each once")
    rows = [replace(combination, penalties=tuple(reg.split("+"))) for reg in regs]
    shared = shared_out([replace(row, method=method) for row in rows for method in methods], given)
    asked = [Question.of(*each) for each in shared]
    return [asked[k : k + len(methods)] for k in range(0, len(asked), len(methods))]


def _axes(combination: Combination) -> tuple[str, str]:
    """The two coordinates that a grid shows: the first of each of the first two players."""
    game = assemble(combination).game
    first, *others = (dim for dim in game.dims if dim)
    return game.names[0], game.names[min(first if others else 1, len(game.names) - 1)]


def names(text: str | None) -> tuple[str, ...] | None:
    """The names in a list with commas."""
    return None if text is None else tuple(name.strip() for name in text.split(","))


def floats(option: str, text: str | None) -> tuple[float, ...] | None:
    """The numbers in a list with commas.

    Raises:
        BadInput: if an entry is none.
    """
    try:
        return None if text is None else tuple(float(number(entry.strip())) for entry in text.split(","))
    except BadInput as refusal:
        raise BadInput(f"--{option}: {refusal}") from None


MOTION = {"field": field, "trajectory": trajectory, "compare": compare}
