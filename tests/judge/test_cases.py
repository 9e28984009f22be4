"""Cases: each formula holds over all its cells, and the cases together over all of them."""

from __future__ import annotations

import pytest

from stabcheck.core.domain import POSITIVE, REAL
from stabcheck.core.errors import Undecidable
from stabcheck.core.formula import Every, Sign
from stabcheck.core.polynomial import Polynomial
from stabcheck.judge import cases as module
from stabcheck.judge.cases import Otherwise, described
from stabcheck.symbolic.cells import Cut
from stabcheck.symbolic.stack import Along

V, X, Y = (Polynomial.letter(name) for name in "vxy")


def cut(*positive, letters="xy", over=REAL):
    domains = {"v": POSITIVE, **dict.fromkeys(letters, over)}
    return Cut.of(Along(Every(tuple(Sign.of(p, 1) for p in positive)), "v", domains), tuple(letters))


def solved(*positive, **more):
    return described(cut(*positive, **more)).rows


def test_below_the_least_of_two():
    cases = solved(X - V, Y - V, over=POSITIVE)
    assert len(cases) == 2
    assert {case.formula[0].high.root.factor for case in cases} == {V - X, V - Y}


def test_where_it_never_holds_needs_no_saying():
    *cases, last = solved(X - V, Y - V)
    assert isinstance(last.where, Otherwise)
    assert last.formula == ()
    assert all(case.formula for case in cases)


def test_each_formula_holds_over_all_cells_of_its_case():
    asked = cut(X * V * V - Y, V - X)
    cases = described(asked).rows
    covered = {repr(cell.stack.point) for case in cases for cell in case.cells}
    assert covered == {repr(cell.stack.point) for cell in asked.cells()}
    assert all(cell.stack.follows(case.formula) for case in cases for cell in case.cells)


def test_a_formula_goes_on_through_a_wall_where_another_one_joins():
    first, second = solved(X - V, -V + 2, letters="x", over=POSITIVE)
    assert [len(case.cells) for case in (first, second)] == [2, 1]
    assert first.formula[0].high.root.factor == V - X


def test_many_cases_are_refused(monkeypatch):
    monkeypatch.setattr(module, "MOST_CASES", 1)
    with pytest.raises(Undecidable, match="cases, more than 1"):
        solved(X - V, Y - V)
