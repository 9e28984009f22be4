"""One path: where it goes, and how fast it comes near, beside the rate that the eigenvalues predict."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.lines import Line2D

from stabcheck.core.files import FILMS
from stabcheck.core.stability import Disc, StabilityRegion
from stabcheck.declare.starts import Start
from stabcheck.report.edge import factor
from stabcheck.report.pictures.motion import (
    LOOKS,
    Plane,
    Ruler,
    axis_name,
    clock,
    ending,
    growth,
    headline,
    horizon,
    listed,
    look,
    mark_equilibrium,
    orbits_of,
    plane,
    ruler_of,
)
from stabcheck.report.pictures.picture import (
    STACKED,
    STYLE,
    Picture,
    at_numbers,
    beneath,
    caption,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from PIL.Image import Image

    from stabcheck.judge.result import Result
    from stabcheck.numeric.simulate import Path

OFFSET = (1.0, 1.0)
HUGE = 1e250
"""Beyond this an axis has no numbers."""
FRAMES, MILLISECONDS, DOTS = 60, 80, 90
"""Of an animation: how many pictures, how long each, and dots per inch."""
GROWING = ("path", "distance")
"""The lines that grow."""
ROUNDING = 1e-12
"""Distances below this part of the first one are none of the path's."""
FARTHEST = 8
"""How many times as far as the start the frame of the plane reaches."""
TALL = 2.9
"""Inches, of a narrow picture, in which the distance is drawn under the plane; and of a tall one."""


@dataclass(frozen=True, eq=False, repr=False)
class TrajectoryPicture(Picture):
    """The path in a plane, and its distance to the equilibrium over time.

    Attributes:
        plane: the two coordinates shown.
        path: where the operator leads.
        distance: to the equilibrium, `(k,)`.
        target: what the distance is to.
        rate: predicted, `log rho` per step or the abscissa; `None` where there is none.
        verdict, title: of the equilibrium.
        region: where stable eigenvalues lie: a disc for what goes by steps, else a half-plane.
    """

    plane: Plane
    path: Path
    distance: np.ndarray
    target: str
    rate: float | None
    verdict: str
    title: str
    region: StabilityRegion

    size: ClassVar[tuple[float, float]] = (6.6, 3.1)
    suffixes: ClassVar[tuple[str, ...]] = FILMS

    def table(self) -> Mapping[str, Sequence[Any]]:
        """Time, all coordinates, the distance, and the predicted line beside it."""
        predicted, time = self.predicted, clock(self.region)
        return {
            time.column: [*map(time.written, self.path.times.tolist())],
            **dict(zip(self.plane.names, self.path.points.T.tolist(), strict=True)),
            "distance": self.distance.tolist(),
            "predicted": ["" if np.isnan(e) else e for e in predicted.tolist()]
            if predicted is not None
            else [""] * len(self.distance),
        }

    @property
    def predicted(self) -> np.ndarray | None:
        """`d exp(rate (t - s))` from a point of the path on, at `s`, with `d` its distance; NaN elsewhere.

        From the middle of a path that comes near, to where its distance is all rounding, and from the
        start of one that goes away; `None` where linearisation predicts no rate.
        """
        part = self._predictable
        if part is None:
            return None
        since = self.path.times - self.path.times[part.start]
        with np.errstate(over="ignore"):
            line = self.distance[part.start] * np.exp(self.rate * since)
        line[: part.start] = line[part.stop :] = np.nan
        return line

    @property
    def _predictable(self) -> slice | None:
        """The points for which a rate is predicted; `None` for none."""
        told = self.rate and np.isfinite(self.rate) and self.verdict in LOOKS
        if not told or not self.distance.any():
            return None
        times, gone = self.path.times, self.distance < ROUNDING * self.distance[0]
        stop = int(np.argmax(gone)) if gone.any() else len(times)
        start = int(np.searchsorted(times, times[stop - 1] / 2)) if self.verdict == "stable" else 0
        return slice(start, stop) if self.distance[start] else None

    @property
    def inches(self) -> tuple[float, float]:
        return STACKED if self.narrow else self.size

    def draw(self, figure: Figure) -> None:
        rows, ratios = (2, (1,)) if self.narrow else (1, (1, 1.35))
        left, right = np.ravel(figure.subplots(rows, len(ratios), width_ratios=ratios))
        self._draw_path(left)
        self._draw_distance(right)
        beneath(figure, [handle for ax in (left, right) for handle in ax.get_legend_handles_labels()[0]])
        figure.suptitle(self.headed(self.title), size=STYLE["axes.titlesize"] * self.look.scale)

    def _draw_path(self, ax: Axes) -> None:
        shown, projected = look(self.verdict, whole=self.path.whole), self.plane.projected(self.path.points)
        # What runs far away would leave nothing else to see.
        away = np.abs(projected - self.plane.centre).max(axis=1, initial=0.0)
        near = projected[away <= FARTHEST * away[:1]]
        ax.update_datalim(np.vstack([near, self.plane.centre]))
        ax.autoscale_view()
        ax.autoscale(enable=False)
        ax.plot(
            *projected.T, color=shown.colour, linestyle=shown.line, gid="path", linewidth=1.0,
            marker=clock(self.region).marker, markersize=3,
        )  # fmt: skip
        ax.plot(
            *projected[:1].T, marker="s", markersize=4, linestyle="none", color=shown.colour, label="start"
        )
        mark_equilibrium(ax, self.plane.centre, self.verdict, size=6)
        first, second = self.plane.axes
        ax.set(xlabel=axis_name(first), ylabel=axis_name(second))

    def _draw_distance(self, ax: Axes) -> None:
        shown, times = look(self.verdict, whole=self.path.whole), self.path.times
        positive = np.where((self.distance > 0) & (self.distance < HUGE), self.distance, np.nan)
        ax.set_yscale("log")
        ax.plot(times, positive, color=shown.colour, linestyle=shown.line,
                gid="distance", label=f"the nonlinear {clock(self.region).mover}")  # fmt: skip
        predicted = self.predicted
        if predicted is not None:
            ax.plot(times, np.where(predicted < HUGE, predicted, np.nan), color="black",
                    linestyle=":", linewidth=1.1, gid="predicted", label=self._rate_label())  # fmt: skip
        ax.set_xlim(times[0], max(times[-1], times[0] + 1))
        ax.set_xlabel(clock(self.region).axis)
        # Over two lines where the axis may be shorter than the words.
        ax.set_ylabel(f"distance to{' ' if self._scaled[1] > TALL else chr(10)}{self.target}")

    def _rate_label(self) -> str:
        if isinstance(self.region, Disc):
            radius = factor(float(np.exp(self.rate or 0.0)), self.verdict)
            return f"predicted: {f'({radius})' if ' ' in radius else radius}$^k$"
        return f"predicted: exp({self.rate:.4g} $t$)"

    def encoded(self, suffix: str) -> bytes:
        return super().encoded(suffix) if suffix != ".gif" else self._animated()

    def _animated(self) -> bytes:
        """The path as it grows, frame by frame, in one palette."""
        with self.look.styled():
            first, *others = [*self._frames()][::-1]
        buffer = io.BytesIO()
        first.save(buffer, "GIF", save_all=True, append_images=others, duration=MILLISECONDS, loop=0)
        return buffer.getvalue()

    def _frames(self) -> Iterator[Image]:
        """The last one first: it has every colour, and gives its palette to all."""
        from PIL import Image

        palette = None
        for pixels in self._growing(FigureCanvasAgg(self.settled())):
            colours = Image.fromarray(pixels).convert("RGB")
            palette = palette or colours.quantize(64)
            yield colours.quantize(palette=palette, dither=Image.Dither.NONE)

    def _growing(self, canvas: FigureCanvasAgg) -> Iterator[np.ndarray]:
        """The pixels of each frame. All but the lines stands still, and is drawn once."""
        figure = canvas.figure
        figure.set_dpi(DOTS)
        (now,) = figure.axes[0].plot([], [], marker="o", markersize=5, color="black", gid="now")
        drawn = sorted(((line, ax) for ax in figure.axes for line in ax.get_lines()), key=_zorder)
        points = {line: np.asarray(line.get_xydata()) for line, _ in drawn}
        (path,) = (points[line] for line in points if line.get_gid() == "path")
        for line in points:
            line.set_animated(True)
        canvas.draw()
        still = canvas.copy_from_bbox(figure.bbox)
        for until in self._ends():
            canvas.restore_region(still)
            for line, ax in drawn:
                grown = points[line][: until if line.get_gid() in GROWING else None]
                line.set_data(*(path[until - 1 : until] if line is now else grown).T)
                ax.draw_artist(line)
            yield np.asarray(canvas.buffer_rgba())

    def _ends(self) -> list[int]:
        """How many points each frame shows, the whole path first."""
        times = self.path.times
        ends = np.searchsorted(times, np.linspace(times[0], times[-1], FRAMES), side="right")
        return np.unique(ends).tolist()[::-1]


def _zorder(drawn: tuple[Line2D, Axes]) -> float:
    return drawn[0].get_zorder()


def trajectory(
    result: Result,
    *,
    axes: Sequence[str] | None = None,
    start: Start | None = None,
    steps: int | None = None,
) -> TrajectoryPicture:
    """A path of the operator, with the rate that linearisation predicts.

    Args:
        result: a result at numbers.
        axes: the two coordinates shown; by default the first ones of two players.
        start: all coordinates, or the two; by default 1 beside the equilibrium in both.
        steps: how many steps to follow, or for a flow how long.

    Raises:
        BadInput: if a name has no value, and for axes or a start that the game has not.
    """
    at_numbers(result)
    shown, until = plane(result, axes), horizon(result, steps)
    (path,) = orbits_of(result, [shown.start(start, OFFSET)], until)
    ruler = ruler_of(result, shown.equilibrium)
    return TrajectoryPicture(
        caption=f"{caption(result)} {_note(path, shown, ruler, result)}",
        plane=shown,
        path=path,
        distance=ruler.distance(path.points),
        target=ruler.target,
        rate=growth(result),
        verdict=result.verdict,
        title=headline(result),
        region=result.region,
    )


def _note(path: Path, shown: Plane, ruler: Ruler, result: Result) -> str:
    started = f"Started at {listed(path.points[0])}" if len(path.points) else ""
    # A path may end at another equilibrium of the manifold, where eigenvalues are others.
    where = (
        f"the rate is that at {listed(shown.equilibrium.tolist())} of the manifold"
        if len(ruler.along)
        else ""
    )
    remarks = filter(None, [started, ending(path, result), where, _unpredicted(result)])
    return f"{shown.note}{'; '.join(remarks)}."


def _unpredicted(result: Result) -> str:
    """Why there is no predicted line; empty where there is one."""
    rate = growth(result)
    if rate == -np.inf:
        return "linearisation predicts that the distance is gone after a few steps"
    return "" if rate and result.verdict in LOOKS else "linearisation predicts no rate here"
