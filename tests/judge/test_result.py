"""Results of every kind: one protocol, general and particular apart, verdicts with what they rest on."""

from __future__ import annotations

import json
import pickle
from dataclasses import dataclass
from typing import Any, ClassVar

import jax.numpy as jnp
import pytest
import sympy as sp

from stabcheck import OGDA, R1, AltGD, Bilinear, Dirac, Flow, Game, Implicit, Quadratic, SimGD, analyse
from stabcheck.core import doors
from stabcheck.core.verdict import Evidence, Rate, Verdict
from stabcheck.judge import general as room
from stabcheck.judge.floating import FloatAnalysis
from stabcheck.judge.result import Result
from tests.games import RandomGame


@dataclass(frozen=True)
class Jaxy(Game):
    """`L_1 = x y + x^2/2`, `L_2 = -x y + y^2/2`, by `jnp`."""

    symbolic: ClassVar[bool] = False
    dims = (1, 1)

    def equilibrium(self, xp: Any, *t: Any) -> Any:
        return jnp.zeros(1), jnp.zeros(1)

    def losses(self, xp: Any, *x: Any) -> Any:
        (a,), (b,) = x
        return a * b + a * a / 2, -a * b + b * b / 2


EXACT = analyse(Dirac() + R1("gamma"), AltGD("h"))
FLOATS = analyse(Jaxy(), SimGD("h")).at(h="1/2")


@pytest.mark.parametrize("result", [EXACT.at(gamma=1, h="1/10"), FLOATS], ids=["exact", "floats"])
def test_every_result_answers_the_same_questions(result):
    assert isinstance(result, Result)
    assert result.finding.verdict is result.verdict is Verdict.STABLE
    assert result.finding.reason
    assert result.verify().status in ("agrees", "skipped")
    assert json.loads(json.dumps(result.to_dict()))["verdict"] == "stable"
    assert "\\begin" in result.to_latex()
    assert result._repr_latex_().startswith("$")
    assert result._repr_html_().startswith("<table>")
    assert repr(result).startswith(f"<{type(result).__name__} ")
    assert "verdict" in str(result)
    for name in ("conditions", "closed_form", "update_matrix", "characteristic_polynomial"):
        assert (getattr(result, name) is None) == isinstance(result, FloatAnalysis)


def test_a_result_in_floats_says_what_it_lacks():
    found = FLOATS.verify()
    assert (found.status, found.witnesses) == ("skipped", ("numeric",))
    assert "the only witness" in found.reason
    assert FLOATS.finding.evidence is Evidence.FLOAT
    assert (FLOATS.claims, FLOATS.vector_field) == ((), ())
    assert r"M \approx \begin{pmatrix} 0.5 & -0.5 \\ 0.5 & 0.5 \end{pmatrix}" in FLOATS.to_latex()
    open_one = analyse(Jaxy(), SimGD("h"))
    assert "give" in repr(open_one) or "h" in repr(open_one)


@pytest.mark.parametrize("game", [Dirac() + R1("gamma"), RandomGame("gamma")], ids=["dirac", "random"])
def test_what_is_general_is_derived_once(game, monkeypatch):
    asked = []

    def counted(model, operator, *values):
        asked.append(operator)
        return linearised(model, operator, *values)

    linearised = room.linearised
    monkeypatch.setattr(room, "linearised", counted)
    result = analyse(game, OGDA("h"))
    assert len(asked) == 1
    there = [result.at(gamma=1, h=f"1/{k}") for k in range(2, 6)]
    assert all(here.verdict for here in there)
    assert all(here.characteristic_polynomial is there[0].characteristic_polynomial for here in there)
    assert len(asked) == 1
    assert all(here.general is result.general for here in there)
    assert there[0].at(h="1/7").general is result.general


def test_general_conditions_are_derived_once_for_all_values():
    result = analyse(Dirac() + R1("gamma"), OGDA("h"))
    one, other = (result.at(**values).general.conditions(0) for values in ({"gamma": 1}, {"h": "1/9"}))
    assert one is other
    assert pickle.loads(pickle.dumps(result)).conditions == result.conditions  # noqa: S301 (our own bytes)


def test_a_result_is_what_it_is_of():
    here = EXACT.at(gamma=1, h="1/10")
    assert here == analyse(Dirac() + R1("gamma"), AltGD("h"), gamma=1, h="1/10")
    assert here != EXACT.at(gamma=1, h="1/9")
    again = pickle.loads(pickle.dumps(here))  # noqa: S301 (our own bytes)
    assert again == here
    assert again.spectral_radius == here.spectral_radius


CLAIMED = [
    (EXACT, "depends", Evidence.PROVED, None),
    (analyse(Bilinear("alpha"), Implicit("h")), "stable", Evidence.PROVED, Rate.EXPONENTIAL),
    (EXACT.at(gamma=1, h="1/10"), "stable", Evidence.EXACT, Rate.EXPONENTIAL),
    (EXACT.at(gamma=1, h=100), "unstable", Evidence.EXACT, Rate.NONE),
    (analyse(Dirac() + R1(1), Flow()).at(), "stable", Evidence.EXACT, Rate.EXPONENTIAL),
    (analyse(Dirac() + R1("gamma")).at(gamma=sp.pi), "stable", Evidence.BALLS, Rate.EXPONENTIAL),
    (analyse(Dirac("nsgan")), "neutral", Evidence.EXACT, None),
    (analyse(Dirac("wgan")).at(), "neutral", Evidence.EXACT, Rate.NONE),
    (analyse(Quadratic(0, 1, 0), SimGD(1)), "unstable", Evidence.EXACT, Rate.NONE),
    (FLOATS, "stable", Evidence.FLOAT, Rate.EXPONENTIAL),
    (FLOATS.at(h=1), "undecided", None, None),
]


@pytest.mark.parametrize(("result", "word", "evidence", "rate"), CLAIMED)
def test_a_verdict_says_what_it_rests_on(result, word, evidence, rate):
    found = result.finding
    assert (found.verdict, found.evidence, found.rate) == (word, evidence, rate)
    assert isinstance(found.verdict, Verdict)


def test_a_verdict_is_its_word():
    assert f"{Verdict.STABLE}" == Verdict.STABLE == json.loads(json.dumps(Verdict.STABLE)) == "stable"
    assert [word.value for word in Verdict] == [*map(str, Verdict)]


def test_the_door_knows_results_alone():
    for view in ("line", "text", "html", "maths", "latex", "data", "derivation"):
        with pytest.raises(TypeError, match="a int has no such view"):
            doors.shown(1, view)
    with pytest.raises(TypeError, match="no witnesses for a int"):
        doors.verified(1, points=1, seed=0)
