"""Results kept on disk as plain data: read with suspicion, never evaluated, built again where broken."""

from __future__ import annotations

import hashlib
import json
import os
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import platformdirs

from stabcheck.core.errors import BadInput
from stabcheck.core.files import write
from stabcheck.core.sources import Sources

VARIABLE = "STABCHECK_CACHE"
LARGEST = 1_000_000
"""A longer file is none of ours."""
FIELDS = {"key", "digest", "data"}


class CorruptEntry(ValueError):
    """A file of the cache that is not what was written there; its text says why."""


def default_folder() -> Path:
    """The folder of the environment variable `STABCHECK_CACHE`, else the user's own."""
    return Path(os.environ.get(VARIABLE) or platformdirs.user_cache_dir("stabcheck"))


def key(question: Mapping[str, Any], source: str) -> str:
    """The name of a result: what it depends on, digested.

    Args:
        question: what was asked, as plain data; the versions are added here.
        source: the digest of the source, as `Cache.source` gives it.
    """
    return digest({"asked": dict(question), "versions": versions(), "source": source})


def digest(data: Any) -> str:
    """SHA-256 of plain data, whatever the order of its names."""
    return hashlib.sha256(_written(data).encode()).hexdigest()


def _written(data: Any) -> str:
    return json.dumps(data, sort_keys=True, allow_nan=False)


@cache
def versions() -> dict[str, str]:
    """Of everything whose change may change a result."""
    return {name: version(name) for name in ("stabcheck", "sympy", "python-flint")}


@cache
def _parsed(sources: Sources, written: str) -> str:
    """The digest of sources that are written so; it is made once."""
    del written
    return sources.digest()


@dataclass(frozen=True)
class Cache:
    """A folder with one file per result.

    Attributes:
        folder: made when it is first written to.
    """

    folder: Path

    def refusal(self) -> str:
        """Why nothing can be kept here; empty where it can."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            return f"the cache {self.folder} cannot be made: {fault.strerror}"
        if not os.access(self.folder, os.W_OK | os.X_OK):
            return f"the cache {self.folder} cannot be written"
        return ""

    def source(self, sources: Sources) -> str:
        """The digest of the source that results depend on.

        It is kept, too, under that of the files as written: to parse them takes a second, to read them none.
        """
        kept, name = Cache(self.folder / "sources"), sources.as_written()
        try:
            digest_kept = kept.get(name)
        except CorruptEntry:
            digest_kept = None
        if isinstance(digest_kept, str):
            return digest_kept
        fresh = _parsed(sources, name)
        if not kept.refusal():
            kept.put(name, fresh)
        return fresh

    def path(self, name: str) -> Path:
        """Where the result of that key is kept."""
        return self.folder / f"{name}.json"

    def get(self, name: str) -> Any:
        """The data kept under a key, `None` where there is none.

        Raises:
            CorruptEntry: if the file is there, but is not what `put` writes for that key.
        """
        raw = self._raw(name)
        return None if raw is None else _read(raw, name)

    def _raw(self, name: str) -> bytes | None:
        path = self.path(name)
        try:
            if path.exists() and not path.is_file():
                raise CorruptEntry("no file")
            with path.open("rb") as stream:
                raw = stream.read(LARGEST + 1)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as fault:
            raise CorruptEntry(str(fault.strerror)) from None
        if len(raw) > LARGEST:
            raise CorruptEntry("too large")
        return raw

    def put(self, name: str, data: Any) -> bool:
        """Keep the data, whole or not at all; the result says whether it was kept."""
        content = {"key": name, "digest": digest(data), "data": data}
        try:
            # In the order given, so that a row that was kept reads like one just derived.
            write(self.path(name), json.dumps(content, allow_nan=False), force=True)
        except (BadInput, OSError):
            return False
        return True


def _read(raw: bytes, name: str) -> Any:
    try:
        entry = json.loads(raw.decode(), parse_constant=_refused, object_pairs_hook=_once)
        _plain(entry)
        written = digest(entry["data"]) if isinstance(entry, dict) and set(entry) == FIELDS else None
    except (ValueError, RecursionError) as fault:
        raise CorruptEntry(str(fault)) from None
    if written is None or entry["key"] != name or entry["digest"] != written:
        raise CorruptEntry("not what was written")
    return entry["data"]


def _refused(text: str) -> Any:
    raise CorruptEntry(f"{text} is no number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) != len(pairs):
        raise CorruptEntry("a name twice")
    return table


def _plain(data: Any) -> None:
    """Raises:
    CorruptEntry: for text with control or direction characters, which a terminal would obey.
    """
    if isinstance(data, str):
        if any(unicodedata.category(letter) in ("Cc", "Cf", "Cs") for letter in data):
            raise CorruptEntry("control characters")
    elif isinstance(data, dict):
        _plain(list(data))
        _plain(list(data.values()))
    elif isinstance(data, list):
        for entry in data:
            _plain(entry)
