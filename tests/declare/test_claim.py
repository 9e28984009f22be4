"""Claims are read as they are meant, and print what is read back; mistakes have a place."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stabcheck.core.errors import BadInput
from stabcheck.declare.claim.algebra import Kind, Relation
from stabcheck.declare.claim.reading import parse
from stabcheck.declare.claim.statements import And, Compare, Iff, Implies, Is, Not, Or, RateIs
from stabcheck.declare.claim.terms import (
    Difference,
    Letter,
    Minus,
    Number,
    Power,
    Product,
    Quotient,
    Root,
    Size,
    Sum,
)

H, G = Letter("h"), Letter("gamma")
ZERO = Fraction(0)
STABLE = Is(Kind.STABLE)


def positive(term):
    return Compare(term, Relation.MORE, Number(ZERO))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("2 gamma h > 0", positive(Product(Product(Number(Fraction(2)), G), H))),
        ("h(1 + h) > 0", positive(Product(H, Sum(Number(Fraction(1)), H)))),
        ("-h^2 > 0", positive(Minus(Power(H, 2)))),
        ("h - gamma - h > 0", positive(Difference(Difference(H, G), H))),
        ("h/gamma/h > 0", positive(Quotient(Quotient(H, G), H))),
        ("h**(1/2) > 0", positive(Root(H))),
        ("h^-2 > 0", positive(Power(H, -2))),
        ("abs(h.g) > 0", positive(Size(Letter("h_g")))),
        ("f'(0) f''(0) > 0", positive(Product(Letter("f1"), Letter("f2")))),
        ("0.25 h > 0", positive(Product(Number(Fraction(1, 4)), H))),
        ("2e-3 h > 0", positive(Product(Number(Fraction(1, 500)), H))),
        ("2e - 3 > 0", positive(Difference(Product(Number(Fraction(2)), Letter("e")), Number(Fraction(3))))),
        ("1.5E+1 > 0", positive(Number(Fraction(15)))),
        ("h == 1/2", Compare(H, Relation.EQUAL, Number(Fraction(1, 2)))),
        ("h < rate", RateIs(Relation.MORE, H)),
        ("0 < h < rate", And((Compare(Number(ZERO), Relation.LESS, H), RateIs(Relation.MORE, H)))),
        ("not stable or neutral and unstable", Or((Not(STABLE), And((Is(Kind.NEUTRAL), Is(Kind.UNSTABLE)))))),
        ("h > 0 implies (stable iff gamma > 0)", Implies(positive(H), Iff(STABLE, positive(G)))),
        ("(((h)) > (0))", positive(H)),
    ],
)  # fmt: skip
def test_a_claim_is_read_as_it_is_meant(text, tree):
    assert parse(text) == tree


MISTAKES = {
    "": "the claim needs a number, a name or a bracket at the end (character 1)",
    "h >": "the claim needs a number, a name or a bracket at the end (character 4)",
    "(h > 1": "the claim needs a closing bracket at the end (character 7)",
    "h > 1)": "the claim needs 'and', 'or', 'implies', 'iff' or the end at ')' (character 6)",
    "2 3 > h": "the claim needs a comparison at '3 > h' (character 3)",
    "h ~ 1": "at '~ 1' (character 3)",
    "gamma/h gamma > 1": "read in two ways; write a/(b*c) or a/b*c, at 'gamma > 1' (character 9)",
    "h > 0 implies h > 1 iff stable": "side by side; put brackets at 'iff stable' (character 21)",
    "(h > 0) + 1 > 2": "a statement stands where a number should",
    "stabel iff h > 0": "did you mean 'stable'? at 'stabel iff h > 0' (character 1)",
    "stable if h < 1": "'if' is no word of a claim; write 'implies' or 'iff', at 'if h < 1' (character 8)",
    "h": "'h' says nothing alone; compare it, as h > 0, at 'h' (character 1)",
    "sqrt h > 1": "the claim needs a bracket behind sqrt, as sqrt(h) at 'h > 1' (character 6)",
    "rate + 1 < 2": "'rate' stands alone on one side of a comparison",
    "rate": "'rate' says nothing alone; compare it, as rate < 1/2, at 'rate' (character 1)",
    "rate < rate": "'rate' stands alone on one side of a comparison",
    "h^gamma > 1": "an exponent is a whole number up to 12 in size, or (1/2), at 'gamma > 1' (character 3)",
    "h^13 > 1": "an exponent is a whole number",
    "h^(1/0) > 1": "an exponent is a whole number",
    "h^2^2 > 0": "two powers side by side; put brackets",
    "1/0 < h": "this divides by zero at '0 < h' (character 3)",
    "(" * 50 + "h > 0": "brackets are more than 20 deep",
    "h + " * 200 + "h > 0": "write at most 300",
    "h" * 5000: "a claim of 5000 characters",
    "1" * 40 + " < h": "a number of at most 30 digits",
    "1e400 < h": "a number of at most 30 digits at '1e400 < h' (character 1)",
    "1.5e-30 < h": "a number of at most 30 digits",
    "__import__('os')": "at ''os')' (character 12)",
}


@pytest.mark.parametrize("text", MISTAKES)
def test_a_mistake_is_said_in_a_line_with_its_place(text):
    with pytest.raises(BadInput) as refusal:
        parse(text)
    assert MISTAKES[text] in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_many_signs_are_no_deep_matter():
    assert str(parse("-" * 101 + "h > 0")).count("-") == 101
    assert str(parse("not " * 101 + "stable")).count("not") == 101


NUMBERS = st.fractions(min_value=0, max_value=9, max_denominator=4).map(Number)
LETTERS = st.sampled_from([H, G, Letter("h_g")])
RELATIONS = st.sampled_from(list(Relation))


def wider(terms):
    pairs = st.tuples(terms, terms)
    return st.one_of(
        pairs.map(lambda p: Sum(*p)),
        pairs.map(lambda p: Difference(*p)),
        pairs.map(lambda p: Product(*p)),
        st.tuples(terms, LETTERS).map(lambda p: Quotient(*p)),
        st.tuples(terms, st.integers(-3, 3)).map(lambda p: Power(*p)),
        terms.map(Minus),
        terms.map(Root),
        terms.map(Size),
    )


TERMS = st.recursive(NUMBERS | LETTERS, wider, max_leaves=6)
LEAVES = st.one_of(
    st.builds(Compare, TERMS, RELATIONS, TERMS),
    st.builds(RateIs, RELATIONS, TERMS),
    st.sampled_from([Is(kind) for kind in Kind]),
)


def joined(statements):
    plain = statements.filter(lambda s: not isinstance(s, And | Or))
    several = st.lists(plain, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        statements.map(Not),
        several.map(And),
        several.map(Or),
        st.builds(Implies, statements, statements),
        st.builds(Iff, statements, statements),
    )


@given(st.recursive(LEAVES, joined, max_leaves=4))
def test_what_is_printed_is_read_back(claim):
    assert parse(str(claim)) == claim
