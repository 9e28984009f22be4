"""How long an expression would be, before it is expanded."""

from __future__ import annotations

from math import comb, prod

import sympy as sp

MOST = 10**6


def terms(e: sp.Expr) -> int:
    """At most how many terms an expression has when expanded, those inside functions included."""
    if not e.args:
        return 1
    inside = [terms(a) for a in e.args]
    if e.is_Add:
        return min(sum(inside), MOST)
    if isinstance(e, sp.Pow) and e.exp.is_Integer:
        n = abs(int(e.exp))
        return min(comb(n + inside[0] - 1, n), MOST)
    return min(prod(inside) if e.is_Mul else max(inside), MOST)
