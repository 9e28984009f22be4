"""Roots of polynomials whose coefficients lie in the field that one real algebraic number generates.

Multiplicities come from greatest common divisors over that field, and so does the number of roots on
the boundary: a root `s` on the imaginary axis is one that `p(s)` and `p(-s)` share.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sympy as sp
from flint import acb, acb_poly, arb_poly, fmpq, fmpq_poly, fmpz_poly

from stabcheck.core.errors import Undecidable
from stabcheck.core.stability import StabilityRegion
from stabcheck.symbolic.algebraic import AlgebraicNumber, at, inverse
from stabcheck.symbolic.balls import nearest
from stabcheck.symbolic.exact import Eigenvalue, side

BITS = 384
TOLERANCE = 2.0**-80

Row = list[fmpq_poly]
"""A polynomial in `z`, leading coefficient first, over the field of a `AlgebraicNumber`."""


def roots(row: Sequence[fmpz_poly] | Row, number: AlgebraicNumber) -> list[tuple[acb, int]]:
    """The roots with their multiplicities, isolated."""
    rational = number.rational
    if rational is not None:
        q = fmpq(rational.numerator, rational.denominator)
        return fmpq_poly([c(q) for c in reversed(row)]).numer().complex_roots()  # pyright: ignore[reportReturnType]
    return [
        (ball, times)
        for single, times in squarefree(reduced(row, number), number.modulus)
        for ball in _isolated(single, number)
    ]


def certified(row: Row, number: AlgebraicNumber, *, region: StabilityRegion) -> Iterator[Eigenvalue]:
    """The roots of a monic polynomial over the field as eigenvalues with their places."""
    for single, times in squarefree(row, number.modulus):
        balls = _isolated(single, number)
        closed = _linear(single, number) if len(single) == 2 else None
        margins = [region.margin(ball) for ball in balls]
        closest = sorted(range(len(balls)), key=lambda k: abs(nearest(margins[k])))
        edge = closest[: _on_edge(single, number, region=region)]
        for k, ball in enumerate(balls):
            yield Eigenvalue(closed, ball, times, "boundary" if k in edge else side(margins[k]))


def _linear(row: Row, number: AlgebraicNumber) -> sp.Expr | None:
    """The root of a monic linear polynomial over the field of a surd."""
    return None if number.exact is None else at(-row[1], number.exact)


def _on_edge(row: Row, number: AlgebraicNumber, *, region: StabilityRegion) -> int:
    """How many roots of a squarefree polynomial lie on the boundary."""
    moved = stripped(region.to_half_plane(row), number.modulus)
    infinite = len(row) - len(moved)
    sign = [(-1) ** k for k in range(len(moved))]
    flipped = [s * c for s, c in zip(sign, moved, strict=True)]
    # With a root s come its conjugate and, among these, -s: one whose ball meets the axis equals
    # the mirror image of itself, or there would be a second root in the same ball.
    shared = _isolated(gcd(moved, flipped, number.modulus), number)
    return infinite + sum(ball.real.contains(0) for ball in shared)


def _isolated(row: Row, number: AlgebraicNumber) -> list[acb]:
    if len(row) == 1:
        return []
    balls = [arb_poly(c)(number.ball(BITS)) for c in reversed(row)]
    try:
        roots = acb_poly([acb(ball) for ball in balls]).roots(tol=TOLERANCE)
    except ValueError as failure:
        raise Undecidable("the eigenvalues at a special value cannot be isolated") from failure
    # An isolated root of a real polynomial is real if its ball meets the real axis.
    return [acb(root.real) if root.imag.contains(0) else root for root in roots]


def reduced(row: Sequence[fmpz_poly] | Row, number: AlgebraicNumber) -> Row:
    """A polynomial whose coefficients are polynomials in the number, monic."""
    return stripped([fmpq_poly(c) for c in row], number.modulus)


def stripped(row: Sequence[fmpq_poly], modulus: fmpq_poly) -> Row:
    """The same with coefficients in the field, monic, without leading zeros."""
    row = [c % modulus for c in row]
    while row and row[0] == 0:
        row = row[1:]
    return _monic(row, modulus)


def _monic(row: Row, modulus: fmpq_poly) -> Row:
    if not row:
        return row
    scale = inverse(row[0], modulus)
    return [fmpq_poly([1]), *((c * scale) % modulus for c in row[1:])]


def _divided(a: Row, b: Row, modulus: fmpq_poly) -> tuple[Row, Row]:
    """Quotient and remainder by a monic polynomial."""
    remainder, quotient = list(a), []
    while len(remainder) >= len(b):
        lead, *remainder = remainder
        quotient.append(lead)
        for k, c in enumerate(b[1:]):
            remainder[k] = (remainder[k] - lead * c) % modulus
    return quotient, remainder


def gcd(a: Row, b: Row, modulus: fmpq_poly) -> Row:
    """The monic greatest common divisor over the field."""
    a, b = stripped(a, modulus), stripped(b, modulus)
    while b:
        a, b = b, stripped(_divided(a, b, modulus)[1], modulus)
    return a


def squarefree(row: Row, modulus: fmpq_poly) -> Iterator[tuple[Row, int]]:
    """For each multiplicity the product of the `z - root` that have it."""
    layer, times = _layer(row, modulus), 1
    while len(layer[0]) > 1:
        deeper = _layer(layer[1], modulus)
        yield _divided(layer[0], deeper[0], modulus)[0], times
        layer, times = deeper, times + 1


def _layer(row: Row, modulus: fmpq_poly) -> tuple[Row, Row]:
    """The product over all roots once, and the rest."""
    n = len(row) - 1
    repeated = gcd(row, [(n - k) * c for k, c in enumerate(row[:-1])], modulus)
    return _divided(row, repeated, modulus)[0], repeated
