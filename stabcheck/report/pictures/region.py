"""Where it is stable over two hyperparameters: shaded by rate, the ends drawn by what happens there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, ClassVar

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from stabcheck.core import hyper
from stabcheck.core.errors import BadInput, Undecidable
from stabcheck.core.formula import Every
from stabcheck.core.polynomial import Polynomial
from stabcheck.core.stability import StabilityRegion
from stabcheck.judge.analysis import Analysis
from stabcheck.judge.optimum import optimum
from stabcheck.judge.pieces import Kind, irreducible, kinds
from stabcheck.judge.region import Region, region_of
from stabcheck.judge.result import Result
from stabcheck.report.pictures.locus import span
from stabcheck.report.pictures.picture import Picture, caption
from stabcheck.symbolic.ops import symbol
from stabcheck.symbolic.polynomials import expression
from stabcheck.symbolic.printing import latex, terminal
from stabcheck.symbolic.spectrum import Factor
from stabcheck.symbolic.update import Point

POINTS = 241
"""Of the grid along each side."""
Columns = Mapping[str, Any]
Sides = tuple[np.ndarray, np.ndarray]
LINES: Mapping[Kind, Mapping[str, Any]] = MappingProxyType(
    {
        Kind.FOLD: {"color": "#009E73", "linestyle": (0, (1, 1.2))},
        Kind.ZERO: {"color": "#009E73", "linestyle": (0, (1, 1.2))},
        Kind.FLIP: {"color": "#D55E00", "linestyle": (0, (4, 1.6))},
        Kind.CIRCLE: {"color": "#000000", "linestyle": "-"},
        Kind.HOPF: {"color": "#000000", "linestyle": "-"},
    }
)


FASTEST: Mapping[str, Any] = MappingProxyType(
    {"color": "#F0E442", "marker": "*", "markersize": 11, "markeredgecolor": "#000000", "linestyle": "none"}
)


@dataclass(frozen=True)
class Curve:
    """A part of the boundary.

    Attributes:
        kind: what happens there.
        polynomial: whose zeros they are, as text.
        points: in order, `(k, 2)`.
    """

    kind: Kind
    polynomial: str
    points: np.ndarray


@dataclass(frozen=True, repr=False)
class RegionPicture(Picture):
    """The stable set over two hyperparameters.

    Attributes:
        names: of the two, in TeX.
        sides: the values along each, `(n,)`.
        rate: spectral radius or abscissa where it is stable, NaN elsewhere, a row for each value of the
            second.
        curves: where the stable set ends.
        region: where the eigenvalues of what is stable lie.
        fastest: where the rate is least, exactly, as far as that lies in the picture, `(n, 2)`.
    """

    names: tuple[str, str]
    sides: Sides
    rate: np.ndarray
    curves: tuple[Curve, ...]
    region: StabilityRegion
    fastest: np.ndarray

    size: ClassVar[tuple[float, float]] = (5.6, 3.8)

    def table(self) -> Mapping[str, Sequence[Any]]:
        rows = [
            (k, curve.kind.name.lower(), curve.polynomial, x, y)
            for k, curve in enumerate(self.curves)
            for x, y in curve.points.tolist()
        ]
        rows += [
            (len(self.curves) + k, "optimum", "", x, y) for k, (x, y) in enumerate(self.fastest.tolist())
        ]
        return {
            "curve": [k for k, *_ in rows],
            "kind": [kind for _, kind, *_ in rows],
            "polynomial": [polynomial for _, _, polynomial, *_ in rows],
            "x": [x for *_, x, _ in rows],
            "y": [y for *_, y in rows],
        }

    def draw(self, figure: Figure) -> None:
        axes = figure.add_subplot()
        shading = axes.pcolormesh(*self.sides, self.rate, cmap="Blues_r", shading="nearest", rasterized=True)
        figure.colorbar(shading, ax=axes, label=self.region.rate_name)
        for curve in self.curves:
            axes.plot(*curve.points.T, gid=curve.kind.name.lower(), **LINES[curve.kind])
        axes.plot(*self.fastest.T, gid="optimum", **FASTEST)
        axes.set(xlabel=f"${self.names[0]}$", ylabel=f"${self.names[1]}$")
        axes.margins(0)
        self.keyed(figure, list(self._key()))

    def _key(self) -> Iterator[Line2D]:
        for kind in dict.fromkeys(curve.kind for curve in self.curves):
            yield Line2D([], [], label=kind.value, **LINES[kind])
        if len(self.fastest):
            yield Line2D([], [], label="fastest", **FASTEST)


def region(
    result: Result, x: str, y: str, ranges: Mapping[str, tuple[Any, Any]] = MappingProxyType({})
) -> RegionPicture:
    """The picture of the stable set over two hyperparameters.

    Args:
        result: with a number for every name but these two.
        x, y: the names along the two axes.
        ranges: the ends for some of them; by default from 0 or near it to twice what is typical, or
            twice the optimum.

    Raises:
        BadInput: if another name is open, or no conditions of stability are known.
    """
    if not isinstance(result, Analysis):
        raise BadInput(f"{result.game.label} has its losses in JAX and so no conditions; plot locus draws it")
    factors, stable = _asked(result, x, y)
    best = np.array(list(_fastest(result, (x, y)))).reshape(-1, 2)
    across, up = (
        _side(result, name, ranges.get(name, (None, None)), column)
        for name, column in zip((x, y), best.T, strict=True)
    )
    grid = dict(zip((x, y), np.meshgrid(across, up), strict=True))
    columns = {**grid, **_numbers(stable)}
    inside = np.broadcast_to(stable.inside.truth(_signs(columns)), grid[x].shape)
    rate = np.where(inside, _rates(factors, grid, result.region), np.nan)
    curves = tuple(_curves(stable, factors, result.region, (across, up), columns))
    written = {name: latex(symbol(name, row), result.names) for name, row in result.names.items()}
    text = f"{caption(result)} Shaded where it is stable, darker where errors decay faster."
    kept = np.array([across[0] <= a <= across[-1] and up[0] <= b <= up[-1] for a, b in best], dtype=bool)
    return RegionPicture(
        text, (written[x], written[y]), (across, up), rate, curves, result.region, best[kept]
    )


def _fastest(result: Analysis, names: tuple[str, str]) -> Iterator[tuple[float, ...]]:
    """The optima; none where they are not found, or are no points."""
    letters = [symbol(name, result.names[name]).name for name in names]
    try:
        best = optimum(result, letters)
    except (BadInput, Undecidable):
        return
    for place in best.least.places:
        ends = [place.at[n].low for n in letters if n in place.at and place.at[n].is_point]
        point = tuple(end.value for end in ends if end is not None)
        if place.attained and len(point) == len(letters):
            yield point


def _asked(result: Result, x: str, y: str) -> tuple[tuple[Factor, ...], Region]:
    """The factors and the conditions, which have these two names and no other."""
    if not isinstance(result, Analysis):
        raise BadInput(
            f"{result.game.label} has its losses in JAX and so no conditions to draw; see plot locus"
        )
    if x == y:
        raise BadInput(f"{x} cannot go along both axes; give another name for one")
    names = hyper.symbols(result.game, result.operator)
    open_names = [name for name in names if name not in result.values]
    for name in (x, y):
        if name not in open_names:
            raise BadInput(f"'{name[:40]}' is no open name; those are: {', '.join(open_names) or 'none'}")
    if others := [name for name in open_names if name not in (x, y)]:
        raise BadInput(f"only {x} and {y} move: {', '.join(others)} left open; give them, {others[0]}=1 say")
    point, stable = result.here.point, region_of(result.here)
    if stable is None or not isinstance(point, Point):
        raise BadInput(f"no conditions of stability are known: {result.finding.reason}")
    return point.stabilising, stable


def _side(result: Analysis, name: str, ends: tuple[Any, Any], fastest: np.ndarray) -> np.ndarray:
    """The values along an axis, by default so far that the optima lie in the middle."""
    row = replace(hyper.symbols(result.game, result.operator)[name], name=name)
    low, high = map(float, span(row, *ends))
    if ends[1] is None and len(fastest) and row.domain.high is None:
        high = max(high, 2 * float(fastest.max()))
    return np.linspace(low, high, POINTS)


def _numbers(stable: Region) -> dict[str, float]:
    """The letters of a region that stand for numbers."""
    numbers = {}
    for name, meaning in stable.letters.items():
        if not meaning.is_Symbol:
            if meaning.free_symbols:
                raise BadInput(f"the conditions have {terminal(meaning)}, which is not drawn")
            numbers[name] = float(meaning)
    return numbers


def _rates(factors: Sequence[Factor], grid: Mapping[str, np.ndarray], region: StabilityRegion) -> np.ndarray:
    """The size of the dominant eigenvalue, by LAPACK: for shading alone."""
    shape = next(iter(grid.values())).shape
    sizes = [region.size(_roots(factor, grid, shape)).max(axis=-1) for factor in factors if factor.degree]
    return np.max(sizes, axis=0)


def _roots(factor: Factor, grid: Mapping[str, np.ndarray], shape: tuple[int, ...]) -> np.ndarray:
    """Those of a factor over a grid, `(..., degree)`, as eigenvalues of its companion matrices."""
    try:
        poly, letters = factor.cleared
    except Undecidable as refusal:
        raise BadInput(f"the rate is not drawn: {refusal}") from None
    (z,) = [name for name, meaning in letters.items() if meaning == factor.variable]
    values = {n: grid[str(e)] if e.is_Symbol else float(e) for n, e in letters.items() if n != z}
    row = [np.broadcast_to(c.at(values, float), shape) for c in poly.coefficients(z)]
    companion = np.zeros((*shape, factor.degree, factor.degree))
    companion[..., 1:, :-1] = np.eye(factor.degree - 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        companion[..., :, -1] = np.stack([-c / row[0] for c in row[:0:-1]], axis=-1)
    companion[~np.isfinite(companion)] = 0.0
    return np.linalg.eigvals(companion)


def _curves(
    stable: Region, factors: Sequence[Factor], region: StabilityRegion, sides: Sides, grid: Columns
) -> Iterator[Curve]:
    """The zeros of each factor of a condition, where the other conditions hold."""
    conditions = [irreducible(condition) for condition in stable.conditions]
    for polynomial, ways in kinds(stable, factors, region).items():
        others = Every(tuple(c for c in conditions if polynomial not in c.polynomials))
        heights = np.broadcast_to(polynomial.at(grid, float), next(iter(grid.values())).shape)
        text = terminal(expression(polynomial, stable.letters))
        for line in _zeros(sides, heights) if ways else ():
            columns = {**grid, **dict(zip(tuple(grid)[:2], line.T, strict=True))}
            held = np.broadcast_to(others.truth(_signs(columns)), len(line))
            yield from (Curve(ways[0], text, points) for points in _kept(line, held))


def _signs(columns: Columns) -> Callable[[Polynomial], np.ndarray]:
    return lambda p: np.sign(p.at(columns, float))


def _zeros(sides: Sides, heights: np.ndarray) -> list[np.ndarray]:
    if not (heights.min() <= 0 <= heights.max()):
        return []
    return list(Figure().add_subplot().contour(*sides, heights, [0.0]).allsegs[0])


def _kept(line: np.ndarray, held: np.ndarray) -> Iterator[np.ndarray]:
    """The pieces of a polyline whose points are held."""
    cuts = np.flatnonzero(held[1:] != held[:-1]) + 1
    for piece, kept in zip(np.split(line, cuts), np.split(held, cuts), strict=True):
        if kept.all() and len(piece) > 1:
            yield piece
