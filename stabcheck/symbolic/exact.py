"""Verdicts and eigenvalues at given values: exact over the rationals, else in balls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import flint
import sympy as sp
from flint import acb, acb_poly, arb, fmpq, fmpq_mat, fmpz_poly
from sympy.polys.constructor import construct_domain

from stabcheck.core.errors import Undecidable
from stabcheck.core.stability import HALF_PLANE, StabilityRegion
from stabcheck.core.verdict import Verdict
from stabcheck.symbolic.algebraic import MOST_BITS, to_fmpq
from stabcheck.symbolic.balls import enclose, isolated, nearest
from stabcheck.symbolic.coordinates import Coordinate
from stabcheck.symbolic.spectrum import Factor, closed_form, split_square
from stabcheck.symbolic.zero import vanishes

BITS = 128
TOLERANCE = 2.0**-64
MOST_OPERATIONS = 24
"""Longer formulas in the coordinates of a point say less than digits."""
MOST_DEGREE = 4
"""Of a field of numbers in which a polynomial is made square-free."""


MANIFOLD = "manifold"
"""The place of eigenvalues that belong to a manifold of equilibria."""
WORST = {"outside": Verdict.UNSTABLE, "unknown": Verdict.UNDECIDED, "boundary": Verdict.NEUTRAL}
"""What a place comes to, the worst first."""


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
            computed or is not decided.
    """

    exact: sp.Expr | None
    ball: acb
    multiplicity: int
    place: str
    defective: bool | None = None

    @property
    def value(self) -> complex:
        """The nearest float64, exact zeros kept; infinite where float64 overflows."""
        return complex(nearest(self.ball.real), nearest(self.ball.imag))

    @property
    def is_real(self) -> bool:
        """Whether it is certainly real."""
        return self.ball.imag == 0

    def __repr__(self) -> str:
        exact = "" if self.exact is None else f"{self.exact} = "
        return f"<{exact}{self.value.real if self.is_real else self.value:.12g}, {self.multiplicity}-fold>"


def routh(coefficients: Sequence[fmpq]) -> bool:
    """Whether all roots of a polynomial have negative real part: Routh's first column is positive.

    Args:
        coefficients: leading first.
    """
    scale = 1 if coefficients[0] > 0 else -1
    upper = [scale * c for c in coefficients[0::2]]
    lower = [scale * c for c in coefficients[1::2]]
    while lower:
        if lower[0] <= 0:
            return False
        ratio = upper[0] / lower[0]
        padded = [*lower[1:], *[fmpq(0)] * (len(upper) - len(lower))]
        upper, lower = lower, [a - ratio * b for a, b in zip(upper[1:], padded, strict=True)]
    return True


def on_axis(poly: fmpz_poly) -> int:
    """How many roots of an irreducible polynomial lie on the imaginary axis.

    With a root `i w` comes `-i w`, which `p(-s)` shares: so `p` is `s` or even, `p = e(s^2)`,
    and each real negative root of `e` gives two.
    """
    if any(poly[k] != 0 for k in range(1, poly.degree() + 1, 2)):
        return int(poly.degree() == 1 and poly[0] == 0)
    halved = fmpz_poly([poly[k] for k in range(0, poly.degree() + 1, 2)])
    return 2 * sum(root.imag == 0 and root.real < 0 for root in isolated(halved))


def places(poly: fmpz_poly, roots: Sequence[acb], *, region: StabilityRegion) -> list[str]:
    """Where each root of an irreducible polynomial lies: `inside`, `boundary` or `outside`.

    Args:
        poly: irreducible over the rationals.
        roots: enclosures of its roots that are disjoint.
        region: where the eigenvalues of what is stable lie.
    """
    moved = fmpz_poly(region.to_half_plane(poly.coeffs()[::-1])[::-1])
    if moved.degree() < poly.degree():
        return ["boundary"]
    on_edge = on_axis(moved)
    if on_edge == 0 and routh([fmpq(c) for c in reversed(moved.coeffs())]):
        return ["inside"] * len(roots)
    margins = [region.margin(root) for root in roots]
    closest = sorted(range(len(roots)), key=lambda k: abs(nearest(margins[k])))
    sides = ["boundary" if k in closest[:on_edge] else side(margins[k]) for k in range(len(roots))]
    if "unknown" not in sides:
        return sides
    # What is not on the boundary separates from it at some precision.
    with flint.ctx.workprec(2 * flint.ctx.prec):
        return places(poly, isolated(poly), region=region)


def side(distance: arb) -> str:
    """`inside`, `outside`, or `unknown` where the ball holds zero."""
    return "inside" if distance < 0 else "outside" if distance > 0 else "unknown"


def eigenvalues(
    factors: Sequence[Factor], matrix: sp.Matrix | None = None, *, region: StabilityRegion, along: int = 0
) -> tuple[Eigenvalue, ...]:
    """All eigenvalues, certified, coinciding ones merged.

    Args:
        factors: of the characteristic polynomial, with numbers for coefficients.
        matrix: the matrix itself, with numbers for entries, if eigenvectors matter.
        region: where the eigenvalues of what is stable lie.
        along: the dimension of a manifold of equilibria, whose roots the factors are without.

    Raises:
        Undecidable: if the numbers are irrational and the roots cannot be separated.
    """
    with flint.ctx.workprec(BITS):
        if all(c.is_Rational for f in factors for c in f.coefficients):
            spectrum = tuple(_rational(factors, matrix, region=region, along=along))
        else:
            spectrum = tuple(_in_balls(factors, region=region))
        return (*spectrum, *_on_manifold(along, region=region))


def dominant(spectrum: Sequence[Eigenvalue], *, region: StabilityRegion) -> list[Eigenvalue]:
    """The eigenvalues that set the rate: those farthest out, as far as balls can tell.

    None where every eigenvalue belongs to a manifold of equilibria.
    """
    spectrum = [e for e in spectrum if e.place != MANIFOLD]
    with flint.ctx.workprec(BITS):
        margins = [region.margin(e.ball) for e in spectrum]
    return [e for e, m in zip(spectrum, margins, strict=True) if not any(m < other for other in margins)]


class Placed(Protocol):
    """An eigenvalue whose place is known, however it was found."""

    @property
    def place(self) -> str:
        """As of an `Eigenvalue`."""
        ...


def verdict(spectrum: Sequence[Placed]) -> Verdict:
    """`stable`, `unstable`, `neutral` or `undecided`, from where the eigenvalues lie.

    Those of a manifold of equilibria say nothing; where there are no others nothing is decided.
    """
    places = {e.place for e in spectrum} - {MANIFOLD} or {"boundary"}
    for there, word in WORST.items():
        if there in places:
            return word
    return Verdict.STABLE


def _on_manifold(count: int, *, region: StabilityRegion) -> Iterator[Eigenvalue]:
    if count:
        yield Eigenvalue(sp.Integer(region.still), acb(region.still), count, MANIFOLD, defective=False)


def _rational(
    factors: Sequence[Factor], matrix: sp.Matrix | None, *, region: StabilityRegion, along: int
) -> Iterator[Eigenvalue]:
    whole = fmpz_poly([1])
    for factor in factors:
        whole *= _integral(factor) ** factor.multiplicity
    still = fmpz_poly([-region.still, 1]) ** along
    for poly, multiplicity in whole.factor()[1]:
        more = along if poly(region.still) == 0 else 0
        defective = None
        if matrix is not None:
            defective = _defective(poly, multiplicity + more, matrix, whole * still)
        candidates = _radicals(poly)
        balls = isolated(poly)
        for ball, where in zip(balls, places(poly, balls, region=region), strict=True):
            yield Eigenvalue(_nearest(candidates, ball), ball, multiplicity, where, defective)


def _integral(factor: Factor) -> fmpz_poly:
    row = [c for c in factor.coefficients if isinstance(c, sp.Rational)]
    assert len(row) == len(factor.coefficients)
    bottom = sp.ilcm(1, *(c.q for c in row))
    return fmpz_poly([int(c * bottom) for c in reversed(row)])


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


def _defective(poly: fmpz_poly, multiplicity: int, matrix: sp.Matrix, whole: fmpz_poly) -> bool | None:
    """Whether the roots of `poly` lack eigenvectors; `None` where that is not decided.

    Args:
        poly: irreducible.
        multiplicity: its power in the characteristic polynomial.
        matrix: whose entries may be irrational.
        whole: the characteristic polynomial.
    """
    if multiplicity == 1:
        return False
    entries = [e for e in matrix if isinstance(e, sp.Rational)]
    if len(entries) < len(matrix):
        return _lacking(poly * (whole // poly**multiplicity), matrix)
    n = matrix.rows
    m = fmpq_mat(n, n, [to_fmpq(e) for e in entries])
    one = fmpq_mat(n, n, [fmpq(int(i == j)) for i in range(n) for j in range(n)])
    image = one * 0
    for c in reversed(poly.coeffs()):
        image = image * m + one * fmpq(c)
    return image.rank() > n - multiplicity * poly.degree()


def _lacking(single: fmpz_poly, matrix: sp.Matrix) -> bool | None:
    """Whether a matrix is no root of its characteristic polynomial with one factor taken once."""
    image = sp.zeros(*matrix.shape)
    for c in reversed(single.coeffs()):
        image = (image * matrix + int(c) * sp.eye(matrix.rows)).applyfunc(sp.expand)
    vanishing = {vanishes(e) for e in image}
    return True if False in vanishing else None if None in vanishing else False


def _formulas(factor: Factor) -> list[sp.Expr]:
    """The roots of a factor of degree at most two; none where nobody would read them."""
    roots = closed_form(factor)
    if roots is None:
        return []
    named = any(c.has(Coordinate) for c in factor.coefficients)
    return [] if named and roots.length > MOST_OPERATIONS else list(roots.formulas)


def _in_balls(factors: Sequence[Factor], *, region: StabilityRegion) -> Iterator[Eigenvalue]:
    for factor in factors:
        simple = _without_zeros(factor)
        if zeros := factor.degree - simple.degree:
            place = _place_of_zero(region)
            yield Eigenvalue(sp.S.Zero, acb(0), zeros * factor.multiplicity, place)
        if not simple.degree:
            continue
        balls = [enclose(c).real for c in simple.coefficients]
        try:
            roots = acb_poly(list(reversed(balls))).roots(tol=TOLERANCE)
        except ValueError as failure:
            apart = _square_free(simple)
            if not apart:
                raise Undecidable(f"the roots of {simple.polynomial} cannot be isolated") from failure
            yield from _in_balls(apart, region=region)
            continue
        candidates = _formulas(simple)
        for root in roots:
            # An isolated root of a real polynomial is real if its ball meets the real axis:
            # its conjugate would be a second root in the same ball.
            ball = acb(root.real) if root.imag.contains(0) else root
            where = side(region.margin(ball))
            if where == "unknown" and _mirrored(simple, root, roots, region=region):
                where, ball = "boundary", _on_edge(ball, region)
            yield Eigenvalue(_nearest(candidates, ball), ball, factor.multiplicity, where)


def _square_free(factor: Factor) -> list[Factor]:
    """A factor as powers of square-free ones, over a field of low degree; empty if it is none of these."""
    domain, row = construct_domain(factor.coefficients, extension=True, field=True)
    if not domain.is_Algebraic or domain.ext.minpoly.degree() > MOST_DEGREE:
        return []
    _, factors = sp.Poly(row, factor.variable, domain=domain).sqf_list()
    if len(factors) == 1 and factors[0][1] == 1:
        return []
    pairs = ((base.monic().all_coeffs(), power) for base, power in factors)
    return [
        replace(factor, coefficients=tuple(row), multiplicity=factor.multiplicity * power)
        for row, power in pairs
    ]


def _without_zeros(factor: Factor) -> Factor:
    """A factor divided by `z` as often as it goes."""
    kept = list(factor.coefficients)
    while kept[-1] == 0:
        kept.pop()
    return replace(factor, coefficients=tuple(kept))


def _mirrored(factor: Factor, root: acb, roots: Sequence[acb], *, region: StabilityRegion) -> bool:
    """Whether a root whose ball meets the boundary lies on it, as it is its own mirror image.

    A polynomial that is its own mirror image has with `z` the root that mirrors it. A mirror image
    that can be none of the other roots is the root itself.
    """
    c = factor.coefficients
    mirrored = region.reflected(c)
    if any(sp.expand(a * mirrored[0] - b * c[0]) != 0 for a, b in zip(c, mirrored, strict=True)):
        return False
    image = region.image(root)
    return not any(image.overlaps(other) for other in roots if other is not root)


def _place_of_zero(region: StabilityRegion) -> str:
    margin = region.margin(0)
    return "boundary" if margin == 0 else "inside" if margin < 0 else "outside"


def _on_edge(ball: acb, region: StabilityRegion) -> acb:
    """A ball of a number on the boundary, its real part exact where that is the imaginary axis."""
    return acb(0, ball.imag) if region == HALF_PLANE else ball
