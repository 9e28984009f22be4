"""What a declaration's functions return, as exact expressions, or one line on why it is none.

A float means the decimal that it shows: `0.1` is 1/10, as everywhere. One that shows no short
decimal, such as `1/3` computed in floats, is the binary fraction that it holds, and is told.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp
from mpmath.libmp import to_rational

from stabcheck.core.errors import SHOWN, BadInput, mistaken
from stabcheck.core.hyper import ours, preorder

if TYPE_CHECKING:
    from stabcheck.declare.games.game import Game

SHORT = 12
"""The most digits of a decimal that somebody may have typed."""
NO_NUMBERS = (sp.nan, sp.zoo, sp.oo, -sp.oo)


def number(value: Any) -> sp.Expr:
    """A number or an expression without floats.

    Raises:
        TypeError: if it is neither.
    """
    try:
        expression = without_floats(sp.sympify(value, strict=True))[0]
    except sp.SympifyError:
        raise TypeError(f"a {type(value).__name__} is no number") from None
    if getattr(expression, "is_real", True) is False:
        raise TypeError(f"{_short(expression)} is not real")
    return expression


def without_floats(expression: Any) -> tuple[Any, tuple[str, ...]]:
    """The same with a fraction for every float, and those that show no short decimal."""
    fractions = {f: _fraction(f) for f in expression.atoms(sp.Float)} if expression.has(sp.Float) else {}
    long = tuple(sorted(str(f) for f, (_, short) in fractions.items() if not short))
    return (expression.xreplace({f: q for f, (q, _) in fractions.items()}) if fractions else expression), long


def _fraction(f: sp.Float) -> tuple[sp.Expr, bool]:
    """The decimal that a float shows, or the fraction that it is; and whether it is the first."""
    if not f.is_finite:
        return sp.nan, True
    shown = Decimal(str(f))
    if len(shown.normalize().as_tuple().digits) <= SHORT:
        return sp.Rational(str(shown)), True
    return sp.Rational(*to_rational(f._mpf_)), False


def losses(game: Game, xp: Any, x: Sequence[np.ndarray]) -> tuple[sp.Expr, ...]:
    """The players' losses.

    Raises:
        BadInput: if there is not one real number per player, or a second evaluation gives others.
    """
    return _steady(game, xp, _losses, x, [f"the loss of {player}" for player in game.players])


def velocities(game: Game, xp: Any, x: Sequence[np.ndarray]) -> tuple[sp.Expr, ...]:
    """The field of a game without losses, one number per coordinate.

    Raises:
        BadInput: if there is not one real number per coordinate, or a second evaluation gives others.
    """
    return _steady(game, xp, _velocities, x, [f"the velocity of {name}" for name in game.names])


def _velocities(game: Game, xp: Any, x: Sequence[np.ndarray]) -> tuple[sp.Expr, ...]:
    returned = game.velocity(xp, *x)
    blocks = [np.atleast_1d(v) for v in returned] if isinstance(returned, tuple | list) else returned
    entries = vectors(game, "velocity", blocks)
    return tuple(_scalar(f"the velocity of {s}", e) for s, e in zip(game.names, entries, strict=True))


def _steady(
    game: Game,
    xp: Any,
    read: Callable[..., tuple[sp.Expr, ...]],
    x: Sequence[np.ndarray],
    what: Sequence[str],
) -> tuple[sp.Expr, ...]:
    """What a declaration gives, which must be the same twice."""
    first = read(game, xp, x)
    if any(not ours(type(part)) for part in preorder(game)):
        second = read(game, xp.fresh(), x)
        for label, a, b in zip(what, first, second, strict=True):
            if a != b and sp.expand(a - b) != 0:
                raise BadInput(
                    f"{label} is not deterministic: two evaluations differ; write means with"
                    " xp.expect or a law, and random constants once, outside the loss"
                )
    return first


def _losses(game: Game, xp: Any, x: Sequence[np.ndarray]) -> tuple[sp.Expr, ...]:
    returned = game.losses(xp, *x)
    many = returned if isinstance(returned, tuple | list) else None
    if many is None or len(many) != len(game.players):
        example = f"return {', '.join(f'L_{p}' for p in game.players)}"
        count = f"{len(many)} losses" if many is not None else returned
        raise mistaken(f"{game.label}.losses must return one loss for each of {len(game.players)} players",
                       count, example)  # fmt: skip
    return tuple(_scalar(f"the loss of {p}", loss) for p, loss in zip(game.players, many, strict=True))


def _scalar(what: str, value: Any) -> sp.Expr:
    """A real number, maybe with symbols in it.

    Raises:
        BadInput: for anything else.
    """
    if isinstance(value, np.ndarray) and value.ndim:
        size = len(value)
        raise BadInput(f"{what} must be one number, not a vector of {size}; take an entry, x[0], or x @ y")
    expression = _expression(value.item() if isinstance(value, np.ndarray) else value)
    if expression is None:
        raise mistaken(f"{what} must be a number", value, "a number, or a formula of the players' entries")
    if expression.has(sp.I) or (expression.is_real is False and expression.is_finite):
        raise BadInput(f"{what} is not real: {_short(expression)} has an imaginary part")
    if expression.has(*NO_NUMBERS):
        raise BadInput(f"{what} is no finite number: {_short(expression)}")
    return expression


def _expression(value: Any) -> sp.Expr | None:
    if isinstance(value, bool):
        return None
    try:
        expression = sp.sympify(value, strict=True)
    except sp.SympifyError:
        return None
    return expression if isinstance(expression, sp.Expr) else None


def _short(expression: sp.Expr) -> str:
    text = str(expression)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def vectors(game: Game, name: str, returned: Any) -> tuple[Any, ...]:
    """The entries of one vector per player, one after the other.

    Raises:
        BadInput: if there is not one of each player's length.
    """
    blocks = list(returned) if isinstance(returned, tuple | list) else [returned]
    sizes = tuple(len(block) if np.iterable(block) else None for block in blocks)  # pyright: ignore[reportArgumentType]
    if sizes != tuple(game.dims):
        shown = ", ".join("a number" if size is None else f"a vector of {size}" for size in sizes)
        zeros = ", ".join(f"xp.zeros({dim})" for dim in game.dims)
        raise BadInput(
            f"{game.label}.{name} must return one vector per player, of lengths {tuple(game.dims)},"
            f" not {shown}; write return {zeros}{',' if len(game.dims) == 1 else ''}"
        )
    return tuple(_scalar(f"an entry of {game.label}.{name}", entry) for block in blocks for entry in block)
