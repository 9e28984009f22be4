"""`stabcheck atlas`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stabcheck.cli.options import FORMATS, one_of
from stabcheck.cli.output import Force, Out, deliver, tell
from stabcheck.core.errors import BadInput
from stabcheck.core.files import ready
from stabcheck.study import combinations

if TYPE_CHECKING:
    from stabcheck.declare.question import Question

ALL_FORMATS = (*FORMATS, "csv")
TABLES = ("everything", "convergence", "methods")
MOST_JOBS = 256
CGD = ("simgd", "lcgd", "sga", "ogda", "cgd")
"""The methods of the comparison that Schäfer & Anandkumar 2019 draw on alpha x y, at these couplings:"""
COUPLINGS = ("1", "3", "6")


def atlas(
    game: Annotated[str | None, typer.Option(help="Only this game; it meets penalties, too.")] = None,
    loss: Annotated[str | None, typer.Option(help="Only this loss, not the games' default ones.")] = None,
    reg: Annotated[str | None, typer.Option(help="Only this penalty, or none.")] = None,
    method: Annotated[str | None, typer.Option(help="Only this method.")] = None,
    *,
    table: Annotated[str, typer.Option(help=", ".join(TABLES))] = "everything",
    format_: Annotated[str, typer.Option("--format", help=", ".join(ALL_FORMATS))] = "text",
    out: Out = None,
    force: Force = False,
    jobs: Annotated[
        int | None,
        typer.Option(help="Processes that derive, by default one per core.", metavar="N", show_default=False),
    ] = None,
    cache: Annotated[
        Path | None,
        typer.Option(help="Keep derived rows there, not where STABCHECK_CACHE says.", metavar="DIR"),
    ] = None,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Derive every row, keep none.")] = False,
) -> None:
    """Derive the table of everything: games plain and penalties on the Dirac-GAN, times methods.

    Rows are kept on disk and derived again when stabcheck, SymPy or a game file change. A game may be
    FILE.toml, and a part FILE.py:Class, which runs the file; then no rows are kept. `--table convergence`
    derives the table of Mescheder, Geiger & Nowozin 2018, `--table methods` that of the CGD paper.

    Examples:

      stabcheck atlas --reg gp

      stabcheck atlas --game bilinear --format markdown --out bilinear.md

      stabcheck atlas --table convergence
    """
    one_of("format", format_, ALL_FORMATS)
    one_of("table", table, TABLES)
    only = (game, loss, reg, method)
    if out is not None:
        ready(out, (), force=force)
    if table == "everything":
        text = _everything(only, _folder(cache, no_cache=no_cache), _processes(jobs), format_)
    elif any(part is not None for part in only):
        raise BadInput(f"--table {table} has its own parts; leave --game, --loss, --reg, --method out")
    else:
        text = _special(table, format_)
    deliver(text, out, force=force)


def _everything(only: combinations.Only, folder: Path | None, jobs: int, format_: str) -> str:
    from stabcheck.core.cache import Cache
    from stabcheck.report.atlas import FORMATS
    from stabcheck.study.atlas import derive, questions

    chosen = questions(*combinations.resolved(*only))
    if not chosen:
        raise BadInput(f"no row has these parts: {combinations.NEEDS}")
    kept = None if folder is None else Cache(folder)
    with typer.progressbar(
        length=len(chosen), label="deriving", file=sys.stderr, hidden=not _shows_progress()
    ) as bar:
        derived = derive(chosen, kept, jobs=jobs, progress=bar.update)
    for note in derived.notes:
        tell(note)
    return FORMATS[format_](derived.rows)


def _shows_progress() -> bool:
    """A bar needs a terminal that moves its cursor."""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def _folder(cache: Path | None, *, no_cache: bool) -> Path | None:
    """Where rows are kept: as said, as the environment says, or with the user's other caches."""
    from stabcheck.core.cache import default_folder

    if no_cache and cache is not None:
        raise BadInput("--cache and --no-cache exclude each other; give one")
    return None if no_cache else cache or default_folder()


def _processes(jobs: int | None) -> int:
    if jobs is None:
        return _cores()
    if not 1 <= jobs <= MOST_JOBS:
        raise BadInput(f"--jobs must be a number from 1 to {MOST_JOBS}, not {jobs}")
    return jobs


def _cores() -> int:
    """Those that this process may use."""
    allowed: Callable[[int], set[int]] | None = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def couplings() -> dict[str, list[Question]]:
    """The comparison of Schäfer & Anandkumar 2019, by coupling."""
    from stabcheck.declare.combination import Combination
    from stabcheck.declare.question import Question

    rows = [Combination("bilinear", method=method) for method in CGD]
    return {f"alpha = {a}": [Question.of(row, {"alpha": a}) for row in rows] for a in COUPLINGS}


def _special(table: str, format_: str) -> str:
    from stabcheck.report.atlas import TABLE_FORMATS, convergence_table, methods_table

    if table == "convergence":
        from stabcheck.study.convergence import convergence

        return TABLE_FORMATS[format_](convergence_table(convergence()))
    from stabcheck.study.compare import compare

    return TABLE_FORMATS[format_](methods_table(compare(couplings())))
