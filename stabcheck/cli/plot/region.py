"""`stabcheck plot region`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stabcheck.cli.output import Force
from stabcheck.cli.plot.writing import PLAIN, Data, Target, answered, written
from stabcheck.cli.values import letter
from stabcheck.core.errors import BadInput
from stabcheck.core.number import number
from stabcheck.declare.combination import Combination
from stabcheck.declare.question import Question

if TYPE_CHECKING:
    from stabcheck.report.pictures.picture import Picture


def region(
    *,
    combination: Combination,
    given: Mapping[str, str],
    x: Annotated[str, typer.Option("--x", metavar="NAME[=A:B]", help="Along the first axis, from A to B.")],
    y: Annotated[str, typer.Option("--y", metavar="NAME[=A:B]", help="Along the second.")],
    out: Target = Path("region.svg"),
    data: Data = None,
    force: Force = False,
    look: Mapping[str, Any] = PLAIN,
) -> None:
    """Draw where it is stable over two hyperparameters, shaded by rate, and what happens where that ends.

    The curves are the zeros of the exact conditions. What else is not given has a typical value, which
    is told.

    Examples:

      stabcheck plot region --reg gp --method simgd --x h --y gamma

      stabcheck plot region --reg gp --method altgd --x h=0.1:8 --y gamma=0:3 --out region.pdf
    """

    def make() -> Picture:
        from stabcheck.report.pictures.region import region as picture

        (first, across), (second, up) = _axis("x", x), _axis("y", y)
        asked = Question.of(combination, given)
        return picture(answered(asked, but=(first, second)), first, second, {first: across, second: up})

    written(make, out, data, force=force, look=look)


def _axis(option: str, text: str) -> tuple[str, tuple[Any, Any]]:
    """The name and its ends, `None` where they are left out."""
    name, equals, ends = text.partition("=")
    low, colon, high = ends.partition(":")
    if not name or bool(equals) != bool(colon):
        raise BadInput(f"--{option} {text[:40]} is no axis; write --{option} h or --{option} h=0.1:2")
    return letter(name), (number(low), number(high)) if equals else (None, None)
