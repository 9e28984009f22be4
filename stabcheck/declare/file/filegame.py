"""What a file becomes: distributions, players, and a declaration that reads its formulas."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Any, ClassVar

from stabcheck.core import hyper
from stabcheck.core.errors import BadInput
from stabcheck.core.oracle import Ops, Scalar, Vector
from stabcheck.declare.file.formula import Formula
from stabcheck.declare.file.tree import Size
from stabcheck.declare.games.field import Field, Map
from stabcheck.declare.games.game import Game
from stabcheck.declare.laws import Law, Mixture, Point, gaussian, nodes_on_a_line, uniform


class Draw(ABC):
    """The distribution of one random number of a file, with formulas for its parameters."""

    @abstractmethod
    def law(self, xp: Ops, values: Mapping[str, Scalar]) -> Law:
        """The law of dimension one, with numbers of the interpreter for the hyperparameters."""

    @property
    @abstractmethod
    def formulas(self) -> tuple[Formula, ...]:
        """Every formula in it."""

    @property
    @abstractmethod
    def size(self) -> Size:
        """How long expressions with it become."""

    @property
    def lines(self) -> int:
        """How many of the laws that it mixes are spread over a line; itself alone."""
        return 1

    @property
    def masses(self) -> int:
        """How many of them sit in one point."""
        return 0


@dataclass(frozen=True)
class Uniform(Draw):
    """Uniform between `low` and `high`."""

    low: Formula
    high: Formula

    def law(self, xp: Ops, values: Mapping[str, Scalar]) -> Law:
        return uniform(xp.vector(self.low.at(xp, values)), xp.vector(self.high.at(xp, values)))

    @property
    def formulas(self) -> tuple[Formula, ...]:
        return self.low, self.high

    @property
    def size(self) -> Size:
        ends = 1 if all(f.number is not None for f in self.formulas) else _length(self.formulas)
        return Size(terms=2 * ends)


@dataclass(frozen=True)
class Normal(Draw):
    """`N(mean, std^2)`."""

    mean: Formula
    std: Formula

    def law(self, xp: Ops, values: Mapping[str, Scalar]) -> Law:
        return gaussian(xp.vector(self.mean.at(xp, values)), self.std.at(xp, values))

    @property
    def formulas(self) -> tuple[Formula, ...]:
        return self.mean, self.std

    @property
    def size(self) -> Size:
        return Size(terms=_length(self.formulas))


@dataclass(frozen=True)
class Constant(Draw):
    """Always `value`; what discrete distributions are mixed of."""

    value: Formula

    @property
    def lines(self) -> int:
        return 0

    @property
    def masses(self) -> int:
        return 1

    def law(self, xp: Ops, values: Mapping[str, Scalar]) -> Law:
        return Point(xp.vector(self.value.at(xp, values)))

    @property
    def formulas(self) -> tuple[Formula, ...]:
        return (self.value,)

    @property
    def size(self) -> Size:
        return Size(terms=_length(self.formulas))


@dataclass(frozen=True)
class Mixed(Draw):
    """One of several, each with its weight; without weights, each with the same."""

    of: tuple[Draw, ...]
    weights: tuple[Formula, ...]

    def law(self, xp: Ops, values: Mapping[str, Scalar]) -> Law:
        laws = tuple(draw.law(xp, values) for draw in self.of)
        return Mixture(laws, tuple(weight.at(xp, values) for weight in self.weights))

    @property
    def formulas(self) -> tuple[Formula, ...]:
        return *self.weights, *(f for draw in self.of for f in draw.formulas)

    @property
    def size(self) -> Size:
        lengths = [weight.terms({}) for weight in self.weights] or [1] * len(self.of)
        sizes = [draw.size for draw in self.of]
        copies = sum(n * size.copies for n, size in zip(lengths, sizes, strict=True))
        return Size(max(size.terms for size in sizes), copies)

    @property
    def lines(self) -> int:
        return sum(draw.lines for draw in self.of)

    @property
    def masses(self) -> int:
        return sum(draw.masses for draw in self.of)


def points(draws: Sequence[Draw], depth: int = 0) -> int:
    """How many points the quadrature of a mean takes.

    Args:
        draws: what the mean is over, outermost first.
        depth: how many integrals there are around it.
    """
    if not draws:
        return 1
    first, *others = draws
    at_masses = first.masses * points(others, depth)
    return at_masses + first.lines * nodes_on_a_line(depth) * points(others, depth + 1)


def _length(formulas: Iterable[Formula]) -> int:
    return sum(f.terms({}) for f in formulas)


@dataclass(frozen=True)
class Player:
    """A player of a file.

    Attributes:
        name: its own.
        variables: the names of its coordinates.
        loss: what it minimises; `None` where its part of a field or of a map is given.
        field: that part, one formula per coordinate.
    """

    name: str
    variables: tuple[str, ...]
    loss: Formula | None
    field: tuple[Formula, ...] = ()

    @property
    def formulas(self) -> tuple[Formula, ...]:
        """Its loss, or its part of what is given."""
        return self.field if self.loss is None else (self.loss,)


@dataclass(frozen=True)
class Plan:
    """What a file says.

    Attributes:
        players: in order.
        draws: the random numbers by name.
        rest: the equilibrium, one formula per coordinate of each player; empty where it is to
            be searched.
        manifold: the hyperparameters that are coordinates along a manifold of rest points.
    """

    players: tuple[Player, ...]
    draws: Mapping[str, Draw]
    rest: tuple[tuple[Formula, ...], ...] = ()
    manifold: tuple[str, ...] = ()


@dataclass(frozen=True)
class FileGame(Game):
    """A game from a file; the class that `load` makes has the file's hyperparameters as fields.

    Class attributes:
        plan: what the file says.
        start: where a search for the rest point starts, one number per coordinate of each
            player; empty where the file declares the equilibrium.
        origin: what reads it again from a pickle, and that reader's arguments: the text as it was.
    """

    plan: ClassVar[Plan] = Plan((), MappingProxyType({}))
    origin: ClassVar[tuple[Callable[..., type[FileGame]], tuple[str, ...]]]
    start: ClassVar[tuple[tuple[Fraction, ...], ...]] = ()

    @property
    def players(self) -> tuple[str, ...]:
        return tuple(player.name for player in self.plan.players)

    @property
    def variables(self) -> tuple[str, ...]:
        return tuple(p.variables[0] if len(p.variables) == 1 else p.name for p in self.plan.players)

    @property
    def dims(self) -> tuple[int, ...]:
        return tuple(len(player.variables) for player in self.plan.players)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for player in self.plan.players for name in player.variables)

    @property
    def along(self) -> tuple[Scalar, ...]:
        values = self._values()
        return tuple(values[name] for name in self.plan.manifold)

    def __reduce__(self) -> tuple[Any, ...]:
        fields = {name: getattr(self, name) for name, _ in hyper.hyper_fields(type(self))}
        return _again, (*self.origin, fields)

    def equilibrium(self, xp: Ops, *t: Scalar) -> tuple[Vector, ...]:
        if not self.plan.rest:
            raise BadInput(
                f"{self.label} has no equilibrium yet, only a [start]; search the rest point from there,"
                " or declare it in [equilibrium]"
            )
        values = {**self._values(), **dict(zip(self.plan.manifold, t, strict=bool(t)))}
        return tuple(xp.vector(*(f.at(xp, values) for f in row)) for row in self.plan.rest)

    def losses(self, xp: Ops, *x: Vector) -> tuple[Scalar, ...]:
        return tuple(loss for (loss,) in self._formula_values(xp, *x))

    def _formula_values(self, xp: Ops, *x: Vector) -> tuple[tuple[Scalar, ...], ...]:
        """The values of each player's formulas."""
        values = self._values()
        laws = {name: draw.law(xp, values) for name, draw in self.plan.draws.items()}
        values |= dict(zip(self.names, (entry for block in x for entry in block), strict=True))
        return tuple(tuple(f.at(xp, values, laws) for f in p.formulas) for p in self.plan.players)

    def _values(self) -> dict[str, Scalar]:
        return {row.name: getattr(self, name) for name, row in hyper.hyper_fields(type(self))}


def _again(read: Callable[..., type[FileGame]], text: tuple[str, ...], values: Mapping[str, Any]) -> FileGame:
    """The game of a file's text, or of a matrix, with its hyperparameters."""
    return read(*text)(**values)


@dataclass(frozen=True)
class FileField(Field, FileGame):
    """A vector field from a file."""

    def velocity(self, xp: Ops, *x: Vector) -> tuple[Vector, ...]:
        return tuple(xp.vector(*part) for part in self._formula_values(xp, *x))


@dataclass(frozen=True)
class FileMap(Map, FileGame):
    """A map from a file."""

    def image(self, xp: Ops, *x: Vector) -> tuple[Vector, ...]:
        return tuple(xp.vector(*part) for part in self._formula_values(xp, *x))
