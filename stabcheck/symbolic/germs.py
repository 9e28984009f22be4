"""Derivatives of functions known by name, found once for all games that have them."""

from __future__ import annotations

from functools import lru_cache

import sympy as sp

ARGUMENT = sp.Dummy("t", real=True)
"""What such a function is written in."""


@lru_cache(maxsize=256)
def derivative(body: sp.Expr, k: int) -> sp.Expr:
    """`f^(k)` in `ARGUMENT`.

    Args:
        body: `f` in `ARGUMENT`.
        k: the order.
    """
    return body.diff(ARGUMENT, k)


@lru_cache(maxsize=256)
def at_zero(body: sp.Expr, k: int) -> sp.Expr:
    """`f^(k)(0)`, written shortly; the arguments as in `derivative`."""
    value = derivative(body, k).subs(ARGUMENT, sp.S.Zero)
    return value if value.is_Rational else _shortened(value)


def _shortened(expression: sp.Expr) -> sp.Expr:
    """The same number shorter; a hundred times as fast as SymPy's `simplify` on logs of exponentials."""
    plain = _without_detours(sp.cancel(_without_detours(expression)))
    return sp.together(sp.powsimp(sp.powdenest(plain, force=True)))


def _without_detours(expression: sp.Expr) -> sp.Expr:
    """`log(exp(t))` as `t`: every symbol here is real, which SymPy does not see of quotients."""
    flat = expression.replace(sp.log, lambda t: sp.log(sp.cancel(t)))
    detour = lambda e: isinstance(e, sp.log) and isinstance(e.args[0], sp.exp)  # noqa: E731
    return flat.replace(detour, lambda e: e.args[0].args[0])
