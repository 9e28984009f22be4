"""Games written in JAX alone: the analysis in floating point, its verdicts and its refusals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import jax.numpy as jnp
import numpy as np
import pytest
from jax.scipy.special import erf

from stabcheck import GAN, R1, AltGD, Consensus, Flow, NagarajanKolter, SimGD, analyse
from stabcheck.core.errors import BadInput, NotAnEquilibrium, NotApplicable, NotSmooth
from stabcheck.core.hyper import REAL, hyper
from stabcheck.declare.games.game import Game
from stabcheck.declare.laws import Point
from stabcheck.judge.analysis import Analysis
from stabcheck.judge.floating import FloatAnalysis


@dataclass(frozen=True)
class Sines(Game):
    """`L_1 = sin(c x y) + a x^2/2`, `L_2 = -sin(c x y) + gamma y^2/2`, by `jnp`."""

    c: Any = hyper("c", domain=REAL, help="strength of the coupling", per_player=False)
    gamma: Any = hyper("gamma")
    a: Any = hyper("a", domain=REAL, help="curvature that x sees", default=0)

    symbolic: ClassVar[bool] = False
    dims = (1, 1)

    def equilibrium(self, xp, *t):
        return jnp.zeros(1), jnp.zeros(1)

    def losses(self, xp, *x):
        (a,), (b,) = x
        both = jnp.sin(self.c * a * b)
        return both + self.a * a * a / 2, -both + self.gamma * b * b / 2


class Jaxy(Game):
    """A game of one number each, without hyperparameters."""

    symbolic: ClassVar[bool] = False
    dims = (1, 1)

    def equilibrium(self, xp, *t):
        return jnp.zeros(1), jnp.zeros(1)


def game(first, second=lambda a, b: b * b, rest=(0.0, 0.0)):
    """A game of two numbers with these losses."""

    class Made(Jaxy):
        def equilibrium(self, xp, *t):
            return jnp.array(rest[:1]), jnp.array(rest[1:])

        def losses(self, xp, *x):
            (a,), (b,) = x
            return first(a, b), second(a, b)

    return Made()


@pytest.mark.parametrize(("c", "gamma", "h"), [(1.0, 1.0, 0.5), (-2.0, 0.25, 0.1), (0.5, 3.0, 0.75)])
def test_values_are_those_of_the_matrix_by_hand(c, gamma, h):
    flow = np.array([[0, -c], [c, -gamma]])
    found = analyse(Sines("c", "gamma")).at(c=c, gamma=gamma)
    assert isinstance(found, FloatAnalysis)
    np.testing.assert_allclose(found.matrix, flow, atol=1e-15)
    by_rate = sorted(np.linalg.eigvals(flow), key=lambda z: (-z.real, z.imag))
    np.testing.assert_allclose(
        sorted(found.eigenvalues, key=lambda z: (-z.real, z.imag)), by_rate, atol=1e-14
    )
    assert found.spectral_abscissa == pytest.approx(max(z.real for z in by_rate), abs=1e-14)
    assert found.spectral_radius is None
    step = analyse(Sines("c", "gamma"), SimGD("h")).at(c=c, gamma=gamma, h=h)
    np.testing.assert_allclose(step.matrix, np.eye(2) + h * flow, atol=1e-15)
    radius = np.abs(np.linalg.eigvals(step.matrix)).max()
    assert step.spectral_radius == pytest.approx(radius, abs=1e-15)
    assert step.spectral_abscissa is None
    assert step.verdict == ("stable" if radius < 1 else "unstable")


def test_turns_and_penalties():
    """AltGD: `[[1, -h c], [h c, 1 - h g - h^2 c^2]]`; consensus: `J - gamma J^T J`; speeds scale rows."""
    c, gamma, h = 1.5, 0.5, 0.25
    turns = analyse(Sines(c, gamma), AltGD(h))
    expected = [[1, -h * c], [h * c, 1 - h * gamma - h**2 * c**2]]
    np.testing.assert_allclose(turns.matrix, expected, atol=1e-15)
    j = np.array([[0, -c], [c, -gamma]])
    drawn = analyse(Sines(c, gamma) + Consensus("w")).at(w="0.5")
    np.testing.assert_allclose(drawn.matrix, j - 0.5 * j.T @ j, atol=1e-14)
    fast = analyse(Sines(c, gamma), Flow((1, 3)))
    np.testing.assert_allclose(fast.matrix, np.diag([1, 3]) @ j, atol=1e-15)


def test_what_sympy_cannot_read():
    """`erf` is none of the functions of `Ops`: `L = erf(x y)` has the slope `2/sqrt(pi)` at 0."""
    found = analyse(game(lambda a, b: erf(a * b), lambda a, b: -erf(a * b) + b * b / 2))
    slope = 2 / np.sqrt(np.pi)
    np.testing.assert_allclose(found.matrix, [[0, -slope], [slope, -1]], atol=1e-15)
    assert found.verdict == "stable"


def test_eigenvalues_come_slowest_first():
    found = analyse(game(lambda a, b: 3 * a * a / 2, lambda a, b: b * b / 10))
    np.testing.assert_allclose(found.eigenvalues, [-0.2, -3], atol=1e-15)
    step = analyse(game(lambda a, b: 3 * a * a / 2, lambda a, b: b * b / 10), SimGD(1))
    np.testing.assert_allclose(step.eigenvalues, [-2, 0.8], atol=1e-15)
    assert step.verdict == "unstable"


def test_numbers_given_twice_and_in_several_shapes():
    both = analyse(Sines("c", "gamma"), SimGD("h")).at(c=1, gamma="1/2").at(h=0.5)
    assert both.values == {"c": 1.0, "gamma": 0.5, "h": 0.5}
    assert analyse(Sines("c", "gamma")).values == {}
    assert both.at(h="1/4").matrix[1, 0] == 0.25
    assert both.matrix[1, 0] == 0.5


# Verdicts near the boundary


@pytest.mark.parametrize(
    ("gamma", "verdict"),
    [
        ("1e-20", "undecided"),
        ("1e-16", "undecided"),
        (0, "undecided"),
        ("1e-12", "stable"),
        ("1/2", "stable"),
    ],
)
def test_nothing_is_decided_within_rounding(gamma, verdict):
    found = analyse(Sines(1, "gamma")).at(gamma=gamma)
    assert found.verdict == verdict
    assert (abs(found.spectral_abscissa) <= found.margin) == (verdict == "undecided")


@pytest.mark.parametrize(
    ("h", "verdict"), [("0.9999999999", "stable"), ("1", "undecided"), ("1.0000000001", "unstable")]
)
def test_a_step_on_the_boundary(h, verdict):
    """`z^2 - (2 - h g) z + 1 - h g + h^2 c^2` with `c = g = 1`: stable iff `h < 1`."""
    assert analyse(Sines(1, 1), SimGD("h")).at(h=h).verdict == verdict


def test_the_margin_grows_where_eigenvectors_are_nearly_parallel():
    """Near the critical `gamma = 2 c` rounding moves eigenvalues by its root; a Jordan block by far."""
    near, far = (analyse(Sines(1, g)).margin for g in ("2.00000001", 4))
    assert near > 1000 * far
    assert far < 1e-14
    jordan = analyse(game(lambda a, b: a * b, lambda a, b: 0 * b))
    np.testing.assert_array_equal(jordan.matrix, [[0, -1], [0, 0]])
    assert jordan.verdict == "undecided"


def test_a_line_of_equilibria_is_undecided():
    """There is no reduction in floats: an eigenvalue 0 could be anything."""
    found = analyse(game(lambda a, b: a * a * jnp.exp(b), lambda a, b: a * a * b))
    np.testing.assert_array_equal(found.matrix, [[-2, 0], [0, 0]])
    assert found.verdict == "undecided"


@pytest.mark.parametrize("seed", range(5))
def test_verdicts_agree_with_exact_ones(seed):
    """The same quadratic game twice, by `jnp` in floats and by SymPy exactly."""
    rng = np.random.default_rng(seed)
    p, q, r = (int(k) for k in rng.integers(-9, 10, 3))

    class Exact(Jaxy):
        symbolic: ClassVar[bool] = True

        def equilibrium(self, xp, *t):
            return xp.zeros(1), xp.zeros(1)

        def losses(self, xp, *x):
            (a,), (b,) = x
            return p * a * a / 2 + 7 * a * b, q * b * b / 2 + r * a * b

    floats = game(lambda a, b: p * a * a / 2 + 7 * a * b, lambda a, b: q * b * b / 2 + r * a * b)
    for method in (Flow(), SimGD("1/10")):
        exact, found = analyse(Exact(), method), analyse(floats, method)
        assert isinstance(exact, Analysis)
        assert {exact.verdict, found.verdict} in ({"stable"}, {"unstable"}, {"neutral", "undecided"})


# Refusals


@pytest.mark.parametrize(
    ("make", "kind", "text"),
    [
        (lambda: analyse(Sines("c", "gamma")).at(c=1).verdict, BadInput,
         "gamma has no value; give one, a number >= 0"),
        (lambda: analyse(Sines(1, 1), SimGD("h")).matrix, BadInput, "h has no value"),
        (lambda: analyse(Sines("c", 1)).at(b=1), BadInput,
         "no hyperparameter is called 'b'; those left open are: c"),
        (lambda: analyse(Sines(1, 1)).at(b=1), BadInput, "those left open are: none"),
        (lambda: analyse(Sines("c", "gamma")).at(gamma=-1), BadInput, "gamma must be a number >= 0, not -1"),
        (lambda: analyse(Sines("c", "gamma")).at(gamma=True), BadInput,
         "gamma must be a number >= 0, not True"),
        (lambda: analyse(Sines("c", "gamma")).at(gamma="1/0"), BadInput, "divides by zero"),
        (lambda: analyse(Sines("c", "gamma")).at(gamma=float("nan")), BadInput, "is not a number"),
        (lambda: analyse(game(lambda a, b: a * a / 2 - 3 * a)).verdict, NotAnEquilibrium, "moves it by (3, "),
        (lambda: analyse(game(lambda a, b: a * a, rest=(0.0, 1e-7))).verdict, NotAnEquilibrium,
         "declared equilibrium"),
        (lambda: analyse(game(lambda a, b: jnp.sqrt(a * a))).verdict, NotSmooth, "kink at the equilibrium"),
        (lambda: analyse(game(lambda a, b: jnp.sqrt(a * a)), AltGD(1)).eigenvalues, NotSmooth, "kink"),
        (lambda: analyse(Sines(1, 1) + R1(1)).verdict, NotApplicable, "gp needs a GAN"),
        (lambda: analyse(Sines(1, 1) + NagarajanKolter(1)).verdict, NotApplicable, "nk needs a GAN"),
    ],
)  # fmt: skip
def test_refusals_are_one_clear_line(make, kind, text):
    with pytest.raises(kind) as refusal:
        make()
    assert type(refusal.value) is kind
    assert text in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_an_equilibrium_given_in_floats_may_be_off_by_rounding():
    """`cos x = x` has no closed solution; its float is at rest to rounding."""
    at = 0.7390851332151607
    found = analyse(game(lambda a, b: a * a / 2 - jnp.sin(a), rest=(at, 0.0)))
    np.testing.assert_allclose(found.matrix, np.diag([-1 - np.sin(at), -2]), atol=1e-15)
    assert found.verdict == "stable"


def test_losses_in_jax_are_refused_by_sympy_in_one_line():
    class Unmarked(Sines):
        symbolic: ClassVar[bool] = True

    with pytest.raises(BadInput) as refusal:
        analyse(Unmarked())
    assert "SymPy cannot read the losses of Unmarked" in str(refusal.value)
    assert "symbolic = False" in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_the_mark_is_seen_under_penalties():
    assert isinstance(analyse(Sines(1, 1) + Consensus(1)), FloatAnalysis)


@dataclass(frozen=True)
class Arctan(GAN):
    """`D(x) = psi arctan(x)` by `jnp`, on point masses."""

    loss: Any = "gan"

    symbolic: ClassVar[bool] = False
    dims = (1, 1)

    def equilibrium(self, xp, *t):
        return jnp.zeros(1), jnp.zeros(1)

    def discriminator(self, xp, psi, x):
        return psi[0] * jnp.arctan(x[0])

    def real(self, xp):
        return Point(jnp.zeros(1))

    def fake(self, xp, *theta):
        return Point(theta[0])


def test_penalties_see_a_discriminator_in_jax():
    """`arctan` has the slope 1 at 0: the Dirac-GAN to first order, with R1."""
    found = analyse(Arctan("gan") + R1("gamma"), SimGD("h")).at(gamma=0.5, h="1/2")
    np.testing.assert_allclose(found.matrix, [[1, -0.25], [0.25, 0.75]], atol=1e-15)
    assert found.verdict == "stable"
    assert analyse(Arctan("wgan")).verdict == "undecided"


# Views


def test_views_say_that_it_is_floating_point():
    found = analyse(Sines("c", "gamma"), SimGD("h")).at(c=1, gamma=1, h="1/2")
    data = found.to_dict()
    assert data["exact"] is False
    assert data["verdict"] == found.verdict == "stable"
    assert data["matrix"] == [[1.0, -0.5], [0.5, 0.5]]
    assert data["spectral_radius"] == pytest.approx(np.sqrt(0.75), abs=1e-15)
    assert data["hyperparameters"] == {"c": 1.0, "gamma": 1.0, "h": 0.5}
    text = str(found)
    assert "0.75 +0.433012701892i" in text
    assert "radius        0.866025403784" in text
    assert "in floating point alone" in text
    assert max(map(len, text.splitlines())) <= 80
    assert "abscissa" in str(analyse(Sines(1, 1)))


def test_results_are_frozen_and_leave_the_first_as_it_was():
    first = analyse(Sines("c", "gamma"))
    first.at(c=1, gamma=1)
    with pytest.raises(BadInput, match="has no value"):
        _ = first.matrix
    with pytest.raises(AttributeError):
        first.values = {}
