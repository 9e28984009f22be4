"""Memory that the players never feel: its eigenvalues are told apart, and must lie inside all the same."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import pytest

from stabcheck import (
    EMA,
    OGDA,
    R1,
    Adam,
    Alternating,
    AltGD,
    Bilinear,
    Dirac,
    HeavyBall,
    Lookahead,
    MovingAnchor,
    Quadratic,
    RMSprop,
    SimGD,
    analyse,
)
from stabcheck.cli.app import run
from stabcheck.core.hyper import hyper
from stabcheck.declare.methods.method import Method
from stabcheck.judge.floating import FloatAnalysis
from stabcheck.judge.record import as_data
from tests.dealt import dealt
from tests.games import RandomGame
from tests.reference.methods import adam, rmsprop, simgd

HALF = Fraction(1, 2)


def radius(matrix):
    return max(abs(np.linalg.eigvals(matrix)))


def regularised(gamma):
    """The flow's Jacobian of the logistic Dirac-GAN under R1."""
    return np.array([[0, -0.5], [0.5, -gamma]])


@pytest.mark.parametrize(
    ("gamma", "h", "beta2", "epsilon"),
    [("1", "1/2", "99/100", "1/2"), ("1/4", "1/3", "999/1000", "1"), ("2", "1/10", "0", "1/5"),
     ("3/2", "1/7", "9/10", "3"), ("1/2", "2", "1/2", "5")],
)  # fmt: skip
def test_rmsprop_is_descent_to_the_players(gamma, h, beta2, epsilon):
    result = analyse(Dirac("gan") + R1(gamma), RMSprop(h, beta2, epsilon))
    step = np.eye(2) + float(Fraction(h) / Fraction(epsilon)) * regularised(float(Fraction(gamma)))
    assert result.spectral_radius == pytest.approx(radius(step), abs=1e-7)
    assert [(e.multiplicity, e.exact, e.place) for e in result.memory] == [(2, Fraction(beta2), "inside")]
    assert result.verdict == ("stable" if radius(step) < 1 else "unstable")


@pytest.mark.parametrize(
    ("beta1", "beta2", "h", "own"),
    [("9/10", "999/1000", "1/10", {"999/1000": 2}), ("0", "1/2", "1/5", {"1/2": 2, "0": 2}),
     ("1/2", "1/2", "1/3", {"1/2": 2})],
)  # fmt: skip
def test_adam_is_momentum_to_the_players(beta1, beta2, h, own):
    result = analyse(Dirac("gan") + R1(HALF), Adam(h, beta1, beta2, 1))
    b, step = float(Fraction(beta1)), float(Fraction(h))
    j, eye = regularised(0.5), np.eye(2)
    seen = np.block([[eye + step * (1 - b) * j, step * b * eye], [(1 - b) * j, b * eye]])
    assert result.spectral_radius == pytest.approx(radius(seen), abs=1e-7)
    # With beta1 = 0 the mean is written and not remembered.
    assert {str(e.exact): e.multiplicity for e in result.memory} == own
    assert sum(e.multiplicity for e in result.eigenvalues) == 6 - sum(own.values())


def test_the_whole_polynomial_stays_whole():
    game = RandomGame(Fraction(3, 8), 3)
    h, e = ("1/4", "1/8"), "1/2"
    result = analyse(game, RMSprop(h, "3/4", e))
    dims = game.dims
    whole = rmsprop(game.hessians(3 / 8), dims, [1 / 4, 1 / 8], 3 / 4, 1 / 4)
    coefficients = [float(c) for c in result.characteristic_polynomial.as_poly().all_coeffs()]
    assert np.allclose(coefficients, np.poly(whole))
    seen = simgd(game.hessians(3 / 8), dims, [1 / 2, 1 / 4])
    assert result.spectral_radius == pytest.approx(radius(seen))
    assert sum(e.multiplicity for e in result.memory) == sum(dims)
    whole = adam(game.hessians(3 / 8), dims, [1 / 4, 1 / 8], 0.25, 0.75, 0.25)
    result = analyse(game, Adam(h, "1/4", "3/4", e))
    assert result.spectral_radius == pytest.approx(radius(whole[: 2 * sum(dims), : 2 * sum(dims)]))


H = "1/5"
APART = [
    (RMSprop(H, "3/4", 1), 2, 2),
    (Adam(H, "1/2", "3/4", 1), 4, 2),
    (Lookahead(3, HALF, RMSprop(H, "3/4", 1)), 2, 2),
    (Alternating(Adam(H, "1/2", "3/4", 1)), 4, 2),
    (MovingAnchor("1/10", "1/10", RMSprop(H, "3/4", 1)), 4, 2),
    # The average is what ema is run for; what rmsprop remembers inside it is not.
    (EMA("3/4", RMSprop(H, "1/2", 1)), 4, 2),
    (Lookahead(2, HALF, EMA("3/4", SimGD(H))), 4, 0),
    (MovingAnchor("1/10", "1/10", EMA("3/4", HeavyBall(H, HALF))), 8, 0),
    (EMA("3/4", SimGD(H)), 4, 0),
    (OGDA(H), 4, 0),
    (HeavyBall(H, HALF), 4, 0),
    (AltGD(H), 2, 0),
]


@pytest.mark.parametrize(("method", "seen", "apart"), APART, ids=lambda m: getattr(m, "chain", m))
def test_what_is_apart_is_what_nothing_depends_on(method, seen, apart):
    result = analyse(Dirac("gan") + R1(1), method)
    assert sum(e.multiplicity for e in result.eigenvalues) == seen
    assert sum(e.multiplicity for e in result.memory) == apart
    degrees = [f.degree * f.multiplicity for f in result.factors]
    assert sum(degrees) == seen + apart
    assert sum(f.degree * f.multiplicity for f in result.memory_factors) == apart
    assert len(result.memory_form) == (1 if apart else 0)


def test_without_momentum_the_point_before_is_not_felt():
    general = analyse(Dirac("gan") + R1(1), HeavyBall(H, "beta"))
    assert general.memory_factors == ()
    here = general.at(beta=0)
    assert [(e.exact, e.multiplicity) for e in here.memory] == [(0, 2)]
    assert here.spectral_radius == analyse(Dirac("gan") + R1(1), SimGD(H)).spectral_radius


class Counted(NamedTuple):
    x: Any
    total: Any


@dataclass(frozen=True)
class Counting(Method):
    """`x+ = x + h v(x)` and `total+ = keep total + x`, which is never used."""

    h: Any = hyper("h")
    keep: Any = hyper("b", domain="real", help="weight of the past gradient", per_player=True)

    def init(self, o, x):
        return Counted(x, x - x)

    def step(self, o, state):
        return Counted(state.x + o.scale(self.h, o.v(state.x)), self.keep * state.total + state.x)


@pytest.mark.parametrize(
    ("keep", "word", "said"),
    [("1", "neutral", "lies on the unit circle"), ("-1", "neutral", "lies on the unit circle"),
     ("2", "unstable", "lies beyond the unit circle"), ("-101/100", "unstable", "beyond"),
     ("1/2", "stable", ""), ("-99/100", "stable", "")],
)  # fmt: skip
def test_memory_that_does_not_settle_is_said(keep, word, said):
    result = analyse(Dirac("gan") + R1(1), Counting("1/2", keep))
    assert result.spectral_radius == pytest.approx(0.75)
    assert (result.verdict, result.finding.classification.split(",")[0]) == (word, "stable node")
    assert said in result.finding.reason
    assert ("memory" in result.finding.reason) == (word != "stable")
    open_one = analyse(Dirac("gan") + R1(1), Counting("h", keep)).at(h="1/2")
    assert open_one.verdict == word


def test_of_two_bad_words_the_worse_is_said():
    diverging = analyse(Bilinear(1), Counting("1/2", "1"))
    assert diverging.verdict == "unstable"
    assert "every eigenvalue lies outside" in diverging.finding.reason
    assert "on the unit circle" in diverging.finding.reason


def test_with_open_names_stability_asks_for_memory_too():
    result = analyse(Dirac("gan") + R1(1), Counting("1/2", "b"))
    assert {str(c) for c in result.conditions_here} == {"1 - b", "b + 1"}
    assert result.verdict == "depends"


def test_every_view_tells_memory_apart(capsys):
    given = ["eigen", "--reg", "gp", "--gamma", "1", "--method", "rmsprop", "--h", "1/2", "--no-verify",
             "--epsilon", "1/2", "--beta2", "99/100"]  # fmt: skip
    assert run(given) == 0
    text = capsys.readouterr().out
    assert "radius        0.5 " in text
    assert "memory        99/100 = 0.99   (double, modulus 0.99, not felt by the players)" in text
    assert "memory        beta2   (double, not felt by the players)" in text
    assert run([*given, "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["memory"] == [{"exact": "99/100", "value": {"re": 0.99, "im": 0.0}, "multiplicity": 2,
                               "place": "inside", "modulus": 0.99}]  # fmt: skip
    assert [e["formula"] for e in data["memory_closed_form"]] == ["beta2"]
    assert data["spectral_radius"] == 0.5
    assert run([*given, "--format", "markdown"]) == 0
    assert "| 0.99 | double, not felt by the players |" in capsys.readouterr().out
    assert run(["derive", *given[1:-7], "--h", "1/2", "--epsilon", "1/2", "--beta2", "99/100"]) == 0
    assert "of memory that the players do not feel" in capsys.readouterr().out
    plain = as_data(analyse(Dirac("gan") + R1(1), SimGD("1/2")))
    assert (plain["memory"], plain["memory_closed_form"]) == ([], [])


def test_in_floating_point_memory_is_apart_too():
    result = FloatAnalysis(Quadratic(1, 1, 1), RMSprop("1/2", "99/100", "2"))
    assert np.allclose(result.memory, 0.99)
    assert np.allclose(sorted(abs(result.eigenvalues)), sorted(abs(analyse(
        Quadratic(1, 1, 1), SimGD("1/4")).eigenvalues[k].value) for k in range(2)))  # fmt: skip
    assert "not felt by the players" in str(result)


# At rest and in training


WORDS = ["--reg", "gp", "--gamma", "1", "--method", "adam", "--h", "1/1000", "--epsilon", "1e-8"]
ASKED = ["eigen", *WORDS, "--no-verify"]
VIEWS = [
    [*ASKED, "--format", "text"],
    [*ASKED, "--format", "markdown"],
    [*ASKED, "--format", "json"],
    ["latex", "--proof", *WORDS],
]


@pytest.mark.parametrize("words", dealt(map(pytest.param, VIEWS), 3), ids=lambda words: " ".join(words[-2:]))
def test_what_is_lost_at_rest_is_said_in_every_view(capsys, words):
    assert run(words) == 0
    assert "at rest the adaptation is lost" in " ".join(capsys.readouterr().out.split())


def test_what_is_not_lost_is_not_said(capsys):
    assert run([*ASKED, "--v", "1/100"]) == 0
    assert "lost" not in capsys.readouterr().out
    assert run(["eigen", "--method", "lookahead:rmsprop", "--no-verify"]) == 0
    assert "the adaptation is lost" in " ".join(capsys.readouterr().out.split())
    assert run(["eigen", "--method", "heavy-ball", "--no-verify"]) == 0
    assert "caveat" not in capsys.readouterr().out


@pytest.mark.parametrize("beta1", ["0", "1/2"])
def test_a_second_moment_takes_the_place_of_epsilon(beta1):
    """With `v = 3/100` and `epsilon = 1/10` the root is 1/5, as with `epsilon = 1/5` alone."""
    game = Dirac("gan") + R1("gamma")
    noisy = analyse(game, Adam("h", "beta1", "beta2", "epsilon", v="v"))
    plain = analyse(game, Adam("h", "beta1", "beta2", "epsilon"))
    values = {"gamma": 1, "h": "1/8", "beta1": beta1, "beta2": "7/8"}
    one, other = noisy.at(**values, epsilon="1/10", v="3/100"), plain.at(**values, epsilon="1/5")
    assert [e.exact for e in one.eigenvalues] == [e.exact for e in other.eigenvalues]
    assert one.verdict == other.verdict == "stable"
    assert one.verify().status == "agrees"


def test_an_irrational_step_at_a_double_eigenvalue():
    """At gamma = 2 f'(0) the flow's eigenvalue is double, and the quartic is a square over Q(sqrt(2))."""
    game = Dirac("gan") + R1("gamma")
    result = analyse(game, Adam("h", "beta1", "beta2", "epsilon", v="v"))
    here = result.at(gamma=1, h="1/8", beta1="1/2", beta2="7/8", epsilon="1/10", v="1/100")
    root, mu = np.sqrt(2) / 10, -1 / 2
    # (z - 1)(z - beta1) = h mu (1 - beta1) z/root, twice.
    by_hand = np.roots([1, -3 / 2 - mu / 8 / 2 / root, 1 / 2])
    assert [e.multiplicity for e in here.eigenvalues] == [2, 2]
    assert sorted(e.value.real for e in here.eigenvalues) == pytest.approx(sorted(by_hand.real))
    assert here.verdict == "stable"
