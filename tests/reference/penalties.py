"""The penalties a second time: what each adds to the gradients, by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tests.reference.games import normal, uniform
from tests.reference.gan import Samples
from tests.reference.losses import Loss
from tests.reference.statement import Meaningless, jacobian

FEW = 12
"""Nodes on a segment; exact for what is a polynomial of degree 23."""


# What changes the game itself


def noisy(samples, sigma, nodes):
    """`x + sigma e`: every sample becomes as many as `e` has nodes."""
    e, mass = normal(nodes, samples.at.shape[1])
    at = (samples.at[:, None] + sigma * e).reshape(-1, e.shape[1])
    return Samples(at, np.outer(samples.mass, mass).ravel(), np.repeat(samples.slope, len(e), axis=0))


def noise_unequal(game, sigma_real, sigma_fake):
    gan = game.gan
    made = lambda theta: noisy(gan.made(theta), sigma_fake, gan.nodes)  # noqa: E731
    return replace(gan, data=noisy(gan.data, sigma_real, gan.nodes), made=made).statement


def noise(game, sigma, on):
    return noise_unequal(game, sigma if on != "fake" else 0, sigma if on != "real" else 0)


def temperature(game, temperature):
    return replace(game.gan, critic=replace(game.gan.critic, temperature=temperature)).statement


def smoothing(game, share):
    loss = game.gan.loss
    if loss.real is None:
        raise Meaningless("the critic looks at pairs")
    real = lambda a: (1 - share) * loss.real(a) + share * loss.fake(a)  # noqa: E731
    smoothed = Loss(lambda a, b: (real(a), loss.fake(b)), loss.generator, real, loss.fake)
    return replace(game.gan, loss=smoothed).statement


def clip(game, w):
    def put(x):
        theta = sum(game.gan.dims[0]) if game.gan else game.dims[0]
        return np.concatenate([x[:theta], np.clip(x[theta:], -w, w)])

    return replace(game, put=put)


# What is added to the losses


def more(game, gradients, **others):
    """The game with these gradients added to those of its losses."""
    return replace(game, gradients=lambda x: game.gradients(x) + gradients(x), without=game.bare, **others)


def on_critics(game, term):
    """`term(psi, theta)` is the gradients of what is added to each critic's loss."""
    gan = game.gan

    def gradients(x):
        theta, critics = gan.sides(x)
        rows = [gan.row(k, *term(psi, theta)) for k, psi in enumerate(critics)]
        return np.array([*[0 * rows[0]] * len(gan.dims[0]), *rows])

    return more(game, gradients)


def both(*terms):
    return tuple(map(sum, zip(*terms, strict=True)))


def gp(game, gamma):
    return gp_anisotropic(game, gamma, gamma)


def gp_anisotropic(game, gamma, gamma_t):
    gan = game.gan
    weights = np.where(np.arange(gan.data.at.shape[1]), gamma_t, gamma)
    return on_critics(game, lambda psi, theta: gan.steepened(psi, gan.data, lambda s: weights * s))


def r2(game, gamma):
    gan = game.gan
    return on_critics(game, lambda psi, theta: gan.steepened(psi, gan.made(theta), lambda s: gamma * s))


def between(gan, theta):
    """Points of the segments from samples of the data to generated ones."""
    made, (t, mass) = gan.made(theta), uniform(FEW)
    i, j, k = np.indices((len(gan.data.at), len(made.at), len(t))).reshape(3, -1)
    share = (1 + t[:, 0]) / 2
    at = (1 - share[k, None]) * gan.data.at[i] + share[k, None] * made.at[j]
    return Samples(at, gan.data.mass[i] * made.mass[j] * mass[k], share[k, None, None] * made.slope[j])


def sgp(game, rho, mass, measure):
    gan = game.gan
    push = lambda s: rho * mass * s  # noqa: E731
    on = {
        "data": lambda psi, theta: gan.steepened(psi, gan.data, push),
        "generated": lambda psi, theta: gan.steepened(psi, gan.made(theta), push),
        "segment": lambda psi, theta: gan.steepened(psi, between(gan, theta), push),
    }
    halves = lambda *at: tuple(part / 2 for part in both(on["data"](*at), on["generated"](*at)))  # noqa: E731
    return on_critics(game, {**on, "both": halves}[measure])


def to_norm(gamma, g0):
    """The gradient of `gamma/2 (|s| - g0)^2`, which has none at 0."""

    def push(slope):
        with np.errstate(divide="ignore", invalid="ignore"):
            return gamma * (1 - g0 / np.sqrt((slope * slope).sum(axis=1, keepdims=True))) * slope

    return push


def wgan_gp(game, gamma, g0):
    gan, push = game.gan, to_norm(gamma, g0)
    return on_critics(game, lambda psi, theta: gan.steepened(psi, between(gan, theta), push))


def dragan(game, gamma, g0, sigma):
    gan, push = game.gan, to_norm(gamma, g0)
    around = noisy(gan.data, sigma, gan.nodes)
    return on_critics(game, lambda psi, theta: gan.steepened(psi, around, push))


def lecam(game, lam, a_real, a_fake):
    gan = game.gan

    def term(psi, theta):
        made = gan.made(theta)
        sides = ((gan.data, a_fake), (made, a_real))
        return both(*(gan.pulled(psi, s, 2 * lam * (gan.critic.value(psi, s.at) - at)) for s, at in sides))

    return on_critics(game, term)


def mode(game, lam1, lam2):
    gan = game.gan
    data = gan.data
    if gan.remade is None:
        raise Meaningless("the game has no encoder")

    def faced(k, psi, theta):
        at, slope = gan.remade(theta, data.at)
        remade = Samples(at, data.mass, slope)
        seen = gan.loss.generator(gan.critic.value(psi, data.at), gan.critic.value(psi, at))
        pulls = both(*(gan.pulled(psi, s, d) for s, d in zip((data, remade), seen, strict=True)))
        return gan.row(k, *pulls)

    def gradients(x):
        theta, critics = gan.sides(x)
        at, slope = gan.remade(theta, data.at)
        back = 2 * np.einsum("k,kd,kdp->p", data.mass, at - data.at, slope)
        seen = sum(faced(k, psi, theta) for k, psi in enumerate(critics)) / len(critics)
        row = lam1 * gan.row(0, back, np.zeros(gan.dims[1][0])) + lam2 * seen
        return np.array([*[row] * len(gan.dims[0]), *[0 * row] * len(critics)])

    return more(game, gradients)


def decay(game, lam):
    strengths = np.broadcast_to(np.asarray(lam, dtype=float), len(game.dims))
    pulls = np.array([strength * p for strength, p in zip(strengths, game.masks, strict=True)])
    return more(game, lambda x: pulls @ x)


def of_speeds(game, weights):
    """`L_i += sum_k W_ik |d_k L_k|^2/2`, of gradients `r_k = P_k grad L_k` with slopes `P_k A_k`.

    At rest the `r_k` vanish, and the Hessians gain `W_ik A_k P_k A_k`.
    """

    def gradients(x):
        own = lambda y: np.einsum("knm,km->kn", game.masks, game.gradients(y))  # noqa: E731
        return weights @ np.einsum("knm,kn->km", jacobian(own, x), own(x))

    bent = np.einsum("ik,knm,knl,klj->imj", weights, game.hessians, game.masks, game.hessians)
    return more(game, gradients, bent=game.hessians + bent)


def consensus(game, gamma):
    return of_speeds(game, gamma * np.ones((len(game.dims),) * 2))


def nk(game, eta):
    made = len(game.gan.dims[0]) if game.gan else 1
    players = np.arange(len(game.dims))
    return of_speeds(game, 2.0 * eta * np.outer(players < made, players >= made))


PENALTIES = {
    "clip": clip, "consensus": consensus, "decay": decay, "dragan": dragan, "gp": gp,
    "gp-anisotropic": gp_anisotropic, "lecam": lecam, "mode": mode, "nk": nk, "noise": noise,
    "noise-unequal": noise_unequal, "r2": r2, "sgp": sgp, "smoothing": smoothing,
    "temperature": temperature, "wgan-gp": wgan_gp,
}  # fmt: skip
"""Each penalty by its registry name: a function of the game and of its fields."""
