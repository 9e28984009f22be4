"""What a verdict says, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import sympy as sp

from stabcheck.errors import MovesRestPoint, NotApplicable, NotSmooth, StabcheckError
from stabcheck.symbolic.exact import MANIFOLD, Eigenvalue, dominant, verdict


@dataclass(frozen=True)
class Finding:
    """A verdict.

    Attributes:
        verdict: `stable` (exponentially), `unstable`, `neutral` (on the boundary, where
            linearisation decides nothing), `depends` (on open hyperparameters), `undecided`
            (irrational data that balls cannot separate), `moves the rest point`,
            `not differentiable` or `not applicable`.
        reason: one sentence.
        classification: the kind of fixed point in the field's words; empty where open.
    """

    verdict: str
    reason: str
    classification: str = ""


REFUSALS = {
    NotSmooth: "not differentiable",
    MovesRestPoint: "moves the rest point",
    NotApplicable: "not applicable",
}


def refused(refusal: StabcheckError) -> Finding:
    """The finding where there is no linearisation."""
    word = REFUSALS.get(type(refusal), "undecided")
    text = str(refusal)
    if word == "not differentiable":
        text += ", so there is no Jacobian there and linearisation says nothing"
    return Finding(word, text)


def at_numbers(found: Sequence[Eigenvalue], verdict: str, *, discrete: bool) -> Finding:
    """The finding at given values."""
    dimension = sum(e.multiplicity for e in found if e.place == MANIFOLD)
    found = [e for e in found if e.place != MANIFOLD]
    if not found:
        return Finding(verdict, "every direction leads along a manifold of equilibria", "degenerate")
    inside = "inside the unit circle" if discrete else "left of the imaginary axis"
    edge = "on the unit circle" if discrete else "on the imaginary axis"
    outside = "outside the unit circle" if discrete else "right of the imaginary axis"
    counts = {
        place: sum(e.multiplicity for e in found if e.place == place)
        for place in ("inside", "boundary", "outside")
    }
    total = sum(e.multiplicity for e in found)
    if verdict == "stable":
        reason = f"every eigenvalue lies {inside}"
    elif verdict == "unstable":
        reason = f"{_count(counts['outside'], total)} {outside}"
    elif verdict == "neutral":
        reason = f"{_count(counts['boundary'], total)} {edge} and none beyond: linearisation decides nothing"
        if any(e.defective and e.place == "boundary" for e in found):
            reason += "; an eigenvalue there lacks eigenvectors, so that the linear part grows"
    else:
        reason = "the numbers are irrational and balls do not separate them from the boundary"
    return Finding(verdict, transversally(reason, dimension), classify(found, discrete=discrete))


WORST_FIRST = ("unstable", "undecided", "neutral", "stable")


def remembering(players: Finding, memory: Sequence[Eigenvalue], *, discrete: bool) -> Finding:
    """The finding with what memory does that never acts on the players, where that does not settle.

    Args:
        players: the finding on the spectrum that they see.
        memory: the own eigenvalues of that memory.
        discrete: the stable region is the unit disc, else the left half-plane.
    """
    own = verdict(memory) if memory else "stable"
    if own == "stable":
        return players
    edge = "the unit circle" if discrete else "the imaginary axis"
    where = {"unstable": f"beyond {edge}", "neutral": f"on {edge}", "undecided": f"on {edge} or near it"}
    said = f"an eigenvalue of memory that the players do not feel to first order lies {where[own]}"
    word = min(players.verdict, own, key=WORST_FIRST.index)
    return replace(players, verdict=word, reason=f"of what the players see, {players.reason}; but {said}")


def transversally(reason: str, dimension: int) -> str:
    """The reason, with what it leaves out where equilibria are not isolated."""
    if not dimension:
        return reason
    shape = "line" if dimension == 1 else f"{dimension}-dimensional manifold"
    return f"across the {shape} of equilibria, {reason}"


def _count(k: int, total: int) -> str:
    if k == total:
        return "every eigenvalue lies"
    return "one eigenvalue lies" if k == 1 else f"{k} of {total} eigenvalues lie"


def classify(found: Sequence[Eigenvalue], *, discrete: bool) -> str:
    """Node, focus, centre or saddle; oscillatory or not; critically damped."""
    places = {e.place for e in found}
    spiral = any(not e.is_real for e in found)
    flips = discrete and any(e.is_real and e.ball.real < 0 for e in found)
    if "unknown" in places:
        return "oscillatory" if spiral else "not oscillatory"
    if {"inside", "outside"} <= places:
        kind = "saddle"
    elif places == {"boundary"}:
        plain = all(not e.is_real and not e.defective for e in found)
        kind = "centre" if plain else "degenerate"
    elif "boundary" in places:
        kind = "degenerate"
    else:
        side = "stable" if places == {"inside"} else "unstable"
        kind = f"{side} {'focus' if spiral else 'node'}"
    words = [kind, "oscillatory" if spiral or flips else "not oscillatory"]
    if flips and not spiral:
        words[-1] = "oscillatory (sign flips every step)"
    slowest = dominant(found, discrete=discrete)
    if not spiral and not flips and places == {"inside"} and any(e.defective for e in slowest):
        words.append("critically damped")
    return ", ".join(words)


def with_symbols(
    verdicts: Sequence[str],
    conditions: Sequence[sp.Expr],
    names: Sequence[str],
    *,
    discrete: bool,
    dimension: int = 0,
) -> Finding:
    """The finding for all values of the open names, from the verdicts on the factors.

    Args:
        verdicts: one per factor.
        conditions: polynomials that are all positive where it is stable.
        names: those left open.
        discrete: the stable region is the unit disc, else the left half-plane.
        dimension: of a manifold of equilibria, whose roots the factors are without.
    """
    found = _with_symbols(verdicts, conditions, names, discrete=discrete)
    return replace(found, reason=transversally(found.reason, dimension))


def _with_symbols(
    verdicts: Sequence[str], conditions: Sequence[sp.Expr], names: Sequence[str], *, discrete: bool
) -> Finding:
    edge = "unit circle" if discrete else "imaginary axis"
    every = f"for every {', '.join(names)}" if names else "always"
    if "unstable" in verdicts:
        side = "outside the unit circle" if discrete else "right of the imaginary axis"
        return Finding("unstable", f"an eigenvalue lies {side} {every}")
    if not names and {"depends", "neutral"} & set(verdicts):
        return Finding("undecided", "the numbers are irrational and cannot be told from the boundary")
    if "depends" in verdicts:
        if any(c == 0 for c in conditions):
            return Finding(
                "depends",
                f"never stable: an eigenvalue lies on the {edge} or beyond {every}; unstable where"
                " another condition is negative",
            )
        return Finding("depends", "stable exactly where the conditions hold")
    if "neutral" in verdicts:
        reason = f"an eigenvalue lies on the {edge} and none beyond {every}: linearisation decides nothing"
        return Finding("neutral", reason)
    return Finding("stable", f"every eigenvalue lies inside the stable region {every}")
