"""An answer on a sheet: a sentence, then titles with lines beside them, for a terminal or in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from stabcheck.core.visible import visible
from stabcheck.report.derivation import safe
from stabcheck.report.page import entry

Row = tuple[str, str]
"""A title and a line; a line without a title belongs to the last one."""
DISPLAYED = re.compile(r"\\\[\n(.*?)\n\\\]", re.DOTALL)


def as_text(sentence: str, rows: Iterable[Row]) -> str:
    """For a terminal, as wide as the page."""
    lines = (line for title, row in (("", sentence), ("", ""), *rows) for line in entry(title, row))
    return visible("\n".join(lines))


def as_markdown(sentence: str, rows: Iterable[Row], tex: str) -> str:
    """A sentence, displayed formulas between dollar signs, and a list.

    Args:
        sentence: what is said first.
        rows: in order.
        tex: LaTeX, whose displayed formulas are taken.
    """
    formulas = (f"$$\n{block.strip()}\n$$\n" for block in DISPLAYED.findall(tex))
    return visible("\n".join([f"**{safe(sentence)}**\n", *formulas, *_items(rows)]))


def _items(rows: Iterable[Row]) -> Iterator[str]:
    """A point for each title, with its lines as code."""
    titled = list(_with_titles(rows))
    for title, group in groupby(titled, key=lambda row: row[0]):
        lines = [f"`{text.strip()}`" for _, text in group]
        yield f"- {safe(title)}: {lines[0]}" if len(lines) == 1 else f"- {safe(title)}:"
        yield from (f"  - {line}" for line in lines if len(lines) > 1)


def _with_titles(rows: Iterable[Row]) -> Iterator[Row]:
    last = ""
    for title, text in rows:
        last = title.strip() or last
        yield last, text
