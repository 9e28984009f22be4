"""The application and its entry point."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import Annotated

import typer
from typer.exceptions import Abort, TyperException

from stabcheck.cli.auditing import audit
from stabcheck.cli.comparing import compare
from stabcheck.cli.eigen import eigen
from stabcheck.cli.listing import list_
from stabcheck.cli.new import new
from stabcheck.cli.options import with_game, with_parts
from stabcheck.cli.rest import rest
from stabcheck.cli.terminal import Exit, complain, emit
from stabcheck.cli.theorem import theorem
from stabcheck.cli.verifying import verify
from stabcheck.errors import StabcheckError
from stabcheck.formula import FormulaError


def build() -> typer.Typer:
    """The application with all its commands."""
    app = typer.Typer(
        help="Does this way of training this game converge, and how do we know?",
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    app.callback()(_root)
    extra = {"allow_extra_args": True, "ignore_unknown_options": True}
    app.command("eigen", context_settings=extra)(with_parts(eigen))
    app.command("compare", context_settings=extra)(with_game(compare))
    app.command("verify")(verify)
    app.command("theorem")(theorem)
    app.command("list")(list_)
    app.command("rest", context_settings=extra)(with_game(rest))
    app.command("audit", context_settings=extra)(with_parts(audit))
    app.command("new")(new)
    return app


def _versions(asked: bool) -> None:  # noqa: FBT001 (typer calls it with the option's value)
    if asked:
        packages = ("stabcheck", "sympy", "jax", "python-flint")
        emit(", ".join(f"{name} {version(name)}" for name in packages))
        raise typer.Exit(Exit.DONE)


def _root(
    *,
    versions: Annotated[
        bool,
        typer.Option(
            "--version",
            help="Versions of stabcheck and of what it computes with.",
            callback=_versions,
            is_eager=True,
        ),
    ] = False,
) -> None:
    """Does this way of training this game converge, and how do we know?"""
    del versions


def run(arguments: Sequence[str]) -> int:
    """Run a command line; the result is the exit code."""
    try:
        return int(
            build()(list(arguments) or ["--help"], prog_name="stabcheck", standalone_mode=False) or Exit.DONE
        )
    except (TyperException, StabcheckError) as refusal:
        text = refusal.format_message() if isinstance(refusal, TyperException) else str(refusal)
        complain(text, in_lines=isinstance(refusal, FormulaError))
        return Exit.BAD_INPUT
    except (Abort, KeyboardInterrupt):
        complain("interrupted")
        return Exit.INTERRUPTED


def main() -> None:
    """The console script."""
    sys.exit(run(sys.argv[1:]))
