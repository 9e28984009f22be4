"""The exact rest point that a float one stands for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

import sympy as sp

from stabcheck.core.errors import Undecidable
from stabcheck.symbolic.model import Model
from stabcheck.symbolic.rest.certified import certified
from stabcheck.symbolic.rest.solve import rest_points

NEAR = Fraction(1, 10**6)
Both = tuple[tuple[sp.Expr, ...], tuple[sp.Expr, ...]] | None
DENOMINATORS = (1, 2, 6, 12, 60, 420, 10**3, 10**4, 10**5, 10**6)


def exact_near(
    model: Model, values: Mapping[str, sp.Expr], floats: Sequence[float]
) -> tuple[sp.Expr, ...] | None:
    """The exact rest point within a millionth of a float one, or `None` where none is found.

    Args:
        model: the game.
        values: numbers for its open names.
        floats: the point.
    """
    both = both_near(model, values, floats)
    return None if both is None else both[0]


def both_near(model: Model, values: Mapping[str, sp.Expr], floats: Sequence[float]) -> Both:
    """As `exact_near`, the point as in `RestPoints.points` and as in `RestPoints.joint`.

    First a point with short fractions, kept only if `v` vanishes there exactly; then, for
    polynomial fields, the nearest of all rest points; then one that balls prove.
    """
    for point in _fractions(floats):
        there = dict(zip(model.coordinates, point, strict=True))
        if all(sp.expand(e) == 0 for e in _entries(model, values, there)):
            return point, point
    field = field_at(model, values)
    return _among_all(field, model.coordinates, floats) or _in_a_box(field, model, floats)


def _among_all(field: Sequence[sp.Expr], coordinates: Sequence[sp.Symbol], floats: Sequence[float]) -> Both:
    """The nearest of all rest points of a polynomial field."""
    if any(not e.free_symbols <= set(coordinates) for e in field):
        return None
    try:
        equilibria = rest_points(field, coordinates)
    except Undecidable:
        return None
    distances = [_distance(there, floats) for there in equilibria.values]
    best = min(range(len(distances)), key=distances.__getitem__, default=None)
    if best is None or distances[best] > NEAR * (1 + max(map(abs, floats))):
        return None
    return equilibria.points[best], equilibria.joint[best]


def _in_a_box(field: Sequence[sp.Expr], model: Model, floats: Sequence[float]) -> Both:
    """The point that balls prove to exist, and to be the only one there."""
    losses = [model.ops.at({}, e) for e in model.losses or model.given]
    point = certified(field, model.coordinates, floats, losses)
    return None if point is None else (point, point)


def field_at(model: Model, values: Mapping[str, sp.Expr]) -> tuple[sp.Expr, ...]:
    """`v` with numbers for the open names, functions and means written out."""
    return tuple(_entries(model, values, {}))


def _entries(
    model: Model, values: Mapping[str, sp.Expr], there: Mapping[sp.Symbol, sp.Expr]
) -> Iterator[sp.Expr]:
    for entry in model.field():
        value = model.ops.at(dict(there), entry)
        yield value.xreplace({s: values[s.name] for s in value.free_symbols if s.name in values})


def _fractions(floats: Sequence[float]) -> Iterator[tuple[sp.Rational, ...]]:
    """Near points with growing denominators."""
    tried = set()
    exact = [Fraction(f) for f in floats]
    for bound in DENOMINATORS:
        near = tuple(f.limit_denominator(bound) for f in exact)
        close = all(abs(a - b) <= NEAR * (1 + abs(a)) for a, b in zip(exact, near, strict=True))
        if close and near not in tried:
            tried.add(near)
            yield tuple(sp.Rational(q.numerator, q.denominator) for q in near)


def _distance(a: Sequence[float], b: Sequence[float]) -> float:
    return max(abs(s - t) for s, t in zip(a, b, strict=True))
