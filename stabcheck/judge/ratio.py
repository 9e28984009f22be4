"""Quotients of polynomials where they are defined, and letters for roots, sizes and quotients."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from fractions import Fraction
from math import comb
from typing import ClassVar

import numpy as np

from stabcheck.core.domain import NONNEGATIVE, REAL, Domain
from stabcheck.core.errors import BadInput
from stabcheck.core.formula import Formula, Sign, Some
from stabcheck.core.polynomial import Polynomial

ONE = Polynomial.constant(1)
MOST_TERMS = 3_000
"""A term with more, written out, is refused."""


@dataclass(frozen=True)
class Ratio:
    """`top/bottom`, where certain statements hold.

    Attributes:
        defined: where it has a meaning; wherever there are none, everywhere.
    """

    top: Polynomial
    bottom: Polynomial = ONE
    defined: tuple[Formula, ...] = ()

    @classmethod
    def number(cls, value: Fraction) -> Ratio:
        """A rational number."""
        return cls(Polynomial.constant(value))

    def __neg__(self) -> Ratio:
        return replace(self, top=-self.top)

    def __add__(self, other: Ratio) -> Ratio:
        top = _times(self.top, other.bottom) + _times(other.top, self.bottom)
        return Ratio(top, _times(self.bottom, other.bottom), self.defined + other.defined)

    def __sub__(self, other: Ratio) -> Ratio:
        return self + -other

    def __mul__(self, other: Ratio) -> Ratio:
        bottom = _times(self.bottom, other.bottom)
        return Ratio(_times(self.top, other.top), bottom, self.defined + other.defined)

    @property
    def inverse(self) -> Ratio:
        """`1/a`, where `a` is not 0.

        Raises:
            BadInput: if it is 0 everywhere.
        """
        if not self.top.terms:
            raise BadInput("the claim divides by what is 0 everywhere")
        if not self.top.names:
            return Ratio(self.bottom * (1 / self.top.terms[0][1]), ONE, self.defined)
        return Ratio(self.bottom, self.top, (*self.defined, Sign.of(self.top, -1, 1)))

    def __pow__(self, power: int) -> Ratio:
        if power < 0:
            return self.inverse**-power
        _refuse(max(comb(len(p.terms) + power - 1, power) for p in (self.top, self.bottom) if p.terms))
        return Ratio(self.top**power, self.bottom**power, self.defined)

    def sign(self, *among: int) -> Formula:
        """That its sign is among some, of where it is defined."""
        factors = ((self.top, 1),) if self.bottom == ONE else ((self.top, 1), (self.bottom, 1))
        return Sign(factors, frozenset(among))

    @property
    def value(self) -> Fraction | None:
        """The number that it is; `None` where letters are left."""
        if self.top.names or self.bottom != ONE:
            return None
        return self.top.terms[0][1] if self.top.terms else Fraction(0)


def _times(a: Polynomial, b: Polynomial) -> Polynomial:
    _refuse(len(a.terms) * len(b.terms))
    return a * b


def _refuse(terms: int) -> None:
    if terms > MOST_TERMS:
        raise BadInput(
            f"a term of the claim has more than {MOST_TERMS} terms when expanded; write it simpler"
        )


@dataclass(frozen=True)
class Definition(ABC):
    """A letter for a number that is made of others, which exists at all values.

    Attributes:
        letter: its name.
        of: what it is made of.
        domain: where it lies.
    """

    letter: str
    of: Ratio

    domain: ClassVar[Domain] = REAL

    @property
    def known(self) -> Formula:
        """What is true of it besides its domain."""
        undefined = tuple(~one for one in self.of.defined)
        return Some((*undefined, self._where_defined)) if undefined else self._where_defined

    @property
    def _own(self) -> Polynomial:
        return Polynomial.letter(self.letter)

    @property
    @abstractmethod
    def _where_defined(self) -> Formula: ...

    @abstractmethod
    def near(self, value: np.ndarray) -> np.ndarray:
        """Its values in floats, from those that it is made of."""


@dataclass(frozen=True)
class RootOf(Definition):
    """`sqrt(a)`."""

    domain: ClassVar[Domain] = NONNEGATIVE

    @property
    def _where_defined(self) -> Formula:
        square = Sign.of(self._own**2 * self.of.bottom - self.of.top, 0)
        return self.of.sign(-1) | square

    def near(self, value: np.ndarray) -> np.ndarray:
        return np.sqrt(np.maximum(value, 0))


@dataclass(frozen=True)
class SizeOf(Definition):
    """`abs(a)`."""

    domain: ClassVar[Domain] = NONNEGATIVE

    @property
    def _where_defined(self) -> Formula:
        own = self._own * self.of.bottom
        return Sign.of(own - self.of.top, 0) | Sign.of(own + self.of.top, 0)

    def near(self, value: np.ndarray) -> np.ndarray:
        return abs(value)


@dataclass(frozen=True)
class ValueOf(Definition):
    """`a` itself."""

    @property
    def _where_defined(self) -> Formula:
        return Sign.of(self._own * self.of.bottom - self.of.top, 0)

    def near(self, value: np.ndarray) -> np.ndarray:
        return value
