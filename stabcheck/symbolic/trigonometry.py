"""`cos^2 = 1 - sin^2` and `cosh^2 = 1 + sinh^2`: one form for sums that are equal by them."""

from __future__ import annotations

from types import MappingProxyType

import sympy as sp

from stabcheck.symbolic.length import terms

MOST_EXPANDED = 5_000
SQUARES = MappingProxyType({sp.cos: lambda t: 1 - sp.sin(t) ** 2, sp.cosh: lambda t: 1 + sp.sinh(t) ** 2})


def without_squares(expression: sp.Expr) -> sp.Expr:
    """The expression, expanded where that changes it, in which no cosine is squared.

    What is too long for that is left as it is.

    To polynomials a sine and a cosine are two independent letters: `sin^2 + cos^2 - 1` would not be 0.
    """
    if not expression.has(*SQUARES) or terms(expression) > MOST_EXPANDED:
        return expression
    return sp.expand(sp.expand(expression).replace(_is_squared, _written))


def _is_squared(e: sp.Basic) -> bool:
    return e.is_Pow and type(e.base) in SQUARES and e.exp.is_Integer and abs(e.exp) > 1  # pyright: ignore[reportAttributeAccessIssue]


def _written(power: sp.Pow) -> sp.Expr:
    """`c^(2m + k)` as `(1 - s^2)^m c^k`, with `k` 0 or 1."""
    half, left = divmod(int(power.exp), 2)
    return SQUARES[type(power.base)](*power.base.args) ** half * power.base**left  # pyright: ignore[reportArgumentType]
