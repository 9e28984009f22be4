"""The Taylor expansion of a whole step: its first order is the update matrix, the others are autodiff's."""

from __future__ import annotations

import re
from functools import cache
from itertools import accumulate
from math import factorial

import jax
import numpy as np
import pytest
import sympy as sp

from stabcheck import OGDA, R1, AltGD, Clip, Dirac, Extragradient, Flow, HeavyBall, SimGD
from stabcheck.core import hyper
from stabcheck.core.errors import NotSmooth, Undecidable
from stabcheck.declare.file.gamefile import load
from stabcheck.declare.methods.adaptive import Adam
from stabcheck.declare.methods.anticipation import LOLA
from stabcheck.declare.methods.competitive import CGD
from stabcheck.declare.methods.implicit import Implicit
from stabcheck.declare.methods.lookahead import Lookahead
from stabcheck.numeric.precision import compiled, double
from stabcheck.numeric.update import operator_map
from stabcheck.symbolic.model import Model
from stabcheck.symbolic.ops import exact
from stabcheck.symbolic.series import expanded
from stabcheck.symbolic.unevaluated import germ_symbol
from stabcheck.symbolic.update import linearise, model_of
from tests.dealt import dealt
from tests.declare.test_methods import cases, foresight
from tests.games import RandomGame
from tests.random_games import drawn

LINES = 16
VALUES = {"gamma": sp.Rational(3, 8), "a": sp.Rational(5, 8), "b": sp.Rational(3, 4)}
STATED = [(operator, False) for operator, _ in cases(2)] + [(operator, True) for operator, _ in foresight(2)]


def complete(model, order):
    """The values of the tests with `f1`, `f2`, … of the model's functions."""
    germs = (germ_symbol(name, k) for name in model.ops.germs for k in range(1, order + 2))
    return VALUES | {s.name: model.ops.germ_value(s) for s in germs}


def along(found, lines, order):
    """The derivative of an order along each line, a row each, from the expansion."""

    def one(entry, line):
        terms = ((c, m) for m, c in entry.items() if sum(m) == order)
        # The last letter of the ring is none of the state's.
        parts = (float(entry.ring.domain.to_sympy(c)) * np.prod(line ** m[:-1]) for c, m in terms)
        return factorial(order) * sum(parts)

    return np.array([[one(entry, line) for entry in found.entries] for line in lines])


@cache
def nested(game, operator, size):
    """Random lines, and the same along them for orders 1 to 3, by nested autodiff of the numeric step."""
    lines = np.random.default_rng(0).standard_normal((LINES, size))
    with double():
        values = {name: float(VALUES[name]) for name in hyper.symbols(game, operator)}
        once, start = operator_map(game, operator, values)

        def every(line):
            moved = lambda t: once(start + t * line)  # noqa: E731
            derivatives = accumulate(range(3), lambda f, _: jax.jacfwd(f), initial=moved)
            return [f(0.0) for f in list(derivatives)[1:]]

        return lines, [np.asarray(rows) for rows in compiled(jax.vmap(every))(lines)]


def agree(game, operator, orders=(1, 2, 3), **wrong):
    model = model_of(game)
    found = expanded(model, operator, max(orders), complete(model, max(orders)) | wrong)
    lines, wanted = nested(game, operator, len(found.letters))
    for order in orders:
        rows = wanted[order - 1]
        scale = max(1.0, np.abs(rows).max())
        np.testing.assert_allclose(along(found, lines, order), rows, rtol=0, atol=1e-12 * scale)


@pytest.mark.parametrize(("operator", "aligned"), STATED, ids=lambda o: getattr(o, "chain", ""))
def test_the_first_order_is_the_update_matrix(operator, aligned):
    model = model_of(RandomGame(seed=2, aligned=aligned))
    matrix = linearise(model, operator, VALUES).matrix.to_Matrix()
    found = expanded(model, operator, 1, VALUES)
    assert matrix.shape == (len(found.entries), len(found.letters))
    rows = sp.Matrix(*matrix.shape, found.derivative)
    assert sp.simplify(rows - matrix) == sp.zeros(*matrix.shape)


OPERATORS = [
    Flow(),
    SimGD("1/8"),
    AltGD("1/8", n=(2, 1)),
    HeavyBall("1/8", "1/2"),
    Implicit("1/8"),
    Extragradient("1/8"),
    OGDA("1/8"),
    CGD("1/8"),
    Lookahead(2, "1/4", SimGD("1/8")),
    LOLA("1/8", inner=SimGD("1/8")),
]


@pytest.mark.parametrize("operator", dealt(OPERATORS, 5), ids=lambda o: o.chain)
def test_higher_orders_on_the_dirac_gan(operator):
    agree(Dirac("gan") + R1("gamma"), operator)


@pytest.mark.parametrize(
    "operator", dealt([AltGD("1/8", n=(2, 1)), OGDA("1/8"), CGD("1/8")], 3), ids=lambda o: o.chain
)
def test_higher_orders_on_a_game_without_symmetry(operator):
    agree(RandomGame("gamma", seed=2), operator)


def test_a_quotient_and_a_root_to_a_higher_order():
    agree(Dirac("nsgan") + R1("gamma"), Adam("1/8", "1/2", "3/4", "1/3"), (2, 3))


PLAIN = (15, 60, 62)
"""Seeds of the grammar's first games of two or three players whose rest point is rational."""


@pytest.mark.parametrize("seed", dealt(PLAIN, 3))
def test_higher_orders_on_random_games_of_the_grammar(tmp_path, seed):
    found = drawn(seed)
    assert all(re.fullmatch(r"-?\d+(/\d+)?", e) for e in found.point)
    path = tmp_path / "drawn.toml"
    path.write_text(found.text())
    agree(load(path)(), AltGD("1/8"))


def test_a_wrong_third_derivative_is_seen():
    """`L = f(theta psi)` has `f2` in no derivative of the field below the third."""
    game, operator = Dirac("gan") + R1("gamma"), AltGD("1/8")
    agree(game, operator)
    wrong = sp.Rational(-1, 4) + sp.Rational(1, 10**9)
    with pytest.raises(AssertionError):
        agree(game, operator, (3,), f2=wrong)
    agree(game, operator, (1, 2), f2=wrong)


def test_germs_carry_their_order():
    coefficients = model_of(Dirac("gan")).taylor(3).losses[0]
    assert {str(s) for c in coefficients.values() for s in c.free_symbols} == {"f0", "f1", "f2"}
    further = model_of(Dirac("gan")).taylor(7).losses[0]
    assert further[4, 4] == germ_symbol("f", 4) / 24


def test_what_a_series_cannot_answer_is_refused():
    clipped = hyper.rebind(Dirac("wgan") + Clip(1), exact)
    with pytest.raises(NotSmooth, match="kink"):
        Model.of(clipped, at=(0, 1)).taylor(2)
    assert Model.of(clipped).taylor(2).projected == ({(1, 0): 1}, {(0, 1): 1})
    model = model_of(RandomGame("gamma", seed=2))
    with pytest.raises(Undecidable, match="does not vanish at rest"):
        expanded(model, LOLA("1/8", inner=SimGD("1/8")), 2, VALUES)
