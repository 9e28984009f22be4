"""Where something stands in a game file, and what to say of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from stabcheck.core.domain import Domain, spelled
from stabcheck.core.errors import BadInput, unknown
from stabcheck.core.number import number
from stabcheck.declare.file import formula
from stabcheck.declare.file.formula import Formula
from stabcheck.declare.file.tokens import FormulaError
from stabcheck.declare.file.tree import Size

LONGEST_NAME = 30


GAME_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", re.ASCII)
KEYS = (
    "name", "source", "players", "field", "map", "matrix", "hyperparameters", "distributions", "equilibrium",
    "start", "manifold",
)  # fmt: skip


class Float(str):
    """A TOML float as it was typed, so that 0.1 is exactly 1/10."""

    __slots__ = ()


@dataclass(frozen=True)
class Place:
    """A key of the file, and what to say of it."""

    file: str
    key: str = ""

    def of(self, key: str) -> Place:
        """A key inside the table at this place."""
        return Place(self.file, f"{self.key}.{key}" if self.key else key)

    def error(self, what: str) -> BadInput:
        """A refusal that names the file and the key."""
        return BadInput(": ".join(part for part in (self.file, self.key, what) if part))

    def table(self, value: Any, keys: Iterable[str] = ()) -> dict[str, Any]:
        """The value, which must be a table; with `keys`, of these only."""
        if not isinstance(value, dict):
            raise self.error(f"this must be a table, not {_shown(value)}")
        keys = tuple(keys)
        for key in value:
            if keys and key not in keys:
                raise self.error(str(unknown("key", key, keys)))
        return value

    def needed(self, table: Mapping[str, Any], key: str) -> Any:
        """The value of a key that must be there."""
        if key not in table:
            raise self.error(f"{key} is missing; add it")
        return table[key]

    def text(self, value: Any) -> str:
        """The value, which must be a text; in one line."""
        if type(value) is not str or not value.strip():
            raise self.error(f"this must be a text in quotes, not {_shown(value)}")
        return " ".join(re.split(r"[ \t\r\n]+", value)).strip()

    def domain(self, value: Any) -> Domain:
        """The domain that the value spells."""
        text = self.text(value)
        try:
            return spelled(text, "sign")
        except BadInput as refusal:
            raise self.error(str(refusal)) from None

    def items(self, value: Any, most: int) -> list[Any]:
        """The value, which must be a list of at least one and at most so many."""
        if not isinstance(value, list) or not 1 <= len(value) <= most:
            raise self.error(f"this must be a list of 1 to {most}, not {_shown(value)}")
        return value

    def distinct_names(self, value: Any, most: int) -> tuple[str, ...]:
        """The value, which must be a list of different names."""
        names = tuple(self.text(item) for item in self.items(value, most))
        for name in names:
            if names.count(name) > 1:
                raise self.error(f"{name} is listed {names.count(name)} times; list it once")
        return names

    def number(self, value: Any) -> Fraction:
        """The exact value of a number, typed as one or as text."""
        try:
            return number(self._typed(value, "a number"))
        except BadInput as refusal:
            raise (refusal if str(refusal).startswith(self.file) else self.error(str(refusal))) from None

    def formula(self, value: Any, names: Iterable[str], laws: Mapping[str, Size] | None = None) -> Formula:
        """The value as a formula in these names and, inside means, these random numbers."""
        text = self._typed(value, "a formula in quotes")
        try:
            return formula.parse(text, names, laws or {})
        except FormulaError as refusal:
            raise refusal.at(f"{self.file}: {self.key}") from None

    def _typed(self, value: Any, wanted: str) -> str:
        if isinstance(value, bool) or not isinstance(value, int | str):
            raise self.error(f"this must be {wanted}, not {_shown(value)}")
        return value if isinstance(value, str) else str(value)


def _shown(value: Any) -> str:
    kinds = {bool: "true or false", dict: "a table", list: "a list", str: "a text", Float: "a number"}
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return "an empty text" if value == "" else kinds.get(type(value), f"'{str(value)[:30]}'")
