"""Real numbers in a claim; each prints itself as text that is read back to the same."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from stabcheck.declare.claim.algebra import Algebra, S, T


class Node(ABC):
    """A part of a claim.

    Attributes:
        binds: how tightly it holds together; what binds less stands in brackets inside.
    """

    binds: ClassVar[int] = 10

    @property
    @abstractmethod
    def inside(self) -> tuple[Node, ...]:
        """The parts that it is made of."""

    def all(self) -> Iterator[Node]:
        """Itself, and everything inside, from left to right."""
        yield self
        for part in self.inside:
            yield from part.all()

    def within(self, binds: int) -> str:
        """Its text inside of what binds so tightly."""
        return str(self) if self.binds > binds else f"({self})"


class Term(Node):
    """A real number, where it is defined."""

    @abstractmethod
    def at(self, algebra: Algebra[T, S]) -> T:
        """What an algebra makes of it."""


@dataclass(frozen=True)
class Number(Term):
    """A rational number that is not negative."""

    value: Fraction

    @property
    def inside(self) -> tuple[Node, ...]:
        return ()

    def within(self, binds: int) -> str:
        whole = self.value.denominator == 1
        return str(self) if whole or binds < Quotient.binds else f"({self})"

    def at(self, algebra: Algebra[T, S]) -> T:
        return algebra.number(self.value)

    def __str__(self) -> str:
        return str(self.value)


@dataclass(frozen=True)
class Letter(Term):
    """A hyperparameter, or a slope of the loss."""

    name: str

    @property
    def inside(self) -> tuple[Node, ...]:
        return ()

    def at(self, algebra: Algebra[T, S]) -> T:
        return algebra.letter(self.name)

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class OfTwo(Term):
    """A term that is made of two others."""

    left: Term
    right: Term

    @property
    def inside(self) -> tuple[Node, ...]:
        return self.left, self.right


@dataclass(frozen=True)
class OfOne(Term):
    """A term that is made of another one."""

    of: Term

    @property
    def inside(self) -> tuple[Node, ...]:
        return (self.of,)


@dataclass(frozen=True)
class Sum(OfTwo):
    """`a + b`."""

    binds: ClassVar[int] = 6

    def at(self, algebra: Algebra[T, S]) -> T:
        return algebra.plus(self.left.at(algebra), self.right.at(algebra))

    def __str__(self) -> str:
        return f"{self.left.within(5)} + {self.right.within(6)}"


@dataclass(frozen=True)
class Difference(OfTwo):
    """`a - b`."""

    binds: ClassVar[int] = 6

    def at(self, algebra: Algebra[T, S]) -> T:
        return algebra.less(self.left.at(algebra), self.right.at(algebra))

    def __str__(self) -> str:
        return f"{self.left.within(5)} - {self.right.within(6)}"


@dataclass(frozen=True)
class Minus(OfOne):
    """`-a`."""

    binds: ClassVar[int] = 6

    def at(self, algebra: Algebra[T, S]) -> T:
        return algebra.minus(self.of.at(algebra))

    def __str__(self) -> str:
        return f"-{self.of.within(6)}"


@dataclass(frozen=True)
class Product(OfTwo):
    """`a b`."""

    binds: ClassVar[int] = 7

    def at(self, algebra: Algebra[T, S]) -> T:
        return algebra.times(self.left.at(algebra), self.right.at(algebra))

    def __str__(self) -> str:
        return f"{self.left.within(6)}*{self.right.within(7)}"


@dataclass(frozen=True)
class Quotient(OfTwo):
    """`a/b`."""

    binds: ClassVar[int] = 7

    def at(self, algebra: Algebra[T, S]) -> T:
        return algebra.over(self.left.at(algebra), self.right.at(algebra))

    def __str__(self) -> str:
        return f"{self.left.within(6)}/{self.right.within(7)}"


@dataclass(frozen=True)
class Power(Term):
    """`a^k`, with a whole `k`."""

    base: Term
    exponent: int
    binds: ClassVar[int] = 8

    @property
    def inside(self) -> tuple[Node, ...]:
        return (self.base,)

    def at(self, algebra: Algebra[T, S]) -> T:
        return algebra.power(self.base.at(algebra), self.exponent)

    def __str__(self) -> str:
        return f"{self.base.within(8)}^{self.exponent}"


@dataclass(frozen=True)
class Root(OfOne):
    """`sqrt(a)`."""

    def at(self, algebra: Algebra[T, S]) -> T:
        return algebra.root(self.of.at(algebra))

    def __str__(self) -> str:
        return f"sqrt({self.of})"


@dataclass(frozen=True)
class Size(OfOne):
    """`abs(a)`."""

    def at(self, algebra: Algebra[T, S]) -> T:
        return algebra.size(self.of.at(algebra))

    def __str__(self) -> str:
        return f"abs({self.of})"
