"""Options of the commands, those of the hyperparameters made from the registry."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, wraps
from types import MappingProxyType
from typing import Annotated, Any

import typer

from stabcheck.cli.terminal import patient
from stabcheck.core.errors import BadInput, nearest_name, unknown
from stabcheck.core.hyper import Declaration, Hyper, Setting
from stabcheck.declare import registry
from stabcheck.declare.combination import Combination, every_player, has_files, owned, slots
from stabcheck.declare.file.matrixgame import spelled

MOST_NAMES = 8
FORMATS = ("text", "json", "latex", "markdown")
RUN = "FILE.py:Class, which runs the file"


def _names(kind: str) -> str:
    return ", ".join(registry.known(kind))


def hyper_options() -> Mapping[str, str]:
    """Every hyperparameter and setting of the registry, with its help and its owners."""
    return _options_of(tuple(part for kind in registry.KINDS for part in registry.known(kind).values()))


@cache
def _options_of(parts: tuple[type[Declaration], ...]) -> Mapping[str, str]:
    found: dict[str, dict[str, str]] = {}
    players = every_player()
    for part in parts:
        for slot in slots(part, players):
            row = slot.row
            allowed = f", {row.domain.text}" if isinstance(row, Hyper) else _words(row)
            found.setdefault(slot.name, {})[row.owner] = f"{row.help}{allowed}"
    return MappingProxyType(
        {
            name: f"{'; '.join(dict.fromkeys(owners.values()))} ({_listed(owners)})"
            for name, owners in sorted(found.items())
        }
    )


def _listed(owners: Iterable[str]) -> str:
    names = list(owners)
    return ", ".join(names) if len(names) <= MOST_NAMES else f"{len(names)} methods, see stabcheck list"


def _words(row: Setting) -> str:
    return f": {', '.join(row.choices)}" if row.choices else ""


def with_game(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options for the parts of a game and for every hyperparameter.

    Args:
        command: takes `combination` and `given`, as `assemble` does, and options of its own.
    """
    return _with(command, {**_game_options(), **_value_options()})


def with_parts(command: Callable[..., None]) -> Callable[..., None]:
    """As `with_game`, and the options for a method."""
    return _with(patient(command), {**_game_options(), **_method_options(), **_value_options()})


def _with(command: Callable[..., None], made: Mapping[str, Any]) -> Callable[..., None]:
    signature = inspect.signature(command, eval_str=True)
    own = [p for p in signature.parameters.values() if p.name not in ("combination", "given")]
    keyword = inspect.Parameter.KEYWORD_ONLY
    options_made = [
        inspect.Parameter(name, keyword, default=None, annotation=annotation)
        for name, annotation in made.items()
    ]

    context = inspect.Parameter("context", keyword, annotation=typer.Context)

    @wraps(command)
    def wrapped(context: typer.Context, **options: Any) -> None:
        given = {
            name.removeprefix("value_"): options.pop(name)
            for name in list(options)
            if name.startswith("value_")
        }
        spelled = options.pop("assignments") or []
        parts = _once({name: options.pop(name, None) for name in ("game", "loss", "method")})
        inner, turns = options.pop("inner", None), options.pop("turns", None)
        if matrix := _matrix(options, parts.get("game")):
            parts["game"] = matrix
        if inner or turns or "method" in parts:
            parts["method"] = _chained([parts.get("method", "flow"), *(inner or ())], turns=bool(turns))
        combination = Combination(**parts, penalties=tuple(options.pop("reg") or ()))
        spelt = {word for p in (*options_made, *own) for word in _spelling(p)}
        listed = re.split("[,+]", ",".join(options.get(name) or "" for name in ("methods", "regs")))
        own_parts = has_files(replace(combination, penalties=(*combination.penalties, *listed)))
        named = _both(_once(given), _of_file(context.args, spelt, own=own_parts))
        said = _both(named, _assigned(spelled))
        typed = [p for p in own if getattr(context.get_parameter_source(p.name), "name", "") == "COMMANDLINE"]
        _refuse_shared({word for p in typed for word in _spelling(p)}, combination, said)
        command(combination=combination, given=said, **options)

    wrapped.__signature__ = inspect.Signature([context, *options_made, *own])  # type: ignore[attr-defined]
    return wrapped


def _refuse_shared(typed: Iterable[str], c: Combination, said: Iterable[str]) -> None:
    """Raises:
    BadInput: for an option of the command that may be meant for a hyperparameter of the same name.
    """
    names = {word[2:].replace("-", "_"): word for word in typed if word.startswith("--")}
    if not (names and has_files(c)):
        return
    for key in sorted(name for name in owned(c) if "." in name):
        owner, _, name = key.partition(".")
        if name in names and not {name, key} & set(said):
            what = f"{names[name]} is an option of the command, and {owner} has a {name}"
            raise BadInput(f"{what}; give that its value by --set {key}=VALUE, too")


def _matrix(options: dict[str, Any], game: str | None) -> str:
    """The game of a matrix that was typed; empty where none was.

    Raises:
        BadInput: if a game is named, too, or domains are without a matrix.
    """
    rows = _once({"matrix": options.pop("matrix", None)}).get("matrix")
    domains, discrete = options.pop("domain", None) or [], options.pop("discrete", None)
    if rows is None:
        if domains or discrete:
            raise BadInput("--domain and --discrete are for a --matrix; give one")
        return ""
    if game is not None:
        raise BadInput(f"--matrix is given, and --game {game[:30]}; give one")
    return spelled(rows, domains, discrete=bool(discrete))


def _chained(methods: list[str], *, turns: bool) -> str:
    """The chain of methods; taking turns is put around the innermost."""
    *outer, last = methods
    return ":".join([*outer, *(["alternating"] if turns else []), last])


def _texts(*names: str, help: str, **how: Any) -> Any:  # noqa: A002 (typer's own word)
    """An option that collects what it is given, so that a second value is seen and refused."""
    return Annotated[list[str] | None, typer.Option(*names, help=help, show_default=False, **how)]


def _game_options() -> dict[str, Any]:
    spelled = "a value spelled in full, gp.gamma=1; repeatable"
    return {
        "game": _texts("--game", help=f"the game, default dirac: {_names('game')}; FILE.toml, or {RUN}"),
        "loss": _texts(
            "--loss", help=f"its loss, default the game's own, else gan: {_names('loss')}; or {RUN}"
        ),
        "reg": _texts(
            "--reg", help=f"a penalty; repeatable, applied in order: none, {_names('penalty')}; or {RUN}"
        ),
        "matrix": _texts("--matrix", help="in place of a game, the field x' = A x: 0,-1;1,-gamma"),
        "domain": _texts("--domain", metavar="NAME=SIGN", help="where a name of the matrix lies: 'gamma=>0'"),
        "discrete": Annotated[
            bool | None, typer.Option("--discrete", help="the matrix is a map, x+ = A x", show_default=False)
        ],
        "assignments": _texts("--set", metavar="OWNER.NAME=VALUE", help=spelled),
    }


def _method_options() -> dict[str, Any]:
    inside = "the method inside lookahead, sga and the like; repeatable, outermost first"
    turns = "the players take turns in the method, in the innermost one of several"
    return {
        "method": _texts("--method", help=f"the operator, default flow: {_names('method')}; or {RUN}"),
        "inner": _texts("--inner", help=inside),
        "turns": Annotated[bool | None, typer.Option("--alternating", help=turns, show_default=False)],
    }


def _value_options() -> dict[str, Any]:
    return {
        f"value_{name}": _texts(f"--{name.replace('_', '-')}", help=text, metavar="VALUE")
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


def _of_file(arguments: Sequence[str], known: Iterable[str], *, own: bool) -> dict[str, str]:
    """Options that only a part from a file can have: `--b 1/2` or `--b=1/2`.

    Raises:
        BadInput: if no part is from a file, or an option has no value.
    """
    found: dict[str, str] = {}
    rest = iter(arguments)
    for argument in rest:
        name, equals, value = argument.partition("=")
        if not name.startswith("--") or not own:
            raise _unexpected(name[:40], known)
        found = _both(found, {name[2:].replace("-", "_"): value if equals else next(rest, "")})
    return found


def _unexpected(name: str, known: Iterable[str]) -> BadInput:
    if not name.startswith("-"):
        return BadInput(f"unexpected '{name}'; values follow their option, as --gamma 1")
    near = nearest_name(name.lstrip("-"), {word.lstrip("-") for word in known}, cutoff=0.6)
    hint = f"; did you mean --{near}?" if near else ";"
    return BadInput(f"No such option: {name}{hint} --help lists all")


def _spelling(option: inspect.Parameter) -> Iterator[str]:
    """How an option is typed."""
    for made in getattr(option.annotation, "__metadata__", ()):
        # typer keeps the first name, where there is an annotation, as a default.
        names = (made.default, *(made.param_decls or ()))
        yield from (word for text in names if isinstance(text, str) for word in text.split("/"))


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
