"""Signs of polynomials all over boxes, in certified balls: by Horner's form, else by the slopes.

In a letter in which it rises or falls throughout, a polynomial is least and largest at the ends. In the
others, over half-widths `r` around `c`, it lies in `p(c) + sum_i r_i [-1, 1] dp/dx_i(box)`, which is off
by the square of the widths, where Horner's form is off by their first power.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from flint import arb, fmpq

from stabcheck.core.polynomial import Polynomial

Ends = tuple[Fraction, Fraction]
UNIT = arb(0, 1)
"""The ball of all numbers from -1 to 1."""


def ball_between(low: Fraction, high: Fraction) -> arb:
    """The least ball that holds two numbers and what lies between, at the working precision."""
    return _ball(low).union(_ball(high))


def _ball(number: Fraction) -> arb:
    return arb(fmpq(number.numerator, number.denominator))


Value = Callable[[Mapping[str, arb]], arb]
"""From balls of the letters to one that holds all values there."""


def horner(polynomial: Polynomial) -> Value:
    """`(... (c_n x + c_{n-1}) x + ...) + c_0`, the letter `x` of the highest power outermost."""
    if not polynomial.names:
        number = _ball(sum((c for _, c in polynomial.terms), Fraction(0)))
        return lambda _: number
    highest = [max(powers[k] for powers, _ in polynomial.terms) for k in range(len(polynomial.names))]
    letter = polynomial.names[highest.index(max(highest))]
    row = [horner(c) for c in polynomial.coefficients(letter)]

    def value(balls: Mapping[str, arb]) -> arb:
        x, total = balls[letter], arb(0)
        for c in row:
            total = total * x + c(balls)
        return total

    return value


@dataclass(frozen=True)
class Enclosure:
    """A polynomial that is enclosed over boxes.

    Attributes:
        polynomial: the polynomial.
    """

    polynomial: Polynomial

    @cached_property
    def _value(self) -> Value:
        return horner(self.polynomial)

    @cached_property
    def _slopes(self) -> dict[str, Value]:
        return {name: horner(self.polynomial.derivative(name)) for name in self.polynomial.names}

    def sign(self, box: Mapping[str, Ends]) -> int | None:
        """The sign that it has all over a box; `None` where it has several, or balls do not tell.

        Args:
            box: the ends for each of its letters, both belonging to it.
        """
        if not self.polynomial.terms:
            return 0
        balls = {name: ball_between(*box[name]) for name in self.polynomial.names}
        sign = side(self._value(balls))
        return self._by_slopes(box, balls) if sign is None else sign

    def _by_slopes(self, box: Mapping[str, Ends], balls: Mapping[str, arb]) -> int | None:
        slopes = {name: slope(balls) for name, slope in self._slopes.items()}
        return next((sign for sign in (1, -1) if side(self._extreme(box, slopes, sign)) == sign), None)

    def _extreme(self, box: Mapping[str, Ends], slopes: Mapping[str, arb], sign: int) -> arb:
        """What `p` is at least where a sign of 1 is asked about, at most where it is -1."""
        point, spread = {}, arb(0)
        for name, slope in slopes.items():
            low, high = box[name]
            rises = side(slope)
            point[name] = _ball((low + high) / 2 if rises is None else low if rises == sign else high)
            spread += _ball((high - low) / 2) * UNIT * slope if rises is None else 0
        return self._value(point) + spread


def side(ball: arb) -> int | None:
    """The sign of all numbers in a ball, if they have one."""
    return 1 if ball > 0 else -1 if ball < 0 else None
