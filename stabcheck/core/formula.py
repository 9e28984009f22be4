"""Signs of polynomials and what is made of them by and, or, not: decided at numbers, written as SMT-LIB."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from math import prod
from operator import and_, or_
from types import MappingProxyType
from typing import Any

from stabcheck.core.domain import Domain
from stabcheck.core.polynomial import Polynomial, applied

SIGNS = frozenset({-1, 0, 1})
RELATIONS = MappingProxyType(
    {
        frozenset({1}): "(> {} 0.0)",
        frozenset({0, 1}): "(>= {} 0.0)",
        frozenset({0}): "(= {} 0.0)",
        frozenset({-1, 1}): "(not (= {} 0.0))",
        frozenset({-1, 0}): "(<= {} 0.0)",
        frozenset({-1}): "(< {} 0.0)",
        frozenset(): "false",
        SIGNS: "true",
    }
)
"""How SMT-LIB says that the sign is among some."""


class Formula(ABC):
    """A statement on real numbers, by name."""

    @property
    @abstractmethod
    def polynomials(self) -> tuple[Polynomial, ...]:
        """Those whose signs are spoken of."""

    @abstractmethod
    def through(self, change: Callable[[Polynomial], Polynomial]) -> Formula:
        """The same statement on other polynomials, one for each."""

    @property
    def names(self) -> frozenset[str]:
        """The letters that occur."""
        return frozenset(name for p in self.polynomials for name in p.names)

    @property
    @abstractmethod
    def smt(self) -> str:
        """A term of SMT-LIB, true where the statement holds."""

    @abstractmethod
    def truth(self, sign: Callable[[Polynomial], Any]) -> Any:
        """Whether it holds, from what tells the sign of a polynomial: a number, or an array of them."""

    def holds(self, values: Mapping[str, Fraction]) -> bool:
        """Whether it holds at exact values.

        Raises:
            KeyError: for a letter without value.
        """
        return bool(self.truth(lambda p: _sign(p.at(values))))

    def __and__(self, other: Formula) -> Formula:
        return Every((self, other))

    def __or__(self, other: Formula) -> Formula:
        return Some((self, other))

    def __invert__(self) -> Formula:
        return Not(self)

    def implies(self, other: Formula) -> Formula:
        """`not a or b`."""
        return ~self | other

    def iff(self, other: Formula) -> Formula:
        """`a` exactly where `b`."""
        return Same(self, other)


@dataclass(frozen=True)
class Sign(Formula):
    """`p > 0`, `p >= 0`, `p = 0`, `p != 0` and so on: the sign of a product is among some.

    Attributes:
        factors: polynomials with their powers.
        among: of -1, 0 and 1, those that it may be.
    """

    factors: tuple[tuple[Polynomial, int], ...]
    among: frozenset[int]

    @classmethod
    def of(cls, polynomial: Polynomial, *among: int) -> Sign:
        """The sign of one polynomial."""
        return cls(((polynomial, 1),), frozenset(among))

    @property
    def polynomials(self) -> tuple[Polynomial, ...]:
        return tuple(p for p, _ in self.factors)

    def through(self, change: Callable[[Polynomial], Polynomial]) -> Sign:
        return Sign(tuple((change(p), power) for p, power in self.factors), self.among)

    @property
    def smt(self) -> str:
        product = applied("*", [p.smt for p, power in self.factors for _ in range(2 - power % 2)], "1.0")
        return RELATIONS[self.among].format(product)

    def truth(self, sign: Callable[[Polynomial], Any]) -> Any:
        product = prod(sign(p) ** (2 - power % 2) for p, power in self.factors)
        return reduce(or_, (product == k for k in self.among), False)  # noqa: FBT003

    def __invert__(self) -> Formula:
        return Sign(self.factors, SIGNS - self.among)


def _sign(number: Fraction) -> int:
    return (number > 0) - (number < 0)


@dataclass(frozen=True)
class Every(Formula):
    """All of several statements hold; true of none."""

    statements: tuple[Formula, ...]

    @property
    def polynomials(self) -> tuple[Polynomial, ...]:
        return tuple(p for one in self.statements for p in one.polynomials)

    def through(self, change: Callable[[Polynomial], Polynomial]) -> Every:
        return Every(tuple(one.through(change) for one in self.statements))

    @property
    def smt(self) -> str:
        return applied("and", [one.smt for one in self.statements], "true")

    def truth(self, sign: Callable[[Polynomial], Any]) -> Any:
        return reduce(and_, (one.truth(sign) for one in self.statements), True)  # noqa: FBT003


@dataclass(frozen=True)
class Some(Formula):
    """One at least of several statements holds; false of none."""

    statements: tuple[Formula, ...]

    @property
    def polynomials(self) -> tuple[Polynomial, ...]:
        return tuple(p for one in self.statements for p in one.polynomials)

    def through(self, change: Callable[[Polynomial], Polynomial]) -> Some:
        return Some(tuple(one.through(change) for one in self.statements))

    @property
    def smt(self) -> str:
        return applied("or", [one.smt for one in self.statements], "false")

    def truth(self, sign: Callable[[Polynomial], Any]) -> Any:
        return reduce(or_, (one.truth(sign) for one in self.statements), False)  # noqa: FBT003


@dataclass(frozen=True)
class Not(Formula):
    """The contrary of a statement."""

    statement: Formula

    @property
    def polynomials(self) -> tuple[Polynomial, ...]:
        return self.statement.polynomials

    def through(self, change: Callable[[Polynomial], Polynomial]) -> Not:
        return Not(self.statement.through(change))

    @property
    def smt(self) -> str:
        return f"(not {self.statement.smt})"

    def truth(self, sign: Callable[[Polynomial], Any]) -> Any:
        # Of a truth of Python's own `~` would be a number.
        return self.statement.truth(sign) ^ True

    def __invert__(self) -> Formula:
        return self.statement


@dataclass(frozen=True)
class Same(Formula):
    """Two statements hold both or neither."""

    first: Formula
    second: Formula

    @property
    def polynomials(self) -> tuple[Polynomial, ...]:
        return self.first.polynomials + self.second.polynomials

    def through(self, change: Callable[[Polynomial], Polynomial]) -> Same:
        return Same(self.first.through(change), self.second.through(change))

    @property
    def smt(self) -> str:
        return f"(= {self.first.smt} {self.second.smt})"

    def truth(self, sign: Callable[[Polynomial], Any]) -> Any:
        return self.first.truth(sign) == self.second.truth(sign)


TRUE, FALSE = Every(()), Some(())


def within(name: str, domain: Domain) -> Formula:
    """That a letter lies in a domain; of a count, that it lies in its range."""
    x = Polynomial.letter(name)
    ends = [
        Sign.of(sign * (x - end.at), *((0, 1) if end.closed else (1,)))
        for end, sign in ((domain.low, 1), (domain.high, -1))
        if end is not None
    ]
    return Every((*ends, *(Sign.of(x - q, -1, 1) for q in domain.excluded)))
