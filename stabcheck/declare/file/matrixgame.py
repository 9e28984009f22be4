"""A matrix as people type it, `0,-1;1,-gamma`, as a linear field; with `map`, as a linear map."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from stabcheck.core import domain
from stabcheck.core.errors import BadInput
from stabcheck.core.symbols import first_free
from stabcheck.declare.file import formula
from stabcheck.declare.file.filegame import FileGame
from stabcheck.declare.file.gamefile import described

PREFIX = "matrix:"
COORDINATES = ("x", "y", "u", "q")


def spelled(rows: str, domains: Iterable[str] = (), *, discrete: bool = False) -> str:
    """The game of a matrix in one text: `matrix:0,-1;1,-gamma|gamma=>0`."""
    return PREFIX + "|".join([rows, *domains, *(["map"] if discrete else [])])


@lru_cache(maxsize=16)
def read(text: str) -> type[FileGame]:
    """The game of such a text.

    Raises:
        BadInput: if the rows are no square matrix of formulas, or a domain is none.
    """
    body, *others = text.removeprefix(PREFIX).split("|")
    rows = [[entry.strip() for entry in _apart(row, ",")] for row in _apart(body, ";")]
    names = sorted({name for row in rows for entry in row for name in formula.names_in(entry)})
    signs = dict(_domain(sign, names) for sign in others if sign != "map")
    stem = first_free(COORDINATES, {name.partition("_")[0] for name in names})
    tables = {
        "name": "matrix",
        "matrix": {
            "rows": rows,
            "names": [f"{stem}_{k + 1}" for k in range(len(rows))],
            "of": "map" if "map" in others else "field",
        },
        "hyperparameters": {name: signs.get(name, "real") for name in names},
    }
    game = described("--matrix", "the command line", tables)
    game.origin = (read, (text,))
    return game


def _domain(text: str, names: Sequence[str]) -> tuple[str, str]:
    name, equals, sign = text.partition("=")
    if not equals:
        raise BadInput(f"--domain {text[:30]} is none; write --domain 'gamma=>0'")
    if name not in names:
        raise BadInput(
            f"--domain {name[:30]}: the matrix has no such name; it has {', '.join(names) or 'none'}"
        )
    try:
        domain.spelled(sign)
    except BadInput as refusal:
        raise BadInput(f"--domain {name}: {refusal}") from None
    return name, sign


def _apart(text: str, sign: str) -> list[str]:
    """The pieces between signs that stand outside of brackets."""
    pieces, depth = [""], 0
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        if letter == sign and depth == 0:
            pieces.append("")
        else:
            pieces[-1] += letter
    return pieces
