"""Signs of polynomials say of a claim what exact arithmetic says at each point; the two share little."""

from __future__ import annotations

import random
from fractions import Fraction
from functools import lru_cache
from itertools import product

import pytest

from stabcheck import Question
from stabcheck.core.errors import BadInput
from stabcheck.declare.claim.algebra import Kind
from stabcheck.declare.claim.reading import parse
from stabcheck.declare.combination import Combination
from stabcheck.declare.file.matrixgame import spelled
from stabcheck.judge.criterion import Routh
from stabcheck.judge.encoding import encoded, premises
from stabcheck.judge.equilibria import analysed
from stabcheck.judge.pointwise import decided
from stabcheck.judge.ratio import ValueOf
from stabcheck.judge.subject import Subject
from stabcheck.symbolic.polynomials import rational

LINES = {
    "dirac + gp | simgd": 6,
    "dirac + gp | flow": 8,
    "dirac + gp | heavy-ball": 2,
    "dirac | ogda": 4,
    "dirac + consensus | implicit": 4,
}
"""With the number of points at which each is looked at."""
CLAIMS = [
    "stable", "unstable", "neutral", "rate < 1/2", "rate >= 9/10", "rate = 1", "rate > h - 1", "rate <= 0",
    "rate != -1/2", "stable iff h < 1", "h > 1 implies not (stable or 2 h f1 < 3)",
    "1/(h - 1) > 1 and neutral",
]  # fmt: skip


@lru_cache
def subject(line):
    return Subject.of(analysed(Question.parse(line)), ["f1"])


def claims(line):
    return [parse(c.replace("h", "f1") if line.endswith("flow") else c) for c in CLAIMS]


def points(about, seed, count):
    rng = random.Random(seed)
    for _ in range(count):
        yield {name: domain.draw(rng) for name, domain in about.domains.items()}


def exactly(code, values):
    """With the values of what is named `r = a/b`; roots and sizes are left to other tests."""
    values = dict(values)
    for one in code.definitions:
        assert isinstance(one, ValueOf)
        values[one.letter] = one.of.top.at(values) / one.of.bottom.at(values)
    return values


@pytest.mark.parametrize("line", LINES)
def test_both_say_the_same(line):
    about = subject(line)
    for claim in claims(line)[: 6 if "heavy" in line else None]:
        code = encoded(claim, about, Routh(about))
        for point in points(about, str(claim), LINES[line]):
            truth = decided(claim, about, {name: rational(q) for name, q in point.items()})
            values = exactly(code, point)
            assert code.meaning.holds.holds(values) is (truth is True), (str(claim), point)
            assert code.meaning.fails.holds(values) is (truth is False), (str(claim), point)


@pytest.mark.parametrize("discrete", [False, True], ids=["flow", "map"])
def test_both_say_the_same_on_the_boundary(discrete):
    """Of `z^3 + a z^2 + b z + c` with small whole numbers, which often has roots there; so has `s^3 - s`."""
    matrix = spelled("0,1,0;0,0,1;-c,-b,-a", [], discrete=discrete)
    about = Subject.of(analysed(Question.of(Combination(game=matrix))), [])
    code = {kind: encoded(parse(kind), about, Routh(about)) for kind in Kind}
    for row in product((-1, 0, 1, 2), repeat=3):
        values = dict(zip("abc", map(Fraction, row), strict=True))
        exact = {name: rational(q) for name, q in values.items()}
        kinds = [kind for kind in Kind if decided(parse(kind), about, exact)]
        assert [kind for kind in Kind if code[kind].meaning.holds.holds(values)] == kinds, row


def of(text, line="dirac + gp | simgd"):
    claim = parse(text)
    return encoded(claim, subject(line), Routh(subject(line)))


def test_roots_and_sizes_are_letters_that_exist_at_all_values():
    code = of("sqrt(h - gamma) > abs(f1) or sqrt(h - gamma) = 0")
    root, size = code.definitions
    for h, s, held in [(5, 2, True), (5, 1, False), (0, 7, True)]:
        assert root.known.holds({"h": h, "gamma": 1, root.letter: s}) is held
    assert size.known.holds({"f1": -3, size.letter: 3})
    assert not size.known.holds({"f1": -3, size.letter: 2})
    point = {"h": 5, "gamma": 1, "f1": -1, root.letter: 2, size.letter: 1}
    assert code.meaning.holds.holds(point)
    assert not code.meaning.holds.holds(point | {"h": 0})
    assert not code.meaning.fails.holds(point | {"h": 0})


def test_premises_within_premises_are_supposed_too():
    assert len([*premises(parse("h > 1 implies (gamma > 1 implies stable)"))]) == 2
    assert of("h > 1 implies (gamma > 1 implies stable)").premise.holds({"h": 2, "gamma": 2})
    assert not of("h > 1 implies (gamma > 1 implies stable)").premise.holds({"h": 2, "gamma": 1})
    assert of("stable").premise.holds({})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1/(h - h) > 1", "divides by what is 0 everywhere"),
        ("(h + gamma + f1)^12*(h + gamma + f1)^12*(h - gamma - f1)^12 > 1", "write it simpler"),
    ],
)
def test_what_cannot_be_written_is_refused(text, words):
    with pytest.raises(BadInput, match=words):
        of(text)
