"""Type checking is switched off in few files, and no further ones join them."""

from __future__ import annotations

from pathlib import Path

import stabcheck

FILES = sorted(Path(stabcheck.__file__).parent.rglob("*.py"))
MOST = 0.20


def lines(file):
    return file.read_text(encoding="utf-8").splitlines()


def is_loose(file):
    headers = [line for line in lines(file) if line.startswith("# pyright:")]
    return any("basic" in line or "=false" in line for line in headers)


def test_few_lines_stand_in_files_without_type_checking():
    loose = sum(len(lines(file)) for file in FILES if is_loose(file))
    assert loose < MOST * sum(len(lines(file)) for file in FILES)


def test_an_exception_names_its_rule():
    bare = [f"{file}:{n}" for file in FILES for n, line in enumerate(lines(file), 1) if is_bare(line)]
    assert not bare


def is_bare(line):
    return "# pyright: ignore" in line and "# pyright: ignore[" not in line
