"""`stabcheck audit`."""

from __future__ import annotations

import json
import math
import re
import textwrap
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stabcheck.cli.options import one_of
from stabcheck.cli.terminal import Exit, emit
from stabcheck.core.errors import BadInput
from stabcheck.core.finite import finite
from stabcheck.declare.combination import Combination, assemble
from stabcheck.declare.question import Question
from stabcheck.report.page import page_width
from stabcheck.study.row import part_names

if TYPE_CHECKING:
    from stabcheck.symbolic.spectrum import Factor, Roots
    from stabcheck.verify.audit import Audit, Check, Departure, Entry, FormulaAudit, Term

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

    asked = Question.of(combination, given)
    head = _head(asked, assemble(combination, given).given, target)
    if target.endswith(".toml"):
        result = _formulas(target, rested(asked), seed)
        data, lines = partial(_formula_data, result), _formula_text(result, asked.chain)
    else:
        result = _function(target, rested(asked), seed)
        data, lines = partial(_data, result), _text(result, asked.chain)
    if format_ == "json":
        emit(json.dumps(data(), indent=2, allow_nan=False))
    else:
        emit("\n".join([*head, *lines]))
    if result.status != "agrees":
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


def _head(asked: Question, typed: Mapping[str, str], target: str) -> Iterator[str]:
    parts = part_names(asked)
    named = [parts["game"], *filter(None, [parts["loss"]]), *parts["penalties"]]
    values = [f"{name} = {text}" for name, text in typed.items()]
    yield from _entry("yours", target)
    yield from _entry("right", " + ".join(named) + (f" at {', '.join(values)}" if values else ""))


def _text(result: Audit, chain: str) -> Iterator[str]:
    if chain not in ("flow", "map"):
        follows = ", the field that it follows" if result.kind == "field" else ""
        yield from _entry("method", f"{chain}{follows}")
    yield from _field_text(result)


def _field_text(result: Audit) -> Iterator[str]:
    compared = (
        f"at {result.points} random points, seed {result.seed} ({', '.join(result.witnesses)} {result.kind})"
    )
    resolved = result.taylor.resolved
    if result.status == "agrees":
        yield from _entry(result.kind, f"agrees {compared}; largest gap {result.gap:.2g} roundings")
        if resolved >= 0:
            yield from _entry("Taylor", f"coefficients at the equilibrium agree to degree {resolved}")
    else:
        yield from _entry(result.kind, f"departs {compared}")
        if result.convention:
            yield from _entry("convention", f"agrees at every point if {result.convention}")
        if result.within:
            nearest = f"departs least if {result.within}; what follows is told in that convention"
            yield from _entry("convention", nearest)
        yield from _entry("farthest", *map(_place, result.departures))
        if result.growth is not None:
            how = f"t^{result.growth:.3g} at the distance t from the equilibrium"
            yield from _entry("order", f"differs like {how}")
        yield from _terms(result)
        yield from _entry("consequence", result.consequence)
    yield from _entry("note", *result.notes)


def _place(departure: Departure) -> str:
    point = ", ".join(f"{name} = {value:.4g}" for name, value in departure.point.items())
    gap = f"{departure.gap:.2g} roundings" if math.isfinite(departure.gap) else "no number"
    return (
        f"{departure.component} = {departure.yours:.8g}, right {departure.reference:.8g} ({gap}) at {point}"
    )


def _terms(result: Audit) -> Iterator[str]:
    resolved, degree, terms, spectra = result.taylor
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
        yours, reference = (", ".join(map(_complex, row)) for row in spectra)
        yield from _entry("eigenvalues", f"yours {yours}", f"right {reference}")


def _term(t: Term) -> str:
    from stabcheck.symbolic.printing import terminal

    reference = _number(t.reference_value) if t.reference is None else terminal(t.reference)
    value = "" if t.reference is None or t.reference.is_Rational else f" ({t.reference_value:.6g})"
    monomial = "" if t.monomial == 1 else f"{terminal(t.monomial)}: "
    return f"{t.component}: {monomial}yours {_number(t.yours)}, right {reference}{value}{_remark(t)}"


def _remark(t: Term) -> str:
    if t.reference == 0:
        return "; the right field has no such term"
    remarks = {0: "missing", -1: "the sign is turned", Fraction(1, 2): "half of the right term"}
    remarks |= {2: "twice the right term", Fraction(-1, 2): "half of the right term, the sign turned"}
    if t.ratio is None:
        return ""
    return f"; {remarks.get(t.ratio, f'{t.ratio} of the right term')}"


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


def _formula_text(result: FormulaAudit, chain: str) -> Iterator[str]:
    yield from _entry("method", chain)
    for check in result.checks:
        yield from _check(check)
    if result.field is not None:
        yield from _field_text(result.field)


def _check(check: Check) -> Iterator[str]:
    from stabcheck.symbolic.printing import terminal
    from stabcheck.verify.audit.formulas import POINTS

    if check.status == "agrees":
        how = "for all values" if check.proved else f"at {POINTS} exact points"
        yield from _entry(check.key, f"agrees {how}")
        return
    yield from _entry(check.key, f"departs (compared at {POINTS} exact points)")
    for entry in check.wrong:
        reference = "" if entry.reference is None else f"; right {terminal(entry.reference)}"
        yield from _entry("", f"wrong {entry.place}: {entry.yours}{reference}")
    yield from _entry("", *filter(None, [check.missing]))
    if check.polynomial is not None:
        yield from _entry("polynomial", terminal(check.polynomial))
    yield from _entry("right", *(row for form in check.reference for row in _roots(form)))


def _roots(form: Roots | Factor) -> Iterator[str]:
    from stabcheck.symbolic.printing import root_pairs, terminal
    from stabcheck.symbolic.spectrum import Factor

    if isinstance(form, Factor):
        yield f"roots of {terminal(form.polynomial)}"
    else:
        yield root_pairs(form, terminal, sign="±")
        yield from (f"with {letter} = {terminal(meaning)}" for letter, meaning in form.definitions)


# JSON


def _data(result: Audit) -> dict[str, Any]:
    resolved, degree, terms, spectra = result.taylor
    return {
        "status": result.status,
        "points": result.points,
        "seed": result.seed,
        "gap": finite(result.gap),
        "witnesses": list(result.witnesses),
        "kind": result.kind,
        "convention": result.convention or None,
        "within": result.within or None,
        "growth": result.growth,
        "resolved": resolved,
        "degree": degree,
        "departures": [_departure_data(d) for d in result.departures],
        "terms": [_term_data(t) for t in terms],
        "eigenvalues": spectra
        and {
            who: [{"re": z.real, "im": z.imag} for z in row]
            for who, row in zip(("yours", "right"), spectra, strict=True)
        },
        "consequence": result.consequence or None,
        "notes": list(result.notes),
    }


def _departure_data(d: Departure) -> dict[str, Any]:
    return {
        "component": d.component,
        "gap": finite(d.gap),
        "point": d.point,
        "yours": finite(d.yours),
        "right": d.reference,
    }


def _term_data(t: Term) -> dict[str, Any]:
    from stabcheck.symbolic.printing import code

    return {
        "component": t.component,
        "monomial": code(t.monomial),
        "yours": t.yours,
        "right": None if t.reference is None else code(t.reference),
        "right_value": t.reference_value,
        "values": {name: str(value) for name, value in t.values.items()},
        "ratio": None if t.ratio is None else str(t.ratio),
    }


def _formula_data(result: FormulaAudit) -> dict[str, Any]:
    return {
        "status": result.status,
        "checks": [_check_data(check) for check in result.checks],
        "field": None if result.field is None else _data(result.field),
    }


def _check_data(check: Check) -> dict[str, Any]:
    from stabcheck.symbolic.printing import code

    return {
        "key": check.key,
        "status": check.status,
        "proved": check.proved,
        "wrong": [_entry_data(e) for e in check.wrong],
        "missing": check.missing or None,
        "polynomial": None if check.polynomial is None else code(check.polynomial),
        "right": [row for form in check.reference for row in _roots(form)],
    }


def _entry_data(e: Entry) -> dict[str, Any]:
    from stabcheck.symbolic.printing import code

    return {"place": e.place, "yours": e.yours, "right": None if e.reference is None else code(e.reference)}
