"""Claims about stability, proved, refuted, or neither.

A claim holds if its contrary is unsatisfiable: real closed fields are decidable (Tarski 1951), and solvers
by cylindrical algebraic coverings decide most of what people ask. What they say of points is decided anew
in exact numbers; what they prove is asked of a second solver.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from time import perf_counter
from typing import Any

from stabcheck.core.errors import StabcheckError, unknown
from stabcheck.declare.claim.reading import parse
from stabcheck.declare.claim.statements import And, Is, RateIs, Statement
from stabcheck.declare.claim.terms import Letter
from stabcheck.judge.analysis import Analysis
from stabcheck.judge.asserting import Reply, contested
from stabcheck.judge.counterexample import Counterexample, Points
from stabcheck.judge.criterion import Routh
from stabcheck.judge.encoding import Encoded, encoded, premises
from stabcheck.judge.pointwise import decided
from stabcheck.judge.solver import CVC5, USUAL, Z3, Limits, Solver, Status
from stabcheck.judge.subject import Subject
from stabcheck.symbolic.polynomials import rational

SCHEMA = 1
CONTINUUM = (
    "the equilibria form a manifold there: the claim is about all directions, the verdict of eigen about"
    " those across it"
)


class Outcome(StrEnum):
    """What became of a claim."""

    PROVED = "proved"
    REFUTED = "refuted"
    """At the values of a counterexample."""
    VACUOUS = "vacuous"
    """True, for nothing fulfils what it supposes."""
    UNDEFINED = "undefined"
    """It divides by 0 or takes the root of less than 0 at some admissible values, and fails at none."""
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Proof:
    """What became of a claim.

    Attributes:
        claim: as it was read.
        subject: what it is about.
        encoded: what solvers were asked about.
        outcome: proved, refuted, or neither.
        solvers: the names of those that proved it.
        counterexample: where it fails, or is not defined.
        reason: why it is neither, or what its premise lacks; mostly empty.
        seconds: that it took.
    """

    claim: Statement
    subject: Subject
    encoded: Encoded
    outcome: Outcome
    solvers: tuple[str, ...] = ()
    counterexample: Counterexample | None = None
    reason: str = ""
    seconds: float = 0.0

    @property
    def proved(self) -> str | bool:
        """The solvers that proved it, `z3+cvc5`; `False` where it is refuted; else `undecided`."""
        if self.outcome in (Outcome.PROVED, Outcome.VACUOUS):
            return "+".join(self.solvers)
        return False if self.outcome is Outcome.REFUTED else "undecided"

    def to_dict(self) -> dict[str, Any]:
        """As plain data for JSON, numbers as SymPy reads them."""
        point = self.counterexample
        values = None if point is None else {name: str(e) for name, e in point.values.items()}
        return {
            "schema": SCHEMA,
            "claim": str(self.claim),
            "question": self.subject.question,
            "every_loss": self.subject.every_loss,
            "outcome": self.outcome.value,
            "proved": self.proved,
            "counterexample": values,
            "confirmed": None if point is None else point.confirmed,
            "reason": self.reason,
            "seconds": round(self.seconds, 3),
        }


def usual_solvers() -> tuple[Solver, ...]:
    """z3, and cvc5 where it is installed."""
    second = CVC5()
    return (Z3(), second) if second.installed else (Z3(),)


def prove(
    claim: str,
    of: Analysis,
    *,
    solvers: Sequence[Solver] = (),
    limits: Limits = USUAL,
    chosen_loss: bool = False,
) -> Proof:
    """Whether a claim holds at all admissible values of the open names.

    Args:
        claim: in the grammar of `stabcheck.declare.claim.reading`: and, or, not, implies, iff, comparisons,
            sqrt, abs, `stable`, `unstable`, `neutral`, `rate < r`.
        of: what it is about, at the values that it has. A claim that names a slope of the loss, `f1` or
            `f2`, is about every loss.
        solvers: the first proves or refutes, the others prove once more; by default z3 and cvc5.
        limits: of one question to a solver.
        chosen_loss: whether the loss of the analysis is meant though a slope is named.

    Raises:
        BadInput: for what is no claim, a name that is not open, and without a solver.
        StabcheckError: if there is no linearisation.

    Example:
        >>> from stabcheck import R1, AltGD, Dirac, analyse, prove
        >>> result = analyse(Dirac() + R1("gamma"), AltGD("h"))
        >>> prove("gamma > 0 implies (stable iff f1^2 h^2 + 2 gamma h < 4)", result).proved
        'z3+cvc5'
    """
    start = perf_counter()
    proof = Prover.of(claim, of, chosen_loss=chosen_loss).proof(solvers or usual_solvers(), limits)
    return replace(proof, seconds=perf_counter() - start)


def _confirm(names: Iterable[str], subject: Subject) -> None:
    """Raises:
    BadInput: for a name that stands for no number.
    """
    for name in names:
        if name not in {*subject.domains, *subject.values}:
            raise unknown("name in the claim", name, {*subject.domains, *subject.values})


@dataclass(frozen=True)
class Prover:
    """The steps from a claim to what became of it, the cheap ones first.

    Attributes:
        claim: as it was read.
        subject: what it is about.
        encoded: it as signs of polynomials.
    """

    claim: Statement
    subject: Subject
    encoded: Encoded

    @classmethod
    def of(cls, claim: str, result: Analysis, *, chosen_loss: bool) -> Prover:
        """The arguments and errors are those of `prove`."""
        statement = parse(claim)
        names = [node.name for node in statement.all() if isinstance(node, Letter)]
        subject = Subject.of(result, names, chosen_loss=chosen_loss)
        _confirm(names, subject)
        return cls(statement, subject, encoded(statement, subject, Routh(subject)))

    @property
    def _open(self) -> Proof:
        return Proof(self.claim, self.subject, self.encoded, Outcome.UNDECIDED)

    def proof(self, solvers: Sequence[Solver], limits: Limits) -> Proof:
        """By points, then by each solver until one refutes it."""
        points = Points(self.subject, self.encoded)
        meaning = self.encoded.meaning
        if (point := points.where(meaning.fails, self.claim, holds=False)) is not None:
            return self._refuted(Counterexample(point, "", confirmed=True))
        proof = self._proved(solvers, limits)
        supposed = tuple(premises(self.claim))
        if proof.outcome is not Outcome.PROVED or not supposed:
            return proof
        if points.where(self.encoded.premise, And(supposed), holds=True) is not None:
            return proof
        return self._supposing(proof, solvers, limits)

    def _proved(self, solvers: Sequence[Solver], limits: Limits) -> Proof:
        """By each solver that can."""
        provers: list[str] = []
        for solver in solvers:
            reply = contested(self.encoded.meaning.holds, self.encoded, solver, limits)
            if reply.status is Status.SAT:
                return self._contradicted(reply, solver, limits, provers)
            provers += [solver.name] * (reply.status is Status.UNSAT)
        if not provers:
            return replace(self._open, reason=f"no solver decides it in {limits.seconds:g} s")
        return replace(self._open, outcome=Outcome.PROVED, solvers=tuple(provers))

    def _contradicted(self, reply: Reply, solver: Solver, limits: Limits, provers: Sequence[str]) -> Proof:
        """By the point of a solver, which exact arithmetic decides."""
        point, held, doubt = self._looked_at(reply, solver)
        if held is False:
            return self._refuted(Counterexample(point, solver.name, confirmed=True))
        if provers or held is True:
            other = " and ".join(provers) or "exact arithmetic at its point"
            return replace(self._open, reason=f"{solver.name} says that it fails, {other} that it holds")
        if self.encoded.meaning.is_total:
            return replace(self._refuted(Counterexample(point, solver.name, confirmed=False)), reason=doubt)
        return self._without_meaning(Counterexample(point, solver.name, confirmed=not doubt), solver, limits)

    def _looked_at(self, reply: Reply, solver: Solver) -> tuple[dict[str, Any], bool | None, str]:
        """The point of an answer, what the claim is there, and why that is not known."""
        point: dict[str, Any] = {}
        try:
            point = reply.assertions.values(reply.answer, self.subject.domains)
            held = decided(self.claim, self.subject, point)
            return {name: e for name, e in point.items() if name in self.encoded.names}, held, ""
        except StabcheckError as refusal:
            written = point or dict(reply.answer.values)
            return written, None, f"the point of {solver.name} is not decided exactly: {refusal}"

    def _without_meaning(self, point: Counterexample, solver: Solver, limits: Limits) -> Proof:
        """Where a term has no value a claim neither holds nor fails; elsewhere it may fail, too."""
        reply = contested(~self.encoded.meaning.fails, self.encoded, solver, limits)
        if reply.status is Status.SAT:
            values, held, doubt = self._looked_at(reply, solver)
            if held is not True:
                confirmed = held is False
                return replace(
                    self._refuted(Counterexample(values, solver.name, confirmed=confirmed)), reason=doubt
                )
        reason = "a term of it has no value there; exclude that by a premise"
        return replace(self._open, outcome=Outcome.UNDEFINED, counterexample=point, reason=reason)

    def _refuted(self, point: Counterexample) -> Proof:
        reason = CONTINUUM if point.confirmed and self._is_continuum(point) else ""
        return replace(self._open, outcome=Outcome.REFUTED, counterexample=point, reason=reason)

    def _is_continuum(self, point: Counterexample) -> bool:
        """Whether a claim on eigenvalues fails where `eigen` leaves some of them out."""
        if not any(isinstance(node, Is | RateIs) for node in self.claim.all()):
            return False
        typical = {name: rational(domain.typical) for name, domain in self.subject.domains.items()}
        try:
            return self.subject.is_continuum({**typical, **point.values})
        except StabcheckError:
            return False

    def _supposing(self, proof: Proof, solvers: Sequence[Solver], limits: Limits) -> Proof:
        """Where no point fulfils what is supposed."""
        for solver in solvers:
            status = contested(~self.encoded.premise, self.encoded, solver, limits).status
            if status is Status.UNSAT:
                return replace(proof, outcome=Outcome.VACUOUS, reason="nothing fulfils what it supposes")
            if status is Status.SAT:
                return proof
        return replace(proof, reason="whether anything fulfils what it supposes is not decided")
