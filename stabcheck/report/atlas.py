"""The atlas for people, for papers and for other programs; every view holds the same rows."""

from __future__ import annotations

import csv
import io
import json
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Any

from stabcheck.core.stability import Disc
from stabcheck.core.visible import visible
from stabcheck.report import comparison
from stabcheck.report.edge import factor
from stabcheck.report.escape import escaped, tabular
from stabcheck.report.html import table as html_table
from stabcheck.report.page import aligned, page_width
from stabcheck.study.row import FIELDS, SCHEMA, Row

if TYPE_CHECKING:
    from stabcheck.study.compare import Cell, Comparison
    from stabcheck.study.convergence import Answer

REFUSED = "(no formulas)"


def title(row: Row) -> str:
    """The game with its loss and penalties."""
    return " + ".join([f"{row.game} ({row.loss})" if row.loss else row.game, *row.penalties])


def _groups(rows: Sequence[Row]) -> Iterator[tuple[str, list[Row]]]:
    for name, group in groupby(rows, key=title):
        yield name, list(group)


POWER = re.compile(r"e([+-]\d+)")


def number(row: Row) -> str:
    """Radius or abscissa to six digits, a radius beside 1 as `1 - 4.0e-08`; `-` where there is none."""
    if row.number is None:
        return "-"
    return factor(row.number, row.verdict, 6) if isinstance(row.region, Disc) else f"{row.number:.6g}"


def values(row: Row) -> str:
    """The values at which the number is taken."""
    return ", ".join(f"{name} = {value}" for name, value in row.values.items())


def times(count: int) -> str:
    """What is written behind a formula for its multiplicity."""
    return f" (x{count})" if count > 1 else ""


def eigenvalues(row: Row) -> str:
    """All of them in one line."""
    if row.eigenvalues is None:
        return REFUSED
    return "; ".join(e.text + times(e.multiplicity) for e in row.eigenvalues)


def conditions(row: Row) -> str:
    """All of them in one line."""
    if row.conditions is None:
        return ""
    return " and ".join(c.text for c in row.conditions) or "always"


LATEX_COLUMNS = r"@{}p{7em}p{0.83\linewidth}@{}"
LEGEND = (
    "verdict and spectral radius (for a flow the spectral abscissa) at typical values",
    "eigenvalues in general, f'(0) and f''(0) being the slopes of the loss; x2 means twice each",
    "conditions and the verdict in general for the loss of the heading",
    "stable iff, and the least rate, over the step size or the first name, at the values in brackets",
)


def plain(rows: Sequence[Row]) -> str:
    """Grouped by game, a block per method, as wide as the page."""
    return visible("\n".join(_text(rows)))


def _text(rows: Sequence[Row]) -> Iterator[str]:
    for name, group in _groups(rows):
        yield from (name, "-" * len(name))
        for row in group:
            line = f"{row.method:<20} {row.verdict:<22} {number(row)}".rstrip()
            yield from textwrap.wrap(line, page_width(), subsequent_indent="  ", break_on_hyphens=False)
            yield from (line for head, text in _details(row) for line in _wrapped(head, text))
        yield ""
    for line in LEGEND:
        yield from textwrap.wrap(line, page_width(), subsequent_indent="  ")


def _details(row: Row) -> Iterator[tuple[str, str]]:
    if row.number is None:
        yield "why", row.reason
    if row.values and row.number is not None:
        yield "at", values(row)
    if row.eigenvalues is not None:
        yield "eigenvalues", eigenvalues(row)
    if row.number is not None:
        yield "in general", f"{row.general}: {row.general_reason}"
    if row.conditions and row.general == "depends":
        yield "conditions", conditions(row)
    if row.threshold:
        yield "stable iff", row.threshold
    if row.optimum:
        yield "fastest", row.optimum
    if row.sources:
        yield "source", "; ".join(row.sources)


def _wrapped(head: str, text: str) -> list[str]:
    return textwrap.wrap(
        text, page_width(), initial_indent=f"  {head:<12}", subsequent_indent=" " * 14, break_on_hyphens=False
    )


COLUMNS: tuple[tuple[str, Callable[[Row], str]], ...] = (
    ("method", lambda row: row.method),
    ("verdict", lambda row: row.verdict),
    ("number", number),
    ("at", values),
    ("eigenvalues", eigenvalues),
    ("in general", lambda row: row.general),
    ("threshold", lambda row: row.threshold),
    ("optimum", lambda row: row.optimum),
    ("source", lambda row: "; ".join(row.sources)),
)


def markdown(rows: Sequence[Row]) -> str:
    """A table per game; formulas as plain text in code."""
    return visible("\n".join(_markdown(rows)))


def _markdown(rows: Sequence[Row]) -> Iterator[str]:
    for name, group in _groups(rows):
        yield from (f"### {_bare(name)}", "")
        yield from markdown_table([title for title, _ in COLUMNS], (map(_cell, _cells(row)) for row in group))
        yield ""
    yield from (f"- {_bare(line)}" for line in LEGEND)


def _cells(row: Row) -> list[tuple[str, str]]:
    return [(title, write(row)) for title, write in COLUMNS]


def _cell(entry: tuple[str, str]) -> str:
    head, text = entry
    formula = head in ("eigenvalues", "at", "method", "threshold", "optimum") and text not in ("", REFUSED)
    return f"`{_code(text)}`" if formula else _bare(text)


def _code(text: str) -> str:
    return text.replace("`", "'").replace("|", r"\|")


def _bare(text: str) -> str:
    return "".join("\\" + letter if letter in "\\`*_|<>[]#~" else letter for letter in text)


def markdown_table(heads: Sequence[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """A pipe table of cells that are escaped already."""
    yield "| " + " | ".join(heads) + " |"
    yield "|" + " --- |" * len(heads)
    yield from ("| " + " | ".join(row) + " |" for row in rows)


def latex(rows: Sequence[Row]) -> str:
    """A heading and short `tabular`s per game, which break across pages between methods."""
    return "\n\n".join(_latex_group(name, group) for name, group in _groups(rows))


def _latex_group(name: str, group: Sequence[Row]) -> str:
    return "\n".join(
        [
            rf"\subsection*{{{escaped(name)}}}",
            r"\begingroup\footnotesize",
            *(f"{_latex_row(row)}\n" for row in group),
            r"\endgroup",
        ]
    )


def _latex_row(row: Row) -> str:
    head = rf"\textbf{{{escaped(row.method)}}}", f"{escaped(row.verdict)}, {_tex_number(row)}"
    details = ((escaped(name), text) for name, text in _latex_details(row))
    return rf"\noindent{tabular(LATEX_COLUMNS, [head, *details])}\par"


def _tex_number(row: Row) -> str:
    if row.number is None:
        return "--"
    text = number(row)
    return text if text[0].isalpha() else f"${POWER.sub(_tex_power, text)}$"


def _tex_power(power: re.Match[str]) -> str:
    return rf" \cdot 10^{{{int(power[1])}}}"


def _latex_details(row: Row) -> Iterator[tuple[str, str]]:
    formulas = {
        "eigenvalues": [
            _formula(e.latex, e.text) + _tex_times(e.multiplicity) for e in row.eigenvalues or ()
        ],
        "conditions": [_formula(c.latex, c.text) for c in row.conditions or ()],
    }
    for head, text in _details(row):
        written = formulas.get(head)
        yield head, escaped(text) if written is None else "; ".join(written)


def _formula(tex: str, text: str) -> str:
    # Formulas in running text may break between their terms.
    return f"${tex}$" if tex else escaped(text)


def _tex_times(count: int) -> str:
    return rf" ($\times {count}$)" if count > 1 else ""


def as_json(rows: Sequence[Row]) -> str:
    """Every field of every row."""
    return json.dumps({"schema": SCHEMA, "rows": [row.to_dict() for row in rows]}, indent=1, allow_nan=False)


def as_csv(rows: Sequence[Row]) -> str:
    """One line per row; lists are joined, formulas as text."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(FIELDS)
    for row in rows:
        writer.writerow([_flat(row, name) for name in FIELDS])
    return stream.getvalue().rstrip("\n")


def _flat(row: Row, name: str) -> str:
    if name == "discrete":
        return str(isinstance(row.region, Disc))
    value: Any = getattr(row, name)
    special = {"eigenvalues": eigenvalues, "conditions": conditions, "values": values}
    if name in special:
        return special[name](row) if value is not None else ""
    if isinstance(value, tuple):
        return ("; " if name == "sources" else "+").join(value)
    return "" if value is None else repr(value) if isinstance(value, float) else str(value)


FORMATS: dict[str, Callable[[Sequence[Row]], str]] = {
    "text": plain,
    "markdown": markdown,
    "latex": latex,
    "json": as_json,
    "csv": as_csv,
}


@dataclass(frozen=True)
class Table:
    """A small table of words and numbers, with notes below it."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return _table_text(self)

    def _repr_html_(self) -> str:
        notes = "".join(f"<div>{escape(visible(note))}</div>" for note in self.notes)
        return html_table(self.heads, self.rows) + notes


def convergence_table(answers: Sequence[Answer]) -> Table:
    """A training per row, a case per column, and the reasons as notes."""
    cases = dict.fromkeys((a.case, a.game) for a in answers)
    verdicts = {(a.training, a.case): a.word for a in answers}
    trainings = dict.fromkeys(a.training for a in answers)
    rows = tuple((t, *(verdicts[t, case] for case, _ in cases)) for t in trainings)
    heads = ("gradient flow", *(f"{case} ({game})" for case, game in cases))
    reasons = (f"{a.training}, {a.case}: {a.word}: {a.reason}" for a in answers)
    return Table(heads, rows, ("does it converge locally to the equilibrium, on this example?", *reasons))


def methods_table(compared: Comparison) -> Table:
    """A method per row, a value per column: verdict and spectral radius."""
    heads = ("method", *(cell.label for cell in compared.cells[0]))
    rows = tuple((cells[0].method, *(_rate(cell) for cell in cells)) for cells in compared.cells)
    assumed = ", ".join(f"{name} = {value}" for name, value in compared.assumed.items())
    return Table(heads, rows, ("verdict and spectral radius, the factor per step", f"at {assumed}"))


def _rate(cell: Cell) -> str:
    return cell.verdict if cell.number is None else f"{cell.verdict} {comparison.number(cell)}"


def _table_text(table: Table) -> str:
    lines = aligned([table.heads, *table.rows], "<")
    notes = (
        line for note in table.notes for line in textwrap.wrap(note, page_width(), subsequent_indent="  ")
    )
    return "\n".join([*lines, "", *notes])


def _table_markdown(table: Table) -> str:
    lines = markdown_table([*map(_bare, table.heads)], (map(_bare, row) for row in table.rows))
    return "\n".join([*lines, "", *(f"- {_bare(note)}" for note in table.notes)])


def _table_latex(table: Table) -> str:
    rows = ([*map(escaped, row)] for row in (table.heads, *table.rows))
    notes = "\\par\n".join(map(escaped, table.notes))
    return f"{tabular('l' * len(table.heads), rows)}\\par\n{notes}"


def _table_json(table: Table) -> str:
    rows = [dict(zip(table.heads, row, strict=True)) for row in table.rows]
    return json.dumps({"schema": SCHEMA, "rows": rows, "notes": list(table.notes)}, indent=1)


def _table_csv(table: Table) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows([table.heads, *table.rows])
    return stream.getvalue().rstrip("\n")


TABLE_FORMATS: dict[str, Callable[[Table], str]] = {
    "text": _table_text,
    "markdown": _table_markdown,
    "latex": _table_latex,
    "json": _table_json,
    "csv": _table_csv,
}
