"""The application and its entry point."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.exceptions import Abort, TyperException

from stabcheck.cli.terminal import Exit, complain, emit
from stabcheck.cli.verbs import Grouped, Verb, drawn, group, renamed
from stabcheck.core.errors import BadInput, StabcheckError

if TYPE_CHECKING:
    from typer._click.core import Command

PICTURES = {
    "Pictures": {
        "field": drawn("motion:field", "The vector field, with paths of the real method."),
        "trajectory": drawn("motion:trajectory", "A path beside the predicted rate."),
        "compare": drawn("motion:compare", "Penalties times methods, a path in each.", "game"),
        "spectrum": drawn("spectra:spectrum", "The eigenvalues in the complex plane."),
        "locus": drawn("spectra:locus", "How they move with one hyperparameter."),
        "region": drawn("region:region", "Where it is stable, over two hyperparameters."),
    }
}
VERBS = {
    "Ask": {
        "eigen": Verb("eigen:eigen", "Will it converge? Field, Jacobian, eigenvalues, verdict.", "parts"),
        "region": Verb("region:region", "Where is it stable, and what happens where that ends?", "parts"),
        "optimum": Verb("optimum:optimum", "Where is it fastest, and is that proved?", "parts"),
    },
    "Compare": {
        "compare": Verb("comparing:compare", "Methods by spectral radius, side by side.", "game"),
        "atlas": Verb("atlas:atlas", "The table of everything: games and penalties times methods."),
    },
    "Show": {
        "derive": Verb("deriving:derive", "The verdict step by step.", "parts"),
        "latex": Verb("deriving:latex", "The formulas in LaTeX, or a whole proof.", "parts"),
        "plot": Verb("", "Pictures: field, trajectory, spectrum, locus, region, compare."),
    },
    "Check": {
        "verify": Verb("verifying:verify", "Everything against autodiff and the literature."),
        "prove": Verb("prove:prove", "A claim about stability, by solvers or a counterexample.", "parts"),
        "theorem": Verb("theorem:theorem", "The theorem on realisable GANs, for matrices."),
        "audit": Verb("auditing:audit", "A field or formulas of yours against the losses.", "parts"),
    },
    "Bring": {
        "new": Verb("new:new", "Write a small game file to start from."),
        "list": Verb("listing:list_", "What there is: games, losses, penalties, methods."),
        "equilibria": Verb("equilibria:equilibria", "All real rest points of a polynomial game.", "game"),
    },
}
RENAMED = {"rest": renamed(VERBS["Bring"]["equilibria"], "equilibria")}
"""Names of before, which go with the next release."""


def build() -> Grouped:
    """The application with all its commands."""
    return group("stabcheck", _root, VERBS, {"plot": _plot, **RENAMED})


def _plot(name: str) -> Command:
    return group(name, _picture, PICTURES, invoke_without_command=True)


def _picture(context: typer.Context) -> None:
    """Draw a picture of a result: .svg, .pdf or .png by suffix, with its numbers as .csv."""
    if context.invoked_subcommand is None:
        names = ", ".join(PICTURES["Pictures"])
        raise BadInput(f"name a picture: {names}; stabcheck plot --help tells what they show")


def _version(package: str) -> str:
    """The version of a package, by the name of the folder in which an installer keeps what it knows of it."""
    stem = package.replace("-", "_")
    for folder in map(Path, sys.path):
        for distribution in folder.glob(f"{stem}-*.dist-info"):
            return distribution.name.removeprefix(f"{stem}-").removesuffix(".dist-info")
    # Elsewhere the library is asked, which takes as long as all the rest.
    from importlib.metadata import version

    return version(package)


def _versions(asked: bool) -> None:  # noqa: FBT001 (typer calls it with the option's value)
    if asked:
        packages = ("stabcheck", "sympy", "jax", "python-flint")
        emit(", ".join(f"{name} {_version(name)}" for name in packages))
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
    line = list(arguments) or ["--help"]
    try:
        return int(build()(line, prog_name="stabcheck", standalone_mode=False) or Exit.DONE)
    except (TyperException, StabcheckError) as refusal:
        text = refusal.format_message() if isinstance(refusal, TyperException) else str(refusal)
        complain(text, in_lines=getattr(refusal, "in_lines", False))
        return Exit.BAD_INPUT
    except (Abort, KeyboardInterrupt):
        complain("interrupted")
        return Exit.INTERRUPTED
    except (Exception, SystemExit) as failure:
        # A class from a person's own file may raise anything; what raises elsewhere is a bug of ours.
        from stabcheck.declare.file.pythonfile import blamed

        if not (told := blamed(failure)):
            raise
        complain(told)
        return Exit.BAD_INPUT


def main() -> None:
    """The console script."""
    sys.exit(run(sys.argv[1:]))
