"""`stabcheck eigen`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import typer

from stabcheck.assemble import Combination, assemble
from stabcheck.cli.options import FORMATS, one_of
from stabcheck.cli.terminal import Exit, emit


def eigen(
    *,
    combination: Combination,
    given: Mapping[str, str],
    format_: Annotated[str, typer.Option("--format", help=", ".join(FORMATS))] = "text",
    check: Annotated[
        bool,
        typer.Option("--verify/--no-verify", help="Hold the result against autodiff and the literature."),
    ] = True,
    seed: Annotated[int, typer.Option("--seed", help="Seed of the random values in the verification.")] = 0,
) -> None:
    """Derive vector field, Jacobian, eigenvalues and verdict at the equilibrium.

    Numbers are read exactly: 1, 1/2, 0.1, 2e-3. What is left out stays a symbol.

    Examples:

      stabcheck eigen --reg gp --gamma 1

      stabcheck eigen --loss wgan --method altgd --h 1/10 --format json
    """
    one_of("format", format_, FORMATS)
    parts = assemble(combination, given)
    from stabcheck.restpoints import analysed

    result = analysed(parts)
    verification = result.verify(seed=seed) if check else None
    if format_ == "json":
        import json

        from stabcheck.report.data import as_data

        emit(json.dumps(as_data(result, verification), indent=2, allow_nan=False))
    elif format_ == "latex":
        from stabcheck.report.latex import fragment

        emit(fragment(result))
    elif format_ == "markdown":
        from stabcheck.report.markdown import page

        emit(page(result, verification))
    else:
        from stabcheck.report.text import plain

        emit(plain(result, verification))
    if verification is not None and verification.status == "disagrees":
        raise typer.Exit(Exit.DISAGREES)
