"""A page of text: how wide it is, and columns on it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence

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
