"""Three witnesses: the symbolic result, autodiff, and the literature.

Matrices and characteristic polynomials are compared, in units of their own rounding error, and
never eigenvalues, which LAPACK gives to half the digits where they are defective.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import sympy as sp

from stabcheck.core import hyper
from stabcheck.core.errors import NotAnEquilibrium, NotApplicable, NotSmooth, Undecidable
from stabcheck.declare.games.game import Game
from stabcheck.declare.methods.method import Operator
from stabcheck.judge.resting import linearised
from stabcheck.judge.verification import Verification
from stabcheck.literature import BY_HAND, KINK, Claim, call
from stabcheck.literature.matching import Facts, speaks_at, spoken
from stabcheck.numeric import update as numeric
from stabcheck.numeric.update import EPS
from stabcheck.symbolic.facts import at, facts_at, facts_of
from stabcheck.symbolic.model import Model
from stabcheck.symbolic.spectrum import Factor, Z
from stabcheck.symbolic.update import Point, linearise
from stabcheck.verify.claims import faults, fits, general_faults, polynomial
from stabcheck.verify.drawing import draw
from stabcheck.verify.printed import NOTHING, Course, Printed, course_faults, courses, edge_faults, edges
from stabcheck.verify.printed import faults as printed_faults
from stabcheck.verify.rounding import TOLERANCE, NumericJacobian, matrix_distance, polynomial_distance

LARGEST = 10**100

NUDGE = sp.Rational(1, 2**51)


@dataclass(frozen=True)
class Subject:
    """What is to be verified.

    Attributes:
        game, operator: the declarations.
        model: the symbolic model of the game.
        factors: the general characteristic polynomial; `None` where it is too long to write.
        values: numbers for some of the open names.
        printed: what else is printed of the result.
    """

    game: Game
    operator: Operator
    model: Model
    factors: tuple[Factor, ...] | None
    values: Mapping[str, sp.Expr]
    printed: Printed = NOTHING

    def completed(self, values: Mapping[str, sp.Expr]) -> dict[str, sp.Expr]:
        """The values with those of other letters, such as `f1`."""
        return {**self.model.germ_values(values), **values}

    def exact(self, values: Mapping[str, sp.Expr]) -> Point:
        """The exact result at some values.

        Raises:
            as `linearised`.
        """
        return Point.of(linearised(self.model, self.operator, self.completed(values)))


def verify(subject: Subject, *, points: int = 4, seed: int = 0) -> Verification:
    """Compare all witnesses.

    Args:
        subject: what is to be verified.
        points: how many hyperparameter values to compare; the first has everything that was
            given, the others are random throughout.
        seed: of the random values.
    """
    game, operator, model = subject.game, subject.operator, subject.model
    exact = [point for values in samples(subject, points, seed) if _fits(point := subject.exact(values))]
    facts = facts_of(game, operator, lambda: model)
    claims = list(dict.fromkeys(c for point in exact for c in spoken(facts_at(facts, point.values))))
    disagreements = [fault for claim in claims for fault in general_faults(claim, game, model)]
    disagreements += [f for p in exact for claim in claims for f in faults(claim, facts, p, model)]
    along = courses(subject.printed, hyper.symbols(game, operator), subject.completed, seed)
    try:
        jacobians, speed, ends = _jacobians_with_ends(subject, exact, along)
        gaps = _gaps(subject, exact, jacobians)
        disagreements += _numeric_faults(facts, claims, exact, jacobians, gaps)
        disagreements += _motion(jacobians, speed)
        disagreements += [*printed_faults(subject.printed, exact, jacobians, TOLERANCE), *ends]
        missing, witnesses = "", _witnesses(claims, "symbolic", "numeric")
    except NotSmooth as met:
        gaps, missing, witnesses = (None, None), "", _witnesses(claims, "symbolic", "numeric")
        disagreements.append(f"the exact result has derivatives, but {met}")
    except NotApplicable as refusal:
        gaps, missing = (None, None), f"no numeric witness: {refusal}"
        witnesses = _witnesses(claims, "symbolic")
    disagreements += course_faults(subject.printed, along)
    status = "disagrees" if disagreements else "agrees" if len(witnesses) > 1 else "skipped"
    reason = "; ".join(disagreements) or missing or "all witnesses agree"
    keys = tuple(claim.key for claim in claims)
    return Verification(status, reason, *gaps, len(exact), seed, witnesses, keys)


def verify_refusal(
    game: Game,
    operator: Operator,
    refusal: NotSmooth,
    values: Mapping[str, sp.Expr] = MappingProxyType({}),
    *,
    seed: int = 0,
) -> Verification:
    """Whether autodiff around the equilibrium and the literature, too, find no derivative there.

    At the values given, and random ones for names that have none.
    """
    point = {**draw(hyper.symbols(game, operator), random.Random(seed)), **values}
    facts = facts_at(facts_of(game, operator), point)
    claims = [c for c in spoken(facts) if c.verdict == KINK]
    try:
        _autodiff(game, operator, [point], refusal.lines)
    except NotSmooth as met:
        witnesses, reason, status = _witnesses(claims, "symbolic", "numeric"), f"{refusal}; {met}", "agrees"
    except NotApplicable as missing:
        witnesses, reason = _witnesses(claims, "symbolic"), f"{refusal}; no numeric witness: {missing}"
        status = "agrees" if claims else "skipped"
    else:
        reason = "autodiff finds a derivative where the symbolic model finds a kink"
        witnesses, claims, status = ("symbolic", "numeric"), [], "disagrees"
    keys = tuple(claim.key for claim in claims)
    return Verification(status, reason, None, None, 1, seed, witnesses, keys)


def verify_motion(subject: Subject, *, points: int = 4, seed: int = 0) -> Verification:
    """Whether one application of the full nonlinear operator, too, moves the equilibrium.

    By the same vector where the osculating game says all; a step that looks at points off the
    equilibrium may see higher terms of the losses there.
    """
    sample = list(samples(subject, points, seed))
    moved = _autodiff(subject.game, subject.operator, sample).drift[:, : len(subject.model.coordinates)]
    exact = np.array([_drift(subject, values) for values in sample])
    gaps = np.abs(moved - exact).max(axis=1) / (EPS * np.maximum(1.0, np.abs(exact).max(axis=1)))
    common = {"points": len(sample), "seed": seed, "witnesses": ("symbolic", "numeric")}
    if not all(np.abs(row).max() > TOLERANCE * EPS for row in moved):
        return Verification("disagrees", "the nonlinear step leaves the equilibrium where it is", **common)
    if gaps.max() <= TOLERANCE:
        return Verification("agrees", "all witnesses agree", float(gaps.max()), **common)
    reason = "the nonlinear step moves the equilibrium, too, but not by the quadratic part alone"
    return Verification("skipped", f"{reason}: the drift is not verified", **common)


def _drift(subject: Subject, values: Mapping[str, sp.Expr]) -> list[float]:
    exact = linearise(subject.model, subject.operator, subject.completed(values))
    return [float(e) for e in exact.drift[: exact.jet.size]]


def _witnesses(claims: Sequence[Claim], *others: str) -> tuple[str, ...]:
    kinds = {"hand derivation" if claim.source == BY_HAND else "literature" for claim in claims}
    return (*others, *sorted(kinds, reverse=True))


def samples(subject: Subject, points: int, seed: int) -> Iterator[dict[str, sp.Expr]]:
    """Values for every open name: the given ones first, then random ones throughout.

    Where there is an equilibrium, or a Jacobian there, at the given ones alone, these are kept.
    """
    names = hyper.symbols(subject.game, subject.operator)
    kept = {} if _rests_always(subject.model) else subject.values
    rng = random.Random(seed)
    yield {**draw(names, rng), **subject.values}
    for _ in range(points - 1 if set(names) - set(kept) else 0):
        yield {**draw(names, rng), **kept}


def _rests_always(model: Model) -> bool:
    try:
        model.confirm_rest()
    except (NotAnEquilibrium, NotSmooth, Undecidable):
        return False
    return True


def _fits(point: Point) -> bool:
    """Whether float64 holds the matrix; a thousand steps of an unstable map overflow it."""
    return all(abs(entry) < LARGEST for entry in point.matrix)


def _autodiff(
    game: Game,
    operator: Operator,
    sample: Sequence[Mapping[str, sp.Expr]],
    lines: Sequence[Sequence[float]] = (),
) -> numeric.Linearised:
    if not sample:
        raise NotApplicable("the matrix overflows float64 at every value tried")
    names = hyper.symbols(game, operator)
    columns = {name: [float(point[name]) for point in sample] for name in names}
    return numeric.linearise(game, operator, columns, lines)


def _jacobians(
    game: Game, operator: Operator, sample: Sequence[Mapping[str, sp.Expr]]
) -> tuple[list[NumericJacobian], np.ndarray]:
    """The Jacobian at each point, and how far the operator moves the rest point there."""
    nudged = [{name: value * (1 + NUDGE) for name, value in point.items()} for point in sample]
    autodiff = _autodiff(game, operator, [*sample, *nudged])
    count = len(sample) if len(autodiff.jacobian) > 1 else 1
    pairs = zip(autodiff.jacobian[:count], autodiff.jacobian[-count:], strict=True)
    return [NumericJacobian(*pair) for pair in pairs], autodiff.drift[:count]


def _jacobians_with_ends(
    subject: Subject, exact: Sequence[Point], along: Sequence[Course]
) -> tuple[list[NumericJacobian], np.ndarray, list[str]]:
    """As `_jacobians`, with what is false where conditions cease to hold; one compilation serves both."""
    game, operator, sample = subject.game, subject.operator, [point.values for point in exact]
    at_edges = edges(subject.printed, along, subject.exact) if sample else []
    try:
        jacobians, speed = _jacobians(game, operator, [*sample, *(edge.point.values for edge in at_edges)])
    except (NotSmooth, NotApplicable):
        if not at_edges:
            raise
        # The end of a region may be a place of its own.
        return *_jacobians(game, operator, sample), []
    n = len(sample)
    return jacobians[:n], speed[:n], list(edge_faults(subject.printed, at_edges, jacobians[n:]))


def _gaps(
    subject: Subject, exact: Sequence[Point], jacobians: Sequence[NumericJacobian]
) -> tuple[float, float]:
    """The largest distance of matrices, and that of characteristic polynomials."""
    pairs = list(zip(exact, jacobians, strict=True))
    matrix = max(matrix_distance(point.matrix, numbers) for point, numbers in pairs)
    return matrix, max(
        polynomial_distance(
            coefficients(point.factors if subject.factors is None else subject.factors, point.values),
            numbers,
        )
        for point, numbers in pairs
    )


def _numeric_faults(
    facts: Facts,
    claims: Sequence[Claim],
    exact: Sequence[Point],
    jacobians: Sequence[NumericJacobian],
    gaps: tuple[float, float],
) -> Iterator[str]:
    if not max(gaps) <= TOLERANCE:
        yield f"the exact result and autodiff differ by {max(gaps):.3g} roundings"
    for claim in claims:
        for point, numbers in zip(exact, jacobians, strict=True):
            here = at(facts.letters, point.values)
            gap = _distance(claim, facts.dims, here, numbers) if speaks_at(claim, here) else 0.0
            if not gap <= TOLERANCE:
                yield f"{claim.key} and autodiff differ by {gap:.3g} roundings"


def _motion(jacobians: Sequence[NumericJacobian], speed: np.ndarray) -> Iterator[str]:
    scale = 1 + max(np.abs(numbers.jacobian).max(initial=0.0) for numbers in jacobians)
    if not np.abs(speed).max(initial=0.0) <= TOLERANCE * EPS * scale:
        yield "the numeric operator does not rest at the equilibrium"


def _distance(
    claim: Claim, dims: Sequence[int], letters: Mapping[str, Any], numbers: NumericJacobian
) -> float:
    """How far autodiff is from what a claim says of matrix and polynomial, in units of rounding."""
    gaps = [0.0]
    if claim.matrix is not None and fits(claim, dims):
        gaps.append(matrix_distance(sp.Matrix(call(claim.matrix, letters)), numbers))
    if (stated := polynomial(claim, dims, letters)) is not None:
        gaps.append(polynomial_distance([float(c) for c in sp.Poly(stated, Z).all_coeffs()], numbers))
    return max(gaps)


def coefficients(factors: Sequence[Factor], values: Mapping[str, sp.Expr]) -> list[float]:
    """The coefficients of a product of factors at given values, leading first."""
    product = sp.Poly(1, Z)
    for factor in factors:
        numbers = {s: values[s.name] for c in factor.coefficients for s in c.free_symbols}
        product *= sp.Poly(factor.at(numbers).coefficients, Z) ** factor.multiplicity
    return [float(c.evalf(30)) for c in product.all_coeffs()]
