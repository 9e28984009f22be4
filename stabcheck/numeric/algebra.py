"""How the numeric oracle solves linear equations: handed in, as a method asks for no matrix."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import jax
import jax.numpy as jnp

Linear = Callable[[jax.Array], jax.Array]


class LinearAlgebra(Protocol):
    """What the oracle asks of it; an iteration needs products with `op` alone."""

    def solve(self, op: Linear, b: jax.Array) -> jax.Array:
        """The `u` with `op(u) = b`, for a linear `op` on vectors `(n,)`."""
        ...


@dataclass(frozen=True)
class Dense:
    """By the matrix of `op`, column by column, and its factors."""

    def solve(self, op: Linear, b: jax.Array) -> jax.Array:
        return jnp.linalg.solve(jax.jacfwd(op)(jnp.zeros_like(b)), b)
