"""Whether verification sees what it should: each witness is given something false to look at."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
import sympy as sp

from stabcheck import Flow, SimGD, analyse
from stabcheck.declare.games.game import Game
from stabcheck.numeric.ops import JaxOps
from stabcheck.numeric.update import EPS
from stabcheck.verify.witnesses import Subject, verify
from tests.games import Drift

TOLERANCE = 512
"""The largest gap that may count as rounding, said here once more."""


@dataclass(frozen=True)
class Apart(Game):
    """`v = (-x - y, x - y)`, the first loss with the slope 1 in `y`, and in JAX alone something else.

    Attributes:
        bend: by how many roundings `-dv_x/dx` is larger there.
        push: how many roundings `v_x` has there at the equilibrium.
        pull: by how many roundings that slope is larger there.
    """

    bend: int = 0
    push: int = 0
    pull: int = 0
    dims = (1, 1)

    def equilibrium(self, xp):
        return xp.zeros(1), xp.zeros(1)

    def losses(self, xp, *x):
        (p,), (q,) = x
        first, second = p * p / 2 + p * q + q, q * q / 2 - p * q
        if isinstance(xp, JaxOps):
            first = first + EPS * (self.bend * p * p / 2 - self.push * p + self.pull * q)
        return first, second


@pytest.mark.parametrize("method", [Flow(), SimGD(1)])
def test_a_matrix_just_beyond_rounding_is_seen(method):
    below, beyond = (analyse(Apart(bend=TOLERANCE + k), method).verify() for k in (0, 1))
    assert (below.status, below.matrix_gap) == ("agrees", TOLERANCE)
    assert (beyond.status, beyond.matrix_gap) == ("disagrees", TOLERANCE + 1)
    assert "the exact result and autodiff differ by" in beyond.reason


def test_a_polynomial_just_beyond_rounding_is_seen():
    """`z^2 + 2 z + 2`: the unit of the last coefficient is the product 4 of the sums of the rows."""
    result = analyse(Apart())
    (factor,) = result.factors
    computed = []
    for k in (4 * TOLERANCE, 4 * TOLERANCE + 2):
        *others, last = factor.coefficients
        moved = replace(factor, coefficients=(*others, last + k * sp.Rational(EPS)))
        computed.append(verify(Subject(result.game, result.operator, result.model, (moved,), {})))
    assert [v.status for v in computed] == ["agrees", "disagrees"]
    assert [v.polynomial_gap for v in computed] == [TOLERANCE, TOLERANCE + 1 / 2]


@pytest.mark.parametrize(("method", "scale"), [(Flow(), 2), (SimGD(1), 2)])
def test_a_numeric_operator_that_leaves_the_rest_point_is_seen(method, scale):
    """In units of one rounding of `1 + max |J|`."""
    below, beyond = (analyse(Apart(push=scale * TOLERANCE + k), method).verify() for k in (0, 1))
    assert below.status == "agrees"
    assert (beyond.status, beyond.reason) == (
        "disagrees",
        "the numeric operator does not rest at the equilibrium",
    )
    assert (beyond.matrix_gap, beyond.polynomial_gap) == (0, 0)


def test_a_drift_just_beyond_rounding_is_not_verified():
    below, beyond = (analyse(Apart(pull=TOLERANCE + k), Drift(1)).verify() for k in (0, 1))
    assert (below.status, below.matrix_gap) == ("agrees", TOLERANCE)
    assert beyond.status == "skipped"
    assert "the drift is not verified" in beyond.reason
    still = analyse(Apart(pull=-round(1 / EPS)), Drift(1)).verify()
    assert (still.status, still.reason) == (
        "disagrees",
        "the nonlinear step leaves the equilibrium where it is",
    )
