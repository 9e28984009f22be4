"""How long it takes until errors are half as large, and until one more decimal digit is right."""

from __future__ import annotations

from collections.abc import Callable
from math import log
from typing import NamedTuple

import flint
from flint import acb

from stabcheck.core.stability import DISC, StabilityRegion
from stabcheck.core.verdict import Verdict
from stabcheck.judge.analysis import Analysis
from stabcheck.symbolic.balls import enclose, nearest

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
    slowest = result.slowest[0]

    def ball(bits: int) -> acb:
        del bits
        return slowest.ball if slowest.exact is None else enclose(slowest.exact)

    return pace_of(ball, result.region)


def pace_of(ball: Callable[[int], acb], region: StabilityRegion) -> Pace | None:
    """The pace where an eigenvalue decides; `None` where it is 0, or not known to some digits.

    Args:
        ball: an enclosure of the eigenvalue to so many bits, that is inside.
        region: where the eigenvalues of what is stable lie.
    """
    for bits in PRECISIONS:
        with flint.ctx.workprec(bits):
            # Of a radius just below 1 it is the distance that counts.
            margin = region.margin(ball(bits))
            exponent = margin.log1p() if region == DISC else margin
            if exponent.is_finite() and exponent.rel_accuracy_bits() >= DIGITS:
                return Pace(-log(2) / nearest(exponent), -log(10) / nearest(exponent))
    return None
