"""Regions of stability solved for one hyperparameter: intervals, case by case in the others.

Nothing is left to a solver: over a cell roots neither meet nor come or go, and zeros are looked at exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import flint
import sympy as sp
from flint import acb, arb

from stabcheck.core.domain import End as DomainEnd
from stabcheck.core.errors import Undecidable
from stabcheck.core.polynomial import Polynomial
from stabcheck.judge.cases import Case, Cases, Otherwise, Range, Signs, described
from stabcheck.judge.region import Region
from stabcheck.judge.units import Units
from stabcheck.symbolic.algebraic import AlgebraicNumber, conjugates
from stabcheck.symbolic.balls import enclose, nearest
from stabcheck.symbolic.cells import Cut
from stabcheck.symbolic.factoring import factored
from stabcheck.symbolic.point import BITS, Point
from stabcheck.symbolic.polynomials import expression, in_one_letter, rational
from stabcheck.symbolic.scaling import Scaling
from stabcheck.symbolic.spectrum import Factor, closed_form
from stabcheck.symbolic.stack import LINEAR, Along, End, Interval

OPEN = "open cells only: nothing is said where roots meet, come or go"
Write = Callable[[sp.Expr], str]
MOST_OTHERS, NEAR = 3, 1e-30
RELATIONS = {(1,): ">", (0, 1): ">=", (0,): "=", (-1, 0): "<=", (-1,): "<", (-1, 1): "!="}
"""How a sign that is among some is written."""


@dataclass(frozen=True)
class Threshold:
    """Where it is stable, in terms of one hyperparameter.

    Attributes:
        name: of the hyperparameter.
        others: those that tell the cases apart, in scaled units; three at most.
        solution: the cases, in order where there is one other.
        region: that is solved, with its letters and domains.
        scaling: by which the region has so few letters.
    """

    name: str
    others: tuple[str, ...]
    solution: Cases
    region: Region
    scaling: Scaling

    @property
    def cases(self) -> tuple[Case, ...]:
        """They hold together everywhere, or but for walls."""
        return self.solution.rows

    @property
    def whole(self) -> bool:
        """Whether they tell of walls, too, where roots meet, come or go."""
        return self.solution.whole

    @cached_property
    def _units(self) -> Units:
        return Units(self.scaling, self.region.letters, self.region.sizes)

    def _shown(self, e: sp.Expr) -> sp.Expr:
        """An expression with `|x|` for sizes, over one denominator or in factors where that is shorter."""
        shown = self._units.shown(e)
        return min(shown, sp.together(shown), _in_factors(shown), key=sp.Expr.count_ops)

    def _expression(self, polynomial: Polynomial) -> sp.Expr:
        return self._units.positive(expression(polynomial, self.region.letters))

    def bound(self, number: AlgebraicNumber, name: str) -> sp.Expr:
        """A value of another hyperparameter in the units that it has."""
        return self._shown(number.expression * self._units.of(name))

    def root(self, end: End, case: Case) -> sp.Expr | None:
        """An end in closed form, the same all over a case; `None` for a degree beyond two."""
        simple = end.root
        row = self._row(simple.factor)
        if len(row) > 3:
            return None
        row = row[1:] if simple.index == LINEAR and len(row) == 3 else row
        *shorter, general = _formulas(row, simple.index)
        return self._shown(next((e for e in shorter if self._fits(e, end, case)), general))

    def _row(self, factor: Polynomial) -> list[sp.Expr]:
        """The coefficients in the hyperparameter, leading first, in the units that all have."""
        whole = self.scaling.restored(factor)
        if whole is not None:
            return [self._expression(c) for c in whole.coefficients(self.name)]
        row, unit = factor.coefficients(self.name), self._units.of(self.name)
        return [self._in_units(c) / unit ** (len(row) - 1 - k) for k, c in enumerate(row)]

    def _in_units(self, p: Polynomial) -> sp.Expr:
        """A polynomial of scaled letters in the letters themselves."""
        letters = [(self._units.letter(name), self._units.of(name)) for name in p.names]
        return self._expression(p).xreplace({letter: letter / unit for letter, unit in letters})

    def _fits(self, e: sp.Expr, end: End, case: Case) -> bool:
        """Whether a formula is an end over each cell of a case."""
        with flint.ctx.workprec(BITS):
            return all(
                _meet(enclose(e, self._values(cell.stack.point)), place)
                for cell in case.cells
                if (place := cell.stack.where(end)) is not None
            )

    def _values(self, point: Point) -> dict[sp.Expr, acb]:
        own = {self._units.letter(name): acb(point.where(name)) for name in self.others}
        return {self._units.letter(one): acb(1) for one in self.scaling.ones} | own

    def polynomial(self, end: End) -> sp.Expr:
        """What an end is a root of, in the units that the letters have where that is a polynomial."""
        row = self._row(end.root.factor)
        x = self._units.letter(self.name)
        return self._shown(sp.Add(*(sp.expand(c * x ** (len(row) - 1 - k)) for k, c in enumerate(row))))

    def index(self, end: End) -> int:
        """Which of the roots in the domain it is, from 0 on, for a degree beyond two."""
        return end.root.index

    # In words

    def lines(self, write: Write) -> Iterator[str]:
        """The intervals, a line for each case."""
        for case in self.cases:
            where = self.where(case, write)
            if isinstance(case.where, Otherwise):
                yield "otherwise never"
                continue
            stable = " or ".join(self.intervals(case, write)) or "never"
            yield f"{stable}{f' if {where}' * bool(where)}"
        if not self.whole:
            yield OPEN

    def where(self, case: Case, write: Write) -> str:
        """Which values of the others a case is about; empty for all of them."""
        if isinstance(case.where, Range):
            return self._range(case.where, self.others[0], write) if self.others else ""
        if isinstance(case.where, Otherwise):
            return "otherwise"
        return " and ".join(self._signs(case.where, write))

    def _range(self, where: Range, name: str, write: Write) -> str:
        domain, (low, high) = self.region.domains[name], where.closed
        x = write(self._shown(self._units.letter(name)))
        if where.low is not None and where.low == where.high:
            return f"{x} = {write(self.bound(where.low, name))}"
        ends = ((where.low, domain.low, low), (where.high, domain.high, high))
        left, right = (
            "" if number is None or _is_end(number, end, closed=closed) else write(self.bound(number, name))
            for number, end, closed in ends
        )
        return _between(x, left, right, low=low, high=high)

    def _signs(self, where: Signs, write: Write) -> Iterator[str]:
        """The signs of polynomials; of one letter with one zero, on which side of it that lies."""
        bounds: dict[str, list[tuple[str, str]]] = {}
        longer: list[str] = []
        for p, among in where.among:
            if (zero := self._zero(p)) is None:
                # Units are positive, and so are the denominators that they make.
                whole = sp.fraction(sp.together(self._in_units(p)))[0]
                longer.append(self._compared(sp.expand(whole), among, write))
                continue
            name, number, rises = zero
            signs = among if rises else frozenset(-sign for sign in among)
            pair = RELATIONS[tuple(sorted(signs))], write(self.bound(number, name))
            bounds.setdefault(name, []).append(pair)
        for name, pairs in bounds.items():
            yield from _bounded(write(self._shown(self._units.letter(name))), sorted(pairs))
        yield from longer

    def _compared(self, e: sp.Expr, among: frozenset[int], write: Write) -> str:
        """`a > b` of `a - b`, none of whose terms begins with a minus."""
        terms = sp.Add.make_args(e)
        minus = [term for term in terms if term.could_extract_minus_sign()]
        left, right = (
            sp.Add(*(term for term in terms if term not in minus)), -sp.Add(*minus)
        )  # fmt: skip
        shown = (write(self._units.shown(factored(side))) for side in (left, right))
        return f" {RELATIONS[tuple(sorted(among))]} ".join(shown)

    def _zero(self, p: Polynomial) -> tuple[str, AlgebraicNumber, bool] | None:
        """A polynomial's one letter, its only zero in the domain, and whether it is positive above."""
        name, *others = p.names
        if others:
            return None
        domain, numbers = self.region.domains[name], conjugates(in_one_letter(p))
        inside = [n for n in numbers if _is_in(n, domain.low, domain.high)]
        if len(inside) != 1:
            return None
        above = len(numbers) - 1 - numbers.index(inside[0])
        return name, inside[0], (p.terms[0][1] > 0) == (above % 2 == 0)

    def intervals(self, case: Case, write: Write) -> tuple[str, ...]:
        """The values of the hyperparameter at which it is stable, an inequality for each interval."""
        x = write(self._shown(self._units.letter(self.name)))
        return tuple(self._interval(x, interval, case, write) for interval in case.formula)

    def _interval(self, x: str, interval: Interval, case: Case, write: Write) -> str:
        low, high = (self.end(end, case, write) for end in (interval.low, interval.high))
        # A size needs no saying that it is none below 0.
        left = "" if interval.closed and self.name in self.region.sizes else low
        return _between(x, left, high, low=interval.closed, high=False) or f"every {x}"

    def end(self, end: End, case: Case, write: Write) -> str:
        """An end of an interval, with decimals where it is a number; empty for infinity."""
        if not end.roots:
            return "" if end.at is None else write(rational(end.at))
        formula = self.root(end, case)
        if formula is None:
            text = f"root {self.index(end) + 1} of {write(self.polynomial(end))}"
        else:
            text = write(formula)
        if end.ball is None or self.others or self.scaling.ones or _is_short(formula):
            return text
        return f"{text} = {nearest(end.ball):.12g}"


def _bounded(x: str, pairs: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Comparisons of one letter, a lower and an upper bound together."""
    if len(pairs) == 2 and pairs[0][0] in {"<", "<="} and pairs[1][0] in {">", ">="}:
        (below, high), (above, low) = pairs
        yield _between(x, low, high, low=above == ">=", high=below == "<=")
    else:
        yield from (f"{x} {relation} {number}" for relation, number in pairs)


def _in_factors(e: sp.Expr) -> sp.Expr:
    """A quotient of products."""
    above, below = map(factored, sp.fraction(sp.together(e)))
    return above / below


def _formulas(row: Sequence[sp.Expr], index: int) -> Iterator[sp.Expr]:
    """Ways to write a root of a polynomial of degree two at most, the shortest first.

    What is pulled out of a square root may have either sign, so that a formula is one of the two roots
    here and the other one there; with its size that is not so, nor with the last formula.
    """
    roots = closed_form(Factor(tuple(sp.cancel(c / row[0]) for c in row), 1))
    if roots is not None:
        yield from roots.formulas
        sized = sp.Abs(roots.outside) * sp.sqrt(roots.inside)
        yield from (e.xreplace(dict(roots.definitions)) for e in (roots.centre - sized, roots.centre + sized))
    if len(row) == 2:
        yield -row[1] / row[0]
    else:
        a, b, c = row
        yield (-b + (2 * index - 1) * sp.sqrt(sp.expand(b**2 - 4 * a * c))) / (2 * a)


def _meet(value: acb, place: arb) -> bool:
    """Whether a number is, as far as can be seen, at a place."""
    narrow = value.is_finite() and float(abs(value - place).upper()) < NEAR
    return narrow and value.overlaps(acb(place))


def _is_in(number: AlgebraicNumber, low: DomainEnd | None, high: DomainEnd | None) -> bool:
    """Whether a number lies between the ends, or is one of them."""
    return (low is None or number.compare(low.at) >= 0) and (high is None or number.compare(high.at) <= 0)


def _is_short(formula: sp.Expr | None) -> bool:
    return formula is not None and bool(formula.is_Integer)


def _is_end(number: AlgebraicNumber, end: DomainEnd | None, *, closed: bool) -> bool:
    """Whether it is where the domain ends, which needs no saying."""
    return end is not None and number.rational == end.at and closed == end.closed


def _between(x: str, left: str, right: str, *, low: bool, high: bool) -> str:
    """`left < x <= right` and the like."""
    if left and right:
        return f"{left} <{'=' * low} {x} <{'=' * high} {right}"
    if right:
        return f"{x} <{'=' * high} {right}"
    return f"{x} >{'=' * low} {left}" if left else ""


def solved(region: Region, name: str) -> Threshold:
    """A region solved for one of its letters.

    Args:
        region: of stability.
        name: of a letter.

    Raises:
        Undecidable: if cases would depend on too many others, or that would take too long.
    """
    scaling = _scaling(region, name)
    scaled, others = region.by(scaling), others_of(region, name)
    if len(others) > MOST_OTHERS:
        raise Undecidable(f"the cases depend on {_listed(others)}, which are too many")
    if scaled.ties or any(not region.letters[n].is_Symbol for p in scaled.polynomials for n in p.names):
        raise Undecidable("the conditions have numbers that are not rational")
    cut = Cut.of(Along(scaled.inside, name, region.domains), others)
    return Threshold(name, others, described(cut), region, scaling)


def others_of(region: Region, name: str) -> tuple[str, ...]:
    """The letters, in scaled units, that cases for one of them depend on."""
    scaled = region.by(_scaling(region, name))
    return tuple(sorted({n for p in scaled.polynomials for n in p.names} - {name}))


def _scaling(region: Region, name: str) -> Scaling:
    """The scalings that leave the name that is solved for as it is."""
    return region.scaling_for(name).without(name)


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"
