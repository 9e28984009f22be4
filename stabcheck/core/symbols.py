"""Names that are still free."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import chain, count


def first_free(choices: Sequence[str], taken: Collection[str]) -> str:
    """The first of the choices, or of the first with a number behind it, that is not taken."""
    return next(name for name in _names(choices) if name not in taken)


def _names(choices: Sequence[str]) -> Iterator[str]:
    return chain(choices, (f"{choices[0]}{k}" for k in count()))
