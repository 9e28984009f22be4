"""Certificates are seen again from the question alone, and what was changed in one is told."""

from __future__ import annotations

import copy
import json
import subprocess
from functools import lru_cache

import pytest

from stabcheck import Question, prove
from stabcheck.core.errors import BadInput
from stabcheck.judge.certificate import certificate, check, read
from stabcheck.judge.equilibria import analysed
from stabcheck.judge.solver import CVC5, Z3, Limits
from tests.judge.test_proof import AGREEING, SILENT

PROVED = ("gamma > 0 implies (stable iff f1^2 h^2 + 2 gamma h < 4)", "dirac + gp | altgd")
REFUTED = ("h < gamma implies stable", "dirac + gp(gamma=9) | simgd")
VACUOUS = ("gamma < 0 implies stable", "dirac + gp | altgd")


@lru_cache
def written(claim, line):
    return certificate(prove(claim, analysed(Question.parse(line))))


def data(of=PROVED):
    return copy.deepcopy(written(*of))


@pytest.mark.parametrize("of", [PROVED, REFUTED, VACUOUS], ids=["proved", "refuted", "vacuous"])
def test_what_is_written_is_seen_again(of, tmp_path):
    path = tmp_path / "certificate.json"
    path.write_text(json.dumps(data(of), allow_nan=False))
    assert check(read(path), CVC5()).holds


def test_it_holds_claim_question_and_what_was_derived():
    assert {
        n: data()[n] for n in ("claim", "question", "every_loss", "assumptions", "conditions", "proved")
    } == {
        "claim": "gamma > 0 implies (stable iff f1^2*h^2 + 2*gamma*h < 4)",
        "question": "dirac + gp | altgd",
        "every_loss": True,
        "assumptions": {"f1": "nonzero", "f2": "real", "gamma": ">=0", "h": ">0"},
        "conditions": ["4 - f1**2*h**2 - 2*gamma*h > 0", "gamma > 0"],
        "proved": "z3+cvc5",
    }
    assert {*data()["versions"]} >= {"stabcheck", "sympy", "z3-solver", "cvc5"}


def test_each_script_stands_alone(tmp_path):
    for text in data()["scripts"]:
        assert "unsat is expected" in text
        path = tmp_path / "piece.smt2"
        path.write_text(text)
        program = Z3().command(Limits())[0]
        run = subprocess.run([program, str(path)], capture_output=True, text=True, check=True)
        assert run.stdout.split() == ["unsat"]


@pytest.mark.parametrize(
    ("key", "before", "after", "reason"),
    [
        ("conditions", "4 - f1", "5 - f1", "its conditions differ from what is derived at 1 of 2: 5 - f1"),
        ("characteristic", "gamma*h - 2", "gamma*h - 3", "its characteristic differ"),
        ("scripts", "(- 4.0)", "(- 5.0)", "its scripts differ"),
        ("claim", "< 4", "< 5", "its scripts differ"),
        ("question", "altgd", "simgd", "its parts differ"),
    ],
)
def test_a_changed_certificate_is_told(key, before, after, reason):
    changed = data()
    text = json.dumps(changed[key])
    assert before in text
    changed[key] = json.loads(text.replace(before, after))
    checked = check(changed, CVC5())
    assert not checked.holds
    assert checked.reason.startswith(reason)


def test_assumptions_may_not_be_widened():
    changed = data() | {"assumptions": data()["assumptions"] | {"h": "real"}}
    assert not check(changed, AGREEING).holds


@pytest.mark.parametrize(
    ("point", "reason"),
    [
        ({"h": "1/100"}, "at its point the claim does not fail"),
        ({"h": "-1"}, "its point does not lie in the domains"),
        ({"k": "1"}, "its point does not lie in the domains"),
        ({"h": "x"}, "its point is not decided"),
        (None, "its point is not decided"),
    ],
)
def test_a_point_is_decided_again(point, reason):
    checked = check(data(REFUTED) | {"counterexample": point}, CVC5())
    assert not checked.holds
    assert checked.reason.startswith(reason)


def test_a_claim_that_is_called_proved_is_proved_again():
    """What is called proved and fails: all of it derived, and the solver finds that."""
    false = data(REFUTED) | {"outcome": "proved"}
    assert check(false, AGREEING).reason.startswith("its scripts differ")


def test_a_solver_that_does_not_decide_is_told():
    checked = check(data(), SILENT, Limits(seconds=1))
    assert (checked.holds, checked.reason) == (
        False,
        "all of it is derived again, but parrot does not decide it in 1 s",
    )


def test_what_is_undecided_has_no_certificate():
    undecided = prove("stable implies gamma > 0", analysed(Question.parse(PROVED[1])), solvers=[SILENT])
    with pytest.raises(BadInput, match="here is none"):
        certificate(undecided)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "is no JSON"),
        ("[]", "is no certificate; stabcheck prove --certificate writes one"),
        (json.dumps(dict.fromkeys(["claim", "question"], "")), "is no certificate"),
    ],
)
def test_other_files_are_refused(text, words, tmp_path):
    path = tmp_path / "certificate.json"
    path.write_text(text)
    with pytest.raises(BadInput, match=words):
        read(path)


def test_a_later_schema_and_a_missing_file_are_refused(tmp_path):
    path = tmp_path / "certificate.json"
    with pytest.raises(BadInput, match="cannot be read"):
        read(path)
    path.write_text(json.dumps(data() | {"schema": 2}))
    with pytest.raises(BadInput, match="has schema 2; this stabcheck reads 1"):
        read(path)


def test_parts_in_python_are_not_run(tmp_path):
    (tmp_path / "mine.py").write_text("raise SystemExit('run')\n")
    with pytest.raises(BadInput, match="does not run"):
        check(data() | {"question": f"{tmp_path}/mine.py:Mine | altgd"}, CVC5())
