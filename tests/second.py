"""The second statement of what is declared: names and values handed to `tests.reference`."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from stabcheck.core import hyper
from stabcheck.declare import registry
from stabcheck.declare.games.game import Game, unwrapped
from stabcheck.declare.games.gan import GAN
from stabcheck.declare.methods.method import Operator
from tests.reference import games
from tests.reference.chains import METHODS
from tests.reference.losses import LOSSES
from tests.reference.penalties import PENALTIES
from tests.reference.statement import Drifts, Meaningless, Statement, Unstated

Step = Callable[[Statement], np.ndarray]


class Outcome(NamedTuple):
    """What becomes of a game under a method.

    Attributes:
        kind: `matrix`, `moves` where the point is no equilibrium, `kink`, `drifts` where the method
            leaves the equilibrium, `meaningless` together; `unstated` where nothing is said.
        numbers: the matrix; of a drift, what the method follows.
    """

    kind: str
    numbers: Any = None


def fields(part: hyper.Declaration, values: Mapping[str, Any]) -> dict[str, Any]:
    """What a declaration is made of besides other declarations, its hyperparameters as floats."""
    rows = dict(hyper.hyper_fields(type(part)))
    found = {field.name: getattr(part, field.name) for field in dataclasses.fields(part)}
    inside = {name for name, value in found.items() if any(_declared(v) for v in _each(value))}
    return {
        name: _number(rows[name], value, values) if name in rows else value
        for name, value in found.items()
        if name not in inside
    }


def _declared(value: Any) -> bool:
    return isinstance(value, hyper.Declaration)


def _each(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


def _number(row: hyper.Hyper, value: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(value, tuple):
        return [_number(row, v, values) for v in value]
    if row.domain.whole:
        return int(value)
    return float(values[value] if isinstance(value, str) else value)


def game_of(game: Game, values: Mapping[str, Any], nodes: int = 12) -> Statement:
    """A game with its penalties, as `tests.reference` states it."""
    plain, penalties = unwrapped(game)
    own = fields(plain, values)
    loss = {"loss": loss_of(plain.loss, values), "nodes": nodes} if isinstance(plain, GAN) else {}
    found = games.stated(registry.called(plain), **loss, **own)
    for penalty in penalties:
        found = PENALTIES[registry.called(penalty)](found, **fields(penalty, values))
    return found


def loss_of(loss: Any, values: Mapping[str, Any]) -> Any:
    """The slopes of a loss."""
    return LOSSES[registry.called(loss)](**fields(loss, values))


def step_of(operator: Operator, values: Mapping[str, Any]) -> Step:
    """A method with those inside it, as a function from a game to its matrix."""
    inside = [step_of(part, values) for part in _inside(operator)]
    return lambda game: METHODS[registry.called(operator)](game, *inside, **fields(operator, values))


def _inside(operator: Operator) -> Iterator[Operator]:
    found = (getattr(operator, field.name) for field in dataclasses.fields(operator))
    return (part for value in found for part in _each(value) if isinstance(part, Operator))


def outcome(game: Game, operator: Operator, values: Mapping[str, Any]) -> Outcome:
    """What `tests.reference` makes of a game under a method, at values for all open names."""
    try:
        found = game_of(game, values)
        if found.moves or found.kinked:
            return Outcome("moves" if found.moves else "kink")
        return Outcome("matrix", step_of(operator, values)(found))
    except Drifts as met:
        return Outcome("drifts", met.field)
    except Meaningless:
        return Outcome("meaningless")
    except (Unstated, KeyError):
        return Outcome("unstated")
