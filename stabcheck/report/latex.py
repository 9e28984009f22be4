"""A result's formulas in LaTeX."""

# SymPy types its results too loosely for these checks.
# pyright: basic, reportArgumentType=false, reportAttributeAccessIssue=false, reportCallIssue=false
# pyright: reportAssignmentType=false, reportGeneralTypeIssues=false, reportOperatorIssue=false
# pyright: reportReturnType=false

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import sympy as sp

from stabcheck.report.printing import Write, latex, root_pairs
from stabcheck.symbolic.spectrum import Factor, Roots

if TYPE_CHECKING:
    from stabcheck.analysis import Analysis


def fragment(result: Analysis) -> str:
    """An `align*` environment: field, Jacobian, update matrix, eigenvalues, conditions."""
    lines = [f"  {left} &{relation} {right}" for left, relation, right in equations(result)]
    return "\\begin{align*}\n" + " \\\\\n".join(lines) + "\n\\end{align*}"


def equations(result: Analysis) -> Iterator[tuple[str, str, str]]:
    """Every general formula as left-hand side, relation and right-hand side."""

    def write(expression: sp.Expr) -> str:
        return latex(expression, result.names)

    for s, e in zip(result.model.coordinates, result.vector_field, strict=True):
        yield f"v_{{{write(s)}}}", "=", write(e)
    if result.jacobian is not None:
        yield "J", "=", write(result.jacobian)
    if result.update_matrix is not None:
        yield "M", "=", write(result.update_matrix)
    for name, mean in result.means.items():
        yield write(name), "=", write(mean)
    if result.spectral_map is not None:
        yield r"\varphi(\mu, z)", "=", write(result.spectral_map)
    for form in result.closed_form or ():
        yield from _roots(form, write)
    for k, condition in enumerate(result.conditions or ()):
        yield rf"\text{{{'and' if k else 'stable iff'} }} {write(condition)}", ">", "0"


def _roots(form: Roots | Factor, write: Write) -> Iterator[tuple[str, str, str]]:
    times = rf" \quad (\times {form.multiplicity})" if form.multiplicity > 1 else ""
    if isinstance(form, Factor):
        yield "0", "=", write(form.polynomial) + times
        return
    yield r"\lambda", "=", root_pairs(form, write, sign=r"\pm") + times
    for letter, meaning in form.definitions:
        yield write(letter), "=", write(meaning)
