"""What a verdict says, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import sympy as sp

from stabcheck.core.errors import MovesRestPoint, NotApplicable, NotSmooth, StabcheckError
from stabcheck.symbolic.exact import MANIFOLD, Eigenvalue, dominant, verdict
from stabcheck.symbolic.spectrum import Factor


@dataclass(frozen=True)
class Finding:
    """A verdict.

    Attributes:
        verdict: `stable` (exponentially), `unstable`, `neutral` (on the boundary, where
            linearisation decides nothing; of what is exactly linear that orbits stay bounded and
            do not converge), `depends` (on open hyperparameters), `undecided`
            (irrational data that balls cannot separate), `moves the rest point`,
            `not differentiable` or `not applicable`.
        reason: one sentence.
        classification: the kind of fixed point in the field's words; empty where open.
    """

    verdict: str
    reason: str
    classification: str = ""


NEVER = "never stable: the conditions exclude each other; unstable where one of them is negative"
UNTOLD = ": linearisation decides nothing"
WHOLE = "the game is exactly linear"
TURN = "orbits stay bounded and do not converge"
REST = "orbits stay bounded and end at rest, not all of them at the equilibrium"
UNLESS = "orbits stay bounded unless eigenvectors are lacking"

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
        reason = f"{_count(counts['boundary'], total)} {edge} and none beyond{UNTOLD}"
        if any(e.defective and e.place == "boundary" for e in found):
            reason += "; an eigenvalue there lacks eigenvectors, so that the linear part grows"
    else:
        reason = "the numbers are irrational and balls do not separate them from the boundary"
    return Finding(verdict, transversally(reason, dimension), classify(found, discrete=discrete))


def exactly_linear(found: Finding, spectrum: Sequence[Eigenvalue], *, discrete: bool) -> Finding:
    """What a neutral finding comes to where the linear part is the whole.

    An eigenvalue on the boundary that lacks eigenvectors brings growth, others bounded orbits.

    Args:
        found: at given values.
        spectrum: the eigenvalues there.
        discrete: the stable region is the unit disc, else the left half-plane.
    """
    edge = [e for e in spectrum if e.place == "boundary"]
    if found.verdict != "neutral" or not edge:
        return found
    if any(e.defective for e in edge):
        more = f"one there lacks eigenvectors and {WHOLE}: orbits grow like a power of time"
        return replace(found, verdict="unstable", reason=_settled(found, more))
    if any(e.defective is None and e.multiplicity > 1 for e in edge):
        return replace(found, reason=_settled(found, f"{WHOLE}: {UNLESS}, which is not decided"))
    still = all(e.exact == int(discrete) for e in edge)
    return replace(found, reason=_settled(found, f"{WHOLE}: {REST if still else TURN}"))


def exactly_linear_with_symbols(found: Finding, edge: Sequence[Factor], *, discrete: bool) -> Finding:
    """As `exactly_linear` where names are open, from the factors with roots on the boundary."""
    if found.verdict != "neutral":
        return found
    single = len(edge) == 1 and edge[0].multiplicity == 1 and _simple(edge[0])
    still = all(f.degree == 1 and f.coefficients[1] == -int(discrete) for f in edge)
    return replace(
        found, reason=_settled(found, f"{WHOLE}: {(REST if still else TURN) if single else UNLESS}")
    )


def _settled(found: Finding, more: str) -> str:
    """The reason with what is known in the place of what linearisation does not tell."""
    return f"{found.reason.partition(UNTOLD)[0]}; {more}"


def _simple(factor: Factor) -> bool:
    """Whether a factor of degree at most two has no double root, whatever the symbols."""
    if factor.degree == 1:
        return True
    _, b, c = factor.coefficients
    return bool(sp.factor(b**2 - 4 * c).is_nonzero)


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
        plain = all(not e.is_real and (e.multiplicity == 1 or e.defective is False) for e in found)
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


def impossible(found: Finding, names: Sequence[str], *, discrete: bool, negative: bool) -> Finding:
    """The finding where no values meet the conditions.

    Args:
        found: as long as that was not known.
        names: those left open.
        discrete: the stable region is the unit disc, else the left half-plane.
        negative: whether at all values one of the conditions is negative.
    """
    side = "outside the unit circle" if discrete else "right of the imaginary axis"
    if not negative:
        return replace(found, reason=NEVER)
    return replace(
        found, verdict="unstable", reason=f"an eigenvalue lies {side} for every {', '.join(names)}"
    )


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
        reason = f"an eigenvalue lies on the {edge} and none beyond {every}{UNTOLD}"
        return Finding("neutral", reason)
    return Finding("stable", f"every eigenvalue lies inside the stable region {every}")
