"""`Ops` in JAX: losses as traceable float64 functions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from stabcheck.errors import NotApplicable
from stabcheck.oracle import BaseLaw

NODES = 12
MOST_NODES = 20_000


@dataclass(frozen=True)
class JaxOps:
    """The arithmetic of losses in JAX.

    The doors to a kink have the derivative NaN at the kink, never a silent one-sided value.
    """

    def exp(self, t: jax.Array) -> jax.Array:
        return jnp.exp(t)

    def log(self, t: jax.Array) -> jax.Array:
        return jnp.log(t)

    def tanh(self, t: jax.Array) -> jax.Array:
        return jnp.tanh(t)

    def sqrt(self, t: jax.Array) -> jax.Array:
        return jnp.sqrt(t)

    def softplus(self, t: jax.Array) -> jax.Array:
        return jax.nn.softplus(t)

    def zeros(self, n: int) -> jax.Array:
        return jnp.zeros(n)

    def vector(self, *entries: Any) -> jax.Array:
        return jnp.stack([jnp.asarray(e, dtype=float) for e in entries])

    def abs(self, t: jax.Array, label: str) -> jax.Array:
        del label
        return jnp.sqrt(t * t)

    def norm(self, u: jax.Array, label: str) -> jax.Array:
        del label
        return jnp.sqrt(u @ u)

    def minimum(self, a: jax.Array, b: Any, label: str) -> jax.Array:
        return jnp.minimum(a, b) + 0 * self.abs(a - b, label)

    def maximum(self, a: jax.Array, b: Any, label: str) -> jax.Array:
        return jnp.maximum(a, b) + 0 * self.abs(a - b, label)

    def grad(self, fn: Callable[[jax.Array], jax.Array], x: jax.Array) -> jax.Array:
        return jax.grad(fn)(x)

    def expect(self, fn: Callable[[jax.Array], jax.Array], law: BaseLaw) -> jax.Array:
        """By a product rule of Gauss type, exact for polynomials of degree up to 23.

        Raises:
            NotApplicable: if that takes too many nodes, from dimension five on.
        """
        if NODES**law.dim > MOST_NODES:
            raise NotApplicable(f"quadrature in {law.dim} dimensions would take {NODES}^{law.dim} nodes")
        nodes, weights = law.quadrature(NODES)
        grids = np.meshgrid(*[nodes] * law.dim, indexing="ij")
        points = np.stack([g.ravel() for g in grids], axis=-1)
        masses = np.prod(np.meshgrid(*[weights] * law.dim, indexing="ij"), axis=0).ravel()
        return jnp.asarray(masses) @ jax.vmap(fn)(jnp.asarray(points))

    def germ(self, name: str, fn: Callable[[Any], Any], t: Any) -> Any:
        del name
        return fn(t)
