"""Random values of hyperparameters."""

from __future__ import annotations

import random
from collections.abc import Mapping
from fractions import Fraction
from itertools import count

import sympy as sp

from stabcheck.core import hyper


def draw(names: Mapping[str, hyper.Hyper], rng: random.Random) -> dict[str, sp.Expr]:
    """A random value for every name, in its domain: thirty-seconds, halved or doubled until they fit."""
    return {name: _drawn(row, rng) for name, row in names.items()}


def _drawn(row: hyper.Hyper, rng: random.Random) -> sp.Expr:
    first = Fraction(rng.randint(1, 64), 32)
    powers = (first * Fraction(2) ** k for n in count() for k in (-n, n))
    size = next(q for q in powers if row.domain.contains(q))
    either = row.domain.contains(Fraction(-1)) and rng.random() < 0.5
    return sp.Rational((-size if either else size).numerator, size.denominator)
