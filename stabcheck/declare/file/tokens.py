"""From the text of a formula to Python's grammar, within which it is parsed."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from stabcheck.core.errors import BadInput
from stabcheck.core.number import number
from stabcheck.declare.file.limits import DEEPEST, LARGEST_EXPONENT, LONGEST, LONGEST_NUMBER, MOST_NODES

if TYPE_CHECKING:
    pass


EXCERPT = 70


NUMBER = r"(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?(?P<exponent>\d+))?"
TOKEN = re.compile(
    rf"(?P<space>\s+)|(?P<number>{NUMBER})|(?P<name>[A-Za-z_]\w*)|(?P<sign>\*\*|[-+*/^(),])", re.ASCII
)


class FormulaError(BadInput):
    """A formula that cannot be used: what is wrong, the formula, and a caret under the place.

    Attributes:
        what: what is wrong and what to do, in one line.
        text: the formula.
        column: where, counted from 0.
    """

    in_lines = True

    def __init__(self, what: str, text: str, column: int) -> None:
        self.what, self.text, self.column = what, text, column
        excerpt, place = _excerpt(text, column)
        super().__init__(f"{what}\n{excerpt}\n{' ' * place}^")

    def at(self, where: str) -> FormulaError:
        """The same with the formula's place in front, a file and a key for instance."""
        return FormulaError(f"{where}: {self.what}", self.text, self.column)


def _excerpt(text: str, column: int) -> tuple[str, int]:
    """At most `EXCERPT` columns of the text around a column, and where that column is in them."""
    start = max(0, min(column - EXCERPT // 2, len(text) - EXCERPT + 1))
    shown = re.sub(r"[^ -~]", lambda m: " " if m[0].isspace() else "?", text[start : start + EXCERPT])
    before, after = "..." * (start > 0), "..." * (start + EXCERPT < len(text))
    return f"{before}{shown[len(before) : EXCERPT - len(after)]}{after}", column - start


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    start: int


@dataclass(frozen=True)
class Python:
    """A formula in Python's spelling, in which the k-th number is written `k` and the k-th name `_k`.

    So none of Python's words is ever read, and a name may be `lambda`.

    Attributes:
        text: the formula as it was typed.
        code: in Python's spelling.
        spans: for each character of the code, the piece of the text that it stands for.
        numbers: the values of the literals.
        names: as they were typed.
    """

    text: str
    code: str
    spans: tuple[tuple[int, int], ...]
    numbers: tuple[Fraction, ...]
    names: tuple[str, ...]

    def name(self, identifier: str) -> str:
        """The name that an identifier of the code stands for."""
        return self.names[int(identifier.removeprefix("_"))]

    def start(self, node: ast.expr) -> int:
        """Where a node starts in the text."""
        return self.spans[node.col_offset][0]

    def source(self, node: ast.expr) -> str:
        """The text of a node, in one line."""
        return " ".join(self.text[self.start(node) : self.spans[(node.end_col_offset or 1) - 1][1]].split())

    def error(self, what: str, node: ast.expr) -> FormulaError:
        """A refusal with the caret under a node."""
        return FormulaError(what, self.text, self.start(node))


def translated(text: str) -> Python:
    """The text in Python's grammar, `^` as `**` and names that Python has for itself renamed."""
    if len(text) > LONGEST:
        raise FormulaError(f"the formula has {len(text)} characters; write at most {LONGEST}", text, LONGEST)
    tokens = list(scan(text))
    _refuse_disorder(text, tokens)
    code, spans, numbers, names = "", [], [], []
    for token in tokens:
        piece = "**" if token.text == "^" else token.text
        if token.kind == "number":
            piece = str(len(numbers))
            numbers.append(_number(text, token))
        if token.kind == "name":
            piece = f"_{len(names)}"
            names.append(token.text)
        separate = f"{piece} " if token.kind == "name" else piece
        code += separate
        spans += [(token.start, token.start + len(token.text))] * len(separate)
    return Python(text, code, tuple(spans), tuple(numbers), tuple(names))


def scan(text: str) -> Iterator[_Token]:
    """The tokens of a formula, spaces left out."""
    place = 0
    while place < len(text):
        match = TOKEN.match(text, place)
        if match is None:
            raise FormulaError(_no_place_for(text[place]), text, place)
        token = _Token(match.lastgroup or "", match[match.lastgroup or 0], place)
        if match["number"]:
            token = _Token("number", match["number"], place)
        if token.kind != "space":
            yield token
        place = match.end()


def _no_place_for(character: str) -> str:
    if not character.isascii():
        return "formulas are plain ASCII; spell this character with letters, as theta, or as * - ^"
    shown = character if character.isprintable() else "this character"
    return f"{shown} has no place in a formula; it takes numbers, names, + - * / ^ ( ) and ,"


def _number(text: str, token: _Token) -> Fraction:
    exponent = re.search(r"[eE][+-]?(\d+)", token.text)
    if len(token.text) > LONGEST_NUMBER:
        raise FormulaError(
            f"the number is too long; write at most {LONGEST_NUMBER} characters", text, token.start
        )
    if exponent and int(exponent[1]) > LARGEST_EXPONENT:
        raise FormulaError(
            f"the number is out of range; exponents go to {LARGEST_EXPONENT} in size", text, token.start
        )
    return number(token.text)


def _refuse_disorder(text: str, tokens: list[_Token]) -> None:
    """Raises:
    FormulaError: if values and operators do not alternate, or brackets do not match.
    """
    brackets: list[_Token] = []
    before = _Token("sign", "(", 0)
    for token in tokens:
        _refuse_pair(text, before, token)
        if token.text == "(":
            brackets.append(token)
        if token.text == ")" and not brackets:
            raise FormulaError("this bracket closes none; leave it out", text, token.start)
        if token.text == ")":
            brackets.pop()
        if len(brackets) > DEEPEST:
            raise FormulaError(
                f"brackets are nested more than {DEEPEST} deep; write it simpler", text, token.start
            )
        before = token
    if not tokens:
        raise FormulaError("the formula is empty; write a number, 0 for instance", text, 0)
    if not _ends_value(before):
        raise FormulaError(
            "the formula breaks off; a value is missing", text, before.start + len(before.text)
        )
    if brackets:
        raise FormulaError("this bracket is never closed; add a )", text, brackets[-1].start)


def _ends_value(token: _Token) -> bool:
    return token.kind in ("number", "name") or token.text == ")"


def _refuse_pair(text: str, before: _Token, token: _Token) -> None:
    starts_value = token.kind in ("number", "name") or token.text == "("
    if _ends_value(before):
        if starts_value and not (token.text == "(" and before.kind == "name"):
            raise FormulaError("an operator is missing here, * for instance", text, token.start)
    elif not starts_value and token.text != "-":
        raise FormulaError(f"a value is missing in front of {token.text}", text, token.start)


def parsed(python: Python) -> ast.expr:
    """The tree of an expression in Python's grammar."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            tree = ast.parse(python.code, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        # Order and brackets are in order, so it is the nesting.
        raise FormulaError("the formula is nested too deep; write it simpler", python.text, 0) from None
    count = sum(isinstance(node, ast.expr) for node in ast.walk(tree))
    if count > MOST_NODES:
        what = f"the formula has {count} numbers, names and operators; write at most {MOST_NODES}"
        raise FormulaError(what, python.text, 0)
    return tree
