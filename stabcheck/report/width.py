"""How wide LaTeX sets a formula, roughly: enough to know where lines must be broken."""

from __future__ import annotations

import re
from collections.abc import Sequence

TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[\s\S]")
NOTHING = frozenset(["left", "right", "bigl", "bigr", "displaystyle", "mathbb", "mathrm", "text", "limits"])


def width(tex: str) -> float:
    """About how wide LaTeX sets a formula, in em."""
    return _Measure(TOKEN.findall(tex)).line()


class _Measure:
    """Reads a formula from the left; a cell of a matrix counts in its own column."""

    def __init__(self, tokens: Sequence[str]) -> None:
        self.tokens = list(tokens)[::-1]

    def line(self, end: str = "") -> float:
        """Up to the word that ends it."""
        total = 0.0
        while self.tokens:
            word = self.tokens.pop()
            if word == end:
                break
            total += self.one(word)
        return total

    def one(self, word: str) -> float:
        if word in ("^", "_"):
            return 0.72 * self.argument()
        if word == r"\frac":
            return max(self.argument(), self.argument()) + 0.25
        if word == r"\sqrt":
            return self.argument() + 0.9
        return self._plain(word)

    def _plain(self, word: str) -> float:
        if word == "{":
            return self.line("}")
        if word == r"\begin":
            return self.matrix()
        return _of_command(word[1:]) if word[0] == "\\" and word[1:].isalpha() else _of_sign(word)

    def argument(self) -> float:
        while self.tokens and self.tokens[-1] == " ":
            self.tokens.pop()
        return self.one(self.tokens.pop()) if self.tokens else 0.0

    def matrix(self) -> float:
        """Up to the end of the environment: the widest cell of each column."""
        name = self._name()
        if name == "array":
            self._name()
        widest: dict[int, float] = {}
        column, at = 0, 0.0
        while self.tokens:
            word = self.tokens.pop()
            if word in ("&", r"\\", r"\end"):
                widest[column] = max(widest.get(column, 0.0), at)
                column, at = (column + 1 if word == "&" else 0), 0.0
                if word == r"\end":
                    break
            else:
                at += self.one(word)
        self._name()
        return sum(widest.values()) + 1.05 * len(widest)

    def _name(self) -> str:
        """The word in braces that comes next."""
        argument = ""
        while self.tokens and (word := self.tokens.pop()) != "}":
            argument += word.strip("{")
        return argument


def _of_command(name: str) -> float:
    if name in NOTHING:
        return 0.0
    if name in ("pm", "times", "approx", "leftarrow"):
        return 1.35
    if name == "cdot":
        return 0.75
    if name == "quad":
        return 1.0
    functions = (
        "log", "exp", "det", "max", "min", "tanh", "operatorname",
        "sin", "cos", "tan", "sinh", "cosh", "arctan", "arcsin", "arccos",
    )  # fmt: skip
    return 0.53 * len(name) if name in functions else 0.6


def _of_sign(word: str) -> float:
    if word in "+-=><":
        return 1.3
    if word in "()[]|":
        return 0.45
    if word in " .,'":
        return 0.0 if word == " " else 0.35
    return 0.52 if word.isdigit() else 0.58
