"""What first and second order feel of a loss where the critic's values are 0."""

# SymPy types its results too loosely for these checks.
# pyright: basic, reportArgumentType=false, reportAttributeAccessIssue=false, reportCallIssue=false
# pyright: reportAssignmentType=false, reportGeneralTypeIssues=false, reportOperatorIssue=false
# pyright: reportReturnType=false

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import sympy as sp

from stabcheck.core import hyper
from stabcheck.core.errors import StabcheckError
from stabcheck.declare.losses.loss import GeneralSum, Loss, Opposed, Separable
from stabcheck.symbolic.kinks import smooth
from stabcheck.symbolic.ops import SymPyOps, exact
from stabcheck.symbolic.pieces import Place

BY_SAMPLE = (Loss, Separable, Opposed, GeneralSum)
"""The classes whose means over many samples are means of what they say of one or two."""


@dataclass(frozen=True)
class Slopes:
    """The derivatives of a loss at `D(x) = D(G(z)) = 0`, in its hyperparameters and its germs.

    Attributes:
        f1: `-d L_D/d fake`, which is `f'(0)` where the loss has an `f`.
        f2: `-d^2 L_D/d fake^2`.
        r2: `-d^2 L_D/d real^2`.
        mixed: `d^2 L_D/d real d fake`.
        made: `d L_G/d fake`.
    """

    f1: sp.Expr
    f2: sp.Expr
    r2: sp.Expr
    mixed: sp.Expr
    made: sp.Expr

    @property
    def coupled(self) -> bool:
        """Whether both players feel each other at first order, by the same `f'(0)`."""
        return self.f1 != 0 and sp.simplify(self.f1 - self.made) == 0

    @property
    def apart(self) -> bool:
        """Whether the critic judges data and generated samples apart, to second order."""
        return sp.simplify(self.mixed) == 0


def slopes(loss: Loss) -> Slopes | None:
    """The slopes of a loss.

    `None` where there are none to speak of: at a kink, for means that are no means of what single
    samples give, and for a loss that SymPy cannot read.
    """
    if any(_home(type(loss), name) not in BY_SAMPLE for name in ("mean_critic", "mean_generator")):
        return None
    try:
        return _slopes(hyper.rebind(loss, exact))
    except (StabcheckError, TypeError, AttributeError):
        return None


def _home(cls: type[Loss], name: str) -> type:
    """The class that a method of another one is written in."""
    return next(base for base in cls.__mro__ if name in vars(base))


@lru_cache(maxsize=64)
def _slopes(loss: Loss) -> Slopes:
    ops = SymPyOps()
    real, fake = (sp.Dummy(name, real=True) for name in ("real", "fake"))
    place = Place(ops, {real: sp.S.Zero, fake: sp.S.Zero})
    said = ops.exactly((loss.critic(ops, real, fake), loss.generator(ops, real, fake)))
    critic, generator = (
        smooth(e, place, (real, fake), order).expression for e, order in zip(said, (2, 1), strict=True)
    )
    sides = (-critic.diff(fake), -critic.diff(fake, 2), -critic.diff(real, 2))
    mixed = critic.diff(real).diff(fake)
    found = (e.xreplace(dict(place.point)) for e in (*sides, mixed, generator.diff(fake)))
    return Slopes(*(sp.expand(e.xreplace(ops.alike())) for e in found))
