"""A question in one line."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stabcheck.core.errors import BadInput
from stabcheck.declare.combination import Combination
from stabcheck.declare.line import Line, Part

NAMES = st.one_of(
    st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True),
    st.from_regex(r"[a-z/]{1,6}\.py:[A-Z][a-z]{0,4}", fullmatch=True),
    st.text(st.characters(codec="ascii", categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=12),
)
ASCII = ["L", "N", "P", "S", "Zs"]
TEXTS = st.text(st.characters(codec="ascii", exclude_characters="[]", categories=ASCII))
HYPERS = st.from_regex(r"[a-z]\w{0,4}(\.\w{1,3})?", fullmatch=True).filter(
    lambda name: name != "loss" and name.isascii()
)
VALUES = st.dictionaries(HYPERS, TEXTS, max_size=3).map(lambda values: tuple(values.items()))
PARTS = st.builds(Part, NAMES, VALUES)
CHAINS = st.lists(PARTS, min_size=1, max_size=3).map(tuple)
LIST = st.lists(PARTS, max_size=3).map(tuple)
LINES = st.builds(Line, PARTS, st.none() | PARTS, LIST, st.lists(CHAINS, max_size=3).map(tuple))


@given(LINES)
def test_what_is_printed_is_read_back(line):
    assert Line.parse(str(line)) == line


@given(st.text(st.sampled_from(list('ab1(),:=+|[]" .\\')), max_size=30))
def test_any_line_is_read_or_refused(text):
    with suppress(BadInput):
        line = Line.parse(text)
        assert Line.parse(str(line)) == line


def test_a_line_is_read():
    line = Line.parse(
        "dirac(x0=1,loss=germ(f1=1)) +gp( gamma = 1 )|lookahead(k=2):altgd(h.g=1/10, order=[d,g])"
    )
    assert line.combination == Combination("dirac", "germ", ("gp",), "lookahead:altgd")
    assert line.given() == {
        "dirac.x0": "1", "germ.f1": "1", "gp.gamma": "1", "lookahead.k": "2", "altgd.h.g": "1/10",
        "altgd.order": "d,g",
    }  # fmt: skip
    assert str(line) == (
        "dirac(x0=1, loss=germ(f1=1)) + gp(gamma=1) | lookahead(k=2):altgd(h.g=1/10, order=[d,g])"
    )


@pytest.mark.parametrize(
    ("line", "options"),
    [
        ("dirac + gp(gamma=1) | altgd(h=1/10)", "--reg gp --gamma 1 --method altgd --h 1/10"),
        ("dirac(loss=wgan)+clip(w=1)|altgd(h=1/5)", "--loss wgan --reg clip --w 1 --method altgd --h 1/5"),
        (
            "examples/shifted_uniform.toml | simgd(h=1)",
            "--game examples/shifted_uniform.toml --method simgd --h=1",
        ),
        ("dirac", ""),
    ],
)
def test_the_command_line_takes_it(capsys, line, options):
    from stabcheck.cli.app import run

    rest = ["--no-verify", "--format", "json"]
    assert run(["eigen", line, *rest]) == 0
    asked = json.loads(capsys.readouterr().out)
    assert run(["eigen", *options.split(), *rest]) == 0
    assert asked == json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["dirac + gp(gamma=1"], "the question needs ',' or ')' at the end (character 19)"),
        (["dirac + "], "the question needs the name of a part at the end"),
        (["dirac + gp(1)"], "the question needs NAME=VALUE at '1)' (character 12)"),
        (["dirac + gp(gamma=1, gamma=2)"], "two values are given for gamma; give one"),
        (["dirac + gpp"], "unknown penalty 'gpp'; did you mean 'gp'?"),
        (["dirac + gp", "--reg", "gp"], "the question names the parts; leave --reg out"),
        (["dirac + gp(gamma=1)", "--gp.gamma", "2"], "two values are given for gp.gamma; give one"),
        (["dirac", "bilinear"], "unexpected 'bilinear'"),
        (["dirac + gp(__import__=1)"], "NAME=VALUE"),
    ],
)
def test_what_is_no_question_is_one_line(capsys, words, expected):
    from stabcheck.cli.app import run

    assert run(["eigen", *words]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert expected in err
