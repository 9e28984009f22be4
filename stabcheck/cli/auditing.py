"""`stabcheck audit`."""

from __future__ import annotations

import json
import math
import re
import textwrap
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stabcheck.cli.options import one_of
from stabcheck.cli.terminal import Exit, emit
from stabcheck.core.errors import BadInput
from stabcheck.core.finite import finite
from stabcheck.declare.combination import Assembly, Combination, assemble
from stabcheck.declare.question import Question
from stabcheck.report.page import page_width

if TYPE_CHECKING:
    from stabcheck.symbolic.spectrum import Factor, Roots
    from stabcheck.verify.audit import Audit, Check, Departure, FormulaAudit, Term

MARGIN, MOST_ROWS = 14, 12
# A product without a space, which may be broken behind a factor.
LONG_PRODUCT = re.compile(r"(\S{30,}?[^*\s])\*(?!\*)")


def audit(
    *,
    combination: Combination,
    given: Mapping[str, str],
    target: Annotated[
        str, typer.Argument(help="FILE.py:function, package.module:function, or FILE.toml", metavar="TARGET")
    ],
    format_: Annotated[str, typer.Option("--format", help="text, json")] = "text",
    seed: Annotated[int, typer.Option("--seed", help="Seed of the random points and values.")] = 0,
) -> None:
    """Hold a field or formulas typed by hand against what the losses of a game give.

    A function takes one argument per player, a number or an array, and hyperparameters by name:
    f(theta, psi, gamma). It returns one entry per player. Naming a function runs its file, and
    imports nothing else; the current folder is not added to the path.

    With a method, the function is its step, and takes and returns what the method remembers behind
    the players; around sga, lola and their like a function without a step size is the field that
    they follow.

    A TOML file has formulas under jacobian, eigenvalues, update_matrix and field.

    Exit code 0 if the two agree, 1 if not, 2 for bad input.

    Examples:

      stabcheck audit fields.py:consensus --reg consensus

      stabcheck audit steps.py:extragradient --method eg

      stabcheck audit formulas.toml --reg gp --gamma 1/2
    """
    one_of("format", format_, ("text", "json"))
    if seed < 0:
        raise BadInput(f"--seed must be a whole number from 0 on, not {seed}")
    from stabcheck.judge.equilibria import rested

    parts, asked = assemble(combination, given), rested(Question.of(combination, given))
    if target.endswith(".toml"):
        found = _formulas(target, asked, seed)
        shown = _formula_data(found) if format_ == "json" else "\n".join(_formula_text(found, parts, target))
    else:
        found = _function(target, asked, seed)
        shown = _data(found) if format_ == "json" else "\n".join(_text(found, parts, target))
    emit(shown if isinstance(shown, str) else json.dumps(shown, indent=2, allow_nan=False))
    if found.status != "agrees":
        raise typer.Exit(Exit.DISAGREES)


def _function(target: str, asked: Question, seed: int) -> Audit:
    from stabcheck.verify.audit import audit as audited
    from stabcheck.verify.audit import load

    return audited(asked.game, load(target), asked.values, operator=asked.method, seed=seed)


def _formulas(target: str, asked: Question, seed: int) -> FormulaAudit:
    from stabcheck.verify.audit import audit_formulas

    return audit_formulas(target, asked.game, asked.method, asked.values, seed=seed)


# Text


def _entry(title: str, *rows: str) -> Iterator[str]:
    for row in rows:
        yield from textwrap.wrap(
            LONG_PRODUCT.sub(r"\1* ", row),
            page_width(),
            initial_indent=f"{title:<{MARGIN}}",
            subsequent_indent=" " * (MARGIN + 2),
            break_on_hyphens=False,
        )
        title = ""


def _head(parts: Assembly, target: str) -> Iterator[str]:
    c = parts.combination
    named = [c.game, *filter(None, [c.loss]), *c.penalties]
    values = [f"{name} = {text}" for name, text in parts.given.items()]
    yield from _entry("yours", target)
    yield from _entry("right", " + ".join(named) + (f" at {', '.join(values)}" if values else ""))


def _text(found: Audit, parts: Assembly, target: str) -> Iterator[str]:
    yield from _head(parts, target)
    if parts.method not in ("flow", "map"):
        follows = ", the field that it follows" if found.kind == "field" else ""
        yield from _entry("method", f"{parts.method}{follows}")
    yield from _field_text(found)


def _field_text(found: Audit) -> Iterator[str]:
    compared = (
        f"at {found.points} random points, seed {found.seed} ({', '.join(found.witnesses)} {found.kind})"
    )
    resolved = found.taylor.resolved
    if found.status == "agrees":
        yield from _entry(found.kind, f"agrees {compared}; largest gap {found.gap:.2g} roundings")
        if resolved >= 0:
            yield from _entry("Taylor", f"coefficients at the equilibrium agree to degree {resolved}")
    else:
        yield from _entry(found.kind, f"departs {compared}")
        if found.convention:
            yield from _entry("convention", f"agrees at every point if {found.convention}")
        if found.within:
            nearest = f"departs least if {found.within}; what follows is told in that convention"
            yield from _entry("convention", nearest)
        yield from _entry("farthest", *map(_place, found.departures))
        if found.growth is not None:
            how = f"t^{found.growth:.3g} at the distance t from the equilibrium"
            yield from _entry("order", f"differs like {how}")
        yield from _terms(found)
        yield from _entry("consequence", found.consequence)
    yield from _entry("note", *found.notes)


def _place(departure: Departure) -> str:
    point = ", ".join(f"{name} = {value:.4g}" for name, value in departure.point.items())
    gap = f"{departure.gap:.2g} roundings" if math.isfinite(departure.gap) else "no number"
    return f"{departure.component} = {departure.yours:.8g}, right {departure.right:.8g} ({gap}) at {point}"


def _terms(found: Audit) -> Iterator[str]:
    resolved, degree, terms, spectra = found.taylor
    if degree is None:
        if resolved >= 0:
            yield from _entry("Taylor", f"coefficients at the equilibrium agree to degree {resolved}")
        return
    below = f"agree below degree {degree}; " if degree else ""
    yield from _entry("Taylor", f"coefficients at the equilibrium: {below}of degree {degree} differ")
    yield from _entry("", *map(_term, terms[:MOST_ROWS]))
    if len(terms) > MOST_ROWS:
        yield from _entry("", f"({len(terms) - MOST_ROWS} more; --format json prints them)")
    if values := terms[0].values:
        yield from _entry("", f"at {', '.join(f'{name} = {value}' for name, value in values.items())}")
    if spectra is not None:
        yours, right = (", ".join(map(_complex, row)) for row in spectra)
        yield from _entry("eigenvalues", f"yours {yours}", f"right {right}")


def _term(t: Term) -> str:
    from stabcheck.symbolic.printing import terminal

    right = _number(t.right_value) if t.right is None else terminal(t.right)
    value = "" if t.right is None or t.right.is_Rational else f" ({t.right_value:.6g})"
    monomial = "" if t.monomial == 1 else f"{terminal(t.monomial)}: "
    return f"{t.component}: {monomial}yours {_number(t.yours)}, right {right}{value}{_remark(t)}"


def _remark(t: Term) -> str:
    if t.right == 0:
        return "; the right field has no such term"
    words = {0: "missing", -1: "the sign is turned", Fraction(1, 2): "half of the right term"}
    words |= {2: "twice the right term", Fraction(-1, 2): "half of the right term, the sign turned"}
    if t.ratio is None:
        return ""
    return f"; {words.get(t.ratio, f'{t.ratio} of the right term')}"


def _number(value: float) -> str:
    """A number, with the simple fraction that it is if it is one."""
    simple = Fraction(value).limit_denominator(4096)
    if abs(value - simple) > 1e-9 * max(1.0, abs(value)):
        return f"{value:.6g}"
    return str(simple) if simple.denominator == 1 else f"{simple} ({float(simple):.6g})"


def _complex(z: complex) -> str:
    # Beyond twelve decimals there are roundings only; + 0.0 makes -0 a 0.
    real, imag = (round(part, 12) + 0.0 for part in (z.real, z.imag))
    return f"{real:.6g}" if imag == 0 else f"{real:.6g} {'+' if imag > 0 else '-'} {abs(imag):.6g}i"


def _formula_text(found: FormulaAudit, parts: Assembly, target: str) -> Iterator[str]:
    yield from _head(parts, target)
    yield from _entry("method", parts.method)
    for check in found.checks:
        yield from _check(check)
    if found.field is not None:
        yield from _field_text(found.field)


def _check(check: Check) -> Iterator[str]:
    from stabcheck.symbolic.printing import terminal
    from stabcheck.verify.audit.formulas import POINTS

    if check.status == "agrees":
        how = "for all values" if check.proved else f"at {POINTS} exact points"
        yield from _entry(check.key, f"agrees {how}")
        return
    yield from _entry(check.key, f"departs (compared at {POINTS} exact points)")
    for entry in check.wrong:
        right = "" if entry.right is None else f"; right {terminal(entry.right)}"
        yield from _entry("", f"wrong {entry.place}: {entry.yours}{right}")
    yield from _entry("", *filter(None, [check.missing]))
    if check.polynomial is not None:
        yield from _entry("polynomial", terminal(check.polynomial))
    yield from _entry("right", *(row for form in check.right for row in _roots(form)))


def _roots(form: Roots | Factor) -> Iterator[str]:
    from stabcheck.symbolic.printing import root_pairs, terminal
    from stabcheck.symbolic.spectrum import Factor

    if isinstance(form, Factor):
        yield f"roots of {terminal(form.polynomial)}"
    else:
        yield root_pairs(form, terminal, sign="±")
        yield from (f"with {letter} = {terminal(meaning)}" for letter, meaning in form.definitions)


# JSON


def _data(found: Audit) -> dict[str, Any]:
    resolved, degree, terms, spectra = found.taylor
    return {
        "status": found.status,
        "points": found.points,
        "seed": found.seed,
        "gap": finite(found.gap),
        "witnesses": list(found.witnesses),
        "kind": found.kind,
        "convention": found.convention or None,
        "within": found.within or None,
        "growth": found.growth,
        "resolved": resolved,
        "degree": degree,
        "departures": [{**vars(d), "gap": finite(d.gap), "yours": finite(d.yours)} for d in found.departures],
        "terms": [_term_data(t) for t in terms],
        "eigenvalues": spectra
        and {
            who: [{"re": z.real, "im": z.imag} for z in row]
            for who, row in zip(("yours", "right"), spectra, strict=True)
        },
        "consequence": found.consequence or None,
        "notes": list(found.notes),
    }


def _term_data(t: Term) -> dict[str, Any]:
    from stabcheck.symbolic.printing import code

    return {
        **vars(t),
        "monomial": code(t.monomial),
        "right": None if t.right is None else code(t.right),
        "values": {name: str(value) for name, value in t.values.items()},
        "ratio": None if t.ratio is None else str(t.ratio),
    }


def _formula_data(found: FormulaAudit) -> dict[str, Any]:
    return {
        "status": found.status,
        "checks": [_check_data(check) for check in found.checks],
        "field": None if found.field is None else _data(found.field),
    }


def _check_data(check: Check) -> dict[str, Any]:
    from stabcheck.symbolic.printing import code

    return {
        "key": check.key,
        "status": check.status,
        "proved": check.proved,
        "wrong": [{**vars(e), "right": None if e.right is None else code(e.right)} for e in check.wrong],
        "missing": check.missing or None,
        "polynomial": None if check.polynomial is None else code(check.polynomial),
        "right": [row for form in check.right for row in _roots(form)],
    }
