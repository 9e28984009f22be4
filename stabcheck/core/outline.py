"""What is said of a result in short, as plain data: verdict, rate, formulas that fit into a line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Form:
    """Eigenvalues that one formula gives, for every loss and all values of the open names.

    Attributes:
        text, latex: the formula in short; where it is too long, its size in words, and `latex`
            is empty.
        roots: how many numbers it gives: 2 for `a ± b`, the degree for the roots of a polynomial.
        multiplicity: of each of them.
    """

    text: str
    latex: str
    roots: int
    multiplicity: int


@dataclass(frozen=True)
class Inequality:
    """An inequality that stability needs, for the loss chosen; `latex` is empty where too long."""

    text: str
    latex: str


@dataclass(frozen=True)
class Outline:
    """A result in short.

    Attributes:
        verdict, reason: what holds, in a word and in a sentence.
        evidence, rate: what the verdict rests on, and how errors die away; as in `Finding`.
        number: spectral radius per step, or abscissa; `None` where a name is open.
        forms: the eigenvalues in general; `None` where no formula is derived.
        conditions: all hold iff the equilibrium is exponentially stable; `None` where they are
            too long to write or there is no linearisation.
        dominant: the eigenvalue that gives the number, exactly, where it has a short closed form.
        sources: where statements about what was asked are published.
    """

    verdict: str
    reason: str
    evidence: str | None = None
    rate: str | None = None
    number: float | None = None
    forms: tuple[Form, ...] | None = None
    conditions: tuple[Inequality, ...] | None = None
    dominant: str | None = None
    sources: tuple[str, ...] = ()

    @classmethod
    def of_dict(cls, data: Mapping[str, Any]) -> Outline:
        """The outline that `asdict` gave the data of."""
        forms, conditions = data["forms"], data["conditions"]
        parsed = {
            "forms": None if forms is None else tuple(Form(**form) for form in forms),
            "conditions": None if conditions is None else tuple(Inequality(**each) for each in conditions),
            "sources": tuple(data["sources"]),
        }
        return cls(**{**data, **parsed})
