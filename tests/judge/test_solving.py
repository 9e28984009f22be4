"""Thresholds and optima in a line each say what the long answers and exact verdicts say."""

from __future__ import annotations

import pytest
import sympy as sp

from stabcheck import Question
from stabcheck.core.verdict import Verdict
from stabcheck.judge.equilibria import analysed
from stabcheck.judge.solving import LONGEST, Solved, solved_for_step


def short(line: str) -> Solved:
    asked = Question.parse(line)
    return solved_for_step(analysed(asked), asked.typical)


@pytest.mark.parametrize(
    ("line", "threshold", "optimum"),
    [
        ("dirac + gp(gamma=1) | altgd", "0 < h < 4*sqrt(2) - 4 = 1.65685424949", "0.6813 at h = 1.464"),
        ("dirac | altgd", "never", "never below 1"),
        ("dirac | implicit", "every h", "0 near h -> infinity"),
        ("dirac + gp", "gamma > 0", "-1/2 at gamma = 1"),
        ("dirac + decay", "gamma > 0", "no lower bound"),
        ("dirac + gp | ogda", "0 < h < 4/3 = 1.33333333333 (gamma = 1)", "0.7071 at h = 1 (gamma = 1)"),
        ("dirac + nk | altgd", "never if eta = 0; 0 < h < 2*(sqrt(4 + eta^2) - eta) if eta > 0", None),
        ("dirac + gp(gamma=1) | simgd(h=1)", "", ""),
    ],
)
def test_known_ones(line, threshold, optimum):
    answer = short(line)
    assert answer.threshold == threshold
    assert optimum is None or answer.optimum == optimum
    assert bool(answer.name) == bool(answer.optimum)


def test_what_is_long_is_told_for_values_alone():
    """With a step size of its own for each player the general answer has many cases."""
    answer = short("dirac + gp | heavy-ball")
    assert answer.threshold.endswith("(gamma = 1, beta = 1/2)")
    assert len(answer.threshold) <= LONGEST + len(" (gamma = 1, beta = 1/2)")


def test_on_both_sides_of_a_threshold_verdicts_are_as_told():
    asked = Question.parse("dirac + gp | heavy-ball")
    formula = short("dirac + gp | heavy-ball").threshold.partition(" (")[0].removeprefix("0 < h < ")
    end = float(sp.Rational(formula))
    result = analysed(asked).at(gamma=1, beta="1/2")
    assert result.at(h=end - 1e-6).verdict is Verdict.STABLE
    assert result.at(h=end + 1e-6).verdict is Verdict.UNSTABLE
