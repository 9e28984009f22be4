"""How long an expression would be, before it is expanded."""

from __future__ import annotations

from math import comb, prod

import sympy as sp

MOST = 10**6


def terms(e: sp.Expr) -> int:
    """At most how many terms an expression has when expanded, those inside functions included."""
    if not e.args:
        return 1
    inside = [terms(a) for a in e.args]  # pyright: ignore[reportArgumentType]
    if e.is_Add:
        return min(sum(inside), MOST)
    if e.is_Pow and e.exp.is_Integer:  # pyright: ignore[reportAttributeAccessIssue]
        n = abs(int(e.exp))  # pyright: ignore[reportAttributeAccessIssue]
        return min(comb(n + inside[0] - 1, n), MOST)
    return min(prod(inside) if e.is_Mul else max(inside), MOST)
