"""What is printed of a result, held against spectra in floating point: closed forms, conditions, their ends.

Where all conditions hold, every eigenvalue must lie inside of the stable region; where one of them does
not hold, one must lie outside or on the boundary; and where they cease to hold, on the boundary.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING

import flint
import numpy as np
import sympy as sp
from flint import acb, acb_poly, fmpq

from stabcheck.core import hyper
from stabcheck.core.errors import StabcheckError, Undecidable
from stabcheck.core.stability import HALF_PLANE, StabilityRegion
from stabcheck.symbolic.balls import enclose, nearest
from stabcheck.symbolic.condition import Condition
from stabcheck.symbolic.exact import BITS, verdict
from stabcheck.symbolic.manifold import across
from stabcheck.symbolic.spectrum import Factor, Roots
from stabcheck.symbolic.update import Point
from stabcheck.verify.lines import Completed, Line, Values, lines
from stabcheck.verify.margins import Margin, of_matrix, of_polynomials
from stabcheck.verify.rounding import NumericJacobian, polynomial_distance

if TYPE_CHECKING:
    from stabcheck.judge.analysis import Analysis

SHOWN, SHORT = 60, 12


@dataclass(frozen=True)
class Region:
    """Where it is said to be stable.

    Attributes:
        conditions: that are all positive there.
        given: the values for which that is said.
        dimension: of a manifold of equilibria, whose eigenvalues do not count.
    """

    conditions: tuple[Condition, ...]
    given: Values = field(default_factory=lambda: MappingProxyType({}))
    dimension: int = 0

    def speaks_at(self, values: Values) -> bool:
        """Whether it is said of these values, which hold all of its letters."""
        letters = {s for c in self.conditions for s in c.symbols}
        complete = all(s.name in values for s in letters)
        return complete and all(values.get(name) == value for name, value in self.given.items())


@dataclass(frozen=True)
class Printed:
    """What is printed of a result beside its matrices.

    Attributes:
        stability: where eigenvalues must lie.
        factors: of the general characteristic polynomial.
        forms: the closed form of its roots.
        regions: where it is said to be stable, in general and at the values given.
    """

    stability: StabilityRegion = HALF_PLANE
    factors: tuple[Factor, ...] = ()
    forms: tuple[Roots | Factor, ...] = ()
    regions: tuple[Region, ...] = ()

    def assumes(self, values: Values) -> bool:
        """Whether the values have what the letters of the general formulas are taken to have."""
        in_factors = (e.free_symbols for f in self.factors for e in f.coefficients)
        in_regions = (c.symbols for r in self.regions for c in r.conditions)
        letters = {s for symbols in (*in_factors, *in_regions) for s in symbols}
        return not any(s.is_nonzero and values.get(s.name) == 0 for s in letters)


NOTHING = Printed()


def printed_of(result: Analysis, dimension: int) -> Printed:
    """What is printed of a result.

    Args:
        result: the result.
        dimension: of a manifold of equilibria for the loss and the values given.
    """
    general, here, given = (
        result.general.conditions(len(result.manifold)),
        result.here.conditions,
        result.values,
    )
    regions, factors = [], result.factors or ()
    if general is not None:
        # Of a manifold that is one for the loss alone, the general formulas do not know.
        left = across(factors, len(result.manifold), region=result.operator.region)
        regions.append(Region(general, dimension=_degree(factors) - _degree(left)))
    if here is not None and (given or here != general):
        regions.append(Region(here, given, dimension))
    return Printed(result.operator.region, factors, result.closed_form or (), tuple(regions))


def _degree(factors: Sequence[Factor]) -> int:
    return sum(f.degree * f.multiplicity for f in factors)


@dataclass(frozen=True)
class Edge:
    """A point at which the conditions cease to hold, or a corner of the domain.

    Attributes:
        region: whose conditions.
        point: the exact result there.
        exact: the values are not rounded.
        allowed: what a verdict may be there, if the conditions are right.
    """

    region: Region
    point: Point
    exact: bool
    allowed: tuple[str, ...]

    def verdict(self, stability: StabilityRegion) -> str:
        """Of the exact result; `undecided` where the values are rounded, or a manifold begins there."""
        if not self.exact or len(self.point.along) != self.region.dimension:
            return "undecided"
        try:
            return verdict(
                (*self.point.eigenvalues(region=stability), *self.point.of_memory(region=stability))
            )
        except Undecidable:
            return "undecided"


NOT_STABLE = ("neutral", "unstable")
WORDS = MappingProxyType({1: "unstable", 0: "undecided", -1: "stable"})


# At points where autodiff was asked


def faults(
    printed: Printed, points: Sequence[Point], seen: Sequence[NumericJacobian], tolerance: float
) -> Iterator[str]:
    """What is printed and differs from the numeric Jacobians, in words; of each kind the first.

    Args:
        printed: what is printed.
        points: the values.
        seen: the Jacobian at each.
        tolerance: the largest gap that counts as rounding.
    """
    pairs = [pair for pair in zip(points, seen, strict=True) if printed.assumes(pair[0].values)]
    gap = max((form_distance(printed.forms, point.values, numbers) for point, numbers in pairs), default=0.0)
    if not gap <= tolerance:
        yield f"the closed form and autodiff differ by {gap:.3g} roundings"
    yield from islice(_at_points(printed, pairs), 1)


def _at_points(printed: Printed, pairs: Sequence[tuple[Point, NumericJacobian]]) -> Iterator[str]:
    for region in printed.regions:
        for point, numbers in pairs:
            margin = of_matrix(numbers, stability=printed.stability, dimension=region.dimension)
            yield from condition_faults(region, point.values, margin, "autodiff")


def form_distance(forms: Sequence[Roots | Factor], values: Values, seen: NumericJacobian) -> float:
    """How far a matrix is from having these eigenvalues, in units of rounding; 0 where no ball is known.

    Their polynomial is compared: eigenvalues that coincide are not found to many digits.
    """
    try:
        with flint.ctx.workprec(BITS):
            product = acb_poly([1])
            for form in forms:
                product *= _polynomial(form, values)
            rows = [c.real for c in reversed(product.coeffs())]
    except (Undecidable, KeyError, ValueError):
        return 0.0
    if not forms or not all(c.is_finite() for c in rows):
        return 0.0
    if len(rows) != len(seen.jacobian) + 1:
        return np.inf
    # A root of balls about its cut has a wide ball: inside of that, nothing is known to be wrong.
    return polynomial_distance([nearest(c) for c in rows], seen, [nearest(c.rad()) for c in rows])


def _polynomial(form: Roots | Factor, values: Values) -> acb_poly:
    if isinstance(form, Factor):
        return acb_poly([_ball(c, values) for c in reversed(form.coefficients)]) ** form.multiplicity
    product = acb_poly([1])
    for formula in form.formulas:
        product *= acb_poly([-_ball(formula, values), 1])
    return product**form.multiplicity


def _ball(expression: sp.Expr, values: Values) -> acb:
    return enclose(expression, {s: enclose(values[s.name]) for s in expression.free_symbols})


def _value(condition: Condition, values: Values) -> acb:
    balls = {name: _ball(meaning, values) for name, meaning in condition.letters.items()}
    return condition.at(balls, lambda q: acb(fmpq(q.numerator, q.denominator)))


def condition_faults(region: Region, values: Values, margin: Margin, witness: str) -> Iterator[str]:
    """What the conditions of a region say at a point, and a spectrum denies.

    Args:
        region: the conditions.
        values: at the point.
        margin: where the spectrum lies.
        witness: whose spectrum it is.
    """
    if not margin.side or not region.speaks_at(values):
        return
    try:
        with flint.ctx.workprec(BITS):
            failing = [c for c in region.conditions if not _value(c, values).real > 0]
    except Undecidable:
        return
    if margin.side < 0 and failing:
        text = _short(failing[0].expression)
        yield f"the condition {text} > 0 fails where {witness} is stable: {_place(values)}"
    if margin.side > 0 and not failing:
        yield f"every condition holds where {witness} is unstable: {_place(values)}"


def _short(expression: sp.Expr) -> str:
    text = str(expression)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _place(values: Values) -> str:
    shown = {name: value for name, value in values.items() if value.is_number}
    return ", ".join(f"{name} = {_number(value)}" for name, value in shown.items())


def _number(value: sp.Expr) -> str:
    return text if len(text := str(value)) <= SHORT else f"{float(value):.15g}"


# Along lines, where the factors stand for autodiff, which agrees with them


Course = tuple[Region, Line]


def courses(
    printed: Printed, names: Mapping[str, hyper.Hyper], completed: Completed, seed: int
) -> tuple[Course, ...]:
    """Lines for the conditions of every region, those of the values given first."""
    along: list[Course] = []
    for region in reversed(printed.regions):
        with suppress(StabcheckError):
            row = lines(region.conditions, names, region.given, completed, random.Random(seed))
            along += [(region, line) for line in row]
    return tuple(along)


def course_faults(printed: Printed, along: Sequence[Course]) -> Iterator[str]:
    """What the conditions say on lines and the characteristic polynomial denies; the first such."""
    denied = (text for region, line in along for q in line.middles
            for text in _factor_faults(printed, region, line, q))  # fmt: skip
    yield from islice(denied, 1)


def _factor_faults(printed: Printed, region: Region, line: Line, q: Fraction) -> Iterator[str]:
    try:
        values = line.at(q)
        with flint.ctx.workprec(BITS):
            rows = [[nearest(_ball(c, values).real) for c in f.coefficients] for f in printed.factors]
    except (StabcheckError, KeyError, ValueError):
        # The letters have no values there, or the polynomial has none.
        return
    if not (rows and printed.assumes(values)):
        return
    pairs = zip(rows, printed.factors, strict=True)
    # Each as often as it is there: a manifold holds some of its roots, and not all.
    repeated = [np.array(row) for row, f in pairs for _ in range(f.multiplicity)]
    margin = of_polynomials(repeated, stability=printed.stability, dimension=region.dimension)
    yield from condition_faults(region, values, margin, "the characteristic polynomial")


# Where conditions cease to hold


def edges(printed: Printed, along: Sequence[Course], exact: Callable[[Values], Point]) -> list[Edge]:
    """For each region a point where the conditions cease to hold, and a corner of the domain.

    Args:
        printed: what is printed.
        along: the lines.
        exact: the exact result at some values; where it has none the point is left out.
    """
    first = {id(region): (region, line) for region, line in reversed(along)}
    wanted = [(region, line, *row) for region, line in first.values() for row in _ends(line)]
    kept: list[Edge] = []
    for region, line, q, located, allowed in wanted:
        with suppress(StabcheckError):
            if printed.assumes(values := line.at(q)):
                kept.append(Edge(region, exact(values), located, allowed))
    return kept


def _ends(line: Line) -> Iterator[tuple[Fraction, bool, tuple[str, ...]]]:
    """A value, whether it is exact, and the verdicts that may be there."""
    yield from ((q, line.is_exact(q), ("neutral",)) for q in line.ends[:1])
    others = (q for q in line.corners if q not in line.ends)
    yield from ((q, line.rational, ("stable",) if line.holds(q) else NOT_STABLE) for q in islice(others, 1))


def edge_faults(printed: Printed, at_edges: Sequence[Edge], seen: Sequence[NumericJacobian]) -> Iterator[str]:
    """What autodiff and the exact verdict deny at such points; of each the first."""
    pairs = list(zip(at_edges, seen, strict=True))
    margins = [of_matrix(n, stability=printed.stability, dimension=e.region.dimension) for e, n in pairs]
    numeric = [WORDS[margin.side] for margin in margins]
    exact = [edge.verdict(printed.stability) for edge in at_edges]
    for witness, verdicts in (("autodiff", numeric), ("the verdict", exact)):
        false = [(e, word) for e, word in zip(at_edges, verdicts, strict=True)
                 if word not in (*e.allowed, "undecided")]  # fmt: skip
        for edge, word in false[:1]:
            wanted = " or ".join(edge.allowed)
            yield (
                f"by the conditions it is {wanted} at their edge and by {witness} {word}:"
                f" {_place(edge.point.values)}"
            )
