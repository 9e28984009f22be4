"""Hyperparameters at which every eigenvalue is 0, so that errors are gone after finitely many steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import prod

import sympy as sp
from sympy.polys.polytools import groebner

from stabcheck.core.errors import Undecidable
from stabcheck.symbolic.algebraic import AlgebraicNumber, conjugates
from stabcheck.symbolic.polynomials import expression, in_one
from stabcheck.symbolic.rates import Rates, contains
from stabcheck.symbolic.zero import vanishes

MOST_POINTS = 200


def deadbeat(rates: Rates) -> tuple[Mapping[str, AlgebraicNumber], ...]:
    """The values at which all coefficients but the leading ones vanish, in the domains.

    Raises:
        Undecidable: if they are not finitely many, or zeros are not decided.
    """
    letters = {name: sp.Symbol(name) for name in rates.names}
    lower = [expression(c, letters) for p in rates.factors for c in p.coefficients(rates.z)[1:]]
    symbols = list(letters.values())
    axes = [
        [n for n in _candidates(lower, symbols, s) if contains(domain, n)]
        for s, domain in zip(symbols, rates.domains.values(), strict=True)
    ]
    if prod(map(len, axes)) > MOST_POINTS:
        raise Undecidable("too many points")
    points = product(*axes)
    return tuple(
        dict(zip(rates.names, point, strict=True)) for point in points if _is_zero(lower, symbols, point)
    )


def _candidates(
    lower: Sequence[sp.Expr], symbols: Sequence[sp.Symbol], of: sp.Symbol
) -> Iterator[AlgebraicNumber]:
    """The real numbers that one coordinate of a common zero can be."""
    basis = groebner([e for e in lower if e != 0], *(s for s in symbols if s != of), of, order="lex")
    last = basis.exprs[-1]
    if last.is_number:
        return
    if last.free_symbols != {of}:
        raise Undecidable("there is a curve of such values")
    for factor, _ in in_one(sp.Poly(last, of)).factor()[1]:
        yield from conjugates(factor)


def _is_zero(
    lower: Sequence[sp.Expr], symbols: Sequence[sp.Symbol], point: Sequence[AlgebraicNumber]
) -> bool:
    at = {s: n.expression for s, n in zip(symbols, point, strict=True)}
    decided = [vanishes(e.xreplace(at)) for e in lower]
    if None in decided and False not in decided:
        raise Undecidable("whether all eigenvalues vanish is not decided")
    return all(decided)
