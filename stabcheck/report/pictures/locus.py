"""Root loci: eigenvalues as one hyperparameter moves, with the values where something happens."""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from matplotlib.lines import Line2D

from stabcheck.core import hyper
from stabcheck.core.domain import Domain
from stabcheck.core.errors import BadInput, Undecidable
from stabcheck.core.stability import Disc, StabilityRegion
from stabcheck.declare.question import Question
from stabcheck.judge.analyse import answered
from stabcheck.judge.analysis import Analysis
from stabcheck.judge.result import Result
from stabcheck.judge.summary import per_cycle
from stabcheck.report.pictures.picture import NEUTRAL, STABLE, STACKED, UNSTABLE, Picture, caption
from stabcheck.report.pictures.spectrum import IMAGINARY, REAL, framed, ground, number
from stabcheck.report.pictures.tracking import Branches, Curve, put, sampled, tracked
from stabcheck.symbolic.locus import Family
from stabcheck.symbolic.ops import symbol
from stabcheck.symbolic.printing import latex

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


CORNERS = ((9, 8), (-9, 8), (-9, -9), (9, -9), (0, 15), (18, 8), (-18, 8), (0, -15))
PLANE, APART = 230.0, 13.0
"""The width of the plane and the least distance of letters, in points."""
POINTS, MOST_POINTS, LEAST_POINTS = 200, 5000, 2
FARTHEST = 3.0
"""A map's eigenvalues of larger modulus are left outside the frame."""
STYLES: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "stable": {"color": STABLE, "linestyle": "-"},
        "unstable": {"color": UNSTABLE, "linestyle": (0, (4, 1.6))},
        "neutral": {"color": "#000000", "linestyle": (0, (1, 1.2))},
        "undecided": {"color": NEUTRAL, "linestyle": (0, (4, 1.6, 1, 1.6))},
    }
)
DOTS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "start": {"marker": "o", "color": "#000000", "markerfacecolor": "white", "markersize": 4},
        "end": {"marker": "s", "color": "#000000", "markersize": 4},
        "collision": {"marker": "D", "color": "#000000", "markerfacecolor": "#E69F00", "markersize": 6.5},
        "crossing": {"marker": "^", "color": "#000000", "markerfacecolor": "white", "markersize": 7},
    }
)


@dataclass(frozen=True, repr=False)
class LocusPicture(Picture):
    """Eigenvalues in the plane and, below, the rate, as one hyperparameter moves.

    Attributes:
        over: the hyperparameter.
        name: the same in TeX.
        branches: the eigenvalues.
        region: where the eigenvalues of what is stable lie.
    """

    over: str
    name: str
    branches: Branches
    region: StabilityRegion

    size: ClassVar[tuple[float, float]] = (6.4, 5.2)

    @property
    def inches(self) -> tuple[float, float]:
        return STACKED if self.narrow else self.size

    @property
    def rates(self) -> list[float]:
        """The spectral radius of a map or abscissa of a flow, per value."""
        far = [max(self.region.size(z) for z in column) for column in zip(*self.branches.curves, strict=True)]
        edge = float(self.region.level)
        return [
            edge if word == "neutral" else rate
            for word, rate in zip(self.branches.verdicts, far, strict=True)
        ]

    def table(self) -> Mapping[str, Sequence[Any]]:
        special = {mark.value: mark for mark in self.branches.marks}
        marks = [special.get(value) for value in self.branches.values]
        columns: dict[str, Sequence[Any]] = {
            self.over: self.branches.values,
            "special": ["" if mark is None else mark.kind for mark in marks],
            "exact": ["" if mark is None else mark.exact for mark in marks],
            "verdict": self.branches.verdicts,
            self.region.rate_name.removeprefix("spectral "): self.rates,
        }
        for k, curve in enumerate(self.branches.curves, 1):
            columns[f"re_{k}"] = [z.real for z in curve]
            columns[f"im_{k}"] = [z.imag for z in curve]
        return columns

    def draw(self, figure: Figure) -> None:
        above, below = figure.subplots(2, 1, height_ratios=(2.6, 1))
        points = [z for curve in self.branches.curves for z in curve]
        near = [z for z in points if not isinstance(self.region, Disc) or abs(z) <= FARTHEST]
        ground(above, *framed(near, region=self.region), region=self.region)
        above.set(xlabel=REAL, ylabel=IMAGINARY)
        for curve in dict.fromkeys(self.branches.curves):
            self._curve(above, curve)
        self._marks(above, below)
        self._rate(below)
        first, last = (f"{number(self.branches.values[k])}" for k in (0, -1))
        above.set_title(self.headed(f"eigenvalues as ${self.name}$ goes from {first} to {last}"))
        self.keyed(figure, list(self._key()))

    def _curve(self, axes: Axes, curve: Curve) -> None:
        values, z = np.array(self.branches.values), np.array(curve, dtype=np.complex128)
        for low, high, word in self.branches.spans:
            inside = (values >= low) & (values <= high)
            axes.plot(z[inside].real, z[inside].imag, zorder=2, **STYLES[word])
        for k, name in ((0, "start"), (-1, "end")):
            axes.plot([z[k].real], [z[k].imag], linestyle="", zorder=5, **DOTS[name])
        _arrow(axes, z, self._word(len(z) // 2))

    def _word(self, k: int) -> str:
        value = self.branches.values[k]
        return next((word for low, high, word in self.branches.spans if low <= value <= high), "undecided")

    def _marks(self, above: Axes, below: Axes) -> None:
        taken: list[complex] = []
        for letter, mark in zip(_letters(), self.branches.marks, strict=False):
            for kind, z in mark.points:
                above.plot([z.real], [z.imag], linestyle="", zorder=4, **DOTS[kind])
                if z.imag >= 0:
                    _lettered(above, letter, z, taken)
            below.axvline(mark.value, color="#444444", linewidth=0.7, linestyle=(0, (1, 2)), zorder=1)
            below.annotate(letter, (mark.value, 1), xycoords=("data", "axes fraction"), xytext=(0, 2),
                           textcoords="offset points", ha="center", size=9, style="italic")  # fmt: skip

    def _rate(self, axes: Axes) -> None:
        values, rates = np.array(self.branches.values), np.array(self.rates)
        for low, high, word in self.branches.spans:
            inside = (values >= low) & (values <= high)
            axes.plot(values[inside], rates[inside], zorder=3, **STYLES[word])
            if word == "stable":
                axes.axvspan(low, high, facecolor=STABLE, alpha=0.12, linewidth=0, zorder=0)
        axes.axhline(float(self.region.level), color="#444444", linewidth=0.9, zorder=2)
        axes.set_xlim(values[0], values[-1])
        if isinstance(self.region, Disc):
            axes.set_ylim(top=min(float(rates.max()) * 1.05, FARTHEST))
        axes.set_xlabel(f"${self.name}$")
        axes.set_ylabel(self.region.rate_name)

    def _key(self) -> Iterator[Line2D]:
        verdicts = [word for _, _, word in self.branches.spans]
        yield from (Line2D([], [], label=word, **STYLES[word]) for word in STYLES if word in verdicts)
        for k, name in ((0, "start"), (-1, "end")):
            value = number(self.branches.values[k])
            yield Line2D([], [], linestyle="", label=f"${self.name}$ = {value}", **DOTS[name])
        for letter, mark in zip(_letters(), self.branches.marks, strict=False):
            kinds = list(dict.fromkeys(kind for kind, _ in mark.points))
            first, where = (mark.kind if len(kinds) == 1 else kinds[0]), f" at {mark.label}"
            yield Line2D([], [], linestyle="", label=f"$\\it{{{letter}}}$: {first}{where}", **DOTS[kinds[0]])
            for kind in kinds[1:]:
                yield Line2D([], [], linestyle="", label=f"$\\it{{{letter}}}$: {kind}", **DOTS[kind])


def locus(
    asked: Question | Result,
    over: str,
    start: Any = None,
    stop: Any = None,
    *,
    points: int = POINTS,
) -> LocusPicture:
    """The picture of the eigenvalues as one hyperparameter moves over a range.

    Args:
        asked: a question or its result, with a number for every name but `over`.
        over: the name that moves.
        start, stop: rational numbers, as text or else; by default a range around typical values.
        points: how many values are drawn at least; special ones and those near them come in addition.

    Raises:
        BadInput: for an unknown name, another open one, a range outside the domain, or a result
            without eigenvalues.
    """
    result = answered(asked) if isinstance(asked, Question) else asked
    names = hyper.symbols(result.game, result.operator)
    row = _moving(result, names, over)
    if not LEAST_POINTS <= points <= MOST_POINTS:
        raise BadInput(f"points must be a whole number from {LEAST_POINTS} to {MOST_POINTS}, not {points}")
    low, high = span(row, start, stop)
    branches = _branches(result, over, low, high, points)
    name = latex(symbol(over, row), names)
    text = (
        f"{caption(result)} {over} goes from {low} to {high}; curves are dashed where the result is unstable."
    )
    if result.discrete and any(abs(z) > FARTHEST for curve in branches.curves for z in curve):
        text += f" What is larger than {FARTHEST:g} in modulus is outside the frame."
    if result.operator.period > 1:
        text += f" The radius is that{per_cycle(result)}."
    if branches.open:
        text += f" Collision points and crossings are not determined: {branches.open}."
    return LocusPicture(text, over, name, branches, result.region)


def span(row: hyper.Hyper, start: Any = None, stop: Any = None) -> tuple[Fraction, Fraction]:
    """The range of a hyperparameter: what is given, else from 0 or near it to twice its typical value.

    Raises:
        BadInput: for an end that is no rational number or outside the domain, and an empty range.
    """
    near, far = _usual(row.domain.piece(row.typical), row.typical)
    low = near if start is None else _end(row, start)
    high = far if stop is None else _end(row, stop)
    if low >= high:
        raise BadInput(f"{row.name} cannot go from {low} to {high}; the second number must be the larger one")
    crossed = next((q for q in row.domain.excluded if low < q < high), None)
    if crossed is not None:
        raise BadInput(f"{row.name} must be {row.domain.text}; give a range on one side of {crossed}")
    return low, high


def _usual(domain: Domain, typical: Fraction) -> tuple[Fraction, Fraction]:
    """From minus twice to twice a value, as far as a domain of one piece goes; near an end that is open."""
    low, high = domain.low, domain.high
    near, far = (sign * 2 * abs(typical) for sign in (-1, 1))
    if low and near <= low.at:
        near = low.at if low.closed else low.at + (typical - low.at) / 100
    if high and high.at <= far:
        far = high.at if high.closed else high.at - (high.at - (low.at if low else typical)) / 100
    return near, far


def _end(row: hyper.Hyper, value: Any) -> Fraction:
    exact = hyper.accept(row, value)
    if not isinstance(exact, Fraction):
        raise BadInput(f"an end of the range of {row.name} must be a rational number, not {str(value)[:30]}")
    return exact


def _moving(result: Result, names: Mapping[str, hyper.Hyper], over: str) -> hyper.Hyper:
    """What is known of the name that moves.

    Raises:
        BadInput: as `locus`.
    """
    open_names = [name for name in names if name not in result.values]
    if over in result.values:
        raise BadInput(
            f"{over} moves over a range and has the value {result.values[over]}, too; leave that out"
        )
    if over not in names:
        choices = ", ".join(open_names) or "none"
        raise BadInput(f"no hyperparameter is called '{over[:40]}'; those left open are: {choices}")
    others = [name for name in open_names if name != over]
    if others:
        raise BadInput(f"only {over} moves: {', '.join(others)} left open; give them, {others[0]}=1 say")
    if isinstance(result, Analysis) and result.factors_here is None and result.verdict != "undecided":
        raise BadInput(f"there is no spectrum to draw: {result.verdict}: {result.finding.reason}")
    return replace(names[over], name=over)


def _branches(result: Result, over: str, low: Fraction, high: Fraction, points: int) -> Branches:
    even = [low + (high - low) * k / (points - 1) for k in range(points)]
    factors = result.factors_here if isinstance(result, Analysis) else None
    if not isinstance(result, Analysis) or factors is None:
        return sampled(even, lambda value: result.at(**{over: value}).spectrum, "there is no general formula")
    name = symbol(over, result.names[over])
    family = Family.of(factors, name, region=result.region)
    if family is None:
        why = "the characteristic polynomial is not rational"
        return sampled(even, lambda value: put(factors, name, value, region=result.region), why)
    try:
        specials = family.specials(low, high)
    except Undecidable as refusal:
        poles = {number.rational for number in family.poles(low, high)}
        return sampled([v for v in even if v not in poles], family.spectrum, str(refusal))
    return tracked(family, even, specials, latex(name, result.names))


def _letters() -> Iterator[str]:
    yield from string.ascii_lowercase
    yield from (f"{a}{b}" for a in string.ascii_lowercase for b in string.ascii_lowercase)


def _lettered(axes: Axes, letter: str, z: complex, taken: list[complex]) -> None:
    """The letter of a mark beside its point, in the first corner that no letter has taken."""
    left, right = axes.get_xlim()
    places = {corner: z * PLANE / (right - left) + complex(*corner) for corner in CORNERS}
    apart = {corner: min((abs(p - t) for t in taken), default=APART) for corner, p in places.items()}
    corner = next((c for c in CORNERS if apart[c] >= APART), max(CORNERS, key=lambda c: apart[c]))
    taken.append(places[corner])
    axes.annotate(letter, (z.real, z.imag), xytext=corner, textcoords="offset points",
                  size=9, style="italic", ha="center", va="center", zorder=6)  # fmt: skip


def _arrow(axes: Axes, z: np.ndarray, word: str) -> None:
    """The direction of a curve, at half its length."""
    length = np.concatenate([[0], np.cumsum(np.abs(np.diff(z)))])
    k = int(np.searchsorted(length, length[-1] / 2))
    if length[-1] == 0 or z[k] == z[k - 1]:
        return
    tail, head = z[k - 1], z[k]
    how = {
        "arrowstyle": "-|>",
        "color": STYLES[word]["color"],
        "mutation_scale": 9,
        "shrinkA": 0,
        "shrinkB": 0,
    }
    axes.annotate("", (head.real, head.imag), xytext=(tail.real, tail.imag), arrowprops=how, zorder=3)
