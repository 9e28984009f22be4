"""Case formulas as they are printed, read back and evaluated without what made them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise

import sympy as sp

from stabcheck.judge.region import Region
from stabcheck.judge.threshold import Threshold
from stabcheck.symbolic.point import Point
from stabcheck.symbolic.polynomials import expression
from stabcheck.symbolic.printing import code
from stabcheck.symbolic.zero import sign

RELATION = re.compile(r" (<=|>=|!=|<|>|=) ")
DIGITS, NEAR = 60, sp.Float("1e-25", 60)


def holds(solution: Threshold, values: Mapping[str, object]) -> bool:
    """Whether the formula says that it is stable at values, which may be algebraic numbers."""
    for case in solution.cases:
        where = solution.where(case, code)
        if where in {"", "otherwise"} or _all(where, solution, values):
            return any(_all(interval, solution, values) for interval in solution.intervals(case, code))
    raise AssertionError(f"no case is about {values}")


def _all(text: str, solution: Threshold, values: Mapping[str, object]) -> bool:
    return all(_one(part, solution, values) for part in text.split(" and "))


def _one(text: str, solution: Threshold, values: Mapping[str, object]) -> bool:
    """Whether a chain of comparisons holds; `every x` does."""
    if text.startswith("every "):
        return True
    sides = RELATION.split(text)
    numbers = [_value(side, solution, values) for side in sides[::2]]
    return None not in numbers and all(
        _compared(a, relation, b) for (a, b), relation in zip(pairwise(numbers), sides[1::2], strict=True)
    )


def _compared(a: sp.Expr, relation: str, b: sp.Expr) -> bool:
    gap = a - b
    sign = 0 if abs(gap) < NEAR else 1 if gap > 0 else -1
    return {"<": sign < 0, "<=": sign <= 0, ">": sign > 0, ">=": sign >= 0, "=": not sign, "!=": sign != 0}[
        relation
    ]


def _value(text: str, solution: Threshold, values: Mapping[str, object]) -> sp.Expr | None:
    names = {name: sp.Symbol(name) for name in values}
    root = re.fullmatch(r"root (\d+) of (.*)", text)
    e = sp.sympify(root[2] if root else text, names)
    known = {s: sp.sympify(values[n]) for n, s in names.items() if not root or n != solution.name}
    if not root:
        return sp.N(e.xreplace(known), DIGITS)
    poly = sp.Poly(e.xreplace(known), names[solution.name])
    domain = solution.region.domains[solution.name]
    inside = [r for r in _roots(poly) if _is_in(r, domain)]
    return inside[int(root[1]) - 1] if len(inside) >= int(root[1]) else None


def _roots(poly: sp.Poly) -> list[sp.Expr]:
    if all(c.is_Rational for c in poly.all_coeffs()):
        return [sp.N(r, DIGITS) for r in sp.real_roots(poly)]
    return sorted(sp.re(r) for r in poly.nroots(DIGITS, maxsteps=500) if abs(sp.im(r)) < NEAR)


def _is_in(r: sp.Expr, domain) -> bool:
    low, high = (None if end is None else sp.Rational(end.at) for end in (domain.low, domain.high))
    return (low is None or r > low + NEAR) and (high is None or r < high - NEAR)


def number(point: Point, name: str) -> sp.Expr:
    """A coordinate of a point, exactly."""
    row = (point.coordinates[name] % point.number.modulus).coeffs()
    root = point.number.expression
    return sp.Add(*(sp.Rational(int(c.p), int(c.q)) * root**k for k, c in enumerate(row)))


def is_inside(region: Region, values: Mapping[str, sp.Expr]) -> bool | None:
    """Whether all conditions hold at values, which may be algebraic numbers."""
    exact = {p: expression(p, region.letters) for p in region.inside.polynomials}
    signs = {p: sign(e.xreplace({s: values[s.name] for s in e.free_symbols})) for p, e in exact.items()}
    if None in signs.values():
        return None
    return all(condition.truth(signs.__getitem__) for condition in region.conditions)
