"""What the literature says of methods that look ahead, at their own steps or at the others'.

Letters as in `pairs`.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import comb
from typing import Any

from stabcheck.literature.claim import BY_HAND, Claim
from stabcheck.literature.pairs import BILINEAR, COMMON, NO_SPEEDS, pair


def looking_claims() -> Iterator[Claim]:
    """Every claim about a method that looks ahead."""
    yield from _lookahead()
    yield from _opponents()
    yield from _unrolled()


def _power(k: int, square: Any) -> tuple[Any, Any]:
    """`R` and `S` with `(1 + i y)^k = R + i y S`, from `square = y^2`."""
    real = sum(comb(k, 2 * j) * (-square) ** j for j in range(k // 2 + 1))
    other = sum(comb(k, 2 * j + 1) * (-square) ** j for j in range((k + 1) // 2))
    return real, other


def _lookahead_spiral(square: Any, alpha: Any, k: int) -> tuple[Any, Any]:
    """Real part, and square of the imaginary part, of `1 - alpha + alpha (1 + i y)^k`."""
    real, other = _power(int(k), square)
    return 1 - alpha + alpha * real, alpha**2 * square * other**2


def _lookahead_condition(square: Any, alpha: Any, k: int) -> Any:
    """`(1 - |1 - alpha + alpha (1 + i y)^k|^2) / alpha`."""
    real, other = _power(int(k), square)
    return 2 * (1 - real) - alpha * ((1 - real) ** 2 + square * other**2)


def _powers_sum(trace: Any, k: int) -> Any:
    """`m^k + m^-k = 2 T_k(trace/2)` for `m + 1/m = trace`, by Chebyshev's recursion."""
    before, now = 2, trace
    for _ in range(int(k) - 1):
        before, now = now, trace * now - before
    return now


def _lookahead() -> Iterator[Claim]:
    yield Claim(
        "C14 simgd k = 2", "with y^2 = h_g h_d c^2: stable iff y^2 < (2 - 4 slow)/slow", BY_HAND,
        "lookahead:simgd", games=BILINEAR, settings=(("k_lookahead", "2"),),
        polynomial=lambda z, c, h_g, h_d, slow_lookahead: pair(
            z, 1 - slow_lookahead * h_g * h_d * c**2, 4 * slow_lookahead**2 * h_g * h_d * c**2
        ),
        stable=lambda c, h_g, h_d, slow_lookahead: (
            2 - 4 * slow_lookahead - slow_lookahead * h_g * h_d * c**2,
        ),
    )  # fmt: skip
    yield Claim(
        "C14 simgd", "eigenvalues 1 - slow + slow (1 ± i y)^k with y^2 = h_g h_d c^2; for small steps"
        " stable iff slow < 1 - 1/k", BY_HAND, "lookahead:simgd", games=BILINEAR,
        polynomial=lambda z, c, h_g, h_d, slow_lookahead, k_lookahead: pair(
            z, *_lookahead_spiral(h_g * h_d * c**2, slow_lookahead, k_lookahead)
        ),
        stable=lambda c, h_g, h_d, slow_lookahead, k_lookahead: (
            _lookahead_condition(h_g * h_d * c**2, slow_lookahead, k_lookahead),
        ),
    )  # fmt: skip
    yield Claim(
        "C14 altgd", "with a = h c and T = T_k(1 - a^2/2) of Chebyshev: stable iff slow < 1, T < 1 and"
        " (2 - slow)^2 + slow^2 + 2 slow (2 - slow) T > 0; so for a < 2 for every slow < 1 unless"
        " T = 1", BY_HAND, "lookahead:altgd", games=BILINEAR, settings=(*COMMON, ("n", "1")),
        polynomial=lambda z, c, h, slow_lookahead, k_lookahead: (
            (z - 1 + slow_lookahead) ** 2
            - slow_lookahead * (z - 1 + slow_lookahead)
            * _powers_sum(2 - h**2 * c**2, k_lookahead)
            + slow_lookahead**2
        ),
        stable=lambda c, h, slow_lookahead, k_lookahead: (
            1 - slow_lookahead,
            2 - _powers_sum(2 - h**2 * c**2, k_lookahead),
            (2 - slow_lookahead) ** 2 + slow_lookahead**2
            + slow_lookahead * (2 - slow_lookahead)
            * _powers_sum(2 - h**2 * c**2, k_lookahead),
        ),
    )  # fmt: skip


def _opponents() -> Iterator[Claim]:
    for form in ("exact", "first-order"):
        yield Claim(
            f"C16 lola:flow {form}", "eigenvalues -2 e c^2 ± i c: LOLA(e) acts as consensus"
            " optimisation of strength 2 e", BY_HAND, "lola:flow", games=BILINEAR,
            settings=(("form", form), *NO_SPEEDS),
            polynomial=lambda z, c, e_lola: pair(z, -2 * e_lola * c**2, c**2),
            stable=lambda e_lola: (e_lola,),
        )  # fmt: skip
        yield Claim(
            f"C16 lola:simgd {form}", "stable iff h (1 + 4 e^2 c^2) < 4 e", BY_HAND,
            "lola:simgd", games=BILINEAR, settings=(("form", form), *COMMON),
            polynomial=lambda z, c, e_lola, h: pair(
                z, 1 - 2 * h * e_lola * c**2, h**2 * c**2
            ),
            stable=lambda c, e_lola, h: (
                4 * e_lola - h * (1 + 4 * e_lola**2 * c**2),
            ),
        )  # fmt: skip
    yield Claim(
        "C16 lookahead-opponent:flow", "eigenvalues -e c^2 ± i c", BY_HAND,
        "lookahead-opponent:flow", games=BILINEAR, settings=NO_SPEEDS,
        polynomial=lambda z, c, e_lookahead_opponent: pair(
            z, -e_lookahead_opponent * c**2, c**2
        ),
        stable=lambda e_lookahead_opponent: (e_lookahead_opponent,),
    )  # fmt: skip
    yield Claim(
        "C16 lookahead-opponent:simgd", "stable iff h (1 + e^2 c^2) < 2 e", BY_HAND,
        "lookahead-opponent:simgd", games=BILINEAR, settings=COMMON,
        polynomial=lambda z, c, e_lookahead_opponent, h: pair(
            z, 1 - h * e_lookahead_opponent * c**2, h**2 * c**2
        ),
        stable=lambda c, e_lookahead_opponent, h: (
            2 * e_lookahead_opponent - h * (1 + e_lookahead_opponent**2 * c**2),
        ),
    )  # fmt: skip


def _unrolled() -> Iterator[Claim]:
    yield from _through_steps("through", 2, "with r = K e")
    yield from _through_steps(
        "stopped", 1, "no gradient through the unrolled player, which halves: with r = K e/2"
    )


def _through_steps(gradient: str, share: int, text: str) -> Iterator[Claim]:
    where = (("gradient", gradient),)
    yield Claim(
        f"C17 flow {gradient}", f"{text}: eigenvalues -r c^2 ± c sqrt(r^2 c^2 - 1)", BY_HAND,
        "unrolled:flow", games=BILINEAR, settings=(*where, *NO_SPEEDS),
        polynomial=lambda z, c, unroll_unrolled, e_unrolled: (
            z**2 + share * unroll_unrolled * e_unrolled * c**2 * z + c**2
        ),
        stable=lambda unroll_unrolled, e_unrolled: (unroll_unrolled * e_unrolled,),
    )  # fmt: skip
    yield Claim(
        f"C17 simgd {gradient}", f"{text}: stable iff h_d < 2 r and"
        " 4 - 4 h_g r c^2 + h_g h_d c^2 > 0", BY_HAND, "unrolled:simgd", games=BILINEAR,
        settings=where,
        polynomial=lambda z, c, unroll_unrolled, e_unrolled, h_g, h_d: (
            (z - 1) * (z - 1 + share * h_g * unroll_unrolled * e_unrolled * c**2)
            + h_g * h_d * c**2
        ),
        stable=lambda c, unroll_unrolled, e_unrolled, h_g, h_d: (
            share * unroll_unrolled * e_unrolled - h_d,
            4 - 2 * share * h_g * unroll_unrolled * e_unrolled * c**2 + h_g * h_d * c**2,
        ),
    )  # fmt: skip
