"""A result for people in a terminal."""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import sympy as sp
from flint import arb

from stabcheck.core.stability import Disc
from stabcheck.core.visible import visible
from stabcheck.declare.methods.method import Operator
from stabcheck.judge.pace import Pace, pace
from stabcheck.judge.summary import (
    IN_BINARY,
    caveats,
    conventions,
    directions,
    hyperparameters,
    mean_values,
    multiplicity,
    per_cycle,
    signs,
    stretches,
    summary,
)
from stabcheck.literature.claim import BY_HAND
from stabcheck.report.answer import answer
from stabcheck.report.page import aligned, page_width
from stabcheck.symbolic.balls import nearest
from stabcheck.symbolic.exact import MANIFOLD, Eigenvalue
from stabcheck.symbolic.printing import inequality, root_pairs, terminal
from stabcheck.symbolic.settling import never
from stabcheck.symbolic.spectrum import Factor, Roots

if TYPE_CHECKING:
    from stabcheck.judge.analysis import Analysis
    from stabcheck.judge.verification import Verification

NOT_PROVED = "nothing contradicts it, and it is taken to rest"
LONGEST = 480
LONGEST_POLYNOMIAL = LONGEST_CONDITION = 1_000
"""What decides is shown up to these lengths; a condition that follows from another one as other formulas."""
LONGEST_NUMBER = 160
MOST_ROWS = 16
BRIEF = 66
"""Statements up to this length take no more room than their source."""
APART = ", not felt by the players"
# A product without a space, which may be broken behind a factor.
LONG_PRODUCT = re.compile(r"(\S{30,}?[^*\s])\*(?!\*)")


def plain(result: Analysis, verification: Verification | None = None) -> str:
    """The whole report: the answer in a sentence, then formulas and numbers, then how we know."""
    return _report(result, [*_trust(verification), *_provenance(result)])


def brief(result: Analysis, verification: Verification | None = None) -> str:
    """The same with the sources of what is known alone, and without the convention."""
    return _report(result, [*_trust(verification), *_sources(result)])


def _report(result: Analysis, trust: Iterable[Iterator[str]]) -> str:
    blocks = [
        iter(textwrap.wrap(answer(result, _decay(result)), page_width(), break_on_hyphens=False)),
        iter([""]),
        *(_entry(title, [text]) for title, text in summary(result)),
        *_general(result),
        *_here(result),
        *trust,
    ]
    return visible("\n".join(line for block in blocks for line in block))


def _entry(title: str, rows: Iterable[str]) -> Iterator[str]:
    """A title in the margin, and rows beside it, wrapped."""
    for row in rows:
        yield from textwrap.wrap(
            LONG_PRODUCT.sub(r"\1* ", row),
            page_width(),
            initial_indent=f"{title:<14}",
            subsequent_indent=" " * 18,
            break_on_hyphens=False,
        )
        title = ""


def _shown(text: str, longest: int = LONGEST) -> str:
    """The text, or where to find it if nobody would read it here."""
    if len(text) <= longest:
        return text
    return f"({len(text)} characters; --format json prints them)"


def _first(rows: Iterable[str]) -> Iterator[str]:
    """The first rows, and how many more there are."""
    listed = list(rows)
    yield from listed[:MOST_ROWS]
    if len(listed) > MOST_ROWS:
        yield f"({len(listed) - MOST_ROWS} more; --format json prints them)"


def _field(result: Analysis, names: Sequence[str]) -> Iterator[str]:
    """The field, or the map that is given, coordinate by coordinate."""
    if result.image is not None:
        images = zip(names, result.image, strict=True)
        return _entry("map", _first(f"{name}+ = {_shown(terminal(e))}" for name, e in images))
    field = zip(names, result.vector_field, strict=True)
    return _entry("vector field", _first(f"v_{name} = {_shown(terminal(e))}" for name, e in field))


def _general(result: Analysis) -> Iterator[Iterator[str]]:
    names = [terminal(s) for s in result.model.coordinates]
    yield _field(result, names)
    equilibrium = ", ".join(terminal(e) for e in result.model.equilibrium)
    yield _entry("equilibrium", [_shown(f"({', '.join(names)}) = ({equilibrium})")])
    yield from _reserves(result)
    if result.manifold:
        yield _entry("manifold", [directions(result, terminal)])
    if result.jacobian is not None and result.image is None:
        yield _grid("Jacobian", result.jacobian)
    if result.update_matrix is not None:
        yield _grid("update matrix", result.update_matrix)
    if result.flow_matrix is not None and result.flow_matrix != result.jacobian:
        yield _grid("flow matrix", result.flow_matrix)
    if result.spectral_map is not None:
        phi = _shown(terminal(result.spectral_map))
        yield _entry("spectral map", [f"{phi} = 0 at each eigenvalue {result.letters.mu} of the Jacobian"])
    if result.means:
        yield _entry("means", (f"{name} = {terminal(mean)}" for name, mean in result.means.items()))
    if result.without_formulas:
        yield _entry("no formulas", [result.without_formulas])
    if result.closed_form is not None:
        players = result.closed_form[: len(result.closed_form) - len(result.memory_form)]
        yield _entry("eigenvalues", _formulas(players, result.letters.z))
        yield _entry("memory", _formulas(result.memory_form, result.letters.z, APART))
    if result.factors is not None:
        yield _stable_iff(result, result.conditions)


def _reserves(result: Analysis) -> Iterator[Iterator[str]]:
    """What was read or seen and is not proved."""
    if result.model.ops.floats:
        yield _entry("floats", [f"{', '.join(result.model.ops.floats)}: {IN_BINARY}"])
    if result.doubts:
        yield _entry("at rest", [f"{', '.join(result.doubts)}: {NOT_PROVED}"])


def _formulas(forms: Iterable[Roots | Factor], z: sp.Symbol, note: str = "") -> Iterator[str]:
    for form in forms:
        if isinstance(form, Factor):
            text, definitions = f"roots of {_polynomial(form)}", ()
        else:
            text, definitions = _roots(form, z), form.definitions
        times = "each " if isinstance(form, Roots) and form.outside != 0 else ""
        yield f"{text}   ({times}{multiplicity(form.multiplicity)}{note})"
        yield from (f"with {letter} = {terminal(meaning)}" for letter, meaning in definitions)


def _roots(form: Roots, z: sp.Symbol) -> str:
    """The roots in full; where that is long, their polynomial, which is shorter."""
    text = root_pairs(form, terminal, sign="±")
    if form.outside == 0 or len(text) <= LONGEST:
        return _shown(text)
    middle, last = sp.expand(-2 * form.centre), sp.expand(form.centre**2 - form.outside**2 * form.inside)
    polynomial = terminal(z**2 + middle * z + last)
    return f"roots of {polynomial}" if len(polynomial) <= LONGEST_POLYNOMIAL else _shown(text)


def _polynomial(factor: Factor) -> str:
    """It in full, or its degree and where to find it."""
    text = terminal(factor.polynomial)
    if len(text) <= LONGEST_POLYNOMIAL:
        return text
    return f"a polynomial of degree {factor.degree} ({len(text)} characters; --format json prints it)"


def _conditions(
    conditions: Sequence[sp.Expr] | None, follow: Collection[sp.Expr], still: Iterable[str]
) -> Iterator[str]:
    """Long ones from the shortest that does not follow from others, which is shown in full.

    Args:
        conditions: `None` where they are too long.
        follow: those that follow from others.
        still: the names without a value.
    """
    if conditions is None:
        names = ", ".join(still)
        yield f"(too long to write; {f'give values of {names}' if names else 'the verdict is below'})"
        return
    texts = {c: inequality(c, terminal) for c in conditions}
    if any(len(text) > page_width() for text in texts.values()):
        texts = dict(sorted(texts.items(), key=lambda pair: (pair[0] in follow, len(pair[1]))))
    for k, (c, text) in enumerate(texts.items()):
        note = "   (never)" if never(c) else "   (follows)" if c in follow else ""
        longest = LONGEST if c in follow else LONGEST_CONDITION
        yield (_shown(text, longest) if k else text) + note
    if not texts:
        yield "always"


def _stable_iff(result: Analysis, conditions: Sequence[sp.Expr] | None) -> Iterator[str]:
    still = [name for name in result.names if name not in result.values]
    rows = _conditions(conditions, result.implied(conditions or ()), still)
    return _entry("stable iff", rows)


def _grid(title: str, matrix: sp.Matrix) -> Iterator[str]:
    """The matrix in aligned columns; its entries other than 0 one by one where it is too wide."""
    cells = [[terminal(e) for e in row] for row in matrix.tolist()]
    lines = aligned(cells, ">")
    if len(lines[0]) + 18 <= page_width():
        for line in lines:
            yield f"{title:<14}[ {line} ]"
            title = ""
        return
    entries = (
        f"({i + 1}, {j + 1}) = {_shown(cell)}"
        for i, row in enumerate(cells)
        for j, cell in enumerate(row)
        if cell != "0"
    )
    yield from _entry(title, ["entries other than 0:", *_first(entries)])


def _here(result: Analysis) -> Iterator[Iterator[str]]:
    given = [f"{name} = {value}" for name, value in hyperparameters(result).items()]
    slopes = [
        f"{terminal(s)} = {terminal(result.germ[s.name])}"
        for s in result.model.germ_symbols
        if not result.germ[s.name].free_symbols
    ]
    slopes += [f"{s} = {ball}" for s, ball in mean_values(result).items()]
    yield iter([""])
    if given or slopes:
        yield _entry("at", [", ".join([*given, *slopes])])
    if result.eigenvalues is not None:
        yield _entry("eigenvalues", _first(_eigenvalue(e) for e in result.eigenvalues))
        yield _entry("memory", _first(_remembered(e) for e in result.memory or ()))
    elif result.conditions_here not in (None, result.conditions):
        yield _stable_iff(result, result.conditions_here)
    if where := stretches(result, terminal):
        yield _entry("that is", [f"stable iff {where}"])
    if result.rate is not None:
        name = result.region.rate_name.removeprefix("spectral ")
        yield _entry(name, [_rate(result), *_pace(result)])
    yield _entry("verdict", [f"{result.verdict}: {result.finding.reason}"])
    if result.finding.classification:
        yield _entry("", [result.finding.classification])
    yield _entry("caveat", caveats(result))


def _rate(result: Analysis) -> str:
    place, text = result.slowest[0].place, _size(result)
    if place == "boundary":
        text = str(result.region.level)
    elif result.discrete and text == "1":
        text = f"just {'below' if place == 'inside' else 'above'} 1"
    if result.operator.period > 1:
        return _per_cycle(result, text)
    return f"{text}   ({_decay(result, 'this factor')})" if result.verdict == "stable" else text


def _decay(result: Analysis, factor: str = "") -> str:
    """How errors die away, in words; empty where they do not, or where that is not known.

    Args:
        result: what was found.
        factor: what to call the factor per step; by default its number.
    """
    if result.verdict != "stable" or not result.eigenvalues:
        return ""
    text = _size(result)
    if text == "0" and result.discrete:
        return "errors are gone after a few steps"
    slow = ", up to a power of time" if any(e.defective for e in result.slowest) else ""
    if not result.discrete:
        return f"errors decay like exp({text} t){slow}"
    each = "cycle" if result.operator.period > 1 else "step"
    return f"errors shrink by {factor or _factor(text)} per {each}{slow}"


def _pace(result: Analysis) -> Iterator[str]:
    """How long errors take to be halved, and to lose a digit."""
    if (paced := pace(result)) is not None:
        yield pace_in_words(paced, result.operator)


def pace_in_words(paced: Pace, operator: Operator) -> str:
    """How long errors take to be halved, and to lose a digit, in steps, cycles of them or time."""
    discrete = isinstance(operator.region, Disc)
    unit = " time units" if not discrete else " cycles" if operator.period > 1 else " steps"
    return f"halved every {paced.half:.3g}{unit}, a decimal digit every {paced.digit:.3g}"


def _size(result: Analysis) -> str:
    """The radius or abscissa."""
    return _decimal(result.region.size(result.slowest[0].ball))


def _factor(text: str) -> str:
    return f"the factor {text}" if text != "1" else "a factor just below 1"


def _per_cycle(result: Analysis, text: str) -> str:
    whole = f"{text}{per_cycle(result)}"
    each = result.radius_per_step
    return whole if each in (None, 0, 1) or not math.isfinite(each) else f"{whole}, {each:.12g} per step"


def _decimal(ball: arb) -> str:
    """Twelve digits; the ball's own decimals where float64 overflows."""
    value = nearest(ball)
    return f"{value:.12g}" if math.isfinite(value) else ball.str(12, radius=False)


def _eigenvalue(e: Eigenvalue) -> str:
    number = _decimal(e.ball.real)
    if not e.is_real:
        sign = "+" if e.value.imag >= 0 else "-"
        number = f"{number} {sign} {_decimal(abs(e.ball.imag))}i"
    exact, where = "" if e.exact is None else terminal(e.exact), ""
    if len(exact) > LONGEST_NUMBER:
        exact, where = "", ", exactly by --format json"
    shown = f"{exact} = {number}" if exact not in ("", number) else number
    where += ", along the manifold" if e.place == MANIFOLD else ""
    return f"{shown}   ({multiplicity(e.multiplicity)}{where})"


def _remembered(e: Eigenvalue) -> str:
    return f"{_eigenvalue(e)[:-1]}, modulus {_decimal(abs(e.ball))}{APART})"


def _trust(verification: Verification | None) -> Iterator[Iterator[str]]:
    yield iter([""])
    if verification is not None:
        yield _entry("verification", [verification_line(verification)])


def _provenance(result: Analysis) -> Iterator[Iterator[str]]:
    """What is known, in its own words, and the convention."""
    yield _entry("known", (f"{c.text} [{c.source}]" for c in result.claims))
    yield _entry("convention", [conventions(result)])


def _sources(result: Analysis) -> Iterator[Iterator[str]]:
    """Where it is known from; short statements in full, and all where nothing else was found."""
    bare = result.closed_form is None and result.eigenvalues is None
    stated = [f"{c.text} [{c.source}]" for c in result.claims]
    rows = [row for row in stated if bare or len(row) <= BRIEF]
    others = dict.fromkeys(
        source
        for c, row in zip(result.claims, stated, strict=True)
        if row not in rows
        for source in c.source.split("; ")
    )
    published = [source for source in others if source not in BY_HAND]
    yield _entry("known", [*rows, *(["; ".join(published) or BY_HAND] if others else [])])
    yield _entry("convention", [f"{signs(result).rpartition('; ')[2]} (--full tells all)"])


def verification_line(v: Verification) -> str:
    """Status, witnesses and gaps in one sentence."""
    text = f"{v.status} ({', '.join(v.witnesses)})"
    if v.matrix_gap is not None and v.polynomial_gap is not None:
        text += (
            f" at {v.points} points, seed {v.seed}: matrix gap {v.matrix_gap:.2g}, polynomial gap"
            f" {v.polynomial_gap:.2g} roundings"
        )
    return text if v.reason == "all witnesses agree" else f"{text}: {v.reason}"
