"""What became of a claim, with all that anybody needs to see it again without trusting what is written.

A certificate holds a question as it is spelled, what was derived of it, and scripts of SMT-LIB of which each
must be unsatisfiable. To check it is to derive all of that anew from the question, to compare, and to ask
another solver.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from stabcheck.core.errors import BadInput, StabcheckError
from stabcheck.core.formula import Formula
from stabcheck.core.number import number
from stabcheck.declare.question import Question
from stabcheck.judge.asserting import contested, pieces
from stabcheck.judge.equilibria import analysed
from stabcheck.judge.pointwise import decided
from stabcheck.judge.proof import Outcome, Proof, Prover
from stabcheck.judge.solver import USUAL, Limits, Script, Solver, Status
from stabcheck.symbolic.polynomials import rational
from stabcheck.symbolic.printing import code, inequality

SCHEMA = 1
LARGEST = 4_000_000
"""A file of more bytes is not read."""
PACKAGES = ("stabcheck", "sympy", "python-flint", "z3-solver", "cvc5")
TRUE = (Outcome.PROVED, Outcome.VACUOUS)
DERIVED = (
    "claim",
    "question",
    "parts",
    "every_loss",
    "assumptions",
    "characteristic",
    "conditions",
    "scripts",
)
"""What is compared, in this order."""


def certificate(proof: Proof) -> dict[str, Any]:
    """A proof, or a refutation at a point, as plain data for JSON.

    Raises:
        BadInput: for a claim that is neither, and for a refutation that exact arithmetic did not confirm.
    """
    point = proof.counterexample
    confirmed = point is not None and point.confirmed and all(e.is_Rational for e in point.values.values())
    if proof.outcome not in TRUE and not (proof.outcome is Outcome.REFUTED and confirmed):
        raise BadInput(
            "there is a certificate for what is proved, or refuted at a rational point; here is none"
        )
    return {
        "schema": SCHEMA,
        **_derived(Prover(proof.claim, proof.subject, proof.encoded), proof.outcome),
        "outcome": proof.outcome.value,
        "proved": proof.proved,
        "counterexample": None if point is None else {name: str(e) for name, e in point.values.items()},
        "versions": dict(_versions()),
    }


def _derived(prover: Prover, outcome: Outcome) -> dict[str, Any]:
    """What follows from the question and the claim alone."""
    subject = prover.subject
    statement = _contested(prover, outcome)
    return {
        "claim": str(prover.claim),
        "question": subject.question,
        "parts": Question.parse(subject.question).key,
        "every_loss": subject.every_loss,
        "assumptions": {name: domain.spelling for name, domain in sorted(subject.domains.items())},
        "characteristic": [code(factor.polynomial) for factor in subject.factors],
        "conditions": [inequality(c, code) for c in subject.conditions],
        "scripts": [] if statement is None else list(_scripts(prover, statement)),
    }


def _contested(prover: Prover, outcome: Outcome) -> Formula | None:
    """What is true of a claim: it if it is proved, that its premise fails if it is vacuous; else `None`."""
    if outcome is Outcome.PROVED:
        return prover.encoded.meaning.holds
    return ~prover.encoded.premise if outcome is Outcome.VACUOUS else None


def _scripts(prover: Prover, statement: Formula) -> Iterator[str]:
    rows = pieces(statement, prover.encoded)
    for k, row in enumerate(rows):
        scaled = [f"by scaling {', '.join(row.ones)} = 1"] if row.ones else []
        place = f"piece {k + 1} of {len(rows)}: unsat is expected"
        yield Script(row.statements, (str(prover.claim), prover.subject.question, place, *scaled)).text


def _versions() -> Iterator[tuple[str, str]]:
    for package in PACKAGES:
        try:
            yield package, version(package)
        except PackageNotFoundError:
            continue


@dataclass(frozen=True)
class Check:
    """What a check came to.

    Attributes:
        outcome: what the certificate says of the claim.
        claim, question: which and of what.
        holds: whether all of it was seen again.
        reason: how, or what is different.
    """

    outcome: Outcome
    claim: str
    question: str
    holds: bool
    reason: str

    def to_dict(self) -> dict[str, Any]:
        """As plain data for JSON."""
        return {
            "schema": SCHEMA,
            "claim": self.claim,
            "question": self.question,
            "outcome": self.outcome.value,
            "holds": self.holds,
            "reason": self.reason,
        }


def read(path: Path) -> Mapping[str, Any]:
    """The data of a certificate.

    Raises:
        BadInput: for a file that holds none.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise BadInput(f"{path} has more than {LARGEST} bytes; a certificate has fewer")
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as fault:
        raise BadInput(f"{path} cannot be read: {fault.strerror}") from None
    except (ValueError, RecursionError):
        raise BadInput(f"{path} is no certificate: it is no JSON") from None
    if not isinstance(data, dict) or {*DERIVED, "schema", "outcome"} - {*data}:
        raise BadInput(f"{path} is no certificate; stabcheck prove --certificate writes one")
    if data["schema"] != SCHEMA:
        raise BadInput(f"{path} has schema {str(data['schema'])[:10]}; this stabcheck reads {SCHEMA}")
    return data


def check(data: Mapping[str, Any], solver: Solver, limits: Limits = USUAL) -> Check:
    """Whether all that a certificate says is seen again.

    Args:
        data: as `read` gives it.
        solver: that proves it once more; for a refutation none is asked.
        limits: of one question to it.

    Raises:
        BadInput: for a claim or a question that is none, and one about parts in Python, which are not run.
    """
    claim, question = (str(data[key]) for key in ("claim", "question"))
    if data["outcome"] not in [*Outcome]:
        raise BadInput(f"the certificate has no outcome {str(data['outcome'])[:20]!r}")
    outcome = Outcome(data["outcome"])
    if ".py:" in question:
        raise BadInput("the question has parts in Python, which a check does not run; prove the claim anew")
    result = analysed(Question.parse(question))
    prover = Prover.of(claim, result, chosen_loss=data["every_loss"] is not True)
    holds, reason = _seen(data, prover, outcome, solver, limits)
    return Check(outcome, str(prover.claim), prover.subject.question, holds, reason)


def _seen(
    data: Mapping[str, Any], prover: Prover, outcome: Outcome, solver: Solver, limits: Limits
) -> tuple[bool, str]:
    derived = _derived(prover, outcome)
    for key in DERIVED:
        if data[key] != derived[key]:
            return (
                False,
                f"its {key.replace('_', ' ')} differ from what is derived{_where(data[key], derived[key])}",
            )
    if (statement := _contested(prover, outcome)) is None:
        return _fails_at(prover, data.get("counterexample"))
    status = contested(statement, prover.encoded, solver, limits).status
    if status is Status.UNSAT:
        return True, f"all of it is derived again, and {solver.name} proves it once more"
    if status is Status.SAT:
        return False, f"{solver.name} finds a point that contradicts it"
    return False, f"all of it is derived again, but {solver.name} does not decide it in {limits.seconds:g} s"


def _where(written: Any, derived: Any) -> str:
    """Which of two lists is different, and how."""
    if not (isinstance(written, list) and isinstance(derived, list)) or len(written) != len(derived):
        return ""
    k = next(k for k, pair in enumerate(zip(written, derived, strict=True)) if pair[0] != pair[1])
    short = f": {str(written[k])[:80]}" if "\n" not in str(written[k]) else ""
    return f" at {k + 1} of {len(derived)}{short}"


def _fails_at(prover: Prover, point: Any) -> tuple[bool, str]:
    """Whether the claim fails at a point, in exact numbers."""
    domains = prover.subject.domains
    try:
        values = {str(name): Fraction(number(text)) for name, text in dict(point).items()}
        if not all(name in domains and domains[name].contains(q) for name, q in values.items()):
            return False, "its point does not lie in the domains"
        numbers = {name: rational(values.get(name, domain.typical)) for name, domain in domains.items()}
        fails = decided(prover.claim, prover.subject, numbers) is False
    except (StabcheckError, TypeError, ValueError) as fault:
        return False, f"its point is not decided: {fault}"
    if not fails:
        return False, "at its point the claim does not fail"
    return True, "all of it is derived again, and at its point the claim fails, by the eigenvalues there"
