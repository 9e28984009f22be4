"""Chains of methods as people type them: `lookahead:altgd`, `cycle:altgd,simgd`."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import Any

from stabcheck.core.errors import BadInput
from stabcheck.core.hyper import title
from stabcheck.declare import lookup
from stabcheck.declare.methods.cycle import Cycle
from stabcheck.declare.methods.method import Operator, takes_inner
from stabcheck.declare.methods.simgd import SimGD

TURNS = re.compile(r"[,+]")
"""What stands between the methods of a cycle: in a list of methods with commas, `+`."""


@dataclass(frozen=True)
class Chain:
    """A class of methods, and what is inside: one chain, of a cycle as many as it has turns.

    Attributes:
        method: the class.
        name: how it is typed.
        inside: what it acts around.
    """

    method: type[Operator]
    name: str
    inside: tuple[Chain, ...] = ()

    @classmethod
    def of(cls, text: str, outer: tuple[Any, ...] = ()) -> Chain:
        """The chain that a text spells.

        Args:
            text: names and files of methods, outermost first.
            outer: the classes that it is inside of.

        Raises:
            BadInput: for an unknown name, a class inside itself, and what takes no method inside.
        """
        link = lookup.links(text)[0]
        method, inner_text = lookup.find("method", link), text[len(link) + 1 :]
        name = lookup.spelled(link, method)
        if method in outer:
            raise BadInput(f"method '{title(method)}' is given 2 times; give it once")
        if issubclass(method, Cycle):
            turns = TURNS.split(inner_text) if inner_text else [turn.chain for turn in method().methods]
            return cls(method, name, tuple(cls.of(turn.strip(), (*outer, method)) for turn in turns))
        if takes_inner(method):
            return cls(method, name, (cls.of(inner_text or SimGD.name, (*outer, method)),))
        if inner_text:
            inner = title(lookup.find("method", lookup.links(inner_text)[0]))
            raise BadInput(f"{title(method)} takes no method inside; leave '{inner}' out")
        return cls(method, name)

    @property
    def text(self) -> str:
        """The chain with aliases and defaults resolved."""
        inside = ",".join(chain.text for chain in self.inside)
        return f"{self.name}:{inside}" if inside else self.name

    @property
    def classes(self) -> tuple[type[Operator], ...]:
        """Every class once, outermost first."""
        return _once([self.method], *(chain.classes for chain in self.inside))

    @property
    def turns(self) -> tuple[type[Operator], ...]:
        """Every class that is somewhere inside of a cycle."""
        cycle = issubclass(self.method, Cycle)
        return _once(*(chain.classes if cycle else chain.turns for chain in self.inside))

    def build(self, builder: Any) -> Any:
        """The declaration, each part of it made by `builder.build`."""
        inside = tuple(chain.build(builder) for chain in self.inside)
        if issubclass(self.method, Cycle):
            return builder.build(self.method, methods=inside)
        return builder.build(self.method, **({"inner": inside[0]} if inside else {}))


def has_files(text: str) -> bool:
    """Whether a method of the chain is in a file of the person's own."""
    return any(lookup.is_file(link) for turn in TURNS.split(text) for link in lookup.links(turn))


def _once(*rows: Any) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(itertools.chain.from_iterable(rows)))
