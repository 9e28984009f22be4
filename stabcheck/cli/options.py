"""The options of the commands for the parts of a question."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import wraps
from typing import Annotated, Any

import typer

from stabcheck.cli.terminal import patient, tell
from stabcheck.cli.values import Typed, assigned, both, named, once, texts_by_option, typed, unexpected
from stabcheck.core.errors import BadInput, unknown
from stabcheck.declare.combination import (
    Combination,
    UnknownName,
    every_part,
    every_player,
    has_files,
    places,
)
from stabcheck.declare.file.matrixgame import spelled
from stabcheck.declare.line import Line, is_question
from stabcheck.declare.renamed import maybe_old, renewed
from stabcheck.declare.slots import option, slots

NAMING = ("--game", "--matrix", "--loss", "--reg", "--method", "--inner", "--alternating")
FORMATS = ("text", "json", "latex", "markdown")


def with_game(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options for the parts of a game; values for hyperparameters need none.

    Args:
        command: takes `combination` and `given`, as `assemble` does, and options of its own.
    """
    return _with(command, _game_options())


def with_parts(command: Callable[..., None]) -> Callable[..., None]:
    """As `with_game`, and the options for a method."""
    return _with(patient(command), {**_game_options(), **_method_options()})


def _with(command: Callable[..., None], made: Mapping[str, Any]) -> Callable[..., None]:
    signature = inspect.signature(command, eval_str=True)
    own = [p for p in signature.parameters.values() if p.name not in ("combination", "given")]
    keyword = inspect.Parameter.KEYWORD_ONLY
    options_made = [
        inspect.Parameter(name, keyword, default=None, annotation=annotation)
        for name, annotation in made.items()
    ]
    spelt = {word for p in (*options_made, *own) for word in _spelling(p)}
    context = inspect.Parameter("context", keyword, annotation=typer.Context)

    @wraps(command)
    def wrapped(context: typer.Context, **options: Any) -> None:
        values, question = typed(context), _question(context, spelt, "method" in made)
        given = both(once(values), assigned(options.pop("assignments") or []))
        combination = combination_of(options)
        if question is not None:
            combination, given = question.combination, both(question.given(), given)
        _refuse_bare(values, combination, spelt)
        given = today(given, combinations(texts_by_option(context), combination))
        chosen = [
            p for p in own if getattr(context.get_parameter_source(p.name), "name", "") == "COMMANDLINE"
        ]
        _refuse_shared({word for p in chosen for word in _spelling(p)}, combination, given)
        try:
            command(combination=combination, given=given, **options)
        except UnknownName as refusal:
            raise _no_option(refusal, values, spelt) from None

    wrapped.__signature__ = inspect.Signature([context, *options_made, *own])  # pyright: ignore[reportAttributeAccessIssue]
    return wrapped


def _question(context: typer.Context, spelt: Collection[str], takes_method: bool) -> Line | None:  # noqa: FBT001
    """The question that stands in the place of options, where one does.

    Raises:
        BadInput: for a word that is none, and for parts that are named twice.
    """
    if not context.args:
        return None
    text, *others = context.args
    if others or not is_question(text):
        raise unexpected(others[0] if others else text, spelt)
    if named := [option for option in NAMING if option in texts_by_option(context)]:
        raise BadInput(f"the question names the parts; leave {', '.join(named)} out")
    question = Line.parse(text)
    if question.method and not takes_method:
        raise BadInput("a question of this command has no method; leave '|' and what follows out")
    return question


def combination_of(options: dict[str, Any]) -> Combination:
    """The parts that were chosen, taken out of the options."""
    chosen = _once({name: options.pop(name, None) for name in ("game", "loss", "method")})
    inner, turns = options.pop("inner", None), options.pop("turns", None)
    if matrix := _matrix(options, chosen.get("game")):
        chosen["game"] = matrix
    if inner or turns or "method" in chosen:
        chosen["method"] = _chained([chosen.get("method", "flow"), *(inner or ())], turns=bool(turns))
    return Combination(**chosen, penalties=tuple(options.pop("reg", None) or ()))


def combinations(
    values: Mapping[str, Sequence[str]], base: Combination | None = None
) -> Iterator[Combination]:
    """Each combination of parts that a command line speaks of, from the words behind its options."""
    options: dict[str, Any] = {
        "turns" if word == "--alternating" else word[2:]: list(texts) or True
        for word, texts in values.items()
    }
    base = combination_of(options) if base is None else base
    regs = [name for name in re.split("[,+]", ",".join(values.get("--regs", ()))) if name.strip()]
    base = replace(base, penalties=tuple(dict.fromkeys((*base.penalties, *map(str.strip, regs)))))
    methods = [name.strip() for text in values.get("--methods", ()) for name in text.split(",")]
    return (replace(base, method=method) for method in methods or [base.method])


def _refuse_bare(values: Sequence[Typed], c: Combination, spelt: Collection[str]) -> None:
    """Raises:
    BadInput: for a name behind which no value is.
    """
    for word in (value.word for value in values if value.value is None):
        registered = [slot for part in every_part() for slot in slots(part, every_player())]
        names = {name for slot in (*places(c), *registered) for name in (*slot.names, *slot.keys)}
        if named(word[2:]) in names:
            raise BadInput(f"{word} needs a value, as {word} 1")
        raise unexpected(word, {*spelt, *names})


def today(given: Mapping[str, str], chosen: Iterable[Combination]) -> Mapping[str, str]:
    """What was given by today's names; an old one is told."""
    if not any(map(maybe_old, given)):
        return given
    current, notes = renewed(given, [slot for c in chosen for slot in places(c)])
    for note in notes:
        tell(f"stabcheck: {note}")
    return current


def _no_option(refusal: UnknownName, values: Sequence[Typed], spelt: Collection[str]) -> BadInput:
    """The refusal of a name that nothing has, in the words in which it was typed."""
    spellings = [value.word for value in values if value.name == refusal.name]
    if not spellings:
        return refusal
    refused = unexpected(spellings[0], {*spelt, *refusal.choices})
    return BadInput(f"{str(refused).removesuffix('--help lists all')}{refusal.having}")


def _refuse_shared(spellings: Iterable[str], c: Combination, given: Collection[str]) -> None:
    """Raises:
    BadInput: for an option of the command that may be meant for a hyperparameter of the same name.
    """
    names = {named(word[2:]): word for word in spellings if word.startswith("--")}
    if not (names and has_files(c)):
        return
    for slot in places(c):
        if slot.name in names and not any(map(slot.meant, given)):
            what = f"{names[slot.name]} is an option of the command, and {slot.row.owner} has a {slot.name}"
            raise BadInput(f"{what}; give that its value by --{slot.key} VALUE, too")


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
    file = "FILE.py:Class"
    return {
        "game": _texts("--game", metavar="NAME", help=f"default dirac; or FILE.toml, {file}"),
        "loss": _texts("--loss", metavar="NAME", help=f"its loss, default gan; or {file}"),
        "reg": _texts("--reg", metavar="NAME", help=f"a penalty; repeatable, in order; or {file}"),
        "matrix": _texts("--matrix", metavar="ROWS", help="in place of a game, x' = A x: 0,-1;1,-gamma"),
        "domain": _texts("--domain", metavar="NAME=SIGN", help="where its names lie: 'gamma=>0'"),
        "discrete": Annotated[
            bool | None, typer.Option("--discrete", help="the matrix is a map, x+ = A x", show_default=False)
        ],
        "assignments": _texts("--set", metavar="NAME=VALUE", help="the same as --NAME VALUE; repeatable"),
    }


def _method_options() -> dict[str, Any]:
    turns = "the players take turns in the (innermost) method"
    return {
        "method": _texts("--method", metavar="NAME", help="default flow; lookahead:altgd; FILE.py:Class"),
        "inner": _texts("--inner", metavar="NAME", help="the method inside; repeatable, outermost first"),
        "turns": Annotated[bool | None, typer.Option("--alternating", help=turns, show_default=False)],
    }


def _once(given: dict[str, list[str] | None]) -> dict[str, str]:
    for name, texts in given.items():
        if texts and len(texts) > 1:
            raise BadInput(f"{option(name)} is given {len(texts)} values; give one")
    return {name: texts[0] for name, texts in given.items() if texts}


def _spelling(parameter: inspect.Parameter) -> Iterator[str]:
    """How an option is typed."""
    for made in getattr(parameter.annotation, "__metadata__", ()):
        # typer keeps the first name, where there is an annotation, as a default.
        names = (made.default, *(made.param_decls or ()))
        yield from (word for text in names if isinstance(text, str) for word in text.split("/"))


def one_of(kind: str, text: str, choices: tuple[str, ...]) -> str:
    """The text itself if it is among the choices.

    Raises:
        BadInput: if not, with the nearest of them.
    """
    if text not in choices:
        raise unknown(kind, text, choices)
    return text
