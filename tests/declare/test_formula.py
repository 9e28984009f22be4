"""Formulas: the grammar, its refusals, and one meaning in every arithmetic."""

from __future__ import annotations

import math
import subprocess
import sys
import time
from fractions import Fraction
from typing import Any

import jax
import pytest
import sympy as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from stabcheck.core.errors import BadInput
from stabcheck.declare.file.formula import parse
from stabcheck.declare.file.limits import MOST_TERMS
from stabcheck.declare.file.tokens import FormulaError
from stabcheck.declare.file.tree import Rationals, Size
from stabcheck.declare.laws import Mixture, Point, gaussian, uniform
from stabcheck.numeric.ops import JaxOps
from stabcheck.symbolic.ops import SymPyOps

X, Y, A = sp.symbols("x y a", real=True)
SYMBOLS = {"x": X, "y": Y, "a": A}
NAMES = tuple(SYMBOLS)
EXACT: Any = Rationals()


def symbolic(text, names=NAMES):
    return parse(text, names).at(SymPyOps(), SYMBOLS)


# Trees of our own, printed and evaluated by rules written down a second time

BINARY = {"+": 1, "-": 1, "*": 2, "/": 2}
LEAVES = st.one_of(
    st.sampled_from(NAMES).map(lambda name: ("name", name)),
    st.integers(0, 9).map(lambda n: ("number", Fraction(n), str(n))),
    st.sampled_from(["0.5", ".25", "1e-1", "2.", "12E+1"]).map(lambda s: ("number", Fraction(s), s)),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        *[st.tuples(st.just(sign), inner, inner) for sign in sorted(BINARY)],
        st.tuples(st.just("minus"), inner),
        st.tuples(st.just("power"), inner, st.integers(-3, 4)),
        st.tuples(st.sampled_from(["min", "max"]), inner, inner),
        st.tuples(st.just("abs"), inner),
    ),
    max_leaves=20,
)
POINTS = st.fixed_dictionaries(
    {name: st.fractions(min_value=-5, max_value=5, max_denominator=7) for name in NAMES}
)


def printed(tree, level=0):
    """With as few brackets as the usual precedence allows."""
    kind, *children = tree
    if kind in ("name", "number"):
        return children[-1]
    if kind in ("min", "max", "abs"):
        return f"{kind}({', '.join(map(printed, children))})"
    if kind == "minus":
        # Looser than a power, tighter than a product.
        return bracketed(f"-{printed(children[0], 3)}", 3, level)
    if kind == "power":
        return bracketed(f"{printed(children[0], 5)}^{children[1]}", 4, level)
    own = BINARY[kind]
    return bracketed(f"{printed(children[0], own)} {kind} {printed(children[1], own + 1)}", own, level)


def bracketed(text, own, level):
    return f"({text})" if own < level else text


def valued(tree, point):
    kind, *children = tree
    if kind == "name":
        return point[children[0]]
    if kind == "number":
        return children[0]
    if kind == "power":
        return valued(children[0], point) ** children[1]
    values = [valued(part, point) for part in children]
    rules = {
        "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b,
        "minus": lambda a: -a, "min": min, "max": max, "abs": abs,
    }  # fmt: skip
    return rules[kind](*values)


@settings(max_examples=400)
@given(TREES, POINTS)
def test_printed_trees_read_back_as_the_same_exact_number(tree, point):
    text = printed(tree)
    try:
        wanted = valued(tree, point)
    except ZeroDivisionError:
        assume(False)
    try:
        formula = parse(text, NAMES)
    except FormulaError as refusal:
        assume("too large" not in str(refusal) and "terms" not in str(refusal))
        raise
    assert formula.at(EXACT, point) == wanted
    assert formula.rational
    for other in (text.replace("^", "**"), text.replace(" ", "")):
        assert parse(other, NAMES).at(EXACT, point) == wanted


SMOOTH = st.recursive(
    st.sampled_from(["x", "y", "a", "1/2", "3", "0.7"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda t: f"({t[0]}{t[1]}{t[2]})"),
        st.tuples(
            st.sampled_from(["tanh", "softplus", "sigmoid", "abs", "sin", "cos", "atan", "asinh", "erf"]),
            inner,
        ).map(lambda t: f"{t[0]}({t[1]})"),
        inner.map(lambda t: f"sinh(tanh({t})) + pi*cosh(cos({t}))"),
        inner.map(lambda t: f"asin(sin({t})/2) + acos(tanh({t})/3) + tan(atan({t})/2)"),
        inner.map(lambda t: f"log(1 + ({t})^2)"),
        inner.map(lambda t: f"(1 + ({t})^2)^(1/2)"),
        inner.map(lambda t: f"exp(tanh({t}))"),
        inner.map(lambda t: f"(2 + ({t})^2)^-2"),
        st.tuples(st.sampled_from(["min", "max"]), inner, inner).map(lambda t: f"{t[0]}({t[1]}, {t[2]})"),
        inner.filter(lambda t: "E(" not in t).map(lambda t: f"E((u + {t})^2*v - w)"),
    ),
    max_leaves=6,
)


def laws(xp):
    half, quarter, rest = (xp.vector(Fraction(n, 4)) for n in (2, 1, 3))
    return {
        "u": uniform(xp.vector(-1), xp.vector(2)),
        "v": gaussian(half, 2),
        "w": Mixture((Point(xp.vector(3)), Point(xp.vector(-1))), (quarter[0], rest[0])),
    }


@given(SMOOTH, POINTS)
def test_sympy_and_jax_read_the_same_function(text, point):
    try:
        formula = parse(text, NAMES, ("u", "v", "w"))
    except FormulaError as refusal:
        assume("terms" not in str(refusal))
        raise
    ops = SymPyOps()
    exact = {name: sp.Rational(q.numerator, q.denominator) for name, q in point.items()}
    wanted = ops.at({}, formula.at(ops, exact, laws(ops))).evalf(30)
    with jax.enable_x64(True):
        xp = JaxOps()
        floats = {name: xp.vector(q)[0] for name, q in point.items()}
        computed = float(formula.at(xp, floats, laws(xp)))
    assert math.isclose(computed, float(wanted), rel_tol=1e-9, abs_tol=1e-9)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1/2*x", X / 2),
        ("0.1", sp.Rational(1, 10)),
        ("-x^2", -(X**2)),
        ("(-x)^2", X**2),
        ("2^-1", sp.Rational(1, 2)),
        ("x^2^3", X**8),
        ("x - y - a", X - Y - A),
        ("x/y/a", X / Y / A),
        ("x/y*a", X * A / Y),
        ("x**2", X**2),
        ("x^(1/2)", sp.sqrt(X)),
        ("x^0.5", sp.sqrt(X)),
        ("sqrt(8)", 2 * sp.sqrt(2)),
        ("sigmoid(x)", 1 / (1 + sp.exp(-X))),
        ("softplus(x)", sp.log(1 + sp.exp(X))),
        ("max(1, 2)*x", 2 * X),
        ("sin(pi/6)*x", X / 2),
        ("cos(x) + tan(y)/sin(a)", sp.cos(X) + sp.tan(Y) / sp.sin(A)),
        ("asin(1/2) + acos(x) - atan(y)", sp.pi / 6 + sp.acos(X) - sp.atan(Y)),
        ("sinh(x)*cosh(y) + asinh(a)", sp.sinh(X) * sp.cosh(Y) + sp.asinh(A)),
        ("erf(2*x)/pi^2", sp.erf(2 * X) / sp.pi**2),
        ("\t x\n + y\r\n", X + Y),
        ("exp (x)", sp.exp(X)),
    ],
)
def test_meaning(text, wanted):
    computed = symbolic(text)
    assert computed == wanted
    assert not computed.has(sp.Float)


def test_a_name_of_ones_own_wins_over_a_word():
    names = ("pi", "sin", "E", "max")
    own = dict(zip(names, sp.symbols(names), strict=True))
    computed = parse("pi*sin + E^2 - max(max, 1) + E(u*sin)", names, ["u"]).at(
        SymPyOps(), own, laws(SymPyOps())
    )
    assert computed.free_symbols >= set(own.values())
    assert parse("pi*sin", names).tree != parse("pi*x", ("x",)).tree
    assert parse("pi", ()).number is None
    assert not parse("2*pi", ()).rational


def test_numbers_fold_and_names_are_listed():
    assert parse("2*(1/3 + 0.5)^2 - min(1, 2)", ()).number == Fraction(7, 18)
    assert parse("sqrt(2)", ()).number is None
    assert parse("x*E(u*a)", NAMES, ["u"]).names == {"x", "u", "a"}


def test_kinks_are_told_in_the_words_of_the_formula():
    ops = SymPyOps()
    text = "abs( x - 1) + max(x,y) + min(a, 2) + sqrt(y) + (x + a)^(1/2) + a^0.5 + abs(1)"
    parse(text, NAMES).at(ops, SYMBOLS)
    assert ops.kinks == [
        ("abs( x - 1)", X - 1), ("max(x,y)", X - Y), ("min(a, 2)", A - 2), ("sqrt(y)", Y),
        ("(x + a)^(1/2)", X + A), ("a^0.5", A),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("E(u)", Fraction(1, 2)),
        ("E(u)^2", Fraction(1, 4)),
        ("E(u^2)", Fraction(1)),
        ("E(u*v)", Fraction(1, 4)),
        ("E(u*(u + E_u))", Fraction(3, 2)),
        ("E(v^2) - E(v)^2", Fraction(4)),
        ("E(w)*E(2*w^2)", Fraction(0)),
        ("E(w^3)", Fraction(6)),
        ("E(u*v*w) + E(w^2)", Fraction(3)),
    ],
)
def test_means_are_over_independent_draws(text, wanted):
    ops = SymPyOps()
    assert ops.at({}, parse(text, ["E_u"], ("u", "v", "w")).at(ops, {"E_u": sp.S.One}, laws(ops))) == wanted


ERRORS = [
    ("", "empty", 0),
    ("   ", "empty", 0),
    ("a*q", "unknown name 'q'; known: a, r, u, v, w, x, y", 2),
    ("a*xx", "did you mean 'x'", 2),
    ("sn(x)", "unknown function 'sn'; did you mean 'sin'? known: E, abs, acos", 0),
    ("qqq(x)", "unknown function 'qqq'; known: E, abs, acos", 0),
    ("arctan(x)", "did you mean 'atan'", 0),
    ("x*asin(2)", "asin takes a number from -1 to 1", 2),
    ("acos(-1.5)", "acos takes a number from -1 to 1", 0),
    ("pi(x)", "unknown function 'pi'", 0),
    ("x(2)", "x is no function", 0),
    ("2*exp", "exp is a function; write exp(...)", 2),
    ("E + 1", "E is a function", 0),
    ("x + u", "u is a random number; use it inside E(...)", 4),
    ("E(u) + u", "inside E(...)", 7),
    ("1 + E(x)", "no random number in E(...)", 4),
    ("E(u*E(u))", "E(...) stands inside E(...)", 4),
    ("E(u, u)", "E takes 1, not 2", 0),
    ("exp(x, y)", "exp takes 1, not 2; write exp(a)", 0),
    ("min(x)", "min takes 2, not 1; write min(a, b)", 0),
    ("x y", "operator is missing", 2),
    ("2x", "operator is missing", 1),
    ("(x)(y)", "operator is missing", 3),
    ("1_000", "operator is missing", 1),
    ("0x10", "operator is missing", 1),
    ("x.5", "operator is missing", 1),
    ("2j", "operator is missing", 1),
    ("x +", "breaks off", 3),
    ("+x", "value is missing in front of +", 0),
    ("x//y", "value is missing in front of /", 2),
    ("x^^2", "value is missing in front of ^", 2),
    ("f(*x)", "value is missing in front of *", 2),
    ("exp(**x)", "value is missing in front of **", 4),
    ("exp()", "value is missing in front of )", 4),
    ("(x", "never closed", 0),
    ("x*((x)", "never closed", 2),
    ("x)*(y", "closes none", 1),
    ("x,y", "commas", 0),
    ("x*(x,y)", "commas", 2),
    ("x^y", "whole number from -12 to 12, or 1/2", 2),
    ("x^13", "whole number", 2),
    ("x^-13", "whole number", 2),
    ("x^(1/3)", "whole number", 3),
    ("9**9**9", "whole number", 3),
    ("x/0", "divides by zero", 2),
    ("x/(1-1)", "divides by zero", 3),
    ("x + 0^-1", "divides by zero", 6),
    ("x*sqrt(-2)", "takes a number >= 0", 2),
    ("log(0)", "takes a number > 0", 0),
    ("((10^12)^12)^12", "too large", 1),
    ("x.real", ". has no place", 1),
    ("x[0]", "[ has no place", 1),
    ("x<y", "< has no place", 1),
    ("x==y", "= has no place", 1),
    ("exp(t=x)", "= has no place", 5),
    ("'x'", "' has no place", 0),
    ("__import__('os')", "' has no place", 11),
    ("__import__(x)", "unknown function '__import__'", 0),
    ("f'x'", "' has no place", 1),
    ("[x for x in y]", "[ has no place", 0),
    ("(x for y in a)", "operator is missing", 3),
    ("lambda x: x", ": has no place", 8),
    ("x if y else a", "operator is missing", 2),
    ("True", "unknown name 'True'", 0),
    ("lambda + x", "unknown name 'lambda'", 0),
    ("_0 + x", "unknown name '_0'", 0),
    ("not(x)", "unknown function 'not'", 0),
    ("x := 1", ": has no place", 2),
    ("x;y", "; has no place", 1),
    ("x # y", "# has no place", 2),
    ("x\0", "this character has no place", 1),
    ("x*\u03b8", "plain ASCII", 2),
    ("x\u00b2", "plain ASCII", 1),
    ("x + \u0661", "plain ASCII", 4),
    ("E(u*v*w*r)", "averages over 4 random numbers; over at most 3", 0),
    ("1e31*x", "out of range; exponents go to 30", 0),
    ("x + 1234567890123456789012345678901", "at most 30 characters", 4),
    ("(x+y+a)^12*(x+y)^12*(x+a)^4", "more than 5000 terms", 0),
    ("x*((x+y+a+1)^12)^2", "more than 5000 terms", 2),
]


@pytest.mark.parametrize(("text", "what", "column"), ERRORS, ids=[repr(e[0]) for e in ERRORS])
def test_refusals_say_what_and_where(text, what, column):
    with pytest.raises(FormulaError) as caught:
        parse(text, NAMES, ("u", "v", "w", "r"))
    first, shown, caret = str(caught.value).split("\n")
    assert what in first
    assert isinstance(caught.value, BadInput)
    assert caught.value.column == column
    assert caret == " " * column + "^"
    assert len(shown) == len(text)


HOSTILE = {
    "a line of 10 MB": "1" * 10_000_000,
    "10000 brackets": "(" * 10_000,
    "41 brackets": "(" * 41 + "x" + ")" * 41,
    "999 brackets": "(" * 999 + "x" + ")" * 999,
    "nested calls": "exp(" * 39 + "(-(-x))" + ")" * 39,
    "20000 minus signs": "-" * 20_000 + "x",
    "1999 minus signs": "-" * 1999 + "x",
    "41 minus signs": "-" * 41 + "x",
    "a tower": "9**9**9**9",
    "a long tower": "1^" * 900 + "1",
    "a tower of brackets": "(" * 30 + "9" + "^9)" * 30,
    "a tiny number": "1e-1000000000",
    "a long number": "1." + "0" * 1000,
    "a sum of 601": "+".join(["x"] * 601),
    "squares of squares": "(" * 12 + "x+y" + ")^2" * 12,
    "a product of sums": "*".join(["(x+y)"] * 100),
    "2000 opening quotes": '"' * 2000,
    "control characters": "".join(map(chr, range(32))),
    "surrogates": "\ud800x",
    "means of means": "E(" * 30 + "u" + "*u)" * 30,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_texts_end_in_one_error_at_once(text):
    start = time.perf_counter()
    with pytest.raises(FormulaError) as caught:
        parse(text, NAMES, ("u",))
    assert time.perf_counter() - start < 1
    lines = str(caught.value).split("\n")
    assert len(lines) == 3
    assert max(map(len, lines)) <= 110
    assert max(map(len, lines[1:])) <= 70


def test_long_sums_are_no_nesting():
    text = " + ".join(f"{k}*x^2/3 - y*a" for k in range(45))
    assert sp.expand(symbolic(text)) == sum(range(45)) * X**2 / 3 - 45 * Y * A


def test_the_caret_points_at_the_place_in_a_long_formula():
    text = f"{'x*y + ' * 40}(wrong + x){' - y*a' * 40}"
    with pytest.raises(FormulaError, match="unknown name 'wrong'") as caught:
        parse(text, NAMES)
    _, shown, caret = str(caught.value).split("\n")
    assert shown[caret.index("^") :].startswith("wrong + x)")
    assert shown.startswith("...")
    assert shown.endswith("...")
    assert len(shown) == 70
    moved = caught.value.at("file: key")
    assert str(moved) == f"file: key: {caught.value}"
    assert (moved.text, moved.column) == (text, text.index("wrong"))


def test_no_warning_of_python_gets_out(recwarn):
    for text in ("(1)(x)", "1(x)", "1if x else y", "1or x"):
        with pytest.raises(FormulaError):
            parse(text, NAMES)
    assert not recwarn.list


POLYNOMIALS = st.recursive(
    st.sampled_from([*NAMES, "2", "-x", "-3"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda t: f"({t[0]}{t[1]}{t[2]})"),
        st.tuples(inner, st.integers(0, 3)).map(lambda t: f"({t[0]})^{t[1]}"),
    ),
    max_leaves=8,
)


@given(POLYNOMIALS)
def test_the_count_of_terms_is_no_less_than_the_terms(text):
    try:
        formula = parse(text, NAMES)
    except FormulaError as refusal:
        assert "terms" in str(refusal) or "large" in str(refusal)  # noqa: PT017
        return
    expanded = sp.expand(formula.at(SymPyOps(), SYMBOLS))
    assert len(sp.Add.make_args(expanded)) <= formula.terms({}) <= MOST_TERMS


def test_sizes_behind_names_count():
    formula = parse("x^2*y + E((u + x)^2)", NAMES, {"u": Size(3, 5)})
    assert formula.terms({"u": Size(3, 5)}) == 1 + 5 * 10
    assert formula.terms({"u": Size(1, 1), "x": Size(4)}) == 10 + 15
    assert formula.terms({"u": Size(3, 5), "x": Size(4000)}) == MOST_TERMS + 1
    with pytest.raises(FormulaError, match="terms"):
        parse("E((u + x)^2)", NAMES, {"u": Size(3, 5000)})


def test_reading_needs_neither_sympy_nor_jax():
    code = "import sys, stabcheck.declare.file.formula as f; f.parse('x^2', ['x']); print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"sympy", "jax", "numpy", "flint"} & set(run.stdout.split())
