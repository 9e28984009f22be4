"""A question in one line: `dirac(x0=1, loss=gan) + gp(gamma=1) | altgd(h=1/10)`.

    question: game, then `+ penalty` as often as wanted, then maybe `| method`
    game:     NAME or NAME(NAME=VALUE, …), among the values maybe loss=NAME(…)
    penalty:  likewise; for one player NAME.PLAYER=VALUE
    method:   likewise, and `:` with the method inside, and for a cycle `,` with the next
    NAME:     letters, digits, `_ . / \\ -`; a class in a file, FILE.py:Class; others in double quotes
    VALUE:    a number or a word; what has commas in it between square brackets, order=[d,g]

The grammar is closed: what it does not know is refused, with its place, and nothing is ever evaluated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from stabcheck.core.errors import BadInput
from stabcheck.core.hyper import title
from stabcheck.declare import lookup, registry
from stabcheck.declare.combination import Combination

NAME = re.compile(r"[A-Za-z0-9_./\\-]*\.py:[A-Za-z_]\w*|[A-Za-z0-9_./\\-]+", re.ASCII)
QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
HYPER = re.compile(r"([A-Za-z]\w*(?:\.\w+)?)\s*=", re.ASCII)
BRACKET = re.compile(r"\[([^\[\]]*)\]")
WORD = re.compile(r"[^\s,()\[\]\"|]+")
SPACE = re.compile(r"\s*")
LONGEST = 4_000
SHOWN = 30

Chain = tuple["Part", ...]


@dataclass(frozen=True)
class Part:
    """One part, with the values that are said of it.

    Attributes:
        name: of the registry, or a file.
        values: name and text of each, in order.
    """

    name: str
    values: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return self.having()

    def having(self, *more: str) -> str:
        """The part with further words between its brackets."""
        inside = ", ".join([*(f"{name}={_valued(text)}" for name, text in self.values), *more])
        return f"{_named(self.name)}({inside})" if inside else _named(self.name)


@dataclass(frozen=True)
class Line:
    """What is asked, as it is spelled: a game with its penalties, under a method, at some values.

    Attributes:
        game: the game.
        loss: its loss, where one is named.
        penalties: in the order in which they are added.
        method: chains of methods, each outermost first; several are the turns of a cycle, the first of
            which begins with it. Empty for the flow, or a map's own step.
    """

    game: Part
    loss: Part | None = None
    penalties: tuple[Part, ...] = ()
    method: tuple[Chain, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Line:
        """The parts and values that a text spells; none of them is looked up.

        Raises:
            BadInput: for what is none, with the place where it stops being one.
        """
        return _Reader(text).line()

    def __str__(self) -> str:
        game = self.game.having(*([] if self.loss is None else [f"loss={self.loss}"]))
        method = ", ".join(":".join(map(str, chain)) for chain in self.method)
        return " + ".join([game, *map(str, self.penalties)]) + (f" | {method}" if method else "")

    @property
    def combination(self) -> Combination:
        """The parts, by name."""
        chains = (":".join(link.name for link in chain) for chain in self.method)
        return Combination(
            self.game.name,
            None if self.loss is None else self.loss.name,
            tuple(part.name for part in self.penalties),
            ",".join(chains) or None,
        )

    def given(self) -> dict[str, str]:
        """The values by name in full, as `assemble` takes them; a file of one's own is run for its name.

        Raises:
            BadInput: for a part that is none, and a name with two values.
        """
        given: dict[str, str] = {}
        for kind, part in self.parts():
            for name, text in part.values:
                key = f"{title(lookup.find(kind, part.name))}.{name}"
                if key in given:
                    raise BadInput(f"two values are given for {key}; give one")
                given[key] = text
        return given

    def parts(self) -> Iterator[tuple[str, Part]]:
        """Each part with its kind."""
        yield "game", self.game
        yield from (("loss", part) for part in (self.loss,) if part is not None)
        yield from (("penalty", part) for part in self.penalties)
        yield from (("method", link) for chain in self.method for link in chain)


def is_question(text: str) -> bool:
    """Whether a word is meant as a question: it joins parts, has values, or names a game."""
    return bool(re.search(r"[+|(\s]", text)) or lookup.is_file(text) or text in registry.declarations("game")


def _named(name: str) -> str:
    if NAME.fullmatch(name):
        return name
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _valued(text: str) -> str:
    return text if WORD.fullmatch(text) else f"[{text}]"


class _Reader:
    """A line, read from left to right."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST:
            raise BadInput(f"a question of {len(text)} characters; the longest has {LONGEST}")
        self.text, self.at = text, 0

    def line(self) -> Line:
        name, entries = self._name(), dict(self._entries(loss=True))
        loss = entries.pop("loss", None)
        game = Part(name, tuple((key, str(value)) for key, value in entries.items()))
        penalties = []
        while self._next("+"):
            penalties.append(self._part())
        method = self._chains() if self._next("|") else ()
        if self.at < len(self.text):
            raise self._stuck("'+', '|' or the end")
        return Line(game, loss if isinstance(loss, Part) else None, tuple(penalties), method)

    def _chains(self) -> tuple[Chain, ...]:
        chains = [self._chain()]
        while self._next(",") or self._next("+"):
            chains.append(self._chain())
        return tuple(chains)

    def _chain(self) -> Chain:
        links = [self._part()]
        while self._next(":"):
            links.append(self._part())
        return tuple(links)

    def _part(self) -> Part:
        name = self._name()
        return Part(name, tuple((key, str(value)) for key, value in self._entries()))

    def _name(self) -> str:
        if match := self._match(QUOTED):
            return re.sub(r"\\(.)", r"\1", match[1])
        if match := self._match(NAME):
            return match[0]
        raise self._stuck("the name of a part")

    def _entries(self, *, loss: bool = False) -> Iterator[tuple[str, str | Part]]:
        """What stands between brackets, if there are any."""
        names: set[str] = set()
        if not self._next("(") or self._next(")"):
            return
        while True:
            if not (match := self._match(HYPER)):
                raise self._stuck("NAME=VALUE")
            if match[1] in names:
                raise BadInput(f"two values are given for {match[1]}; give one")
            names.add(match[1])
            yield match[1], self._part() if loss and match[1] == "loss" else self._value()
            if self._next(")"):
                return
            if not self._next(","):
                raise self._stuck("',' or ')'")

    def _value(self) -> str:
        if match := self._match(BRACKET):
            return match[1]
        if match := self._match(WORD):
            return match[0]
        raise self._stuck("a value")

    def _next(self, sign: str) -> bool:
        """Whether this sign is next; it is then read."""
        return self._match(re.compile(re.escape(sign))) is not None

    def _match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.match(self.text, self._skipped())
        if match:
            self.at = match.end()
            self.at = self._skipped()
        return match

    def _skipped(self) -> int:
        space = SPACE.match(self.text, self.at)
        return space.end() if space else self.at

    def _stuck(self, wanted: str) -> BadInput:
        there = self.text[self.at : self.at + SHOWN]
        where = f"at '{there}'" if there else "at the end"
        return BadInput(f"the question needs {wanted} {where} (character {self.at + 1})")
