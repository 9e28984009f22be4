"""Every method against its second statement, on random games of two, three and four players."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from fractions import Fraction
from functools import cache, partial

import jax
import numpy as np
import pytest
import sympy as sp

from stabcheck import (
    CGD,
    EMA,
    FTRL,
    LCGD,
    LOLA,
    OGDA,
    R1,
    RK2,
    RK3,
    RK4,
    SGA,
    TTUR,
    Adam,
    AlignedSGA,
    Alternating,
    AltGD,
    Anchored,
    Bilinear,
    Chekhov,
    Consensus,
    Dirac,
    Extragradient,
    Flow,
    GeneralisedEG,
    GeneralisedOGDA,
    HeavyBall,
    Implicit,
    Lookahead,
    LookaheadOpponent,
    MovingAnchor,
    Nesterov,
    OptimisticFTRL,
    Quadratic,
    RMSprop,
    RungeKutta,
    SemiImplicit,
    SimGD,
    Tableau,
    Unrolled,
    analyse,
)
from stabcheck.core import hyper
from stabcheck.core.errors import BadInput, MovesRestPoint, NotApplicable
from stabcheck.declare import registry
from stabcheck.declare.cost import cost
from stabcheck.judge.analysis import Analysis
from stabcheck.judge.resting import linearised
from stabcheck.numeric import update as numeric
from stabcheck.numeric.autodiff import Autodiff
from stabcheck.symbolic.spectral_map import MU
from stabcheck.symbolic.spectrum import Z
from stabcheck.symbolic.update import linearise, model_of
from tests.dealt import dealt
from tests.games import RandomGame
from tests.reference import methods as r

SHAPES = {2: (2, 3), 3: (1, 3, 2), 4: (2, 1, 1, 3)}
GAMMA = 0.375
# One value per player: step, extrapolation step, past weight, momentum.
H, E = (1 / 8, 1 / 16, 3 / 32, 1 / 4), (1 / 16, 1 / 8, 1 / 4, 1 / 32)
B, MOMENTUM = (1 / 16, -1 / 8, 1 / 32, 0), (1 / 2, -1 / 4, 0, 3 / 4)


def tuples(n, values):
    return tuple(sp.Rational(v) for v in values[:n])


def cases(n):
    """Each method with the function that states it a second time."""
    h, e, b, m = (tuples(n, values) for values in (H, E, B, MOMENTUM))
    hf, ef, bf, mf = (values[:n] for values in (H, E, B, MOMENTUM))
    size = sum(SHAPES[n])
    last_first = tuple(reversed(range(n)))
    turns = tuple(range(n))
    yield Flow(h), lambda a, d: r.flow(a, d, hf)
    yield SimGD(h), lambda a, d: r.simgd(a, d, hf)
    yield AltGD(h), lambda a, d: r.altgd(a, d, hf, [1] * n, turns)
    yield (
        AltGD(h, n=(2, 3, 1, 4)[:n], order=last_first),
        lambda a, d: r.altgd(a, d, hf, (2, 3, 1, 4)[:n], last_first),
    )
    yield Extragradient(h), lambda a, d: r.extragradient(a, d, hf)
    yield GeneralisedEG(h, e), lambda a, d: r.generalised_eg(a, d, hf, ef)
    yield (
        Alternating(GeneralisedEG(h, e)),
        lambda a, d: r.alternating(r.generalised_eg(a, d, hf, ef), d, turns),
    )
    yield OGDA(h), lambda a, d: r.ogda(a, d, hf)
    yield Alternating(OGDA(h), last_first), lambda a, d: r.alternating(r.ogda(a, d, hf), d, last_first)
    yield GeneralisedOGDA(h, b), lambda a, d: r.generalised_ogda(a, d, hf, bf)
    yield HeavyBall(h, m), lambda a, d: r.heavy_ball(a, d, hf, mf)
    yield Alternating(HeavyBall(h, m)), lambda a, d: r.alternating(r.heavy_ball(a, d, hf, mf), d, turns)
    yield Nesterov(h, m), lambda a, d: r.nesterov(a, d, hf, mf)
    yield (
        Alternating(Nesterov(h, m), last_first),
        lambda a, d: r.alternating(r.nesterov(a, d, hf, mf), d, last_first),
    )
    yield SGA("1/3", SimGD(h)), lambda a, d: r.sga(a, d, hf, 1 / 3)
    yield AlignedSGA("1/3", "1/10", SimGD(h)), lambda a, d: r.sga(a, d, hf, 1 / 3)
    yield SGA("1/3", AltGD(h)), lambda a, d: r.alternating(r.sga(a, d, hf, 1 / 3), d, turns)
    yield (
        AlignedSGA("1/3", "1/10", Alternating(SimGD(h))),
        lambda a, d: r.alternating(r.sga(a, d, hf, 1 / 3), d, turns),
    )
    yield CGD(h), lambda a, d: r.cgd(a, d, hf)
    yield LCGD(h), lambda a, d: r.lcgd(a, d, hf)
    yield Implicit(h), lambda a, d: r.implicit(a, d, hf)
    yield SemiImplicit(h), lambda a, d: r.semi_implicit(a, d, hf)
    yield RK2(h), lambda a, d: r.runge_kutta(a, d, hf, 2)
    yield RK3(h), lambda a, d: r.runge_kutta(a, d, hf, 3)
    yield RK4(h), lambda a, d: r.runge_kutta(a, d, hf, 4)
    yield Lookahead(3, "1/3", SimGD(h)), lambda a, d: r.lookahead(r.simgd(a, d, hf), size, 3, 1 / 3)
    yield (
        Lookahead(4, "2/3", HeavyBall(h, m)),
        lambda a, d: r.lookahead(r.heavy_ball(a, d, hf, mf), size, 4, 2 / 3),
    )
    yield (
        Lookahead(2, "1/4", Extragradient(h)),
        lambda a, d: r.lookahead(r.extragradient(a, d, hf), size, 2, 1 / 4),
    )
    yield Lookahead(2, 1, CGD(h)), lambda a, d: r.lookahead(r.cgd(a, d, hf), size, 2, 1)
    yield EMA("3/4", SimGD(h)), lambda a, d: r.ema(r.simgd(a, d, hf), size, 3 / 4)
    yield EMA("3/4", OGDA(h)), lambda a, d: r.ema(r.ogda(a, d, hf), size, 3 / 4)
    yield EMA("3/4", Lookahead(3, "1/3", EMA("1/2", HeavyBall(h, m)))), lambda a, d: r.ema(
        r.lookahead(r.ema(r.heavy_ball(a, d, hf, mf), size, 1 / 2), size, 3, 1 / 3), size, 3 / 4)  # fmt: skip
    yield Anchored("1/5", AltGD(h)), lambda a, d: r.anchored(r.altgd(a, d, hf, [1] * n, turns), size, 1 / 5)
    yield MovingAnchor("1/5", "1/3", Nesterov(h, m)), lambda a, d: r.moving_anchor(
        r.nesterov(a, d, hf, mf), size, 1 / 5, 1 / 3)  # fmt: skip
    yield FTRL(h), lambda a, d: r.ftrl(a, d, hf)
    yield OptimisticFTRL(h), lambda a, d: r.optimistic_ftrl(a, d, hf)
    for k in (1, 2, 4):
        yield Chekhov(h, k), lambda a, d, k=k: r.chekhov(a, d, hf, k)
    yield Adam(h, "1/2", "3/4", "1/3"), lambda a, d: r.adam(a, d, hf, 1 / 2, 3 / 4, 1 / 9)
    yield RMSprop(h, "3/4", 2), lambda a, d: r.rmsprop(a, d, hf, 3 / 4, 4)
    yield Adam(h, "1/2", "3/4", "1/3", v="1/4"), lambda a, d: r.adam(a, d, hf, 1 / 2, 3 / 4, 1 / 9 + 1 / 4)
    yield RMSprop(h, "3/4", 2, v=3), lambda a, d: r.rmsprop(a, d, hf, 3 / 4, 7)


def foresight(n):
    """Methods that stay at rest only where players' losses have no slope in the others' coordinates."""
    h, hf, turns = tuples(n, H), H[:n], tuple(range(n))
    yield LOLA("1/3", inner=SimGD(h)), lambda a, d: r.lola(a, d, hf, 1 / 3)
    yield LOLA("1/3", "first-order", SimGD(h)), lambda a, d: r.lola_first_order(a, d, hf, 1 / 3)
    yield LOLA("1/3", inner=AltGD(h)), lambda a, d: r.alternating(r.lola(a, d, hf, 1 / 3), d, turns)
    yield LookaheadOpponent("1/3", SimGD(h)), lambda a, d: r.lookahead_opponent(a, d, hf, 1 / 3)
    for k, leader, gradient in (
        (1, 0, "through"),
        (3, 1, "through"),
        (3, 0, "stopped"),
        (4, n - 1, "through"),
    ):
        expected = partial(r.unrolled, h=hf, k=k, e=1 / 5, leader=leader, through=gradient == "through")
        yield Unrolled(k, "1/5", gradient, leader, SimGD(h)), expected
    yield Unrolled(2, "1/5", inner=AltGD(h)), lambda a, d: r.alternating(
        r.unrolled(a, d, hf, 2, 1 / 5, 0, True), d, turns)  # fmt: skip


ALL = [(n, *case, False) for n in SHAPES for case in cases(n)] + [
    (n, *case, True) for n in SHAPES for case in foresight(n)
]


def show(case):
    n, operator, _, _ = case
    return f"{n}-{operator.chain}"


def exact(case):
    n, operator, expected, aligned = case
    game = RandomGame(seed=n, dims=SHAPES[n], aligned=aligned)
    return game, operator, expected(game.hessians(GAMMA), game.dims)


@cache
def model(game):
    return model_of(game)


@pytest.mark.parametrize("case", ALL, ids=show)
def test_method_agrees_with_its_second_statement(case):
    game, operator, matrix = exact(case)
    symbolic = linearise(model(game), operator, {"gamma": sp.Rational(3, 8)}).matrix.to_Matrix()
    np.testing.assert_allclose(np.array(symbolic, dtype=float), matrix, rtol=1e-10, atol=1e-10)


def in_floats(case):
    game, operator, matrix = exact(case)
    floating = numeric.linearise(game, operator, {"gamma": [GAMMA]})
    np.testing.assert_allclose(floating.jacobian[0], matrix, rtol=1e-9, atol=1e-9)
    assert np.abs(floating.drift).max() < 1e-12


@pytest.mark.parametrize("case", dealt([pytest.param(case) for case in ALL if case[0] == 2], 10), ids=show)
def test_autodiff_agrees_with_the_second_statement(case):
    in_floats(case)


@pytest.mark.whole
@pytest.mark.parametrize("case", [case for case in ALL if case[0] > 2], ids=show)
def test_autodiff_agrees_with_the_second_statement_for_more_players(case):
    in_floats(case)


def test_every_method_is_stated_twice():
    met = {name for _, operator, _, _ in ALL for name in operator.chain.split(":")}
    # A cycle is a product of the others: test_cycle.py has it.
    extra = {"ttur", "lazy", "cycle"}
    assert met | extra == set(registry.declarations("method"))


@pytest.mark.parametrize("fast", dealt([0, 1, 2], 3))
def test_fast_player(fast):
    game = RandomGame(seed=3, dims=SHAPES[3])
    expected = r.ttur(game.hessians(GAMMA), game.dims, fast)
    symbolic = linearise(model_of(game), TTUR(fast), {"gamma": sp.Rational(3, 8)}).matrix.to_Matrix()
    np.testing.assert_allclose(np.array(symbolic, dtype=float), expected, rtol=1e-10, atol=1e-10)
    floating = numeric.linearise(game, TTUR(fast), {"gamma": [GAMMA]})
    np.testing.assert_allclose(floating.jacobian[0], expected, rtol=1e-9, atol=1e-9)


FIELD_ONLY = [
    SimGD("h"), Extragradient("h"), GeneralisedEG("h", "e"), OGDA("h"), GeneralisedOGDA("h", "b"),
    HeavyBall("h", "beta"), Nesterov("h", "beta"), Implicit("h"), SemiImplicit("h"), RK4("h"), FTRL("h"),
    OptimisticFTRL("h"), Adam("h", "beta1", "beta2", "epsilon"), RMSprop("h", "beta2", "epsilon"),
    Lookahead(3, "alpha", HeavyBall("h", "beta")), EMA("beta", OGDA("h")), Anchored("kappa", SimGD("h")),
    MovingAnchor("kappa", "rho", SimGD("h")),
]  # fmt: skip


@pytest.mark.parametrize("operator", dealt(FIELD_ONLY, 3), ids=lambda o: o.chain)
def test_the_spectral_map_carries_eigenvalues_to_eigenvalues(operator):
    """The product of phi(mu, z) over the eigenvalues mu of J is the characteristic polynomial."""
    game = RandomGame(seed=2)
    j = r.flow(game.hessians(GAMMA), game.dims)
    general = analyse(game, operator)
    values = {name: sp.Rational(k + 2, 16) for k, name in enumerate(general.names)} | {
        "gamma": sp.Rational(3, 8)
    }
    matrix = np.array(general.at(**values).here.point.matrix, dtype=float)
    phi = sp.lambdify(
        [MU, Z], general.spectral_map.subs({s: values[s.name] for s in general.symbols if s.name in values})
    )
    for z in (0.3, -1.1, 2 + 1j):
        product = np.prod([phi(mu, z) for mu in np.linalg.eigvals(j)])
        np.testing.assert_allclose(product, np.linalg.det(z * np.eye(len(matrix)) - matrix), rtol=1e-8)


@pytest.mark.parametrize(
    "operator",
    [AltGD("h"), Alternating(HeavyBall("h")), CGD("h"), LCGD("h"), SGA("lam"), LOLA("alpha"), Chekhov("h"),
     HeavyBall("h", ("beta_x", "beta_y")), SimGD(("h_x", "h_y")), Flow(), TTUR()],
    ids=lambda o: o.chain,
)  # fmt: skip
def test_what_sees_more_than_the_field_has_no_spectral_map(operator):
    assert analyse(Quadratic(), operator).spectral_map is None


def test_heavy_ball_has_four_short_eigenvalues():
    result = analyse(Dirac("germ"), HeavyBall("h", "beta"))
    formulas = [formula for form in result.closed_form for formula in form.formulas]
    assert len(formulas) == 4
    assert max(sp.count_ops(f) for f in formulas) < 50
    here = result.at(h="1/3", beta="-1/4", f1="5/4", f2=0)
    values = {s: here.values[s.name] for f in formulas for s in f.free_symbols if s.name in here.values}
    values[sp.Symbol("f1", real=True, nonzero=True)] = sp.Rational(5, 4)
    computed = sorted((complex(f.subs(values)) for f in formulas), key=lambda z: (z.real, z.imag))
    certified = sorted((e.value for e in here.eigenvalues), key=lambda z: (z.real, z.imag))
    np.testing.assert_allclose(computed, certified, rtol=1e-12)


def test_radicals_of_the_flow_get_a_name():
    text = str(analyse(Dirac("gan") + R1("gamma"), HeavyBall("h", "beta")))
    assert "with mu_1 = sqrt(gamma^2/4 - f'(0)^2) - gamma/2" in text
    assert "with mu_2 = -gamma/2 - sqrt(gamma^2/4 - f'(0)^2)" in text


COMPOSED = [
    Lookahead(2, "alpha", Extragradient("h")), SGA("lam", AltGD("h")), LOLA("alpha", inner=AltGD("h")),
    Alternating(HeavyBall("h", "beta")), EMA("beta", CGD("h")), MovingAnchor("kappa", "rho", AltGD("h")),
    Unrolled(2, "e", inner=Lookahead(2, "alpha", SimGD("h"))), Anchored("kappa", Alternating(OGDA("h"))),
]  # fmt: skip


@pytest.mark.parametrize(
    "game", [Dirac("gan") + Consensus("gamma"), RandomGame(aligned=True)], ids=["dirac", "random"]
)
@pytest.mark.parametrize("operator", dealt(COMPOSED, 8), ids=lambda o: o.chain)
def test_methods_compose(game, operator):
    result = analyse(game, operator)
    values = {name: sp.Rational(k + 2, 32) for k, name in enumerate(result.names)}
    verification = result.at(**values).verify(points=2)
    assert verification.status == "agrees", verification.reason
    assert "numeric" in verification.witnesses


@pytest.mark.parametrize(
    "operator",
    dealt([LOLA("alpha", inner=Flow()), LOLA("alpha"), LOLA("alpha", "first-order"), Unrolled(1, "e"),
           Unrolled(3, "e"), Lookahead(2, "1/2", LOLA("1/8"))], 3),
    ids=lambda o: o.chain,
)  # fmt: skip
def test_a_player_who_feels_the_others_moves_the_rest_point(operator):
    result = analyse(RandomGame(seed=5), operator)
    assert result.verdict == "moves the rest point"
    assert result.update_matrix is None
    assert result.eigenvalues is None
    verification = result.verify(points=2)
    # Where inner steps leave the rest point, cubic terms of the losses join the drift.
    assert verification.status == ("skipped" if "lookahead" in operator.chain else "agrees"), (
        verification.reason
    )
    assert verification.witnesses == ("symbolic", "numeric")
    assert analyse(RandomGame(seed=5, aligned=True), operator).verdict != "moves the rest point"


def test_the_drift_is_the_slope_felt_times_the_others_reaction():
    """LOLA: `u_i = alpha sum_j d_i d_j L_j d_j L_i` at rest, by hand from the Hessians."""
    game = RandomGame(seed=5)
    hessians, masks = game.hessians(GAMMA), r.masks(game.dims)
    slopes = [np.array(row, dtype=float) for row in game.linear]
    expected = sum(masks[i] @ hessians[1 - i] @ masks[1 - i] @ slopes[i] for i in (0, 1)) / 8
    result = analyse(game, LOLA("1/8", inner=Flow())).at(gamma="3/8")
    computed = linearise(result.model, result.operator, {"gamma": sp.Rational(3, 8)})
    np.testing.assert_allclose(np.array(computed.drift, dtype=float), expected, rtol=1e-12)
    with pytest.raises(MovesRestPoint) as caught:
        linearised(result.model, result.operator, {"gamma": sp.Rational(3, 8)})
    assert caught.value.drift == computed.drift


def test_a_step_that_does_not_move_is_told_from_one_that_does(monkeypatch):
    from stabcheck.verify import witnesses as verify

    result = analyse(RandomGame(seed=5), LOLA("alpha"))
    still = numeric.Linearised(np.eye(5)[None], np.zeros((2, 5)))
    monkeypatch.setattr(verify, "_autodiff", lambda *_: still)
    verification = result.verify(points=2)
    assert verification.status == "disagrees"
    assert "leaves the equilibrium where it is" in verification.reason


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Lookahead(0), "k must be a whole number from 1 to 100, not 0"),
        (lambda: Lookahead(2, 0), r"slow must be a number in \(0, 1\], not 0"),
        (lambda: Lookahead(2, "3/2"), r"slow must be a number in \(0, 1\], not 3/2"),
        (lambda: Lookahead(2, "1/2", Flow()), "lookahead acts on the steps of a method; flow is a flow"),
        (lambda: EMA("1/2", TTUR()), "ema acts on the steps of a method"),
        (lambda: Anchored(1, SGA(1, Flow())), "anchored acts on the steps of a method; sga is a flow"),
        (lambda: MovingAnchor(1, 2), r"rho must be a number in \(0, 1\]"),
        (lambda: Alternating(Flow()), "alternating acts on the steps of a method"),
        (lambda: EMA(1), r"decay must be a number in \[0, 1\), not 1"),
        (lambda: AlignedSGA(1, 0), "tilt must be a number > 0, not 0"),
        (lambda: Adam(1, 0, 0, 0), "epsilon must be a number > 0, not 0"),
        (lambda: Chekhov("h", 0), "opponents must be a whole number"),
        (lambda: LOLA(1, "fourth"), "unknown value of form 'fourth'"),
        (lambda: Unrolled(0), "unroll must be a whole number"),
        (lambda: analyse(Quadratic(), Unrolled(leader=2)), "leader must be the index of one of the 2"),
        (lambda: analyse(Quadratic(), TTUR(5)), "fast must be the index of one of the 2 players"),
        (lambda: analyse(Quadratic(), Alternating(order=(0, 0))), "order must name each of the 2"),
        (lambda: Tableau(((), ("1/3",)), ("1/2", "1/2"), (0, 1), 2), "row 2 of the tableau sums to 1/3"),
        (lambda: Tableau(((), (1, 0)), ("1/2", "1/2"), (0, 1), 2), "row 2 of an explicit tableau has 1"),
        (lambda: Tableau(((), (1,)), (1,), (0, 1), 2), "a tableau with 1 weights needs 1 rows"),
        (lambda: Tableau(((), (1,)), ("1/3", "1/3"), (0, 1), 1), "no order 1: sum b_i is 2/3 and must be 1"),
        (lambda: Tableau(((), (1,)), ("1/2", "1/2"), (0, 1), 3), "no order 3: sum b_i c_i.2 is 1/2"),
        (lambda: Tableau(((),), (1,), (0,), 5), "order must be 1, 2, 3 or 4, not 5"),
    ],
)  # fmt: skip
def test_invalid_hyperparameters_are_refused(make, message):
    with pytest.raises(BadInput, match=message):
        make()


@pytest.mark.parametrize(
    "inner", [CGD("h"), LCGD("h"), SemiImplicit("h"), LOLA("alpha"), Unrolled()], ids=lambda o: o.chain
)
def test_what_asks_for_second_derivatives_cannot_be_adjusted(inner):
    with pytest.raises(NotApplicable, match="the method inside sga asks for"):
        analyse(Quadratic(), SGA("lam", inner))


@pytest.mark.parametrize(
    "operator", [LOLA("alpha"), LOLA("alpha", "first-order"), LookaheadOpponent(), Unrolled(), TTUR()]
)
def test_what_needs_others_is_refused_by_name_where_there_are_none(operator):
    with pytest.raises(NotApplicable, match=f"{operator.name} .* this game has one player"):
        analyse(RandomGame(dims=(3,)), operator)


ALONE = [cls for name, cls in registry.declarations("method").items()
         if name not in ("lola", "lookahead-opponent", "unrolled", "ttur")]  # fmt: skip


@pytest.mark.parametrize("method", ALONE, ids=lambda cls: cls.name)
def test_one_player_alone(method):
    """Any number of players: one is optimisation, and competition does nothing to it."""
    operator = hyper.rebind(method(), lambda *_: Fraction(1, 8))
    result = Analysis(RandomGame(dims=(3,)), operator).at(gamma="3/8")
    assert result.eigenvalues is not None
    if method in (CGD, LCGD, AltGD, Alternating):
        assert (
            result.here.point.matrix
            == Analysis(RandomGame(dims=(3,)), SimGD("1/8")).at(gamma="3/8").here.point.matrix
        )


def test_a_tableau_of_ones_own():
    """Ralston's method of order two is as good as Heun's to first order, and no step is taken twice."""
    ralston = Tableau(((), ("2/3",)), ("1/4", "3/4"), (0, "2/3"), order=2)
    game = Quadratic("a", "b", "d")
    result = analyse(game, RungeKutta("h", ralston))
    assert result.update_matrix == analyse(game, RK2("h")).update_matrix
    assert result.verify().status == "agrees"


@pytest.mark.parametrize("n", dealt([2, 1, 4], 3))
def test_cost_is_what_a_step_asks(n, monkeypatch):
    """The counts of `list methods` against calls of the JAX oracle, seen from outside."""
    asked = Counter()
    for name in ("grad", "hvp"):
        original = getattr(Autodiff, name)

        def counted(self, *args, name=name, original=original):
            asked[name] += 1
            return original(self, *args)

        monkeypatch.setattr(Autodiff, name, counted)
    operators = [
        AltGD("1/8", n), OGDA("1/8"), Extragradient("1/8"), RK4("1/8"), LCGD("1/8"), Chekhov("1/8", n),
        Lookahead(n, "1/2", SimGD("1/8")), EMA("1/2", Extragradient("1/8")), HeavyBall("1/8", "1/2"),
    ]  # fmt: skip
    with jax.enable_x64(True), jax.disable_jit():
        for operator in operators:
            once, at_rest = numeric.operator_map(RandomGame(), operator, {"gamma": GAMMA})
            asked.clear()
            once(at_rest)
            price = cost(operator)
            # A Hessian product of the JAX oracle differentiates a gradient.
            assert (asked["grad"] - asked["hvp"], asked["hvp"]) == (price.gradients, price.products), operator
            assert len(at_rest) == 5 * (1 + price.memory)


def test_costs_of_methods_that_solve():
    assert asdict(cost(CGD("h"))) == {
        "memory": 0, "gradients": 2, "products": 0,
        "solver": "linear", "inner_gradients": 0, "inner_products": 2,
    }  # fmt: skip
    assert (cost(Implicit("h")).solver, cost(Implicit("h")).inner_gradients) == ("nonlinear", 2)
    assert (cost(SGA("lam")).gradients, cost(SGA("lam")).products) == (2, 4)


def test_what_a_domain_bounds_is_no_condition():
    """`beta < 1` is known of a decay, so an average adds no condition of its own."""
    assert analyse(Bilinear("alpha"), EMA("beta", CGD("h"))).conditions == ()
    assert analyse(Bilinear("alpha"), EMA("beta", CGD("h"))).verdict == "stable"
    assert analyse(Bilinear("alpha"), EMA("beta", SimGD("h"))).verdict == "unstable"
    # A share may be 1 itself, where 1 - alpha vanishes.
    share = sp.Symbol("alpha", positive=True)
    computed = analyse(Bilinear("c"), Lookahead(2, "alpha", AltGD("h"))).conditions
    assert any(share in c.free_symbols and sp.expand(c.subs(share, 1)) == 0 for c in computed)


def test_solves_inside_loops_inside_turns():
    """Rings grow to fields on the way: values and differentials must follow together."""
    result = analyse(RandomGame(seed=4), Alternating(Lookahead(2, "1/3", Implicit("1/8"))))
    assert result.at(gamma="3/8").verify(points=1).status == "agrees"
