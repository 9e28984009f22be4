"""A typed field, or step, held against the right one: at points, and by its Taylor coefficients at rest.

The lowest degree in which the two differ tells whether eigenvalues can see the difference.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from stabcheck.core.errors import BadInput, NotApplicable, Undecidable
from stabcheck.declare.games.game import Game
from stabcheck.declare.methods.flow import Flow
from stabcheck.declare.methods.method import Operator
from stabcheck.numeric.precision import double
from stabcheck.verify.audit.case import Case
from stabcheck.verify.audit.convention import Converted, Remembered, changes
from stabcheck.verify.audit.loading import Typed
from stabcheck.verify.audit.reference import Compared, Exact, gaps
from stabcheck.verify.audit.taylor import Series, Taylor, compared, left, series
from stabcheck.verify.witnesses import TOLERANCE

RADII = (1 / 16, 1 / 4, 1.0, 2.0)
HALVINGS, CLEAR = 12, 1e4
"""Differences of so many roundings still show by which power of the distance they grow."""


# What comes out


@dataclass(frozen=True)
class Departure:
    """Where one component differs most.

    Attributes:
        component: its name, `v_theta`, or of a step `theta+`.
        gap: in units of rounding.
        point: coordinates and hyperparameters there, by name.
        yours, reference: the two values.
    """

    component: str
    gap: float
    point: Mapping[str, float]
    yours: float
    reference: float


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
        within: the change of convention under which fewest coefficients differ, if that is one; what
            is told of differences is told under it.
        growth: the power of the distance from the equilibrium by which the difference grows.
        notes: what could not be compared, and why.
        kind: what was compared: `field`, or the `step` of a method.
    """

    status: str
    points: int
    seed: int
    gap: float
    witnesses: tuple[str, ...]
    taylor: Taylor
    departures: tuple[Departure, ...] = ()
    convention: str = ""
    within: str = ""
    growth: float | None = None
    notes: tuple[str, ...] = ()
    kind: str = "field"

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
            does = "moves the equilibrium" if self.kind == "step" else "does not vanish at the equilibrium"
            return f"your {self.kind} {does}: there it is no rest point of yours"
        if start == 1:
            return "the Jacobian at the equilibrium differs, and so may the eigenvalues"
        return (
            f"starts at degree {start}: Jacobian and eigenvalues at the equilibrium do not see it,"
            " though trajectories do"
        )


# At points


def audit(
    game: Game,
    typed: Typed,
    values: Mapping[str, Any] | None = None,
    *,
    operator: Operator | None = None,
    seed: int = 0,
) -> Audit:
    """Compare a typed field with the gradient vector field of a game, or a typed step with a method's.

    Args:
        game: a game, with penalties added by `+`, hyperparameters named or numbers.
        typed: the function.
        values: numbers for open names, which stay the same at all points.
        operator: whose step it is; of a method around an adjusted field (`sga`, `lola`) that field,
            where neither the function nor `values` have a step size. By default the flow, or the map.
        seed: of the random points and values.

    Raises:
        BadInput: if the function cannot be called as it should, or fails.
        NotApplicable, NotAnEquilibrium: as `analyse`.
    """
    with double():
        case = Case.of(game, operator or game.own_step or Flow(), typed, values or {}, seed)
        comparison = case.compare(RADII)
        valid = np.isfinite(comparison.reference).all(axis=1)
        if not valid.any():
            raise BadInput(f"the game's own {case.kind} has no value at any of the points tried")
        notes: list[str] = []
        witnesses, reference = _witnesses(case.exact, comparison, notes), series(case, notes)
        agreement = Audit(
            "agrees", int(valid.sum()), seed, comparison.farthest, witnesses, Taylor(), kind=case.kind
        )
        told = _agreeing if comparison.farthest <= TOLERANCE else _departing
        return replace(told(case, comparison, reference, agreement), notes=tuple(notes))


def _agreeing(case: Case, comparison: Compared, reference: Series | None, audit: Audit) -> Audit:
    del comparison
    taylor = Taylor() if reference is None else compared(case, reference)
    # What is seen at the equilibrium only is rounding at the points, and no difference.
    return replace(audit, taylor=taylor if taylor.degree is None else Taylor(taylor.degree - 1))


def _departing(case: Case, comparison: Compared, reference: Series | None, audit: Audit) -> Audit:
    whole = _convention(case, comparison)
    case, within = (case, "") if whole or reference is None else _nearest(case, reference)
    comparison = case.again(comparison) if within else comparison
    worst = np.nanmax(comparison.gaps, axis=0)
    return replace(
        audit,
        status="departs",
        gap=comparison.farthest,
        taylor=Taylor() if reference is None else compared(case, reference),
        departures=tuple(_departure(case, int(k), comparison) for k in np.flatnonzero(worst > TOLERANCE)),
        convention=whole,
        within=within,
        growth=_growth(case),
    )


def _departure(case: Case, k: int, comparison: Compared) -> Departure:
    b = int(np.nanargmax(comparison.gaps[:, k]))
    point = {name: float(value) for name, value in comparison.places[b].items()}
    yours, reference = float(comparison.yours[b, k]), float(comparison.reference[b, k])
    return Departure(case.components[k], float(comparison.gaps[b, k]), point, yours, reference)


def _conventions(case: Case) -> list[Converted]:
    """The typed function in every convention that is tried; first as it stands."""
    dims, discrete, typed = tuple(case.game.dims), case.operator.discrete, Remembered(case.typed)
    return [Converted(typed, change, dims, discrete) for change in changes(dims)]


def _convention(case: Case, comparison: Compared) -> str:
    """The simplest change of convention under which the two agree at every point; empty if there is none."""
    for converted in _conventions(case)[1:]:
        apart = gaps(
            converted.batch(comparison.points, comparison.columns), comparison.reference, comparison.size
        )
        if np.nanmax(apart) <= TOLERANCE:
            return converted.change.condition(case.game)
    return ""


def _nearest(case: Case, reference: Series) -> tuple[Case, str]:
    """The case in the convention in which fewest coefficients differ, and in words which it is.

    As it stands, if no other one explains half of what differs.
    """
    tried = _conventions(case)
    remainders = [left(each, reference) for each in tried]
    # Only degrees that are resolved in all of them can be compared.
    common = min((len(each.counts) for each in remainders), default=0)
    totals = [each.below(common) for each in remainders]
    best = min(range(len(totals)), key=lambda k: (*totals[k], tried[k].change.size), default=0)
    if not best or 2 * totals[best][0] > totals[0][0]:
        return case, ""
    return replace(case, typed=tried[best]), tried[best].change.condition(case.game)


def _witnesses(exact: Exact, comparison: Compared, notes: list[str]) -> tuple[str, ...]:
    """Who computed the right field.

    Raises:
        Undecidable: if SymPy and autodiff differ themselves.
    """
    some = np.flatnonzero(np.isfinite(comparison.reference).all(axis=1))[::3]
    try:
        field = exact.concrete
        symbolic = np.array([[exact.number(e, comparison.places[b]) for e in field] for b in some])
    except (NotApplicable, Undecidable) as refusal:
        notes.append(f"the symbolic {exact.kind} was not evaluated: {refusal}")
        return ("numeric",)
    if not gaps(symbolic, comparison.reference[some], comparison.size[some]).max() <= TOLERANCE:
        raise Undecidable(
            f"the symbolic and the numeric {exact.kind} of the game differ themselves; nothing is said"
        )
    return ("symbolic", "numeric")


def _growth(case: Case) -> float | None:
    """The `p` with `|yours - reference| ~ t^p` at the distance `t` from rest, as `t` shrinks."""
    comparison = case.compare([2.0**-k for k in range(HALVINGS)])
    apart, clear = (
        part.reshape(HALVINGS, -1).max(axis=1)
        for part in (np.abs(comparison.yours - comparison.reference), comparison.gaps)
    )
    # Noise may look like a difference again at some smaller distance.
    last = int(np.argmin([*(clear > CLEAR), False]))
    if last < 2:
        return None
    power = float(np.log2(apart[last - 2] / apart[last - 1]))
    return power if math.isfinite(power) else None
