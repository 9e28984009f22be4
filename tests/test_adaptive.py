"""Adaptive steps at rest: at the second moment that noise leaves, and what the answer says of it."""

from __future__ import annotations

import json
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

from stabcheck import EMA, R1, Adam, Dirac, RMSprop, SimGD, analyse
from stabcheck.claimed import relevant
from stabcheck.cli.app import run
from stabcheck.errors import BadInput, Undecidable
from stabcheck.symbolic.dual import Dual, filled, ring, zeros
from stabcheck.symbolic.jet import Jet
from tests import reference as r
from tests.games import RandomGame

GAMMA = 3 / 8


def radius(matrix):
    return max(abs(np.linalg.eigvals(matrix)))


def number(text):
    return float(Fraction(text))


VALUES = [
    # h, epsilon, v, gamma
    ("1/1000", "1e-8", "1/100", "1"),
    ("1/1000", "1e-8", "0", "1"),
    ("1/5", "1/2", "0", "1/2"),
    ("1/5", "3/10", "4/25", "2"),
    ("1/2", "1", "1", "1"),
    ("1/7", "1/3", "2/3", "1/10"),
    ("3", "1/100", "9", "3/2"),
    ("1/10", "1e-8", "1e-6", "1"),
]


@pytest.mark.parametrize(("h", "epsilon", "v", "gamma"), VALUES)
def test_the_step_is_divided_by_the_root_of_v_and_epsilon(h, epsilon, v, gamma):
    result = analyse(Dirac("gan") + R1(gamma), RMSprop(h, "1/2", epsilon, v=v))
    step = number(h) / np.sqrt(number(v) + number(epsilon) ** 2)
    expected = np.eye(2) + step * np.array([[0, -0.5], [0.5, -number(gamma)]])
    # The eigenvalue is double at gamma = 1, where LAPACK is right to half the digits.
    assert result.spectral_radius == pytest.approx(radius(expected), rel=1e-6)
    assert result.verdict == ("stable" if radius(expected) < 1 else "unstable")
    assert [(e.exact, e.multiplicity) for e in result.memory] == [(Fraction(1, 2), 2)]


@pytest.mark.parametrize("seed", [1, 4])
def test_on_a_game_without_symmetry(seed):
    game, v, epsilon = RandomGame(Fraction(3, 8), seed), ("1/4", "0"), "3/10"
    h, root = np.array([1 / 8, 1 / 16]), np.sqrt([0.25 + 0.09, 0.09])
    hessians, dims = game.hessians(GAMMA), game.dims
    found = analyse(game, Adam(("1/8", "1/16"), "1/2", "3/4", epsilon, v=v))
    whole = np.array(found._here.matrix.evalf().tolist(), dtype=float)
    np.testing.assert_allclose(whole, r.adam(hessians, dims, h / root, 1 / 2, 3 / 4, 1.0), atol=1e-12)
    found = analyse(game, RMSprop(("1/8", "1/16"), "3/4", epsilon, v=v))
    assert found.spectral_radius == pytest.approx(radius(r.simgd(hessians, dims, h / root)))


def test_the_full_step_agrees_and_no_claim_is_stretched_to_noise():
    result = analyse(Dirac("gan") + R1("gamma"), Adam("h", "beta1", "beta2", "epsilon", v="v"))
    result = result.at(gamma=1, h="1/10", beta1="1/2", beta2="3/4", epsilon="1/5", v="1/3")
    seen = result.verify(points=2)
    assert (seen.status, seen.witnesses) == ("agrees", ("symbolic", "numeric"))
    assert relevant(result.game, Adam("h", "beta1", "beta2", "epsilon"))
    assert relevant(result.game, Adam("h", "beta1", "beta2", "epsilon", v=0))
    assert not relevant(result.game, Adam("h", "beta1", "beta2", "epsilon", v="1/3"))
    assert not relevant(result.game, RMSprop("h", "beta2", "epsilon", v=(0, 1)))


def test_without_noise_nothing_changes():
    plain = analyse(Dirac("gan") + R1("gamma"), RMSprop("h", "beta2", "epsilon"))
    given = analyse(Dirac("gan") + R1("gamma"), RMSprop("h", "beta2", "epsilon", v=0))
    assert plain.characteristic_polynomial == given.characteristic_polynomial
    # A root of symbols has no place in a field of fractions: numbers only, and it says so.
    noisy = analyse(Dirac("gan") + R1("gamma"), RMSprop("h", "beta2", "epsilon", v="v"))
    assert noisy.without_formulas == "the step takes the root of epsilon^2 + v; give values for a verdict"
    assert noisy.verdict == "undecided"
    assert noisy.at(gamma=1, h=1, beta2=0, epsilon=1, v=3).spectral_radius == pytest.approx(0.75)


def test_two_roots_of_symbols_are_refused_and_rational_ones_are_not():
    model = analyse(Dirac("gan")).model
    jet = Jet(model)
    entries = [1 + sp.Symbol(name, positive=True) for name in ("gamma", "eta")]
    domain = ring(entries)
    with pytest.raises(Undecidable, match="the step takes the root of"):
        jet.sqrt(Dual(filled(domain, entries, 2, 1), zeros(2, 0, domain)))
    domain = ring([4, 9])
    assert jet.sqrt(Dual(filled(domain, [4, 9], 2, 1), zeros(2, 0, domain))).value.to_list_flat() == [2, 3]


GIVEN = ["--reg", "gp", "--gamma", "1", "--h", "1/1000", "--epsilon", "1e-8", "--beta2", "999/1000"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            ["--method", "rmsprop"],
            "rmsprop: at rest no gradient is left to adapt to, and the step is h/epsilon",
        ),
        (["--method", "adam", "--beta1", "9/10"], "adam: at rest no gradient is left"),
        (["--method", "rmsprop", "--v", "1/100"], "rmsprop: the second moment is held at v"),
        (["--method", "rmsprop", "--v-g", "0", "--v-d", "0"], "rmsprop: the second moment is held at v"),
        (["--method", "lookahead:rmsprop", "--alpha", "1/2"], "rmsprop: at rest no gradient is left"),
    ],
)
def test_the_answer_says_what_is_lost_at_rest(more, said, capsys):
    assert run(["eigen", *GIVEN, *more, "--no-verify"]) == 0
    assert f"note          {said}"[:60] in capsys.readouterr().out
    assert run(["eigen", *GIVEN, *more, "--no-verify", "--format", "json"]) == 0
    (remark,) = json.loads(capsys.readouterr().out)["remarks"]
    assert remark.startswith(said)


def test_the_note_is_in_every_view_and_with_no_other_method(capsys):
    for command in (["eigen", "--no-verify", "--format", "markdown"], ["derive"]):
        assert run([*command, *GIVEN, "--method", "rmsprop"]) == 0
        assert "Note: rmsprop: at rest" in capsys.readouterr().out
    assert "at rest no gradient is left" in analyse(Dirac("gan"), RMSprop(1, 0, 1))._repr_html_()
    assert EMA("1/2", SimGD(1)).remark == SimGD(1).remark == ""
    assert "note" not in str(analyse(Dirac("gan"), SimGD(1)))


def test_a_second_moment_is_not_negative():
    with pytest.raises(BadInput, match=r"v must be a number >= 0, not -1"):
        RMSprop(1, 0, 1, v=-1)
