"""Every game, loss and penalty against its second statement, at rest and away from it."""

from __future__ import annotations

import ast
import random
from functools import partial
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import stabcheck as sc
from stabcheck.core import hyper
from stabcheck.declare import registry
from stabcheck.declare.games.gan import GAN
from stabcheck.numeric import update as numeric
from stabcheck.numeric.autodiff import Autodiff
from stabcheck.numeric.ops import JaxOps
from stabcheck.symbolic.update import model_of
from stabcheck.verify.witnesses import draw
from tests import reference, second
from tests.dealt import dealt
from tests.reference.chains import METHODS
from tests.reference.games import GAMES
from tests.reference.losses import LOSSES
from tests.reference.penalties import PENALTIES
from tests.reference.statement import jacobian

STATED = {"game": GAMES, "loss": LOSSES, "penalty": PENALTIES, "method": METHODS}
SEEDS = (0, 1, 2)


@pytest.mark.parametrize("kind", STATED)
def test_every_declaration_is_stated_twice(kind):
    assert not set(registry.declarations(kind)) - set(STATED[kind]), "state it in tests/reference, too"
    assert not set(STATED[kind]) - set(registry.declarations(kind)), "the registry has no such declaration"


def test_second_statements_import_nothing_of_stabcheck():
    for file in Path(reference.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) else []
            first = {name.partition(".")[0] for name in names}
            assert first <= {"__future__", "collections", "dataclasses", "functools", "numpy", "random",
                             "tests", "typing"}, file  # fmt: skip
            assert all(n.startswith("tests.reference") for n in names if n.startswith("tests")), file


# What is drawn


def numbers(*parts, seed):
    """Random values for the names that are left open."""
    return draw(hyper.symbols(*parts), random.Random(seed))


def beside(rest, seed):
    return rest + np.random.default_rng(seed).uniform(-1, 1, len(rest)) / 4


def same(computed, stated, tolerance=1e-11):
    np.testing.assert_allclose(
        computed, stated, rtol=tolerance, atol=tolerance * max(1, np.abs(stated).max())
    )


def gradients_in_floats(game, values):
    """Each player's gradient by autodiff."""
    return jax.jacrev(Autodiff(numeric.bind(game, {name: float(v) for name, v in values.items()})).declared)


def in_floats(game, values, x):
    """Each player's gradient by autodiff, and its Hessian."""
    with jax.enable_x64(True):
        gradients = gradients_in_floats(game, values)
        both = jax.jit(lambda y: (gradients(y), jax.jacfwd(gradients)(y)))
        return tuple(map(np.asarray, both(jnp.asarray(x))))


def exactly(game, values):
    """Each player's gradient and Hessian at rest by SymPy."""
    model = model_of(game)
    values = {**model.germ_values(values), **values}
    taylor = model.osculating.at({s: values[s.name] for s in model.symbols})
    n, players = len(model.coordinates), model.players
    slopes, bends = (np.array(rows, dtype=float) for rows in (taylor.slopes, taylor.bends))
    return slopes, bends.reshape(players, n, n)


# Losses


@pytest.mark.parametrize("name", LOSSES)
def test_slopes_of_losses(name):
    """In `D(x)` and in `D(G(z))`, of the critic's loss and of the generator's."""
    for seed in SEEDS:
        loss = registry.declarations("loss")[name]()
        values = numbers(loss, seed=seed)
        stated = second.loss_of(loss, values)
        pairs = np.random.default_rng(seed).uniform(-1, 1, (20, 2)) * (0.35 if name.startswith("f-") else 3)
        with jax.enable_x64(True):
            bound = numeric.bind(loss, {k: float(v) for k, v in values.items()})
            for side in ("critic", "generator"):
                whole = partial(getattr(bound, side), JaxOps())
                computed = jax.vmap(jax.grad(whole, (0, 1)))(*jnp.asarray(pairs.T))
                expected = np.broadcast_arrays(*getattr(stated, side)(*pairs.T))
                same(np.array(computed), np.array(expected))


# Games


K_DD, L_DD = ((-1, 2, 0), (2, -3, 1), (0, 1, 0)), ((1, 0, 3), (0, 2, 0), (3, 0, 1))
SHAPES = [
    sc.Bilinear(e=((2, 0, 1), (1, 1, 3))),
    sc.Blocks(((1, 2), (0, 3), (1, -1)), K_DD, L_DD),
    sc.Cyclic(count=4),
    sc.Dirac("lsgan-mao", dim=3),
    sc.Gaussian("lsgan-mao", dim=2),
    sc.LinearGenerator("nsgan", b=((2, 0), (1, 1), (0, -3))),
    sc.ManyDiscriminators("nsgan", count=3),
    sc.ManyGenerators("rpgan", count=3),
    sc.PrimalDual(atoms=2),
    sc.Random(instance=7, sizes=(1, 2, 1)),
]  # fmt: skip
"""Of sizes other than those that are the default."""
FACED = ("nsgan", "rpgan")
"""Losses to put into GANs, in turn: one of a sample, with a generator's own, and one of pairs."""
FINE = 160
"""Nodes of an integral on a line that is none of a polynomial."""


def instances(cls):
    """A game of the registry with several losses, and in several sizes."""
    plain = [cls(loss=loss) for loss in FACED] if issubclass(cls, GAN) else [cls()]
    return [*plain, *(game for game in SHAPES if type(game) is cls)]


def agrees(game, seed, *, at_rest=True):
    """Gradients and Hessians of every player, beside the rest point and there."""
    values = numbers(game, seed=seed)
    stated = second.game_of(game, values, 12 if game.dims == (4, 4) else FINE)
    x = beside(stated.rest, seed)
    slopes, bends = in_floats(game, values, x)
    same(slopes, stated.gradients(x))
    if stated.bent is None:
        same(bends, jacobian(stated.gradients, x))
    if at_rest:
        slopes, bends = exactly(game, values)
        same(slopes, stated.gradients(stated.rest))
        same(bends, stated.hessians)


def slopes_agree(game):
    """Gradients of every player beside the rest point."""
    values = numbers(game, seed=0)
    stated = second.game_of(game, values, FINE)
    x = beside(stated.rest, 0)
    with jax.enable_x64(True):
        same(np.asarray(jax.jit(gradients_in_floats(game, values))(jnp.asarray(x))), stated.gradients(x))


@pytest.mark.parametrize("name", GAMES)
def test_slopes_of_games(name):
    slopes_agree(instances(registry.declarations("game")[name])[0])


STATED_GAMES = sorted(GAMES, key=lambda name: (name != "dirac", name))


@pytest.mark.parametrize("name", dealt(STATED_GAMES, 30))
def test_games(name):
    for seed, game in enumerate(instances(registry.declarations("game")[name])):
        agrees(game, seed)


# Penalties


DIRAC, BIASED, MANY = (
    sc.Dirac("lsgan-mao", dim=2, x0="x0"),
    sc.DiracBias("gan"),
    sc.ManyDiscriminators("nsgan", count=3),
)
HOSTS = {
    "consensus": [sc.UniformScale("nsgan"), sc.Random(sizes=(1, 2))],
    "decay": [sc.LinearQuadratic("gan"), sc.Random(sizes=(1, 2))],
    "dragan": [DIRAC, MANY],
    "gp": [sc.UniformScale("rpgan"), DIRAC],
    "gp-anisotropic": [DIRAC, sc.LinearGenerator("nsgan", b=((2, 0), (1, 1), (0, -3)))],
    "lecam": [sc.LinearQuadratic("nsgan"), BIASED],
    "mode": [sc.LinearQuadratic("nsgan"), sc.UniformScale("rpgan"), MANY],
    "nk": [sc.Gaussian("nsgan"), MANY, sc.MeanMatching()],
    "noise": [BIASED, sc.UniformScale("lsgan-mao")],
    "noise-unequal": [sc.Dirac("nsgan"), sc.UniformScale("lsgan-mao")],
    "r2": [sc.UniformScale("rpgan"), sc.ManyGenerators("gan", count=3)],
    "sgp": [sc.UniformScale("gan"), DIRAC],
    "smoothing": [sc.Gaussian("nsgan"), sc.TwoModes("lsgan-mao")],
    "temperature": [sc.LinearQuadratic("nsgan"), MANY],
    "wgan-gp": [DIRAC, sc.DiracSquare("gan"), sc.ManyGenerators("nsgan")],
}  # fmt: skip
"""Games to put each penalty on: those where its integrals are of what is smooth."""
USUAL = [sc.Gaussian("nsgan"), sc.Dirac("lsgan-mao", dim=2)]
CHOICES = {
    "noise": [{"on": "real"}, {"on": "fake"}],
    "sgp": [{"measure": m} for m in ("generated", "both", "segment")],
    "decay": [{"lam": ("lam_1", "lam_2")}],
}
KINKED = {"dragan", "wgan-gp"}


# The quickest first: of the others, which take long, the slopes are compared always.
STATED_PENALTIES = sorted(set(PENALTIES) - {"clip"}, key=lambda name: (name != "gp", name))


@pytest.mark.parametrize("name", STATED_PENALTIES)
def test_slopes_of_penalties(name):
    slopes_agree(HOSTS.get(name, USUAL)[0] + registry.declarations("penalty")[name]())


@pytest.mark.parametrize("name", dealt(STATED_PENALTIES, 20))
def test_penalties(name):
    cls = registry.declarations("penalty")[name]
    for seed, host in enumerate(HOSTS.get(name, USUAL)):
        agrees(host + cls(), seed, at_rest=name not in KINKED)
    for seed, choice in enumerate(CHOICES.get(name, [])):
        agrees(host + cls(**choice), seed)


@pytest.mark.parametrize("game", [sc.Box(), sc.Box() + sc.Clip(), MANY + sc.Clip()], ids=str)
def test_where_the_players_are_put(game):
    values = numbers(game, seed=0)
    stated = second.game_of(game, values)
    with jax.enable_x64(True):
        oracle = Autodiff(numeric.bind(game, {name: float(v) for name, v in values.items()}))
        for seed in SEEDS:
            x = 4 * beside(stated.rest, seed)
            same(np.asarray(oracle.project(jnp.asarray(x))), stated.put(x))
