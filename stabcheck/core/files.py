"""Files that are written whole or not at all, and never over another one unasked."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from stabcheck.core.errors import BadInput

PICTURES = (".svg", ".pdf", ".png")
"""The suffixes of files that hold a picture."""
FILMS = (*PICTURES, ".gif")
"""Those of a picture that may move."""


def ready(path: Path, suffixes: Sequence[str], *, force: bool = False) -> Path:
    """The path itself, if a file can be written there; asked before long work begins.

    Args:
        path: where the file shall be.
        suffixes: those allowed, each with its dot; empty for any.
        force: a file that is there will be replaced.

    Raises:
        BadInput: for an unknown suffix, a missing folder, a folder in the place of a file, and
            a file that is there already.
    """
    if suffixes and path.suffix.lower() not in suffixes:
        allowed = f"{', '.join(suffixes[:-1])} or {suffixes[-1]}" if len(suffixes) > 1 else suffixes[0]
        raise BadInput(f"{path}: the name must end in {allowed}; give such a name")
    # Path's own questions raise for names too long.
    if not os.path.isdir(path.parent):
        raise BadInput(f"{path}: there is no folder {path.parent}; make it first")
    if os.path.isdir(path):
        raise BadInput(f"{path} is a folder; give the name of a file")
    if os.path.lexists(path) and not force:
        raise _taken(path)
    return path


def write(path: Path, content: str | bytes, *, force: bool = False) -> None:
    """Put the whole content at the path, or nothing; without `force` over no file.

    Args:
        path: where the file shall be; text is written in UTF-8 with `\\n` line ends.
        content: all of it.
        force: replace a file that is there.

    Raises:
        BadInput: if it cannot be written, with the reason of the system.
    """
    raw = content.encode() if isinstance(content, str) else content
    try:
        _put(path, raw, force=force)
    except FileExistsError:
        raise _taken(path) from None
    except OSError as fault:
        raise BadInput(f"{path}: the file cannot be written: {fault.strerror}") from None


def _taken(path: Path) -> BadInput:
    return BadInput(f"{path} is there already; take another name, or replace it with --force")


def _put(path: Path, raw: bytes, *, force: bool) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem[:40]}-", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(raw)
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
