"""Witnesses from outside: optax, other statements of the same method, laws that need no formula of ours."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
import sympy as sp

from stabcheck import (
    CGD,
    FTRL,
    LCGD,
    OGDA,
    R1,
    RK4,
    SGA,
    TTUR,
    Adam,
    Alternating,
    AltGD,
    Bilinear,
    Dirac,
    Extragradient,
    Flow,
    Game,
    GeneralisedEG,
    GeneralisedOGDA,
    HeavyBall,
    Implicit,
    Lookahead,
    Nesterov,
    OptimisticFTRL,
    RMSprop,
    SimGD,
    analyse,
)
from stabcheck.numeric.update import linearise, operator_map
from tests.dealt import dealt
from tests.games import RandomGame

Z = sp.Symbol("z")
GAMMA = 0.375
STEPS = 16
PLAYERS = (slice(0, 2), slice(2, 5))
SEEDS = (0, 1)
H, BETA, PAST = (1 / 16, 1 / 32), (1 / 2, -1 / 4), (1 / 64, 1 / 32)
START = np.array([0.25, -0.125, 0.375, -0.25, 0.125]) / 4
ELSEWHERE = np.array([-0.5, 0.25, 0.125, 0.375, -0.25]) / 4


# The nonlinear game and its orbits


def field(game, x):
    """`v(x)` of `RandomGame`, its gradients taken by hand; the slopes are in the others' coordinates."""
    w, v = x - np.array(game.rest), np.zeros(5)
    for i, own in enumerate(PLAYERS):
        a, (b, c) = np.array(game.quadratic[i]), np.array(game.cubic[i])
        gradient = (a + a.T) @ w / 20 + (c @ w) * ((c @ w) * b + 2 * (b @ w) * c) / 10 + GAMMA * w
        v[own] = -gradient[own]
    return v


def per_player(values):
    return np.repeat(values, (2, 3))


def start(game):
    return np.array(game.rest) + START


def orbit(game, method, *state):
    """The states of `method` from the one given, as rows of flat vectors."""
    with jax.enable_x64(True):
        once, _ = operator_map(game, method, {"gamma": GAMMA})
        once = jax.jit(once)
        states = [jnp.concatenate([jnp.asarray(part, float) for part in state])]
        for _ in range(STEPS):
            states.append(once(states[-1]))
        return np.array(states)


def players(states):
    return states[:, :5]


@pytest.mark.parametrize("seed", dealt(SEEDS, 2))
def test_orbits_start_where_the_game_is_not_linear(seed):
    game = RandomGame(seed=seed)
    ahead, behind = (field(game, np.array(game.rest) + sign * START) for sign in (1, -1))
    assert np.abs(ahead + behind).max() > 0.02 * np.abs(ahead - behind).max()


def same(computed, expected):
    assert np.isfinite(expected).all()
    assert np.abs(np.diff(expected, axis=0)).max(axis=1).min() > 1e-4, "the orbit stands still"
    np.testing.assert_allclose(computed, expected, rtol=1e-11, atol=1e-11)


# optax


def late(state):
    """Every count of steps in an optimiser's state set so high that bias correction is off."""
    return jax.tree.map(lambda a: jnp.full_like(a, 2**30) if a.dtype == jnp.int32 else a, state)


def optax_orbit(game, optimisers):
    """One optimiser per player, each given the gradient `-v` of its own coordinates."""
    with jax.enable_x64(True):
        points = [start(game)]
        states = [
            late(o.init(jnp.asarray(points[0][own]))) for o, own in zip(optimisers, PLAYERS, strict=True)
        ]
        for _ in range(STEPS):
            gradient, after = jnp.asarray(-field(game, points[-1])), points[-1].copy()
            for i, own in enumerate(PLAYERS):
                x = jnp.asarray(after[own])
                updates, states[i] = optimisers[i].update(gradient[own], states[i], x)
                after[own] = optax.apply_updates(x, updates)
            points.append(after)
        return np.array(points)


@pytest.mark.parametrize("seed", dealt(SEEDS, 2))
def test_heavy_ball_is_sgd_with_momentum(seed):
    game = RandomGame(seed=seed)
    expected = optax_orbit(game, [optax.sgd(h, momentum=b) for h, b in zip(H, BETA, strict=True)])
    same(players(orbit(game, HeavyBall(H, BETA), start(game), start(game))), expected)


@pytest.mark.parametrize("seed", dealt(SEEDS, 2))
def test_nesterov_is_optax_in_its_extrapolated_points(seed):
    game = RandomGame(seed=seed)
    expected = optax_orbit(
        game, [optax.sgd(h, momentum=b, nesterov=True) for h, b in zip(H, BETA, strict=True)]
    )
    states = orbit(game, Nesterov(H, BETA), start(game), start(game))
    x, last = states[:, :5], states[:, 5:]
    same(x + per_player(BETA) * (x - last), expected)


@pytest.mark.parametrize("seed", dealt(SEEDS, 2))
def test_ogda_is_optimistic_gradient_descent(seed):
    game = RandomGame(seed=seed)
    expected = optax_orbit(game, [optax.optimistic_gradient_descent(h) for h in H])
    same(players(orbit(game, OGDA(H), start(game), field(game, start(game)))), expected)


@pytest.mark.parametrize("seed", dealt(SEEDS, 2))
def test_generalised_ogda_is_optimistic_gradient_descent_with_weights(seed):
    game = RandomGame(seed=seed)
    pairs = zip(H, PAST, strict=True)
    expected = optax_orbit(
        game, [optax.optimistic_gradient_descent(1.0, alpha=h - b, beta=b) for h, b in pairs]
    )
    same(players(orbit(game, GeneralisedOGDA(H, PAST), start(game), field(game, start(game)))), expected)


@pytest.mark.parametrize("seed", dealt(SEEDS, 2))
def test_adam_is_scale_by_adam_without_bias_correction(seed):
    game = RandomGame(seed=seed)
    scale = optax.scale_by_adam(b1=3 / 4, b2=7 / 8, eps=0.0, eps_root=1 / 16)
    expected = optax_orbit(game, [optax.chain(scale, optax.scale(-h)) for h in H])
    zero = np.zeros(5)
    method = Adam(H, beta1=3 / 4, beta2=7 / 8, epsilon=1 / 4)
    same(players(orbit(game, method, start(game), zero, zero)), expected)


@pytest.mark.parametrize("seed", dealt(SEEDS, 2))
def test_rmsprop_is_optax_with_epsilon_in_the_root(seed):
    game = RandomGame(seed=seed)
    expected = optax_orbit(game, [optax.rmsprop(h, decay=7 / 8, eps=1 / 16, eps_in_sqrt=True) for h in H])
    method = RMSprop(H, beta2=7 / 8, epsilon=1 / 4)
    same(players(orbit(game, method, start(game), np.zeros(5))), expected)


# D08 and Popov: the same orbit by another recursion


@pytest.mark.parametrize("seed", dealt(SEEDS, 2))
def test_ftrl_is_simgd_on_its_own_orbits(seed):
    game = RandomGame(seed=seed)
    path = orbit(game, FTRL(H), start(game), START / per_player(H))
    expected = players(orbit(game, SimGD(H), start(game)))
    same(players(path), expected)
    by_hand = expected[:-1] + per_player(H) * np.array([field(game, x) for x in expected[:-1]])
    np.testing.assert_allclose(expected[1:], by_hand, rtol=1e-12)


@pytest.mark.parametrize("seed", dealt(SEEDS, 2))
def test_optimistic_ftrl_is_ogda_on_its_own_orbits(seed):
    game = RandomGame(seed=seed)
    past = field(game, np.array(game.rest) + ELSEWHERE)
    path = orbit(game, OptimisticFTRL(H), start(game), START / per_player(H) - past)
    same(players(path), players(orbit(game, OGDA(H), start(game), past)))


@pytest.mark.parametrize("seed", dealt(SEEDS, 2))
def test_popov_is_generalised_ogda_in_its_extrapolated_points(seed):
    game, h = RandomGame(seed=seed), per_player(H)
    past = field(game, np.array(game.rest) + ELSEWHERE)
    x, seen, ahead = start(game), past, []
    for _ in range(STEPS + 1):
        ahead.append(x + h * seen)
        seen = field(game, ahead[-1])
        x = x + h * seen
    method = GeneralisedOGDA(tuple(2 * step for step in H), H)
    same(players(orbit(game, method, ahead[0], past)), np.array(ahead))


# C28, C29: taking turns on the bilinear pair

DRIVEN = {"h_d": "z*h_d"}
TURNS = {
    "simgd": (SimGD(("h_g", "h_d")), DRIVEN),
    "heavy-ball": (HeavyBall(("h_g", "h_d"), ("beta_g", "beta_d")), DRIVEN),
    # The extrapolation of player 1 is driven by player 2, who takes the step: h_d e_g stays.
    "generalised-eg": (GeneralisedEG(("h_g", "h_d"), ("e_g", "e_d")), {**DRIVEN, "e_g": "e_g/z"}),
    "extragradient": (Extragradient(("h_g", "h_d")), None),
}


def vanishes(expression):
    return sp.cancel(sp.together(expression)) == 0


def plain(expression):
    """The expression with symbols known by their names alone."""
    return sp.sympify(expression).subs({s: sp.Symbol(s.name) for s in sp.sympify(expression).free_symbols})


def matrix_of(game, method):
    return analyse(game, method).update_matrix.applyfunc(plain)


def characteristic(matrix):
    return sp.expand((Z * sp.eye(matrix.rows) - matrix).det(method="berkowitz"))


def driven_part(matrix):
    """What player 2 takes from player 1, on the stack `(x, y), (x, y), ...`."""
    return sp.Matrix(*matrix.shape, lambda i, j: matrix[i, j] if i % 2 and not j % 2 else 0)


@pytest.mark.parametrize("inner", TURNS)
def test_gauss_seidel_rule(inner):
    """`M_GS = (I - L)^{-1} U`: what drives player 2 gets the factor `z`."""
    simultaneous = matrix_of(Bilinear("alpha"), TURNS[inner][0])
    turns = matrix_of(Bilinear("alpha"), Alternating(TURNS[inner][0]))
    driven = driven_part(simultaneous)
    assert not driven.is_zero_matrix
    assert vanishes(characteristic(turns) - characteristic(simultaneous + (Z - 1) * driven))
    split = (sp.eye(turns.rows) - driven).inv() * (simultaneous - driven)
    assert vanishes(characteristic(turns) - characteristic(split))
    assert not vanishes(characteristic(turns) - characteristic(simultaneous))


@pytest.mark.parametrize("inner", [name for name, (_, rule) in TURNS.items() if rule])
def test_gauss_seidel_rule_on_the_step(inner):
    """Zhang & Yu, Theorem 2.3: `p(z; h_d -> z h_d)` where that is the coupling alone."""
    method, rule = TURNS[inner]
    computed = plain(analyse(Bilinear("alpha"), Alternating(method)).characteristic_polynomial)
    before = plain(analyse(Bilinear("alpha"), method).characteristic_polynomial)
    after = before.subs(
        {sp.Symbol(name): sp.sympify(value) for name, value in rule.items()}, simultaneous=True
    )
    assert vanishes(computed - after)


def test_verlet_has_the_trace_of_altgd():
    """Half a step of one player, a step of the other, half a step: conjugate to `altgd`."""
    h, c = sp.symbols("h c")
    half = sp.Matrix([[1, -h * c / 2], [0, 1]])
    whole = sp.Matrix([[1, 0], [h * c, 1]])
    verlet = half * whole * half
    altgd = matrix_of(Bilinear("c"), AltGD("h"))
    assert sp.expand(verlet.trace() - (2 - h**2 * c**2)) == 0
    assert sp.expand(altgd.trace() - verlet.trace()) == 0
    assert sp.expand(verlet.det()) == sp.expand(altgd.det()) == 1


# C33: a bilinear game is the product of its singular values


@dataclass(frozen=True)
class Coupled(Game):
    """`min_x max_y x^T E y`."""

    entries: tuple[Any, ...] = ()

    @property
    def dims(self):
        return np.shape(self.entries)

    def equilibrium(self, xp):
        return tuple(xp.zeros(n) for n in self.dims)

    def losses(self, xp, *x):
        value = x[0] @ (np.array(self.entries) @ x[1])
        return value, -value


def random_coupling(shape):
    rng = np.random.default_rng(sum(shape))
    return tuple(tuple(row) for row in rng.integers(-4, 5, shape).tolist())


BOTH = (sp.Rational(1, 5), sp.Rational(1, 7))
INERTIA = (sp.Rational(1, 2), sp.Rational(-1, 3))
BY_SIGMA = {
    "simgd": SimGD(BOTH),
    "altgd": AltGD(BOTH, n=(2, 1)),
    "extragradient": Extragradient(BOTH),
    "ogda": OGDA(BOTH),
    "cgd": CGD(BOTH),
    "implicit": Implicit(BOTH),
    "heavy-ball": HeavyBall(BOTH, INERTIA),
    "alternating heavy-ball": Alternating(HeavyBall(BOTH, INERTIA)),
    "rk4": RK4(BOTH),
    "lookahead": Lookahead(3, sp.Rational(1, 3), SimGD(BOTH)),
}


@pytest.mark.parametrize("shape", [(2, 2), (2, 3)])
@pytest.mark.parametrize("name", BY_SIGMA)
def test_matrix_game_is_the_product_over_singular_values(name, shape):
    entries, method = random_coupling(shape), BY_SIGMA[name]
    computed = np.poly(np.array(matrix_of(Coupled(entries), method), dtype=float))
    alpha = sp.Symbol("alpha")
    scalar = matrix_of(Bilinear("alpha"), method)
    at = lambda sigma: np.array(scalar.subs(alpha, sigma), dtype=float)  # noqa: E731
    expected = np.ones(1)
    for sigma in np.linalg.svd(np.array(entries), compute_uv=False):
        expected = np.polymul(expected, np.poly(at(sigma)))
    for _ in range(shape[1] - shape[0]):
        alone = at(0)[1::2, 1::2]
        expected = np.polymul(expected, np.poly(alone))
    np.testing.assert_allclose(computed, expected, rtol=0, atol=1e-10 * np.abs(expected).max())


# A22: two time scales

RATIOS = (10**3, 10**4, 10**5)


def gaps(computed, limits):
    """The distance to `limits` of the nearest of `computed`, one to one."""
    order = lambda values: np.array(sorted(values, key=lambda z: (round(z.real, 6), z.imag)))  # noqa: E731
    return np.abs(order(computed) - order(limits)).max()


def falls_linearly(errors):
    """Ten times the ratio, a tenth of the error."""
    assert errors[0] < 0.1
    for before, after in pairwise(errors):
        assert before / after == pytest.approx(10, rel=0.05)


def at_ratio(game, tau, slow):
    """Slow eigenvalues, and fast ones in the fast player's time."""
    result = analyse(game, Flow((1, tau)))
    roots = [e.value for e in result.eigenvalues for _ in range(e.multiplicity)]
    roots = sorted(roots, key=abs)
    return np.array(roots[:slow]), np.array(roots[slow:]) / tau


def test_two_time_scales_on_the_dirac_gan():
    game = Dirac("gan") + R1("1")
    limits = sorted((e.value for e in analyse(game, TTUR()).eigenvalues), key=abs)
    assert limits == pytest.approx([-1 / 4, -1])
    both = [at_ratio(game, tau, 1) for tau in RATIOS]
    falls_linearly([abs(slow[0] - limits[0]) for slow, _ in both])
    falls_linearly([abs(fast[0] - limits[1]) for _, fast in both])


@pytest.mark.parametrize("seed", dealt(SEEDS, 2))
def test_two_time_scales_on_a_general_game(seed):
    game = RandomGame(GAMMA, seed)
    limit = linearise(game, TTUR()).jacobian[0]
    assert np.abs(limit[:2, 2:]).max() < 1e-12
    both = [at_ratio(game, tau, 2) for tau in RATIOS]
    falls_linearly([gaps(slow, np.linalg.eigvals(limit[:2, :2])) for slow, _ in both])
    falls_linearly([gaps(fast, np.linalg.eigvals(limit[2:, 2:])) for _, fast in both])


# C14, where lookahead over small steps converges


@pytest.mark.parametrize("k", [2, 3, 5, 8])
def test_lookahead_needs_less_than_a_threshold(k):
    threshold = 1 - sp.Rational(1, k)
    result = analyse(Bilinear("alpha"), Lookahead(k, "share", SimGD("h"))).at(alpha=1, h="1/1000")
    assert result.at(share=threshold - sp.Rational(1, 100)).verdict == "stable"
    assert result.at(share=threshold + sp.Rational(1, 100)).verdict == "unstable"


@pytest.mark.parametrize("share", ["1/100", "1/2", "1"])
def test_lookahead_over_one_step_never_helps(share):
    result = analyse(Bilinear("alpha"), Lookahead(1, "share", SimGD("h"))).at(alpha=1, h="1/1000")
    assert result.at(share=share).verdict == "unstable"


@pytest.mark.parametrize(("h", "verdict"), [("999/1000", "stable"), ("1001/1000", "unstable")])
def test_lookahead_over_two_steps_exactly(h, verdict):
    """`y^2 < (2 - 4a)/a`, which is 1 at `a = 2/5`."""
    result = analyse(Bilinear("alpha"), Lookahead(2, "2/5", SimGD("h")))
    assert result.at(alpha=1, h=h).verdict == verdict


# C24: averages of iterates


def mean_of_iterates(method, length):
    matrix = np.array(matrix_of(Bilinear(1), method), dtype=float)
    w = np.array([1.0, -0.5])
    eye, total = np.eye(2), np.zeros(2)
    by_formula = (np.linalg.matrix_power(matrix, length) - eye) @ np.linalg.solve(matrix - eye, w) / length
    for _ in range(length):
        total, w = total + w, matrix @ w
    np.testing.assert_allclose(total / length, by_formula, rtol=1e-8, atol=1e-11)
    return np.linalg.norm(by_formula)


def test_mean_of_altgd_falls_like_one_over_its_length():
    lengths = (10, 100, 1000, 10_000)
    bound = max(length * mean_of_iterates(AltGD("1/2"), length) for length in range(1, 60))
    scaled = [length * mean_of_iterates(AltGD("1/2"), length) for length in lengths]
    assert max(scaled) < 1.01 * bound
    assert bound < 10


def test_mean_of_simgd_diverges():
    means = [mean_of_iterates(SimGD("1/5"), length) for length in (100, 300, 500, 700)]
    assert all(after > 10 * before for before, after in pairwise(means))


# D07: Chekhov's players on u v over a box


def chekhov(horizon):
    """The leader is followed; the critic's regulariser weighs `sqrt(horizon)`. All plays `(u, v)`."""
    plays, total = np.zeros((horizon, 2)), np.zeros(2)
    for t in range(horizon):
        plays[t] = -1 if total[1] > 0 else 1, np.clip(total[0] / np.sqrt(horizon), -1, 1)
        total += plays[t]
    return plays


def best_responses(horizon):
    """Each player answers the other's last move."""
    plays = np.ones((horizon, 2))
    for t in range(1, horizon):
        plays[t] = -plays[t - 1, 1], plays[t - 1, 0]
    return plays


def gap(u, v):
    """What both would gain by their best responses in [-1, 1]."""
    corners = np.array([-1, 1])
    return (u * corners).max() - (corners * v).min()


def passes(horizon, play):
    return gap(*play) * np.sqrt(horizon) < 3


@pytest.mark.parametrize("horizon", [100, 1000, 10_000])
def test_average_of_chekhov_play_closes_the_gap(horizon):
    plays = chekhov(horizon)
    assert passes(horizon, plays.mean(axis=0))
    assert not passes(horizon, best_responses(horizon)[-1])
    assert not passes(horizon, plays[-1])


# C10: who converges where


RADII = {
    "simgd": (SimGD("1/5"), (1.0198, 1.1662, 1.5620)),
    "lcgd": (LCGD("1/5"), (0.9806, 0.8773, 1.2781)),
    "sga": (SGA(1, SimGD("1/5")), (0.8246, 1.0, 6.3151)),
    "ogda": (OGDA("1/5"), (0.9789, 1.0574, 2.3448)),
    "cgd": (CGD("1/5"), (0.9806, 0.8575, 0.6402)),
    "implicit": (Implicit("1/5"), (0.9806, 0.8575, 0.6402)),
}


@pytest.mark.parametrize("name", RADII)
def test_radii_of_the_published_comparison(name):
    method, expected = RADII[name]
    result = analyse(Bilinear("alpha"), method)
    computed = [result.at(alpha=alpha).spectral_radius for alpha in (1, 3, 6)]
    assert computed == pytest.approx(expected, abs=5e-5)


def test_only_implicit_moves_stand_a_strong_coupling():
    radius = {name: analyse(Bilinear(6), method).spectral_radius for name, (method, _) in RADII.items()}
    assert {name for name, r in radius.items() if r < 1} == {"cgd", "implicit"}
