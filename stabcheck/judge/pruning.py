"""Conditions that follow from the others, and regions that are empty: found out by proof."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from stabcheck.core.formula import Every, Formula, Sign
from stabcheck.judge.region import Region
from stabcheck.judge.sampling import Cloud
from stabcheck.judge.solver import USUAL, Limits, Script, Solver, Status


@dataclass(frozen=True)
class Prover:
    """Whether statements can hold together: by points first, which are cheap, then by a solver.

    Attributes:
        region: whose letters and domains are meant; nothing of it is asserted but those.
        solver: for what no point shows.
        limits: of one query.
    """

    region: Region
    solver: Solver
    limits: Limits = USUAL

    @cached_property
    def _cloud(self) -> Cloud:
        return Cloud.of(self.region.domains)

    def possible(self, *statements: Formula) -> bool | None:
        """Whether admissible values fulfil all of the statements; `None` where that is not decided."""
        asked = Every((self.region.admissible, *statements))
        if any(True for _ in self._cloud.fulfilling(asked)):
            return True
        status = self.solver.ask(Script(asked.statements), self.limits).status
        return None if status is Status.UNKNOWN else status is Status.SAT


@dataclass(frozen=True)
class Pruned:
    """A region without the conditions that are proved to follow from the others.

    Attributes:
        region: the conditions that are left; of an empty region all of them.
        dropped: those that follow.
        empty: whether it is proved that they never hold together; `None` where that is not decided.
        undecided: how many questions were not decided.
    """

    region: Region
    dropped: tuple[Sign, ...]
    empty: bool | None
    undecided: int

    @property
    def full(self) -> bool:
        """Whether every admissible value belongs to it."""
        return not self.region.conditions


def pruned(region: Region, solver: Solver, limits: Limits = USUAL) -> Pruned:
    """The region with as few of its conditions as proofs leave, the longest gone first."""
    scaled = region.scaled()
    prover = Prover(scaled, solver, limits)
    possible = prover.possible(scaled.inside)
    if possible is False:
        return Pruned(region, (), empty=True, undecided=0)
    kept = list(range(len(region.conditions)))
    undecided = int(possible is None)
    for k in sorted(kept, key=lambda k: _length(scaled.conditions[k]), reverse=True):
        others = [scaled.conditions[j] for j in kept if j != k]
        needed = prover.possible(*others, ~scaled.conditions[k])
        undecided += needed is None
        if needed is False:
            kept.remove(k)
    return Pruned(
        replace(region, conditions=_chosen(region.conditions, kept)),
        _chosen(region.conditions, [k for k in range(len(region.conditions)) if k not in kept]),
        empty=None if possible is None else False,
        undecided=undecided,
    )


def _chosen(conditions: Sequence[Sign], places: Sequence[int]) -> tuple[Sign, ...]:
    return tuple(conditions[k] for k in places)


def _length(condition: Sign) -> int:
    return sum(len(p.terms) for p in condition.polynomials)
