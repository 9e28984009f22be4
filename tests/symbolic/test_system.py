"""Rest points of systems whose points are known by how the systems were made."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest
import sympy as sp

from stabcheck import Analysis, Flow
from stabcheck.cli import equilibria as command
from stabcheck.cli import terminal
from stabcheck.core.errors import Undecidable
from stabcheck.declare.games.game import Game
from stabcheck.declare.question import Question
from stabcheck.judge.equilibria import GameWithEquilibrium, all_rest_points
from stabcheck.symbolic import rest
from stabcheck.symbolic.coordinates import Coordinate, reduced
from stabcheck.symbolic.zero import vanishes

X, Y, W = sp.symbols("x y w", real=True)
HALF, THIRD = sp.Rational(1, 2), sp.Rational(1, 3)
CIRCLE = X**2 + Y**2 - 1


def at_rest(field, names, values):
    """The largest entry of the field at floats, in units of its own terms: NumPy alone."""
    call = sp.lambdify(names, list(field), "numpy")
    here = np.array(call(*values), float)
    near = np.array(call(*(np.array(values) + 1e-3)), float)
    return np.abs(here).max() / np.abs(near).max()


# Exponentials that are a factor of a whole entry

GAUSS = sp.exp(-(X**2 + Y**2) / 7)
SHARED = [
    ((GAUSS * (X - 2), GAUSS * (Y + X)), {(2, -2)}),
    ((sp.exp(X * Y) * (X**2 - 4), Y - X), {(2, 2), (-2, -2)}),
    ((sp.exp(X) * (X - 1), sp.exp(-Y) * (Y - THIRD)), {(1, THIRD)}),
    ((sp.exp(X) * X - sp.exp(X + 1) / sp.E, Y * sp.exp(Y)), {(1, 0)}),
    ((X * sp.exp(X + Y) - 3 * sp.exp(X) * sp.exp(Y), (Y**2 - 9) * sp.exp(-(X**2))), {(3, 3), (3, -3)}),
    (((X - 2) / (1 + sp.exp(-X * Y)), (Y + 1) * sp.exp(X) / (1 + sp.exp(X))), {(2, -1)}),
    ((sp.exp(1 / X) * (X**2 - X), Y - 1), {(1, 1)}),
    ((X / (1 + sp.exp(1 / (X - 1))), Y * (X - 1)), {(0, 0)}),
    ((sp.exp(sp.tanh(X)) * (X - 5), Y), {(5, 0)}),
    ((sp.exp(X), Y), set()),
    ((sp.exp(-X * X) * (X**2 + 1), Y), set()),
]


@pytest.mark.parametrize(("field", "points"), SHARED)
def test_what_never_vanishes_is_divided_out(field, points):
    found = rest.rest_points(field, [X, Y])
    assert set(found.points) == points
    assert all(at_rest(field, (X, Y), there) < 1e-12 for there in found.values)


@pytest.mark.parametrize(
    "field", [(sp.exp(X) - 2, Y), (X * sp.exp(X) + Y, Y), (sp.exp(sp.sqrt(X)) * (X + 1), Y),
              (sp.exp(sp.log(2 + X) * Y) * X, Y), (X / (1 - sp.exp(X)), Y)],
)  # fmt: skip
def test_an_exponential_that_is_no_such_factor_is_not(field):
    with pytest.raises(Undecidable, match="is no polynomial"):
        rest.rest_points(field, [X, Y])


def test_what_is_refused_is_shown_from_both_ends():
    with pytest.raises(Undecidable) as refusal:
        rest.rest_points([sp.exp(X) + sum(k * X**k for k in range(8)) + sp.sin(Y), Y], [X, Y])
    assert " ... " in str(refusal.value)
    assert len(str(refusal.value)) < 110


# Isolated points beside continua

SPREAD = [
    ((X * (X - 1) * Y, X * Y * (Y - 2)), {(1, 2)}, {"a line of rest points: (x, y) = (0, y)",
                                                    "a line of rest points: (x, y) = (x, 0)"}),
    ((X * CIRCLE, (Y - 3) * CIRCLE), {(0, 3)}, {"a curve of rest points: x**2 + y**2 - 1 = 0"}),
    ((X * CIRCLE, (Y - 1) * CIRCLE), set(), {"a curve of rest points: x**2 + y**2 - 1 = 0"}),
    (((X**2 - 2) * (Y - X), (Y - X) * (Y + 1)), {(-sp.sqrt(2), -1), (sp.sqrt(2), -1)},
     {"a line of rest points: (x, y) = (y, y)"}),
    ((X * (X**2 + Y**2), Y * (X**2 + Y**2)), {(0, 0)},
     {"a curve of rest points: x**2 + y**2 = 0 (over the complex numbers; few of them may be real)"}),
    (((X - 1) * X / Y, (Y - 2) * X), {(1, 2)}, {"a line of rest points: (x, y) = (0, y)"}),
    ((X * (Y - 1) / X**2, X * (X - 2) / X**2), {(2, 1)}, set()),
]  # fmt: skip


@pytest.mark.parametrize(("field", "points", "texts"), SPREAD)
def test_isolated_points_beside_a_continuum_are_listed_and_it_is_described(field, points, texts):
    found = rest.rest_points(field, [X, Y])
    assert set(found.points) == points
    assert {c.text(["x", "y"]) for c in found.continua} == texts
    assert found.isolated == (not texts)
    for there in found.points:
        assert all(sp.simplify(e.subs({X: there[0], Y: there[1]})) == 0 for e in field)


def test_lines_planes_and_surfaces_in_three_coordinates():
    # (x, y, 0) is a plane of them; (0, 0, 1) is not on it.
    found = rest.rest_points([X * W, Y * W, W * (W - 1)], [X, Y, W])
    assert found.points == ((0, 0, 1),)
    assert [c.text("xyw") for c in found.continua] == ["a plane of rest points: (x, y, w) = (x, y, 0)"]
    bent = rest.rest_points([X * (Y - X**2), (Y - X**2) * (Y - 1), (Y - X**2) * (W - 2)], [X, Y, W])
    assert bent.points == ((0, 1, 2),)
    assert [c.shape for c in bent.continua] == ["a surface"]
    nothing = rest.rest_points([sp.S.Zero * X, X * 0], [X, Y])
    assert nothing.continua[0].points == (X, Y)


def test_a_point_that_factors_alone_do_not_part_from_a_line_is_listed():
    # No member of the basis is a product, yet beside the line x = y = 0 there are points.
    ideal = [X * (W**2 + X - 2) + Y * W, Y * (W**2 - 3) - X * W, X * (W**2 - 7) + Y * (X - 2)]
    found = rest.rest_points(ideal, [X, Y, W])
    assert [c.text("xyw") for c in found.continua] == ["a line of rest points: (x, y, w) = (0, 0, w)"]
    assert found.points
    for there in found.values:
        assert at_rest(ideal, (X, Y, W), there) < 1e-11
        assert max(map(abs, there[:2])) > 1e-3


@pytest.mark.parametrize(("win", "loss", "stable"), [(2, 1, True), (1, 2, False), (3, 2, True)])
def test_replicator_dynamics_have_four_isolated_points_and_three_lines(win, loss, stable):
    gain = [loss * -Y + win * W, win * X - loss * W, win * Y - loss * X]
    mean = sum(s * g for s, g in zip((X, Y, W), gain, strict=True))
    field = [sp.expand(s * (g - mean)) for s, g in zip((X, Y, W), gain, strict=True)]
    found = rest.rest_points(field, [X, Y, W])
    assert (THIRD, THIRD, THIRD) in found.points
    assert sorted(c.text("xyw") for c in found.continua) == [
        "a line of rest points: (x, y, w) = (0, 0, w)",
        "a line of rest points: (x, y, w) = (0, y, 0)",
        "a line of rest points: (x, y, w) = (x, 0, 0)",
    ]
    slope = np.array(sp.Matrix(field).jacobian([X, Y, W]).subs({X: THIRD, Y: THIRD, W: THIRD}), float)
    assert (np.linalg.eigvals(slope).real.max() < 0) == stable
    assert all(at_rest(field, (X, Y, W), there) < 1e-12 for there in found.values)


# Points of high degree are judged in balls, and by what they solve


@dataclass(frozen=True)
class Twisted(Game):
    """`v = (y^3 - 3 y - x, x^3 - 3 x - y - 1)`: of its nine points seven are real, none rational."""

    dims = (1, 1)

    @property
    def variables(self):
        return "x", "y"

    def equilibrium(self, xp, *t):
        raise AssertionError

    def losses(self, xp, *x):
        (p,), (q,) = x
        return p * p / 2 - (q**3 - 3 * q) * p, q * q / 2 + q - (p**3 - 3 * p) * q


@dataclass(frozen=True)
class Damped(Twisted):
    """The same under a factor that never vanishes."""

    def losses(self, xp, *x):
        (p,), (q,) = x
        # v_x = (y^3 - 3 y - x) exp(-x).
        return (q**3 - 3 * q - p - 1) * xp.exp(-p), q * q / 2 + q - (p**3 - 3 * p) * q


@pytest.mark.parametrize("game", [Twisted(), Damped()], ids=["polynomial", "exponential"])
def test_points_of_degree_nine_are_judged(game):
    found = all_rest_points(game, {})
    assert len(found.points) == 7
    assert all(isinstance(c, Coordinate) for point in found.joint for c in point)
    table = command._all(Question(game))
    for (x, y), result in zip(found.values, table.results, strict=True):
        damp = np.exp(-x) if isinstance(game, Damped) else 1
        slope = np.array([[-damp, 3 * (y * y - 1) * damp], [3 * (x * x - 1), -1]])
        assert result.rate == pytest.approx(np.linalg.eigvals(slope).real.max(), rel=1e-12)
        assert abs(y**3 - 3 * y - x) + abs(x**3 - 3 * x - y - 1) < 1e-13
    assert all(r.word in ("stable", "unstable") for r in table.results)


def test_coordinates_of_a_point_know_what_holds_between_them():
    point = all_rest_points(Twisted(), {}).joint[0]
    x, y = point
    h = sp.Symbol("h")
    assert reduced(sp.expand(y**3 - 3 * y - x)) == 0
    assert reduced((x + 3 * y - y**3 + 1) / (x**3 - 3 * x - y + 2)) == THIRD
    assert reduced(h**2 + h * (y**3 - 3 * y - x)) == h**2
    assert reduced(x + y) == x + y
    assert x.is_positive is (float(x) > 0)
    assert x.is_zero is False
    assert x != y
    assert x == all_rest_points(Twisted(), {}).joint[0][0]
    assert abs(y.evalf(40) ** 3 - 3 * y.evalf(40) - x.evalf(40)) < 1e-38


def test_functions_of_the_coordinates_have_names():
    x, y = all_rest_points(Damped(), {}).joint[0]
    g = reduced(sp.exp(-x))
    assert (str(g), g.meaning) == ("g1_rest", "exp(-x_rest)")
    assert reduced((y**3 - 3 * y - x) * sp.exp(-x) + sp.exp(-3 * x)) == g**3
    assert abs(float(g) - np.exp(-float(x))) < 1e-13
    assert reduced(sp.atan(x)) == sp.atan(x)


def test_a_settled_point_of_high_degree_verifies():
    point = all_rest_points(Twisted(), {}).joint[0]
    result = Analysis(GameWithEquilibrium.at(Twisted(), point), Flow())
    assert result.verify().status == "agrees"
    assert result.to_dict()["equilibrium"] == ["x_rest", "y_rest"]
    assert result.to_dict()["equilibrium_in_balls"]["x_rest"].startswith("[-")
    assert r"\bar{x} &\approx" in result.to_latex()
    assert "^{*}" not in result.to_latex()
    assert "x_rest = [-" in str(result)


# Waiting


def test_an_interrupt_keeps_the_points_that_were_judged(monkeypatch, capsys):
    judged = []

    def once(game):
        judged.append(game)
        if len(judged) > 1:
            raise KeyboardInterrupt
        return command.Verdict("stable", "", "stable node", -1.0)

    monkeypatch.setattr(command, "_analysed", once)
    table = command._all(Question(Twisted()))
    assert [r.word for r in table.results] == ["stable", *["not judged"] * 6]
    assert not table.whole
    text = "\n".join(command._text(Question(Twisted()), {}, table))
    assert "not judged" in text
    assert "interrupted" in text
    assert json.dumps(command._data(Question(Twisted()), {}, table))
    assert capsys.readouterr().err == ""


def test_the_share_of_the_work_grows_to_the_whole():
    heard = []
    rest.rest_points([Y**3 - 3 * Y - X, X**3 - 3 * X - Y - 1], [X, Y], heard.append)
    assert heard == sorted(heard)
    assert heard[-1] == 1
    assert len(heard) > 10


def test_a_bar_with_the_time_left_is_shown_on_a_terminal_alone(monkeypatch):
    written = []
    screen = SimpleNamespace(isatty=lambda: True, write=written.append, flush=lambda: None)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(terminal.sys, "stderr", screen)
    with terminal.share("solving") as told:
        told(0.25)
        told(1)
    assert "solving" in "".join(written)
    written.clear()
    monkeypatch.setenv("TERM", "dumb")
    with terminal.share("solving") as told:
        told(1)
    assert "".join(written).strip() in ("", "solving")


def test_the_command_describes_what_is_not_isolated():
    @dataclass(frozen=True)
    class Crossed(Twisted):
        """`v = (x (x - 1) y, x y (y - 2))`."""

        def losses(self, xp, *x):
            (p,), (q,) = x
            return -(p**3 / Fraction(3) - p * p / 2) * q, -p * (q**3 / Fraction(3) - q * q)

    table = command._all(Question(Crossed()))
    lines = list(command._text(Question(Crossed()), {}, table))
    assert lines[1].split() == ["1", "1", "2", "2", "unstable"]
    assert lines[-2:] == [
        "and a line of rest points: (x, y) = (0, y)", "and a line of rest points: (x, y) = (x, 0)",
    ]  # fmt: skip
    assert command._data(Question(Crossed()), {}, table)["continua"] == [line[4:] for line in lines[-2:]]


@pytest.mark.parametrize(("supply", "order"), [(2, 3), (2, 2), (1, 4), (3, 3)])
def test_a_switch_with_a_hill_function_has_the_rest_points_that_numpy_finds(supply, order):
    # x' = s/10 + s x^n/(1 + x^n) - x, over one denominator a polynomial.
    field = sp.Rational(supply, 10) + supply * X**order / (1 + X**order) - X
    top = np.zeros(order + 2)
    top[[0, 1, order, order + 1]] += [-1, supply + supply / 10, -1, supply / 10]
    roots = np.roots(top)
    real = sorted(r.real for r in roots if abs(r.imag) < 1e-9 and abs(1 + r.real**order) > 1e-9)
    found = rest.rest_points([field], [X])
    assert [there[0] for there in found.values] == pytest.approx(real, rel=1e-9)
    for (x,), (value,) in zip(found.joint, found.values, strict=True):
        assert reduced(field.xreplace({X: x})) == 0 or vanishes(field.xreplace({X: x}))
        rate = supply * order * value ** (order - 1) / (1 + value**order) ** 2 - 1
        assert float(field.diff(X).xreplace({X: x})) == pytest.approx(rate, rel=1e-9)
