"""What is printed can be read: numbers, conditions, names and widths."""

from __future__ import annotations

import pytest
import sympy as sp
from flint import fmpz_poly

from stabcheck import AltGD, SimGD, analyse
from stabcheck.cli.app import run
from stabcheck.core.errors import Undecidable
from stabcheck.declare import registry
from stabcheck.declare.file.formula import parse
from stabcheck.declare.games.bilinear import Bilinear
from stabcheck.report.text import _conditions
from stabcheck.symbolic.algebraic import Root
from stabcheck.symbolic.ops import SymPyOps
from stabcheck.symbolic.printing import code, latex, terminal

T = sp.Symbol("t")

POWERS = [
    ([-1, 0, 0, 16], 0, "2^(-4/3)"),
    ([-1, 0, 0, 256], 0, "2^(-8/3)"),
    ([-7, 0, 0, 1], 0, "7^(1/3)"),
    ([7, 0, 0, 1], 0, "-7^(1/3)"),
    ([-2, 0, 0, 0, 1], 1, "2^(1/4)"),
    ([-2, 0, 0, 0, 1], 0, "-2^(1/4)"),
    ([-3, 0, 1], 1, "sqrt(3)"),
    ([-1, 0, 0, 5], 0, "5^(-1/3)"),
]


@pytest.mark.parametrize(("coefficients", "index", "shown"), POWERS)
def test_roots_of_numbers_are_shown_as_such(coefficients, index, shown):
    root = Root.of(fmpz_poly(coefficients), index)
    assert terminal(root) == shown
    assert "CRootOf" not in latex(root, {})
    assert abs(sp.N(sp.sympify(shown.replace("^", "**"))) - sp.N(root)) < 1e-12


WORDS = [
    (Root.of(fmpz_poly([-2, -1, 0, 0, 0, 2]), 0), "root of 2*t^5 - t - 2 near 1.090970407"),
    (sp.CRootOf(T**5 - T + 1, 0), "root of t^5 - t + 1 near -1.167303978"),
    (sp.CRootOf(T**5 - T + 1, 1), "root of t^5 - t + 1 near -0.1812324445 - 1.083954101*i"),
    (
        Root.of(fmpz_poly([-1, *range(10**10, 10**10 + 24), 1]), 0),
        "root of a polynomial of degree 25 near",
    ),
]


@pytest.mark.parametrize(("root", "shown"), WORDS)
def test_other_roots_are_shown_by_polynomial_and_place(root, shown):
    assert terminal(root).startswith(shown)
    for whole in (terminal(3 * root**2 + 1), latex(3 * root**2 + 1, {})):
        assert "CRootOf" not in whole
        assert "near" in whole
    assert f"({shown}" in terminal(3 * root**2 + 1)
    assert "CRootOf" in code(root)


def test_the_shortest_of_long_conditions_is_shown_first_and_whole():
    a, b, *others = sp.symbols("a b c0:60", positive=True)
    long, short = sp.Add(*others) - a, sp.Add(*others[:40]) * b - a
    rows = list(_conditions([long * b + sp.Add(*others) ** 2, short, a - b], (), ["a"]))
    assert rows[0] == "a - b > 0"
    assert next(_conditions([long * 1000 - b], (), ["a"])).endswith("> 0")
    assert rows[1:] == sorted(rows[1:], key=len) or "characters" in rows[2]
    assert next(_conditions([long**9 + short, short**8], (), ["a"])).endswith("> 0")


@pytest.mark.parametrize(
    ("still", "said"), [(["a", "b"], "give values of a, b"), ([], "the verdict is below")]
)
def test_what_is_too_long_asks_for_missing_values_only(still, said):
    assert list(_conditions(None, (), still)) == [f"(too long to write; {said})"]


@pytest.mark.parametrize(
    ("values", "ending"), [({}, "; give values for a verdict"), ({"h": "1/10", "alpha": 1}, "write")]
)
def test_a_refusal_asks_for_values_only_where_one_is_missing(values, ending):
    found = analyse(Bilinear(), SimGD(), **values)
    assert found.here.refusal_text(Undecidable("too long to write; give values for a verdict")).endswith(
        ending
    )


SUGGESTED = [
    ("eigen --method consensus", "'consensus' is a penalty and no method; give it with --reg consensus"),
    ("eigen --reg altgd", "'altgd' is a method and no penalty; give it with --method altgd"),
    ("eigen --game WGAN", "'WGAN' is a loss and no game; give it with --loss wgan"),
    ("eigen --method gda", "did you mean 'simgd'?"),
    ("eigen --method GDA", "did you mean 'simgd'?"),
    ("eigen --lr 1", "did you mean --h?"),
    ("eigen --learning-rate=1", "did you mean --h?"),
    ("eigen --betta1 1", "did you mean --beta1?"),
    ("eigen --Gamma 1", "did you mean --gamma?"),
    ("eigen --optimizer adam", "did you mean --method?"),
    ("list altgdd", "did you mean 'altgd'?"),
    ("list gda", "did you mean 'simgd'?"),
]


@pytest.mark.parametrize(("command", "said"), SUGGESTED)
def test_what_was_meant_is_suggested(command, said, capsys):
    assert run(command.split()) == 2
    assert said in capsys.readouterr().err


CASES = [
    "--game Dirac",
    "--loss WGAN",
    "--method AltGD",
    "--reg GP",
    "--reg NONE",
    "--method Lookahead:SimGD",
]


@pytest.mark.parametrize("given", CASES)
def test_case_alone_fails_no_name(given, capsys):
    assert run(["eigen", "--no-verify", *given.split()]) == 0
    shown = capsys.readouterr().out
    assert run(["eigen", "--no-verify", *given.lower().split()]) == 0
    assert capsys.readouterr().out == shown


@pytest.mark.parametrize("name", ["altgd", "SimGD", "dirac", "wgan", "gp", "r1", "Lookahead", "penalty"])
def test_list_shows_the_entry_of_a_name(name, capsys):
    assert run(["list", name]) == 0
    shown = capsys.readouterr().out
    assert name.lower() in shown or name == "penalty"
    assert len(shown.splitlines()) < 12 or name == "penalty"
    assert run(["list", name, "--format", "json"]) == 0


@pytest.mark.parametrize("mean", ["1e40", "-1e40", "1e50"])
def test_numbers_beyond_floats_are_written(mean, capsys):
    given = f"--game lq --mean={mean} --std 3 --method extragradient --h 1/3"
    assert run(["latex", *given.split()]) == 0
    shown = capsys.readouterr().out
    assert "inf" not in shown
    assert "nan" not in shown


def test_long_roots_are_told_by_their_polynomial():
    """The two roots are longer than their sum and product."""
    game = registry.declarations("game")["nk-toy"]()
    result = analyse(game, AltGD("h", n=(1, 3)))
    said = " ".join(str(result).split())
    assert "characters" not in said
    (factor,) = result.factors
    shown = said.partition("eigenvalues roots of ")[2].partition(" (each simple)")[0]
    assert shown.startswith("z^2 + z*(")
    told = parse(shown.replace("f''(0)", "f2").replace("f'(0)", "f1"), ["z", "f1", "f2", "h"])
    values = {s: sp.Rational(k + 2, 7) for k, s in enumerate(sorted(factor.polynomial.free_symbols, key=str))}
    by_name = {s.name: value for s, value in values.items()}
    assert sp.expand(told.at(SymPyOps(), by_name) - factor.polynomial.xreplace(values)) == 0


@pytest.mark.parametrize(
    ("length", "follows", "hidden"),
    [(1000, False, False), (1001, False, True), (480, True, False), (481, True, True)],
)
def test_what_decides_is_shown_up_to_a_page(length, follows, hidden):
    a, long = sp.symbols("a b", positive=True)
    c = sp.Symbol("x" * (length - len(" > 0")), real=True)
    rows = list(_conditions([a, c, long], [c] if follows else [], ["a"]))
    row = next(row for row in rows if len(row) > 20)
    assert ("characters" in row) == hidden
    assert ("(follows)" in row) == follows
