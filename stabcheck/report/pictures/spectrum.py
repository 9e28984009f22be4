"""Certified eigenvalues in the complex plane, with the unit circle or the imaginary axis."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from matplotlib.lines import Line2D
from matplotlib.patches import Circle

from stabcheck.core.errors import BadInput
from stabcheck.core.stability import Disc, StabilityRegion
from stabcheck.judge.summary import per_cycle, question, setting_of
from stabcheck.report.edge import factor
from stabcheck.report.pictures.picture import (
    COLOURS,
    NEUTRAL,
    STABLE,
    UNSTABLE,
    Picture,
    at_numbers,
    caption,
)
from stabcheck.report.pictures.zoom import SIDE, Span, Zoom, merged, zooms
from stabcheck.symbolic.exact import MANIFOLD, Eigenvalue

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from stabcheck.judge.floating import Approximate
    from stabcheck.judge.result import Result

RATIO = 1.15
"""Width over height of the plane shown."""
PAD, LEAST, CLOSE = 0.16, 0.5, 1e-6
TIMES = r"\times"
Spectrum = Sequence["Eigenvalue | Approximate"]
REAL, IMAGINARY = r"$\mathrm{Re}\,\lambda$", r"$\mathrm{Im}\,\lambda$"
SHAPES: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "inside": {"marker": "o", "color": STABLE},
        "boundary": {"marker": "D", "color": "#000000", "fillstyle": "left", "markerfacecoloralt": "white"},
        "outside": {"marker": "x", "color": UNSTABLE, "markeredgewidth": 1.8},
        "unknown": {"marker": "s", "color": NEUTRAL, "fillstyle": "none"},
        MANIFOLD: {"marker": "o", "color": NEUTRAL, "fillstyle": "none", "markeredgewidth": 1.2},
    }
)
"""A shape for each place, so that colour is not needed to tell them apart."""
MARKS = ("o", "s", "^", "D", "v", "P", "X")
FILLS: Mapping[str, Literal["full", "left", "none", "top", "bottom"]] = MappingProxyType(
    {"inside": "full", "boundary": "left", "outside": "none", "unknown": "top", MANIFOLD: "bottom"}
)
"""Of several results each has a shape, and places are told by how it is filled."""


@dataclass(frozen=True, repr=False)
class SpectrumPicture(Picture):
    """The eigenvalues of one result or of several: shapes say where they lie.

    Attributes:
        series: eigenvalues by label, in the order drawn.
        region: where the eigenvalues of what is stable lie.
        title: one line above.
    """

    series: tuple[tuple[str, Spectrum], ...]
    region: StabilityRegion
    title: str

    size: ClassVar[tuple[float, float]] = (5.2, 3.5)

    def table(self) -> Mapping[str, Sequence[Any]]:
        rows = [(label, e) for label, spectrum in self.series for e in spectrum]
        return {
            "label": [label for label, _ in rows],
            "re": [e.value.real for _, e in rows],
            "im": [e.value.imag for _, e in rows],
            "modulus": [abs(e.value) for _, e in rows],
            "multiplicity": [e.multiplicity for _, e in rows],
            "place": [e.place for _, e in rows],
            "exact": ["" if e.exact is None else str(e.exact) for _, e in rows],
        }

    @property
    def frame(self) -> tuple[Span, Span]:
        """The part of the plane that is shown."""
        return framed(self.points, region=self.region)

    @property
    def points(self) -> list[complex]:
        """The eigenvalues of all series."""
        return [e.value for _, spectrum in self.series for e in spectrum]

    def draw(self, figure: Figure) -> None:
        axes = figure.add_subplot()
        ground(axes, *self.frame, region=self.region)
        axes.set(xlabel=REAL, ylabel=IMAGINARY)
        self._mark(axes)
        for zoom in zooms(self.points, *self.frame):
            inset = axes.inset_axes((*zoom.corner, SIDE, SIDE))
            ground(inset, *zoom.spans, region=self.region)
            inset.spines[:].set_visible(True)
            inset.set(xticks=(), yticks=(), gid="zoom")
            self._mark(inset)
            axes.indicate_inset_zoom(inset, edgecolor="#444444")
        axes.set_title(self.headed(self.title))
        self.keyed(figure, list(self._key()))

    def _mark(self, axes: Axes) -> None:
        """The eigenvalues; what lies outside of the axes is not drawn."""
        (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
        taken = list[complex]()
        for k, (_, spectrum) in enumerate(self.series):
            inside = [e for e in spectrum if left <= e.value.real <= right and low <= e.value.imag <= high]
            _eigenvalues(axes, inside, self._own(k), taken)

    def _own(self, k: int) -> Mapping[str, Any]:
        """What tells one of the results from the others."""
        if len(self.series) == 1:
            return {"markersize": 7.0}
        # Where spectra coincide, the earlier one shows as a rim around the later one.
        return {"markersize": max(4.0, 11.0 - 2.5 * k), "marker": MARKS[k % len(MARKS)], **colour(k)}

    def _key(self) -> Iterator[Line2D]:
        several = len(self.series) > 1
        if several:
            yield from (
                Line2D([], [], linestyle="", label=label, **{**self._own(k), "markersize": 6})
                for k, (label, _) in enumerate(self.series)
            )
        every = [e for _, group in self.series for e in group]
        by = "balls" if any(isinstance(e, Eigenvalue) for e in every) else "floats"
        for place in SHAPES:
            if place in {e.place for e in every}:
                label = place_name(place, region=self.region, by=by)
                shape = shaped(place, {"color": NEUTRAL, "marker": "p"} if several else {})
                yield Line2D([], [], linestyle="", label=label, **{"markersize": 6, **shape})


def spectrum(*results: Result, labels: Sequence[str] = ()) -> SpectrumPicture:
    """The picture of the eigenvalues of one result, or of several side by side.

    Args:
        results: with a number for every name; all maps or all flows.
        labels: one for each, if there are several; by default their methods.

    Raises:
        BadInput: if a name is open, a result has no eigenvalues, or flows and maps are mixed.
    """
    if not results:
        raise BadInput("a picture of spectra needs one result or more; none was given")
    if labels and len(labels) != len(results):
        raise BadInput(f"{len(labels)} labels were given for {len(results)} results; give one each")
    if len({result.discrete for result in results}) > 1:
        raise BadInput("flows and maps have different stable regions; draw them in two pictures")
    shown = tuple(labels) or tuple(_method(result) for result in results)
    series = tuple(zip(shown, map(spectrum_of, results), strict=True))
    first = results[0]
    text = caption(first) if len(results) == 1 else _captions(results, shown)
    picture = SpectrumPicture(text, series, first.region, _title(results))
    return replace(picture, caption=f"{text}{_near(picture)}")


def _near(picture: SpectrumPicture) -> str:
    """What is drawn once more, larger, and what is not told apart even so; empty for neither."""
    shown, (across, _) = zooms(picture.points, *picture.frame), picture.frame
    left = len(merged(picture.points, across[1] - across[0])) - len(shown)
    enlarged = f" Enlarged, for they lie near each other: {', '.join(map(_square, shown))}." if shown else ""
    return enlarged + (f" Not told apart: values at {left} more place{'s' * (left > 1)}." if left else "")


def _square(zoom: Zoom) -> str:
    told = "" if zoom.apart else ", not all told apart,"
    wide = number(zoom.half / 0.75, 2)
    return f"{zoom.points} values{told} in a square {wide} wide near {_complex(zoom.centre)}"


def _complex(z: complex) -> str:
    return number(z.real, 4) if abs(z.imag) < CLOSE else f"{number(z.real, 4)} + {number(z.imag, 4)}i"


def spectrum_of(result: Result) -> Spectrum:
    """The eigenvalues of a result.

    Raises:
        BadInput: if there are none, with the reason.
    """
    spectrum = at_numbers(result).spectrum
    if spectrum is None:
        raise BadInput(f"there is no spectrum to draw: {result.finding.verdict}: {result.finding.reason}")
    return spectrum


def framed(points: Iterable[complex], *, region: StabilityRegion) -> tuple[Span, Span]:
    """The part of the plane that shows the points and the boundary, in a fixed shape."""
    shown = [*points, *((-1 - 1j, 1 + 1j) if isinstance(region, Disc) else (0j,))]
    x, y = [z.real for z in shown], [z.imag for z in shown]
    width, height = max(x) - min(x), max(y) - min(y)
    size = (1 + 2 * PAD) * max(width, RATIO * height, 1e-9) or LEAST
    middle = (max(x) + min(x)) / 2, (max(y) + min(y)) / 2
    return _around(middle[0], size), _around(middle[1], size / RATIO)


def _around(centre: float, width: float) -> Span:
    return centre - width / 2, centre + width / 2


def ground(axes: Axes, x: Span, y: Span, *, region: StabilityRegion) -> None:
    """The plane: the stable region shaded, its boundary, and the real axis."""
    axes.set_xlim(*x)
    axes.set_ylim(*y)
    axes.set_aspect("equal", adjustable="box")
    shade = {"facecolor": STABLE, "alpha": 0.09, "linewidth": 0, "zorder": 0}
    line = {"color": "#444444", "linewidth": 0.9, "zorder": 1}
    axes.axhline(0, color="#BBBBBB", linewidth=0.6, zorder=1)
    if isinstance(region, Disc):
        axes.axvline(0, color="#BBBBBB", linewidth=0.6, zorder=1)
        axes.add_patch(Circle((0, 0), 1, **shade))
        axes.add_patch(Circle((0, 0), 1, fill=False, edgecolor=line["color"], linewidth=0.9, zorder=1))
    else:
        axes.axvspan(x[0], 0, **shade)
        axes.axvline(0, **line)


def shaped(place: str, own: Mapping[str, Any]) -> dict[str, Any]:
    """How a place is drawn: by its shape, or for one of several results by how its own shape is filled."""
    if "marker" in own:
        return {**own, "fillstyle": FILLS[place], "markerfacecoloralt": "white", "markeredgewidth": 1.2}
    return {**SHAPES[place], **own}


def place_name(place: str, *, region: StabilityRegion, by: str) -> str:
    """A place as a legend has it; `by` is what does not tell one that is unknown."""
    inside, edge, outside = (
        ("inside the circle", "on the circle", "outside the circle")
        if isinstance(region, Disc)
        else ("left of the axis", "on the axis", "right of the axis")
    )
    named = {"inside": inside, "boundary": edge, "outside": outside, MANIFOLD: "along equilibria"}
    return named.get(place, f"not told by {by}")


def colour(k: int) -> dict[str, Any]:
    """The colour of one of several results."""
    return {"color": COLOURS[k % len(COLOURS)]}


def _eigenvalues(axes: Axes, spectrum: Spectrum, own: Mapping[str, Any], taken: list[complex]) -> None:
    """The markers, and the multiplicities beside them, one above the other where points coincide."""
    for e in spectrum:
        z = e.value
        shape = shaped(e.place, own)
        if e.place == MANIFOLD:
            shape["markersize"] = 1.6 * shape["markersize"]
        axes.plot([z.real], [z.imag], linestyle="", zorder=3, clip_on=False, **shape)
        if e.multiplicity > 1:
            # Above on the upper side and below on the lower one; those on a manifold to the left.
            side = -1 if e.place == MANIFOLD else 1
            rows = 10 * sum(abs(z - other) < CLOSE for other in taken)
            up = -12 - rows if z.imag < 0 else 6 + rows
            taken.append(z)
            axes.annotate(f"${TIMES}{e.multiplicity}$", (z.real, z.imag), textcoords="offset points", size=8,
                          xytext=(6 * side, up), zorder=4,
                          ha="left" if side > 0 else "right", color=own.get("color", "#000000"))  # fmt: skip


def _method(result: Result) -> str:
    return result.operator.chain


def _captions(results: Sequence[Result], labels: Sequence[str]) -> str:
    """The whole of each where their games or values differ, else the game once and the methods."""
    games = {caption(result, methods=False) for result in results}
    if len(games) == 1:
        methods = (_formula(result) for result in results)
        formulas = "; ".join(f"{label}: {text}" for label, text in zip(labels, methods, strict=True))
        asked = "; ".join(map(question, results))
        return f"{games.pop()} Methods: {formulas}. Questions: {asked}."
    return " ".join(f"{label}: {caption(result)}" for label, result in zip(labels, results, strict=True))


def _formula(result: Result) -> str:
    return ", with ".join(method.stated or method.label for method in setting_of(result).methods)


def _title(results: Sequence[Result]) -> str:
    result = results[0]
    kind = result.region.rate_name
    if len(results) > 1:
        return f"eigenvalues, and the {result.region.boundary}"
    rate = result.rate
    word = result.finding.verdict
    if rate is None:
        return word
    shown = signed(factor(rate, word, 6)) if result.discrete and rate < math.inf else number(rate)
    return f"{kind} {shown}{per_cycle(result)}: {word}"


def number(value: float, digits: int = 6) -> str:
    """A number in so many digits, with a minus sign that is no hyphen."""
    return "∞" if math.isinf(value) else signed(f"{value:.{digits}g}")


def signed(text: str) -> str:
    """The text of a number with a minus sign that is no hyphen."""
    return text.replace("-", "\N{MINUS SIGN}")
