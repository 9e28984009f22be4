"""Real algebraic numbers: roots of irreducible polynomials, and elements of number fields."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import flint
import sympy as sp
from flint import arb, fmpq, fmpq_poly, fmpz_poly

from stabcheck.symbolic.balls import isolated

BITS = 128
T = sp.Symbol("t")


class Root(sp.CRootOf):
    """A real root of an irreducible polynomial, whose powers reduce themselves.

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
        return cls._new(sp.PurePoly([int(c) for c in reversed(poly.coeffs())], T, domain="ZZ"), index)

    @property
    def defining(self) -> fmpz_poly:
        """Its minimal polynomial."""
        return fmpz_poly([int(c) for c in reversed(self.poly.all_coeffs())])

    def ball(self, bits: int) -> arb:
        """An enclosure, of about this many bits."""
        with flint.ctx.workprec(bits):
            return real_roots(self.defining)[self.index]

    def _eval_power(self, power: sp.Expr) -> sp.Expr | None:
        degree = self.poly.degree()
        if not power.is_Integer or (0 <= power < degree and degree > 1):
            return None
        modulus = fmpq_poly(self.defining)
        base = fmpq_poly([0, 1]) if power > 0 else inverse_of(fmpq_poly([0, 1]), modulus)
        return in_powers(power_of(base, abs(int(power)), modulus), self)

    def _eval_evalf(self, prec: int, **options: Any) -> sp.Float:
        del options
        mantissa, exponent = self.ball(prec + 16).mid().man_exp()
        return sp.Float(sp.Integer(int(mantissa)) * sp.Integer(2) ** int(exponent), precision=prec)

    def eval_rational(self, dx: Any = None, dy: Any = None, n: int = 15) -> sp.Rational:
        """A rational number not farther than `dx` from it."""
        del dy
        error = sp.Rational(1, 10**n) if dx is None else sp.Rational(dx)
        bits = BITS
        while not (ball := self.ball(bits)).rad() < arb(fmpq(error.p, error.q)):
            bits *= 2
        mantissa, exponent = ball.mid().man_exp()
        return sp.Rational(int(mantissa)) * sp.Rational(2) ** int(exponent)

    def _eval_is_real(self) -> bool:
        return True

    def _eval_is_imaginary(self) -> bool:
        return False

    def _eval_conjugate(self) -> Root:
        return self

    @property
    def _radical(self) -> sp.Expr | None:
        """`sqrt(d)`, where it is that."""
        lead, *others = self.poly.all_coeffs()
        return (
            sp.sqrt(-others[1]) if (lead, self.index, others[0]) == (1, 1, 0) and len(others) == 2 else None
        )

    def _sympystr(self, printer: Any) -> str:
        if self._radical is not None:
            return printer._print(self._radical)
        return f"CRootOf({printer._print(self.expr)}, {self.index})"

    def _latex(self, printer: Any, exp: str = "") -> str:
        plain = self._radical or sp.Function("CRootOf")(self.expr, self.index)
        return printer._print(plain if not exp else plain ** sp.Symbol(exp))


def rational(number: sp.Rational) -> fmpq:
    """As FLINT has it."""
    return fmpq(int(number.p), int(number.q))


def to_sympy(number: fmpq) -> sp.Rational:
    """As SymPy has it."""
    return sp.Rational(int(number.p), int(number.q))


def real_roots(poly: fmpz_poly) -> list[arb]:
    """Disjoint enclosures of the real roots of an irreducible polynomial, from the least."""
    roots = [ball.real for ball in isolated(poly) if ball.imag == 0]
    return sorted(roots, key=lambda ball: Fraction(*dyadic(ball)))


def dyadic(ball: arb) -> tuple[int, int]:
    """The midpoint as a fraction."""
    mantissa, exponent = (int(part) for part in ball.mid().man_exp())
    return (mantissa << exponent, 1) if exponent >= 0 else (mantissa, 1 << -exponent)


def number(poly: fmpz_poly, index: int) -> sp.Expr:
    """A real root of an irreducible polynomial: rational, with a square root, or a `Root`."""
    if poly.degree() > 2:
        return Root.of(poly, index)
    if poly.degree() == 1:
        return -sp.Rational(int(poly[0]), int(poly[1]))
    centre, outside, inside = _square(poly, index)
    return centre + outside * sp.sqrt(inside)


def generator(poly: fmpz_poly, index: int) -> sp.Expr:
    """The same number, written in a `Root`, for a degree of two in that of `t^2 - d`."""
    if poly.degree() != 2:
        return number(poly, index)
    centre, outside, inside = _square(poly, index)
    return centre + outside * Root.of(fmpz_poly([-int(inside), 0, 1]), 1)


def _square(poly: fmpz_poly, index: int) -> tuple[sp.Rational, sp.Rational, sp.Integer]:
    """`(a, b, d)` with `a + b sqrt(d)` a root of a quadratic, `d` freed of small squares."""
    low, middle, lead = (sp.Integer(int(c)) for c in poly.coeffs())
    outside, radical = sp.sqrt(middle**2 - 4 * lead * low).as_coeff_Mul(rational=True)
    sign = 1 if (index == 1) == (lead > 0) else -1
    return -middle / (2 * lead), sign * outside / (2 * lead), sp.Integer(radical**2)


def in_powers(poly: fmpq_poly, root: sp.Expr) -> sp.Expr:
    """The polynomial at a number, as an expression."""
    terms = sp.Add(*(to_sympy(c) * root**k for k, c in enumerate(poly.coeffs())))
    return terms if isinstance(root, Root) else sp.expand(terms)  # long ones need no expanding


def power_of(base: fmpq_poly, k: int, modulus: fmpq_poly) -> fmpq_poly:
    """`base^k` by squaring."""
    if k == 0:
        return fmpq_poly([1])
    half = power_of(base, k // 2, modulus)
    square = half * half % modulus
    return square * base % modulus if k % 2 else square


def inverse_of(poly: fmpq_poly, modulus: fmpq_poly) -> fmpq_poly:
    """Modulo an irreducible polynomial that does not divide it."""
    common, factor, _ = poly.xgcd(modulus)
    return factor / common.leading_coefficient()
