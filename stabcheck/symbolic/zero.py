"""Whether an expression is 0, for all values of its symbols: yes, no, or not proved.

No, where a certified ball at one admissible value of the symbols excludes 0. Yes, where it is 0 as a
rational function of independent pieces (`stabcheck.symbolic.generators`), or an algebraic number
closer to 0 than any other can be (`stabcheck.symbolic.separation`).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import flint
import sympy as sp
from flint import acb, arb

from stabcheck.core.errors import Undecidable
from stabcheck.symbolic.balls import enclose
from stabcheck.symbolic.generators import over_one, plain, reduces_to_zero
from stabcheck.symbolic.separation import is_zero

BITS, MOST_BITS = 256, 4096
NARROW = 1e-40
"""Balls are computed at growing precision until they are no wider."""
SAMPLES = 4
SCALES = (1, 16)
"""Symbols are sampled below 1, where every domain is, and only where nothing is defined there farther out."""


def vanishes(expression: sp.Expr, written: Callable[[sp.Expr], sp.Expr] = lambda e: e) -> bool | None:
    """Whether an expression is 0 for all values of its symbols; `None` where that is not proved.

    Args:
        expression: of real symbols.
        written: what turns an expression without symbols into one that has an enclosure.
    """
    expression = plain(expression)
    if expression.is_Rational:
        return expression == 0
    if any(not ball.contains(0) for ball in _values(expression, written)):
        return False
    if not expression.free_symbols and (decided := is_zero(expression)) is not None:
        return decided
    return True if reduces_to_zero(expression) else None


def simplest(expression: sp.Expr) -> sp.Expr:
    """The expression over one denominator, 0 where it is proved to be."""
    fraction = over_one(expression)
    # A rational function of symbols over one denominator hides no zero.
    if fraction is not None and (fraction.is_number or fraction.is_rational_function()):
        return fraction
    expression = plain(expression) if fraction is None else fraction
    return sp.S.Zero if vanishes(expression) else expression


def sign(number: sp.Expr) -> int | None:
    """1, -1 or 0: the sign of a real number without symbols; `None` where it is not proved."""
    ball = _value(number)
    if ball is not None and not ball.contains(0):
        return 1 if ball.real > 0 else -1
    return 0 if vanishes(number) else None


def doubt(expression: sp.Expr, written: Callable[[sp.Expr], sp.Expr] = lambda e: e) -> str:
    """What is known of an expression of which `vanishes` can prove nothing."""
    tried = any(True for _ in _values(plain(expression), written))
    return f"to {NARROW:g}, not proved" if tried else "not proved"


def _values(expression: sp.Expr, written: Callable[[sp.Expr], sp.Expr]) -> Iterator[acb]:
    """Enclosures at admissible values of the symbols."""
    rng = random.Random(0)
    symbols = sorted(expression.free_symbols, key=str)
    for scale in SCALES:
        points = [{s: _drawn(s, rng) * scale for s in symbols} for _ in range(SAMPLES if symbols else 1)]
        balls = [
            ball for point in points if (ball := _value(written(expression.xreplace(point)))) is not None
        ]
        yield from balls
        if balls:
            return


def _drawn(s: sp.Symbol, rng: random.Random) -> sp.Rational:
    """A random number in (0, 1), for a symbol without a sign in (-1, 1)."""
    size = sp.Rational(rng.randrange(1, 997), 997)
    negative = s.is_negative or (not s.is_nonnegative and rng.random() < 0.5)
    return -size if negative else size


def _value(number: sp.Expr) -> acb | None:
    """A narrow ball around a number; `None` where it is not defined over the reals, or none is known."""
    bits = BITS
    while bits <= MOST_BITS:
        with flint.ctx.workprec(bits):
            try:
                if not all(map(_defined, sp.preorder_traversal(number))):
                    return None
                ball = enclose(number)
            except (Undecidable, ZeroDivisionError):
                return None
        if not ball.imag.contains(0):
            return None
        if ball.is_finite() and max(ball.real.rad(), ball.imag.rad()) < NARROW:
            return ball
        bits *= 4
    return None


def _defined(part: sp.Expr) -> bool:
    """Whether a logarithm or a root is taken of a positive number, or a root of 0.

    Where SymPy sees that a radicand is negative, it writes `i`.
    """
    if part is sp.I:
        return False
    if isinstance(part, sp.log):
        return bool(enclose(part.args[0]).real > 0)
    if isinstance(part, sp.Pow) and part.exp.is_Rational and not part.exp.is_Integer:
        base: arb = enclose(part.base).real
        return bool(base > 0) or bool(part.exp > 0 and base >= 0)
    return True
