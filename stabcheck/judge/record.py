"""A result as plain data, for JSON."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import sympy as sp

from stabcheck.core.finite import finite
from stabcheck.judge.summary import (
    caveats,
    conventions,
    coordinates,
    hyperparameters,
    mean_values,
    parts,
    stretches,
)
from stabcheck.symbolic.exact import Eigenvalue
from stabcheck.symbolic.printing import code, code_roots, inequality, latex
from stabcheck.symbolic.spectrum import Factor, Roots

if TYPE_CHECKING:
    from stabcheck.judge.analysis import Analysis
    from stabcheck.judge.verification import Verification

SCHEMA = 1


def as_data(result: Analysis, verification: Verification | None = None) -> dict[str, Any]:
    """Everything that is known, as text, numbers, lists and dictionaries; no NaN, no infinity.

    Formulas are text that SymPy reads back once the `symbols` are declared; in a vector field
    `df(t)`, `d2f(t)` stand for `f'(t)`, `f''(t)` and `Expectation(body, eps)` for the mean.
    """
    found = parts(result)
    return {
        "schema": SCHEMA,
        "game": found.game.label,
        "loss": found.loss.label if found.loss is not None else None,
        "penalties": [p.label for p in found.penalties],
        "method": result.operator.chain,
        "hyperparameters": hyperparameters(result),
        "symbols": [s.name for s in result.symbols],
        "vector_field": [code(e) for e in result.vector_field],
        "map": None if result.image is None else [code(e) for e in result.image],
        "equilibrium": [code(e) for e in result.model.rest],
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
        "verdict": result.verdict,
        "reason": result.finding.reason,
        "classification": result.finding.classification or None,
        "caveats": caveats(result),
        "conventions": conventions(result),
        "sources": list(result.sources),
        "known": [{"text": claim.text, "source": claim.source} for claim in result.known],
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
        return {"status": "skipped", "reason": "not asked for", "matrix_gap": None,
                "polynomial_gap": None, "points": 0, "seed": None, "witnesses": ["symbolic"],
                "claims": []}  # fmt: skip
    return v.to_dict()
