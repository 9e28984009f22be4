"""The first sentence of `eigen`, its colour, and how much is told of what is known."""

from __future__ import annotations

import sys

import pytest

from stabcheck.cli import terminal

ESCAPE = "\x1b"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "--reg gp --gamma 1",
            "It converges near the equilibrium: errors decay like exp(-0.5 t), up to a power of",
        ),
        (
            "--reg gp --gamma 1 --method altgd --h 1/10",
            "It converges near the equilibrium: errors shrink by the factor",
        ),
        (
            "--reg gp --gamma 1e-40 --method simgd --h 1e-41",
            "errors shrink by a factor just below 1 per step.",
        ),
        ("--reg gp", "It depends: it converges near the equilibrium exactly where gamma > 0."),
        ("--method simgd", "It does not converge: an eigenvalue lies outside the unit circle for every h."),
        ("--method altgd", "It converges for no values: an eigenvalue lies on the unit circle or beyond"),
        ("", "The linear part does not tell: every eigenvalue lies on the imaginary axis"),
        ("--loss wgan", "It does not converge: every eigenvalue lies on the imaginary axis"),
        ("--reg wgan-gp", "There is no linear part: |grad_x D| has a kink at the equilibrium"),
        (
            "--game dirac-square --loss wgan --t 1",
            "It converges near the equilibria, to one of them: errors decay",
        ),
        ("--method cycle:altgd,simgd --reg gp --gamma 1 --h 1/10", "per cycle."),
    ],
)
def test_the_answer_comes_first(cli, line, expected):
    code, out, err = cli(f"eigen {line} --no-verify")
    assert (code, err) == (0, "")
    first = out.partition("\n\n")[0]
    assert expected in " ".join(first.split())
    assert ESCAPE not in out


def test_sources_are_told_in_short_and_all_with_full(cli):
    _, short, _ = cli("eigen --reg gp --no-verify")
    _, full, _ = cli("eigen --reg gp --no-verify --full")
    assert short.partition("known ")[0] == full.partition("known ")[0]
    assert len(short.partition("known ")[2]) < len(full.partition("known ")[2]) / 2
    for text in (short, full):
        assert "Mescheder, Geiger & Nowozin 2018, arXiv:1801.04406" in text
    assert "each player minimises its own loss" in " ".join(full.split())


@pytest.mark.parametrize(
    ("terminals", "settings", "coloured"),
    [
        (True, {}, True),
        (False, {}, False),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"NO_COLOR": ""}, True),
        (True, {"TERM": "dumb"}, False),
    ],
)
def test_colour_is_for_terminals(monkeypatch, capsys, terminals, settings, coloured):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminals)
    terminal.emit("Yes.\n\nNumbers \x1b[31m", colour="1;32")
    first, rest = capsys.readouterr().out.split("\n\n")
    assert first == ("\x1b[1;32mYes.\x1b[0m" if coloured else "Yes.")
    assert ESCAPE not in rest
