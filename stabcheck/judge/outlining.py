"""A result in short: its verdict, its rate and those of its formulas that fit into a line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import singledispatch
from typing import Any

import sympy as sp

from stabcheck.core import hyper
from stabcheck.core.errors import NotApplicable, StabcheckError
from stabcheck.core.finite import finite
from stabcheck.core.outline import Form, Inequality, Outline
from stabcheck.core.stability import Disc
from stabcheck.core.verdict import Verdict
from stabcheck.judge.analysis import Analysis
from stabcheck.judge.finding import Finding, impossible, with_symbols
from stabcheck.judge.result import Result
from stabcheck.symbolic.printing import inequality, latex, root_pairs, terminal
from stabcheck.symbolic.settling import settled_sign
from stabcheck.symbolic.spectrum import Factor, Roots

LONGEST = 120
"""A formula with more characters is told by its size."""
TOO_LONG = "the conditions for stability are too long to write; give values for a verdict"

IN_FLOATS = "the losses are written in JAX, so that there are numbers at values alone"


@singledispatch
def outlined(result: Any) -> Outline:
    """What is said of a result in short.

    Args:
        result: an `Analysis`, a `FloatAnalysis`, or the refusal that there is instead.
    """
    raise TypeError(f"a {type(result).__name__} has no outline")


@outlined.register
def _(result: Analysis) -> Outline:
    return Outline(
        *_told(_finding(result)),
        number=rate_per_step(result),
        forms=_each(result.closed_form, lambda form: _form(form, result)),
        conditions=_each(result.conditions_here, lambda e: _inequality(e, result)),
        dominant=_dominant(result),
        sources=result.sources,
    )


@outlined.register
def _(result: Result) -> Outline:
    if {*hyper.symbols(result.game, result.operator)} - {*result.values}:
        return Outline(Verdict.DEPENDS.value, IN_FLOATS)
    return Outline(*_told(result.finding), number=rate_per_step(result))


@outlined.register
def _(result: StabcheckError) -> Outline:
    word = "not applicable" if isinstance(result, NotApplicable) else "no equilibrium"
    return Outline(word, str(result))


def rate_per_step(result: Result) -> float | None:
    """`rho^(1/k)` of a cycle of `k` steps, or the spectral abscissa; `None` where it is not finite."""
    disc = isinstance(result.region, Disc)
    return finite(result.radius_per_step if disc else result.spectral_abscissa)


def _told(finding: Finding) -> tuple[str, str, str | None, str | None]:
    evidence, rate = finding.evidence, finding.rate
    return finding.verdict.value, finding.reason, evidence and evidence.value, rate and rate.value


def _finding(result: Analysis) -> Finding:
    """`result.finding`, without asking twice for the conditions, which take long."""
    names = result.here.open_names
    if not names or result.means or result.eigenvalues is not None or result.factors_here is None:
        return result.finding
    conditions = result.conditions_here
    if conditions is None:
        return Finding(Verdict.DEPENDS, TOO_LONG)
    if 0 in conditions:
        return result.finding
    negative = any(settled_sign(c, result.general.bounds) < 0 for c in conditions)
    verdict = Verdict.UNSTABLE if negative else Verdict.DEPENDS if conditions else Verdict.STABLE
    finding = with_symbols([verdict], conditions, names, region=result.region, dimension=len(result.manifold))
    if finding.verdict is Verdict.DEPENDS and (ruled_out := result.here.ruled_out):
        return impossible(finding, names, region=result.region, negative=ruled_out == "negative")
    return finding


def _each(formulas: Sequence[Any] | None, write: Callable[[Any], Any]) -> tuple[Any, ...] | None:
    return None if formulas is None else tuple(map(write, formulas))


def _form(form: Roots | Factor, result: Analysis) -> Form:
    def tex(e: sp.Expr) -> str:
        return latex(e, result.names)

    return _polynomial(form, tex) if isinstance(form, Factor) else _roots(form, tex)


def _polynomial(form: Factor, tex: Callable[[sp.Expr], str]) -> Form:
    terms = sum(len(c.as_ordered_terms()) for c in form.coefficients if c != 0)
    size = f"(roots of a polynomial of degree {form.degree}, {terms} terms)"
    text = _short(lambda: f"roots of {terminal(form.polynomial)}", size, terms)
    return Form(text, _tex_of(text, size, lambda: tex(form.polynomial)), form.degree, form.multiplicity)


def _roots(form: Roots, tex: Callable[[sp.Expr], str]) -> Form:
    defined = [(terminal(a), terminal(b)) for a, b in form.definitions]
    whole = root_pairs(form, terminal, sign="±") + "".join(f" with {a} = {b}" for a, b in defined)
    meanings = "".join(rf",\ {tex(a)} = {tex(b)}" for a, b in form.definitions)
    count = 1 if form.outside == 0 else 2
    size = f"({'one root' if count == 1 else 'two roots'}, {form.length} operations)"
    text = _short(lambda: whole, size)
    written = _tex_of(text, size, lambda: root_pairs(form, tex, sign=r"\pm") + meanings)
    return Form(text, written, count, form.multiplicity)


def _inequality(expression: sp.Expr, result: Analysis) -> Inequality:
    terms = len(expression.as_ordered_terms())
    size = f"(a polynomial of {terms} terms > 0)"
    never = " (never)" if expression.is_number else ""
    text = _short(lambda: inequality(expression, terminal) + never, size, terms)
    return Inequality(
        text, _tex_of(text, size, lambda: inequality(expression, lambda e: latex(e, result.names)))
    )


def _short(write: Callable[[], str], size: str, terms: int = 1) -> str:
    """The text, or its size where it is too long to read; a long one is not even written."""
    if terms > LONGEST:
        return size
    text = write()
    return text if len(text) <= LONGEST else size


def _tex_of(text: str, size: str, write: Callable[[], str]) -> str:
    return "" if text == size else write()


def _dominant(result: Analysis) -> str | None:
    """The slowest eigenvalue in closed form."""
    exact = next((e.exact for e in result.slowest if e.exact is not None), None)
    text = "" if exact is None else terminal(exact)
    return text if 0 < len(text) <= LONGEST else None
