"""What a method does to one eigenvalue `mu` of the flow, with one step size for all players.

On `x' = mu x` a method that asks the game for its field alone is a recursion with numbers for
coefficients; its characteristic polynomial holds for every game, so that a statement on a game's
flow and one of these make a statement on the method.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import factorial
from typing import Any

from stabcheck.literature.claim import BY_HAND, MESCHEDER_2017, Claim
from stabcheck.literature.rows import Rows, added, identity, product, scaled, transposed

VIP = "Gidel et al. 2019, arXiv:1802.10551"
ZHANG_YU = "Zhang & Yu 2020, arXiv:1908.05699"
STANDARD = "Hairer, Nørsett & Wanner 1993, Solving Ordinary Differential Equations I"
CGD = "Schäfer & Anandkumar 2019, arXiv:1905.12103"
COMMON = (("h", "common"),)


def map_claims() -> Iterator[Claim]:
    """Every claim of this kind."""
    yield from _adaptive()
    yield from _between()
    for method, text, source, formula in (
        ("simgd", "z = 1 + h mu", MESCHEDER_2017, lambda z, mu, h: z - 1 - h * mu),
        ("extragradient", "z = 1 + h mu + h^2 mu^2", VIP, lambda z, mu, h: z - 1 - h * mu - h**2 * mu**2),
        ("ogda", "z^2 = (1 + 2 h mu) z - h mu", VIP, _optimistic),
        ("generalised-ogda", "z^2 = (1 + h mu) z - past mu", ZHANG_YU,
         lambda z, mu, h, past_generalised_ogda: z**2 - (1 + h * mu) * z + past_generalised_ogda * mu),
        ("generalised-eg", "z = 1 + h mu + h e mu^2", ZHANG_YU,
         lambda z, mu, h, e: z - 1 - h * mu - h * e * mu**2),
        ("implicit", "z = 1/(1 - h mu)", ZHANG_YU, _implicit),
        ("semi-implicit", "z = 1/(1 - h mu)", BY_HAND, _implicit),
        ("heavy-ball", "(z - 1)(z - beta) = h mu z", ZHANG_YU,
         lambda z, mu, h, beta: (z - 1) * (z - beta) - h * mu * z),
        ("nesterov", "z^2 = (1 + h mu)((1 + beta) z - beta)", VIP,
         lambda z, mu, h, beta: z**2 - (1 + h * mu) * ((1 + beta) * z - beta)),
        ("optimistic-ftrl", "z^2 = (1 + 2 h mu) z - h mu", BY_HAND, _optimistic),
        ("ftrl", "z (z - 1 - h mu) = 0", BY_HAND, lambda z, mu, h: z * (z - 1 - h * mu)),
        ("rk2", "z = 1 + h mu + h^2 mu^2/2", STANDARD, _runge_kutta(2)),
        ("rk3", "z = the exponential series of h mu to third order", STANDARD, _runge_kutta(3)),
        ("rk4", "z = the exponential series of h mu to fourth order", STANDARD, _runge_kutta(4)),
        ("lookahead:simgd", "z = 1 - slow + slow (1 + h mu)^k", BY_HAND,
         lambda z, mu, h, k_lookahead, slow_lookahead: (
             z - 1 + slow_lookahead - slow_lookahead * (1 + h * mu) ** k_lookahead)),
        ("ema:simgd", "(z - 1 - h mu)(z - decay) = 0", BY_HAND,
         lambda z, mu, h, decay: (z - 1 - h * mu) * (z - decay)),
        ("anchored:simgd", "z = 1 + h mu - kappa", BY_HAND,
         lambda z, mu, h, kappa: z - 1 - h * mu + kappa),
        ("moving-anchor:simgd", "(z - 1 - h mu + kappa)(z - 1 + rho) = kappa rho", BY_HAND,
         lambda z, mu, h, kappa_moving_anchor, rho_moving_anchor: (
             (z - 1 - h * mu + kappa_moving_anchor) * (z - 1 + rho_moving_anchor)
             - kappa_moving_anchor * rho_moving_anchor)),
    ):  # fmt: skip
        yield Claim(
            f"C00 {method}", f"each eigenvalue mu of the flow gives {text}", source, method,
            settings=COMMON, games=(), about=(), shifted=True, through=formula,
        )  # fmt: skip


def _adaptive() -> Iterator[Claim]:
    """Where no second moment is given."""
    for method, text, formula in (
        ("rmsprop", "(z - beta2)(z - 1 - h mu/epsilon) = 0",
         lambda z, mu, h, beta2, epsilon: (z - beta2) * (z - 1 - h * mu / epsilon)),
        ("adam", "(z - beta2)((z - 1)(z - beta1) - h mu (1 - beta1) z/epsilon) = 0",
         lambda z, mu, h, beta1, beta2, epsilon: (
             (z - beta2) * ((z - 1) * (z - beta1) - h * mu * (1 - beta1) * z / epsilon))),
    ):  # fmt: skip
        yield Claim(
            f"C00 {method}", f"each eigenvalue mu of the flow gives {text}", BY_HAND, method,
            settings=(*COMMON, (f"v_{method}", "0")), games=(), about=(), shifted=True,
            through=formula,
        )  # fmt: skip


def _between() -> Iterator[Claim]:
    """Methods that tell the players apart: on the whole matrix of the flow, not on an eigenvalue."""
    for method, text, source, formula, settings in (
        ("altgd", "M is the product of I + h P_i J over the players in turn", ZHANG_YU, _in_turn,
         (*COMMON, ("n", "1"), ("order", "()"))),
        ("alternating:simgd", "M is the product of I + h P_i J over the players in turn", ZHANG_YU,
         _in_turn, (*COMMON, ("order", "()"))),
        ("cycle:altgd,simgd", "M = (I + h J) times the product of I + h P_i J over the players in turn",
         BY_HAND, _alternating_then_together,
         (("h_altgd", "common"), ("h_simgd", "common"), ("n", "1"), ("order", "()"))),
        ("lcgd", "M = I + h J + h^2 C J with the blocks C of J between players", CGD,
         lambda rows, dims, h: added(
             identity(len(rows)),
             added(scaled(h, rows), scaled(h**2, product(_off_diagonal(rows, dims), rows)))), COMMON),
        ("cgd", "(I - h C)(M - I) = h J with the blocks C of J between players", CGD,
         lambda rows, dims, h: added(
             identity(len(rows)),
             solved(added(identity(len(rows)), scaled(-h, _off_diagonal(rows, dims))), scaled(h, rows)),
         ), COMMON),
        ("lookahead-opponent:simgd", "M = I + h (J + e C J)", BY_HAND,
         lambda rows, dims, h, e_lookahead_opponent: added(
             identity(len(rows)),
             scaled(h, added(rows, scaled(
                 e_lookahead_opponent, product(_off_diagonal(rows, dims), rows))))), COMMON),
        ("sga:simgd", "M = I + h (J + lam/2 (J - J^T) J)", "Balduzzi et al. 2018, arXiv:1802.05642",
         lambda rows, h, lam_sga: added(
             identity(len(rows)),
             scaled(h, added(rows, scaled(lam_sga / 2, product(
                 added(rows, scaled(-1, transposed(rows))), rows))))), COMMON),
    ):  # fmt: skip
        yield Claim(
            f"C28 {method}", text, source, method, settings=settings, games=(), about=(), shifted=True,
            onto=formula,
        )  # fmt: skip


def _in_turn(rows: Rows, dims: Sequence[int], h: Any) -> Rows:
    whole = identity(len(rows))
    for owned in _owned(dims):
        move = [list(row) if k in owned else [0] * len(rows) for k, row in enumerate(rows)]
        whole = product(added(identity(len(rows)), scaled(h, move)), whole)
    return whole


def _alternating_then_together(rows: Rows, dims: Sequence[int], h_altgd: Any, h_simgd: Any) -> Rows:
    return product(added(identity(len(rows)), scaled(h_simgd, rows)), _in_turn(rows, dims, h_altgd))


def _off_diagonal(rows: Rows, dims: Sequence[int]) -> Rows:
    mine = {k: owned for owned in _owned(dims) for k in owned}
    return [[0 if j in mine[i] else e for j, e in enumerate(row)] for i, row in enumerate(rows)]


def solved(a: Rows, b: Rows) -> Rows:
    """The rows of `a^-1 b`, by Gauss and Jordan; exact in exact numbers."""
    n = len(a)
    rows = [[*left, *right] for left, right in zip(a, b, strict=True)]
    for k in range(n):
        pivot = next(i for i in range(k, n) if rows[i][k] != 0)
        rows[k], rows[pivot] = rows[pivot], rows[k]
        rows[k] = [e / rows[k][k] for e in rows[k]]
        for i in set(range(n)) - {k}:
            rows[i] = [e - rows[i][k] * p for e, p in zip(rows[i], rows[k], strict=True)]
    return [row[n:] for row in rows]


def _owned(dims: Sequence[int]) -> Iterator[range]:
    """The indices of each player's coordinates."""
    start = 0
    for dim in dims:
        yield range(start, start + dim)
        start += dim


def _optimistic(z: Any, mu: Any, h: Any) -> Any:
    return z**2 - (1 + 2 * h * mu) * z + h * mu


def _implicit(z: Any, mu: Any, h: Any) -> Any:
    return z * (1 - h * mu) - 1


def _runge_kutta(order: int) -> Any:
    return lambda z, mu, h: z - sum((h * mu) ** k / factorial(k) for k in range(order + 1))
