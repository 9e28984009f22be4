"""Runs in slices: they part the tests, resume, and add up."""

from __future__ import annotations

import subprocess
import sys
from types import SimpleNamespace

import pytest

from tests.conftest import Recorder
from tests.slices import ROOT, Record, deselect, slice_of, within

NAMES = [f"tests/test_x.py::test_{k}" for k in range(500)]


def test_slices_part_all_tests():
    found = [[name for name in NAMES if within(name, (k, 7))] for k in range(1, 8)]
    assert sorted(name for part in found for name in part) == sorted(NAMES)
    assert min(map(len, found)) > len(NAMES) / 7 / 2


@pytest.mark.parametrize("text", ["", "3", "0/4", "5/4", "a/b", "1/0", "-1/4"])
def test_what_is_no_slice_is_refused(text):
    with pytest.raises(pytest.UsageError, match="is no slice; write --slice 3/40"):
        slice_of(text)


def test_a_record_adds_up_and_begins_anew_with_other_sources(tmp_path):
    path = tmp_path / "passed"
    for name in NAMES[:3]:
        Record(path, "one").add(name)
    assert Record(path, "one").passed() == {*NAMES[:3]}
    assert Record(path, "other").passed() == set()
    Record(path, "other").add(NAMES[7])
    assert Record(path, "other").passed() == {NAMES[7]}
    assert Record(path, "one").passed() == set()


def test_what_is_in_another_slice_or_passed_is_deselected(tmp_path):
    options, items, left = {"--slice": "2/3", "--passed": str(tmp_path / "passed")}, [], []

    def apart(items):
        left.extend(items)

    hook = SimpleNamespace(pytest_deselected=apart)
    config = SimpleNamespace(getoption=options.get, hook=hook)
    named = [SimpleNamespace(nodeid=name) for name in NAMES]
    mine = [item for item in named if within(item.nodeid, (2, 3))]
    recorder = Recorder(Record(tmp_path / "passed"))
    for item, when, passed in ((mine[0], "call", True), (mine[1], "call", False), (mine[2], "setup", True)):
        recorder.pytest_runtest_logreport(SimpleNamespace(nodeid=item.nodeid, when=when, passed=passed))
    items[:] = named
    deselect(config, items)
    assert items == mine[1:]
    assert len(left) == len(named) - len(items)


@pytest.mark.whole
def test_a_run_in_slices_resumes(tmp_path):
    def run(*more):
        line = [sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider", "tests/test_layout.py"]
        found = subprocess.run([*line, *more], capture_output=True, text=True, check=False, cwd=ROOT)
        return found.returncode, found.stdout

    path = tmp_path / "passed"
    for k in (1, 2, 3):
        code, _ = run("--slice", f"{k}/3", "--passed", str(path), "-n2" if k == 1 else "-n0")
        assert code in (0, pytest.ExitCode.NO_TESTS_COLLECTED)
    whole = Record(path).passed()
    assert len(whole) == 2
    code, out = run("--passed", str(path))
    assert code == pytest.ExitCode.NO_TESTS_COLLECTED
    path.write_text("\n".join([Record(path).source, sorted(whole)[0]]) + "\n")
    code, out = run("--passed", str(path))
    assert code == 0
    assert "1 passed" in out
