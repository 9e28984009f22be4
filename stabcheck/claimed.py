"""The literature held against the symbolic result."""

# SymPy types its results too loosely for these checks.
# pyright: basic, reportArgumentType=false, reportAttributeAccessIssue=false, reportCallIssue=false
# pyright: reportAssignmentType=false, reportGeneralTypeIssues=false, reportOperatorIssue=false
# pyright: reportReturnType=false

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import islice, product
from typing import Any

import sympy as sp
from sympy.core.symbol import Str

from stabcheck.core import hyper
from stabcheck.core.oracle import each
from stabcheck.core.stability import HALF_PLANE
from stabcheck.declare import registry
from stabcheck.declare.games.game import GAN, Game, unwrapped
from stabcheck.declare.losses.loss import named
from stabcheck.declare.methods.flow import Flow
from stabcheck.declare.methods.method import Operator
from stabcheck.literature import ANY_METHOD, COUPLING, KINK, Claim, asked, call, claims
from stabcheck.symbolic.exact import eigenvalues, verdict
from stabcheck.symbolic.jet import Model
from stabcheck.symbolic.ops import GermFunction
from stabcheck.symbolic.quotients import Quotients
from stabcheck.symbolic.slopes import slopes
from stabcheck.symbolic.spectral_map import MU
from stabcheck.symbolic.spectrum import Factor, Z
from stabcheck.symbolic.update import Point

DIGITS = 60
NEGLIGIBLE = sp.Rational(1, 10**30)


def relevant(game: Game, operator: Operator) -> list[Claim]:
    """The claims about this game under this operator."""
    plain, added = unwrapped(game)
    penalties = tuple(map(registry.called, added))
    chain, about = _chain(operator), _about(plain)
    letters = environment(game, operator)
    coupling = "f1" if isinstance(plain, GAN) else str(letters["c"])
    found = [
        replace(claim, text=_spelled(claim.text, plain, coupling))
        for claim in claims()
        if claim.through is None
        and claim.onto is None
        and claim.method in (chain, ANY_METHOD)
        and claim.penalties == penalties
        and registry.called(plain) in claim.games
        and about(claim)
        and claim.dims in (None, plain.dims)
        and (letters.get("x0", 0) == 0 or (claim.shifted and plain.dims[0] == 1))
        and all(_holds(letters, name, want) for name, want in claim.settings)
    ]
    said = any(claim.polynomial or claim.matrix or claim.verdict == KINK for claim in found)
    return found if said or not operator.discrete else [*found, *_composed(game, operator, letters)]


def _chain(operator: Operator) -> str:
    """The chain of an operator of the registry's methods; one with a part of one's own has none."""
    own = all(registry.called(part) for part in hyper.parts(operator) if isinstance(part, Operator))
    return operator.chain if own else ""


def _about(game: Game) -> Callable[[Claim], bool]:
    """Which claims speak of a game's loss: by its name, or in letters that its derivatives define."""
    if not isinstance(game, GAN):
        return lambda claim: not claim.losses
    loss = named(game.loss)
    name, felt = registry.called(loss), slopes(loss)

    def about(claim: Claim) -> bool:
        if claim.losses:
            return name in claim.losses and name not in claim.unless
        if claim.verdict == KINK:
            return True
        return felt is not None and felt.coupled and (felt.apart or not claim.unless)

    return about


def _composed(game: Game, operator: Operator, letters: Mapping[str, Any]) -> Iterator[Claim]:
    """What statements on the flow and on the method say together."""
    chain = _chain(operator)
    maps = [c for c in claims() if c.method == chain and _speaks(c, letters)]
    flows = [c for c in relevant(game, Flow()) if c.polynomial or c.matrix] if maps else []
    fitting = (pair for pair in product(flows, maps) if pair[1].through or pair[0].matrix)
    for flow, step in islice(fitting, 1):
        yield Claim(
            f"{flow.key} x {step.key}", f"flow: {flow.text}; {step.text}", f"{flow.source}; {step.source}",
            chain, flow.penalties, games=flow.games, parts=(flow, step),
        )  # fmt: skip


def _speaks(claim: Claim, letters: Mapping[str, Any]) -> bool:
    """Whether a claim is about a method on any game, under what is chosen for it."""
    formula = claim.through or claim.onto
    chosen = all(_holds(letters, name, want) for name, want in claim.settings)
    return formula is not None and chosen and {*asked(formula)} <= {*letters, "z", "mu", "rows", "dims"}


def _spelled(text: str, game: Game, coupling: str) -> str:
    """A claim's words with the game's own names for the coupling `c` and for the players."""
    first, second, *_ = (*game.players, "", "")
    text = re.sub(r"\bc\b", "f'(0)" if coupling == "f1" else coupling, text)
    return re.sub(r"_([gd])\b", lambda m: f"_{first if m[1] == 'g' else second}", text)


def _holds(letters: Mapping[str, Any], name: str, want: str) -> bool:
    return name in letters and want in ("common", str(letters[name]))


def environment(game: Game, operator: Operator) -> dict[str, Any]:
    """The letters of the literature: each hyperparameter and setting, as declared.

    One given for all players appears under its own name and, with `g` and `d` behind, for the
    first and the second player of whatever game; each also with its owner's name behind, and
    only so where several parts have it.
    """
    declared = [part for d in (game, operator) for part in hyper.parts(d)]
    rows = [(part, name, row) for part in declared for name, row in hyper.hyper_fields(type(part))]
    letters: dict[str, Any] = {}
    for part, name, row in rows:
        value = getattr(part, name)
        shared = sum(row.name == other.name for _, _, other in rows) > 1
        owned = f"{row.name}_{row.owner.replace('-', '_')}"
        for letter in (owned,) if shared else (owned, row.name):
            if row.per_player:
                shares = zip("gd", each(value, len(game.dims)), strict=False)
                letters |= {f"{letter}_{p}": v for p, v in shares}
            if not isinstance(value, tuple):
                letters[letter] = value
    for part in declared:
        letters |= {row.name: getattr(part, name) for name, row in hyper.setting_fields(type(part))}
    plain, _ = unwrapped(game)
    felt = slopes(named(plain.loss)) if isinstance(plain, GAN) else None
    if felt is not None:
        letters |= {"f1": felt.f1, "f2": felt.f2, "r2": felt.r2}
    return letters | {"c": letters.get(COUPLING.get(registry.called(plain), ""), "f1")}


def at(letters: Mapping[str, Any], values: Mapping[str, sp.Expr]) -> dict[str, Any]:
    """The letters with numbers for names."""
    return {name: _number(v, values) for name, v in letters.items()}


def _number(value: Any, values: Mapping[str, sp.Expr]) -> Any:
    if isinstance(value, str):
        return values.get(value, value)
    if isinstance(value, sp.Expr):
        return value.xreplace({s: values[s.name] for s in value.free_symbols if s.name in values})
    return sp.Rational(value.numerator, value.denominator) if isinstance(value, Fraction) else value


def _resultant(a: sp.Expr, b: sp.Expr) -> sp.Expr:
    """The resultant in mu of two polynomials in mu and z; by FLINT, where SymPy takes minutes."""
    quotients = Quotients(a, b)
    one, other = quotients.of(a).top, quotients.of(b).top
    return quotients.expression(one.resultant(other, quotients.pieces.index(MU)))


def polynomial(claim: Claim, game: Game, letters: Mapping[str, Any]) -> sp.Expr | None:
    """The claimed characteristic polynomial; in R^d each root counts d times."""
    if claim.polynomial is not None:
        return sp.expand(call(claim.polynomial, letters, z=Z) ** game.dims[0])
    if claim.parts is not None:
        flow, step = claim.parts
        if step.onto is not None:
            rows = call(flow.matrix or step.onto, letters)
            return sp.Matrix(call(step.onto, letters, rows=rows, dims=game.dims)).charpoly(Z).as_expr()
        assert step.through is not None
        of_flow = polynomial(flow, game, {**letters, "tau_g": 1, "tau_d": 1})
        phi = call(step.through, letters, z=Z, mu=MU)
        whole = _resultant(sp.sympify(of_flow, strict=True).xreplace({Z: MU}), sp.expand(phi))
        return sp.Poly(whole, Z).monic().as_expr()
    if claim.matrix is not None:
        stated = sp.Matrix(call(claim.matrix, letters)).charpoly(Z).as_expr()
        return sp.expand(stated ** (1 if fits(claim, game) else game.dims[0]))
    return None


def speaks_at(claim: Claim, letters: Mapping[str, Any]) -> bool:
    """Whether a claim is about these values of its letters."""
    return claim.where is None or claim.where(letters)


def faults(claim: Claim, game: Game, operator: Operator, point: Point, model: Model) -> Iterator[str]:
    """Where the claim and the symbolic result differ at a point, in words."""
    letters = at(environment(game, operator), point.values)
    if not speaks_at(claim, letters):
        return
    region = operator.region
    across = verdict((*point.eigenvalues(region=region), *point.of_memory(region=region)))
    # A condition speaks of one equilibrium: on a manifold of them none is exponentially stable.
    found = "neutral" if point.along and across == "stable" else across
    near = {name: _rational(value) for name, value in letters.items()}
    # Rounded letters make rounded statements.
    slack = 0 if near == letters else NEGLIGIBLE
    if claim.matrix is not None and fits(claim, game):
        stated = sp.Matrix(call(claim.matrix, near))
        if _differ(stated, point.matrix, slack):
            yield f"{claim.key} has the matrix {stated.tolist()}, found {point.matrix.tolist()}"
    elif (expected := polynomial(claim, game, near)) is not None:
        whole = _product(point.factors)
        if _differ(sp.Poly(expected, Z).all_coeffs(), whole.all_coeffs(), slack):
            yield f"{claim.key} has the characteristic polynomial {expected}, found {whole.as_expr()}"
    if claim.stable is not None:
        stable = all(e > 0 for e in call(claim.stable, letters))
        yield from _disagreement(claim, "condition", found, stable=stable)
    if claim.step_bound is not None:
        flow = Point.of(model, Flow(), point.values).factors
        spectrum = [e.value for e in eigenvalues(flow, region=HALF_PLANE)]
        stable = all(m.real < 0 for m in spectrum) and float(letters["h"]) < claim.step_bound(spectrum)
        yield from _disagreement(claim, "step bound", found, stable=stable)
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


def _differ(stated: Iterable[sp.Expr], found: Iterable[sp.Expr], slack: sp.Expr | int) -> bool:
    """Whether numbers differ: at all, or by more than a relative slack."""
    pairs = ((sp.sympify(a, strict=True), _rational(b)) for a, b in zip(stated, found, strict=True))
    return any(abs(a - b) > slack * (1 + abs(b)) for a, b in pairs)


def fits(claim: Claim, game: Game) -> bool:
    """Whether a claimed matrix is one of the game's size, and not that of one coordinate each."""
    return claim.dims is not None or set(game.dims) == {1} or not claim.games or "blocks" in claim.games


def _disagreement(claim: Claim, what: str, found: str, *, stable: bool) -> Iterator[str]:
    if stable != (found == "stable"):
        yield f"the {what} of {claim.key} says {'stable' if stable else 'not stable'}, found {found}"


def general_faults(claim: Claim, model: Model) -> Iterator[str]:
    """Where the claim and the field away from the equilibrium differ; in one dimension."""
    if claim.field is None or claim.jacobian is None or len(model.coordinates) != 2:
        return
    theta, psi = model.coordinates
    df, d2f = (GermFunction(Str("f"), sp.Integer(k), theta * psi) for k in (1, 2))
    found = sp.Matrix(model.field())
    stated = sp.Matrix(claim.field(theta, psi, df))
    if not (found - stated).expand().is_zero_matrix:
        yield f"{claim.key} has the field {list(stated)}, found {list(found)}"
    slope = sp.Matrix(claim.jacobian(theta, psi, df, d2f))
    if not (found.jacobian([theta, psi]) - slope).expand().is_zero_matrix:
        yield f"{claim.key} has another Jacobian at a general point"
