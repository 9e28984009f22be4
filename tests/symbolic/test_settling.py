"""Conditions that always hold, never hold, exclude each other, or hold on intervals; held against samples."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import sympy as sp

from stabcheck import OGDA, HeavyBall, Nesterov, SimGD, analyse
from stabcheck.core.hyper import REAL, hyper
from stabcheck.declare.file.gamefile import load
from stabcheck.declare.games.game import Game
from stabcheck.judge.summary import stretches
from stabcheck.symbolic.printing import terminal
from stabcheck.symbolic.settling import exclusion, implied, never, settled_sign, sign_of_terms, stretch
from tests.test_cases import CASES

H, K = sp.symbols("h k", positive=True)
A, S = sp.symbols("a s", positive=True)
P, Q = sp.Symbol("p", positive=True), sp.Symbol("q", nonnegative=True)
BETWEEN = {P: 1 - sp.Dummy(nonnegative=True), Q: 1 - sp.Dummy(positive=True)}
G = sp.Symbol("g", nonnegative=True)
X = sp.Symbol("x", real=True)
C = sp.Symbol("c", real=True, nonzero=True)
B = sp.Symbol("b", nonnegative=True)
BOUNDS = {B: 1 - sp.Dummy(positive=True)}
"""`b` lies in [0, 1)."""

SIGNS = [
    (8 + 9 * H**2 - 12 * H, 1),
    (2 * H - 1 - 3 * H**2, -1),
    (2 - 3 * H, 0),
    (X**2 - X + 1, 1),
    (X**2 - 2, 0),
    (X**4 - X + 1, 1),
    (X**3 + 1, 0),
    (H**3 - H + 1, 1),
    (1 + G - G**2 * H**2 / 4 - G, 0),
    ((H - 1) ** 2, 0),
    (-((H - 1) ** 2), 0),
    ((X**2 + 1) * (H - 1), 0),
    (-(X**2 + 1) * (H**2 - H + 1), -1),
    (8 + 9 * H**2 * C**2 - 12 * H * C, 1),
    (H * C - 5 * H**2 * C**2 - 1, -1),
    (H**2 - H * K + K**2, 1),
    (H**2 - 2 * H * K + K**2, 0),
    (H**2 * K**2 - H * K * X + X**2, 1),
    (2 - B - B**2, 1),
    (1 - B - B**3, 0),
    (G, 0),
    (1 + G**2 - G, 1),
    (sp.sqrt(2) * H - H**2 - 1, 0),
    (sp.pi - 3 * B, 1),
]


def nested(sign):
    """Sums of roots of sums in one variable, of which SymPy would look for the zeros of derivatives."""
    root = sp.sqrt((H - 2) ** 2 * (1 + sp.sqrt(3)) ** 2 + H**2 / (H**2 + 3 * H + 1))
    terms = [(sp.sqrt(3) * k + 7) * H**k * root**n for k in range(6) for n in (0, 1, 3)]
    return sp.Add(*terms[1:], sign * terms[0]) / (1 + H + root**3)


@pytest.mark.parametrize(("sign", "expected"), [(1, 1), (-1, 0)])
def test_long_sums_are_settled_by_the_signs_of_their_parts(sign, expected):
    e = nested(sign)
    assert settled_sign(e) == settled_sign(e**3) == expected
    assert settled_sign(-e) == -expected
    assert never(-e) == bool(expected)
    assert not never(e)


IRRATIONAL = sp.Add(*((sp.sqrt(3) * (7 * k + 11) + 23 * k + 5) * H**k for k in range(11)))
"""Of which SymPy would look for the zeros of all derivatives."""


def test_polynomials_with_irrational_coefficients_are_settled_by_their_terms():
    assert settled_sign(1 / IRRATIONAL) == settled_sign(IRRATIONAL * K / (1 + K)) == 1
    assert settled_sign(1 / (IRRATIONAL - 1000 * H)) == 0


def test_conditions_with_long_coefficients_exclude_each_other_or_are_left():
    long = IRRATIONAL / (1 + sp.sqrt(7) * H)
    assert exclusion([K - long, long - K - H**2], {}) in {"", "negative"}
    assert exclusion([K - sp.sqrt(2), sp.sqrt(2) - 1 - K], {}) == "negative"
    assert exclusion([K - sp.sqrt(2), sp.sqrt(3) - K], {}) == ""


def drawn(symbols, rng):
    """Values of every size, of either sign where that is allowed."""
    for _ in range(300):
        sizes = {s: 10 ** rng.uniform(-2, 2) for s in symbols}
        yield {
            s: rng.random() if s == B else size * (1 if s.is_nonnegative else rng.choice([-1, 1]))
            for s, size in sizes.items()
        }


@pytest.mark.parametrize(("expression", "expected"), SIGNS)
def test_signs_are_those_of_samples(expression, expected):
    assert settled_sign(expression, BOUNDS) == expected
    symbols = sorted(expression.free_symbols, key=str)
    at = sp.lambdify(symbols, expression)
    rng = random.Random(0)
    found = {int(np.sign(at(*(v[s] for s in symbols)))) for v in drawn(symbols, rng)}
    assert found == {expected} or expected == 0
    assert never(-expression, BOUNDS) >= (expected == 1)
    assert never(-expression, BOUNDS) <= (-1 not in found)


EXCLUDING = [
    ([-X, 3 * X**3 * H - 2 * X**2 * K], "never"),
    ([H - 1, sp.Rational(1, 2) - H], "negative"),
    ([H - 1, 2 - H], ""),
    ([X - H, -X], "negative"),
    ([X - G, -X], "never"),
    ([H * K - 1, 1 - H * K], "never"),
    ([H * K - 1, X**2 - 2, 1 - 2 * H * K], "negative"),
    ([H - K, K - H - 1], "negative"),
    ([H - K, 2 * K - H], ""),
]


@pytest.mark.parametrize(("conditions", "expected"), EXCLUDING)
def test_conditions_that_exclude_each_other(conditions, expected):
    assert exclusion(conditions) == expected
    symbols = sorted({s for c in conditions for s in c.free_symbols}, key=str)
    at = sp.lambdify(symbols, conditions)
    least = [min(at(*(v[s] for s in symbols))) for v in drawn(symbols, random.Random(1))]
    assert (max(least) <= 0) == bool(expected)


STRETCHES = [
    (
        [1 - 18 * H**2 + 9 * H**4, 1 - H],
        "0 < h < sqrt(3)*(sqrt(2) - 1)/3 = 0.239146311738",
    ),
    ([1 - H**2, H], "0 < h < 1"),
    ([X**2 - 2, 3 - X], "x < -sqrt(2) = -1.41421356237 or sqrt(2) < x < 3 (1.41421356237 < x < 3)"),
    ([2 - X**2], "-sqrt(2) < x < sqrt(2) (-1.41421356237 < x < 1.41421356237)"),
    ([1 - G - G**5], "0 <= g < 0.754877666247"),
    ([(X - 1) ** 2, X], "0 < x < 1 or x > 1"),
    ([B**2 - sp.Rational(1, 4), B], "1/2 < b < 1"),
    ([X**3 - 2], "x > 1.25992104989"),
    ([H - 1], ""),
]


class Shown:
    """What the views read of a result."""

    def __init__(self, conditions):
        self.conditions_here = conditions
        self.stable_stretch = stretch(conditions, BOUNDS)


@pytest.mark.parametrize(("conditions", "expected"), STRETCHES)
def test_one_open_name_is_solved(conditions, expected):
    assert stretches(Shown(conditions), terminal) == expected
    where = stretch(conditions, BOUNDS)
    for v in drawn([where.symbol], random.Random(2)):
        (value,) = v.values()
        inside = any(
            (i.low is None or float(i.low.ball) < value) and (i.high is None or value < float(i.high.ball))
            for i in where.intervals
        )
        assert inside == all(c.subs(where.symbol, value) > 0 for c in conditions)


NOWHERE = [
    ([2 * H - 1 - 3 * H**2], True),
    ([-((H - 1) ** 2)], False),
    ([X - 2, 1 - X], True),
    ([X - 1, 1 - X], False),
    ([X**2 - 3, 2 - X**2], True),
    ([G**2 - 1, sp.Rational(1, 2) - G], True),
]


@pytest.mark.parametrize(("conditions", "negative"), NOWHERE)
def test_no_value_holds(conditions, negative):
    where = stretch(conditions)
    assert (where.intervals, where.negative) == ((), negative)


def test_what_cannot_be_solved_is_left():
    assert stretch([H - K, H - 1]) is None
    assert stretch([sp.sqrt(2) - X]) is None
    assert stretch([C - 1]) is None


@dataclass(frozen=True)
class Spiral(Game):
    """`v = -(a x + y, a y - x)`: a focus that turns once per unit."""

    a: Any = hyper("a", domain=REAL, help="how fast it is drawn in")
    dims = (1, 1)

    def equilibrium(self, xp):
        return xp.zeros(1), xp.zeros(1)

    def losses(self, xp, *x):
        (u,), (w,) = x
        return self.a * u * u / 2 + u * w, self.a * w * w / 2 - u * w


@pytest.mark.parametrize(
    ("game", "method", "verdict", "where"),
    [
        (Spiral(1), SimGD("h"), "depends", ""),
        (Spiral(0), SimGD("h"), "unstable", ""),
        (Spiral(-1), SimGD("h"), "unstable", ""),
        (Spiral(1), Nesterov("h", 1), "unstable", ""),
        (Spiral(0), OGDA("h"), "depends", "0 < h < sqrt(3)/3 = 0.57735026919"),
        (Spiral("a"), SimGD(1), "depends", ""),
        (Spiral("a"), SimGD("1/2"), "depends",
         "2 - sqrt(3) < a < sqrt(3) + 2 (0.267949192431 < a < 3.73205080757)"),
        (Spiral("a"), HeavyBall(1, 1), "depends", ""),
        (Spiral("a"), SimGD(3), "unstable", ""),
    ],
)  # fmt: skip
def test_verdicts_in_one_open_name(game, method, verdict, where):
    result = analyse(game, method)
    assert (result.verdict, stretches(result, terminal)) == (verdict, where)
    (name,) = result.names
    for value in (0.05, 0.3, 0.57, 0.58, 0.9, 1.1, 1.99, 2.01, 5):
        inside = result.stable_stretch is not None and any(
            float(i.low.ball) < value < float(i.high.ball) for i in result.stable_stretch.intervals
        )
        assert (result.at(**{name: value}).verdict == "stable") == inside


@pytest.mark.parametrize(
    ("expression", "sign"),
    [
        (3 - 2 * P, 1),
        (1 - P, 0),
        (P - P**2 + A, 1),
        (2 - P - Q, 1),
        (Q - 1, -1),
        (Q**2 - Q, 0),
        (A * (1 - Q) + Q * S, 1),
        (A - P, 0),
        (1 + P**2 - 2 * P, 0),
    ],
)
def test_signs_between_0_and_1(expression, sign):
    assert sign_of_terms(expression, BETWEEN) == sign


def test_what_follows_from_a_shorter_condition_is_found():
    first, second, third = A - S, A + S * A - S, A**2 - S**2 * P
    assert implied([second, first], BETWEEN) == (second,)
    assert implied([first, S - A]) == ()
    assert implied([third, first], BETWEEN) == (third,)
    assert implied([A - 2 * S, 2 * A - S]) == (2 * A - S,)


@pytest.mark.whole
def test_the_condition_that_says_it_all_is_marked():
    text = str(analyse(load(CASES / "viral-latency.toml")()))
    assert text.count("(follows)") == 2
    assert "c*d*m^2 - a*b*q*s0 - b*m*q*s0 > 0\n" in text


def test_long_conditions_are_shown():
    text = str(analyse(load(CASES / "may-model.toml")()))
    said = text[text.index("stable iff") : text.index("verdict")]
    assert "> 0" in said
    assert "characters; --format json" not in said
