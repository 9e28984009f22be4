"""`stabcheck equilibria`."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer
from typer.exceptions import Abort

from stabcheck.cli.options import one_of
from stabcheck.cli.terminal import emit, progress, share
from stabcheck.core.errors import BadInput, Undecidable
from stabcheck.core.hyper import symbols
from stabcheck.declare.combination import Combination, assemble
from stabcheck.declare.question import Question
from stabcheck.declare.slots import option
from stabcheck.declare.starts import read
from stabcheck.report.page import aligned, page_width
from stabcheck.study.row import part_names

if TYPE_CHECKING:
    from stabcheck.declare.games.game import Game
    from stabcheck.judge.equilibria import GameWithEquilibrium

SHORT, LONGEST = 12, 80


class Verdict(NamedTuple):
    """What the flow, or a map, does at a rest point, as `Finding` says it.

    Attributes:
        rate: the spectral abscissa, or of a map the spectral radius.
    """

    word: str
    reason: str
    classification: str = ""
    rate: float | None = None


NOT_JUDGED = Verdict("not judged", "interrupted")


class Table(NamedTuple):
    """The rest points of a game.

    Attributes:
        names: of the coordinates.
        points: each coordinate as text, exact.
        shown: the same for people.
        values: the same as floats.
        results: the flow at each.
        isolated: whether all of them are.
        reason: what is to be said where they are not.
        continua: those that are not, described.
    """

    names: tuple[str, ...]
    points: tuple[tuple[str, ...], ...]
    shown: tuple[tuple[str, ...], ...]
    values: tuple[tuple[float, ...], ...]
    results: tuple[Verdict, ...]
    isolated: bool = True
    reason: str = ""
    continua: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether every point was judged."""
        return NOT_JUDGED not in self.results


def equilibria(
    *,
    combination: Combination,
    given: Mapping[str, str],
    start: Annotated[
        str | None,
        typer.Option(
            "--start",
            metavar="X=0.1,...",
            help="search one rest point from here, by Newton; or 0.1,...",
        ),
    ] = None,
    format_: Annotated[str, typer.Option("--format", help="text, json")] = "text",
) -> None:
    """List all real rest points of a polynomial game, with the verdict on the flow at each.

    Every hyperparameter needs a number. The points are exact, and none is left out; sets of those
    that are not isolated are described. For other games, and for larger ones, a start leads to one
    rest point.

    Examples:

      stabcheck equilibria --game quadratic --a 1 --b 2 --d 1

      stabcheck equilibria --loss wgan --reg gp --gamma 1 --start theta=1,psi=1/2
    """
    one_of("format", format_, ("text", "json"))
    asked, typed = Question.of(combination, given), assemble(combination, given).given
    _refuse_open(asked)
    table = _all(asked) if start is None else _one(asked, start)
    if format_ == "json":
        emit(json.dumps(_data(asked, typed, table), indent=2, allow_nan=False))
    else:
        emit("\n".join(_text(asked, typed, table)))
    if not table.whole:
        raise KeyboardInterrupt


def _refuse_open(asked: Question) -> None:
    missing = [name for name in symbols(asked.game) if name not in asked.values]
    if missing:
        options = " ".join(f"{option(name)} VALUE" for name in missing)
        raise BadInput(f"rest points are found for numbers only; give {options}")


def _all(asked: Question) -> Table:
    from stabcheck.judge.equilibria import GameWithEquilibrium, all_rest_points, with_values

    with share("solving v = 0") as told:
        solutions = all_rest_points(asked.game, asked.values, told)
    bound = with_values(asked.game, asked.values)
    results: list[Verdict] = []
    with suppress(KeyboardInterrupt, Abort), progress(solutions.joint, "points judged") as points:
        results += (_analysed(GameWithEquilibrium.at(bound, point)) for point in points)
    texts, shown = (
        tuple(tuple(map(write, point)) for point in solutions.points) for write in (str, _written)
    )
    verdicts = [*results, *[NOT_JUDGED] * (len(texts) - len(results))]
    continua = tuple(c.text(asked.game.names) for c in solutions.continua)
    return Table(
        asked.game.names,
        texts,
        shown,
        solutions.values,
        tuple(verdicts),
        solutions.isolated,
        solutions.reason,
        continua,
    )


def _one(asked: Question, text: str) -> Table:
    from stabcheck.judge.equilibria import with_equilibrium_near

    game = with_equilibrium_near(asked.game, asked.values, read(text))
    numbers = [getattr(e, "exact", e) for e in game.point]
    exact, shown = tuple(map(_exact_text, numbers)), tuple(map(_written, numbers))
    return Table(asked.game.names, (exact,), (shown,), (tuple(map(float, game.point)),), (_analysed(game),))


def _exact_text(number: Any) -> str:
    return getattr(number, "text", None) or str(number)


def _written(number: Any) -> str:
    from stabcheck.symbolic.printing import terminal

    root = getattr(number, "root", None)
    return getattr(number, "text", None) or terminal(number) if root is None else terminal(root)


def _analysed(game: GameWithEquilibrium) -> Verdict:
    from stabcheck.declare.methods.flow import Flow
    from stabcheck.judge.analysis import Analysis
    from stabcheck.judge.equilibria import confirm

    try:
        confirm(game)
    except Undecidable as refusal:
        return Verdict("undecided", str(refusal))
    result = Analysis(game, game.own_step or Flow())
    finding = result.finding
    rate = result.rate
    return Verdict(finding.verdict, finding.reason, finding.classification, rate)


def _data(asked: Question, typed: Mapping[str, str], table: Table) -> dict[str, Any]:
    parts = part_names(asked)
    return {
        "schema": 1,
        "game": parts["game"],
        "loss": parts["loss"],
        "penalties": list(parts["penalties"]),
        "hyperparameters": dict(typed),
        "coordinates": list(table.names),
        "isolated": table.isolated,
        "reason": table.reason,
        "continua": list(table.continua),
        "points": [
            {
                "exact": list(point),
                "value": list(values),
                "verdict": result.word,
                "reason": result.reason,
                "classification": result.classification,
                _number(asked.game): result.rate,
            }
            for point, values, result in zip(table.points, table.values, table.results, strict=True)
        ],
    }


def _text(asked: Question, typed: Mapping[str, str], table: Table) -> Iterator[str]:
    at = ", ".join(f"{name} = {value}" for name, value in typed.items())
    if not table.points:
        absence = "no real rest point" if table.isolated else table.reason
        yield f"{absence}{f' at {at}' if at else ''}"
    else:
        yield from _columns(table, _number(asked.game).removeprefix("spectral_"))
        yield ""
        yield from textwrap.wrap(_caption(asked.game, f" at {at}" if at else ""), page_width())
        yield from _legend(table)
    for continuum in table.continua:
        yield from textwrap.wrap(
            f"and {continuum}" if table.points else continuum, page_width(), subsequent_indent="   "
        )


def _number(game: Game) -> str:
    """What is told of the eigenvalues at each rest point."""
    return "spectral_abscissa" if game.own_step is None else "spectral_radius"


def _caption(game: Game, at: str) -> str:
    if game.own_step is None:
        return f"rest points of the flow{at}; abscissa: the largest real part of an eigenvalue there"
    return f"fixed points of the map{at}; radius: the largest absolute value of an eigenvalue there"


def _columns(table: Table, number: str) -> Iterator[str]:
    """The table; coordinates that do not fit beside each other follow below."""
    numbers = ["", *(str(k + 1) for k in range(len(table.points)))]
    shown = [
        [name, *(_cell(p[k], v[k]) for p, v in zip(table.shown, table.values, strict=True))]
        for k, name in enumerate(table.names)
    ]
    rates = [result.rate for result in table.results]
    shown.append([number, *("-" if r is None else f"{r:.6g}" for r in rates)])
    shown.append(["verdict", *(result.word for result in table.results)])
    for block in _fitting(shown, page_width() - max(map(len, numbers))):
        yield from aligned([*zip(numbers, *block, strict=True)], ">")


def _fitting(columns: Sequence[list[str]], width: int) -> Iterator[list[list[str]]]:
    """The columns in blocks that fit into a width."""
    block: list[list[str]] = []
    used = 0
    for column in columns:
        needed = 2 + max(map(len, column))
        if block and used + needed > width:
            yield block
            block, used = [], 0
        block.append(column)
        used += needed
    yield block


def _cell(exact: str, value: float) -> str:
    return exact if len(exact) <= SHORT else f"{value:.8g}"


def _legend(table: Table) -> Iterator[str]:
    for k, (point, result) in enumerate(zip(table.shown, table.results, strict=True)):
        long = [
            f"{name} = {text}"
            for name, text in zip(table.names, point, strict=True)
            if SHORT < len(text) <= LONGEST
        ]
        hidden = [name for name, text in zip(table.names, point, strict=True) if len(text) > LONGEST]
        if hidden:
            long.append(f"for {', '.join(hidden)} exactly see --format json")
        legend = "; ".join([*long, *filter(None, [result.classification or result.reason])])
        yield from textwrap.wrap(f"{k + 1}: {legend}", page_width(), subsequent_indent="   ")
