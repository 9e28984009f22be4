"""How a function grows along the axis: bounds of its tails, from above and from below."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from math import comb, factorial
from types import MappingProxyType
from typing import Any

import sympy as sp
from flint import arb, fmpq

from stabcheck.core.errors import Undecidable
from stabcheck.symbolic.balls import enclose


def closed(number: sp.Expr) -> arb:
    """A closed real number."""
    if number.free_symbols:
        names = ", ".join(sorted(map(str, number.free_symbols)))
        raise Undecidable(f"a mean is enclosed at numbers only; give values to {names}")
    ball = enclose(number)
    if not (ball.imag == 0 or number.is_real):
        raise Undecidable(f"{number} is not known to be real")
    return ball.real


def half_powers(power: sp.Pow) -> int:
    """Twice the exponent.

    Raises:
        Undecidable: if that is no integer.
    """
    if not (isinstance(power.exp, sp.Rational) and power.exp.q in {1, 2}):
        raise Undecidable(f"means of powers by {power.exp} have no enclosure, as in {power}")
    return int(2 * power.exp)


@dataclass(frozen=True)
class Growth:
    """`sum_m c_m x^m exp(a_m x)`, on `x >= 0`, with `c_m >= 0`: bounds the size of a function.

    Each number may be any in its ball: one of them makes the bound true.

    Attributes:
        terms: `m -> (c_m, a_m)`.
    """

    terms: Mapping[int, tuple[arb, arb]]

    def __call__(self, x: Any) -> arb:
        return sum((c * arb(x) ** m * (a * arb(x)).exp() for m, (c, a) in self.terms.items()), arb(0))

    def __add__(self, other: Growth) -> Growth:
        return _gathered((m, c, a) for g in (self, other) for m, (c, a) in g.terms.items())

    def __mul__(self, other: Growth) -> Growth:
        return _gathered(
            (m + n, c * d, a + b)
            for m, (c, a) in self.terms.items()
            for n, (d, b) in other.terms.items()
        )  # fmt: skip

    def envelope(self) -> tuple[arb, arb]:
        """`(C, A)` with the bound at most `C exp(A x)`, by `x^m <= m! e^x`."""
        rates = (a + int(m > 0) for m, (_, a) in self.terms.items())
        return sum((c * factorial(m) for m, (c, _) in self.terms.items()), arb(0)), reduce(arb.max, rates)

    def tail(self, start: int) -> arb:
        """`int_start^oo bound(x) phi(x) dx`.

        With `x = y + a`: `x^m e^(ax) phi(x) = e^(a^2/2) sum_j binom(m, j) a^(m-j) y^j phi(y)`.
        """
        return sum((c * _exponential_tail(start, m, a) for m, (c, a) in self.terms.items()), arb(0))


def _exponential_tail(start: int, m: int, a: arb) -> arb:
    """`int_start^oo x^m e^(ax) phi(x) dx`."""
    beyond = _normal_tails(start - a, m)
    return (a * a / 2).exp() * sum((comb(m, j) * a ** (m - j) * beyond[j] for j in range(m + 1)), arb(0))


def _normal_tails(start: arb, m: int) -> list[arb]:
    """`I_j = int_start^oo y^j phi(y) dy` for `j <= m`: `I_j = start^(j-1) phi(start) + (j-1) I_(j-2)`."""
    density = (-start * start / 2).exp() / (2 * arb.pi()).sqrt()
    tails = [(start / arb(2).sqrt()).erfc() / 2, density]
    for j in range(2, m + 1):
        tails.append(start ** (j - 1) * density + (j - 1) * tails[j - 2])
    return tails


def _gathered(terms: Iterable[tuple[int, arb, arb]]) -> Growth:
    """One term to each degree: `c e^(ax) + d e^(bx) <= (c + d) e^(max(a, b) x)`."""
    bounds: dict[int, tuple[arb, arb]] = {}
    for m, c, a in terms:
        d, b = bounds.get(m, (arb(0), a))
        bounds[m] = c + d, a.max(b)
    return Growth(bounds)


def _exponential(c: arb, a: arb) -> Growth:
    return Growth({0: (c, a)})


ONE = _exponential(arb(1), arb(0))


def growth(f: sp.Expr, x: sp.Symbol) -> Growth:
    """A bound of `|f|` on the half-line `x >= 0`, from how `f` is made; which shows `f` to be real there.

    Raises:
        Undecidable: if there is none of this form, or none that is seen.
    """
    if f == x:
        return Growth({1: (arb(1), arb(0))})
    if x not in f.free_symbols:
        return _exponential(abs(closed(f)), arb(0))
    if type(f) not in BOUNDS:
        raise Undecidable(f"nothing is known about {f}")
    return BOUNDS[type(f)](f, x)


def _sum_bound(f: sp.Add, x: sp.Symbol) -> Growth:
    first, *others = (growth(term, x) for term in f.args)
    return sum(others, first)


def _product_bound(f: sp.Mul, x: sp.Symbol) -> Growth:
    total = ONE
    for factor in f.args:
        total *= growth(factor, x)
    return total


def _power_bound(f: sp.Pow, x: sp.Symbol) -> Growth:
    """`|u|^n`; `|u|^n (1 + |u|)/2` above `u^(n+1/2)`; `c^-p e^(-apx)` above `u^-p` for `u >= c e^(ax)`."""
    halves = half_powers(f)
    if halves < 0:
        c, a = _away_from_zero(f.base, x, f.exp)
        power = fmpq(halves, 2)
        return _exponential(c**power, a * power)
    bound, total = growth(f.base, x), ONE
    for _ in range(halves // 2):
        total *= bound
    if halves % 2 == 0:
        return total
    _refuse_negative(f.base, x)
    return total * _exponential(arb(1) / 2, arb(0)) * (ONE + bound)


def _away_from_zero(u: sp.Expr, x: sp.Symbol, power: sp.Expr) -> tuple[arb, arb]:
    """`(c, a)` with `|u| >= c e^(ax)`, and `u > 0` where the power is no integer."""
    floor = _floor(u, x) or (_floor(-u, x) if power.is_Integer else None)
    return _positive(floor, u)


def _exp_bound(f: sp.exp, x: sp.Symbol) -> Growth:
    """`e^(u(0)) e^(bx)` for affine `u`; 1 for `u <= 0`; `e^(c0 + c1 x)` for `|u| <= c0 + c1 x`."""
    (u,) = f.args
    bound = growth(u, x)
    affine = _affine(u, x)
    if affine is not None:
        return _exponential(affine[0].exp(), affine[1])
    if _floor(-u, x) is not None:
        return ONE
    if not _is_linear(bound):
        raise Undecidable(f"exp({u}) may grow faster than any exponential of {x}")
    return _exponential(_coefficient(bound, 0).exp(), _coefficient(bound, 1))


def _affine(u: sp.Expr, x: sp.Symbol) -> tuple[arb, arb] | None:
    """`(u(0), b)` if `u` is `u(0) + b x`; it has to be continuous, which its growth shows."""
    slope = u.diff(x)
    if x in slope.free_symbols:
        return None
    return closed(u.xreplace({x: sp.S.Zero})), closed(slope)


def _is_linear(bound: Growth) -> bool:
    """Whether it is below `c_0 + c_1 x`."""
    return all(m <= 1 and a <= 0 for m, (_, a) in bound.terms.items())


def _coefficient(bound: Growth, m: int) -> arb:
    return bound.terms[m][0] if m in bound.terms else arb(0)


def _log_bound(f: sp.log, x: sp.Symbol) -> Growth:
    """`|log u| <= max(|log c|, |log C|) + max(|a|, |A|) x` for `c e^(ax) <= u <= C e^(Ax)`."""
    (u,) = f.args
    low, rate = _positive(_floor(u, x), u)
    high, most = growth(u, x).envelope()
    return Growth({0: (_larger(low.log(), high.log()), arb(0)), 1: (_larger(rate, most), arb(0))})


def _larger(a: arb, b: arb) -> arb:
    return abs(a).max(abs(b))


def _bounded(size: Callable[[], arb]) -> Callable[..., Growth]:
    """The bound of a function that is nowhere larger on the real line."""

    def bound(f: sp.Function, x: sp.Symbol) -> Growth:
        growth(f.args[0], x)  # shows it to be real
        return _exponential(size(), arb(0))

    return bound


def _hyperbolic_bound(f: sp.sinh | sp.cosh, x: sp.Symbol) -> Growth:
    """`|sinh u|` and `cosh u` are at most `e^|u|`."""
    bound = growth(f.args[0], x)
    if not _is_linear(bound):
        raise Undecidable(f"{f} may grow faster than any exponential of {x}")
    return _exponential(_coefficient(bound, 0).exp(), _coefficient(bound, 1))


def _asinh_bound(f: sp.asinh, x: sp.Symbol) -> Growth:
    """`|asinh u| <= |u|`."""
    return growth(f.args[0], x)


def _no_bound(f: sp.Function, x: sp.Symbol) -> Growth:
    raise Undecidable(f"{f} has no bound for all {x}")


def _lambert_bound(f: sp.LambertW, x: sp.Symbol) -> Growth:
    """`0 <= W(u) <= log(1 + u)` for `u >= 0`: `w e^w >= e^w - 1`."""
    (u,) = f.args
    _refuse_negative(u, x)
    high, rate = (ONE + growth(u, x)).envelope()
    return Growth({0: (abs(high.log()), arb(0)), 1: (abs(rate), arb(0))})


BOUNDS: Mapping[type, Callable[..., Growth]] = MappingProxyType(
    {
        sp.Add: _sum_bound,
        sp.Mul: _product_bound,
        sp.Pow: _power_bound,
        sp.exp: _exp_bound,
        sp.log: _log_bound,
        sp.tanh: _bounded(lambda: arb(1)),
        sp.sin: _bounded(lambda: arb(1)),
        sp.cos: _bounded(lambda: arb(1)),
        sp.erf: _bounded(lambda: arb(1)),
        sp.atan: _bounded(lambda: arb.pi() / 2),
        sp.sinh: _hyperbolic_bound,
        sp.cosh: _hyperbolic_bound,
        sp.asinh: _asinh_bound,
        sp.tan: _no_bound,
        sp.asin: _no_bound,
        sp.acos: _no_bound,
        sp.LambertW: _lambert_bound,
    }
)


Floor = tuple[arb, arb]
"""`(c, a)`: at least `c e^(ax) >= 0` on `x >= 0`."""


def _refuse_negative(u: sp.Expr, x: sp.Symbol) -> None:
    if _floor(u, x) is None:
        raise Undecidable(f"{u} is not seen to be nonnegative")


def _positive(floor: Floor | None, u: sp.Expr) -> Floor:
    if floor is None or not floor[0] > 0:
        raise Undecidable(f"{u} is not seen to stay away from zero")
    return floor


def _floor(u: sp.Expr, x: sp.Symbol) -> Floor | None:
    """What is seen to bound `u` from below by a nonnegative exponential, on `x >= 0`."""
    if u == x:
        return arb(0), arb(0)
    if x not in u.free_symbols:
        number = closed(u)
        return (number, arb(0)) if number >= 0 else None
    return FLOORS[type(u)](u, x) if type(u) in FLOORS else None


def _sum_floor(u: sp.Add, x: sp.Symbol) -> Floor | None:
    """That of the steepest positive term, if none is negative; else what a number leaves of the rest."""
    floors = [floor for term in u.args if (floor := _floor(term, x)) is not None]
    if len(floors) < len(u.args):
        return _remainder(u, x)
    positive = [(c, a) for c, a in floors if c > 0]
    # Any of them is a bound, so that the choice may go by midpoints.
    return max(positive, key=lambda term: term[1].mid(), default=(arb(0), arb(0)))


def _remainder(u: sp.Add, x: sp.Symbol) -> Floor | None:
    """`k - c` for `u = k + v` with `|v| <= c < k`."""
    number, remainder = u.as_independent(x)
    bound = growth(remainder, x).terms
    if any(m or not a <= 0 for m, (_, a) in bound.items()):
        return None
    left = closed(number) - bound[0][0]
    return (left, arb(0)) if left > 0 else None


def _product_floor(u: sp.Mul, x: sp.Symbol) -> Floor | None:
    total, rate = arb(1), arb(0)
    for floor in (_floor(factor, x) for factor in u.args):
        if floor is None:
            return None
        total, rate = total * floor[0], rate + floor[1]
    return total, rate


def _power_floor(u: sp.Pow, x: sp.Symbol) -> Floor | None:
    """That of the base, raised; `C^-p e^(-Apx)` for `0 < base <= C e^(Ax)`; 0 for even powers."""
    power = fmpq(half_powers(u), 2)
    floor = _floor(u.base, x)
    if floor is not None and power < 0:
        _positive(floor, u.base)
        floor = growth(u.base, x).envelope()
    if floor is not None:
        return floor[0] ** power, floor[1] * power
    if u.exp.is_Integer and u.exp % 2 == 0:
        growth(u.base, x)  # shows it to be real
        return arb(0), arb(0)
    return None


def _exp_floor(u: sp.exp, x: sp.Symbol) -> Floor:
    (t,) = u.args
    bound = growth(t, x)
    affine = _affine(t, x)
    if affine is not None:
        return affine[0].exp(), affine[1]
    if not _is_linear(bound):
        return arb(0), arb(0)
    return (-_coefficient(bound, 0)).exp(), -_coefficient(bound, 1)


def _odd_floor(u: sp.Function, x: sp.Symbol) -> Floor | None:
    """0 for an increasing function of something nonnegative that vanishes with it."""
    return None if _floor(u.args[0], x) is None else (arb(0), arb(0))


def _cosh_floor(u: sp.cosh, x: sp.Symbol) -> Floor:
    growth(u.args[0], x)  # shows it to be real
    return arb(1), arb(0)


def _log_floor(u: sp.log, x: sp.Symbol) -> Floor | None:
    """0 for the logarithm of 1 and something nonnegative."""
    return None if _floor(u.args[0] - 1, x) is None else (arb(0), arb(0))


FLOORS: Mapping[type, Callable[..., Floor | None]] = MappingProxyType(
    {
        sp.Add: _sum_floor,
        sp.Mul: _product_floor,
        sp.Pow: _power_floor,
        sp.exp: _exp_floor,
        sp.log: _log_floor,
        sp.tanh: _odd_floor,
        sp.atan: _odd_floor,
        sp.asinh: _odd_floor,
        sp.sinh: _odd_floor,
        sp.erf: _odd_floor,
        sp.cosh: _cosh_floor,
        sp.LambertW: _odd_floor,
    }
)
