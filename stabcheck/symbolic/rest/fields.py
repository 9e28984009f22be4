"""Points in number fields: what holds between their coordinates is decided there."""

# SymPy types its results too loosely for these checks.
# pyright: basic, reportArgumentType=false, reportAttributeAccessIssue=false, reportCallIssue=false
# pyright: reportAssignmentType=false, reportGeneralTypeIssues=false, reportOperatorIssue=false
# pyright: reportReturnType=false

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import flint
import sympy as sp
from flint import arb, fmpq, fmpq_poly, fmpz_poly
from sympy.polys.polyerrors import BasePolynomialError

from stabcheck.symbolic.coordinates import Coordinate, Place
from stabcheck.symbolic.rest.ideal import Powers
from stabcheck.symbolic.rest.numbers import inverse_of, number, rational, real_roots, to_sympy

Coefficients = tuple[int, ...]


@dataclass(frozen=True)
class Algebraic(Place):
    """A point whose coordinates are polynomials in a root of an irreducible polynomial.

    Attributes:
        modulus: that polynomial, from its constant on.
        elements: numerator and denominator of each coordinate's polynomial.
        located: the minimal polynomial of each coordinate, and which of its real roots it is.
    """

    names: tuple[str, ...]
    modulus: Coefficients
    elements: tuple[tuple[Coefficients, int], ...]
    located: tuple[tuple[Coefficients, int], ...]

    @classmethod
    def of(
        cls,
        names: Sequence[str],
        modulus: fmpz_poly,
        elements: Sequence[fmpq_poly],
        located: Sequence[tuple[fmpz_poly, int]],
    ) -> Algebraic:
        """The point from FLINT's polynomials."""
        return cls(
            tuple(names),
            _coefficients(modulus),
            tuple((_coefficients(h.numer()), int(h.denom())) for h in elements),
            tuple((_coefficients(m), index) for m, index in located),
        )

    @cached_property
    def key(self) -> str:
        return f"{self.names} {self.located}"

    def ball(self, index: int) -> arb:
        minimal, place = self.located[index]
        return _roots(minimal, flint.ctx.prec)[place]

    def text(self, index: int) -> str:
        minimal, place = self.located[index]
        return str(number(fmpz_poly(list(minimal)), place))

    def canonical(self, number: sp.Expr) -> sp.Expr:
        known = self._value(number)
        return number if known is None else known

    def _value(self, number: sp.Expr) -> sp.Rational | None:
        """What is no rational function of the coordinates counts as a letter of its own."""
        plain = number.xreplace({Coordinate(self, k): s for k, s in enumerate(self._symbols)})
        letters = {f: sp.Dummy() for f in _kernels(plain)}
        top, bottom = sp.fraction(sp.together(plain.xreplace(letters)))
        try:
            if letters:
                terms = sp.Poly(top, *letters.values()).coeffs()
                return None if any(self._element(c) != 0 for c in terms) else sp.S.Zero
            above = self._element(top)
            if above == 0:
                return sp.S.Zero
            whole = above * inverse_of(self._element(bottom), self._modulus) % self._modulus
        except BasePolynomialError:
            return None
        return to_sympy(fmpq(whole[0])) if whole.degree() == 0 else None

    def _element(self, expression: sp.Expr) -> fmpq_poly:
        poly = sp.Poly(expression, *self._symbols, domain="QQ")
        return element({m: rational(c) for m, c in poly.terms()}, self._elements, self._modulus)

    @cached_property
    def _symbols(self) -> tuple[sp.Symbol, ...]:
        return tuple(sp.Dummy(name, real=True) for name in self.names)

    @cached_property
    def _modulus(self) -> fmpq_poly:
        return fmpq_poly(list(self.modulus))

    @cached_property
    def _elements(self) -> tuple[fmpq_poly, ...]:
        return tuple(fmpq_poly(list(top), bottom) for top, bottom in self.elements)


def _kernels(expression: sp.Expr) -> set[sp.Expr]:
    """The parts that are no rational function of their symbols."""
    roots = {p for p in expression.atoms(sp.Pow) if not p.exp.is_Integer}
    return roots | expression.atoms(sp.Function)


def element(terms: Mapping[Powers, fmpq], coordinates: Sequence[fmpq_poly], modulus: fmpq_poly) -> fmpq_poly:
    """A polynomial at a point of a number field, which its coordinates are given in."""
    total = fmpq_poly([0])
    degrees = [max((m[k] for m in terms), default=0) for k in range(len(coordinates))]
    tables = [list(_powers(h, most, modulus)) for h, most in zip(coordinates, degrees, strict=True)]
    for powers, c in terms.items():
        term = fmpq_poly([c])
        for table, p in zip(tables, powers, strict=True):
            term = term * table[p] % modulus if p else term
        total += term
    return total % modulus


def _powers(base: fmpq_poly, most: int, modulus: fmpq_poly) -> Iterator[fmpq_poly]:
    """The powers of `base` from the 0th up to the given one."""
    power = fmpq_poly([1])
    yield power
    for _ in range(most):
        power = power * base % modulus
        yield power


def _coefficients(poly: fmpz_poly) -> Coefficients:
    return tuple(int(c) for c in poly.coeffs())


@lru_cache(maxsize=64)
def _roots(poly: Coefficients, bits: int) -> list[arb]:
    with flint.ctx.workprec(bits):
        return real_roots(fmpz_poly(list(poly)))
