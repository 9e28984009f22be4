"""Characteristic polynomials, and eigenvalues in the shape that papers print them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from typing import Any

import sympy as sp
from sympy.polys.constructor import construct_domain
from sympy.polys.domains import Domain
from sympy.polys.matrices import DomainMatrix

from stabcheck.core.errors import Undecidable
from stabcheck.core.polynomial import Polynomial
from stabcheck.symbolic.charpoly import block_polynomials, in_symbols, is_rational
from stabcheck.symbolic.coordinates import Coordinate
from stabcheck.symbolic.dual import domain_terms
from stabcheck.symbolic.factoring import monic_factors, sqf_list
from stabcheck.symbolic.generators import plain
from stabcheck.symbolic.length import terms
from stabcheck.symbolic.letters import OMEGA, Z
from stabcheck.symbolic.polynomials import Meanings, meanings, polynomial
from stabcheck.symbolic.quotients import Quotients, generators
from stabcheck.symbolic.settling import is_short

MOST_TERMS = 200
"""Longer polynomials are not factored."""
LONGEST = 3_000
"""A coefficient with more operations is not written."""
MOST_OPERATIONS = 300
"""Longer sums of fractions are not brought over one denominator."""
MOST_EXPANDED = 5_000
"""What has more terms is not expanded."""


@dataclass(frozen=True)
class Factor:
    """A factor of a characteristic polynomial, with its multiplicity.

    Attributes:
        coefficients: monic, leading coefficient first.
        variable: what it is written in.
    """

    coefficients: tuple[sp.Expr, ...]
    multiplicity: int
    variable: sp.Symbol = Z

    @property
    def degree(self) -> int:
        return len(self.coefficients) - 1

    @property
    def polynomial(self) -> sp.Expr:
        """The factor as an expression in its variable."""
        return sp.Add(*(c * self.variable ** (self.degree - k) for k, c in enumerate(self.coefficients)))

    @cached_property
    def cleared(self) -> tuple[Polynomial, Meanings]:
        """`q p(z)` as data and what its letters stand for, `q` the least denominator of all coefficients.

        Raises:
            Undecidable: if that is too long.
        """
        quotients = Quotients(*self.coefficients)
        rows = [quotients.of(c) for c in self.coefficients]
        below = reduce(lambda q, row: q * divmod(row.bottom, q.gcd(row.bottom))[0], rows, quotients.one)
        tops = [quotients.expression(row.top * divmod(below, row.bottom)[0]) for row in rows]
        letters = meanings(self.variable, *tops)
        z = polynomial(self.variable, letters)
        return reduce(lambda p, top: p * z + polynomial(top, letters), tops, Polynomial()), letters

    def at(self, values: Mapping[sp.Symbol, sp.Expr]) -> Factor:
        """The same factor with values for some symbols; it may be irreducible no longer."""
        return replace(self, coefficients=tuple(c.xreplace(values) for c in self.coefficients))


@dataclass(frozen=True)
class Roots:
    """`centre ± outside sqrt(inside)`: the roots of a factor of degree at most two.

    Attributes:
        centre: half the sum of the roots.
        outside: what is pulled out of the square root; 0 for a single root.
        inside: what stays in it.
        multiplicity: of each root.
        definitions: what a named letter in the formula stands for.
    """

    centre: sp.Expr
    outside: sp.Expr
    inside: sp.Expr
    multiplicity: int
    definitions: tuple[tuple[sp.Symbol, sp.Expr], ...] = ()

    def __repr__(self) -> str:
        given = "".join(f" with {letter} = {meaning}" for letter, meaning in self.definitions)
        roots = f"{self.centre}" if self.outside == 0 else f"{self.centre} ± {self.radical}"
        return f"<{roots}, {self.multiplicity}-fold{given}>"

    @property
    def radical(self) -> sp.Expr:
        """`outside sqrt(inside)` up to its sign, which `±` makes moot; named letters kept."""
        # Of the radicand SymPy would ask its sign.
        radical = self.outside * sp.Pow(self.inside, sp.S.Half, evaluate=is_short(self.inside))
        return -radical if radical.could_extract_minus_sign() else radical

    @property
    def length(self) -> int:
        """The number of operations in the formula."""
        return int(sp.count_ops(self.centre) + sp.count_ops(self.radical))

    @property
    def formulas(self) -> tuple[sp.Expr, ...]:
        """Each root as one expression, named letters written out."""
        written = dict(self.definitions)
        if self.outside == 0:
            return (self.centre.xreplace(written),)
        signed = (self.centre + sign * self.radical for sign in (1, -1))
        return tuple(root.xreplace(written) for root in signed)


def blocks(matrix: DomainMatrix) -> tuple[Factor, ...]:
    """The characteristic polynomials of the strongly connected blocks, as they come."""
    return tuple(Factor(_written(row, matrix.domain), count) for row, count in block_polynomials(matrix))


def _written(row: Sequence[Any], domain: Domain) -> tuple[sp.Expr, ...]:
    """The coefficients as expressions.

    Raises:
        Undecidable: if they are too long to write.
    """
    coefficients = tuple(map(domain.to_sympy, row))
    if in_symbols(domain):
        return coefficients
    coefficients = tuple(map(plain, coefficients))
    if any(c.free_symbols and sp.count_ops(c) > LONGEST for c in coefficients):
        raise Undecidable("the characteristic polynomial is too long to write; give values for a verdict")
    return coefficients


def characteristic(matrix: DomainMatrix) -> tuple[Factor, ...]:
    """The factors of `det(z I - matrix)`, lowest degree first.

    Eigenvalues come from here and never from a general eigenvalue routine: beyond 2 x 2 with
    symbols its radicals are long and can be wrong.
    """
    multiplicities: Counter[tuple[sp.Expr, ...]] = Counter()
    for row, multiplicity in block_polynomials(matrix):
        for coefficients, inner in _factored(row, matrix.domain):
            multiplicities[coefficients] += multiplicity * inner
    factors = [Factor(coefficients, count) for coefficients, count in multiplicities.items()]
    return tuple(sorted(factors, key=lambda f: (f.degree, str(f.polynomial))))


def _factored(row: Sequence[Any], domain: Domain) -> Iterator[tuple[tuple[sp.Expr, ...], int]]:
    """The monic irreducible factors of a monic polynomial in `z`.

    A quadratic splits iff its discriminant is a square, and a square is seen from the square-free
    decomposition; a long one is factored like those of higher degree.
    """
    if in_symbols(domain) and sum(len(domain_terms(c, domain)) for c in row) > MOST_TERMS:
        yield from monic_factors(row, domain)
        return
    coefficients = _written(row, domain)
    if len(row) == 2:
        yield coefficients, 1
    elif len(row) == 3:
        yield from _halves(*coefficients)
    elif in_symbols(domain):
        yield from monic_factors(row, domain)
    elif any(c.has(Coordinate) or too_long(c) for c in coefficients):
        # To the factoriser coordinates would be unknowns, and many.
        yield coefficients, 1
    else:
        yield from _of_numbers(coefficients)


def _of_numbers(coefficients: tuple[sp.Expr, ...]) -> Iterator[tuple[tuple[sp.Expr, ...], int]]:
    """As `_factored`, where numbers that are not rational, or functions, count as letters."""
    domain, row = construct_domain(coefficients)
    if is_rational(domain):
        yield from monic_factors(row, domain)
    else:
        for factor, power in sp.Poly(coefficients, Z).factor_list()[1]:
            yield tuple(factor.monic().all_coeffs()), power


def _halves(one: sp.Expr, b: sp.Expr, c: sp.Expr) -> Iterator[tuple[tuple[sp.Expr, ...], int]]:
    outside, inside = split_square(b**2 / 4 - c)
    if not inside.is_Rational or not _rational(outside):
        yield (one, b, c), 1
    elif outside == 0:
        yield (one, sp.expand(b / 2)), 2
    else:
        yield from (((one, sp.expand(b / 2 + sign * outside)), 1) for sign in (1, -1))


def _rational(expression: sp.Expr) -> bool:
    """Whether an expression is free of radicals and of i."""
    return not expression.has(sp.I) and not any(not p.exp.is_Integer for p in expression.atoms(sp.Pow))


def closed_form(factor: Factor, letter: sp.Symbol = OMEGA) -> Roots | None:
    """The roots of a factor of degree at most two by completing the square, else `None`.

    Args:
        factor: whose roots are asked for.
        letter: what a formula may call a part of itself.
    """
    if factor.degree > 2:
        return None
    _, b, *constants = factor.coefficients
    if not constants:
        return Roots(-b if too_long(b) else sp.expand(-b), sp.S.Zero, sp.S.Zero, factor.multiplicity)
    product = constants[0]
    if too_long(b) or too_long(product):
        # Of the root of a long radicand SymPy would ask its sign, and that can take for ever.
        return None
    centre = sp.expand(-b / 2)
    if sum(len(sp.Add.make_args(e)) for e in (centre, product)) > MOST_TERMS:
        return Roots(centre, sp.S.One, centre**2 - product, factor.multiplicity)
    if product == 1 and centre.free_symbols:
        return _area_preserving(centre, factor.multiplicity, letter)
    outside, inside = split_square(centre**2 - product)
    times = factor.multiplicity if outside != 0 else 2 * factor.multiplicity
    return Roots(centre, outside, inside, times)


def _area_preserving(centre: sp.Expr, multiplicity: int, letter: sp.Symbol) -> Roots:
    """`c ± sqrt(c^2 - 1)`: with product 1, that shape shows when the roots leave the unit circle.

    Where `2 - 2c` is the square of a product, its root is named omega: `c = 1 - omega^2/2`.
    """
    outside, inside = split_square(2 - 2 * centre)
    omega = outside * sp.sqrt(inside)
    if omega.is_Add or omega.has(sp.I) or inside.is_Add:
        return Roots(centre, sp.S.One, centre**2 - 1, multiplicity)
    half = 1 - letter**2 / 2
    return Roots(half, sp.S.One, half**2 - 1, multiplicity, ((letter, omega),))


def too_long(expression: sp.Expr) -> bool:
    """Whether it would take long to bring an expression over one denominator."""
    if terms(expression) > MOST_EXPANDED:
        return True
    return sp.count_ops(expression) > MOST_OPERATIONS and not expression.is_polynomial()


def quotient(expression: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    """Numerator and denominator as expanded polynomials without a common factor.

    Raises:
        Undecidable: if they are too long.
    """
    if not expression.has(sp.I) and not all(g.is_Symbol for g in generators(expression)):
        quotients = Quotients(expression)
        top, bottom = map(quotients.expression, quotients.of(expression))
        return top, bottom
    expanded = sp.expand(expression)
    if expanded.is_polynomial() and not any(p.exp.is_negative for p in expanded.atoms(sp.Pow)):
        return expanded, sp.S.One
    numerator, denominator = sp.fraction(sp.cancel(expanded))
    return sp.expand(numerator), sp.expand(denominator)


def split_square(radicand: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    """`(p, q)` with `p^2 q` equal to the radicand and `q` without square polynomial factors.

    A radicand too long to read is left as it is: nothing would be gained, and it takes long.

    A rational number stays inside beside other things, as in `sqrt(gamma^2/4 - f1^2)`; alone
    it does not.
    """
    if too_long(radicand):
        return sp.S.One, radicand
    try:
        numerator, denominator = quotient(radicand)
    except Undecidable:
        return sp.S.One, radicand
    if len(sp.Add.make_args(numerator)) > MOST_TERMS:
        return sp.S.One, sp.expand(radicand)
    if numerator.is_number and denominator.is_number:
        return sp.sqrt(numerator / denominator), sp.S.One
    outside, inside = sp.S.One, sp.S.One
    for part, side in ((numerator, 1), (denominator, -1)):
        content, factors = (part, []) if part.is_number else sqf_list(part)
        inside *= content**side
        for base, power in factors:
            outside *= base ** (side * (power // 2))
            inside *= base ** (side * (power % 2))
    if inside.is_number:
        return outside * sp.sqrt(inside), sp.S.One
    return outside, sp.expand(inside)
