"""The vector field of a game, or the moves of a method, with paths in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from matplotlib.colors import LinearSegmentedColormap, LogNorm
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from stabcheck.core.errors import BadInput
from stabcheck.core.stability import StabilityRegion
from stabcheck.declare.starts import Start
from stabcheck.report.pictures.motion import (
    Plane,
    axis_name,
    clock,
    ending,
    framed,
    headline,
    horizon,
    listed,
    look,
    mark_equilibrium,
    numbers,
    orbits_of,
    plane,
    spread,
    within,
)
from stabcheck.report.pictures.picture import Picture, at_numbers, beneath, caption

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from stabcheck.judge.result import Result
    from stabcheck.numeric.kinks import Kink
    from stabcheck.numeric.simulate import Path

ARROWS, FINE = 18, 241
"""Arrows per side: an even number, so that none stands on the axes, where kinks are common."""
REACH = (2.0, 2.0)
SHADES = LinearSegmentedColormap.from_list("shades", ("#d4d4d4", "#2e2e2e"))
KINK = "#000000"


@dataclass(frozen=True, eq=False, repr=False)
class FieldPicture(Picture):
    """Arrows of one length, shaded by strength, and paths of the operator.

    Attributes:
        plane: the two coordinates shown.
        reach: the half-widths of the frame around the equilibrium.
        points, moves: the arrows, `(m, 2)`: velocities, or moves of one step.
        paths: where the operator leads, in all coordinates.
        verdict, title: of the equilibrium.
        region: where stable eigenvalues lie: a disc for what goes by steps, else a half-plane.
        strength: what the shade of an arrow shows.
        kinks: on a fine grid over the frame, what changes sign on a kink of the losses.
        put_back: on the same grid, how far the game moves each point after a step.
    """

    plane: Plane
    reach: tuple[float, float]
    points: np.ndarray
    moves: np.ndarray
    paths: tuple[Path, ...]
    verdict: str
    title: str
    region: StabilityRegion
    strength: str
    kinks: tuple[Kink, ...]
    put_back: np.ndarray

    size: ClassVar[tuple[float, float]] = (4.9, 4.2)

    def table(self) -> Mapping[str, Sequence[Any]]:
        """Arrows first, then the points of each path."""
        first, second = self.plane.axes
        rows = [*self._arrow_rows(), *self._path_rows()]
        names = (
            "what is drawn",
            clock(self.region).column,
            first,
            second,
            f"move of {first}",
            f"move of {second}",
        )
        return dict(zip(names, zip(*rows, strict=True), strict=True))

    def _arrow_rows(self) -> Iterator[tuple[Any, ...]]:
        for at, move in zip(self.points.tolist(), self.moves.tolist(), strict=True):
            yield "arrow", "", *at, *move

    def _path_rows(self) -> Iterator[tuple[Any, ...]]:
        written = clock(self.region).written
        for k, path in enumerate(self.paths):
            for time, at in zip(path.times.tolist(), self.plane.projected(path.points).tolist(), strict=True):
                yield f"path {k + 1}", written(time), *at, "", ""

    def draw(self, figure: Figure) -> None:
        ax = figure.add_subplot()
        framed(ax, self.plane.centre, self.reach)
        self._shade_arrows(figure, ax)
        drawn = [*self._draw_put_back(ax), *self._draw_kinks(ax)]
        for path in self.paths:
            self._draw_path(ax, path)
        mark_equilibrium(ax, self.plane.centre, self.verdict)
        first, second = self.plane.axes
        ax.set(xlabel=axis_name(first), ylabel=axis_name(second), title=self.headed(self.title))
        handles = [line for line in ax.get_lines() if line.get_gid() == "rest"]
        beneath(figure, [*self._legend_of_paths(), *handles, *drawn])

    def _shade_arrows(self, figure: Figure, ax: Axes) -> None:
        scaled = self.moves / np.asarray(self.reach)
        strength, lengths = (np.linalg.norm(a, axis=1) for a in (self.moves, scaled))
        shown = np.isfinite(strength) & (strength > 0) & np.isfinite(lengths)
        if not shown.any():
            return
        unit = scaled[shown] / lengths[shown, None]
        low, high = strength[shown].min(), strength[shown].max()
        arrows = ax.quiver(
            *self.points[shown].T, *unit.T, strength[shown], cmap=SHADES,
            norm=LogNorm(max(low, high / 1e3), max(high, low * 1.01)),
            pivot="mid", scale=ARROWS / 0.72, scale_units="width", width=0.0042, headwidth=3.8, zorder=1,
        )  # fmt: skip
        bar = figure.colorbar(arrows, ax=ax, shrink=0.75, aspect=28, pad=0.02)
        bar.set_label(self.strength)
        bar.outline.set_visible(False)

    def _mesh(self) -> tuple[np.ndarray, np.ndarray]:
        x, y = _grid(self.plane, self.reach, FINE).reshape(FINE, FINE, 2).transpose(2, 0, 1)
        return x, y

    def _draw_put_back(self, ax: Axes) -> list[Patch]:
        """The region from which the game puts players back."""
        if not (self.put_back > 0).any():
            return []
        largest = self.put_back.max()
        ax.contourf(
            *self._mesh(), self.put_back.reshape(FINE, FINE), levels=[1e-9 * largest, 2 * largest],
            colors=["#b8b8b8"], alpha=0.45, hatches=["////"], zorder=0,
        )  # fmt: skip
        return [Patch(facecolor="#dfdfdf", hatch="////", label="put back after each step", gid="put back")]

    def _draw_kinks(self, ax: Axes) -> list[Line2D]:
        for kink in self.kinks:
            ax.contour(
                *self._mesh(), kink.values.reshape(FINE, FINE), levels=[0],
                colors=[KINK], linewidths=1.0, linestyles=[(0, (1, 1.4))], zorder=3,
            )  # fmt: skip
        labels = dict.fromkeys(kink.label for kink in self.kinks)
        return [
            Line2D([], [], color=KINK, linewidth=1.0, linestyle=(0, (1, 1.4)), label=f"kink: {label}")
            for label in labels
        ]

    def _draw_path(self, ax: Axes, path: Path) -> None:
        projected, shown = self.plane.projected(path.points), look(self.verdict, whole=path.whole)
        projected = projected[: within(projected, self.plane.centre, self.reach)]
        ax.plot(*projected.T, color="white", linewidth=3.0, zorder=3.5, gid="halo")
        ax.plot(
            *projected.T, color=shown.colour, linestyle=shown.line, zorder=4, gid="path",
            marker=clock(self.region).marker, markersize=2.5,
        )  # fmt: skip
        ax.plot(*projected[:1].T, marker="s", markersize=4, color=shown.colour, zorder=5, gid="start")

    def _legend_of_paths(self) -> list[Line2D]:
        handles = {}
        for path in self.paths:
            shown = look(self.verdict, whole=path.whole)
            label = "path from its start" if path.whole else "path that ends early"
            handles[label] = Line2D(
                [], [], color=shown.colour, linestyle=shown.line, marker="s", markersize=4, markevery=[0],
                label=label,
            )  # fmt: skip
        return list(handles.values())


def _grid(shown: Plane, reach: Sequence[float], count: int) -> np.ndarray:
    """The points of a square grid, `(count^2, 2)`; inside of the frame for few, on its edge for many."""
    edge = 1 - 1 / count if count == ARROWS else 1.0
    line = np.linspace(-edge, edge, count)
    return np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2) * np.asarray(reach) + shown.centre


def field(
    result: Result,
    *,
    axes: Sequence[str] | None = None,
    reach: Sequence[float] | None = None,
    start: Start | None = None,
    steps: int | None = None,
) -> FieldPicture:
    """The field of a game around its equilibrium, with paths of the operator.

    Args:
        result: a result at numbers.
        axes: the two coordinates shown; by default the first ones of two players.
        reach: the half-widths of the frame, by default 2.
        start: one start for a path; by default four around the equilibrium.
        steps: how many steps to follow, or for a flow how long.

    Raises:
        BadInput: if a name has no value, and for axes, a frame or a start that the game has not.
    """
    from stabcheck.numeric.kinks import kinks, put_back
    from stabcheck.numeric.simulate import field as moves_at

    at_numbers(result)
    shown, values, until = plane(result, axes), numbers(result), horizon(result, steps)
    wide = half_widths(reach) or REACH
    offsets = spread(result.verdict, wide) if start is None else [(0.0, 0.0)]
    paths = orbits_of(result, [shown.start(start, (float(o[0]), float(o[1]))) for o in offsets], until)
    points, fine = (_grid(shown, wide, count) for count in (ARROWS, FINE))
    moves = moves_at(result.game, result.operator, values, shown.lifted(points))
    everywhere = shown.lifted(fine)
    moved = put_back(result.game, values, everywhere) if result.discrete else np.zeros(len(fine))
    return FieldPicture(
        caption=f"{caption(result)} {_note(result, shown, paths, until)}",
        plane=shown,
        reach=wide,
        points=points,
        moves=shown.projected(moves),
        paths=tuple(paths),
        verdict=result.verdict,
        title=headline(result),
        region=result.region,
        strength=_strength(result),
        kinks=tuple(kinks(result.game, values, everywhere)),
        put_back=moved,
    )


def _strength(result: Result) -> str:
    """What the length of an arrow would be."""
    if not result.discrete:
        return "speed"
    return "length of a move" if result.operator.period > 1 else "length of a step"


def half_widths(reach: Sequence[float] | None) -> tuple[float, float] | None:
    """The half-widths of a frame, from one number or two.

    Raises:
        BadInput: for other counts and for numbers that are not positive.
    """
    if reach is None:
        return None
    if len(reach) not in {1, 2} or not all(0 < r < np.inf for r in reach):
        raise BadInput("the range is one positive number or two: how far the frame goes from the equilibrium")
    return float(reach[0]), float(reach[-1])


def _note(result: Result, shown: Plane, paths: Sequence[Path], until: float) -> str:
    length = f"{until:.0f} steps" if result.discrete else f"time {until:g}"
    period = result.operator.period
    one = f"cycle of {period} steps" if period > 1 else "step"
    kind = f"moves of one {one}" if result.discrete else "velocities"
    starts = f"started at {listed(paths[0].points[0])}" if len(paths) == 1 and len(paths[0].points) else ""
    early = [f"one path: {text}" for path in paths if (text := ending(path, result))]
    text = f"Arrows: {kind}; {len(paths)} path{'s' * (len(paths) > 1)} over {length}"
    return shown.note + "; ".join([text, *filter(None, [starts]), *dict.fromkeys(early)]) + "."
