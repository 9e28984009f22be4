"""How far from 0 an algebraic number lies, if it is not 0.

Every expression `E` of rational numbers, roots and algebraic numbers is a quotient `U/L` of algebraic
integers. Bounds `u`, `l` on the sizes of all conjugates of `U` and `L` follow the expression upwards,
and with the degree `D` of the field that all its roots generate, `E = 0` or `|E| >= 1/(u^(D-1) l)`
(Burnikel, Funke, Mehlhorn, Schirra & Schmitt 2009, "A separation bound for real algebraic
expressions", theorem 1).
"""

from __future__ import annotations

from math import prod
from typing import NamedTuple

import flint
import sympy as sp
from sympy.polys.rootoftools import ComplexRootOf

from stabcheck.symbolic.balls import enclose

MOST_BITS = 60_000
"""Beyond this precision a number is not evaluated, which then takes seconds."""


class _Sizes(NamedTuple):
    """Base-2 logarithms of bounds on all conjugates of numerator and denominator, both at least 0."""

    above: float
    below: float


def is_zero(number: sp.Expr) -> bool | None:
    """Whether an algebraic number is 0, by evaluating it closer than it can come to 0.

    Args:
        number: of rational numbers, roots with rational exponents and isolated roots of polynomials.

    Returns:
        `None` where it is made of anything else, or the bound is too small to evaluate down to.
    """
    try:
        bits = separation(number)
    except NotImplementedError:
        return None
    if bits > MOST_BITS:
        return None
    with flint.ctx.workprec(bits + 64):
        ball = enclose(number)
        if not ball.contains(0):
            return False
        return True if abs(ball).upper() < flint.arb(2) ** -bits else None


def separation(number: sp.Expr) -> int:
    """A `k` such that the algebraic number is 0 or at least `2^-k` in size.

    Raises:
        NotImplementedError: if it is made of anything but roots.
    """
    degree = prod(_degree(part) for part in set(sp.preorder_traversal(number)))
    above, below = _sizes(number)
    return int((degree - 1) * above + below) + 2


def _degree(part: sp.Expr) -> int:
    if isinstance(part, ComplexRootOf):
        return part.poly.degree()
    return int(part.exp.q) if isinstance(part, sp.Pow) and isinstance(part.exp, sp.Rational) else 1


def _sizes(number: sp.Expr) -> _Sizes:
    if isinstance(number, sp.Rational):
        return _Sizes(*(float(abs(int(n)).bit_length()) for n in (number.p, number.q)))
    if isinstance(number, ComplexRootOf):
        lead, *others = (abs(int(c)).bit_length() for c in number.poly.all_coeffs())
        return _Sizes(max(lead, *others) + 1.0, float(lead))
    if number.is_Add or number.is_Mul:
        return _joined([_sizes(arg) for arg in number.args], added=number.is_Add)
    if isinstance(number, sp.Pow) and isinstance(number.exp, sp.Rational):
        return _powered(_sizes(number.base), number.exp)
    raise NotImplementedError(str(number)[:60])


def _joined(sizes: list[_Sizes], *, added: bool) -> _Sizes:
    """Of a sum `u1 l2 + u2 l1` over `l1 l2`, or of a product."""
    below = sum(size.below for size in sizes)
    if not added:
        return _Sizes(sum(size.above for size in sizes), below)
    most = max(size.above + below - size.below for size in sizes)
    return _Sizes(most + len(sizes).bit_length(), below)


def _powered(base: _Sizes, exponent: sp.Rational) -> _Sizes:
    above, below = base if exponent > 0 else (base.below, base.above)
    whole, root = abs(int(exponent.p)), int(exponent.q)
    above, below = whole * above, whole * below
    # (U/L)^(1/k) = (U L^(k-1))^(1/k) / L; either way round.
    if above >= below:
        return _Sizes((above + (root - 1) * below) / root, below)
    return _Sizes(above, ((root - 1) * above + below) / root)
