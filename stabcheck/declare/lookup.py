"""What a person may write for a game, loss, penalty or method, and the declaration that it names.

A name of the registry, a file of one's own (`FILE.toml` for a game, `FILE.py:Class` for each), or for
a game a matrix.
"""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

from stabcheck.core.hyper import Declaration, title
from stabcheck.declare import registry
from stabcheck.declare.file import gamefile, matrixgame, pythonfile
from stabcheck.declare.games.gan import GAN
from stabcheck.declare.losses.loss import Loss, named

LINK = re.compile(r"(?:[A-Za-z]:[\\/])?[^:]*\.py:[^:]*|[^:]*")
"""One method of a chain; the colon of `FILE.py:Class` parts no methods, nor does that of a drive."""


def find(kind: str, text: str) -> Any:
    """The declaration class that a text names; a Python file is run.

    Raises:
        BadInput: if there is none, or it cannot be used.
    """
    if pythonfile.is_python(text):
        return pythonfile.find(kind, text)
    if kind == "game" and text.startswith(matrixgame.PREFIX):
        return matrixgame.read(text)
    return gamefile.load(text) if kind == "game" and is_file(text) else registry.find(kind, text)


def is_file(text: str) -> bool:
    """Whether a part is none of the registry: it is in a file, or spelled as a matrix."""
    return text.endswith(".toml") or pythonfile.is_python(text) or text.startswith(matrixgame.PREFIX)


def spelled(text: str, part: type[Declaration]) -> str:
    """The text that names a part, its alias in the registry resolved."""
    return text if is_file(text) else part.name


def called(part: type[Declaration]) -> str:
    """The text that names a class: of the registry or in a file; another one is called as in Python."""
    if origin := vars(part).get("origin"):
        return origin[1][0]
    return pythonfile.place(part) or (title(part) if registry.listed(part) else part.__name__)


def links(chain: str) -> list[str]:
    """The methods of a chain such as `lookahead:altgd` or `lookahead:FILE.py:Class`."""
    names, at = [], 0
    while at <= len(chain):
        link = LINK.match(chain, at)
        assert link is not None
        names.append(link[0])
        at = link.end() + 1
    return names


def load_game(path: str | Path) -> Any:
    """The game that a file declares, as a class: `FILE.toml`, or `FILE.py:Class`, which is run.

    Raises:
        BadInput: for whatever is wrong with the file.
    """
    text = str(path)
    return pythonfile.find("game", text) if pythonfile.is_python(text) else gamefile.load(path)


def own_loss(game: type[Declaration]) -> Loss | None:
    """The loss of a GAN where none is given: its default, else `gan`; `None` for other games."""
    if not issubclass(game, GAN):
        return None
    default = inspect.signature(game).parameters["loss"].default
    return named("gan" if default is inspect.Parameter.empty else default)


def loss_name(loss: Loss | None) -> str | None:
    """The name in the registry that means this very loss, if one does."""
    declared = registry.declarations("loss").get(loss.name) if loss else None
    return declared.name if declared is not None and declared is type(loss) and declared() == loss else None
