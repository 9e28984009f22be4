"""Each test lies in the room of what it tests, as stabcheck's modules do."""

from __future__ import annotations

from pathlib import Path

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


def test_outside_the_rooms_are_tests_of_the_whole_alone():
    assert {path.stem.removeprefix("test_") for path in TESTS.glob("test_*.py")} <= OF_THE_WHOLE
