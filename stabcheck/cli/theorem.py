"""`stabcheck theorem`."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stabcheck.cli.options import one_of
from stabcheck.cli.terminal import emit
from stabcheck.core.number import matrix, number
from stabcheck.report.page import page_width

if TYPE_CHECKING:
    from stabcheck.verify.theorem import RealisableGAN

ROWS = "ROWS"


def theorem(
    *,
    k_dg: Annotated[
        str, typer.Option("--k-dg", metavar=ROWS, help="K_DG, a row per parameter of psi: 1,0;0,2")
    ],
    k_dd: Annotated[str, typer.Option("--k-dd", metavar=ROWS, help="K_DD, symmetric")],
    l_dd: Annotated[
        str | None, typer.Option("--l-dd", metavar=ROWS, help="L_DD, of a penalty; or none")
    ] = None,
    eta: Annotated[str, typer.Option("--eta", help="strength of the regulariser nk; 0 for none")] = "0",
    format_: Annotated[str, typer.Option("--format", help="text, json")] = "text",
) -> None:
    """What the published theorem says of a realisable GAN given by its matrices alone.

    Hypotheses, verdict and rate bounds, beside the exact spectrum. A matrix that begins with a
    minus sign is written with an equals sign: --k-dd=-1.

    Examples:

      stabcheck theorem --k-dg "1;2" --k-dd="-1,0;0,-2"

      stabcheck theorem --k-dg 2/3 --k-dd=0 --eta 1/2
    """
    one_of("format", format_, ("text", "json"))
    from stabcheck.declare.games.blocks import Blocks
    from stabcheck.verify.theorem import RealisableGAN

    penalty = () if l_dd is None else matrix("l_dd", l_dd)
    blocks = Blocks(matrix("k_dg", k_dg), matrix("k_dd", k_dd), penalty)
    gan = RealisableGAN(blocks, Fraction(number(eta)))
    emit(json.dumps(_data(gan), indent=2) if format_ == "json" else "\n".join(_text(gan)))


def _data(gan: RealisableGAN) -> dict[str, Any]:
    statement = gan.statement
    return {
        "source": statement.source,
        "hypotheses": [{"text": text, "holds": holds} for text, holds in statement.hypotheses],
        "verdict": "stable" if statement.applies else "the theorem says nothing",
        "bound_on_real_eigenvalues": statement.real,
        "bound_on_complex_eigenvalues": statement.oscillating,
        "eigenvalues": [
            {
                "value": {"re": e.value.real, "im": e.value.imag},
                "multiplicity": e.multiplicity,
                "bound": bound,
                "keeps_to_it": kept,
            }
            for e, bound, kept in gan.against()
        ],
    }


def _text(gan: RealisableGAN) -> Iterator[str]:
    statement = gan.statement
    yield from textwrap.wrap(f"theorem       {statement.source}", page_width(), subsequent_indent=" " * 18)
    for text, holds in statement.hypotheses:
        yield f"{'hypothesis':<14}{text}: {'yes' if holds else 'no'}"
    yield f"{'verdict':<14}{'stable' if statement.applies else 'the theorem says nothing'}"
    if statement.real is not None:
        yield f"{'bounds':<14}real eigenvalues <= {statement.real:.12g}"
        yield f"{'':<14}real parts of complex ones <= {statement.oscillating:.12g}"
    elif statement.applies:
        yield f"{'bounds':<14}none is published"
    yield f"{'exactly':<14}{'eigenvalue':<36}{'bound':<18}kept"
    for e, bound, kept in gan.against():
        value = f"{e.value.real:.12g}" + ("" if e.is_real else f" {e.value.imag:+.12g}i")
        shown = "-" if bound is None else f"{bound:.12g}"
        yield f"{'':<14}{value:<36}{shown:<18}{'-' if kept is None else 'yes' if kept else 'NO'}"
