"""What is asserted holds where the statement can, scaled or not; pieces decide where the whole does not."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
import sympy as sp

from stabcheck import Question
from stabcheck.core.formula import Every, within
from stabcheck.declare.claim.reading import parse
from stabcheck.judge import asserting as module
from stabcheck.judge.asserting import Assertions, contested
from stabcheck.judge.criterion import Routh
from stabcheck.judge.encoding import encoded
from stabcheck.judge.equilibria import analysed
from stabcheck.judge.solver import USUAL, Z3, Answer, Script, Solver, Status
from stabcheck.judge.subject import Subject

SUBJECT = Subject.of(analysed(Question.parse("dirac + gp | altgd")), ["f1"])


def of(text):
    return encoded(parse(text), SUBJECT, Routh(SUBJECT))


CLAIMS = [
    "stable", "not stable", "neutral", "unstable", "stable and h abs(f1) = gamma",
    "stable and gamma > 2 abs(f1)",
    "gamma < 0 or stable and neutral", "stable and f1^2 h^2 + 2 gamma h >= 4", "f1 < 0 and sqrt(gamma) = h",
    "f1 < 0 and unstable", "gamma = 0 and stable",
]  # fmt: skip


@pytest.mark.parametrize("text", CLAIMS)
def test_scaling_changes_no_answer(text):
    code = of(text)
    assertions = Assertions.of(code.meaning.holds, code)
    plain = Script((*(within(*pair) for pair in code.domains.items()), *code.facts, code.meaning.holds))
    assert Z3().ask(assertions.script, USUAL).status is Z3().ask(plain, USUAL).status is not Status.UNKNOWN


def test_letters_are_set_to_one():
    """Of `f1^2 h^2 + 2 gamma h < 4` one weight is free; the stable set is about `h f1` and `gamma/f1`."""
    assertions = Assertions.of(of("stable").meaning.holds, of("stable"))
    assert len(assertions.ones) >= 1
    assert len(assertions.script.names) == 2
    answer = Z3().ask(assertions.script, USUAL)
    point = assertions.values(answer, SUBJECT.domains)
    assert {*point} == {"h", "gamma", "f1", "f2"}
    assert all(point[name] == 1 for name in assertions.ones)
    assert point["f1"] > 0


@dataclass
class Hesitating(Solver):
    """z3, which does not answer at first."""

    name: str = "hesitating"
    scripts: list = field(default_factory=list)
    installed = True

    def command(self, limits):
        raise NotImplementedError

    def ask(self, script, limits):
        self.scripts.append(script)
        return Answer(Status.UNKNOWN, {}) if len(self.scripts) == 1 else Z3().ask(script, limits)


def test_what_is_not_decided_whole_is_asked_in_pieces():
    code = of("gamma > 0 implies (stable iff f1^2 h^2 + 2 gamma h < 4)")
    solver = Hesitating()
    assert contested(code.meaning.holds, code, solver, USUAL).status is Status.UNSAT
    assert len(solver.scripts) == 4
    failing = contested(of("stable iff f1^2 h^2 + 2 gamma h < 4").meaning.holds, code, Hesitating(), USUAL)
    assert failing.status is Status.SAT
    assert failing.assertions.values(failing.answer, ["gamma"]) == {"gamma": sp.S.Zero}


def test_what_is_too_long_is_not_asked(monkeypatch):
    monkeypatch.setattr(module, "LONGEST", 10)
    code, solver = of("stable implies gamma > 0"), Hesitating()
    assert contested(code.meaning.holds, code, solver, USUAL).status is Status.UNKNOWN
    assert solver.scripts == []


def test_nothing_is_asserted_that_says_nothing():
    assert Every(()) not in Assertions.of(of("stable").meaning.holds, of("stable")).statements
