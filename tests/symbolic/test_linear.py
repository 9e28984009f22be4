"""On the boundary of stability: what an exactly linear map does there, held against its orbits."""

from __future__ import annotations

import numpy as np
import pytest

import stabcheck as sc
from stabcheck import analyse

W = sc.Dirac("wgan")
V = np.array([[0, -1.0], [1, 0]])
"""The WGAN's field on the Dirac-GAN."""


def alternating(h):
    return np.array([[1, -h], [h, 1 - h * h]])


def averaged(h, beta):
    """`a+ = beta a + (1 - beta) x+` beside the alternating steps."""
    m = alternating(h)
    return np.block([[m, np.zeros((2, 2))], [(1 - beta) * m, beta * np.eye(2)]])


def two_sizes(*size):
    e = np.diag(size)
    return np.block([[np.eye(2), -e], [e, np.eye(2) - e @ e]])


BOUNDED, GROWS = "orbits stay bounded and do not converge", "orbits grow like a power of time"
MAPS = {
    "altgd": (W, sc.AltGD(1), alternating(1), BOUNDED),
    "altgd, small": (W, sc.AltGD("1/7"), alternating(1 / 7), BOUNDED),
    "altgd at the edge": (W, sc.AltGD(2), alternating(2), GROWS),
    "altgd, unequal, at the edge": (W, sc.AltGD((8, "1/2")), np.array([[1, -8], [0.5, -3]]), GROWS),
    "altgd with an average": (W, sc.EMA("1/2", sc.AltGD(1)), averaged(1, 0.5), BOUNDED),
    "lookahead at the edge": (W, sc.Lookahead(2, "1/2", sc.AltGD(2)),
                              (np.eye(2) + alternating(2) @ alternating(2)) / 2, GROWS),
    "extragradient": (W, sc.Extragradient(1), np.eye(2) + V + V @ V, BOUNDED),
    "r1 at the edge": (W + sc.R1(1), sc.SimGD(1), np.eye(2) + V - np.diag([0, 1.0]), BOUNDED),
    "r1, alternating, at the edge": (W + sc.R1(1), sc.AltGD(1), np.array([[1, -1], [1, -1.0]]), None),
    "sga": (sc.Bilinear(3), sc.SGA(1, sc.SimGD("1/5")),
            np.eye(2) + (3 * V + 9 * V @ V) / 5, BOUNDED),
    "two sizes": (sc.Bilinear(1, e=((1, 0), (0, 2))), sc.AltGD(1), two_sizes(1, 2), GROWS),
}  # fmt: skip


@pytest.mark.parametrize("name", MAPS)
def test_a_linear_map_on_the_boundary_is_decided(name):
    game, method, by_hand, said = MAPS[name]
    result = analyse(game, method)
    assert result.exactly_linear
    assert "decides nothing" not in result.finding.reason
    far = [np.abs(np.linalg.matrix_power(by_hand, k)).max() for k in (500, 1000, 2000)]
    if said is None:
        assert result.verdict == "stable"
        assert far[-1] < 1e-9
        return
    assert said in result.finding.reason
    assert result.spectral_radius == 1
    grows = far[2] > 1.9 * far[1] > 3.6 * far[0]
    assert (result.verdict == "unstable") == grows == (said == GROWS)
    assert grows or 0.05 < far[2] < 20


FLOWS = [
    (W, sc.Flow(), "neutral", BOUNDED),
    (W, sc.Flow((2, "1/3")), "neutral", BOUNDED),
    (sc.Bilinear(1, e=((1, 2),)), sc.Flow(), "neutral", BOUNDED),
    (sc.Bilinear(2, e=((1, 2), (2, 4))), sc.AltGD("1/20"), "neutral", BOUNDED),
    (W, sc.Flow("tau"), "neutral", BOUNDED),
    (W, sc.AltGD("h"), "depends", ""),
]


@pytest.mark.parametrize(("game", "operator", "verdict", "said"), FLOWS)
def test_flows_and_open_names(game, operator, verdict, said):
    result = analyse(game, operator)
    assert (result.verdict, result.exactly_linear) == (verdict, True)
    assert said in result.finding.reason
    assert "decides nothing" not in result.finding.reason


NONLINEAR = [
    (sc.Dirac("gan"), sc.Flow()),
    (sc.Dirac("gan"), sc.AltGD(4)),
    (sc.Dirac("hinge"), sc.AltGD(1)),
    (W + sc.Clip(1), sc.AltGD(1)),
    (sc.UniformScale("wgan"), sc.Flow()),
    (W + sc.Consensus(1), sc.RMSprop(1, 0, 1)),
]


@pytest.mark.parametrize(("game", "operator"), NONLINEAR)
def test_what_is_not_linear_is_left_open(game, operator):
    result = analyse(game, operator)
    assert not result.exactly_linear
    assert result.verdict != "neutral" or "decides nothing" in result.finding.reason


def test_an_end_at_rest_elsewhere_is_no_turning():
    """Leaders that follow a sum never leave it: `x = h total` with the part along `(2, -1)` constant."""
    found = analyse(sc.LinearGenerator("wgan", ((1, 2),)) + sc.R1(1), sc.FTRL("1/9"))
    assert (found.verdict, found.exactly_linear, found.manifold) == ("neutral", True, ())
    assert "end at rest, not all of them at the equilibrium" in found.finding.reason
    germ = {s: found.germ[s.name] for s in found.model.germ_symbols}
    matrix = np.array(found.update_matrix.xreplace(germ).tolist(), float)
    far = np.linalg.matrix_power(matrix, 4000)
    np.testing.assert_allclose(far, matrix @ far, atol=1e-9)
    assert np.abs(far).max() > 0.1
