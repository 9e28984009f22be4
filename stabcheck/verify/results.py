"""Results of every kind before the witnesses."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from stabcheck.core.errors import MovesRestPoint, NotAnEquilibrium, NotSmooth, StabcheckError, Undecidable
from stabcheck.judge.analysis import Analysis
from stabcheck.judge.floating import FloatAnalysis
from stabcheck.judge.verification import Verification
from stabcheck.symbolic.update import Point
from stabcheck.verify.printed import printed_of
from stabcheck.verify.witnesses import Subject, verify, verify_motion, verify_refusal

ALONE = "the losses are written in JAX, so that floating point is the only witness"


@singledispatch
def verified(result: Any, *, points: int, seed: int) -> Verification:
    """What the witnesses say of a result."""
    del points, seed
    raise TypeError(f"there are no witnesses for a {type(result).__name__}")


@verified.register
def _(result: FloatAnalysis, *, points: int, seed: int) -> Verification:
    del result, points
    return Verification("skipped", ALONE, seed=seed, witnesses=("numeric",))


@verified.register
def _(result: Analysis, *, points: int, seed: int) -> Verification:
    here = result.here.point
    if isinstance(here, NotSmooth):
        return verify_refusal(result.game, result.operator, here, result.values, seed=seed)
    printed = printed_of(result, len(here.along) if isinstance(here, Point) else 0)
    subject = Subject(result.game, result.operator, result.model, result.factors, result.values, printed)
    if isinstance(here, MovesRestPoint):
        return verify_motion(subject, points=points, seed=seed)
    if isinstance(here, StabcheckError) and not isinstance(here, Undecidable):
        return Verification("skipped", str(here))
    try:
        # Where no formula is short enough, there are numbers still.
        return verify(subject, points=points, seed=seed)
    except Undecidable as refusal:
        return Verification("skipped", str(refusal))
    except (NotSmooth, NotAnEquilibrium, MovesRestPoint):
        if not isinstance(here, Undecidable):
            raise
        # What is not decided in general is refused at some of the values drawn.
        return Verification("skipped", str(here))
