"""Covers: few cases, and together everywhere."""

from __future__ import annotations

import random

from stabcheck.judge.cover import Cover


def truth(leaf, questions, place):
    return all(bool(questions[q] >> place & 1) == yes for q, yes in leaf.answers)


def test_one_label_needs_no_question():
    (leaf,) = Cover(0b111, {"a": 0b001}, {"x": 0b111}).cases()
    assert (leaf.answers, leaf.label) == ((), "x")


def test_two_labels_need_one():
    leaves = Cover(0b1111, {"a": 0b0101, "b": 0b0011}, {"x": 0b0011, "y": 0b1100}).cases()
    assert {(leaf.answers, leaf.label) for leaf in leaves} == {((("b", True),), "x"), ((("b", False),), "y")}


def test_where_questions_do_not_tell_there_are_no_cases():
    assert Cover(0b11, {"a": 0b11}, {"x": 0b01, "y": 0b10}).cases() is None


def test_every_case_fits_and_every_place_has_one():
    rng = random.Random(0)
    for _ in range(40):
        questions = {k: rng.getrandbits(12) for k in range(9)}
        first = rng.getrandbits(12)
        labels = {"x": first, "y": ~first & 0xFFF | rng.getrandbits(12) & rng.getrandbits(12)}
        leaves = Cover(0xFFF, questions, labels).cases()
        for place in range(12 if leaves else 0):
            held = [leaf for leaf in leaves if truth(leaf, questions, place)]
            assert held
            assert all(labels[leaf.label] >> place & 1 for leaf in held)
