"""What all commands of `stabcheck plot` share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stabcheck.assemble import Assembly, typical
from stabcheck.cli.output import tell
from stabcheck.errors import BadInput
from stabcheck.files import ready, write

if TYPE_CHECKING:
    from stabcheck.analysis import Analysis
    from stabcheck.report.pictures.picture import Picture

STILL = (".svg", ".pdf", ".png")
ANIMATED = (*STILL, ".gif")
Target = Annotated[
    Path, typer.Option("--out", metavar="FILE", help="The picture: .svg, .pdf or .png by suffix.")
]
Data = Annotated[
    Path | None, typer.Option("--data", metavar="FILE", help="Write the plotted numbers there, as .csv.")
]


def analysed(parts: Assembly, *, but: str = "") -> Analysis:
    """The analysis at the values given, with typical values for the names left open, which are told.

    Args:
        parts: the declarations.
        but: a name that stays open.
    """
    from stabcheck.restpoints import analysed as found

    assumed = {name: value for name, value in typical(parts).items() if name != but}
    if assumed:
        shown = ", ".join(f"{name} = {value}" for name, value in assumed.items())
        tell(f"typical values, where none was given: {shown}")
    return found(parts.having(assumed))


def written(
    make: Callable[[], Picture],
    out: Path,
    data: Path | None,
    *,
    force: bool,
    suffixes: tuple[str, ...] = STILL,
) -> None:
    """Make a picture and write it, with its numbers beside it if asked; refused before it is made."""
    ready(out, suffixes, force=force)
    if data is not None:
        ready(data, (".csv",), force=force)
        if data.resolve() == out.resolve():
            raise BadInput(f"{data}: picture and data need a file each")
    picture = make()
    picture.save(out, force=force)
    if data is not None:
        write(data, picture.csv(), force=force)
    tell(f"wrote {out}{f' and {data}' if data is not None else ''}")
