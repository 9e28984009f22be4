"""Rest points that no formula gives, proved to exist by balls.

With `A` near `v'(m)^-1` and a box `X` around `m`, Krawczyk's operator is
`K(X) = m - A v(m) + (1 - A v'(X)) (X - m)`. If `K(X)` lies inside `X`, then `v` has one zero in `X`,
and it lies in `K(X)` (Krawczyk 1969; Moore 1977, "A test for existence of solutions to nonlinear
systems").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache

import flint
import sympy as sp
from flint import acb, arb, arb_mat, fmpq, fmpz_mpoly

from stabcheck.core.errors import Undecidable
from stabcheck.symbolic.balls import enclose
from stabcheck.symbolic.coordinates import Coordinate
from stabcheck.symbolic.factoring import irreducible
from stabcheck.symbolic.rest.ideal import Ideal, Powers
from stabcheck.symbolic.rest.letters import Letters, Unwritten
from stabcheck.symbolic.rest.named import BITS, Named, terms_of

SPARE = 48
NEAR = 1e-6
STEPS = 12
"""From a float, whose error Newton's method squares each time, to any precision that is asked for."""
DENOMINATORS = (1, 12, 420, 10**6)
MOST_ROUNDS = 8


@dataclass(frozen=True)
class Certified(Named):
    """The only zero of a field in a box.

    To its coordinates come the values there of the functions that occur in the field.

    Attributes:
        field: in the coordinates.
        coordinates: the symbols.
        near: where it lies, to about fifteen digits.
        others: further expressions that are to be written in the same functions.
    """

    field: tuple[sp.Expr, ...]
    coordinates: tuple[sp.Symbol, ...]
    near: tuple[Fraction, ...]
    others: tuple[sp.Expr, ...] = ()

    @cached_property
    def key(self) -> str:  # pyright: ignore[reportIncompatibleVariableOverride]
        return f"{self.field} {self.near}"

    def coordinate(self, index: int) -> arb:
        return self.box[index]

    def left(self, poly: sp.Poly) -> Mapping[Powers, fmpq]:
        return self.ideal.reduced(terms_of(poly))

    @property
    def box(self) -> tuple[arb, ...]:
        """A box that holds the point, at the precision in force."""
        bits = BITS
        while bits < flint.ctx.prec:
            bits *= 2
        return _box(self, bits)

    @cached_property
    def slopes(self) -> tuple[tuple[sp.Expr, ...], ...]:
        """`v'`, row by row."""
        return tuple(tuple(e.diff(s) for s in self.coordinates) for e in self.field)

    @cached_property
    def letters(self) -> Letters:  # pyright: ignore[reportIncompatibleVariableOverride]
        """What the field is made of."""
        return Letters.of((*self.field, *self.others), self.coordinates)

    @cached_property
    def ideal(self) -> Ideal:
        """What is known to vanish at the point; nothing where the equations grow too large.

        To the field itself come those factors of its consequences of which balls show that all
        others do not vanish there.
        """
        size = len(self.letters.names)
        try:
            members = [*map(self.letters.numerator, self.field), *self.letters.relations]
            ideal = Ideal.of(size, members)
            for _ in range(MOST_ROUNDS):
                more = [f for m in ideal.members for f in self._vanishing(m)]
                if not more:
                    break
                ideal = Ideal.of(size, [*ideal.members, *more])
        except (Undecidable, Unwritten):
            return Ideal(size, ())
        return ideal

    def _vanishing(self, member: fmpz_mpoly) -> Iterator[fmpz_mpoly]:
        """The one factor of a product that vanishes here, where balls single it out."""
        factors = irreducible(member)[1]
        if len(factors) == 1 and factors[0][1] == 1:
            return
        left = [f for f, _ in factors if _at(f, self._letter_balls).contains(0)]
        if len(left) == 1:
            yield left[0]

    @cached_property
    def _letter_balls(self) -> list[acb]:
        with flint.ctx.workprec(BITS):
            return [acb(self.ball(k)) for k in range(len(self.names))]


def certified(
    field: Sequence[sp.Expr],
    coordinates: Sequence[sp.Symbol],
    floats: Sequence[float],
    others: Sequence[sp.Expr] = (),
) -> tuple[sp.Expr, ...] | None:
    """The coordinates of the zero of a field near a float one; `None` where balls do not prove it.

    Args:
        field: expressions in the coordinates alone.
        coordinates: the symbols.
        floats: the point.
        others: further expressions that will be asked for there.
    """
    closed = [e for e in others if e.free_symbols <= set(coordinates)]
    place = Certified(tuple(field), tuple(coordinates), tuple(map(Fraction, floats)), tuple(closed))
    if any(not e.free_symbols <= set(coordinates) for e in field):
        return None
    try:
        with flint.ctx.workprec(BITS):
            box = place.box
    except (Undecidable, ZeroDivisionError, ValueError):
        return None
    if not all(abs(b - near) < NEAR * (1 + abs(near)) for b, near in zip(box, floats, strict=True)):
        return None
    return tuple(_number(place, k) for k in range(len(coordinates)))


def _number(place: Certified, index: int) -> sp.Expr:
    """The coordinate, as a fraction where it proves to be one."""
    coordinate = Coordinate(place, index)
    for most in DENOMINATORS:
        q = place.near[index].limit_denominator(most)
        if abs(q - place.near[index]) < Fraction(1, 10**12):
            candidate = sp.Rational(q.numerator, q.denominator)
            return candidate if place.canonical(coordinate - candidate) == 0 else coordinate
    return coordinate


@lru_cache(maxsize=256)
def _box(place: Certified, bits: int) -> tuple[arb, ...]:
    """A narrow box, inside one that holds a single zero."""
    with flint.ctx.workprec(BITS + SPARE):
        single = _around(place, [arb(fmpq(q.numerator, q.denominator)) for q in place.near], 36)
    with flint.ctx.workprec(bits + SPARE):
        narrow = _around(place, [ball.mid() for ball in single], bits)
    if not all(a.contains(b) for a, b in zip(single, narrow, strict=True)):
        raise Undecidable("the zero that balls prove is not the one that was sought")
    return narrow


def _around(place: Certified, middle: list[arb], digits: int) -> tuple[arb, ...]:
    """A box with a single zero, of relative width `2^-digits` about, around a point near one.

    Raises:
        Undecidable: if balls do not prove it.
    """
    middle = _newton(place, middle, digits)
    width = arb(2) ** -digits
    box = [m + arb(0, (width * (1 + abs(m))).upper()) for m in middle]
    inner = _krawczyk(place, middle, box)
    if not all(b.contains_interior(k) for b, k in zip(box, inner, strict=True)):
        raise Undecidable("balls do not prove a zero there")
    return tuple(inner) if digits > BITS // 2 else tuple(box)


def _newton(place: Certified, middle: list[arb], digits: int) -> list[arb]:
    for _ in range(STEPS):
        step = _slopes(place, middle).solve(_column(_values(place, middle)))
        middle = [(m - step[k, 0]).mid() for k, m in enumerate(middle)]
        if all(abs(step[k, 0]) < (1 + abs(m)) * arb(2) ** -digits for k, m in enumerate(middle)):
            break
    return middle


def _krawczyk(place: Certified, middle: list[arb], box: list[arb]) -> list[arb]:
    n = len(middle)
    inverse = _slopes(place, middle).inv().mid()
    one = arb_mat(n, n, [int(i == j) for i in range(n) for j in range(n)])
    spread = _column([b - m for b, m in zip(box, middle, strict=True)])
    image = (
        _column(middle)
        - inverse * _column(_values(place, middle))
        + (one - inverse * _slopes(place, box)) * spread
    )
    return [image[k, 0] for k in range(n)]


def _column(entries: Sequence[arb]) -> arb_mat:
    return arb_mat([[e] for e in entries])


def _values(place: Certified, box: Sequence[arb]) -> list[arb]:
    return _enclosed(place, place.field, box)


def _slopes(place: Certified, box: Sequence[arb]) -> arb_mat:
    return arb_mat([_enclosed(place, row, box) for row in place.slopes])


def _enclosed(place: Certified, expressions: Sequence[sp.Expr], box: Sequence[arb]) -> list[arb]:
    here: dict[sp.Expr, acb] = {s: acb(b) for s, b in zip(place.coordinates, box, strict=True)}
    balls = [enclose(e, here) for e in expressions]
    if any(ball.imag != 0 or not ball.is_finite() for ball in balls):
        raise Undecidable("the field is not defined on a whole box")
    return [ball.real for ball in balls]


def _at(poly: fmpz_mpoly, balls: Sequence[acb]) -> acb:
    """A polynomial in balls."""
    total = acb(0)
    with flint.ctx.workprec(BITS):
        for powers, c in poly.to_dict().items():
            term = acb(c)
            for ball, p in zip(balls, powers, strict=True):
                term *= ball ** int(p)
            total += term
    return total
