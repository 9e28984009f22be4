"""Random vectors: the data, what a generator makes, and noise added to either.

A law integrates a function by handing base laws to the interpreter: `law.expect(xp, fn)` is
`E fn(x)`. Base laws carry exact moments and a quadrature rule.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import Any

from stabcheck.oracle import Ops, Scalar, Vector


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
class StandardNormal(Law):
    """`N(0, I)` in `size` dimensions: odd moments vanish, `E x^k = (k - 1)!!` for even `k`."""

    size: int

    @property
    def dim(self) -> int:
        return self.size

    def moment(self, k: int) -> int:
        return 0 if k % 2 else prod(range(1, k, 2))

    def quadrature(self, n: int) -> tuple[Any, Any]:
        """Gauss-Hermite nodes and weights for one coordinate, exact to degree `2n - 1`."""
        from numpy.polynomial.hermite_e import hermegauss

        nodes, weights = hermegauss(n)
        return nodes, weights / weights.sum()

    def expect(self, xp: Ops, fn: Callable[[Vector], Scalar]) -> Scalar:
        return xp.expect(fn, self)


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
