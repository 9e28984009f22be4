"""Methods stated a second time, as matrix products. Imports nothing of stabcheck.

A game is given by the Hessians `A_i` of its players' losses at rest; the flow's Jacobian has
`-A_i`'s rows where player `i` owns the coordinate.
"""

from __future__ import annotations

import numpy as np


def masks(dims):
    """The projector onto each player's coordinates."""
    owner = np.repeat(np.arange(len(dims)), dims)
    return [np.diag((owner == i).astype(float)) for i in range(len(dims))]


def flow(hessians, dims, tau=None):
    """`J = -sum_i tau_i P_i A_i`."""
    tau = [1.0] * len(dims) if tau is None else tau
    return -sum(t * p @ a for t, p, a in zip(tau, masks(dims), hessians, strict=True))


def simgd(hessians, dims, h):
    """`I + diag(h) J`."""
    return np.eye(sum(dims)) + flow(hessians, dims, h)


def altgd(hessians, dims, h, n, order):
    """`prod_i (I - h_i P_i A_i)^{n_i}`, the first player's factor rightmost."""
    total = np.eye(sum(dims))
    for i in order:
        one = np.eye(sum(dims)) - h[i] * masks(dims)[i] @ hessians[i]
        total = np.linalg.matrix_power(one, n[i]) @ total
    return total


def consensus(hessians, dims, gamma):
    """Hessians after `L_i += gamma/2 |v|^2`: each gains `gamma J^T J`."""
    j = flow(hessians, dims)
    return [a + gamma * j.T @ j for a in hessians]


def dirac(f1, f2, x0, dim=1):
    """Hessians of the zero-sum Dirac-GAN `L = f(psi theta) + f(-psi x0)` at `(x0 e_1, 0)`."""
    x = np.zeros(dim)
    x[0] = x0
    zero, one = np.zeros((dim, dim)), np.eye(dim)
    game = np.block([[zero, f1 * one], [f1 * one, 2 * f2 * np.outer(x, x)]])
    return [game, -game]


def diagonal(values, dims):
    """The diagonal matrix with `values[i]` (or the one number) on every coordinate of player `i`."""
    return np.diag(np.repeat(np.broadcast_to(np.asarray(values, dtype=float), len(dims)), dims))


def between(hessians, dims):
    """`C = J - sum_i P_i J P_i`: the blocks of `J` between players."""
    j = flow(hessians, dims)
    return j - sum(p @ j @ p for p in masks(dims))


def foresight(hessians, dims, alpha):
    """`T_i = I + alpha (I - P_i) J` for each player: where `i` expects everyone to be."""
    eye, j = np.eye(sum(dims)), flow(hessians, dims)
    return [eye + alpha * (eye - p) @ j for p in masks(dims)]


def extragradient(hessians, dims, h):
    """`I + HJ + (HJ)^2`."""
    return generalised_eg(hessians, dims, h, h)


def generalised_eg(hessians, dims, h, e):
    """`I + HJ (I + EJ)`."""
    return np.eye(sum(dims)) + flow(hessians, dims, h) @ simgd(hessians, dims, e)


def ogda(hessians, dims, h):
    """`[[I, 2H], [0, I]] [[I, -H], [J, 0]]`."""
    eye, zero, step = np.eye(sum(dims)), np.zeros((sum(dims),) * 2), diagonal(h, dims)
    later = np.block([[eye, 2 * step], [zero, eye]])
    return later @ np.block([[eye, -step], [flow(hessians, dims), zero]])


def generalised_ogda(hessians, dims, h, b):
    """`[[I, H], [0, I]] [[I, -B], [J, 0]]`."""
    eye, zero = np.eye(sum(dims)), np.zeros((sum(dims),) * 2)
    later = np.block([[eye, diagonal(h, dims)], [zero, eye]])
    return later @ np.block([[eye, -diagonal(b, dims)], [flow(hessians, dims), zero]])


def companion(blocks):
    """`[[B_0, B_1, ...], [I, 0, ...], [0, I, ...], ...]`: `x+ = sum_m B_m past_m`, newest first."""
    size, n = len(blocks) * len(blocks[0]), len(blocks[0])
    return np.vstack([np.hstack(blocks), np.eye(size)[: size - n]])


def heavy_ball(hessians, dims, h, beta):
    """The companion matrix of `z^2 - z (I + HJ + Beta) + Beta`."""
    inertia = diagonal(beta, dims)
    return companion([simgd(hessians, dims, h) + inertia, -inertia])


def nesterov(hessians, dims, h, beta):
    """The companion matrix of `z^2 - (I + HJ) (z (I + Beta) - Beta)`."""
    inertia, one = diagonal(beta, dims), simgd(hessians, dims, h)
    return companion([one @ (np.eye(sum(dims)) + inertia), -one @ inertia])


def sga(hessians, dims, h, lam):
    """`I + H (I + lam A^T) J` with `A^T = (J - J^T)/2` (Balduzzi et al. 2018)."""
    eye, j = np.eye(sum(dims)), flow(hessians, dims)
    return eye + diagonal(h, dims) @ (eye + lam * (j - j.T) / 2) @ j


def cgd(hessians, dims, h):
    """`(I - HC)^{-1} (I + H (J - C))`: the local game's Nash point, in one solve."""
    crossed = diagonal(h, dims) @ between(hessians, dims)
    return np.linalg.solve(np.eye(sum(dims)) - crossed, simgd(hessians, dims, h) - crossed)


def lcgd(hessians, dims, h):
    """`I + (I + HC) HJ`."""
    eye, crossed = np.eye(sum(dims)), diagonal(h, dims) @ between(hessians, dims)
    return eye + (eye + crossed) @ flow(hessians, dims, h)


def implicit(hessians, dims, h):
    """`(I - HJ)^{-1}`."""
    return np.linalg.inv(np.eye(sum(dims)) - flow(hessians, dims, h))


def semi_implicit(hessians, dims, h):
    """`I + (I - HJ)^{-1} HJ`."""
    eye, hj = np.eye(sum(dims)), flow(hessians, dims, h)
    return eye + np.linalg.solve(eye - hj, hj)


def lola(hessians, dims, h, alpha):
    """`I - sum_i h_i P_i T_i^T A_i T_i`: descent on `L_i(T_i x)`."""
    pairs = zip(hessians, foresight(hessians, dims, alpha), strict=True)
    return simgd([t.T @ a @ t for a, t in pairs], dims, h)


def lola_first_order(hessians, dims, h, alpha):
    """`I - sum_i h_i P_i (A_i + alpha (F + F^T))`, `F = A_i (I - P_i) J`: `lola` to first order."""
    eye, j = np.eye(sum(dims)), flow(hessians, dims)
    forms = [a @ (eye - p) @ j for a, p in zip(hessians, masks(dims), strict=True)]
    return simgd([a + alpha * (f + f.T) for a, f in zip(hessians, forms, strict=True)], dims, h)


def lookahead_opponent(hessians, dims, h, alpha):
    """`I - sum_i h_i P_i A_i T_i`."""
    pairs = zip(hessians, foresight(hessians, dims, alpha), strict=True)
    return simgd([a @ t for a, t in pairs], dims, h)


def unrolled(hessians, dims, h, k, e, leader, through):
    """`I - sum_i h_i P_i A_i`, the leader's `A` replaced by `T^T A T` or `A T`, `T = (I + e (I - P) J)^k`."""
    ahead = np.linalg.matrix_power(foresight(hessians, dims, e)[leader], k)
    seen = list(hessians)
    seen[leader] = (ahead.T if through else np.eye(sum(dims))) @ hessians[leader] @ ahead
    return simgd(seen, dims, h)


def runge_kutta(hessians, dims, h, order):
    """`sum_{m <= order} (HJ)^m / m!`, by Horner."""
    eye, hj = np.eye(sum(dims)), flow(hessians, dims, h)
    total = eye
    for m in range(order, 0, -1):
        total = eye + hj @ total / m
    return total


def first(size, n):
    """The projector onto the first `n` of `size` coordinates."""
    return np.diag((np.arange(size) < n).astype(float))


def lookahead(inner, n, k, alpha):
    """`M^k - (1 - alpha) P (M^k - I)`, `P` the projector onto `x`."""
    size = len(inner)
    power = np.linalg.matrix_power(inner, k)
    return power - (1 - alpha) * first(size, n) @ (power - np.eye(size))


def ema(inner, n, beta):
    """`[[I, 0], [(1 - beta) R, beta I]] [[M, 0], [0, I]]`, `R` reading `x` off the state."""
    size = len(inner)
    read, gap = np.eye(size)[:n], np.zeros((size, n))
    average = np.block([[np.eye(size), gap], [(1 - beta) * read, beta * np.eye(n)]])
    return average @ np.block([[inner, gap], [gap.T, np.eye(n)]])


def anchored(inner, n, kappa):
    """`M - kappa P`, `P` the projector onto `x`."""
    return inner - kappa * first(len(inner), n)


def moving_anchor(inner, n, kappa, rho):
    """`[[M - kappa P, kappa R^T], [rho R, (1 - rho) I]]`, `R` reading `x` off the state, `P = R^T R`."""
    read = np.eye(len(inner))[:n]
    return np.block([[inner - kappa * read.T @ read, kappa * read.T], [rho * read, (1 - rho) * np.eye(n)]])


def ftrl(hessians, dims, h):
    """`[H; I] [J, I]`: all of the new state is read off the new total."""
    eye = np.eye(sum(dims))
    return np.vstack([diagonal(h, dims), eye]) @ np.hstack([flow(hessians, dims), eye])


def optimistic_ftrl(hessians, dims, h):
    """`[H; I] [J, I] + [H; 0] [J, 0]`."""
    more = np.zeros((2 * sum(dims),) * 2)
    more[: sum(dims), : sum(dims)] = flow(hessians, dims, h)
    return ftrl(hessians, dims, h) + more


def chekhov(hessians, dims, h, k):
    """The companion matrix of `I + H (J - C) + HC/k, HC/k, ..., HC/k`."""
    crossed = diagonal(h, dims) @ between(hessians, dims)
    own = simgd(hessians, dims, h) - crossed
    return companion([own + crossed / k] + [crossed / k] * (k - 1))


def adam(hessians, dims, h, beta1, beta2, epsilon):
    """`[[I, H/sqrt(eps)], [0, I]] [[I, 0], [(1 - beta1) J, beta1 I]]` on `(x, m)`, and `beta2 I` on `s`."""
    n = sum(dims)
    zero, eye, keep = np.zeros((n, n)), np.eye(n), diagonal(beta1, dims)
    move = np.block([[eye, diagonal(np.divide(h, np.sqrt(epsilon)), dims)], [zero, eye]])
    mean = np.block([[eye, zero], [(eye - keep) @ flow(hessians, dims), keep]])
    return direct_sum(move @ mean, diagonal(beta2, dims))


def rmsprop(hessians, dims, h, beta2, epsilon):
    """`(I + HJ/sqrt(eps))` on `x`, and `beta2 I` on `s`: `v^2` has no linear part at rest."""
    return direct_sum(simgd(hessians, dims, np.divide(h, np.sqrt(epsilon))), diagonal(beta2, dims))


def direct_sum(one, other):
    """`[[one, 0], [0, other]]`."""
    gap = np.zeros((len(one), len(other)))
    return np.block([[one, gap], [gap.T, other]])


def alternating(matrix, dims, order):
    """`prod_i (I + P_i (M - I))`, the first turn's factor rightmost, `P_i` on every vector of the stack."""
    eye = np.eye(len(matrix))
    stack = np.eye(len(matrix) // sum(dims))
    total = eye
    for i in order:
        total = (eye + np.kron(stack, masks(dims)[i]) @ (matrix - eye)) @ total
    return total


def ttur(hessians, dims, fast):
    """`PJ + (I - P) J S`, `S = (PJ + I - P)^{-1} (I - P)` the best response of `fast`, `P` its rows."""
    p, j = masks(dims)[fast], flow(hessians, dims)
    rest = np.eye(sum(dims)) - p
    return p @ j + rest @ j @ np.linalg.solve(p @ j + rest, rest)
