"""Records: every kind of result as plain data, from which its views are written without it."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

import pytest

from stabcheck import R1, AltGD, Bilinear, Dirac, DiracSquare, Game, SimGD, WganGP, analyse
from stabcheck.core.errors import BadInput, NotApplicable
from stabcheck.judge.record import Record, as_data, recorded
from stabcheck.report.derivation import compact
from stabcheck.report.markdown import page


@dataclass(frozen=True)
class InJax(Game):
    """`x^2/2 + x y` against `y^2/2 - x y`, of which SymPy reads nothing."""

    symbolic = False
    dims = (1, 1)

    def equilibrium(self, xp, *t):
        return xp.zeros(1), xp.zeros(1)

    def losses(self, xp, *x):
        p, q = x
        return p @ p / 2 + p @ q, q @ q / 2 - p @ q


GENERAL = analyse(Dirac() + R1("gamma"), AltGD("h"))
RESULTS = {
    "general": GENERAL,
    "here": GENERAL.at(gamma=1, h="1/10"),
    "manifold": analyse(DiracSquare("wgan")).at(t=1),
    "not differentiable": analyse(Dirac() + WganGP(1)),
    "float": analyse(InJax(), SimGD("1/5")),
    "refusal": NotApplicable("wgan-gp needs a GAN, a game with a discriminator; Bilinear is none"),
}


@pytest.mark.parametrize("kind", RESULTS)
def test_views_are_written_from_the_record_that_json_gives_back(kind):
    record = recorded(RESULTS[kind])
    again = Record.of_dict(json.loads(json.dumps(record.to_dict(), allow_nan=False)))
    assert again == record
    assert (page(again), compact(again)) == (page(record), compact(record))
    assert record.reason.split(";")[0] in compact(again).replace("&#x27;", "'").replace("&gt;", ">")


def test_a_verification_is_part_of_it():
    result = RESULTS["here"]
    verification = result.verify(points=1)
    record = recorded(result, verification)
    assert Record.of_dict(json.loads(json.dumps(record.to_dict()))).verification == verification
    assert recorded(result).verification is None
    assert "Verification: agrees" in page(record)
    assert record.data == as_data(result, verification)


def test_the_record_says_what_the_verdict_rests_on():
    found = {kind: (r.kind, r.evidence, r.rate) for kind, r in ((k, recorded(v)) for k, v in RESULTS.items())}
    assert found["here"] == ("exact", "exact", "exponential")
    assert found["float"] == ("float", "float", "exponential")
    assert found["refusal"] == ("refusal", None, None)


def test_formulas_are_there_once_in_text_and_once_in_tex():
    record = recorded(GENERAL)
    steps = {step.title: step for step in record.steps}
    assert steps["eigenvalues"].general
    assert r"\gamma" in steps["eigenvalues"].lines[0][0]
    assert steps["eigenvalues"].display in page(record)
    assert all(step.display == "" for step in record.steps if not step.general)


def test_another_version_is_no_record():
    data = recorded(RESULTS["here"]).to_dict()
    with pytest.raises(BadInput, match="no record of version 1"):
        Record.of_dict({**data, "schema": 2})
    assert replace(Record.of_dict(data), title="other") != Record.of_dict(data)


def test_what_is_no_result_has_no_record():
    with pytest.raises(TypeError, match="a Bilinear has no record"):
        recorded(Bilinear())
