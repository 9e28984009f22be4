"""Options of the commands, those of the hyperparameters made from the registry."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any

import typer

from stabcheck import registry
from stabcheck.assemble import Combination, every_player, slots
from stabcheck.errors import BadInput, unknown
from stabcheck.hyper import Hyper, Setting

FORMATS = ("text", "json", "latex", "markdown")


def _names(kind: str) -> str:
    return ", ".join(registry.known(kind))


def hyper_options() -> dict[str, str]:
    """Every hyperparameter and setting of the registry, with its help and its owners."""
    found: dict[str, dict[str, str]] = {}
    players = every_player()
    for kind in registry.KINDS:
        for part in registry.known(kind).values():
            for slot in slots(part, players):
                row = slot.row
                allowed = f", {row.domain.text}" if isinstance(row, Hyper) else _words(row)
                found.setdefault(slot.name, {})[row.owner] = f"{row.help}{allowed}"
    return {
        name: f"{'; '.join(dict.fromkeys(owners.values()))} ({', '.join(owners)})"
        for name, owners in sorted(found.items())
    }


def _words(row: Setting) -> str:
    return f": {', '.join(row.choices)}" if row.choices else ""


def with_parts(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options for the parts of a game and for every hyperparameter.

    Args:
        command: takes `combination` and `given`, as `assemble` does, and options of its own.
    """
    signature = inspect.signature(command, eval_str=True)
    own = [p for p in signature.parameters.values() if p.name not in ("combination", "given")]
    keyword = inspect.Parameter.KEYWORD_ONLY
    repeatable = {**_part_options(), **{f"value_{n}": option for n, option in _value_options().items()}}
    made = [
        inspect.Parameter(name, keyword, default=None, annotation=Annotated[list[str] | None, option])
        for name, option in repeatable.items()
    ]

    @wraps(command)
    def wrapped(**options: Any) -> None:
        given = {
            name.removeprefix("value_"): options.pop(name)
            for name in list(options)
            if name.startswith("value_")
        }
        spelled = options.pop("assignments") or []
        parts = _once({name: options.pop(name) for name in ("game", "loss", "method")})
        parts["method"] = _chained(
            parts.get("method", "flow"), options.pop("inner"), turns=options.pop("turns")
        )
        combination = Combination(**parts, penalties=tuple(options.pop("reg") or ()))
        command(combination=combination, given=_both(_once(given), _assigned(spelled)), **options)

    turns = typer.Option("--alternating", help="the players take turns in the (innermost) method")
    made.append(inspect.Parameter("turns", keyword, default=False, annotation=Annotated[bool, turns]))
    wrapped.__signature__ = inspect.Signature([*made, *own])  # type: ignore[attr-defined]
    return wrapped


def _part_options() -> dict[str, Any]:
    option = typer.Option
    return {
        "game": option("--game", help=f"the game, default dirac: {_names('game')}"),
        "loss": option("--loss", help=f"its loss, default gan: {_names('loss')}"),
        "reg": option("--reg", help=f"a penalty; repeatable, applied in order: none, {_names('penalty')}"),
        "method": option("--method", help=f"the operator, default flow: {_names('method')}"),
        "inner": option(
            "--inner", help="the method inside lookahead, sga and the like; repeatable, outermost first"
        ),
        "assignments": option(
            "--set", metavar="OWNER.NAME=VALUE", help="a value spelled in full, gp.gamma=1; repeatable"
        ),
    }


def _chained(method: str, inner: list[str] | None, *, turns: bool) -> str:
    """The chain of methods; taking turns is put around the innermost."""
    *outer, last = [method, *(inner or ())]
    return ":".join([*outer, *(["alternating"] if turns else []), last])


def _value_options() -> dict[str, Any]:
    return {
        name: typer.Option(f"--{name.replace('_', '-')}", help=text, metavar="VALUE", show_default=False)
        for name, text in hyper_options().items()
    }


def _once(given: dict[str, list[str] | None]) -> dict[str, str]:
    for name, texts in given.items():
        if texts and len(texts) > 1:
            raise BadInput(f"--{name.replace('_', '-')} is given {len(texts)} values; give one")
    return {name: texts[0] for name, texts in given.items() if texts}


def _both(given: dict[str, str], assigned: dict[str, str]) -> dict[str, str]:
    twice = sorted(set(given) & set(assigned))
    if twice:
        raise BadInput(f"two values are given for {twice[0]}; give one")
    return given | assigned


def _assigned(spelled: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in spelled:
        name, equals, value = text.partition("=")
        if not equals:
            raise BadInput(f"--set {text[:30]} is no assignment; write --set gp.gamma=1")
        if name in found:
            raise BadInput(f"two values are given for {name}; give one")
        found[name] = value
    return found


def one_of(kind: str, text: str, known: tuple[str, ...]) -> str:
    """The text itself if it is among the known words.

    Raises:
        BadInput: if not, with the nearest of them.
    """
    if text not in known:
        raise unknown(kind, text, known)
    return text
