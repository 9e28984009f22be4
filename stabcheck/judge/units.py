"""What hyperparameters are measured in, where formulas are homogeneous, and how results are written then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import sympy as sp

from stabcheck.symbolic.polynomials import Meanings, rational
from stabcheck.symbolic.scaling import Scaling


@dataclass(frozen=True)
class Units:
    """The units that a scaling leaves, as expressions.

    Attributes:
        scaling: the letters that are 1 in it are the units of all others.
        letters: what the letters stand for.
        sizes: the letters of which only the size counts.
    """

    scaling: Scaling
    letters: Meanings
    sizes: frozenset[str] = frozenset()

    @cached_property
    def _positive(self) -> Mapping[str, sp.Expr]:
        """The letters, those of which only the size counts as positive symbols."""
        dummies = {name: sp.Dummy(name, positive=True) for name in sorted(self.sizes)}
        return {**self.letters, **dummies}

    def letter(self, name: str) -> sp.Expr:
        """A letter, a positive symbol where only its size counts."""
        return self._positive[name]

    def positive(self, e: sp.Expr) -> sp.Expr:
        """An expression of the letters with positive symbols for sizes, for what is computed with roots."""
        return e.xreplace({self.letters[name]: self._positive[name] for name in self.sizes})

    def shown(self, e: sp.Expr) -> sp.Expr:
        """The same with `|x|` for sizes."""
        return e.xreplace({self._positive[name]: sp.Abs(self.letters[name]) for name in self.sizes})

    def of(self, name: str) -> sp.Expr:
        """What a letter is measured in, a product of powers; 1 where there is nothing."""
        weights = self.scaling.weights.get(name, ())
        powers = zip(self.scaling.ones, weights, strict=bool(weights))
        return sp.Mul(*(self._positive[one] ** rational(weight) for one, weight in powers))

    def restored(self, number: sp.Expr, name: str) -> sp.Expr:
        """A value of a letter in units, as it is without them, with `|x|` for sizes."""
        return self.shown(number * self.of(name))
