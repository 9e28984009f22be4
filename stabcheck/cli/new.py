"""`stabcheck new`."""

from __future__ import annotations

import os
import shlex
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from stabcheck.cli.terminal import emit
from stabcheck.errors import BadInput

TEMPLATE = """\
# A game for stabcheck. Every key is described in docs/game.schema.json.
#
# Formulas: numbers (exact: 0.1 is 1/10), names, + - * / ( ), powers such as x^2 or x^(1/2),
# exp log softplus tanh sqrt sigmoid abs min(a, b) max(a, b), and E(...), the mean over the
# random numbers inside it.

name = "my-game"
source = "where this game is from"

# The players in order. Each minimises its own loss; `variables` defaults to the player's name.
[players.x]
variables = ["x"]
loss = "a*x^2/2 + x*y"

[players.y]
loss = "-x*y + E((u*y)^2)/2"

# Names that may stay symbols, or get a value with --a 1.
# Signs: ">0", ">=0", "real", "nonzero", "(0,1]", "[0,1)".
[hyperparameters]
a = { sign = ">0", help = "curvature of x's loss" }

# Random numbers, which formulas use inside E(...). Others:
#   { law = "normal", mean = 0, std = 1 }
#   { law = "discrete", values = [0, 1], weights = ["1/3", "2/3"] }
#   { law = "mixture", of = ["u", "v"], weights = ["1/2", "1/2"] }
[distributions]
u = { law = "uniform", low = -1, high = 1 }

# The rest point, one formula in the hyperparameters for each variable.
[equilibrium]
x = 0
y = 0
"""


def new(
    *,
    path: Annotated[Path, typer.Argument(help="where to write it, my_game.toml for instance")],
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Write a small game file with comments, to start a game of one's own from.

    Examples:

      stabcheck new my_game.toml

      stabcheck eigen --game my_game.toml --a 1
    """
    if path.suffix != ".toml":
        raise BadInput(f"{path}: a game file ends in .toml; give such a path")
    if not path.parent.is_dir():
        raise BadInput(f"{path}: there is no folder {path.parent}; make it first")
    try:
        _write(path, force=force)
    except FileExistsError:
        raise BadInput(f"{path} is there already; take another name, or replace it with --force") from None
    except OSError as fault:
        raise BadInput(f"{path}: the file cannot be written: {fault.strerror}") from None
    emit(f"wrote {path}; next: stabcheck eigen --game {shlex.quote(str(path))} --a 1")


def _write(path: Path, *, force: bool) -> None:
    """Put the whole template at the path, or nothing; without `force` over no file."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem[:40]}-", suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(TEMPLATE)
        Path(name).chmod(0o666 & ~_mask())
        if not force:
            # Fails if there is a file, also one made in the meantime; then only this is replaced.
            path.open("x").close()
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)


def _mask() -> int:
    """The permissions that new files of this process do not get."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
