"""A result as plain data: what JSON, Markdown and HTML are written from, without the result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import singledispatch
from importlib.metadata import version
from typing import Any

import sympy as sp

from stabcheck.core import doors
from stabcheck.core.errors import BadInput, StabcheckError
from stabcheck.core.finite import finite
from stabcheck.core.outline import Outline
from stabcheck.judge.analysis import Analysis
from stabcheck.judge.outlining import outlined
from stabcheck.judge.pace import pace
from stabcheck.judge.result import ALONE, Result
from stabcheck.judge.summary import (
    caveats,
    conventions,
    coordinates,
    directions,
    hyperparameters,
    mean_values,
    question,
    setting_of,
    stretches,
    summary,
    title,
)
from stabcheck.judge.verification import Verification
from stabcheck.symbolic.exact import Eigenvalue
from stabcheck.symbolic.printing import code, code_roots, inequality, latex
from stabcheck.symbolic.spectrum import Factor, Roots

SCHEMA = 1
VERSION = 2
"""Of the record as a whole; `SCHEMA` is that of its `data`."""
NOT_ASKED = "not asked for"


@dataclass(frozen=True)
class Written:
    """The formulas of a step of the derivation, in TeX.

    Attributes:
        title: of the step.
        general: they hold for all values.
        lines: each formula, with the words behind it.
        display: those that are general once more, broken where they are long and aligned.
    """

    title: str
    general: bool
    lines: tuple[tuple[str, str], ...]
    display: str


@dataclass(frozen=True)
class Record:
    """One result as plain data.

    Attributes:
        kind: `exact`, `float`, or `refusal` of what has no result.
        title: what was asked, in words.
        question: the same in the line that is read back; empty for a refusal.
        summary: game and method, a line each.
        steps: the formulas.
        manifold: what is said of a manifold of equilibria, with formulas between dollar signs.
        exact: the eigenvalues in TeX, those of memory last; empty for one without a formula.
        outline: what it comes to, in short.
        caveats: what does not hold where it is used, a sentence each.
        data: everything else, which `eigen --format json` prints and `to_dict` of the result gives.
        schema: the version of this form.
    """

    kind: str
    title: str
    question: str
    summary: tuple[tuple[str, str], ...]
    steps: tuple[Written, ...]
    manifold: str
    exact: tuple[str, ...]
    outline: Outline
    caveats: tuple[str, ...]
    data: Mapping[str, Any]
    schema: int = VERSION

    def to_dict(self) -> dict[str, Any]:
        """As plain data for JSON."""
        return asdict(self)

    @classmethod
    def of_dict(cls, data: Mapping[str, Any]) -> Record:
        """The record that `to_dict` gave the data of.

        Raises:
            BadInput: for one of another version.
        """
        if data.get("schema") != VERSION:
            raise BadInput(f"this is no record of version {VERSION}")
        steps = (Written(**{**step, "lines": _pairs(step["lines"])}) for step in data["steps"])
        parsed = {
            "summary": _pairs(data["summary"]),
            "exact": tuple(data["exact"]),
            "steps": tuple(steps),
            "outline": Outline.of_dict(data["outline"]),
            "caveats": tuple(data["caveats"]),
        }
        return cls(**{**data, **parsed})

    @property
    def verification(self) -> Verification | None:
        """What the witnesses said; `None` where nobody asked them."""
        data = self.data.get("verification")
        if data is None or data["reason"] == NOT_ASKED:
            return None
        return Verification(
            **{**data, "witnesses": tuple(data["witnesses"]), "claims": tuple(data["claims"])}
        )

    @property
    def spectrum(self) -> list[tuple[str, Mapping[str, Any], bool]]:
        """Each eigenvalue: in TeX, as data, and whether the players do not feel it."""
        seen, memory = self.data.get("eigenvalues") or [], self.data.get("memory") or []
        rows = [*((e, False) for e in seen), *((e, True) for e in memory)]
        return [(tex, e, apart) for tex, (e, apart) in zip(self.exact, rows, strict=True)]


def _pairs(rows: Sequence[Sequence[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((first, second) for first, second in rows)


@singledispatch
def recorded(result: Any, verification: Verification | None = None) -> Record:
    """The record of a result.

    Args:
        result: an `Analysis`, a `FloatAnalysis`, or the refusal that there is instead.
        verification: what the witnesses said of it.
    """
    del verification
    raise TypeError(f"a {type(result).__name__} has no record")


@recorded.register
def _(result: Analysis, verification: Verification | None = None) -> Record:
    spectrum = (*(result.eigenvalues or ()), *(result.memory or ()))
    tex = lambda e: latex(e, result.names)  # noqa: E731
    return Record(
        "exact",
        title(result),
        question(result),
        tuple(summary(result)),
        doors.shown(result, "formulas"),
        directions(result, lambda e: f"${tex(e)}$") if result.manifold else "",
        tuple("" if e.exact is None else tex(e.exact) for e in spectrum),
        outlined(result),
        tuple(caveats(result)),
        as_data(result, verification),
    )


@recorded.register
def _(result: Result, verification: Verification | None = None) -> Record:
    about = (("game", result.game.label), ("method", result.operator.chain))
    data = result.to_dict() | ({} if verification is None else {"verification": verification.to_dict()})
    named = f"{result.game.label} under {result.operator.chain}"
    none = ("",) * (len(data["eigenvalues"]) + len(data["memory"]))
    return Record("float", named, question(result), about, (), "", none, outlined(result), (ALONE,), data)


@recorded.register
def _(result: StabcheckError, verification: Verification | None = None) -> Record:
    del verification
    return Record("refusal", type(result).__name__, "", (), (), "", (), outlined(result), (), {})


def as_data(result: Analysis, verification: Verification | None = None) -> dict[str, Any]:
    """Everything that is known, as text, numbers, lists and dictionaries; no NaN, no infinity.

    Formulas are text that SymPy reads back once the `symbols` are declared; in a vector field
    `df(t)`, `d2f(t)` stand for `f'(t)`, `f''(t)` and `Expectation(body, eps)` for the mean.
    """
    setting = setting_of(result)
    return {
        "schema": SCHEMA,
        "game": setting.game.label,
        "loss": setting.loss.label if setting.loss is not None else None,
        "penalties": [p.label for p in setting.penalties],
        "method": result.operator.chain,
        "hyperparameters": hyperparameters(result),
        "symbols": [s.name for s in result.symbols],
        "vector_field": [code(e) for e in result.vector_field],
        "map": None if result.image is None else [code(e) for e in result.image],
        "equilibrium": [code(e) for e in result.model.equilibrium],
        "inexact_floats": list(result.model.ops.floats),
        "equilibrium_doubts": list(result.doubts),
        "manifold": [[code(e) for e in row] for row in result.manifold],
        "jacobian": _rows(result.jacobian),
        "update_matrix": _rows(result.update_matrix),
        "flow_matrix": _rows(result.flow_matrix),
        "spectral_map": _or_none(result.spectral_map, code),
        "characteristic_polynomial": _or_none(result.characteristic_polynomial, code),
        "closed_form": _or_none(
            result.closed_form, lambda forms: [entry for f in forms for entry in _closed(f, result)]
        ),
        "definitions": {
            str(letter): code(meaning)
            for form in result.closed_form or ()
            if isinstance(form, Roots)
            for letter, meaning in form.definitions
        }
        | {str(name): code(mean) for name, mean in result.means.items()},
        "without_formulas": result.without_formulas or None,
        "conditions": _or_none(result.conditions, _inequalities),
        "conditions_here": _or_none(result.conditions_here, _inequalities),
        "stable_where": stretches(result, code) or None,
        "germ": {name: code(value) for name, value in result.germ.items()},
        "means_in_balls": mean_values(result),
        "equilibrium_in_balls": coordinates(result),
        "eigenvalues": _or_none(result.eigenvalues, lambda es: [_eigenvalue(e) for e in es]),
        "memory": _or_none(result.memory, lambda es: [_remembered(e) for e in es]),
        "memory_closed_form": [entry for f in result.memory_form for entry in _closed(f, result)],
        "spectral_abscissa": finite(result.spectral_abscissa),
        "spectral_radius": finite(result.spectral_radius),
        "period": result.operator.period,
        "radius_per_step": finite(result.radius_per_step),
        "pace": None if (paced := pace(result)) is None else paced._asdict(),
        "verdict": result.verdict,
        "reason": result.finding.reason,
        "classification": result.finding.classification or None,
        "caveats": caveats(result),
        "conventions": conventions(result),
        "sources": list(result.sources),
        "known": [{"text": claim.text, "source": claim.source} for claim in result.claims],
        "versions": {name: version(name) for name in ("stabcheck", "sympy", "jax", "python-flint")},
        "verification": _verification(verification),
    }


def _or_none(value: Any, write: Any) -> Any:
    return None if value is None else write(value)


def _rows(matrix: sp.Matrix | None) -> list[list[str]] | None:
    return None if matrix is None else [[code(e) for e in row] for row in matrix.tolist()]


def _inequalities(conditions: tuple[sp.Expr, ...]) -> list[str]:
    return [inequality(c, code) for c in conditions]


def _closed(form: Roots | Factor, result: Analysis) -> list[dict[str, Any]]:
    if isinstance(form, Factor):
        return [{"polynomial": code(form.polynomial), "multiplicity": form.multiplicity}]
    return [
        {"formula": text, "latex": latex(root, result.names), "multiplicity": form.multiplicity}
        for text, root in zip(code_roots(form), form.formulas, strict=True)
    ]


def _eigenvalue(e: Eigenvalue) -> dict[str, Any]:
    value = {"re": finite(e.value.real), "im": finite(e.value.imag)}
    exact = None if e.exact is None else code(e.exact)
    return {"exact": exact, "value": value, "multiplicity": e.multiplicity, "place": e.place}


def _remembered(e: Eigenvalue) -> dict[str, Any]:
    """An eigenvalue of memory that the players do not feel."""
    return {**_eigenvalue(e), "modulus": finite(abs(e.value))}


def _verification(v: Verification | None) -> dict[str, Any]:
    if v is None:
        return {"status": "skipped", "reason": NOT_ASKED, "matrix_gap": None,
                "polynomial_gap": None, "points": 0, "seed": None, "witnesses": ["symbolic"],
                "claims": []}  # fmt: skip
    return v.to_dict()
