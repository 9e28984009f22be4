"""A statement as several shorter ones that say the same together, each of which is easier to prove."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import prod

from stabcheck.core.formula import Every, Formula, Not, Same, Some

MOST = 48
"""What would fall into more stays whole."""


def goals(statement: Formula) -> tuple[Formula, ...]:
    """Statements that hold all together exactly where one does: `not a or b`, `a or not b` of `a iff b`."""
    pieces = _goals(_plain(statement))
    return tuple(_joined(piece) for piece in pieces)


def _goals(statement: Formula) -> list[tuple[Formula, ...]]:
    """Each as the statements of which one at least holds."""
    if isinstance(statement, Every):
        return [goal for one in statement.statements for goal in _goals(one)]
    if isinstance(statement, Some):
        return _distributed([_goals(one) for one in statement.statements])
    return [(statement,)]


def _distributed(several: Sequence[list[tuple[Formula, ...]]]) -> list[tuple[Formula, ...]]:
    """`(a and b) or c` as `a or c` and `b or c`; those that make too many stay as they are."""
    rows = list(several)
    while prod(map(len, rows)) > MOST:
        longest = max(range(len(rows)), key=lambda k: len(rows[k]))
        rows[longest] = [(Every(tuple(_joined(goal) for goal in rows[longest])),)]
    return [sum(choice, ()) for choice in product(*rows)]


def _joined(alternatives: tuple[Formula, ...]) -> Formula:
    return alternatives[0] if len(alternatives) == 1 else Some(alternatives)


def _plain(statement: Formula) -> Formula:
    """The same of signs, with and and or alone."""
    if isinstance(statement, Every | Some):
        return type(statement)(tuple(_plain(one) for one in statement.statements))
    if isinstance(statement, Same):
        first, second = statement.first, statement.second
        return Every((_plain(Some((~first, second))), _plain(Some((first, ~second)))))
    return _denied(statement.statement) if isinstance(statement, Not) else statement


def _denied(statement: Formula) -> Formula:
    """The contrary of a statement, likewise."""
    if isinstance(statement, Every):
        return Some(tuple(_denied(one) for one in statement.statements))
    if isinstance(statement, Some):
        return Every(tuple(_denied(one) for one in statement.statements))
    if isinstance(statement, Same):
        return _plain(Same(statement.first, ~statement.second))
    return _plain(~statement)
