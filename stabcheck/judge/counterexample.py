"""Points at which a claim fails: looked for in floats, or told by a solver, and decided in exact numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
import sympy as sp

from stabcheck.core.errors import StabcheckError
from stabcheck.core.formula import Formula
from stabcheck.declare.claim.statements import Statement
from stabcheck.judge.asserting import Assertions
from stabcheck.judge.encoding import Encoded
from stabcheck.judge.pointwise import decided
from stabcheck.judge.sampling import Cloud
from stabcheck.judge.subject import Subject
from stabcheck.symbolic.polynomials import rational

Values = Mapping[str, Fraction]
LONGEST = 10
"""Denominators of counterexamples are at most `2^9` where they can be."""
MOST_LOOKED_AT = 6
"""Of the points of a cloud at which floats say that a claim fails."""


@dataclass(frozen=True)
class Counterexample:
    """Values at which a claim fails.

    Attributes:
        values: numbers for the open names.
        solver: that told them; empty where points at random did.
        confirmed: whether exact arithmetic decided that, too.
    """

    values: Mapping[str, sp.Expr]
    solver: str
    confirmed: bool


@dataclass(frozen=True)
class Points:
    """Where statements about a subject hold, among many points.

    Attributes:
        subject: what claims are about.
        encoded: one of them.
    """

    subject: Subject
    encoded: Encoded

    @cached_property
    def _clouds(self) -> tuple[tuple[Cloud, Mapping[str, np.ndarray]], ...]:
        """Clouds, each with floats for all letters; none where a letter stands for more than a symbol."""
        criterion = self.encoded.criterion
        others = {name: e for name, e in criterion.letters.items() if not isinstance(e, sp.Symbol)}
        if any(e.free_symbols for e in others.values()):
            return ()
        numbers = {name: np.array(float(e)) for name, e in others.items()}
        drawn = {n: d for n, d in criterion.domains.items() if n in self.needed - {*others}}
        clouds = (Cloud.simple(drawn), self._scaled(Cloud.of(drawn)))
        return tuple((cloud, self.encoded.columns({**cloud.columns, **numbers})) for cloud in clouds)

    def _scaled(self, cloud: Cloud) -> Cloud:
        """The cloud with 1 for the letters that scaling sets to 1: fewer numbers are left."""
        ones = Assertions.of(self.encoded.meaning.fails, self.encoded).ones
        columns = {n: np.ones(cloud.count) if n in ones else column for n, column in cloud.columns.items()}
        return Cloud(columns, cloud.count)

    @cached_property
    def needed(self) -> frozenset[str]:
        """The names on which anything depends."""
        letters = self.encoded.criterion.letters.values()
        symbols = {s.name for e in letters for s in e.free_symbols}
        return frozenset(symbols | self.encoded.names)

    def where(self, formula: Formula, claim: Statement, *, holds: bool) -> dict[str, sp.Expr] | None:
        """A point at which a claim holds, or fails; `None` where none is seen.

        Args:
            formula: that it does so, for floats.
            claim: what is decided.
            holds: which of the two.
        """
        for point in self._likely(formula):
            if self._is(claim, point, holds=holds):
                return self._shown(self._shortened(claim, point, holds=holds))
        return None

    def _is(self, claim: Statement, point: Values, *, holds: bool) -> bool:
        try:
            return decided(claim, self.subject, self.numbers(point)) is holds
        except StabcheckError:
            return False

    def _shortened(self, claim: Statement, point: Values, *, holds: bool) -> Values:
        """The shortest of the points nearby that do as well."""
        for power in range(LONGEST):
            short = {name: q.limit_denominator(2**power) for name, q in point.items()}
            domains = self.encoded.criterion.domains
            inside = all(domains[name].contains(q) for name, q in short.items())
            if inside and self._is(claim, short, holds=holds):
                return short
        return point

    def numbers(self, point: Values) -> dict[str, sp.Expr]:
        """The values of all open names, of those on which nothing depends typical ones."""
        return {name: rational(point.get(name, d.typical)) for name, d in self.subject.domains.items()}

    def _shown(self, point: Values) -> dict[str, sp.Expr]:
        return {name: rational(q) for name, q in point.items() if name in self.subject.domains}

    def _likely(self, formula: Formula) -> Iterator[Values]:
        for cloud, columns in self._clouds:
            with np.errstate(all="ignore"):
                truth = formula.truth(lambda p, at=columns: np.sign(p.at(at, float)))
            for k in np.flatnonzero(np.broadcast_to(truth, cloud.count))[:MOST_LOOKED_AT]:
                yield cloud.point(int(k))
