"""Random vectors: the data, what a generator makes, and noise added to either.

A law integrates a function by handing base laws to the interpreter: `law.expect(xp, fn)` is
`E fn(x)`. Base laws carry exact moments and a quadrature rule.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import prod
from typing import Any, ClassVar

from stabcheck.core.errors import BadInput
from stabcheck.core.oracle import Ops, Scalar, Vector, sum_of

MOST_HERMITE, FARTHEST = 40, 14
NODES_ON_A_LINE = (192, 48, 12)
"""Of an integral on its own, in one other, in several. Even, so that no node lies on a kink at 0."""


def nodes_on_a_line(depth: int) -> int:
    """How many nodes an integral over one number takes, inside so many others."""
    return NODES_ON_A_LINE[min(depth, len(NODES_ON_A_LINE) - 1)]


class Law(ABC):
    """The distribution of a random vector."""

    @property
    @abstractmethod
    def dim(self) -> int:
        """The number of coordinates."""

    @abstractmethod
    def expect(self, xp: Ops, fn: Callable[[Vector], Scalar]) -> Scalar:
        """`E fn(x)` over `x` drawn from this law."""


@dataclass(frozen=True)
class Point(Law):
    """`delta_at`: all mass at one point."""

    at: Vector

    @property
    def dim(self) -> int:
        return len(self.at)

    def expect(self, xp: Ops, fn: Callable[[Vector], Scalar]) -> Scalar:
        del xp
        return fn(self.at)


@dataclass(frozen=True)
class Base(Law):
    """Independent, equal coordinates, `size` of them, that an interpreter can integrate over.

    Class attribute `letter`: what a draw is called in formulas.
    """

    size: int

    letter: ClassVar[str]

    @property
    def dim(self) -> int:
        return self.size

    @abstractmethod
    def moment(self, k: int) -> Fraction:
        """`E x^k` of one coordinate, exactly."""

    @abstractmethod
    def quadrature(self, n: int) -> tuple[Any, Any]:
        """Nodes and weights of a rule for one coordinate, to rounding exact to degree 23 from `n = 12`."""

    def expect(self, xp: Ops, fn: Callable[[Vector], Scalar]) -> Scalar:
        return xp.expect(fn, self)


@dataclass(frozen=True)
class StandardNormal(Base):
    """`N(0, I)`: odd moments vanish, `E x^k = (k - 1)!!` for even `k`."""

    letter: ClassVar[str] = "eps"

    def moment(self, k: int) -> Fraction:
        return Fraction(0 if k % 2 else prod(range(1, k, 2)))

    def quadrature(self, n: int) -> tuple[Any, Any]:
        return _trapezoidal(n) if n > MOST_HERMITE else _hermite(n)


@cache
def _hermite(n: int) -> tuple[Any, Any]:
    from numpy.polynomial.hermite_e import hermegauss

    nodes, weights = hermegauss(n)
    return nodes, weights / weights.sum()


@cache
def _trapezoidal(n: int) -> tuple[Any, Any]:
    """Equal steps, whose error falls like `exp(-2 pi d/step)` with the distance `d` of singularities.

    With many nodes this is far better than a Gauss rule for what is no polynomial.
    """
    import numpy as np

    nodes = np.linspace(-FARTHEST, FARTHEST, n)
    weights = np.exp(-nodes * nodes / 2)
    return nodes, weights / weights.sum()


@dataclass(frozen=True)
class StandardUniform(Base):
    """Uniform on `[-1, 1]`: odd moments vanish, `E x^k = 1/(k + 1)` for even `k`."""

    letter: ClassVar[str] = "nu"

    def moment(self, k: int) -> Fraction:
        return Fraction(0 if k % 2 else 1, k + 1)

    def quadrature(self, n: int) -> tuple[Any, Any]:
        return _legendre(n)


@cache
def _legendre(n: int) -> tuple[Any, Any]:
    from numpy.polynomial.legendre import leggauss

    nodes, weights = leggauss(n)
    return nodes, weights / 2


@dataclass(frozen=True)
class PushForward(Law):
    """`x = generator(z)` with `z` from another law.

    Args:
        law: of `z`.
        generator: maps a vector to a vector.
        size: the number of coordinates of `x`; by default as many as `z` has.
    """

    law: Law
    generator: Callable[[Vector], Vector]
    size: int = 0

    @property
    def dim(self) -> int:
        return self.size or self.law.dim

    def expect(self, xp: Ops, fn: Callable[[Vector], Scalar]) -> Scalar:
        return self.law.expect(xp, lambda z: fn(self.generator(z)))


def gaussian(mean: Vector, sigma: Scalar) -> Law:
    """`N(mean, sigma^2 I)`; `sigma` may also be a vector, one standard deviation per coordinate."""
    return PushForward(StandardNormal(len(mean)), lambda z: mean + sigma * z)


def uniform(low: Vector, high: Vector) -> Law:
    """Uniform on the box from `low` to `high`, entry by entry."""
    return PushForward(StandardUniform(len(low)), lambda z: (low + high) / 2 + (high - low) / 2 * z)


@dataclass(frozen=True)
class Mixture(Law):
    """One of several laws, each with its probability; with the same one by default.

    Raises:
        BadInput: if there are not as many weights as laws, or laws of several dimensions.
    """

    laws: tuple[Law, ...]
    weights: tuple[Scalar, ...] = ()

    def __post_init__(self) -> None:
        if self.weights and len(self.weights) != len(self.laws):
            raise BadInput(f"{len(self.weights)} weights were given for {len(self.laws)} laws; give one each")
        if len({law.dim for law in self.laws}) != 1:
            raise BadInput("a mixture needs laws, and all of one dimension")

    @property
    def dim(self) -> int:
        return self.laws[0].dim

    def expect(self, xp: Ops, fn: Callable[[Vector], Scalar]) -> Scalar:
        means = [law.expect(xp, fn) for law in self.laws]
        if not self.weights:
            return sum_of(means) / len(means)
        return xp.vector(*self.weights) @ xp.vector(*means)


@dataclass(frozen=True)
class Segment(Law):
    """A point drawn uniformly from the segment between independent draws from two laws."""

    start: Law
    end: Law

    def __post_init__(self) -> None:
        if self.start.dim != self.end.dim:
            raise BadInput(
                f"a segment joins laws of one dimension, not of {self.start.dim} and {self.end.dim}"
            )

    @property
    def dim(self) -> int:
        return self.start.dim

    def expect(self, xp: Ops, fn: Callable[[Vector], Scalar]) -> Scalar:
        def between(x: Vector, y: Vector) -> Scalar:
            return StandardUniform(1).expect(xp, lambda t: fn((x + y) / 2 + t[0] / 2 * (y - x)))

        return self.start.expect(xp, lambda x: self.end.expect(xp, lambda y: between(x, y)))


@dataclass(frozen=True)
class Noisy(Law):
    """`x + sigma e` with `x` from one law and an independent `e` from another."""

    law: Law
    noise: Law
    sigma: Scalar

    @property
    def dim(self) -> int:
        return self.law.dim

    def expect(self, xp: Ops, fn: Callable[[Vector], Scalar]) -> Scalar:
        return self.law.expect(xp, lambda x: self.noise.expect(xp, lambda e: fn(x + self.sigma * e)))
