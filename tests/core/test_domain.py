"""What is said of a domain follows from its ends: words, membership, assumptions and draws agree."""

from __future__ import annotations

import pickle
import random
import re
from fractions import Fraction

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from stabcheck.core.domain import REAL, SIGNS, Domain, End, count_to, spelled
from stabcheck.core.errors import BadInput

NUMBERS = st.fractions(-4, 4, max_denominator=8)
TINY = Fraction(1, 2**20)
QUALITIES = ("positive", "negative", "nonnegative", "nonpositive", "nonzero", "real", "integer")


@st.composite
def domains(draw):
    low, high = sorted(draw(st.lists(NUMBERS, min_size=2, max_size=2, unique=True)))
    ends = [draw(st.sampled_from([None, End(q), End(q, closed=True)])) for q in (low, high)]
    inside = [
        q for q in draw(st.sets(NUMBERS | st.just(Fraction(0)), max_size=3)) if Domain(*ends)._between(q)
    ]
    return Domain(*ends, excluded=tuple(sorted(inside)))


def near(domain):
    """The ends, and what lies close to each on both sides."""
    return [q + move for q in domain.ends for move in (-TINY, Fraction(0), TINY)]


def read(text):
    """What the words say, by rules of this test's own."""
    ranged, _, without = text.partition(" other than ")
    excluded = {Fraction(q) for q in without.split(" and ") if q}
    if one := re.fullmatch(r"a number ([<>]=?) (\S+)", ranged):
        sign, end = one[1], Fraction(one[2])
        inside = {
            "<": lambda q: q < end,
            "<=": lambda q: q <= end,
            ">": lambda q: q > end,
            ">=": lambda q: q >= end,
        }
        return lambda q: q not in excluded and inside[sign](q)
    if two := re.fullmatch(r"a number in ([\[(])(\S+), (\S+)([\])])", ranged):
        low, high = Fraction(two[2]), Fraction(two[3])
        edges = {q for q, bracket in ((low, two[1]), (high, two[4])) if bracket in "[]"}
        return lambda q: q not in excluded and (low < q < high or q in edges)
    assert ranged == "a number"
    return lambda q: q not in excluded


def consistent(assumptions, members):
    s = sp.Symbol("s", **assumptions)
    for quality in QUALITIES:
        assumed = getattr(s, f"is_{quality}")
        if assumed is not None and any(
            getattr(sp.Rational(q.numerator, q.denominator), f"is_{quality}") is not assumed for q in members
        ):
            return False
    return True


def drawn(domain, count=20):
    rng = random.Random(0)
    return [domain.draw(rng) for _ in range(count)]


@given(domains(), NUMBERS)
def test_a_member_is_what_the_words_say(domain, q):
    inside = read(domain.text)
    assert all(domain.contains(p) is inside(p) for p in (q, *near(domain)))


def test_a_wrong_word_would_be_seen():
    assert not read("a number >= 0")(Fraction(-1))
    assert read("a number >= 0")(Fraction(0)) is not spelled("> 0").contains(Fraction(0))


@given(domains())
def test_the_boundary_belongs_where_an_end_is_closed(domain):
    for end in filter(None, (domain.low, domain.high)):
        assert domain.contains(end.at) is end.closed is (end.at in domain.corners)
    assert not any(domain.contains(q) for q in domain.excluded)
    assert set(domain.corners) | set(domain.excluded) <= set(domain.ends)


@given(domains())
def test_members_have_the_qualities_that_a_symbol_assumes(domain):
    members = [q for q in (*near(domain), *drawn(domain), domain.typical) if domain.contains(q)]
    assert consistent(domain.assumptions, members)
    if domain.below_one is not None:
        assert consistent(domain.below_one, [1 - q for q in members])


@given(domains())
def test_what_is_assumed_of_the_sign_is_the_most_that_is_true(domain):
    members = [*near(domain), *drawn(domain), *map(Fraction, (-5, 0, 5))]
    members = [q for q in members if domain.contains(q)]
    s = sp.Symbol("s", **domain.assumptions)
    if all(q > 0 for q in members):
        assert s.is_positive
    if all(q >= 0 for q in members):
        assert s.is_nonnegative
    if all(q <= 0 for q in members):
        assert s.is_nonpositive
    if all(q != 0 for q in members):
        assert s.is_nonzero or 0 not in domain.ends


def test_an_assumption_too_strong_would_be_seen():
    assert not consistent({"positive": True}, [Fraction(0)])
    assert not consistent({"nonzero": True}, [Fraction(0)])
    assert not consistent({"nonnegative": True}, [Fraction(-1)])


@given(domains(), st.integers(0, 2**20))
def test_draws_lie_inside(domain, seed):
    assert domain.contains(domain.draw(random.Random(seed)))
    assert domain.contains(domain.typical)


@given(domains())
def test_draws_have_both_signs_where_both_are_allowed(domain):
    both = [any(domain.contains(Fraction(sign, 2**k)) for k in range(20)) for sign in (-1, 1)]
    computed = {q > 0 for q in drawn(domain, 40)}
    if all(both):
        assert computed == {False, True}


@given(domains(), NUMBERS)
def test_a_piece_has_no_interruption(domain, q):
    if domain.contains(q):
        piece = domain.piece(q)
        assert piece.contains(q)
        assert not piece.excluded
        assert not any(piece.contains(p) for p in domain.excluded)
        ends = set(piece.ends)
        assert ends <= set(domain.ends)


@given(domains(), NUMBERS, NUMBERS)
def test_the_domain_of_a_difference(domain, total, q):
    mirrored = domain.minus_from(total)
    assert all(mirrored.contains(total - p) is domain.contains(p) for p in (q, *near(domain)))
    assert mirrored.minus_from(total) == domain


@given(domains())
def test_a_domain_is_read_as_it_is_spelled(domain):
    assert spelled(domain.spelling) == domain


@given(domains() | st.builds(count_to, st.integers(1, 9)))
def test_a_domain_is_pickled_and_shown(domain):
    copy = pickle.loads(pickle.dumps(domain))  # noqa: S301
    assert (copy, hash(copy), repr(copy)) == (domain, hash(domain), repr(domain))
    assert all(repr(q) in repr(domain) for q in domain.ends)


@pytest.mark.parametrize(
    ("text", "words", "assumed", "below_one"),
    [
        ("> 0", "a number > 0", {"positive"}, None),
        (">=0", "a number >= 0", {"nonnegative"}, None),
        ("real", "a number", {"real"}, None),
        ("nonzero", "a number other than 0", {"real", "nonzero"}, None),
        ("(0,1]", "a number in (0, 1]", {"positive"}, {"nonnegative"}),
        ("[0, 1)", "a number in [0, 1)", {"nonnegative"}, {"positive"}),
        ("[0,2)", "a number in [0, 2)", {"nonnegative"}, None),
        ("[0, 0.5)", "a number in [0, 1/2)", {"nonnegative"}, {"positive"}),
        ("< 1 != 0", "a number < 1 other than 0", {"real", "nonzero"}, {"positive"}),
        ("> 1", "a number > 1", {"positive"}, None),
        ("<-3", "a number < -3", {"negative"}, {"positive"}),
        ("[-1,0]", "a number in [-1, 0]", {"nonpositive"}, {"positive"}),
        ("!=1!=-1", "a number other than -1 and 1", {"real"}, None),
    ],
)
def test_what_is_said_of_a_spelling(text, words, assumed, below_one):
    domain = spelled(text)
    assert (domain.text, set(domain.assumptions)) == (words, assumed)
    assert (domain.below_one and set(domain.below_one)) == below_one


def test_the_usual_ones_are_those_of_the_grammar():
    for text, domain in SIGNS.items():
        assert spelled(text) is domain
        assert domain.spelling == text
    assert spelled("(-1,1)!=0").excluded == (0,)
    assert spelled(REAL) is REAL


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("(2,1)", r"the range \(2, 1\) is empty or one number; write the smaller end first"),
        ("[1,1]", "is empty or one number"),
        ("[0,1]!=0", "can leave out only what is inside"),
        ("!=0!=0", "can leave out only what is inside, once each"),
        (">x", "'x' is not a number"),
        ("[0,1/0)", "'1/0' divides by zero"),
        ("!=", "'' is not a number"),
        (">1,2", "unknown domain '>1,2'"),
        ("positive", r"unknown domain 'positive'; .*known: .*, or a range as \[0,2\)"),
    ],
)
def test_what_is_no_domain_is_refused(text, refusal):
    with pytest.raises(BadInput, match=refusal):
        spelled(text)


@given(st.integers(1, 50), st.integers(0, 50))
def test_a_count_is_whole(least, more):
    count = count_to(least + more, least)
    assert count.text == f"a whole number from {least} to {least + more}"
    assert [q for q in map(Fraction, range(120)) if count.contains(q)] == list(range(least, least + more + 1))
    assert not count.contains(least + Fraction(1, 2))
    assert dict(count.assumptions) == {"integer": True, "positive": True}
    assert all(map(count.contains, drawn(count)))
