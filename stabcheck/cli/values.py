"""Values of hyperparameters as they are typed, told apart from the options of a command.

`--gamma 1`, `--gamma=1`, for one player `--h.g 1/10`, with the owner `--gp.gamma 1`. No list of names is
needed to read them: what is no option of the command is a name with its value.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

import typer

from stabcheck.core.errors import BadInput, nearest_name
from stabcheck.declare.slots import option

KEY, OPTIONS = "stabcheck.typed", "stabcheck.options"
ALIKE = 0.6


class Typed(NamedTuple):
    """One value.

    Attributes:
        word: the name as it was typed, dashes in front.
        value: what follows; `None` where nothing does.
    """

    word: str
    value: str | None

    @property
    def name(self) -> str:
        """The name as assembling knows it."""
        return named(self.word[2:])


def named(text: str) -> str:
    """A name as people type it, `gamma-t`, as Python has it."""
    return text.replace("-", "_")


def letter(text: str) -> str:
    """A name as people type it, `h.g`, as formulas have it."""
    return named(text.strip()).replace(".", "_")


def typed(context: typer.Context) -> Sequence[Typed]:
    """The values that were typed in a command line."""
    return context.meta.get(KEY, ())


def texts_by_option(context: Any) -> Mapping[str, Sequence[str]]:
    """The words behind each option that was typed."""
    return context.meta.get(OPTIONS, {})


def parted(arguments: Sequence[str], takes: Mapping[str, bool]) -> tuple[list[str], list[Typed]]:
    """A command line in two: the words that are the command's own, and the values.

    Args:
        arguments: what was typed.
        takes: the options of the command, and whether a value follows each.
    """
    own: list[str] = []
    values: list[Typed] = []
    remaining = list(reversed(arguments))
    while remaining:
        word = remaining.pop()
        name, equals, value = word.partition("=")
        if word == "--":
            return [*own, word, *reversed(remaining)], values
        if name in takes:
            own += [word, remaining.pop()] if takes[name] and not equals and remaining else [word]
        elif not name.startswith("--"):
            own.append(word)
        elif equals:
            values.append(Typed(name, value))
        else:
            values.append(
                Typed(name, remaining.pop() if remaining and not remaining[-1].startswith("--") else None)
            )
    return own, values


def option_values(own: Sequence[str], takes: Mapping[str, bool]) -> dict[str, list[str]]:
    """What stands behind each option of the command; nothing behind one that takes no value."""
    texts_of: dict[str, list[str]] = {}
    remaining = iter(own)
    for word in remaining:
        name, equals, value = word.partition("=")
        if name in takes:
            texts = texts_of.setdefault(name, [])
            if takes[name]:
                texts.append(value if equals else next(remaining, ""))
    return texts_of


def behind_options(own: Sequence[str], takes: Mapping[str, bool]) -> list[str]:
    """The words of a command with those behind the options that are none, where one of these begins as one.

    Args:
        own: the words, `-1 < beta implies stable` perhaps among them.
        takes: the options of the command, and whether a value follows each.
    """
    if "--" in own or not any(map(_is_sentence, own)):
        return [*own]
    options: list[str] = []
    others: list[str] = []
    remaining = iter(own)
    for word in remaining:
        if takes.get(word):
            options += [word, *islice(remaining, 1)]
        elif _is_sentence(word) or not word.startswith("-"):
            others.append(word)
        else:
            options.append(word)
    return [*options, "--", *others]


def _is_sentence(word: str) -> bool:
    """Whether it is no option, though it begins with a minus sign."""
    return word.startswith("-") and not word.startswith("--") and " " in word


def once(values: Sequence[Typed]) -> dict[str, str]:
    """The values by name.

    Raises:
        BadInput: if a name has two.
    """
    spellings = [value.word for value in values]
    for word in spellings:
        if spellings.count(word) > 1:
            raise BadInput(f"{word} is given {spellings.count(word)} values; give one")
    values_once: dict[str, str] = {}
    for value in values:
        values_once = both(values_once, {value.name: value.value or ""})
    return values_once


def both(given: Mapping[str, str], others: Mapping[str, str]) -> dict[str, str]:
    """What was given in two ways.

    Raises:
        BadInput: if it was given in both.
    """
    twice = sorted(set(given) & set(others))
    if twice:
        raise BadInput(f"two values are given for {twice[0]}; give one")
    return {**given, **others}


def assigned(texts: Sequence[str]) -> dict[str, str]:
    """The values of `--set gp.gamma=1`.

    Raises:
        BadInput: for what is no assignment, and two values for one name.
    """
    assignments: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise BadInput(f"--set {text[:30]} is no assignment; write --set gp.gamma=1")
        assignments = both(assignments, {named(name): value})
    return assignments


def unexpected(word: str, choices: Collection[str]) -> BadInput:
    """The refusal of a word that is neither an option nor a value; `choices` are the names that there are."""
    if not word.startswith("-"):
        return BadInput(f"unexpected '{word[:40]}'; values follow their option, as --gamma 1")
    spelled = {named(name.lstrip("-")): name.lstrip("-") for name in choices}
    near = nearest_name(named(word.lstrip("-")), spelled, cutoff=ALIKE)
    hint = f"; did you mean {option(spelled[near])}?" if near else ";"
    return BadInput(f"No such option: {word[:40]}{hint} --help lists all")
