"""Random points at which a region is held against eigenvalues: exact ones, and LAPACK's.

The region's truth is exact at every point: floats with a bound of their error tell most signs, fractions the
others. Nothing of it is used by the two that it is held against, which see the matrix alone:

- exactly, the characteristic polynomial at the point, and Routh's first column;
- LAPACK, whose eigenvalues are exact ones of a matrix that differs by some `n eps |M|`. Where its verdict is
  another one, a matrix on the way there has an eigenvalue on the boundary: that is allowed only where a
  change of at most `ROUNDINGS n eps |M|` brings one there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
import sympy as sp
from flint import fmpq, fmpq_mat, fmpq_poly

from stabcheck.core.domain import Domain
from stabcheck.core.formula import Every, within
from stabcheck.core.polynomial import Polynomial
from stabcheck.core.stability import Disc, StabilityRegion
from stabcheck.judge.analysis import Analysis
from stabcheck.judge.region import Region, assumed, region_of
from stabcheck.judge.sampling import Cloud
from stabcheck.symbolic.exact import routh
from stabcheck.symbolic.ops import symbol
from stabcheck.symbolic.polynomials import meanings, polynomial
from stabcheck.symbolic.update import Point

EPS = np.finfo(float).eps
ROUNDINGS = 8
"""In units of `n eps |M|`: how far LAPACK may be off."""
HALVINGS, CLOSEST = 53, 14
"""Points near a zero lie off it by shares down to `10^-14`."""

Columns = Mapping[str, np.ndarray]
Values = Mapping[str, Fraction]


@dataclass(frozen=True)
class Tally:
    """What came of the points of a combination.

    Attributes:
        points: at how many the region was held against LAPACK.
        exact: at how many of them, and of those on a zero, against Routh.
        stable: how many are.
        rounded: at how many LAPACK is wrong within its rounding.
        wrong: points at which the region and Routh differ, or LAPACK beyond its rounding.
    """

    points: int
    exact: int
    stable: int
    rounded: int
    wrong: tuple[str, ...]


@dataclass(frozen=True)
class Against:
    """A region, and the matrix whose eigenvalues it tells of.

    Attributes:
        region: what is held against eigenvalues.
        matrix: in the letters of the domains.
        domains: by letter.
        inside: where the eigenvalues of what is stable lie.
        along: how many eigenvalues belong to a manifold of rest points.
    """

    region: Region
    matrix: sp.Matrix
    domains: Mapping[str, Domain]
    inside: StabilityRegion
    along: int

    @classmethod
    def of(cls, result: Analysis) -> Against | None:
        """That of an analysis; `None` where there is no region."""
        point = result.here.point
        region = region_of(result.here)
        if region is None or not isinstance(point, Point):
            return None
        declared = {symbol(name, row).name: row.domain for name, row in result.names.items()}
        letters = {s.name: s for s in point.matrix.free_symbols}
        domains = {name: declared.get(name) or assumed(s) for name, s in sorted(letters.items())}
        return cls(region, point.matrix, domains, result.region, len(point.along))

    @cached_property
    def bounding(self) -> tuple[Polynomial, ...]:
        """What bounds the region, letters that stand for more than a symbol aside."""
        several = dict.fromkeys(self.region.inside.polynomials)
        return tuple(p for p in several if p.names and {*p.names} <= {*self.domains})

    # Points

    def columns(self, count: int, seed: int = 0) -> Columns:
        """Points of the domains, every other one close to where a condition vanishes."""
        first, second = (Cloud.of(self.domains, count, seed + k).columns for k in (0, 1))
        rng = np.random.default_rng(seed)
        chosen, share = (
            rng.integers(0, 2 * len(self.bounding), count) if self.bounding else [],
            np.zeros(count),
        )
        for k, p in enumerate(self.bounding):
            rows = np.flatnonzero(chosen == k)
            share[rows] = _crossing(p, {n: (first[n][rows], second[n][rows]) for n in p.names}, len(rows))
        off = 1 + rng.choice([-1, 1], count) * 10.0 ** -rng.uniform(1, CLOSEST, count)
        moved = {n: first[n] + share * off * (second[n] - first[n]) for n in self.domains}
        admissible = Every(tuple(within(n, domain) for n, domain in self.domains.items()))
        kept = admissible.truth(lambda p: np.sign(p.at(moved, float))) & (share > 0)
        return {n: np.where(kept, moved[n], first[n]) for n in self.domains}

    def zeros(self, points: Iterable[Values]) -> Iterator[Values]:
        """Points moved in one letter, exactly to where a condition vanishes that is linear in it."""
        for values in points:
            for p in self.bounding:
                for name in p.names:
                    rows = [c.at(values) for c in p.coefficients(name)]
                    if len(rows) == 2 and rows[0] and self.domains[name].contains(at := -rows[1] / rows[0]):
                        yield {**values, name: at}

    # What the region says

    def stable(self, columns: Columns) -> np.ndarray:
        """Whether the region contains each point, exactly."""
        count = len(next(iter(columns.values()), np.zeros(1)))
        floats = {name: _floats(e, columns, count) for name, e in self.region.letters.items()}
        told = {p: _signs(p, floats, count) for p in self.region.inside.polynomials}
        truth = np.broadcast_to(self.region.inside.truth(told.__getitem__), count).copy()
        unsure = np.flatnonzero(np.any([np.isnan(signs) for signs in told.values()] or [[False]], axis=0))
        plain = all(e.is_Symbol for e in self.region.letters.values())
        for k in unsure:
            values = _point(columns, k)
            truth[k] = self._contains(values) if plain else self.region.contains(**values)
        return truth

    def _contains(self, values: Values) -> bool:
        """`Region.contains` where letters are symbols, faster."""
        numbers = {name: _exact(q) for name, q in values.items()}

        def sign(p: Polynomial) -> int:
            value = p.at(numbers, _exact)
            return (value > 0) - (value < 0)

        return bool(self.region.inside.truth(sign))

    # What it is held against

    @cached_property
    def _ratios(self) -> list[tuple[Polynomial, Polynomial]] | None:
        """The entries; `None` where they are not rational functions over the rationals."""
        pairs = [sp.fraction(sp.together(e)) for e in self.matrix.flat()]
        letters = meanings(*(e for pair in pairs for e in pair))
        if not all(e.is_Symbol for e in letters.values()):
            return None
        return [(polynomial(above, letters), polynomial(below, letters)) for above, below in pairs]

    def exactly(self, values: Values) -> bool | None:
        """Whether all eigenvalues lie inside, by Routh's first column; `None` where it is not asked."""
        entries = self._entries(values)
        if entries is None:
            return None
        n = self.matrix.rows
        whole, still = fmpq_mat(n, n, entries).charpoly(), fmpq_poly([-self.inside.still, 1])
        for _ in range(self.along):
            whole, rest = divmod(whole, still)
            assert rest == 0
        moved = self.inside.to_half_plane(whole.coeffs()[::-1])
        return moved[0] != 0 and routh(moved)

    def _entries(self, values: Values) -> list[fmpq] | None:
        """The matrix at a point; `None` where it has none."""
        numbers = {name: _exact(q) for name, q in values.items()}
        if self._ratios is None:
            return None
        pairs = [(above.at(numbers, _exact), below.at(numbers, _exact)) for above, below in self._ratios]
        return [a / b for a, b in pairs] if all(b != 0 for _, b in pairs) else None

    def outermost(self, columns: Columns) -> np.ndarray:
        """How far outside the outermost eigenvalue lies, by LAPACK."""
        return self._outermost(self._matrices(columns))

    def _outermost(self, matrices: np.ndarray) -> np.ndarray:
        with np.errstate(all="ignore"):
            return self.inside.margin(np.linalg.eigvals(self._across(matrices))).max(axis=-1, initial=-np.inf)

    def _matrices(self, columns: Columns) -> np.ndarray:
        count, n = len(next(iter(columns.values()), np.zeros(1))), self.matrix.rows
        entries = [_floats(e, columns, count) for e in self.matrix.flat()]
        return np.stack(entries, axis=-1).reshape(count, n, n)

    def _across(self, matrices: np.ndarray) -> np.ndarray:
        """The matrices on what is left of the space without the directions in which nothing moves."""
        if not self.along:
            return matrices
        n = matrices.shape[-1]
        _, _, rows = np.linalg.svd(matrices - self.inside.still * np.eye(n))
        left = rows[:, : n - self.along]
        return left @ matrices @ left.transpose(0, 2, 1)

    def rounds(self, values: Values, stable: bool) -> bool:
        """Whether LAPACK may be wrong at a point, or is right once the entries are the nearest floats."""
        entries = self._entries(values)
        if entries is None:
            matrices = self._matrices({name: np.array([float(q)]) for name, q in values.items()})
        else:
            matrices = np.array([int(e.p) / int(e.q) for e in entries]).reshape(1, *self.matrix.shape)
        return bool((self._outermost(matrices)[0] < 0) == stable or self._may_round(matrices)[0])

    def unexplained(self, columns: Columns, stable: np.ndarray) -> list[int]:
        """The points at which LAPACK is wrong beyond its rounding."""
        matrices = self._matrices(columns)
        differ = np.flatnonzero((self._outermost(matrices) < 0) != stable)
        beyond = differ[~self._may_round(matrices[differ])] if len(differ) else differ
        return [int(k) for k in beyond if not self.rounds(_point(columns, k), stable[k])]

    def _may_round(self, matrices: np.ndarray) -> np.ndarray:
        """Whether a change within LAPACK's rounding brings an eigenvalue of each matrix to the boundary."""
        left, n = self._across(matrices), self.matrix.rows
        near = self._nearest(np.linalg.eigvals(left))[..., None, None]
        distances = np.linalg.svd(near * np.eye(left.shape[-1]) - left[:, None], compute_uv=False)[..., -1]
        return distances.min(axis=-1) <= ROUNDINGS * n * EPS * np.linalg.norm(left, 2, axis=(-2, -1))

    def _nearest(self, z: np.ndarray) -> np.ndarray:
        """The points of the boundary that are nearest to numbers."""
        if not isinstance(self.inside, Disc):
            return 1j * z.imag
        return np.where(z == 0, 1, z) / np.where(z == 0, 1, abs(z))


def _crossing(p: Polynomial, ends: Mapping[str, tuple[np.ndarray, np.ndarray]], count: int) -> np.ndarray:
    """The share of the way from one end to the other at which a polynomial vanishes; 0 where it does not."""

    def sign(share: np.ndarray) -> np.ndarray:
        return np.sign(p.at({n: a + share * (b - a) for n, (a, b) in ends.items()}, float))

    low, high = np.zeros(count), np.ones(count)
    first = sign(low)
    crosses = first * sign(high) < 0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        before = sign(middle) == first
        low, high = np.where(before, middle, low), np.where(before, high, middle)
    return np.where(crosses, low, 0)


def _signs(p: Polynomial, floats: Columns, count: int) -> np.ndarray:
    """The signs of a polynomial where rounding cannot have changed them, else nan."""
    value = np.broadcast_to(p.at(floats, float), count)
    size = Polynomial(p.names, tuple((powers, abs(c)) for powers, c in p.terms))
    most = size.at({name: abs(column) for name, column in floats.items()}, float)
    return np.where(abs(value) > 8 * (p.degree + len(p.terms) + 2) * EPS * most, np.sign(value), np.nan)


def _floats(e: sp.Expr, columns: Columns, count: int) -> np.ndarray:
    """An expression at each point."""
    names = sorted(s.name for s in e.free_symbols)
    by_name = {s.name: s for s in e.free_symbols}
    with np.errstate(all="ignore"):
        written = sp.lambdify([by_name[n] for n in names], e, "numpy")(*(columns[n] for n in names))
    return np.broadcast_to(np.asarray(written, float), count)


def _exact(q: Fraction) -> fmpq:
    return fmpq(*q.as_integer_ratio())


def _point(columns: Columns, k: int) -> dict[str, Fraction]:
    return {name: Fraction(float(column[k])) for name, column in columns.items()}


def tally(against: Against, count: int, exact: int, seed: int = 0) -> Tally:
    """A region held against eigenvalues.

    Args:
        against: the region and the matrix.
        count: of points.
        exact: of those that are looked at exactly, too.
        seed: of the points.
    """
    count = count if against.domains else 1
    columns = against.columns(count, seed)
    stable, outermost = against.stable(columns), against.outermost(columns)
    differ = np.flatnonzero((outermost < 0) != stable)
    beyond = against.unexplained(columns, stable)
    chosen = [*range(0, count, max(1, count // exact)), *differ][: 2 * exact]
    points = [_point(columns, k) for k in chosen]
    on_zeros = [values for _, values in zip(range(exact // 10), against.zeros(points), strict=False)]
    told = [*stable[chosen], *(against.region.contains(**values) for values in on_zeros)]
    other = [
        v for v, s in zip([*points, *on_zeros], told, strict=True) if against.exactly(v) not in (s, None)
    ]
    wrong = (*(f"lapack at {_point(columns, k)}" for k in beyond), *(f"exactly at {v}" for v in other))
    asked = 0 if against._ratios is None else len(told)
    return Tally(count, asked, int(stable.sum()), len(differ) - len(beyond), wrong)
