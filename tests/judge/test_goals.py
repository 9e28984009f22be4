"""The pieces of a statement say the same together."""

from __future__ import annotations

import random
from itertools import product

import pytest

from stabcheck.core.formula import Every, Not, Same, Sign, Some
from stabcheck.core.polynomial import Polynomial
from stabcheck.judge import goals as module
from stabcheck.judge.goals import goals

LETTERS = "abcd"
A, B, C, D = (Sign.of(Polynomial.letter(name), 1) for name in LETTERS)
POINTS = [dict(zip(LETTERS, row, strict=True)) for row in product((0, 1), repeat=4)]


def drawn(rng, depth=3):
    if depth == 0:
        return rng.choice([A, B, C, D])
    several = [drawn(rng, depth - 1) for _ in range(rng.randint(1, 3))]
    kind = rng.choice([Every, Some, Same, Not])
    if kind is Same:
        return Same(several[0], several[-1])
    return Not(several[0]) if kind is Not else kind(tuple(several))


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("most", [2, 48])
def test_all_goals_hold_where_the_statement_does(seed, most, monkeypatch):
    monkeypatch.setattr(module, "MOST", most)
    statement = drawn(random.Random(seed))
    for point in POINTS:
        assert all(goal.holds(point) for goal in goals(statement)) is statement.holds(point)


def test_both_directions_fall_into_their_conditions():
    assert len(goals(A.implies(B.iff(C & D)))) == 3
    assert goals(A) == (A,)
    assert goals(Every(())) == ()
