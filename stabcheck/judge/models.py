"""The numbers that solvers write down where statements hold together: fractions, and roots of polynomials."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import reduce
from operator import add, mul, sub
from types import MappingProxyType
from typing import Any

import sympy as sp
from flint import fmpq, fmpq_poly

from stabcheck.core.errors import BadInput, Undecidable
from stabcheck.core.number import number
from stabcheck.judge.solver import nested
from stabcheck.symbolic.algebraic import conjugates

MOST_POWER = 64
OPERATORS: Mapping[str, Callable[[Any, Any], Any]] = MappingProxyType({"+": add, "-": sub, "*": mul})


def value(text: str) -> sp.Expr:
    """A number that a solver writes: `2.0`, `(- (/ 1.0 3.0))`, `(root-obj (+ (^ x 2) (- 2)) 2)`.

    Raises:
        Undecidable: for what is written in another way.
    """
    try:
        return _number(nested(f"({text})"))
    except (BadInput, ValueError, TypeError, ZeroDivisionError, LookupError):
        raise Undecidable(f"the solver writes a number as {text[:60]}, which is not read") from None


def _number(tree: list) -> sp.Expr:
    match tree:
        case [["root-obj", polynomial, str(place)]]:
            return _root(_polynomial(polynomial), int(place))
        case [single]:
            return _rational(_polynomial(single))
        case _:
            raise ValueError(tree)


def _polynomial(tree: Any) -> fmpq_poly:
    """A polynomial in `x`, mostly a number."""
    match tree:
        case "x":
            return fmpq_poly([0, 1])
        case str(digits):
            q = Fraction(number(digits))
            return fmpq_poly([fmpq(q.numerator, q.denominator)])
        case ["-", single]:
            return -_polynomial(single)
        case ["^", base, str(power)] if int(power) <= MOST_POWER:
            return _polynomial(base) ** int(power)
        case ["/", top, bottom]:
            q = _rational(_polynomial(bottom))
            return _polynomial(top) * fmpq(int(q.q), int(q.p))
        case [str(operator), first, *others]:
            return reduce(OPERATORS[operator], map(_polynomial, others), _polynomial(first))
        case _:
            raise ValueError(tree)


def _rational(polynomial: fmpq_poly) -> sp.Rational:
    if polynomial.degree() > 0:
        raise ValueError(polynomial)
    c = fmpq(polynomial[0])
    return sp.Rational(int(c.p), int(c.q))


def _root(polynomial: fmpq_poly, place: int) -> sp.Expr:
    """One of the real roots, counted from 1."""
    roots = [root for factor, _ in polynomial.numer().factor()[1] for root in conjugates(factor)]
    return sorted(roots, key=lambda root: root.value)[place - 1].expression
