"""Balls that certainly hold a closed number."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType

import sympy as sp
from flint import acb, arb, fmpq, fmpz_poly
from sympy.polys.rootoftools import ComplexRootOf

from stabcheck.core.errors import Undecidable


def _product(*factors: acb) -> acb:
    total = acb(1)
    for factor in factors:
        total *= factor
    return total


def _principal(t: acb, *branch: acb) -> acb:
    if branch:
        raise Undecidable("an enclosure is known for the principal branch of LambertW only")
    return t.lambertw()


CONSTANTS: Mapping[sp.Expr, Callable[[], acb]] = MappingProxyType(
    {sp.I: lambda: acb(0, 1), sp.pi: lambda: acb(arb.pi()), sp.E: lambda: acb(arb.const_e())}
)
FUNCTIONS: Mapping[type, Callable[..., acb]] = MappingProxyType(
    {
        sp.Add: lambda *terms: sum(terms, acb(0)),
        sp.Mul: _product,
        sp.Pow: lambda base, power: base**power,
        sp.exp: lambda t: t.exp(),
        sp.log: lambda t: t.log(),
        sp.tanh: lambda t: t.tanh(),
        sp.sin: lambda t: t.sin(),
        sp.cos: lambda t: t.cos(),
        sp.tan: lambda t: t.tan(),
        sp.sinh: lambda t: t.sinh(),
        sp.cosh: lambda t: t.cosh(),
        sp.atan: lambda t: t.atan(),
        sp.asinh: lambda t: t.asinh(),
        sp.erf: lambda t: t.erf(),
        sp.asin: lambda t: t.asin(),
        sp.acos: lambda t: t.acos(),
        sp.LambertW: _principal,
        sp.Abs: lambda t: acb(abs(t)),
    }
)


def midpoint(ball: arb) -> Fraction:
    """The midpoint, exactly."""
    mantissa, exponent = ball.mid().man_exp()
    return int(mantissa) * Fraction(2) ** int(exponent)


def nearest(ball: arb) -> float:
    """The float64 nearest to the midpoint of a ball."""
    middle = midpoint(ball)
    try:
        return float(middle)
    except OverflowError:
        return math.inf if middle > 0 else -math.inf


def to_float(ball: arb, bits: int) -> sp.Float:
    """The midpoint as SymPy's float."""
    return sp.Float(sp.Rational(midpoint(ball)), precision=bits)


def isolated(poly: fmpz_poly) -> list[acb]:
    """Disjoint balls, one around each root of a polynomial."""
    # FLINT's annotation forgets the multiplicities.
    return [ball for ball, _ in poly.complex_roots()]  # pyright: ignore[reportGeneralTypeIssues]


def _root(number: ComplexRootOf) -> acb:
    """The one of its polynomial's isolated roots that SymPy's approximations single out."""
    poly = fmpz_poly([int(c) for c in reversed(number.poly.all_coeffs())])
    balls = isolated(poly)
    for bits in (4, 16, 64, 256):
        error = arb(0, arb(2) ** -bits)
        near = enclose(number.eval_rational(sp.Rational(1, 2**bits))) + acb(error, error)
        meeting = [ball for ball in balls if ball.overlaps(near)]
        if len(meeting) == 1:
            return meeting[0]
    raise Undecidable(f"{number} cannot be told from the other roots of its polynomial")


def enclose(number: sp.Expr, balls: Mapping[sp.Expr, acb] = MappingProxyType({})) -> acb:
    """A ball that certainly holds a closed number, at the precision in force.

    Args:
        number: the number.
        balls: around symbols that occur in it.

    Raises:
        Undecidable: if the number is made of something that has no enclosure here.
    """
    if isinstance(number, sp.Rational):
        return acb(arb(fmpq(number.p, number.q)))
    if number in balls or number in CONSTANTS:
        return balls[number] if number in balls else CONSTANTS[number]()
    if isinstance(number, sp.Pow) and (number.exp == sp.S.Half or number.exp.is_Integer):
        base = enclose(number.base, balls)
        return base.sqrt() if number.exp == sp.S.Half else base ** int(number.exp)
    if isinstance(number, ComplexRootOf):
        return _root(number)
    if own := getattr(number, "enclosure", None):
        return own()
    if type(number) not in FUNCTIONS:
        raise Undecidable(f"no enclosure is known for {number}")
    return FUNCTIONS[type(number)](*(enclose(part, balls) for part in number.args))
