"""The few pieces of HTML that notebooks show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from stabcheck.core.visible import visible


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of plain texts, which are escaped."""
    head = "".join(f"<th>{escape(visible(text))}</th>" for text in header)
    body = "".join(f"<tr>{''.join(f'<td>{escape(visible(text))}</td>' for text in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
