"""Stability regions: Hurwitz and Schur-Cohn conditions as factored polynomials.

A real polynomial is stable iff certain polynomials in its coefficients are positive. Where one
of them is negative, some root lies strictly outside: on the closure of the stable set all are
nonnegative. Where one vanishes, a root may lie on the boundary.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache, reduce
from typing import Any, NamedTuple

import sympy as sp
from flint import fmpz_mpoly

from stabcheck.core.errors import Undecidable
from stabcheck.core.frozen import Frozen
from stabcheck.core.stability import StabilityRegion
from stabcheck.core.verdict import Verdict
from stabcheck.symbolic.factoring import factor_list
from stabcheck.symbolic.quotients import Quotients
from stabcheck.symbolic.settling import NONE, Bounds, exclusion, is_short, settled_sign, sign_of_terms
from stabcheck.symbolic.spectrum import MOST_TERMS, Factor, quotient, too_long
from stabcheck.symbolic.zero import sign as sign_of

MOST_PRODUCTS = 100_000
"""Two polynomials with more terms between them than this are not multiplied."""
LONGEST = 1_000
"""Coefficients and conditions with more terms than this are not written out."""


def hurwitz_conditions(coefficients: Sequence[sp.Expr]) -> list[sp.Expr]:
    """What must be positive for all roots to have negative real part (Liénard & Chipart 1914).

    `a_n, a_{n-1}, a_{n-3}, … > 0` and the Hurwitz minors `D_{n-1}, D_{n-3}, … > 0`, for
    `a_0 s^n + … + a_n` with `a_0 > 0`, which is among the conditions unless it is 1.
    """
    n = len(coefficients) - 1
    chosen = [coefficients[n], *(coefficients[k] for k in range(n - 1, 0, -2))]
    minors = _hurwitz_minors(coefficients)
    return [coefficients[0], *chosen, *(minors[k - 1] for k in range(n - 1, 1, -2))]


class Edges(NamedTuple):
    """What vanishes where a root lies on the boundary: for a pair, if no other root does.

    Attributes:
        still: `p(1)` of a map, `p(0)` of a flow: a root in a direction in which nothing moves.
        turning: `p(-1)` of a map, up to its sign; 1 for a flow.
        pair: the last but one of the Hurwitz minors, `prod (z_i + z_j)` up to sign (Orlando 1911); 1 of
            degree one.
    """

    still: sp.Expr
    turning: sp.Expr
    pair: sp.Expr


def edges(factor: Factor, *, region: StabilityRegion) -> Edges:
    """What can vanish first where the roots of a factor leave the region in which they are stable.

    Raises:
        Undecidable: if that is too long to write.
    """
    moved = region.to_half_plane(factor.coefficients)
    minors = _hurwitz_minors(moved) if factor.degree > 2 else moved[1 : factor.degree]
    return Edges(moved[-1], moved[0], minors[-1] if minors else sp.S.One)


def _hurwitz_minors(coefficients: Sequence[sp.Expr]) -> list[sp.Expr]:
    """The leading minors `D_1, …, D_{n-1}` of the Hurwitz matrix, as pivots of Bareiss' elimination.

    Raises:
        Undecidable: if they grow beyond what anybody would read.
    """
    size = len(coefficients) - 2
    quotients = Quotients(*coefficients)
    fractions = [quotients.of(c) for c in coefficients]
    below = reduce(lambda a, b: a * divmod(b, a.gcd(b))[0], (bottom for _, bottom in fractions))
    tops = [top * divmod(below, bottom)[0] for top, bottom in fractions]
    minors = _pivots(tops, size, below * 0)
    if minors is None:
        return [_minor(coefficients, m) for m in range(1, size + 1)]
    _refuse(any(len(pivot) > LONGEST for pivot in minors))
    # Where entries are n/d, the minor of k rows is that of the n over d^k.
    pivots, bottom = map(quotients.expression, minors), quotients.expression(below)
    return [pivot / bottom ** (k + 1) for k, pivot in enumerate(pivots)]


def _pivots(coefficients: Sequence[fmpz_mpoly], size: int, zero: fmpz_mpoly) -> list[fmpz_mpoly] | None:
    """The pivots of Bareiss' elimination; `None` where one of them vanishes before the last.

    Args:
        coefficients: polynomials.
        size: of the matrix.
        zero: of their ring.
    """
    rows = [[_entry(coefficients, i, j, zero) for j in range(size)] for i in range(size)]
    previous = None
    for k in range(size - 1):
        pivot = rows[k][k]
        if pivot == 0:
            return None
        for i in range(k + 1, size):
            for j in range(k + 1, size):
                cross = _times(pivot, rows[i][j]) - _times(rows[i][k], rows[k][j])
                rows[i][j] = cross if previous is None else divmod(cross, previous)[0]
        previous = pivot
    return [rows[k][k] for k in range(size)]


def _entry(coefficients: Sequence[Any], i: int, j: int, zero: Any) -> Any:
    index = 2 * (j + 1) - (i + 1)
    return coefficients[index] if 0 <= index < len(coefficients) else zero


def _times(a: fmpz_mpoly, b: fmpz_mpoly) -> fmpz_mpoly:
    _refuse(len(a) * len(b) > MOST_PRODUCTS)
    return a * b


def _refuse(too_much: bool) -> None:  # noqa: FBT001 (the reason is what the caller writes)
    if too_much:
        raise Undecidable("the conditions for stability are too long to write; give values for a verdict")


def _minor(coefficients: Sequence[sp.Expr], k: int) -> sp.Expr:
    return sp.Matrix(k, k, lambda i, j: _entry(coefficients, i, j, sp.S.Zero)).det(method="berkowitz")


def conditions(factor: Factor, bounds: Bounds = NONE, *, region: StabilityRegion) -> list[sp.Expr]:
    """The expressions that must be positive for the roots of a factor to be stable, reduced.

    Args:
        factor: of a characteristic polynomial.
        bounds: `1 - s` for symbols below 1, with an `s` whose sign is known.
        region: where the eigenvalues of what is stable lie.

    Raises:
        Undecidable: if they are too long to write.
    """
    return [*_conditions(factor.coefficients, Frozen(bounds), region)]


@lru_cache(maxsize=256)
def _conditions(
    coefficients: tuple[sp.Expr, ...], bounds: Bounds, region: StabilityRegion
) -> tuple[sp.Expr, ...]:
    _refuse(sum(len(sp.Add.make_args(c)) for c in coefficients) > LONGEST)
    return tuple(reduced(c, bounds) for c in hurwitz_conditions(region.to_half_plane(coefficients)))


def reduced(expression: sp.Expr, bounds: Bounds = NONE) -> sp.Expr:
    """An expression of the same sign, with every factor gone whose sign is known.

    One too long to read is not factored. Else what remains is a product of the factors whose
    zero sets bound the region; -1, 0 or 1 where nothing remains.
    """
    if not expression.free_symbols and (proved := sign_of(expression)) is not None:
        return sp.Integer(proved)
    if too_long(expression):
        return expression
    try:
        numerator, denominator = quotient(expression)
    except Undecidable:
        return expression
    if len(sp.Add.make_args(numerator)) > MOST_TERMS:
        return numerator * denominator
    (content, factors), (bottom, others) = map(_factored, (numerator, denominator))
    sign = sp.sign(content * bottom)
    kept = []
    for base, power in [*factors, *others]:
        proved = sign_of_terms(base, bounds)
        if proved == 1 or (power % 2 == 0 and is_short(base) and base.is_nonzero):
            continue
        if proved == -1:
            sign *= (-1) ** power
        else:
            kept.append(base ** (2 - power % 2))
    product = sign * sp.Mul(*kept)
    expanded = sp.expand(product)
    # One factor is shown expanded, and so are two that make a difference of squares.
    return expanded if len(kept) == 1 or len(sp.Add.make_args(expanded)) <= len(kept) else product


def _factored(part: sp.Expr) -> tuple[sp.Expr, list[tuple[sp.Expr, int]]]:
    """A number has no factors, also where it is none that SymPy takes for a coefficient, such as pi."""
    return (part, []) if part.is_number else factor_list(part)


def unsettled(expressions: Iterable[sp.Expr], bounds: Bounds = NONE) -> list[sp.Expr]:
    """The conditions that are not settled as true for all values of the symbols, each once."""
    return list(dict.fromkeys(e for e in expressions if settled_sign(e, bounds) <= 0))


def symbolic_verdict(factor: Factor, bounds: Bounds = NONE, *, region: StabilityRegion) -> Verdict:
    """`stable`, `unstable`, `neutral` or `depends`: what holds for all values of the symbols."""
    open_ones = unsettled(conditions(factor, bounds, region=region), bounds)
    if not open_ones:
        return Verdict.STABLE
    if any(settled_sign(e, bounds) < 0 for e in open_ones):
        return Verdict.UNSTABLE
    # Up to degree two, one vanishing condition with the others positive puts every root that
    # is not inside on the boundary, and never beyond.
    if all(e == 0 for e in open_ones) and factor.degree <= 2:
        return Verdict.NEUTRAL
    excluded = exclusion(open_ones, bounds) == "negative"
    return Verdict.UNSTABLE if excluded else Verdict.DEPENDS
