"""Claims as signs of polynomials: what solvers are asked, and what is looked at in floats."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import count
from typing import Any

import numpy as np
import sympy as sp

from stabcheck.core.domain import Domain
from stabcheck.core.formula import FALSE, SIGNS, Every, Formula, Same, Sign, Some
from stabcheck.core.polynomial import Polynomial
from stabcheck.core.stability import Disc
from stabcheck.declare.claim.algebra import Algebra, Kind, Relation
from stabcheck.declare.claim.statements import Implies, Statement
from stabcheck.judge.criterion import Criterion
from stabcheck.judge.ratio import Definition, Ratio, RootOf, SizeOf, ValueOf
from stabcheck.judge.subject import Subject
from stabcheck.symbolic.polynomials import rational


@dataclass(frozen=True)
class Meaning:
    """Where a statement holds and where it fails; where a term in it is not defined it may do neither."""

    holds: Formula
    fails: Formula

    @classmethod
    def total(cls, holds: Formula) -> Meaning:
        """Of a statement that is defined everywhere."""
        return cls(holds, ~holds)

    @property
    def is_total(self) -> bool:
        """Whether it is defined everywhere, as far as its form tells."""
        return self.fails == ~self.holds

    @property
    def contrary(self) -> Meaning:
        """`not a`."""
        return Meaning(self.fails, self.holds)


@dataclass(frozen=True)
class Encoded:
    """A claim about a subject as signs of polynomials.

    Attributes:
        criterion: how stability is written down.
        meaning: where it holds.
        premise: where what it supposes holds; all of it if it supposes nothing.
        definitions: of the letters that it needs besides, in an order in which each is made of those before.
    """

    criterion: Criterion
    meaning: Meaning
    premise: Formula
    definitions: tuple[Definition, ...]

    @property
    def domains(self) -> dict[str, Domain]:
        """Where all letters lie."""
        return {**self.criterion.domains, **{one.letter: one.domain for one in self.definitions}}

    @property
    def facts(self) -> tuple[Formula, ...]:
        """What is known of them besides."""
        return (*self.criterion.facts, *(definition.known for definition in self.definitions))

    @property
    def names(self) -> frozenset[str]:
        """The letters of all that is said."""
        spoken = (self.meaning.holds, self.premise, *self.facts)
        return frozenset[str]().union(*(one.names for one in spoken))

    def columns(self, values: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Floats for all letters from those of the vocabulary."""
        columns = dict(values)
        with np.errstate(all="ignore"):
            for one in self.definitions:
                value = one.of.top.at(columns, float) / one.of.bottom.at(columns, float)
                columns[one.letter] = one.near(np.asarray(value))
        return columns


def encoded(claim: Statement, subject: Subject, criterion: Criterion) -> Encoded:
    """A claim about a subject.

    Raises:
        BadInput: for a term that is too long.
        Undecidable: if a rate is too long to be compared.
    """
    encoder = _Encoder(subject, criterion)
    meaning = claim.at(encoder)
    premise = Every(tuple(one.at(encoder).holds for one in premises(claim)))
    return Encoded(criterion, meaning, premise, tuple(encoder.definitions.values()))


def premises(claim: Statement) -> Iterator[Statement]:
    """What a claim supposes: `a` and `b` of `a implies (b implies c)`."""
    while isinstance(claim, Implies):
        yield claim.premise
        claim = claim.conclusion


@dataclass
class _Encoder(Algebra[Ratio, Meaning]):
    """Makes ratios of terms and formulas of statements, and collects what letters they need."""

    subject: Subject
    criterion: Criterion
    definitions: dict[tuple[Any, ...], Definition] = field(default_factory=dict)

    # Terms

    def number(self, value: Fraction) -> Ratio:
        return Ratio.number(value)

    def letter(self, name: str) -> Ratio:
        if name in self.subject.values:
            return Ratio.number(self.subject.values[name])
        return Ratio(Polynomial.letter(name))

    def minus(self, of: Ratio) -> Ratio:
        return -of

    def plus(self, left: Ratio, right: Ratio) -> Ratio:
        return left + right

    def less(self, left: Ratio, right: Ratio) -> Ratio:
        return left - right

    def times(self, left: Ratio, right: Ratio) -> Ratio:
        return left * right

    def over(self, left: Ratio, right: Ratio) -> Ratio:
        return left * right.inverse

    def power(self, base: Ratio, exponent: int) -> Ratio:
        return base**exponent

    def root(self, of: Ratio) -> Ratio:
        return replace(self._named(RootOf, "s", of), defined=(*of.defined, of.sign(0, 1)))

    def size(self, of: Ratio) -> Ratio:
        return replace(self._named(SizeOf, "a", of), defined=of.defined)

    def _named(self, kind: type[Definition], stem: str, of: Ratio) -> Ratio:
        """A letter of its own, the same for the same."""
        key = (kind, of.top, of.bottom)
        if key not in self.definitions:
            self.definitions[key] = kind(self._free(stem), of)
        return Ratio(Polynomial.letter(self.definitions[key].letter))

    def _free(self, stem: str) -> str:
        taken = {*self.criterion.domains, *(one.letter for one in self.definitions.values())}
        return next(name for k in count(1) if (name := f"{stem}{k}") not in taken)

    # Statements

    def kind(self, kind: Kind) -> Meaning:
        if kind is Kind.STABLE:
            return Meaning.total(self.criterion.stable)
        beyond = self.criterion.none_beyond(rational(self.subject.region.level))
        return Meaning.total(~beyond if kind is Kind.UNSTABLE else beyond & ~self.criterion.stable)

    def compared(self, left: Ratio, relation: Relation, right: Ratio) -> Meaning:
        difference, signs = left - right, relation.signs
        return _where(difference.defined, difference.sign(*signs), difference.sign(*(SIGNS - signs)))

    def contrary(self, of: Meaning) -> Meaning:
        return of.contrary

    def every(self, several: Sequence[Meaning]) -> Meaning:
        holds = Every(tuple(one.holds for one in several))
        if all(one.is_total for one in several):
            return Meaning.total(holds)
        return Meaning(holds, Some(tuple(one.fails for one in several)))

    def some(self, several: Sequence[Meaning]) -> Meaning:
        return self.every([one.contrary for one in several]).contrary

    def implies(self, premise: Meaning, conclusion: Meaning) -> Meaning:
        return self.some([premise.contrary, conclusion])

    def same(self, left: Meaning, right: Meaning) -> Meaning:
        if left.is_total and right.is_total:
            return Meaning.total(Same(left.holds, right.holds))
        return Meaning(
            (left.holds & right.holds) | (left.fails & right.fails),
            (left.holds & right.fails) | (left.fails & right.holds),
        )

    def rate(self, relation: Relation, bound: Ratio) -> Meaning:
        """`rate < r` where all roots lie inside of `r`, `rate > r` where one lies beyond, and so on."""
        negated = 1 in relation.signs
        wanted = SIGNS - relation.signs if negated else relation.signs
        formula = self._at_most(bound) if 0 in wanted else self._below(bound)
        if wanted == {0}:
            formula = formula & ~self._below(bound)
        return _where(bound.defined, *((~formula, formula) if negated else (formula, ~formula)))

    def _below(self, bound: Ratio) -> Formula:
        return self._sized(bound, self.criterion.inside, FALSE)

    def _at_most(self, bound: Ratio) -> Formula:
        return self._sized(bound, self.criterion.none_beyond, self.criterion.nilpotent)

    def _sized(self, bound: Ratio, ask: Callable[[sp.Expr], Formula], at_zero: Formula) -> Formula:
        """What is asked of a size, where a radius of a map may be any number; `at_zero` for that of 0."""
        number, disc = bound.value, isinstance(self.subject.region, Disc)
        if number is not None:
            return ask(rational(number)) if number > 0 or not disc else FALSE if number else at_zero
        letter = self._letter_for(bound)
        if not disc:
            return ask(sp.Symbol(letter, real=True))
        sized = ask(sp.Symbol(letter, positive=True)) & Sign.of(Polynomial.letter(letter), 1)
        return sized if at_zero == FALSE else sized | (at_zero & Sign.of(Polynomial.letter(letter), 0))

    def _letter_for(self, bound: Ratio) -> str:
        return self._named(ValueOf, "r", bound).top.names[0]


def _where(defined: Sequence[Formula], holds: Formula, fails: Formula) -> Meaning:
    if not defined:
        return Meaning(holds, fails)
    return Meaning(Every((*defined, holds)), Every((*defined, fails)))
