"""What first and second order feel of a loss where the critic's values are 0."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sympy as sp

from stabcheck.core import hyper
from stabcheck.core.errors import StabcheckError
from stabcheck.declare.losses.loss import GeneralSum, Loss, Opposed, Separable
from stabcheck.symbolic.kinks import smooth
from stabcheck.symbolic.ops import SymPyOps, exact
from stabcheck.symbolic.pieces import Place
from stabcheck.symbolic.unevaluated import GermFunction
from stabcheck.symbolic.zero import vanishes

BY_SAMPLE = (Loss, Separable, Opposed, GeneralSum)
"""The classes whose means over many samples are means of what they say of one or two."""
MOST_OPERATIONS = 100


@dataclass(frozen=True)
class Slopes:
    """The derivatives of a loss at `D(x) = D(G(z)) = 0`, in its hyperparameters and its germs.

    Attributes:
        f1: `-d L_D/d fake`, which is `f'(0)` where the loss has an `f`.
        f2: `-d^2 L_D/d fake^2`.
        r2: `-d^2 L_D/d real^2`.
        mixed: `d^2 L_D/d real d fake`: 0 where the critic judges the two sides apart.
        made: `d L_G/d fake`.
        uneven: `f1 - made`: 0 where each player feels the other alike.
        paired: `d^2 L_G/d real d fake`: 0 where the generator looks at one sample at a time.
        general_sum: 0 where `L_G = -L_D` for all values, but for what the generator cannot change.
        unreflected: 0 where `L_G = -E f(-D(G(z)))` with the critic's `f`, for all values; both 1 where
            what is left is no number.
        curved: 0 where the critic is linear in `D(G(z))`, for all values.
        unit: 0 where it is, with `f'(0) = 1`.
    """

    f1: sp.Expr
    f2: sp.Expr
    r2: sp.Expr
    mixed: sp.Expr
    made: sp.Expr
    uneven: sp.Expr
    paired: sp.Expr
    general_sum: sp.Expr = sp.S.One
    unreflected: sp.Expr = sp.S.One
    curved: int = 1
    unit: sp.Expr = sp.S.One

    @property
    def letters(self) -> dict[str, Any]:
        """What statements ask of a loss, by the letters of the literature."""
        return {**vars(self), "c": self.f1}


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
    losses = ops.exactly((loss.critic(ops, real, fake), loss.generator(ops, real, fake)))
    critic, generator = (
        smooth(e, place, (real, fake), order).expression for e, order in zip(losses, (2, 1), strict=True)
    )
    at_rest = lambda e: sp.expand(e.xreplace(dict(place.point)).xreplace(ops.alike()))  # noqa: E731
    f1, f2, r2, made = map(
        at_rest, (-critic.diff(fake), -critic.diff(fake, 2), -critic.diff(real, 2), generator.diff(fake))
    )
    mixed, paired = (_short(at_rest(e.diff(real).diff(fake))) for e in (critic, generator))
    general_sum, unreflected = _throughout(losses[0], losses[1], real, fake)
    slope = -_written(losses[0].diff(fake), ops)
    curved = int(_flat(slope).has(fake))
    unit = sp.S.One if curved else _short(slope - 1)
    uneven = _short(f1 - made)
    return Slopes(f1, f2, r2, mixed, made, uneven, paired, general_sum, unreflected, curved, unit)


def _throughout(critic: sp.Expr, generator: sp.Expr, real: sp.Symbol, fake: sp.Symbol) -> Iterator[sp.Expr]:
    """`general_sum` and `unreflected`: 0 where something vanishes for all values, as proved."""
    back = critic.xreplace({real: sp.S.Zero}).diff(fake).xreplace({fake: -fake})
    for e in ((critic + generator).diff(fake), generator.diff(fake) + back):
        flat = sp.S.Zero if _null(e) else _flat(e)
        yield sp.S.One if flat.has(real, fake, GermFunction) else flat


def _written(expression: sp.Expr, ops: SymPyOps) -> sp.Expr:
    """The same with functions that are known by their germ written out."""
    return ops.at({}, expression) if expression.has(GermFunction) else expression


def _flat(expression: sp.Expr) -> sp.Expr:
    """The same expanded, but for long ones, which are no numbers."""
    return sp.expand(expression) if expression.count_ops() < MOST_OPERATIONS else expression


def _null(expression: sp.Expr) -> bool:
    # Functions known by their germ are letters, between which expanding decides.
    flat = _flat(expression)
    return flat == 0 or (not flat.has(GermFunction) and vanishes(flat) is True)


def _short(expression: sp.Expr) -> sp.Expr:
    flat = sp.expand(expression)
    return flat if flat.is_Number else sp.simplify(flat)


def slope_of(loss: Loss) -> Callable[[sp.Expr], tuple[sp.Expr, sp.Expr]]:
    """`t -> (f'(t), f''(t))` with `f(t) = -L_D` at `D(x) = 0`, `D(G(z)) = t`."""
    ops, fake = SymPyOps(), sp.Dummy("fake", real=True)
    (critic,) = ops.exactly([hyper.rebind(loss, exact).critic(ops, sp.S.Zero, fake)])
    first = -critic.diff(fake)
    return lambda t: (first.xreplace({fake: t}), first.diff(fake).xreplace({fake: t}))
