"""The one door between expressions of SymPy, polynomials of FLINT and polynomials as data.

What is no arithmetic with rational numbers, such as `sqrt(2)`, `exp(a)` or `1/h`, is a letter of its own; a
table tells what each letter stands for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import count
from math import lcm
from typing import Any, TypeGuard

import sympy as sp
from flint import Ordering, fmpq, fmpq_mpoly, fmpq_mpoly_ctx, fmpz_mpoly, fmpz_mpoly_ctx, fmpz_poly

from stabcheck.core.frozen import Frozen
from stabcheck.core.polynomial import Polynomial
from stabcheck.symbolic.length import terms

MOST_EXPANDED = 5_000
"""What may have more terms when it is written out is one letter."""

Meanings = Mapping[str, sp.Expr]
"""What the letters of polynomials stand for: a symbol mostly, which has the letter for a name."""


def rational(q: Fraction) -> sp.Rational:
    """A number for SymPy."""
    return sp.Rational(q.numerator, q.denominator)


# Expressions and data


def meanings(*expressions: sp.Expr) -> Meanings:
    """Letters in which expressions are polynomials: symbols by their names, all else as `c1`, `c2`, …"""
    pieces = sorted({piece for e in expressions for piece in _pieces(e)}, key=sp.default_sort_key)
    # Of two symbols with one name, which differ in what they assume, the second is a letter like all else.
    named = {e.name: e for e in reversed(pieces) if isinstance(e, sp.Symbol) and e.name.isidentifier()}
    taken = {s.name for e in expressions for s in e.free_symbols}
    free = (name for k in count(1) if (name := f"c{k}") not in taken)
    symbols = set(named.values())
    return Frozen({**named, **{next(free): e for e in pieces if e not in symbols}})


def polynomial(expression: sp.Expr, letters: Meanings) -> Polynomial:
    """An expression as a polynomial as data.

    Args:
        expression: made of what the letters stand for.
        letters: by `meanings`, of this expression and perhaps others.
    """
    names = sorted(letters)
    context = fmpq_mpoly_ctx.get(names, Ordering.lex)
    values = {letters[name]: gen for name, gen in zip(names, context.gens(), strict=True)}
    return from_flint(_read(expression, context, values), names)


def expression(polynomial: Polynomial, letters: Meanings) -> sp.Expr:
    """A polynomial as data, written out."""
    pieces = [letters[name] for name in polynomial.names]
    return sp.Add(*(_term(rational(c), pieces, powers) for powers, c in polynomial.terms))


def _pieces(e: sp.Expr) -> Iterator[sp.Expr]:
    if e.is_Rational:
        return
    if not _is_arithmetic(e):
        yield _first_power(e)[0]
        return
    for part in e.args[:1] if e.is_Pow else e.args:
        yield from _pieces(part)


def _read(e: sp.Expr, context: fmpq_mpoly_ctx, values: Mapping[sp.Expr, fmpq_mpoly]) -> fmpq_mpoly:
    if isinstance(e, sp.Rational):
        return context.constant(fmpq(int(e.p), int(e.q)))
    if not _is_arithmetic(e):
        piece, power = _first_power(e)
        return values[piece] ** power
    if isinstance(e, sp.Pow):
        return _read(e.base, context, values) ** int(e.exp)
    total = context.constant(0 if e.is_Add else 1)
    for part in e.args:
        total = total + _read(part, context, values) if e.is_Add else total * _read(part, context, values)
    return total


def _is_arithmetic(e: sp.Expr) -> bool:
    """Whether an expression is a sum, product or power of others, and not too long to be written out."""
    return (e.is_Add or e.is_Mul or is_whole_power(e)) and terms(e) <= MOST_EXPANDED


def is_whole_power(e: sp.Expr) -> TypeGuard[sp.Pow]:
    """Whether an expression is the square of another one, its cube, and so on."""
    return isinstance(e, sp.Pow) and isinstance(e.exp, sp.Integer) and int(e.exp) > 0


def _first_power(e: sp.Expr) -> tuple[sp.Expr, int]:
    """`(b, k)` with `b^k` the expression: `x^(1/2)` and 3 of `x^(3/2)`, `1/x` and 2 of `x^-2`."""
    if is_whole_power(e) or not isinstance(e, sp.Pow) or not isinstance(e.exp, sp.Rational):
        return e, 1
    p, q = int(e.exp.p), int(e.exp.q)
    return sp.Pow(e.base, sp.Rational(1 if p > 0 else -1, q)), abs(p)


# FLINT


def ring(size: int, ordering: Ordering = Ordering.lex) -> fmpz_mpoly_ctx:
    """Polynomials with whole coefficients in so many variables."""
    return fmpz_mpoly_ctx.get(tuple(f"x{k}" for k in range(size)), ordering)


def from_flint(p: fmpz_mpoly | fmpq_mpoly, names: Sequence[str]) -> Polynomial:
    """A polynomial of FLINT as data, its variables by these names."""
    rows = ((tuple(map(int, powers)), fmpq(c)) for powers, c in p.to_dict().items())
    return Polynomial(tuple(names), tuple((powers, Fraction(int(c.p), int(c.q))) for powers, c in rows))


def to_flint(polynomial: Polynomial, names: Sequence[str]) -> tuple[int, fmpz_mpoly]:
    """`(d, p)` with `p/d` the polynomial, `d > 0`, in a ring with these variables in order."""
    below, rows = polynomial.whole()
    places = [names.index(name) for name in polynomial.names]
    table = {
        tuple(dict(zip(places, p, strict=True)).get(k, 0) for k in range(len(names))): c
        for p, c in rows.items()
    }
    return below, ring(len(names)).from_dict(table)


def factored(polynomial: Polynomial) -> Iterator[tuple[Polynomial, int]]:
    """The irreducible factors with their powers, whole ones that have no common divisor, and a number."""
    below, whole = to_flint(polynomial, polynomial.names)
    content, factors = irreducible(whole)
    yield Polynomial.constant(Fraction(int(content), below)), 1
    for factor, power in factors:
        yield from_flint(factor, polynomial.names), int(power)


def only(p: fmpz_mpoly, k: int) -> fmpz_poly:
    """A polynomial in the `k`-th variable alone, as one of a single variable."""
    row = {int(powers[k]): int(c) for powers, c in p.to_dict().items()}
    return fmpz_poly([row.get(j, 0) for j in range(max(row, default=-1) + 1)])


Factored = tuple[int, Sequence[tuple[fmpz_mpoly, int]]]
"""A number, and primitive polynomials with their powers."""


def irreducible(p: fmpz_mpoly) -> Factored:
    """The irreducible factors of a polynomial that is not 0.

    python-flint sorts them by their coefficients, which must fit a machine word; over the rationals it does
    not ask that.
    """
    try:
        return _powers(p.factor())
    except OverflowError:
        return _whole(p, _over_rationals(p).factor())


def square_free(p: fmpz_mpoly) -> Factored:
    """Factors without a double zero, none of which two share; likewise."""
    try:
        return _powers(p.factor_squarefree())
    except OverflowError:
        return _whole(p, _over_rationals(p).factor_squarefree())


def _powers(factored: tuple[Any, Sequence[tuple[fmpz_mpoly, Any]]]) -> Factored:
    content, factors = factored
    return int(content), [(factor, int(power)) for factor, power in factors]


def _over_rationals(p: fmpz_mpoly) -> fmpq_mpoly:
    context = p.context()
    return fmpq_mpoly_ctx.get(context.names(), context.ordering()).from_dict(
        {powers: fmpq(int(c)) for powers, c in p.to_dict().items()}
    )


def _whole(p: fmpz_mpoly, factored: tuple[fmpq, Sequence[tuple[fmpq_mpoly, Any]]]) -> Factored:
    """The same with whole coefficients, as those of a polynomial are."""
    content, factors = factored
    rows: list[tuple[fmpz_mpoly, int]] = []
    for factor, power in factors:
        table = factor.to_dict()
        below = lcm(*(int(c.q) for c in table.values()))
        rows.append((p.context().from_dict({e: int((c * below).p) for e, c in table.items()}), int(power)))
        content /= fmpq(below) ** int(power)
    return int(content.p), rows


def divides(factor: Polynomial, other: Polynomial) -> bool:
    """Whether an irreducible polynomial is a factor of another one that is not 0."""
    names = sorted({*factor.names, *other.names})
    (_, one), (_, many) = (to_flint(p, names) for p in (factor, other))
    return bool(other.terms) and not one.gcd(many).is_constant()


def cleared(poly: sp.Poly, ordering: Ordering = Ordering.lex) -> tuple[sp.Integer, fmpz_mpoly]:
    """`(d, p)` with `p/d` a polynomial of SymPy over the rationals, `d > 0`."""
    below, whole = poly.clear_denoms(convert=True)
    return below, ring(len(poly.gens), ordering).from_dict({powers: int(c) for powers, c in whole.terms()})


def in_one(poly: sp.Poly) -> fmpz_poly:
    """A polynomial of SymPy in one variable times its denominators."""
    return fmpz_poly([int(c) for c in reversed(poly.clear_denoms(convert=True)[1].all_coeffs())])


def in_one_letter(polynomial: Polynomial) -> fmpz_poly:
    """A polynomial as data in one letter times its denominators."""
    rows = {power: c for (power,), c in polynomial.whole()[1].items()}
    return fmpz_poly([rows.get(k, 0) for k in range(max(rows) + 1)])


def written(p: fmpz_mpoly, pieces: Sequence[sp.Expr]) -> sp.Expr:
    """A polynomial of FLINT written out in these pieces."""
    return sp.Add(*(_term(sp.Integer(int(c)), pieces, powers) for powers, c in p.to_dict().items()))


def _term(c: sp.Rational, pieces: Sequence[sp.Expr], powers: Sequence[int]) -> sp.Expr:
    return sp.Mul(c, *(piece ** int(k) for piece, k in zip(pieces, powers, strict=True) if k))
