"""`cos^2 = 1 - sin^2` and `cosh^2 = 1 + sinh^2`: one form for sums that are equal by them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import sympy as sp

from stabcheck.symbolic.length import terms

MOST_EXPANDED = 5_000
SQUARES: Mapping[type, Callable[[sp.Expr], sp.Expr]] = MappingProxyType(
    {sp.cos: lambda t: 1 - sp.sin(t) ** 2, sp.cosh: lambda t: 1 + sp.sinh(t) ** 2}
)


def without_squares(expression: sp.Expr) -> sp.Expr:
    """The expression, expanded where that changes it, in which no cosine is squared.

    What is too long for that is left as it is.

    To polynomials a sine and a cosine are two independent letters: `sin^2 + cos^2 - 1` would not be 0.
    """
    if not expression.has(*SQUARES) or terms(expression) > MOST_EXPANDED:
        return expression
    return sp.expand(sp.expand(expression).replace(_is_squared, _written))


def _is_squared(e: sp.Basic) -> bool:
    if not isinstance(e, sp.Pow) or type(e.base) not in SQUARES:
        return False
    return isinstance(e.exp, sp.Integer) and abs(int(e.exp)) > 1


def _written(power: sp.Pow) -> sp.Expr:
    """`c^(2m + k)` as `(1 - s^2)^m c^k`, with `k` 0 or 1."""
    half, left = divmod(int(power.exp), 2)
    return SQUARES[type(power.base)](*power.base.args) ** half * power.base**left
