"""The commands of the application; each is built when it is asked for."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from typer._click.core import Command, Context
    from typer._click.formatting import HelpFormatter

WIDEST = 10
PLAIN: Mapping[str, Any] = MappingProxyType({"rich_markup_mode": None, "add_completion": False})


class Verb(NamedTuple):
    """One command.

    Attributes:
        home: module and function, below `stabcheck.cli`.
        help: what it does, the first line of the function's text.
        takes: `game` or `parts` for one that takes parts and values for them; see `options`.
        look: whether it is set into a page, as pictures are.
    """

    home: str
    help: str
    takes: str = ""
    look: bool = False

    def build(self, name: str) -> Command:
        """The command itself, with everything that it needs loaded."""
        module, _, function = self.home.partition(":")
        command = getattr(importlib.import_module(f"stabcheck.cli.{module}"), function)
        app = typer.Typer(**PLAIN)
        app.command(name, **(_settings() if self.takes else {}))(self._given(command))
        built = typer.main.get_command(app)
        built.short_help = self.help
        return built

    def _given(self, command: Callable[..., None]) -> Callable[..., None]:
        if self.look:
            from stabcheck.cli.plot.writing import with_look

            command = with_look(command)
        if not self.takes:
            return command
        from stabcheck.cli.options import with_game, with_parts

        return with_game(command) if self.takes == "game" else with_parts(command)


def drawn(home: str, text: str, takes: str = "parts") -> Verb:
    """A command that draws, its module below `stabcheck.cli.plot`."""
    return Verb(f"plot.{home}", text, takes, look=True)


def renamed(verb: Verb, now: str) -> Callable[[str], Command]:
    """How a command is built under a name that it had before: it says so on standard error."""

    def build(before: str) -> Command:
        command = verb.build(now)
        command.callback = _noted(
            f"stabcheck: {before} is now {now}; the old name goes with the next release", command.callback
        )
        return command

    return build


def _noted(note: str, command: Callable[..., None] | None) -> Callable[..., None]:
    from stabcheck.cli.terminal import tell

    assert command is not None

    @wraps(command)
    def noted(**options: Any) -> None:
        tell(note)
        command(**options)

    return noted


def _settings() -> dict[str, Any]:
    from stabcheck.cli.asking import TAKES_VALUES

    return TAKES_VALUES


class Verbs(Mapping[str, "Command"]):
    """Commands by name, none of which is built before it is asked for."""

    def __init__(self, verbs: Mapping[str, Callable[[str], Command]]) -> None:
        self._verbs = verbs

    def __getitem__(self, name: str) -> Command:
        return self._verbs[name](name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._verbs)

    def __len__(self) -> int:
        return len(self._verbs)


class Grouped(TyperGroup):
    """A group of commands that is shown in sections."""

    sections: Mapping[str, Mapping[str, str]] = MappingProxyType({})

    def format_commands(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Each section with its commands, none of them built."""
        del ctx
        for heading, rows in self.sections.items():
            with formatter.section(heading):
                formatter.write_dl([(f"{name:<{WIDEST}}", text) for name, text in rows.items()])


def group(
    name: str,
    callback: Callable[..., None],
    sections: Mapping[str, Mapping[str, Verb]],
    more: Mapping[str, Callable[[str], Command]] = MappingProxyType({}),
    **how: Any,
) -> Grouped:
    """A group of commands.

    Args:
        name: its name.
        callback: what it does by itself.
        sections: the commands, by heading.
        more: how to build those that are groups themselves.
        how: settings of the group.
    """
    app = typer.Typer(cls=Grouped, **PLAIN)
    app.callback(**how)(callback)
    built = typer.main.get_command(app)
    assert isinstance(built, Grouped)
    verbs = {verb: row.build for rows in sections.values() for verb, row in rows.items()}
    built.name = name
    built.commands = Verbs({**verbs, **more})  # pyright: ignore[reportAttributeAccessIssue]
    built.sections = {title: {n: row.help for n, row in rows.items()} for title, rows in sections.items()}
    return built
