"""A derivation as text, in Markdown and for notebooks."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from html import escape as entities
from typing import TYPE_CHECKING

import sympy as sp

from stabcheck.core.errors import StabcheckError
from stabcheck.core.visible import visible
from stabcheck.judge.derivation.data import Derivation, Equation, Sentence, Source, Step
from stabcheck.judge.record import Record, Written
from stabcheck.judge.summary import hyperparameters, setting_of, title
from stabcheck.report.floats import twelve
from stabcheck.report.latex import RELATIONS, Setter, environment, rows
from stabcheck.report.page import page_width
from stabcheck.symbolic.printing import terminal

if TYPE_CHECKING:
    from stabcheck.judge.analysis import Analysis

SIGNS = {"=": "=", ">": ">", "->": ":=", "~": "≈"}
SAFE = str.maketrans({c: f"\\{c}" for c in "\\`*_[]<>#$|~"})


def escape(text: str) -> str:
    """Words that HTML shows as they are."""
    return entities(visible(text))


# Text


def text(derivation: Derivation) -> str:
    """The steps for a terminal, nothing left out."""
    blocks = [derivation.title, *("\n".join(_block(k, step)) for k, step in enumerate(derivation.steps, 1))]
    return visible("\n\n".join(blocks))


def _block(number: int, step: Step) -> Iterator[str]:
    yield f"{number}. {step.title}"
    for sentence in step.says:
        yield from _wrapped("".join(_word(piece) for piece in sentence), "   ", "   ")
    for e in step.equations:
        note = f"   ({e.note})" if e.note else ""
        line = f"{terminal(e.lhs)} {SIGNS[e.relation]} {_rhs(e.rhs)}{note}"
        yield from _wrapped(line, "       ", "           ")


def _wrapped(line: str, first: str, then: str) -> Iterator[str]:
    yield from textwrap.wrap(
        line, page_width(), initial_indent=first, subsequent_indent=then, break_on_hyphens=False
    )


def _word(piece: str | sp.Basic | Source) -> str:
    if isinstance(piece, Source):
        return f"[{piece.text}]"
    return piece if isinstance(piece, str) else terminal(piece)


def _rhs(e: sp.Basic) -> str:
    if isinstance(e, sp.MatrixBase):
        return f"[{'; '.join(', '.join(map(terminal, row)) for row in e.tolist())}]"
    return terminal(e)


# Markdown


def markdown(derivation: Derivation) -> str:
    """The steps in Markdown, formulas in LaTeX between dollar signs."""
    return "\n\n".join(_markdown(derivation))


def _markdown(derivation: Derivation) -> Iterator[str]:
    setter = Setter(derivation)
    yield f"# {safe(derivation.title)}"
    for number, step in enumerate(derivation.steps, 1):
        yield f"## {number}. {safe(step.title)}"
        yield from (_sentence(sentence, setter) for sentence in step.says)
        yield from displayed(derivation, step)


def safe(text: str) -> str:
    """Text that Markdown shows as it is."""
    return visible(text.translate(SAFE))


def _sentence(sentence: Sentence, setter: Setter) -> str:
    return "".join(_shown(piece, setter) for piece in sentence)


def _shown(piece: str | sp.Basic | Source, setter: Setter) -> str:
    if isinstance(piece, str):
        return safe(piece)
    return safe(f"[{piece.text}]") if isinstance(piece, Source) else f"${setter.write(piece)}$"


def displayed(derivation: Derivation, step: Step) -> Iterator[str]:
    """The equations of a step between double dollar signs, aligned."""
    if step.equations:
        yield f"$$\n{environment(rows(derivation, step.equations)).replace('align*', 'aligned')}\n$$"


# Notebooks


def html(derivation: Derivation) -> str:
    """A table with a row for each step."""
    setter = Setter(derivation)
    body = "".join(
        f"<tr><th>{escape(step.title)}</th><td>{_cell(step, setter)}</td></tr>" for step in derivation.steps
    )
    return f"<table><caption>{escape(derivation.title)}</caption><tbody>{body}</tbody></table>"


def _cell(step: Step, setter: Setter) -> str:
    sentences = ("".join(_html(piece, setter) for piece in sentence) for sentence in step.says)
    return "<br>".join([*sentences, *(_inline(e, setter) for e in step.equations)])


def _html(piece: str | sp.Basic | Source, setter: Setter) -> str:
    if isinstance(piece, sp.Basic):
        return escape(f"${setter.write(piece)}$")
    # A dollar sign in words would begin a formula.
    return escape(_word(piece)).replace("$", "<span>$</span>")


def _inline(e: Equation, setter: Setter) -> str:
    return cell(_formula(e, setter), e.note)


def _formula(e: Equation, setter: Setter) -> str:
    return f"{setter.write(e.lhs)} {RELATIONS[e.relation]} {setter.write(e.rhs)}"


def cell(tex: str, note: str) -> str:
    """A formula within HTML, with the words behind it."""
    return escape(rf"$\displaystyle {tex}$") + (f" ({escape(note)})" if note else "")


def display(derivation: Derivation) -> str:
    """All equations as one formula."""
    return _aligned(rows(derivation, derivation.equations))


def _aligned(lines: list[str]) -> str:
    body = environment(lines).replace("align*", "aligned")
    return rf"$\displaystyle {body}$"


# What a result shows of itself


def one_line(result: Analysis) -> str:
    """`<Analysis dirac + gp under altgd at gamma = 1, h = 1/10: stable>`."""
    try:
        given = ", ".join(f"{name} = {value}" for name, value in hyperparameters(result).items())
        return visible(f"<Analysis {_brief(result)}{f' at {given}' if given else ''}: {result.verdict}>")
    except StabcheckError as refusal:
        return visible(f"<Analysis {result.game.label} under {result.operator.chain}: {refusal}>")


def _brief(result: Analysis) -> str:
    """The title, without a loss that the game has anyway."""
    setting = setting_of(result)
    usual = getattr(type(setting.game)(), "loss", None)
    plain = setting.loss is not None and usual is not None and setting.loss.name == usual.name
    return (
        title(result).replace(f" ({setting.loss.label})", "", 1) if plain and setting.loss else title(result)
    )


def eigenvalues_only(result: Analysis) -> str | None:
    """The formulas of the eigenvalues; none where there are none."""
    step = result.derivation.step("eigenvalues")
    return None if step is None else _aligned(rows(result.derivation, step.equations))


def formulas(result: Analysis) -> tuple[Written, ...]:
    """Every formula of the derivation in TeX, for the record."""
    derivation = result.derivation
    setter, general = Setter(derivation), derivation.general
    return tuple(
        Written(
            step.title,
            step in general,
            tuple((_formula(e, setter), e.note) for e in step.equations),
            "".join(displayed(derivation, step)) if step in general else "",
        )
        for step in derivation.steps
    )


SHOWN = ("eigenvalues", "criterion", "criterion there", "spectrum")
"""The steps of which a notebook shows the formulas."""


def compact(record: Record) -> str:
    """A table of game, method, values, verdict and what it rests on."""
    data = record.data
    given = ", ".join(f"{name} = {value}" for name, value in data.get("hyperparameters", {}).items())
    shown = [("combination", escape(record.title)), ("at", escape(given))]
    steps = {step.title: step for step in record.steps}
    shown += [(n, "<br>".join(cell(*line) for line in steps[n].lines)) for n in SHOWN if n in steps]
    if not steps:
        shown.append(("eigenvalues", "<br>".join(twelve(e) for _, e, _ in record.spectrum)))
    verdict = data.get("verdict", record.kind)
    shown.append(("verdict", f"<b>{escape(verdict)}</b>: {escape(record.outline.reason)}"))
    shown.append(("caveat", escape(" ".join(record.caveats))))
    body = "".join(f"<tr><th>{name}</th><td>{text}</td></tr>" for name, text in shown if text)
    return f"<table><tbody>{body}</tbody></table>"
