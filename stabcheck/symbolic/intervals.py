"""Where polynomials in one variable are positive, by their isolated real roots."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import flint
import sympy as sp
from flint import arb, fmpq, fmpz_poly

from stabcheck.symbolic.balls import enclose, isolated, midpoint

BITS = 192
MOST_DEGREE = 100
LONGEST = 40
"""A closed form with more operations is not shown."""


@dataclass(frozen=True)
class Range:
    """The values that a variable may take: `None` where there is no end.

    Attributes:
        closed: whether each end belongs to it.
    """

    low: int | None
    high: int | None
    closed: tuple[bool, bool] = (False, False)


@dataclass(frozen=True)
class End:
    """An end of an interval.

    Attributes:
        ball: around it.
        exact: a closed form where there is a short one.
        included: whether it belongs to the interval.
    """

    ball: arb
    exact: sp.Expr | None
    included: bool = False


@dataclass(frozen=True)
class Interval:
    """An interval; `None` for an end at infinity."""

    low: End | None
    high: End | None


def roots_within(poly: fmpz_poly, span: Range) -> bool:
    """Whether a polynomial has a root there, or may have one."""
    if poly.degree() > MOST_DEGREE:
        return True
    with flint.ctx.workprec(BITS):
        inside = any(_within(ball, span) for factor, _ in poly.factor()[1] for ball in _real(factor))
    ends = zip((span.low, span.high), span.closed, strict=True)
    return inside or any(kept and end is not None and poly(end) == 0 for end, kept in ends)


def sign_inside(poly: fmpz_poly, span: Range) -> int:
    """The sign at some point inside."""
    return _sign(poly, _middle(span))


def _middle(span: Range) -> fmpq:
    """Some point inside."""
    if span.low is None:
        return fmpq(0 if span.high is None else span.high - 1)
    return fmpq(span.low + 1) if span.high is None else fmpq(span.low + span.high, 2)


def positive(polys: Sequence[fmpz_poly], span: Range) -> tuple[list[Interval], bool] | None:
    """The intervals on which all polynomials are positive, and whether one is negative at every other point.

    `None` where that is too long to find.
    """
    if sum(p.degree() for p in polys) > MOST_DEGREE:
        return None
    with flint.ctx.workprec(BITS):
        ends = list(_ends(polys, span))
        if any(a.ball.overlaps(b.ball) for a, b in pairwise(ends)):
            return None
        points = list(_samples(ends, span))
    good = [all(_sign(p, x) > 0 for p in polys) for x in points]
    edges = [_edge(span, 0), *ends, _edge(span, 1)]
    intervals = [
        Interval(_kept(a, polys), _kept(b, polys))
        for (a, b), g in zip(pairwise(edges), good, strict=True)
        if g
    ]
    return intervals, _all_negative(polys, points, ends, span)


def _all_negative(
    polys: Sequence[fmpz_poly], points: Sequence[fmpq], ends: Sequence[End], span: Range
) -> bool:
    """Whether at every point some polynomial is negative."""
    corners = [fmpq(e) for e, kept in zip((span.low, span.high), span.closed, strict=True) if kept]  # pyright: ignore[reportArgumentType]
    if not all(any(_sign(p, x) < 0 for p in polys) for x in (*points, *corners)):
        return False
    # At a root: one that is not 0 there shows its sign in the ball.
    with flint.ctx.workprec(BITS):
        return all(any(p(end.ball) < 0 for p in polys) for end in ends)


def _ends(polys: Sequence[fmpz_poly], span: Range) -> Iterator[End]:
    """The roots inside, each once, in order."""
    factors = {str(f): f for p in polys for f, _ in p.factor()[1]}
    roots = [(ball, f) for f in factors.values() for ball in _real(f) if _within(ball, span)]
    for ball, factor in sorted(roots, key=lambda pair: float(pair[0].mid())):
        yield End(ball, _closed(factor, ball))


def _real(factor: fmpz_poly) -> list[arb]:
    if factor.degree() == 1:
        return [arb(fmpq(-int(factor[0]), int(factor[1])))]
    return [root.real for root in isolated(factor) if root.imag == 0]


def _within(ball: arb, span: Range) -> bool:
    return (span.low is None or not ball <= span.low) and (span.high is None or not ball >= span.high)


def _samples(ends: Sequence[End], span: Range) -> Iterator[fmpq]:
    """A rational number in each gap."""
    if not ends:
        yield _middle(span)
        return
    mids = [_rational(e.ball) for e in ends]
    yield mids[0] - 1 if span.low is None else (mids[0] + span.low) / 2
    yield from ((a + b) / 2 for a, b in pairwise(mids))
    yield mids[-1] + 1 if span.high is None else (mids[-1] + span.high) / 2


def _rational(ball: arb) -> fmpq:
    value = midpoint(ball)
    return fmpq(value.numerator, value.denominator)


def _edge(span: Range, side: int) -> End | None:
    end = (span.low, span.high)[side]
    return None if end is None else End(arb(end), sp.Integer(end), span.closed[side])


def _kept(end: End | None, polys: Sequence[fmpz_poly]) -> End | None:
    """An end of the domain belongs to the interval if all are positive there, too."""
    if end is None or not end.included:
        return end
    there = fmpq(int(end.exact))  # pyright: ignore[reportArgumentType]
    return End(end.ball, end.exact, all(_sign(p, there) > 0 for p in polys))


def _sign(poly: fmpz_poly, point: fmpq) -> int:
    value = poly(point)
    return (value > 0) - (value < 0)


def _closed(factor: fmpz_poly, ball: arb) -> sp.Expr | None:
    """A root in radicals: of degree two at most, or of that degree in the square."""
    a = [sp.Integer(int(c)) for c in factor.coeffs()]
    if len(a) == 2:
        return -a[0] / a[1]
    if len(a) == 3:
        candidates = _pair(*a)
    elif len(a) == 5 and a[1] == a[3] == 0:
        candidates = [
            sign * sp.sqrtdenest(sp.sqrt(square)) for square in _pair(a[0], a[2], a[4]) for sign in (1, -1)
        ]
    else:
        return None
    # By decimals: of the few candidates only one is near, and they are the roots exactly.
    near = [e for e in candidates if e.is_real is not False and enclose(e).real.overlaps(ball)]
    return near[0] if len(near) == 1 and sp.count_ops(near[0]) < LONGEST else None


def _pair(c: sp.Integer, b: sp.Integer, a: sp.Integer) -> list[sp.Expr]:
    root = sp.sqrt(sp.Rational(b**2 - 4 * a * c, 4 * a**2))
    return [-b / (2 * a) + sign * root for sign in (1, -1)]
