"""Real algebraic numbers, and arithmetic in the number fields that they generate."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

import flint
import sympy as sp
from flint import arb, fmpq, fmpq_poly, fmpz_poly

from stabcheck.symbolic.balls import isolated, midpoint, nearest, to_float

BITS = 128
MOST_BITS = 160
"""Closed forms are for irreducible polynomials whose coefficients are no longer than anybody would read."""
T = sp.Symbol("t")

Coefficients = tuple[int, ...]
"""Of a polynomial, from its constant on."""


@dataclass(frozen=True)
class AlgebraicNumber:
    """`alpha`, a real root of an irreducible polynomial `p`.

    Attributes:
        coefficients: of `p`.
        index: which of the real roots, from the least.
    """

    coefficients: Coefficients
    index: int

    @classmethod
    def of(cls, value: Fraction) -> AlgebraicNumber:
        """A rational number."""
        return cls((-value.numerator, value.denominator), 0)

    @classmethod
    def root_of(cls, poly: fmpz_poly, index: int) -> AlgebraicNumber:
        """A root of a polynomial of FLINT's."""
        return cls(coefficients(poly), index)

    @property
    def degree(self) -> int:
        """Of the number field `Q(alpha)`."""
        return len(self.coefficients) - 1

    @property
    def poly(self) -> fmpz_poly:
        """`p`."""
        return fmpz_poly(list(self.coefficients))

    @property
    def modulus(self) -> fmpq_poly:
        """`p`, modulo which `Q(alpha)` is computed in."""
        return fmpq_poly(list(self.coefficients))

    def ball(self, bits: int) -> arb:
        """An enclosure of about this many bits, which tells it from the other roots."""
        return _real_roots(self.coefficients, bits)[self.index]

    @property
    def value(self) -> float:
        """The nearest float64."""
        return nearest(self.ball(BITS))

    @property
    def rational(self) -> Fraction | None:
        """The number as a fraction, if it is one."""
        return Fraction(-self.coefficients[0], self.coefficients[1]) if self.degree == 1 else None

    def compare(self, other: Fraction) -> int:
        """-1, 0 or 1, as the number is less than a rational one, equal to it, or greater."""
        if self.rational is not None:
            return (self.rational > other) - (self.rational < other)
        bits = BITS
        while True:
            with flint.ctx.workprec(bits):
                # An irrational number lies on one side, which enough bits show.
                distance = self.ball(bits) - arb(fmpq(other.numerator, other.denominator))
            if not distance.contains(0):
                return 1 if distance > 0 else -1
            bits *= 2

    @property
    def exact(self) -> sp.Expr | None:
        """A closed form where there is a short one."""
        return self.expression if self.degree <= 2 and self.poly.height_bits() <= MOST_BITS else None

    @property
    def expression(self) -> sp.Expr:
        """A rational number, one with a square root, or a `Root`."""
        if self.degree > 2:
            return Root.of(self.poly, self.index)
        if self.degree == 1:
            return -sp.Rational(*self.coefficients)
        centre, outside, inside = self._square
        return centre + outside * sp.sqrt(inside)

    @property
    def generated(self) -> sp.Expr:
        """The same, written in a `Root`, for a degree of two in that of `t^2 - d`."""
        if self.degree != 2:
            return self.expression
        centre, outside, inside = self._square
        return centre + outside * Root.of(fmpz_poly([-int(inside), 0, 1]), 1)

    @property
    def _square(self) -> tuple[sp.Rational, sp.Rational, sp.Integer]:
        """`(a, b, d)` with `a + b sqrt(d)` the number, of degree two, and `d` freed of small squares."""
        low, middle, lead = map(sp.Integer, self.coefficients)
        outside, radical = sp.sqrt(middle**2 - 4 * lead * low).as_coeff_Mul(rational=True)
        sign = 1 if (self.index == 1) == (lead > 0) else -1
        return -middle / (2 * lead), sign * outside / (2 * lead), sp.Integer(radical**2)


class Root(sp.CRootOf):
    """An algebraic number as an expression whose powers reduce themselves.

    `r^k` becomes a polynomial in `r` of lower degree when it is made, also for negative `k`, so
    that `expand` brings every polynomial in `r` to a normal form: what vanishes is 0. Digits come
    from certified balls.

    Args:
        expression: an irreducible polynomial in one symbol, with integer coefficients.
        index: which of the real roots, from the least.
    """

    is_real = True
    is_extended_real = True
    # To SymPy's domains it is a generator: what is algebraic they would compute with as expressions.
    is_algebraic = None

    def __new__(cls, expression: sp.Expr, index: int) -> Root:
        return cls._new(sp.PurePoly(expression, *expression.free_symbols, domain="ZZ"), int(index))

    @classmethod
    def of(cls, poly: fmpz_poly, index: int) -> Root:
        """The root of a polynomial of FLINT's."""
        return cls._new(sp.PurePoly(coefficients(poly)[::-1], T, domain="ZZ"), index)

    @property
    def number(self) -> AlgebraicNumber:
        """The number itself."""
        return AlgebraicNumber(tuple(int(c) for c in reversed(self.poly.all_coeffs())), self.index)

    def _eval_power(self, exponent: sp.Expr) -> sp.Expr | None:
        if not exponent.is_Integer or 0 <= exponent < self.poly.degree():
            return None
        modulus, t = self.number.modulus, fmpq_poly([0, 1])
        base = t if exponent > 0 else inverse(t, modulus)
        return at(power(base, abs(int(exponent)), modulus), self)

    def _eval_evalf(self, prec: int, **options: Any) -> sp.Float:
        del options
        return to_float(self.number.ball(prec + 16), prec)

    def eval_rational(self, dx: Any = None, dy: Any = None, n: int = 15) -> sp.Rational:
        """A rational number not farther than `dx` from it."""
        del dy
        error = arb(to_fmpq(sp.Rational(1, 10**n) if dx is None else sp.Rational(dx)))
        bits = BITS
        while not (ball := self.number.ball(bits)).rad() < error:
            bits *= 2
        return sp.Rational(midpoint(ball))

    def _eval_is_real(self) -> bool:
        return True

    def _eval_is_imaginary(self) -> bool:
        return False

    def _eval_conjugate(self) -> Root:
        return self

    @property
    def _radical(self) -> sp.Expr | None:
        """`sqrt(d)`, where it is that."""
        low, *others = self.number.coefficients
        return sp.sqrt(-low) if (others, self.index) == ([0, 1], 1) else None

    def _sympystr(self, printer: Any) -> str:
        if self._radical is not None:
            return printer._print(self._radical)
        return f"CRootOf({printer._print(self.expr)}, {self.index})"

    def _latex(self, printer: Any, exp: str = "") -> str:
        plain = self._radical or sp.Function("CRootOf")(self.expr, self.index)
        return printer._print(plain if not exp else plain ** sp.Symbol(exp))


def to_fmpq(number: sp.Rational) -> fmpq:
    """As FLINT has it."""
    return fmpq(int(number.p), int(number.q))


def to_sympy(number: fmpq) -> sp.Rational:
    """As SymPy has it."""
    return sp.Rational(int(number.p), int(number.q))


def coefficients(poly: fmpz_poly) -> Coefficients:
    """As Python has them, from the constant on."""
    return tuple(int(c) for c in poly.coeffs())


def real_roots(poly: fmpz_poly) -> tuple[arb, ...]:
    """Disjoint enclosures of the real roots of an irreducible polynomial, from the least."""
    return _real_roots(coefficients(poly), flint.ctx.prec)


@lru_cache(maxsize=64)
def _real_roots(poly: Coefficients, bits: int) -> tuple[arb, ...]:
    with flint.ctx.workprec(bits):
        balls = (ball.real for ball in isolated(fmpz_poly(list(poly))) if ball.imag == 0)
        return tuple(sorted(balls, key=midpoint))


def conjugates(poly: fmpz_poly) -> list[AlgebraicNumber]:
    """The real roots of an irreducible polynomial, from the least."""
    return [AlgebraicNumber.root_of(poly, index) for index in range(len(real_roots(poly)))]


def at(element: fmpq_poly, root: sp.Expr) -> sp.Expr:
    """`element(root)`, as an expression."""
    terms = sp.Add(*(to_sympy(c) * root**k for k, c in enumerate(element.coeffs())))
    return terms if isinstance(root, Root) else sp.expand(terms)  # long ones need no expanding


def power(element: fmpq_poly, k: int, modulus: fmpq_poly) -> fmpq_poly:
    """`element^k` by squaring."""
    if k == 0:
        return fmpq_poly([1])
    half = power(element, k // 2, modulus)
    square = half * half % modulus
    return square * element % modulus if k % 2 else square


def inverse(element: fmpq_poly, modulus: fmpq_poly) -> fmpq_poly:
    """`1/element`, for one that an irreducible modulus does not divide."""
    return element.xgcd(modulus)[1]  # FLINT's common divisors are monic
