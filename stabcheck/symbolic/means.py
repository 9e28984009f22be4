"""`E body(x)` over one draw as a certain ball: an integral in ball arithmetic and a bound of the tails."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import flint
import sympy as sp
from flint import acb, arb

from stabcheck.core.errors import Undecidable
from stabcheck.declare.laws import Base, StandardNormal, StandardUniform
from stabcheck.symbolic.balls import FUNCTIONS, enclose
from stabcheck.symbolic.growth import BOUNDS, closed, growth, half_powers

GUARD = 32
RELATIVE_BITS = 40
ABSOLUTE_BITS = 60
MOST_EVALUATIONS = 60_000
LONGEST = 1 << 12
SAMPLES = tuple(sp.Rational(k, 4) for k in (-3, -1, 1, 3))

BallFunction = Callable[[acb, bool], acb]
"""`f(z, analytic)` on a ball; not finite where `analytic` is asked for and not certain."""


def enclose_mean(body: sp.Expr, draw: sp.Symbol, law: Base) -> arb:
    """A ball that certainly holds `E body`, a little finer than the precision in force.

    Uniform: `1/2 int_-1^1 body`. Normal: `int_-l^r body phi`, widened by a bound of what lies
    beyond, with `l` and `r` so far out that this bound is below the last bit.

    Args:
        body: real; made of `+`, `*`, powers by integers and halves, `exp`, `log`, the functions of
            `BOUNDS` and the principal `LambertW`; it holds `draw` and closed numbers only.
        draw: a real symbol.
        law: of the draw; one coordinate of it.

    Raises:
        Undecidable: if the body is made of anything else, if its growth has no bound here or its
            integral does not converge, or if the ball is too wide to be of use.
    """
    if type(law) not in MEANS:
        raise Undecidable(f"no enclosure of means under {law} is known; use a normal or a uniform law")
    with flint.ctx.workprec(flint.ctx.prec + GUARD):
        if draw not in body.free_symbols:
            return closed(body)
        ball = MEANS[type(law)](body, draw)
    if not ball.is_finite():
        raise Undecidable(f"E[{body}] has no finite enclosure; it may diverge, or the body vary too fast")
    if not ball.imag.contains(0):
        raise Undecidable(f"E[{body}] is not real, and neither can the body be")
    if not _is_narrow(ball.real):
        raise Undecidable(f"E[{body}] is only known to lie in {ball.real}; raise the precision")
    return ball.real


def _is_narrow(ball: arb) -> bool:
    """Whether the width is below `2^-40` of the value, or the ball holds 0 and is below `2^-60` wide."""
    width = 2 * ball.rad()
    if ball.contains(0):
        return bool(width * arb(2) ** ABSOLUTE_BITS < 1)
    return bool(width * arb(2) ** RELATIVE_BITS < ball.abs_lower())


# Evaluation


def ball_function(body: sp.Expr, draw: sp.Symbol) -> BallFunction:
    """`body` as a function of `draw` on complex balls, its closed numbers enclosed beforehand.

    Raises:
        Undecidable: if the body is made of anything that has no such function.
    """
    if body == draw:
        return lambda z, _: z
    if draw not in body.free_symbols:
        constant = acb(closed(body))
        return lambda *_: constant
    if type(body) not in BOUNDS:
        raise Undecidable(f"means of {type(body).__name__} have no enclosure, as in {body}")
    if isinstance(body, sp.LambertW) and len(body.args) > 1:
        raise Undecidable(f"an enclosure is known for the principal branch only, not for {body}")
    if isinstance(body, sp.Pow):
        return _power_function(ball_function(body.base, draw), half_powers(body))
    inner = [ball_function(a, draw) for a in body.args]
    return _composed(FUNCTIONS[type(body)], ANALYTIC.get(type(body)), inner)


def _composed(
    outer: Callable[..., acb], off: Callable[[acb], bool] | None, inner: list[BallFunction]
) -> BallFunction:
    """`outer(inner...)`, which is analytic where its argument is certainly `off` the branch cuts."""
    if off is None:
        return lambda z, analytic: outer(*(f(z, analytic) for f in inner))
    (argument,) = inner

    def value(z: acb, analytic: bool) -> acb:  # noqa: FBT001
        t = argument(z, analytic)
        if analytic and not off(t):
            return acb(arb.nan(), arb.nan())
        return outer(t)

    return value


def _power_function(base: BallFunction, halves: int) -> BallFunction:
    """`base^(halves/2)`."""
    whole, half = divmod(halves, 2)
    if not half:
        return lambda z, analytic: base(z, analytic) ** whole
    root = _composed(acb.sqrt, lambda t: _right_of(t, arb(0)), [base])
    return lambda z, analytic: root(z, analytic) ** halves


def _right_of(t: acb, end: arb) -> bool:
    """Whether a ball certainly misses the cut `(-oo, end]`."""
    return bool(t.imag != 0 or t.real > end)


def _within(real: arb, imag: arb) -> bool:
    """Whether `real + i imag` certainly misses the cuts `(-oo, -1]` and `[1, oo)`."""
    return bool(imag != 0 or abs(real) < 1)


ANALYTIC: Mapping[type, Callable[[acb], bool]] = MappingProxyType(
    {
        sp.log: lambda t: _right_of(t, arb(0)),
        sp.LambertW: lambda t: _right_of(t, -(-arb(1)).exp()),
        sp.asin: lambda t: _within(t.real, t.imag),
        sp.acos: lambda t: _within(t.real, t.imag),
        sp.atan: lambda t: _within(t.imag, t.real),
        sp.asinh: lambda t: _within(t.imag, t.real),
    }
)
"""Whether a ball certainly misses the branch cuts of a function."""


# Integration


def _uniform_mean(body: sp.Expr, draw: sp.Symbol) -> acb:
    f = ball_function(body, draw)
    return _integral(f, -1, 1, _negligible(f)) / 2


def _normal_mean(body: sp.Expr, draw: sp.Symbol) -> acb:
    f = ball_function(body, draw)
    small = _negligible(f)
    lower, below = _far_enough(body.xreplace({draw: -draw}), draw, small)
    upper, above = _far_enough(body, draw, small)

    def integrand(z: acb, analytic: bool) -> acb:  # noqa: FBT001
        return f(z, analytic) * (-z * z / 2).exp()

    inside = _integral(integrand, -lower, upper, small) / (2 * arb.pi()).sqrt()
    beyond = below + above
    return inside + (-beyond).union(beyond)


def _integral(f: BallFunction, start: int, end: int, small: arb) -> acb:
    return acb.integral(
        f, start, end, rel_tol=arb(2) ** -flint.ctx.prec, abs_tol=small, eval_limit=MOST_EVALUATIONS
    )


def _negligible(f: BallFunction) -> arb:
    """The last bit of the largest sampled value: an aim for the integration, no part of any bound."""
    values = [f(enclose(x), False) for x in SAMPLES]  # noqa: FBT003
    if not all(v.imag.contains(0) for v in values if v.is_finite()):
        raise Undecidable("the body of a mean has to be real wherever the law reaches")
    scale = max((abs(v).mid() for v in values if v.is_finite()), default=arb(0))
    return (scale if scale > 0 else arb(1)) * arb(2) ** -flint.ctx.prec


def _far_enough(side: sp.Expr, draw: sp.Symbol, small: arb) -> tuple[int, arb]:
    """A point, and a bound below `small` of the integral of `|side| phi` beyond it."""
    try:
        bound = growth(side, draw)
    except Undecidable as why:
        raise Undecidable(f"no bound is known for {side} as {draw} grows: {why}") from why
    end = 4
    while end < LONGEST:
        tail = bound.tail(end)
        if tail < small:
            return end, tail.abs_upper()
        end += 1 + end // 8
    raise Undecidable(f"{side} grows too fast with {draw} for a normal mean")


# Growth


# Bounds from below


MEANS: Mapping[type[Base], Callable[[sp.Expr, sp.Symbol], acb]] = MappingProxyType(
    {StandardNormal: _normal_mean, StandardUniform: _uniform_mean}
)
