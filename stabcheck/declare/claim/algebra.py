"""What can be made of a claim, whatever it is made of."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from enum import StrEnum
from fractions import Fraction
from typing import Generic, TypeVar

T = TypeVar("T")
"""What an algebra makes of terms."""
S = TypeVar("S")
"""What it makes of statements."""


class Relation(StrEnum):
    """How two numbers compare."""

    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="
    EQUAL = "="
    OTHER = "!="

    @property
    def signs(self) -> frozenset[int]:
        """Those that `left - right` may have."""
        table = {"<": {-1}, "<=": {-1, 0}, ">": {1}, ">=": {0, 1}, "=": {0}, "!=": {-1, 1}}
        return frozenset(table[self.value])

    @property
    def mirrored(self) -> Relation:
        """The relation of right to left."""
        table = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
        return Relation(table.get(self.value, self.value))


class Kind(StrEnum):
    """What the eigenvalues may be, all together: one of the three at each point.

    Attributes:
        STABLE: all inside the circle or left of the axis.
        UNSTABLE: one at least strictly beyond.
        NEUTRAL: none beyond, and one at least on the boundary.
    """

    STABLE = "stable"
    UNSTABLE = "unstable"
    NEUTRAL = "neutral"


class Algebra(ABC, Generic[T, S]):
    """What can be made of a claim: polynomials, a truth at a point, a formula of LaTeX."""

    @abstractmethod
    def number(self, value: Fraction) -> T: ...

    @abstractmethod
    def letter(self, name: str) -> T: ...

    @abstractmethod
    def minus(self, of: T) -> T: ...

    @abstractmethod
    def plus(self, left: T, right: T) -> T: ...

    @abstractmethod
    def less(self, left: T, right: T) -> T:
        """`left - right`."""

    @abstractmethod
    def times(self, left: T, right: T) -> T: ...

    @abstractmethod
    def over(self, left: T, right: T) -> T: ...

    @abstractmethod
    def power(self, base: T, exponent: int) -> T: ...

    @abstractmethod
    def root(self, of: T) -> T: ...

    @abstractmethod
    def size(self, of: T) -> T: ...

    @abstractmethod
    def kind(self, kind: Kind) -> S: ...

    @abstractmethod
    def rate(self, relation: Relation, bound: T) -> S:
        """The rate, compared with a number."""

    @abstractmethod
    def compared(self, left: T, relation: Relation, right: T) -> S: ...

    @abstractmethod
    def contrary(self, of: S) -> S: ...

    @abstractmethod
    def every(self, several: Sequence[S]) -> S: ...

    @abstractmethod
    def some(self, several: Sequence[S]) -> S: ...

    @abstractmethod
    def implies(self, premise: S, conclusion: S) -> S: ...

    @abstractmethod
    def same(self, left: S, right: S) -> S: ...
