"""One set of laws for both interpreters: SymPy's jet and JAX's autodiff are the same game."""

from __future__ import annotations

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import sympy as sp

from stabcheck import OGDA, R1, AltGD, Clip, Consensus, Dirac, Extragradient, Flow, Implicit, SimGD, analyse
from stabcheck.core import hyper
from stabcheck.core.errors import BadInput, NotSmooth, Undecidable
from stabcheck.declare.games.game import Game
from stabcheck.declare.methods.method import State
from stabcheck.numeric import update as numeric
from stabcheck.numeric.autodiff import Autodiff
from stabcheck.symbolic.dual import Dual, eye, filled, zeros
from stabcheck.symbolic.jet import Jet
from stabcheck.symbolic.model import Model
from stabcheck.symbolic.ops import exact
from stabcheck.symbolic.update import linearise, model_of
from tests.dealt import dealt
from tests.games import Momentum, RandomGame
from tests.reference import methods as reference

SEEDS = (0, 1)
GAMMA = 0.375


class Exact:
    """The jet, driven with numbers: vectors in and out are NumPy's."""

    def __init__(self, game):
        self.oracle = Jet(model_of(game), {"gamma": sp.Rational(3, 8)})

    def vector(self, values):
        domain = self.oracle.domain
        column = filled(domain, [sp.Rational(v) for v in values], len(values), 1)
        return Dual(column, zeros(len(values), 0, domain))

    def array(self, u):
        return np.array(u.value.to_Matrix().tolist(), dtype=float).ravel()


class Floating:
    """Autodiff, driven with numbers."""

    def __init__(self, game):
        self.oracle = Autodiff(numeric.bind(game, {"gamma": GAMMA}))

    def vector(self, values):
        return jnp.array(values, dtype=float)

    def array(self, u):
        return np.asarray(u)


@pytest.fixture(params=[Exact, Floating])
def driver(request):
    with jax.enable_x64(True):
        yield request.param


@pytest.fixture(params=dealt(SEEDS, 2))
def game(request):
    return RandomGame(seed=request.param)


U = np.array([1.0, -2.0, 0.5, 3.0, -1.5])


def at_rest(d, game):
    return d.vector(game.rest)


def test_field_vanishes_at_rest(driver, game):
    d = driver(game)
    assert np.abs(d.array(d.oracle.v(at_rest(d, game)))).max() < 1e-14


def test_hessian_products(driver, game):
    d = driver(game)
    for i, a in enumerate(game.hessians(GAMMA)):
        found = d.array(d.oracle.hvp(i, at_rest(d, game), d.vector(U)))
        np.testing.assert_allclose(found, a @ U, rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize("product", ["jvp", "vjp", "cross"])
def test_products_with_the_jacobian(driver, game, product):
    d = driver(game)
    hessians = game.hessians(GAMMA)
    j = reference.flow(hessians, game.dims)
    masks = reference.masks(game.dims)
    own = sum(p @ j @ p for p in masks)
    expected = {"jvp": j @ U, "vjp": j.T @ U, "cross": (j - own) @ U}[product]
    found = d.array(getattr(d.oracle, product)(at_rest(d, game), d.vector(U)))
    np.testing.assert_allclose(found, expected, rtol=1e-13, atol=1e-13)


def test_scale_per_player(driver, game):
    d = driver(game)
    found = d.array(d.oracle.scale((2, 3), d.vector(U)))
    np.testing.assert_allclose(found, U * np.repeat([2, 3], game.dims))


def test_solve(driver, game):
    d = driver(game)
    x = at_rest(d, game)
    found = d.oracle.solve(lambda u: u - d.oracle.jvp(x, u), d.vector(U))
    j = reference.flow(game.hessians(GAMMA), game.dims)
    np.testing.assert_allclose(d.array(found), np.linalg.solve(np.eye(5) - j, U), rtol=1e-11)


@pytest.mark.parametrize("n", [1, 2, 7])
def test_repeat_is_composition(driver, game, n):
    d = driver(game)
    x = at_rest(d, game)
    j = reference.flow(game.hessians(GAMMA), game.dims)
    found = d.oracle.repeat(n, lambda u: u + d.oracle.jvp(x, u) / 4 + d.vector(U), d.vector(U))
    expected = U
    for _ in range(n):
        expected = expected + j @ expected / 4 + U
    np.testing.assert_allclose(d.array(found), expected, rtol=1e-11)


def test_repeat_on_a_tuple(driver, game):
    d = driver(game)
    u, w = d.vector(U), d.vector(U[::-1])
    a, b = d.oracle.repeat(3, lambda s: (s[0] + s[1], s[1] * 2), (u, w))
    np.testing.assert_allclose(d.array(a), U + 7 * U[::-1])
    np.testing.assert_allclose(d.array(b), 8 * U[::-1])


def test_implicit_step_has_the_resolvent_for_matrix(game):
    """`x+ = x + v(x+)`, by `root`: the matrix is `(I - J)^{-1}` in both interpreters."""
    model = model_of(game)
    jet = Jet(model, {"gamma": sp.Rational(3, 8)})
    x = Dual(jet.rest.value, eye(5, jet.domain))
    symbolic = jet.root(lambda u: u - x - jet.v(u), x).tangent
    expected = np.linalg.inv(np.eye(5) - reference.flow(game.hessians(GAMMA), game.dims))
    np.testing.assert_allclose(np.array(symbolic.to_Matrix(), dtype=float), expected, rtol=1e-11)
    with jax.enable_x64(True):
        o = Autodiff(numeric.bind(game, {"gamma": GAMMA}))
        step = lambda x: o.root(lambda u: u - x - o.v(u), x)  # noqa: E731
        np.testing.assert_allclose(jax.jacfwd(step)(o.rest), expected, rtol=1e-10)


def test_root_inside_repeat(game):
    """Implicit sub-steps: each solves an equation that refers to what depends on the state."""
    model = model_of(game)
    jet = Jet(model, {"gamma": sp.Rational(3, 8)})
    x = Dual(jet.rest.value, eye(5, jet.domain))
    found = jet.repeat(3, lambda y: jet.root(lambda u: u - y - jet.v(u), y), x).tangent
    resolvent = np.linalg.inv(np.eye(5) - reference.flow(game.hessians(GAMMA), game.dims))
    expected = np.linalg.matrix_power(resolvent, 3)
    np.testing.assert_allclose(np.array(found.to_Matrix(), dtype=float), expected, rtol=1e-11)


def test_a_product_that_needs_third_derivatives_is_refused(game):
    jet = Jet(model_of(game), {"gamma": sp.Rational(3, 8)})
    x = Dual(jet.rest.value, eye(5, jet.domain))
    with pytest.raises(Undecidable, match="does not vanish at rest"):
        jet.hvp(0, x, x)


def test_a_solution_that_needs_third_derivatives_is_refused(game):
    """`(I + L''(x)) u = b`: where `u` does not vanish at rest, the third derivatives times `u` enter."""
    jet = Jet(model_of(game), {"gamma": sp.Rational(3, 8)})
    x = Dual(jet.rest.value, eye(5, jet.domain))
    op = lambda u: u + jet.hvp(0, x, u)  # noqa: E731
    still = Dual(filled(jet.domain, [sp.Integer(1)] * 5, 5, 1), zeros(5, 0, jet.domain))
    with pytest.raises(Undecidable, match="does not vanish at rest"):
        jet.solve(op, still)
    found = jet.solve(op, jet.v(x))
    j, bend = reference.flow(game.hessians(GAMMA), game.dims), game.hessians(GAMMA)[0]
    expected = np.linalg.solve(np.eye(5) + bend, j)
    np.testing.assert_allclose(np.array(found.tangent.to_Matrix(), dtype=float), expected, rtol=1e-11)


ROOTLESS = {
    "none": (lambda u: u * u + 1, 0.5),
    "far": (lambda u: jnp.exp(-u) - 1e-6, 0.0),
    "slow": (lambda u: (u - 1) ** 2, 1025.0),
    "leaping": (jnp.arctan, 1.3925),
}


@pytest.mark.parametrize("name", ROOTLESS)
def test_what_newton_does_not_reach_is_no_root(name):
    fn, start = ROOTLESS[name]
    with jax.enable_x64(True):
        oracle = Autodiff(numeric.bind(RandomGame(), {"gamma": GAMMA}))
        assert np.isnan(oracle.root(fn, jnp.array([start]))).all()
        reached = oracle.root(lambda u: jnp.exp(u) - 2, jnp.array([0.5]))
        np.testing.assert_allclose(reached, [np.log(2)], rtol=1e-12)


def test_repeat_inside_a_step_keeps_what_it_closes_over(game):
    """An inner loop on one player that refers to the outer state, as unrolling does."""
    model = model_of(game)
    jet = Jet(model, {"gamma": sp.Rational(3, 8)})
    x = Dual(jet.rest.value, eye(5, jet.domain))
    inner = jet.repeat(3, lambda u: u + jet.field(1, jet.only(0, x) + jet.only(1, u)) / 8, x)
    hessians, masks = game.hessians(GAMMA), reference.masks(game.dims)
    expected = np.eye(5)
    for _ in range(3):
        expected = expected - masks[1] @ hessians[1] @ (masks[0] + masks[1] @ expected) / 8
    np.testing.assert_allclose(np.array(inner.tangent.to_Matrix(), dtype=float), expected, rtol=1e-12)


OPERATORS = [
    (Flow(), reference.flow),
    (Flow((1, "3/2")), lambda a, d: reference.flow(a, d, [1, 1.5])),
    (SimGD("1/8"), lambda a, d: reference.simgd(a, d, [1 / 8] * 2)),
    (SimGD(("1/8", "1/4")), lambda a, d: reference.simgd(a, d, [1 / 8, 1 / 4])),
    (AltGD("1/8"), lambda a, d: reference.altgd(a, d, [1 / 8] * 2, [1, 1], [0, 1])),
    (
        AltGD(("1/8", "1/4"), n=(3, 2), order=(1, 0)),
        lambda a, d: reference.altgd(a, d, [1 / 8, 1 / 4], [3, 2], [1, 0]),
    ),
    (AltGD("1/8", n=(1, 40)), lambda a, d: reference.altgd(a, d, [1 / 8] * 2, [1, 40], [0, 1])),
]


@pytest.mark.parametrize(
    ("operator", "expected", "consensus"), dealt([(*row, c) for row in OPERATORS for c in (False, True)], 5)
)
def test_operators_agree_with_matrix_products(game, operator, expected, consensus):
    hessians = game.hessians(GAMMA)
    if consensus:
        hessians = reference.consensus(hessians, game.dims, 0.25)
        game = game + Consensus("1/4")
    matrix = expected(hessians, game.dims)
    values = {"gamma": sp.Rational(3, 8)}
    symbolic = linearise(model_of(game), operator, values).matrix.to_Matrix()
    np.testing.assert_allclose(np.array(symbolic, dtype=float), matrix, rtol=1e-10, atol=1e-10)
    floating = numeric.linearise(game, operator, {"gamma": [GAMMA, GAMMA]})
    for found in floating.jacobian:
        np.testing.assert_allclose(found, matrix, rtol=1e-10, atol=1e-10)
    assert np.abs(floating.drift).max() < 1e-12


def test_memory_is_part_of_the_state(game):
    j = reference.flow(game.hessians(GAMMA), game.dims)
    one, half = np.eye(5), np.eye(5) / 2
    expected = np.block([[one + j / 8, half / 8], [j, half]])
    found = analyse(game, Momentum("1/8")).at(gamma="3/8")
    np.testing.assert_allclose(np.array(found.here.point.matrix, dtype=float), expected, rtol=1e-12)
    assert found.verify().status == "agrees"


@pytest.mark.parametrize("operator", [Flow(), SimGD(("h_x", "h_y")), AltGD("h", n=(2, 1))])
def test_random_game_is_verified(game, operator):
    result = analyse(game, operator).verify(points=3, seed=5)
    assert result.status == "agrees"
    assert result.witnesses == ("symbolic", "numeric")


@dataclass(frozen=True)
class Waves(Game):
    """Every function of `Ops` that has a slope everywhere or, as `asin` and `acos`, at 0."""

    dims = (1, 1)

    def equilibrium(self, xp):
        return xp.vector(xp.pi / 2), xp.zeros(1)

    def losses(self, xp, *x):
        (a,), (b,) = x
        first = xp.sin(a) + b * xp.tan(a / 2) + a * xp.sinh(b) - (xp.acos(b) - xp.pi / 2) * xp.cos(a)
        second = b * xp.sin(a) - xp.asin(b) + xp.cosh(b) + xp.atan(b) * xp.cos(a) + xp.erf(b * b)
        return first + xp.asinh(b) * a, second


def test_both_oracles_know_the_functions():
    found = analyse(Waves())
    by_hand = np.array([[1, -2], [1, -1 - 4 / np.sqrt(np.pi)]])
    np.testing.assert_allclose(np.array(found.jacobian, dtype=float), by_hand, rtol=1e-14)
    assert found.verify(points=1).status == "agrees"
    assert found.verdict == "unstable"


def test_state_without_memory_is_the_point():
    assert State(3).x == 3


def test_entrywise_functions_carry_their_differentials(game):
    """`d sqrt(u) = du/(2 sqrt(u))` and `d(1/u) = -du/u^2`, entrywise, along the identity."""
    jet = Jet(model_of(game), {"gamma": sp.Rational(3, 8)})
    squares = [4, 9, 16, 1, 25]
    u = Dual(filled(jet.domain, [sp.Integer(s) for s in squares], 5, 1), eye(5, jet.domain))
    for found, value, slope in (
        (jet.sqrt(u), sp.sqrt, lambda t: 1 / (2 * sp.sqrt(t))),
        (u.reciprocal(), lambda t: 1 / t, lambda t: -1 / t**2),
        (u / u, lambda t: sp.S.One, lambda t: sp.S.Zero),
        (u * u, lambda t: t**2, lambda t: 2 * t),
    ):
        exact = [sp.Integer(s) for s in squares]
        assert found.value.to_Matrix() == sp.Matrix([value(t) for t in exact])
        assert found.tangent.to_Matrix() == sp.diag(*(slope(t) for t in exact))


def test_roots_and_signs_at_zero_are_refused(game):
    jet = Jet(model_of(game), {"gamma": sp.Rational(3, 8)})
    nothing = Dual(zeros(5, 1, jet.domain), eye(5, jet.domain))
    with pytest.raises(NotSmooth, match="square root"):
        jet.sqrt(nothing)
    with pytest.raises(NotSmooth, match="sign"):
        jet.sign(jet.dot(nothing, nothing))


ELSEWHERE = ("1/4", "-1/3", "2/5", "-1/2", "1/6")
ANYWHERE = [
    Flow(),
    SimGD(("1/8", "1/4")),
    AltGD("1/8", n=(2, 1)),
    Extragradient("1/8"),
    OGDA("1/8"),
    Momentum("1/8"),
]


def at_a_point(game, operator, point, values):
    """What both interpreters find at a point, as pairs of arrays."""
    model = Model.of(hyper.rebind(game, exact), at=list(map(sp.Rational, point)))
    found = linearise(model, operator, {name: sp.Rational(e) for name, e in values.items()})
    columns = {name: [float(sp.Rational(e))] for name, e in values.items()}
    floating = numeric.linearise(game, operator, columns, at=[float(sp.Rational(e)) for e in point])
    yield np.array(found.matrix.to_Matrix(), dtype=float), floating.jacobian[0]
    yield np.array(found.drift, dtype=float), floating.drift[0]


@pytest.mark.parametrize("operator", dealt(ANYWHERE, 2), ids=lambda o: o.chain)
def test_at_a_point_that_does_not_rest_there_are_matrix_and_drift(game, operator):
    """Steps that look further on are followed there: the game is cubic."""
    for found, floating in at_a_point(game, operator, ELSEWHERE, {"gamma": "3/8"}):
        assert np.abs(found).max() > 1e-2
        np.testing.assert_allclose(floating, found, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    ("game", "operator"),
    [
        (Dirac("gan") + R1("gamma"), AltGD("1/8")),
        (Dirac("wgan") + Clip("3/8"), SimGD("1/8")),
        (Dirac("wgan", x0=1) + R1("gamma"), Flow()),
    ],
    ids=["logistic", "clipped", "moved"],
)
def test_the_point_of_analysis_of_the_dirac_gan(game, operator):
    for found, floating in at_a_point(game, operator, ("1/3", "-2"), {"gamma": "3/8"}):
        np.testing.assert_allclose(floating, found, rtol=1e-14, atol=1e-14)


def test_a_point_has_one_entry_per_coordinate(game):
    with pytest.raises(BadInput, match="the point has 1 entries; give 5: x_1, x_2, y_1"):
        Model.of(hyper.rebind(game, exact), at=[0])
    with pytest.raises(BadInput, match="the point has 1 numbers; give 5: x_1, x_2, y_1"):
        numeric.linearise(game, SimGD(1), {"gamma": [1.0]}, at=[0.0])


def test_equations_that_are_not_linear_are_refused_where_the_game_does_not_rest(game):
    model = Model.of(hyper.rebind(game, exact), at=[sp.Rational(e) for e in ELSEWHERE])
    with pytest.raises(Undecidable, match="the point is not at rest"):
        _ = linearise(model, Implicit("1/8"), {"gamma": sp.Rational(3, 8)}).drift
