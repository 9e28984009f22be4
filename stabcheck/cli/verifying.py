"""`stabcheck verify`."""

from __future__ import annotations

import sys
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from stabcheck.cli.terminal import Exit, emit
from stabcheck.core.errors import BadInput
from stabcheck.declare.combination import FLOW, Combination
from stabcheck.declare.question import Question
from stabcheck.report.page import page_width
from stabcheck.study import combinations

if TYPE_CHECKING:
    from stabcheck.judge.verification import Verification

Row = tuple[Combination, "Verification"]
SHORT = {"not applicable": "n/a", "no equilibrium": "no rest"}
LABEL = 50
THIRD = {"literature", "hand derivation"}


def verify(
    game: Annotated[str | None, typer.Option(help="Only this game.")] = None,
    loss: Annotated[str | None, typer.Option(help="Only this loss.")] = None,
    reg: Annotated[str | None, typer.Option(help="Only this penalty, or none.")] = None,
    method: Annotated[str | None, typer.Option(help="Only this method.")] = None,
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="Every combination, not a covering sample.")
    ] = False,
    seed: Annotated[int, typer.Option(help="Seed of the random hyperparameter values.")] = 0,
) -> None:
    """Hold symbolic results against autodiff and the literature, over the registry.

    Without options, a sample in which every pair of a game, a loss and a penalty appears, with the
    methods dealt out in turn; with a part named, every combination that has it, with the games'
    default losses where no loss is named. A part may be FILE.py:Class, which runs the file, and a
    game FILE.toml. Exit code 1 if any disagrees.

    Examples:

      stabcheck verify

      stabcheck verify --reg gp --method altgd --seed 7

      stabcheck verify --game my_game.toml
    """
    only = combinations.resolved(game, loss, reg, method)
    named = any(name is not None for name in only)
    unnamed = combinations.every if everything else combinations.covering
    chosen = list(combinations.named(*only) if named else unnamed())
    if not chosen:
        raise BadInput(f"no combination has these parts: {combinations.NEEDS}")
    with typer.progressbar(chosen, label="verifying", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        results = [(c, _one(c, seed)) for c in bar]
    emit("\n".join(_report(results, seed)))
    if any(v.status == "disagrees" for _, v in results):
        raise typer.Exit(Exit.DISAGREES)


def _one(c: Combination, seed: int) -> Verification:
    from stabcheck.core.errors import NotAnEquilibrium, NotApplicable
    from stabcheck.judge.analysis import Analysis
    from stabcheck.judge.equilibria import rested_somewhere
    from stabcheck.judge.verification import Verification

    try:
        asked = rested_somewhere(Question.of(c))
        return Analysis(asked.game, asked.method).checked().verify(seed=seed)
    except NotApplicable as refusal:
        return Verification("not applicable", str(refusal))
    except NotAnEquilibrium as refusal:
        return Verification("no equilibrium", str(refusal))


def _report(results: Sequence[Row], seed: int) -> Iterator[str]:
    yield f"{'game, loss, penalty, method':<{LABEL}}matrix polyn.  status    by"
    for c, v in results:
        gaps = "".join(f"{'-' if g is None else f'{g:.2g}':>7}" for g in (v.matrix_gap, v.polynomial_gap))
        others = "".join(w[0].upper() for w in v.witnesses)
        label = " ".join((c.game, c.loss or "-", "+".join(c.penalties) or "none", c.method or FLOW))
        if len(label) >= LABEL:
            yield label
            label = ""
        yield f"{label:<{LABEL - 1}}{gaps}  {SHORT.get(v.status, v.status):<10}{others}"
    yield ""
    yield "by: the witnesses, Symbolic, Numeric, Literature, Hand derivation"
    yield f"gaps in units of rounding error, at random hyperparameter values; seed {seed}"
    counts = Counter(v.status for _, v in results)
    without = sum(v.status == "agrees" and not THIRD & set(v.witnesses) for _, v in results)
    yield ", ".join(f"{n} {status}" for status, n in counts.items()) + f"; {without} without a third witness"
    for reason, n in Counter(v.reason for _, v in results if v.reason != "all witnesses agree").items():
        yield from textwrap.wrap(f"{n} x {reason}", page_width(), subsequent_indent="    ")
