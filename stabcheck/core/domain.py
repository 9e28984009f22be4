"""Which values a hyperparameter may take."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from types import MappingProxyType

from stabcheck.core.errors import unknown
from stabcheck.core.frozen import Frozen


@dataclass(frozen=True)
class Domain:
    """Which values a hyperparameter may take.

    Attributes:
        text: the domain in words, completing "must be …".
        assumptions: what a SymPy symbol may assume.
        contains: whether an exact number lies in the domain; a function of a module, so that a
            domain can be pickled.
        whole: a count, which is part of the structure and can be no symbol.
        below_one: what a symbol may assume of one minus the value, where that is bounded.
    """

    text: str
    assumptions: Mapping[str, bool]
    contains: Callable[[Fraction], bool]
    whole: bool = False
    below_one: Mapping[str, bool] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "assumptions", Frozen(self.assumptions))
        if self.below_one is not None:
            object.__setattr__(self, "below_one", Frozen(self.below_one))


def _positive(q: Fraction) -> bool:
    return q > 0


def _nonnegative(q: Fraction) -> bool:
    return q >= 0


def _nonzero(q: Fraction) -> bool:
    return q != 0


def _any(q: Fraction) -> bool:
    del q
    return True


def _share(q: Fraction) -> bool:
    return 0 < q <= 1


def _decay(q: Fraction) -> bool:
    return 0 <= q < 1


def _count(q: Fraction, most: int) -> bool:
    return q.denominator == 1 and 1 <= q <= most


POSITIVE = Domain("a number > 0", {"positive": True}, _positive)
NONNEGATIVE = Domain("a number >= 0", {"nonnegative": True}, _nonnegative)
NONZERO = Domain("a number other than 0", {"real": True, "nonzero": True}, _nonzero)
REAL = Domain("a number", {"real": True}, _any)
SHARE = Domain("a number in (0, 1]", {"positive": True}, _share, below_one={"nonnegative": True})
DECAY = Domain("a number in [0, 1)", {"nonnegative": True}, _decay, below_one={"positive": True})

SIGNS: Mapping[str, Domain] = MappingProxyType(
    {">0": POSITIVE, ">=0": NONNEGATIVE, "real": REAL, "nonzero": NONZERO, "(0,1]": SHARE, "[0,1)": DECAY}
)
"""How people spell them."""


def count_to(most: int) -> Domain:
    """The whole numbers from 1 to `most`, which are part of the structure and can be no symbol."""
    assumptions = {"integer": True, "positive": True}
    text = f"a whole number from 1 to {most}"
    return Domain(text, assumptions, partial(_count, most=most), whole=True)


def spelled(domain: Domain | str, kind: str = "domain") -> Domain:
    """The domain that a text spells, spaces aside: `>= 0`.

    Args:
        domain: the text, or the domain itself.
        kind: what to call it in a refusal.

    Raises:
        BadInput: for another text, with those that there are.
    """
    if isinstance(domain, Domain):
        return domain
    sign = domain.replace(" ", "") if isinstance(domain, str) else ""
    if sign not in SIGNS:
        raise unknown(kind, sign or str(domain), SIGNS)
    return SIGNS[sign]
