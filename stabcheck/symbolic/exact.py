"""Verdicts and eigenvalues at given values: exact over the rationals, else in balls."""

# SymPy types its results too loosely for these checks.
# pyright: basic, reportArgumentType=false, reportAttributeAccessIssue=false, reportCallIssue=false
# pyright: reportAssignmentType=false, reportGeneralTypeIssues=false, reportOperatorIssue=false
# pyright: reportReturnType=false

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import flint
import sympy as sp
from flint import acb, acb_poly, arb, fmpq, fmpq_mat, fmpz_poly

from stabcheck.errors import Undecidable
from stabcheck.symbolic.region import cayley
from stabcheck.symbolic.spectrum import Factor, closed_form, split_square

BITS = 128
MOST_BITS = 160
TOLERANCE = 2.0**-64


@dataclass(frozen=True)
class Eigenvalue:
    """One eigenvalue at given values.

    Attributes:
        exact: a closed number, or `None` where there is none of degree at most two that is
            short enough to read.
        ball: a certified enclosure.
        multiplicity: algebraic.
        place: `inside`, `boundary` or `outside` of the stable region; `unknown` where balls
            cannot tell.
        defective: it has fewer eigenvectors than its multiplicity; `None` where that was not
            computed.
    """

    exact: sp.Expr | None
    ball: acb
    multiplicity: int
    place: str
    defective: bool | None = None

    @property
    def value(self) -> complex:
        """The nearest float64, exact zeros kept."""
        return complex(float(self.ball.real.mid()), float(self.ball.imag.mid()))

    @property
    def is_real(self) -> bool:
        """Whether it is certainly real."""
        return self.ball.imag == 0


def routh(coefficients: Sequence[Any]) -> str:
    """Where the roots of a polynomial lie, by the signs of Routh's first column.

    Args:
        coefficients: leading first, `fmpq` or `arb`.

    Returns:
        `inside` (all real parts negative), `outside` (some positive) or `unknown`, which
        happens where a pivot cannot be told from zero. Exact input without roots on the axis
        is never `unknown`.
    """
    scale = 1 if coefficients[0] > 0 else -1
    upper = [scale * c for c in coefficients[0::2]]
    lower = [scale * c for c in coefficients[1::2]]
    while lower:
        pivot = lower[0]
        if pivot < 0:
            return "outside"
        if not pivot > 0:
            return "outside" if isinstance(pivot, fmpq) else "unknown"
        ratio = upper[0] / pivot
        following = [*lower[1:], *[pivot * 0] * (len(upper) - len(lower))]
        upper, lower = lower, [a - ratio * b for a, b in zip(upper[1:], following, strict=True)]
    return "inside"


def on_axis(poly: fmpz_poly) -> bool:
    """Whether all roots of an irreducible polynomial lie on the imaginary axis.

    With a root `i w` comes `-i w`, which `p(-s)` shares: so `p` is `s` or even, `p = e(s^2)`,
    and the roots of `e` are real and negative or the axis has none of them.
    """
    if any(poly[k] != 0 for k in range(1, poly.degree() + 1, 2)):
        return poly.degree() == 1 and poly[0] == 0
    halved = fmpz_poly([poly[k] for k in range(0, poly.degree() + 1, 2)])
    return all(root.imag == 0 and root.real < 0 for root, _ in halved.complex_roots())


def place(poly: fmpz_poly, *, discrete: bool) -> str:
    """Where the roots of an irreducible polynomial lie: `inside`, `boundary` or `outside`.

    An even factor with roots off the axis has them on both sides of it, hence `outside`.
    """
    if discrete:
        moved = cayley(list(reversed(poly.coeffs())))
        if moved[0] == 0:
            return "boundary"
        poly = fmpz_poly(list(reversed(moved)))
    if on_axis(poly):
        return "boundary"
    return routh([fmpq(c) for c in reversed(poly.coeffs())])


def eigenvalues(
    factors: Sequence[Factor], matrix: sp.Matrix | None = None, *, discrete: bool
) -> tuple[Eigenvalue, ...]:
    """All eigenvalues, certified, coinciding ones merged.

    Args:
        factors: of the characteristic polynomial, with numbers for coefficients.
        matrix: the matrix itself, with numbers for entries, if eigenvectors matter.
        discrete: the stable region is the unit disc, else the left half-plane.

    Raises:
        Undecidable: if the numbers are irrational and the roots cannot be separated.
    """
    with flint.ctx.workprec(BITS):
        if all(c.is_Rational for f in factors for c in f.coefficients):
            return tuple(_rational(factors, matrix, discrete=discrete))
        return tuple(_in_balls(factors, discrete=discrete))


def verdict(found: Sequence[Eigenvalue]) -> str:
    """`stable`, `unstable`, `neutral` or `undecided`, from where the eigenvalues lie."""
    places = {e.place for e in found}
    for there, word in (("outside", "unstable"), ("unknown", "undecided"), ("boundary", "neutral")):
        if there in places:
            return word
    return "stable"


def _rational(factors: Sequence[Factor], matrix: sp.Matrix | None, *, discrete: bool) -> Iterator[Eigenvalue]:
    whole = fmpz_poly([1])
    for factor in factors:
        whole *= _integral(factor) ** factor.multiplicity
    for poly, multiplicity in whole.factor()[1]:
        where = place(poly, discrete=discrete)
        defective = None if matrix is None else _defective(poly, multiplicity, matrix)
        candidates = _radicals(poly)
        for ball, _ in poly.complex_roots():
            yield Eigenvalue(_nearest(candidates, ball), ball, multiplicity, where, defective)


def _integral(factor: Factor) -> fmpz_poly:
    bottom = sp.ilcm(1, *(c.q for c in factor.coefficients))
    return fmpz_poly([int(c * bottom) for c in reversed(factor.coefficients)])


def _radicals(poly: fmpz_poly) -> list[sp.Expr]:
    """The roots of an irreducible polynomial of degree at most two; empty beyond.

    Empty, too, where the coefficients are longer than anybody would read, as after a thousand
    sub-steps; extracting squares from such numbers would take long.
    """
    if poly.height_bits() > MOST_BITS:
        return []
    a = [sp.Rational(int(c)) for c in poly.coeffs()]
    if len(a) == 2:
        return [-a[0] / a[1]]
    if len(a) > 3:
        return []
    centre = -a[1] / (2 * a[2])
    outside, inside = split_square(centre**2 - a[0] / a[2])
    return [centre + sign * outside * sp.sqrt(inside) for sign in (1, -1)]


def _nearest(candidates: list[sp.Expr], ball: acb) -> sp.Expr | None:
    """The candidate inside a ball that isolates one of them."""
    return next((c for c in candidates if ball.overlaps(enclose(c))), None)


def _defective(poly: fmpz_poly, multiplicity: int, matrix: sp.Matrix) -> bool:
    """Whether the roots of `poly` lack eigenvectors: the rank of `p(M)` tells."""
    if multiplicity == 1:
        return False
    n = matrix.rows
    m = fmpq_mat(n, n, [fmpq(int(e.p), int(e.q)) for e in matrix])
    one = fmpq_mat(n, n, [fmpq(int(i == j)) for i in range(n) for j in range(n)])
    image = one * 0
    for c in reversed(poly.coeffs()):
        image = image * m + one * fmpq(c)
    return image.rank() > n - multiplicity * poly.degree()


def _in_balls(factors: Sequence[Factor], *, discrete: bool) -> Iterator[Eigenvalue]:
    for factor in factors:
        balls = [enclose(c).real for c in factor.coefficients]
        where = routh(cayley(balls) if discrete else balls)
        try:
            roots = acb_poly(list(reversed(balls))).roots(tol=TOLERANCE)
        except ValueError as failure:
            raise Undecidable(f"the roots of {factor.polynomial} cannot be isolated") from failure
        found = closed_form(factor)
        candidates = [] if found is None else list(found.formulas)
        for root in roots:
            # An isolated root of a real polynomial is real if its ball meets the real axis:
            # its conjugate would be a second root in the same ball.
            ball = acb(root.real) if root.imag.contains(0) else root
            yield Eigenvalue(_nearest(candidates, ball), ball, factor.multiplicity, where)


def _product(*factors: acb) -> acb:
    total = acb(1)
    for factor in factors:
        total *= factor
    return total


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
    }
)


def enclose(number: sp.Expr) -> acb:
    """A ball that certainly holds a closed number, at the precision in force.

    Raises:
        Undecidable: if the number is made of something that has no enclosure here.
    """
    if isinstance(number, sp.Rational):
        return acb(arb(fmpq(number.p, number.q)))
    if number in CONSTANTS:
        return CONSTANTS[number]()
    if isinstance(number, sp.Pow) and isinstance(number.exp, sp.Integer):
        return enclose(number.base) ** int(number.exp)
    if isinstance(number, sp.Pow) and number.exp == sp.S.Half:
        return enclose(number.base).sqrt()
    if type(number) not in FUNCTIONS:
        raise Undecidable(f"no enclosure is known for {number}")
    return FUNCTIONS[type(number)](*map(enclose, number.args))
