"""A typed field held against the right one: at points, and by its Taylor coefficients at rest.

The lowest degree in which the two differ tells whether eigenvalues can see the difference.
"""

# SymPy types its results too loosely for these checks.
# pyright: basic, reportArgumentType=false, reportAttributeAccessIssue=false, reportCallIssue=false
# pyright: reportAssignmentType=false, reportGeneralTypeIssues=false, reportOperatorIssue=false
# pyright: reportReturnType=false

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import combinations_with_replacement
from typing import Any, NamedTuple

import jax
import numpy as np
import sympy as sp
from numpy.polynomial import chebyshev

from stabcheck import hyper
from stabcheck.analysis import Analysis
from stabcheck.audit.loading import Field, Typed
from stabcheck.audit.right import Batch, Compared, Exact, convention, gaps, numeric, simple
from stabcheck.errors import BadInput, NotSmooth, Undecidable
from stabcheck.games.game import Game
from stabcheck.methods.flow import Flow
from stabcheck.numeric.update import eigenvalues
from stabcheck.verify import EPS, TOLERANCE, draw

DRAWS, RAYS = 4, 12
RADII = (1 / 16, 1 / 4, 1.0, 2.0)
HALVINGS, CLEAR = 12, 1e4
"""Differences of so many roundings still show by which power of the distance they grow."""
HIGHEST_DEGREE, MOST_COEFFICIENTS = 5, 600
RADIUS, NODES, ORDER = 0.25, 32, 14
RESOLVED = 1e-6
"""Coefficients with a larger error, relative to the largest of all, are not compared."""


# What comes out


@dataclass(frozen=True)
class Departure:
    """Where one component differs most.

    Attributes:
        component: its name, `v_theta`.
        gap: in units of rounding.
        point: coordinates and hyperparameters there, by name.
        yours, right: the two values.
    """

    component: str
    gap: float
    point: Mapping[str, float]
    yours: float
    right: float


@dataclass(frozen=True)
class Term:
    """A Taylor coefficient at the equilibrium that differs.

    Attributes:
        component: `v_theta`.
        monomial: in the distances from the equilibrium.
        yours: as a number, at `values`.
        right: exactly, in the open hyperparameters.
        right_value: at `values`.
        values: of the open hyperparameters, by name.
        ratio: yours over right, where it is a simple number at all values tried.
    """

    component: str
    monomial: sp.Expr
    yours: float
    right: sp.Expr
    right_value: float
    values: Mapping[str, sp.Expr]
    ratio: Fraction | None


class Taylor(NamedTuple):
    """What the Taylor coefficients at the equilibrium say.

    Attributes:
        resolved: the highest degree compared; -1 if there is none.
        degree: the lowest in which they differ.
        terms: the coefficients of that degree that differ.
        spectra: eigenvalues of the Jacobians, yours and the right ones, where they differ.
    """

    resolved: int = -1
    degree: int | None = None
    terms: tuple[Term, ...] = ()
    spectra: tuple[tuple[complex, ...], tuple[complex, ...]] | None = None


@dataclass(frozen=True)
class Audit:
    """What the comparison of a field found.

    Attributes:
        status: `agrees` or `departs`.
        points: at how many the two were compared.
        seed: of the points and values.
        gap: the largest difference, in units of rounding.
        witnesses: who computed the right field.
        taylor: the coefficients at the equilibrium.
        departures: one for each component that differs.
        convention: the change of convention under which the two agree; empty if none is known.
        growth: the power of the distance from the equilibrium by which the difference grows.
        notes: what could not be compared, and why.
    """

    status: str
    points: int
    seed: int
    gap: float
    witnesses: tuple[str, ...]
    taylor: Taylor
    departures: tuple[Departure, ...] = ()
    convention: str = ""
    growth: float | None = None
    notes: tuple[str, ...] = ()

    @property
    def consequence(self) -> str:
        """What the difference means for statements about stability; empty if there is none."""
        start = self.taylor.degree
        if self.status == "agrees":
            return ""
        if start is None and self.growth is not None and self.growth > 1.5:
            start = round(self.growth)
        if start is None:
            return "differs away from the equilibrium; what it does there was not resolved"
        if start == 0:
            return "your field does not vanish at the equilibrium: there it is no rest point of yours"
        if start == 1:
            return "the Jacobian at the equilibrium differs, and so may the eigenvalues"
        return (
            f"starts at degree {start}: Jacobian and eigenvalues at the equilibrium do not see it,"
            " though trajectories do"
        )


# At points


def audit(game: Game, typed: Typed, values: Mapping[str, Any] | None = None, *, seed: int = 0) -> Audit:
    """Compare a typed field with the gradient vector field of a game.

    Args:
        game: a game, with penalties added by `+`, hyperparameters named or numbers.
        typed: the function.
        values: numbers for open names, which stay the same at all points.
        seed: of the random points and values.

    Raises:
        BadInput: if the function cannot be called as it should, or fails.
        NotApplicable, NotAnEquilibrium: as `analyse`.
    """
    with jax.enable_x64(True):  # noqa: FBT003 (their name for the switch)
        case = _Case.of(game, typed, values or {}, seed)
        seen = case.compare(RADII)
        valid = np.isfinite(seen.right).all(axis=1)
        if not valid.any():
            raise BadInput("the game's own field has no value at any of the points tried")
        notes: list[str] = []
        top = float(np.nanmax(seen.gaps))
        witnesses, taylor = _witnesses(case.exact, seen, notes), _taylor(case, notes)
        found = Audit("agrees", int(valid.sum()), seed, top, witnesses, taylor, notes=tuple(notes))
        if top <= TOLERANCE:
            # What is seen at the equilibrium only is rounding at the points, and no difference.
            return found if taylor.degree is None else replace(found, taylor=Taylor(taylor.degree - 1))
        worst = np.nanmax(seen.gaps, axis=0)
        return replace(
            found,
            status="departs",
            departures=tuple(_departure(game, k, seen) for k in np.flatnonzero(worst > TOLERANCE)),
            convention=convention(game, case.right, seen),
            growth=_growth(case),
        )


def _departure(game: Game, k: int, seen: Compared) -> Departure:
    b = int(np.nanargmax(seen.gaps[:, k]))
    point = {name: float(value) for name, value in seen.places[b].items()}
    yours, right = float(seen.yours[b, k]), float(seen.right[b, k])
    return Departure(f"v_{game.names[k]}", float(seen.gaps[b, k]), point, yours, right)


@dataclass(frozen=True)
class _Case:
    """A typed field and a game, and where the two are compared.

    Attributes:
        game: with its penalties.
        typed: the field as the user wrote it.
        exact: the game in SymPy.
        draws: values of the open hyperparameters; given ones are the same in all.
        right: the field by autodiff.
        rng: of the points.
    """

    game: Game
    typed: Field
    exact: Exact
    draws: tuple[Mapping[str, sp.Expr], ...]
    right: Batch
    rng: np.random.Generator

    @classmethod
    def of(cls, game: Game, typed: Typed, given: Mapping[str, Any], seed: int) -> _Case:
        analysis = Analysis(game, Flow()).at(**given)
        names, rng = hyper.symbols(game), random.Random(seed)
        count = DRAWS if {*names} - {*given} else 1
        draws = tuple({**draw(names, rng), **analysis.values} for _ in range(count))
        exact = Exact(analysis.model, analysis.values)
        field = Field.of(typed, game, given)
        return cls(game, field, exact, draws, numeric(game), np.random.default_rng(seed))

    @cached_property
    def rests(self) -> np.ndarray:
        """The equilibrium at each draw."""
        rest = [sp.sympify(e, strict=True) for e in self.exact.model.rest]
        return np.array([[self.exact.number(e, values) for e in rest] for values in self.draws])

    def directions(self, count: int) -> np.ndarray:
        """Random unit vectors."""
        found = self.rng.normal(size=(count, len(self.game.names)))
        return found / np.linalg.norm(found, axis=1, keepdims=True)

    def columns(self, draw: np.ndarray) -> dict[str, np.ndarray]:
        """The hyperparameters of these draws, by name."""
        return {name: np.array([float(v[name]) for v in self.draws])[draw] for name in self.draws[0]}

    def compare(self, distances: Sequence[float]) -> Compared:
        """Both fields at `rest + t u` for every `t` and random directions `u`, draws in turn."""
        draw = np.arange(RAYS) % len(self.draws)
        directions = self.directions(RAYS)
        points = np.concatenate([self.rests[draw] + t * directions for t in distances])
        draw = np.tile(draw, len(distances))
        columns = self.columns(draw)
        places = [
            {name: sp.Rational(Fraction(float(e))) for name, e in zip(self.game.names, x, strict=True)}
            | {**self.draws[d]}
            for x, d in zip(points, draw, strict=True)
        ]
        yours = self.typed.batch(points, columns)
        return Compared(points, columns, places, yours, *self.right(points, columns))


def _witnesses(exact: Exact, seen: Compared, notes: list[str]) -> tuple[str, ...]:
    """Who computed the right field.

    Raises:
        Undecidable: if SymPy and autodiff differ themselves.
    """
    some = np.flatnonzero(np.isfinite(seen.right).all(axis=1))[::3]
    try:
        field = exact.concrete
        symbolic = np.array([[exact.number(e, seen.places[b]) for e in field] for b in some])
    except Undecidable as refusal:
        notes.append(f"the symbolic field was not evaluated: {refusal}")
        return ("numeric",)
    if not gaps(symbolic, seen.right[some], seen.size[some]).max() <= TOLERANCE:
        raise Undecidable("the symbolic and the numeric field of the game differ themselves; nothing is said")
    return ("symbolic", "numeric")


def _growth(case: _Case) -> float | None:
    """The `p` with `|yours - right| ~ t^p` at the distance `t` from rest, as `t` shrinks."""
    seen = case.compare([2.0**-k for k in range(HALVINGS)])
    apart, clear = (
        part.reshape(HALVINGS, -1).max(axis=1) for part in (np.abs(seen.yours - seen.right), seen.gaps)
    )
    # Noise may look like a difference again at some smaller distance.
    last = int(np.argmin([*(clear > CLEAR), False]))
    if last < 2:
        return None
    found = float(np.log2(apart[last - 2] / apart[last - 1]))
    return found if math.isfinite(found) else None


# By Taylor coefficients


def _taylor(case: _Case, notes: list[str]) -> Taylor:
    n = len(case.game.names)
    counts = {d: n * math.comb(n + d, d) for d in range(1, HIGHEST_DEGREE + 1)}
    highest = max((d for d, count in counts.items() if count <= MOST_COEFFICIENTS), default=0)
    if not highest:
        notes.append(f"no Taylor coefficients at the equilibrium: {n} coordinates have too many")
        return Taylor()
    try:
        case.exact.model.confirm_rest()
        case.exact.model.refuse_doors()
        return _compared(case, highest)
    except (NotSmooth, Undecidable) as refusal:
        notes.append(f"no Taylor coefficients at the equilibrium: {refusal}")
        return Taylor()


def _compared(case: _Case, highest: int) -> Taylor:
    n = len(case.game.names)
    agreed, fits = Taylor(), list(_fitted(case, highest))
    largest = max(np.abs(yours).max() for yours, _ in fits)
    for degree, (yours, error) in enumerate(fits):
        if not error <= RESOLVED * largest:
            break
        exact = [[case.exact.coefficient(k, powers) for powers in _monomials(n, degree)] for k in range(n)]
        right = np.array(
            [[[case.exact.number(e, values) for e in row] for row in exact] for values in case.draws]
        )
        wrong = (np.abs(yours - right) > error).any(axis=0)
        if wrong.any():
            terms = tuple(_term(case, degree, k, m, exact, yours, right) for k, m in np.argwhere(wrong))
            spectra = (_spectrum(yours[0]), _spectrum(right[0])) if degree == 1 else None
            return Taylor(degree, degree, terms, spectra)
        agreed = Taylor(degree)
    return agreed


def _spectrum(jacobian: np.ndarray) -> tuple[complex, ...]:
    return tuple(map(complex, np.sort_complex(eigenvalues(jacobian))[::-1]))


def _term(
    case: _Case,
    degree: int,
    k: int,
    m: int,
    exact: Sequence[Sequence[sp.Expr]],
    yours: np.ndarray,
    right: np.ndarray,
) -> Term:
    away = [s - case.exact.numbers(e) for s, e in case.exact.model.point.items()]
    powers = _monomials(len(away), degree)[m]
    mine, theirs = yours[:, k, m], right[:, k, m]
    ratios = {simple(float(a / b)) for a, b in zip(mine, theirs, strict=True)} if theirs.all() else set()
    return Term(
        f"v_{case.game.names[k]}",
        sp.Mul(*(s**power for s, power in zip(away, powers, strict=True))),
        float(mine[0]),
        exact[k][m],
        float(theirs[0]),
        {name: value for name, value in case.draws[0].items() if name not in case.exact.known},
        ratios.pop() if len(ratios) == 1 else None,
    )


def _monomials(n: int, degree: int) -> list[tuple[int, ...]]:
    """The powers of all monomials of one degree in `n` variables."""
    chosen = combinations_with_replacement(range(n), degree)
    return [tuple(row.count(i) for i in range(n)) for row in chosen]


def _fitted(case: _Case, highest: int) -> Iterator[tuple[np.ndarray, float]]:
    """The typed field's coefficients at rest, `(draws, components, monomials)`, degree by degree.

    Along a ray they are those of a polynomial in the distance, fitted to values at Chebyshev
    points; the rays together tell the monomials apart. With each degree comes a bound of the error.
    """
    n, s = case.rests.shape[1], np.cos(np.pi * (np.arange(NODES) + 0.5) / NODES)
    rays = case.directions(2 * math.comb(n + highest - 1, highest))
    points = case.rests[:, None, None, :] + RADIUS * s[:, None] * rays[:, None, :]
    draw = np.repeat(np.arange(len(case.draws)), len(rays) * NODES)
    values = case.typed.batch(points.reshape(-1, n), case.columns(draw)).reshape(points.shape)
    basis = chebyshev.chebvander(s, ORDER)
    fit = np.linalg.pinv(basis)
    noise = (
        EPS * np.abs(values).max() + np.abs(values - np.einsum("st,drtc->drsc", basis @ fit, values)).max()
    )
    powers = np.array(
        [np.pad(chebyshev.cheb2poly(row[: j + 1]), (0, ORDER - j)) for j, row in enumerate(np.eye(ORDER + 1))]
    )
    for p in range(highest + 1):
        row = powers[:, p] @ fit / RADIUS**p
        design = np.prod(rays[:, None, :] ** np.array(_monomials(n, p)), axis=2)
        inverse = np.linalg.pinv(design)
        error = 4 * noise * np.linalg.norm(row) * np.linalg.norm(inverse, 2) * math.sqrt(len(rays))
        yield np.einsum("mr,t,drtc->dcm", inverse, row, values), float(error)
