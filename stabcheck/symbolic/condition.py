"""A condition of stability as data: a product of powers of polynomials that must be positive."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import prod
from typing import Any

import sympy as sp

from stabcheck.core.frozen import Frozen
from stabcheck.core.polynomial import Polynomial
from stabcheck.symbolic.polynomials import Meanings, expression, is_whole_power, meanings, polynomial

Part = tuple[sp.Expr, int]


@dataclass(frozen=True)
class Condition:
    """`p^k q^m … > 0`.

    Attributes:
        factors: the polynomials with their powers; a number is one as well.
        letters: what their letters stand for, mostly symbols of that name.
    """

    factors: tuple[tuple[Polynomial, int], ...]
    letters: Meanings

    @classmethod
    def of(cls, written: sp.Expr) -> Condition:
        """An expression that must be positive; a factor that is not written out is a letter."""
        pairs = list(_powers(written))
        letters = meanings(*(base for base, _ in pairs))
        polynomials = [(polynomial(base, letters), power) for base, power in pairs]
        short = {
            base
            for (base, _), (p, _) in zip(pairs, polynomials, strict=True)
            if expression(p, letters) != base
        }
        if not short:
            return cls(tuple(polynomials), letters)
        stand_in: dict[sp.Expr, sp.Expr] = {base: sp.Dummy() for base in short}
        kept = [(stand_in.get(base, base), power) for base, power in pairs]
        letters = meanings(*(base for base, _ in kept))
        factors = tuple((polynomial(base, letters), power) for base, power in kept)
        back = {dummy: base for base, dummy in stand_in.items()}
        return cls(factors, Frozen({name: back.get(e, e) for name, e in letters.items()}))

    @cached_property
    def expression(self) -> sp.Expr:
        """As it is printed."""
        return sp.Mul(*(base**power for base, power in self.bases))

    @property
    def bases(self) -> tuple[Part, ...]:
        """The factors written out, with their powers."""
        return tuple((expression(p, self.letters), power) for p, power in self.factors)

    def renamed(self, names: Mapping[sp.Expr, sp.Symbol]) -> Condition:
        """The same with names for some of what occurs in it."""
        return Condition.of(self.expression.xreplace(names)) if names else self

    @property
    def polynomial(self) -> Polynomial:
        """The product of all factors."""
        return prod((p**power for p, power in self.factors), start=Polynomial.constant(1))

    @property
    def symbols(self) -> frozenset[sp.Symbol]:
        """Those of which it is made."""
        return frozenset(s for e in self.letters.values() for s in e.free_symbols)

    def at(self, values: Mapping[str, Any], make: Callable[[Fraction], Any] = Fraction) -> Any:
        """The value where the letters have values, of any arithmetic: see `Polynomial.at`."""
        return prod((p.at(values, make) ** power for p, power in self.factors), start=make(Fraction(1)))


def _powers(written: sp.Expr) -> Iterator[Part]:
    for factor in sp.Mul.make_args(written):
        yield (factor.base, int(factor.exp)) if is_whole_power(factor) else (factor, 1)
