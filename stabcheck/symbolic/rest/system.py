"""The equations `v = 0` as polynomials that are to vanish together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import sympy as sp
from flint import fmpz_mpoly
from sympy.polys.polyerrors import BasePolynomialError

from stabcheck.core.errors import BadInput, Undecidable
from stabcheck.symbolic.rest.ideal import Ideal
from stabcheck.symbolic.rest.letters import Letters, apart, member

if TYPE_CHECKING:
    from stabcheck.symbolic.rest.component import Component

MOST_COORDINATES, MOST_DEGREE, MOST_SOLUTIONS = 6, 8, 64
MOST_SHOWN = 60


@dataclass(frozen=True)
class System:
    """Polynomials that are to vanish together, and the product of the denominators that must not."""

    coordinates: tuple[sp.Symbol, ...]
    polynomials: tuple[sp.Poly, ...]
    denominator: Any
    field: tuple[sp.Expr, ...] = ()

    @classmethod
    def of(cls, field: Sequence[sp.Expr], coordinates: Sequence[sp.Symbol]) -> System:
        quotients = [_quotient(sp.sympify(e, strict=True), tuple(coordinates)) for e in field]
        whole = sp.Poly(1, *coordinates, domain="QQ")
        for _, bottom in quotients:
            whole = whole.lcm(bottom)
        tops = (top for top, _ in quotients if not top.is_zero)
        bottom = whole.sqf_part() if whole.total_degree() > 0 else whole
        return cls(tuple(coordinates), tuple(tops), bottom, tuple(field))

    @cached_property
    def letters(self) -> Letters:
        """The coordinates, and the functions of them that the field has as factors."""
        plain = not any(e.has(sp.Function) for e in self.field)
        return Letters(self.coordinates, {}, ()) if plain else Letters.of(self.field, self.coordinates)

    @property
    def is_linear(self) -> bool:
        degrees = [p.total_degree() for p in self.polynomials]
        return max(degrees, default=0) <= 1 and self.denominator.total_degree() == 0

    def refuse_size(self) -> None:
        """Raises:
        Undecidable: if the system is too large to be solved in seconds.
        """
        degrees = [p.total_degree() for p in self.polynomials]
        sizes = (
            (len(self.coordinates), MOST_COORDINATES, "coordinates"),
            (max([*degrees, self.denominator.total_degree()]), MOST_DEGREE, "as degree"),
            (math.prod(max(d, 1) for d in degrees), MOST_SOLUTIONS, "as product of the degrees"),
        )
        for size, most, what in sizes:
            if size > most:
                raise Undecidable(f"all rest points are sought up to {most} {what}, not {size}; give a start")

    @cached_property
    def members(self) -> tuple[fmpz_mpoly, ...]:
        """The polynomials."""
        return tuple(map(member, self.polynomials))

    @cached_property
    def nowhere(self) -> fmpz_mpoly:
        """The denominator."""
        return member(self.denominator)

    @property
    def ideal(self) -> Ideal:
        """What the polynomials generate.

        Raises:
            Undecidable: if the equations grow too large.
        """
        return Ideal.of(len(self.coordinates), self.members)

    def rests(self, component: Component) -> bool:
        """Whether no denominator vanishes at solutions, decided in their number field as these are.

        Raises:
            Undecidable: if they prove to be none, which would be a fault in what found them.
        """
        if not all(map(component.vanishes, self.members)):
            raise Undecidable("a solution of v = 0 did not stand its exact test; give a start")
        return not component.vanishes(self.nowhere)


def _quotient(entry: sp.Expr, coordinates: tuple[sp.Symbol, ...]) -> tuple[sp.Poly, sp.Poly]:
    """Numerator, in lowest terms, and the denominator as it stands."""
    if not entry.free_symbols <= set(coordinates):
        names = ", ".join(sorted(str(s) for s in entry.free_symbols - set(coordinates)))
        raise BadInput(f"rest points are listed for numbers only; give values for {names}")
    top, bottom = without_exponentials(entry)
    moving = [
        p for e in (entry, top, bottom) for p in e.atoms(sp.Pow) if p.has(*coordinates) and p.base != sp.E
    ]
    rational = all(e.is_rational_function(*coordinates) for e in (top, bottom))
    if not rational or any(not p.exp.is_Integer for p in moving):
        raise Undecidable(f"{_cut(entry)} is no polynomial; give a start")
    if any(abs(p.exp) > MOST_DEGREE for p in moving):
        raise Undecidable(f"all rest points are sought up to degree {MOST_DEGREE}; give a start")
    try:
        top, bottom = (sp.Poly(e, *coordinates, domain="QQ") for e in (top, bottom))
    except BasePolynomialError:
        raise Undecidable(f"{_cut(entry)} has coefficients that are not rational; give a start") from None
    return (top if bottom.total_degree() == 0 else top.cancel(bottom, include=True)[0]), bottom


def _cut(entry: sp.Expr) -> str:
    """An expression as text, the middle left out where it is long."""
    text = str(entry)
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN // 2]} ... {text[-MOST_SHOWN // 3 :]}"


def without_exponentials(entry: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    """Numerator and denominator of a quotient that vanishes where the entry does.

    An exponential that all terms share is divided out: it is never 0. So is a factor of the
    denominator that is positive everywhere. The poles of exponents stay in the denominator.
    """
    top, bottom = sp.fraction(sp.together(entry))
    exponents = [e.args[0] for e in entry.atoms(sp.exp)]
    if not exponents or not all(map(_everywhere, exponents)):
        return top, bottom
    terms = [apart(term) for term in sp.Add.make_args(sp.expand(top))]
    if any(sp.expand(exponent - terms[0][1]) != 0 for _, exponent in terms):
        return top, bottom
    poles = (sp.denom(sp.together(e)) for e in exponents)
    positive = {e: sp.Dummy(positive=True) for e in entry.atoms(sp.exp)}
    kept = (f for f in sp.Mul.make_args(bottom) if not f.xreplace(positive).is_positive)
    return sp.Add(*(factor for factor, _ in terms)), sp.Mul(*kept, *poles)


def _everywhere(exponent: sp.Expr) -> bool:
    """Whether it is defined for all real coordinates, poles apart."""
    powers = all(p.exp.is_Integer or p.base == sp.E for p in exponent.atoms(sp.Pow))
    return powers and all(isinstance(f, sp.exp | sp.tanh) for f in exponent.atoms(sp.Function))
