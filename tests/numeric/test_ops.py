"""The arithmetic of losses is handed in: another one is another game, and no declaration changes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from stabcheck import R1, Flow
from stabcheck.core import hyper
from stabcheck.declare.games.game import Game
from stabcheck.declare.games.gaussian import Gaussian
from stabcheck.numeric.autodiff import Autodiff
from stabcheck.numeric.ops import JaxOps
from stabcheck.numeric.precision import compiled, double
from stabcheck.numeric.update import bind
from stabcheck.symbolic.model import Model
from stabcheck.symbolic.ops import SymPyOps, exact
from stabcheck.symbolic.update import linearise

SEEDS = 24


@dataclass(frozen=True)
class Sampled:
    """Means over draws in the place of integrals."""

    draws: jax.Array
    plain: JaxOps = field(default_factory=JaxOps)

    def __getattr__(self, name):
        return getattr(self.plain, name)

    def expect(self, fn, law):
        del law
        return jax.vmap(fn)(self.draws).mean()


def exact_jacobian(game, **given):
    model = Model.of(hyper.rebind(game, exact), **given)
    found = linearise(model, Flow(), model.germ_values({}))
    return np.array(found.jacobian.to_Matrix(), dtype=float)


def jacobian(game, xp):
    oracle = Autodiff.of(bind(game, {}), xp=xp)
    return jax.jacfwd(oracle.v)(oracle.rest)


def test_jacobians_over_samples_tend_to_the_exact_one():
    game = Gaussian("gan", std=2) + R1("1/4")
    wanted = exact_jacobian(game)
    rng = np.random.default_rng(3)

    def off(count):
        with double():
            draws = jnp.asarray(rng.standard_normal((SEEDS, count, 1)))
            found = compiled(jax.vmap(lambda d: jacobian(game, Sampled(d))))(draws)
            return np.sqrt(np.mean(np.square(np.asarray(found) - wanted).sum(axis=(1, 2))))

    few, many = off(500), off(8000)
    assert few > 1e-2
    # Sixteen times the draws, a fourth of the distance.
    assert 0.15 < many / few < 0.4


@dataclass(frozen=True)
class Cornered(Game):
    """Rests on the kinks of both losses."""

    dims = (1, 1)

    def equilibrium(self, xp):
        return xp.zeros(1), xp.zeros(1)

    def losses(self, xp, *x):
        (a,), (b,) = x
        return a * b + xp.abs(a, "first") * b, -a * b + xp.abs(b, "second") * a + b * b / 2


@dataclass(frozen=True)
class OneSide:
    """JAX's arithmetic where what stands at the doors has a given sign."""

    sign: int
    plain: JaxOps = field(default_factory=JaxOps)

    def __getattr__(self, name):
        return getattr(self.plain, name)

    def abs(self, t, label):
        del label
        return self.sign * t


@dataclass(frozen=True)
class ExactSide(SymPyOps):
    """The same in SymPy."""

    side: int = 0

    def abs(self, t: Any, label: str) -> Any:
        del label
        return self.side * t


@pytest.mark.parametrize("sign", [1, -1])
def test_one_side_of_a_kink_is_a_smooth_game_of_its_own(sign):
    by_hand = np.array([[0, -1 - sign], [1 - sign, -1]])
    with double():
        found = np.asarray(jacobian(Cornered(), OneSide(sign)))
    np.testing.assert_allclose(found, by_hand, atol=1e-15)
    np.testing.assert_allclose(exact_jacobian(Cornered(), ops=ExactSide(side=sign)), by_hand)


def test_what_the_arithmetic_handed_in_records_can_be_read():
    ops = SymPyOps()
    Model.of(Cornered(), ops=ops)
    assert [label for label, _ in ops.kinks] == ["first", "second"]
    assert replace(ops).kinks is ops.kinks
