"""Solvers in processes of their own: what they answer, where they end, and what is said without them."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from stabcheck.core.errors import BadInput
from stabcheck.core.formula import FALSE, Sign
from stabcheck.core.polynomial import Polynomial
from stabcheck.judge.solver import CVC5, USUAL, Z3, Limits, Program, Script, Status, solver

X, Y = Polynomial.letter("x"), Polynomial.letter("y")
OUTSIDE = Script((Sign.of(X * X + Y * Y - 1, -1), Sign.of(X - 1, 1)))
INSIDE = Script((Sign.of(X * X + Y * Y - 1, -1), Sign.of(2 * X - 1, 0), Sign.of(Y, 1)))
SOLVERS = [Z3(), CVC5()]
HARD = Script(
    (
        Sign.of(X**9 + Y**9 + X * Y - 3, 0),
        *(Sign.of((X + k) ** 7 + (Y - k) ** 7 * X - k, 1) for k in range(1, 9)),
    )
)


@pytest.mark.parametrize("one", SOLVERS, ids=lambda one: one.name)
def test_solvers_answer(one):
    assert one.installed
    assert one.ask(OUTSIDE, USUAL).status is Status.UNSAT
    answer = one.ask(INSIDE, USUAL)
    assert answer.status is Status.SAT
    assert set(answer.values) == {"x", "y"}


@pytest.mark.parametrize("one", SOLVERS, ids=lambda one: one.name)
def test_a_script_without_letters_is_read(one):
    assert one.ask(Script((FALSE,)), USUAL).status is Status.UNSAT
    assert one.ask(Script(()), USUAL).status is Status.SAT


def test_a_limit_ends_a_query_and_says_unknown_both_times():
    few = Limits(seconds=0.0001)
    assert [Z3().ask(HARD, few).status for _ in range(2)] == [Status.UNKNOWN] * 2


def program(tmp_path, lines):
    path = tmp_path / "solver"
    path.write_text(f"#!{sys.executable}\n{lines}\n")
    path.chmod(0o755)
    return Program(str(path))


def test_another_program_is_asked_as_well(tmp_path):
    answer = program(tmp_path, "print('sat\\n((|x| (/ 1.0 2.0)) (|y| (- 3.0)))')").ask(INSIDE, USUAL)
    assert (answer.status, answer.values) == (Status.SAT, {"x": "(/ 1.0 2.0)", "y": "(- 3.0)"})


def test_one_that_does_not_end_is_killed(tmp_path):
    sleeping = program(tmp_path, "import time; time.sleep(600)")
    assert sleeping.ask(INSIDE, Limits(seconds=0)).status is Status.UNKNOWN


@pytest.mark.parametrize("words", ["", "timeout", "unknown", '(error "out of memory")'])
def test_what_ends_at_a_limit_says_unknown(tmp_path, words):
    assert program(tmp_path, f"print({words!r})").ask(INSIDE, USUAL).status is Status.UNKNOWN


def test_a_program_that_does_not_read_the_script_is_no_witness(tmp_path):
    broken = program(tmp_path, "print('(error \"line 3: unexpected token\")')")
    with pytest.raises(BadInput, match=r"does not read the script: .*line 3"):
        broken.ask(INSIDE, USUAL)


def test_one_that_is_not_there_is_said(tmp_path):
    absent = solver(str(tmp_path / "absent"))
    assert not absent.installed
    with pytest.raises(BadInput, match="cannot be started"):
        absent.ask(INSIDE, USUAL)


def test_without_z3_its_install_line_is_said(monkeypatch):
    monkeypatch.setattr("stabcheck.judge.solver.shutil.which", lambda *_, **__: None)
    with pytest.raises(BadInput, match=r'pip install "stabcheck\[prove\]"'):
        Z3().ask(INSIDE, USUAL)
    assert not Z3().installed


def test_scripts_are_smt_lib():
    text = Script((Sign.of(X - 1, 1),), about=("dirac + gp",)).text
    assert text.splitlines()[0] == "; dirac + gp"
    assert "(assert (> (+ |x| (- 1.0)) 0.0))" in text
    assert text.endswith("(check-sat)\n")


def test_a_bound_on_computing_ends_what_counts_no_units():
    endless = Limits(seconds=0).bounded([sys.executable, "-c", "while True: pass"])
    began = time.perf_counter()
    assert subprocess.run(endless, check=False).returncode != 0
    assert time.perf_counter() - began < 30
