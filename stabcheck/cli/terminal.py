"""What goes to the streams, and exit codes."""

from __future__ import annotations

import sys
from enum import IntEnum


class Exit(IntEnum):
    """What the exit code of a command means."""

    DONE = 0
    DISAGREES = 1
    BAD_INPUT = 2
    INTERRUPTED = 130


ASCII = str.maketrans({"±": "+-", "ø": "o", "é": "e", "ä": "ae", "…": "..."})


def emit(text: str) -> None:
    """Print a result on standard output, in ASCII where the stream knows nothing else."""
    encoding = sys.stdout.encoding or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = text.translate(ASCII).encode(encoding, "replace").decode(encoding)
    sys.stdout.write(f"{text}\n")


def complain(text: str, *, in_lines: bool = False) -> None:
    """One line on standard error; a formula keeps its lines, for the caret under its place."""
    shown = text if in_lines else " ".join(text.split())
    sys.stderr.write(f"stabcheck: {shown}\n")
