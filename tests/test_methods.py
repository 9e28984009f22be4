"""Every method against its second statement, on random games of two, three and four players."""

from __future__ import annotations

from functools import partial

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
    Chekhov,
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
    RMSprop,
    SemiImplicit,
    SimGD,
    Unrolled,
    registry,
)  # fmt: skip
from stabcheck.numeric import update as numeric
from stabcheck.symbolic.update import linearise, model_of
from tests import reference as r
from tests.games import RandomGame

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
    yield Adam(h, "1/2", "3/4", "1/9"), lambda a, d: r.adam(a, d, hf, 1 / 2, 3 / 4, 1 / 9)
    yield RMSprop(h, "3/4", 2), lambda a, d: r.rmsprop(a, d, hf, 3 / 4, 2)


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


@pytest.mark.parametrize("case", ALL, ids=show)
def test_method_agrees_with_its_second_statement(case):
    n, operator, expected, aligned = case
    game = RandomGame(seed=n, dims=SHAPES[n], aligned=aligned)
    matrix = expected(game.hessians(GAMMA), game.dims)
    symbolic = linearise(model_of(game), operator, {"gamma": sp.Rational(3, 8)}).matrix.to_Matrix()
    np.testing.assert_allclose(np.array(symbolic, dtype=float), matrix, rtol=1e-10, atol=1e-10)
    floating = numeric.linearise(game, operator, {"gamma": [GAMMA]})
    np.testing.assert_allclose(floating.jacobian[0], matrix, rtol=1e-9, atol=1e-9)
    assert np.abs(floating.speed).max() < 1e-12


def test_every_method_is_stated_twice():
    met = {name for _, operator, _, _ in ALL for name in operator.chain.split(":")}
    extra = {"ttur"}
    assert met | extra == set(registry.known("method"))


@pytest.mark.parametrize("fast", [0, 1, 2])
def test_fast_player(fast):
    game = RandomGame(seed=3, dims=SHAPES[3])
    expected = r.ttur(game.hessians(GAMMA), game.dims, fast)
    symbolic = linearise(model_of(game), TTUR(fast), {"gamma": sp.Rational(3, 8)}).matrix.to_Matrix()
    np.testing.assert_allclose(np.array(symbolic, dtype=float), expected, rtol=1e-10, atol=1e-10)
    floating = numeric.linearise(game, TTUR(fast), {"gamma": [GAMMA]})
    np.testing.assert_allclose(floating.jacobian[0], expected, rtol=1e-9, atol=1e-9)
