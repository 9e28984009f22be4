"""Where it is stable, as far as proofs go: no condition too many, what happens at its ends, boxes within."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp

from stabcheck.core.errors import BadInput, Undecidable
from stabcheck.core.formula import Sign
from stabcheck.core.frozen import Frozen
from stabcheck.core.polynomial import Polynomial
from stabcheck.judge.analysis import Analysis
from stabcheck.judge.boxes import Box, Partition, partition
from stabcheck.judge.continua import Values, continuum
from stabcheck.judge.pieces import Kind, Piece, pieces
from stabcheck.judge.pruning import Prover, Pruned, pruned
from stabcheck.judge.region import Region, region_of
from stabcheck.judge.resonances import Resonance, resonances
from stabcheck.judge.solver import USUAL, Limits, Solver
from stabcheck.judge.summary import question
from stabcheck.judge.threshold import Threshold, solved
from stabcheck.symbolic.polynomials import Meanings, expression
from stabcheck.symbolic.printing import code, inequality
from stabcheck.symbolic.update import Point

SCHEMA = 1
NONE_SEEN: Mapping[Polynomial, Values] = Frozen()
STILL = frozenset({Kind.FOLD, Kind.ZERO})
"""What happens where equilibria may form a manifold."""


@dataclass(frozen=True)
class StableSet:
    """The values of the open names at which the equilibrium is exponentially stable.

    Attributes:
        question: what was asked, in one line.
        pruned: the conditions that are left, and those that follow from them.
        pieces: what happens at the zeros of their factors.
        resonances: by piece, where a pair on it is a third or fourth root of 1.
        solver: the name of what proved it.
        thresholds: the conditions solved for one name after the other, or why they are not.
        continua: by piece, values on it at which equilibria form a manifold that are single elsewhere.
        parts: what is certified of a box; `None` where none was asked about.
    """

    question: str
    pruned: Pruned
    pieces: tuple[Piece, ...]
    resonances: Mapping[Polynomial, tuple[Resonance, ...]]
    solver: str
    thresholds: Mapping[str, Threshold | Undecidable]
    continua: Mapping[Polynomial, Values] = NONE_SEEN
    parts: Partition | None = None

    @property
    def letters(self) -> Meanings:
        """What the letters of the polynomials stand for."""
        return self.pruned.region.letters

    @property
    def conditions(self) -> tuple[sp.Expr, ...]:
        """What is positive exactly there."""
        return tuple(product(c, self.letters) for c in self.pruned.region.conditions)

    @property
    def implied(self) -> tuple[sp.Expr, ...]:
        """What is positive there, too, and is left out."""
        return tuple(product(c, self.letters) for c in self.pruned.dropped)

    def to_dict(self) -> dict[str, Any]:
        """As plain data for JSON; formulas as SymPy reads them, ends of boxes as exact fractions."""
        return {
            "schema": SCHEMA,
            "question": self.question,
            "empty": self.pruned.empty,
            "full": self.pruned.full,
            "conditions": [inequality(e, code) for e in self.conditions],
            "implied": [inequality(e, code) for e in self.implied],
            "undecided": self.pruned.undecided,
            "pieces": [self._piece(piece) for piece in self.pieces],
            "thresholds": {name: _threshold(each) for name, each in self.thresholds.items()},
            "proved": self.solver,
            "box": None if self.parts is None else _parts(self.parts),
        }

    def _piece(self, piece: Piece) -> dict[str, Any]:
        return {
            "polynomial": code(expression(piece.polynomial, self.letters)),
            "kinds": [kind.name.lower() for kind in piece.kinds],
            "attained": piece.attained,
            "resonances": [self._resonance(each) for each in self.resonances.get(piece.polynomial, ())],
            "manifold": {n: str(q) for n, q in self.continua.get(piece.polynomial, {}).items()} or None,
        }

    def _resonance(self, resonance: Resonance) -> dict[str, Any]:
        where = [code(expression(p, self.letters)) for p in resonance.equations]
        return {"order": resonance.order, "zero": where, "attained": resonance.attained}


def _threshold(solved: Threshold | Undecidable) -> dict[str, Any]:
    if isinstance(solved, Undecidable):
        return {"cases": None, "walls": None, "reason": str(solved)}
    rows = ((solved.where(case, code), solved.intervals(case, code)) for case in solved.cases)
    cases = [{"where": where, "stable": list(stable)} for where, stable in rows]
    return {"cases": cases, "walls": solved.whole, "reason": None}


def product(condition: Sign, letters: Meanings) -> sp.Expr:
    """A condition as it is written."""
    factors = [(expression(p, letters), 2 - power % 2) for p, power in condition.factors]
    return sp.Mul(*(base**power for base, power in factors))


def _parts(parts: Partition) -> dict[str, Any]:
    rows = {"stable": parts.stable, "unstable": parts.unstable, "undecided": parts.undecided}
    return {
        "sides": _sides(parts.box),
        **{
            name: {"share": float(parts.share(boxes)), "boxes": [_sides(b) for b in boxes]}
            for name, boxes in rows.items()
        },
    }


def _sides(box: Box) -> dict[str, list[str]]:
    return {name: [str(low), str(high)] for name, (low, high) in box.sides.items()}


def stable_set(
    result: Analysis, solver: Solver, box: Box | None = None, name: str = "", limits: Limits = USUAL
) -> StableSet:
    """Where a result is stable.

    Args:
        result: an analysis.
        solver: that proves what follows.
        box: what is to be certified, with ends for every open name.
        name: the one that conditions are solved for; by default each.
        limits: of one question to the solver.

    Raises:
        BadInput: if no conditions are known, or the box is none of the open names.
    """
    region = region_of(result.here)
    if region is None:
        raise BadInput(f"no conditions of stability are known: {result.finding.reason}")
    kept = pruned(region, solver, limits)
    prover = Prover(region, solver, limits)
    point = result.here.point
    factors = point.stabilising if isinstance(point, Point) else ()
    ends = () if kept.empty else tuple(pieces(kept.region, factors, result.region, prover))
    pairs = (piece for piece in ends if Kind.CIRCLE in piece.kinds and piece.attained is not False)
    still = {p.polynomial: continuum(result, kept.region, p.polynomial) for p in ends if STILL & {*p.kinds}}
    continua = Frozen({p: values for p, values in still.items() if values is not None})
    strong = {p.polynomial: tuple(resonances(kept.region, factors, p.polynomial, prover)) for p in pairs}
    parts = None if box is None else partition(kept.region, box)
    open_names = [
        n for n in kept.region.domains if n in {p for c in kept.region.polynomials for p in c.names}
    ]
    wanted = [] if kept.empty else [name] if name else open_names
    thresholds = {n: _or_reason(kept.region, n) for n in wanted}
    solved_for = Frozen(thresholds)
    return StableSet(question(result), kept, ends, Frozen(strong), solver.name, solved_for, continua, parts)


def _or_reason(region: Region, name: str) -> Threshold | Undecidable:
    if name not in region.domains:
        raise BadInput(
            f"the region does not depend on '{name[:40]}'; it does on {', '.join(sorted(region.domains))}"
        )
    try:
        return solved(region, name)
    except Undecidable as refusal:
        return refusal
