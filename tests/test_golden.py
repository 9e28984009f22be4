"""What was answered before is answered still: verdicts, formulas and numbers."""

from __future__ import annotations

import json

import pytest

from tests import golden
from tests.dealt import dealt

RECORDED = json.loads(golden.RECORD.read_text())
QUESTIONS = dict(golden.questions())
EVERY = 16
"""Of the registry's questions one in so many is asked each time; `-m whole` asks all."""


def same(found, recorded):
    if isinstance(recorded, float):
        return found == pytest.approx(recorded, rel=1e-9, abs=1e-12)
    if isinstance(recorded, dict):
        return found.keys() == recorded.keys() and all(same(found[k], v) for k, v in recorded.items())
    if isinstance(recorded, list):
        return len(found) == len(recorded) and all(map(same, found, recorded))
    return found == recorded


@pytest.mark.parametrize("name", dealt(QUESTIONS, EVERY))
def test_registry_answers_as_before(name):
    assert same(golden.of_question(**QUESTIONS[name]), RECORDED[name])


@pytest.mark.parametrize("line", golden.lines(golden.TYPED))
def test_typed_questions_are_answered_as_before(line, monkeypatch):
    monkeypatch.chdir(golden.ROOT)
    assert same(golden.of_line(line), RECORDED[line])


@pytest.mark.parametrize("line", golden.lines(golden.PRINTED))
def test_prints_as_before(line, monkeypatch):
    monkeypatch.chdir(golden.ROOT)
    assert golden.printed(line) == RECORDED[line]


def test_every_record_is_compared():
    asked = {*QUESTIONS, *golden.lines(golden.TYPED), *golden.lines(golden.PRINTED)}
    assert set(RECORDED) == asked


def test_another_number_is_another_answer():
    assert same({"a": [1.0, "x"]}, {"a": [1.0 + 1e-13, "x"]})
    for other in ({"a": [1.0 + 1e-6, "x"]}, {"a": [1.0, "y"]}, {"a": [1.0]}, {"b": [1.0, "x"]}):
        assert not same({"a": [1.0, "x"]}, other)
