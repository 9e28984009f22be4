"""What a claim speaks of: an operator at rest, in the names that are open there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import sympy as sp

from stabcheck.core.domain import Domain
from stabcheck.core.errors import BadInput, StabcheckError
from stabcheck.core.frozen import Frozen
from stabcheck.core.stability import StabilityRegion
from stabcheck.judge.analysis import Analysis
from stabcheck.judge.general import General
from stabcheck.judge.region import assumed
from stabcheck.judge.resting import linearised
from stabcheck.judge.summary import question
from stabcheck.symbolic.manifold import across
from stabcheck.symbolic.ops import symbol
from stabcheck.symbolic.settling import Bounds
from stabcheck.symbolic.spectrum import Factor
from stabcheck.symbolic.update import Point


@dataclass(frozen=True)
class Subject:
    """An operator to first order at rest.

    Attributes:
        question: what was asked, in one line.
        every_loss: whether the slopes of the loss are letters, too.
        factors: of the characteristic polynomial: those whose roots must lie inside.
        region: where they then lie.
        dimension: of the manifold of rest points that is there at all values.
        conditions: what is positive exactly there.
        domains: of the open names.
        values: the rational numbers that other names have.
        chosen: all numbers that were given for names.
        general: what holds at all values, for every loss.
    """

    question: str
    every_loss: bool
    factors: tuple[Factor, ...]
    region: StabilityRegion
    dimension: int
    conditions: tuple[sp.Expr, ...]
    domains: Mapping[str, Domain]
    values: Mapping[str, Fraction]
    chosen: Mapping[str, sp.Expr]
    general: General = field(repr=False)

    @property
    def bounds(self) -> Bounds:
        """`1 - s` for symbols below 1, with an `s` whose sign is known."""
        return self.general.bounds

    def factors_at(self, values: Mapping[str, sp.Expr]) -> tuple[Factor, ...]:
        """The factors at numbers for all open names, derived there and not substituted.

        Where more rest points lie beside this one than at other values, their eigenvalues count: they are on
        the boundary.

        Raises:
            StabcheckError: if there is no linearisation.
        """
        point = self._point(values)
        if len(point.along) == self.dimension:
            return point.stabilising
        return (*across(point.players, self.dimension, region=self.region), *point.memory)

    def is_continuum(self, values: Mapping[str, sp.Expr]) -> bool:
        """Whether at numbers for all open names more rest points lie beside this one than at other values.

        Raises:
            StabcheckError: if there is no linearisation.
        """
        return len(self._point(values).along) > self.dimension

    def _point(self, values: Mapping[str, sp.Expr]) -> Point:
        model, chosen = self.general.model, {**self.chosen, **values}
        slopes = model.germ_values(chosen)
        return Point.of(linearised(model, self.general.operator, {**slopes, **chosen}))

    @classmethod
    def of(cls, result: Analysis, names: Iterable[str], *, chosen_loss: bool = False) -> Subject:
        """What a claim with these names is about: every loss, where it names a slope and no loss is chosen.

        Args:
            result: an analysis.
            names: those of the claim.
            chosen_loss: whether the loss of the analysis is meant, also by a claim that names a slope.

        Raises:
            BadInput: if no conditions are known.
            StabcheckError: if there is no linearisation.
        """
        slopes = {s.name for s in result.model.germ_symbols}
        if slopes & {*names} and not chosen_loss:
            return cls._of_every_loss(result, slopes)
        here = result.here
        if isinstance(here.point, StabcheckError):
            raise here.point
        numbers = {**here.germ, **here.values}
        return cls._at(result, here.point, numbers, {})

    @classmethod
    def _of_every_loss(cls, result: Analysis, slopes: Iterable[str]) -> Subject:
        values = {name: e for name, e in result.here.values.items() if name not in slopes}
        general = result.here.general
        point = Point.of(linearised(general.model, general.operator, values))
        domains = {s.name: assumed(s) for s in general.model.germ_symbols if s.name not in values}
        return cls._at(result, point, values, domains)

    @classmethod
    def _at(
        cls, result: Analysis, point: Point, numbers: Mapping[str, sp.Expr], slopes: Mapping[str, Domain]
    ) -> Subject:
        general = result.here.general
        conditions = general.conditions_of(point.stabilising)
        if conditions is None:
            raise BadInput("the conditions for stability are too long to write; give values for some names")
        values = {n: Fraction(int(e.p), int(e.q)) for n, e in numbers.items() if isinstance(e, sp.Rational)}
        given = {name for name, e in numbers.items() if e.is_number}
        return cls(
            question(result),
            bool(slopes),
            point.stabilising,
            result.region,
            len(point.along),
            tuple(c.expression for c in conditions),
            Frozen({**_open(general, given), **slopes}),
            Frozen(values),
            result.values,
            general,
        )


def _open(general: General, given: Collection[str]) -> dict[str, Domain]:
    """The names without a number; a count is never one."""
    names = {symbol(name, row).name: row for name, row in general.names.items() if name not in given}
    return {name: row.domain for name, row in names.items() if not row.domain.whole}
