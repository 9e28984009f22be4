"""The signs, numbers and words of a claim, and what is said of one that has no place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from stabcheck.core.errors import BadInput

LONGEST, LONGEST_NUMBER = 4_000, 30
SHOWN = 30
TOKEN = re.compile(
    r"(?P<space>\s+)|(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)|(?P<slope>f'{1,2}\(0\))"
    r"|(?P<word>[A-Za-z_]\w*(?:\.\w+)?)"
    r"|(?P<sign>\*\*|<=|>=|!=|==|[-+*/^()<>=])",
    re.ASCII,
)
SLOPES = {"f'(0)": "f1", "f''(0)": "f2"}
END = "end"


@dataclass(frozen=True)
class Token:
    """A piece of a claim.

    Attributes:
        kind: `number`, `word`, `sign`, or `end` behind the last.
        text: how it is spelled.
        start: where it begins, counted from 0.
    """

    kind: str
    text: str
    start: int


def scan(text: str) -> Iterator[Token]:
    """The tokens of a claim, and the end.

    Raises:
        BadInput: for what is no token, and for a claim that is too long.
    """
    if len(text) > LONGEST:
        raise BadInput(f"a claim of {len(text)} characters; the longest has {LONGEST}")
    place = 0
    while place < len(text):
        match = TOKEN.match(text, place)
        if match is None:
            raise misplaced(text, place, "numbers, names, + - * / ^ ( ), < <= > >= = != and words")
        kind, piece = match.lastgroup or "", match[0]
        if kind == "number" and not _is_short(piece):
            raise misplaced(text, place, f"a number of at most {LONGEST_NUMBER} digits")
        if kind == "slope":
            kind, piece = "word", SLOPES[piece]
        if kind != "space":
            yield Token(kind, piece, place)
        place = match.end()
    yield Token(END, "", len(text))


def _is_short(piece: str) -> bool:
    """Whether a number has few digits, as a ratio of whole ones as well, in which form it is printed."""
    mantissa, _, exponent = piece.lower().partition("e")
    if len(mantissa) > LONGEST_NUMBER or abs(int(exponent or 0)) > LONGEST_NUMBER:
        return False
    return all(len(str(k)) <= LONGEST_NUMBER for k in Fraction(piece).as_integer_ratio())


def misplaced(text: str, place: int, wanted: str) -> BadInput:
    """The refusal of what stands at a place, with what the claim needs there."""
    return wrong(text, place, f"the claim needs {wanted}")


def wrong(text: str, place: int, what: str) -> BadInput:
    """A refusal with its place."""
    there = " ".join(text[place : place + SHOWN].split())
    where = f"at '{there}'" if there else "at the end"
    return BadInput(f"{what} {where} (character {place + 1})")
