"""A factor per step in few digits that do not round it onto the boundary of stability."""

from __future__ import annotations


def factor(value: float, verdict: str, digits: int = 4) -> str:
    """So many digits, and where they would be 1 how far from 1 it is.

    Args:
        value: a spectral radius.
        verdict: of the result; it tells on which side of 1 lies what no float tells from 1.
        digits: how many.
    """
    text = f"{value:.{digits}g}"
    return beside_one(value, verdict) or text if text == "1" else text


def beside_one(value: float, verdict: str) -> str:
    """How far a factor is from 1, in words where no float tells it; empty where it is 1."""
    gap = value - 1
    if gap:
        return f"1 {'+' if gap > 0 else '-'} {abs(gap):.1e}"
    return {"stable": "just below 1", "unstable": "just above 1"}.get(verdict, "")
