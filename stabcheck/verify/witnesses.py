"""Three witnesses: the symbolic result, autodiff, and the literature.

Matrices and characteristic polynomials are compared, in units of their own rounding error, and
never eigenvalues, which LAPACK gives to half the digits where they are defective.
"""

# SymPy types its results too loosely for these checks.
# pyright: basic, reportArgumentType=false, reportAttributeAccessIssue=false, reportCallIssue=false
# pyright: reportAssignmentType=false, reportGeneralTypeIssues=false, reportOperatorIssue=false
# pyright: reportReturnType=false

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import sympy as sp
from flint import fmpq, fmpq_mat

from stabcheck.core import hyper
from stabcheck.core.errors import MovesRestPoint, NotAnEquilibrium, NotApplicable, NotSmooth, Undecidable
from stabcheck.declare.games.game import Game
from stabcheck.declare.methods.method import Operator
from stabcheck.judge.verification import Verification
from stabcheck.literature import BY_HAND, KINK, Claim, call
from stabcheck.literature.matching import Facts, speaks_at, spoken
from stabcheck.numeric import update as numeric
from stabcheck.numeric.update import EPS
from stabcheck.symbolic.facts import at, facts_at, facts_of
from stabcheck.symbolic.model import Model
from stabcheck.symbolic.spectrum import Factor, Z
from stabcheck.symbolic.update import Point
from stabcheck.verify.claims import faults, fits, general_faults, polynomial

TOLERANCE = 512
"""The largest gap that still counts as rounding, in units of rounding error."""

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
    """

    game: Game
    operator: Operator
    model: Model
    factors: tuple[Factor, ...] | None
    values: Mapping[str, sp.Expr]


def verify(subject: Subject, *, points: int = 4, seed: int = 0) -> Verification:
    """Compare all witnesses.

    Args:
        subject: what is to be verified.
        points: how many hyperparameter values to compare; the first has everything that was
            given, the others are random throughout.
        seed: of the random values.
    """
    game, operator, model = subject.game, subject.operator, subject.model
    exact = [
        point
        for values in samples(subject, points, seed)
        if _fits(point := Point.of(model, operator, {**model.germ_values(values), **values}))
    ]
    facts = facts_of(game, operator, lambda: model)
    claims = list(dict.fromkeys(c for point in exact for c in spoken(facts_at(facts, point.values))))
    found = [fault for claim in claims for fault in general_faults(claim, game, model)]
    found += [f for p in exact for claim in claims for f in faults(claim, facts, p, model)]
    try:
        seen, speed = _seen(game, operator, [point.values for point in exact])
        gaps = _gaps(subject, exact, seen)
        found += _numeric_faults(facts, claims, exact, seen, gaps)
        found += _motion(seen, speed)
        missing, witnesses = "", _witnesses(claims, "symbolic", "numeric")
    except NotSmooth as met:
        gaps, missing, witnesses = (None, None), "", _witnesses(claims, "symbolic", "numeric")
        found.append(f"the exact result has derivatives, but {met}")
    except NotApplicable as refusal:
        gaps, missing = (None, None), f"no numeric witness: {refusal}"
        witnesses = _witnesses(claims, "symbolic")
    status = "disagrees" if found else "agrees" if len(witnesses) > 1 else "skipped"
    reason = "; ".join(found) or missing or "all witnesses agree"
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
    moved = _autodiff(subject.game, subject.operator, sample).speed[:, : len(subject.model.coordinates)]
    exact = np.array([_drift(subject, values) for values in sample])
    gaps = np.abs(moved - exact).max(axis=1) / (EPS * np.maximum(1.0, np.abs(exact).max(axis=1)))
    said = {"points": len(sample), "seed": seed, "witnesses": ("symbolic", "numeric")}
    if not all(np.abs(row).max() > TOLERANCE * EPS for row in moved):
        return Verification("disagrees", "the nonlinear step leaves the equilibrium where it is", **said)
    if gaps.max() <= TOLERANCE:
        return Verification("agrees", "all witnesses agree", float(gaps.max()), **said)
    reason = "the nonlinear step moves the equilibrium, too, but not by the quadratic part alone"
    return Verification("skipped", f"{reason}: the drift is not verified", **said)


def _drift(subject: Subject, values: Mapping[str, sp.Expr]) -> list[float]:
    try:
        Point.of(subject.model, subject.operator, {**subject.model.germ_values(values), **values})
    except MovesRestPoint as refusal:
        return [float(e) for e in refusal.drift]
    return [0.0] * len(subject.model.coordinates)


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


def draw(names: Mapping[str, hyper.Hyper], rng: random.Random) -> dict[str, sp.Expr]:
    """A random value for every name, in its domain: thirty-seconds, halved or doubled until they fit."""
    drawn = {}
    for name, row in names.items():
        size = sp.Rational(rng.randint(1, 64), 32)
        powers = (size * sp.Integer(2) ** k for n in count() for k in (-n, n))
        size = next(q for q in powers if row.domain.contains(Fraction(int(q.p), int(q.q))))
        either = row.domain.contains(Fraction(-1)) and rng.random() < 0.5
        drawn[name] = -size if either else size
    return drawn


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


class Seen(NamedTuple):
    """The numeric Jacobian at one point, and at values that differ in their last digits.

    The difference is the rounding error that the step itself magnifies.
    """

    jacobian: np.ndarray
    nudged: np.ndarray


def _seen(
    game: Game, operator: Operator, sample: Sequence[Mapping[str, sp.Expr]]
) -> tuple[list[Seen], np.ndarray]:
    """The Jacobian at each point, and how far the operator moves the rest point there."""
    nudged = [{name: value * (1 + NUDGE) for name, value in point.items()} for point in sample]
    found = _autodiff(game, operator, [*sample, *nudged])
    count = len(sample) if len(found.jacobian) > 1 else 1
    pairs = zip(found.jacobian[:count], found.jacobian[-count:], strict=True)
    return [Seen(*pair) for pair in pairs], found.speed[:count]


def _gaps(subject: Subject, exact: Sequence[Point], seen: Sequence[Seen]) -> tuple[float, float]:
    """The largest distance of matrices, and that of characteristic polynomials."""
    pairs = list(zip(exact, seen, strict=True))
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
    seen: Sequence[Seen],
    gaps: tuple[float, float],
) -> Iterator[str]:
    if not max(gaps) <= TOLERANCE:
        yield f"the exact result and autodiff differ by {max(gaps):.3g} roundings"
    for claim in claims:
        for point, numbers in zip(exact, seen, strict=True):
            here = at(facts.letters, point.values)
            gap = _distance(claim, facts.dims, here, numbers) if speaks_at(claim, here) else 0.0
            if not gap <= TOLERANCE:
                yield f"{claim.key} and autodiff differ by {gap:.3g} roundings"


def _motion(seen: Sequence[Seen], speed: np.ndarray) -> Iterator[str]:
    scale = 1 + max(np.abs(numbers.jacobian).max(initial=0.0) for numbers in seen)
    if not np.abs(speed).max(initial=0.0) <= TOLERANCE * EPS * scale:
        yield "the numeric operator does not rest at the equilibrium"


def _distance(claim: Claim, dims: Sequence[int], letters: Mapping[str, Any], seen: Seen) -> float:
    """How far autodiff is from what a claim says of matrix and polynomial, in units of rounding."""
    gaps = [0.0]
    if claim.matrix is not None and fits(claim, dims):
        gaps.append(matrix_distance(sp.Matrix(call(claim.matrix, letters)), seen))
    if (stated := polynomial(claim, dims, letters)) is not None:
        gaps.append(polynomial_distance([float(c) for c in sp.Poly(stated, Z).all_coeffs()], seen))
    return max(gaps)


def matrix_distance(exact: sp.Matrix, seen: Seen) -> float:
    """`max |a - b|` in units of the rounding error of the largest entry, or of 1.

    Where the last digits of the hyperparameters change the matrix by more, in units of that.
    """
    a = np.array(exact.evalf(30).tolist(), dtype=float)
    unit = max(EPS * max(1.0, np.abs(a).max()), np.abs(seen.jacobian - seen.nudged).max())
    return float(np.abs(a - seen.jacobian).max() / unit)


def polynomial_distance(coefficients: Sequence[float], seen: Seen) -> float:
    """How far a matrix is from having this characteristic polynomial, in units of rounding.

    The polynomial of the float matrix is computed exactly. One rounding of every entry changes
    the coefficient of `z^(n-k)` by about the k-th elementary symmetric function of the row sums
    of `|matrix|` at most; the last digits of the hyperparameters may change it by more.

    Args:
        coefficients: leading first.
        seen: the matrix, `(n, n)`.
    """
    found = _characteristic(seen.jacobian)
    scale = np.poly(-np.abs(seen.jacobian).sum(axis=1))
    unit = np.maximum(EPS * np.maximum(scale, 1.0), np.abs(found - _characteristic(seen.nudged)))
    return float((np.abs(found - coefficients) / unit).max())


def _characteristic(matrix: np.ndarray) -> np.ndarray:
    """The exact characteristic polynomial of a matrix of floats, leading coefficient first."""
    n = len(matrix)
    entries = [Fraction(float(entry)) for entry in matrix.ravel()]
    exact = fmpq_mat(n, n, [fmpq(q.numerator, q.denominator) for q in entries]).charpoly()
    return np.array([float(Fraction(int(c.p), int(c.q))) for c in reversed(exact.coeffs())])


def coefficients(factors: Sequence[Factor], values: Mapping[str, sp.Expr]) -> list[float]:
    """The coefficients of a product of factors at given values, leading first."""
    product = sp.Poly(1, Z)
    for factor in factors:
        numbers = {s: values[s.name] for c in factor.coefficients for s in c.free_symbols}
        product *= sp.Poly(factor.at(numbers).coefficients, Z) ** factor.multiplicity
    return [float(c.evalf(30)) for c in product.all_coeffs()]
