"""A long run in slices that resume and add up: `--slice 3/40 --passed FILE`.

A slice is every test whose name falls into it, so that a new test moves no other one. What passed is
written down, a line per test, and is not run again while stabcheck's sources and the tests stay as they
are; another source begins the record anew.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from zlib import crc32

import pytest

ROOT = Path(__file__).parents[1]


def slice_of(text: str) -> tuple[int, int]:
    """`3/40` as the pair.

    Raises:
        UsageError: if it is none, or the first is not between 1 and the second.
    """
    k, slash, n = text.partition("/")
    if not (slash and k.isdecimal() and n.isdecimal() and 1 <= int(k) <= int(n)):
        raise pytest.UsageError(f"--slice {text} is no slice; write --slice 3/40, counting from 1")
    return int(k), int(n)


def within(name: str, chosen: tuple[int, int]) -> bool:
    """Whether a test of that name is in a slice."""
    k, n = chosen
    return crc32(name.encode()) % n == k - 1


def digest() -> str:
    """Of everything that a test may depend on."""
    found = hashlib.sha256()
    for room in ("stabcheck", "tests"):
        for path in sorted((ROOT / room).rglob("*.py")):
            found.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return found.hexdigest()


@dataclass(frozen=True)
class Record:
    """What passed, on disk.

    Attributes:
        path: one line with the digest of the sources, then one per test.
        source: the digest now.
    """

    path: Path
    source: str = field(default_factory=digest)

    def passed(self) -> set[str]:
        """The tests that passed with these sources."""
        return set(self.path.read_text().splitlines()[1:]) if self._begun() else set()

    def _begun(self) -> bool:
        if not self.path.exists():
            return False
        with self.path.open() as file:
            return file.readline().strip() == self.source

    def add(self, name: str) -> None:
        """Write down that a test passed; the record begins anew where sources are others."""
        if not self._begun():
            self.path.write_text(f"{self.source}\n")
        with self.path.open("a") as file:
            file.write(f"{name}\n")


def deselect(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the tests of the slice that are not known to pass."""
    chosen, record = config.getoption("--slice"), record_of(config)
    done = record.passed() if record else set()
    kept = [
        item
        for item in items
        if item.nodeid not in done and (not chosen or within(item.nodeid, slice_of(chosen)))
    ]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


def record_of(config: pytest.Config) -> Record | None:
    """The record that was asked for, if one was."""
    path = config.getoption("--passed")
    return Record(Path(path)) if path else None
