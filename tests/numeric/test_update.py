"""Away from rest: every method's full nonlinear step against plain NumPy, stated a second time.

The losses of `RandomGame` are written out with gradients and Hessians in closed form. Where a gradient
runs through the steps of others, it is a central difference of the composed loss.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import pytest

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
)
from stabcheck.declare import registry
from stabcheck.numeric.update import operator_map
from tests.dealt import dealt
from tests.games import RandomGame

GAMMA = 0.375
# One value per player: step, step ahead, past weight, momentum, speed, sub-steps.
H, E, B = (0.06, 0.04, 0.08), (0.05, 0.09, 0.07), (0.03, -0.05, 0.02)
MOMENTUM, TAU, SUBSTEPS = (0.5, -0.25, 0.7), (0.75, 1.5, 2.25), (2, 1, 3)
ORDERS = {2: (1, 0), 3: (2, 0, 1)}
LAM, ALPHA, AHEAD, SHARE = 0.3, 0.06, 0.05, 0.35
KAPPA, RHO, DECAY, BETA1, BETA2, EPSILON = 0.2, 0.3, 0.8, 0.6, 0.7, 0.2
TILT = 0.1

CLOSED, DIFFERENCES = 1e-10, 1e-6
CURVED = 0.05
"""Least share of a step that its linearisation misses."""


class Witness:
    """`RandomGame` in NumPy, with its players' slices and their own step sizes."""

    def __init__(self, dims, seed):
        self.game = RandomGame(dims=dims, seed=seed, aligned=False)
        self.rest = np.array(self.game.rest, dtype=float)
        self.players, self.size = range(len(dims)), sum(dims)
        self.parts = [slice(sum(dims[:i]), sum(dims[: i + 1])) for i in self.players]
        self.order = ORDERS[len(dims)]
        steps = (H, E, B, MOMENTUM, TAU, SUBSTEPS)
        self.h, self.e, self.b, self.beta, self.tau, self.n = (row[: len(dims)] for row in steps)

    def __repr__(self):
        return "+".join(map(str, self.game.dims))

    def _terms(self, i, x):
        w = x - self.rest
        a = np.array(self.game.quadratic[i], dtype=float)
        b, c = np.array(self.game.cubic[i], dtype=float)
        own = np.zeros(self.size)
        own[self.parts[i]] = 1
        return w, a, b, c, own

    def loss(self, i, x):
        w, a, b, c, own = self._terms(i, x)
        slope = np.array(self.game.linear[i]) @ w
        return w @ a @ w / 20 + (b @ w) * (c @ w) ** 2 / 10 + slope + GAMMA * (own * w) @ w / 2

    def grad(self, i, x):
        w, a, b, c, own = self._terms(i, x)
        cubic = b * (c @ w) ** 2 + 2 * c * (b @ w) * (c @ w)
        return (a + a.T) @ w / 20 + cubic / 10 + np.array(self.game.linear[i]) + GAMMA * own * w

    def hessian(self, i, x):
        w, a, b, c, own = self._terms(i, x)
        mixed = np.outer(b, c) + np.outer(c, b)
        cubic = 2 * (c @ w) * mixed + 2 * (b @ w) * np.outer(c, c)
        return (a + a.T) / 20 + cubic / 10 + GAMMA * np.diag(own)

    def v(self, x):
        """Every player's own descent direction."""
        return np.concatenate([-self.grad(i, x)[s] for i, s in enumerate(self.parts)])

    def jacobian(self, x):
        """`v'(x)`, player by player."""
        return np.vstack([-self.hessian(i, x)[s] for i, s in enumerate(self.parts)])

    def scaled(self, h, u):
        """The blocks of `u`, each times its own player's number."""
        return np.concatenate([h[i] * u[s] for i, s in enumerate(self.parts)])

    def step(self, u):
        return self.scaled(self.h, u)

    def others(self, i):
        return [j for j in self.players if j != i]


# Seeds at which best responses and implicit steps are near: Newton's method settles within 8 steps.
GAMES = [Witness((2, 3), 6), Witness((1, 2, 2), 6)]


def slope(fn, x, part, eps=3e-3):
    """The derivatives of `fn` in the coordinates `part`, by central differences of order six."""
    computed = []
    for row in eps * np.eye(len(x))[part]:
        pairs = [(fn(x + m * row) - fn(x - m * row)) / eps for m in (1, 2, 3)]
        computed.append(np.dot((3 / 4, -3 / 20, 1 / 60), pairs))
    return np.array(computed)


def newton(fn, derivative, x, steps=12):
    for _ in range(steps):
        x = x - np.linalg.solve(derivative(x), fn(x))
    return x


# Each step takes the game, the players and what is remembered, and returns them as they are after.


def simgd(g, x):
    return [x + g.step(g.v(x))]


def in_turn(g, x, field, n, order):
    """For each player in turn, `n` times, its own block moves along `field`."""
    x = x.copy()
    for i in order:
        for _ in range(n[i]):
            x[g.parts[i]] += g.h[i] * field(x)[g.parts[i]]
    return [x]


def altgd(g, x):
    return in_turn(g, x, g.v, g.n, g.order)


def altgd_plain(g, x):
    return in_turn(g, x, g.v, [1] * len(g.players), g.players)


def extragradient(g, x):
    return [x + g.step(g.v(x + g.step(g.v(x))))]


def generalised_eg(g, x):
    return [x + g.step(g.v(x + g.scaled(g.e, g.v(x))))]


def ogda(g, x, past):
    return [x + g.step(2 * g.v(x) - past), g.v(x)]


def generalised_ogda(g, x, past):
    return [x + g.step(g.v(x)) - g.scaled(g.b, past), g.v(x)]


def heavy_ball(g, x, last):
    return [x + g.step(g.v(x)) + g.scaled(g.beta, x - last), x]


def nesterov(g, x, last):
    y = x + g.scaled(g.beta, x - last)
    return [y + g.step(g.v(y)), x]


def alternating_heavy_ball(g, x, last):
    x, last = x.copy(), last.copy()
    for i in g.order:
        s = g.parts[i]
        move = -g.h[i] * g.grad(i, x)[s] + g.beta[i] * (x[s] - last[s])
        last[s] = x[s]
        x[s] += move
    return [x, last]


def alternating_ogda(g, x, past):
    x, past = x.copy(), past.copy()
    for i, s in enumerate(g.parts):
        v = -g.grad(i, x)[s]
        x[s] += g.h[i] * (2 * v - past[s])
        past[s] = v
    return [x, past]


def alternating_generalised_eg(g, x):
    x = x.copy()
    for i in g.order:
        ahead = x + g.scaled(g.e, g.v(x))
        x[g.parts[i]] -= g.h[i] * g.grad(i, ahead)[g.parts[i]]
    return [x]


def twisted(g, x):
    """`xi` and `A^T xi`, where `A` is the antisymmetric part of `xi'`."""
    xi, slopes = -g.v(x), -g.jacobian(x)
    return xi, (slopes - slopes.T).T @ xi / 2


def sga_field(g, x):
    xi, turn = twisted(g, x)
    return -(xi + LAM * turn)


def sga(g, x):
    return [x + g.step(sga_field(g, x))]


def sga_altgd(g, x):
    return in_turn(g, x, lambda y: sga_field(g, y), g.n, g.order)


def alignment(g, x, n=None):
    """The sign that `sga-aligned` gives its adjustment."""
    xi, turn = twisted(g, x)
    uphill = -g.jacobian(x).T @ xi
    return np.sign((xi @ uphill) * (turn @ uphill) / (n or g.size) + TILT)


def sga_aligned(g, x):
    xi, turn = twisted(g, x)
    return [x - g.step(xi + LAM * alignment(g, x) * turn)]


def cgd(g, x):
    """`d_i` minimises `<d_i L_i, d_i> + sum_j <d_i, d_i d_j L_i d_j> + |d_i|^2/(2 h_i)`, all at once."""
    system, downhill = np.zeros((g.size, g.size)), np.zeros(g.size)
    for i, s in enumerate(g.parts):
        system[s, s] = np.eye(s.stop - s.start) / g.h[i]
        downhill[s] = -g.grad(i, x)[s]
        for j in g.others(i):
            system[s, g.parts[j]] = g.hessian(i, x)[s, g.parts[j]]
    return [x + np.linalg.solve(system, downhill)]


def lcgd(g, x):
    """The same with the others' moves in the products replaced by those of `simgd`."""
    after = x.copy()
    for i, s in enumerate(g.parts):
        felt = g.grad(i, x)[s]
        for j in g.others(i):
            t = g.parts[j]
            felt = felt - g.hessian(i, x)[s, t] @ (g.h[j] * g.grad(j, x)[t])
        after[s] -= g.h[i] * felt
    return [after]


def backward_euler(g, x, steps):
    matrix = np.diag(np.concatenate([np.full(s.stop - s.start, g.h[i]) for i, s in enumerate(g.parts)]))
    residual = lambda y: y - x - matrix @ g.v(y)  # noqa: E731
    y = newton(residual, lambda y: np.eye(g.size) - matrix @ g.jacobian(y), x, steps)
    return y, residual(y)


def implicit(g, x):
    y, residual = backward_euler(g, x, steps=12)
    assert np.abs(residual).max() < 1e-13
    return [y]


def semi_implicit(g, x):
    return [backward_euler(g, x, steps=1)[0]]


def foreseen(g, i, x, e, k):
    """The point after `k` simultaneous steps `e` of all players but `i`."""
    for _ in range(k):
        y = x.copy()
        for j in g.others(i):
            y[g.parts[j]] = x[g.parts[j]] - e * g.grad(j, x)[g.parts[j]]
        x = y
    return x


def through(g, i, x, e, k):
    """What player `i` follows if it differentiates its loss through the others' steps."""
    return -slope(lambda y: g.loss(i, foreseen(g, i, y, e, k)), x, g.parts[i])


def stopped(g, i, x, e, k):
    """What it follows if it does not."""
    return -g.grad(i, foreseen(g, i, x, e, k))[g.parts[i]]


def lola_field(g, x):
    return np.concatenate([through(g, i, x, ALPHA, 1) for i in g.players])


def lola(g, x):
    return [x + g.step(lola_field(g, x))]


def lola_altgd(g, x):
    return in_turn(g, x, lambda y: lola_field(g, y), g.n, g.order)


def lookahead_opponent(g, x):
    return [x + g.step(np.concatenate([stopped(g, i, x, ALPHA, 1) for i in g.players]))]


def expanded(g, i, x):
    """`L_i + alpha sum_{j != i} <v_j, d_j L_i>`."""
    products = (g.grad(j, x)[g.parts[j]] @ g.grad(i, x)[g.parts[j]] for j in g.others(i))
    return g.loss(i, x) - ALPHA * sum(products)


def lola_first_order(g, x):
    after = x.copy()
    for i, s in enumerate(g.parts):
        felt = g.grad(i, x)[s]
        for j in g.others(i):
            t = g.parts[j]
            influence = g.hessian(i, x)[s, t] @ g.grad(j, x)[t] + g.hessian(j, x)[s, t] @ g.grad(i, x)[t]
            felt = felt - ALPHA * influence
        after[s] -= g.h[i] * felt
    return [after]


def unrolled(leader, k, seen):
    def step(g, x):
        v = g.v(x)
        v[g.parts[leader]] = seen(g, leader, x, AHEAD, k)
        return [x + g.step(v)]

    return step


def lookahead(g, x, last):
    y = x
    for _ in range(3):
        y, last = heavy_ball(g, y, last)
    return [x + SHARE * (y - x), last]


def rk2(g, x):
    k1 = g.v(x)
    k2 = g.v(x + g.step(k1))
    return [x + g.step(k1 + k2) / 2]


def rk3(g, x):
    k1 = g.v(x)
    k2 = g.v(x + g.step(k1) / 2)
    k3 = g.v(x - g.step(k1) + 2 * g.step(k2))
    return [x + g.step(k1 + 4 * k2 + k3) / 6]


def rk4(g, x):
    k1 = g.v(x)
    k2 = g.v(x + g.step(k1) / 2)
    k3 = g.v(x + g.step(k2) / 2)
    k4 = g.v(x + g.step(k3))
    return [x + g.step(k1 + 2 * k2 + 2 * k3 + k4) / 6]


def ema(g, x, last, average):
    after, last = heavy_ball(g, x, last)
    return [after, last, DECAY * average + (1 - DECAY) * after]


def anchored(g, x, past):
    after, past = ogda(g, x, past)
    return [after + KAPPA * (g.rest - x), past]


def moving_anchor(g, x, last, anchor):
    after, last = heavy_ball(g, x, last)
    return [after + KAPPA * (anchor - x), last, anchor + RHO * (x - anchor)]


def ftrl(g, x, total):
    total = total + g.v(x)
    return [g.rest + g.step(total), total]


def optimistic_ftrl(g, x, total):
    total = total + g.v(x)
    return [g.rest + g.step(total + g.v(x)), total]


def chekhov(g, x, last, older):
    after = x.copy()
    for i, s in enumerate(g.parts):
        for opponents in (x, last, older):
            met = opponents.copy()
            met[s] = x[s]
            after[s] -= g.h[i] * g.grad(i, met)[s] / 3
    return [after, x, last]


def adam(g, x, mean, square):
    mean = BETA1 * mean + (1 - BETA1) * g.v(x)
    square = BETA2 * square + (1 - BETA2) * g.v(x) ** 2
    return [x + g.step(mean / np.sqrt(square + EPSILON**2)), mean, square]


def rmsprop(g, x, square):
    square = BETA2 * square + (1 - BETA2) * g.v(x) ** 2
    return [x + g.step(g.v(x) / np.sqrt(square + EPSILON**2)), square]


def ttur(fast):
    def velocity(g, x):
        s = g.parts[fast]
        f = g.players[fast]

        def at(y):
            return np.concatenate([x[: s.start], y, x[s.stop :]])

        y = newton(lambda y: g.grad(f, at(y))[s], lambda y: g.hessian(f, at(y))[s, s], x[s])
        assert np.abs(g.grad(f, at(y))[s]).max() < 1e-13
        v = g.v(at(y))
        v[s] = g.v(x)[s]
        return [v]

    return velocity


def flow(g, x):
    return [g.scaled(g.tau, g.v(x))]


class Case(NamedTuple):
    """A method and its second statement.

    `memory` has one letter for each vector remembered: a `p`oint, a `v`elocity, a `s`quare.
    """

    label: str
    operator: Callable[[Witness], Any]
    step: Callable[..., list[np.ndarray]]
    memory: str = ""
    tolerance: float = CLOSED


CASES = [
    Case("simgd", lambda g: SimGD(g.h), simgd),
    Case("altgd", lambda g: AltGD(g.h, g.n, g.order), altgd),
    Case("altgd-first-to-last", lambda g: AltGD(g.h, 1), altgd_plain),
    Case("extragradient", lambda g: Extragradient(g.h), extragradient),
    Case("generalised-eg", lambda g: GeneralisedEG(g.h, g.e), generalised_eg),
    Case("ogda", lambda g: OGDA(g.h), ogda, "v"),
    Case("generalised-ogda", lambda g: GeneralisedOGDA(g.h, g.b), generalised_ogda, "v"),
    Case("heavy-ball", lambda g: HeavyBall(g.h, g.beta), heavy_ball, "p"),
    Case("nesterov", lambda g: Nesterov(g.h, g.beta), nesterov, "p"),
    Case(
        "alternating-heavy-ball",
        lambda g: Alternating(HeavyBall(g.h, g.beta), g.order),
        alternating_heavy_ball,
        "p",
    ),
    Case("alternating-ogda", lambda g: Alternating(OGDA(g.h)), alternating_ogda, "v"),
    Case(
        "alternating-generalised-eg",
        lambda g: Alternating(GeneralisedEG(g.h, g.e), g.order),
        alternating_generalised_eg,
    ),
    Case("sga", lambda g: SGA(LAM, SimGD(g.h)), sga),
    Case("sga-altgd", lambda g: SGA(LAM, AltGD(g.h, g.n, g.order)), sga_altgd),
    Case("cgd", lambda g: CGD(g.h), cgd),
    Case("lcgd", lambda g: LCGD(g.h), lcgd),
    Case("implicit", lambda g: Implicit(g.h), implicit),
    Case("semi-implicit", lambda g: SemiImplicit(g.h), semi_implicit),
    Case("lola", lambda g: LOLA(ALPHA, "exact", SimGD(g.h)), lola, "", DIFFERENCES),
    Case(
        "lola-altgd",
        lambda g: LOLA(ALPHA, "exact", AltGD(g.h, g.n, g.order)),
        lola_altgd,
        "",
        DIFFERENCES,
    ),
    Case("lola-first-order", lambda g: LOLA(ALPHA, "first-order", SimGD(g.h)), lola_first_order),
    Case("lookahead-opponent", lambda g: LookaheadOpponent(ALPHA, SimGD(g.h)), lookahead_opponent),
    Case("lookahead", lambda g: Lookahead(3, SHARE, HeavyBall(g.h, g.beta)), lookahead, "p"),
    Case("rk2", lambda g: RK2(g.h), rk2),
    Case("rk3", lambda g: RK3(g.h), rk3),
    Case("rk4", lambda g: RK4(g.h), rk4),
    Case("ema", lambda g: EMA(DECAY, HeavyBall(g.h, g.beta)), ema, "pp"),
    Case("anchored", lambda g: Anchored(KAPPA, OGDA(g.h)), anchored, "v"),
    Case("moving-anchor", lambda g: MovingAnchor(KAPPA, RHO, HeavyBall(g.h, g.beta)), moving_anchor, "pp"),
    Case("ftrl", lambda g: FTRL(g.h), ftrl, "v"),
    Case("optimistic-ftrl", lambda g: OptimisticFTRL(g.h), optimistic_ftrl, "v"),
    Case("chekhov", lambda g: Chekhov(g.h, 3), chekhov, "pp"),
    Case("adam", lambda g: Adam(g.h, BETA1, BETA2, EPSILON), adam, "vs"),
    Case("rmsprop", lambda g: RMSprop(g.h, BETA2, EPSILON), rmsprop, "s"),
    Case("ttur", lambda g: TTUR(), ttur(-1)),
    Case("ttur-first", lambda g: TTUR(0), ttur(0)),
    Case("flow", lambda g: Flow(g.tau), flow),
]
ALIGNED = Case("sga-aligned", lambda g: AlignedSGA(LAM, TILT, SimGD(g.h)), sga_aligned)


def unrolled_case(leader, k, gradient):
    seen, tolerance = (through, DIFFERENCES) if gradient == "through" else (stopped, CLOSED)
    return Case(
        f"unrolled-{gradient}-{k}-leader-{leader}",
        lambda g: Unrolled(k, AHEAD, gradient, leader, SimGD(g.h)),
        unrolled(leader, k, seen),
        "",
        tolerance,
    )


def cases_of(g):
    leaders = [(i, k, way) for i in g.players for k in (1, 3) for way in ("through", "stopped")]
    return CASES + [unrolled_case(*leader) for leader in leaders]


def resting(g, memory):
    """The state at rest, one row for the players and one for each vector remembered."""
    return np.array([g.rest if kind == "p" else 0 * g.rest for kind in "p" + memory])


def nearby(g, memory, seed=0):
    """A state off it by 0.3 in each row, what is remembered as arbitrary as the players."""
    shift = np.random.default_rng(seed).standard_normal((1 + len(memory), g.size))
    shift *= 0.3 / np.linalg.norm(shift, axis=1, keepdims=True)
    for row, kind in zip(shift[1:], memory, strict=True):
        row[:] = np.abs(row) if kind == "s" else row
    return resting(g, memory) + shift


def compare(case, g, state):
    """Hold one step of stabcheck's against NumPy's, each row relative to the length of its move."""
    operator = case.operator(g)
    with jax.enable_x64(True):
        once, at_rest = operator_map(g.game, operator, {"gamma": GAMMA})
        computed = np.asarray(once(jnp.asarray(state.ravel()))).reshape(state.shape)
    np.testing.assert_allclose(at_rest, resting(g, case.memory).ravel(), rtol=0, atol=1e-13)
    wanted = np.array(case.step(g, *state))
    moves = wanted - state if operator.discrete else wanted
    assert np.abs(moves[0]).max() < (2 if operator.discrete else 5), "the step is not tame"
    for after, due, move in zip(computed, wanted, moves, strict=True):
        np.testing.assert_allclose(after, due, rtol=0, atol=case.tolerance * np.abs(move).max())
    return wanted, moves


def linearised(case, g, state, eps=1e-4):
    """NumPy's step from `state` to first order around rest."""
    at = lambda t: np.array(case.step(g, *(rest + t * (state - rest))))  # noqa: E731
    rest = resting(g, case.memory)
    return at(0) + (at(eps) - at(-eps)) / (2 * eps)


PAIRS = [pytest.param(g, case, id=f"{g}-{case.label}") for g in GAMES for case in cases_of(g)]


@pytest.mark.parametrize(("g", "case"), dealt(PAIRS, 20))
def test_the_step_is_the_formula_away_from_rest(g, case):
    state = nearby(g, case.memory)
    wanted, moves = compare(case, g, state)
    missed = np.abs(wanted - linearised(case, g, state))[0].max()
    assert missed > CURVED * np.abs(moves[0]).max()


@pytest.mark.parametrize("g", dealt(GAMES, 2), ids=repr)
def test_sga_aligned_with_either_sign(g):
    states = [nearby(g, "", seed) for seed in range(40)]
    # The second sign is the one without the division by the number of coordinates.
    signs = {(alignment(g, state[0]), alignment(g, state[0], n=1)): state for state in states}
    assert set(signs) == {(1, 1), (-1, -1), (1, -1)}
    for (sign, _), state in signs.items():
        wanted, moves = compare(ALIGNED, g, state)
        xi, turn = twisted(g, state[0])
        other = state[0] - g.step(xi - LAM * sign * turn)
        assert np.abs(wanted[0] - other).max() > CURVED * np.abs(moves).max()
        assert np.abs(wanted - linearised(ALIGNED, g, state)).max() > CURVED * np.abs(moves).max()


@pytest.mark.parametrize("g", GAMES, ids=repr)
def test_one_newton_step_is_not_the_implicit_one(g):
    (x,) = nearby(g, "")
    (full,), (one,) = implicit(g, x), semi_implicit(g, x)
    assert np.abs(full - one).max() > CURVED * np.abs(full - x).max()


@pytest.mark.parametrize("g", GAMES, ids=repr)
def test_the_closed_forms_are_the_derivatives_of_the_losses(g):
    (x,) = nearby(g, "")
    for i in g.players:
        gradient = slope(lambda y, i=i: g.loss(i, y), x, slice(None))
        np.testing.assert_allclose(g.grad(i, x), gradient, rtol=1e-9, atol=1e-9)
        hessian = slope(lambda y, i=i: g.grad(i, y), x, slice(None))
        np.testing.assert_allclose(g.hessian(i, x), hessian, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("g", GAMES, ids=repr)
def test_first_order_lola_descends_the_expanded_loss(g):
    (x,) = nearby(g, "")
    downhill = np.concatenate([-slope(lambda y, i=i: expanded(g, i, y), x, g.parts[i]) for i in g.players])
    np.testing.assert_allclose(lola_first_order(g, x)[0], x + g.step(downhill), rtol=0, atol=1e-10)


def test_every_method_is_held_against_numpy():
    g = GAMES[0]
    met = {name for case in [*cases_of(g), ALIGNED] for name in case.operator(g).chain.split(":")}
    # A cycle is a product of the others: test_cycle.py has it.
    assert met | {"lazy", "cycle"} == set(registry.declarations("method"))
