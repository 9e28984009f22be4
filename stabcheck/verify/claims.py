"""The literature held against the symbolic result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sympy as sp

from stabcheck.core.stability import HALF_PLANE
from stabcheck.declare.games.game import Game, unwrapped
from stabcheck.declare.games.gan import GAN
from stabcheck.declare.losses.loss import named
from stabcheck.declare.methods.flow import Flow
from stabcheck.judge.resting import linearised
from stabcheck.literature import Claim, call
from stabcheck.literature.matching import Facts, speaks_at
from stabcheck.symbolic.exact import eigenvalues, verdict
from stabcheck.symbolic.facts import at
from stabcheck.symbolic.model import Model
from stabcheck.symbolic.quotients import Quotients
from stabcheck.symbolic.slopes import slope_of
from stabcheck.symbolic.spectral_map import MU
from stabcheck.symbolic.spectrum import Factor, Z
from stabcheck.symbolic.unevaluated import GermFunction
from stabcheck.symbolic.update import Point
from stabcheck.symbolic.zero import vanishes

DIGITS = 60
NEGLIGIBLE = sp.Rational(1, 10**30)


def _resultant(a: sp.Expr, b: sp.Expr) -> sp.Expr:
    """The resultant in mu of two polynomials in mu and z; by FLINT, where SymPy takes minutes."""
    quotients = Quotients(a, b)
    one, other = quotients.of(a).top, quotients.of(b).top
    return quotients.expression(one.resultant(other, quotients.pieces.index(MU)))


def polynomial(claim: Claim, dims: Sequence[int], letters: Mapping[str, Any]) -> sp.Expr | None:
    """The claimed characteristic polynomial; in R^d each root counts d times."""
    if claim.polynomial is not None:
        return sp.expand(call(claim.polynomial, letters, z=Z) ** dims[0])
    if claim.composed_of is not None:
        flow, step = claim.composed_of
        if step.onto is not None:
            rows = call(flow.matrix or step.onto, letters)
            return sp.Matrix(call(step.onto, letters, rows=rows, dims=dims)).charpoly(Z).as_expr()
        assert step.through is not None
        of_flow = polynomial(flow, dims, {**letters, "tau_g": 1, "tau_d": 1})
        phi = call(step.through, letters, z=Z, mu=MU)
        whole = _resultant(sp.sympify(of_flow, strict=True).xreplace({Z: MU}), sp.expand(phi))
        return sp.Poly(whole, Z).monic().as_expr()
    if claim.matrix is not None:
        stated = sp.Matrix(call(claim.matrix, letters)).charpoly(Z).as_expr()
        return sp.expand(stated ** (1 if fits(claim, dims) else dims[0]))
    return None


def faults(claim: Claim, facts: Facts, point: Point, model: Model) -> Iterator[str]:
    """Where the claim and the symbolic result differ at a point, in words."""
    letters, region = at(facts.letters, point.values), facts.region
    if not speaks_at(claim, letters):
        return
    across = verdict((*point.eigenvalues(region=region), *point.of_memory(region=region)))
    # A condition speaks of one equilibrium: on a manifold of them none is exponentially stable.
    judged = "neutral" if point.along and across == "stable" else across
    near = {name: _rational(value) for name, value in letters.items()}
    # Rounded letters make rounded statements.
    slack = 0 if near == letters else NEGLIGIBLE
    if claim.matrix is not None and fits(claim, facts.dims):
        stated = sp.Matrix(call(claim.matrix, near))
        if _differ(stated, point.matrix, slack):
            yield f"{claim.key} has the matrix {stated.tolist()}, found {point.matrix.tolist()}"
    elif (expected := polynomial(claim, facts.dims, near)) is not None:
        whole = _product(point.factors)
        if _differ(sp.Poly(expected, Z).all_coeffs(), whole.all_coeffs(), slack):
            yield f"{claim.key} has the characteristic polynomial {expected}, found {whole.as_expr()}"
    if claim.stable is not None:
        stable = all(e > 0 for e in call(claim.stable, letters))
        yield from _disagreement(claim, "condition", judged, stable=stable)
    if claim.step_bound is not None:
        flow = Point.of(linearised(model, Flow(), point.values)).factors
        spectrum = [e.value for e in eigenvalues(flow, region=HALF_PLANE)]
        stable = all(m.real < 0 for m in spectrum) and float(letters["h"]) < claim.step_bound(spectrum)
        yield from _disagreement(claim, "step bound", judged, stable=stable)
    if claim.verdict not in (None, across):
        yield f"{claim.key} says {claim.verdict}, found {across}"


def _rational(value: Any) -> Any:
    """A rational number that is as good as an irrational one; radicals would be slow to compute with."""
    irrational = isinstance(value, sp.Expr) and value.is_number and not value.is_Rational
    return sp.Rational(value.evalf(DIGITS)) if irrational else value


def _product(factors: Sequence[Factor]) -> sp.Poly:
    whole = sp.Poly(1, Z)
    for factor in factors:
        whole *= sp.Poly([_rational(c) for c in factor.coefficients], Z) ** factor.multiplicity
    return whole


def _differ(stated: Iterable[sp.Expr], computed: Iterable[sp.Expr], slack: sp.Expr | int) -> bool:
    """Whether numbers differ: at all, or by more than a relative slack."""
    pairs = ((sp.sympify(a, strict=True), _rational(b)) for a, b in zip(stated, computed, strict=True))
    return any(abs(a - b) > slack * (1 + abs(b)) for a, b in pairs)


def fits(claim: Claim, dims: Sequence[int]) -> bool:
    """Whether a claimed matrix is one of the game's size, and not that of one coordinate each."""
    return claim.dims is not None or set(dims) == {1} or not claim.games or "blocks" in claim.games


def _disagreement(claim: Claim, what: str, judged: str, *, stable: bool) -> Iterator[str]:
    if stable != (judged == "stable"):
        yield f"the {what} of {claim.key} says {'stable' if stable else 'not stable'}, found {judged}"


def general_faults(claim: Claim, game: Game, model: Model) -> Iterator[str]:
    """Where the claim and the field away from the equilibrium differ; in one dimension."""
    plain, _ = unwrapped(game)
    if claim.field is None or claim.jacobian is None or len(model.coordinates) != 2:
        return
    assert isinstance(plain, GAN)
    theta, psi = model.coordinates
    df, d2f = slope_of(named(plain.loss))(theta * psi)
    computed = sp.Matrix(model.field())
    stated = sp.Matrix(claim.field(theta, psi, df))
    if not _alike(computed, stated):
        yield f"{claim.key} has the field {list(stated)}, found {list(computed)}"
    slope = sp.Matrix(claim.jacobian(theta, psi, df, d2f))
    if not _alike(computed.jacobian([theta, psi]), slope):
        yield f"{claim.key} has another Jacobian at a general point"


def _alike(computed: sp.Matrix, stated: sp.Matrix) -> bool:
    """Whether no entry is proved to differ; functions known by their germ are letters in both."""
    gaps = (sp.expand(e) for e in computed - stated)
    return all(e == 0 or (not e.has(GermFunction) and vanishes(e) is not False) for e in gaps)
