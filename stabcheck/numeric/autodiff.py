"""`Oracle` in JAX: the full nonlinear game, differentiated by autodiff."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from stabcheck.core.errors import BadInput
from stabcheck.core.oracle import Ops, Oracle, WithoutLosses
from stabcheck.declare.games.game import Game
from stabcheck.numeric.algebra import Dense, LinearAlgebra
from stabcheck.numeric.ops import JaxOps

NEWTON_STEPS = 8
RESIDUAL = 1e-9
"""Relative to the root; where Newton's method does not come as close, the root is NaN."""


@dataclass(frozen=True)
class Autodiff(Oracle):
    """A game whose hyperparameters are JAX arrays, at every point of its state space.

    Attributes:
        game: the game.
        at: the point of analysis, `(n,)`; `None` for the equilibrium.
        xp: the arithmetic of its losses.
        algebra: solves its linear equations.
    """

    game: Game
    at: Any = None
    xp: Ops = field(default_factory=JaxOps)
    algebra: LinearAlgebra = field(default_factory=Dense)

    @classmethod
    def of(cls, game: Game, *given: Any, **named: Any) -> Autodiff:
        """The oracle of a game, or of a field that is given; the other arguments are those of the class."""
        return (cls if game.has_losses else Given)(game, *given, **named)

    @property
    def players(self) -> int:  # pyright: ignore[reportIncompatibleVariableOverride] (read only)
        return len(self.game.dims)

    @property
    def size(self) -> int:  # pyright: ignore[reportIncompatibleVariableOverride] (read only)
        return sum(self.game.dims)

    @property
    def rest(self) -> jax.Array:
        return self._flat(self.game.equilibrium(self.xp)) if self.at is None else self.at

    @cached_property
    def losses(self) -> Callable[[jax.Array], jax.Array]:
        """Every player's loss, `(players,)`. Traced once, however often a step asks for it."""
        return jax.jit(self.declared)

    def declared(self, x: jax.Array) -> jax.Array:
        """What the game declares: every player's loss, or the field where it is given."""
        return self._real(jnp.stack(self.game.losses(self.xp, *self.blocks(x))))

    @cached_property
    def _gradients(self) -> tuple[Callable[[jax.Array], jax.Array], ...]:
        return tuple(jax.jit(jax.grad(partial(self.loss, i))) for i in range(self.players))

    def loss(self, i: int, x: jax.Array) -> jax.Array:
        """`L_i(x)`."""
        return self.losses(x)[i]

    def blocks(self, x: jax.Array) -> list[jax.Array]:
        """A flat point as one vector per player."""
        return jnp.split(x, np.cumsum(self.game.dims)[:-1])

    def project(self, x: jax.Array) -> jax.Array:
        """Where the game puts the result `x` of a step."""
        return self._flat(self.game.project(self.xp, *self.blocks(x)))

    def _flat(self, blocks: Iterable[Any]) -> jax.Array:
        """One vector per player, as an array or as a list of numbers, joined."""
        return jnp.concatenate([b if isinstance(b, jax.Array) else self.xp.vector(*b) for b in blocks])

    def _real(self, losses: jax.Array) -> jax.Array:
        if jnp.iscomplexobj(losses):
            raise BadInput(
                f"a loss of {self.game.label} is complex, though maybe with an imaginary part of 0"
            )
        return losses

    def grad(self, i: int, x: jax.Array) -> jax.Array:
        return self._gradients[i](x)

    def hvp(self, i: int, x: jax.Array, u: jax.Array) -> jax.Array:
        return jax.jvp(lambda y: self.grad(i, y), (x,), (u,))[1]

    def bare(self) -> Oracle:
        return self if self.game.bare is self.game else replace(self, game=self.game.bare)

    def only(self, i: int, u: jax.Array) -> jax.Array:
        owner = np.repeat(np.arange(self.players), self.game.dims)
        return jnp.where(owner == i, u, 0.0)

    def solve(self, op: Callable[[jax.Array], jax.Array], b: jax.Array) -> jax.Array:
        return self.algebra.solve(op, b)

    def root(self, fn: Callable[[jax.Array], jax.Array], x: jax.Array) -> jax.Array:
        def newton(_: int, u: jax.Array) -> jax.Array:
            return u - self.algebra.solve(lambda w: jax.jvp(fn, (u,), (w,))[1], fn(u))

        def iterate(_: Callable[..., Any], start: jax.Array) -> jax.Array:
            end = jax.lax.fori_loop(0, NEWTON_STEPS, newton, start)
            converged = jnp.abs(fn(end)).max() <= RESIDUAL * (1 + jnp.abs(end).max())
            return jnp.where(converged, end, jnp.nan)

        # The derivative is that of the implicit function, not of the iteration.
        return jax.lax.custom_root(fn, x, iterate, self.algebra.solve)

    def repeat(self, n: int, fn: Callable[[Any], Any], state: Any) -> Any:
        if n == 1:
            return fn(state)
        return jax.lax.fori_loop(0, n, lambda _, s: fn(s), state)

    def sqrt(self, u: jax.Array) -> jax.Array:
        return jnp.sqrt(u)

    def dot(self, u: jax.Array, w: jax.Array) -> jax.Array:
        return u @ w

    def sign(self, t: jax.Array) -> jax.Array:
        return jnp.sign(t)


@dataclass(frozen=True)
class Given(WithoutLosses, Autodiff):
    """A field that is given, differentiated by autodiff."""

    @cached_property
    def _velocity(self) -> Callable[[jax.Array], jax.Array]:
        return jax.jit(self.declared)

    def declared(self, x: jax.Array) -> jax.Array:
        return jnp.concatenate([jnp.atleast_1d(v) for v in self.game.velocity(self.xp, *self.blocks(x))])

    def v(self, x: jax.Array) -> jax.Array:
        return self._velocity(x)

    def jvp(self, x: jax.Array, u: jax.Array) -> jax.Array:
        return jax.jvp(self.v, (x,), (u,))[1]

    def vjp(self, x: jax.Array, u: jax.Array) -> jax.Array:
        return jax.vjp(self.v, x)[1](u)[0]
