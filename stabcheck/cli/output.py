"""Options and steps of the commands that write files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stabcheck.cli.terminal import emit, tell
from stabcheck.core.files import ready, write
from stabcheck.core.visible import visible

Force = Annotated[bool, typer.Option("--force", help="Replace files that are there.")]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Write there, not on standard output.")
]


def deliver(text: str, out: Path | None, *, force: bool) -> None:
    """The text on standard output, or whole in a file, which is then named on standard error."""
    if out is None:
        emit(text)
        return
    write(ready(out, (), force=force), f"{visible(text)}\n", force=force)
    tell(f"wrote {out}")
