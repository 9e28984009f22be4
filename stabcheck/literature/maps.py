"""What a method does to one eigenvalue `mu` of the flow, with one step size for all players.

On `x' = mu x` a method that asks the game for its field alone is a recursion with numbers for
coefficients; its characteristic polynomial holds for every game, so that a statement on a game's
flow and one of these make a statement on the method.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import factorial
from typing import Any

from stabcheck.literature.claim import BY_HAND, MESCHEDER_2017, Claim

VIP = "Gidel et al. 2019, arXiv:1802.10551"
ZHANG_YU = "Zhang & Yu 2020, arXiv:1908.05699"
STANDARD = "Hairer, Nørsett & Wanner 1993, Solving Ordinary Differential Equations I"
COMMON = (("h", "common"),)


def map_claims() -> Iterator[Claim]:
    """Every claim of this kind."""
    for method, text, source, formula in (
        ("simgd", "z = 1 + h mu", MESCHEDER_2017, lambda z, mu, h: z - 1 - h * mu),
        ("extragradient", "z = 1 + h mu + h^2 mu^2", VIP, lambda z, mu, h: z - 1 - h * mu - h**2 * mu**2),
        ("ogda", "z^2 = (1 + 2 h mu) z - h mu", VIP, _optimistic),
        ("generalised-ogda", "z^2 = (1 + h mu) z - b mu", ZHANG_YU,
         lambda z, mu, h, b_generalised_ogda: z**2 - (1 + h * mu) * z + b_generalised_ogda * mu),
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
        ("lookahead:simgd", "z = 1 - alpha + alpha (1 + h mu)^k", BY_HAND,
         lambda z, mu, h, k_lookahead, alpha_lookahead: (
             z - 1 + alpha_lookahead - alpha_lookahead * (1 + h * mu) ** k_lookahead)),
        ("ema:simgd", "(z - 1 - h mu)(z - beta) = 0", BY_HAND,
         lambda z, mu, h, beta: (z - 1 - h * mu) * (z - beta)),
        ("anchored:simgd", "z = 1 + h mu - kappa", BY_HAND,
         lambda z, mu, h, kappa: z - 1 - h * mu + kappa),
        ("moving-anchor:simgd", "(z - 1 - h mu + kappa)(z - 1 + rho) = kappa rho", BY_HAND,
         lambda z, mu, h, kappa_moving_anchor, rho_moving_anchor: (
             (z - 1 - h * mu + kappa_moving_anchor) * (z - 1 + rho_moving_anchor)
             - kappa_moving_anchor * rho_moving_anchor)),
        ("rmsprop", "(z - beta2)(z - 1 - h mu/epsilon) = 0", BY_HAND,
         lambda z, mu, h, beta2, epsilon: (z - beta2) * (z - 1 - h * mu / epsilon)),
        ("adam", "(z - beta2)((z - 1)(z - beta1) - h mu (1 - beta1) z/epsilon) = 0", BY_HAND,
         lambda z, mu, h, beta1, beta2, epsilon: (
             (z - beta2) * ((z - 1) * (z - beta1) - h * mu * (1 - beta1) * z / epsilon))),
    ):  # fmt: skip
        yield Claim(
            f"C00 {method}", f"each eigenvalue mu of the flow gives {text}", source, method,
            settings=COMMON, games=(), through=formula,
        )  # fmt: skip


def _optimistic(z: Any, mu: Any, h: Any) -> Any:
    return z**2 - (1 + 2 * h * mu) * z + h * mu


def _implicit(z: Any, mu: Any, h: Any) -> Any:
    return z * (1 - h * mu) - 1


def _runge_kutta(order: int) -> Any:
    return lambda z, mu, h: z - sum((h * mu) ** k / factorial(k) for k in range(order + 1))
