"""`stabcheck list`."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated, Any

import typer

from stabcheck.cli.helping import told
from stabcheck.cli.options import one_of
from stabcheck.cli.terminal import emit
from stabcheck.core.errors import BadInput, nearest_name
from stabcheck.core.hyper import Declaration, Hyper, Setting, hyper_fields, setting_fields
from stabcheck.declare import registry
from stabcheck.declare.cost import cost
from stabcheck.declare.methods.method import Operator
from stabcheck.declare.slots import option
from stabcheck.report.page import page_width

FORMATS = ("text", "json", "markdown")
PLURALS = {"games": "game", "losses": "loss", "penalties": "penalty", "methods": "method"}


def list_(
    kinds: Annotated[
        list[str] | None,
        typer.Argument(help="games, losses, penalties, methods, or a name; default all"),
    ] = None,
    format_: Annotated[str, typer.Option("--format", help=", ".join(FORMATS))] = "text",
) -> None:
    """Show games, losses, penalties and methods: formula, hyperparameters, source.

    Examples:

      stabcheck list

      stabcheck list penalties --format json

      stabcheck list altgd

      stabcheck list --format markdown
    """
    one_of("format", format_, FORMATS)
    declarations: dict[str, list[type[Declaration]]] = {}
    for asked in kinds or PLURALS:
        for kind, classes in _chosen(asked.lower()):
            declarations.setdefault(kind, []).extend(cls for cls in classes if cls not in declarations[kind])
    if format_ == "json":
        table = {kind: [_entry(cls) for cls in classes] for kind, classes in declarations.items()}
        emit(json.dumps(table, indent=2))
    else:
        rows = _page if format_ == "markdown" else _table
        emit("\n".join(line for kind, classes in declarations.items() for line in rows(kind, classes)))


def _chosen(asked: str) -> list[tuple[str, list[type[Declaration]]]]:
    """What a kind holds, or every declaration of a name, by kind.

    Raises:
        BadInput: for what is neither.
    """
    kinds = [plural for plural, kind in PLURALS.items() if asked in (plural, kind)]
    if kinds:
        return [(kind, list(registry.declarations(PLURALS[kind]).values())) for kind in kinds]
    namesakes = [(p, [registry.find(k, asked)]) for p, k in PLURALS.items() if k in registry.elsewhere(asked)]
    if not namesakes:
        names = [name for kind in registry.KINDS for name in registry.declarations(kind)]
        near = nearest_name(asked, (*PLURALS, *names))
        hint = f"did you mean '{near}'? " if near else ""
        raise BadInput(
            f"unknown kind '{asked[:40]}'; {hint}known: {', '.join(PLURALS)}, and the names in them"
        )
    return namesakes


def _entry(cls: type[Declaration]) -> dict[str, Any]:
    return {
        "name": cls.name,
        "aliases": list(cls.aliases),
        "formula": cls.formula,
        "hyperparameters": [
            {
                "name": row.name,
                "domain": row.domain.text,
                "default": None if row.default is None else str(row.default),
                "per_player": row.per_player,
                "help": row.help,
            }
            for _, row in hyper_fields(cls)
        ],
        "settings": [
            {"name": row.name, "choices": list(row.choices), "help": row.help}
            for _, row in setting_fields(cls)
        ],
        "source": cls.source,
        **({"cost": asdict(cost(cls()))} if issubclass(cls, Operator) else {}),
    }


def _table(kind: str, classes: list[type[Declaration]]) -> Iterator[str]:
    yield f"{kind}{' (costs of a step for two players)' if kind == 'methods' else ''}:"
    for cls in classes:
        names = " = ".join((cls.name, *cls.aliases))
        owned = [_option(row) for _, row in (*hyper_fields(cls), *setting_fields(cls))]
        title = f"  {names:<14}"
        if len(names) > 13:
            yield title
            title = " " * 16
        for indent, text in (
            (title, cls.formula),
            (" " * 16, f"options: {', '.join(owned)}" if owned else ""),
            (" " * 16, _costs(cls) if issubclass(cls, Operator) else ""),
            (" " * 16, cls.source),
        ):
            yield from textwrap.wrap(
                text, page_width(), initial_indent=indent, subsequent_indent=" " * 18, break_on_hyphens=False
            )
    yield ""


def _page(kind: str, classes: list[type[Declaration]]) -> Iterator[str]:
    """The same for a page of documentation, with what each option means."""
    yield f"## {kind.capitalize()}\n"
    for cls in classes:
        names = " = ".join(f"`{name}`" for name in (cls.name, *cls.aliases))
        yield f"### {names}\n"
        yield f"`{cls.formula}`  "
        yield cls.source + "\n"
        for _, row in (*hyper_fields(cls), *setting_fields(cls)):
            yield f"- `{option(row.name)}`: {told(row, ('g', 'd'))}"
        if issubclass(cls, Operator):
            yield f"- {_costs(cls)}"
        yield ""


def _option(row: Hyper | Setting) -> str:
    default = row.default if isinstance(row, Hyper) else None
    name = option(row.name)
    return name if default is None else f"{name} (default {default})"


def _costs(cls: type[Operator]) -> str:
    """What a step costs, around the default inner method where there is one."""
    price = cost(cls())
    asked = _asked(price.gradients, price.products)
    if price.solver:
        inside = _asked(price.inner_gradients, price.inner_products)
        asked = f"{asked}{' and ' if asked else ''}a {price.solver} solve of {inside} per iteration"
    kept = f"; keeps {_many(price.memory, 'vector')}" if price.memory else ""
    return f"costs {asked}{kept}"


def _asked(gradients: int, products: int) -> str:
    both = ((gradients, "gradient"), (products, "Hessian product"))
    return ", ".join(_many(count, name) for count, name in both if count)


def _many(count: int, name: str) -> str:
    return f"{count} {name}{'s' if count > 1 else ''}"
