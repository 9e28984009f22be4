"""Questions made of declarations: one line for each, which says all that they ask."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stabcheck import (
    R1,
    R2,
    AltGD,
    Bilinear,
    Dirac,
    Extragradient,
    InstanceNoise,
    Lookahead,
    RungeKutta,
    SimGD,
    Tableau,
    load_game,
)
from stabcheck.core import hyper
from stabcheck.core.errors import BadInput
from stabcheck.declare import registry
from stabcheck.declare.combination import Combination, assemble
from stabcheck.declare.methods.cycle import Cycle
from stabcheck.declare.question import Question
from stabcheck.declare.spelling import rebuilt
from stabcheck.judge.equilibria import GameWithEquilibrium
from stabcheck.study.combinations import combination, rows

EXAMPLE = "examples/shifted_uniform.toml"
EULER = Tableau(((),), (1,), (0,), 1)
ROWS, METHODS = rows(), sorted(registry.declarations("method"))


class Mine(Dirac):
    """A game of one's own, in no file that was named."""


@dataclass(frozen=True)
class Shaped(Dirac):
    """One with a field that no option gives."""

    shape: tuple[int, ...] = (1, 2)


@st.composite
def questions(draw):
    """Any parts of the registry, with numbers, symbols or letters of one's own, for all players or each."""
    assembly = assemble(combination(draw(st.sampled_from(ROWS)), draw(st.sampled_from(METHODS))))
    players = len(assembly.game.players)
    changes = {}

    def single(row):
        half = row.typical / 2
        numbers = [row.typical, *([half] if row.domain.contains(half) else [])]
        return draw(st.sampled_from([*numbers, row.name, f"own_{row.owner.replace('-', '_')}_{row.name}"]))

    def changed(part):
        for name, row in hyper.hyper_fields(type(part)):
            if not row.domain.whole and (type(part), name) not in changes:
                kind = draw(st.sampled_from(["as it is", "one", *(["each"] if row.per_player else [])]))
                each = tuple(single(row) for _ in range(players if kind == "each" else 1))
                changes[type(part), name] = each if kind == "each" else each[0] if kind == "one" else None
        mine = {name: v for (cls, name), v in changes.items() if cls is type(part) and v is not None}
        return replace(part, **mine) if mine else part

    try:
        return Question(rebuilt(assembly.game, changed), rebuilt(assembly.operator, changed))
    except BadInput:
        # A letter with two domains.
        return Question(assembly.game, assembly.operator)


@given(questions())
def test_what_is_printed_is_read_back(question):
    again = Question.parse(str(question))
    assert again == question
    assert (str(again), again.key) == (str(question), question.key)


@settings(max_examples=20)
@given(questions())
def test_a_question_goes_on_without_its_values(question):
    assert replace(question, values={}).having(question.values) == question


@pytest.mark.parametrize(
    ("question", "line"),
    [
        (Question(Dirac()), "dirac"),
        (Question(Dirac("wgan"), SimGD("1/10")), "dirac(loss=wgan) | simgd(h=1/10)"),
        (Question(Dirac() + R1("c") + R2("c"), values={"c": 2}), "dirac + gp(gamma=c=2) + r2(gamma=c=2)"),
        (Question(Dirac() + R1("c") + R2("c")), "dirac + gp(gamma=c) + r2(gamma=c)"),
        (Question(Dirac(), SimGD(("h_g", "h_d"))), "dirac | simgd(h.g=h_g)"),
        (Question(Dirac(), AltGD(("1/10", "h_d"), (1, 2))), "dirac | altgd(h.g=1/10, n.d=2)"),
        (Question(Dirac(), AltGD("h", order=(1, 0))), "dirac | altgd(order=[d,g])"),
        (
            Question(Bilinear(e=((1, 0), (0, "1/2"))), Lookahead()),
            "bilinear(coupling=[1,0;0,1/2]) | lookahead",
        ),
        (Question(Dirac() + InstanceNoise("sigma", on="fake")), "dirac + noise(on=fake)"),
        (
            Question(Dirac(), Cycle(AltGD("1/10"), SimGD("1/5"))),
            "dirac | cycle:altgd(h=1/10), simgd(h=h_simgd=1/5)",
        ),
        (Question(Dirac(), Lookahead(inner=Cycle(SimGD(), AltGD()))), "dirac | lookahead:cycle:simgd, altgd"),
    ],
)  # fmt: skip
def test_a_question_says_what_is_not_there_anyway(question, line):
    assert str(question) == line
    assert repr(question) == f"Question.parse({line!r})"
    assert Question.parse(line) == question


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("DIRAC ( loss = gan ) |flow", "dirac"),
        ("dirac | cycle:altgd(h=1/10),simgd(h=1/10)", "dirac | cycle:altgd(h=1/10), simgd(h=1/10)"),
        ("dirac | cycle:altgd(h=1/10),simgd", "dirac | cycle:altgd(h=1/10), simgd(h=h_simgd)"),
        ("dirac | lookahead:cycle:altgd, simgd", "dirac | lookahead:cycle"),
        ("dirac | lookahead:simgd(h=1)", "dirac | lookahead:simgd(h=1)"),
        ("dirac + r1(gamma=0.5)", "dirac + gp(gamma=1/2)"),
        ("dirac | altgd(h_g=1)", "dirac | altgd(h.g=1)"),
    ],
)
def test_what_is_typed_is_asked_in_one_way(typed, line):
    question = Question.parse(typed)
    assert str(question) == line
    assert Question.parse(line) == question


@pytest.mark.parametrize(
    ("combination", "values"),
    [
        (Combination(), {}),
        (
            Combination(penalties=("gp", "r2"), method="altgd"),
            {"gp.gamma": "1", "r2.gamma": "2", "h.g": "1/2"},
        ),
        (Combination("bilinear", method="cycle:altgd,simgd"), {"altgd.h": "1/2", "simgd.h_x": "1"}),
        (Combination(EXAMPLE, method="simgd"), {"gamma": "1", "h": "1"}),
        (Combination("matrix:0,-1;1,-gamma|gamma=>0"), {"gamma": "1"}),
    ],
)
def test_a_question_is_that_of_the_options(combination, values):
    question, assembly = Question.of(combination, values), assemble(combination, values)
    assert (question.game, question.method, question.values) == (
        assembly.game,
        assembly.operator,
        assembly.values,
    )
    assert Question.parse(str(question)) == question


def test_a_number_is_a_symbol_with_that_value():
    numbers, names = (
        Question(Dirac() + R1(1), SimGD("0.1")),
        Question(Dirac() + R1(), SimGD(), {"gamma": 1, "h": "1/10"}),
    )
    assert numbers == names
    assert hash(numbers) == hash(names)
    assert numbers.values == {"gamma": 1, "h": Fraction(1, 10)}


def test_what_rests_at_its_numbers_keeps_them():
    computed = GameWithEquilibrium(Dirac(dim=1) + R1(1), (Fraction(0), Fraction(0)))
    question = Question(computed, SimGD("1/10"))
    assert (question.game, question.values) == (computed, {"h": Fraction(1, 10)})


def test_other_values_and_other_parts_are_other_questions():
    asked = [
        Question(Dirac()), Question(Mine()), Question(Dirac("wgan")), Question(Dirac(), SimGD()),
        Question(Dirac(), SimGD(1)), Question(Dirac(), SimGD(2)), Question(Shaped()),
        Question(Shaped(shape=(3,))), Question(Dirac(), RungeKutta()),
        Question(Dirac(), RungeKutta(tableau=EULER)),
    ]  # fmt: skip
    assert len({q.key for q in asked}) == len({*asked}) == len({*map(str, asked)}) == len(asked)


def test_a_class_in_no_file_is_called_by_its_name():
    assert repr(Question(Mine(), Extragradient(1))) == "Question.parse('Mine | extragradient(h=1)')"
    with pytest.raises(BadInput, match="unknown game 'Mine'"):
        Question.parse("Mine")


def test_what_a_file_says_is_part_of_the_key(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = (Path(__file__).parents[2] / EXAMPLE).read_text()
    Path("game.toml").write_text(text)
    before = Question(load_game("game.toml")(1))
    assert str(before) == "game.toml(gamma=1)"
    assert Question.parse(str(before)) == before
    assert not before.programmed
    Path("game.toml").write_text(f"{text}# other\n")
    after = Question(load_game("game.toml")(1))
    assert str(after) == str(before)
    assert after.key != before.key


def test_so_is_the_code_of_a_class(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    lines = ["from stabcheck import Dirac", "class Mine(Dirac):", "    '''As ever.'''"]
    Path("mine.py").write_text("\n".join(lines))
    before = Question.parse("mine.py:Mine(loss=wgan) | simgd(h=1)")
    assert str(before) == "mine.py:Mine(loss=wgan) | simgd(h=1)"
    assert Question.parse(str(before)) == before
    assert before.programmed
    Path("mine.py").write_text("\n".join([*lines, "    own = 1"]))
    assert Question.parse(str(before)).key != before.key


def test_the_source_of_a_class_that_is_nowhere_is_not_known():
    question = Question(type("Typed", (Dirac,), {"__module__": "nowhere"})())
    assert str(question) == "Typed"
    with pytest.raises(BadInput, match="source of Typed is not known"):
        _ = question.key


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Question("dirac"), "what is analysed must be a game, not str 'dirac'"),
        (lambda: Question(Dirac(), R1()), "the operator must be a method or a flow, not R1"),
        (lambda: Question(Dirac(), SimGD(), {"gamma": 1}), "no hyperparameter is called 'gamma'; those left"),
        (lambda: Question(Dirac(), SimGD(), {"h": -1}), "h must be a number > 0, not -1"),
        (lambda: Question(Dirac(), SimGD(), {"h": "k"}), "h must be a number > 0, not the symbol 'k'"),
        (lambda: Question.parse("dirac + gp(gama=1)"), "unknown hyperparameter 'gama'; did you mean 'gamma'"),
        (lambda: Question.parse("dirac | altgd(h=1, h.g=2)"), "h is given both for all players and for one"),
        (lambda: Question.parse("dirac | altgd(h=c=1):simgd"), "altgd takes no method inside"),
        (lambda: Question.parse("dirac + gp(gamma=c=1) + r2(gamma=c=2)"), "two values are given for c"),
    ],
)  # fmt: skip
def test_what_is_no_question_is_refused(make, message):
    with pytest.raises(BadInput) as refusal:
        make()
    assert message in str(refusal.value)


def test_asking_loads_no_interpreter():
    import subprocess

    code = "from stabcheck.declare.question import Question; import sys; Question.parse('dirac | altgd'); " \
           "print({'sympy', 'jax'} & {*sys.modules})"  # fmt: skip
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert process.stdout == "set()\n"
