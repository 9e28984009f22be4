"""Where a region ends, equilibria may form a manifold: what `eigen` says there is told beside the region."""

from __future__ import annotations

from fractions import Fraction

import pytest

from stabcheck import SimGD, analyse
from stabcheck.core.verdict import Verdict
from stabcheck.declare.file.gamefile import load
from stabcheck.declare.file.matrixgame import read, spelled
from stabcheck.declare.question import Question
from stabcheck.judge.continua import on_boundary
from stabcheck.judge.pieces import Kind
from stabcheck.judge.region import region_of
from stabcheck.judge.solver import Z3
from stabcheck.judge.stable_set import stable_set
from stabcheck.report.stable_set import text
from stabcheck.report.text import plain

NILPOTENT = "a,0,0;0,0,1;0,0,0"
"""`z^2 (z - a)`, which at `a = 1` rests on a line."""
CURVED = """\
name = "curved"
[players.x]
loss = "a*x^2/2 + x^2*y^2{more}"
[players.y]
loss = "y^2/2"
[hyperparameters]
a = "real"
[equilibrium]
x = "0"
y = "0"
"""
"""At `a = 0` it rests where `y` does, unless there is more."""


def matrix(rows):
    return analyse(read(spelled(rows, discrete=True))())


def curved(tmp_path, more):
    path = tmp_path / "curved.toml"
    path.write_text(CURVED.format(more=more))
    return analyse(load(path)())


def of(result):
    return stable_set(result, Z3())


def test_what_eigen_says_on_a_piece_is_told():
    result = matrix(NILPOTENT)
    stable = of(result)
    (piece,) = [piece for piece in stable.pieces if Kind.FOLD in piece.kinds]
    assert stable.continua == {piece.polynomial: {"a": 1}}
    there = result.at(a=1)
    assert (there.verdict, len(there.manifold)) == (Verdict.STABLE, 1)
    assert region_of(result.here).contains(a=Fraction(1)) is False
    assert "at a = 1 the equilibria form a manifold, and eigen tells what holds across it" in " ".join(
        text(stable).split()
    )
    rows = {row["polynomial"]: row["manifold"] for row in stable.to_dict()["pieces"]}
    assert rows == {"a - 1": {"a": "1"}, "1 + a": None}


def test_eigen_says_there_that_the_conditions_ask_for_more():
    result = matrix(NILPOTENT)
    words = "the general conditions ask for all directions"
    assert words in " ".join(plain(result.at(a=1)).split())
    assert words not in " ".join(plain(result.at(a=0)).split())
    always = matrix("1,0;0,a")
    assert always.at(a=0).manifold
    assert words not in " ".join(plain(always.at(a=0)).split())


@pytest.mark.parametrize(("more", "seen"), [("", True), (" + x^4", False)])
def test_an_eigenvalue_alone_is_no_manifold(tmp_path, more, seen):
    result = curved(tmp_path, more)
    stable = of(result)
    assert bool(stable.continua) is seen
    assert bool(result.at(a=0).manifold) is seen


def test_points_of_a_boundary_lie_in_the_closure():
    result = analyse(Question.parse("quadratic | simgd").game, SimGD("h"))
    region = region_of(result.here)
    for p in dict.fromkeys(region.inside.polynomials):
        values = next(on_boundary(region, p))
        assert p.at(values) == 0
        assert region.admissible.holds(values)
        assert all(c.polynomials[0].at(values) >= 0 for c in region.conditions)
