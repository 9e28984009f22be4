"""`stabcheck rest`."""

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
from stabcheck.declare.combination import Assembly, Combination, assemble
from stabcheck.declare.starts import read
from stabcheck.report.page import aligned, page_width

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


def rest(
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

      stabcheck rest --game quadratic --a 1 --b 2 --d 1

      stabcheck rest --loss wgan --reg gp --gamma 1 --start theta=1,psi=1/2
    """
    one_of("format", format_, ("text", "json"))
    parts = assemble(combination, given)
    _refuse_open(parts)
    found = _all(parts) if start is None else _one(parts, start)
    if format_ == "json":
        emit(json.dumps(_data(parts, found), indent=2, allow_nan=False))
    else:
        emit("\n".join(_text(parts, found)))
    if not found.whole:
        raise KeyboardInterrupt


def _refuse_open(parts: Assembly) -> None:
    missing = [name for name in symbols(parts.game) if name not in parts.values]
    if missing:
        options = " ".join(f"--{name.replace('_', '-')} VALUE" for name in missing)
        raise BadInput(f"rest points are found for numbers only; give {options}")


def _all(parts: Assembly) -> Table:
    from stabcheck.judge.equilibria import GameWithEquilibrium, all_rest_points, with_values

    with share("solving v = 0") as told:
        found = all_rest_points(parts.game, parts.values, told)
    bound = with_values(parts.game, parts.values)
    results: list[Verdict] = []
    with suppress(KeyboardInterrupt, Abort), progress(found.joint, "points judged") as points:
        results += (_analysed(GameWithEquilibrium.at(bound, point)) for point in points)
    texts, shown = (tuple(tuple(map(write, point)) for point in found.points) for write in (str, _written))
    known = [*results, *[NOT_JUDGED] * (len(texts) - len(results))]
    continua = tuple(c.text(parts.game.names) for c in found.continua)
    return Table(
        parts.game.names, texts, shown, found.values, tuple(known), found.isolated, found.reason, continua
    )


def _one(parts: Assembly, text: str) -> Table:
    from stabcheck.judge.equilibria import with_equilibrium_near

    game = with_equilibrium_near(parts.game, parts.values, read(text))
    numbers = [getattr(e, "exact", e) for e in game.point]
    exact, shown = tuple(map(_said, numbers)), tuple(map(_written, numbers))
    return Table(parts.game.names, (exact,), (shown,), (tuple(map(float, game.point)),), (_analysed(game),))


def _said(number: Any) -> str:
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
    found = result.finding
    rate = result.rate
    return Verdict(found.verdict, found.reason, found.classification, rate)


def _data(parts: Assembly, found: Table) -> dict[str, Any]:
    return {
        "schema": 1,
        "game": parts.combination.game,
        "loss": parts.combination.loss,
        "penalties": list(parts.combination.penalties),
        "hyperparameters": dict(parts.given),
        "coordinates": list(found.names),
        "isolated": found.isolated,
        "reason": found.reason,
        "continua": list(found.continua),
        "points": [
            {
                "exact": list(point),
                "value": list(values),
                "verdict": result.word,
                "reason": result.reason,
                "classification": result.classification,
                _number(parts.game): result.rate,
            }
            for point, values, result in zip(found.points, found.values, found.results, strict=True)
        ],
    }


def _text(parts: Assembly, found: Table) -> Iterator[str]:
    at = ", ".join(f"{name} = {value}" for name, value in parts.given.items())
    if not found.points:
        known = "no real rest point" if found.isolated else found.reason
        yield f"{known}{f' at {at}' if at else ''}"
    else:
        yield from _columns(found, _number(parts.game).removeprefix("spectral_"))
        yield ""
        yield from textwrap.wrap(_caption(parts.game, f" at {at}" if at else ""), page_width())
        yield from _legend(found)
    for said in found.continua:
        yield from textwrap.wrap(
            f"and {said}" if found.points else said, page_width(), subsequent_indent="   "
        )


def _number(game: Game) -> str:
    """What is told of the eigenvalues at each rest point."""
    return "spectral_abscissa" if game.own_step is None else "spectral_radius"


def _caption(game: Game, at: str) -> str:
    if game.own_step is None:
        return f"rest points of the flow{at}; abscissa: the largest real part of an eigenvalue there"
    return f"fixed points of the map{at}; radius: the largest absolute value of an eigenvalue there"


def _columns(found: Table, number: str) -> Iterator[str]:
    """The table; coordinates that do not fit beside each other follow below."""
    numbers = ["", *(str(k + 1) for k in range(len(found.points)))]
    shown = [
        [name, *(_cell(p[k], v[k]) for p, v in zip(found.shown, found.values, strict=True))]
        for k, name in enumerate(found.names)
    ]
    rates = [result.rate for result in found.results]
    shown.append([number, *("-" if r is None else f"{r:.6g}" for r in rates)])
    shown.append(["verdict", *(result.word for result in found.results)])
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


def _legend(found: Table) -> Iterator[str]:
    for k, (point, result) in enumerate(zip(found.shown, found.results, strict=True)):
        long = [
            f"{name} = {text}"
            for name, text in zip(found.names, point, strict=True)
            if SHORT < len(text) <= LONGEST
        ]
        hidden = [name for name, text in zip(found.names, point, strict=True) if len(text) > LONGEST]
        if hidden:
            long.append(f"for {', '.join(hidden)} exactly see --format json")
        said = "; ".join([*long, *filter(None, [result.classification or result.reason])])
        yield from textwrap.wrap(f"{k + 1}: {said}", page_width(), subsequent_indent="   ")
