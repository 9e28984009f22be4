"""What the literature says of training methods.

Bilinear pair: `v = (-c psi, c theta)`, with `c` never 0, whose Jacobian has the eigenvalues
`± i c`. A step with matrix `H = diag(h_g, h_d)` sees `± i a` with `a^2 = h_g h_d c^2`.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import comb
from typing import Any

from stabcheck.literature.claim import BY_HAND, MESCHEDER_2017, MESCHEDER_2018, Claim

ZHANG_YU = "Zhang & Yu 2020, arXiv:1908.05699"
VIP = "Gidel et al. 2019, arXiv:1802.10551"
NEGATIVE_MOMENTUM = "Gidel et al. 2019, arXiv:1807.04740"
CGD = "Schäfer & Anandkumar 2019, arXiv:1905.12103"
ICR = "Schäfer et al. 2020, arXiv:1910.05852"
ODE_GAN = "Qin et al. 2020, arXiv:2010.15040"
CONDITION = "the condition derived by hand"

BILINEAR = ("dirac", "bilinear")
QUADRATIC = ("quadratic",)
COMMON = (("h", "common"),)
NO_SPEEDS = (("tau", "1"),)
UNCOUPLED = (("b_quadratic", "0"),)
COMPARED = ("1", "3", "6")


def method_claims() -> Iterator[Claim]:
    """Every claim about a training method."""
    yield from _implicit()
    yield from _competitive()
    yield from _adjusted()
    yield from _extrapolated()
    yield from _optimistic()
    yield from _momentum()
    yield from _compared()
    yield from _quadratic()
    yield from _lookahead()
    yield from _runge_kutta()
    yield from _opponents()
    yield from _unrolled()
    yield from _anchored()
    yield from _regularised()
    yield from _turns()
    yield from _other()


def _pair(z: Any, real: Any, square: Any) -> Any:
    """The polynomial with the roots `real ± i sqrt(square)`."""
    return (z - real) ** 2 + square


def _implicit() -> Iterator[Claim]:
    for key, method, source in (
        ("C01", "cgd", f"{ZHANG_YU}, Thm A.1; {CGD}"),
        ("C07", "implicit", f"{ZHANG_YU}, Thm A.1"),
        ("C07", "semi-implicit", f"{ZHANG_YU}, Thm A.1"),
    ):
        yield Claim(
            f"{key} {method}", "eigenvalues 1/(1 ± i c sqrt(h_g h_d)), inside the unit circle for"
            " every step", source, method, games=BILINEAR,
            polynomial=lambda z, c, h_g, h_d: z**2 + (1 - 2 * z) / (1 + h_g * h_d * c**2),
            stable=lambda c, h_g, h_d: (h_g * h_d * c**2,),
        )  # fmt: skip


def _competitive() -> Iterator[Claim]:
    yield Claim(
        "C02", "the matrix on (a/2) x^2 + b x y - (d/2) y^2", CGD, "cgd",
        games=QUADRATIC, settings=COMMON, matrix=_competitive_matrix,
    )  # fmt: skip
    yield Claim(
        "C02 stable", "stable iff a d + b^2 > 0, a + d + h b^2 > h a d and"
        " 2 h (a + d) < 4 + h^2 (a d + b^2)", BY_HAND, "cgd",
        games=QUADRATIC, settings=COMMON, matrix=_competitive_matrix,
        stable=lambda a_quadratic, b_quadratic, d_quadratic, h: (
            a_quadratic * d_quadratic + b_quadratic**2,
            a_quadratic + d_quadratic + h * b_quadratic**2 - h * a_quadratic * d_quadratic,
            4 - 2 * h * (a_quadratic + d_quadratic)
            + h**2 * (a_quadratic * d_quadratic + b_quadratic**2),
        ),
    )  # fmt: skip
    yield Claim(
        "C27", "the matrix I - h/(1 + h^2 c^2) [[h c^2, c - h c gamma], [-c, h c^2 + gamma]]; stable"
        " iff gamma + h c^2 > 0 and 2 h gamma < 4 + h^2 c^2", f"{CGD}; {CONDITION}", "cgd",
        ("gp",), settings=COMMON,
        matrix=lambda c, gamma, h: (
            (1 - h**2 * c**2 / (1 + h**2 * c**2), -h * c * (1 - h * gamma) / (1 + h**2 * c**2)),
            (h * c / (1 + h**2 * c**2), 1 - h * (h * c**2 + gamma) / (1 + h**2 * c**2)),
        ),
        stable=lambda c, gamma, h: (gamma + h * c**2, 4 + h**2 * c**2 - 2 * h * gamma),
    )  # fmt: skip


def _competitive_matrix(a_quadratic: Any, b_quadratic: Any, d_quadratic: Any, h: Any) -> Any:
    a, b, d = a_quadratic, b_quadratic, d_quadratic
    k = h / (1 + h**2 * b**2)
    return (
        (1 - k * (a + h * b**2), -k * b * (1 - h * d)),
        (k * b * (1 - h * a), 1 - k * (d + h * b**2)),
    )


def _adjusted() -> Iterator[Claim]:
    for method in ("lcgd", "extragradient"):
        yield Claim(
            f"C03 {method}", "eigenvalues 1 - a^2 ± i a with a = c sqrt(h_g h_d): stable iff a < 1",
            f"{VIP}, Prop 2", method, games=BILINEAR,
            polynomial=lambda z, c, h_g, h_d: _pair(
                z, 1 - h_g * h_d * c**2, h_g * h_d * c**2
            ),
            stable=lambda c, h_g, h_d: (1 - h_g * h_d * c**2,),
        )  # fmt: skip
    yield Claim(
        "C04", "as consensus optimisation: eigenvalues 1 - h lam c^2 ± i h c, stable iff"
        " h (1 + lam^2 c^2) < 2 lam", f"{MESCHEDER_2017} (the step-size lemma)", "sga:simgd",
        games=BILINEAR, settings=COMMON,
        polynomial=lambda z, c, lam_sga, h: _pair(z, 1 - h * lam_sga * c**2, h**2 * c**2),
        stable=lambda c, lam_sga, h: (2 * lam_sga - h * (1 + lam_sga**2 * c**2),),
    )  # fmt: skip


def _extrapolated() -> Iterator[Claim]:
    yield Claim(
        "C06/C19 simultaneous", "with b1 = h_g e_d c^2, b2 = h_d e_g c^2, a^2 = h_g h_d c^2: stable"
        " iff a^2 < b1 + b2 - b1 b2 and 2 (b1 + b2) < 4 + b1 b2 + a^2",
        f"{ZHANG_YU}, Thm 3.2; {CONDITION}", "generalised-eg", games=BILINEAR,
        polynomial=lambda z, c, h_g, h_d, e_g, e_d: (
            (z - 1 + h_g * e_d * c**2) * (z - 1 + h_d * e_g * c**2) + h_g * h_d * c**2
        ),
        stable=lambda c, h_g, h_d, e_g, e_d: (
            h_g * e_d + h_d * e_g - h_g * h_d * e_g * e_d * c**2 - h_g * h_d,
            4 - 2 * (h_g * e_d + h_d * e_g) * c**2 + h_g * h_d * e_g * e_d * c**4
            + h_g * h_d * c**2,
        ),
    )  # fmt: skip
    yield Claim(
        "C19 alternating", "with b1 = h_g e_d c^2, b2 = h_d e_g c^2, a^2 = h_g h_d c^2: stable iff"
        " b1 b2 < b1 + b2 and 2 (b1 + b2) + a^2 < 4 + b1 b2",
        f"{ZHANG_YU}, Thm 3.2; {CONDITION}", "alternating:generalised-eg", games=BILINEAR,
        polynomial=lambda z, c, h_g, h_d, e_g, e_d: (
            (z - 1 + h_g * e_d * c**2) * (z - 1 + h_d * e_g * c**2) + h_g * h_d * c**2 * z
        ),
        stable=lambda c, h_g, h_d, e_g, e_d: (
            h_g * e_d + h_d * e_g - h_g * h_d * e_g * e_d * c**2,
            4 - 2 * (h_g * e_d + h_d * e_g) * c**2 + h_g * h_d * e_g * e_d * c**4
            - h_g * h_d * c**2,
        ),
    )  # fmt: skip


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
        polynomial=lambda z, c, h_g, h_d: z**2 * _pair(z, 1, h_g * h_d * c**2),
        stable=lambda: (0,), verdict="unstable",
    )  # fmt: skip
    yield Claim(
        "C18 simultaneous", "with a = h c, b1 = b_g c, b2 = b_d c: stable iff (a - b1)(a - b2) > 0,"
        " (a + b1)(a + b2) > -4, |b1 b2| < 1 and a^2 (b1^2 + 1)(b2^2 + 1) < (b1 b2 + 1)"
        " (2 a (b1 + b2) + b1 b2 (b1 b2 - 3))",
        f"{ZHANG_YU}, Thm 3.3", "generalised-ogda", games=BILINEAR, settings=COMMON,
        polynomial=lambda z, c, h, b_g, b_d: (
            z**2 * (z - 1) ** 2 + c**2 * (h * z - b_g) * (h * z - b_d)
        ),
        stable=lambda c, h, b_g, b_d: _past_simultaneous(h * c, b_g * c, b_d * c),
    )  # fmt: skip
    yield Claim(
        "C18 alternating", "with a = h c, b1 = b_g c, b2 = b_d c: stable iff (a - b1)(a - b2) > 0,"
        " (a + b1)(a + b2) < 4, (a b1 + 1)(a b2 + 1) > (1 + b1 b2)^2 and |b1 b2| < 1 (this last by"
        " hand: weights of the other sign need it); one past is never read, which adds the eigenvalue 0",
        f"{ZHANG_YU}, Thm 3.3; |b1 b2| < 1 derived by hand", "alternating:generalised-ogda",
        games=BILINEAR, settings=COMMON,
        polynomial=lambda z, c, h, b_g, b_d: (
            z * (z * (z - 1) ** 2 + c**2 * (h * z - b_g) * (h * z - b_d))
        ),
        stable=lambda c, h, b_g, b_d: _past_alternating(h * c, b_g * c, b_d * c),
    )  # fmt: skip
    yield Claim(
        "C30", "one weight b for both, a = h c, q = b c: stable iff q^2 < 1 and"
        " a^2 (1 + q^2) < 4 a q - 3 q^2 + q^4; for h = (1 + w) s, b = w s and small s iff w > 1/2",
        BY_HAND, "generalised-ogda", games=BILINEAR, settings=(*COMMON, ("b", "common")),
        polynomial=lambda z, c, h, b_g: z**2 * (z - 1) ** 2 + c**2 * (h * z - b_g) ** 2,
        stable=lambda c, h, b_g: (
            1 - b_g**2 * c**2,
            4 * h * b_g - 3 * b_g**2 + b_g**4 * c**2 - h**2 * (1 + b_g**2 * c**2),
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


def _compared() -> Iterator[Claim]:
    """The numbers of the CGD paper's comparison: step 1/5, strength 1, coupling 1, 3, 6."""
    adjusted = ("0.8246", "1.0000", "6.3151")
    for method, penalties, strength, radii in (
        ("simgd", (), "", ("1.0198", "1.1662", "1.5620")),
        ("lcgd", (), "", ("0.9806", "0.8773", "1.2781")),
        ("extragradient", (), "", ("0.9806", "0.8773", "1.2781")),
        ("sga:simgd", (), "lam", adjusted),
        ("simgd", ("consensus",), "gamma", adjusted),
        ("ogda", (), "", ("0.9789", "1.0574", "2.3448")),
        ("cgd", (), "", ("0.9806", "0.8575", "0.6402")),
    ):
        given = (("h", "1/5"), *(((strength, "1"),) if strength else ()))
        yield Claim(
            " ".join(("C10", method, *penalties)),
            f"spectral radius {', '.join(radii)} at alpha = {', '.join(COMPARED)}, h = 1/5"
            f"{f', {strength} = 1' if strength else ''}",
            CGD, method, penalties, games=("bilinear",), settings=COMMON,
            radii=tuple(
                ((("alpha", alpha), *given), radius)
                for alpha, radius in zip(COMPARED, radii, strict=True)
            ),
        )  # fmt: skip


def _quadratic() -> Iterator[Claim]:
    yield Claim(
        "C05b", "without coupling: stable iff 0 < h_g a < 2/3 and 0 < h_d d < 2/3", BY_HAND, "ogda",
        games=QUADRATIC, settings=UNCOUPLED,
        polynomial=_uncoupled_optimism,
        stable=lambda a_quadratic, d_quadratic, h_g, h_d: (
            a_quadratic, d_quadratic, 2 - 3 * h_g * a_quadratic, 2 - 3 * h_d * d_quadratic,
        ),
    )  # fmt: skip
    yield Claim(
        "C11 ogda", "without coupling: the roots of z^2 - (1 - 2 q) z - q for q = h_g a and q = h_d d",
        CGD, "ogda", games=QUADRATIC, settings=UNCOUPLED, polynomial=_uncoupled_optimism,
    )  # fmt: skip
    for method in ("simgd", "lcgd", "sga:simgd", "cgd"):
        yield Claim(
            f"C11 {method}", "without coupling every adjustment vanishes: eigenvalues 1 - h_g a and"
            " 1 - h_d d", CGD, method, games=QUADRATIC, settings=UNCOUPLED,
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
        CGD, "simgd", ("consensus",), games=QUADRATIC, settings=(*UNCOUPLED, *COMMON),
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
        " 0.92 ± i sqrt(0.08)", f"{ICR}; {CONDITION}", "simgd", games=QUADRATIC,
        settings=(("a_quadratic", "2"), ("b_quadratic", "10"), ("d_quadratic", "-2")),
        polynomial=lambda z, h_g, h_d: (z - 1 + 2 * h_g) * (z - 1 - 2 * h_d) + 100 * h_g * h_d,
        stable=lambda h_g, h_d: (
            h_g - h_d - 48 * h_g * h_d, 1 - h_g + h_d + 24 * h_g * h_d,
        ),
    )  # fmt: skip
    yield Claim(
        "C12 flow", "stable iff tau_g a + tau_d d > 0 and a d + b^2 > 0", BY_HAND, "flow",
        games=QUADRATIC,
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
        " maximises a convex function", ICR, "flow", games=QUADRATIC,
        settings=(
            ("a_quadratic", "2"), ("b_quadratic", "1"), ("d_quadratic", "-1/5"), *NO_SPEEDS,
        ),
        verdict="stable",
    )  # fmt: skip


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
        "C14 simgd k = 2", "with y^2 = h_g h_d c^2: stable iff y^2 < (2 - 4 alpha)/alpha", BY_HAND,
        "lookahead:simgd", games=BILINEAR, settings=(("k_lookahead", "2"),),
        polynomial=lambda z, c, h_g, h_d, alpha_lookahead: _pair(
            z, 1 - alpha_lookahead * h_g * h_d * c**2, 4 * alpha_lookahead**2 * h_g * h_d * c**2
        ),
        stable=lambda c, h_g, h_d, alpha_lookahead: (
            2 - 4 * alpha_lookahead - alpha_lookahead * h_g * h_d * c**2,
        ),
    )  # fmt: skip
    yield Claim(
        "C14 simgd", "eigenvalues 1 - alpha + alpha (1 ± i y)^k with y^2 = h_g h_d c^2; for small steps"
        " stable iff alpha < 1 - 1/k", BY_HAND, "lookahead:simgd", games=BILINEAR,
        polynomial=lambda z, c, h_g, h_d, alpha_lookahead, k_lookahead: _pair(
            z, *_lookahead_spiral(h_g * h_d * c**2, alpha_lookahead, k_lookahead)
        ),
        stable=lambda c, h_g, h_d, alpha_lookahead, k_lookahead: (
            _lookahead_condition(h_g * h_d * c**2, alpha_lookahead, k_lookahead),
        ),
    )  # fmt: skip
    yield Claim(
        "C14 altgd", "with a = h c and T = T_k(1 - a^2/2) of Chebyshev: stable iff alpha < 1, T < 1 and"
        " (2 - alpha)^2 + alpha^2 + 2 alpha (2 - alpha) T > 0; so for a < 2 for every alpha < 1 unless"
        " T = 1", BY_HAND, "lookahead:altgd", games=BILINEAR, settings=(*COMMON, ("n", "1")),
        polynomial=lambda z, c, h, alpha_lookahead, k_lookahead: (
            (z - 1 + alpha_lookahead) ** 2
            - alpha_lookahead * (z - 1 + alpha_lookahead)
            * _powers_sum(2 - h**2 * c**2, k_lookahead)
            + alpha_lookahead**2
        ),
        stable=lambda c, h, alpha_lookahead, k_lookahead: (
            1 - alpha_lookahead,
            2 - _powers_sum(2 - h**2 * c**2, k_lookahead),
            (2 - alpha_lookahead) ** 2 + alpha_lookahead**2
            + alpha_lookahead * (2 - alpha_lookahead)
            * _powers_sum(2 - h**2 * c**2, k_lookahead),
        ),
    )  # fmt: skip


def _runge_kutta() -> Iterator[Claim]:
    yield Claim(
        "C15 rk2", "squared modulus 1 + y^4/4 with y = h c: never stable", ODE_GAN, "rk2",
        games=BILINEAR, settings=COMMON,
        polynomial=lambda z, c, h: _pair(z, 1 - h**2 * c**2 / 2, h**2 * c**2),
        stable=lambda: (0,), verdict="unstable",
    )  # fmt: skip
    yield Claim(
        "C15 rk3", "squared modulus 1 - y^4/12 + y^6/36 with y = h c: stable iff |y| < sqrt(3)",
        ODE_GAN, "rk3", games=BILINEAR, settings=COMMON,
        polynomial=lambda z, c, h: _pair(
            z, 1 - h**2 * c**2 / 2, h**2 * c**2 * (1 - h**2 * c**2 / 6) ** 2
        ),
        stable=lambda c, h: (3 - h**2 * c**2,),
    )  # fmt: skip
    yield Claim(
        "C15 rk4", "squared modulus 1 - y^6/72 + y^8/576 with y = h c: stable iff |y| < 2 sqrt(2)",
        ODE_GAN, "rk4", games=BILINEAR, settings=COMMON,
        polynomial=lambda z, c, h: _pair(
            z, 1 - h**2 * c**2 / 2 + h**4 * c**4 / 24, h**2 * c**2 * (1 - h**2 * c**2 / 6) ** 2
        ),
        stable=lambda c, h: (8 - h**2 * c**2,),
    )  # fmt: skip


def _opponents() -> Iterator[Claim]:
    for form in ("exact", "first-order"):
        yield Claim(
            f"C16 lola:flow {form}", "eigenvalues -2 alpha c^2 ± i c: LOLA(alpha) acts as consensus"
            " optimisation of strength 2 alpha", BY_HAND, "lola:flow", games=BILINEAR,
            settings=(("form", form), *NO_SPEEDS),
            polynomial=lambda z, c, alpha_lola: _pair(z, -2 * alpha_lola * c**2, c**2),
            stable=lambda alpha_lola: (alpha_lola,),
        )  # fmt: skip
        yield Claim(
            f"C16 lola:simgd {form}", "stable iff h (1 + 4 alpha^2 c^2) < 4 alpha", BY_HAND,
            "lola:simgd", games=BILINEAR, settings=(("form", form), *COMMON),
            polynomial=lambda z, c, alpha_lola, h: _pair(
                z, 1 - 2 * h * alpha_lola * c**2, h**2 * c**2
            ),
            stable=lambda c, alpha_lola, h: (
                4 * alpha_lola - h * (1 + 4 * alpha_lola**2 * c**2),
            ),
        )  # fmt: skip
    yield Claim(
        "C16 lookahead-opponent:flow", "eigenvalues -alpha c^2 ± i c", BY_HAND,
        "lookahead-opponent:flow", games=BILINEAR, settings=NO_SPEEDS,
        polynomial=lambda z, c, alpha_lookahead_opponent: _pair(
            z, -alpha_lookahead_opponent * c**2, c**2
        ),
        stable=lambda alpha_lookahead_opponent: (alpha_lookahead_opponent,),
    )  # fmt: skip
    yield Claim(
        "C16 lookahead-opponent:simgd", "stable iff h (1 + alpha^2 c^2) < 2 alpha", BY_HAND,
        "lookahead-opponent:simgd", games=BILINEAR, settings=COMMON,
        polynomial=lambda z, c, alpha_lookahead_opponent, h: _pair(
            z, 1 - h * alpha_lookahead_opponent * c**2, h**2 * c**2
        ),
        stable=lambda c, alpha_lookahead_opponent, h: (
            2 * alpha_lookahead_opponent - h * (1 + alpha_lookahead_opponent**2 * c**2),
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
        polynomial=lambda z, c, k_unrolled, e_unrolled: (
            z**2 + share * k_unrolled * e_unrolled * c**2 * z + c**2
        ),
        stable=lambda k_unrolled, e_unrolled: (k_unrolled * e_unrolled,),
    )  # fmt: skip
    yield Claim(
        f"C17 simgd {gradient}", f"{text}: stable iff h_d < 2 r and"
        " 4 - 4 h_g r c^2 + h_g h_d c^2 > 0", BY_HAND, "unrolled:simgd", games=BILINEAR,
        settings=where,
        polynomial=lambda z, c, k_unrolled, e_unrolled, h_g, h_d: (
            (z - 1) * (z - 1 + share * h_g * k_unrolled * e_unrolled * c**2)
            + h_g * h_d * c**2
        ),
        stable=lambda c, k_unrolled, e_unrolled, h_g, h_d: (
            share * k_unrolled * e_unrolled - h_d,
            4 - 2 * share * h_g * k_unrolled * e_unrolled * c**2 + h_g * h_d * c**2,
        ),
    )  # fmt: skip


def _anchored() -> Iterator[Claim]:
    yield Claim(
        "C23 anchored", "eigenvalues 1 - kappa ± i a with a^2 = h_g h_d c^2: stable iff"
        " a^2 < 2 kappa - kappa^2", BY_HAND, "anchored:simgd", games=BILINEAR,
        polynomial=lambda z, c, kappa_anchored, h_g, h_d: _pair(
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
        " beta twice", BY_HAND, "ema:simgd", games=BILINEAR,
        polynomial=lambda z, c, beta_ema, h_g, h_d: (
            (z - beta_ema) ** 2 * _pair(z, 1, h_g * h_d * c**2)
        ),
        stable=lambda: (0,), verdict="unstable",
    )  # fmt: skip


def _moving_anchor(square: Any, total: Any, rho: Any) -> Any:
    return (
        total * (2 - total) - square * (1 - rho) ** 2,
        (1 - rho) * (2 * total * (2 - total) - square * (1 - rho) * (2 - rho))
        - rho * (2 - total) ** 2,
    )  # fmt: skip


def _regularised() -> Iterator[Claim]:
    yield Claim(
        "C31 sga:simgd gp", "with A = [[0, c], [-c, 0]] and S = [[0, c], [-c, gamma]] the matrix"
        " I - h (I + lam A^T) S; with m = lam c^2 stable iff h (m^2 + c^2) < 2 m + gamma and"
        " 4 - 2 h (2 m + gamma) + h^2 (m^2 + c^2) > 0", BY_HAND, "sga:simgd", ("gp",), settings=COMMON,
        matrix=lambda c, gamma, lam_sga, h: (
            (1 - h * lam_sga * c**2, -h * c * (1 - lam_sga * gamma)),
            (h * c, 1 - h * (gamma + lam_sga * c**2)),
        ),
        stable=lambda c, gamma, lam_sga, h: (
            2 * lam_sga * c**2 + gamma - h * c**2 * (1 + lam_sga**2 * c**2),
            4 - 2 * h * (2 * lam_sga * c**2 + gamma) + h**2 * c**2 * (1 + lam_sga**2 * c**2),
        ),
    )  # fmt: skip
    yield Claim(
        "C31 flow gp consensus", "the matrix J - gamma_consensus J^T J with J = [[0, -c], [c, -gamma_gp]];"
        " stable iff gamma_gp + gamma_consensus (2 c^2 + gamma_gp^2) > 0 and"
        " 1 + gamma_consensus gamma_gp + gamma_consensus^2 c^2 > 0", BY_HAND, "flow",
        ("gp", "consensus"), settings=NO_SPEEDS,
        matrix=lambda c, gamma_gp, gamma_consensus: (
            (-gamma_consensus * c**2, -c * (1 - gamma_consensus * gamma_gp)),
            (c * (1 + gamma_consensus * gamma_gp),
             -gamma_gp - gamma_consensus * (c**2 + gamma_gp**2)),
        ),
        stable=lambda c, gamma_gp, gamma_consensus: (
            gamma_gp + gamma_consensus * (2 * c**2 + gamma_gp**2),
            1 + gamma_consensus * gamma_gp + gamma_consensus**2 * c**2,
        ),
    )  # fmt: skip
    yield Claim(
        "A22 ttur gp", "the second player infinitely fast: slow eigenvalue -c^2/gamma, fast one -gamma",
        BY_HAND, "ttur", ("gp",),
        polynomial=lambda z, c, gamma: (z + c**2 / gamma) * (z + gamma),
        stable=lambda gamma: (gamma,),
    )  # fmt: skip


def _simultaneous(z: Any, c: Any, h_g: Any, h_d: Any) -> Any:
    return (z - 1) ** 2 + h_g * h_d * c**2


def _turns() -> Iterator[Claim]:
    yield Claim(
        "C28", "turns put z h_d in the place of h_d in the polynomial of simultaneous steps",
        f"{ZHANG_YU}, Thm 2.3", "alternating:simgd", games=BILINEAR,
        polynomial=lambda z, c, h_g, h_d: _simultaneous(z, c, h_g, z * h_d),
        stable=lambda: (0,),
    )  # fmt: skip
    yield Claim(
        "C29", "symplectic Euler: with a^2 = n_g n_d h_g h_d c^2 trace 2 - a^2, which is Verlet's"
        " too, and determinant 1", MESCHEDER_2018, "altgd", games=BILINEAR, settings=(("order", "()"),),
        matrix=lambda c, h_g, h_d, n_g, n_d: (
            (1, -n_g * h_g * c),
            (n_d * h_d * c, 1 - n_g * n_d * h_g * h_d * c**2),
        ),
        polynomial=lambda z, c, h_g, h_d, n_g, n_d: (
            z**2 - (2 - n_g * n_d * h_g * h_d * c**2) * z + 1
        ),
        stable=lambda: (0,),
    )  # fmt: skip


def _other() -> Iterator[Claim]:
    yield Claim(
        "chekhov k = 2", "the mean over the two latest opponents: never stable", BY_HAND, "chekhov",
        games=BILINEAR, settings=(("k_chekhov", "2"),),
        polynomial=lambda z, c, h_g, h_d: (
            z**2 * (z - 1) ** 2 + h_g * h_d * c**2 * (z + 1) ** 2 / 4
        ),
        stable=lambda: (0,), verdict="unstable",
    )  # fmt: skip
    yield Claim(
        "adam", "at rest, with no squared gradient seen, it is simultaneous momentum with step"
        " (1 - beta1) h/sqrt(v + epsilon^2), and never stable; the mean squares add the eigenvalue"
        " beta2 twice",
        BY_HAND, "adam", games=BILINEAR,
        polynomial=lambda z, c, h_g, h_d, beta1_adam, beta2_adam, epsilon_adam, v_adam: (
            (z - beta2_adam) ** 2
            * ((z - 1) ** 2 * (z - beta1_adam) ** 2
               + h_g * h_d * c**2 * (1 - beta1_adam) ** 2 * z**2 / (v_adam + epsilon_adam**2))
        ),
        stable=lambda: (0,), verdict="unstable",
    )  # fmt: skip
    yield Claim(
        "rmsprop", "at rest, with no squared gradient seen, it is simultaneous descent with step"
        " h/sqrt(v + epsilon^2), and never stable; the mean squares add the eigenvalue beta2 twice",
        BY_HAND, "rmsprop", games=BILINEAR,
        polynomial=lambda z, c, h_g, h_d, beta2_rmsprop, epsilon_rmsprop, v_rmsprop: (
            (z - beta2_rmsprop) ** 2
            * _pair(z, 1, h_g * h_d * c**2 / (v_rmsprop + epsilon_rmsprop**2))
        ),
        stable=lambda: (0,), verdict="unstable",
    )  # fmt: skip
