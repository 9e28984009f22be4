"""What all commands of `stabcheck plot` share."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import wraps
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stabcheck.cli.output import tell
from stabcheck.core.errors import BadInput
from stabcheck.core.files import PICTURES, ready, write
from stabcheck.core.number import number
from stabcheck.core.visible import visible
from stabcheck.declare.question import Question

if TYPE_CHECKING:
    from stabcheck.judge.result import Result
    from stabcheck.report.pictures.picture import Picture

Target = Annotated[
    Path, typer.Option("--out", metavar="FILE", help="The picture: .svg, .pdf or .png by suffix.")
]
Data = Annotated[
    Path | None, typer.Option("--data", metavar="FILE", help="Write the plotted numbers there, as .csv.")
]


PLAIN: Mapping[str, Any] = MappingProxyType({})
"""A picture as it is."""
INCHES = {"": 1.0, "in": 1.0, "cm": 1 / 2.54, "mm": 1 / 25.4, "pt": 1 / 72.27}
WIDTHS, FONTS = (1.0, 40.0), (4.0, 40.0)
LOOK = {
    "title": Annotated[str, typer.Option("--title", metavar="TEXT", help="A title above the picture.")],
    "no_caption": Annotated[bool, typer.Option("--no-caption", help="Leave the caption out.")],
    "width": Annotated[
        str, typer.Option("--width", metavar="LENGTH", help="How wide it is: 3.25in, 8.5cm, 240pt.")
    ],
    "font_size": Annotated[
        str, typer.Option("--font-size", metavar="POINTS", help="The size of its letters, default 9.")
    ],
}


def with_look(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command that takes a `look` the options for how a picture is set into a page."""
    signature = inspect.signature(command, eval_str=True)
    own = [p for p in signature.parameters.values() if p.name != "look"]
    made = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=False if name == "no_caption" else "",
                          annotation=annotation)
        for name, annotation in LOOK.items()
    ]  # fmt: skip

    @wraps(command)
    def wrapped(**options: Any) -> None:
        title, plain, width, size = (options.pop(name) for name in LOOK)
        look: dict[str, Any] = {"title": visible(title), "captioned": not plain}
        if width:
            look["width"] = _inches(width)
        if size:
            look["font_size"] = _within("font-size", size.removesuffix("pt"), FONTS, "points")
        command(look=look, **options)

    wrapped.__signature__ = inspect.Signature([*own, *made])  # pyright: ignore[reportAttributeAccessIssue]
    return wrapped


def _inches(text: str) -> float:
    number, unit = re.fullmatch("(.*?)([a-z]*)", text.strip(), re.DOTALL).groups()  # pyright: ignore[reportOptionalMemberAccess]
    if unit not in INCHES:
        raise BadInput(f"--width {text[:30]}: '{unit}' is no unit of length; use in, cm, mm or pt, as 3.25in")
    return _within("width", number, WIDTHS, "inches", INCHES[unit])


def _within(name: str, text: str, bounds: tuple[float, float], unit: str, scale: float = 1.0) -> float:
    low, high = bounds
    try:
        quantity = float(number(text.strip())) * scale
    except BadInput as refusal:
        raise BadInput(f"--{name}: {refusal}") from None
    if not low <= quantity <= high:
        raise BadInput(f"--{name} must be {low:g} to {high:g} {unit}, not {quantity:.4g}")
    return quantity


def answered(asked: Question, *, but: Collection[str] = ()) -> Result:
    """The result at the values given, with typical values for the names left open, which are told.

    Args:
        asked: the question.
        but: names that stay open.
    """
    from stabcheck.judge import analyse

    assumed = {name: value for name, value in asked.typical.items() if name not in but}
    if assumed:
        shown = ", ".join(f"{name} = {value}" for name, value in assumed.items())
        tell(f"typical values, where none was given: {shown}")
    return analyse.answered(asked.having(assumed))


def written(
    make: Callable[[], Picture],
    out: Path,
    data: Path | None,
    *,
    force: bool,
    look: Mapping[str, Any] = PLAIN,
    suffixes: tuple[str, ...] = PICTURES,
) -> None:
    """Make a picture and write it, with its numbers beside it if asked; refused before it is made."""
    ready(out, suffixes, force=force)
    if data is not None:
        ready(data, (".csv",), force=force)
        if data.resolve() == out.resolve():
            raise BadInput(f"{data}: picture and data need a file each")
    from stabcheck.report.pictures.picture import Look

    picture = replace(make(), look=Look(**look))
    picture.save(out, force=force)
    if data is not None:
        write(data, picture.csv(), force=force)
    tell(f"wrote {out}{f' and {data}' if data is not None else ''}")
