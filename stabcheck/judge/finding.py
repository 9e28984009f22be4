"""What a verdict says, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import sympy as sp

from stabcheck.core.errors import MovesRestPoint, NotApplicable, NotSmooth, StabcheckError
from stabcheck.core.stability import Disc, StabilityRegion
from stabcheck.core.verdict import Evidence, Rate, Verdict
from stabcheck.symbolic.exact import MANIFOLD, Eigenvalue, dominant, verdict
from stabcheck.symbolic.spectrum import Factor


@dataclass(frozen=True)
class Finding:
    """A verdict.

    Attributes:
        verdict: what holds.
        reason: one sentence.
        classification: the kind of fixed point in the field's words; empty where open.
        evidence: what the verdict rests on; `None` where nothing is claimed.
        rate: how errors die away; `None` where linearisation does not tell.
    """

    verdict: Verdict
    reason: str
    classification: str = ""
    evidence: Evidence | None = None
    rate: Rate | None = None


RATES = {Verdict.STABLE: Rate.EXPONENTIAL, Verdict.UNSTABLE: Rate.NONE}
"""What a verdict alone says of the rate."""
NEVER = "never stable: "
EXACTLY = "stable exactly where"
EXCLUDED = f"{NEVER}the conditions exclude each other; unstable where one of them is negative"
UNTOLD = ": linearisation decides nothing"
WHOLE = "the game is exactly linear"
TURN = "orbits stay bounded and do not converge"
REST = "orbits stay bounded and end at rest, not all of them at the equilibrium"
UNLESS = "orbits stay bounded unless eigenvectors are lacking"
UNKNOWN_SLOPE = ", so there is no Jacobian there and linearisation says nothing"

REFUSALS: dict[type[StabcheckError], Finding] = {
    NotSmooth: Finding(Verdict.NOT_SMOOTH, UNKNOWN_SLOPE, evidence=Evidence.PROVED),
    MovesRestPoint: Finding(Verdict.MOVES, "", evidence=Evidence.PROVED),
    NotApplicable: Finding(Verdict.NOT_APPLICABLE, ""),
}
"""By the refusal; the reason is what follows its own words."""


def refused(refusal: StabcheckError) -> Finding:
    """The finding where there is no linearisation."""
    finding = REFUSALS.get(type(refusal), Finding(Verdict.UNDECIDED, ""))
    return replace(finding, reason=f"{refusal}{finding.reason}")


def at_numbers(
    spectrum: Sequence[Eigenvalue], verdict: Verdict, evidence: Evidence, *, region: StabilityRegion
) -> Finding:
    """The finding at given values.

    Args:
        spectrum: the eigenvalues.
        verdict: what they come to.
        evidence: what their places rest on.
        region: where the eigenvalues of what is stable lie.
    """
    dimension = sum(e.multiplicity for e in spectrum if e.place == MANIFOLD)
    spectrum = [e for e in spectrum if e.place != MANIFOLD]
    if not spectrum:
        return Finding(
            verdict, "every direction leads along a manifold of equilibria", "degenerate", evidence
        )
    counts = {
        place: sum(e.multiplicity for e in spectrum if e.place == place)
        for place in ("inside", "boundary", "outside")
    }
    total = sum(e.multiplicity for e in spectrum)
    if verdict is Verdict.STABLE:
        reason = f"every eigenvalue lies {region.inside}"
    elif verdict is Verdict.UNSTABLE:
        reason = f"{_count(counts['outside'], total)} {region.outside}"
    elif verdict is Verdict.NEUTRAL:
        reason = f"{_count(counts['boundary'], total)} {region.edge} and none beyond{UNTOLD}"
        if any(e.defective and e.place == "boundary" for e in spectrum):
            reason += "; an eigenvalue there lacks eigenvectors, so that the linear part grows"
    else:
        reason = "the numbers are irrational and balls do not separate them from the boundary"
    kind = classify(spectrum, region=region)
    basis = None if verdict is Verdict.UNDECIDED else evidence
    return Finding(verdict, transversally(reason, dimension), kind, basis, RATES.get(verdict))


def exactly_linear(finding: Finding, spectrum: Sequence[Eigenvalue], *, region: StabilityRegion) -> Finding:
    """What a neutral finding comes to where the linear part is the whole.

    An eigenvalue on the boundary that lacks eigenvectors brings growth, others bounded orbits.

    Args:
        finding: at given values.
        spectrum: the eigenvalues there.
        region: where the eigenvalues of what is stable lie.
    """
    edge = [e for e in spectrum if e.place == "boundary"]
    if finding.verdict is not Verdict.NEUTRAL or not edge:
        return finding
    if any(e.defective for e in edge):
        more = f"one there lacks eigenvectors and {WHOLE}: orbits grow like a power of time"
        return replace(finding, verdict=Verdict.UNSTABLE, reason=_completed(finding, more), rate=Rate.NONE)
    if any(e.defective is None and e.multiplicity > 1 for e in edge):
        return replace(finding, reason=_completed(finding, f"{WHOLE}: {UNLESS}, which is not decided"))
    still = all(e.exact == region.still for e in edge)
    return replace(finding, reason=_completed(finding, f"{WHOLE}: {REST if still else TURN}"), rate=Rate.NONE)


def exactly_linear_with_symbols(
    finding: Finding, edge: Sequence[Factor], *, region: StabilityRegion
) -> Finding:
    """As `exactly_linear` where names are open, from the factors with roots on the boundary."""
    if finding.verdict is not Verdict.NEUTRAL:
        return finding
    single = len(edge) == 1 and edge[0].multiplicity == 1 and _simple(edge[0])
    still = all(f.degree == 1 and f.coefficients[1] == -region.still for f in edge)
    if not single:
        return replace(finding, reason=_completed(finding, f"{WHOLE}: {UNLESS}"))
    return replace(finding, reason=_completed(finding, f"{WHOLE}: {REST if still else TURN}"), rate=Rate.NONE)


def _completed(finding: Finding, more: str) -> str:
    """The reason with what is known in the place of what linearisation does not tell."""
    return f"{finding.reason.partition(UNTOLD)[0]}; {more}"


def _simple(factor: Factor) -> bool:
    """Whether a factor of degree at most two has no double root, whatever the symbols."""
    if factor.degree == 1:
        return True
    _, b, c = factor.coefficients
    return bool(sp.factor(b**2 - 4 * c).is_nonzero)


WORST_FIRST = (Verdict.UNSTABLE, Verdict.UNDECIDED, Verdict.NEUTRAL, Verdict.STABLE)


def remembering(players: Finding, memory: Sequence[Eigenvalue], *, region: StabilityRegion) -> Finding:
    """The finding with what memory does that never acts on the players, where that does not settle.

    Args:
        players: the finding on the spectrum that they see.
        memory: the own eigenvalues of that memory.
        region: where the eigenvalues of what is stable lie.
    """
    own = verdict(memory) if memory else Verdict.STABLE
    if own is Verdict.STABLE:
        return players
    edge = f"the {region.boundary}"
    where = {"unstable": f"beyond {edge}", "neutral": f"on {edge}", "undecided": f"on {edge} or near it"}
    beside = f"an eigenvalue of memory that the players do not feel to first order lies {where[own]}"
    word = min(players.verdict, own, key=WORST_FIRST.index)
    reason = f"of what the players see, {players.reason}; but {beside}"
    basis = None if word is Verdict.UNDECIDED else players.evidence
    return replace(players, verdict=word, reason=reason, evidence=basis, rate=RATES.get(word))


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


def classify(spectrum: Sequence[Eigenvalue], *, region: StabilityRegion) -> str:
    """Node, focus, centre or saddle; oscillatory or not; critically damped."""
    places = {e.place for e in spectrum}
    spiral = any(not e.is_real for e in spectrum)
    flips = isinstance(region, Disc) and any(e.is_real and e.ball.real < 0 for e in spectrum)
    if "unknown" in places:
        return "oscillatory" if spiral else "not oscillatory"
    if {"inside", "outside"} <= places:
        kind = "saddle"
    elif places == {"boundary"}:
        plain = all(not e.is_real and (e.multiplicity == 1 or e.defective is False) for e in spectrum)
        kind = "centre" if plain else "degenerate"
    elif "boundary" in places:
        kind = "degenerate"
    else:
        side = "stable" if places == {"inside"} else "unstable"
        kind = f"{side} {'focus' if spiral else 'node'}"
    terms = [kind, "oscillatory" if spiral or flips else "not oscillatory"]
    if flips and not spiral:
        terms[-1] = "oscillatory (sign flips every step)"
    slowest = dominant(spectrum, region=region)
    if not spiral and not flips and places == {"inside"} and any(e.defective for e in slowest):
        terms.append("critically damped")
    return ", ".join(terms)


def with_symbols(
    verdicts: Sequence[Verdict],
    conditions: Sequence[sp.Expr],
    names: Sequence[str],
    *,
    region: StabilityRegion,
    dimension: int = 0,
) -> Finding:
    """The finding for all values of the open names, from the verdicts on the factors.

    Args:
        verdicts: one per factor.
        conditions: polynomials that are all positive where it is stable.
        names: those left open.
        region: where the eigenvalues of what is stable lie.
        dimension: of a manifold of equilibria, whose roots the factors are without.
    """
    finding = _with_symbols(verdicts, conditions, names, region=region)
    return replace(finding, reason=transversally(finding.reason, dimension))


def impossible(finding: Finding, names: Sequence[str], *, region: StabilityRegion, negative: bool) -> Finding:
    """The finding where no values meet the conditions.

    Args:
        finding: as long as that was not known.
        names: those left open.
        region: where the eigenvalues of what is stable lie.
        negative: whether at all values one of the conditions is negative.
    """
    if not negative:
        return replace(finding, reason=EXCLUDED)
    reason = f"an eigenvalue lies {region.outside} for every {', '.join(names)}"
    return replace(finding, verdict=Verdict.UNSTABLE, reason=reason, rate=Rate.NONE)


def _with_symbols(
    verdicts: Sequence[Verdict],
    conditions: Sequence[sp.Expr],
    names: Sequence[str],
    *,
    region: StabilityRegion,
) -> Finding:
    every = f"for every {', '.join(names)}" if names else "always"
    if Verdict.UNSTABLE in verdicts:
        return _proved(Verdict.UNSTABLE, f"an eigenvalue lies {region.outside} {every}")
    if not names and {Verdict.DEPENDS, Verdict.NEUTRAL} & set(verdicts):
        return Finding(Verdict.UNDECIDED, "the numbers are irrational and cannot be told from the boundary")
    if Verdict.DEPENDS in verdicts:
        if any(c == 0 for c in conditions):
            return _proved(
                Verdict.DEPENDS,
                f"{NEVER}an eigenvalue lies {region.edge} or beyond {every}; unstable where"
                " another condition is negative",
            )
        return _proved(Verdict.DEPENDS, f"{EXACTLY} the conditions hold")
    if Verdict.NEUTRAL in verdicts:
        return _proved(Verdict.NEUTRAL, f"an eigenvalue lies {region.edge} and none beyond {every}{UNTOLD}")
    return _proved(Verdict.STABLE, f"every eigenvalue lies inside the stable region {every}")


def _proved(verdict: Verdict, reason: str) -> Finding:
    return Finding(verdict, reason, evidence=Evidence.PROVED, rate=RATES.get(verdict))
