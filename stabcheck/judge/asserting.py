"""What a solver is asked: statements about letters in their domains, some of which are 1 by scaling."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sympy as sp

from stabcheck.core.domain import Domain
from stabcheck.core.formula import Every, Formula, within
from stabcheck.core.polynomial import Polynomial
from stabcheck.judge.encoding import Encoded
from stabcheck.judge.goals import goals
from stabcheck.judge.models import value
from stabcheck.judge.region import SYMMETRIC, is_even
from stabcheck.judge.solver import Answer, Limits, Script, Solver, Status
from stabcheck.symbolic.polynomials import rational
from stabcheck.symbolic.scaling import Scaling

LONGEST = 1_000_000
"""Of what has more characters solvers decide nothing in any time that people wait."""


@dataclass(frozen=True)
class Assertions:
    """Statements that hold together at some values exactly if those do that they were made of.

    Attributes:
        statements: what is asserted.
        domains: of all letters of what they were made of.
        ones: the letters that are 1 here, as every solution has one that is a multiple of it.
    """

    statements: tuple[Formula, ...]
    domains: Mapping[str, Domain]
    ones: tuple[str, ...]

    @classmethod
    def of(cls, statement: Formula, encoded: Encoded) -> Assertions:
        """That a statement about the letters of a claim holds at admissible values."""
        asserted = Every((statement, *encoded.facts))
        domains = _in_sizes(encoded.domains, asserted.polynomials)
        scaling = Scaling.of(asserted.polynomials, domains)
        left = {name: d for name, d in domains.items() if name in asserted.names - {*scaling.ones}}
        reduced = (one.through(scaling.reduced) for one in asserted.statements)
        admissible = (within(name, domain) for name, domain in sorted(left.items()))
        return cls(tuple(filter(_says_something, (*admissible, *reduced))), domains, scaling.ones)

    @property
    def script(self) -> Script:
        """The statements for a solver."""
        return Script(self.statements)

    def values(self, answer: Answer, names: Iterable[str]) -> dict[str, sp.Expr]:
        """Where a solver says that they hold.

        Args:
            answer: of a solver.
            names: those that need a value.

        Raises:
            Undecidable: for numbers that are not read.
        """
        return {name: self._value(name, answer.values) for name in names}

    def _value(self, name: str, values: Mapping[str, str]) -> sp.Expr:
        if name in values:
            return value(values[name])
        return sp.S.One if name in self.ones else rational(self.domains[name].typical)


def _in_sizes(domains: Mapping[str, Domain], polynomials: Iterable[Polynomial]) -> dict[str, Domain]:
    """The domains, half of those of letters of which only the size counts."""
    rows = tuple(polynomials)
    even = {n for n, d in domains.items() if d in SYMMETRIC and all(is_even(p, n) for p in rows)}
    return {n: SYMMETRIC[d] if n in even else d for n, d in domains.items()}


def _says_something(statement: Formula) -> bool:
    return statement != Every(())


@dataclass(frozen=True)
class Reply:
    """What a solver says of the contrary of a statement.

    Attributes:
        status: `unsat` where the statement holds at all admissible values.
        assertions: the last that were asked about.
        answer: to those.
    """

    status: Status
    assertions: Assertions
    answer: Answer


def pieces(statement: Formula, encoded: Encoded) -> tuple[Assertions, ...]:
    """What is asserted for each of the pieces that a statement falls into: that it fails."""
    return tuple(Assertions.of(~goal, encoded) for goal in goals(statement))


def contested(statement: Formula, encoded: Encoded, solver: Solver, limits: Limits) -> Reply:
    """Whether a statement can fail: asked whole, and where that is not decided in pieces.

    Raises:
        BadInput: if the solver cannot be started.
    """
    whole = _answered(Assertions.of(~statement, encoded), solver, limits)
    if whole.status is not Status.UNKNOWN:
        return whole
    reply = whole
    for assertions in pieces(statement, encoded):
        reply = _answered(assertions, solver, limits)
        if reply.status is not Status.UNSAT:
            break
    return reply


def _answered(assertions: Assertions, solver: Solver, limits: Limits) -> Reply:
    longer = len(assertions.script.text) > LONGEST
    answer = Answer(Status.UNKNOWN, {}) if longer else solver.ask(assertions.script, limits)
    return Reply(answer.status, assertions, answer)
