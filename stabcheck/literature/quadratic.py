"""What the literature says of methods on the quadratic game of two numbers.

`min_x max_y a x^2/2 + b x y - d y^2/2`: `J = [[-a, -b], [b, -d]]`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stabcheck.literature.claim import BY_HAND, Claim
from stabcheck.literature.pairs import CGD, COMMON, CONDITION, ICR, NO_SPEEDS

QUADRATIC = ("quadratic",)
UNCOUPLED = (("b_quadratic", "0"),)


def quadratic_claims() -> Iterator[Claim]:
    """Every claim about the quadratic game."""
    yield from _competitive()
    yield from _quadratic()


def _competitive() -> Iterator[Claim]:
    yield Claim(
        "C02", "the matrix on (a/2) x^2 + b x y - (d/2) y^2", CGD, "cgd",
        games=QUADRATIC, about=(), settings=COMMON, matrix=_competitive_matrix,
    )  # fmt: skip
    yield Claim(
        "C02 stable", "stable iff a d + b^2 > 0, a + d + h b^2 > h a d and"
        " 2 h (a + d) < 4 + h^2 (a d + b^2)", BY_HAND, "cgd",
        games=QUADRATIC, about=(), settings=COMMON, matrix=_competitive_matrix,
        stable=lambda a_quadratic, b_quadratic, d_quadratic, h: (
            a_quadratic * d_quadratic + b_quadratic**2,
            a_quadratic + d_quadratic + h * b_quadratic**2 - h * a_quadratic * d_quadratic,
            4 - 2 * h * (a_quadratic + d_quadratic)
            + h**2 * (a_quadratic * d_quadratic + b_quadratic**2),
        ),
    )  # fmt: skip


def _quadratic() -> Iterator[Claim]:
    yield Claim(
        "C05b", "without coupling: stable iff 0 < h_g a < 2/3 and 0 < h_d d < 2/3", BY_HAND, "ogda",
        games=QUADRATIC, about=(), settings=UNCOUPLED,
        polynomial=_uncoupled_optimism,
        stable=lambda a_quadratic, d_quadratic, h_g, h_d: (
            a_quadratic, d_quadratic, 2 - 3 * h_g * a_quadratic, 2 - 3 * h_d * d_quadratic,
        ),
    )  # fmt: skip
    yield Claim(
        "C11 ogda", "without coupling: the roots of z^2 - (1 - 2 q) z - q for q = h_g a and q = h_d d",
        CGD, "ogda", games=QUADRATIC, about=(), settings=UNCOUPLED, polynomial=_uncoupled_optimism,
    )  # fmt: skip
    for method in ("simgd", "lcgd", "sga:simgd", "cgd"):
        yield Claim(
            f"C11 {method}", "without coupling every adjustment vanishes: eigenvalues 1 - h_g a and"
            " 1 - h_d d", CGD, method, games=QUADRATIC, about=(), settings=UNCOUPLED,
            polynomial=lambda z, a_quadratic, d_quadratic, h_g, h_d: (
                (z - 1 + h_g * a_quadratic) * (z - 1 + h_d * d_quadratic)
            ),
            stable=lambda a_quadratic, d_quadratic, h_g, h_d: (
                a_quadratic, d_quadratic, 2 - h_g * a_quadratic, 2 - h_d * d_quadratic,
            ),
        )  # fmt: skip
    yield Claim(
        "C11 simgd consensus", "without coupling: eigenvalues 1 - h (a + gamma a^2) and"
        " 1 - h (d + gamma d^2), so that a, d < -1/gamma attracts to the wrong saddle",
        CGD, "simgd", ("consensus",), games=QUADRATIC, about=(), settings=(*UNCOUPLED, *COMMON),
        polynomial=lambda z, a_quadratic, d_quadratic, gamma, h: (
            (z - 1 + h * a_quadratic * (1 + gamma * a_quadratic))
            * (z - 1 + h * d_quadratic * (1 + gamma * d_quadratic))
        ),
        stable=lambda a_quadratic, d_quadratic, gamma, h: (
            a_quadratic * (1 + gamma * a_quadratic),
            d_quadratic * (1 + gamma * d_quadratic),
            2 - h * a_quadratic * (1 + gamma * a_quadratic),
            2 - h * d_quadratic * (1 + gamma * d_quadratic),
        ),
    )  # fmt: skip
    yield from _competition_as_regularisation()


def _uncoupled_optimism(z: Any, a_quadratic: Any, d_quadratic: Any, h_g: Any, h_d: Any) -> Any:
    q, r = h_g * a_quadratic, h_d * d_quadratic
    return (z**2 - (1 - 2 * q) * z - q) * (z**2 - (1 - 2 * r) * z - r)


def _competition_as_regularisation() -> Iterator[Claim]:
    yield Claim(
        "C12 simgd", "x^2 + 10 x y + y^2: stable iff 48 h_g h_d < h_g - h_d and"
        " 1 - h_g + h_d + 24 h_g h_d > 0; at h_g = 0.09, h_d = 0.01 the eigenvalues are"
        " 0.92 ± i sqrt(0.08)", f"{ICR}; {CONDITION}", "simgd", games=QUADRATIC, about=(),
        settings=(("a_quadratic", "2"), ("b_quadratic", "10"), ("d_quadratic", "-2")),
        polynomial=lambda z, h_g, h_d: (z - 1 + 2 * h_g) * (z - 1 - 2 * h_d) + 100 * h_g * h_d,
        stable=lambda h_g, h_d: (
            h_g - h_d - 48 * h_g * h_d, 1 - h_g + h_d + 24 * h_g * h_d,
        ),
    )  # fmt: skip
    yield Claim(
        "C12 flow", "stable iff tau_g a + tau_d d > 0 and a d + b^2 > 0", BY_HAND, "flow",
        games=QUADRATIC, about=(),
        polynomial=lambda z, a_quadratic, b_quadratic, d_quadratic, tau_g, tau_d: (
            (z + tau_g * a_quadratic) * (z + tau_d * d_quadratic)
            + tau_g * tau_d * b_quadratic**2
        ),
        stable=lambda a_quadratic, b_quadratic, d_quadratic, tau_g, tau_d: (
            tau_g * a_quadratic + tau_d * d_quadratic,
            a_quadratic * d_quadratic + b_quadratic**2,
        ),
    )  # fmt: skip
    yield Claim(
        "C12 flow x^2 + x y + y^2/10", "the flow is exponentially stable though the second player"
        " maximises a convex function", ICR, "flow", games=QUADRATIC, about=(),
        settings=(
            ("a_quadratic", "2"), ("b_quadratic", "1"), ("d_quadratic", "-1/5"), *NO_SPEEDS,
        ),
        verdict="stable",
    )  # fmt: skip


def _competitive_matrix(a_quadratic: Any, b_quadratic: Any, d_quadratic: Any, h: Any) -> Any:
    a, b, d = a_quadratic, b_quadratic, d_quadratic
    k = h / (1 + h**2 * b**2)
    return (
        (1 - k * (a + h * b**2), -k * b * (1 - h * d)),
        (k * b * (1 - h * a), 1 - k * (d + h * b**2)),
    )
