"""Statements of the literature speak of what a model is: of its germ, its blocks, its formulas."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
import sympy as sp

from stabcheck import (
    CGD,
    R1,
    SGA,
    AltGD,
    Bilinear,
    Consensus,
    Dirac,
    Flow,
    HeavyBall,
    InstanceNoise,
    Lookahead,
    Loss,
    Quadratic,
    SimGD,
    WeightDecay,
    analyse,
)
from stabcheck.core.hyper import hyper, symbols
from stabcheck.declare.combination import Combination, assemble
from stabcheck.declare.games.game import Game
from stabcheck.declare.games.gan import GAN
from stabcheck.declare.games.pair import Pair
from stabcheck.declare.laws import Point as Mass
from stabcheck.declare.lookup import load_game
from stabcheck.declare.penalties.consensus import Consensus as Registered
from stabcheck.literature.condition import Chosen, Differs, Equals, Has, conjunction
from stabcheck.literature.matching import declared_letters
from stabcheck.verify.claims import general_faults
from tests.dealt import dealt


@dataclass(frozen=True)
class Scaled(Loss):
    """`L_D = s (D(x) - D(G))`, `L_G = t D(G)`; its names are those of penalties, too."""

    gamma: Any = hyper("gamma", domain=">= 0", help="slope of the critic")
    t: Any = hyper("t", domain=">= 0", help="slope of the generator", default=1)

    def critic(self, xp, real, fake):
        return self.gamma * (real - fake)

    def generator(self, xp, real, fake):
        return self.t * fake


def keys(result):
    return [claim.key for claim in result.claims]


def agrees(result):
    verification = result.verify(points=3)
    assert verification.status == "agrees", verification.reason
    return verification


METHODS = [
    Flow(),
    SimGD("h"),
    AltGD("h"),
    CGD("h"),
    HeavyBall("h", "beta"),
    Lookahead(2, "alpha", AltGD("h")),
]


def test_what_holds_of_a_slope_that_does_not_vanish_is_not_told_where_it_does():
    game = Dirac(Scaled("s", "s"))
    assert keys(analyse(game, SimGD("h"))) == []
    assert keys(analyse(game, SimGD("h"), s=1)) == ["A04-A05"]
    nowhere = analyse(game, SimGD("h"), s=0, h=1)
    assert nowhere.verdict == "neutral"
    assert keys(nowhere) == []
    agrees(nowhere)


def test_what_holds_of_equal_slopes_is_told_where_they_are_equal():
    game = Dirac(Scaled(2, "t")) + R1("gamma")
    assert keys(analyse(game, SimGD("h"))) == []
    assert keys(analyse(game, SimGD("h"), t=3)) == []
    there = analyse(game, SimGD("h"), t=2)
    assert "A15/A16 gp" in keys(there)
    assert "literature" in agrees(there).witnesses


def test_a_name_of_ones_own_loss_is_none_of_a_penalty_s():
    result = analyse(Dirac(Scaled(2, 2)) + R1("gamma"))
    assert "A15/A22 gp" in keys(result)
    agrees(result)


def test_the_wgan_is_known_by_its_formula():
    clipped = lambda loss: keys(analyse(Dirac(loss)))  # noqa: E731
    assert "A11" in clipped("wgan")
    assert "A11" in clipped(Scaled(1, 1))
    assert "A11" not in clipped(Scaled(2, 2))
    assert "A11" not in clipped("gan")
    assert "A08" in clipped("nsgan")
    assert "A02" in clipped("exponential")
    assert "A02" not in clipped("nsgan")


@pytest.mark.parametrize(("rows", "coupling"), [(((2, 0), (0, 2)), "(2*alpha)"), (((3,),), "(3*alpha)")])
def test_a_matrix_that_is_a_number_is_a_coupling(rows, coupling):
    result = analyse(Bilinear("alpha", e=rows), CGD("h"))
    assert "C01 cgd" in keys(result)
    assert coupling in result.claims[0].text
    agrees(result)
    agrees(analyse(Bilinear("alpha", e=rows)))


@pytest.mark.parametrize("rows", [((2, 0), (0, 1)), ((0, 1), (1, 0)), ((1, 0, 0), (0, 1, 0))])
@pytest.mark.parametrize("method", METHODS[1:4], ids=lambda m: m.name)
def test_of_a_matrix_that_is_no_number_nothing_is_told(rows, method):
    result = analyse(Bilinear("alpha", e=rows), method)
    assert keys(result) == []
    agrees(result)


class Mine(Dirac):
    """Another name for it."""

    formula = "D(x) = psi x, as I write it"


class Mild(R1):
    """Another name for it."""


class Plain(SimGD):
    """Another name for it."""


class Strong(R1):
    def losses(self, xp, game, losses):
        return super().losses(xp, game, lambda *x: tuple(2 * loss for loss in losses(*x)))


class Twice(SimGD):
    def step(self, o, state):
        return type(state)(state.x + 2 * o.scale(self.h, o.v(state.x)))


@dataclass(frozen=True)
class Anew(GAN):
    """The Dirac-GAN, written anew."""

    loss: Any = "gan"
    slope: int = 1
    at: int = 0
    dims = (1, 1)

    def equilibrium(self, xp, *t):
        return xp.vector(self.at), xp.zeros(1)

    def discriminator(self, xp, psi, x):
        return self.slope * psi[0] * x[0]

    def real(self, xp):
        return Mass(xp.vector(self.at))

    def fake(self, xp, *theta):
        return Mass(theta[0])


PENALTIES = [None, R1("gamma"), InstanceNoise("sigma"), Consensus("gamma"), WeightDecay("lam")]


def put(game, penalty):
    return game if penalty is None else game + penalty


@pytest.mark.parametrize(
    ("own", "penalty", "method"),
    dealt(product([Mine, Anew], PENALTIES, METHODS[:4]), 3),
    ids=lambda part: part and part.name,
)
def test_a_game_by_another_name_is_known(own, penalty, method):
    registered = analyse(put(Dirac("gan"), penalty), method)
    assert keys(analyse(put(own("gan"), penalty), method)) == keys(registered) != []


def test_parts_that_change_nothing_are_known():
    ours = analyse(Dirac("gan") + R1("gamma"), SimGD("h"))
    assert keys(analyse(Mine("gan") + Mild("gamma"), Plain("h"))) == keys(ours) != []
    assert keys(analyse(Mine("gan") + R1("gamma"), SGA("lam", inner=Plain("h")))) == ["C31 sga:simgd gp"]


@pytest.mark.parametrize(
    "result",
    [
        analyse(Dirac("gan") + Strong("gamma"), SimGD("h")),
        analyse(Dirac("gan") + R1("gamma"), Twice("h")),
        analyse(Anew("gan", slope=2) + R1("gamma"), SimGD("h")),
        analyse(Anew("gan", slope=2) + R1("gamma")),
        analyse(Anew("gan", at=1) + R1("gamma"), SimGD("h")),
    ],
    ids=repr,
)
def test_what_changes_something_is_not_known(result):
    assert result.claims == ()
    agrees(result)


@dataclass(frozen=True)
class Saddle(Pair):
    """`x sin(y) k + x^4 - y^2 a/2 + x^2 y`: bilinear at rest where `a = 0`."""

    k: Any = hyper("k", domain="> 0", help="coupling")
    a: Any = hyper("a", domain="real", help="curvature", default=0)

    def value(self, x, y):
        return self.k * x * y + x**4 - self.a * y * y / 2 + x * x * y


@pytest.mark.parametrize("method", METHODS, ids=lambda m: m.name)
def test_a_game_that_is_bilinear_to_second_order_is_known_as_such(method):
    ours = analyse(Bilinear("k"), method)
    result = analyse(Saddle("k"), method)
    assert keys(result) == [key for key in keys(ours) if not key.startswith("C10")] != []
    assert agrees(result).claims == tuple(keys(result))


@pytest.mark.parametrize("method", [Flow(), SimGD("h"), CGD("h"), AltGD("h")], ids=lambda m: m.name)
def test_a_game_that_is_quadratic_to_second_order_is_known_as_such(method):
    result = analyse(Saddle("k", "a"), method)
    assert keys(result) == keys(analyse(Quadratic(0, "b", "d"), method)) != []
    assert all("; here a = 0, b = k, d = a" in claim.text for claim in result.claims)
    agrees(result)


@dataclass(frozen=True)
class Two(Game):
    """Two numbers around `(at, 0)`."""

    first: Any = 0
    second: Any = 0
    at: int = 0
    drawn: int = 1
    dims = (1, 1)

    def equilibrium(self, xp, *t):
        return xp.vector(self.at), xp.zeros(1)

    def losses(self, xp, *x):
        x, y = x[0][0] - self.at, x[1][0]
        return x * y + self.first * y + self.second * y * y, -x * y

    def project(self, xp, *x):
        return xp.vector((x[0][0] - self.at) / self.drawn + self.at), x[1]


@pytest.mark.parametrize("game", [Two(first=1), Two(second=1), Two(drawn=2)], ids=repr)
@pytest.mark.parametrize("method", [Flow(), SimGD("h"), AltGD("h")], ids=lambda m: m.name)
def test_games_that_are_alike_in_part_are_not_known(game, method):
    """Methods may see more than the field: the other player's own moves, or a projection."""
    result = analyse(game, method)
    assert keys(result) == []
    agrees(result)


def test_an_equilibrium_elsewhere_is_known_but_not_under_decay():
    result = analyse(Two(at=3), SimGD("h"))
    assert keys(result) != []
    agrees(result)
    assert keys(analyse(Two() + WeightDecay("lam"))) == ["A23 decay bilinear"]
    assert keys(analyse(Two(at=3) + Registered("gamma"))) == ["A19 consensus bilinear"]


FILES = {
    "bilinear": ('theta = "k*theta*psi"', "-k*theta*psi", Bilinear("k")),
    "nonlinear": ('theta = "sin(k*theta*psi)"', "-sin(k*theta*psi)", Bilinear("k")),
    "quadratic": ('theta = "k*theta*psi + theta^2"', "-k*theta*psi - theta^2", Quadratic(2, "b", 0)),
}


@pytest.mark.parametrize(("name", "method"), dealt(product(FILES, METHODS[:4]), 3))
def test_a_game_from_a_file_is_known(name, method, tmp_path):
    first, second, like = FILES[name]
    loss = first.partition('"')[2].rstrip('"')
    path = tmp_path / "game.toml"
    path.write_text(
        f'name = "mine"\nsource = "a test, 2026"\n[players.g]\nvariables = ["theta"]\nloss = "{loss}"\n'
        f'[players.d]\nvariables = ["psi"]\nloss = "{second}"\n[hyperparameters]\nk = "> 0"\n'
        '[equilibrium]\ntheta = "0"\npsi = "0"\n'
    )
    result = analyse(load_game(path)(), method)
    assert keys(result) == [key for key in keys(analyse(like, method)) if not key.startswith("C10")] != []
    agrees(result)


X = sp.Symbol("x", positive=True)
LETTERS = {
    "no": 0, "yes": Fraction(1, 2), "open": "h", "free": sp.Symbol("y", real=True), "sure": X, "null": X - X,
    "on": "real", "order": (), "pair": ("h", "h"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Equals("no"), True), (Equals("yes"), False), (Equals("open"), None), (Equals("free"), None),
        (Equals("sure"), False), (Equals("null"), True), (Equals("absent"), False),
        (Equals("yes", Fraction(1, 2)), True), (Equals("free", 1), None),
        (Differs("no"), False), (Differs("yes"), True), (Differs("open"), None), (Differs("free"), None),
        (Differs("sure"), True), (Differs("absent"), False),
        (Has("on"), True), (Has("absent"), False),
        (Chosen("on", "real"), True), (Chosen("on", "fake"), False), (Chosen("absent", "common"), False),
        (Chosen("open", "common"), True), (Chosen("open", "1"), None), (Chosen("yes", "1/2"), True),
        (Chosen("no", "1"), False), (Chosen("order", "()"), True), (Chosen("free", "2"), None),
        (Chosen("pair", "()"), False),
    ],
)  # fmt: skip
def test_a_condition_holds_or_fails_or_depends_on_values(condition, expected):
    assert condition.holds(LETTERS) is expected


def test_conditions_hold_together():
    assert conjunction([True, None]) is None
    assert conjunction([None, False]) is False
    assert conjunction([]) is True


@pytest.mark.parametrize("loss", ["germ", "exponential", Scaled(2, 2)], ids=str)
def test_a_wrong_field_off_the_equilibrium_is_found(loss):
    """In the function itself where it is written out, and in its letters where it is known by name."""
    result = analyse(Dirac(loss))
    claim = next(claim for claim in result.claims if claim.key == "A01")
    assert not list(general_faults(claim, result.game, result.model))
    wrong = replace(claim, field=lambda theta, psi, df: (-psi * df, 2 * theta * df))
    assert len(list(general_faults(wrong, result.game, result.model))) == 1


def test_what_several_parts_share_has_one_letter_as_a_symbol_and_in_the_literature():
    whole = assemble(Combination(penalties=("gp", "wgan-gp")))
    letters = declared_letters(whole.game, whole.operator)
    assert {"gamma_gp", "gamma_wgan_gp"} <= {*symbols(whole.game)} & {*letters}
    assert "gamma" not in letters
