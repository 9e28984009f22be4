"""What goes to the streams, and exit codes."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import IntEnum
from functools import wraps
from threading import Timer
from typing import Any

import typer

from stabcheck.core.visible import visible


class Exit(IntEnum):
    """What the exit code of a command means."""

    DONE = 0
    DISAGREES = 1
    BAD_INPUT = 2
    INTERRUPTED = 130


ASCII = str.maketrans({"±": "+-", "ø": "o", "é": "e", "ä": "ae", "…": "..."})


def emit(text: str, *, colour: str = "") -> None:
    """Print a result on standard output, in ASCII where the stream knows nothing else.

    Args:
        text: the result.
        colour: of its first paragraph, on a terminal; a code of ANSI's.
    """
    text = visible(text)
    encoding = sys.stdout.encoding or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = text.translate(ASCII).encode(encoding, "replace").decode(encoding)
    if colour and shows_colours():
        first, gap, remainder = text.partition("\n\n")
        text = f"\x1b[{colour}m{first}\x1b[0m{gap}{remainder}"
    sys.stdout.write(f"{text}\n")


def shows_colours() -> bool:
    """Whether colours are wanted and seen: on a terminal, if `NO_COLOR` is not set."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def complain(text: str, *, in_lines: bool = False) -> None:
    """One line on standard error; a formula keeps its lines, for the caret under its place."""
    shown = text if in_lines else " ".join(re.split(r"[ \t\n]+", text)).strip()
    tell(f"stabcheck: {shown}")


def tell(text: str) -> None:
    """A message beside the data, on standard error."""
    sys.stderr.write(f"{visible(text)}\n")


def moves_cursor() -> bool:
    """Whether a bar can be shown: on a terminal that moves its cursor."""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def progress(items: Sequence[Any], label: str) -> Any:
    """A bar on standard error with the time left, as a context that gives the items one by one."""
    return typer.progressbar(items, label=label, file=sys.stderr, hidden=not moves_cursor())


@contextmanager
def share(label: str) -> Iterator[Callable[[float], object]]:
    """The same for work that tells which share of it is done."""
    units = 1000
    with typer.progressbar(length=units, label=label, file=sys.stderr, hidden=not moves_cursor()) as bar:
        yield lambda done: bar.update(round(units * done) - bar.pos)


@contextmanager
def awaited(after: float = 4.0) -> Iterator[None]:
    """A word on a terminal where what follows takes longer than so many seconds."""
    timer = Timer(after, tell, ["still deriving; Ctrl-C ends it, and values for open names make it shorter"])
    timer.daemon = True
    if moves_cursor():
        timer.start()
    try:
        yield
    finally:
        timer.cancel()


def patient(command: Callable[..., None]) -> Callable[..., None]:
    """A command that says so where it takes long."""

    @wraps(command)
    def patiently(**options: Any) -> None:
        with awaited():
            command(**options)

    return patiently
