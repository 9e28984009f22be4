"""Linear algebra is handed in: an iteration that knows products alone makes the same steps."""

from __future__ import annotations

from dataclasses import dataclass

import jax
import numpy as np
import pytest
from jax.scipy.sparse.linalg import gmres

from stabcheck.declare.methods.competitive import CGD
from stabcheck.declare.methods.implicit import Implicit, SemiImplicit
from stabcheck.numeric.algebra import Dense
from stabcheck.numeric.autodiff import Autodiff
from stabcheck.numeric.precision import compiled
from stabcheck.numeric.update import applied, bind
from tests.dealt import dealt
from tests.games import RandomGame


@dataclass(frozen=True)
class Products:
    """By GMRES."""

    def solve(self, op, b):
        return gmres(op, b, tol=1e-13, restart=len(b), maxiter=4)[0]


@pytest.mark.parametrize("method", dealt([SemiImplicit("1/8"), CGD("1/8"), Implicit("1/8")], 3))
def test_steps_by_products_are_those_by_matrices(method, monkeypatch):
    game = RandomGame("3/8")

    def stepped(algebra):
        oracle = Autodiff.of(bind(game, {}), algebra=algebra)
        once, start = applied(oracle, bind(method, {}))
        both = compiled(lambda beside, x: (once(beside), jax.jacfwd(once)(x)))
        return [np.asarray(e) for e in both(start + 0.25, start)]

    with jax.enable_x64(True):
        wanted = stepped(Dense())
        monkeypatch.delattr(Dense, "solve")
        found = stepped(Products())
    for a, b in zip(found, wanted, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-10)
