"""How long it takes until errors are half as large, and until one more decimal digit is right."""

from __future__ import annotations

from math import log
from typing import NamedTuple

import flint

from stabcheck.core.stability import DISC, StabilityRegion
from stabcheck.core.verdict import Verdict
from stabcheck.judge.analysis import Analysis
from stabcheck.symbolic.balls import enclose, nearest
from stabcheck.symbolic.exact import Eigenvalue

PRECISIONS = (64, 256, 1024)
DIGITS = 32
"""Bits of what is told that must be right."""


class Pace(NamedTuple):
    """How long, in steps, in cycles of steps, or in units of a flow's time.

    Attributes:
        half: `log 2 / a` where errors decay like `exp(-a t)`.
        digit: `log 10 / a`.
    """

    half: float
    digit: float


def pace(result: Analysis) -> Pace | None:
    """The pace of what is stable; `None` for what is not, has open names, or is there after a few steps.

    Powers of time that a defective eigenvalue brings are left out: the pace is the asymptotic one.
    """
    if result.verdict is not Verdict.STABLE or not result.slowest:
        return None
    exponent = _exponent(result.slowest[0], result.region)
    return None if exponent is None else Pace(-log(2) / exponent, -log(10) / exponent)


def _exponent(slowest: Eigenvalue, region: StabilityRegion) -> float | None:
    """`a` where errors are like `exp(a t)`; `None` where it is infinite, or not known to some digits."""
    for bits in PRECISIONS:
        with flint.ctx.workprec(bits):
            # Of a radius just below 1 it is the distance that counts.
            margin = region.margin(slowest.ball if slowest.exact is None else enclose(slowest.exact))
            exponent = margin.log1p() if region == DISC else margin
            if exponent.is_finite() and exponent.rel_accuracy_bits() >= DIGITS:
                return nearest(exponent)
    return None
