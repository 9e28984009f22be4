"""Stable, unstable and neutral as signs of polynomials."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import sympy as sp

from stabcheck.core.domain import Domain
from stabcheck.core.errors import Undecidable
from stabcheck.core.formula import FALSE, TRUE, Every, Formula, Sign
from stabcheck.core.frozen import Frozen
from stabcheck.judge.region import assumed, ties_of
from stabcheck.judge.subject import Subject
from stabcheck.symbolic.closure import Ladder, inside, none_beyond
from stabcheck.symbolic.condition import Condition
from stabcheck.symbolic.polynomials import Meanings, expression, meanings, polynomial
from stabcheck.symbolic.region import reduced
from stabcheck.symbolic.settling import settled_sign
from stabcheck.symbolic.spectrum import Factor


@dataclass(frozen=True)
class Vocabulary:
    """The letters in which a subject is written.

    Attributes:
        letters: what they stand for: symbols of their names mostly, numbers that are not rational.
        domains: where they lie, and the open names that do not occur.
        ties: what else is known of them, and where the operator is defined.
    """

    letters: Meanings
    domains: Mapping[str, Domain]
    ties: tuple[Formula, ...]

    @classmethod
    def of(cls, subject: Subject) -> Vocabulary:
        """That of all that is said of a subject."""
        cleared = [factor.cleared for factor in subject.factors]
        written = [expression(p, letters) for p, letters in cleared]
        variables = {factor.variable for factor in subject.factors}
        letters = {
            name: e
            for name, e in meanings(*written, *subject.conditions).items()
            if e not in variables
        }  # fmt: skip
        domains = {name: subject.domains.get(name) or assumed(e) for name, e in letters.items()}
        ties = [tie for name, e in letters.items() for tie in ties_of(name, e, letters)]
        return cls(Frozen(letters), Frozen({**subject.domains, **domains}), (*ties, *_defined(subject)))

    def sign(self, written: sp.Expr, more: Meanings, *among: int) -> Sign:
        """That the sign of an expression is among some.

        Args:
            written: a product.
            more: letters that are not of this vocabulary, with what they stand for.
            among: of -1, 0 and 1.

        Raises:
            Undecidable: for an expression in other letters.
        """
        known = {**self.letters, **more}
        try:
            factors = tuple((polynomial(base, known), power) for base, power in Condition.of(written).bases)
        except KeyError as other:
            raise Undecidable(f"what tells stability is no polynomial in the names: {other}") from None
        return Sign(factors, frozenset(among))


def _defined(subject: Subject) -> Iterator[Formula]:
    """That no denominator is 0."""
    for factor in subject.factors:
        cleared, letters = factor.cleared
        below = cleared.coefficients(factor.variable.name)[0]
        if not settled_sign(expression(below, letters), subject.bounds):
            yield Sign.of(below, -1, 1)


class Criterion(ABC):
    """How stability is written down."""

    name: str

    @property
    @abstractmethod
    def domains(self) -> Mapping[str, Domain]:
        """The letters with what they may be."""

    @property
    @abstractmethod
    def letters(self) -> Meanings:
        """What they stand for, those that occur."""

    @property
    @abstractmethod
    def facts(self) -> tuple[Formula, ...]:
        """What is true at all values: of letters that stand for others that there are such."""

    @property
    @abstractmethod
    def stable(self) -> Formula:
        """Every root is inside."""

    @abstractmethod
    def inside(self, size: sp.Expr) -> Formula:
        """Every root is inside of a size, which is a number or a letter's symbol."""

    @abstractmethod
    def none_beyond(self, size: sp.Expr) -> Formula:
        """No root is beyond a size."""

    @property
    @abstractmethod
    def nilpotent(self) -> Formula:
        """Every root is 0."""


@dataclass(frozen=True)
class Routh(Criterion):
    """By the conditions of Routh, Hurwitz, Schur and Cohn."""

    subject: Subject
    name: str = "conditions"

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The letters of the subject."""
        return Vocabulary.of(self.subject)

    @property
    def domains(self) -> Mapping[str, Domain]:
        return self.vocabulary.domains

    @property
    def letters(self) -> Meanings:
        return self.vocabulary.letters

    @property
    def facts(self) -> tuple[Formula, ...]:
        return self.vocabulary.ties

    @property
    def stable(self) -> Formula:
        return Every(tuple(self.vocabulary.sign(c, {}, 1) for c in self.subject.conditions))

    def inside(self, size: sp.Expr) -> Formula:
        if size == sp.Rational(*self.subject.region.level.as_integer_ratio()):
            return self.stable
        return Every(tuple(s for factor in self.subject.factors for s in self._inside(factor, size)))

    def _inside(self, factor: Factor, size: sp.Expr) -> Iterator[Formula]:
        rows = inside(factor, size, self.subject.bounds, region=self.subject.region)
        return (self.vocabulary.sign(row, _named(size), 1) for row in rows if row != 1)

    @property
    def nilpotent(self) -> Formula:
        lower = (c for factor in self.subject.factors for c in factor.coefficients[1:])
        return Every(tuple(self.vocabulary.sign(reduced(c, self.subject.bounds), {}, 0) for c in lower))

    def none_beyond(self, size: sp.Expr) -> Formula:
        return Every(tuple(s for factor in self.subject.factors for s in self._none_beyond(factor, size)))

    def _none_beyond(self, factor: Factor, size: sp.Expr) -> Iterator[Formula]:
        ladders = none_beyond(factor, size, self.subject.bounds, region=self.subject.region)
        return (self._first_positive(ladder, _named(size)) for ladder in ladders)

    def _first_positive(self, ladder: Ladder, more: Meanings) -> Formula:
        """Of the numbers of a ladder the first that is not 0 is positive."""
        holds: Formula = FALSE
        for rung in reversed(ladder):
            if rung.is_number:
                holds = TRUE if rung > 0 else FALSE
                continue
            zero = self.vocabulary.sign(rung, more, 0)
            positive = self.vocabulary.sign(rung, more, 1)
            holds = positive if holds == FALSE else positive | (zero & holds)
        return holds


def _named(size: sp.Expr) -> Meanings:
    return {size.name: size} if isinstance(size, sp.Symbol) else {}
