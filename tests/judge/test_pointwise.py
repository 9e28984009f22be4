"""Claims at one point: exact numbers, the eigenvalues there, and neither where a term has no value."""

from __future__ import annotations

import pytest
import sympy as sp

from stabcheck import Question
from stabcheck.core.verdict import Verdict
from stabcheck.declare.claim.reading import parse
from stabcheck.judge.equilibria import analysed
from stabcheck.judge.pointwise import decided
from stabcheck.judge.subject import Subject

RESULT = analysed(Question.parse("dirac + gp | simgd"))
SUBJECT = Subject.of(RESULT, [])


def at(text, h="1/2", gamma=1, subject=SUBJECT):
    return decided(parse(text), subject, {"h": sp.sympify(h), "gamma": sp.sympify(gamma)})


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("h + gamma = 3/2 and 2 h - gamma = 0 and h gamma = 1/2 and -h^2 = -1/4", True),
        ("sqrt(h^2) = 1/2 and abs(h - gamma) = 1/2 and h^-1 = 2", True),
        ("sqrt(2) sqrt(8) = 4 and sqrt(2) < 99/70", True),
        ("1/(h - 1/2) > 0", None),
        ("(h - 1/2)^-2 > 0", None),
        ("sqrt(h - gamma) > 0", None),
        ("not sqrt(h - gamma) > 0", None),
        ("sqrt(h - gamma) > 0 and h > 1", False),
        ("sqrt(h - gamma) > 0 or h < 1", True),
        ("sqrt(h - gamma) > 0 implies h > 1", None),
        ("h > 1 implies sqrt(h - gamma) > 0", True),
        ("sqrt(h - gamma) > 0 iff h > 1", None),
        ("stable iff not (unstable or neutral)", True),
        ("rate < sqrt(h - gamma)", None),
    ],
)
def test_truths_of_three_values(text, truth):
    assert at(text) is truth


@pytest.mark.parametrize(("h", "gamma"), [("1/2", 1), ("4", 1), ("9", "1/2"), ("2", 0), ("sqrt(2)", 1)])
def test_kinds_are_the_verdicts(h, gamma):
    verdict = RESULT.at(h=sp.sympify(h), gamma=sp.sympify(gamma)).verdict
    kinds = [kind for kind in ("stable", "unstable", "neutral") if at(kind, h, gamma)]
    assert kinds == [verdict.value]
    assert at("rate < 1", h, gamma) is (verdict is Verdict.STABLE)


def test_the_rate_is_that_of_all_eigenvalues():
    """At gamma = 1 and h = 1/2 of f' = 1/2: both are 3/4."""
    assert at("rate = 3/4")
    assert at("3/4 - 1/1000 < rate < 3/4 + 1/1000")
    assert at("rate != 1/2 and rate > 0 and rate >= -1 and not rate <= 0")


def test_a_rate_of_zero_is_told():
    """The whole matrix is nilpotent at h = 2 and gamma = 1."""
    assert at("rate = 0 and rate <= 0 and rate > -1 and stable", h=2)


def test_the_abscissa_of_a_flow_may_be_compared_with_any_number():
    flow = Subject.of(analysed(Question.parse("dirac + gp | flow")), [])
    assert decided(parse("rate = -1/2 and rate < 0 and rate > -1"), flow, {"gamma": sp.Integer(1)})
