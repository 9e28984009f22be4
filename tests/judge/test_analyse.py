"""The Python interface: as short as the command line."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from fractions import Fraction

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import sympy as sp

from stabcheck import R1, R2, AltGD, Clip, Consensus, Dirac, Flow, Germ, InstanceNoise, SimGD, WganGP, analyse
from stabcheck.core.errors import BadInput, NotAnEquilibrium, NotApplicable
from stabcheck.declare.games.game import Game
from stabcheck.declare.laws import StandardNormal
from stabcheck.judge.record import recorded
from stabcheck.numeric import update as numeric
from stabcheck.report.markdown import page
from tests.games import Drift, RandomGame, Tilted


def test_the_readme_example():
    result = analyse(Dirac("gan") + R1("gamma"), AltGD("h"))
    f1, gamma, h = result.symbols[2], *(s for s in result.symbols if s.name in ("gamma", "h"))
    assert result.jacobian == sp.Matrix([[0, -f1], [f1, -gamma]])
    assert sp.expand(
        result.update_matrix - sp.Matrix([[1, -h * f1], [h * f1, 1 - h * gamma - h**2 * f1**2]])
    ).is_zero_matrix
    (roots,) = result.closed_form
    assert roots.centre == 1 - gamma * h / 2 - f1**2 * h**2 / 2
    here = result.at(gamma=1, h="1/10")
    assert here.verdict == "stable"
    assert here.spectral_radius < 1
    assert here.verify().status == "agrees"
    assert here.to_dict()["hyperparameters"] == {"gamma": "1", "h": "1/10"}


def test_a_number_in_a_declaration_is_exact():
    result = analyse(Dirac("gan") + R1(1), SimGD(0.1))
    assert result.names == {}
    assert result.update_matrix[1, 1] == sp.Rational(9, 10)
    assert result.verdict == "stable"
    assert result.to_dict()["hyperparameters"] == {"gamma": "1", "h": "1/10"}
    assert analyse(Dirac() + R1(1)).jacobian[1, 1] == -1


def test_results_are_frozen():
    result = analyse(Dirac())
    with pytest.raises(FrozenInstanceError):
        result.game = None
    with pytest.raises(FrozenInstanceError):
        result.game.dim = 2


def test_irrational_values():
    result = analyse(Dirac() + R1("gamma"), SimGD("h"))
    assert result.at(gamma=sp.sqrt(2), h="1/2").verdict == "stable"
    # On the boundary h = 4 gamma.
    for number in (sp.sqrt(2), sp.cbrt(2), sp.log(3)):
        assert result.at(gamma=number / 4, h=number).verdict == "neutral"
    tiny = sp.Rational(1, 10**30)
    for sign, verdict in ((1, "stable"), (-1, "unstable")):
        assert result.at(gamma=sp.log(3) / 4 + sign * tiny, h=sp.log(3)).verdict == verdict
    assert analyse(Dirac() + R1("gamma")).at(gamma=sp.pi).verify().status == "agrees"


def test_shared_symbols_mean_one_value():
    both = analyse(Dirac("wgan") + R1("gamma") + R2("gamma"))
    assert both.jacobian[1, 1] == -2 * sp.Symbol("gamma", nonnegative=True)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: R1(-1), "gamma must be a number >= 0, not -1"),
        (lambda: R1("1/-2"), "is not a number"),
        (lambda: R1(float("nan")), "is not a number"),
        (lambda: R1(True), "gamma must be a number >= 0, not True"),
        (lambda: R1(None), "gamma must be"),
        (lambda: SimGD(0), "h must be a number > 0"),
        (lambda: SimGD(("h_g", 0)), "h must be a number > 0"),
        (lambda: AltGD("h", n="k"), "not the symbol 'k'"),
        (lambda: AltGD("h", n=0), "n must be a whole number"),
        (lambda: Clip(0), "w must be a number > 0"),
        (lambda: Germ(0), "a number other than 0"),
        (lambda: Dirac("nogan"), "unknown loss 'nogan'"),
        (lambda: analyse(Dirac() + R1("h"), SimGD("h")), "symbol 'h' is used for gp.gamma and for simgd.h"),
        (lambda: analyse(Dirac() + R1("theta")), "the name 'theta' of gp.gamma is that of a coordinate"),
        (lambda: InstanceNoise(on="nowhere"), "unknown value of on 'nowhere'"),
        (lambda: analyse(Dirac() + R1("f1")), "the name 'f1' of gp.gamma stands for f'(0) here"),
        (lambda: analyse(Dirac(Germ("f2", "f1"))), "the name 'f2' of germ.f1 stands for f''(0) here"),
        (lambda: analyse(Dirac()).at(gamma=1), "is called 'gamma'; those left open are: none"),
        (lambda: analyse(Dirac() + R1()).at(gamma=-sp.sqrt(2)), "gamma must be a number >= 0"),
        (lambda: analyse(Dirac() + R1()).at(gamma=sp.Symbol("q")), "gamma must be a number >= 0"),
        (lambda: analyse(Dirac() + R1()).at(gamma="sqrt(2)"), "is not a number"),
        (lambda: analyse(Dirac() + R1()).at(gamma="h"), "gamma must be"),
        (lambda: analyse(Dirac(), SimGD((1, 2, 3))), "3 step sizes were given for 2 players"),
        (lambda: analyse(Dirac(), AltGD(1, order=(0, 0))), "order must name each of the 2 players once"),
    ],
)  # fmt: skip
def test_refusals_say_what_to_do(make, message):
    with pytest.raises(BadInput, match=None) as refusal:
        make()
    assert message in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_false_equilibrium_is_refused_with_the_gradient():
    with pytest.raises(NotAnEquilibrium, match="v_x_1 = -3"):
        analyse(Tilted())


def test_a_penalty_for_gans_needs_a_gan():
    with pytest.raises(NotApplicable, match="gp needs a GAN"):
        analyse(RandomGame() + R1())
    assert analyse(RandomGame(dims=(1, 2)) + Consensus("c")).verdict in ("depends", "stable", "unstable")


def test_a_method_that_moves_the_rest_point_is_recognised():
    result = analyse(RandomGame(seed=1), Drift("h"))
    assert result.verdict == "moves the rest point"
    assert "one step moves the equilibrium by (" in result.finding.reason
    assert result.update_matrix is None
    assert result.verify().status == "agrees"
    assert str(result)


def test_consensus_after_a_kink_is_not_differentiable_either():
    result = analyse(Dirac("wgan") + WganGP(1, 1) + Consensus(1), SimGD(1))
    assert result.verdict == "not differentiable"
    assert result.verify().status == "agrees"


def test_wgan_gp_without_target_keeps_its_kink_by_name():
    assert analyse(Dirac() + WganGP("gamma", 1)).finding.reason.startswith("|grad_x D| has a kink")


def test_clipping_acts_only_at_its_bound():
    bounded = analyse(Dirac("wgan") + Clip("w"), SimGD("h"))
    free = analyse(Dirac("wgan"), SimGD("h"))
    assert bounded.update_matrix == free.update_matrix
    assert bounded.verify().status == "agrees"


def test_clipped_steps_end_in_the_published_cycle():
    """Mescheder et al. 2018, notebook: WGAN with w = 1 under SimGD with h = 0.2.

    The orbit is trapped and not periodic, so that digits beyond the fifth depend on its length.
    """
    with jax.enable_x64(True):
        step, _ = numeric.operator_map(Dirac("wgan") + Clip(1), SimGD("1/5"), {})
        orbit = lambda x, n: jax.lax.scan(lambda y, _: (step(y), y), x, length=n)  # noqa: E731
        start, _ = orbit(jnp.array([1.0, 1.0]), 2000)
        _, cycle = orbit(start, 2000)
        assert abs(cycle[:, 1]).max() == 1
        assert abs(cycle[:, 0]).max() == pytest.approx(1.169816, abs=1e-5)


def test_a_projection_that_bends_at_rest_is_part_of_the_step():
    class Halved(Game):
        dims = (1, 1)

        def equilibrium(self, xp, *t):
            return xp.zeros(1), xp.zeros(1)

        def losses(self, xp, *x):
            (a,), (b,) = x
            return a * b, -a * b

        def project(self, xp, *x):
            return x[0] / 2, x[1]

    result = analyse(Halved(), SimGD("h"))
    h = sp.Symbol("h", positive=True)
    assert result.update_matrix == sp.Matrix([[sp.S.Half, -h / 2], [h, 1]])
    assert result.verify().status == "agrees"
    assert analyse(Halved()).jacobian == sp.Matrix([[0, -1], [1, 0]])


def test_noise_on_each_side_and_quadrature_limits():
    f2, sigma = sp.Symbol("f2", real=True), sp.Symbol("sigma", nonnegative=True)
    for on, share in (("both", 2), ("real", 1), ("fake", 1)):
        assert analyse(Dirac() + InstanceNoise(on=on)).jacobian[1, 1] == share * f2 * sigma**2
    wide = analyse(Dirac(dim=6) + InstanceNoise())
    found = wide.verify(points=1)
    assert found.status == "agrees"
    assert "numeric" not in found.witnesses
    assert "quadrature in so many dimensions" in found.reason


def test_moments_of_the_normal_law():
    nodes, weights = StandardNormal(1).quadrature(12)
    for k in range(9):
        assert weights @ nodes**k == pytest.approx(StandardNormal(1).moment(k), abs=1e-10)


def test_numeric_sweep_is_one_batch():
    found = numeric.linearise(
        Dirac() + R1("gamma"), SimGD("h"), {"gamma": [0.0, 1.0, 2.0], "h": [0.1, 0.2, 0.3]}
    )
    assert found.jacobian.shape == (3, 2, 2)
    radii = abs(numeric.eigenvalues(found.jacobian)).max(axis=1)
    assert radii[0] > 1 > radii[1]
    with pytest.raises(BadInput, match="h has no value"):
        numeric.linearise(Dirac(), SimGD("h"))


def test_nonlinear_map_is_the_declared_step():
    """One step of SimGD on the logistic Dirac-GAN, by hand."""
    with jax.enable_x64(True):
        step, rest = numeric.operator_map(Dirac("gan") + R1(0.5), SimGD(0.1), {})
        theta, psi = 0.7, -1.3
        slope = 1 / (1 + np.exp(theta * psi))
        expected = [theta - 0.1 * psi * slope, psi + 0.1 * (theta * slope - 0.5 * psi)]
        np.testing.assert_allclose(step(np.array([theta, psi])), expected, rtol=1e-14)
        np.testing.assert_array_equal(rest, [0, 0])


def test_consensus_field_has_the_whole_cubic_term():
    """Away from rest the field is `-gamma grad |v|^2/2`, with no half in the cubic term."""
    result = analyse(Dirac("gan") + Consensus("gamma"))
    f = sp.Function("f")
    theta, psi, gamma = *result.model.coordinates, result.symbols[4]
    u = theta * psi
    slope = 1 / (1 + sp.exp(u))
    value = {"df": slope, "d2f": sp.diff(1 / (1 + sp.exp(sp.Symbol("t"))), "t").subs("t", u)}
    del f
    energy = (theta**2 + psi**2) * slope**2 / 2
    expected = [-psi * slope - gamma * energy.diff(theta), theta * slope - gamma * energy.diff(psi)]
    at = {theta: sp.Rational(1, 3), psi: sp.Rational(-5, 4), gamma: sp.Rational(2, 7)}
    for text, e in zip(result.to_dict()["vector_field"], expected, strict=True):
        functions = {name: lambda _, v=v: v for name, v in value.items()}
        names = {str(s): s for s in result.symbols}
        found = sp.sympify(text, locals={**names, **functions})
        assert abs(sp.N((found - e).subs(at))) < 1e-14


def test_a_game_of_ones_own_in_a_dozen_lines():
    class Duel(Game):
        dims = (1, 1)

        def equilibrium(self, xp):
            return xp.zeros(1), xp.zeros(1)

        def losses(self, xp, *x):
            (a,), (b,) = x
            return a * b + a * a * a, -a * b + b * b / 2

    result = analyse(Duel(), SimGD("h"))
    assert result.jacobian == sp.Matrix([[0, -1], [1, -1]])
    assert result.at(h="1/2").verdict == "stable"
    assert result.verify().witnesses == ("symbolic", "numeric")
    assert "Duel" in str(result)


def test_views_show_the_same_numbers():
    result = analyse(Dirac() + R1("gamma"), SimGD("h")).at(gamma=1, h="1/3")
    data, text, markdown, latex = result.to_dict(), str(result), page(recorded(result)), result.to_latex()
    assert data["eigenvalues"][0]["exact"] == "5/6"
    assert "5/6 = 0.833333333333" in text
    assert r"\frac{5}{6}" in markdown
    assert "0.833333333333" in markdown
    assert data["verdict"] in text
    assert f"**{data['verdict']}**" in markdown
    assert r"1 - \frac{\gamma h}{2} \pm h \sqrt{\frac{\gamma^{2}}{4} - f'(0)^{2}}" in latex
    assert r"1 - \frac{\gamma h}{2} \pm h \sqrt{\frac{\gamma^{2}}{4} - f'(0)^{2}}" in markdown
    assert latex.startswith("\\begin{align*}")
    assert latex.count("&") == latex.count("\\\\\n") + 1 + latex.count("& ")


def test_large_results_are_shown_in_short_and_never_dropped():
    text = str(analyse(Dirac(dim=12) + R1(), Flow()))
    assert "8 more; --format json prints them" in text
    assert max(map(len, text.splitlines())) <= 80


def test_eigenvalues_that_overflow_floats_are_no_infinity():
    result = analyse(Dirac() + R1(8), AltGD(8, n=(1, 400)))
    assert result.verdict == "unstable"
    assert result.to_dict()["spectral_radius"] is None
    assert "inf" not in str(result)
    assert "6.80972845698e+719" in str(result)


def test_fractions_and_text_mean_the_same():
    values = [analyse(Dirac() + R1(v)).jacobian for v in ("0.5", 0.5, Fraction(1, 2), "1/2", "5e-1")]
    assert all(v == values[0] for v in values)
