"""A third witness: methods stated a second time, as matrix products. Imports nothing of stabcheck.

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
