"""Steps, adjusted fields and other conventions typed by hand, held against what the losses give."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import jax
import numpy as np
import pytest

from stabcheck import R1, Dirac, analyse, load_game
from stabcheck.cli.app import run
from stabcheck.core.errors import BadInput, Undecidable
from stabcheck.declare import registry
from stabcheck.declare.combination import Combination, assemble
from stabcheck.declare.methods.altgd import AltGD
from stabcheck.declare.methods.extragradient import Extragradient
from stabcheck.declare.methods.implicit import Implicit
from stabcheck.declare.methods.momentum import HeavyBall
from stabcheck.declare.methods.runge_kutta import RK4
from stabcheck.declare.methods.sga import SGA
from stabcheck.declare.methods.simgd import SimGD
from stabcheck.verify.audit import Typed, audit, audit_formulas
from stabcheck.verify.audit.case import Case
from stabcheck.verify.audit.convention import Converted, Remembered, changes
from stabcheck.verify.audit.loading import TOGETHER, Field
from stabcheck.verify.audit.reference import gaps
from tests.games import RandomGame

LSGAN = Dirac("lsgan") + R1("gamma")


def v(a, b, gamma):
    """The field of `lsgan` with R1, by hand."""
    return -b * (1 - a * b), a * (1 - a * b) - gamma * b


def check(function, operator=None, game=LSGAN, **values):
    return audit(game, Typed("mine", function), values, operator=operator)


def ratios(computed):
    return {(t.component, str(t.monomial)): t.ratio for t in computed.taylor.terms}


# Steps


def simgd(a, b, gamma, h):
    va, vb = v(a, b, gamma)
    return a + h * va, b + h * vb


def altgd(a, b, gamma, h):
    a = a + h * v(a, b, gamma)[0]
    return a, b + h * v(a, b, gamma)[1]


def extragradient(a, b, gamma, h, back=1):
    va, vb = v(a + h * v(a, b, gamma)[0], b + back * h * v(a, b, gamma)[1], gamma)
    return a + h * va, b + h * vb


def heavy_ball(a, b, last_a, last_b, gamma, h, beta):
    va, vb = v(a, b, gamma)
    return a + h * va + beta * (a - last_a), b + h * vb + beta * (b - last_b), a, b


def rk4(a, b, gamma, h):
    x, field = np.array([a, b]), lambda x: np.array(v(*x, gamma))
    one = field(x)
    two = field(x + h / 2 * one)
    three = field(x + h / 2 * two)
    return x + h / 6 * (one + 2 * two + 2 * three + field(x + h * three))


@pytest.mark.parametrize(
    ("function", "operator"),
    [
        (simgd, SimGD("h")),
        (altgd, AltGD("h")),
        (extragradient, Extragradient("h")),
        (heavy_ball, HeavyBall("h", "beta")),
        (rk4, RK4("h")),
    ],
)
def test_right_steps_agree(function, operator):
    result = check(function, operator)
    assert (result.status, result.kind) == ("agrees", "step")
    assert result.taylor.resolved >= 2


def test_a_step_is_that_of_the_method_named():
    result = check(simgd, AltGD("h"), gamma=1, h="1/2")
    # By hand: psi+ of altgd has the new theta, theta - h psi.
    assert result.status == "departs"
    assert ratios(result) == {("psi+", "psi"): Fraction(1, 2) / Fraction(1, 4)}
    assert result.taylor.spectra is not None


def test_what_stands_inside_a_step_is_found():
    result = check(lambda a, b, gamma, h: extragradient(a, b, gamma, h, back=0), Extragradient("h"))
    assert result.taylor.degree == 1
    assert {t.component for t in result.taylor.terms} == {"theta+", "psi+"}
    assert "Jacobian at the equilibrium differs" in result.consequence


def test_memory_is_taken_and_returned():
    def forgets(a, b, last_a, last_b, gamma, h, beta):
        return (*heavy_ball(a, b, last_a, last_b, gamma, h, beta)[:2], a, last_b)

    result = check(forgets, HeavyBall("h", "beta"))
    assert [d.component for d in result.departures] == ["last_psi+"]
    with pytest.raises(BadInput, match=r"those of a step are \(theta, psi, last_theta, last_psi\)"):
        check(lambda a, b, gamma=1: (a, b), HeavyBall(1, Fraction(1, 2)))
    with pytest.raises(BadInput, match="return one each for theta, psi, last_theta, last_psi"):
        check(lambda *x, gamma, h, beta: x[:2], HeavyBall("h", "beta"))


def test_a_step_that_moves_the_equilibrium():
    result = check(lambda a, b, gamma, h: (a + h, b), SimGD("h"))
    assert result.consequence == "your step moves the equilibrium: there it is no rest point of yours"


def test_an_implicit_step_is_held_to_numbers():
    def step(a, b, h):
        return (a - h * b) / (1 + h**2), (b + h * a) / (1 + h**2)

    result = check(step, Implicit("h"), Dirac("wgan"))
    assert (result.status, result.witnesses, result.taylor.resolved) == ("agrees", ("numeric",), 5)
    assert "no formula" in result.notes[0]
    result = check(lambda a, b, h: (a - h * b, b + h * a), Implicit("h"), Dirac("wgan"))
    assert (result.status, result.taylor.degree) == ("departs", 1)
    assert {t.reference for t in result.taylor.terms} == {None}


def test_players_with_several_coordinates_step():
    game = RandomGame()
    exact = analyse(game).jacobian
    jacobian = np.array(exact.subs(dict.fromkeys(exact.free_symbols, 1)).tolist(), float)
    rest, unit = np.array(game.rest, float), np.eye(5)

    def linear(x, y, h):
        w = x @ unit[:2] + y @ unit[2:]
        w = w + h * jacobian @ (w - rest)
        return w[:2], w[2:]

    result = check(linear, SimGD("h"), game, gamma=1)
    # Only what is cubic in the losses differs.
    assert (result.status, result.taylor.degree) == ("departs", 2)


EVERY = sorted(registry.declarations("method"))


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=() if k % 3 == 0 else pytest.mark.whole) for k, n in enumerate(EVERY)]
)
def test_steps_in_formulas_are_those_of_autodiff(name):
    """Off the equilibrium, on a game of three losses that is not symmetric."""
    assembly = assemble(Combination("quadratic", None, (), name), {})
    still = Typed("still", lambda *x, **values: x)
    with jax.enable_x64(True):
        case = Case.of(assembly.game, assembly.operator, still, assembly.values, 0)
        seen = case.compare((1 / 4, 1))
        if name in ("implicit", "ttur"):
            with pytest.raises(Undecidable, match="no formula at a general point"):
                _ = case.exact.concrete
            return
        step = case.exact.concrete
        computed = np.array([[case.exact.number(e, place) for e in step] for place in seen.places[::5]])
    assert gaps(computed, seen.reference[::5], seen.size[::5]).max() < 1024


# The fields that adjusted methods follow


def adjusted(a, b, gamma, lam, sign=1):
    """`v + lam/2 (v' - v'^T) v`, by hand: the off-diagonal entries are `-1 + 2ab` and `1 - 2ab`."""
    va, vb = v(a, b, gamma)
    twist = -1 + 2 * a * b
    return va + sign * lam * twist * vb, vb - sign * lam * twist * va


def test_a_function_without_a_step_size_is_the_field():
    result = check(adjusted, SGA("lam", SimGD("h")))
    assert (result.status, result.kind) == ("agrees", "field")
    result = check(lambda a, b, gamma, lam: adjusted(a, b, gamma, lam, -1), SGA("lam", SimGD("h")))
    assert result.status == "departs"
    # Of degree 1 v has (-psi, theta - gamma psi), and the adjustment -lam (theta - gamma psi, psi).
    assert {*ratios(result)} == {("v_theta", "theta"), ("v_theta", "psi"), ("v_psi", "psi")}
    assert ratios(result)["v_theta", "theta"] == -1


@pytest.mark.parametrize("given", [{}, {"h": "1/4"}])
def test_one_with_a_step_size_is_the_step(given):
    def step(a, b, gamma, lam, h):
        da, db = adjusted(a, b, gamma, lam)
        return a + h * da, b + h * db

    def built_in(a, b, gamma, lam):
        return step(a, b, gamma, lam, 1 / 4)

    function = built_in if given else step
    result = check(function, SGA("lam", SimGD("h")), **given)
    assert (result.status, result.kind) == ("agrees", "step")


def test_a_method_that_adjusts_nothing_has_a_step_only():
    with pytest.raises(BadInput, match="takes no h; say what it has built in: --h VALUE"):
        check(v, SimGD("h"))


def test_a_typed_adjustment_without_its_identity():
    """`(S + lam A^T) xi` in the place of `(I + lam A^T) xi`, with `xi = (S + A) z`, `S = ee I`."""
    pair = np.array([[0, 1, 1, 1], [-1, 0, 1, 1], [-1, -1, 0, 1], [-1, -1, -1, 0]])
    game = load_game(Path(__file__).parents[1] / "cases/typed-adjusted-field.toml")()

    def typed(w, x, y, u, ee, lam, identity=1):
        z = np.array([w, x, y, u])
        return tuple(-(identity * np.eye(4) + lam * pair.T) @ (pair @ z + ee * z))

    assert check(typed, SGA("lam", SimGD("h")), game).status == "agrees"
    wrong = lambda w, x, y, u, ee, lam: typed(w, x, y, u, ee, lam, ee)  # noqa: E731
    result = check(wrong, SGA("lam", SimGD("h")), game, ee="1/100", lam=1)
    yours, right = (np.array(row) for row in result.taylor.spectra)
    mu = np.array([np.sqrt(2) + 1, np.sqrt(2) + 1, np.sqrt(2) - 1, np.sqrt(2) - 1])
    sign = np.array([1, -1, 1, -1])
    assert np.sort(yours) == pytest.approx(np.sort(-(1e-4 + mu**2)), abs=1e-5)
    by_hand = -(0.01 + mu**2) + sign * 1j * mu * 0.99
    assert np.sort_complex(right) == pytest.approx(np.sort_complex(by_hand))


# Maps


MAP = """
name = "lagged"
[map]
x = "(1 + r)*x - r*x^2 - x*y/4"
y = "y/2 + x^2/4 - 1/4"
[hyperparameters]
r = ">0"
[equilibrium]
x = 1
y = 0
"""


@pytest.fixture
def lagged(tmp_path):
    (tmp_path / "lagged.toml").write_text(MAP)
    return load_game(tmp_path / "lagged.toml")()


def test_a_map_is_held_against_itself(lagged, tmp_path):
    right = lambda x, y, r: ((1 + r) * x - r * x**2 - x * y / 4, y / 2 + x**2 / 4 - 1 / 4)  # noqa: E731
    assert check(right, game=lagged).status == "agrees"
    result = check(lambda x, y, r: (right(x, y, r)[0], y + right(x, y, r)[1]), game=lagged)
    assert ratios(result) == {("y+", "y"): 3}
    path = tmp_path / "formulas.toml"
    path.write_text('jacobian = [["1 - r", "-1/4"], ["1/2", "1/2"]]\nfield = ["x", "y/2 + x^2/4 - 1/4"]')
    result = audit_formulas(path, lagged)
    assert result.checks[0].status == "agrees"
    assert [d.component for d in result.field.departures] == ["x+"]


# Other conventions, with a mistake besides


def other(function, order=(0, 1), flips=(1, 1), signs=(1, 1)):
    """A field as somebody types it whose players stand and turn in another way."""

    def typed(*x, gamma):
        there = [0, 0]
        for place, player in enumerate(order):
            there[player] = flips[player] * x[place]
        computed = function(*there, gamma)
        return [flips[player] * signs[player] * computed[player] for player in order]

    return typed


CRITIC = "psi stands for -psi (D is high on real samples; here on generated ones)"
TURNED = "every sign is turned: yours is -v, where v = (-dL_i/dx_i) descends the losses"


def half_penalty(a, b, gamma):
    return v(a, b, gamma / 2)


def lost_square(a, b, gamma):
    return v(a, b, gamma)[0] - b * a * b, v(a, b, gamma)[1]


def extra_friction(a, b, gamma):
    return v(a, b, gamma)[0] - a / 8, v(a, b, gamma)[1]


def double_pull(a, b, gamma):
    return v(a, b, gamma)[0], 2 * a * (1 - a * b) - gamma * b


@pytest.mark.parametrize(
    ("mistake", "convention", "words", "terms"),
    [
        (half_penalty, {}, "", {("v_psi", "psi"): Fraction(1, 2)}),
        (half_penalty, {"flips": (1, -1)}, CRITIC, {("v_psi", "psi"): Fraction(1, 2)}),
        (half_penalty, {"signs": (-1, -1)}, TURNED, {("v_psi", "psi"): Fraction(1, 2)}),
        (
            half_penalty,
            {"order": (1, 0)},
            "the players stand in the order (psi, theta)",
            {("v_psi", "psi"): Fraction(1, 2)},
        ),
        (lost_square, {}, "", {("v_theta", "psi**2*theta"): 0}),
        (lost_square, {"flips": (1, -1)}, CRITIC, {("v_theta", "psi**2*theta"): 0}),
        (lost_square, {"signs": (-1, -1)}, TURNED, {("v_theta", "psi**2*theta"): 0}),
        (extra_friction, {"flips": (1, -1)}, CRITIC, {("v_theta", "theta"): None}),
        (extra_friction, {"signs": (-1, -1)}, TURNED, {("v_theta", "theta"): None}),
        (double_pull, {}, "", {("v_psi", "theta"): 2}),
        (double_pull, {"flips": (1, -1), "order": (1, 0)},
         f"the players stand in the order (psi, theta); {CRITIC}", {("v_psi", "theta"): 2}),
    ],
)  # fmt: skip
def test_the_one_mistake_is_named_in_its_convention(mistake, convention, words, terms):
    result = check(other(mistake, **convention))
    assert (result.status, result.convention, result.within) == ("departs", "", words)
    assert ratios(result) == terms
    for departure in result.departures:
        a, b = departure.point["theta"], departure.point["psi"]
        index = ["v_theta", "v_psi"].index(departure.component)
        assert departure.yours == pytest.approx(mistake(a, b, departure.point["gamma"])[index])


def test_a_function_is_not_asked_again_for_other_signs():
    asked = []

    class Counted:
        def batch(self, points, columns):
            asked.append(points)
            return 2 * points

    typed, points = Remembered(Counted()), np.array([[1.0, 2.0], [3.0, 5.0]])
    for change in changes((1, 1)):
        turned = Converted(typed, change, (1, 1), discrete=False).batch(points, {"h": np.ones(2)})
        assert (turned == 2 * points * change.signs).all()
    # Two orders, and four flips.
    assert len(asked) == 8
    typed.batch(points, {"h": np.zeros(2)})
    assert len(asked) == 9


def test_a_function_is_traced_once_for_any_number_of_points():
    traced = []

    def typed(a, b, gamma):
        traced.append(isinstance(a, jax.core.Tracer))
        return v(a, b, gamma)

    mine = Field.of(Typed("mine", typed), {"theta": 1, "psi": 1}, [LSGAN], {})
    with jax.enable_x64(True):
        for count in (3, TOGETHER + 1):
            points, gamma = np.arange(2.0 * count).reshape(count, 2) / count, np.linspace(0, 1, count)
            by_hand = np.transpose(v(*points.T, gamma))
            assert mine.batch(points, {"gamma": gamma}) == pytest.approx(by_hand, abs=1e-12)
    assert traced == [True]


def test_least_squares_after_mao():
    """Labels -1, 1 and 0: `L_D = (D(y) + 1)^2/2 + …`, `L_G = D(y)^2/2` with `D(y) = b a` high on data."""
    game = Dirac(registry.declarations("loss")["lsgan-mao"]())
    result = audit(game, Typed("mine", lambda a, b: (-(a * b) * b, -(a * b + 1) * a)))
    assert (result.status, result.convention) == ("departs", CRITIC)
    # The zero-sum form, in which the generator ascends what the critic descends.
    result = audit(game, Typed("mine", lambda a, b: ((a * b + 1) * b, -(a * b + 1) * a)))
    assert (result.status, result.convention) == ("departs", "")
    assert ratios(result) == {("v_theta", "psi"): None}


# The command line


STEPS = """
def field(theta, psi, gamma):
    return -psi, theta - gamma*psi

def step(theta, psi, h, gamma):
    a, b = field(theta, psi, gamma)
    return theta + h*a, psi + h*b

def flipped(theta, psi, gamma):
    return psi, -theta - gamma*psi/2
"""


@pytest.fixture
def audited(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "f.py").write_text(STEPS)

    def call(*line):
        code = run(["audit", *line, "--loss", "wgan", "--reg", "gp"])
        out = capsys.readouterr()
        assert all(len(row) <= 80 for row in out.out.splitlines())
        return code, " ".join(out.out.split()), out.err

    return call


def test_the_command_takes_a_method(audited):
    code, out, _ = audited("f.py:step", "--method", "simgd")
    assert code == 0
    assert "step agrees at 48 random points" in out
    assert "(symbolic, numeric step)" in out
    assert audited("f.py:step", "--method", "altgd")[0] == 1
    code, _, err = audited("f.py:field", "--method", "altgd")
    assert code == 2
    assert "takes no h" in err


def test_the_command_says_in_which_convention(audited):
    code, out, _ = audited("f.py:flipped")
    assert code == 1
    assert "departs least if psi stands for -psi (D is high on real samples" in out
    assert "v_psi: psi: yours" in out
    assert "half of the right term" in out


def test_a_flow_with_speeds_is_a_field(audited):
    assert audited("f.py:field", "--tau", "1")[0] == 0
    assert audited("f.py:field", "--tau", "2")[0] == 1
