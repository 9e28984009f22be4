"""Where a method is fastest: the least spectral radius or abscissa over hyperparameters, proved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

import sympy as sp
from flint import acb, arb, fmpq

from stabcheck.core.domain import POSITIVE, REAL, Domain
from stabcheck.core.errors import BadInput, StabcheckError, Undecidable
from stabcheck.core.frozen import Frozen
from stabcheck.core.hyper import Hyper
from stabcheck.core.polynomial import Polynomial
from stabcheck.core.stability import Disc, HalfPlane, StabilityRegion
from stabcheck.declare.methods.method import Operator
from stabcheck.judge.analysis import Analysis
from stabcheck.judge.pace import Pace, pace_of
from stabcheck.judge.pruning import Prover
from stabcheck.judge.region import Region, sized
from stabcheck.judge.solver import USUAL, Limits, Solver
from stabcheck.judge.summary import question
from stabcheck.judge.units import Units
from stabcheck.symbolic.algebraic import AlgebraicNumber
from stabcheck.symbolic.condition import Condition
from stabcheck.symbolic.least import Least, Place, Stretch, least
from stabcheck.symbolic.ops import symbol
from stabcheck.symbolic.polynomials import Meanings, expression
from stabcheck.symbolic.printing import code, terminal
from stabcheck.symbolic.rates import Rates
from stabcheck.symbolic.region import conditions
from stabcheck.symbolic.scaling import Scaling
from stabcheck.symbolic.spectrum import Factor
from stabcheck.symbolic.update import Point

SCHEMA = 1
MARGIN = Fraction(1, 10**6)
"""How far below the least rate a solver is asked whether there is a smaller one."""


@dataclass(frozen=True)
class Optimum:
    """The least rate over some names, exactly, and where it is.

    Attributes:
        question: what was asked, in one line.
        hypers: all open hyperparameters by name.
        names: of those that are chosen.
        operator: whose rate it is.
        least: the infimum and its places, in units.
        units: in which all of it is.
        z: the letter of the eigenvalues.
        bracket: what a solver says of a rate that is smaller by `MARGIN`: its name where it proves that
            there is none; empty where it was not asked or does not know.
    """

    question: str
    hypers: Mapping[str, Hyper]
    names: tuple[str, ...]
    operator: Operator
    least: Least
    units: Units
    z: str
    bracket: str = ""

    @property
    def region(self) -> StabilityRegion:
        """Where the eigenvalues of what is stable lie."""
        return self.operator.region

    @property
    def level(self) -> sp.Expr | None:
        """The least rate; `None` where rates have no lower bound, or a bracket is all that is known."""
        number = self.least.level
        return None if number is None else self.units.restored(written(number), self.z)

    @property
    def value(self) -> float | None:
        """The least rate in units, to some digits; `None` where there is none."""
        if self.least.bracket is not None:
            return float(self.least.bracket[1])
        return None if self.least.level is None else self.least.level.value

    @property
    def is_stable(self) -> bool:
        """Whether the rate is certainly that of something stable."""
        number, boundary = self.least.level, self.region.level
        if self.least.bracket is not None:
            return self.least.bracket[1] <= boundary
        return number is None or number.compare(boundary) < 0

    @cached_property
    def attained(self) -> bool:
        """Whether the rate is that of some place."""
        return any(place.attained for place in self.least.places)

    @property
    def pace(self) -> Pace | None:
        """How long errors take there; `None` where they are gone after some steps, or do not shrink."""
        if not self.value or not self.is_stable or self.units.of(self.z) != 1:
            return None
        return pace_of(self._ball, self.region)

    def _ball(self, bits: int) -> acb:
        """The least rate to so many bits."""
        number = self.least.level
        if number is not None and self.least.bracket is None:
            return acb(number.ball(bits))
        high = self.least.bracket[1] if self.least.bracket else Fraction(0)
        return acb(arb(fmpq(*high.as_integer_ratio())))

    def at(self, place: Place) -> list[tuple[str, Stretch]]:
        """Where each name lies, in the order in which they were asked for; units are left out."""
        return [(name, place.at[name]) for name in self.names if name in place.at]

    def end(self, number: AlgebraicNumber, name: str) -> sp.Expr:
        """A value of a hyperparameter."""
        return self.units.restored(written(number), name)

    def to_dict(self) -> dict[str, Any]:
        """As plain data for JSON; numbers as SymPy reads them, with the nearest float."""
        return {
            "schema": SCHEMA,
            "question": self.question,
            "over": list(self.names),
            "rate": self.region.rate_name,
            "least": None if self.least.level is None else self._number(self.least.level, self.z),
            "bracket": None if self.least.bracket is None else list(map(float, self.least.bracket)),
            "stable": self.is_stable,
            "places": [self._place(place) for place in self.least.places],
            "pace": None if self.pace is None else self.pace._asdict(),
            "proved": self._proved,
        }

    @property
    def _proved(self) -> str:
        return "bracket" if self.least.bracket else "+".join(filter(None, ("exactly", self.bracket)))

    def _place(self, place: Place) -> dict[str, Any]:
        at = {name: self._stretch(stretch, name) for name, stretch in self.at(place)}
        return {"at": at, "attained": place.attained}

    def _stretch(self, stretch: Stretch, name: str) -> dict[str, Any]:
        low, high = (None if end is None else self._number(end, name) for end in (stretch.low, stretch.high))
        more = {"enclosure": True} if stretch.is_enclosure else {}
        return {"low": low, "high": high, "to_infinity": stretch.escapes, **more}

    def _number(self, number: AlgebraicNumber, name: str) -> dict[str, Any]:
        value = number.value if self.units.of(name) == 1 else None
        return {"exact": code(self.end(number, name)), "value": value}


def written(number: AlgebraicNumber) -> sp.Expr:
    """A number with square roots where it has such a form, else as a `Root`."""
    halved = number.coefficients[::2]
    if number.degree == 4 and not any(number.coefficients[1::2]):
        squares = (AlgebraicNumber(halved, k).expression for k in (0, 1))
        roots = [sign * sp.sqrt(square) for square in squares for sign in (1, -1) if square >= 0]
        return min(roots, key=lambda e: abs(float(e) - number.value))
    return number.expression


def optimum(
    result: Analysis, names: Sequence[str] = (), solver: Solver | None = None, limits: Limits = USUAL
) -> Optimum:
    """Where the rate of a result is least.

    Args:
        result: an analysis.
        names: open ones that are chosen for it; all others must have values, or be units of them. By default
            all open hyperparameters that the eigenvalues depend on.
        solver: that is asked, too, whether there is a smaller rate.
        limits: of one question to the solver.

    Raises:
        BadInput: for a name that is not open, and if another one has no value.
        Undecidable: if no eigenvalues are known, or that takes too long.
    """
    point = _point(result)
    domains = {symbol(name, row).name: row.domain for name, row in result.names.items()}
    cleared = [factor.cleared for factor in point.stabilising]
    names = names or list(_open_names(result, domains, [p for p, _ in cleared]))
    _confirm_open(names, domains, result)
    letters = {name: e for _, own in cleared for name, e in own.items()}
    _confirm_independent(letters)
    z = point.stabilising[0].variable.name
    units, kept = _units(tuple(p for p, _ in cleared), letters, domains, z, names)
    factors = tuple(units.scaling.reduced(p) for p, _ in cleared)
    _confirm_known(factors, [*names, z], letters)
    fixed = [name for name in names if not any(name in p.names for p in factors)]
    if idle := [name for name in fixed if name not in units.scaling.ones]:
        raise BadInput(f"no eigenvalue depends on {idle[0]}; leave it out")
    ordered = sorted((n for n in names if n not in fixed), key=lambda n: -_degree(factors, n))
    rates = Rates(factors, z, Frozen({n: kept[n] for n in ordered}), result.region)
    answer = least(rates)
    asked = Optimum(question(result), Frozen(result.names), tuple(names), result.operator, answer, units, z)
    return asked if solver is None else _bracketed(asked, rates, solver, limits)


def _point(result: Analysis) -> Point:
    point = result.here.point
    if isinstance(point, StabcheckError):
        raise Undecidable(f"no eigenvalues are known: {point}")
    if not point.stabilising:
        raise Undecidable("there is no eigenvalue that could be smaller")
    return point


def _open_names(
    result: Analysis, domains: Mapping[str, Domain], factors: Sequence[Polynomial]
) -> Iterator[str]:
    """The open hyperparameters that occur, without slopes of the loss, which nobody chooses."""
    slopes = {s.name for s in result.model.germ_symbols}
    used = {name for p in factors for name in p.names}
    return (name for name in domains if name in used and name not in slopes)


def _confirm_open(names: Sequence[str], domains: Mapping[str, Domain], result: Analysis) -> None:
    for name in names:
        if name not in domains or name in result.values:
            still = [n for n in domains if n not in result.values]
            which = f"; choose from {', '.join(still)}" if still else ""
            raise BadInput(f"'{name[:40]}' is no open name{which}")
    if not names:
        raise BadInput("no name is open; leave one without a value")


def _confirm_independent(letters: Meanings) -> None:
    """Raises:
    Undecidable: for a letter that is made of others, and neither moves nor is measured on its own.
    """
    for e in letters.values():
        if e.free_symbols and not e.is_Symbol:
            raise Undecidable(f"the eigenvalues have {terminal(e)}, of which they are no polynomial")


def _units(
    factors: Sequence[Polynomial],
    letters: Meanings,
    domains: Mapping[str, Domain],
    z: str,
    names: Sequence[str],
) -> tuple[Units, Mapping[str, Domain]]:
    """What of all letters can be set to 1, and where the others lie."""
    known = {name: domains.get(name) or _assumed(e) for name, e in letters.items() if name != z}
    kept, sizes = sized({**known, z: REAL}, factors, [*names, z])
    scaling = _free(Scaling.of(factors, kept, [*names, z]), names, z)
    return Units(scaling, letters, sizes), kept


def _free(scaling: Scaling, names: Sequence[str], z: str) -> Scaling:
    """The same with one of the names chosen over at least, and none in which rates are measured."""
    for name, weight in zip(scaling.ones, scaling.weights.get(z, ()), strict=False):
        if weight and name in names:
            scaling = scaling.without(name)
    return scaling.without(names[0]) if set(names) <= set(scaling.ones) else scaling


def _assumed(e: sp.Expr) -> Domain:
    """Of what is no name: that it is positive, or anything."""
    return POSITIVE if e.is_positive else REAL


def _confirm_known(factors: Sequence[Polynomial], names: Sequence[str], letters: Meanings) -> None:
    """Raises:
    BadInput: if another letter occurs.
    """
    others = sorted({n for p in factors for n in p.names} - {*names})
    if not others:
        return
    if all(letters[n].is_Symbol for n in others):
        which = " and ".join(others)
        raise BadInput(f"the optimum depends on {which}, too; give values, or choose over them with --over")
    raise Undecidable("the eigenvalues depend on numbers that are not rational")


def _degree(factors: Sequence[Polynomial], name: str) -> int:
    return max(len(p.coefficients(name)) for p in factors)


def _bracketed(asked: Optimum, rates: Rates, solver: Solver, limits: Limits) -> Optimum:
    """The same with what a solver says of smaller rates."""
    number = asked.least.level
    if number is None or (isinstance(asked.region, Disc) and number.value <= MARGIN):
        return asked
    below = Fraction(number.value).limit_denominator(10**12) - MARGIN
    region = Disc(below) if isinstance(asked.region, Disc) else HalfPlane(below)
    symbols = {name: sp.Symbol(name, real=True) for name in (*rates.names, asked.z)}
    rows = [Condition.of(c) for p in rates.factors for c in _conditions(p, symbols, asked.z, region)]
    smaller = Region.of(rows, rates.domains)
    possible = Prover(smaller, solver, limits).possible(smaller.inside)
    if possible:
        raise Undecidable(f"the solver {solver.name} finds a smaller rate: this is a fault, please report it")
    return asked if possible is None else replace(asked, bracket=solver.name)


def _conditions(
    p: Polynomial, symbols: Mapping[str, sp.Symbol], z: str, region: StabilityRegion
) -> Iterator[sp.Expr]:
    row = [expression(c, symbols) for c in p.coefficients(z)]
    monic = Factor(tuple(c / row[0] for c in row), 1, symbols[z])
    yield from conditions(monic, region=region)
