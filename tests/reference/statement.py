"""A game as its players' gradients, taken by hand, and what follows from them by complex steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from tests.reference.methods import masks

STEP = 1e-30
"""An imaginary step: nothing is subtracted, so that it may be as small as that."""
ASIDE, NOTHING = 1e-7, 1e-9


class Meaningless(ValueError):
    """The parts have no meaning together."""


class Unstated(ValueError):
    """What is asked for needs more than first and second derivatives at rest."""


class Drifts(ValueError):
    """A method does not stay at rest.

    Attributes:
        field: what it follows there.
    """

    def __init__(self, field):
        super().__init__()
        self.field = field


Gradients = Callable[[np.ndarray], np.ndarray]


def jacobian(fn, x):
    """`fn'(x)`, the last axis along the coordinates of `x`: `Im fn(x + i STEP e_k)/STEP`."""
    return np.stack([fn(x + 1j * STEP * e).imag / STEP for e in np.eye(len(x))], axis=-1)


@dataclass(frozen=True)
class Statement:
    """A game, stated by hand.

    Attributes:
        dims: coordinates of each player.
        rest: the point that it is said to rest at.
        gradients: each player's, in all coordinates, `(players, n)`, at a real or complex point.
        put: where a step's result goes.
        gan: the features and samples that it is made of, if it is a GAN.
        without: the game without the terms of its penalties; `None` for itself.
        bent: its Hessians at rest, where complex steps have served for the gradients already.
    """

    dims: Sequence[int]
    rest: np.ndarray
    gradients: Gradients
    put: Callable[[np.ndarray], np.ndarray] = lambda x: x
    gan: object = None
    without: Statement | None = None
    bent: np.ndarray | None = field(default=None, compare=False)

    @property
    def masks(self):
        return np.array(masks(self.dims))

    @cached_property
    def hessians(self):
        """Of each player's loss at rest, `(players, n, n)`."""
        return jacobian(self.gradients, self.rest) if self.bent is None else self.bent

    @property
    def bare(self):
        """The game without the terms of its penalties."""
        return self if self.without is None else self.without

    def field(self, x):
        """`v = -sum_i P_i grad L_i`."""
        return -sum(p @ g for p, g in zip(self.masks, self.gradients(x), strict=True))

    def slope(self, x):
        """`v'`."""
        return jacobian(self.field, x)

    @property
    def moves(self):
        """Whether the point said to be at rest is none; beside it, where the field has no value there."""
        off = np.abs(self.put(self.rest) - self.rest).max()
        speed = np.abs(self.field(self.rest)).max()
        return bool(max(off, 0 if np.isnan(speed) else speed) > NOTHING)

    @property
    def kinked(self):
        """Whether the field has a jump at rest along some direction, or another slope behind than ahead."""
        aside = ASIDE * np.cos(np.arange(1, len(self.rest) + 1))
        behind, before, after, ahead = (self.field(self.rest + k * aside) for k in (-2, -1, 1, 2))
        rise, fall = ahead - after, before - behind
        most = ASIDE + np.abs([rise, fall]).max()
        return bool(np.abs(after - before).max() > 100 * most or np.abs(rise - fall).max() > most / 100)


def quadratic(dims, hessians, **others):
    """The game `L_i = x^T A_i x/2`."""
    hessians = np.array(hessians, dtype=float)
    return Statement(dims, np.zeros(sum(dims)), lambda x: hessians @ x, **others)
