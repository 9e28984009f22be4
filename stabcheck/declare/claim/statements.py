"""What is true or false in a claim; each prints itself as text that is read back to the same."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from stabcheck.declare.claim.algebra import Algebra, Kind, Relation, S, T
from stabcheck.declare.claim.terms import Node, Term


class Statement(Node):
    """What is true or false."""

    @abstractmethod
    def at(self, algebra: Algebra[T, S]) -> S:
        """What an algebra makes of it."""

    def joined_by(self, kind: type[Statement]) -> tuple[Statement, ...]:
        """The statements that it joins, if it is of a kind that joins some; else itself."""
        parts = tuple(part for part in self.inside if isinstance(part, Statement))
        return parts if type(self) is kind else (self,)


@dataclass(frozen=True)
class Is(Statement):
    """`stable`, `unstable` or `neutral`."""

    kind: Kind

    @property
    def inside(self) -> tuple[Node, ...]:
        return ()

    def at(self, algebra: Algebra[T, S]) -> S:
        return algebra.kind(self.kind)

    def __str__(self) -> str:
        return self.kind.value


@dataclass(frozen=True)
class Compare(Statement):
    """`a < b` and its like."""

    left: Term
    relation: Relation
    right: Term
    binds: ClassVar[int] = 5

    @property
    def inside(self) -> tuple[Node, ...]:
        return self.left, self.right

    def at(self, algebra: Algebra[T, S]) -> S:
        return algebra.compared(self.left.at(algebra), self.relation, self.right.at(algebra))

    def __str__(self) -> str:
        return f"{self.left} {self.relation} {self.right}"


@dataclass(frozen=True)
class RateIs(Statement):
    """`rate < a` and its like: of the spectral radius of a map, or the spectral abscissa of a flow."""

    relation: Relation
    bound: Term
    binds: ClassVar[int] = 5

    @property
    def inside(self) -> tuple[Node, ...]:
        return (self.bound,)

    def at(self, algebra: Algebra[T, S]) -> S:
        return algebra.rate(self.relation, self.bound.at(algebra))

    def __str__(self) -> str:
        return f"rate {self.relation} {self.bound}"


@dataclass(frozen=True)
class Not(Statement):
    """`not a`."""

    of: Statement
    binds: ClassVar[int] = 4

    @property
    def inside(self) -> tuple[Node, ...]:
        return (self.of,)

    def at(self, algebra: Algebra[T, S]) -> S:
        return algebra.contrary(self.of.at(algebra))

    def __str__(self) -> str:
        return f"not {self.of.within(3)}"


@dataclass(frozen=True)
class And(Statement):
    """`a and b and …`."""

    all_of: tuple[Statement, ...]
    binds: ClassVar[int] = 3

    @property
    def inside(self) -> tuple[Node, ...]:
        return self.all_of

    def at(self, algebra: Algebra[T, S]) -> S:
        return algebra.every([one.at(algebra) for one in self.all_of])

    def __str__(self) -> str:
        return " and ".join(one.within(3) for one in self.all_of)


@dataclass(frozen=True)
class Or(Statement):
    """`a or b or …`."""

    any_of: tuple[Statement, ...]
    binds: ClassVar[int] = 2

    @property
    def inside(self) -> tuple[Node, ...]:
        return self.any_of

    def at(self, algebra: Algebra[T, S]) -> S:
        return algebra.some([one.at(algebra) for one in self.any_of])

    def __str__(self) -> str:
        return " or ".join(one.within(2) for one in self.any_of)


@dataclass(frozen=True)
class Implies(Statement):
    """`a implies b`."""

    premise: Statement
    conclusion: Statement
    binds: ClassVar[int] = 1

    @property
    def inside(self) -> tuple[Node, ...]:
        return self.premise, self.conclusion

    def at(self, algebra: Algebra[T, S]) -> S:
        return algebra.implies(self.premise.at(algebra), self.conclusion.at(algebra))

    def __str__(self) -> str:
        return f"{self.premise.within(1)} implies {self.conclusion.within(1)}"


@dataclass(frozen=True)
class Iff(Statement):
    """`a iff b`."""

    left: Statement
    right: Statement
    binds: ClassVar[int] = 1

    @property
    def inside(self) -> tuple[Node, ...]:
        return self.left, self.right

    def at(self, algebra: Algebra[T, S]) -> S:
        return algebra.same(self.left.at(algebra), self.right.at(algebra))

    def __str__(self) -> str:
        return f"{self.left.within(1)} iff {self.right.within(1)}"
