"""The tree of a formula: what each piece is worth, how large it is, and how it is written."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from math import comb
from operator import add, mul, sub, truediv
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from stabcheck.declare.file.limits import MOST_TERMS

if TYPE_CHECKING:
    from stabcheck.core.oracle import Ops, Scalar
    from stabcheck.declare.laws import Law


ARITHMETIC = MappingProxyType({"+": add, "-": sub, "*": mul, "/": truediv})


ADDITIVE, MULTIPLICATIVE = "+-", "*/"
MEAN = "E"
PI = "pi"


class Size(NamedTuple):
    """How much there is behind a name, once its value is put in its place.

    Attributes:
        terms: of the value when expanded.
        copies: for a random number, into how many means over one law the mean over it falls.
    """

    terms: int = 1
    copies: int = 1


DRAWN = Size(terms=2)
"""A random number that is shifted and scaled: `m + s z`."""


Sizes = Mapping[str, Size]


class Node(ABC):
    """A piece of a formula."""

    @abstractmethod
    def at(self, xp: Ops, values: Mapping[str, Scalar], laws: Mapping[str, Law]) -> Scalar:
        """Its value, in an interpreter's arithmetic."""

    @abstractmethod
    def terms(self, sizes: Sizes) -> int:
        """About how many terms it has when expanded; beyond the bound, just that it is beyond."""

    @property
    def inside(self) -> tuple[Node, ...]:
        """The pieces that it is made of."""
        return ()


@dataclass(frozen=True)
class Number(Node):
    """An exact number."""

    value: Fraction

    def at(self, xp: Ops, values: Mapping[str, Scalar], laws: Mapping[str, Law]) -> Scalar:
        del values, laws
        return xp.vector(self.value)[0]

    def terms(self, sizes: Sizes) -> int:
        del sizes
        return 1


@dataclass(frozen=True)
class Pi(Node):
    """The number pi."""

    def at(self, xp: Ops, values: Mapping[str, Scalar], laws: Mapping[str, Law]) -> Scalar:
        del values, laws
        return xp.pi

    def terms(self, sizes: Sizes) -> int:
        del sizes
        return 1


@dataclass(frozen=True)
class Name(Node):
    """A variable, a hyperparameter or, inside a mean, a random number."""

    name: str

    def at(self, xp: Ops, values: Mapping[str, Scalar], laws: Mapping[str, Law]) -> Scalar:
        del xp, laws
        return values[self.name]

    def terms(self, sizes: Sizes) -> int:
        return _capped(sizes.get(self.name, Size()).terms)


@dataclass(frozen=True)
class Chain(Node):
    """Sums and differences, or products and quotients, from left to right."""

    first: Node
    others: tuple[tuple[str, Node], ...]

    def at(self, xp: Ops, values: Mapping[str, Scalar], laws: Mapping[str, Law]) -> Scalar:
        value = self.first.at(xp, values, laws)
        for sign, node in self.others:
            value = ARITHMETIC[sign](value, node.at(xp, values, laws))
        return value

    def terms(self, sizes: Sizes) -> int:
        join = add if self.others[0][0] in ADDITIVE else mul
        return reduce(
            lambda n, node: _capped(join(n, node.terms(sizes))), self.inside[1:], self.first.terms(sizes)
        )

    @property
    def inside(self) -> tuple[Node, ...]:
        return self.first, *(node for _, node in self.others)


@dataclass(frozen=True)
class Minus(Node):
    """`-of`."""

    of: Node

    def at(self, xp: Ops, values: Mapping[str, Scalar], laws: Mapping[str, Law]) -> Scalar:
        return -self.of.at(xp, values, laws)

    def terms(self, sizes: Sizes) -> int:
        return self.of.terms(sizes)

    @property
    def inside(self) -> tuple[Node, ...]:
        return (self.of,)


@dataclass(frozen=True)
class Power(Node):
    """`base^exponent`; expanded, a power of `t` terms has `C(t + n - 1, n)`."""

    base: Node
    exponent: int

    def at(self, xp: Ops, values: Mapping[str, Scalar], laws: Mapping[str, Law]) -> Scalar:
        return self.base.at(xp, values, laws) ** self.exponent

    def terms(self, sizes: Sizes) -> int:
        n = abs(self.exponent)
        return _capped(comb(self.base.terms(sizes) + n - 1, n))

    @property
    def inside(self) -> tuple[Node, ...]:
        return (self.base,)


@dataclass(frozen=True)
class Call(Node):
    """One of `FUNCTIONS` at some arguments; `label` is how it was written."""

    function: str
    arguments: tuple[Node, ...]
    label: str

    def at(self, xp: Ops, values: Mapping[str, Scalar], laws: Mapping[str, Law]) -> Scalar:
        arguments = (node.at(xp, values, laws) for node in self.arguments)
        return FUNCTIONS[self.function].rule(xp, self.label, *arguments)

    def terms(self, sizes: Sizes) -> int:
        # Nothing expands across it, but its derivatives have the terms of what is inside.
        return max(node.terms(sizes) for node in self.arguments)

    @property
    def inside(self) -> tuple[Node, ...]:
        return self.arguments


@dataclass(frozen=True)
class Mean(Node):
    """`E body` over independent draws, one from the law of each name in `draws`."""

    body: Node
    draws: tuple[str, ...]

    def at(self, xp: Ops, values: Mapping[str, Scalar], laws: Mapping[str, Law]) -> Scalar:
        return self._over(self.draws, xp, values, laws)

    def _over(
        self, draws: tuple[str, ...], xp: Ops, values: Mapping[str, Scalar], laws: Mapping[str, Law]
    ) -> Scalar:
        if not draws:
            return self.body.at(xp, values, laws)
        name, *others = draws
        return laws[name].expect(xp, lambda z: self._over(tuple(others), xp, {**values, name: z[0]}, laws))

    def terms(self, sizes: Sizes) -> int:
        copies = (sizes.get(name, DRAWN).copies for name in self.draws)
        return _capped(reduce(mul, copies, self.body.terms(sizes)))

    @property
    def inside(self) -> tuple[Node, ...]:
        return (self.body,)


def _capped(terms: int) -> int:
    return min(terms, MOST_TERMS + 1)


class Function(NamedTuple):
    """A function of the grammar: how many arguments, and `rule(xp, label, *arguments)`."""

    arity: int
    rule: Callable[..., Any]


def _sqrt(xp: Ops, label: str, t: Scalar) -> Scalar:
    # The root has a kink at 0, which only the doors tell of.
    return xp.sqrt(t) + 0 * xp.abs(t, label)


def _bounded_inverse(name: str) -> Callable[..., Scalar]:
    """`asin` or `acos`, whose slope at -1 and 1 is infinite; the doors tell of that."""
    return lambda xp, label, t: getattr(xp, name)(t) + 0 * xp.abs(1 - t * t, label)


FUNCTIONS = MappingProxyType(
    {
        "abs": Function(1, lambda xp, label, t: xp.abs(t, label)),
        "acos": Function(1, _bounded_inverse("acos")),
        "asin": Function(1, _bounded_inverse("asin")),
        "asinh": Function(1, lambda xp, _, t: xp.asinh(t)),
        "atan": Function(1, lambda xp, _, t: xp.atan(t)),
        "cos": Function(1, lambda xp, _, t: xp.cos(t)),
        "cosh": Function(1, lambda xp, _, t: xp.cosh(t)),
        "erf": Function(1, lambda xp, _, t: xp.erf(t)),
        "exp": Function(1, lambda xp, _, t: xp.exp(t)),
        "log": Function(1, lambda xp, _, t: xp.log(t)),
        "max": Function(2, lambda xp, label, a, b: xp.maximum(xp.vector(a), b, label)[0]),
        "min": Function(2, lambda xp, label, a, b: xp.minimum(xp.vector(a), b, label)[0]),
        "sin": Function(1, lambda xp, _, t: xp.sin(t)),
        "sinh": Function(1, lambda xp, _, t: xp.sinh(t)),
        "sigmoid": Function(1, lambda xp, _, t: xp.exp(-xp.softplus(-t))),
        "softplus": Function(1, lambda xp, _, t: xp.softplus(t)),
        "sqrt": Function(1, _sqrt),
        "tan": Function(1, lambda xp, _, t: xp.tan(t)),
        "tanh": Function(1, lambda xp, _, t: xp.tanh(t)),
    }
)


RATIONAL = ("abs", "max", "min")
"""The functions that make fractions of fractions."""


WORDS = frozenset({MEAN, *FUNCTIONS})
"""What is called with brackets; without them, such a name may be a user's own."""


@dataclass(frozen=True)
class Rationals:
    """The part of an interpreter's arithmetic that stays among fractions."""

    def vector(self, *entries: Fraction) -> tuple[Fraction, ...]:
        """The vector with these entries."""
        return entries

    def abs(self, t: Fraction, label: str) -> Fraction:
        """`|t|`."""
        del label
        return abs(t)

    def minimum(self, a: tuple[Fraction, ...], b: Fraction, label: str) -> tuple[Fraction, ...]:
        """The entrywise minimum."""
        del label
        return tuple(min(entry, b) for entry in a)

    def maximum(self, a: tuple[Fraction, ...], b: Fraction, label: str) -> tuple[Fraction, ...]:
        """The entrywise maximum."""
        del label
        return tuple(max(entry, b) for entry in a)


def nodes(tree: Node) -> Iterator[Node]:
    """Every piece of a tree, itself first."""
    yield tree
    for node in tree.inside:
        yield from nodes(node)


def named(tree: Node) -> Iterator[str]:
    """The names in a tree, from left to right."""
    return (node.name for node in nodes(tree) if isinstance(node, Name))
