"""Rest points that no formula gives: balls prove them, and what holds there is decided exactly."""

from __future__ import annotations

from dataclasses import dataclass

import flint
import mpmath
import numpy as np
import pytest
import sympy as sp
from sympy.polys.matrices import DomainMatrix

from stabcheck import OGDA, Analysis, Flow, SimGD
from stabcheck.cli.app import run
from stabcheck.core.stability import DISC, HALF_PLANE
from stabcheck.declare.games.game import Game
from stabcheck.judge.equilibria import GameWithEquilibrium, with_equilibrium_near
from stabcheck.symbolic.coordinates import Coordinate, certainly_regular, reduced
from stabcheck.symbolic.exact import eigenvalues, verdict
from stabcheck.symbolic.rest.certified import certified
from stabcheck.symbolic.rest.letters import Letters, Unwritten
from stabcheck.symbolic.spectrum import Factor
from stabcheck.symbolic.zero import vanishes
from tests.dealt import dealt

X, Y = sp.symbols("x y", real=True)
HALF = sp.S.Half
BUMP = sp.exp(-((X - 1) ** 2) - (Y - 2) ** 2)
SYSTEMS = {
    "log 2": ((sp.exp(X) - 2, Y - X), (0.7, 0.7)),
    "omega": ((X * sp.exp(X) - 1, Y + X), (0.6, -0.6)),
    "omega by log": ((X + sp.log(X), Y - 2 * X), (0.6, 1.1)),
    "dottie": ((sp.cos(X) - X, Y - sp.sin(X)), (0.74, 0.67)),
    "tanh": ((sp.tanh(2 * X) - X, Y - X**2), (0.96, 0.92)),
    "root": ((sp.sqrt(1 + X**2) - sp.exp(Y), X - 2 * Y - 1), (2.5, 0.9)),
    "erf": ((sp.erf(X) - Y, X + Y - 1), (0.5, 0.5)),
    "atan": ((sp.atan(X) * sp.exp(Y) - 1, X - Y), (0.9, 0.9)),
    "bump": ((Y - HALF - (X - 1) * BUMP, HALF - X + (Y - 2) * BUMP), (0.2, 0.4)),
    "powers": ((X ** sp.Rational(4, 3) + sp.exp(Y) - 3, X - Y), (0.8, 0.8)),
}


def independent(field, near):
    """Newton's method in mpmath, at 50 digits."""
    mpmath.mp.dps = 50
    try:
        call = sp.lambdify([X, Y], list(field), "mpmath")
        return [mpmath.mpf(e) for e in mpmath.findroot(call, near)]
    finally:
        mpmath.mp.dps = 15


@pytest.mark.parametrize("name", SYSTEMS)
def test_balls_hold_the_point_that_mpmath_finds(name):
    field, near = SYSTEMS[name]
    wanted = independent(field, near)
    found = certified(field, [X, Y], [float(e) for e in wanted])
    assert found is not None
    for number, value in zip(found, wanted, strict=True):
        with flint.ctx.workprec(200):
            ball = number.enclosure().real
            assert ball.overlaps(flint.arb(mpmath.nstr(value, 45)) + flint.arb(0, "1e-44"))
            assert ball.rad() < 1e-45
        assert abs(number.evalf(40) - sp.Float(mpmath.nstr(value, 40), 40)) < 1e-37
    here = dict(zip((X, Y), found, strict=True))
    assert [reduced(sp.expand(e.xreplace(here))) for e in field] == [0, 0]
    assert all(vanishes(e.xreplace(here)) for e in field)
    assert vanishes(found[0] + sp.Rational(1, 10**30)) is False


@pytest.mark.parametrize(
    ("field", "near"),
    [
        ((sp.exp(X) - 1 - X - X**2 / 2, Y), (1e-9, 0.0)),  # a triple zero
        (((sp.exp(X) - 2) ** 2, Y), (float(sp.log(2)), 0.0)),
        ((sp.exp(X) + 1, Y), (0.0, 0.0)),
        ((sp.log(X), Y), (-1.0, 0.0)),
        ((1 / X, Y), (0.0, 0.0)),
        ((sp.exp(X) - 2, Y), (1.0, 0.0)),  # the zero is elsewhere
        ((sp.exp(X) - sp.Symbol("a"), Y), (0.0, 0.0)),
        ((sp.sign(X) + sp.exp(X), Y), (0.0, 0.0)),
    ],
)
def test_what_balls_do_not_prove_is_not_claimed(field, near):
    assert certified(field, [X, Y], near) is None


def test_relations_between_coordinates_are_found_and_used():
    # (y - 1/2) (y - 3/4) = (x - 1/2) (x - 1/4) follows, and y = 1 - x is the factor that vanishes.
    bump = sp.exp(-((X - HALF / 2) ** 2) - (Y - 3 * HALF / 2) ** 2)
    field = (Y - HALF - 2 * (X - HALF / 2) * bump / 3, HALF - X + 2 * (Y - 3 * HALF / 2) * bump / 3)
    x, y = certified(field, [X, Y], [0.402787770355462, 0.597212229644538])
    assert reduced(x + y) == 1
    assert reduced((x + y) ** 3 * x - x) == 0
    assert vanishes((1 - x) ** 2 - y**2)
    assert vanishes(x - y) is False
    (trace,) = {reduced(sp.expand((field[0].diff(X) + field[1].diff(Y)).xreplace({X: x, Y: y})))}
    assert trace == 0
    h = sp.Symbol("h")
    assert reduced(sp.expand(h**2 * x + h * (x + y - 1))).coeff(h, 1) == 0


def test_rational_coordinates_are_written_as_such():
    found = certified((sp.exp(X) - 2, (2 * Y - 1) * (3 + sp.sin(X * Y))), [X, Y], [0.6931471805599453, 0.5])
    assert isinstance(found[0], Coordinate)
    assert found[1] == HALF


def test_functions_at_the_point_have_names_and_balls():
    field = (sp.exp(X) - 2 - Y, Y**3 - sp.exp(-2 * X))
    x, y = certified(field, [X, Y], [float(e) for e in independent(field, (0.9, 0.5))])
    # exp(x) = 2 + y is no new number, exp(-x) is.
    assert reduced(sp.exp(x) - y) == 2
    name = reduced(sp.exp(-x))
    assert (str(name), name.meaning) == ("g1_rest", "exp(-x_rest)")
    assert reduced(name * (y + 2)) == 1
    assert abs(float(reduced(sp.exp(-x))) - np.exp(-float(x))) < 1e-14


@pytest.mark.parametrize(
    ("expressions", "count"),
    [
        ([sp.exp(X) + sp.exp(2 * X)], 1),
        ([sp.exp(X) * sp.exp(Y) + 1, sp.exp(X + Y) * X], 1),
        ([sp.exp(X / 2) + sp.exp(X / 3)], 1),
        ([sp.exp(X) + sp.exp(Y)], 2),
        ([1 / (1 + sp.exp(-X)), sp.tanh(X / 2)], 1),
        ([sp.sin(X) * sp.cos(X)], 2),
        ([sp.sqrt(X) + X**HALF / 3 + X ** sp.Rational(3, 2)], 1),
        ([X**2 + Y], 0),
    ],
)
def test_as_few_letters_as_there_are_independent_functions(expressions, count):
    letters = Letters.of(expressions, [X, Y])
    assert len(letters.names) == 2 + count
    meant = dict(zip(letters.names, letters.meanings, strict=True))
    for e in expressions:
        top, bottom = (part.as_expr().xreplace(meant) for part in letters.quotient(e))
        assert abs(sp.N((top / bottom - e).subs({X: 0.7, Y: 1.3}))) < 1e-12
    for relation in letters.relations:
        terms = relation.to_dict().items()
        total = sum(int(c) * sp.prod(m ** int(p) for m, p in zip(letters.meanings, powers, strict=True))
                    for powers, c in terms)  # fmt: skip
        assert abs(sp.N(total.subs({X: 0.7, Y: 1.3}))) < 1e-12
    with pytest.raises(Unwritten):
        letters.quotient(sp.atan(X + 7))


def test_a_matrix_at_a_point_is_proved_regular_without_elimination():
    x, y = certified((sp.exp(X) - 2, Y - X), [X, Y], [0.6931471805599453] * 2)
    at = lambda *rows: DomainMatrix.from_Matrix(sp.Matrix(rows))  # noqa: E731
    assert certainly_regular(at([x, 1], [1, y]))
    assert not certainly_regular(at([x, y], [y, x]))
    # With symbols: for some of their values, or for none.
    h = sp.Symbol("h")
    assert certainly_regular(at([x, 1], [h, 3]))
    assert not certainly_regular(at([x, x * h], [1, h]))
    assert certainly_regular(at([2, 1], [1, 3]))
    assert not certainly_regular(at([2, 1], [6, 3]))


# Eigenvalues in balls


@pytest.mark.parametrize(
    ("coefficients", "discrete", "places"),
    [
        ((1, 0, sp.sqrt(2)), False, ["boundary"] * 2),
        ((1, 0, sp.sqrt(2), 0), False, ["boundary"] * 3),
        ((1, 0, sp.sqrt(5), 0, 1), False, ["boundary"] * 4),
        ((1, 0, -sp.sqrt(2)), False, ["inside", "outside"]),
        ((1, 0, 1, 0, sp.sqrt(2)), False, ["inside", "inside", "outside", "outside"]),
        ((1, sp.sqrt(2), 0), False, ["boundary", "inside"]),
        ((1, -sp.sqrt(2) / 3, 1), True, ["boundary"] * 2),
        ((1, -sp.sqrt(7), 1), True, ["inside", "outside"]),
        ((1, -sp.sqrt(2) / 3, 0), True, ["inside", "inside"]),
        ((1, sp.sqrt(2) - 1, 1 - sp.sqrt(2), -1), True, ["boundary"] * 3),
    ],
)
def test_mirror_images_place_eigenvalues_on_the_boundary_exactly(coefficients, discrete, places):
    found = eigenvalues(
        [Factor(tuple(map(sp.sympify, coefficients)), 1)], region=DISC if discrete else HALF_PLANE
    )
    assert sorted(e.place for e in found) == places
    roots = np.roots([float(c) for c in coefficients])
    assert sorted(e.value.real for e in found) == pytest.approx(sorted(roots.real), abs=1e-7)
    assert verdict(found) == (
        "unstable" if "outside" in places else "neutral" if "boundary" in places else "stable"
    )


# Games


@dataclass(frozen=True)
class Humped(Game):
    """`L = (x - 1/3) (y - 1/3) + exp(-x^2 - y^2)/5`, zero-sum: rests at `x = y`, near 0.4536."""

    dims = (1, 1)

    @property
    def variables(self):
        return "x", "y"

    def equilibrium(self, xp, *t):
        raise AssertionError

    def losses(self, xp, *x):
        (p,), (q,) = x
        loss = (3 * p - 1) * (3 * q - 1) / 9 + xp.exp(-p * p - q * q) / 5
        return loss, -loss


def test_a_game_at_a_proved_point_has_jacobian_eigenvalues_and_verdict():
    there = with_equilibrium_near(Humped(), {}, (0.4, 0.4))
    assert all(isinstance(e.exact, Coordinate) for e in there.point)
    x, y = (float(e) for e in there.point)
    bump = np.exp(-x * x - y * y) / 5
    assert abs(y - 1 / 3 - 2 * x * bump) + abs(x - 1 / 3 - 2 * y * bump) < 1e-14
    bend = np.array(
        [[(4 * x * x - 2) * bump, 1 + 4 * x * y * bump], [1 + 4 * x * y * bump, (4 * y * y - 2) * bump]]
    )
    slope = np.diag([-1.0, 1.0]) @ bend
    flow = Analysis(there, Flow())
    wanted = np.linalg.eigvals(slope)
    assert sorted(e.value.imag for e in flow.eigenvalues) == pytest.approx(sorted(wanted.imag), rel=1e-12)
    # x = y, proved: so the trace is 0.
    assert flow.jacobian.trace().equals(0) or reduced(sp.expand(flow.jacobian.trace())) == 0
    assert flow.verdict == "neutral"
    assert Analysis(there, SimGD("h")).verdict == "unstable"
    optimistic = Analysis(there, OGDA("h")).at(h="1/2")
    assert optimistic.verdict == "stable"
    assert optimistic.verify().status == "agrees"
    shown = str(flow)
    assert "x_rest = [" in shown


def test_a_point_that_only_balls_hold_does_not_pass_for_another():
    there = with_equilibrium_near(Humped(), {}, (0.4, 0.4))
    wrong = GameWithEquilibrium.at(Humped(), (there.point[0].exact, sp.Rational(1, 3)))
    with pytest.raises(Exception, match="the declared equilibrium is none"):
        Analysis(wrong, Flow()).checked()


# From a file that gives a start alone, wherever a declared equilibrium would do

FILE = """
name = "tipped"
[players.x]
loss = "x^2/2 - exp(-x*y) + x*y"
[players.y]
loss = "(y - 1)^2/2 - a*x*y"
[hyperparameters]
a = ">0"
[start]
x = 0.1
y = 1
"""


@pytest.mark.parametrize(
    ("line", "text"),
    dealt(
        [
            ("eigen --no-verify", "stable"),
            ("eigen --no-verify --format json", '"equilibrium_in_balls"'),
            ("eigen --no-verify --format markdown", "x_rest"),
            ("derive", "x_rest ≈"),
            ("compare --methods simgd,ogda --h 1/5", "simgd"),
            ("latex", r"\bar{x}"),
            ("latex --proof", r"\bar{x}"),
            ("plot spectrum --method simgd --h 1/5 --out {}", "wrote"),
            ("plot trajectory --steps 3 --out {}", "wrote"),
            ("plot locus --method simgd --over h --out {}", "wrote"),
        ],
        3,
    ),
)
def test_a_start_in_a_file_is_enough_for_every_command(line, text, tmp_path, capsys):
    path = tmp_path / "tipped.toml"
    path.write_text(FILE)
    words = [word.format(tmp_path / "out.svg") for word in line.split()]
    assert run([*words, "--game", str(path), "--a", "1/2"]) == 0
    streams = capsys.readouterr()
    assert text in streams.out + streams.err
