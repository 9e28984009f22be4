"""What the literature says of training methods on bilinear pairs, as `pairs` describes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stabcheck.literature.claim import BY_HAND, MESCHEDER_2017, MESCHEDER_2018, Claim
from stabcheck.literature.condition import FELT_ALIKE, ITSELF
from stabcheck.literature.looking import looking_claims
from stabcheck.literature.pairs import (
    BILINEAR,
    CGD,
    COMMON,
    CONDITION,
    NO_SPEEDS,
    ODE_GAN,
    VIP,
    ZHANG_YU,
    pair,
)
from stabcheck.literature.quadratic import quadratic_claims
from stabcheck.literature.remembering import remembering_claims

COMPARED = ("1", "3", "6")


def method_claims() -> Iterator[Claim]:
    """Every claim about a training method."""
    yield from _implicit()
    yield from _adjusted()
    yield from _extrapolated()
    yield from remembering_claims()
    yield from _compared()
    yield from quadratic_claims()
    yield from looking_claims()
    yield from _runge_kutta()
    yield from _regularised()
    yield from _turns()
    yield from _other()


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


def _adjusted() -> Iterator[Claim]:
    for method in ("lcgd", "extragradient"):
        yield Claim(
            f"C03 {method}", "eigenvalues 1 - a^2 ± i a with a = c sqrt(h_g h_d): stable iff a < 1",
            f"{VIP}, Prop 2", method, games=BILINEAR,
            polynomial=lambda z, c, h_g, h_d: pair(
                z, 1 - h_g * h_d * c**2, h_g * h_d * c**2
            ),
            stable=lambda c, h_g, h_d: (1 - h_g * h_d * c**2,),
        )  # fmt: skip
    yield Claim(
        "C04", "as consensus optimisation: eigenvalues 1 - h lam c^2 ± i h c, stable iff"
        " h (1 + lam^2 c^2) < 2 lam", f"{MESCHEDER_2017} (the step-size lemma)", "sga:simgd",
        games=BILINEAR, settings=COMMON,
        polynomial=lambda z, c, lam_sga, h: pair(z, 1 - h * lam_sga * c**2, h**2 * c**2),
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
            f"spectral radius {', '.join(radii)} at c = {', '.join(COMPARED)}, h = 1/5"
            f"{f', {strength} = 1' if strength else ''}",
            CGD, method, penalties, games=("bilinear",), settings=(*COMMON, ("coupling", "()")),
            about=(*FELT_ALIKE, ITSELF),
            radii=tuple(
                ((("alpha", alpha), *given), radius)
                for alpha, radius in zip(COMPARED, radii, strict=True)
            ),
        )  # fmt: skip


def _runge_kutta() -> Iterator[Claim]:
    yield Claim(
        "C15 rk2", "squared modulus 1 + y^4/4 with y = h c: never stable", ODE_GAN, "rk2",
        games=BILINEAR, settings=COMMON,
        polynomial=lambda z, c, h: pair(z, 1 - h**2 * c**2 / 2, h**2 * c**2),
        stable=lambda: (0,), verdict="unstable",
    )  # fmt: skip
    yield Claim(
        "C15 rk3", "squared modulus 1 - y^4/12 + y^6/36 with y = h c: stable iff |y| < sqrt(3)",
        ODE_GAN, "rk3", games=BILINEAR, settings=COMMON,
        polynomial=lambda z, c, h: pair(
            z, 1 - h**2 * c**2 / 2, h**2 * c**2 * (1 - h**2 * c**2 / 6) ** 2
        ),
        stable=lambda c, h: (3 - h**2 * c**2,),
    )  # fmt: skip
    yield Claim(
        "C15 rk4", "squared modulus 1 - y^6/72 + y^8/576 with y = h c: stable iff |y| < 2 sqrt(2)",
        ODE_GAN, "rk4", games=BILINEAR, settings=COMMON,
        polynomial=lambda z, c, h: pair(
            z, 1 - h**2 * c**2 / 2 + h**4 * c**4 / 24, h**2 * c**2 * (1 - h**2 * c**2 / 6) ** 2
        ),
        stable=lambda c, h: (8 - h**2 * c**2,),
    )  # fmt: skip


def _regularised() -> Iterator[Claim]:
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
        games=BILINEAR, settings=(("opponents_chekhov", "2"),),
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
            * pair(z, 1, h_g * h_d * c**2 / (v_rmsprop + epsilon_rmsprop**2))
        ),
        stable=lambda: (0,), verdict="unstable",
    )  # fmt: skip
