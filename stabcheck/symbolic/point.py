"""Points whose coordinates lie in one real number field: signs and roots of polynomials there, exactly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import chain, count
from typing import Any

import flint
from flint import arb, fmpq, fmpq_poly, fmpz_mpoly, fmpz_poly

from stabcheck.core.errors import Undecidable
from stabcheck.core.frozen import Frozen
from stabcheck.core.polynomial import Polynomial
from stabcheck.symbolic.algebraic import AlgebraicNumber, conjugates
from stabcheck.symbolic.balls import midpoint
from stabcheck.symbolic.extension import Row, gcd, roots, squarefree, stripped
from stabcheck.symbolic.polynomials import ring

BITS, MOST_DEGREE = 384, 16
"""Beyond this degree of the field nothing is decided."""
T = fmpq_poly([0, 1])


@dataclass(frozen=True)
class Point:
    """`x_i = q_i(alpha)` with rational `q_i`.

    Attributes:
        number: `alpha`, which generates the field.
        coordinates: the `q_i` by letter.
    """

    number: AlgebraicNumber
    coordinates: Mapping[str, fmpq_poly]

    @classmethod
    def of(cls, name: str, number: AlgebraicNumber) -> Point:
        """A point of the line of one letter."""
        return ORIGIN._with(name, number)

    def _with(self, name: str, number: AlgebraicNumber) -> Point:
        """One more coordinate beside rational ones."""
        if number.rational is not None:
            return self.with_value(name, number.rational)
        return Point(number, Frozen({**self.coordinates, name: T}))

    def row(self, p: Polynomial, v: str) -> Row:
        """The coefficients of a polynomial in `v`, leading first, without leading zeros."""
        row = [self._element(c) for c in _coefficients(p, v)]
        while row and row[0] == 0:
            row = row[1:]
        return row

    def _element(self, p: Polynomial) -> fmpq_poly:
        if not p.names:
            return _constant(sum((c for _, c in p.terms), Fraction(0)))
        return p.at(self.coordinates, _constant) % self.number.modulus

    def sign(self, p: Polynomial) -> int:
        """That of a polynomial here."""
        return self.sign_of(self._element(p))

    def sign_of(self, element: fmpq_poly) -> int:
        """That of an element of the field."""
        if element == 0:
            return 0
        bits = BITS
        while (ball := self.ball(element, bits)).contains(0):
            bits *= 2
        return 1 if ball > 0 else -1

    def ball(self, element: fmpq_poly, bits: int = BITS) -> arb:
        """An enclosure of an element of the field."""
        with flint.ctx.workprec(bits):
            x, total = self.number.ball(bits), arb(0)
            for c in reversed(element.coeffs()):
                total = total * x + arb(c)
            return total

    def where(self, name: str) -> arb:
        """An enclosure of a coordinate."""
        return self.ball(self.coordinates[name])

    def rational(self, name: str) -> Fraction | None:
        """A coordinate that is a rational number."""
        element = self.coordinates[name] % self.number.modulus
        if element.degree() > 0:
            return None
        c = fmpq(element[0])
        return Fraction(int(c.p), int(c.q))

    def roots(self, p: Polynomial, v: str) -> list[arb]:
        """The real roots in `v`, in order, each as often as it is one; none of what is 0."""
        row = self.row(p, v)
        if len(row) < 2:
            return []
        with flint.ctx.workprec(BITS):
            # Of a real polynomial a root whose ball meets the real line is its own conjugate.
            balls = [(ball.real, times) for ball, times in roots(row, self.number) if ball.imag.contains(0)]
        return sorted((ball for ball, times in balls for _ in range(times)), key=midpoint)

    def with_value(self, name: str, value: Fraction) -> Point:
        """The same with one more coordinate."""
        return Point(self.number, Frozen({**self.coordinates, name: _constant(value)}))

    def with_root(self, name: str, p: Polynomial, place: int) -> Point:
        """The same with a root of a polynomial, one of its distinct real ones, for one more coordinate.

        Raises:
            Undecidable: if the field would be too large.
        """
        ball, row = self._distinct(p, name)[place]
        if len(row) == 2:
            return Point(self.number, Frozen({**self.coordinates, name: -row[1] % self.number.modulus}))
        if self.number.degree == 1:
            return self._with(name, _only(fmpq_poly([c[0] for c in reversed(row)]).numer(), ball))
        return self._joined(name, row, ball)

    def _distinct(self, p: Polynomial, v: str) -> list[tuple[arb, Row]]:
        """The distinct real roots in order, each with a monic polynomial that it solves once."""
        row = stripped(self.row(p, v), self.number.modulus)
        with flint.ctx.workprec(BITS):
            pairs = [
                (ball.real, single)
                for single, _ in squarefree(row, self.number.modulus)
                for ball, _ in roots(single, self.number)
                if ball.imag.contains(0)
            ]
        return sorted(pairs, key=lambda pair: midpoint(pair[0]))

    def _joined(self, name: str, row: Row, ball: arb) -> Point:
        """By a generator `theta = y + s alpha` of the field that has the root `y`, too."""
        for s in chain.from_iterable((k, -k) for k in count(1)):
            theta = _only(_norm(row, self.number, s), ball + s * self.number.ball(BITS))
            if theta.degree > MOST_DEGREE:
                break
            shifted = _shifted(row, s, theta.modulus)
            alpha = gcd(
                [_constant(Fraction(c)) for c in reversed(self.number.coefficients)], shifted, theta.modulus
            )
            if len(alpha) == 2:
                return self._moved(
                    theta, -alpha[1] % theta.modulus, name, T - s * (-alpha[1] % theta.modulus)
                )
        raise Undecidable(f"a corner lies in a field of a degree beyond {MOST_DEGREE}")

    def _moved(self, theta: AlgebraicNumber, alpha: fmpq_poly, name: str, y: fmpq_poly) -> Point:
        """The point in a field with another generator, in which the old one is `alpha`."""
        ours = {n: q(alpha) % theta.modulus for n, q in self.coordinates.items()}
        return Point(theta, Frozen({**ours, name: y % theta.modulus}))


ORIGIN = Point(AlgebraicNumber.of(Fraction(0)), Frozen())
"""A point without coordinates, from which others are made."""


@lru_cache(maxsize=4096)
def _coefficients(p: Polynomial, v: str) -> tuple[Polynomial, ...]:
    return p.coefficients(v)


def _constant(value: Fraction) -> fmpq_poly:
    return fmpq_poly([fmpq(value.numerator, value.denominator)])


def _only(poly: fmpz_poly, ball: arb) -> AlgebraicNumber:
    """The root of a polynomial that a ball holds.

    Raises:
        Undecidable: if there are several.
    """
    near = [n for f, _ in poly.factor()[1] for n in conjugates(f) if n.ball(BITS).overlaps(ball)]
    if len(near) != 1:
        raise Undecidable("balls do not tell roots apart")
    return near[0]


def _norm(row: Row, number: AlgebraicNumber, s: int) -> fmpz_poly:
    """What `y + s alpha` is a root of: `res_x(m(x), p(x, t - s x))`."""
    context = ring(2)
    x, t = context.gens()
    below = _common(row)
    total = context.from_dict({})
    for c in row:
        total = total * (t - s * x) + _in(c * below, x)
    modulus = _in(fmpq_poly(list(number.coefficients)), x)
    return _second(modulus.resultant(total, 0))


def _common(row: Sequence[fmpq_poly]) -> Any:
    product = 1
    for c in row:
        product *= c.denom()
    return product


def _in(element: fmpq_poly, x: fmpz_mpoly) -> fmpz_mpoly:
    """A polynomial with whole coefficients in a variable of a ring."""
    total = x * 0
    for c in reversed(element.coeffs()):
        total = total * x + int(c.p)
    return total


def _second(poly: fmpz_mpoly) -> fmpz_poly:
    terms = {int(j): int(c) for (_, j), c in poly.to_dict().items()}
    return fmpz_poly([terms.get(j, 0) for j in range(max(terms, default=-1) + 1)])


def _shifted(row: Row, s: int, modulus: fmpq_poly) -> Row:
    """`p(x, theta - s x)` as a polynomial in `x` over the field of `theta`, leading first.

    Args:
        row: of `p` in its second letter, polynomials in the first.
        s: the number.
        modulus: of `theta`.
    """
    total: list[fmpq_poly] = []  # from the constant on
    for c in row:
        times = _times(total, [T, fmpq_poly([-s])], modulus)
        own = [fmpq_poly([q]) for q in c.coeffs()]
        total = [a + b for a, b in _padded(times, own)]
    return stripped(total[::-1], modulus)


def _times(a: Sequence[fmpq_poly], b: Sequence[fmpq_poly], modulus: fmpq_poly) -> list[fmpq_poly]:
    product = [fmpq_poly([0])] * (len(a) + len(b) - 1 if a else 0)
    for i, p in enumerate(a):
        for j, q in enumerate(b):
            product[i + j] = (product[i + j] + p * q) % modulus
    return product


def _padded(a: list[fmpq_poly], b: list[fmpq_poly]) -> Iterator[tuple[fmpq_poly, fmpq_poly]]:
    none = fmpq_poly([0])
    size = max(len(a), len(b))
    return zip(a + [none] * (size - len(a)), b + [none] * (size - len(b)), strict=True)
