"""What the literature says of methods that remember: optimism, momentum, averages and anchors.

Letters as in `pairs`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stabcheck.literature.claim import BY_HAND, Claim
from stabcheck.literature.pairs import BILINEAR, COMMON, NEGATIVE_MOMENTUM, VIP, ZHANG_YU, pair


def remembering_claims() -> Iterator[Claim]:
    """Every claim about a method with a memory."""
    yield from _optimistic()
    yield from _momentum()
    yield from _anchored()


def _optimistic() -> Iterator[Claim]:
    for key, method in (("C05", "ogda"), ("D08", "optimistic-ftrl")):
        yield Claim(
            f"{key} {method}", "the roots of z^2 - (1 - 2 i a) z - i a and their conjugates, with"
            " a = c sqrt(h_g h_d): stable iff a < 1/sqrt(3)",
            f"{ZHANG_YU}, Thm 3.3" if key == "C05" else BY_HAND, method, games=BILINEAR,
            polynomial=lambda z, c, h_g, h_d: (
                z**2 * (z - 1) ** 2 + h_g * h_d * c**2 * (2 * z - 1) ** 2
            ),
            stable=lambda c, h_g, h_d: (1 - 3 * h_g * h_d * c**2,),
        )  # fmt: skip
    yield Claim(
        "D08 ftrl", "with a quadratic regulariser it is simultaneous descent: never stable; the totals"
        " add the eigenvalue 0 twice", BY_HAND, "ftrl", games=BILINEAR,
        polynomial=lambda z, c, h_g, h_d: z**2 * pair(z, 1, h_g * h_d * c**2),
        stable=lambda: (0,), verdict="unstable",
    )  # fmt: skip
    yield Claim(
        "C18 simultaneous", "with a = h c, b1 = past_g c, b2 = past_d c: stable iff (a - b1)(a - b2) > 0,"
        " (a + b1)(a + b2) > -4, |b1 b2| < 1 and a^2 (b1^2 + 1)(b2^2 + 1) < (b1 b2 + 1)"
        " (2 a (b1 + b2) + b1 b2 (b1 b2 - 3))",
        f"{ZHANG_YU}, Thm 3.3", "generalised-ogda", games=BILINEAR, settings=COMMON,
        polynomial=lambda z, c, h, past_g, past_d: (
            z**2 * (z - 1) ** 2 + c**2 * (h * z - past_g) * (h * z - past_d)
        ),
        stable=lambda c, h, past_g, past_d: _past_simultaneous(h * c, past_g * c, past_d * c),
    )  # fmt: skip
    yield Claim(
        "C18 alternating", "with a = h c, b1 = past_g c, b2 = past_d c: stable iff (a - b1)(a - b2) > 0,"
        " (a + b1)(a + b2) < 4, (a b1 + 1)(a b2 + 1) > (1 + b1 b2)^2 and |b1 b2| < 1 (this last by"
        " hand: weights of the other sign need it); one past is never read, which adds the eigenvalue 0",
        f"{ZHANG_YU}, Thm 3.3; |b1 b2| < 1 derived by hand", "alternating:generalised-ogda",
        games=BILINEAR, settings=COMMON,
        polynomial=lambda z, c, h, past_g, past_d: (
            z * (z * (z - 1) ** 2 + c**2 * (h * z - past_g) * (h * z - past_d))
        ),
        stable=lambda c, h, past_g, past_d: _past_alternating(h * c, past_g * c, past_d * c),
    )  # fmt: skip
    yield Claim(
        "C30", "one weight b = past for both, a = h c, q = b c: stable iff q^2 < 1 and"
        " a^2 (1 + q^2) < 4 a q - 3 q^2 + q^4; for h = (1 + w) s, b = w s and small s iff w > 1/2",
        BY_HAND, "generalised-ogda", games=BILINEAR, settings=(*COMMON, ("past", "common")),
        polynomial=lambda z, c, h, past_g: z**2 * (z - 1) ** 2 + c**2 * (h * z - past_g) ** 2,
        stable=lambda c, h, past_g: (
            1 - past_g**2 * c**2,
            4 * h * past_g - 3 * past_g**2 + past_g**4 * c**2 - h**2 * (1 + past_g**2 * c**2),
        ),
    )  # fmt: skip


def _past_simultaneous(a: Any, b1: Any, b2: Any) -> Any:
    return (
        (a - b1) * (a - b2),
        (a + b1) * (a + b2) + 4,
        1 - b1**2 * b2**2,
        (b1 * b2 + 1) * (2 * a * (b1 + b2) + b1 * b2 * (b1 * b2 - 3))
        - a**2 * (b1**2 + 1) * (b2**2 + 1),
    )  # fmt: skip


def _past_alternating(a: Any, b1: Any, b2: Any) -> Any:
    return (
        (a - b1) * (a - b2),
        4 - (a + b1) * (a + b2),
        (a * b1 + 1) * (a * b2 + 1) - (1 + b1 * b2) ** 2,
        1 - b1**2 * b2**2,
    )


def _momentum() -> Iterator[Claim]:
    yield Claim(
        "C08", "no step and no momentum of either sign makes it stable", f"{ZHANG_YU}, Thm 3.4",
        "heavy-ball", games=BILINEAR,
        polynomial=lambda z, c, h_g, h_d, beta_g, beta_d: (
            (z - 1) ** 2 * (z - beta_g) * (z - beta_d) + h_g * h_d * c**2 * z**2
        ),
        stable=lambda: (0,),
    )  # fmt: skip
    yield Claim(
        "C09", "with momenta b1, b2 and a^2 = h_g h_d c^2: stable iff |b1 b2| < 1,"
        " |2 - a^2 + b1 + b2| < 3 + b1 b2, 4 (1 + b1)(1 + b2) > a^2 and"
        " a^2 b1 b2 < (1 - b1 b2)(2 b1 b2 - b1 - b2), for instance b1 = -1/2, b2 = 0 with a^2 < 2",
        f"{ZHANG_YU}, Thm 3.4; {NEGATIVE_MOMENTUM}", "alternating:heavy-ball", games=BILINEAR,
        polynomial=lambda z, c, h_g, h_d, beta_g, beta_d: (
            (z - 1) ** 2 * (z - beta_g) * (z - beta_d) + h_g * h_d * c**2 * z**3
        ),
        stable=lambda c, h_g, h_d, beta_g, beta_d: _alternating_momentum(
            h_g * h_d * c**2, beta_g, beta_d
        ),
    )  # fmt: skip
    yield from _momentum_regularised("heavy-ball", 2)
    yield from _momentum_regularised("alternating:heavy-ball", 3)
    yield Claim(
        "C22", "one momentum b for both, a = c sqrt(h_g h_d): the roots of"
        " z^2 - (1 + b)(1 ± i a) z + b (1 ± i a), stable for no step and no real b",
        f"{VIP} for 0 <= b < 1; for other b derived by hand", "nesterov", games=BILINEAR,
        settings=(("beta", "common"),),
        polynomial=lambda z, c, h_g, h_d, beta: (
            (z - 1) ** 2 * (z - beta) ** 2 + h_g * h_d * c**2 * ((1 + beta) * z - beta) ** 2
        ),
        stable=lambda: (0,),
    )  # fmt: skip


def _momentum_regularised(method: str, power: int) -> Iterator[Claim]:
    yield Claim(
        f"C09c {method}", "the characteristic polynomial under R1", BY_HAND, method, ("gp",),
        polynomial=lambda z, c, gamma, h_g, h_d, beta_g, beta_d: (
            (z - 1) * (z - beta_g) * ((z - 1) * (z - beta_d) + h_d * gamma * z)
            + h_g * h_d * c**2 * z**power
        ),
    )  # fmt: skip


def _alternating_momentum(square: Any, b1: Any, b2: Any) -> Any:
    middle, bound = 2 - square + b1 + b2, 3 + b1 * b2
    return (
        1 - b1**2 * b2**2,
        bound - middle,
        bound + middle,
        4 * (1 + b1) * (1 + b2) - square,
        (1 - b1 * b2) * (2 * b1 * b2 - b1 - b2) - square * b1 * b2,
    )


def _anchored() -> Iterator[Claim]:
    yield Claim(
        "C23 anchored", "eigenvalues 1 - kappa ± i a with a^2 = h_g h_d c^2: stable iff"
        " a^2 < 2 kappa - kappa^2", BY_HAND, "anchored:simgd", games=BILINEAR,
        polynomial=lambda z, c, kappa_anchored, h_g, h_d: pair(
            z, 1 - kappa_anchored, h_g * h_d * c**2
        ),
        stable=lambda c, kappa_anchored, h_g, h_d: (
            2 * kappa_anchored - kappa_anchored**2 - h_g * h_d * c**2,
        ),
    )  # fmt: skip
    yield Claim(
        "C23 moving-anchor", "with s = kappa + rho and a^2 = h_g h_d c^2: stable iff"
        " a^2 (1 - rho)^2 < s (2 - s) and rho (2 - s)^2 < (1 - rho)(2 s (2 - s) - a^2 (1 - rho)"
        " (2 - rho)); for small steps the latter is rho (kappa + rho) < 2 kappa",
        BY_HAND, "moving-anchor:simgd", games=BILINEAR,
        polynomial=lambda z, c, kappa_moving_anchor, rho_moving_anchor, h_g, h_d: (
            (z - 1) ** 2 * (z - 1 + kappa_moving_anchor + rho_moving_anchor) ** 2
            + h_g * h_d * c**2 * (z - 1 + rho_moving_anchor) ** 2
        ),
        stable=lambda c, kappa_moving_anchor, rho_moving_anchor, h_g, h_d: _moving_anchor(
            h_g * h_d * c**2, kappa_moving_anchor + rho_moving_anchor, rho_moving_anchor
        ),
    )  # fmt: skip
    yield Claim(
        "ema", "the average changes nothing for the iterates, which diverge, and adds the eigenvalue"
        " decay twice", BY_HAND, "ema:simgd", games=BILINEAR,
        polynomial=lambda z, c, decay_ema, h_g, h_d: (
            (z - decay_ema) ** 2 * pair(z, 1, h_g * h_d * c**2)
        ),
        stable=lambda: (0,), verdict="unstable",
    )  # fmt: skip


def _moving_anchor(square: Any, total: Any, rho: Any) -> Any:
    return (
        total * (2 - total) - square * (1 - rho) ** 2,
        (1 - rho) * (2 * total * (2 - total) - square * (1 - rho) * (2 - rho))
        - rho * (2 - total) ** 2,
    )  # fmt: skip
