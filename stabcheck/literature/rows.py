"""Matrices by rows, in whatever numbers they are given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Rows = Sequence[Sequence[Any]]


def blocks(felt: Rows, bent: Rows) -> Rows:
    """`[[0, -felt^T], [felt, bent]]`."""
    n = len(felt[0])
    top = [[0] * n + [-e for e in row] for row in transposed(felt)]
    return [*top, *(list(a) + list(b) for a, b in zip(felt, bent, strict=True))]


def transposed(a: Rows) -> Rows:
    """The rows of `a^T`."""
    return [list(column) for column in zip(*a, strict=True)]


def product(a: Rows, b: Rows) -> Rows:
    """The rows of `a b`."""
    return [[sum(x * y for x, y in zip(row, column, strict=True)) for column in transposed(b)] for row in a]


def added(a: Rows, b: Rows) -> Rows:
    """The rows of `a + b`."""
    return [[x + y for x, y in zip(p, q, strict=True)] for p, q in zip(a, b, strict=True)]


def scaled(factor: Any, a: Rows) -> Rows:
    """The rows of `factor a`."""
    return [[factor * e for e in row] for row in a]


def identity(n: int) -> Rows:
    """The rows of the unit matrix."""
    return [[int(i == j) for j in range(n)] for i in range(n)]
