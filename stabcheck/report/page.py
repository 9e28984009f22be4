"""How wide a page of text is."""

from __future__ import annotations

import shutil
import sys

PIPED, LEAST, MOST = 80, 40, 240
"""Columns of text that goes to no terminal, and between which a terminal's are taken."""


def page_width() -> int:
    """The width of the terminal that text goes to; 80 where it goes to none."""
    if not sys.stdout.isatty():
        return PIPED
    return min(max(shutil.get_terminal_size((PIPED, 24)).columns, LEAST), MOST)
