"""Penalties times methods as small multiples: a path in each panel."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from stabcheck.core.errors import BadInput, NotApplicable
from stabcheck.judge.analysis import Analysis
from stabcheck.judge.result import ALONE, Result
from stabcheck.judge.summary import question, signs
from stabcheck.report.pictures.motion import (
    Plane,
    axis_name,
    counted,
    framed,
    listed,
    look,
    mark_equilibrium,
    orbits_of,
    plane,
    whole_cycles,
    within,
)
from stabcheck.report.pictures.picture import STYLE, TITLE_LETTERS_PER_INCH, Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from stabcheck.declare.question import Question
    from stabcheck.numeric.simulate import Path

STEPS, TIME = 300, 60
START = (1.0, 1.0)
WIDER = 1.9
"""How much farther than the start the frame reaches."""
MOST_PANELS = 60
MARGIN = 0.6
"""What stands beside the panels, in units of their width."""


@dataclass(frozen=True, eq=False)
class Panel:
    """One penalty under one method.

    Attributes:
        penalty, method: their names.
        verdict: of the equilibrium; `not applicable` where there is none.
        path: where the method leads; `None` where it is not applicable.
        plane: the two coordinates shown; likewise.
    """

    penalty: str
    method: str
    verdict: str
    path: Path | None = None
    plane: Plane | None = None


@dataclass(frozen=True, eq=False, repr=False)
class GridPicture(Picture):
    """A panel per penalty (down) and method (across).

    Attributes:
        panels: by penalty, then by method.
        reach: the half-widths of each frame around the equilibrium.
    """

    panels: tuple[tuple[Panel, ...], ...]
    reach: tuple[float, float]

    @property
    def inches(self) -> tuple[float, float]:
        """Each panel square; the whole at least as wide as its caption needs."""
        across, down = len(self.panels[0]), len(self.panels)
        side = min(1.9, max(1.25, 6.4 / (across + 0.3)))
        return max(4.2, side * across + 0.6), side * down + 0.6

    def table(self) -> Mapping[str, Sequence[Any]]:
        """Every point of every path, all coordinates."""
        shown = next(p.plane for row in self.panels for p in row if p.plane is not None)
        names = ("penalty", "method", "verdict", "step or time", *shown.names)
        return dict(zip(names, zip(*self._rows(len(shown.names)), strict=True), strict=True))

    def _rows(self, count: int) -> Iterator[tuple[Any, ...]]:
        for panel in (panel for row in self.panels for panel in row):
            head = (panel.penalty, panel.method, panel.verdict)
            if panel.path is None:
                yield (*head, "", *[""] * count)
                continue
            for time, point in zip(panel.path.times.tolist(), panel.path.points.tolist(), strict=True):
                yield (*head, time, *point)

    def draw(self, figure: Figure) -> None:
        grid = figure.subplots(len(self.panels), len(self.panels[0]), squeeze=False, sharex=True, sharey=True)
        for row, axes in zip(self.panels, grid, strict=True):
            for panel, ax in zip(row, axes, strict=True):
                self._draw_panel(ax, panel)
            first = next((p.plane.axes[1] for p in row if p.plane is not None), "")
            name, size = self._fitted(row[0].penalty)
            axes[0].set_ylabel(f"{name}\n{axis_name(first) if first else ''}", size=size)
        for panel, top, bottom in zip(self.panels[0], grid[0], grid[-1], strict=True):
            name, size = self._fitted(panel.method)
            top.set_title(name, size=size)
            column = [row[self.panels[0].index(panel)] for row in self.panels]
            shown = next((p.plane.axes[0] for p in column if p.plane is not None), "")
            bottom.set_xlabel(axis_name(shown) if shown else "")

    def _fitted(self, name: str) -> tuple[str, float]:
        """A name in lines no longer than a panel, and their size: broken between parts, then smaller."""
        room = TITLE_LETTERS_PER_INCH * self._scaled[0] / (len(self.panels[0]) + MARGIN)
        size = STYLE["axes.titlesize"] * self.look.scale
        shown = name if len(name) * self.look.scale <= room else re.sub("([:+])", r"\1\n", name)
        longest = self.look.scale * max(map(len, shown.split("\n")))
        return shown, size * min(1, room / longest)

    def _draw_panel(self, ax: Axes, panel: Panel) -> None:
        ax.tick_params(labelsize=6, length=2)
        ax.spines[["top", "right"]].set_visible(True)
        if panel.path is None or panel.plane is None:
            ax.set_facecolor("#eeeeee")
            ax.set_box_aspect(1)
            ax.text(0.5, 0.5, panel.verdict, transform=ax.transAxes, ha="center", va="center", size=7)
            return
        shown, projected = (
            look(panel.verdict, whole=panel.path.whole),
            panel.plane.projected(panel.path.points),
        )
        framed(ax, panel.plane.centre, self.reach)
        inside = projected[: within(projected, panel.plane.centre, self.reach)]
        ax.plot(*inside.T, color=shown.colour, linestyle=shown.line, linewidth=0.9, gid="path")
        ax.plot(
            *projected[:1].T, marker="s", markersize=3.5, linestyle="none", color=shown.colour, gid="start"
        )
        ax.plot(
            *projected[-1:].T, marker="D", markersize=3, linestyle="none", color=shown.colour,
            markerfacecolor="white", gid="end", zorder=6.5,
        )  # fmt: skip
        mark_equilibrium(ax, panel.plane.centre, panel.verdict, size=4.5)
        ax.text(
            0.04, 0.96, panel.verdict, transform=ax.transAxes, ha="left", va="top", size=6.5,
            color=shown.colour, bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0}, zorder=7,
        )  # fmt: skip


def grid(
    asked: Sequence[Sequence[Question]], *, start: Sequence[float] = START, steps: int | None = None
) -> GridPicture:
    """A path of each method on a game under each penalty, all from one start.

    Args:
        asked: the questions, by penalty, then by method; what one leaves open has a typical value.
        start: the two coordinates relative to the equilibrium.
        steps: how many, by default 300; for a flow how long, by default 60.

    Raises:
        BadInput: if there are no panels or too many, if two are the same, or if none has a meaning.
    """
    _checked(asked, start)
    if steps is not None:
        counted(steps)
    results = [[_result(each) for each in row] for row in asked]
    applicable = [result for row in results for result in row if not isinstance(result, NotApplicable)]
    if not applicable:
        raise BadInput(f"no panel has a meaning: {results[0][0]}")
    panels = tuple(
        tuple(_panel(*_labels(q), r, start, steps) for q, r in zip(*pair, strict=True))
        for pair in zip(asked, results, strict=True)
    )
    reach = WIDER * max(map(abs, start))
    typical = any(each.names for row in asked for each in row)
    return GridPicture(_caption(applicable, start, typical=typical), panels, (reach, reach))


def _checked(asked: Sequence[Sequence[Question]], start: Sequence[float]) -> None:
    down, across = len(asked), len(asked[0]) if asked else 0
    if not 1 <= down * across <= MOST_PANELS:
        raise BadInput(f"a grid has 1 to {MOST_PANELS} panels, not {down} x {across}")
    if any(len(row) != across for row in asked):
        raise BadInput("the rows of a grid have as many panels each")
    if len(start) != 2 or not any(start):
        raise BadInput("the start of a grid is two numbers, not both 0: how far from the equilibrium, as 1,1")
    panels = [each for row in asked for each in row]
    for each in panels:
        if panels.count(each) > 1:
            raise BadInput(f"{each} is asked {panels.count(each)} times; ask each question once")


def _labels(asked: Question) -> tuple[str, str]:
    """The names of the penalties and of the method."""
    names = asked.line.combination
    return "+".join(names.penalties) or "none", names.method or asked.chain


def _result(asked: Question) -> Result | NotApplicable:
    """The result at the values given and typical ones; the refusal where it is not applicable."""
    from stabcheck.judge.analyse import answered

    try:
        return answered(asked.having(asked.typical))
    except NotApplicable as refusal:
        return refusal


def _panel(
    penalty: str, method: str, result: Result | NotApplicable, start: Sequence[float], steps: int | None
) -> Panel:
    if isinstance(result, NotApplicable):
        return Panel(penalty, method, "not applicable")
    shown = plane(result)
    until = steps or (STEPS if result.discrete else TIME)
    if result.discrete:
        until = whole_cycles(until, result.operator.period)
    (path,) = orbits_of(result, [shown.lifted(shown.centre + np.asarray(start, float))], until)
    return Panel(penalty, method, result.verdict, path, shown)


def _caption(results: Sequence[Result], start: Sequence[float], *, typical: bool) -> str:
    from stabcheck.judge.summary import hyperparameters, setting_of

    first = setting_of(results[0])
    values: dict[str, list[str]] = {}
    for result in results:
        for name, value in hyperparameters(result).items():
            values.setdefault(name, []).append(value)
    held = ", ".join(f"{name} = {' or '.join(dict.fromkeys(v))}" for name, v in values.items())
    loss = f", loss {first.loss.label}" if first.loss else ""
    typical_ones = " (typical where not given)" if typical else ""
    drawn = (
        f"Paths from {listed(start)} beside the equilibrium (square) to a diamond where they end in the"
        " frame; dashed where it is unstable"
    )
    convention = signs(results[0])
    numeric = "" if isinstance(results[0], Analysis) else f" {ALONE[0].upper()}{ALONE[1:]}."
    return (
        f"Game {first.game.label}{loss}; penalties down, methods across. At {held}{typical_ones}."
        f" {convention[0].upper()}{convention[1:]}.{numeric} {drawn}. Question of the first panel drawn:"
        f" {question(results[0])}."
    )
