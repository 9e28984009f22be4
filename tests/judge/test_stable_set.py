"""Where it is stable, as one object: what is left out follows, and the exact verdicts agree."""

from __future__ import annotations

import json
import random
from fractions import Fraction

import pytest

from stabcheck import R1, AltGD, Dirac, Extragradient, Implicit, Nesterov, SimGD, WganGP, analyse
from stabcheck.core.errors import BadInput
from stabcheck.core.frozen import Frozen
from stabcheck.core.verdict import Verdict
from stabcheck.judge.boxes import Box
from stabcheck.judge.solver import Z3
from stabcheck.judge.stable_set import stable_set
from stabcheck.report.stable_set import sentence
from tests.games import RandomGame

PENALISED = Dirac() + R1("gamma")


@pytest.mark.parametrize(
    "general", [analyse(PENALISED, Extragradient("h")), analyse(RandomGame(1), SimGD("h"))]
)
def test_all_that_is_left_holds_exactly_where_it_is_stable(general):
    stable, rng = stable_set(general, Z3()), random.Random(1)
    for _ in range(12):
        values = {n: row.domain.draw(rng) for n, row in general.names.items()}
        held = stable.pruned.region.contains(**values)
        assert held is (general.at(**values).verdict is Verdict.STABLE)
        assert not held or all(
            e.subs({s: values[s.name] for s in e.free_symbols}) > 0 for e in stable.implied
        )


def test_it_says_first_what_holds():
    assert (
        sentence(stable_set(analyse(PENALISED, SimGD("h")), Z3()))
        == "It is stable exactly where 2 conditions hold."
    )
    follows = sentence(stable_set(analyse(PENALISED, Extragradient("h")), Z3()))
    assert follows == "It is stable exactly where 2 conditions hold; another one follows (proved by z3)."
    never = sentence(stable_set(analyse(Dirac(), Nesterov("h", "beta")), Z3()))
    assert never == "It is stable nowhere: the conditions exclude each other (proved by z3)."
    assert sentence(stable_set(analyse(PENALISED, Implicit("h")), Z3())) == "It is stable at all values."


def test_a_box_is_certified_beside():
    box = Box(Frozen({"gamma": (Fraction(1), Fraction(2)), "h": (Fraction(1, 4), Fraction(1, 2))}))
    data = stable_set(analyse(PENALISED, AltGD("h")), Z3(), box).to_dict()
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    assert data["box"]["stable"] == {"share": 1.0, "boxes": [{"gamma": ["1", "2"], "h": ["1/4", "1/2"]}]}
    assert [piece["kinds"] for piece in data["pieces"]] == [["flip"], ["circle"]]


def test_without_conditions_the_reason_is_said():
    with pytest.raises(BadInput, match="no conditions of stability are known"):
        stable_set(analyse(Dirac() + WganGP(1), SimGD("h")), Z3())
