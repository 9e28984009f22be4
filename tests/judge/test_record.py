"""Records: every kind of result as plain data, from which its views are written without it."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from fractions import Fraction

import pytest

from stabcheck import R1, AltGD, Bilinear, Dirac, DiracSquare, Game, SimGD, WganGP, analyse
from stabcheck.cli.app import run
from stabcheck.core.errors import BadInput, NotApplicable
from stabcheck.core.stability import DISC
from stabcheck.declare.question import Question
from stabcheck.judge.analyse import answered
from stabcheck.judge.outlining import outlined
from stabcheck.judge.record import Record, as_data, recorded
from stabcheck.judge.summary import question, rational
from stabcheck.report import floats
from stabcheck.report.derivation import compact
from stabcheck.report.markdown import page
from stabcheck.report.pictures.picture import caption
from stabcheck.report.pictures.spectrum import spectrum
from stabcheck.study.compare import compare
from stabcheck.study.row import Row, derived
from tests.test_cases import CASES


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
    "half open": GENERAL.at(gamma=1),
    "here": GENERAL.at(gamma=1, h="1/10"),
    "undecided": analyse(Dirac() + R1("gamma")).at(gamma=0),
    "manifold": analyse(DiracSquare("wgan")).at(t=1),
    "not differentiable": analyse(Dirac() + WganGP(1)),
    "float": analyse(InJax(), SimGD("1/5")),
    "refusal": NotApplicable("wgan-gp needs a GAN, a game with a discriminator; Bilinear is none"),
}


RECORDS = {kind: recorded(result) for kind, result in RESULTS.items()}


def read_back(record):
    return Record.of_dict(json.loads(json.dumps(record.to_dict(), allow_nan=False)))


@pytest.mark.parametrize("kind", RESULTS)
def test_views_are_written_from_the_record_that_json_gives_back(kind):
    record = RECORDS[kind]
    again = read_back(record)
    assert again == record
    assert (page(again), compact(again)) == (page(record), compact(record))
    assert record.outline.reason.split(";")[0] in compact(again).replace("&#x27;", "'").replace("&gt;", ">")


def test_the_text_of_a_game_in_floats_is_written_from_its_record():
    text = floats.text(read_back(RECORDS["float"]))
    assert text == str(RESULTS["float"])
    assert [line.split()[:2] for line in text.splitlines()[2:6]] == [
        ["at", "the"],
        ["eigenvalues", "0.8"],
        ["0.8", "-0.2i"],
        ["radius", f"{0.68**0.5:.12g}"],
    ]


@pytest.mark.parametrize("kind", [kind for kind in RESULTS if kind != "refusal"])
def test_the_outline_and_the_data_are_those_of_the_result(kind):
    result, record = RESULTS[kind], RECORDS[kind]
    assert record.data == result.to_dict()
    assert (record.outline.verdict, record.outline.reason) == (result.verdict, result.finding.reason)
    assert record.outline.sources == result.sources
    rate = result.radius_per_step if result.region == DISC else result.spectral_abscissa
    assert record.outline.number == rate


QUESTIONS = {
    "general": "dirac + gp | altgd",
    "one value": "dirac + gp(gamma=1) | altgd",
    "at numbers": "dirac + gp(gamma=1) | altgd(h=1/10)",
    "manifold": "dirac-square(loss=wgan)",
    "neutral": "dirac",
    "not differentiable": "dirac + wgan-gp | simgd",
    "not applicable": "dirac | ttur",
}


def results_of(asked):
    """What there is of a question in general and at its values, typical ones where none are given."""
    try:
        general = analyse(asked.game, asked.method)
        return general, general.at(**asked.values, **asked.typical)
    except NotApplicable as refusal:
        return refusal, refusal


@pytest.mark.parametrize("line", QUESTIONS.values(), ids=QUESTIONS)
def test_a_row_of_the_atlas_is_written_from_records(line):
    asked = Question.parse(line)
    general, here = (read_back(recorded(result)) for result in results_of(asked))
    row = derived(asked)
    solved = (row.solved_for, row.threshold, row.optimum)
    assert Row.of(asked, general.outline, here.outline, solved) == row


def test_a_row_of_a_game_in_floats_says_that_there_are_numbers_alone():
    asked = Question(InJax(), SimGD("1/5"))
    general, here = results_of(asked)
    row = Row.of(asked, outlined(general), read_back(recorded(here)).outline)
    assert row == derived(asked)
    assert (row.general, row.eigenvalues, row.verdict) == ("depends", None, "stable")
    assert row.number == pytest.approx(abs(1 - (1 + 1j) / 5))


@pytest.mark.parametrize("line", [QUESTIONS[name] for name in QUESTIONS if name != "not applicable"])
def test_json_of_the_command_line_is_the_data_of_the_record(line, capsys):
    assert run(["eigen", line, "--no-verify", "--format", "json"]) == 0
    asked = Question.parse(line)
    record = recorded(analyse(asked.game, asked.method, **asked.values))
    assert json.loads(capsys.readouterr().out) == read_back(record).data


def test_a_verification_is_part_of_it():
    result = RESULTS["here"]
    verification = result.verify(points=1)
    record = recorded(result, verification)
    assert Record.of_dict(json.loads(json.dumps(record.to_dict()))).verification == verification
    assert recorded(result).verification is None
    assert "Verification: agrees" in page(record)
    assert record.data == as_data(result, verification)


def test_the_record_says_what_the_verdict_rests_on():
    found = {
        kind: (r.kind, r.outline.evidence, r.outline.rate)
        for kind, r in ((k, recorded(v)) for k, v in RESULTS.items())
    }
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
    with pytest.raises(BadInput, match="no record of version 2"):
        Record.of_dict({**data, "schema": 1})
    assert replace(Record.of_dict(data), title="other") != Record.of_dict(data)


def test_what_is_no_result_has_no_record():
    with pytest.raises(TypeError, match="a Bilinear has no record"):
        recorded(Bilinear())


@pytest.mark.parametrize("line", [QUESTIONS[name] for name in QUESTIONS if name != "not applicable"])
def test_the_question_of_a_record_and_of_a_caption_is_read_back(line):
    asked = Question.parse(line)
    result = analyse(asked.game, asked.method, **asked.values)
    assert Question.parse(recorded(result).question) == asked
    assert Question.parse(caption(result).rpartition(" Question: ")[2].removesuffix(".")) == asked


def test_the_question_about_a_rest_point_that_was_found_is_that_about_the_game():
    asked = Question.parse(f"{CASES}/may-model-found.toml(a=1, b=1, d=1)")
    assert Question.parse(question(answered(asked))) == asked


AT_NUMBERS = [Question.parse(QUESTIONS[name]) for name in ("at numbers", "neutral")]


@pytest.mark.parametrize("asked", [*AT_NUMBERS, Question(InJax(), SimGD("1/5"))], ids=str)
def test_pictures_and_comparisons_say_what_the_record_says(asked):
    result = answered(asked)
    record = read_back(recorded(result))
    table = spectrum(result).table()
    pairs = [(e.get("value", e), e.get("multiplicity", 1)) for e in record.data["eigenvalues"]]
    assert [*zip(table["re"], table["im"], table["multiplicity"], strict=True)] == [
        (value["re"], value["im"], count) for value, count in pairs
    ]
    (((cell,),)) = compare([asked]).cells
    outline = record.outline
    assert (cell.verdict, cell.number, cell.reason) == (outline.verdict, outline.number, outline.reason)
    assert cell.question == record.question == str(asked)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.2, "1/5"), (1 / 3, "1/3"), (2.5e-5, "1/40000"), (1.2345e-7, "2469/20000000000"), (3.0, "3")],
)
def test_a_float_is_spelled_as_a_fraction_that_has_it(value, text):
    assert str(rational(value)) == text
    assert float(rational(value)) == value


def test_the_neighbour_of_a_fraction_is_another_number():
    beside = math.nextafter(1 / 3, 1)
    assert rational(beside) != Fraction(1, 3)
    assert float(rational(beside)) == beside
