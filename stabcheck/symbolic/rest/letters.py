"""Equations in functions of coordinates as polynomials: a letter for each function.

`exp(p)` becomes a product of powers of as few exponentials as there are independent exponents among
all that occur; `u^(p/q)` a power of `s` with `s^q = u`; a sine and a cosine share `s^2 + c^2 = 1`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from math import lcm

import sympy as sp
from flint import Ordering, fmpz_mat, fmpz_mpoly
from sympy.polys.polyerrors import BasePolynomialError

from stabcheck.symbolic.polynomials import cleared
from stabcheck.symbolic.quotients import exponent, is_root, root

HYPERBOLIC = (sp.tanh, sp.sinh, sp.cosh)
Exponent = Mapping[sp.Expr, sp.Rational]
Term = tuple[sp.Expr, Exponent]
"""A factor without exponentials, and the exponent of the other one."""


class Unwritten(Exception):
    """An expression has no polynomial in these letters."""


@dataclass(frozen=True)
class Letters:
    """The letters of some expressions.

    Attributes:
        coordinates: stand for themselves.
        functions: each function that is no exponential, with its letter.
        exponents: of which all exponents are whole combinations, with the letter of each.
    """

    coordinates: tuple[sp.Symbol, ...]
    functions: Mapping[sp.Expr, sp.Symbol]
    exponents: tuple[tuple[Exponent, sp.Symbol], ...]

    @classmethod
    def of(cls, expressions: Sequence[sp.Expr], coordinates: Sequence[sp.Symbol]) -> Letters:
        """Letters in which all of the expressions can be written."""
        written = [_in_exponentials(e) for e in expressions]
        functions = dict.fromkeys(f for e in written for f in _functions(e))
        letters = cls(tuple(coordinates), {f: sp.Dummy() for f in functions}, ())
        sums = [terms for e in written for terms in letters._fraction(e)]
        every = [exponent for terms in sums for _, exponent in terms if exponent]
        rough = replace(letters, exponents=tuple((e, sp.Dummy()) for e in _basis(every)))
        totals = map(sum, zip(*map(rough._powers, every), strict=True))
        signs = (-1 if total < 0 else 1 for total in totals)
        return replace(
            letters,
            exponents=tuple(
                ({m: sign * c for m, c in e.items()}, s)
                for (e, s), sign in zip(rough.exponents, signs, strict=True)
            ),
        )

    @property
    def names(self) -> tuple[sp.Symbol, ...]:
        """All letters in order."""
        return (*self.coordinates, *self.functions.values(), *(s for _, s in self.exponents))

    @property
    def meanings(self) -> tuple[sp.Expr, ...]:
        """What each letter stands for."""
        meant = {letter: function for function, letter in self.functions.items()}
        sums = (sp.Add(*(c * m for m, c in e.items())) for e, _ in self.exponents)
        powers = (sp.exp(e.xreplace(meant)) for e in sums)
        return (*self.coordinates, *self.functions, *powers)

    @property
    def relations(self) -> Iterator[fmpz_mpoly]:
        """What holds between letters wherever they are."""
        for function, letter in self.functions.items():
            with suppress(Unwritten):
                if isinstance(function, sp.Pow):
                    yield self.numerator(letter ** (1 / function.exp) - function.base)
                if isinstance(function, sp.sin) and (cosine := self.functions.get(sp.cos(*function.args))):
                    yield self.numerator(letter**2 + cosine**2 - 1)

    def numerator(self, expression: sp.Expr) -> fmpz_mpoly:
        """A polynomial that is 0 where the expression is.

        Raises:
            Unwritten: if another function occurs in it.
        """
        return member(self.quotient(expression)[0])

    def quotient(self, expression: sp.Expr) -> tuple[sp.Poly, sp.Poly]:
        """Numerator and denominator.

        Raises:
            Unwritten: if another function occurs in it.
        """
        sums = self._fraction(_in_exponentials(expression))
        (top, above), (bottom, below) = map(self._polynomial, sums)
        shifts = [a - b for a, b in zip(above, below, strict=True)]
        first = len(self.names) - len(shifts)
        for k, shift in enumerate(shifts, first):
            factor = sp.Poly(self.names[k] ** abs(shift), *self.names, domain="QQ")
            top, bottom = (top * factor, bottom) if shift > 0 else (top, bottom * factor)
        return top, bottom

    def _fraction(self, expression: sp.Expr) -> tuple[list[Term], list[Term]]:
        """The terms of numerator and denominator, the first of which has no exponential left."""
        written = expression.replace(is_root, self._root).xreplace(dict(self.functions))
        top, bottom = (_terms(part) for part in sp.fraction(sp.together(written)))
        shared = bottom[0][1]
        return [(r, _less(e, shared)) for r, e in top], [(r, _less(e, shared)) for r, e in bottom]

    def _root(self, power: sp.Pow) -> sp.Expr:
        letter = self.functions.get(root(power.base, exponent(power).q))
        return power if letter is None else letter ** exponent(power).p

    def _polynomial(self, terms: Sequence[Term]) -> tuple[sp.Poly, list[int]]:
        """The sum of the terms, and by which powers of the exponentials it is to be multiplied."""
        rows = [(factor, self._powers(exponent)) for factor, exponent in terms]
        least = [min(column) for column in zip(*(powers for _, powers in rows), strict=True)]
        letters = [s for _, s in self.exponents]
        total = sp.Add(
            *(
                factor * sp.prod(s ** (p - low) for s, p, low in zip(letters, powers, least, strict=True))
                for factor, powers in rows
            )
        )
        try:
            return sp.Poly(total, *self.names, domain="QQ"), least
        except BasePolynomialError:
            raise Unwritten from None

    def _powers(self, exponent: Exponent) -> list[int]:
        """The exponent as a whole combination of the known ones, which are in echelon form."""
        left, powers = dict(exponent), []
        for row, _ in self.exponents:
            pivot = next(iter(row))
            power = left.get(pivot, sp.S.Zero) / row[pivot]
            powers.append(int(power))
            if not power.is_Integer:
                raise Unwritten
            for m, c in row.items():
                left[m] = left.get(m, sp.S.Zero) - power * c
        if any(left.values()):
            raise Unwritten
        return powers


def _in_exponentials(expression: sp.Expr) -> sp.Expr:
    return expression.replace(lambda e: isinstance(e, HYPERBOLIC), lambda e: e.rewrite(sp.exp))


def _functions(expression: sp.Expr) -> Iterator[sp.Expr]:
    """The outermost ones, exponentials apart; a root with exponent `1/q`."""
    if is_root(expression):
        yield root(expression.base, exponent(expression).q)
    elif isinstance(expression, sp.Function) and not isinstance(expression, sp.exp):
        yield expression
    elif not isinstance(expression, sp.exp):
        for part in expression.args:
            yield from _functions(part)


def _terms(part: sp.Expr) -> list[Term]:
    """Each term of a sum as a factor without exponentials, and an exponent by its own terms."""
    pairs = (apart(term) for term in sp.Add.make_args(sp.expand(part)))
    return [(factor, _by_term(exponent)) for factor, exponent in pairs]


def _by_term(exponent: sp.Expr) -> Exponent:
    pairs = (term.as_coeff_Mul(rational=True) for term in sp.Add.make_args(sp.expand(exponent)))
    return {m: c for c, m in pairs if c != 0}


def _less(exponent: Exponent, other: Exponent) -> Exponent:
    difference = {m: exponent.get(m, sp.S.Zero) - other.get(m, sp.S.Zero) for m in {**exponent, **other}}
    return {m: c for m, c in difference.items() if c != 0}


def _basis(exponents: Sequence[Exponent]) -> Iterator[Exponent]:
    """Exponents of which the given ones are whole combinations, as few as possible, in echelon form."""
    if not exponents:
        return
    monomials = sorted({m for e in exponents for m in e}, key=sp.default_sort_key)
    share = lcm(*(int(c.q) for e in exponents for c in e.values()))
    rows = fmpz_mat([[int(e.get(m, 0) * share) for m in monomials] for e in exponents]).hnf()
    for row in rows.tolist():
        exponent = {m: sp.Rational(int(c), share) for m, c in zip(monomials, row, strict=True) if c != 0}
        if exponent:
            yield exponent


def member(poly: sp.Poly) -> fmpz_mpoly:
    """A multiple of a polynomial, with whole coefficients."""
    return cleared(poly, Ordering.degrevlex)[1]


def apart(term: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    """`(a, b)` with `a exp(b)` the term."""
    powers = [f.as_base_exp() for f in sp.Mul.make_args(term)]
    others = sp.Mul(*(base**power for base, power in powers if base != sp.E))
    return others, sp.Add(*(power for base, power in powers if base == sp.E))
