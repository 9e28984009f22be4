"""Games, losses, laws, penalties and manifolds, held against formulas typed anew and plain NumPy."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

import stabcheck as sc
from stabcheck import analyse
from stabcheck.core.errors import BadInput, NotAnEquilibrium, NotApplicable
from stabcheck.core.hyper import REAL, hyper
from stabcheck.declare.games.game import Game
from stabcheck.declare.games.gan import GAN
from stabcheck.declare.laws import (
    Mixture,
    Noisy,
    Point,
    PushForward,
    Segment,
    StandardNormal,
    StandardUniform,
    gaussian,
    uniform,
)
from stabcheck.declare.losses.loss import named
from stabcheck.declare.registry import declarations
from stabcheck.numeric import update as numeric
from stabcheck.numeric.ops import JaxOps
from stabcheck.symbolic.ops import SymPyOps
from stabcheck.symbolic.update import model_of

Q = sp.Rational
HALF = Fraction(1, 2)
Z = sp.Symbol("z")


def letter(result, name):
    """The symbol of that name in the formulas of a result."""
    return next(s for s in result.symbols if s.name == name)


def letters(result, *names):
    return [letter(result, name) for name in names]


def polynomial(result):
    """The general characteristic polynomial, for the loss chosen."""
    return result.characteristic_polynomial.subs({s: result.germ[s.name] for s in result.model.germ_symbols})


def jacobian(result):
    """The flow's matrix for the loss chosen."""
    return result.jacobian.subs({s: result.germ[s.name] for s in result.model.germ_symbols})


def is_zero(expression):
    return sp.simplify(sp.expand(expression)) == 0


def spectrum(result):
    """Every eigenvalue as often as it counts, in a fixed order."""
    roots = [e.value for e in result.eigenvalues for _ in range(e.multiplicity)]
    return in_order(roots)


def in_order(values):
    return np.array(sorted(np.asarray(values, complex), key=lambda z: (round(z.real, 9), round(z.imag, 9))))


def exactly(result):
    """Every eigenvalue as a closed number, as often as it counts."""
    return sorted(
        (e.exact for e in result.eigenvalues for _ in range(e.multiplicity)), key=sp.default_sort_key
    )


def closed(*values):
    return sorted((sp.nsimplify(v) for v in values), key=sp.default_sort_key)


# Losses. E01-E03: f'(0), f''(0) and, on the data, r''(0); f''(0) = B'', r''(0) = A''.

GERMS = {
    "gan": (HALF, Q(-1, 4), Q(-1, 4)),
    "nsgan": (HALF, Q(-1, 4), Q(-1, 4)),
    "rpgan": (HALF, Q(-1, 4), Q(-1, 4)),
    "wgan": (1, 0, 0),
    "lsgan": (1, -1, -1),
    "hinge": (1, 0, 0),
    "exponential": (1, -1, -1),
    "f-kl": (1, -1, 0),
    "f-reverse-kl": (1, 0, -1),
    "f-pearson": (1, Q(-1, 2), 0),
    "f-hellinger": (1, -1, -1),
    "f-js": (HALF, Q(-1, 4), Q(-1, 4)),
    "f-gan": (HALF, Q(-1, 4), Q(-1, 4)),
}

# By hand from 1/f*'' = f'': A'' + B'' = -c^2/f''(1), whatever the activation.
CURVATURE = {
    "f-kl": 1, "f-reverse-kl": 1, "f-pearson": 2, "f-neyman": 2, "f-hellinger": HALF, "f-jeffrey": 2,
    "f-js": HALF, "f-gan": HALF, "f-js-weighted": Fraction(2, 9), "f-alpha-above": 1, "f-alpha-below": 1,
}  # fmt: skip

PARAMETERS = {
    "f-js-weighted": {"share": Fraction(1, 3)},
    "f-alpha-above": {"a": 3},
    "f-alpha-below": {"a": -1},
    "germ": {"f1": Fraction(3, 4), "f2": Fraction(-2, 5)},
}


def loss_of(name):
    return declarations("loss")[name](**PARAMETERS.get(name, {}))


def floating(name):
    """The loss with its numbers as JAX has them; to be called in double precision."""
    return numeric.bind(loss_of(name), {})


def germ_of(name):
    """`f'(0), f''(0), r''(0)` as the analysis has them."""
    here = analyse(sc.Dirac(loss_of(name))).germ
    return here["f1"], here["f2"], here.get("r2", here["f2"])


@pytest.mark.parametrize("name", GERMS)
def test_slopes_and_curvatures_of_losses(name):
    assert germ_of(name) == tuple(map(sp.sympify, GERMS[name]))


@pytest.mark.parametrize("name", CURVATURE)
def test_curvatures_of_divergences_add_up(name):
    slope, fake, real = germ_of(name)
    bend = sp.sympify(CURVATURE[name])
    assert abs(sp.N(fake + real + slope**2 / bend, 30)) < 1e-25
    assert slope > 0


@pytest.mark.parametrize("name", sorted(set(declarations("loss")) - {"lsgan-01", "lsgan-mao"}))
def test_germs_are_derivatives_of_the_loss_itself(name):
    """By central differences of the critic's loss: `-r'(0)`, `-f'(0)` and the curvatures of each side."""
    e = 1e-3
    with jax.enable_x64(True):
        loss, xp = floating(name), JaxOps()
        sides = [
            [float(loss.critic(xp, *map(jnp.asarray, pair))) for pair in pairs]
            for pairs in ([(-e, 0.0), (0.0, 0.0), (e, 0.0)], [(0.0, -e), (0.0, 0.0), (0.0, e)])
        ]
    (real, bend_real), (fake, bend_fake) = (
        ((up - down) / (2 * e), (up - 2 * at + down) / e**2) for down, at, up in sides
    )
    computed = [-fake, real, -bend_fake, -bend_real]
    f1, f2, r2 = map(float, germ_of(name))
    np.testing.assert_allclose(computed, [f1, f1, f2, r2], atol=3e-6)


NOISY = sorted(GERMS)


@pytest.mark.parametrize("name", NOISY)
def test_instance_noise_damps_by_both_curvatures(name):
    """E02, E03: `l^2 - sigma^2 (A'' + B'') l + B'^2` on the Dirac-GAN."""
    slope, fake, real = map(sp.sympify, GERMS[name])
    result = analyse(sc.Dirac(name) + sc.InstanceNoise("sigma"))
    sigma = letter(result, "sigma")
    assert is_zero(polynomial(result) - (Z**2 - sigma**2 * (fake + real) * Z + slope**2))


def test_instance_noise_of_the_divergences_is_that_of_the_table():
    expected = {
        "f-kl": Z**2 + Z / 4 + 1, "f-reverse-kl": Z**2 + Z / 4 + 1, "f-pearson": Z**2 + Z / 8 + 1,
        "f-hellinger": Z**2 + Z / 2 + 1, "f-js": Z**2 + Z / 8 + Q(1, 4), "f-tv": Z**2 + Q(1, 4),
    }  # fmt: skip
    for name, polynomial_there in expected.items():
        result = analyse(sc.Dirac(name) + sc.InstanceNoise(HALF))
        assert is_zero(polynomial(result) - polynomial_there), name
        assert result.verdict == ("neutral" if name == "f-tv" else "stable")


POINTS = [(0.0, 0.0), (0.3, -0.2), (-0.35, 0.4), (0.25, 0.35), (-0.1, -0.4)]


def probability(d):
    """That a sample is real, for a critic that is high on generated ones."""
    return 1 / (1 + np.exp(d))


PLAIN = {
    "gan": lambda a, b: -np.log(probability(a)) - np.log(1 - probability(b)),
    "nsgan": lambda a, b: -np.log(probability(a)) - np.log(1 - probability(b)),
    "wgan": lambda a, b: a - b,
    "lsgan": lambda a, b: ((-a - 1) ** 2 + (-b + 1) ** 2) / 2,
    "lsgan-01": lambda a, b: ((-a - 1) ** 2 + b**2) / 2,
    "lsgan-mao": lambda a, b: ((-a - 1) ** 2 + (-b + 1) ** 2) / 2,
    "hinge": lambda a, b: max(0, 1 + a) + max(0, 1 - b),
    "exponential": lambda a, b: np.exp(a) + np.exp(-b) - 2,
    "rpgan": lambda a, b: -np.log(1 / (1 + np.exp(-(b - a)))),
    "germ": lambda a, b: 0.75 * (a - b) + 0.2 * (a**2 + b**2),
}
MADE = {
    "nsgan": lambda a, b: -np.log(probability(b)),
    "lsgan-01": lambda a, b: (-b - 1) ** 2 / 2,
    "lsgan-mao": lambda a, b: (-b - 0) ** 2 / 2,
    "hinge": lambda a, b: b,
}


@pytest.mark.parametrize("name", PLAIN)
def test_losses_are_those_of_plain_numpy(name):
    for a, b in [*POINTS, (1.7, -2.1), (-3.0, 0.9)]:
        with jax.enable_x64(True):
            critic = float(floating(name).critic(JaxOps(), jnp.asarray(a), jnp.asarray(b)))
            made = float(floating(name).generator(JaxOps(), jnp.asarray(a), jnp.asarray(b)))
        assert critic == pytest.approx(PLAIN[name](a, b), abs=1e-13)
        assert made == pytest.approx(MADE.get(name, lambda *s: -PLAIN[name](*s))(a, b), abs=1e-13)


# Nowozin et al. 2016: the divergence f, the activation g and v* with g(v*) = f'(1).

share, above, below = 1 / 3, 3.0, -1.0
alpha = lambda u, a: (u**a - 1 - a * (u - 1)) / (a * (a - 1))  # noqa: E731
softplus = lambda v: np.log(1 + np.exp(v))  # noqa: E731
DIVERGENCES = {
    "f-kl": (lambda u: u * np.log(u), lambda v: v, 1),
    "f-reverse-kl": (lambda u: -np.log(u), lambda v: -np.exp(-v), 0),
    "f-pearson": (lambda u: (u - 1) ** 2, lambda v: v, 0),
    "f-neyman": (lambda u: (1 - u) ** 2 / u, lambda v: 1 - np.exp(-v), 0),
    "f-hellinger": (lambda u: (np.sqrt(u) - 1) ** 2, lambda v: 1 - np.exp(-v), 0),
    "f-jeffrey": (lambda u: (u - 1) * np.log(u), lambda v: v, 0),
    "f-js": (lambda u: u * np.log(u) - (u + 1) * np.log((u + 1) / 2), lambda v: np.log(2) - softplus(-v), 0),
    "f-js-weighted": (
        lambda u: share * u * np.log(u) - (1 - share + share * u) * np.log(1 - share + share * u),
        lambda v: -share * np.log(share) - softplus(-v),
        -np.log(share**-share - 1),
    ),
    "f-gan": (lambda u: u * np.log(u) - (u + 1) * np.log(u + 1), lambda v: -softplus(-v), 0),
    "f-tv": (lambda u: np.abs(u - 1) / 2, lambda v: np.tanh(v) / 2, 0),
    "f-alpha-above": (lambda u: alpha(u, above), lambda v: v, 0),
    "f-alpha-below": (
        lambda u: alpha(u, below), lambda v: 1 / (1 - below) - softplus(-v),
         -np.log(np.exp(1 / (1 - below)) - 1)
    ),
}  # fmt: skip
GRID = np.exp(np.linspace(-12, 8, 200_001))


def conjugate(f, t):
    """`sup_u (u t - f(u))` over a fine grid, and over 1, where `f` may have its kink."""
    return float(np.max(np.concatenate([GRID * t - f(GRID), [t - f(1.0)]])))


def test_every_divergence_is_covered():
    assert set(DIVERGENCES) == {name for name in declarations("loss") if name.startswith("f-")}


@pytest.mark.parametrize("name", DIVERGENCES)
def test_divergences_have_their_activation_and_conjugate(name):
    f, g, best = DIVERGENCES[name]
    with jax.enable_x64(True):
        loss, xp = floating(name), JaxOps()
        assert float(loss.best(xp)) == pytest.approx(best, abs=1e-14)
        for a, b in POINTS:
            t = float(loss.activation(xp, jnp.asarray(best + a)))
            assert t == pytest.approx(g(best + a), abs=1e-14)
            assert float(loss.conjugate(xp, jnp.asarray(t))) == pytest.approx(conjugate(f, t), abs=1e-7)
            # D is high on generated samples: V = v* - D.
            critic = conjugate(f, g(best - b)) - g(best - a)
            assert float(loss.critic(xp, jnp.asarray(a), jnp.asarray(b))) == pytest.approx(critic, abs=1e-7)


@pytest.mark.parametrize("name", DIVERGENCES)
def test_the_best_critic_of_equal_laws_is_zero_and_finds_no_divergence(name):
    """`sup_V (g(V) - f*(g(V))) = f(1)`, at `D = 0`."""
    f, *_ = DIVERGENCES[name]
    with jax.enable_x64(True):
        loss = floating(name)
        values = [float(loss.critic(JaxOps(), jnp.asarray(d), jnp.asarray(d))) for d in (0.0, -0.2, 0.2)]
    assert values[0] == pytest.approx(-f(1.0), abs=1e-14)
    assert min(values[1:]) >= values[0] - 1e-15


# The Dirac-GAN


def test_decay_of_each_player():
    """A23: `-(mu_G + mu_D)/2 +- sqrt((mu_G - mu_D)^2/4 - c^2)`."""
    result = analyse(sc.Dirac() + sc.WeightDecay(("mu_g", "mu_d")))
    c, g, d = letters(result, "f1", "mu_g", "mu_d")
    root = sp.sqrt((g - d) ** 2 / 4 - c**2)
    roots = [-(g + d) / 2 + s * root for s in (1, -1)]
    assert is_zero(result.characteristic_polynomial - (Z - roots[0]) * (Z - roots[1]))
    # Three to one is beyond the critical difference 2 |c| = 1 of the logistic loss.
    assert exactly(result.at(mu_g=3, mu_d=1)) == closed(-2 - sp.sqrt(3) / 2, -2 + sp.sqrt(3) / 2)


def test_data_off_the_origin_stabilise():
    """A24: `[[0, -c], [c, 2 s x0^2]]`; log-sigmoid `-x0^2/4 +- sqrt(x0^4/16 - 1/4)`."""
    result = analyse(sc.Dirac(x0="x0"))
    c, s, x0 = letters(result, "f1", "f2", "x0")
    assert result.jacobian == sp.Matrix([[0, -c], [c, 2 * s * x0**2]])
    here = result.at(x0=Q(3, 2))
    assert here.verdict == "stable"
    root = sp.sqrt(Q(81, 16) / 16 - Q(1, 4))
    assert exactly(here) == closed(-Q(9, 16) - root, -Q(9, 16) + root)
    assert result.at(x0=0).verdict == "neutral"
    # A relativistic critic sees differences of samples alone, which vanish at any x0.
    assert analyse(sc.Dirac("rpgan", x0="x0")).verdict == "neutral"


def test_a_bias_keeps_what_data_at_the_origin_need():
    """A24b: `l^3 - 2 s (1 + x0^2) l^2 + c^2 l - 2 s c^2`; at `x0 = 0` the roots `+- ic, 2 s`."""
    result = analyse(sc.DiracBias(x0="x0"))
    c, s, x0 = letters(result, "f1", "f2", "x0")
    expected = Z**3 - 2 * s * (1 + x0**2) * Z**2 + c**2 * Z - 2 * s * c**2
    assert is_zero(result.characteristic_polynomial - expected)
    assert [result.at(x0=x).verdict for x in (-1, 0, Q(1, 8))] == ["stable", "neutral", "stable"]
    assert exactly(result.at(x0=0)) == closed(sp.I / 2, -sp.I / 2, Q(-1, 2))


@pytest.mark.parametrize("dim", [2, 3])
def test_every_dimension_repeats_the_eigenvalues(dim):
    """A25: each eigenvalue `dim` times; the data off the origin damp along their own axis only."""
    result = analyse(sc.Dirac(dim=dim) + sc.R1("gamma"), sc.SimGD("h"))
    c, gamma, h = letters(result, "f1", "gamma", "h")
    one = Z**2 - (2 - h * gamma) * Z + 1 - h * gamma + h**2 * c**2
    assert is_zero(result.characteristic_polynomial - one**dim)
    assert {e.multiplicity for e in result.at(gamma=HALF, h=HALF).eigenvalues} == {dim}
    shifted = analyse(sc.Dirac(dim=dim, x0="x0"))
    c, s, x0 = letters(shifted, "f1", "f2", "x0")
    expected = (Z**2 - 2 * s * x0**2 * Z + c**2) * (Z**2 + c**2) ** (dim - 1)
    assert is_zero(shifted.characteristic_polynomial - expected)


def test_a_relativistic_loss_is_the_plain_one_on_the_dirac_gan():
    """E04: the same field everywhere, data at 0."""
    with jax.enable_x64(True):
        fields = [numeric.operator_map(sc.Dirac(loss), sc.Flow(), {})[0] for loss in ("gan", "rpgan")]
        for point in ([0.7, -1.3], [-2.0, 0.4]):
            one, other = (np.asarray(f(jnp.array(point))) for f in fields)
            np.testing.assert_allclose(one, other, rtol=1e-14)
            theta, psi = point
            slope = 1 / (1 + np.exp(theta * psi))
            np.testing.assert_allclose(one, [-psi * slope, theta * slope], rtol=1e-14)


def test_labels_zero_and_one_have_a_line_of_equilibria():
    """E05: `J = [[0, -1], [0, 0]]` on the line `psi = 0`, up to signs: nilpotent."""
    result = analyse(sc.Dirac("lsgan-01"))
    assert result.jacobian**2 == sp.zeros(2)
    assert result.jacobian != sp.zeros(2)
    assert result.manifold == ((1, 0),)
    assert result.verdict == "neutral"
    assert polynomial(result) == Z**2


def mao(theta, psi, x0, a, b, c):
    """Mao et al. 2017, Eq. 2, on the Dirac-GAN with `D(x) = -psi x`, high on data; by hand."""
    real, fake = -psi * x0, -psi * theta
    # d/d theta of (D(theta) - c)^2/2 and d/d psi of ((D(x0) - b)^2 + (D(theta) - a)^2)/2.
    return -(fake - c) * -psi, -((real - b) * -x0 + (fake - a) * -theta)


@pytest.mark.parametrize("x0", [0, Fraction(1, 2)])
@pytest.mark.parametrize("labels", [(-1, 1, 0), (0, 1, 1), (-1, 1, 1), ("2/3", "-2/3", "1/5"), (1, 1, -2)])
def test_labels_of_the_least_squares_gan_are_those_of_the_paper(labels, x0):
    """`J = [[0, -c], [-a, -2 x0^2]]`; it rests at `D = 0` on every law iff `a + b = 0`."""
    a, b, c = map(Q, labels)
    game = sc.Dirac(declarations("loss")["lsgan-mao"](*labels), x0=x0)
    theta, psi = sp.symbols("theta psi", real=True)
    field = model_of(game).field()
    assert all(is_zero(e - f) for e, f in zip(field, mao(theta, psi, Q(x0), a, b, c), strict=True))
    if x0 and a + b:
        with pytest.raises(sc.StabcheckError, match="the declared equilibrium is none"):
            analyse(game)
        return
    result = analyse(game)
    assert result.jacobian == sp.Matrix([[0, -c], [-a, -2 * Q(x0) ** 2]])
    assert is_zero(polynomial(result) - (Z**2 + 2 * Q(x0) ** 2 * Z - a * c))


@pytest.mark.parametrize(
    ("labels", "along", "near"),
    [((-1, 1, 0), (0, 1), lambda t: -(t**2)), ((0, 1, 1), (1, 0), lambda t: -(t**2))],
)
def test_both_parametrisations_of_the_paper_rest_on_a_line(labels, along, near):
    """At `(0, t)` and at `(t, 0)` the second eigenvalue is `-t^2`, which vanishes at the origin."""
    result = analyse(sc.Dirac(declarations("loss")["lsgan-mao"](*labels)))
    assert (result.manifold, result.verdict) == ((along,), "neutral")
    t = sp.Symbol("t", real=True)
    w = sp.symbols("theta psi", real=True)
    there = dict(zip(w, (t * e for e in along), strict=True))
    slope = sp.Matrix(mao(*w, 0, *labels)).jacobian(w).subs(there)
    assert set(slope.eigenvals()) == {sp.S.Zero, near(t)}
    assert all(e.subs(there) == 0 for e in result.vector_field)


@pytest.mark.parametrize(("penalty", "gamma"), [(None, 0), (sc.R1("gamma"), 3), (sc.R2("gamma"), 3)])
def test_the_literature_speaks_of_any_labels(penalty, gamma):
    game = sc.Dirac(declarations("loss")["lsgan-mao"]("p", 1, "q"))
    result = analyse(game if penalty is None else game + penalty)
    assert len(result.claims) == 1
    known_values = {"gamma": gamma} if penalty else {}
    labelled = result.at(p=-1, q="1/2", **known_values)
    assert spectrum(labelled) == pytest.approx(in_order(np.roots([1, gamma, 0.5])))
    verified = labelled.verify(points=1)
    mark = "" if penalty is None else f" {penalty.name}"
    assert (verified.status, verified.claims) == ("agrees", (f"E05 mao{mark}",))


@pytest.mark.parametrize(("l1", "l2"), [(0, 0), (1, 0), (Q(1, 5), Q(3, 2)), (1, 3)])
def test_mode_regularisation(l1, l2):
    """D04: `-l1 +- sqrt(l1^2 - (1 + l2) c^2)`; D05: `-1 +- sqrt(1 - c^2)`."""
    result = analyse(sc.Dirac() + sc.ModeRegularised("l1", "l2"))
    c, one, two = letters(result, "f1", "l1", "l2")
    assert is_zero(result.characteristic_polynomial - (Z**2 + 2 * one * Z + (1 + two) * c**2))
    root = sp.sqrt(l1**2 - (1 + l2) * Q(1, 4))
    assert exactly(result.at(l1=l1, l2=l2)) == closed(-l1 + root, -l1 - root)
    assert spectrum(result.at(l1=1, l2=0)) == pytest.approx([-1.866025403784439, -0.133974596215561])


def test_the_simple_gradient_penalty_at_the_origin():
    """D01: `-rho M/2 +- sqrt(rho^2 M^2/4 - 1)`, critical at `rho M = 2`."""
    result = analyse(sc.Dirac("wgan") + sc.SimpleGradientPenalty("rho", "mass"))
    rho, mass = letters(result, "rho", "mass")
    assert is_zero(polynomial(result) - (Z**2 + rho * mass * Z + 1))
    assert "critically damped" in result.at(rho=4, mass=HALF).finding.classification
    assert "oscillatory" in result.at(rho=1, mass=1).finding.classification
    assert result.at(rho=1, mass=0).verdict == "neutral"


# Other games


@pytest.mark.parametrize(
    ("measure", "second"),
    [("data", Q(1, 3)), ("generated", Q(1, 3)), ("both", Q(1, 3)), ("segment", Q(2, 9))],
)
def test_the_simple_gradient_penalty_on_uniform_laws(measure, second):
    """D02: `-2 rho A^2 +- sqrt(4 rho^2 A^4 - 4/9)`, `A^2 = E x^2` under the measure.

    On the segment between two of them `A^2 = (1/3) E ((1 - t)^2 + t^2) = 2/9`.
    """
    result = analyse(sc.UniformScale("wgan") + sc.SimpleGradientPenalty("rho", measure=measure))
    rho = letter(result, "rho")
    assert is_zero(polynomial(result) - (Z**2 + 4 * rho * second * Z + Q(4, 9)))
    critical = Q(1, 3) / second
    assert "critically damped" in result.at(rho=critical).finding.classification
    assert exactly(result.at(rho=critical)) == closed(Q(-2, 3), Q(-2, 3))


def test_the_uniform_toy():
    """B01: log-sigmoid `-1/20 +- sqrt(1/400 - 1/9)`; B02, B08: WGAN `+-2i/3`, `1 +- 2ih/3`."""
    result = analyse(sc.UniformScale("gan"))
    c, s = letters(result, "f1", "f2")
    assert is_zero(result.characteristic_polynomial - (Z**2 - 2 * s / 5 * Z + 4 * c**2 / 9))
    root = sp.sqrt(Q(1, 400) - Q(1, 9))
    assert exactly(result) == closed(Q(-1, 20) + root, Q(-1, 20) - root)
    assert exactly(analyse(sc.UniformScale("wgan"))) == closed(2 * sp.I / 3, -2 * sp.I / 3)
    third = analyse(sc.UniformScale("wgan"), sc.SimGD("1/4"))
    assert exactly(third) == closed(1 + sp.I / 6, 1 - sp.I / 6)
    turns = analyse(sc.UniformScale("wgan"), sc.AltGD("h"))
    assert [turns.at(h=h).verdict for h in ("2.99", "3.01")] == ["neutral", "unstable"]


def test_the_wasserstein_toy_runs_along_closed_orbits():
    """B02: `w^2 + a^2/2 - ln a` is constant along the field."""
    with jax.enable_x64(True):
        field, _ = numeric.operator_map(sc.UniformScale("wgan"), sc.Flow(), {})
        for a, w in ((1.2, 0.3), (0.5, -0.8)):
            away = np.asarray(field(jnp.array([a, w])))
            np.testing.assert_allclose(away, [-2 * a * w / 3, (a * a - 1) / 3], rtol=1e-13)
            assert abs(away @ [a - 1 / a, 2 * w]) < 1e-15


def test_the_toy_under_the_regulariser_of_its_paper():
    """B04: trace and determinant of `[[0, -2/3], [2/3, -8 eta/9]]` and of the GAN's matrix."""
    wasserstein = analyse(sc.UniformScale("wgan") + sc.NagarajanKolter("eta"))
    eta = letter(wasserstein, "eta")
    assert is_zero(polynomial(wasserstein) - (Z**2 + 8 * eta / 9 * Z + Q(4, 9)))
    assert "critically damped" in wasserstein.at(eta=Q(3, 2)).finding.classification
    plain = analyse(sc.UniformScale("gan") + sc.NagarajanKolter("eta"))
    theirs = sp.Matrix([[Q(-1, 10), Q(-1, 3)], [Q(1, 3) - eta / 15, -2 * eta / 9]])
    assert is_zero(polynomial(plain) - theirs.charpoly(Z).as_expr())
    # Both signs of D give the same product of the entries off the diagonal, and each alone up to sign.
    ours = jacobian(plain)
    assert ours[0, 0] == -2 * eta / 9
    assert ours[1, 1] == Q(-1, 10)
    assert {abs(sp.expand(e.subs(eta, 1))) for e in (ours[0, 1], ours[1, 0])} == {Q(1, 3), Q(4, 15)}


def test_the_linear_quadratic_wgan():
    """B07: `+-2 sigma i, +-i`; regularised `l^2 + 2 eta q^2 l + q^2` for `q` in `{2 sigma, 1}`."""
    plain = analyse(sc.LinearQuadratic("wgan", std="std", mean=3))
    std = letter(plain, "std")
    # The mean of the data shifts features and generator alike: here they mix, at mean 0 they do not.
    centred = analyse(sc.LinearQuadratic("wgan", std="std"))
    assert is_zero(polynomial(centred) - (Z**2 + 4 * std**2) * (Z**2 + 1))
    assert not is_zero(polynomial(plain) - polynomial(centred))
    result = analyse(sc.LinearQuadratic("wgan", std="std") + sc.NagarajanKolter("eta"))
    eta = letter(result, "eta")
    factors = [Z**2 + 2 * eta * q**2 * Z + q**2 for q in (2 * std, 1)]
    assert is_zero(polynomial(result) - factors[0] * factors[1])


def test_the_gan_in_function_space():
    """D06: `-4p +- 2i sqrt(1 - 4 p^2)`; SimGD converges for `h < 2p` where `p < 1/2`."""
    result = analyse(sc.PrimalDual("p"))
    p = letter(result, "p")
    assert is_zero(result.characteristic_polynomial - ((Z + 4 * p) ** 2 + 4 * (1 - 4 * p**2)))
    assert exactly(result.at(p=Q(1, 4))) == closed(-1 + sp.sqrt(3) * sp.I, -1 - sp.sqrt(3) * sp.I)
    steps = analyse(sc.PrimalDual("p"), sc.SimGD("h"))
    for p in (Q(1, 10), Q(1, 3)):
        computed = [steps.at(p=p, h=2 * p * k).verdict for k in (Q(99, 100), 1, Q(101, 100))]
        assert computed == ["stable", "neutral", "unstable"]
    assert {e.multiplicity for e in analyse(sc.PrimalDual(Q(1, 4), 3)).eigenvalues} == {3}


def test_matching_of_means_rests_on_a_line():
    """D09: eigenvalues 0 and `-2 phi^2`."""
    result = analyse(sc.MeanMatching("t"))
    t = letter(result, "t")
    assert is_zero(result.characteristic_polynomial - Z * (Z + 2 * t**2))
    assert result.verdict == "stable"
    assert result.manifold == ((0, 1),)


def test_competition_regularises():
    """C12: SimGD(.09, .01) has `.92 +- i sqrt(.08)`; the region, and y alone diverges."""
    result = analyse(sc.Competition(), sc.SimGD(("h_x", "h_y")))
    here = result.at(h_x="0.09", h_y="0.01")
    assert here.verdict == "stable"
    assert here.spectral_radius == pytest.approx(0.962497, abs=5e-7)
    assert exactly(here) == closed(Q(23, 25) + sp.I * sp.sqrt(Q(2, 25)), Q(23, 25) - sp.I * sp.sqrt(Q(2, 25)))
    rng = np.random.default_rng(0)
    seen = set()
    for x, y in rng.integers(1, 40, (60, 2)):
        h_x, h_y = Q(int(x), 200), Q(int(y), 1000)
        inside = 48 * h_x * h_y < h_x - h_y and 1 - h_x + h_y + 24 * h_x * h_y > 0
        signs = [c.subs({letter(result, "h_x"): h_x, letter(result, "h_y"): h_y}) for c in result.conditions]
        assert all(c > 0 for c in signs) == inside
        seen.add(inside)
    assert seen == {True, False}
    assert analyse(sc.Quadratic(0, 0, -2), sc.SimGD("1/100")).verdict == "unstable"
    # x^2 + x y + y^2/10, whose flow is Hurwitz.
    assert analyse(sc.Quadratic(2, 1, Q(-1, 5))).verdict == "stable"


@pytest.mark.parametrize("count", [2, 3, 4, 5])
def test_players_in_a_circle(count):
    """`-a - alpha w` for the roots of unity `w`: `(z + a)^n = (-alpha)^n`."""
    result = analyse(sc.Cyclic("alpha", "a", count))
    alpha, a = letters(result, "alpha", "a")
    assert is_zero(polynomial(result) - ((Z + a) ** count - (-alpha) ** count))
    here = result.at(alpha=2, a=HALF)
    roots = np.exp(2j * np.pi * np.arange(count) / count)
    np.testing.assert_allclose(spectrum(here), in_order(-0.5 - 2 * roots), atol=1e-14)


E = ((2, 0, 1), (1, -1, 3))


@pytest.mark.parametrize(
    ("method", "one"),
    [
        (sc.SimGD, lambda i, q2: (Z - 1) ** 2 * i + q2),
        (sc.AltGD, lambda i, q2: (Z - 1) ** 2 * i + Z * q2),
        (sc.Extragradient, lambda i, q2: ((Z - 1) * i + q2) ** 2 + q2),
        (sc.Implicit, lambda i, q2: (Z - 1) ** 2 * i + Z**2 * q2),
    ],
)
def test_matrices_are_singular_values(method, one):
    """C33: what holds for `q = h alpha` holds for each `q sigma`; 1 for a dimension without a partner."""
    result = analyse(sc.Bilinear("alpha", e=E), method("h"))
    alpha, h = letters(result, "alpha", "h")
    whole = one(sp.eye(2), h**2 * alpha**2 * sp.Matrix(E) * sp.Matrix(E).T).det()
    monic = sp.expand(whole) / sp.Poly(whole, Z).LC()
    assert sp.cancel(polynomial(result) - monic * (Z - 1)) == 0
    here = polynomial(result).subs({alpha: 2, h: Q(1, 7)})
    sigma = np.linalg.svd(np.array(E, float), compute_uv=False)
    factors = [sp.Poly(one(1, sp.Float(2 * s / 7, 20) ** 2), Z).monic() for s in sigma]
    gap = sp.Poly(here, Z) - factors[0] * factors[1] * sp.Poly(Z - 1, Z)
    assert max(abs(float(c)) for c in gap.all_coeffs()) < 1e-13
    assert result.manifold == ((0, 0, *_kernel(E)),)


def _kernel(rows):
    (computed,) = sp.Matrix(rows).nullspace()
    return computed / computed[2]


# A21, B01: any discriminator `D = psi . phi(x)`, from its features by NumPy alone

NORMAL = np.polynomial.hermite_e.hermegauss(16)
NORMAL = (NORMAL[0], NORMAL[1] / NORMAL[1].sum())
UNIFORM = (np.polynomial.legendre.leggauss(16)[0], np.polynomial.legendre.leggauss(16)[1] / 2)
PAIRS = (
    np.stack([g.ravel() for g in np.meshgrid(NORMAL[0], NORMAL[0])]),
    np.outer(NORMAL[1], NORMAL[1]).ravel(),
)
ONCE = (np.zeros(1), np.ones(1))
plain = lambda x: x  # noqa: E731
squares = lambda x: np.concatenate([x, x * x])  # noqa: E731
FEATURES = {
    "dirac": (lambda loss: sc.Dirac(loss, x0=Fraction(3, 2)), plain, ONCE, lambda t, z: t[:1, None] + 0 * z,
     [1.5]),
    "dirac-bias": (
        lambda loss: sc.DiracBias(loss, x0=2), lambda x: np.concatenate([x, 1 + 0 * x]), ONCE,
        lambda t, z: t[:1, None] + 0 * z, [2.0],
    ),
    "nk-toy": (sc.UniformScale, lambda x: x * x, UNIFORM, lambda t, z: t[:1, None] * z, [1.0]),
    "lq": (
        lambda loss: sc.LinearQuadratic(loss, HALF, 2), squares, NORMAL,
        lambda t, z: t[:1, None] * z + t[1:, None], [2.0, 0.5],
    ),
    "gaussian": (
        lambda loss: sc.Gaussian(loss, 2, HALF), squares, PAIRS,
        lambda t, z: t[:2, None] + t[2:, None] * z, [0, 0, 0.5, 0.5],
    ),
    "two-modes": (
        sc.TwoModes, squares, (np.array([0, 1]), np.array([0.5, 0.5])),
        lambda t, z: t[:1, None] * (1 - z) + t[1:, None] * z, [-1.0, 1.0],
    ),
    "linear-generator": (
        lambda loss: sc.LinearGenerator(loss, ((2, 0, 1), (1, 1, 0))), plain, ONCE,
        lambda t, z: (np.array([[2, 0, 1], [1, 1, 0]]) @ t)[:, None] + 0 * z, [0.0, 0, 0],
    ),
}  # fmt: skip
STEP = 1e-30j


def moments(name):
    """`E phi`, `E phi phi^T`, `E phi' phi'^T` and `d E phi(G)/d theta`, derivatives by complex steps."""
    _, phi, (nodes, weights), made, rest = FEATURES[name]
    rest = np.array(rest, complex)
    x = made(rest, nodes)
    values = phi(x).real
    slopes = [phi(x + STEP * e[:, None]).imag / abs(STEP) for e in np.eye(len(x))]
    moved = [phi(made(rest + STEP * e, nodes)).imag @ weights / abs(STEP) for e in np.eye(len(rest))]
    second = (values * weights) @ values.T
    return values @ weights, second, sum((d * weights) @ d.T for d in slopes), np.stack(moved, axis=1)


def realisable(felt, bent):
    """`[[0, -B^T], [B, bent]]`."""
    return np.block([[np.zeros((felt.shape[1],) * 2), -felt.T], [felt, bent]])


@pytest.mark.parametrize("name", FEATURES)
@pytest.mark.parametrize("loss", ["gan", "f-reverse-kl", "rpgan"])
def test_realisable_gans_are_their_features(name, loss):
    make, *_ = FEATURES[name]
    c, s, r = (1, 0, -1) if loss == "f-reverse-kl" else (0.5, -0.25, -0.25)
    mean, second, slopes, moved = moments(name)
    seen = 2 * s * (second - np.outer(mean, mean)) if loss == "rpgan" else (s + r) * second
    result = np.array(jacobian(analyse(make(loss) + sc.R1(Fraction(3, 4)))).tolist(), float)
    np.testing.assert_allclose(result, realisable(c * moved, seen - 0.75 * slopes), atol=1e-13)


def test_a_relativistic_critic_of_the_uniform_toy_sees_the_variance():
    """`K_DD = s E (x^2 - y^2)^2 = 8 s/45` in the place of `2 s/5`."""
    result = analyse(sc.UniformScale("rpgan"))
    assert result.jacobian[1, 1] == 8 * letter(result, "f2") / 45


# Manifolds of equilibria


@dataclass(frozen=True)
class Parabola(Game):
    """Both players minimise `(y - x^2)^2/2`: at rest on a parabola."""

    t: Any = hyper("t", domain=REAL, help="x at the equilibrium")

    dims = (1, 1)

    @property
    def along(self):
        return (self.t,)

    def equilibrium(self, xp, *t):
        (at,) = t or self.along
        return xp.vector(at), xp.vector(at * at)

    def losses(self, xp, *x):
        (a,), (b,) = x
        value = (b - a * a) * (b - a * a) / 2
        return value, value


class Undeclared(Parabola):
    @property
    def along(self):
        return ()

    def equilibrium(self, xp, *t):
        return xp.vector(self.t), xp.vector(self.t * self.t)


class Straight(Parabola):
    """Declares the tangent at 1 for the parabola."""

    def equilibrium(self, xp, *t):
        (at,) = t or self.along
        return xp.vector(at), xp.vector(2 * at - 1)


class Plain(Game):
    """Players without a declaration of where else they rest."""

    def equilibrium(self, xp, *t):
        return tuple(xp.zeros(1) for _ in self.dims)


class Quartic(Plain):
    dims = (1, 1)

    def losses(self, xp, *x):
        (a,), (b,) = x
        return a * a * a * a / 4, b * b / 2


class QuarticAndIdle(Plain):
    dims = (1, 1, 1)

    def losses(self, xp, *x):
        (a,), _, (c,) = x
        return a * a * a * a / 4, c * a * a, c * c / 2


def manifold_part(result):
    """The eigenvalue along the manifold, how often it counts, and how many there are in all."""
    (along,) = [e for e in result.eigenvalues if e.place == "manifold"]
    return along.exact, along.multiplicity, sum(e.multiplicity for e in result.eigenvalues)


def test_a_curved_manifold_that_is_declared():
    """The normal `(-2 t, 1)` has the eigenvalue `-(1 + 4 t^2)`, the tangent 0."""
    result = analyse(Parabola("t"))
    t = letter(result, "t")
    assert is_zero(result.characteristic_polynomial - Z * (Z + 1 + 4 * t**2))
    assert result.manifold == ((1, 2 * t),)
    assert result.verdict == "stable"
    assert result.finding.reason.startswith("across the line of equilibria")
    assert manifold_part(result.at(t=3)) == (0, 1, 2)
    assert result.at(t=3).spectral_abscissa == -37
    # A curve is not recognised: there linearisation decides nothing.
    assert analyse(Undeclared(1)).verdict == "neutral"
    assert analyse(Undeclared(1)).manifold == ()


def test_a_manifold_wrongly_declared_is_refused():
    with pytest.raises(NotAnEquilibrium, match="manifold of equilibria is none"):
        analyse(Straight(1))


def test_a_zero_eigenvalue_without_other_rest_points_is_no_manifold():
    result = analyse(Quartic())
    assert (result.verdict, result.manifold) == ("neutral", ())
    assert sorted(e.exact for e in result.eigenvalues) == [-1, 0]
    # Of a kernel of two directions one keeps the rest, the other does not.
    both = analyse(QuarticAndIdle())
    assert both.manifold == ((0, 1, 0),)
    assert both.verdict == "neutral"
    assert manifold_part(both) == (0, 1, 3)


@pytest.mark.parametrize(
    ("game", "method", "along", "verdict"),
    [
        (sc.DiracSquare(t=1), sc.Flow(), (0, 1), "stable"),
        (sc.DiracSquare(t=-1), sc.Flow(), (0, 1), "unstable"),
        (sc.DiracSquare(t=1) + sc.SimpleGradientPenalty(1, measure="generated"), sc.Flow(), (0, 1), "stable"),
        (sc.DiracSquare(t=-1) + sc.SimpleGradientPenalty(1, measure="generated"), sc.Flow(), (0, 1),
         "unstable"),
        (sc.DiracSquare(t=1), sc.SimGD("9/5"), (0, 1), "stable"),
        (sc.DiracSquare(t=1), sc.SimGD("11/5"), (0, 1), "unstable"),
        (sc.DiracSquare(t=1), sc.SimGD(2), (0, 1), "neutral"),
        (sc.MeanMatching(-2), sc.Flow(), (0, 1), "stable"),
        (sc.ManyGenerators(), sc.Flow(), (-1, 1, 0), "neutral"),
        (sc.ManyGenerators() + sc.R1(1), sc.Flow(), (-1, 1, 0), "stable"),
        (sc.ManyGenerators(), sc.SimGD(1), (-1, 1, 0), "unstable"),
        (sc.ManyDiscriminators(), sc.Flow(), (0, -1, 1), "neutral"),
        (sc.ManyDiscriminators(), sc.Extragradient(1), (0, -1, 1), "stable"),
        (sc.ManyDiscriminators() + sc.Consensus(1), sc.Flow(), (0, -1, 1), "stable"),
        (sc.Bilinear(1, e=((1, 2),)), sc.Flow(), (0, -2, 1), "neutral"),
        (sc.Bilinear(1, e=((1, 2),)), sc.Implicit(1), (0, -2, 1), "stable"),
        (sc.Bilinear(1, e=((1,), (2,))), sc.Extragradient("1/4"), (-2, 1, 0), "stable"),
        (sc.LinearGenerator("gan", ((1, 2),)) + sc.R1(1), sc.Flow(), (-2, 1, 0), "stable"),
        (sc.Dirac("lsgan-01"), sc.Flow(), (1, 0), "neutral"),
        (sc.Dirac("lsgan-01") + sc.InstanceNoise(HALF), sc.Flow(), (1, 0), "stable"),
    ],
)  # fmt: skip
def test_verdicts_across_a_line_of_equilibria(game, method, along, verdict):
    result = analyse(game, method)
    assert result.manifold == (along,)
    assert result.verdict == verdict
    assert "across the line of equilibria" in result.finding.reason
    assert manifold_part(result) == (int(method.discrete), 1, sum(game.dims))


PLANES = [
    (sc.ManyGenerators(count=3) + sc.R1(1), sc.Flow(), "stable"),
    (sc.Bilinear(2, e=((1, 2), (2, 4))), sc.Extragradient("1/20"), "stable"),
    (sc.Bilinear(2, e=((1, 2), (2, 4))), sc.AltGD("1/20"), "neutral"),
    (sc.Bilinear(1, e=((1, 2, 3),)), sc.Implicit(1), "stable"),
]


@pytest.mark.parametrize(("game", "method", "verdict"), PLANES)
def test_planes_of_equilibria_with_open_names(game, method, verdict):
    """The same as above with one name open, so that the polynomial comes in factors."""
    result = analyse(game, replaced(method))
    assert len(result.manifold) == 2
    assert result.verdict in ("depends", verdict)
    roots = sp.roots(sp.Poly(polynomial(result), Z))
    assert roots[sp.Integer(int(method.discrete))] == 2


def replaced(method):
    return sc.Flow("tau") if isinstance(method, sc.Flow) else type(method)("h")


@pytest.mark.parametrize(("game", "method", "verdict"), PLANES)
def test_verdicts_across_a_plane_of_equilibria(game, method, verdict):
    result = analyse(game, method)
    assert manifold_part(result) == (int(method.discrete), 2, sum(game.dims))
    assert result.verdict == verdict


def test_an_anchor_rests_on_one_point_alone():
    """`M - kappa I`: no eigenvalue is left out, and `1 - kappa` is among them."""
    result = analyse(sc.ManyGenerators() + sc.R1(1), sc.Anchored("1/4", sc.SimGD("1/2")))
    assert result.manifold == ()
    assert result.verdict == "stable"
    assert {e.place for e in result.eigenvalues} == {"inside"}
    plain = analyse(sc.ManyGenerators() + sc.R1(1), sc.SimGD("1/2"))
    np.testing.assert_allclose(spectrum(result), spectrum(plain) - 0.25, atol=1e-14)
    # An anchor that follows the players rests wherever they do.
    moving = analyse(sc.ManyGenerators() + sc.R1(1), sc.MovingAnchor("1/4", "1/4", sc.SimGD("1/2")))
    assert manifold_part(moving) == (1, 1, 6)


def test_penalties_may_leave_one_equilibrium():
    """R1 draws each discriminator to 0: the line of equilibria is gone."""
    result = analyse(sc.ManyDiscriminators() + sc.R1("gamma"))
    c, gamma = letters(result, "f1", "gamma")
    assert result.manifold == ()
    assert is_zero(result.characteristic_polynomial - (Z + gamma) * (Z**2 + gamma * Z + c**2))
    assert result.at(gamma=1).verdict == "stable"


# A third witness: the losses' gradients by hand, followed in NumPy

slope = lambda t: 1 / (1 + np.exp(t))  # noqa: E731


def generators(gamma):
    def field(w):
        a, b, psi = w
        pull = a * slope(psi * a) + b * slope(psi * b)
        return np.array([-psi * slope(psi * a) / 2, -psi * slope(psi * b) / 2, pull / 2 - gamma * psi])

    return field


def consensus(w, gamma=1.0):
    def plainly(w):
        theta, a, b = w
        return np.array([-(a * slope(a * theta) + b * slope(b * theta)) / 2,
                         theta * slope(a * theta), theta * slope(b * theta)])  # fmt: skip

    energy = lambda w: plainly(w) @ plainly(w) / 2  # noqa: E731
    return plainly(w) - gamma * np.array([(energy(w + e) - energy(w - e)) / 2e-5 for e in 1e-5 * np.eye(3)])


def square(w):
    theta, psi = w
    return np.array([-2 * psi * theta, theta**2]) * slope(psi * theta**2)


def matching(w):
    theta, psi = w
    return np.array([-2 * psi**2 * theta, 2 * psi * theta**2])


def labels(sigma):
    def field(w):
        theta, psi = w
        return np.array([-psi * (psi * theta + 1), -psi * (theta**2 + 2 * sigma**2)])

    return field


def bilinear(w):
    x, y, z = w
    return np.array([-(y + 2 * z), x, 2 * x])


def euler(field, h):
    return lambda w: w + h * field(w)


def extragradient(field, h):
    return lambda w: w + h * field(w + h * field(w))


def implicit(field, h):
    one = np.array([field(e) for e in np.eye(3)]).T
    return lambda w: np.linalg.solve(np.eye(3) - h * one, w)


first = lambda w: w[:1]  # noqa: E731
TRIALS = [
    (sc.DiracSquare(t=1), sc.Flow(), euler(square, 0.02), (0.1, 1.0), first),
    (sc.DiracSquare(t=-1), sc.Flow(), euler(square, 0.02), (0.1, -1.0), first),
    (sc.DiracSquare(t=1), sc.SimGD("11/5"), euler(square, 2.2), (0.1, 1.0), first),
    (sc.MeanMatching(-2), sc.Flow(), euler(matching, 0.02), (0.1, -2.0), first),
    (sc.ManyGenerators() + sc.R1(1), sc.Flow(), euler(generators(1.0), 0.05), (0.2, -0.1, 0.1),
     lambda w: np.array([w[0] + w[1], w[2]])),
    (sc.ManyGenerators(), sc.SimGD("1/20"), euler(generators(0.0), 0.05), (0.2, -0.1, 0.1),
     lambda w: np.array([w[0] + w[1], w[2]])),
    (sc.ManyDiscriminators() + sc.Consensus(1), sc.Flow(), euler(consensus, 0.05), (0.1, 0.1, 0.2),
     lambda w: np.array([w[0], w[1] + w[2]])),
    (sc.Dirac("lsgan-01") + sc.InstanceNoise(HALF), sc.Flow(), euler(labels(0.5), 0.02), (0.1, 0.1),
     lambda w: w[1:]),
    (sc.Dirac("lsgan-01"), sc.Flow(), euler(labels(0.0), 0.02), (0.1, 0.1), lambda w: w[1:]),
    (sc.Bilinear(1, e=((1, 2),)), sc.Extragradient("1/4"), extragradient(bilinear, 0.25), (0.1, 0.3, 0.1),
     lambda w: np.array([w[0], w[1] + 2 * w[2]])),
    (sc.Bilinear(1, e=((1, 2),)), sc.Implicit("1/4"), implicit(bilinear, 0.25), (0.1, 0.3, 0.1),
     lambda w: np.array([w[0], w[1] + 2 * w[2]])),
    (sc.Bilinear(1, e=((1, 2),)), sc.SimGD("1/4"), euler(bilinear, 0.25), (0.1, 0.3, 0.1),
     lambda w: np.array([w[0], w[1] + 2 * w[2]])),
]  # fmt: skip


def run(step, start, off, most=6000):
    """Where the steps end, how far from the manifold, and how far they went from the start."""
    w = start = np.array(start)
    farthest = 0.0
    for _ in range(most):
        w = step(w)
        farthest = max(farthest, np.abs(w - start).max())
        if farthest > 1 or np.abs(off(w)).max() < 1e-9:
            break
    return w, np.abs(off(w)).max(), farthest


@pytest.mark.parametrize(("game", "method", "step", "start", "off"), TRIALS)
def test_steps_end_on_the_manifold_exactly_where_it_is_stable(game, method, step, start, off):
    end, distance, farthest = run(step, start, off)
    reached = distance < 1e-9 and farthest < 0.5
    assert (analyse(game, method).verdict == "stable") == reached
    if reached:
        # Not at the point that was analysed: the manifold attracts as a whole.
        rest = {2: np.array(start) * [abs(s) > 0.5 for s in start], 3: np.zeros(3)}[len(start)]
        assert np.abs(end - rest).max() > 1e-4
        assert np.abs(step(end) - end).max() < 1e-8


# Laws: moments of polynomials in both interpreters


def point(at):
    return lambda k: at**k


def normal(mean, sigma):
    """`E (m + s e)^k` with `E e^j = (j - 1)!!`."""

    def moment(k):
        terms = (
            sp.binomial(k, j) * mean ** (k - j) * sigma**j * sp.factorial2(j - 1) for j in range(0, k + 1, 2)
        )
        return sum(terms, sp.S.Zero)

    return moment


def flat(low, high):
    return lambda k: (high ** (k + 1) - low ** (k + 1)) / ((k + 1) * (high - low))


def between(one, other):
    """`E ((1 - t) x + t y)^k = sum_j E x^(k-j) E y^j/(k + 1)`, by `int (1-t)^i t^j = i! j!/(i + j + 1)!`."""
    return lambda k: sum(one(k - j) * other(j) for j in range(k + 1)) / (k + 1)


def plus(one, other, sigma):
    return lambda k: sum(sp.binomial(k, j) * one(k - j) * sigma**j * other(j) for j in range(k + 1))


number = lambda xp, q: xp.vector(Fraction(q))[0]  # noqa: E731
at = lambda xp, q: xp.vector(Fraction(q))  # noqa: E731
LAWS = {
    "gaussian": (lambda xp: gaussian(at(xp, "1/2"), number(xp, "3/2")), normal(Q(1, 2), Q(3, 2))),
    "uniform": (lambda xp: uniform(at(xp, "-1/2"), at(xp, 2)), flat(Q(-1, 2), Q(2))),
    "mixture": (
        lambda xp: Mixture((Point(at(xp, "-3/2")), gaussian(at(xp, 1), number(xp, "1/2")))),
        lambda k: (point(Q(-3, 2))(k) + normal(Q(1), Q(1, 2))(k)) / 2,
    ),
    "weighted": (
        lambda xp: Mixture(
            (Point(at(xp, 2)), uniform(at(xp, -1), at(xp, 0)), StandardNormal(1)),
            (Fraction(1, 2), Fraction(1, 3), Fraction(1, 6)),
        ),
        lambda k: point(2)(k) / Q(2) + flat(Q(-1), Q(0))(k) / 3 + normal(Q(0), Q(1))(k) / 6,
    ),
    "segment": (
        lambda xp: Segment(StandardUniform(1), Point(at(xp, 3))), between(flat(Q(-1), Q(1)), point(Q(3))),
    ),
    "segment of laws": (
        lambda xp: Segment(gaussian(at(xp, 1), number(xp, 2)), StandardUniform(1)),
        between(normal(Q(1), Q(2)), flat(Q(-1), Q(1))),
    ),
    "pushed": (
        lambda xp: PushForward(StandardNormal(1), lambda z: 2 * z * z - 1),
        lambda k: sum(sp.binomial(k, j) * 2**j * (-1) ** (k - j) * normal(Q(0),
         Q(1))(2 * j) for j in range(k + 1)),
    ),
    "noisy": (
        lambda xp: Noisy(StandardUniform(1), StandardNormal(1), number(xp, "1/3")),
        plus(flat(Q(-1), Q(1)), normal(Q(0), Q(1)), Q(1, 3)),
    ),
}  # fmt: skip


def horner(coefficients, x):
    total = 0 * x
    for c in coefficients:
        total = total * x + c
    return total


@pytest.mark.parametrize("name", LAWS)
@settings(max_examples=6)
@given(coefficients=st.lists(st.integers(-6, 6), min_size=1, max_size=6))
def test_means_of_polynomials(name, coefficients):
    law, moment = LAWS[name]
    powers = range(len(coefficients) - 1, -1, -1)
    expected = sum((c * moment(k) for c, k in zip(coefficients, powers, strict=True)), sp.S.Zero)
    ops = SymPyOps()
    assert ops.at({}, law(ops).expect(ops, lambda x: horner(coefficients, x[0]))) == expected
    assert not ops.means
    with jax.enable_x64(True):
        xp = JaxOps()
        computed = float(law(xp).expect(xp, lambda x: horner(coefficients, x[0])))
    size = 1 + sum(abs(c * moment(k)) for c, k in zip(coefficients, powers, strict=True))
    assert abs(computed - float(expected)) < 1e-12 * float(size)


@pytest.mark.parametrize(
    ("law", "expected"),
    [
        # E x^2 y^2 + x y + 2 x under N((1, -1), diag(4, 1)), and on boxes and segments.
        (lambda xp: gaussian(xp.vector(1, -1), xp.vector(2, 1)), 5 * 2 - 1 + 2),
        (lambda xp: uniform(xp.vector(0, -1), xp.vector(2, 1)), Q(4, 3) * Q(1, 3) + 0 + 2),
        # On (t, 2 - 2t): int t^2 (2 - 2t)^2 + t (2 - 2t) + 2 t.
        (lambda xp: Segment(Point(xp.vector(0, 2)), Point(xp.vector(1, 0))), Q(4, 30) + Q(1, 3) + 1),
        (lambda xp: Mixture((Point(xp.vector(1, 2)), Point(xp.vector(-1, 1)))), Q(4 + 2 + 2 + 1 - 1 - 2, 2)),
        (lambda xp: StandardUniform(2), Q(1, 9)),
    ],
)
def test_means_in_the_plane(law, expected):
    form = lambda x: x[0] * x[0] * x[1] * x[1] + x[0] * x[1] + 2 * x[0]  # noqa: E731
    ops = SymPyOps()
    assert ops.at({}, law(ops).expect(ops, form)) == expected
    with jax.enable_x64(True):
        assert float(law(JaxOps()).expect(JaxOps(), form)) == pytest.approx(float(expected), abs=1e-13)


# Expectations that no moments give

FINE = np.linspace(-12, 12, 24_001)
DENSITY = np.exp(-FINE * FINE / 2)
GAUSS = np.polynomial.legendre.leggauss(120)
on_normal = lambda fn: float(fn(FINE) @ DENSITY / DENSITY.sum())  # noqa: E731
on_uniform = lambda fn: float(fn(GAUSS[0]) @ GAUSS[1] / 2)  # noqa: E731


@dataclass(frozen=True)
class Softened(Game):
    """`L_1 = E softplus(2u) x^2/2 + x y`, `L_2 = b E tanh(v)^2 y^2/2 - x y`."""

    b: Any = hyper("b", domain=REAL, help="curvature that y sees", per_player=False)

    dims = (1, 1)

    def equilibrium(self, xp, *t):
        return xp.zeros(1), xp.zeros(1)

    def losses(self, xp, *x):
        (a,), (b,) = x
        bent = xp.expect(lambda u: xp.softplus(2 * u[0]), StandardNormal(1))
        curved = xp.expect(lambda v: xp.tanh(v[0]) * xp.tanh(v[0]), StandardUniform(1))
        return bent * a * a / 2 + a * b, self.b * curved * b * b / 2 - a * b


@dataclass(frozen=True)
class Tanh(GAN):
    """`D(x) = psi tanh(x)^2`, data and `z` uniform on `[-1, 1]`, `G(z) = theta z`."""

    loss: Any = "gan"

    dims = (1, 1)

    def equilibrium(self, xp, *t):
        return xp.vector(1), xp.zeros(1)

    def discriminator(self, xp, psi, x):
        return psi[0] * xp.tanh(x[0]) * xp.tanh(x[0])

    def real(self, xp):
        return StandardUniform(1)

    def fake(self, xp, *theta):
        return PushForward(StandardUniform(1), lambda z: theta[0][0] * z)


def test_means_are_named_and_enclosed():
    result = analyse(Softened("b"))
    m = [on_normal(lambda u: np.log1p(np.exp(2 * u))), on_uniform(lambda v: np.tanh(v) ** 2)]
    assert len(result.means) == 2
    named_here = {s.name: float(result.germ[s.name]) for s in result.means}
    assert sorted(named_here.values()) == pytest.approx(sorted(m), abs=1e-14)
    assert result.verdict == "depends"
    for b, verdict in ((1, "stable"), (-3, "stable"), (-10, "unstable"), (Q(-1, 2), "stable")):
        here = result.at(b=b)
        matrix = np.array([[-m[0], -1], [1, -float(b) * m[1]]])
        np.testing.assert_allclose(spectrum(here), in_order(np.linalg.eigvals(matrix)), atol=1e-12)
        assert here.verdict == verdict
        put = {s: named_here[s.name] for s in result.means} | {letter(result, "b"): b}
        assert all(c.subs(put) > 0 for c in result.conditions) == (verdict == "stable")
    assert result.at(b=1).verify(points=2).status == "agrees"


def test_a_gan_whose_features_have_no_moments():
    """`[[0, -c B], [c B, 2 s E phi^2 - gamma E phi'^2]]`, `phi = tanh^2`, `B = E z phi'(z)`."""
    result = analyse(Tanh("gan") + sc.R1("gamma"))
    bend = lambda v: 2 * np.tanh(v) / np.cosh(v) ** 2  # noqa: E731
    second, sharp = on_uniform(lambda v: np.tanh(v) ** 4), on_uniform(lambda v: bend(v) ** 2)
    felt = on_uniform(lambda v: v * bend(v)) / 2
    assert result.means
    for gamma in (0, Q(1, 3), 2):
        matrix = np.array([[0, -felt], [felt, -0.5 * second - float(gamma) * sharp]])
        here = result.at(gamma=gamma)
        np.testing.assert_allclose(spectrum(here), in_order(np.linalg.eigvals(matrix)), atol=1e-12)
        assert here.verdict == "stable"
    assert result.at(gamma=2).verify(points=1).status == "agrees"


# Penalties


def compare(game, expected):
    """The general Jacobian against one in the letters of the formulas, given as a function of them."""
    result = analyse(game)
    computed = {s.name: s for s in result.symbols}
    letters_there = {name: computed.get(name, sp.S.Zero) for name in ("f1", "f2", "r2")}
    names = {name: s for name, s in computed.items() if name in result.names}
    theirs = sp.Matrix(expected(letters_there["f1"], letters_there["f2"], letters_there["r2"], **names))
    assert (result.jacobian - theirs).expand().is_zero_matrix, (result.jacobian, theirs)


NOISE, R = sc.InstanceNoise("sigma"), sc.R1("gamma")
COMPOSED = [
    ("gan", [sc.Temperature("temp"), R], lambda c, s, r, temp, gamma: [[0, -c / temp], [c / temp,
     -gamma / temp**2]]),
    ("gan", [R, sc.Temperature("temp")], lambda c, s, r, temp, gamma: [[0, -c / temp], [c / temp, -gamma]]),
    ("gan", [sc.Temperature("temp"), NOISE],
     lambda c, s, r, temp, sigma: [[0, -c / temp], [c / temp, 2 * s * sigma**2 / temp**2]]),
    ("gan", [NOISE, R], lambda c, s, r, sigma, gamma: [[0, -c], [c, 2 * s * sigma**2 - gamma]]),
    ("f-kl", [sc.LabelSmoothing("q"), NOISE],
     lambda c, s, r, q, sigma: [[0, -c], [c, sigma**2 * ((1 - q) * r + q * s + s)]]),
    ("f-kl", [NOISE, sc.LabelSmoothing("q")],
     lambda c, s, r, q, sigma: [[0, -c], [c, sigma**2 * ((1 - q) * r + q * s + s)]]),
    ("f-kl", [sc.UnequalNoise("a", "b")], lambda c, s, r, a, b: [[0, -c], [c, r * a**2 + s * b**2]]),
    ("f-reverse-kl", [sc.InstanceNoise("sigma", on="real")], lambda c, s, r, sigma: [[0, -c], [c,
     r * sigma**2]]),
    ("f-reverse-kl", [sc.InstanceNoise("sigma", on="fake")], lambda c, s, r, sigma: [[0, -c], [c,
     s * sigma**2]]),
    ("gan", [sc.WeightDecay(("a", "b")), R], lambda c, s, r, a, b, gamma: [[-a, -c], [c, -b - gamma]]),
    ("gan", [sc.LeCam("lam", "a_r", "a_f")], lambda c, s, r, lam, a_r, a_f: [[0, -c], [c + 2 * lam * a_r,
     0]]),
    ("gan", [NOISE, sc.LeCam("lam")], lambda c, s, r, sigma, lam: [[0, -c], [c,
     (2 * s - 4 * lam) * sigma**2]]),
    ("gan", [sc.LeCam("lam"), NOISE], lambda c, s, r, lam, sigma: [[0, -c], [c, 2 * s * sigma**2]]),
    ("gan", [sc.NagarajanKolter("eta"), R], lambda c, s, r, eta, gamma: [[-2 * eta * c**2, -c], [c, -gamma]]),
    ("gan", [R, sc.NagarajanKolter("eta")],
     lambda c, s, r, gamma, eta: [[-2 * eta * c**2, 2 * eta * c * gamma - c], [c, -gamma]]),
    ("gan", [sc.Consensus("g"), R], lambda c, s, r, g, gamma: [[-g * c**2, -c], [c, -g * c**2 - gamma]]),
    ("gan", [R, sc.Consensus("g")],
     lambda c, s, r, gamma, g: [[-g * c**2, g * c * gamma - c], [c + g * c * gamma,
      -gamma - g * (c**2 + gamma**2)]]),
    ("gan", [sc.ModeRegularised("a", "b"), R], lambda c, s, r, a, b, gamma: [[-2 * a, -(1 + b) * c], [c,
     -gamma]]),
    ("nsgan", [sc.ModeRegularised("a", "b")], lambda c, s, r, a, b: [[-2 * a, -(1 + b) * c], [c, 0]]),
    ("gan", [R, sc.R2("g"), sc.SimpleGradientPenalty("rho", "mass", "both")],
     lambda c, s, r, gamma, g, rho, mass: [[0, -c], [c, -gamma - g - rho * mass]]),
]  # fmt: skip


@pytest.mark.parametrize(("loss", "penalties", "expected"), COMPOSED)
def test_penalties_compose_in_the_order_given(loss, penalties, expected):
    game = sc.Dirac(loss)
    for penalty in penalties:
        game = game + penalty
    compare(game, expected)


@pytest.mark.parametrize(
    ("game", "expected"),
    [
        # With `dG/dtheta = z`, of mean square 1/3; and `(z, 1)` for `theta_1 z + theta_2`.
        (sc.UniformScale(), lambda c, s, r, a, b: [[-2 * a / 3, -(1 + b) * 2 * c / 3],
                                                   [2 * c / 3, 2 * s / 5]]),
        (
            sc.LinearQuadratic("wgan", 0, HALF),
            lambda c, s, r, a, b: [
                [-2 * a, 0, 0, -(1 + b) * c], [0, -2 * a, -(1 + b) * c, 0], [0, c, s / 2, 0],
                [c, 0, 0, 3 * s / 8],
            ],
        ),
        (
            sc.LinearGenerator("gan", ((2, 0), (1, 1))),
            lambda c, s, r, a, b: [
                [-10 * a, -2 * a, -2 * c * (1 + b), -c * (1 + b)], [-2 * a, -2 * a, 0, -c * (1 + b)],
                [2 * c, 0, 0, 0], [c, c, 0, 0],
            ],
        ),
    ],
)  # fmt: skip
def test_mode_regularisation_with_encoders(game, expected):
    """`-2 lam1 E (dG/dtheta)^T (dG/dtheta)` on reconstructions, and `lam2` times the generator's loss."""
    compare(game + sc.ModeRegularised("a", "b"), expected)


@pytest.mark.parametrize(
    ("penalty", "second"),
    [
        (sc.R1(2), lambda t: 1 / 3),
        (sc.R2(2), lambda t: t * t / 3),
        (sc.SimpleGradientPenalty(4, HALF, "data"), lambda t: 1 / 3),
        (sc.SimpleGradientPenalty(4, HALF, "generated"), lambda t: t * t / 3),
        (sc.SimpleGradientPenalty(4, HALF, "both"), lambda t: (1 + t * t) / 6),
        (sc.SimpleGradientPenalty(4, HALF, "segment"), lambda t: (1 + t * t) / 9),
    ],
)
def test_where_the_slope_is_penalised(penalty, second):
    """Off the equilibrium the measures differ: `v_psi` loses `4 gamma psi E x^2`, `v_theta` nothing."""
    with jax.enable_x64(True):
        field, _ = numeric.operator_map(sc.UniformScale("wgan") + penalty, sc.Flow(), {})
        theta, psi = 1.5, 0.7
        expected = [-2 * theta * psi / 3, (theta**2 - 1) / 3 - 8 * psi * second(theta)]
        np.testing.assert_allclose(field(jnp.array([theta, psi])), expected, rtol=1e-13)


def test_axes_of_a_gradient_penalty():
    """`gamma` on the first axis and `gamma_t` on the two others."""
    compare(
        sc.Dirac(dim=3) + sc.AnisotropicR1("gamma", "side"),
        lambda c, s, r, gamma, side: sp.BlockMatrix(
            [[sp.zeros(3), -c * sp.eye(3)], [c * sp.eye(3), -sp.diag(gamma, side, side)]]
        ).as_explicit(),
    )


MANY, JUDGES = sc.ManyGenerators, sc.ManyDiscriminators
SEVERAL = [
    (MANY(count=3) + R, lambda c, s, r, gamma: [
        [0, 0, 0, -c / 3], [0, 0, 0, -c / 3], [0, 0, 0, -c / 3], [c / 3, c / 3, c / 3, -gamma]]),
    (MANY() + sc.R2("gamma"), lambda c, s, r, gamma: [[0, 0, -c / 2], [0, 0, -c / 2], [c / 2, c / 2,
     -gamma]]),
    (MANY() + sc.NagarajanKolter("eta"), lambda c, s, r, eta: [
        [-eta * c**2 / 2, -eta * c**2 / 2, -c / 2], [-eta * c**2 / 2, -eta * c**2 / 2, -c / 2], [c / 2,
         c / 2, 0]]),
    (MANY() + sc.WeightDecay(("a", "b", "d")), lambda c, s, r, a, b, d: [
        [-a, 0, -c / 2], [0, -b, -c / 2], [c / 2, c / 2, -d]]),
    (MANY("f-kl") + sc.UnequalNoise("a", "b"), lambda c, s, r, a, b: [
        [0, 0, -c / 2], [0, 0, -c / 2], [c / 2, c / 2, r * a**2 + s * b**2]]),
    (MANY() + sc.LeCam("lam", "a_r"), lambda c, s, r, lam, a_r: [
        [0, 0, -c / 2], [0, 0, -c / 2], [c / 2 + lam * a_r, c / 2 + lam * a_r, 0]]),
    (JUDGES() + R, lambda c, s, r, gamma: [[0, -c / 2, -c / 2], [c, -gamma, 0], [c, 0, -gamma]]),
    (JUDGES(count=3) + sc.InstanceNoise("sigma"), lambda c, s, r, sigma: [
        [0, -c / 3, -c / 3, -c / 3], *([c,
         *(2 * s * sigma**2 * int(i == j) for j in range(3))] for i in range(3))]),
    (JUDGES() + sc.Temperature("temp"), lambda c, s, r, temp: [
        [0, -c / temp / 2, -c / temp / 2], [c / temp, 0, 0], [c / temp, 0, 0]]),
    (JUDGES() + sc.NagarajanKolter("eta"), lambda c, s, r, eta: [
        [-4 * eta * c**2, -c / 2, -c / 2], [c, 0, 0], [c, 0, 0]]),
    (JUDGES() + sc.LeCam("lam", "a_r"), lambda c, s, r, lam, a_r: [
        [0, -c / 2, -c / 2], [c + 2 * lam * a_r, 0, 0], [c + 2 * lam * a_r, 0, 0]]),
    (JUDGES() + sc.Consensus("g"), lambda c, s, r, g: [
        [-2 * g * c**2, -c / 2, -c / 2], [c, -g * c**2 / 4, -g * c**2 / 4], [c, -g * c**2 / 4,
         -g * c**2 / 4]]),
    (JUDGES("rpgan") + R, lambda c, s, r, gamma: [[0, -c / 2, -c / 2], [c, -gamma, 0], [c, 0, -gamma]]),
]  # fmt: skip


@pytest.mark.parametrize(("game", "expected"), SEVERAL)
def test_penalties_on_several_generators_and_discriminators(game, expected):
    compare(game, expected)


def test_a_penalty_in_numbers_is_seen_by_autodiff_too():
    game = sc.Dirac("f-kl") + sc.LabelSmoothing("1/5") + sc.InstanceNoise(HALF) + sc.LeCam(1, HALF, 1)
    result = analyse(game, sc.AltGD("1/4"))
    assert result.verify(points=1).status == "agrees"


# Refusals


@pytest.mark.parametrize(
    ("make", "kind", "text"),
    [
        (lambda: analyse(sc.TwoModes() + sc.ModeRegularised(1, 1)), NotApplicable,
         "two-modes declares no encoder"),
        (lambda: analyse(MANY() + sc.ModeRegularised(1, 1)), NotApplicable, "declares no encoder"),
        (lambda: analyse(sc.Dirac("rpgan") + sc.LabelSmoothing("q")), NotApplicable,
         "rpgan compares samples in pairs"),
        (lambda: analyse(sc.Dirac("rpgan") + NOISE + sc.LabelSmoothing("q")), NotApplicable,
         "smoothing needs labels"),
        (lambda: analyse(sc.MeanMatching() + sc.LeCam("lam")), NotApplicable, "lecam needs a GAN"),
        (lambda: analyse(sc.Bilinear() + sc.NagarajanKolter("eta")), NotApplicable, "nk needs a GAN"),
        (lambda: analyse(sc.Competition() + sc.Temperature("temp")), NotApplicable,
         "temperature needs a GAN"),
        (lambda: analyse(sc.Cyclic() + sc.Clip("w")), NotApplicable, "clip needs a GAN"),
        (lambda: analyse(sc.Dirac(x0=1) + sc.WeightDecay("lam")), NotAnEquilibrium, "v_theta = -lam"),
        (lambda: analyse(sc.UniformScale() + sc.WeightDecay("lam")), NotAnEquilibrium, "v_theta = -lam"),
        (lambda: analyse(sc.Dirac(x0=1) + sc.LabelSmoothing("q")), NotAnEquilibrium, "v_psi = 2*f1*q"),
        (lambda: analyse(sc.Dirac(x0=1) + sc.LeCam(1, 1, 1)), NotAnEquilibrium, "v_psi = 4"),
        (lambda: analyse(sc.MeanMatching(2) + sc.Clip(1)), NotAnEquilibrium,
         "projection puts the equilibrium"),
        (lambda: sc.LabelSmoothing("1/2"), BadInput, "share must be a number in [0, 1/2), not 1/2"),
        (lambda: sc.Temperature(0), BadInput, "temperature must be a number > 0"),
        (lambda: sc.DiracSquare(t=0), BadInput, "t must be a number other than 0"),
        (lambda: sc.PrimalDual(2), BadInput, "p must be a number in (0, 1]"),
        (lambda: sc.WeightedJensenShannon(1), BadInput, "weight must be a number in (0, 1)"),
        (lambda: sc.AlphaAbove(1), BadInput, "a_above must be a number > 1"),
        (lambda: sc.AlphaBelow(0), BadInput, "a_below must be a number < 1 other than 0"),
        (lambda: sc.SimpleGradientPenalty(measure="all"), BadInput, "unknown value of measure 'all'"),
        (lambda: sc.Bilinear(e=((1, 2), (3,))), BadInput,
         "coupling must be a matrix such as 1,0;1/2,1; its rows differ in length"),
        (lambda: sc.Bilinear(dim=2, e=((1, 2),)), BadInput, "dim is told by the matrix"),
        (lambda: sc.LinearGenerator(b=((1, 2), (3,))), BadInput,
         "generator must be a matrix such as 1,0;1/2,1; its rows differ in length"),
        (lambda: sc.LinearGenerator(b=()), BadInput, "generator must be a matrix"),
        (lambda: sc.Blocks(((1, 0), (1,))), BadInput,
         "k_dg must be a matrix such as 1,0;1/2,1; its rows differ in length"),
        (lambda: sc.Blocks(()), BadInput, "k_dg must be a matrix"),
        (lambda: sc.Blocks(((),)), BadInput, "k_dg must be a matrix"),
        (lambda: sc.Blocks(((1, 0), (1, 2)), ((1, 2), (3, 4))), BadInput, "k_dd must be symmetric"),
        (lambda: sc.Blocks(((1, 0), (1, 2)), ((1,),)), BadInput, "k_dd must be 2 x 2"),
        (lambda: sc.Blocks(((1,),), ((-1,),), ((1, 2), (2, 1))), BadInput, "l_dd must be 1 x 1"),
        (lambda: sc.Blocks(((1,), (1,)), ((-1, 0), (0, -1)), ((1, 0), (1, 1))), BadInput,
         "l_dd must be symmetric"),
        (lambda: Mixture((Point((1,)), Point((2,))), (1,)), BadInput, "1 weights were given for 2 laws"),
        (lambda: Mixture((Point((1,)), Point((1, 2)))), BadInput, "all of one dimension"),
        (lambda: Mixture(()), BadInput, "a mixture needs laws"),
    ],
)  # fmt: skip
def test_refusals_are_one_clear_line(make, kind, text):
    with pytest.raises(kind) as refusal:
        make()
    assert type(refusal.value) is kind
    assert text in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_decay_at_the_origin_is_no_refusal():
    assert analyse(sc.Dirac(x0=0) + sc.WeightDecay(1)).verdict == "stable"
    assert analyse(sc.LinearGenerator() + sc.WeightDecay((0, 1))).verdict == "stable"
    assert named("gan") == sc.Dirac("gan").loss


@dataclass(frozen=True)
class Tilted(sc.Game):
    """`L = s E[u e^(s u)] x^2/2 + x^2/2`: the mean is 0 at `s = 0`, where moments give it again."""

    s: object = hyper("s", domain=REAL, help="tilt")

    @property
    def dims(self):
        return (1,)

    def equilibrium(self, xp, *t):
        return (xp.zeros(1),)

    def losses(self, xp, *x):
        ((own,),) = x
        mean = StandardUniform(1).expect(xp, lambda u: u[0] * xp.exp(self.s * u[0]))
        return ((mean + 1) * own * own / 2,)


def test_a_mean_that_vanishes_at_the_values_given_is_exactly_zero():
    result = sc.analyse(Tilted())
    assert len(result.means) == 1
    at_zero = result.at(s=0)
    assert [e.exact for e in at_zero.eigenvalues] == [-1]
    tilted = result.at(s=1)
    assert tilted.eigenvalues[0].value.real == pytest.approx(-1 - np.exp(-1), abs=1e-15)
