"""Every claim, on both sides of its boundary, against both interpreters."""

from __future__ import annotations

import inspect

import pytest
import sympy as sp

from stabcheck import CGD, Bilinear, Dirac, Flow, analyse
from stabcheck.core import hyper
from stabcheck.core.errors import NotApplicable, NotSmooth
from stabcheck.core.number import number
from stabcheck.declare import registry
from stabcheck.declare.combination import Combination, assemble
from stabcheck.declare.games.gan import GAN
from stabcheck.judge.analysis import Analysis
from stabcheck.judge.resting import linearised
from stabcheck.literature import ANY_METHOD, claims
from stabcheck.literature.claim import drawn_to_zero
from stabcheck.symbolic.exact import eigenvalues, verdict
from stabcheck.symbolic.facts import facts_of
from stabcheck.symbolic.update import Point
from stabcheck.verify.claims import faults, general_faults
from stabcheck.verify.witnesses import Subject, samples, verify
from tests.dealt import dealt

CLAIMS = {claim.key: claim for claim in claims()}
ABOUT = [(key, game) for key, claim in CLAIMS.items() for game in claim.games]
FACTS = (
    [f"A{n:02}" for n in (1, 2, *range(4, 9), *range(11, 25), 26)]
    + [f"C{n:02}" for n in (*range(1, 13), *range(14, 20), 22, 23, *range(27, 33))]
    + ["B01", "B03", "B05", "C00", "D01", "D03", "D04", "D05", "D06", "D07", "D08", "D09", "E01"]
)
ALWAYS = {
    "C01 cgd", "C07 implicit", "C07 semi-implicit", "C16 lola:flow exact", "C16 lola:flow first-order",
    "A22 ttur gp", "C16 lookahead-opponent:flow", "C17 flow through", "C17 flow stopped",
}  # fmt: skip
STRUCTURAL = {"on", "form", "gradient"}


def about(claim, game=None, **given):
    """The analysis that a claim speaks of, every hyperparameter open that it leaves open."""
    given |= {name: want for name, want in claim.settings if name in STRUCTURAL}
    for name, want in claim.settings:
        if name.startswith("k_"):
            given["k"] = want
    if claim.shifted:
        given["x0"] = "1"
    game = game or claim.games[0]
    for letter in {name for f in (claim.polynomial, claim.matrix, claim.stable) if f for name in letters(f)}:
        base, _, player = letter.partition("_")
        if base == "label":
            # It has a default; a number leaves the name open.
            given[letter] = "1"
        if player == "g" and base != "n" and (base, "common") not in claim.settings:
            # One for each player; the number only says so, and the names stay open.
            given |= {f"{base}_{p}": "1/2" for p in registry.find("game", game)().players}
    is_gan = issubclass(registry.find("game", game), GAN)
    loss = loss_of(claim) if is_gan else None
    method = "flow" if claim.method == ANY_METHOD else claim.method
    assembly = assemble(Combination(game, loss, claim.penalties, method), given)
    result = Analysis(*(hyper.rebind(part, fixed(claim)) for part in (assembly.game, assembly.operator)))
    return result.at(g0=0) if claim.where is drawn_to_zero else result


def loss_of(claim):
    """A loss that a claim is about: the first that does, of those without numbers."""
    for loss in ("germ", "nsgan", "wgan", "lsgan-mao"):
        letters = facts_of(Dirac(loss), Flow()).letters
        if all(condition.holds(letters) is not False for condition in claim.about):
            return loss
    raise AssertionError(claim)


def letters(formula):
    return inspect.signature(formula).parameters


def fixed(claim):
    """Puts the numbers that a claim is about in the place of names."""
    wanted = dict(claim.settings)

    def to(row, value):
        text = wanted.get(f"{row.name}_{row.owner}", "common")
        return value if text == "common" else number(text)

    return to


def exact_points(result, count):
    subject = Subject(result.game, result.operator, result.model, None, result.values)
    for values in samples(subject, count, seed=1):
        yield values
        # Small steps, where most methods are stable.
        yield {n: v / 8 if n[0] in "hek" else v for n, v in values.items()}
        # Large ones, where most are not.
        yield {n: 4 * v if n[0] == "h" else v for n, v in values.items()}
        # The edge of a domain is where a strict condition and a weak one part.
        edges = {n: sp.Integer(0) for n, row in result.names.items() if row.domain.contains(sp.Integer(0))}
        yield from ({**values, name: zero} for name, zero in edges.items())
        yield {**values, **edges}


def test_keys_are_unique_and_cover_the_facts():
    assert len(CLAIMS) == len(list(claims()))
    text = (
        " ".join(f"{claim.key} {claim.text}" for claim in claims())
        .replace("-A05", " A05")
        .replace("-A07", " A07")
    )
    assert [fact for fact in FACTS if fact not in text] == []


@pytest.mark.parametrize("points", dealt([4, 12], 2))
@pytest.mark.parametrize(("key", "game"), dealt(ABOUT, 6))
def test_claim_holds_exactly(key, game, points):
    claim = CLAIMS[key]
    result = about(claim, game)
    assert key in {c.key for c in result.claims}
    if claim.verdict == "not differentiable":
        assert isinstance(result.here.point, NotSmooth)
        return
    assert not list(general_faults(claim, result.game, result.model))
    computed = set()
    facts = facts_of(result.game, result.operator)
    judged = claim.stable or claim.step_bound or claim.verdict
    for values in exact_points(result, points if judged else 3):
        try:
            point = Point.of(
                linearised(result.model, result.operator, {**result.model.germ_values(values), **values})
            )
        except NotApplicable:
            # The fast player has no best response without its penalty.
            assert claim.method == "ttur"
            assert values["gamma"] == 0
            continue
        assert not list(faults(claim, facts, point, result.model))
        computed.add(verdict(eigenvalues(point.factors, region=result.region)) == "stable")
    never = claim.stable is not None and not letters(claim.stable)
    if key in ALWAYS or claim.verdict == "stable":
        assert computed == {True}
    elif never or claim.verdict is not None:
        assert computed == {False}
    elif claim.stable is not None or claim.step_bound is not None:
        assert computed == {True, False}, "both sides of the boundary must be seen"


# Statements on matrices of one size are met, with a method on top, by the sample of the registry.
SPOKEN = [(key, game) for key, game in ABOUT if CLAIMS[key].dims is None]


@pytest.mark.parametrize(("key", "game"), dealt(SPOKEN, 24))
def test_claim_holds_numerically(key, game):
    verification = about(CLAIMS[key], game).verify(points=4, seed=3)
    assert verification.status == "agrees", verification.reason
    assert "numeric" in verification.witnesses
    assert key in verification.claims


@pytest.mark.parametrize("key", [key for key in CLAIMS if key.startswith("C10")])
def test_published_radii(key):
    claim = CLAIMS[key]
    for given, radius in claim.radii:
        computed = about(claim).at(**dict(given)).spectral_radius
        assert f"{computed:.{len(radius) - 2}f}" == radius, given
    assert len(claim.radii) == 3


def test_the_radius_that_is_exactly_one():
    result = about(CLAIMS["C10 sga:simgd"]).at(alpha=3, h="1/5", lam=1)
    assert result.verdict == "neutral"
    assert result.spectral_radius == 1


@pytest.mark.parametrize("key", ["A06-A07", "A17 gp"])
@pytest.mark.parametrize("order", dealt(["g,d", "d,g"], 2))
def test_sub_steps_in_either_order(key, order):
    verification = about(CLAIMS[key], n_g="2", n_d="3", order=order, h_g="1/10").verify(points=6, seed=2)
    assert verification.status == "agrees", verification.reason
    assert key in verification.claims


@pytest.mark.parametrize(
    "key", dealt(["A02", "A04-A05", "A15/A22 gp", "A15/A16 r2", "A19", "B03", "A14 both"], 3)
)
def test_each_eigenvalue_counts_dim_times(key):
    """A25: in R^d the spectrum is that of R^1, each eigenvalue d times."""
    result = about(CLAIMS[key], dim="3")
    assert [f.multiplicity for f in result.factors] == [3]
    verification = result.verify(points=2)
    assert verification.status == "agrees", verification.reason
    assert key in verification.claims


def test_flow_with_two_time_scales():
    """A22: -tau gamma/2 ± sqrt(tau^2 gamma^2/4 - tau f'(0)^2)."""
    assembly = assemble(Combination(penalties=("gp",)), {"tau_d": "3"})
    (roots,) = Analysis(assembly.game, assembly.operator).closed_form
    tau, gamma = sp.symbols("tau_d", positive=True), sp.Symbol("gamma", nonnegative=True)
    f1 = sp.Symbol("f1", real=True, nonzero=True)
    assert roots.centre == -tau * gamma / 2
    assert sp.expand(roots.radical**2 - (tau**2 * gamma**2 / 4 - tau * f1**2)) == 0


def test_a_wrong_claim_is_found():
    """The comparison can fail: gamma in the place of gamma/2 is told from the truth."""
    from dataclasses import replace

    claim = CLAIMS["A15/A22 gp"]
    result = about(claim)
    wrong = replace(claim, polynomial=lambda z, f1, gamma: z**2 + 2 * gamma * z + f1**2, stable=lambda: (-1,))
    values = {name: sp.Integer(1) for name in (*result.names, "f1", "f2")}
    point = Point.of(linearised(result.model, result.operator, values))
    assert len(list(faults(wrong, facts_of(result.game, result.operator), point, result.model))) == 2


def test_verification_reports_a_disagreement(monkeypatch):
    from dataclasses import replace

    result = about(CLAIMS["A15/A22 gp"])
    subject = Subject(result.game, result.operator, result.model, result.factors, {})
    doubled = tuple(replace(f, coefficients=tuple(2 * c if i else c for i, c in enumerate(f.coefficients)))
                    for f in result.factors)  # fmt: skip
    assert verify(subject).status == "agrees"
    assert verify(replace(subject, factors=doubled)).status == "disagrees"


def test_a_claim_is_told_in_the_games_own_letters():
    cgd = next(c for c in analyse(Bilinear("alpha"), CGD("h")).claims if c.polynomial)
    assert "1/(1 ± i alpha sqrt(h_x h_y))" in cgd.text
    cgd = next(c for c in analyse(Dirac("gan"), CGD("h")).claims if c.polynomial)
    assert "1/(1 ± i f'(0) sqrt(h_g h_d))" in cgd.text
