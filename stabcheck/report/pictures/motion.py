"""What pictures of motion share: a plane through the equilibrium, distances, and the look of a verdict."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
import sympy as sp

from stabcheck.core.errors import BadInput, unknown
from stabcheck.core.stability import Disc, StabilityRegion
from stabcheck.declare.starts import Start, refuse_unknown
from stabcheck.judge.analysis import Analysis
from stabcheck.judge.result import Result
from stabcheck.judge.summary import per_cycle
from stabcheck.report.edge import factor
from stabcheck.report.pictures.picture import NEUTRAL, STABLE, UNSTABLE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from stabcheck.numeric.simulate import Path

STEPS, LEAST_STEPS, MOST_STEPS = 200, 60, 400
TIME, LEAST_TIME, MOST_TIME = 40, 10, 100
"""How far a path is followed where nothing is said: for a verdict without a rate, and at least and most."""
FALL = math.log(1e4)
"""A path is followed until its distance has changed by this factor."""
MOST_TURNS, ROUNDS = 100, 10
"""How often a flow goes round at most, and where its distance stays, which shows no more in further turns."""
LONGEST = 100_000


class Look(NamedTuple):
    """How a verdict is drawn: each is told without its colour, too."""

    colour: str
    line: Literal["-", "--", "-."]
    fill: Literal["full", "none", "left"]


LOOKS = {"stable": Look(STABLE, "-", "full"), "unstable": Look(UNSTABLE, "--", "none")}
OTHER = Look(NEUTRAL, "-.", "left")


def look(verdict: str, *, whole: bool = True) -> Look:
    """How a path is drawn; one that ends before its time like an unstable one.

    Args:
        verdict: of the equilibrium.
        whole: whether the path is as long as was asked.
    """
    return LOOKS.get(verdict, OTHER) if whole else LOOKS["unstable"]


class Clock(NamedTuple):
    """How time is counted along a path.

    Attributes:
        column, axis: what it is called in a table, and in mathematics.
        mover: what goes along.
        marker: of each point.
        written: a time as it stands in a table.
    """

    column: str
    axis: str
    mover: str
    marker: Literal["."] | None
    written: Callable[[float], float]


BY_STEPS = Clock("step k", "step $k$", "steps", ".", int)
BY_TIME = Clock("time t", "time $t$", "flow", None, float)


def clock(region: StabilityRegion) -> Clock:
    """That of a map, whose stable eigenvalues lie in a disc, or of a flow."""
    return BY_STEPS if isinstance(region, Disc) else BY_TIME


@dataclass(frozen=True, eq=False)
class Plane:
    """Two coordinates of a game, with all others at rest.

    Attributes:
        names: of all coordinates.
        chosen: the indices of the two.
        equilibrium: the equilibrium, `(n,)`.
    """

    names: tuple[str, ...]
    chosen: tuple[int, int]
    equilibrium: np.ndarray

    @property
    def axes(self) -> tuple[str, str]:
        """The names of the two."""
        i, j = self.chosen
        return self.names[i], self.names[j]

    @property
    def centre(self) -> np.ndarray:
        """The equilibrium in the plane."""
        return self.projected(self.equilibrium)

    def projected(self, points: np.ndarray) -> np.ndarray:
        """The two coordinates of points, `(…, 2)`."""
        return points[..., list(self.chosen)]

    def lifted(self, pairs: np.ndarray) -> np.ndarray:
        """Points of the plane with all coordinates, `(…, n)`."""
        points = np.broadcast_to(self.equilibrium, (*pairs.shape[:-1], len(self.equilibrium))).copy()
        points[..., list(self.chosen)] = pairs
        return points

    def start(self, given: Start | None, offset: tuple[float, float]) -> np.ndarray:
        """The point given, of all coordinates or of the two; without it that beside the equilibrium.

        Coordinates that are not named are at rest.

        Raises:
            BadInput: if it has another number of entries, or names no coordinate.
        """
        if given is None:
            return self.lifted(self.centre + offset)
        if isinstance(given, Mapping):
            refuse_unknown(given, self.names)
            return np.array(
                [given.get(name, at) for name, at in zip(self.names, self.equilibrium, strict=True)], float
            )
        if len(given) == len(self.names):
            return np.array(given, float)
        if len(given) == 2:
            return self.lifted(np.array(given, float))
        count = f"2 for {', '.join(self.axes)}"
        every = "" if len(self.names) == 2 else f" or {len(self.names)} for {', '.join(self.names)}"
        raise BadInput(f"a start has {count}{every}; {len(given)} given")

    @property
    def note(self) -> str:
        """What a picture does not show; empty for a game of two coordinates."""
        others = [name for k, name in enumerate(self.names) if k not in self.chosen]
        return f"Not shown: {', '.join(others)}. " if others else ""


def plane(result: Result, axes: Sequence[str] | None = None) -> Plane:
    """The plane of two coordinates through the equilibrium.

    Args:
        result: an analysis at numbers.
        axes: two names; by default the first coordinates of the first two players.

    Raises:
        BadInput: for a game of one coordinate, and for names that are not two of its coordinates.
    """
    from stabcheck.numeric.simulate import equilibrium

    names = tuple(result.game.names)
    if len(names) < 2:
        raise BadInput(f"the picture shows two coordinates; {result.game.label} has {len(names)}")
    chosen = _default(result) if axes is None else _chosen(names, axes)
    return Plane(names, chosen, equilibrium(result.game, numbers(result)))


def _default(result: Result) -> tuple[int, int]:
    first, *others = (dim for dim in result.game.dims if dim)
    return (0, first) if others else (0, 1)


def _chosen(names: tuple[str, ...], axes: Sequence[str]) -> tuple[int, int]:
    for name in axes:
        if name not in names:
            raise unknown("coordinate", name, names)
    if len(axes) != 2 or axes[0] == axes[1]:
        raise BadInput(f"the axes are two of {', '.join(names)}, such as {names[0]},{names[1]}")
    return names.index(axes[0]), names.index(axes[1])


def numbers(result: Result) -> dict[str, float]:
    """The values of a result for JAX."""
    return {name: float(value) for name, value in result.values.items()}


def orbits_of(result: Result, starts: Sequence[np.ndarray], until: float) -> list[Path]:
    """The paths from the starts; of a cycle of several steps a point after each cycle."""
    from stabcheck.numeric.simulate import paths

    period = result.operator.period
    begun = [list(s) for s in starts]
    orbits = paths(result.game, result.operator, numbers(result), begun, until / period)
    return [path._replace(times=path.times * period) for path in orbits]


def horizon(result: Result, steps: int | None) -> float:
    """How many steps to follow, or for a flow how long; of a cycle as many as whole cycles have.

    Args:
        result: an analysis at numbers.
        steps: what was asked; by default until the distance has changed ten thousand times, by the
            predicted rate, and not too long.

    Raises:
        BadInput: for no steps and for too many.
    """
    period = result.operator.period
    if steps is not None:
        return whole_cycles(counted(steps), period)
    usual, least, most = (
        (STEPS, LEAST_STEPS, MOST_STEPS) if result.discrete else (TIME, LEAST_TIME, MOST_TIME)
    )
    rate = growth(result)
    if rate is None or rate == 0:
        return period * min(usual, _time_of(ROUNDS, result))
    return period * min(max(math.ceil(FALL / abs(rate * period)), least), most, _time_of(MOST_TURNS, result))


def _time_of(turns: int, result: Result) -> float:
    """How long a flow takes for so many of its fastest turns; of a method any number of steps."""
    fastest = max((abs(e.value.imag) for e in result.spectrum or ()), default=0.0)
    return math.inf if result.discrete or not fastest else math.ceil(turns * 2 * math.pi / fastest)


def whole_cycles(steps: int, period: int) -> int:
    """As many of the steps as make whole cycles, and one cycle at least."""
    return period * max(1, steps // period)


def counted(steps: int) -> int:
    """The number of steps itself.

    Raises:
        BadInput: for no steps and for too many.
    """
    if not 1 <= steps <= LONGEST:
        raise BadInput(f"steps must be a whole number from 1 to {LONGEST}, not {steps}")
    return steps


def growth(result: Result) -> float | None:
    """The predicted rate: `log rho` per step, or the abscissa of a flow; `None` where there is none."""
    if not result.discrete:
        return result.spectral_abscissa
    radius = result.spectral_radius
    if radius is None:
        return None
    return math.log(radius) / result.operator.period if radius > 0 else -math.inf


def headline(result: Result) -> str:
    """The verdict and the number that it comes from."""
    word, number = result.verdict, result.rate
    if number is None:
        return word
    rate = f"radius {factor(number, word)}" if result.discrete else f"abscissa {number:.4g}"
    return f"{word}: spectral {rate}{per_cycle(result)}"


@dataclass(frozen=True, eq=False)
class Ruler:
    """The distance to the equilibrium, or to the manifold of equilibria that it lies on.

    Attributes:
        equilibrium: the equilibrium.
        along: orthonormal rows, the manifold's tangents there; none where it is isolated.
    """

    equilibrium: np.ndarray
    along: np.ndarray

    def distance(self, points: np.ndarray) -> np.ndarray:
        """`|P (x - x*)|` with `P` across the tangents, per row."""
        gap = points - self.equilibrium
        with np.errstate(over="ignore"):
            return np.linalg.norm(gap - gap @ self.along.T @ self.along, axis=-1)

    @property
    def target(self) -> str:
        """What the distance is to, in words."""
        return "the manifold's tangent" if len(self.along) else "the equilibrium"


def ruler_of(result: Result, equilibrium: np.ndarray) -> Ruler:
    """How the distance of a result's paths is measured."""
    along = result.manifold if isinstance(result, Analysis) else ()
    numbers_here = {**result.germ, **result.values} if isinstance(result, Analysis) else {}
    rows = [[_float(e, numbers_here) for e in row[: len(equilibrium)]] for row in along]
    if not rows:
        return Ruler(equilibrium, np.zeros((0, len(equilibrium))))
    tangent, _ = np.linalg.qr(np.array(rows, float).T)
    return Ruler(equilibrium, tangent.T)


def _float(expression: sp.Expr, values: Mapping[str, Any]) -> float:
    return float(
        expression.xreplace({s: values[s.name] for s in expression.free_symbols if s.name in values})
    )


def axis_name(name: str) -> str:
    """A coordinate's name as mathematics."""
    return f"${sp.latex(sp.Symbol(name))}$"


def listed(values: Sequence[float]) -> str:
    """A point, as people write it."""
    return f"({', '.join(f'{value:.4g}' for value in values)})"


def ending(path: Path, result: Result) -> str:
    """That a path ends early and where; empty if it does not."""
    if path.whole or not len(path.times):
        return "" if path.whole else "no finite start"
    last = path.times[-1]
    if result.discrete:
        return f"step {last + result.operator.period:.0f} is no finite point"
    why = "no finite velocity leads on, a kink holds it, or its turns are more than are followed"
    return f"ends at time {last:.4g}, where {why}"


def framed(ax: Axes, centre: np.ndarray, reach: Sequence[float]) -> None:
    """A square frame around the equilibrium."""
    ax.set_xlim(centre[0] - reach[0], centre[0] + reach[0])
    ax.set_ylim(centre[1] - reach[1], centre[1] + reach[1])
    ax.set_box_aspect(1)


def within(projected: np.ndarray, centre: np.ndarray, reach: Sequence[float]) -> int:
    """How many points to draw: up to one that is very far outside, which files need not hold."""
    far = (np.abs(projected - centre) > 20 * np.asarray(reach)).any(axis=1)
    return int(np.argmax(far)) + 1 if far.any() else len(projected)


def mark_equilibrium(ax: Axes, centre: np.ndarray, verdict: str, size: float = 7) -> None:
    """The equilibrium: filled where it is stable, open where unstable, half-filled otherwise."""
    shown = look(verdict)
    ax.plot(
        *centre, marker="o", markersize=size, linestyle="none", color="black", fillstyle=shown.fill,
        markerfacecoloralt="white", markeredgewidth=1.1, zorder=6, gid="rest", clip_on=False,
        markerfacecolor="white" if shown.fill == "none" else "black",
        label=f"equilibrium, {verdict}",
    )  # fmt: skip


def spread(verdict: str, reach: Sequence[float], count: int = 4) -> np.ndarray:
    """Where the paths of a picture start, relative to the equilibrium, `(count, 2)`.

    Far out where they come in, close by where they go out, and on rings of several sizes where
    they may go round.
    """
    sizes = {"stable": np.full(count, 0.88), "unstable": np.full(count, 0.12)}
    radii = sizes.get(verdict, np.linspace(0.2, 0.88, count))
    angles = np.pi / 4 + 2 * np.pi * np.arange(count) / count
    return (radii * np.array([np.cos(angles), np.sin(angles)])).T * np.asarray(reach)
