"""`Ops` in JAX: losses as traceable float64 functions."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from stabcheck.core.errors import NotApplicable
from stabcheck.core.oracle import BaseLaw
from stabcheck.declare.laws import nodes_on_a_line

NODES = 12
NEWTON_STEPS = 12
MOST_NODES = 150_000


@dataclass(frozen=True)
class JaxOps:
    """The arithmetic of losses in JAX.

    The doors to a kink have the derivative NaN at the kink, never a silent one-sided value.

    Attributes:
        nested: the numbers of nodes of the integrals around the one at hand.
        corner: the slope of `|t|` at 0. A number serves beside the equilibrium, where what is still 0
            is so for every state.
    """

    nested: list[int] = field(default_factory=list)
    corner: Any = math.nan

    def exp(self, t: jax.Array) -> jax.Array:
        return jnp.exp(t)

    def log(self, t: jax.Array) -> jax.Array:
        return jnp.log(t)

    def tanh(self, t: jax.Array) -> jax.Array:
        return jnp.tanh(t)

    def sqrt(self, t: jax.Array) -> jax.Array:
        return self._root(t)

    def sin(self, t: jax.Array) -> jax.Array:
        return jnp.sin(t)

    def cos(self, t: jax.Array) -> jax.Array:
        return jnp.cos(t)

    def tan(self, t: jax.Array) -> jax.Array:
        return jnp.tan(t)

    def sinh(self, t: jax.Array) -> jax.Array:
        return jnp.sinh(t)

    def cosh(self, t: jax.Array) -> jax.Array:
        return jnp.cosh(t)

    def atan(self, t: jax.Array) -> jax.Array:
        return jnp.arctan(t)

    def asinh(self, t: jax.Array) -> jax.Array:
        return jnp.arcsinh(t)

    def erf(self, t: jax.Array) -> jax.Array:
        return jax.scipy.special.erf(t)

    def asin(self, t: jax.Array) -> jax.Array:
        return jnp.arcsin(t)

    def acos(self, t: jax.Array) -> jax.Array:
        return jnp.arccos(t)

    @property
    def pi(self) -> jax.Array:
        return jnp.asarray(math.pi, float)

    def softplus(self, t: jax.Array) -> jax.Array:
        return jax.nn.softplus(t)

    def lambertw(self, t: jax.Array) -> jax.Array:
        return _lambertw(t)

    def zeros(self, n: int) -> jax.Array:
        return jnp.zeros(n)

    def vector(self, *entries: Any) -> jax.Array:
        return jnp.stack([jnp.asarray(float(e) if isinstance(e, Fraction) else e, float) for e in entries])

    def abs(self, t: jax.Array, label: str) -> jax.Array:
        del label
        return _absolute(t, self.corner)

    def norm(self, u: jax.Array, label: str) -> jax.Array:
        del label
        return self._root(u @ u)

    def _root(self, t: jax.Array) -> jax.Array:
        nothing = t == 0
        return jnp.where(nothing, _absolute(t, self.corner), jnp.sqrt(jnp.where(nothing, 1.0, t)))

    def minimum(self, a: jax.Array, b: Any, label: str) -> jax.Array:
        return jnp.minimum(a, b) + 0 * self.abs(a - b, label)

    def maximum(self, a: jax.Array, b: Any, label: str) -> jax.Array:
        return jnp.maximum(a, b) + 0 * self.abs(a - b, label)

    def grad(self, fn: Callable[[jax.Array], jax.Array], x: jax.Array) -> jax.Array:
        return jax.grad(fn)(x)

    def expect(self, fn: Callable[[jax.Array], jax.Array], law: BaseLaw) -> jax.Array:
        """By a product rule, exact for polynomials of degree up to 23.

        For one or two nested integrals on a line there are nodes enough for smooth functions that
        are no polynomials.

        Raises:
            NotApplicable: if that takes too many nodes, from dimension four on.
        """
        count = nodes_on_a_line(len(self.nested)) if law.dim == 1 else NODES
        total = math.prod(self.nested) * count**law.dim
        if total > MOST_NODES:
            raise NotApplicable(f"quadrature in so many dimensions would take {total} nodes")
        nodes, weights = law.quadrature(count)
        grids = np.meshgrid(*[nodes] * law.dim, indexing="ij")
        points = np.stack([g.ravel() for g in grids], axis=-1)
        masses = np.prod(np.meshgrid(*[weights] * law.dim, indexing="ij"), axis=0).ravel()
        self.nested.append(count**law.dim)
        try:
            return jnp.asarray(masses) @ jax.vmap(fn)(jnp.asarray(points))
        finally:
            self.nested.pop()

    def germ(self, name: str, fn: Callable[[Any], Any], t: Any) -> Any:
        del name
        return fn(t)


@jax.custom_jvp
def _absolute(t: jax.Array, corner: Any) -> jax.Array:
    """`|t|`, with a given slope at 0."""
    del corner
    return jnp.abs(t)


@_absolute.defjvp
def _absolute_jvp(primals: tuple[Any, Any], tangents: tuple[Any, Any]) -> tuple[jax.Array, jax.Array]:
    (t, corner), (dt, _) = primals, tangents
    return _absolute(t, corner), jnp.where(t == 0, corner, jnp.sign(t)) * dt


@jax.custom_jvp
def _lambertw(t: jax.Array) -> jax.Array:
    """By Newton's method, from `log(1 + t)` above the root for `t > 0`."""

    def newton(_: int, w: jax.Array) -> jax.Array:
        return w - (w - t * jnp.exp(-w)) / (1 + w)

    return jax.lax.fori_loop(0, NEWTON_STEPS, newton, jnp.log1p(t))


@_lambertw.defjvp
def _lambertw_jvp(primals: tuple[jax.Array], tangents: tuple[jax.Array]) -> tuple[jax.Array, jax.Array]:
    (t,), (dt,) = primals, tangents
    w = _lambertw(t)
    return w, dt * jnp.exp(-w) / (1 + w)
