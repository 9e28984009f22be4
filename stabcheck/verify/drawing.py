"""Random values of hyperparameters."""

from __future__ import annotations

import random
from collections.abc import Mapping

import sympy as sp

from stabcheck.core import hyper


def draw(names: Mapping[str, hyper.Hyper], rng: random.Random) -> dict[str, sp.Expr]:
    """A random value for every name, in its domain."""
    drawn = {name: row.domain.draw(rng) for name, row in names.items()}
    return {name: sp.Rational(q.numerator, q.denominator) for name, q in drawn.items()}
