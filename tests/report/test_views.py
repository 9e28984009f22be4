"""Results show themselves; what is no terminal sees no bar, and no one sees colour codes."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest

from stabcheck import CGD, R1, Bilinear, Dirac, SimGD, analyse
from stabcheck.declare.question import Question
from stabcheck.report.atlas import convergence_table
from stabcheck.report.pictures.spectrum import spectrum
from stabcheck.study.compare import compare
from stabcheck.study.convergence import convergence


class Reader(HTMLParser):
    """The words of a page, and a fault where tags do not match."""

    def __init__(self):
        super().__init__()
        self.open, self.words = [], []

    def handle_starttag(self, tag, attrs):
        if tag not in ("br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def words(result):
    reader = Reader()
    reader.feed(result._repr_html_())
    assert not reader.open
    return " ".join(reader.words)


@pytest.fixture(scope="module")
def result():
    return analyse(Dirac("gan") + R1("gamma"), SimGD("h")).at(gamma=1, h="1/2")


@pytest.fixture(scope="module")
def comparison():
    methods = SimGD("1/5"), CGD("1/5")
    return compare({f"alpha = {a}": [Question(Bilinear(a), m) for m in methods] for a in (1, 3)})


def test_an_analysis_in_a_notebook(result):
    assert "stable" in words(result)
    assert r"\frac{3}{4}" in words(result)
    assert result._repr_latex_().startswith("$")
    assert re.fullmatch(r"<Analysis .* gamma = 1, h = 1/2: stable>", repr(result))
    assert "<" not in repr(result)[1:-1]


def test_a_comparison_in_every_view(comparison):
    # By hand: sqrt(1 + h^2 alpha^2), 1/sqrt(1 + h^2 alpha^2).
    rows = {(r["method"], r["at"]): r["number"] for r in comparison.to_dict()["rows"]}
    for alpha in (1, 3):
        growth = (1 + 0.04 * alpha**2) ** 0.5
        assert rows["simgd", f"alpha = {alpha}"] == pytest.approx(growth, rel=1e-14)
        assert rows["cgd", f"alpha = {alpha}"] == pytest.approx(1 / growth, rel=1e-14)
        for view in (str(comparison), words(comparison), comparison.to_latex()):
            assert f"{growth:.4f}" in view
            assert f"{1 / growth:.4f}" in view
    assert repr(comparison) == "<Comparison of simgd, cgd at 2 values>"


def test_a_verification_and_a_picture_in_a_line(result):
    found = result.verify()
    assert repr(found).startswith("<Verification: agrees (symbolic, numeric, literature")
    assert found.to_dict()["witnesses"] == list(found.witnesses)
    assert repr(spectrum(result)).startswith("<SpectrumPicture: Game dirac")
    assert spectrum(result)._repr_png_().startswith(b"\x89PNG")


def test_the_table_of_convergence_in_a_notebook():
    asked = {"gradient penalty R1": {"general": Question.parse("dirac + gp | flow")}}
    found = convergence_table(convergence(asked))
    assert "gradient penalty R1 yes" in words(found)
    assert "gradient flow" in str(found)


COMMAND = [sys.executable, "-m", "stabcheck", "atlas", "--game", "dirac", "--reg", "none", "--method"]


def on_a_terminal(**environment):
    """What a terminal on standard error is sent, and standard output, which is a pipe."""
    ours, theirs = pty.openpty()
    try:
        done = subprocess.run(
            [*COMMAND, "simgd", "--no-cache"], stdout=subprocess.PIPE, stderr=theirs, check=True,
            env={**os.environ, "TERM": "xterm", **environment},
        )  # fmt: skip
        os.close(theirs)
        return os.read(ours, 100_000).decode(), done.stdout.decode()
    finally:
        os.close(ours)


def test_a_terminal_sees_a_bar_without_colours():
    bar, data = on_a_terminal(NO_COLOR="1")
    assert "deriving" in bar
    assert not re.search(r"\x1b\[[\d;]*m", bar)
    assert "\x1b" not in data
    assert "simgd" in data


def test_what_is_no_terminal_sees_data_alone():
    done = subprocess.run([*COMMAND, "simgd", "--no-cache"], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert "\x1b" not in done.stdout
    assert "simgd" in done.stdout
