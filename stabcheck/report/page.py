"""A page of text: how wide it is, and columns on it."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Sequence

COLUMN = 14
"""How wide titles are."""
PIPED, LEAST, MOST = 80, 40, 240
"""Columns of text that goes to no terminal, and between which a terminal's are taken."""


def page_width() -> int:
    """The width of the terminal that text goes to; 80 where it goes to none."""
    if not sys.stdout.isatty():
        return PIPED
    return min(max(shutil.get_terminal_size((PIPED, 24)).columns, LEAST), MOST)


def aligned(rows: Sequence[Sequence[str]], side: str) -> list[str]:
    """Rows of cells as lines, in columns two spaces apart, each pushed to the left `<` or the right `>`."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(f"{cell:{side}{width}}" for cell, width in zip(row, widths, strict=True)) for row in rows
    )
    return [line.rstrip() for line in lines]


def entry(title: str, text: str) -> list[str]:
    """A title in a column of its own with lines beside it; without one, lines from the margin on."""
    first = f"{title:<{COLUMN}}" if title or text.startswith(" ") else ""
    return textwrap.wrap(
        text.strip(), page_width(), initial_indent=first, subsequent_indent=" " * (COLUMN + 4) * bool(first),
        break_on_hyphens=False,
    ) or [""]  # fmt: skip
