"""What every view says about a result, besides its formulas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from fractions import Fraction
from itertools import groupby
from typing import Any, NamedTuple

from stabcheck.core import hyper
from stabcheck.core.errors import Undecidable
from stabcheck.core.hyper import Declaration
from stabcheck.declare.building import choice_text
from stabcheck.declare.games.game import Game, unwrapped
from stabcheck.declare.games.gan import GAN
from stabcheck.declare.losses.loss import named
from stabcheck.declare.methods.cycle import Cycle
from stabcheck.declare.methods.method import Operator
from stabcheck.declare.spelling import opened, spelled
from stabcheck.judge.analysis import Analysis
from stabcheck.judge.equilibria import GameWithEquilibrium
from stabcheck.judge.result import Result
from stabcheck.symbolic.balls import nearest
from stabcheck.symbolic.coordinates import Coordinate
from stabcheck.symbolic.intervals import End, Interval
from stabcheck.symbolic.unevaluated import Mean

SMALL = 10**6
"""The largest denominator of a fraction that people write."""
IN_BINARY = "no short decimal, so read as the binary fraction that the float is"
"""Of numbers that a declaration has in floating point."""


class Setting(NamedTuple):
    """The declarations that a result is about.

    Attributes:
        game: without its penalties.
        loss: `None` for a game that is no GAN.
        penalties: in the order applied.
        methods: the operator, and those inside it.
    """

    game: Game
    loss: Declaration | None
    penalties: tuple[Declaration, ...]
    methods: tuple[Declaration, ...]


def setting_of(result: Result) -> Setting:
    """The declarations in a result."""
    plain, penalties = unwrapped(
        result.game.game if isinstance(result.game, GameWithEquilibrium) else result.game
    )
    loss = named(plain.loss) if isinstance(plain, GAN) else None
    return Setting(plain, loss, penalties, tuple(hyper.preorder(result.operator)))


def question(result: Result) -> str:
    """What was asked in one line, `dirac + gp(gamma=1) | altgd(h=1/10)`."""
    game = result.game.game if isinstance(result.game, GameWithEquilibrium) else result.game
    values = {n: rational(v) if isinstance(v, float) else v for n, v in result.values.items()}
    return str(spelled(*opened(game, result.operator, values)))


def rational(value: float) -> Fraction:
    """The fraction of a small denominator that has this float, else the decimal that the float shows."""
    simple = Fraction(value).limit_denominator(SMALL)
    return simple if float(simple) == value else Fraction(repr(value))


def title(result: Analysis) -> str:
    """Game, loss, penalties and method in a few words."""
    setting = setting_of(result)
    game = setting.game.label if setting.loss is None else f"{setting.game.label} ({setting.loss.label})"
    return f"{' + '.join([game, *(p.label for p in setting.penalties)])} under {result.operator.chain}"


def hyperparameters(result: Result) -> dict[str, str]:
    """Every value that was chosen and is no default, as text."""
    declared = [part for whole in (result.game, result.operator) for part in hyper.preorder(whole)]
    choices = [(part, *pair) for part in declared for pair in _chosen(part, result.game.players)]
    choices = [(_numbered(part, declared), name, text) for part, name, text in choices]
    shared = Counter(name for _, name, _ in choices)
    chosen = {f"{owner}.{name}" if shared[name] > 1 else name: text for owner, name, text in choices}
    return chosen | {name: str(value) for name, value in result.values.items()}


def _numbered(part: Declaration, declared: Sequence[Declaration]) -> str:
    """The label of a part; of several in a cycle that differ in their values alone, which of them it is."""
    alike = [other for other in declared if other.label == part.label]
    return (
        part.label
        if len(alike) == 1
        else f"{part.label}-{[other is part for other in alike].index(True) + 1}"
    )


def _chosen(part: Declaration, players: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    rows = dict(hyper.hyper_fields(type(part)))
    choices = dict(hyper.setting_fields(type(part)))
    for field in fields(part):
        value = getattr(part, field.name)
        row = rows.get(field.name)
        # A count that is not 1 shapes the formulas, so it is told even where nobody chose it.
        told = row is not None and row.domain.whole and value != 1
        if (value == field.default and not told) or (row is not None and isinstance(value, str)):
            continue
        if field.name in rows and isinstance(value, tuple):
            named_values = zip(players, value, strict=True)
            name = rows[field.name].name
            yield from ((f"{name}_{p}", str(v)) for p, v in named_values if not isinstance(v, str))
        elif field.name in rows:
            yield rows[field.name].name, str(value)
        elif field.name in choices:
            yield choices[field.name].name, choice_text(choices[field.name], value, players)


def summary(result: Result) -> list[tuple[str, str]]:
    """Game and method, a line each, and the values that hold here."""
    setting = setting_of(result)
    lines = [(_kind(setting.game), setting.game.described if setting.game.stated else setting.game.label)]
    if setting.loss is not None:
        lines.append(("loss", setting.loss.described))
    if isinstance(result.game, GameWithEquilibrium):
        balls = coordinates(result) if isinstance(result, Analysis) else {}
        named_here = ", ".join(f"{name} = {ball}" for name, ball in balls.items())
        lines.append(("rest point", f"found, not declared{f': {named_here}' if named_here else ''}"))
    lines += [("penalty", p.described) for p in setting.penalties]
    lines += [(title, f"{m.described}{_called(m)}") for title, m in titled(result.operator)]
    return lines


def caveats(result: Analysis) -> list[str]:
    """What of the methods' linearisation does not hold in training, once each."""
    caveats = (part.caveat for part in hyper.preorder(result.operator) if isinstance(part, Operator))
    return [f"{text}." for text in dict.fromkeys(caveats) if text]


def titled(part: Declaration, title: str = "method") -> Iterator[tuple[str, Declaration]]:
    """A method and those inside it, each with what it is there; equal turns that follow each other once."""
    yield title, part
    values = (getattr(part, field.name) for field in fields(part))
    inside = [e for v in values for e in (v if isinstance(v, tuple) else (v,)) if isinstance(e, Declaration)]
    done = 0
    for inner, equal in groupby(inside):
        first, done = done + 1, done + len(list(equal))
        turns = f"turn {first}" if first == done else f"turns {first}-{done}"
        yield from titled(inner, turns if isinstance(part, Cycle) else "inside it")


def _called(part: Declaration) -> str:
    """The letters of a formula that stand under other names here."""
    pairs = ((row.name, getattr(part, field)) for field, row in hyper.hyper_fields(type(part)))
    other = [f"{name} = {value}" for name, value in pairs if isinstance(value, str) and value != name]
    return f"; here {', '.join(other)}" if other else ""


def _kind(game: Game) -> str:
    """What it is, in a word."""
    return "game" if game.has_losses else "field" if game.own_step is None else "map"


def conventions(result: Analysis) -> str:
    """Order of the players, sign of the field, and what the strengths multiply."""
    text = signs(result)
    for penalty in setting_of(result).penalties:
        text += f"; {penalty.described}"
    return text


def signs(result: Result) -> str:
    """Order of the players and sign of the field."""
    setting = setting_of(result)
    state = ", ".join(setting.game.variables)
    if setting.game.own_step is not None:
        return f"state ({state}); the map x+ = F(x) is given as such"
    text = f"state ({state}), one block per player in that order; "
    if not setting.game.has_losses:
        return f"{text}the field x' = v(x) is given as such, without losses"
    text += "each player minimises its own loss L_i and v = (-dL_i/dx_i)"
    if setting.loss is not None:
        text += "; generator first, D is high on generated samples"
    return text


def multiplicity(count: int) -> str:
    """`simple`, `double`, `triple` or `17-fold`."""
    return {1: "simple", 2: "double", 3: "triple"}.get(count, f"{count}-fold")


def per_cycle(result: Result) -> str:
    """What a spectral radius is the factor of, where that is not one step."""
    period = result.operator.period
    return f" per cycle of {period} steps" if period > 1 else ""


def directions(result: Analysis, write: Callable[[Any], str]) -> str:
    """The manifold of equilibria in one sentence."""
    shown = ", ".join(f"({', '.join(map(write, row))})" for row in result.manifold)
    count = len(result.manifold)
    shape = "a line" if count == 1 else f"a manifold of dimension {count}"
    lies = f"the equilibrium lies on {shape} of them, along {shown}; verdicts are those across it"
    if len(result.general.along) == count or result.conditions is None:
        return lies
    return f"here {lies}, while the general conditions ask for all directions"


def named_numbers(result: Analysis) -> list[Coordinate]:
    """What formulas name of the equilibrium: its coordinates, and functions of these in the Jacobian."""
    inside = result.jacobian.atoms(Coordinate) if result.jacobian is not None else set()
    named_here = {e for e in result.model.equilibrium if isinstance(e, Coordinate)} | inside
    return sorted(named_here, key=lambda c: c.index)


def coordinates(result: Analysis) -> dict[str, str]:
    """The certified ball that holds each of `named_numbers`."""
    return {
        c.name: f"{f'{c.meaning} = ' if c.meaning else ''}{c.enclosure().real.str(15)}"
        for c in named_numbers(result)
    }


def mean_values(result: Analysis) -> dict[str, str]:
    """The means that are numbers here: the certified ball that holds each, or why there is none."""
    means = {str(s): result.germ[s.name] for s in result.model.means}
    return {name: _enclosed(mean) for name, mean in means.items() if isinstance(mean, Mean)}


def _enclosed(mean: Mean) -> str:
    try:
        return f"{mean.enclosure().real.str(17)}, in a ball: no moment gives it"
    except Undecidable as refusal:
        return f"(not known: {refusal})"


def stretches(result: Analysis, write: Callable[[Any], str]) -> str:
    """Where it is stable in one open name; empty where the conditions say it as shortly."""
    where, conditions = result.stable_stretch, result.conditions_here or ()
    if (
        where is None
        or not where.intervals
        or (len(conditions) == 1 and _is_line(conditions[0], where.symbol))
    ):
        return ""
    return " or ".join(_between(write(where.symbol), interval, write) for interval in where.intervals)


def _is_line(condition: Any, symbol: Any) -> bool:
    return condition.as_poly(symbol).degree() == 1


def _between(name: str, interval: Interval, write: Callable[[Any], str]) -> str:
    exact = _ordered(name, interval, lambda end: decimals(end) if end.exact is None else write(end.exact))
    rounded = _ordered(name, interval, decimals)
    ends = [end for end in (interval.low, interval.high) if end is not None]
    if rounded == exact or all(end.exact is None or end.exact.is_Rational for end in ends):
        return exact
    return f"{exact} = {decimals(ends[-1])}" if len(_rough(ends)) == 1 else f"{exact} ({rounded})"


def _rough(ends: Sequence[End]) -> list[End]:
    """The ends of which the decimals are news; if the last alone, they follow it."""
    irrational = [end for end in ends if end.exact is not None and not end.exact.is_Rational]
    return irrational if irrational == [ends[-1]] else [*irrational, *irrational]


def _ordered(name: str, interval: Interval, write: Callable[[End], str]) -> str:
    low, high = interval.low, interval.high
    if low is None:
        return f"every {name}" if high is None else f"{name} {'<=' if high.included else '<'} {write(high)}"
    if high is None:
        return f"{name} {'>=' if low.included else '>'} {write(low)}"
    signs = ("<=" if low.included else "<", "<=" if high.included else "<")
    return f"{write(low)} {signs[0]} {name} {signs[1]} {write(high)}"


def decimals(end: End) -> str:
    """Twelve digits of an end."""
    return f"{nearest(end.ball):.12g}"
