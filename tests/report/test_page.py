"""Text takes the terminal's width where there is one, and 80 columns where it is piped."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
from itertools import product

import pytest

from stabcheck import OGDA, R1, Dirac, SimGD, analyse
from stabcheck.cli.app import run
from stabcheck.declare.question import Question
from stabcheck.report import page
from stabcheck.study.compare import compare
from tests.dealt import dealt


@pytest.fixture
def terminal(monkeypatch):
    def of(width):
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
        monkeypatch.setenv("COLUMNS", str(width))

    return of


@pytest.mark.parametrize("width", [60, 120, 200])
def test_reports_fill_the_terminal(terminal, width):
    terminal(width)
    lines = str(analyse(Dirac() + R1("gamma"), OGDA("h"))).splitlines()
    assert max(map(len, lines)) <= width
    assert max(map(len, lines)) > width - 25
    table = str(compare({f"h = {h}": [Question(Dirac(), SimGD(h))] for h in range(1, 20)}))
    assert max(map(len, table.splitlines())) <= width


def test_piped_text_has_80_columns(monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: False, raising=False)
    assert page.page_width() == 80


@pytest.mark.parametrize(("said", "width"), [(1, 40), (40, 40), (240, 240), (9999, 240)])
def test_widths_are_bounded(terminal, said, width):
    terminal(said)
    assert page.page_width() == width


def test_a_real_terminal_is_asked():
    leader, follower = pty.openpty()
    code = "from stabcheck.report.page import page_width; print(page_width())"
    environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 61, 0, 0))
    subprocess.run([sys.executable, "-c", code], stdout=follower, env=environment, check=True)
    os.close(follower)
    shown = os.read(leader, 100).decode().strip()
    os.close(leader)
    assert shown == "61"


COMMANDS = [
    "atlas --no-cache --game dirac --loss wgan --reg gp --method altgd",
    "list altgd",
    "audit examples/consensus.py:field --reg consensus",
]


@pytest.mark.parametrize(("width", "words"), dealt(product([50, 120], COMMANDS), 4))
def test_other_commands_fill_the_terminal(terminal, capsys, width, words):
    terminal(width)
    run(words.split())
    lines = capsys.readouterr().out.splitlines()
    assert lines
    assert max(map(len, lines)) <= width


def test_columns_are_pushed_to_the_side_asked_for():
    rows = [["a", "12345", ""], ["bcd", "6", "7"]]
    assert page.aligned(rows, "<") == ["a    12345", "bcd  6      7"]
    assert page.aligned(rows, ">") == ["  a  12345", "bcd      6  7"]
