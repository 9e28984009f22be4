"""The house: ten rooms, imports one way, no circle, no long file, one door upwards."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import stabcheck
from stabcheck.core import doors

ROOT = Path(stabcheck.__file__).parent
ROOMS = ["core", "declare", "literature", "symbolic", "numeric", "judge", "verify", "study", "report", "cli"]
LONGEST = 400


def modules() -> dict[str, Path]:
    paths = (path for path in ROOT.rglob("*.py") if path.name != "__main__.py")
    return {dotted(path): path for path in paths}


def dotted(path: Path) -> str:
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


PATHS = modules()


def imported(path: Path) -> Iterator[str]:
    """Every module of stabcheck that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in PATHS)
        elif isinstance(node, ast.ImportFrom) and node.module in PATHS:
            inside = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name if name in PATHS else node.module for name in inside)


GRAPH = {name: {*imported(path)} - {name, "stabcheck"} for name, path in PATHS.items()}


def room(name: str) -> int:
    """The number of the room; the front door of the package stands before all of them."""
    first = name.split(".")[1:2]
    return ROOMS.index(first[0]) if first and first[0] in ROOMS else len(ROOMS)


def test_every_module_is_in_a_room():
    outside = {name for name in PATHS if room(name) == len(ROOMS)}
    assert outside == {"stabcheck", "stabcheck.plot"}


@pytest.mark.parametrize("name", sorted(PATHS))
def test_a_module_imports_from_its_own_room_and_those_before(name):
    assert not [other for other in GRAPH[name] if room(other) > room(name)]


def test_no_circle_wherever_the_imports_stand():
    try:
        TopologicalSorter(GRAPH).prepare()
    except CycleError as circle:
        pytest.fail(f"modules import one another: {circle.args[1]}")


def test_the_only_imports_by_name_are_those_of_the_door():
    """What is imported by name no law here sees: of the house only the door may go up in that way.

    The others walk the registry, a person's own files, or the commands of the last room, or load a solver
    of which type checkers know nothing.
    """
    by_name = {
        name
        for name, path in PATHS.items()
        if any(
            isinstance(node, ast.Call) and "import_module" in ast.unparse(node.func)
            for node in ast.walk(ast.parse(path.read_text()))
        )
    }
    walkers = {"stabcheck.core.members", "stabcheck.declare.losses.loss", "stabcheck.declare.file.pythonfile"}
    front = {"stabcheck", "stabcheck.plot"}
    last = {"stabcheck.verify.audit.loading", "stabcheck.cli.verbs"}
    solvers = {"stabcheck.judge.reading_cvc5"}
    assert by_name <= {"stabcheck.core.doors", *walkers, *front, *last, *solvers}
    calls = ast.unparse(ast.parse(Path(doors.__file__).read_text())).count("import_module(")
    assert calls == 2


@pytest.mark.parametrize("name", sorted(PATHS))
def test_no_file_is_long(name):
    assert len(PATHS[name].read_text().splitlines()) <= LONGEST
