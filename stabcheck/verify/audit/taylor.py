"""A typed field held against the right one by its Taylor coefficients at rest."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import combinations_with_replacement
from typing import NamedTuple

import numpy as np
import sympy as sp
from numpy.polynomial import chebyshev

from stabcheck.core.errors import NotApplicable, NotSmooth, Undecidable
from stabcheck.numeric.update import eigenvalues
from stabcheck.verify.audit.case import Case
from stabcheck.verify.audit.convention import Batched
from stabcheck.verify.audit.reference import HIGHEST, simple
from stabcheck.verify.witnesses import EPS

MOST_COEFFICIENTS = 600
RADIUS, NODES, ORDER = 0.25, 32, 14
RESOLVED = 1e-6
"""Coefficients with a larger error, relative to the largest of all, are not compared."""

Values = Callable[[np.ndarray, Mapping[str, np.ndarray]], np.ndarray]
"""A function at many points, with hyperparameters by name, as `Batched`."""
Rows = list[list[sp.Expr]]
"""Coefficients of one degree: a row per component, an entry per monomial."""


@dataclass(frozen=True)
class Term:
    """A Taylor coefficient at the equilibrium that differs.

    Attributes:
        component: `v_theta`.
        monomial: in the distances from the equilibrium.
        yours: as a number, at `values`.
        reference: exactly, in the open hyperparameters; `None` where no formula gives it.
        reference_value: at `values`.
        values: of the open hyperparameters, by name.
        ratio: yours over the reference, where it is a simple number at all values tried.
    """

    component: str
    monomial: sp.Expr
    yours: float
    reference: sp.Expr | None
    reference_value: float
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


class Series(NamedTuple):
    """The right coefficients, degree by degree.

    Attributes:
        formulas: one row per component, one entry per monomial; `None` where they are fitted.
        numbers: at each draw, `(draws, components, monomials)`.
        errors: bounds of theirs.
        rays: along which coefficients are fitted.
    """

    formulas: list[Rows | None]
    numbers: list[np.ndarray]
    errors: list[float]
    rays: Rays


def series(case: Case, notes: list[str]) -> Series | None:
    """The right coefficients at the equilibrium; `None`, with a note on it, where there are none."""
    n = len(case.names)
    counts = {d: n * math.comb(n + d, d) for d in range(1, HIGHEST + 1)}
    highest = max((d for d, count in counts.items() if count <= MOST_COEFFICIENTS), default=0)
    if not highest:
        notes.append(f"no Taylor coefficients at the equilibrium: {n} coordinates have too many")
        return None
    try:
        case.exact.base.confirm_rest(case.exact.given)
        case.exact.base.refuse_doors()
    except (NotSmooth, Undecidable) as refusal:
        notes.append(f"no Taylor coefficients at the equilibrium: {refusal}")
        return None
    try:
        formulas = _formulas(case, highest)
    except (NotApplicable, NotSmooth, Undecidable) as refusal:
        notes.append(f"the right coefficients are fitted to numbers: {refusal}")
        formulas = []
    exact = [_at_draws(case, rows) for rows in formulas]
    rays = Rays.of(case, highest)
    if len(exact) > highest:
        return Series([*formulas], exact, [0.0] * len(exact), rays)
    fits = list(rays.fitted(lambda *where: case.reference(*where)[0]))[len(exact) :]
    return Series(
        [*formulas, *[None] * len(fits)],
        [*exact, *(coefficients for coefficients, _ in fits)],
        [*[0.0] * len(exact), *(error for _, error in fits)],
        rays,
    )


def _formulas(case: Case, highest: int) -> list[Rows]:
    """The right coefficients in the open hyperparameters, up to a degree that does not take long."""
    n = len(case.names)
    return [
        [[case.exact.coefficient(k, powers) for powers in _monomials(n, degree)] for k in range(n)]
        for degree in range(min(highest, case.exact.reach) + 1)
    ]


def _at_draws(case: Case, rows: Rows) -> np.ndarray:
    return np.array([[[case.exact.number(e, values) for e in row] for row in rows] for values in case.draws])


class Left(NamedTuple):
    """How many coefficients of a function differ, and by how much, degree by degree as far as resolved."""

    counts: tuple[int, ...]
    amounts: tuple[float, ...]

    def below(self, degree: int) -> tuple[int, float]:
        """Both in all degrees below one; the amount to the digits that are no roundings."""
        return sum(self.counts[:degree]), float(f"{sum(self.amounts[:degree]):.3g}")


def left(typed: Batched, reference: Series) -> Left:
    """What of a function differs."""
    counts, amounts = [], []
    for yours, there, error in _resolved(typed, reference):
        apart = np.abs(yours - there)
        counts.append(int((apart > error).any(axis=0).sum()))
        amounts.append(float(np.where(apart > error, apart, 0).sum()))
    return Left(tuple(counts), tuple(amounts))


def compared(case: Case, reference: Series) -> Taylor:
    """The lowest degree in which the typed function differs, and what differs there."""
    agreed = Taylor()
    for degree, (yours, there, error) in enumerate(_resolved(case.typed, reference)):
        apart = (np.abs(yours - there) > error).any(axis=0)
        if apart.any():
            where = [_Where(degree, k, m) for k, m in np.argwhere(apart)]
            terms = tuple(_term(case, reference.formulas[degree], w, yours, there) for w in where)
            spectra = (_spectrum(yours[0]), _spectrum(there[0])) if degree == 1 else None
            return Taylor(degree, degree, terms, spectra)
        agreed = Taylor(degree)
    return agreed


def _resolved(typed: Batched, reference: Series) -> Iterator[tuple[np.ndarray, np.ndarray, float]]:
    """Yours, the right ones and a bound of the difference, up to the last degree that is resolved."""
    fits = list(reference.rays.fitted(typed.batch))
    largest = max(np.abs(yours).max() for yours, _ in fits)
    for (yours, error), there, other in zip(fits, reference.numbers, reference.errors, strict=True):
        if not error + other <= RESOLVED * largest:
            break
        yield yours, there, error + other


class _Where(NamedTuple):
    """A coefficient: its degree, its component, and which monomial it is of."""

    degree: int
    component: int
    monomial: int


def _spectrum(jacobian: np.ndarray) -> tuple[complex, ...]:
    return tuple(map(complex, np.sort_complex(eigenvalues(jacobian))[::-1]))


def _term(case: Case, formulas: Rows | None, at: _Where, yours: np.ndarray, reference: np.ndarray) -> Term:
    _, k, m = at
    powers = _monomials(len(case.names), at.degree)[m]
    mine, theirs = yours[:, k, m], reference[:, k, m]
    ratios = {simple(float(a / b)) for a, b in zip(mine, theirs, strict=True)} if theirs.all() else set()
    return Term(
        case.components[k],
        sp.Mul(*(s**power for s, power in zip(case.away, powers, strict=True))),
        float(mine[0]),
        None if formulas is None else formulas[k][m],
        float(theirs[0]),
        {name: value for name, value in case.draws[0].items() if name not in case.exact.given},
        ratios.pop() if len(ratios) == 1 else None,
    )


def _monomials(n: int, degree: int) -> list[tuple[int, ...]]:
    """The powers of all monomials of one degree in `n` variables."""
    chosen = combinations_with_replacement(range(n), degree)
    return [tuple(row.count(i) for i in range(n)) for row in chosen]


@dataclass(frozen=True)
class Rays:
    """Rays from rest along which functions are fitted, the same ones for all of them.

    Along a ray coefficients are those of a polynomial in the distance, fitted to values at Chebyshev
    points; the rays together tell the monomials apart.

    Attributes:
        points: `(draws, rays, nodes, n)`.
        columns: the hyperparameters at each, flat, by name.
        to_monomials: for each degree what takes the coefficients on the rays to those of monomials.
    """

    points: np.ndarray
    columns: Mapping[str, np.ndarray]
    to_monomials: tuple[np.ndarray, ...]

    @classmethod
    def of(cls, case: Case, highest: int) -> Rays:
        """Random rays, enough for all monomials up to a degree."""
        n = len(case.names)
        rays = case.directions(2 * math.comb(n + highest - 1, highest))
        points = case.equilibria[:, None, None, :] + RADIUS * _chebyshev().nodes[:, None] * rays[:, None, :]
        draw = np.repeat(np.arange(len(case.draws)), len(rays) * NODES)
        designs = (
            np.prod(rays[:, None, :] ** np.array(_monomials(n, p)), axis=2) for p in range(highest + 1)
        )
        return cls(points, case.columns(draw), tuple(map(np.linalg.pinv, designs)))

    def fitted(self, batch: Values) -> Iterator[tuple[np.ndarray, float]]:
        """The coefficients of a function at rest, `(draws, components, monomials)`, degree by degree.

        With each degree comes a bound of the error.
        """
        _, basis, fit, powers = _chebyshev()
        *_, n = self.points.shape
        values = batch(self.points.reshape(-1, n), self.columns).reshape(self.points.shape)
        misfit = np.abs(values - np.einsum("st,drtc->drsc", basis @ fit, values)).max()
        noise = EPS * np.abs(values).max() + misfit
        for p, inverse in enumerate(self.to_monomials):
            row = powers[:, p] @ fit / RADIUS**p
            size = np.linalg.norm(row) * np.linalg.norm(inverse, 2) * math.sqrt(inverse.shape[1])
            coefficients = np.einsum("mr,drc->dcm", inverse, np.einsum("t,drtc->drc", row, values))
            yield coefficients, float(4 * noise * size)


class _Chebyshev(NamedTuple):
    """How a polynomial is fitted to values on a ray.

    Attributes:
        nodes: where the values are, in units of the radius.
        basis: the Chebyshev polynomials there, a column each.
        fit: takes the values to coefficients of these.
        powers: row `j` has the coefficients of the `j`-th polynomial, the lowest power first.
    """

    nodes: np.ndarray
    basis: np.ndarray
    fit: np.ndarray
    powers: np.ndarray


@cache
def _chebyshev() -> _Chebyshev:
    nodes = np.cos(np.pi * (np.arange(NODES) + 0.5) / NODES)
    basis = chebyshev.chebvander(nodes, ORDER)
    rows = (chebyshev.cheb2poly(row[: j + 1]) for j, row in enumerate(np.eye(ORDER + 1)))
    powers = np.array([np.pad(row, (0, ORDER + 1 - len(row))) for row in rows])
    return _Chebyshev(nodes, basis, np.linalg.pinv(basis), powers)
