"""Claims at one point, in exact numbers: terms as they are written, stability by the eigenvalues there.

Nothing here is shared with how solvers are asked: the operator is linearised anew at the point, and no
condition of Routh, Hurwitz, Schur or Cohn is used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import sympy as sp

from stabcheck.core.errors import Undecidable
from stabcheck.core.stability import Disc, StabilityRegion
from stabcheck.declare.claim.algebra import Algebra, Kind, Relation
from stabcheck.declare.claim.statements import Statement
from stabcheck.judge.subject import Subject
from stabcheck.symbolic.closure import resized, standard
from stabcheck.symbolic.exact import eigenvalues
from stabcheck.symbolic.polynomials import rational
from stabcheck.symbolic.spectrum import Factor
from stabcheck.symbolic.zero import sign

Number = sp.Expr | None
"""`None` of what divides by 0 or takes the root of less than 0."""
Truth = bool | None
"""`None` of what depends on such a number."""
KINDS = {-1: Kind.STABLE, 0: Kind.NEUTRAL, 1: Kind.UNSTABLE}
"""By the sign of the rate less its level."""


def decided(claim: Statement, subject: Subject, values: Mapping[str, sp.Expr]) -> Truth:
    """Whether a claim holds at a point; `None` where what decides it has no value there.

    Args:
        claim: in names that have values.
        subject: what it is about.
        values: real numbers for the open names.

    Raises:
        Undecidable: if a sign cannot be told.
        StabcheckError: if the operator cannot be linearised there.
    """
    return claim.at(_There(subject, values))


@dataclass(frozen=True)
class _There(Algebra[Number, Truth]):
    """Numbers of terms, and truths of statements."""

    subject: Subject
    values: Mapping[str, sp.Expr]

    @cached_property
    def _factors(self) -> tuple[Factor, ...]:
        return self.subject.factors_at(self.values)

    # Terms

    def number(self, value: Fraction) -> sp.Expr:
        return rational(value)

    def letter(self, name: str) -> sp.Expr:
        if name in self.values:
            return self.values[name]
        return rational(self.subject.values[name])

    def minus(self, of: Number) -> Number:
        return None if of is None else -of

    def plus(self, left: Number, right: Number) -> Number:
        return None if left is None or right is None else left + right

    def less(self, left: Number, right: Number) -> Number:
        return self.plus(left, self.minus(right))

    def times(self, left: Number, right: Number) -> Number:
        return None if left is None or right is None else left * right

    def over(self, left: Number, right: Number) -> Number:
        return self.times(left, self.power(right, -1))

    def power(self, base: Number, exponent: int) -> Number:
        if base is None or (exponent < 0 and _sign(base) == 0):
            return None
        return base**exponent

    def root(self, of: Number) -> Number:
        return None if of is None or _sign(of) < 0 else sp.sqrt(of)

    def size(self, of: Number) -> Number:
        return None if of is None else of * (_sign(of) or 1)

    # Statements

    def kind(self, kind: Kind) -> bool:
        return KINDS[self._rate_less(rational(self.subject.region.level))] is kind

    def rate(self, relation: Relation, bound: Number) -> Truth:
        return None if bound is None else self._rate_less(bound) in relation.signs

    def compared(self, left: Number, relation: Relation, right: Number) -> Truth:
        difference = self.less(left, right)
        return None if difference is None else _sign(difference) in relation.signs

    def contrary(self, of: Truth) -> Truth:
        return None if of is None else not of

    def every(self, several: Sequence[Truth]) -> Truth:
        return False if False in several else None if None in several else True

    def some(self, several: Sequence[Truth]) -> Truth:
        return True if True in several else None if None in several else False

    def implies(self, premise: Truth, conclusion: Truth) -> Truth:
        return self.some([self.contrary(premise), conclusion])

    def same(self, left: Truth, right: Truth) -> Truth:
        return None if left is None or right is None else left is right

    # Rates

    def _rate_less(self, bound: sp.Expr) -> int:
        """The sign of the spectral radius or abscissa less a number."""
        region = self.subject.region
        if isinstance(region, Disc) and (below := _sign(bound)) <= 0:
            return 1 if below < 0 or any(map(_is_not_zero, self._lower)) else 0
        return _outermost([resized(factor, bound, region) for factor in self._factors], standard(region))

    @property
    def _lower(self) -> list[sp.Expr]:
        """The coefficients that all vanish where every eigenvalue is 0."""
        return [c for factor in self._factors for c in factor.coefficients[1:]]


def _outermost(factors: Sequence[Factor], region: StabilityRegion) -> int:
    places = {e.place for e in eigenvalues([*map(_monic, factors)], region=region)}
    if "outside" in places:
        return 1
    if "unknown" in places:
        raise Undecidable("an eigenvalue is too close to the boundary to be told from it")
    return 0 if "boundary" in places else -1


def _monic(factor: Factor) -> Factor:
    lead, *_ = factor.coefficients
    return Factor(tuple(c / lead for c in factor.coefficients), factor.multiplicity, factor.variable)


def _is_not_zero(number: sp.Expr) -> bool:
    return _sign(number) != 0


def _sign(number: sp.Expr) -> int:
    told = sign(number)
    if told is None:
        raise Undecidable(f"the sign of {str(number)[:60]} is not decided")
    return told
