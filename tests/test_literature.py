"""Every claim, on both sides of its boundary, against both interpreters."""

from __future__ import annotations

import pytest
import sympy as sp

from stabcheck import claimed
from stabcheck.analysis import Analysis
from stabcheck.assemble import Combination, assemble
from stabcheck.errors import NotSmooth
from stabcheck.literature import claims
from stabcheck.symbolic.exact import eigenvalues, verdict
from stabcheck.symbolic.update import Point
from stabcheck.verify import Subject, samples, verify

CLAIMS = {claim.key: claim for claim in claims()}
FACTS = [f"A{n:02}" for n in (1, 2, 4, 5, 6, 7, 8, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 22, 24, 26)] + [
    "B03"
]


def about(claim, **given):
    """The analysis that a claim speaks of, every hyperparameter open."""
    given |= {name: want for name, want in claim.settings if name == "on"}
    if claim.shifted:
        given["x0"] = "1"
    loss = claim.losses[0] if claim.losses else "germ"
    parts = assemble(Combination("dirac", loss, claim.penalties, claim.method), given)
    return Analysis(parts.game, parts.operator)


def exact_points(result, count):
    subject = Subject(result.game, result.operator, result.model, None, {})
    for values in samples(subject, count, seed=1):
        yield values
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


@pytest.mark.parametrize("key", CLAIMS)
def test_claim_holds_exactly(key):
    claim = CLAIMS[key]
    result = about(claim)
    assert key in {c.key for c in result.known}
    if claim.verdict == "not differentiable":
        assert isinstance(result._here, NotSmooth)
        return
    assert not list(claimed.general_faults(claim, result.model))
    found = set()
    for values in exact_points(result, 30):
        point = Point.of(result.model, result.operator, {**result.model.germ_values(values), **values})
        assert not list(claimed.faults(claim, result.game, result.operator, point, result.model))
        found.add(verdict(eigenvalues(point.factors, discrete=result.discrete)) == "stable")
    if (claim.stable is not None and not key.startswith("A06")) or claim.step_bound is not None:
        assert found == {True, False}, "both sides of the boundary must be seen"


@pytest.mark.parametrize("key", CLAIMS)
def test_claim_holds_numerically(key):
    found = about(CLAIMS[key]).verify(points=6, seed=3)
    assert found.status == "agrees", found.reason
    assert "numeric" in found.witnesses
    assert key in found.claims


@pytest.mark.parametrize("key", ["A06-A07", "A17 gp"])
@pytest.mark.parametrize("order", ["g,d", "d,g"])
def test_sub_steps_in_either_order(key, order):
    found = about(CLAIMS[key], n_g="2", n_d="3", order=order, h_g="1/10").verify(points=6, seed=2)
    assert found.status == "agrees", found.reason
    assert key in found.claims


@pytest.mark.parametrize("key", ["A02", "A04-A05", "A15/A22 gp", "A15/A16 r2", "A19", "B03", "A14 both"])
def test_each_eigenvalue_counts_dim_times(key):
    """A25: in R^d the spectrum is that of R^1, each eigenvalue d times."""
    result = about(CLAIMS[key], dim="3")
    assert [f.multiplicity for f in result.factors] == [3]
    found = result.verify(points=2)
    assert found.status == "agrees", found.reason
    assert key in found.claims


def test_flow_with_two_time_scales():
    """A22: -tau gamma/2 ± sqrt(tau^2 gamma^2/4 - tau f'(0)^2)."""
    parts = assemble(Combination(penalties=("gp",)), {"tau_d": "3"})
    (roots,) = Analysis(parts.game, parts.operator).closed_form
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
    values = {"gamma": sp.Integer(1), "f1": sp.Integer(1), "f2": sp.Integer(0)}
    point = Point.of(result.model, result.operator, values)
    assert len(list(claimed.faults(wrong, result.game, result.operator, point, result.model))) == 2


def test_verification_reports_a_disagreement(monkeypatch):
    from dataclasses import replace

    result = about(CLAIMS["A15/A22 gp"])
    subject = Subject(result.game, result.operator, result.model, result.factors, {})
    doubled = tuple(replace(f, coefficients=tuple(2 * c if i else c for i, c in enumerate(f.coefficients)))
                    for f in result.factors)  # fmt: skip
    assert verify(subject).status == "agrees"
    assert verify(replace(subject, factors=doubled)).status == "disagrees"
