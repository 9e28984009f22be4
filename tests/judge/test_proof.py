"""Claims are proved, refuted at a point, or neither; by whom is said."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from functools import lru_cache

import pytest
import sympy as sp

from stabcheck import Question, prove
from stabcheck.core.errors import BadInput
from stabcheck.declare.combination import Combination
from stabcheck.declare.file.matrixgame import spelled
from stabcheck.judge.equilibria import analysed
from stabcheck.judge.pointwise import decided
from stabcheck.judge.proof import Outcome
from stabcheck.judge.solver import Z3, Answer, Limits, Solver, Status
from tests.judge.claims import PUBLISHED, TRIED

HARD = ("C09", "C18 Jacobi", "C18")
"""What cvc5 does not decide in the time that tests have."""
PENALISED = "dirac + gp | simgd"


@dataclass(frozen=True)
class Saying(Solver):
    """A solver that says the same of everything."""

    status: Status
    values: dict = field(default_factory=dict)
    name: str = "parrot"
    installed = True

    def command(self, limits):
        raise NotImplementedError

    def ask(self, script, limits):
        return Answer(self.status, self.values)


SILENT, AGREEING = Saying(Status.UNKNOWN), Saying(Status.UNSAT)


@lru_cache
def about(line):
    return analysed(Question.parse(line))


@pytest.mark.parametrize(("line", "claim", "outcome"), TRIED)
def test_claims_that_were_tried_before(line, claim, outcome):
    proof = prove(claim, about(line))
    assert proof.outcome == outcome
    if outcome == "proved":
        assert proof.proved == "z3+cvc5"
    else:
        assert proof.counterexample.confirmed


@pytest.mark.parametrize("name", PUBLISHED)
def test_conditions_of_the_literature(name):
    line, claim, outcome = PUBLISHED[name]
    proof = prove(claim, about(line), solvers=[Z3()] if name in HARD else ())
    assert proof.outcome == outcome
    assert name in HARD or proof.proved in ("z3+cvc5", False)


def test_two_are_wrong_as_they_were_printed():
    """A17 at gamma = 0, where it is neutral, and C18 where the product of two roots is -2."""
    printed = [PUBLISHED[name] for name in ("A17 as printed", "C18 as printed")]
    neutral, outside = (prove(claim, about(line), solvers=[SILENT]) for line, claim, _ in printed)
    assert neutral.counterexample.values["gamma"] == 0
    point = outside.counterexample.values
    assert abs(point["b1"] * point["b2"]) >= 1


@pytest.mark.parametrize(
    ("game", "method", "claim"),
    [
        (
            spelled("a,-b;b,a", [], discrete=False),
            "simgd",
            "a < 0 implies (stable iff h < 2 abs(a)/(a^2 + b^2))",
        ),
        (spelled("-l", ["l=>0"], discrete=False), "ogda", "stable iff h l < 2/3"),
    ],
)
def test_claims_about_matrices(game, method, claim):
    result = analysed(Question.of(Combination(game=game, method=method)))
    assert prove(claim, result).proved == "z3+cvc5"


# What is neither


def test_what_supposes_the_impossible_is_vacuous():
    proof = prove("gamma < 0 implies (h > 0 implies stable)", about(PENALISED))
    assert (proof.outcome, proof.proved) == (Outcome.VACUOUS, "z3+cvc5")
    assert prove("gamma^2 = 2 implies neutral or not neutral", about(PENALISED)).outcome == Outcome.PROVED


def test_what_has_no_value_somewhere_is_said_to():
    wanting = "stable iff h f1^2 < gamma - sqrt(gamma^2 - 4 f1^2)"
    proof = prove(wanting, about(PENALISED))
    assert proof.outcome == Outcome.UNDEFINED
    values = proof.counterexample.values
    assert values["gamma"] < 2 * abs(values["f1"])
    assert prove("1/gamma > 0", about(PENALISED)).outcome == Outcome.UNDEFINED
    assert prove("1/gamma > 1/2", about(PENALISED)).outcome == Outcome.REFUTED


def test_a_counterexample_may_be_irrational():
    proof = prove("h^2 != 2", about(PENALISED))
    assert proof.counterexample.values["h"] == sp.sqrt(2)
    assert proof.counterexample.confirmed
    assert proof.counterexample.solver == "z3"


def test_a_solver_alone_is_named():
    assert prove("stable implies gamma > 0", about(PENALISED), solvers=[Z3()]).proved == "z3"
    doubted = prove("stable implies gamma > 0", about(PENALISED), solvers=[Z3(), SILENT])
    assert doubted.proved == "z3"


def test_where_nothing_decides_it_is_undecided():
    proof = prove("stable implies gamma > 0", about(PENALISED), solvers=[SILENT], limits=Limits(seconds=1))
    assert (proof.outcome, proof.proved) == (Outcome.UNDECIDED, "undecided")
    assert proof.reason == "no solver decides it in 1 s"


def test_points_refute_without_a_solver():
    assert prove("gamma > 0 implies stable", about(PENALISED), solvers=[AGREEING]).outcome == Outcome.REFUTED


def test_counterexamples_are_short():
    proof = prove("25 f1^2 h^2 <= 9 implies stable", about("dirac | ogda"), solvers=[AGREEING])
    assert dict(proof.counterexample.values) == {"f1": 1, "h": sp.Rational(3, 5)}


def test_what_a_solver_says_of_a_point_is_not_believed():
    liar = Saying(Status.SAT, {"gamma": "1.0", "h": "1.0"})
    proof = prove("stable implies gamma > 0", about(PENALISED), solvers=[liar])
    assert proof.outcome == Outcome.UNDECIDED
    assert proof.reason == "parrot says that it fails, exact arithmetic at its point that it holds"


def test_solvers_that_contradict_each_other_prove_nothing():
    proof = prove("h^2 != 2", about(PENALISED), solvers=[AGREEING, Saying(Status.SAT, {"h": "sqrt two"})])
    assert proof.outcome == Outcome.UNDECIDED


def test_a_point_that_is_not_read_is_told():
    proof = prove("h^2 != 2", about(PENALISED), solvers=[Saying(Status.SAT, {"h": "(foo 2)"})])
    assert (proof.outcome, proof.counterexample.confirmed) == (Outcome.REFUTED, False)
    assert "which is not read" in proof.reason


# Names


def test_a_claim_with_a_slope_is_about_every_loss():
    claim = "gamma > 0 and f1^2 h^2 + 2 gamma h < 4 implies stable"
    line = "dirac(loss=wgan) + gp | altgd"
    assert prove(claim, about(line)).subject.every_loss
    chosen = prove(claim, about(line), chosen_loss=True)
    assert (chosen.subject.every_loss, chosen.proved) == (False, "z3+cvc5")
    assert prove("f1 = 1", about(line), chosen_loss=True).outcome == Outcome.PROVED
    assert prove("f1 = 1", about(line)).outcome == Outcome.REFUTED


def test_given_values_are_numbers_of_the_claim():
    line = "dirac + gp(gamma=1) | altgd(h=1/10)"
    assert prove("gamma = 1 and h = 1/10 and stable", about(line)).outcome == Outcome.PROVED


def test_unknown_names_are_refused():
    with pytest.raises(BadInput, match="unknown name in the claim 'gama'; did you mean 'gamma'"):
        prove("gama > 0 implies stable", about(PENALISED))


def test_the_record_is_plain_data():
    proof = prove("h < gamma implies stable", about(PENALISED))
    data = proof.to_dict()
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    assert (data["proved"], data["outcome"], data["confirmed"]) == (False, "refuted", True)
    point = {name: sp.Rational(text) for name, text in data["counterexample"].items()}
    assert decided(proof.claim, proof.subject, point) is False


def test_no_solver_is_imported():
    assert not {"z3", "cvc5"} & {*sys.modules}


@pytest.mark.parametrize(
    ("claim", "told"),
    [("a = 1 implies stable", True), ("a <= 0 implies stable", False), ("a > 0 implies a > 1", False)],
)
def test_what_eigen_says_at_a_counterexample_is_told(claim, told):
    """At `a = 1` the game rests on a line, across which it is stable."""
    result = analysed(Question.parse(f"{spelled('a,0;0,1/2', discrete=True)!r}".replace("'", '"')))
    proof = prove(claim, result, solvers=[Z3()])
    assert proof.outcome is Outcome.REFUTED
    assert proof.reason.startswith("the equilibria form a manifold there") is told
