"""The refusals of stabcheck: each says what happened and what to do instead.

A caller can tell *our* refusal from a bug: everything raised on purpose descends from
`StabcheckError`, and its text is one line that a person can act on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any, ClassVar

from stabcheck.core.visible import visible

SHOWN = 40
"""How much of something that is refused is shown."""


class StabcheckError(Exception):
    """Base of every refusal.

    Attributes:
        in_lines: whether its text is several lines that stay as they are.
    """

    in_lines: ClassVar[bool] = False

    def __init__(self, *args: Any) -> None:
        super().__init__(*(visible(arg) if isinstance(arg, str) else arg for arg in args))


class BadInput(StabcheckError):
    """A name, value or combination that the user gave cannot be used."""


class NotApplicable(StabcheckError):
    """The parts are valid, but the question has no meaning for this combination of them."""


class NotSmooth(StabcheckError):
    """A kink of the losses lies at the equilibrium: there is no Jacobian to speak of.

    Attributes:
        lines: directions, a number per coordinate each, along which one-sided limits show that.
    """

    def __init__(self, text: str, lines: tuple[tuple[float, ...], ...] = ()) -> None:
        self.lines = lines
        super().__init__(text)


class NotAnEquilibrium(StabcheckError):
    """The declared rest point does not rest: some player's own gradient does not vanish there."""


class MovesRestPoint(StabcheckError):
    """The method does not stay at the equilibrium, so a spectrum there says nothing.

    Attributes:
        drift: what one application does to each coordinate of the equilibrium, on the quadratic
            game that osculates the game there.
    """

    def __init__(self, *drift: Any, discrete: bool) -> None:
        self.drift = drift
        moved = ", ".join(str(e) for e in drift)
        what = "one step moves the equilibrium by" if discrete else "the velocity at the equilibrium is"
        super().__init__(f"{what} ({moved}), by the quadratic part of the losses")


class Undecidable(StabcheckError):
    """The question is meaningful but outside what exact arithmetic or balls can settle here."""


MEANT = MappingProxyType(
    {
        "gda": "simgd", "gd": "simgd", "sgd": "simgd", "simgda": "simgd", "altgda": "altgd", "agda": "altgd",
        "lr": "h", "learning_rate": "h", "step": "h", "step_size": "h", "stepsize": "h", "dt": "h",
        "momentum": "beta", "eps": "epsilon", "penalty": "reg", "regularizer": "reg", "regulariser": "reg",
        "optimizer": "method", "optimiser": "method", "algorithm": "method",
    }
)  # fmt: skip
"""What other people call it."""


def nearest_name(name: str, choices: Collection[str], cutoff: float = 0.5) -> str:
    """The one of the choices that was meant, or is spelled most alike; empty where none is."""
    meant = MEANT.get(name.lower().replace("-", "_"), "")
    near = [meant] if meant in choices else get_close_matches(name.lower(), choices, n=1, cutoff=cutoff)
    return near[0] if near else ""


def unknown(kind: str, name: str, choices: Iterable[str]) -> BadInput:
    """The refusal of a `name` that is not among the `choices`, with the nearest of them."""
    choices = sorted(choices)
    near = nearest_name(name, choices)
    hint = f"did you mean '{near}'? known" if near else "known"
    return BadInput(f"unknown {kind} '{name[:40]}'; {hint}: {', '.join(choices)}")


def mistaken(what: str, given: Any, example: str) -> BadInput:
    """The refusal of something that is not `what` it must be, in one line."""
    if isinstance(given, type):
        return BadInput(f"{what}, not the class {given.__name__}; write {given.__name__}(…)")
    shown = " ".join(repr(given).split())
    kind = f"{type(given).__name__} {shown if len(shown) <= SHOWN else f'{shown[:SHOWN]}…'}"
    return BadInput(f"{what}, not {'None' if given is None else kind}; write {example}")
