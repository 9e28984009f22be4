"""The answer to a question in one plain sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stabcheck.core.verdict import Rate, Verdict
from stabcheck.judge.finding import EXACTLY, NEVER
from stabcheck.symbolic.printing import inequality, terminal

if TYPE_CHECKING:
    from stabcheck.judge.analysis import Analysis

SHORT = 160
"""Conditions up to this length are part of the sentence."""
LEADS = {
    Verdict.STABLE: "It converges",
    Verdict.UNSTABLE: "It does not converge",
    Verdict.NEUTRAL: "The linear part does not tell",
    Verdict.DEPENDS: "It depends",
    Verdict.UNDECIDED: "Undecided",
    Verdict.MOVES: "It rests elsewhere",
    Verdict.NOT_SMOOTH: "There is no linear part",
    Verdict.NOT_APPLICABLE: "Not applicable",
}


def answer(result: Analysis, rate: str = "") -> str:
    """The verdict as people ask for it: whether it converges near the equilibrium, and how fast.

    Args:
        result: what was found.
        rate: how errors die away, in words; empty where that is not known.
    """
    finding = result.finding
    if finding.verdict == Verdict.STABLE and rate:
        where = "near the equilibria, to one of them" if result.manifold else "near the equilibrium"
        return f"It converges {where}: {rate}."
    if finding.reason.startswith(NEVER):
        return f"It converges for no values: {finding.reason.removeprefix(NEVER)}."
    if finding.verdict == Verdict.DEPENDS and finding.reason.startswith(EXACTLY):
        return f"It depends: it converges near the equilibrium exactly where {_where(result)}."
    # Of what is exactly linear the boundary tells all.
    settled = finding.verdict == Verdict.NEUTRAL and finding.rate is Rate.NONE
    return f"{LEADS[Verdict.UNSTABLE if settled else finding.verdict]}: {finding.reason}."


def _where(result: Analysis) -> str:
    """The conditions, or where they are."""
    conditions = result.conditions_here or result.conditions
    text = " and ".join(inequality(c, terminal) for c in conditions or ())
    return text if 0 < len(text) <= SHORT else "the conditions below hold"
