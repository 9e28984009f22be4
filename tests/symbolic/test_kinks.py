"""Kinks: refused where there is one at rest, and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import sympy as sp

from stabcheck import LOLA, OGDA, R1, Clip, Dirac, Game, SimGD, analyse
from stabcheck.core.errors import NotAnEquilibrium, NotApplicable, NotSmooth, StabcheckError, Undecidable
from stabcheck.core.hyper import NONNEGATIVE, hyper
from stabcheck.declare.combination import Combination, assemble
from stabcheck.declare.file.formula import parse
from stabcheck.declare.games.field import Field
from stabcheck.declare.laws import StandardNormal, StandardUniform
from stabcheck.declare.losses.loss import ZeroSum
from stabcheck.declare.penalties.wgan_gp import Dragan, WganGP
from stabcheck.numeric.sides import FirstOrder, limits
from stabcheck.symbolic.kinks import refuse_half_lines, smooth
from stabcheck.symbolic.ops import SymPyOps
from stabcheck.symbolic.pieces import Place
from stabcheck.symbolic.update import model_of
from stabcheck.verify.witnesses import verify_refusal
from tests.dealt import dealt

X, Y = sp.symbols("x y", real=True)
K, M = sp.Symbol("k", positive=True), sp.Symbol("m", nonnegative=True)
NAMES = {"x": X, "y": Y, "k": K, "m": M}


# Formulas


def decided(text, own=(X, Y), order=2, rest=(0, 0)):
    """What is differentiated in the place of a formula at rest."""
    ops = SymPyOps()
    place = Place(ops, dict(zip((X, Y), map(sp.Integer, rest), strict=True)))
    found = smooth(parse(text, NAMES).at(ops, NAMES), place, own, order)
    refuse_half_lines(place)
    return found, place


def derivatives(text, **options):
    """Gradient and Hessian at rest, as a flat list."""
    found, place = decided(text, **options)
    slopes = [found.expression.diff(s) for s in (X, Y)]
    return [place.value(e) for e in (*slopes, *(e.diff(s) for e in slopes for s in (X, Y)))]


SMOOTH = {
    "max(abs(x) - k, 0)^2": (0, 0, 0, 0, 0, 0),
    "(max(abs(x), 1) - 1)^2 + x*y": (0, 0, 0, 1, 1, 0),
    "max(1 - abs(x), 0)*y^2": (0, 0, 0, 0, 0, 2),
    "abs(x)^2": (0, 0, 2, 0, 0, 0),
    "abs(3*x - y)^2/2": (0, 0, 9, -3, -3, 1),
    "sqrt(x^2)^2": (0, 0, 2, 0, 0, 0),
    "sqrt(x^2 + y^2)^2": (0, 0, 2, 0, 0, 2),
    "sqrt(x^2 + x*y + 2*y^2)^2*(1 + x)": (0, 0, 2, 1, 1, 4),
    "sqrt(x^2 + y^2)^3 + x": (1, 0, 0, 0, 0, 0),
    "abs(x)^3": (0, 0, 0, 0, 0, 0),
    "abs(x)*x*y": (0, 0, 0, 0, 0, 0),
    "abs(x)*y^2 + y": (0, 1, 0, 0, 0, 0),
    "max(x, 0)^3 - y^2": (0, 0, 0, 0, 0, -2),
    "max(x, 0) - max(-x, 0)": (1, 0, 0, 0, 0, 0),
    "max(x, 0)*max(-x, 0)": (0, 0, 0, 0, 0, 0),
    "max(x + x^3, x)": (1, 0, 0, 0, 0, 0),
    "min(x^2, y^2) + max(x^2, y^2)": (0, 0, 2, 0, 0, 2),
    "abs(x^2 + y^2)": (0, 0, 2, 0, 0, 2),
    "sqrt(x^4)": (0, 0, 2, 0, 0, 0),
    "sqrt((x + y)^2)^2": (0, 0, 2, 2, 2, 2),
    "exp(abs(x)) + exp(-abs(x))": (0, 0, 2, 0, 0, 0),
    "tanh(abs(x))^2": (0, 0, 2, 0, 0, 0),
    "log(1 + sqrt(x^2 + 4*y^2)^2)": (0, 0, 2, 0, 0, 8),
    "abs(x + 1) - max(y, -2)": (1, -1, 0, 0, 0, 0),
    "sqrt(4 + x)": (sp.Rational(1, 4), 0, sp.Rational(-1, 32), 0, 0, 0),
}
KINKED = [
    "abs(x)", "abs(x)*y", "x*abs(x)", "max(x, 0)^2/2", "min(x, 0)*x", "abs(x*y)", "sqrt(x^2)",
    "sqrt(x^2 + y^2)", "sqrt(x^2 + y^2)*y", "(sqrt(x^2 + y^2) - 1)^2", "(abs(x) - 1)^2", "max(x, y)",
    "max(x^2, y^2)", "abs(x) + max(abs(y) - k, 0)", "max(x, x^2)", "max(min(x, y), 0)^2", "abs(x)^3/x",
    "exp(abs(x))", "max(abs(x), 0)", "sqrt(abs(x))", "tanh(x)*abs(y)", "abs(abs(x) + abs(y))^2", "sqrt(x)",
    "abs(abs(x) - 2)^2",
]  # fmt: skip


@pytest.mark.parametrize("text", SMOOTH)
def test_smooth_where_the_pieces_agree(text):
    assert derivatives(text) == list(SMOOTH[text])


@pytest.mark.parametrize("text", SMOOTH)
def test_smooth_pieces_have_the_slopes_that_differences_show(text):
    """Third witness: central differences of the formula in NumPy's floats."""
    formula, h = parse(text, NAMES), 1e-3

    def at(x, y):
        return float(formula.at(SymPyOps(), {**NAMES, "x": sp.Float(x), "y": sp.Float(y), "k": 2}))

    gradient = [(at(h, 0) - at(-h, 0)) / (2 * h), (at(0, h) - at(0, -h)) / (2 * h)]
    mixed = (at(h, h) - at(h, -h) - at(-h, h) + at(-h, -h)) / (4 * h * h)
    own = [(at(h, 0) + at(-h, 0) - 2 * at(0, 0)) / h**2, (at(0, h) + at(0, -h) - 2 * at(0, 0)) / h**2]
    wanted = [float(e) for e in derivatives(text)]
    assert np.allclose([*gradient, own[0], mixed, mixed, own[1]], wanted, atol=5e-3)


@pytest.mark.parametrize("text", KINKED)
def test_a_kink_is_refused(text):
    with pytest.raises(NotSmooth, match=r"has a kink at the equilibrium$"):
        decided(text)


@pytest.mark.parametrize("text", ["sqrt(x)^2", "sqrt(x)^4", "sqrt(x - y)^2", "sqrt(y^3)^2 + x"])
def test_a_root_that_is_not_real_on_one_side_is_refused(text):
    with pytest.raises(NotSmooth, match="is not real on all sides"):
        decided(text)


@pytest.mark.parametrize("text", ["sqrt(x^4 + y^4)", "abs(sqrt(x^2 + y^2) - x)", "x^2*sqrt(abs(x))"])
def test_what_is_not_proved_is_said(text):
    with pytest.raises(Undecidable, match="not proved"):
        decided(text)


@pytest.mark.parametrize(
    "text", ["x*sqrt(m - k)", "x*abs(m - k)", "sqrt((x - y + m - k)^2 + 1)", "sqrt(k^2 - k*m + m^2 + x^2)"]
)
def test_nothing_is_assumed_of_what_makes_no_kink(text):
    """What no coordinate moves has no kink in them, and a sum of squares above 0 has none."""
    assert not decided(text)[1].assumed
    assert decided("sqrt(m - k + x)")[1].assumed


def test_kinks_lie_where_they_are_and_not_elsewhere():
    assert derivatives("abs(x) + max(y, 0)^2", rest=(3, 2)) == [1, 4, 0, 0, 0, 2]
    assert derivatives("abs(x - 3)^2 + x", rest=(3, 2)) == [1, 0, 2, 0, 0, 0]
    with pytest.raises(NotSmooth, match="abs"):
        decided("abs(x - 3)", rest=(3, 2))


def test_a_projection_needs_one_derivative_only():
    assert decided("x*abs(x) + max(y, -1)", order=1)[0].whole
    with pytest.raises(NotSmooth):
        decided("min(max(x, -1), 1)", order=1, rest=(1, 0))


def test_only_derivatives_in_own_coordinates_count():
    found, _ = decided("x^2 + abs(y)", own=(X,))
    assert not found.whole
    for text in ("x*abs(y)", "x^2 + abs(x)"):
        with pytest.raises(NotSmooth):
            decided(text, own=(X,))


def test_where_values_make_it_smooth_is_said():
    with pytest.raises(NotSmooth, match="unless m = 0"):
        decided("(abs(x) - m)^2")
    with pytest.raises(NotSmooth, match=r"equilibrium$"):
        decided("(abs(x) - k)^2")


def test_many_kinks_are_looked_at_one_by_one():
    names = sp.symbols("x1:9", real=True)
    for power in (1, 2):
        ops = SymPyOps()
        total = sum(ops.maximum(ops.vector(ops.abs(s, "a") - power + 1), 0, "b")[0] ** power for s in names)
        place = Place(ops, dict.fromkeys(names, sp.S.Zero))
        if power == 2:
            assert smooth(3 * total + names[0] ** 2, place, names).expression.diff(names[0], 2) == 2
        else:
            with pytest.raises(NotSmooth):
                smooth(total, place, names)


# Means over draws


def mean(body, law):
    ops, g = SymPyOps(), sp.Symbol("g", nonnegative=True)
    place = Place(ops, {X: sp.S.Zero, Y: sp.S.Zero})
    found = smooth(ops.expect(lambda z: body(ops, z[0], g), law(1)), place, (X, Y)).expression
    return [place.value(found.diff(s, t)) for s in (X, Y) for t in (X, Y)]


def norm(ops, *entries):
    return ops.norm(ops.vector(*entries), "n")


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        (lambda ops, z, g: norm(ops, X + Y * z) ** 2, [2, 0, 0, 2]),
        (lambda ops, z, g: norm(ops, X, Y * z) ** 2 * (1 + ops.abs(X, "a") ** 2), [2, 0, 0, 2]),
        (lambda ops, z, g: norm(ops, X, Y * z) ** 3 * z + X * Y, [0, 1, 1, 0]),
        (lambda ops, z, g: ops.maximum(ops.vector(norm(ops, X + Y * z) - 1), 0, "m")[0] ** 2, [0] * 4),
        (lambda ops, z, g: (norm(ops, X + Y * z) - g) ** 2, "n has a kink at the equilibrium unless g = 0"),
        (lambda ops, z, g: z**2 * norm(ops, X * z), "n has a kink at the equilibrium$"),
        (lambda ops, z, g: z * norm(ops, X * z), "not proved"),
        (lambda ops, z, g: z * norm(ops, X + Y * z), "not proved"),
    ],
)
def test_means_are_smooth_where_every_draw_is(body, wanted):
    if isinstance(wanted, list):
        assert mean(body, StandardNormal) == wanted
    else:
        with pytest.raises(StabcheckError, match=wanted):
            mean(body, StandardUniform)


# Games


@dataclass(frozen=True)
class Typed(Game):
    """Two players with losses from formulas."""

    first: str = "0"
    second: str = "0"
    k: Any = hyper("bound", domain=NONNEGATIVE, help="a bound")
    dims = (1, 1)
    variables = ("x", "y")

    def equilibrium(self, xp):
        return xp.zeros(1), xp.zeros(1)

    def losses(self, xp, *x):
        values = {"x": x[0][0], "y": x[1][0], "k": self.k}
        return tuple(parse(text, values).at(xp, values) for text in (self.first, self.second))


BOUNDED = Typed("x*y + max(abs(x) - k, 0)^2/2", "-x*y + sqrt(y^2)^2")


def test_values_decide_where_hyperparameters_do():
    open_one = analyse(BOUNDED)
    assert "depends on bound; give values" in open_one.without_formulas
    assert open_one.verdict == "undecided"
    assert "depends on bound" in str(open_one.derivation)
    assert open_one.to_latex()
    # Without the bound it is x^2/2: J = [[-1, -1], [1, -2]]; with it J = [[0, -1], [1, -2]].
    assert open_one.at(bound=0).here.point.matrix == sp.Matrix([[-1, -1], [1, -2]])
    assert open_one.at(bound="1/10").here.point.matrix == sp.Matrix([[0, -1], [1, -2]])
    assert open_one.at(bound=sp.sqrt(2)).here.point.matrix == sp.Matrix([[0, -1], [1, -2]])
    assert open_one.at(bound=0).verify().status == "agrees"
    close = open_one.at(bound="1/100000").verify()
    assert (close.status, close.witnesses) == ("agrees", ("symbolic", "numeric"))


def test_a_kink_in_the_others_coordinates_is_felt_by_those_that_look():
    game = Typed("x^2 + abs(y) + x*y", "x*y + y^2", k=1)
    assert analyse(game).here.point.matrix == sp.Matrix([[-2, -1], [-1, -2]])
    assert analyse(game, OGDA("1/10")).verify().status == "agrees"
    refused = analyse(game, LOLA("1/2"), h="1/10")
    assert refused.verdict == "not differentiable"
    assert "where the field jumps by" in refused.verify().reason


def test_a_narrow_kink_is_seen_along_the_lines_that_prove_it():
    narrow = Typed("x*y + max(min(x, y - 20*x), 0)^2/2", "-x*y + y^2", k=1)
    found = analyse(narrow)
    assert isinstance(found.here.point, NotSmooth)
    assert found.verify().status == "agrees"


def test_a_refusal_without_reason_is_found_out():
    game = Typed("x*y + abs(x)^2", "-x*y + y^2", k=1)
    said = verify_refusal(game, analyse(game).operator, NotSmooth("abs(x) has a kink"), {})
    assert said.status == "disagrees"


@pytest.mark.parametrize(
    "penalty", dealt([WganGP("gamma", "g0"), Dragan("gamma", "g0", "sigma")], 2), ids=["wgan-gp", "dragan"]
)
def test_norms_drawn_to_zero_are_squared(penalty):
    """`--g0 0` is R1 on the Dirac-GAN, whose slope is the same everywhere."""
    values = {"gamma": "3/4", "g0": 0, **({"sigma": 0} if penalty.name == "dragan" else {})}
    found = analyse(Dirac() + penalty).at(**values)
    assert found.here.point.matrix == analyse(Dirac() + R1("gamma")).at(gamma="3/4").here.point.matrix
    assert found.here.point.matrix == sp.Matrix([[0, -1], [1, sp.Rational(-3, 2)]]) / 2
    assert found.verdict == "stable"
    said = found.verify()
    assert (said.status, said.witnesses) == ("agrees", ("symbolic", "numeric", "hand derivation"))
    assert not found.sources
    off = analyse(Dirac() + penalty).at(**{**values, "g0": 1})
    assert off.verdict == "not differentiable"
    assert "the field jumps by 1.5" in off.verify().reason


@pytest.mark.parametrize("name", ["gaussian", "lq", "linear-generator"])
def test_dragan_without_noise_and_target_is_r1(name):
    parts = assemble(Combination(name, "gan", ("dragan",), "flow"))
    plain = assemble(Combination(name, "gan", ("gp",), "flow"))
    found = analyse(parts.game).at(g0=0, sigma=0).here.point.matrix
    assert found == analyse(plain.game).here.point.matrix


def test_segments_at_rest_are_neither_data_nor_samples():
    """Gaussian data: the slope `psi_1 + 2 psi_2 x` on segments has `E x^2 = 2/3 std^2`, by hand."""
    parts = assemble(Combination("gaussian", "gan", ("wgan-gp",), "flow"))
    std, gamma = sp.Symbol("std", positive=True), sp.Symbol("gamma", nonnegative=True)
    found = analyse(parts.game).at(g0=0).here.point.matrix
    assert found[3, 3].coeff(gamma) == -sp.Rational(8, 3) * std**2
    assert found[2, 2].coeff(gamma) == -1


@dataclass(frozen=True)
class Bent(ZeroSum):
    """`f(t) = t + |t|^power`."""

    power: int = 1

    def f(self, xp, t):
        return t + xp.abs(t, "the corner") ** self.power


def test_a_kink_of_the_function_is_one_of_the_loss():
    refused = analyse(Dirac(Bent(1)))
    assert refused.finding.reason.startswith("the corner has a kink at the equilibrium,")
    assert refused.verify().status == "agrees"
    for power in (2, 3):
        found = analyse(Dirac(Bent(power)))
        assert found.here.point.matrix == sp.Matrix([[0, -1], [1, 0]])
    assert found.verify().status == "agrees"


def test_clipping_acts_at_rest_or_not():
    assert analyse(Dirac("wgan") + Clip("w"), SimGD("h")).update_matrix is not None
    game = assemble(Combination("primal-dual", None, ("clip",), "flow")).game
    with pytest.raises(NotAnEquilibrium, match="the projection puts the equilibrium at"):
        analyse(game, SimGD("h"))


def test_no_series_is_taken_through_a_door():
    with pytest.raises(NotSmooth, match="higher derivatives"):
        model_of(Typed("x*y + abs(x)^3", "-x*y", k=1)).refuse_doors()
    model_of(Dirac()).refuse_doors()


def test_a_field_that_is_given_needs_one_derivative_only():
    @dataclass(frozen=True)
    class Given(Typed, Field):
        def velocity(self, xp, *x):
            return tuple(xp.vector(e) for e in Typed.losses(self, xp, *x))

    found = analyse(Given("y - x - abs(x)*y", "-x - sqrt(x^2 + y^2)^2 + k*abs(y)"))
    assert found.at(bound=0).here.point.matrix == sp.Matrix([[-1, 1], [-1, 0]])
    assert found.at(bound=1).finding.reason.startswith("abs(y) has a kink at the equilibrium,")
    assert "unless bound = 0" in found.without_formulas


# One-sided limits


def sides(v, slope):
    """What autodiff would find of a field in two coordinates."""
    return lambda x: FirstOrder(np.array([slope(x)], float), np.array([v(x)], float))


def test_limits_that_agree_are_the_value():
    found = limits(sides(lambda x: x - x**3, lambda x: np.diag(1 - 3 * x * x)), 2)
    assert np.allclose(found.jacobian, np.eye(2), atol=1e-14)
    assert np.allclose(found.drift, 0, atol=1e-14)


@pytest.mark.parametrize(
    ("v", "slope", "wanted"),
    [
        (np.sign, lambda x: 0 * np.eye(2), "where the field jumps by 2"),
        (lambda x: 1e-8 * np.sign(x), lambda x: 0 * np.eye(2), "where the field jumps by 2e-08"),
        (np.abs, lambda x: np.diag(np.sign(x)), "no common limit"),
        (lambda x: 1e-8 * np.abs(x), lambda x: 1e-8 * np.diag(np.sign(x)), "no common limit"),
        (
            lambda x: np.sqrt(np.abs(x)),
            lambda x: np.diag(np.sign(x) / np.sqrt(np.abs(x)) / 2),
            "no common limit",
        ),
        (np.log, lambda x: np.diag(1 / x), "no common limit"),
    ],
)
def test_limits_that_differ_are_a_kink(v, slope, wanted):
    with np.errstate(invalid="ignore"), pytest.raises(NotSmooth, match=wanted):
        limits(sides(v, slope), 2)


@pytest.mark.parametrize(
    ("v", "slope", "wanted"),
    [
        (lambda x: 1e-10 * np.sign(x), lambda x: 0 * np.eye(2), "too inexact"),
        (
            lambda x: np.maximum(np.abs(x) - 1e-12, 0),
            lambda x: np.diag(1.0 * (np.abs(x) > 1e-12)),
            "another kink",
        ),
        (lambda x: np.nan * x, lambda x: np.nan * np.eye(2), "no numbers"),
    ],
)
def test_limits_that_tell_nothing_are_no_witness(v, slope, wanted):
    with pytest.raises(NotApplicable, match=wanted):
        limits(sides(v, slope), 2)
