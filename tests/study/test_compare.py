"""Comparisons that say what they computed."""

from __future__ import annotations

from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from typing import Any

import pytest

from stabcheck import R1, AltGD, Bilinear, Dirac, Game, Lookahead, SimGD, hyper
from stabcheck.cli.app import run
from stabcheck.core.errors import BadInput
from stabcheck.declare.question import Question
from stabcheck.report.comparison import number
from stabcheck.study.compare import Cell, compare


def cell(number, verdict="stable"):
    return Cell("dirac | simgd", "simgd", "", verdict, number, "")


@pytest.mark.parametrize(
    ("value", "verdict", "shown"),
    [
        (0.95, "stable", "0.9500"),
        (0.99994, "stable", "0.9999"),
        (0.99996, "stable", "1 - 4.0e-05"),
        (1.00004, "unstable", "1 + 4.0e-05"),
        (1.00006, "unstable", "1.0001"),
        (1.0, "neutral", "1.0000"),
        (1.0, "stable", "just below 1"),
        (1.0, "unstable", "just above 1"),
        (0.0, "neutral", "0.0000"),
        (-4e-5, "stable", "-4.0e-05"),
        (4e-5, "unstable", "4.0e-05"),
        (-6e-5, "stable", "-0.0001"),
        (None, "not differentiable", "kink"),
    ],
)
def test_digits_beside_the_boundary(value, verdict, shown):
    assert number(cell(value, verdict)) == shown


def table(options):
    """What the command compares."""
    with redirect_stdout(StringIO()) as out:
        assert run(["compare", "--reg", "gp", *options.split()]) == 0
    return out.getvalue()


def test_a_count_that_was_given_is_not_called_typical():
    found = table("--methods altgd --n-d 1,2,5 --h 1/10 --gamma 1")
    assert "typical" not in found
    assert "n_d = 5" in found
    assert "typical" not in table("--methods lookahead --k 5 --slow 1/2 --h 1/10 --gamma 1")


def test_a_count_that_was_not_given_still_is():
    asked = Question(Dirac() + R1(1), Lookahead(alpha="1/2", inner=SimGD("1/10")))
    assert compare([asked]).assumed == {"k": 5}
    assert not compare([Question(Dirac(), Lookahead(3, "1/2", SimGD("1/10")))]).assumed


@pytest.mark.parametrize(
    ("gamma", "said"), [("1", "\nall stable\n"), ("0", "\nu unstable\n"), ("0,1", "u unstable; else stable")]
)
def test_the_legend_is_whole(gamma, said):
    assert said in table(f"--methods simgd --h 1/10 --gamma {gamma}")


def test_rows_are_called_by_what_tells_them_apart():
    methods = [Question(Dirac(), SimGD()), Question(Dirac(), AltGD())]
    games = [Question(Dirac(), SimGD()), Question(Bilinear(), SimGD())]
    steps = [Question(Dirac(), SimGD("1/5")), Question(Dirac(), AltGD("1/10"))]
    named = [[row[0].method for row in compare(asked).cells] for asked in (methods, games, steps)]
    assert named == [["simgd", "altgd"], ["dirac | simgd", "bilinear | simgd"], [*map(str, steps)]]


def test_values_are_those_of_the_questions():
    found = compare({f"h = {h}": [Question(Dirac() + R1(1), SimGD(h))] for h in ("1/10", "1/5")})
    assert found.given == {"gamma": "1", "h": "1/10,1/5"}
    assert found.fixed == {"gamma": "1"}
    assert [cell.question for cell in found.cells[0]] == [
        "dirac + gp(gamma=1) | simgd(h=1/10)", "dirac + gp(gamma=1) | simgd(h=1/5)",
    ]  # fmt: skip
    assert "\ngiven: gamma = 1" in str(found)
    assert {row["question"] for row in found.to_dict()["rows"]} == {cell.question for cell in found.cells[0]}


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ([], "one question or more"),
        ({"a": [Question(Dirac())], "b": []}, "as many in each column"),
        ([Question(Dirac(), SimGD(1)), Question(Dirac(), SimGD("1.0"))], "simgd is named 2 times"),
    ],
)
def test_what_is_no_table_is_refused(asked, message):
    with pytest.raises(BadInput, match=message):
        compare(asked)


@dataclass(frozen=True)
class Saddle(Game):
    """`x^2/2 + a x y` against `y^2/2 - a x y`."""

    a: Any = hyper("a", domain="> 0", help="coupling")  # noqa: RUF009 (ruff knows no field of its own)
    dims = (1, 1)

    def equilibrium(self, xp, *t):
        return xp.zeros(1), xp.zeros(1)

    def losses(self, xp, *x):
        p, q = x
        return p @ p / 2 + self.a * p @ q, q @ q / 2 - self.a * p @ q


class InJax(Saddle):
    """The same, of which SymPy reads nothing."""

    symbolic = False


@pytest.mark.parametrize("game", [Saddle, InJax])
def test_a_game_of_ones_own_is_compared(game):
    # |1 - h (1 + i a)| and |1 - h|: FACTS, a scalar linear map.
    found = compare([Question(game(), SimGD("1/5"), {"a": 2}), Question(game(2), AltGD("1/5"))])
    (first,), (second,) = found.cells
    assert first.number == pytest.approx(abs(1 - (1 + 2j) / 5))
    assert (first.verdict, second.verdict) == ("stable", "stable")
    assert first.question == f"{game.__name__}(a=2) | simgd(h=1/5)"
