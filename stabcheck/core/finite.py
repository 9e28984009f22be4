"""Numbers in plain data, which has no infinite ones."""

from __future__ import annotations

import math


def finite(number: float | None) -> float | None:
    """The number itself where it is finite, else `None`."""
    return number if number is not None and math.isfinite(number) else None
