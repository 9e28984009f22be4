"""Losses, games and methods of one's own against the literature: it speaks of what they are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import pytest
import sympy as sp

from stabcheck import (
    R1,
    AltGD,
    Dirac,
    Flow,
    Gaussian,
    Germ,
    HeavyBall,
    Hinge,
    LeastSquares01,
    Logistic,
    Loss,
    Relativistic,
    SimGD,
    WeightDecay,
    analyse,
)
from stabcheck.core.hyper import POSITIVE, hyper
from stabcheck.declare.losses.loss import GeneralSum, Opposed, ZeroSum
from stabcheck.judge.resting import linearised
from stabcheck.literature.condition import APART, FELT_ALIKE, conjunction
from stabcheck.symbolic import facts
from stabcheck.symbolic.facts import facts_of
from stabcheck.symbolic.slopes import slopes
from stabcheck.symbolic.update import Point
from stabcheck.verify.claims import faults


@dataclass(frozen=True)
class Pair(Loss):
    """`L_D = D(x) - D(G) + bend/4 (D(G)^2 + D(x)^2)`, `L_G = slope D(G)`: f'(0) = 1."""

    slope: Any = 1
    bend: Any = 1

    def critic(self, xp, real, fake):
        return real - fake + self.bend * (fake * fake + real * real) / 4

    def generator(self, xp, real, fake):
        return self.slope * fake


class Softplus(Opposed):
    def on_real(self, xp, value):
        return xp.softplus(value)

    def on_fake(self, xp, value):
        return xp.softplus(-value)


class Uneven(GeneralSum):
    """A critic with slope 2 on both sides, and a generator with slope 3."""

    def on_real(self, xp, value):
        return 2 * value + value * value

    def on_fake(self, xp, value):
        return xp.exp(-2 * value)

    def made(self, xp, value):
        return 3 * value


@dataclass(frozen=True)
class Strength(Loss):
    """Linear, with a strength of its own."""

    s: Any = hyper("s", domain=POSITIVE, help="strength")

    def critic(self, xp, real, fake):
        return self.s * (real - fake)

    def generator(self, xp, real, fake):
        return self.s * fake


class Product(Loss):
    """A critic that multiplies its values: not apart."""

    def critic(self, xp, real, fake):
        return real - fake + 3 * real * fake

    def generator(self, xp, real, fake):
        return fake + real * real


class Tilted(ZeroSum):
    """An `f` of its own, known by its germ."""

    def f(self, xp, t):
        return t - t * t + xp.tanh(t)


class Renamed(Logistic):
    """Inherits a name of the registry and is another loss."""

    def f(self, xp, t):
        return 3 * t - t * t


class Flat(Loss):
    """The players do not feel each other."""

    def critic(self, xp, real, fake):
        return real * real + fake * fake

    def generator(self, xp, real, fake):
        return fake * fake


class Kinked(Loss):
    def critic(self, xp, real, fake):
        return real - fake + xp.abs(fake, "|D|")

    def generator(self, xp, real, fake):
        return fake


class OfMeans(Loss):
    """A function of a mean, which single samples do not give."""

    def critic(self, xp, real, fake):
        return real - fake

    def generator(self, xp, real, fake):
        return fake

    def mean_critic(self, xp, real, fake):
        mean = fake(lambda b: b)
        return real(lambda a: a) - mean + mean * mean


SLOPES = [
    (Pair(), (1, -0.5, -0.5, 0, 1)),
    (Pair(slope=3, bend=0), (1, 0, 0, 0, 3)),
    (Softplus(), (0.5, -0.25, -0.25, 0, 0.5)),
    (Uneven(), (2, -4, -2, 0, 3)),
    (Product(), (1, 0, 0, 3, 1)),
    (Flat(), (0, -2, -2, 0, 0)),
    (LeastSquares01(), (0, -1, -1, 0, 1)),
]  # fmt: skip


def holds(computed, *conditions):
    return conjunction(condition.holds(computed.letters) for condition in conditions)


@pytest.mark.parametrize(("loss", "numbers"), SLOPES, ids=lambda v: type(v).__name__)
def test_slopes_are_the_derivatives_at_zero(loss, numbers):
    at_zero = slopes(loss)
    got = (at_zero.f1, at_zero.f2, at_zero.r2, at_zero.mixed, at_zero.made)
    assert [float(e) for e in got] == list(numbers)
    assert holds(at_zero, *FELT_ALIKE) == (numbers[0] == numbers[4] != 0)
    assert holds(at_zero, APART) == (numbers[3] == 0)


def test_slopes_of_germs_are_their_symbols():
    for loss in (Germ(), Tilted(), Logistic(), Hinge()):
        at_zero = slopes(loss)
        assert (str(at_zero.f1), str(at_zero.f2), str(at_zero.r2)) == ("f1", "f2", "f2")
        assert holds(at_zero, *FELT_ALIKE, APART)
    assert holds(slopes(Relativistic()), APART) is not True
    assert holds(slopes(Strength("s")), *FELT_ALIKE)


@pytest.mark.parametrize("loss", [Kinked(), OfMeans()])
def test_some_losses_have_no_slopes(loss):
    assert slopes(loss) is None


COUPLED = [Pair(), Softplus(), Strength("s"), Product(), Tilted(), Renamed(), Pair(1, 2)]
SILENT = [Pair(slope=3), Uneven(), Flat(), OfMeans(), Pair(slope=-1), Pair(slope=Fraction(101, 100))]
OPERATORS = [Flow(), SimGD("1/5"), AltGD("1/5"), HeavyBall("1/5", "1/3")]


def _claims_and_faults(game, operator):
    result = analyse(game, operator)
    values = {name: sp.Rational(3, 2) for name in result.names}
    point = Point.of(linearised(result.model, operator, {**result.model.germ_values(values), **values}))
    for claim in result.claims:
        yield claim, list(faults(claim, facts_of(game, operator), point, result.model))


@pytest.mark.parametrize("loss", COUPLED, ids=lambda v: type(v).__name__)
@pytest.mark.parametrize("operator", OPERATORS, ids=lambda v: v.name)
def test_the_literature_speaks_of_a_loss_by_its_slopes(loss, operator):
    spoken = [
        (claim.key, computed)
        for game in (Dirac(loss) + R1(2), Dirac(loss) + WeightDecay(1))
        for claim, computed in _claims_and_faults(game, operator)
    ]
    # A critic that compares samples is none of those that the statements on blocks are about.
    assert bool(spoken) or isinstance(loss, Product)
    assert all(not computed for _, computed in spoken)


@pytest.mark.parametrize("loss", SILENT, ids=repr)
def test_the_literature_is_silent_on_a_loss_that_it_does_not_cover(loss):
    for game in (Dirac(loss), Dirac(loss) + R1(2)):
        for operator in OPERATORS:
            assert analyse(game, operator).claims == ()


def test_a_loss_of_ones_own_is_verified():
    verification = analyse(Dirac(Pair()) + R1("gamma"), SimGD("h")).verify(points=2)
    assert verification.status == "agrees"
    assert "literature" in verification.witnesses
    uneven = analyse(Dirac(Uneven()) + R1("gamma"), SimGD("h")).verify(points=2)
    assert (uneven.status, uneven.witnesses) == ("agrees", ("symbolic", "numeric"))


def test_a_wrong_slope_would_be_seen(monkeypatch):
    """The statements compare with the letters of this loss, and can fail."""
    game = Dirac(Pair()) + R1(2)
    real = slopes(Pair())
    wrong = replace(real, f1=real.f1 * 2, made=real.made * 2)
    monkeypatch.setattr(facts, "slopes", lambda _: wrong)
    assert any(computed for _, computed in _claims_and_faults(game, SimGD("1/5")))


@dataclass(frozen=True)
class Bent(Dirac):
    """Inherits a name of the registry, with another discriminator."""

    def discriminator(self, xp, psi, x):
        return 3 * (psi @ x)


@dataclass(frozen=True)
class Twice(SimGD):
    def step(self, o, state):
        return type(state)(state.x + 2 * o.scale(self.h, o.v(state.x)))


@dataclass(frozen=True)
class Half(R1):
    def losses(self, xp, game, losses):
        return super().losses(xp, game, lambda *x: tuple(2 * loss for loss in losses(*x)))


@pytest.mark.parametrize(
    "result",
    [
        analyse(Bent("gan") + R1(1)),
        analyse(Bent("gan") + R1(1), SimGD("1/5")),
        analyse(Dirac("gan"), Twice("1/5")),
        analyse(Dirac("gan") + Half(1)),
        analyse(Gaussian("gan") + Half(1), SimGD("1/5")),
    ],
    ids=repr,
)
def test_an_inherited_name_is_no_reason_for_a_claim(result):
    assert result.claims == ()


def test_what_it_is_to_second_order_is():
    """Another discriminator, another coupling; a pair that turns as any other does."""
    result = analyse(Bent("gan"), AltGD("1/5"))
    assert ["(3*f'(0))" in claim.text for claim in result.claims] == [True]
    assert result.verify(points=2).status == "agrees"
