"""What the literature says of the Dirac-GAN, its penalties, and plain steps on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from stabcheck.literature.claim import (
    BY_HAND,
    MESCHEDER_2017,
    MESCHEDER_2018,
    NAGARAJAN_2017,
    R3GAN,
    Claim,
    drawn_off_zero,
)
from stabcheck.literature.condition import APART, FELT_ALIKE, LINEAR, NON_SATURATING, ZERO_SUM, Has
from stabcheck.literature.rows import identity, product

SATURATING = (*FELT_ALIKE, ZERO_SUM)
OTHERWISE = (*FELT_ALIKE, *NON_SATURATING)
LABELLED = (Has("label_a"), Has("label_c"))


def _sub_steps(gamma: Any, h_g: Any, h_d: Any, n_g: int, n_d: int, f1: Any) -> tuple[Any, Any]:
    """`q^{n_d}` and `n_g h_g f1 B`, with `q = 1 - h_d gamma` and `B = f1 (1 - q^{n_d})/gamma`.

    At `gamma = 0` the geometric sum `B = f1 h_d (1 + q + … + q^{n_d - 1})` is `f1 h_d n_d`.
    """
    power = (1 - h_d * gamma) ** n_d
    total = n_d * h_d if gamma == 0 else (1 - power) / gamma
    return power, n_g * h_g * f1 * f1 * total


def _lazily(f1: Any, gamma: Any, h: Any, every: int) -> Any:
    """The steps of a cycle, the one with the penalty last."""
    step = lambda g: [[1, -h * f1], [h * f1, 1 - h * g]]  # noqa: E731
    cycle = identity(2)
    for k in range(every):
        cycle = product(step(every * gamma if k == every - 1 else 0), cycle)
    return cycle


def _flow_step_bound(spectrum: Sequence[complex]) -> float:
    return min(2 * abs(m.real) / abs(m) ** 2 for m in spectrum)


def gan_claims() -> Iterator[Claim]:
    """Every claim about the Dirac-GAN under penalties and plain steps."""
    yield from _unregularised()
    yield from _regularised()
    yield from _labelled()
    yield from _elsewhere()


def _unregularised() -> Iterator[Claim]:
    yield Claim(
        "A01", "the field and its Jacobian at a general point", f"{R3GAN}, Eq. 7-8", "flow",
        about=SATURATING,
        field=lambda theta, psi, df: (-psi * df, theta * df),
        jacobian=lambda theta, psi, df, d2f: (
            (-(psi**2) * d2f, -df - theta * psi * d2f),
            (df + theta * psi * d2f, theta**2 * d2f),
        ),
    )  # fmt: skip
    yield Claim(
        "A02", "eigenvalues ± i f'(0)", f"{MESCHEDER_2018}; {R3GAN}, Lemma B.2", "flow",
        about=SATURATING,
        polynomial=lambda z, f1, tau_g, tau_d: z**2 + tau_g * tau_d * f1**2, verdict="neutral",
    )  # fmt: skip
    yield from _steps_without_penalty("", MESCHEDER_2018, ())
    yield Claim(
        "A08", "the non-saturating loss has the same eigenvalues ± i f'(0)", MESCHEDER_2018, "flow",
        about=OTHERWISE,
        polynomial=lambda z, f1, tau_g, tau_d: z**2 + tau_g * tau_d * f1**2, verdict="neutral",
    )  # fmt: skip
    yield Claim(
        "A11", "with f(t) = t the eigenvalues are ± i: never asymptotically stable",
        MESCHEDER_2018, "flow", about=LINEAR,
        polynomial=lambda z, tau_g, tau_d: z**2 + tau_g * tau_d, verdict="neutral",
    )  # fmt: skip
    yield Claim(
        "A24", "data at x0: exponentially stable iff x0 != 0 and f''(0) < 0; with a function r of its"
        " own on the data f''(0) + r''(0) in the place of 2 f''(0)", BY_HAND, "flow",
        polynomial=lambda z, f1, f2, r2, x0, tau_g, tau_d: (
            z**2 - tau_d * (f2 + r2) * x0**2 * z + tau_g * tau_d * f1**2
        ),
        stable=lambda f2, r2, x0: (-(f2 + r2) * x0**2,), shifted=True, about=(*FELT_ALIKE, APART),
    )  # fmt: skip


def _steps_without_penalty(mark: str, source: str, penalties: tuple[str, ...]) -> Iterator[Claim]:
    yield Claim(
        f"A04-A05{mark}",
        "eigenvalues 1 ± i f'(0) sqrt(h_g h_d), outside the unit circle for every step",
        source, "simgd", penalties,
        polynomial=lambda z, f1, h_g, h_d: z**2 - 2 * z + 1 + h_g * h_d * f1**2,
        verdict="unstable",
    )  # fmt: skip
    yield Claim(
        f"A06-A07{mark}",
        "on the unit circle iff alpha = |f'(0)| sqrt(n_g n_d h_g h_d) <= 2, never inside, whoever"
        " steps first",
        source, "altgd", penalties,
        polynomial=lambda z, f1, h_g, h_d, n_g, n_d: (
            z**2 - (2 - f1**2 * n_g * n_d * h_g * h_d) * z + 1
        ),
        stable=lambda: (0,),
    )  # fmt: skip


def _regularised() -> Iterator[Claim]:
    for key, penalty, about in (
        ("A15", "gp", SATURATING),
        ("A15", "r2", SATURATING),
        ("A18", "gp", OTHERWISE),
        ("A18", "r2", OTHERWISE),
    ):
        yield Claim(
            f"{key}/A22 {penalty}", "eigenvalues -gamma/2 ± sqrt(gamma^2/4 - f'(0)^2); with speeds"
            " tau: tau_d gamma in the place of gamma, tau_g tau_d f'(0)^2 in that of f'(0)^2",
            MESCHEDER_2018, "flow", (penalty,), about,
            polynomial=lambda z, f1, gamma, tau_g, tau_d: (
                z**2 + tau_d * gamma * z + tau_g * tau_d * f1**2
            ),
            stable=lambda gamma: (gamma,),
        )  # fmt: skip
        yield Claim(
            f"{key}/A16 {penalty}",
            "stable iff h_g f'(0)^2 < gamma and 4 - 2 h_d gamma + h_g h_d f'(0)^2 > 0",
            BY_HAND, "simgd", (penalty,), about,
            polynomial=lambda z, f1, gamma, h_g, h_d: (
                z**2 - (2 - h_d * gamma) * z + 1 - h_d * gamma + h_g * h_d * f1**2
            ),
            stable=lambda f1, gamma, h_g, h_d: (
                gamma - h_g * f1**2, 4 - 2 * h_d * gamma + h_g * h_d * f1**2,
            ),
        )  # fmt: skip
    yield Claim(
        "A15 gp+r2", "R1 and R2 together act as one with the sum of their strengths",
        MESCHEDER_2018, "flow", ("gp", "r2"),
        polynomial=lambda z, f1, gamma_gp, gamma_r2, tau_g, tau_d: (
            z**2 + tau_d * (gamma_gp + gamma_r2) * z + tau_g * tau_d * f1**2
        ),
        stable=lambda gamma_gp, gamma_r2: (gamma_gp + gamma_r2,),
    )  # fmt: skip
    for penalty in ("gp", "r2"):
        yield Claim(
            f"A17 {penalty}", "one sub-step each: stable iff gamma > 0 and h_g h_d f'(0)^2 <"
            " 4 - 2 h_d gamma; n_g, n_d sub-steps: |q|^n_d < 1 and n_g h_g f'(0) B < 2 (1 + q^n_d)",
            BY_HAND, "altgd", (penalty,),
            polynomial=lambda z, f1, gamma, h_g, h_d, n_g, n_d: (
                z**2
                - (1 + _sub_steps(gamma, h_g, h_d, n_g, n_d, f1)[0]
                   - _sub_steps(gamma, h_g, h_d, n_g, n_d, f1)[1]) * z
                + _sub_steps(gamma, h_g, h_d, n_g, n_d, f1)[0]
            ),
            stable=lambda f1, gamma, h_g, h_d, n_g, n_d: (
                1 - _sub_steps(gamma, h_g, h_d, n_g, n_d, f1)[0] ** 2,
                2 * (1 + _sub_steps(gamma, h_g, h_d, n_g, n_d, f1)[0])
                - _sub_steps(gamma, h_g, h_d, n_g, n_d, f1)[1],
            ),
        )  # fmt: skip
        yield Claim(
            f"A33 {penalty}", "M = S B^(k-1), B and S the steps with no penalty and with k gamma",
            BY_HAND, "lazy:simgd", (penalty,), settings=(("h", "common"),), matrix=_lazily,
        )  # fmt: skip
    yield Claim(
        "A19", "eigenvalues -gamma f'(0)^2 ± i f'(0)", f"{MESCHEDER_2018}; {MESCHEDER_2017}", "flow",
        ("consensus",), settings=(("tau", "1"),),
        polynomial=lambda z, f1, gamma: (z + gamma * f1**2) ** 2 + f1**2,
        stable=lambda gamma: (gamma,),
    )  # fmt: skip
    yield Claim(
        "A19/C04", "stable iff h < 2 gamma/(1 + gamma^2 f'(0)^2)", MESCHEDER_2017, "simgd",
        ("consensus",), settings=(("h", "common"),),
        polynomial=lambda z, f1, gamma, h: (z - 1 + h * gamma * f1**2) ** 2 + h**2 * f1**2,
        stable=lambda f1, gamma, h: (2 * gamma - h * (1 + gamma**2 * f1**2),),
    )  # fmt: skip
    yield Claim(
        "C32", "with q = 1 - h gamma f'(0)^2: stable iff |q| < 1 and h |f'(0)| < 1 + q",
        BY_HAND, "altgd", ("consensus",), settings=(("h", "common"), ("n", "1")),
        polynomial=lambda z, f1, gamma, h: (
            (z - 1 + h * gamma * f1**2) ** 2 + h**2 * f1**2 * z
        ),
        stable=lambda f1, gamma, h: (
            gamma, 2 - h * gamma * f1**2, (2 - h * gamma * f1**2) ** 2 - h**2 * f1**2,
        ),
    )  # fmt: skip
    for side, on_fake, on_real in (("both", 1, 1), ("real", 0, 1), ("fake", 1, 0)):
        yield from _noise(side, on_fake, on_real)
    yield from _nagarajan_kolter_steps()
    yield Claim(
        "B03", "eigenvalues -eta f'(0)^2 ± f'(0) sqrt(eta^2 f'(0)^2 - 1)", NAGARAJAN_2017, "flow",
        ("nk",),
        polynomial=lambda z, f1, eta, tau_g, tau_d: (
            z**2 + 2 * tau_g * eta * f1**2 * z + tau_g * tau_d * f1**2
        ),
        stable=lambda eta: (eta,),
    )  # fmt: skip


def _nagarajan_kolter_steps() -> Iterator[Claim]:
    yield Claim(
        "B03 simgd", "stable iff h_d < 2 eta and 4 - 4 h_g eta f'(0)^2 + h_g h_d f'(0)^2 > 0",
        BY_HAND, "simgd", ("nk",),
        polynomial=lambda z, f1, eta, h_g, h_d: (
            (z - 1) * (z - 1 + 2 * h_g * eta * f1**2) + h_g * h_d * f1**2
        ),
        stable=lambda f1, eta, h_g, h_d: (
            2 * eta - h_d, 4 - 4 * h_g * eta * f1**2 + h_g * h_d * f1**2,
        ),
    )  # fmt: skip
    yield Claim(
        "B03 altgd", "stable iff eta > 0 and h_g h_d f'(0)^2 < 4 - 4 h_g eta f'(0)^2",
        BY_HAND, "altgd", ("nk",), settings=(("n", "1"),),
        polynomial=lambda z, f1, eta, h_g, h_d: (
            (z - 1) * (z - 1 + 2 * h_g * eta * f1**2) + h_g * h_d * f1**2 * z
        ),
        stable=lambda f1, eta, h_g, h_d: (
            eta, 4 - 4 * h_g * eta * f1**2 - h_g * h_d * f1**2,
        ),
    )  # fmt: skip


def _noise(side: str, on_fake: int, on_real: int) -> Iterator[Claim]:
    """Instance noise acts as a gradient penalty of strength `-(f''(0) + f''(0)) sigma^2`.

    One summand belongs to generated samples and one to the data, where some losses have a function
    `r` of their own.
    """
    where = (("on", side),)
    yield Claim(
        f"A14 {side}", "eigenvalues f''(0) sigma^2 ± sqrt(f''(0)^2 sigma^4 - f'(0)^2); with noise on"
        " one side sigma^2/2 in the place of sigma^2", MESCHEDER_2018, "flow", ("noise",),
        settings=where,
        polynomial=lambda z, f1, f2, r2, sigma, tau_g, tau_d: (
            z**2 - tau_d * (on_fake * f2 + on_real * r2) * sigma**2 * z + tau_g * tau_d * f1**2
        ),
        stable=lambda f2, r2, sigma: (-(on_fake * f2 + on_real * r2) * sigma**2,),
    )  # fmt: skip
    yield Claim(
        f"A26 simgd {side}", "as R1 with gamma = -2 f''(0) sigma^2", BY_HAND, "simgd", ("noise",),
        settings=where,
        polynomial=lambda z, f1, f2, r2, sigma, h_g, h_d: (
            z**2 - (2 + h_d * (on_fake * f2 + on_real * r2) * sigma**2) * z
            + 1 + h_d * (on_fake * f2 + on_real * r2) * sigma**2 + h_g * h_d * f1**2
        ),
        stable=lambda f1, f2, r2, sigma, h_g, h_d: (
            -(on_fake * f2 + on_real * r2) * sigma**2 - h_g * f1**2,
            4 + 2 * h_d * (on_fake * f2 + on_real * r2) * sigma**2 + h_g * h_d * f1**2,
        ),
    )  # fmt: skip
    yield Claim(
        f"A26 altgd {side}", "as R1 with gamma = -2 f''(0) sigma^2", BY_HAND, "altgd", ("noise",),
        settings=(*where, ("n", "1")),
        polynomial=lambda z, f1, f2, r2, sigma, h_g, h_d: (
            z**2 - (2 + h_d * (on_fake * f2 + on_real * r2) * sigma**2 - h_g * h_d * f1**2) * z
            + 1 + h_d * (on_fake * f2 + on_real * r2) * sigma**2
        ),
        stable=lambda f1, f2, r2, sigma, h_g, h_d: (
            -(on_fake * f2 + on_real * r2) * sigma**2,
            4 + 2 * h_d * (on_fake * f2 + on_real * r2) * sigma**2 - h_g * h_d * f1**2,
        ),
    )  # fmt: skip


def _labelled() -> Iterator[Claim]:
    """The least-squares GAN by its labels, on data at 0: `v = (-(u + c) psi, -(u + a) theta)`."""
    yield Claim(
        "E05 mao", "eigenvalues ± sqrt(label_a label_c)", BY_HAND, "flow", (), LABELLED,
        polynomial=lambda z, label_a, label_c, tau_g, tau_d: z**2 - tau_g * tau_d * label_a * label_c,
    )  # fmt: skip
    for penalty in ("gp", "r2"):
        yield Claim(
            f"E05 mao {penalty}", "eigenvalues -gamma/2 ± sqrt(gamma^2/4 + label_a label_c)", BY_HAND,
            "flow", (penalty,), LABELLED,
            polynomial=lambda z, label_a, label_c, gamma, tau_g, tau_d: (
                z**2 + tau_d * gamma * z - tau_g * tau_d * label_a * label_c
            ),
        )  # fmt: skip


def _elsewhere() -> Iterator[Claim]:
    yield from _steps_without_penalty(" clip", BY_HAND, ("clip",))
    yield Claim(
        "A02 clip", "clipping does not act near the equilibrium: eigenvalues ± i f'(0)", BY_HAND, "flow",
        ("clip",), polynomial=lambda z, f1, tau_g, tau_d: z**2 + tau_g * tau_d * f1**2,
        verdict="neutral",
    )  # fmt: skip
    for method, verdict in (("flow", "neutral"), ("simgd", "unstable")):
        yield Claim(
            f"A12 {method}", "clipping does not act inside its band, so that the orbits there are"
            " those of the WGAN: no convergence", MESCHEDER_2018, method, ("clip",), LINEAR,
            verdict=verdict,
        )  # fmt: skip
    for method in ("flow", "simgd", "altgd"):
        yield Claim(
            f"A13 {method}", "WGAN-GP does not converge to the equilibrium: its field jumps at"
            " psi = 0, which repels nearby trajectories", MESCHEDER_2018, method, ("wgan-gp",),
            verdict="not differentiable", about=(), where=drawn_off_zero,
        )  # fmt: skip
    for penalty in ("gp", "r2", "noise", "consensus", "nk"):
        yield Claim(
            f"A20 {penalty}", "steps converge iff h < 2 |Re m|/|m|^2 for every eigenvalue m of the"
            " flow", MESCHEDER_2017, "simgd", (penalty,), settings=(("h", "common"),),
            step_bound=_flow_step_bound,
        )  # fmt: skip
