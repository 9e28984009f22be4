"""Methods by name, and around one another: each takes a game, the one inside it, and its fields."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np

from tests.reference import methods as m
from tests.reference.statement import NOTHING, Drifts, Meaningless, Unstated


def one_each(values, dims):
    """One value per player, from one for all or one each."""
    return np.broadcast_to(np.asarray(values, dtype=float), len(dims)).tolist()


def plainly(matrix, *per_player):
    """A method by its matrix, some of its fields one for all players or one each."""

    def step(game, **fields):
        each = {name: one_each(v, game.dims) if name in per_player else v for name, v in fields.items()}
        return matrix(game.hessians, game.dims, **each)

    return step


def following(game, hessians):
    """The game with other Hessians, whose own rows alone are looked at."""
    return replace(game, bent=np.array(hessians))


def around(matrix):
    """A method by what it makes of the matrix of the one inside."""
    return lambda game, inner, **fields: matrix(inner(game), sum(game.dims), **fields)


def best_response(game, fast=-1):
    """The fast one's own block must be regular."""
    own = game.masks[fast].diagonal().astype(bool)
    if np.linalg.cond(game.hessians[fast][np.ix_(own, own)]) > 1 / NOTHING:
        raise Meaningless("there is no best response")
    return m.ttur(game.hessians, game.dims, fast)


def in_turns(game, inner, order=()):
    return m.alternating(inner(game), game.dims, order or range(len(game.dims)))


def alt_step(game, h, n, order=()):
    counts, players = np.broadcast_to(n, len(game.dims)), range(len(game.dims))
    return m.altgd(game.hessians, game.dims, one_each(h, game.dims), counts, order or players)


def adam_step(game, epsilon, v, **fields):
    return plainly(m.adam, "h")(game, epsilon=epsilon**2 + v, **fields)


def rmsprop_step(game, epsilon, v, **fields):
    return plainly(m.rmsprop, "h")(game, epsilon=epsilon**2 + v, **fields)


def turned(game, inner, lam, epsilon=1):
    """The inner method on `(I + lam (J - J^T)/2) J`, the sign of the tilt before `lam`."""
    j = m.flow(game.hessians, game.dims)
    ahead = (np.eye(sum(game.dims)) + np.sign(epsilon) * lam * (j - j.T) / 2) @ j
    return inner(following(game, [-ahead] * len(game.dims)))


def refuse_drift(game, ahead):
    """A slope of a player's loss in the others' coordinates is pulled back: `u_i = -P_i T_i^T grad L_i`."""
    slopes = game.gradients(game.rest).real
    felt = [g - p @ g for g, p, t in zip(slopes, game.masks, ahead, strict=True) if t is not None]
    drawn = sum(p @ (g if t is None else t.T @ g) for g, p, t in zip(slopes, game.masks, ahead, strict=True))
    if np.abs(drawn).max() > NOTHING:
        raise Drifts(-drawn)
    if np.abs(felt).max() > NOTHING:
        raise Unstated("third derivatives")


def foreseeing(game, inner, alpha, form="exact"):
    """`T_i^T A_i T_i`, or to first order `A_i + F_i + F_i^T` with `F_i = A_i (T_i - I)`."""
    ahead = m.foresight(game.hessians, game.dims, alpha)
    refuse_drift(game, ahead)
    pairs = list(zip(game.hessians, ahead, strict=True))
    if form == "exact":
        return inner(following(game, [t.T @ a @ t for a, t in pairs]))
    return inner(following(game, [a @ t + t.T @ a - a for a, t in pairs]))


def foreseeing_others(game, inner, alpha):
    pairs = zip(game.hessians, m.foresight(game.hessians, game.dims, alpha), strict=True)
    return inner(following(game, [a @ t for a, t in pairs]))


def unrolling(game, inner, k, e, gradient, leader):
    ahead = np.linalg.matrix_power(m.foresight(game.hessians, game.dims, e)[leader], k)
    if gradient == "through":
        refuse_drift(game, [ahead if i == leader % len(game.dims) else None for i in range(len(game.dims))])
    seen = game.hessians.copy()
    seen[leader] = (ahead.T if gradient == "through" else np.eye(len(ahead))) @ seen[leader] @ ahead
    return inner(following(game, seen))


def lazily(game, inner, every):
    """`M(B + every (L - B)) M(B)^(every - 1)`."""
    bare = game.bare.hessians
    strong = following(game, bare + every * (game.hessians - bare))
    return inner(strong) @ np.linalg.matrix_power(inner(following(game, bare)), every - 1)


def one_after_another(game, *inner):
    """The product of steps that remember nothing, the first one rightmost."""
    total = np.eye(sum(game.dims))
    for step in inner:
        total = step(game) @ total
    return total


METHODS = {
    "adam": adam_step,
    "alternating": in_turns,
    "altgd": alt_step,
    "anchored": around(m.anchored),
    "cgd": plainly(m.cgd, "h"),
    "chekhov": plainly(m.chekhov, "h"),
    "cycle": one_after_another,
    "ema": around(m.ema),
    "extragradient": plainly(m.extragradient, "h"),
    "flow": plainly(m.flow, "tau"),
    "ftrl": plainly(m.ftrl, "h"),
    "generalised-eg": plainly(m.generalised_eg, "h", "e"),
    "generalised-ogda": plainly(m.generalised_ogda, "h", "b"),
    "heavy-ball": plainly(m.heavy_ball, "h", "beta"),
    "implicit": plainly(m.implicit, "h"),
    "lazy": lazily,
    "lcgd": plainly(m.lcgd, "h"),
    "lola": foreseeing,
    "lookahead": around(m.lookahead),
    "lookahead-opponent": foreseeing_others,
    "moving-anchor": around(m.moving_anchor),
    "nesterov": plainly(m.nesterov, "h", "beta"),
    "ogda": plainly(m.ogda, "h"),
    "optimistic-ftrl": plainly(m.optimistic_ftrl, "h"),
    "rk2": plainly(partial(m.runge_kutta, order=2), "h"),
    "rk3": plainly(partial(m.runge_kutta, order=3), "h"),
    "rk4": plainly(partial(m.runge_kutta, order=4), "h"),
    "rmsprop": rmsprop_step,
    "semi-implicit": plainly(m.semi_implicit, "h"),
    "sga": turned,
    "sga-aligned": turned,
    "simgd": plainly(m.simgd, "h"),
    "ttur": best_response,
    "unrolled": unrolling,
}
"""Each method by its registry name."""
