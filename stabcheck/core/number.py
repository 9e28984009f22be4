"""Numbers as people write them, read exactly."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from numbers import Rational
from typing import Any

from stabcheck.core.errors import BadInput

LONGEST_NUMBER, LARGEST_EXPONENT = 60, 60
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?(/\d+)?", re.ASCII)
SCHEDULE = re.compile(r"(?<![A-Za-z_])[knt](?![A-Za-z_0-9])(?=.*[-+*/^])|(?<=[-+*/^(])[knt](?![A-Za-z_0-9])")
"""The number of the step in a formula, as in `k/(k+3)`."""
VALUES = ("nan", "inf", "infinity", "oo", "zoo", "None", "True", "False")
"""What reads as a value, and so is no name; the numbers among them in any case."""


def number(text: str) -> Fraction:
    """The exact value of a number as people type it: `1`, `1/2`, `0.1`, `2e-3`.

    Raises:
        BadInput: for anything else, and for numbers too long to be meant; the text is bounded
            before anything is computed from it.
    """
    shown = text if len(text) <= 30 else f"{text[:27]}..."
    if len(text) > LONGEST_NUMBER:
        raise BadInput(f"'{shown}' is too long; write a number of at most {LONGEST_NUMBER} characters")
    match = NUMBER.fullmatch(text)
    if match is None:
        raise BadInput(f"'{shown}' is not a number; write it as 1, 1/2, 0.1 or 2e-3")
    mantissa, _, denominator = text.partition("/")
    if abs(int((match[3] or "e0")[1:])) > LARGEST_EXPONENT:
        raise BadInput(f"'{shown}' is out of range; exponents go to {LARGEST_EXPONENT} in size")
    if denominator and int(denominator) == 0:
        raise BadInput(f"'{shown}' divides by zero; write a finite number")
    return Fraction(mantissa) / int(denominator or 1)


def changing(name: str, text: str, step: str) -> str:
    """Why what changes with every step `k` has no operator, and what is known of the limit of Nesterov's."""
    reason = "changes with every step and never repeats, so that no one map is the operator"
    ratio = rf"\(?{step}([+-]\d+)?\)?/\(?{step}([+-]\d+)?\)?"
    if name == "beta" and re.fullmatch(ratio, text.replace(" ", "")):
        return (
            f"{reason}; it tends to 1, where --method nesterov --beta 1 has the limit of Nesterov's momentum"
        )
    return f"{reason}; give a number, its limit for one, or what repeats as --method cycle:altgd,simgd"


def matrix(name: str, text: str) -> tuple[tuple[Fraction, ...], ...]:
    """The rows of a matrix as people type it: `1,0;1/2,1`.

    Raises:
        BadInput: if the rows differ in length, or an entry is no number.
    """
    return entries(name, [[entry.strip() for entry in row.split(",")] for row in text.split(";")])


def entries(name: str, rows: Iterable[Iterable[Any]]) -> tuple[tuple[Fraction, ...], ...]:
    """The rows of a matrix with exact numbers for entries.

    Raises:
        BadInput: as `matrix`.
    """
    try:
        matrix = tuple(tuple(_entry(e) for e in row) for row in rows)
    except (BadInput, TypeError) as refusal:
        raise BadInput(f"{name} must be a matrix such as 1,0;1/2,1: {refusal}") from None
    if len({len(row) for row in matrix}) > 1 or () in matrix:
        raise BadInput(f"{name} must be a matrix such as 1,0;1/2,1; its rows differ in length or are empty")
    return matrix


def _entry(value: Any) -> Fraction:
    return Fraction(value) if isinstance(value, Rational) else number(str(value))
