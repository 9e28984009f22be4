"""Each test lies in the room of what it tests, as stabcheck's modules do."""

from __future__ import annotations

from pathlib import Path

import pytest

import stabcheck

TESTS = Path(__file__).parent
ROOMS = {path.parent.name for path in Path(stabcheck.__file__).parent.glob("*/__init__.py")}
OF_THE_WHOLE = {
    "cases",
    "contributing",
    "docs",
    "golden",
    "layout",
    "public",
    "rooms",
    "slices",
    "typed",
    "walls",
    "your_own",
}
"""What tests of the whole house are about."""


def test_tests_have_the_rooms_of_the_package():
    assert {path.parent.name for path in TESTS.glob("*/__init__.py")} - {"reference"} == ROOMS


def subjects(room):
    """The modules and packages of a room, and the room itself."""
    folder = Path(stabcheck.__file__).parent / room
    return {
        room,
        *(p.stem for p in folder.rglob("*.py")),
        *(p.parent.name for p in folder.rglob("__init__.py")),
    }


def misnamed(room, names):
    return sorted(set(names) - subjects(room))


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_tests_have_the_name_of_what_they_are_about(room):
    assert not misnamed(room, (p.stem.removeprefix("test_") for p in (TESTS / room).glob("test_*.py")))


def test_a_name_of_nothing_is_seen():
    assert misnamed("symbolic", ["locus", "rest", "certified", "symbolic", "orbit"]) == ["orbit"]


def test_outside_the_rooms_are_tests_of_the_whole_alone():
    assert {path.stem.removeprefix("test_") for path in TESTS.glob("test_*.py")} <= OF_THE_WHOLE
