"""Factors of polynomials in many variables, by FLINT: fast, and the same every time.

SymPy's own factoriser draws random numbers, and takes minutes where FLINT takes milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import sympy as sp
from flint import fmpz_mpoly
from sympy.polys.domains import Domain

from stabcheck.symbolic import polynomials
from stabcheck.symbolic.charpoly import numerators
from stabcheck.symbolic.polynomials import Factored, cleared, only, ring, square_free, written

Factors = tuple[sp.Expr, list[tuple[sp.Expr, int]]]
"""A rational number, and each primitive factor with its power."""


def factor_list(expression: sp.Expr) -> Factors:
    """The irreducible factors of a polynomial over the rationals.

    What is neither a symbol nor a rational number, such as `sqrt(2)` or `exp(a)`, counts as a
    variable of its own.
    """
    return _factors(expression, irreducible)


def factored(expression: sp.Expr) -> sp.Expr:
    """A polynomial as the product of its factors."""
    content, factors = factor_list(expression)
    return content * sp.Mul(*(base**power for base, power in factors))


def sqf_list(expression: sp.Expr) -> Factors:
    """The square-free factors of a polynomial, one for each power."""
    return _factors(expression, square_free)


def monic_factors(row: Sequence[Any], domain: Domain) -> list[tuple[tuple[sp.Expr, ...], int]]:
    """The factors of a monic polynomial over the fractions of a ring of polynomials.

    Args:
        row: the coefficients, leading first, in the domain.
        domain: polynomials over the rationals, or fractions of them.

    Returns:
        the coefficients of each, made monic, with its power.
    """
    tops, _ = numerators(row, domain)
    gens = domain.symbols
    terms = {(len(row) - 1 - k, *e): c for k, top in enumerate(tops) for e, c in top.to_dict().items()}
    factors = [pair for pair in irreducible(ring(len(gens) + 1).from_dict(terms))[1] if pair[0].degrees()[0]]
    if len(factors) == 1 and factors[0][1] == 1:
        return [(tuple(domain.to_sympy(c) for c in row), 1)]
    return [(_monic(_in_first(base, gens)), int(power)) for base, power in factors]


def _in_first(base: fmpz_mpoly, gens: tuple[sp.Expr, ...]) -> list[sp.Expr]:
    """The coefficients of the powers of the first variable, highest first."""
    rows = [{} for _ in range(base.degrees()[0] + 1)]
    for (power, *others), c in base.to_dict().items():
        rows[power][tuple(others)] = c
    return [written(ring(len(gens)).from_dict(row), gens) for row in reversed(rows)]


def _monic(coefficients: Sequence[sp.Expr]) -> tuple[sp.Expr, ...]:
    lead, *others = coefficients
    return (sp.S.One, *(sp.cancel(c / lead) for c in others))


def _factors(expression: sp.Expr, split: Callable[[fmpz_mpoly], Any]) -> Factors:
    if expression.is_number:
        return expression, []
    poly = sp.Poly(expression)
    if poly.domain not in (sp.ZZ, sp.QQ):
        return sp.factor_list(expression)
    below, whole = cleared(poly)
    content, factors = split(whole)
    back = [(written(base, poly.gens), int(power)) for base, power in factors]
    return sp.Rational(int(content)) / below, back


def irreducible(p: fmpz_mpoly) -> Factored:
    """The irreducible factors; in one variable those of a polynomial in one."""
    used = [k for k, degree in enumerate(p.degrees()) if degree]
    return _in_one(p, used[0]) if len(used) == 1 else polynomials.irreducible(p)


def _in_one(p: fmpz_mpoly, k: int) -> Factored:
    """The irreducible factors of a polynomial in the variable `k` alone."""
    content, factors = only(p, k).factor()
    t = p.context().gens()[k]
    return content, [(sum(c * t**n for n, c in enumerate(base.coeffs())), power) for base, power in factors]  # pyright: ignore[reportReturnType]
