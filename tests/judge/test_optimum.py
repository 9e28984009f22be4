"""Optima of methods: twelve families over all their names, floats on a grid, and a solver that must agree."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from fractions import Fraction

import pytest
import sympy as sp

from stabcheck import OGDA, AltGD, Dirac, Extragradient, Optimum, Question, SimGD, optimum
from stabcheck.core.errors import BadInput, Undecidable
from stabcheck.judge import optimum as judge
from stabcheck.judge.analysis import Analysis
from stabcheck.judge.equilibria import analysed
from stabcheck.judge.solver import Z3
from stabcheck.report.optimum import counted, text
from stabcheck.symbolic.algebraic import AlgebraicNumber
from tests.games import RandomGame

METHODS = (SimGD("h"), AltGD("h"), Extragradient("h"))
ROOT2, ROOT3, ROOT5 = map(sp.sqrt, (2, 3, 5))
FAMILIES = {
    "dirac + gp | simgd": (0, {"h": 2, "gamma": 1}),
    "dirac + gp | altgd": (0, {"h": 2, "gamma": "1/2"}),
    "dirac + gp | extragradient": (0, {"h": 2, "gamma": "1/2"}),
    "dirac + gp | generalised-ogda": (0, {"h": 2, "past": 0, "gamma": 1}),
    "dirac | generalised-ogda": (1 / ROOT2, {"h": 2, "past": 1}),
    "dirac + gp | alternating:ogda": (1 / ROOT2, {"h": 2 ** sp.Rational(1, 4), "gamma": 0}),
    "dirac + gp | heavy-ball": (0, {"h": 2, "gamma": 1, "beta": 0}),
    "dirac + gp | alternating:heavy-ball": (0, {"h": 2, "gamma": "1/2", "beta": 0}),
    "dirac | alternating:heavy-ball": (2 * ROOT3 - 3, {"beta": 4 * ROOT3 - 7}),
    "dirac | ogda": (1 / ROOT2, {"h": 1}),
    "dirac | extragradient": (ROOT3 / 2, {"h": ROOT2}),
    "dirac + gp | flow": ("-1/2", {"gamma": 1}),
    "dirac + nk | flow": ("-1/2", {"eta": 2}),
    "dirac + consensus(gamma=1) | simgd": (2 / ROOT5, {"h": "4/5"}),
    "dirac + gp(gamma=1) | altgd": (sp.sqrt(2 * ROOT3 - 3), {"h": 2 * ROOT3 - 2}),
}


def best(line: str, *names: str, solver: Z3 | None = None) -> Optimum:
    return optimum(analysed(Question.parse(line)), names, solver)


def known(number: AlgebraicNumber | None) -> AlgebraicNumber:
    assert number is not None
    return number


def exact(value) -> sp.Expr:
    return sp.Rational(value) if isinstance(value, str) else sp.sympify(value)


@pytest.mark.parametrize("line", FAMILIES)
def test_families_have_their_optimum(line):
    level, at = FAMILIES[line]
    answer = best(line)
    assert answer.level is not None
    assert sp.simplify(answer.level - exact(level)) == 0
    (place,) = answer.least.places
    assert place.attained
    for name, value in at.items():
        assert place.at[name].is_point
        assert sp.simplify(answer.end(known(place.at[name].low), name) - exact(value)) == 0


def test_two_optima_of_one_family_are_both_told():
    """Alternating extragradient is deadbeat at two step sizes."""
    places = best("dirac + gp | alternating:extragradient").least.places
    assert sorted(known(place.at["h"].low).value for place in places) == pytest.approx([1.737673924, 2])


def test_a_segment_and_what_is_not_attained():
    answer = best("dirac + gp | ogda")
    (place,) = answer.least.places
    assert [(known(s.low).rational, known(s.high).rational) for _, s in answer.at(place)] == [(0, 1), (1, 1)]
    assert not best("dirac + gp(gamma=1) | implicit").attained
    assert not best("dirac | nesterov").is_stable


@pytest.mark.parametrize("dims", [(1, 2), (2, 3)])
@pytest.mark.parametrize("method", METHODS)
def test_of_a_random_game_no_sample_is_faster(dims, method):
    """The certified rates at samples around agree, also where the least rate is only bracketed."""
    result = Analysis(RandomGame(dims=dims), method).at(gamma=1)
    answer = optimum(result, ["h"])
    (place,) = answer.least.places
    low, high = answer.least.bracket or (known(answer.least.level).value,) * 2
    assert high - low <= 1e-8
    h = known(place.at["h"].low).value
    assert result.at(h=h).rate == pytest.approx(float(high), abs=1e-4)
    rng = random.Random(1)
    rates = [result.at(h=Fraction(rng.randint(1, 400), 100) * Fraction(h)).rate or 0 for _ in range(12)]
    assert all(rate >= low - 1e-9 for rate in rates)


def test_what_is_measured_in_a_letter_is_told_in_it():
    """For every f the best step size is a number over |f'(0)|, and the rate is the same."""
    answer = optimum(Analysis(Dirac("germ"), OGDA("h")), ["h"])
    (place,) = answer.least.places
    f1 = sp.Symbol("f1", real=True, nonzero=True)
    assert answer.level == 1 / ROOT2
    assert best("dirac(loss=germ) | ogda").names == ("h",)
    assert sp.simplify(answer.end(known(place.at["h"].low), "h").subs(f1, -3) - sp.Rational(1, 6)) == 0


def test_what_is_not_known_to_be_attained_is_not_called_nowhere():
    """The least rate is known as a number of a high degree, its place as an enclosure."""
    answer = optimum(Analysis(RandomGame(dims=(1, 2)), Extragradient("h")).at(gamma=1))
    assert [place.attained for place in answer.least.places] == [None]
    assert "nowhere" not in text(answer)
    assert text(answer).startswith("The infimum of the spectral radius over h is 0.75305.")
    assert "but is nowhere so" in text(best("dirac + gp(gamma=1) | implicit"))


def test_a_bracket_is_not_called_the_number_itself():
    answer = optimum(Analysis(RandomGame(), SimGD("h")).at(gamma=1))
    assert answer.least.bracket is not None
    assert answer.to_dict()["proved"] == "bracket"
    assert "no other value has a smaller rate" not in text(answer)
    assert "at both ends of the bracket, exactly" in text(answer)
    rows = counted([answer, best("dirac + gp(gamma=1) | simgd"), answer], ["n = 1", "n = 2", "n = 3"])
    assert rows.splitlines()[0] == "Of n = 1 to 3 the least is that of n = 2."


def test_a_solver_sees_a_rate_that_is_not_the_least(monkeypatch):
    """With a least rate that is too large by a little more than the margin."""
    honest = judge.least

    def raised(rates):
        answer = honest(rates)
        level = Fraction(known(answer.level).value) + 2 * judge.MARGIN
        return replace(answer, level=AlgebraicNumber.of(level))

    monkeypatch.setattr(judge, "least", raised)
    with pytest.raises(Undecidable, match="finds a smaller rate"):
        best("dirac + gp(gamma=1) | altgd", solver=Z3())


def test_it_is_plain_data():
    data = best("dirac + gp(gamma=1) | altgd", solver=Z3()).to_dict()
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    assert data["least"]["exact"] == "sqrt(2*sqrt(3) - 3)"
    assert data["places"][0]["at"]["h"]["low"] == {"exact": "2*sqrt(3) - 2", "value": 1.4641016151377546}
    assert (data["proved"], data["stable"]) == ("exactly+z3", True)


@pytest.mark.parametrize(
    ("line", "names", "words"),
    [
        ("dirac + gp | altgd", ["h"], "depends on gamma, too; give values"),
        ("dirac + gp | altgd", ["x"], "'x' is no open name; choose from gamma, h"),
        ("dirac + gp(gamma=1) | altgd(h=1)", [], "no name is open"),
    ],
)
def test_refusals_say_what_to_do(line, names, words):
    with pytest.raises(BadInput, match=words):
        optimum(analysed(Question.parse(line)), names)
