"""What a statement supposes of the model that it is about, as data.

A condition compares a letter of the model with a number. The letters are handed in: each is an exact
number, an expression, or the name of what is left open. So a condition holds, fails, or depends on
values: `True`, `False` or `None`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

COMMON = "common"
"""What is chosen for all players alike, whatever it is."""


class Condition(Protocol):
    """Something that a model has or has not."""

    def holds(self, letters: Mapping[str, Any]) -> bool | None:
        """Whether it does; `None` where that depends on values."""
        ...


@dataclass(frozen=True)
class Equals:
    """`letter = value`; a model without the letter fails it."""

    letter: str
    value: Fraction | int = 0

    def holds(self, letters: Mapping[str, Any]) -> bool | None:
        """Whether it does; `None` where that depends on values."""
        return self.letter in letters and _vanishes(letters[self.letter], self.value)


@dataclass(frozen=True)
class Differs:
    """`letter != value`; a model without the letter fails it."""

    letter: str
    value: Fraction | int = 0

    def holds(self, letters: Mapping[str, Any]) -> bool | None:
        """Whether it does; `None` where that depends on values."""
        equal = _vanishes(letters[self.letter], self.value) if self.letter in letters else True
        return None if equal is None else not equal


@dataclass(frozen=True)
class Has:
    """The model has this letter."""

    letter: str

    def holds(self, letters: Mapping[str, Any]) -> bool | None:
        """Whether it does."""
        return self.letter in letters


@dataclass(frozen=True)
class Chosen:
    """A word, or a number as text, that is chosen; `common` for one value that all players share."""

    name: str
    want: str

    def holds(self, letters: Mapping[str, Any]) -> bool | None:
        """Whether it is; `None` where the value is left open."""
        if self.want == COMMON or self.name not in letters:
            return self.name in letters
        value, number = letters[self.name], _number(self.want)
        if number is None or isinstance(value, tuple):
            return str(value) == self.want
        return _vanishes(value, number)


def conjunction(truths: Iterable[bool | None]) -> bool | None:
    """Whether all of them hold, as Kleene has it: `None` where none fails and some depend on values."""
    seen = set(truths)
    return False if False in seen else None if None in seen else True


def _number(text: str) -> Fraction | None:
    try:
        return Fraction(text)
    except ValueError:
        return None


def _vanishes(value: Any, less: Fraction | int) -> bool | None:
    """Whether `value - less` is 0; an expression may not know, a name that is left open never does."""
    if isinstance(value, str):
        return None
    gap = value - less
    return gap.is_zero if hasattr(gap, "is_zero") else bool(gap == 0)


FELT_ALIKE = (Differs("c"), Equals("uneven"))
"""Each player feels the other at first order, by the same `c != 0`: `dL_G/dfake = -dL_D/dfake`."""
APART = Equals("mixed")
"""The critic judges data and generated samples apart, to second order."""
ONE_SAMPLE = Equals("paired")
"""The generator looks at one sample at a time, to second order."""
ZERO_SUM = Equals("general_sum")
"""`L_G = -L_D`, but for what the generator cannot change."""
NON_SATURATING = (Differs("general_sum"), Equals("unreflected"))
"""`L_G = -E f(-D(G(z)))`, which is not `-L_D`."""
LINEAR = (ZERO_SUM, Equals("curved"), Equals("unit"))
"""`f(t) = t`."""
AT_ORIGIN = Equals("off")
"""The equilibrium is the origin."""
ITSELF = Equals("near")
"""It is the very game, and not one that is alike to second order."""
