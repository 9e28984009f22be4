"""Characteristic polynomials of matrices of rational functions, by FLINT and within a budget."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import reduce
from typing import Any

import sympy as sp
from flint import fmpz_mpoly, fmpz_mpoly_ctx
from sympy.polys.domains import Domain
from sympy.polys.matrices import DomainMatrix

from stabcheck.core.errors import Undecidable
from stabcheck.symbolic.polynomials import ring

MOST_PRODUCTS = 3_000_000
"""How many products of two terms are formed for one polynomial at most."""
MOST_TERMS = 2_000
"""A polynomial with more terms is not written."""

Row = tuple[Any, ...]
"""The coefficients of a monic polynomial, leading first, in a domain."""


def block_polynomials(matrix: DomainMatrix) -> list[tuple[Row, int]]:
    """The characteristic polynomials of the strongly connected blocks, equal ones together.

    Raises:
        Undecidable: if one is too long to write.
    """
    multiplicities: Counter[Row] = Counter()
    for indices in matrix.scc():
        block = matrix.extract(indices, indices)
        multiplicities[tuple(_charpoly(block) if is_rational(block.domain) else block.charpoly())] += 1
    return list(multiplicities.items())


def is_rational(domain: Domain) -> bool:
    """Whether the entries are polynomials or fractions over the rationals."""
    return domain.is_Composite and domain.dom in (sp.ZZ, sp.QQ)


def in_symbols(domain: Domain) -> bool:
    """Whether they are so in symbols alone, between which no equation holds."""
    return is_rational(domain) and all(s.is_Symbol for s in domain.symbols)


def _charpoly(matrix: DomainMatrix) -> Iterator[Any]:
    """By Berkowitz' algorithm on the numerators, all over one denominator `d`.

    The coefficient of `z^(n-k)` for the matrix of numerators is that for the matrix itself times
    `d^k`.
    """
    n, domain = matrix.shape[0], matrix.domain
    entries, below = numerators(matrix.to_list_flat(), domain)
    coefficients = _Berkowitz(below.context()).of([entries[k * n : (k + 1) * n] for k in range(n)])
    if sum(map(len, coefficients)) > MOST_TERMS:
        raise _refusal()
    power = below**0
    for c in coefficients:
        yield _element(c, power, domain)
        power = power * below


def numerators(elements: Sequence[Any], domain: Domain) -> tuple[list[fmpz_mpoly], fmpz_mpoly]:
    """Polynomials or fractions as whole polynomials over one denominator."""
    context = ring((domain.field.ring if domain.is_FractionField else domain.ring).ngens)
    fractions = [_fraction(e, domain, context) for e in elements]
    below = reduce(_lcm, (bottom for _, bottom in fractions), context.constant(1))
    return [top * _over(below, bottom) for top, bottom in fractions], below


def _fraction(e: Any, domain: Domain, context: fmpz_mpoly_ctx) -> tuple[fmpz_mpoly, fmpz_mpoly]:
    top, bottom = (e.numer, e.denom) if domain.is_FractionField else (e, domain.ring.one)
    a, b = (int(p.clear_denoms()[0]) if domain.dom == sp.QQ else 1 for p in (top, bottom))
    return _whole(top, a, context) * b, _whole(bottom, b, context) * a


def _whole(polynomial: Any, scale: int, context: fmpz_mpoly_ctx) -> fmpz_mpoly:
    return context.from_dict({powers: int(c * scale) for powers, c in polynomial.terms()})


def _lcm(a: fmpz_mpoly, b: fmpz_mpoly) -> fmpz_mpoly:
    return a * _over(b, a.gcd(b))


def _over(a: fmpz_mpoly, b: fmpz_mpoly) -> fmpz_mpoly:
    """Exact division."""
    quotient, remainder = divmod(a, b)
    assert remainder == 0
    return quotient


def _element(top: fmpz_mpoly, bottom: fmpz_mpoly, domain: Domain) -> Any:
    """`top/bottom` in the domain, in lowest terms, with a positive leading coefficient below."""
    shared = top.gcd(bottom) if top != 0 else bottom
    top, bottom = _over(top, shared), _over(bottom, shared)
    if bottom.leading_coefficient() < 0:
        top, bottom = -top, -bottom
    if domain.is_FractionField:
        return domain.field.raw_new(
            _from_flint(top, domain.field.ring), _from_flint(bottom, domain.field.ring)
        )
    # In a ring of polynomials the denominator is a number.
    (scale,) = bottom.coeffs()
    return (
        _from_flint(top, domain.ring) * domain.dom(1) / int(scale)
        if scale != 1
        else _from_flint(top, domain.ring)
    )


def _from_flint(polynomial: fmpz_mpoly, ring: Any) -> Any:
    return ring.from_dict({powers: ring.domain(int(c)) for powers, c in polynomial.to_dict().items()})


class _Berkowitz:
    """Berkowitz' algorithm, which divides nothing; counts the products of terms.

    Args:
        context: of the polynomials.
    """

    def __init__(self, context: fmpz_mpoly_ctx) -> None:
        self.zero, self.one = context.constant(0), context.constant(1)
        self.left = MOST_PRODUCTS

    def of(self, rows: Sequence[Sequence[fmpz_mpoly]]) -> list[fmpz_mpoly]:
        """The coefficients, leading first."""
        if not rows:
            return [self.one]
        (corner, *across), below = rows[0], [row[0] for row in rows[1:]]
        submatrix = [row[1:] for row in rows[1:]]
        column = [self.one, -corner]
        for k in range(len(submatrix)):
            below = below if k == 0 else [self._dot(row, below) for row in submatrix]
            column.append(-self._dot(across, below))
        inner = self.of(submatrix)
        return [
            self._dot([column[i - j] for j in range(min(i, len(submatrix)) + 1)], inner[: i + 1])
            for i in range(len(rows) + 1)
        ]

    def _dot(self, a: Sequence[fmpz_mpoly], b: Sequence[fmpz_mpoly]) -> fmpz_mpoly:
        total = self.zero
        for x, y in zip(a, b, strict=True):
            self.left -= len(x) * len(y)
            if self.left < 0:
                raise _refusal()
            total = total + x * y
        return total


def _refusal() -> Undecidable:
    return Undecidable("the characteristic polynomial is too long to write; give values for a verdict")
