"""LaTeX: read back by a parser, compiled, with names of any user."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import pairwise

import pytest
import sympy as sp
from lark import Tree
from sympy.core.symbol import Str
from sympy.parsing.latex import parse_latex

from stabcheck.core.domain import NONNEGATIVE
from stabcheck.core.errors import StabcheckError
from stabcheck.core.hyper import TABLE, hyper
from stabcheck.declare import registry
from stabcheck.declare.combination import Combination, assemble
from stabcheck.declare.games.dirac import Dirac
from stabcheck.declare.games.game import Penalty
from stabcheck.declare.methods.flow import Flow
from stabcheck.judge.analysis import Analysis
from stabcheck.judge.derivation.data import PlusMinus
from stabcheck.report.derivation import markdown
from stabcheck.report.document import PREAMBLE, document, steps
from stabcheck.report.escape import escaped
from stabcheck.report.latex import Setter, fragment, rows
from stabcheck.report.width import width
from stabcheck.study import combinations
from stabcheck.symbolic.printing import tex_table
from stabcheck.symbolic.unevaluated import Expectation, GermFunction
from tests.dealt import dealt

LONGEST = 46
"""Longer formulas, and the other steps, are read back in the sweep over everything only."""
READ = ("vector field", "Jacobian", "characteristic polynomial", "eigenvalues", "criterion")
EVERY = (
    *(Combination(game=name) for name in registry.declarations("game")),
    *(Combination(loss=name) for name in registry.declarations("loss")),
    *(Combination(penalties=(name,)) for name in registry.declarations("penalty")),
    *(Combination(method=name) for name in registry.declarations("method")),
)
MAIN = (
    Combination(penalties=("gp",), method="altgd"),
    Combination(penalties=("consensus",), method="ogda"),
    Combination(game="gaussian", penalties=("gp",), method="simgd"),
    Combination(method="lookahead"),
    Combination(game="cyclic", method="extragradient"),
    Combination(game="nk-toy", penalties=("nk",)),
    Combination(game="random", method="simgd"),
)


@cache
def derived(combination):
    """The result, or nothing where the parts do not go together."""
    try:
        parts = assemble(combination)
        return Analysis(parts.game, parts.operator).at(**parts.values)
    except StabcheckError:
        return None


def results(combinations):
    found = [derived(c) for c in combinations]
    return [r for r in found if r is not None]


# Formulas read back

# What the parser cannot read: functions known by a name only, means, W, tanh, sign; and the letters
# d, e, i and sigma, which it takes for something else or does not know.
OPAQUE = (GermFunction, Expectation, sp.tanh, sp.LambertW, sp.sign)
READABLE = re.compile(r"(?!d|e|i\b)[A-Za-z](_\{[A-Za-z0-9]\})?|\\(?!var|sigma)[a-z]+(_\{[A-Za-z0-9]\})?")
WORD = re.compile(r"\\(?:left|right)\s*.|\\[A-Za-z]+|\d+(?:\.\d+)?|\S")
STARTS = re.compile(
    r"\\frac|\\sqrt|\\log|\\max|\\min|\\left[(|]|\(|[A-Za-z0-9].*|\\(?!cdot|times|right|pm)[a-z]+"
)
ENDS = re.compile(r"\\right[)|]|\)|\}|[A-Za-z0-9].*|\\(?!cdot|times|left|pm|frac|sqrt|log|max|min)[a-z]+")


def with_dots(tex):
    """The same formula with a dot between factors: the parser knows few products without one."""
    tex = re.sub(r"\\big[lr]?(?![A-Za-z])", "", tex.replace(r"\bigl", "").replace(r"\bigr", ""))
    words = [w.replace(" ", "") for w in WORD.findall(tex.replace(r"\,", " ").replace(r"\quad", ""))]
    found = words[:1]
    for before, word in pairwise(words):
        subscript = len(found) > 1 and found[-2] in "_^" and before not in "{}"
        if ENDS.fullmatch(before) and STARTS.fullmatch(word) and not subscript:
            found.append(r"\cdot")
        found.append(word)
    tight = "".join(f"{w} " if w[:1] == "\\" and w[-1].isalpha() else w for w in found)
    return re.sub(r"(\\[A-Za-z]+) (?=[_{])", r"\1", tight.replace(r"\left", "").replace(r"\right", ""))


@cache
def read(tex):
    return parse_latex(tex, backend="lark")


def plain(e, setter):
    """An expression with plain symbols for all that the parser cannot read."""
    opaque = {a for kind in OPAQUE for a in e.atoms(kind)}
    outer = {a for a in opaque if not any(a != b and b.has(a) for b in opaque)}
    unread = [s for s in e.free_symbols | e.atoms(sp.Symbol) if not READABLE.fullmatch(setter.write(s))]
    names = (sp.Symbol(f"{letter}_{k}") for letter in "PQRSTUVXY" for k in range(10))
    put = dict(zip([*sorted(outer, key=str), *sorted(unread, key=str), sp.I], names, strict=False))
    return e.xreplace({a: put[a] for a in outer}).xreplace(put)


def same(a, b):
    """Whether two expressions are one function of the same symbols: at a point, to twenty digits."""
    if a.free_symbols != b.free_symbols:
        return False
    symbols = sorted(a.free_symbols | b.free_symbols, key=str)
    at = {s: sp.Rational(17 + 13 * k, 11 + 7 * k) for k, s in enumerate(symbols)}
    digits = 11 if b.has(sp.Float) else 20
    gap = sp.N(a.xreplace(at), 30) - sp.N(b.xreplace(at), 30)
    return abs(gap) < 10**-digits * (1 + abs(sp.N(b.xreplace(at), 30)))


def formulas(result, titles):
    """Every expression of the steps that a parser could read, without the letters on the left."""
    for e in (e for step in result.derivation.steps if step.title in titles for e in step.equations):
        for side in (e.lhs, e.rhs):
            if isinstance(side, PlusMinus):
                yield side.both[0]
            elif isinstance(side, sp.MatrixBase | sp.Tuple):
                yield from (entry for entry in side if not entry.is_Atom)
            elif isinstance(side, sp.Expr) and type(side).__module__.startswith("sympy"):
                yield side


def round_trip(result, longest, titles=READ):
    setter = Setter(result.derivation)
    count = 0
    for formula in dict.fromkeys(formulas(result, titles)):
        expected = plain(formula, setter)
        # So little room that short formulas are broken, too.
        tex = " ".join(setter.lines(expected, 7))
        if expected.is_Atom or len(tex) > longest:
            continue
        letters = {read(setter.write(s)): s for s in expected.free_symbols}
        assert len(letters) == len(expected.free_symbols), tex
        found = read(with_dots(tex))
        # Where the parser sees two ways to read, one must be right.
        readings = found.children if isinstance(found, Tree) else [found]
        back = [one.xreplace({**letters, sp.Symbol("e"): sp.E}) for one in readings]
        assert any(same(one, expected) for one in back), tex
        count += 1
    return count


@pytest.mark.parametrize("part", dealt(range(12), 12))
def test_every_formula_of_every_declaration_is_read_back(part):
    assert sum(round_trip(result, LONGEST) for result in results(EVERY[part::12])) > 7


@pytest.mark.whole
def test_every_formula_of_the_sweep_is_read_back():
    every = ((r, [step.title for step in r.derivation.steps]) for r in results(combinations.every()))
    assert sum(round_trip(result, 1500, titles) for result, titles in every) > 1000


# Compiled


def compiled(tex, folder):
    """The log of one run of pdflatex."""
    if shutil.which("pdflatex") is None:
        pytest.skip("pdflatex is not installed; on Debian it is in texlive-latex-base")
    (folder / "all.tex").write_text(tex, encoding="ascii")
    command = ["pdflatex", "-no-shell-escape", "-halt-on-error", "-interaction=nonstopmode", "all.tex"]
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=100, check=False)
    assert done.returncode == 0, done.stdout.decode(errors="replace")[-1500:]
    return (folder / "all.log").read_text(encoding="latin-1").replace("\n", "")


def too_wide(log):
    return [
        float(points) for points in re.findall(r"Overfull \\hbox \(([0-9.]+)pt", log) if float(points) > 3
    ]


def in_one(parts):
    body = "\n\n\\clearpage\n".join(parts)
    return f"{PREAMBLE}\n\\begin{{document}}\n{body}\n\\end{{document}}\n"


@pytest.mark.parametrize("part", dealt(range(6), 6))
def test_all_fragments_and_proofs_compile_and_fit_the_page(part, tmp_path):
    found = results(EVERY[part::6])
    assert len(found) > 80 / 6
    log = compiled(in_one([v for r in found for v in (fragment(r), steps(r.derivation))]), tmp_path)
    assert too_wide(log) == []


@pytest.mark.whole
def test_everything_compiles(tmp_path):
    log = compiled(in_one([steps(r.derivation) for r in results(combinations.every())]), tmp_path)
    assert too_wide(log) == []


@pytest.mark.parametrize("combination", dealt(MAIN, 4), ids=str)
def test_a_proof_is_complete_after_one_run(combination, tmp_path):
    result = derived(combination)
    log = compiled(document(result, proof=True), tmp_path)
    assert too_wide(log) == []
    assert "Citation" not in log
    assert "LaTeX Warning: There were" not in log


def test_a_document_of_formulas_compiles(tmp_path):
    result = derived(MAIN[0]).at(gamma=1, h="1/10")
    log = compiled(document(result, proof=False), tmp_path)
    assert too_wide(log) == []
    assert "stable" in document(result, proof=False)


GAME = r"""
name = "my-game"
source = 'A & B: 50% of $x_1^2$ #3 \ {~} <y> "q" |z| Ångström ±² 漢 λ'
[players.first_one]
loss = "speed*x_1^2/2 + b_cd*x_1*x1 + my_name*x_1"
variables = ["x_1"]
[players.second_one]
loss = "-b_cd*x_1*x1 + speed*x1^2/2"
variables = ["x1"]
[hyperparameters]
speed = ">0"
b_cd = "real"
my_name = { sign = "real", default = 0, help = "50% & more_of #1" }
[equilibrium]
x_1 = 0
x1 = 0
"""


@pytest.fixture
def odd(tmp_path):
    (tmp_path / "odd.toml").write_text(GAME, encoding="utf-8")
    return derived(Combination(game=str(tmp_path / "odd.toml"), method="altgd"))


def test_names_of_users_are_set_as_they_are(odd, tmp_path):
    assert odd is not None
    compiled(document(odd, proof=True), tmp_path)
    shown = steps(odd.derivation)
    assert r"A \& B: 50\% of \$x\_1\textasciicircum{}2\$ \#3 \textbackslash{} \{" in shown
    assert r"\AA{}ngstr\"{o}m $\pm$$^2$ [U+6F22] $\lambda$" in shown
    assert r"\mathrm{speed}" in shown


def test_two_names_are_never_set_alike(odd):
    table = tex_table(odd.derivation.symbols, odd.names)
    assert len(set(table.values())) == len(table)
    assert {s.name for s in table} >= {"x_1", "x1"}


def test_one_name_for_two_players_keeps_them_apart():
    result = Analysis(*_decayed())
    found = {tex_table(result.derivation.symbols, result.names)[s] for s in result.symbols if "lam" in s.name}
    assert found == {r"\lambda_{g}", r"\lambda_{d}"}
    # The eigenvalues then go by another letter.
    assert r"\lambda &=" not in fragment(result)


@dataclass(frozen=True)
class Drawn(Penalty):
    """`L_i += lambda_i/2 |x_i|^2`."""

    pull: tuple = hyper("lambda", domain=NONNEGATIVE, help="strength", per_player=True)
    name = "drawn"

    def losses(self, xp, game, losses):
        return lambda *x: tuple(
            loss + pull / 2 * (own @ own) for loss, pull, own in zip(losses(*x), self.pull, x, strict=True)
        )


def _decayed():
    return Dirac() + Drawn(("lambda_g", "lambda_d")), Flow()


@pytest.mark.parametrize(
    "text", ["my_game", "50%", "#", "&", "\\", "_", "^", "~", "{}", "$", "<", "é", "\x00"]
)
def test_escaped_text_is_ascii_without_bare_specials(text):
    found = escaped(text)
    assert found.isascii()
    bare = re.sub(r"\\(text[a-z]+\{\}|[{}$&%#_]|['\"^~`]\{.\})|\$[<>|]\$", "", found)
    assert not re.search(r"[\\{}$&%#_^~]", bare)


# Lines


def test_long_formulas_are_broken_and_nothing_is_lost():
    result = derived(Combination(game="random", method=None))
    setter = Setter(result.derivation)
    longest = max(result.vector_field, key=sp.count_ops)
    lines = setter.lines(longest, 25)
    assert len(lines) > 3
    assert max(map(width, lines)) <= 25
    whole = setter.write(longest)
    assert re.findall(r"[a-z]+_\{\d\}|\d+", " ".join(lines)) == re.findall(r"[a-z]+_\{\d\}|\d+", whole)


def test_a_long_product_of_short_factors_is_broken_between_them():
    setter = Setter(derived(MAIN[0]).derivation)
    letters = [sp.Symbol(f"{a}_{k}") for a in "abc" for k in range(8)]
    lines = setter.lines(sp.Mul(*letters), 12)
    assert max(map(width, lines)) <= 12
    assert set(re.findall(r"[a-c]_\{\d\}", " ".join(lines))) == {setter.write(s) for s in letters}
    assert all(line.startswith(r"\times ") for line in lines[1:])


def test_a_wide_matrix_is_listed_with_each_entry_once():
    result = derived(Combination(game="random", method="simgd"))
    found = "\n".join(rows(result.derivation, result.derivation.step("update matrix").equations))
    entries = {(int(i), int(j)) for i, j in re.findall(r"M_\{(\d+),(\d+)\}", found)}
    matrix = result.update_matrix
    assert entries == {(i + 1, j + 1) for i in range(5) for j in range(5) if matrix[i, j] != 0}
    assert r"\mathbb{R}^{5 \times 5}" in found


def test_the_germ_is_set_as_papers_do():
    x = sp.Symbol("x", real=True)
    setter = Setter(derived(MAIN[0]).derivation)
    assert setter.write(GermFunction(Str("f"), sp.Integer(1), x)) == r"f'{\left(x\right)}"
    assert r"\frac{\gamma^{2}}{4} - f'(0)^{2}" in fragment(derived(Combination(penalties=("gp",))))
    assert setter.write(2 * sp.I * sp.exp(x)) == "2 i e^{x}"
    assert TABLE["f1"].tex == "f'(0)"


def test_markdown_and_fragment_hold_the_same_rows():
    result = derived(MAIN[0])
    shown = markdown(result.derivation)
    for step in result.derivation.steps:
        for row in rows(result.derivation, step.equations):
            assert row in shown


def test_fractions_are_exact():
    result = derived(MAIN[0]).at(gamma=Fraction(1, 3), h="1/7")
    assert r"\gamma &= \frac{1}{3}" in fragment(result)
