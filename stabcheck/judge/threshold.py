"""Regions of stability solved for one hyperparameter: intervals, case by case in another one.

Nothing is left to a solver: over a cell roots neither meet nor come or go, and walls are looked at exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import sympy as sp

from stabcheck.core.domain import REAL
from stabcheck.core.domain import End as DomainEnd
from stabcheck.core.errors import Undecidable
from stabcheck.core.polynomial import Polynomial
from stabcheck.judge.region import Region
from stabcheck.symbolic.algebraic import AlgebraicNumber
from stabcheck.symbolic.balls import nearest
from stabcheck.symbolic.cells import Cell, Cut, End, Interval, Root
from stabcheck.symbolic.polynomials import expression, rational
from stabcheck.symbolic.scaling import Scaling
from stabcheck.symbolic.spectrum import Factor, closed_form

Write = Callable[[sp.Expr], str]
NONE = "_"
"""The letter of what there is none of."""


@dataclass(frozen=True)
class Case:
    """Values of the other hyperparameter over which the same formula holds.

    Attributes:
        first, last: the cells that it begins and ends with.
        pattern: the cell whose intervals are its formula.
    """

    first: Cell
    last: Cell
    pattern: Cell

    def joined(self, cell: Cell) -> Case | None:
        """The case with the next cell, if its formula holds there as well."""
        if holds_over(self.pattern, cell):
            return replace(self, last=cell)
        if self.pattern.is_wall and holds_over(cell, self.pattern):
            return Case(self.first, cell, cell)
        return None


@dataclass(frozen=True)
class Threshold:
    """Where it is stable, in terms of one hyperparameter.

    Attributes:
        name: of the hyperparameter.
        other: of the one that tells the cases apart, in scaled units; `None` where there is one case.
        cases: in order.
        region: that is solved, with its letters and domains.
        scaling: by which the region has so few letters.
    """

    name: str
    other: str | None
    cases: tuple[Case, ...]
    region: Region
    scaling: Scaling

    @cached_property
    def _sizes(self) -> dict[sp.Expr, sp.Symbol]:
        """A positive symbol for each of which only the size counts, for what is computed with roots."""
        return {
            self.region.letters[name]: sp.Dummy(name, positive=True) for name in sorted(self.region.sizes)
        }

    def _shown(self, e: sp.Expr) -> sp.Expr:
        """An expression with `|x|` for sizes, over one denominator where that is shorter."""
        shown = e.xreplace({size: sp.Abs(symbol) for symbol, size in self._sizes.items()})
        together = sp.together(shown)
        return together if together.count_ops() < shown.count_ops() else shown

    def _expression(self, polynomial: Polynomial) -> sp.Expr:
        return expression(polynomial, self.region.letters).xreplace(self._sizes)

    def bound(self, number: AlgebraicNumber) -> sp.Expr:
        """A value of the other hyperparameter in the units that it has."""
        weights = self.scaling.weights.get(self.other or NONE, ())
        units = [self._expression(Polynomial.letter(one)) for one in self.scaling.ones]
        powers = zip(units, weights, strict=bool(weights))
        unit = sp.Mul(*(one ** rational(weight) for one, weight in powers))
        return self._shown(number.expression * unit)

    def root(self, end: End, cell: Cell) -> sp.Expr | None:
        """An end in closed form; `None` for a degree beyond two, and where its powers would be broken."""
        whole = self.scaling.restored(_simplest(end).factor)
        if whole is None or end.ball is None:
            return None
        row = [self._expression(c) for c in whole.coefficients(self.name)]
        if len(row) > 3:
            return None
        roots = closed_form(Factor(tuple(sp.cancel(c / row[0]) for c in row), 1))
        assert roots is not None
        place = float(end.ball.mid())
        return self._shown(min(roots.formulas, key=lambda e: abs(self._at(e, cell) - place)))

    def polynomial(self, end: End) -> sp.Expr:
        """What an end is a root of, in the units that the letters have where that is a polynomial."""
        factor = _simplest(end).factor
        return self._shown(self._expression(self.scaling.restored(factor) or factor))

    def index(self, end: End) -> int:
        """Which of the roots in the domain it is, from 0 on."""
        return _simplest(end).index

    def _at(self, e: sp.Expr, cell: Cell) -> complex:
        """A formula over a cell where the letters of the scaling are 1."""
        values: dict[sp.Expr, sp.Expr] = {
            self._expression(Polynomial.letter(one)): sp.S.One for one in self.scaling.ones
        }
        if self.other is not None:
            values[self._expression(Polynomial.letter(self.other))] = cell.sample.expression
        return complex(sp.N(e.xreplace(values), 30))

    # In words

    def where(self, case: Case, write: Write) -> str:
        """Which values of the other hyperparameter a case is about; empty for all of them."""
        if self.other is None:
            return ""
        domain, x = (
            self.region.domains[self.other],
            write(self._shown(self._expression(Polynomial.letter(self.other)))),
        )
        low, high = case.first.low, case.last.high
        if case.first.is_wall and case.first is case.last:
            return f"{x} = {write(self.bound(case.first.sample))}"
        left = "" if _is_end(low, domain.low, closed=case.first.is_wall) else self._side(low, write)
        right = "" if _is_end(high, domain.high, closed=case.last.is_wall) else self._side(high, write)
        return _between(x, left, right, low=case.first.is_wall, high=case.last.is_wall)

    def _side(self, number: AlgebraicNumber | None, write: Write) -> str:
        return "" if number is None else write(self.bound(number))

    def intervals(self, case: Case, write: Write) -> tuple[str, ...]:
        """The values of the hyperparameter at which it is stable, an inequality for each interval."""
        x = write(self._shown(self._expression(Polynomial.letter(self.name))))
        return tuple(self._interval(x, interval, case.pattern, write) for interval in case.pattern.intervals)

    def _interval(self, x: str, interval: Interval, cell: Cell, write: Write) -> str:
        low, high = (self.end(end, cell, write) for end in (interval.low, interval.high))
        # A size needs no saying that it is none below 0.
        left = "" if interval.closed and self.name in self.region.sizes else low
        return _between(x, left, high, low=interval.closed, high=False) or f"every {x}"

    def end(self, end: End, cell: Cell, write: Write) -> str:
        """An end of an interval, with decimals where it is a number; empty for infinity."""
        if not end.roots:
            return "" if end.at is None else write(rational(end.at))
        formula = self.root(end, cell)
        if formula is None:
            text = f"root {self.index(end) + 1} of {write(self.polynomial(end))}"
        else:
            text = write(formula)
        if end.ball is None or self.other is not None or self.scaling.ones or _is_short(formula):
            return text
        return f"{text} = {nearest(end.ball):.12g}"


def _is_short(formula: sp.Expr | None) -> bool:
    return formula is not None and bool(formula.is_Integer)


def _is_end(number: AlgebraicNumber | None, end: DomainEnd | None, *, closed: bool) -> bool:
    """Whether it is where the domain ends, which needs no saying."""
    return number is None or (end is not None and number.rational == end.at and closed == end.closed)


def _between(x: str, left: str, right: str, *, low: bool, high: bool) -> str:
    """`left < x <= right` and the like."""
    if left and right:
        return f"{left} <{'=' * low} {x} <{'=' * high} {right}"
    if right:
        return f"{x} <{'=' * high} {right}"
    return f"{x} >{'=' * low} {left}" if left else ""


def _simplest(end: End) -> Root:
    """Of the roots that an end is, that of the lowest degree."""
    return min(end.roots, key=lambda root: (root.factor.degree, len(root.factor.terms), str(root.factor)))


def holds_over(pattern: Cell, cell: Cell) -> bool:
    """Whether the intervals of one cell, followed to a neighbour, are those over that."""
    if not cell.is_wall:
        return not pattern.is_wall and pattern.intervals == cell.intervals
    used = {r.factor for i in pattern.intervals for end in (i.low, i.high) for r in end.roots}
    if any(pattern.counts[p] != cell.counts[p] for p in used):
        return False
    followed = [place for i in pattern.intervals if (place := _place(i, cell)) is not None]
    return followed == [_place(i, cell) for i in cell.intervals]


def _place(interval: Interval, cell: Cell) -> tuple[int, int, bool] | None:
    """Between which of a cell's points an interval lies; `None` where it has shrunk to a point."""
    last = len(cell.points)
    low = next((k for k, roots in enumerate(cell.points) if interval.low.roots & roots), -1)
    high = next((k for k, roots in enumerate(cell.points) if interval.high.roots & roots), last)
    return None if low == high else (low, high, interval.closed)


def solved(region: Region, name: str) -> Threshold:
    """A region solved for one of its letters.

    Args:
        region: of stability.
        name: of a letter.

    Raises:
        Undecidable: if cases would depend on several others, or that would take too long.
    """
    scaling, scaled = region.scaling_for(name), region.scaled((name,))
    if name in scaling.ones:
        raise Undecidable(f"{name} is what all others are measured in")
    letters = {n for p in scaled.polynomials for n in p.names}
    others = sorted(letters - {name})
    if len(others) > 1:
        raise Undecidable(f"the cases depend on {' and '.join(others)}, which are too many")
    if scaled.ties or any(not region.letters[n].is_Symbol for n in letters):
        raise Undecidable("the conditions have numbers that are not rational")
    other = others[0] if others else None
    along, over = region.domains[name], region.domains[other] if other else REAL
    if along.excluded or over.excluded:
        raise Undecidable("a range with a gap is not cut")
    cut = Cut(scaled.inside, name, other or NONE, along, over)
    return Threshold(name, other, tuple(_merged(cut.cells())), region, scaling)


def _merged(cells: Sequence[Cell]) -> Iterator[Case]:
    case: Case | None = None
    for cell in cells:
        longer = None if case is None else case.joined(cell)
        if longer is None and case is not None:
            yield case
        case = longer or Case(cell, cell, cell)
    if case is not None:
        yield case
