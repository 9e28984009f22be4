"""Where the declarations of one's own come from: the text that says what they are."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from hashlib import sha256

from stabcheck.core.errors import BadInput
from stabcheck.core.hyper import Declaration, ours, preorder
from stabcheck.declare.file import pythonfile


def own(*declarations: Declaration) -> Iterator[type]:
    """The classes of one's own in declarations, those that they derive from included."""
    classes = (cls for whole in declarations for part in preorder(whole) for cls in type(part).__mro__)
    yield from dict.fromkeys(cls for cls in classes if not _library(cls))


def programmed(*declarations: Declaration) -> bool:
    """Whether a class of one's own is written in Python; those of a game file are data."""
    return any("origin" not in vars(cls) for cls in own(*declarations))


def contents(*declarations: Declaration) -> dict[str, str]:
    """SHA-256 of the text of each class of one's own: its file, or the module that it is written in.

    What a module imports is not in it.

    Raises:
        BadInput: for a class whose source is not known, as one typed into a prompt.
    """
    texts = {f"{cls.__module__}.{cls.__qualname__}": _text(cls) for cls in own(*declarations)}
    return {name: sha256(text.encode()).hexdigest() for name, text in texts.items()}


def _library(cls: type) -> bool:
    ours_by_name = "origin" not in vars(cls) and ours(cls)
    return ours_by_name or cls.__module__.partition(".")[0] in sys.stdlib_module_names


def _text(cls: type) -> str:
    if origin := vars(cls).get("origin"):
        return "\0".join(origin[1])
    if text := pythonfile.text(cls):
        return text
    for source in (sys.modules.get(cls.__module__), cls):
        try:
            return inspect.getsource(source)  # pyright: ignore[reportArgumentType]
        except (OSError, TypeError):
            continue
    raise BadInput(f"the source of {cls.__name__} is not known; write it into a file")
