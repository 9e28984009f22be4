"""What became of a claim, for people and for papers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import sympy as sp

from stabcheck.core.hyper import Hyper
from stabcheck.judge.certificate import Check
from stabcheck.judge.proof import Outcome, Proof
from stabcheck.report.claim import Typeset
from stabcheck.report.sheet import as_markdown, as_text
from stabcheck.symbolic.printing import latex as tex
from stabcheck.symbolic.printing import terminal


def text(proof: Proof) -> str:
    """For a terminal: a sentence, the claim, and where it fails."""
    return as_text(sentence(proof), _rows(proof))


def markdown(proof: Proof, names: Mapping[str, Hyper]) -> str:
    """The same as Markdown."""
    return as_markdown(sentence(proof), _rows(proof), latex(proof, names))


def check_text(check: Check) -> str:
    """What a check came to, for a terminal."""
    first = (
        f"The certificate holds: the claim is {check.outcome}."
        if check.holds
        else "The certificate does not hold."
    )
    rows = [("claim", check.claim), ("question", check.question), ("because", check.reason)]
    return as_text(first, rows)


def sentence(proof: Proof) -> str:
    """What is said first."""
    by = " and ".join(proof.solvers)
    match proof.outcome:
        case Outcome.PROVED:
            alone = ", by one solver alone" if len(proof.solvers) == 1 else ""
            return f"It is proved (by {by}{alone})."
        case Outcome.VACUOUS:
            return f"It is true and says nothing: no admissible values fulfil its premise (proved by {by})."
        case Outcome.REFUTED:
            return f"It is refuted {_by(proof)}."
        case Outcome.UNDEFINED:
            return "It is neither true nor false at some admissible values."
        case Outcome.UNDECIDED:
            return "It is neither proved nor refuted."


def _by(proof: Proof) -> str:
    point = proof.counterexample
    assert point is not None
    return (
        "by exact arithmetic at a point"
        if point.confirmed
        else f"by {point.solver}, not confirmed by exact arithmetic"
    )


def _rows(proof: Proof) -> Iterator[tuple[str, str]]:
    yield "claim", str(proof.claim)
    yield "question", proof.subject.question
    yield "about", _about(proof)
    if proof.counterexample is not None:
        yield "at", ", ".join(f"{name} = {terminal(e)}" for name, e in proof.counterexample.values.items())
    if proof.reason:
        yield "because", proof.reason
    yield "took", f"{proof.seconds:.2g} s"


def _about(proof: Proof) -> str:
    names = (n for n in proof.subject.domains if n in proof.encoded.names)
    domains = ", ".join(f"{name} {_spelled(proof, name)}" for name in names)
    return f"{'every loss, ' * proof.subject.every_loss}all {domains or 'values'}"


def _spelled(proof: Proof, name: str) -> str:
    spelling = proof.subject.domains[name].spelling
    return f"in {spelling}" if spelling[:1] in "([" else spelling


def latex(proof: Proof, names: Mapping[str, Hyper]) -> str:
    """The claim as a displayed formula for amsmath, with a sentence behind it."""

    def write(e: sp.Expr) -> str:
        return tex(e, names)

    claim = proof.claim.at(Typeset(write, proof.subject.region)).tex
    values = proof.counterexample.values if proof.counterexample else {}
    at = ", ".join(f"{write(sp.Symbol(name, real=True))} = {write(e)}" for name, e in values.items())
    return f"\\[\n  {claim}\n\\]\n{sentence(proof)}{f' At ${at}$.' * bool(at)}"
