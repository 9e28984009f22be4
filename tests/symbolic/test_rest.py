"""Rest points: all of a polynomial field, one by Newton's method, and games that rest there."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from stabcheck import Analysis, Consensus, Extragradient, Flow, Quadratic, SimGD
from stabcheck.cli import equilibria as command
from stabcheck.core.errors import BadInput, Undecidable
from stabcheck.core.hyper import REAL, hyper
from stabcheck.declare.games.game import Game
from stabcheck.declare.question import Question
from stabcheck.judge.equilibria import GameWithEquilibrium, all_rest_points, confirm, with_equilibrium_near
from stabcheck.numeric.rest import newton
from stabcheck.symbolic.coordinates import reduced
from stabcheck.symbolic.rest import RestPoints, exact_near, rest_points
from stabcheck.symbolic.rest.algebra import algebra_of
from stabcheck.symbolic.rest.system import System
from stabcheck.symbolic.update import model_of
from tests.dealt import dealt

X, Y, W = sp.symbols("x y w", real=True)
SQRT2 = sp.sqrt(2)


@dataclass(frozen=True)
class Well(Game):
    """`v = (a x - x^3 - y, x - y)`: rests at 0 and, for `a > 1`, at `x = y = ±sqrt(a - 1)`.

    It declares no equilibrium.
    """

    a: Any = hyper("a", domain=REAL, help="depth of the well")
    dims = (1, 1)

    @property
    def variables(self):
        return "x", "y"

    def equilibrium(self, xp, *t):
        raise AssertionError

    def losses(self, xp, *x):
        (p,), (q,) = x
        return p**4 / 4 - self.a * p * p / 2 + p * q, q * q / 2 - p * q


@dataclass(frozen=True)
class Cubic(Well):
    """Rests where `x^3 = x + 1` and `y = x^2`, and there alone."""

    def losses(self, xp, *x):
        (p,), (q,) = x
        return p**4 / 4 - self.a * p * p / 2 - p, (q - p * p) ** 2 / 2


@dataclass(frozen=True)
class Ratio(Well):
    """A rational field that rests at `x = y = ±sqrt(2)`."""

    def losses(self, xp, *x):
        (p,), (q,) = x
        return (p - self.a) ** 2 / (1 + p * p), (q - p) ** 2 / 2


@dataclass(frozen=True)
class Fading(Well):
    """`v = (exp(-x), -y)`: falls for ever and rests nowhere."""

    def losses(self, xp, *x):
        (p,), (q,) = x
        return xp.exp(-p) + 0 * self.a, q * q / 2


@dataclass(frozen=True)
class Exponential(Well):
    """No polynomial; rests at `x = 1/3`, `y = a x`."""

    def losses(self, xp, *x):
        (p,), (q,) = x
        return xp.exp(3 * p - 1) - 3 * p, (q - self.a * p) ** 2 / 2


def dense(rng, names, degree):
    """A polynomial with a term for every monomial."""
    powers = sp.itermonomials(names, degree)
    return sum(rng.choice([-3, -2, -1, 1, 2, 3]) * m for m in sorted(powers, key=str))


def numeric_roots(field, names, rng, starts=300):
    """Real roots by plain Newton steps from many starts at once, with NumPy alone."""
    n = len(names)
    rows = [*field, *sp.Matrix(field).jacobian(names)]
    terms = [[(float(c), m) for m, c in sp.Poly(e, *names).terms()] for e in rows]

    def at(x):
        values = np.stack([sum(c * np.prod(x**m, axis=1) for c, m in row) for row in terms], axis=1)
        return values[:, :n], values[:, n:].reshape(-1, n, n)

    x = rng.normal(size=(starts, n)) * 2
    for _ in range(60):
        v, slope = at(x)
        good = np.abs(np.linalg.det(slope)) > 1e-9
        x = x[good] - np.linalg.solve(slope[good], v[good][:, :, None])[:, :, 0]
        x = x[np.abs(x).max(axis=1) < 1e4]
    v, _ = at(x)
    return x[np.abs(v).max(axis=1) < 1e-9]


def vanishes(field, names, point):
    there = dict(zip(names, point, strict=True))
    return all(reduced(sp.expand(sp.sympify(e).xreplace(there))) == 0 for e in field)


# All rest points


@pytest.mark.parametrize("seed", dealt(range(6), 3))
@pytest.mark.parametrize(("n", "degree"), [(2, 3), (3, 2)])
def test_planted_roots_are_found_and_newton_finds_no_other(n, degree, seed):
    rng = random.Random(100 * n + seed)
    names = (X, Y, W)[:n]
    planted = [tuple(sp.Rational(rng.randint(-6, 6), rng.randint(1, 4)) for _ in names) for _ in range(2)]
    field = []
    for _ in names:
        # A random polynomial, less the plane through its values at the planted points.
        body, (a, b) = dense(rng, names, degree), planted
        at = [body.xreplace(dict(zip(names, p, strict=True))) for p in planted]
        k = next(k for k in range(n) if a[k] != b[k])
        field.append(body - at[0] - (at[1] - at[0]) * (names[k] - a[k]) / (b[k] - a[k]))
    found = rest_points(field, names)
    assert found.isolated
    assert set(planted) <= set(found.points)
    assert all(vanishes(field, names, point) for point in found.joint)
    assert len(set(found.points)) == len(found.points) <= degree**n
    exact = np.array(found.values)
    roots = numeric_roots(field, names, np.random.default_rng(seed))
    assert len(roots) > 20
    for root in roots:
        assert np.abs(exact - root).max(axis=1).min() < 1e-6 * (1 + np.abs(root).max())


@pytest.mark.parametrize("seed", range(5))
def test_as_many_real_points_as_the_signature_of_the_hermite_form_says(seed):
    rng = random.Random(seed)
    names = (X, Y)
    field = [dense(rng, names, 3), dense(rng, names, 4)]
    algebra = algebra_of(System.of(field, names).ideal)
    assert algebra is not None
    entries = [float(Fraction(int(e.p), int(e.q))) for e in algebra.hermite.entries()]
    n = len(algebra.monomials)
    assert n == 12
    scale = np.sqrt(np.abs(np.diag(np.reshape(entries, (n, n)))))
    eigenvalues = np.linalg.eigvalsh(np.reshape(entries, (n, n)) / np.outer(scale, scale))
    assert np.abs(eigenvalues).min() > 1e-12
    assert len(rest_points(field, names).points) == np.sign(eigenvalues).sum()


def test_square_roots_are_written_as_such_and_sorted():
    found = rest_points([X**2 - 2, Y**2 - 3], [X, Y])
    a, b = SQRT2, sp.sqrt(3)
    assert found.points == ((-a, -b), (-a, b), (a, -b), (a, b))
    assert found.values[1] == (-float(a), float(b))
    golden = rest_points([X**2 - X - 1, Y - 2 * X], [X, Y])
    half = sp.sqrt(5) / 2
    assert golden.points == ((sp.S.Half - half, 1 - 2 * half), (sp.S.Half + half, 1 + 2 * half))


def test_roots_of_higher_degree_are_the_real_ones_in_order():
    t = sp.Symbol("t")
    found = rest_points([X**3 - 3 * X + 1, Y - X**2], [X, Y])
    assert len(found.points) == 3
    for (x, y), index in zip(found.points, range(3), strict=True):
        assert isinstance(x, sp.CRootOf)
        plain = sp.CRootOf(t**3 - 3 * t + 1, index)
        assert abs(sp.N(x, 30) - sp.N(plain, 30)) < 1e-28
        assert abs(sp.N(y, 30) - sp.N(plain, 30) ** 2) < 1e-28
    assert rest_points([X**3 - X - 1, Y**2 - 2], [X, Y]).points[0][1] == -SQRT2


def test_multiple_solutions_are_found_once():
    found = rest_points([(X - 1) ** 2 * (X + 2), (Y - X) ** 3], [X, Y])
    assert found.points == ((-2, -2), (1, 1))
    both = rest_points([(X**2 - 2) ** 2, (Y**2 - X) ** 2], [X, Y])
    assert len(both.points) == 2


@pytest.mark.parametrize("field", [(Y * X, X * (Y - 1)), (X * (X + Y), Y * (X + Y)), (X * X - Y * Y, X + Y),
                                   (sp.S.Zero, Y), (X + Y, 2 * X + 2 * Y)])  # fmt: skip
def test_a_continuum_is_said_and_nothing_is_listed(field):
    found = rest_points(field, [X, Y])
    assert not found.isolated
    assert found.points == ()
    assert "not isolated" in found.reason


@pytest.mark.parametrize("field", [(X**2 + 1, Y), (X * Y - 1, X * Y - 2), (sp.S.One, Y), (X + Y, X + Y + 1)])
def test_no_rest_point_is_a_complete_answer(field):
    assert rest_points(field, [X, Y]) == RestPoints(())


def test_points_where_a_denominator_vanishes_are_none():
    assert rest_points([(X**2 - 1) / (X - 1), Y], [X, Y]).points == ((-1, 0),)
    assert rest_points([X / (X - Y), (X - 1) * (X - Y)], [X, Y]).points == ()
    assert rest_points([X**2 / (1 + Y**2) - 1, Y / (X - 1)], [X, Y]).points == ((-1, 0),)
    # At x = 0 the numerators vanish on a line, but there the field has a pole.
    line = rest_points([X * (Y - 1) / X**2, X * (X - 2) / X**2], [X, Y])
    assert line.points == ((2, 1),)
    folded = sp.Mul(X, Y - X, sp.Pow(X - Y, -2, evaluate=False), evaluate=False)
    assert rest_points([folded, (Y - 3) * (X - Y) ** 2], [X, Y]).points == ((0, 3),)


def test_linear_fields_of_any_size_are_solved_exactly():
    rng, n = random.Random(3), 24
    names = sp.symbols(f"x:{n}", real=True)
    wanted = [sp.Rational(rng.randint(-9, 9), rng.randint(1, 9)) for _ in names]
    field = []
    for _ in names:
        row = [rng.randint(-5, 5) for _ in names]
        field.append(sum(a * (s - w) for a, s, w in zip(row, names, wanted, strict=True)))
    assert rest_points(field, names).points == (tuple(wanted),)


@pytest.mark.parametrize(
    ("field", "names", "text"),
    [
        ((sp.exp(X) - 2, Y), (X, Y), "is no polynomial; give a start"),
        ((sp.sqrt(X), Y), (X, Y), "is no polynomial"),
        ((sp.Abs(X) - 1, Y), (X, Y), "is no polynomial"),
        ((SQRT2 * X**2 - 1, Y), (X, Y), "not rational"),
        ((X**9 - 1, Y), (X, Y), "degree 8"),
        ((X**5000 - 1, Y), (X, Y), "degree 8"),
        (((X * Y) ** 4 * X - 1, Y), (X, Y), "up to 8 as degree, not 9"),
        (sp.symbols("x:7", real=True)[::-1], sp.symbols("x:7", real=True), None),
        (
            tuple(s**2 - 1 for s in sp.symbols("x:7", real=True)),
            sp.symbols("x:7", real=True),
            "6 coordinates",
        ),
        ((X**6 - Y, Y**6 - W, W**2 - X), (X, Y, W), "64 as product"),
    ],
)
def test_what_is_too_large_or_no_polynomial_is_refused_at_once(field, names, text):
    if text is None:
        assert rest_points(field, names).points == ((0,) * 7,)
        return
    with pytest.raises(Undecidable, match=text):
        rest_points(field, names)


def test_a_dense_system_that_would_take_minutes_is_given_up():
    rng = random.Random(0)
    names = sp.symbols("x:6", real=True)
    with pytest.raises(Undecidable, match="grow too large"):
        rest_points([dense(rng, names, 2) for _ in names], names)


def test_an_open_name_is_bad_input():
    with pytest.raises(BadInput, match="give values for a"):
        rest_points([sp.Symbol("a") * X, Y], [X, Y])


@given(st.lists(st.fractions(-8, 8, max_denominator=6), min_size=1, max_size=4, unique=True),
       st.lists(st.fractions(-8, 8, max_denominator=6), min_size=1, max_size=2, unique=True))  # fmt: skip
def test_grids_are_found_through_a_change_of_coordinates(rows, columns):
    rationals = [[sp.Rational(q.numerator, q.denominator) for q in side] for side in (rows, columns)]
    u, w = X + 2 * Y, 3 * X - Y
    field = [sp.prod(u - a for a in rationals[0]), sp.prod(w - b for b in rationals[1])]
    wanted = {((a + 2 * b) / 7, (3 * a - b) / 7) for a in rationals[0] for b in rationals[1]}
    assert set(rest_points(field, [X, Y]).points) == wanted


# Newton's method


def test_newton_converges_to_rounding_on_general_functions():
    found = newton(Exponential("a"), {"a": 2}, [1.0, 1.0])
    assert found.dtype == np.float64
    assert np.abs(found - [1 / 3, 2 / 3]).max() < 1e-14


def test_newton_reaches_a_multiple_root():
    # x = y and x^3 = 0.
    found = newton(Well("a"), {"a": 1}, [0.5, -0.2])
    assert np.abs(found).max() < 1e-5


def test_newton_is_damped():
    # v = -tanh(x): full steps from beyond 1.09 leap ever farther.
    @dataclass(frozen=True)
    class Steep(Well):
        def losses(self, xp, *x):
            (p,), (q,) = x
            return xp.softplus(2 * p) - p + 0 * self.a, q * q / 2

    assert np.abs(newton(Steep(0), {}, [2.0, 1.0])).max() < 1e-12


def test_newton_says_where_it_ended_and_how_large_the_field_is():
    with pytest.raises(Undecidable, match=r"at \(\d+\.?\d*, 0\) the largest \|v\| is"):
        newton(Fading(0), {}, [1.0, 1.0])
    with pytest.raises(BadInput, match="2: x, y"):
        newton(Fading(0), {}, [1.0])
    with pytest.raises(BadInput, match="a has no value"):
        newton(Well("a"), {}, [1.0, 1.0])


@dataclass(frozen=True)
class Rootless(Well):
    """`v = (-1 - x^2, -y)`: `|v|` has a least value, and it is not 0."""

    def losses(self, xp, *x):
        (p,), (q,) = x
        return p + p**3 / 3 + 0 * self.a, q * q / 2


@pytest.mark.parametrize("start", [[0.0, 0.0], [0.7, 0.0], [-3.0, 1.0]])
def test_newton_takes_no_least_value_of_the_field_for_a_root(start):
    with pytest.raises(Undecidable, match="ends at no rest point"):
        newton(Rootless(0), {}, start)


def test_newton_and_the_exact_points_agree():
    found = all_rest_points(Well("a"), {"a": 4})
    assert [tuple(map(str, p)) for p in found.points] == [
        ("-sqrt(3)", "-sqrt(3)"), ("0", "0"), ("sqrt(3)", "sqrt(3)"),
    ]  # fmt: skip
    for start, index in (([-2, -1], 0), ([0.1, 0], 1), ([2, 1], 2)):
        assert np.abs(newton(Well(4), {}, start) - found.values[index]).max() < 1e-14


# Exact points near floats


def test_exact_near_accepts_only_what_vanishes():
    model = model_of(GameWithEquilibrium(Well(5), (Fraction(0), Fraction(0))))
    assert exact_near(model, {}, [2 + 1e-9, 2 - 1e-9]) == (2, 2)
    assert exact_near(model, {}, [2.1, 2.1]) is None
    assert exact_near(model, {}, [0.3, 0.3]) is None
    fourth = model_of(GameWithEquilibrium(Well("1.0000000001"), (Fraction(0), Fraction(0))))
    # x = 1e-5 is within the tolerance of 0, too, and both rest.
    assert exact_near(fourth, {}, [1e-5, 1e-5]) == (sp.Rational(1, 10**5),) * 2


def test_exact_near_takes_values_by_name_and_finds_irrational_points():
    model = model_of(GameWithEquilibrium(Well("a"), (Fraction(0), Fraction(0))))
    assert exact_near(model, {"a": sp.Integer(3)}, [1.41421356, 1.41421356]) == (SQRT2, SQRT2)
    transcendental = model_of(GameWithEquilibrium(Exponential(sp.Integer(2)), (Fraction(0), Fraction(0))))
    assert exact_near(transcendental, {}, [1 / 3, 2 / 3]) == (sp.Rational(1, 3), sp.Rational(2, 3))
    assert exact_near(transcendental, {}, [0.5, 1.0]) is None


# Games that rest where they were found to


@pytest.mark.parametrize(
    ("game", "values", "start", "point"),
    [
        (Well("a"), {"a": "13/4"}, (1.4, 1.6), (1.5, 1.5)),
        (Well("a"), {"a": 3}, (1.5, 1.2), (2**0.5, 2**0.5)),
        (Cubic(1), {}, (1.2, 1.5), (1.324717957244746, 1.754877666246693)),
        (Exponential("a"), {"a": 2}, (1, 1), (1 / 3, 2 / 3)),
    ],
)
@pytest.mark.parametrize("operator", dealt([Flow(), SimGD("h"), Extragradient("h")], 3), ids=lambda o: o.name)
def test_settled_games_verify(game, values, start, point, operator):
    there = with_equilibrium_near(game, values, start)
    assert [float(e) for e in there.point] == pytest.approx(point, abs=1e-15)
    result = Analysis(there, operator)
    result = result.at(h="1/10") if operator.discrete else result
    check = result.verify()
    assert check.status == "agrees"
    assert check.witnesses == ("symbolic", "numeric")
    v = newton(game, {k: float(Fraction(e)) for k, e in values.items()}, start)
    assert np.abs(v - point).max() < 1e-12
    assert result.verdict == "stable"


def test_a_settled_game_keeps_everything_else():
    there = with_equilibrium_near(Well("a"), {"a": 5}, (1.5, 1.2))
    assert (there.names, there.players, there.dims, there.label) == (("x", "y"), ("1", "2"), (1, 1), "Well")
    assert there.point == (Fraction(2), Fraction(2))
    jacobian = Analysis(there, Flow()).jacobian
    assert jacobian == sp.Matrix([[5 - 12, -1], [1, -1]])
    # A penalty that keeps rest points is added as to any game.
    assert Analysis(there + Consensus("gamma"), SimGD("h")).at(gamma=1, h="1/100").verify().status == "agrees"


def test_settled_refuses_what_neither_formula_nor_ball_holds():
    class Touching(Exponential):
        """`v_x = -(exp(x) - 2)^2`: at log(2) its slope vanishes, too."""

        def losses(self, xp, *x):
            (p,), (q,) = x
            return xp.exp(2 * p) / 2 - 4 * xp.exp(p) + 4 * p + 0 * self.a, q * q / 2

    with pytest.raises(Undecidable, match=r"x = 0\.69314\d+, y = .*no exact form.*balls do not prove"):
        with_equilibrium_near(Touching(0), {}, (1, 1))
    with pytest.raises(BadInput, match="give a value for a"):
        with_equilibrium_near(Well("a"), {}, (1, 1))
    with pytest.raises(BadInput, match="not the symbol 'b'"):
        with_equilibrium_near(Well("a"), {"a": "b"}, (1, 1))


def test_the_declared_equilibrium_is_not_asked_for():
    found = with_equilibrium_near(Quadratic("a", "b", "d"), {"a": 1, "b": 2, "d": 1}, (3, -1))
    assert found.point == (0, 0)


# The command


def test_command_lists_points_with_the_verdict_of_the_flow(cli):
    code, out, err = cli("equilibria --game quadratic --a 1 --b 2 --d 1")
    assert (code, err) == (0, "")
    assert out.splitlines()[:2] == ["   x  y  abscissa  verdict", "1  0  0        -1   stable"]
    assert "stable focus" in out
    data = json.loads(cli("equilibria --game quadratic --a -1 --b 2 --d 1 --format json")[1])
    (point,) = data["points"]
    assert (data["isolated"], data["coordinates"], data["hyperparameters"]["a"]) == (True, ["x", "y"], "-1")
    assert (point["exact"], point["value"], point["verdict"]) == (["0", "0"], [0.0, 0.0], "neutral")


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("equilibria --game quadratic --a 1", "give --b VALUE --d VALUE"),
        ("equilibria --loss gan --x0 1", "is no polynomial; give a start"),
        ("equilibria --game quadratic --a 1 --b 2 --d 1 --start x=1", "no value for y"),
        ("equilibria --game quadratic --a 1 --b 2 --d 1 --start x=1,z=2", "unknown coordinate 'z'"),
        ("equilibria --game quadratic --a 1 --b 2 --d 1 --start x=1,x=2", "two values are given for x"),
        ("equilibria --game quadratic --a 1 --b 2 --d 1 --start x", "'x' is not a number"),
        ("equilibria --game quadratic --a 1 --b 2 --d 1 --start x=a,y=0", "'a' is not a number"),
        ("equilibria --game quadratic --a 1 --b 2 --d 1 --format yaml", "unknown format"),
    ],
)
def test_command_refuses_in_one_line(cli, line, text):
    code, out, err = cli(line)
    assert (code, out) == (2, "")
    assert text in err
    assert err.count("\n") == 1


def test_command_says_that_points_are_not_isolated_and_lists_those_that_are(cli):
    code, out, _ = cli("equilibria --loss lsgan")
    assert code == 0
    assert out.splitlines()[1].split() == ["1", "0", "0", "0", "neutral"]
    assert out.splitlines()[-1] == "and a curve of rest points: psi*theta - 1 = 0"


def test_command_searches_from_a_start(cli):
    code, out, _ = cli("equilibria --loss wgan --reg gp --gamma 1 --start theta=1,psi=1/2")
    assert code == 0
    assert out.splitlines()[1].split() == ["1", "0", "0", "-0.5", "stable"]


def test_table_shows_the_pitchfork():
    asked = Question(Well("a"), values={"a": 3})
    lines = list(command._text(asked, {"a": "3"}, command._all(asked)))
    # v' = [[3 - 3 x^2, -1], [1, -1]].
    side, middle = (np.linalg.eigvals([[3.0 - 3 * x2, -1], [1, -1]]).real.max() for x2 in (2, 0))
    assert side == pytest.approx(-2, abs=1e-6)
    assert [line.split() for line in lines[:4]] == [
        ["x", "y", "abscissa", "verdict"],
        ["1", "-sqrt(2)", "-sqrt(2)", "-2", "stable"],
        ["2", "0", "0", f"{middle:.6g}", "unstable"],
        ["3", "sqrt(2)", "sqrt(2)", "-2", "stable"],
    ]
    assert "a = 3" in " ".join(lines)


def test_table_fits_80_columns_and_names_long_numbers():
    @dataclass(frozen=True)
    class Many(Game):
        dims: Any = (6,)

        def equilibrium(self, xp, *t):
            raise AssertionError

        def losses(self, xp, *x):
            (p,) = x
            quartic = sum(p[k] ** 4 / 4 + p[k] ** 2 / 2 - p[k] * (7 + k) for k in range(2))
            return (quartic + sum(p[k] * p[k] for k in range(2, 6)),)

    asked = Question(Many())
    lines = list(command._text(asked, {}, command._all(asked)))
    assert max(map(len, lines)) <= 80
    text = " ".join(" ".join(lines).split())
    assert "1.7392039" in text
    assert "root of t^3 + t - 7 near 1.739203861" in text
    assert "stable node" in text


def test_rational_fields_are_solved_and_their_rest_points_confirmed():
    # v_x = -2 (x - a)(1 + a x)/(1 + x^2)^2
    found = all_rest_points(Ratio("a"), {"a": "1/2"})
    assert found.points == ((-2, -2), (sp.S.Half, sp.S.Half))
    there = with_equilibrium_near(Ratio("a"), {"a": "1/2"}, (0.4, 0.6))
    assert there.point == (Fraction(1, 2), Fraction(1, 2))

    class Even(Ratio):
        def losses(self, xp, *x):
            (p,), (q,) = x
            return (p - self.a) / (2 + p * p), (q - p) ** 2 / 2

    asked = Question(Even("a"), values={"a": 0})
    table = command._all(asked)
    assert table.points == (("-sqrt(2)", "-sqrt(2)"), ("sqrt(2)", "sqrt(2)"))
    assert [result.word for result in table.results] == ["stable", "unstable"]

    class Uneven(Ratio):
        def losses(self, xp, *x):
            (p,), (q,) = x
            return (p - self.a) / (2 + p + p * p), (q - p) ** 2 / 2

    table = command._all(Question(Uneven("a"), values={"a": 0}))
    assert table.points == (("-sqrt(2)", "-sqrt(2)"), ("sqrt(2)", "sqrt(2)"))
    # v_x' = 2 p/(2 + p + p^2)^2 there.
    assert [result.word for result in table.results] == ["stable", "unstable"]
    there = with_equilibrium_near(Uneven("a"), {"a": 0}, (1.4, 1.4))
    assert [float(e) for e in there.point] == [2**0.5] * 2
    with pytest.raises(Undecidable, match=r"near x = 1\.414213562, y = 1\.5 is not confirmed exactly"):
        confirm(GameWithEquilibrium.at(there.game, (there.point[0].exact, sp.Rational(3, 2))))


def test_the_command_imports_no_jax_without_a_start():
    line = ["equilibria", "--game", "quadratic", "--a", "1", "--b", "2", "--d", "1"]
    code = f"import sys, stabcheck.cli.app as app\napp.run({line})\nprint('jax' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False"
