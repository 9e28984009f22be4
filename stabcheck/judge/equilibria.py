"""Games at rest points that were found instead of declared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import sympy as sp

from stabcheck.core import hyper
from stabcheck.core.errors import BadInput, NotAnEquilibrium, NotSmooth, Undecidable
from stabcheck.core.oracle import Ops, Scalar, Vector
from stabcheck.declare.games.game import Game, WrappedGame, unwrapped
from stabcheck.declare.question import Question
from stabcheck.declare.starts import Start, everywhere
from stabcheck.symbolic.model import Model
from stabcheck.symbolic.rest import RestPoints, both_near, field_at, rest_points
from stabcheck.symbolic.update import model_of

if TYPE_CHECKING:
    from stabcheck.judge.analysis import Analysis


@dataclass(frozen=True)
class Irrational:
    """A number for both interpreters: SymPy reads it exactly, NumPy and JAX as a float.

    Attributes:
        exact: as an expression.
        value: the nearest float.
    """

    exact: sp.Expr
    value: float

    @classmethod
    def of(cls, number: sp.Expr) -> Irrational | Fraction:
        """The number; a `Fraction` where it is rational."""
        if isinstance(number, sp.Rational):
            return Fraction(int(number.p), int(number.q))
        return cls(number, float(number.evalf(30)))

    def _sympy_(self) -> sp.Expr:
        return self.exact

    def __float__(self) -> float:
        return self.value

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:  # noqa: FBT001 (NumPy's protocol)
        import numpy as np

        del copy
        return np.array(self.value, dtype)


@dataclass(frozen=True)
class GameWithEquilibrium(WrappedGame):
    """A game with another equilibrium than the declared one.

    Attributes:
        game: gives everything else.
        point: one number per coordinate, a `Fraction` or an `Irrational`.
    """

    point: tuple[Any, ...]

    @classmethod
    def at(cls, game: Game, point: Sequence[sp.Expr]) -> GameWithEquilibrium:
        """The game at exact numbers."""
        return cls(game, tuple(Irrational.of(sp.sympify(e, strict=True)) for e in point))

    @property
    def label(self) -> str:
        return self.game.label

    @property
    def along(self) -> tuple[Scalar, ...]:
        return ()

    def equilibrium(self, xp: Ops, *t: Scalar) -> tuple[Vector, ...]:
        del t
        ends = accumulate(self.dims)
        return tuple(
            xp.vector(*self.point[end - dim : end]) for end, dim in zip(ends, self.dims, strict=True)
        )


def with_equilibrium_near(game: Game, values: Mapping[str, Any], start: Start) -> GameWithEquilibrium:
    """The game at the rest point that Newton's method reaches from a start, in exact numbers.

    A rest point moves with the hyperparameters, so that all of them need a number, which the
    result keeps.

    Args:
        game: any game; its declared equilibrium is not asked for.
        values: a number for each open name.
        start: one number per coordinate, in order or by name.

    Raises:
        BadInput: if an open name has no value, or a coordinate none.
        Undecidable: if Newton's method reaches no rest point, or one that has no exact form known
            here and that balls do not prove, as where the Jacobian is singular.
    """
    bound = with_values(game, values)
    point = tuple(everywhere(start, game.names))
    try:
        hash(bound)
    except TypeError:
        return _with_equilibrium(bound, point)
    return _cached(bound, point)


def _with_equilibrium(bound: Game, start: tuple[float, ...]) -> GameWithEquilibrium:
    """The same for a game that has a number for every name."""
    from stabcheck.numeric.rest import newton

    floats = newton(bound, {}, start)
    exact = both_near(_model(bound), {}, [float(e) for e in floats])
    where = ", ".join(f"{name} = {e:.10g}" for name, e in zip(bound.names, floats, strict=True))
    if exact is None:
        raise Undecidable(
            f"a rest point lies near {where}, but no exact form of it is known, and balls do not prove it"
        )
    there = GameWithEquilibrium.at(bound, exact[1])
    confirm(there)
    return there


_cached = lru_cache(maxsize=16)(_with_equilibrium)
"""One search for all methods on a game."""


def rested(asked: Question) -> Question:
    """The same question, with the rest point found of a game from a file that gives a start alone.

    Raises:
        as `with_equilibrium_near`.
    """
    start = getattr(unwrapped(asked.game)[0], "start", ())
    if not start:
        return asked
    game = with_equilibrium_near(asked.game, asked.values, [float(e) for block in start for e in block])
    still_open = hyper.symbols(asked.method)
    return Question(game, asked.method, {n: v for n, v in asked.values.items() if n in still_open})


def rested_somewhere(asked: Question) -> Question:
    """As `rested`, at typical values where the game needs numbers and has none."""
    started = getattr(unwrapped(asked.game)[0], "start", ())
    return rested(asked.having(asked.typical)) if started else asked


def analysed(asked: Question) -> Analysis:
    """The analysis of a question at its values, at the rest point found where a file gives a start alone.

    Raises:
        as `with_equilibrium_near`, and as `analyse`.
    """
    from stabcheck.judge.analysis import Analysis

    question = rested(asked)
    return Analysis(question.game, question.method).at(**question.values)


def confirm(game: GameWithEquilibrium) -> None:
    """See that the symbolic model, too, finds the game at rest.

    Raises:
        Undecidable: if it proves not to rest.
    """
    with suppress(NotSmooth):
        try:
            model_of(game).confirm_rest()
        except NotAnEquilibrium as refusal:
            where = ", ".join(f"{n} = {float(e):.10g}" for n, e in zip(game.names, game.point, strict=True))
            raise Undecidable(f"the rest point near {where} is not confirmed exactly: {refusal}") from None


def all_rest_points(
    game: Game, values: Mapping[str, Any], told: Callable[[float], object] = bool
) -> RestPoints:
    """All real rest points of a polynomial or rational game at given values.

    Args:
        game: the game.
        values: a number for each open name.
        told: hears which share of the work is done.

    Raises:
        BadInput: if an open name has no value.
        Undecidable: if the game is of another kind, or too large.
    """
    model = _model(with_values(game, values))
    return rest_points(field_at(model, {}), model.coordinates, told)


def with_values(game: Game, values: Mapping[str, Any]) -> Game:
    """The game with a number for every open name.

    Raises:
        BadInput: if one has none, or one outside its domain.
    """
    numbers = _numbers(game, values)
    return hyper.rebind(game, lambda _, v: numbers[v] if isinstance(v, str) else v)


def _numbers(game: Game, values: Mapping[str, Any]) -> dict[str, Any]:
    names = hyper.symbols(game)
    missing = [name for name in names if name not in values]
    if missing:
        raise BadInput(f"rest points are found for numbers only; give a value for {', '.join(missing)}")
    numbers = {name: hyper.accept(replace(row, name=name), values[name]) for name, row in names.items()}
    for name, value in numbers.items():
        if isinstance(value, str):
            raise BadInput(f"{name} must be {names[name].domain.text}, not the symbol '{value[:30]}'")
    return numbers


def _model(game: Game) -> Model:
    """The symbolic model of a game whose declared equilibrium is not asked for."""
    return model_of(GameWithEquilibrium(game, (Fraction(0),) * sum(game.dims)))
