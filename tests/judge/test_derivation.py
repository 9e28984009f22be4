"""The steps of a derivation, held against one another and against numbers."""

import random

import numpy as np
import pytest
import sympy as sp

from stabcheck import LOLA, R1, AltGD, Dirac, analyse
from stabcheck.core.errors import BadInput
from stabcheck.declare.combination import Combination, assemble
from stabcheck.declare.games.game import Game
from stabcheck.judge.analysis import Analysis
from stabcheck.judge.derivation.data import Characteristic, PlusMinus, Source, Subscripted
from stabcheck.judge.record import recorded
from stabcheck.report.derivation import html, markdown, text
from stabcheck.report.latex import fragment, rows
from stabcheck.report.markdown import page
from stabcheck.symbolic.spectrum import Z
from stabcheck.symbolic.unevaluated import Expectation, GermFunction
from tests.dealt import dealt
from tests.games import RandomGame

SAMPLE = (
    Combination(),
    Combination(penalties=("gp",), method="altgd"),
    Combination(loss="nsgan", penalties=("consensus",), method="ogda"),
    Combination(loss="rpgan", penalties=("gp", "r2")[:1], method="simgd"),
    Combination(game="gaussian", penalties=("gp",)),
    Combination(game="lq", method="simgd"),
    Combination(game="cyclic", method="extragradient"),
    Combination(game="quadratic", method="cgd"),
    Combination(game="mcgan", method="heavy-ball"),
    Combination(game="random"),
    Combination(game="bilinear", method="moving-anchor"),
)
KINKED = Combination(loss="wgan", penalties=("wgan-gp",))


def derived(combination, **values):
    parts = assemble(combination)
    return Analysis(parts.game, parts.operator).at(**parts.values).at(**values)


@pytest.fixture(params=SAMPLE, ids=str, scope="module")
def result(request):
    return derived(request.param)


def right(result, title, kind=sp.Basic):
    """The right-hand sides of a step."""
    return [e.rhs for e in result.derivation.step(title).equations if isinstance(e.lhs, kind)]


def some(result, seed=1):
    """A random rational for every symbol that is no coordinate."""
    draw = random.Random(seed)
    symbols = sorted({*result.symbols} - {*result.model.coordinates, Z}, key=str)
    return {s: sp.Rational(draw.randint(1, 9), draw.randint(10, 19)) for s in symbols}


# The steps against one another


def concrete(e):
    """The expression with a cubic for each function known by a name, and a mean over -1 and 1 for E."""

    def cubic(name, k, t):
        s = sp.Dummy()
        return (s**3 / 7 - 2 * s**2 + len(str(name)) * s + 3).diff(s, int(k)).subs(s, t)

    def mean(body, *draws):
        for draw in draws:
            body = (body.xreplace({draw: sp.S.One}) + body.xreplace({draw: -sp.S.One})) / 2
        return body

    return e.replace(Expectation, mean).replace(GermFunction, cubic).xreplace({sp.Symbol("f0", real=True): 3})


def test_the_field_is_minus_the_gradient_of_the_objective(result):
    losses = [concrete(e) for e in right(result, "objective", Subscripted)]
    field = [concrete(e) for e in right(result, "vector field", Subscripted)]
    coordinates, owners = result.model.coordinates, result.model.owner
    assert len(losses) == len(result.game.players)
    assert len(field) == len(coordinates)
    at = {**some(result), **{s: sp.Rational(k + 2, 11) for k, s in enumerate(coordinates)}}
    for v, s, owner in zip(field, coordinates, owners, strict=True):
        gap = (v + losses[owner].diff(s)).xreplace(at)
        assert abs(sp.N(gap.doit(), 30)) < 1e-20


def test_the_field_vanishes_at_the_equilibrium(result):
    names, rest = (tuple(e) for e in (result.derivation.step("equilibrium").equations[0].lhs,
                                      result.derivation.step("equilibrium").equations[0].rhs))  # fmt: skip
    assert names == result.model.coordinates
    at = dict(zip(names, rest, strict=True))
    for v in right(result, "vector field", Subscripted):
        assert sp.expand(concrete(v).xreplace(at)) == 0


def deciding(result):
    """The matrix whose eigenvalues decide, from its own step, and its letter."""
    for title in ("update matrix", "matrix of the flow", "Jacobian"):
        step = result.derivation.step(title)
        if step is not None:
            return step.equations[0].lhs, step.equations[0].rhs
    raise AssertionError


def test_the_polynomial_is_that_of_the_matrix(result):
    (stated,) = result.derivation.step("characteristic polynomial").equations
    letter, matrix = deciding(result)
    assert stated.lhs == Characteristic(letter, Z)
    for seed in (1, 2):
        at = some(result, seed)
        expected = sp.Matrix(matrix.xreplace(at)).charpoly(Z).as_expr()
        assert sp.expand(stated.rhs.xreplace(at) - expected) == 0


def test_every_root_is_one_of_the_polynomial(result):
    equations = result.derivation.step("eigenvalues").equations
    (polynomial,) = right(result, "characteristic polynomial")
    letters = {e.lhs: e.rhs for e in equations if e.note == "above"}
    at = some(result)
    roots = [e.rhs for e in equations if isinstance(e.lhs, sp.Symbol) and e.note != "above"]
    for root in (one for r in roots for one in (r.both if isinstance(r, PlusMinus) else (r,))):
        put = polynomial.xreplace(at).xreplace({Z: root.xreplace(letters).xreplace(at)})
        assert abs(sp.N(put, 30)) < 1e-20
    for factor in (e.lhs for e in equations if e.lhs.is_Add):
        assert sp.rem(sp.expand(polynomial.xreplace(at)), sp.expand(factor.xreplace(at)), Z) == 0


def test_as_many_roots_as_the_matrix_has_rows(result):
    count = 0
    times = {"double": 2, "triple": 3}
    for e in result.derivation.step("eigenvalues").equations:
        degree = sp.degree(e.lhs, Z) if e.lhs.is_Add else 2 if isinstance(e.rhs, PlusMinus) else 1
        word = e.note.replace("each root ", "").replace("each ", "")
        copies = int(word.split("-")[0]) if word.endswith("fold") else times.get(word, 1)
        count += 0 if e.note == "above" else degree * copies
    assert count == deciding(result)[1].rows


@pytest.mark.parametrize("seed", range(4))
def test_the_criterion_tells_stable_from_unstable(result, seed):
    if result.manifold:
        return
    at = some(result, seed)
    found = np.linalg.eigvals(np.array(deciding(result)[1].xreplace(at).tolist(), complex))
    worst = abs(found).max() - 1 if result.discrete else found.real.max()
    conditions = result.derivation.step("criterion").equations
    assert all(e.relation == ">" and e.rhs == 0 for e in conditions)
    if result.conditions is not None and abs(worst) > 1e-9:
        assert (worst < 0) == all(e.lhs.xreplace(at) > 0 for e in conditions)


def test_the_spectrum_at_values_is_that_of_the_matrix():
    result = derived(SAMPLE[1], gamma="2/3", h="1/5")
    values = {e.lhs: e.rhs for e in result.derivation.step("values").equations}
    matrix = np.array(deciding(result)[1].xreplace(values).tolist(), float)
    shown = [e.rhs for e in result.derivation.step("spectrum").equations if e.relation == "~"]
    *eigenvalues, radius = map(complex, shown)
    assert np.allclose(np.sort_complex(eigenvalues), np.sort_complex(np.linalg.eigvals(matrix)), atol=1e-11)
    assert abs(radius.real - abs(np.linalg.eigvals(matrix)).max()) < 1e-11


# Ends and notes


def test_a_kink_ends_the_derivation():
    derivation = derived(KINKED).derivation
    assert [s.title for s in derivation.steps][:4] == [
        "objective",
        "vector field",
        "equilibrium",
        "no formulas",
    ]
    assert derivation.step("Jacobian") is None
    assert "kink" in derivation.step("equilibrium").says[0][0]
    assert "not differentiable" in derivation.step("verdict").says[0][0]


def test_a_step_that_moves_the_rest_point_is_said_to():
    found = analyse(RandomGame(seed=5), LOLA("alpha"))
    assert found.verdict == "moves the rest point"
    assert "moves" in found.derivation.step("no formulas").says[0][0]
    assert found.derivation.step("eigenvalues") is None
    assert "moves the rest point" in text(found.derivation)


def test_a_manifold_is_a_step_of_its_own():
    result = derived(Combination(game="mcgan"))
    assert [tuple(e.rhs) for e in result.derivation.step("manifold").equations] == [*result.manifold]


def test_letters_make_way_for_names():
    class Taken(Game):
        name = "taken"
        players = ("J", "L")
        variables = ("v", "J")
        dims = (1, 1)

        def equilibrium(self, xp, *t):
            return xp.zeros(1), xp.zeros(1)

        def losses(self, xp, *x):
            (v,), (j,) = x
            return v * j + v * v, -v * j

    derivation = analyse(Taken()).derivation
    assert derivation.step("Jacobian").equations[0].lhs != sp.Symbol("J")
    assert all(e.lhs.args[0] != sp.Symbol("v") for e in derivation.step("vector field").equations)


def test_sources_are_those_of_the_parts_and_the_claims():
    derivation = derived(Combination(penalties=("gp",), method="simgd")).derivation
    assert "Mescheder, Nowozin & Geiger 2017, arXiv:1705.10461" in derivation.sources
    cited = [p for s in derivation.steps for said in s.says for p in said if isinstance(p, Source)]
    assert len(cited) >= len(derivation.sources) > 1


# Views


def test_every_view_shows_every_equation_and_sentence(result):
    derivation = result.derivation
    shown = " ".join(text(derivation).split())
    assert all(step.title in shown for step in derivation.steps)
    assert all(len(line) <= 80 or " " not in line.strip() for line in text(derivation).splitlines())
    for view in (markdown(derivation), html(derivation)):
        assert all(step.title in view for step in derivation.steps)
    assert html(derivation).count("displaystyle") == len(derivation.equations)


def read_back(text_, result):
    letters = {s.name: s for s in result.symbols}
    return sp.sympify(text_.replace("f'(0)", "f1").replace("f''(0)", "f2").replace("^", "**"), locals=letters)


def test_all_views_of_one_run_hold_the_same_formulas():
    result = derived(SAMPLE[1], gamma=1, h="1/3")
    data = result.to_dict()
    lines = " ".join(text(result.derivation).split())
    centre, radical = lines.split("lambda = ")[1].split(" 8. ")[0].split(" ± ")
    plus = read_back(f"{centre} + {radical}", result)
    stated = [read_back(e["formula"], result) for e in data["closed_form"]]
    assert any(sp.expand(plus - e) == 0 for e in stated)
    stated = [read_back(c.removesuffix(" > 0"), result) for c in data["conditions"]]
    assert [e.lhs for e in result.derivation.step("criterion").equations] == stated
    exact = [e["exact"] for e in data["eigenvalues"]]
    assert [str(e) for e in right(result, "spectrum") if not e.has(sp.Float)] == exact
    for e in data["eigenvalues"]:
        assert f"{e['value']['re']:.12g}" in lines
        assert f"{e['value']['re']:.12g}" in fragment(result)
        assert f"{e['value']['re']:.12g}" in page(recorded(result))
    report = page(recorded(result))
    for step in result.derivation.general:
        for row in rows(result.derivation, step.equations):
            assert row in report


def test_markdown_shows_text_as_it_is():
    found = markdown(derived(SAMPLE[0]).derivation)
    assert r"\_" in found
    outside = found.split("$$")[::2]
    assert not any("<" in part.replace(r"\<", "") for part in outside)


# What a result shows of itself


def test_a_result_is_named_in_one_line():
    result = analyse(Dirac("gan") + R1("gamma"), AltGD("h"))
    assert (
        repr(result.at(gamma=1, h="1/10"))
        == "<Analysis dirac + gp under altgd at gamma = 1, h = 1/10: stable>"
    )
    assert repr(analyse(Dirac("nsgan"))) == "<Analysis dirac (nsgan) under flow: neutral>"
    assert "\n" not in repr(result)


@pytest.mark.parametrize("combination", dealt([*SAMPLE, KINKED], 3), ids=str)
def test_no_result_fails_to_show_itself(combination):
    result = derived(combination)
    assert repr(result).startswith("<Analysis ")
    assert result.verdict in result._repr_html_()
    shown = result._repr_latex_()
    assert shown is None or (shown.startswith(r"$\displaystyle") and shown.endswith("$"))
    assert (shown is None) == (result.closed_form is None)
    assert repr(result.derivation).startswith("<Derivation of ")
    assert result.derivation._repr_html_().startswith("<table>")
    assert result.derivation._repr_latex_().startswith(r"$\displaystyle")


def test_a_result_that_was_never_checked_names_its_refusal():
    class Broken(Game):
        name = "broken"
        players = ("a",)
        variables = ("x",)
        dims = (1,)

        def equilibrium(self, xp, *t):
            return (xp.zeros(1),)

        def losses(self, xp, *x):
            raise BadInput("no such loss")

    assert "no such loss" in repr(Analysis(Broken(), AltGD("h")))
