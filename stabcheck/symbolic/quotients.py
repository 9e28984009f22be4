"""Expressions over one denominator, by FLINT: each in lowest terms, with roots of numbers taken into account.

What is no rational number and no arithmetic, such as `sqrt(t)`, `exp(a)` or `log(b)`, counts as a variable.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from typing import Any, NamedTuple, TypeGuard

import sympy as sp
from flint import fmpz_mpoly

from stabcheck.core.errors import Undecidable
from stabcheck.symbolic.polynomials import ring, written
from stabcheck.symbolic.trigonometry import SQUARES

MOST_PRODUCTS = 300_000
"""How many products of two terms are formed for one quotient at most."""


class Quotient(NamedTuple):
    """`top/bottom`."""

    top: fmpz_mpoly
    bottom: fmpz_mpoly


class Quotients:
    """Arithmetic with quotients of polynomials in some pieces.

    Args:
        expressions: what is to be written; what they are made of becomes the variables, the radicands of
            roots, too. Powers of roots and of cosines are reduced by their equations.
    """

    def __init__(self, *expressions: sp.Expr) -> None:
        self.pieces = tuple(sorted(_closed(expressions), key=_dependent_first))
        self.context = ring(len(self.pieces))
        self.gens = dict(zip(self.pieces, self.context.gens(), strict=True))
        self.one, self.left = self.context.constant(1), MOST_PRODUCTS
        # Inner roots first: they stand in the radicands of the outer ones.
        self.equations: list[tuple[int, int, fmpz_mpoly]] = []
        for k, piece in reversed(list(enumerate(self.pieces))):
            if (square := _power(piece)) is not None and (other := self.of(square)).bottom == 1:
                power = int(exponent(piece).q) if is_root(piece) else 2
                self.equations.insert(0, (k, power, self.gens[piece] ** power - other.top))

    def of(self, e: sp.Expr) -> Quotient:
        """An expression as a quotient in lowest terms.

        Raises:
            Undecidable: if that is too long.
            ZeroDivisionError: if it divides by 0.
        """
        if e in self.gens:
            return Quotient(self.gens[e], self.one)
        if isinstance(e, sp.Rational):
            return Quotient(self.context.constant(int(e.p)), self.context.constant(int(e.q)))
        if e.is_Add:
            return reduce(self._sum, map(self.of, e.args))
        if e.is_Mul:
            return reduce(self._product, map(self.of, e.args))
        return self._power(e)

    def remainder(self, polynomial: fmpz_mpoly, divisor: fmpz_mpoly, piece: sp.Expr) -> fmpz_mpoly:
        """The pseudo-remainder by a divisor, both as polynomials in one of the pieces.

        Raises:
            Undecidable: if that is too long.
        """
        k, t = self.pieces.index(piece), self.gens[piece]
        lead, degree = self._lead(divisor, k)
        while (top := self._lead(polynomial, k))[1] >= degree and polynomial != 0:
            less = self._times(top[0], divisor) * t ** (top[1] - degree)
            polynomial = self._times(lead, polynomial) - less
        return polynomial

    def _lead(self, polynomial: fmpz_mpoly, k: int) -> tuple[fmpz_mpoly, int]:
        """The leading coefficient and the degree in the variable `k`."""
        degree = int(polynomial.degrees()[k])
        terms = {
            (*powers[:k], 0, *powers[k + 1 :]): c
            for powers, c in polynomial.to_dict().items()
            if powers[k] == degree
        }
        return self.context.from_dict(terms), degree

    def written(self, quotient: Quotient) -> sp.Expr:
        """A quotient as an expression."""
        return self.expression(quotient.top) / self.expression(quotient.bottom)

    def expression(self, polynomial: fmpz_mpoly) -> sp.Expr:
        """A polynomial in the pieces, written out."""
        return written(polynomial, self.pieces)

    def _power(self, e: sp.Expr) -> Quotient:
        assert isinstance(e, sp.Pow)
        power, q = int(exponent(e).p), exponent(e).q
        top, bottom = self.of(e.base if q == 1 else root(e.base, q))
        if power < 0:
            top, bottom = bottom, top
        return reduce(self._product, [Quotient(top, bottom)] * abs(power), Quotient(self.one, self.one))

    def _sum(self, a: Quotient, b: Quotient) -> Quotient:
        shared = a.bottom.gcd(b.bottom)
        cofactor_a, cofactor_b = divmod(b.bottom, shared)[0], divmod(a.bottom, shared)[0]
        top = self._times(a.top, cofactor_a) + self._times(b.top, cofactor_b)
        return self._lowest(top, self._times(a.bottom, cofactor_a))

    def _product(self, a: Quotient, b: Quotient) -> Quotient:
        return self._lowest(self._times(a.top, b.top), self._times(a.bottom, b.bottom))

    def _times(self, a: fmpz_mpoly, b: fmpz_mpoly) -> fmpz_mpoly:
        self.left -= len(a) * len(b)
        if self.left < 0:
            raise Undecidable("too long to bring over one denominator")
        return a * b

    def _lowest(self, top: fmpz_mpoly, bottom: fmpz_mpoly) -> Quotient:
        top, bottom = self._reduced(top), self._reduced(bottom)
        if bottom == 0:
            raise ZeroDivisionError
        shared = top.gcd(bottom) if top != 0 else bottom
        top, bottom = divmod(top, shared)[0], divmod(bottom, shared)[0]
        return Quotient(-top, -bottom) if bottom.leading_coefficient() < 0 else Quotient(top, bottom)

    def _reduced(self, polynomial: fmpz_mpoly) -> fmpz_mpoly:
        """The remainder by the equations between the pieces."""
        for k, power, equation in self.equations:
            if polynomial.degrees()[k] >= power:
                polynomial = divmod(polynomial, equation)[1]
        return polynomial


def generators(*expressions: sp.Expr) -> list[sp.Expr]:
    """The pieces of which the expressions are rational functions, in SymPy's order."""
    pieces = {g for e in expressions for g in _generators(e)}
    return sorted(pieces, key=sp.default_sort_key)


def _generators(expression: sp.Expr) -> Iterator[sp.Expr]:
    if expression.is_Rational:
        return
    if expression.is_Add or expression.is_Mul:
        for piece in expression.args:
            yield from _generators(piece)
    elif isinstance(expression, sp.Pow) and expression.exp.is_Integer:
        yield from _generators(expression.base)
    elif isinstance(expression, sp.Pow) and isinstance(q := expression.exp, sp.Rational) and q.p != 1:
        yield from _generators(root(expression.base, q.q))
    else:
        yield expression


def root(base: sp.Expr, q: int) -> sp.Expr:
    """`base^(1/q)`, in whole powers of which SymPy's other powers of `base` are written."""
    return sp.Pow(base, sp.Rational(1, q))


def is_root(piece: sp.Expr) -> TypeGuard[sp.Pow]:
    """Whether a piece is a power with a broken exponent."""
    return isinstance(piece, sp.Pow) and piece.exp.is_Rational and not piece.exp.is_Integer


def exponent(power: sp.Pow) -> sp.Rational:
    """That of a power by a rational number."""
    assert isinstance(power.exp, sp.Rational)
    return power.exp


def _closed(expressions: Sequence[sp.Expr]) -> set[sp.Expr]:
    """The generators of the expressions, of the radicands of those that are roots, and so on."""
    closure: set[sp.Expr] = set()
    new = set(generators(*expressions))
    while new:
        closure |= new
        new = set(generators(*(e for piece in new if (e := _power(piece)) is not None))) - closure
    return closure


def _power(piece: sp.Expr) -> sp.Expr | None:
    """What a power of the piece is in others: the radicand of a root, the square of a cosine."""
    if is_root(piece):
        return piece.base
    return SQUARES[type(piece)](*piece.args) if type(piece) in SQUARES else None


def _dependent_first(piece: sp.Expr) -> tuple[int, int, Any]:
    """Outer roots before inner ones, and those before cosines."""
    rank = 0 if is_root(piece) else 1 if type(piece) in SQUARES else 2
    return rank, -sp.count_ops(piece), sp.default_sort_key(piece)
