"""What may be said of an equilibrium: verdicts, what they rest on, and how fast."""

from __future__ import annotations

from enum import StrEnum


class Verdict(StrEnum):
    """What holds; each is its own word, in records as in sentences."""

    STABLE = "stable"
    """Exponentially."""
    UNSTABLE = "unstable"
    NEUTRAL = "neutral"
    """On the boundary, where linearisation decides nothing; of what is exactly linear, that orbits stay
    bounded and do not converge."""
    DEPENDS = "depends"
    """On hyperparameters that have no value."""
    UNDECIDED = "undecided"
    """Numbers that nothing at hand separates from the boundary."""
    MOVES = "moves the rest point"
    NOT_SMOOTH = "not differentiable"
    NOT_APPLICABLE = "not applicable"


class Evidence(StrEnum):
    """What a verdict rests on, the strongest first."""

    PROVED = "proved"
    """For all admissible values of the open names, by algebra."""
    EXACT = "exact"
    """At given rational numbers, in integers."""
    BALLS = "balls"
    """At given numbers, in balls that certainly hold them."""
    FLOAT = "float"
    """In floating point, farther from the boundary than rounding can reach."""


class Rate(StrEnum):
    """How errors die away near an equilibrium."""

    EXPONENTIAL = "exponential"
    """Like `radius^k` or `exp(abscissa t)`, up to a power of time."""
    NONE = "none"
    """They do not."""
