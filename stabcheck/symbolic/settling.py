"""Which sign a polynomial has for all admissible values of its symbols, where that can be told.

By the signs of its terms; in one variable, or in one product of powers, by its isolated real roots; in
a variable of which it is a quadratic by the discriminant.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations
from math import gcd, prod
from types import MappingProxyType

import sympy as sp

from stabcheck.core.frozen import Frozen
from stabcheck.symbolic.factoring import factored
from stabcheck.symbolic.intervals import Interval, Range, positive, roots_within, sign_inside
from stabcheck.symbolic.length import terms
from stabcheck.symbolic.polynomials import in_one
from stabcheck.symbolic.quotients import generators

Bounds = Mapping[sp.Symbol, sp.Expr]
Row = Mapping[int, sp.Expr]
"""The coefficients of a polynomial in one symbol, by the power."""
NONE: Bounds = MappingProxyType({})
MORE, NOT_LESS = sp.Dummy(positive=True), sp.Dummy(nonnegative=True)
"""What a condition is that holds, and one that is not violated."""
FEW_TERMS, MOST_TERMS, MOST_EXPANDED = 8, 60, 1_000
MOST_ASKED, MOST_ASKED_ELSE = 100, 25
"""Longer polynomials are settled by the signs of their terms alone."""


def sign_of_terms(base: sp.Expr, bounds: Bounds = NONE) -> int:
    """1 or -1 where the signs of the terms tell the sign of an expression, else 0."""
    if (sign := _of_terms(base)) or terms(base) > MOST_EXPANDED:
        return sign
    return _of_terms(sp.expand(base.xreplace(bounds))) or _of_terms(_unbounded(base, bounds))


def _unbounded(base: sp.Expr, bounds: Bounds) -> sp.Expr:
    """A polynomial of the same sign with `1/(1 + t)` or `t/(1 + t)` for each symbol between 0 and 1.

    All of its terms have one sign where all of Bernstein's coefficients have.
    """
    for s, below in bounds.items():
        poly = sp.expand(base).as_poly(s)
        if poly is None or s.is_nonnegative is not True:
            continue
        (gap,) = below.free_symbols
        # At 1, or at 0, t is 0.
        t = sp.Dummy(positive=s.is_positive if gap.is_positive else None, nonnegative=True)
        n, top = poly.degree(), t if gap.is_positive else sp.S.One
        base = sp.Add(*(c * top**k * (1 + t) ** (n - k) for (k,), c in poly.terms()))
    return sp.expand(base)


def _of_terms(e: sp.Expr) -> int:
    """1 or -1 where all terms have that sign; 0 where that is not seen."""
    if not is_short(e):
        return _of_parts(e)
    if not e.is_Add or len(e.args) <= FEW_TERMS:
        return 1 if e.is_positive else -1 if e.is_negative else 0
    # Of a long sum SymPy would ask more: it looks for the roots of its derivatives.
    if all(t.is_nonnegative for t in e.args):
        return int(any(t.is_positive for t in e.args))
    return -int(all(t.is_nonpositive for t in e.args) and any(t.is_negative for t in e.args))


def is_short(e: sp.Expr) -> bool:
    """Whether SymPy may be asked for a sign: an expression is short, or a polynomial written out.

    Of sums it looks for the zeros of derivatives, with roots or functions in them without end.
    """
    rational = all(g.is_Symbol for g in generators(e))
    return sp.count_ops(e) <= (MOST_ASKED if rational else MOST_ASKED_ELSE) or _is_flat(e)


def _is_flat(e: sp.Expr) -> bool:
    """Whether an expression is a polynomial over the rationals, written out."""
    powers = (pair for t in sp.Add.make_args(e) for pair in t.as_powers_dict().items())
    return all(k.is_Integer and (p.is_Rational or (p.is_Symbol and k > 0)) for p, k in powers)


def _of_parts(e: sp.Expr) -> int:
    """As `_of_terms` of a long expression with sums inside, by the signs of its parts alone."""
    if e.is_Mul:
        return prod(map(_of_terms, e.args))
    if isinstance(e, sp.exp):
        return 1
    if isinstance(e, sp.Pow) and e.exp.is_Rational:
        sign = _of_terms(e.base)
        return max(sign, 0) if not e.exp.is_Integer else sign ** (2 - int(e.exp) % 2)
    signs = set(map(_of_terms, e.args)) if e.is_Add else {0}
    return signs.pop() if len(signs) == 1 else 0


def settled_sign(expression: sp.Expr, bounds: Bounds = NONE) -> int:
    """1 or -1 where the sign of an expression is proved for all values of its symbols, else 0.

    Args:
        expression: with symbols whose assumptions say what values they take.
        bounds: `1 - s` for symbols below 1, with an `s` whose sign is known.
    """
    return _settled_sign(expression, Frozen(bounds))


@lru_cache(maxsize=4096)
def _settled_sign(expression: sp.Expr, bounds: Bounds) -> int:
    if proved := sign_of_terms(expression, bounds):
        return proved
    if isinstance(expression, sp.Mul):
        return int(sp.prod(settled_sign(e, bounds) for e in expression.args))
    if isinstance(expression, sp.Pow) and expression.exp.is_Integer:
        return settled_sign(expression.base, bounds) ** (2 - int(expression.exp) % 2)
    poly = _polynomial(expression)
    if poly is None:
        return 0
    for sign in (_in_one(poly, bounds), *(_quadratic(expression, s, bounds) for s in poly.gens)):
        if sign:
            return sign
    return 0


def never(condition: sp.Expr, bounds: Bounds = NONE) -> bool:
    """Whether an expression is proved to be positive for no values of its symbols."""
    return (is_short(condition) and bool(condition.is_nonpositive)) or settled_sign(condition, bounds) < 0


def exclusion(conditions: Sequence[sp.Expr], bounds: Bounds = NONE) -> str:
    """`never` where two of the expressions are proved to exclude each other, else empty.

    `negative` where, besides, one of the two is negative for all values.
    """
    pairs = list(permutations(conditions, 2))
    if any(_given(a, b, bounds, NOT_LESS) < 0 for a, b in pairs):
        return "negative"
    return "never" if any(_given(a, b, bounds, MORE) < 0 for a, b in pairs) else ""


def implied(conditions: Sequence[sp.Expr], bounds: Bounds = NONE) -> tuple[sp.Expr, ...]:
    """Those that are proved to be positive wherever a shorter one is, which is kept, the longest first."""
    kept = sorted(conditions, key=sp.count_ops)
    redundant: list[sp.Expr] = []
    for c in reversed(kept[1:]):
        others = (e for e in kept if e is not c)
        if any(_given(e, c, bounds, MORE) > 0 for e in others):
            kept.remove(c)
            redundant.append(c)
    return tuple(redundant)


@dataclass(frozen=True)
class Stretch:
    """Where all conditions on one open name hold.

    Attributes:
        symbol: the name.
        intervals: in order; none where they never hold.
        negative: whether everywhere else one of them is negative.
    """

    symbol: sp.Symbol
    intervals: tuple[Interval, ...]
    negative: bool


def stretch(conditions: Sequence[sp.Expr], bounds: Bounds = NONE) -> Stretch | None:
    """Where polynomials are all positive that have one variable together; `None` where that is not found."""
    symbols = {s for c in conditions for s in c.free_symbols}
    polys = [poly for c in conditions if (poly := _polynomial(c)) is not None]
    if len(symbols) != 1 or len(polys) < len(conditions):
        return None
    (s,) = symbols
    # Where only 0 is left out, an interval does not tell.
    if s.is_nonzero and not (s.is_positive or s.is_negative):
        return None
    intervals = positive([in_one(p) for p in polys], _range(s, bounds))
    return None if intervals is None else Stretch(s, tuple(intervals[0]), intervals[1])


def _given(first: sp.Expr, second: sp.Expr, bounds: Bounds, more: sp.Symbol) -> int:
    """The sign of the second expression where the first has a value `more`."""
    for whole, solved, scale in _solved(first, more, bounds):
        if (row := _in(second, whole)) is None or _length(row) > MOST_TERMS:
            continue
        n = max(row, default=0)
        # Over the common denominator scale^n, of known sign.
        top = sum((c * solved**k * scale ** (n - k) for k, c in row.items()), sp.S.Zero)
        if sign := sign_of_terms(top, bounds):
            return sign * settled_sign(scale, bounds) ** n
    return 0


def _solved(first: sp.Expr, more: sp.Symbol, bounds: Bounds) -> Iterator[tuple[sp.Symbol, sp.Expr, sp.Expr]]:
    """For each variable in which it is linear: that variable, and what it is a quotient of."""
    for s in sorted(first.free_symbols, key=str):
        row = _in(first, s)
        if row is not None and max(row, default=0) == 1 and settled_sign(row[1], bounds):
            yield s, more - row.get(0, 0), row[1]


@lru_cache(maxsize=1024)
def _in(expression: sp.Expr, s: sp.Symbol) -> Row | None:
    """The expression as a polynomial in one symbol, if it is one and not too long.

    Of coefficients that are no rational functions SymPy's own would ask whether they are 0, without end.
    """
    whole = _written_out(expression)
    row: dict[int, sp.Expr] = {}
    for term in () if whole is None else sp.Add.make_args(whole):
        c, inside = term.as_independent(s, as_Add=False)
        base, power = (s, sp.S.Zero) if inside == 1 else inside.as_base_exp()
        if base != s or not power.is_Integer or power < 0:
            return None
        row[int(power)] = row.get(int(power), 0) + c
    return None if whole is None else {k: c for k, c in row.items() if c != 0}


def _length(row: Row) -> int:
    return sum(len(sp.Add.make_args(c)) for c in row.values())


@lru_cache(maxsize=1024)
def _written_out(expression: sp.Expr) -> sp.Expr | None:
    """The expression expanded, if it is not too long, nor long and no polynomial over the rationals."""
    whole = None if terms(expression) > MOST_EXPANDED else sp.expand(expression)
    short = whole is not None and (sp.count_ops(whole) <= MOST_ASKED or _is_flat(whole))
    return whole if short else None


def _polynomial(expression: sp.Expr) -> sp.Poly | None:
    """With rational coefficients and not too long, divided by what powers all terms share."""
    symbols = sorted(expression.free_symbols, key=str)
    whole = _written_out(expression) if symbols else None
    poly = whole.as_poly(*symbols) if whole is not None and _is_flat(whole) else None
    if poly is None or len(poly.terms()) > MOST_TERMS:
        return None
    return poly


def _in_one(poly: sp.Poly, bounds: Bounds) -> int:
    """Where it is a polynomial in one variable, or in one product of powers: by its roots."""
    rising = sorted({powers for powers, _ in poly.terms()})
    shared = _direction(rising)
    if shared is None:
        return 0
    product = sp.Mul(*(s**k for s, k in zip(poly.gens, shared, strict=True)))
    span = _range(product, bounds)
    row = {powers[_first(shared)] // shared[_first(shared)]: c for powers, c in poly.terms()}
    single = in_one(sp.Poly.from_dict({(k,): c for k, c in row.items()}, sp.Dummy()))
    return 0 if roots_within(single, span) else sign_inside(single, span)


def _first(powers: Sequence[int]) -> int:
    return next(k for k, power in enumerate(powers) if power)


def _direction(rising: Sequence[tuple[int, ...]]) -> tuple[int, ...] | None:
    """The powers of which all are multiples, if there are any."""
    top = max(rising, key=sum)
    if not any(top):
        return None
    shared = gcd(*top)
    one = tuple(k // shared for k in top)
    first = _first(one)
    multiples = [(powers[first] // one[first], powers) for powers in rising]
    return one if all(tuple(m * k for k in one) == powers for m, powers in multiples) else None


def _range(product: sp.Expr, bounds: Bounds) -> Range:
    """The values of a variable, or of a product of powers."""
    if isinstance(product, sp.Symbol) and product in bounds:
        gap = 1 - bounds[product]
        below = Range(None, 1, closed=(False, not gap.is_positive))
    else:
        below = Range(None, None)
    if product.is_nonnegative:
        return Range(0, below.high, closed=(not product.is_positive, below.closed[1]))
    if product.is_nonpositive:
        return Range(None, 0, closed=(False, not product.is_negative))
    return below


def _quadratic(expression: sp.Expr, s: sp.Expr, bounds: Bounds) -> int:
    """Where it is a quadratic in a variable without real roots: the sign of its leading coefficient."""
    poly = sp.expand(expression).as_poly(s)
    if poly is None or poly.degree() != 2:
        return 0
    a, b, c = poly.all_coeffs()
    discriminant = factored(sp.expand(b**2 - 4 * a * c))
    lead = settled_sign(a, bounds)
    return lead if lead and settled_sign(discriminant, bounds) < 0 else 0
