"""The application and its entry point."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import Annotated

import typer
from typer.exceptions import Abort, TyperException

from stabcheck.cli.asking import TAKES_VALUES
from stabcheck.cli.atlas import atlas
from stabcheck.cli.auditing import audit
from stabcheck.cli.comparing import compare
from stabcheck.cli.deriving import derive, latex
from stabcheck.cli.eigen import eigen
from stabcheck.cli.listing import list_
from stabcheck.cli.new import new
from stabcheck.cli.options import with_game, with_parts
from stabcheck.cli.plot.motion import MOTION
from stabcheck.cli.plot.spectra import SPECTRA
from stabcheck.cli.plot.writing import with_look
from stabcheck.cli.rest import rest
from stabcheck.cli.terminal import Exit, complain, emit, patient
from stabcheck.cli.theorem import theorem
from stabcheck.cli.verifying import verify
from stabcheck.core.errors import BadInput, StabcheckError
from stabcheck.declare.file.formula import FormulaError
from stabcheck.declare.file.pythonfile import blamed


def build() -> typer.Typer:
    """The application with all its commands."""
    app = typer.Typer(
        help="Does this way of training this game converge, and how do we know?",
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    app.callback()(_root)
    app.command("eigen", **TAKES_VALUES)(with_parts(eigen))
    app.command("compare", **TAKES_VALUES)(with_game(patient(compare)))
    app.command("verify")(verify)
    app.command("theorem")(theorem)
    app.command("list")(list_)
    app.command("rest", **TAKES_VALUES)(with_game(rest))
    app.command("audit", **TAKES_VALUES)(with_parts(audit))
    app.command("new")(new)
    app.command("atlas")(atlas)
    app.add_typer(_plot(), name="plot")
    app.command("derive", **TAKES_VALUES)(with_parts(derive))
    app.command("latex", **TAKES_VALUES)(with_parts(latex))
    return app


PICTURES = {**MOTION, **SPECTRA}


def _plot() -> typer.Typer:
    group = typer.Typer()
    group.callback(invoke_without_command=True)(_picture)
    for name, command in PICTURES.items():
        given = with_game if name == "compare" else with_parts
        group.command(name, **TAKES_VALUES)(given(with_look(command)))
    return group


def _picture(context: typer.Context) -> None:
    """Draw a picture of a result: .svg, .pdf or .png by suffix, with its numbers as .csv."""
    if context.invoked_subcommand is None:
        raise BadInput(f"name a picture: {', '.join(PICTURES)}; stabcheck plot --help tells what they show")


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
    except (Exception, SystemExit) as failure:
        # A class from a person's own file may raise anything; what raises elsewhere is a bug of ours.
        if not (told := blamed(failure)):
            raise
        complain(told)
        return Exit.BAD_INPUT


def main() -> None:
    """The console script."""
    sys.exit(run(sys.argv[1:]))
