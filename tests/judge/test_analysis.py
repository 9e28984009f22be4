"""The matrix that a flow shows is the one whose eigenvalues follow."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp

import stabcheck as sc
from stabcheck import analyse
from stabcheck.judge.record import as_data
from stabcheck.report.text import plain
from stabcheck.symbolic.printing import code

J = np.array([[0, -1.0], [1, -1]])
"""Of the WGAN with R1 at strength 1, as all of these."""
TURN = (J - J.T) / 2 @ J

FLOWS = {
    "plain": (sc.Flow(), J),
    "a speed": (sc.Flow(3), 3 * J),
    "speeds": (sc.Flow((2, "1/3")), np.diag([2, 1 / 3]) @ J),
    "one fast": (sc.Flow((1, 5)), np.diag([1, 5]) @ J),
    "sga": (sc.SGA("1/2", sc.Flow()), J + TURN / 2),
    "sga with speeds": (sc.SGA("1/2", sc.Flow((2, 1))), np.diag([2, 1]) @ (J + TURN / 2)),
    # Each sees the other's step: v(x + alpha v_other), and through it again for LOLA.
    "lookahead": (sc.LookaheadOpponent("1/4", sc.Flow()), J + np.array([[-1, 1], [0, -1]]) / 4),
    "lola": (sc.LOLA("1/4", "exact", sc.Flow()), J + np.array([[-2, 1], [0, -2]]) / 4),
    "unrolled": (sc.Unrolled(1, "1/4", inner=sc.Flow()), J + np.array([[-2, 1], [0, 0]]) / 4),
}


@pytest.mark.parametrize("name", FLOWS)
def test_the_matrix_shown_is_that_of_the_eigenvalues(name):
    operator, by_hand = FLOWS[name]
    result = analyse(sc.Dirac("wgan") + sc.R1(1), operator)
    values = {s: result.germ[s.name] for s in result.model.germ_symbols}
    matrix = np.array(result.flow_matrix.xreplace(values).tolist(), float)
    np.testing.assert_allclose(matrix, by_hand, atol=1e-14)
    seen = np.sort_complex([e.value for e in result.eigenvalues for _ in range(e.multiplicity)])
    np.testing.assert_allclose(np.sort_complex(np.linalg.eigvals(matrix)), seen, atol=1e-7)
    differs = not np.allclose(matrix, J)
    assert differs == (name != "plain")
    assert ("flow matrix " in plain(result)) == differs
    assert (result.derivation.step("matrix of the flow") is not None) == differs
    assert as_data(result)["flow_matrix"] == [[code(e) for e in row] for row in result.flow_matrix.tolist()]


def test_a_map_has_an_update_matrix_alone():
    result = analyse(sc.Dirac("wgan"), sc.SimGD("h"))
    assert result.flow_matrix is None
    assert as_data(result)["flow_matrix"] is None
    assert result.jacobian != result.update_matrix
    assert "flow matrix" not in plain(result)
    assert sp.Symbol("h", positive=True) in result.update_matrix.free_symbols
