"""The shape of a game, of a penalty, and of a game with penalties added."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate
from numbers import Integral
from typing import ClassVar

from stabcheck.core.errors import BadInput, NotApplicable, mistaken
from stabcheck.core.hyper import Declaration
from stabcheck.core.oracle import Ops, Scalar, Vector
from stabcheck.declare.methods.method import Operator

Losses = Callable[..., tuple[Scalar, ...]]


@dataclass(frozen=True)
class Game(Declaration):
    """A differentiable game: player `i` owns the vector `x_i` and minimises `L_i(x_1, …, x_n)`.

    A game of one's own needs `dims`, `equilibrium` and `losses`; `dims` may be a plain class
    attribute.

    Class attribute `symbolic`: SymPy can read the losses; `False` where they are written in JAX, for
    a numeric analysis only.
    """

    symbolic: ClassVar[bool] = True

    @property
    def players(self) -> tuple[str, ...]:
        """A short name for each player, used in options such as `--h-g`."""
        return tuple(str(i + 1) for i in range(len(self.dims)))

    @property
    def variables(self) -> tuple[str, ...]:
        """The name of each player's vector."""
        return tuple(f"x_{player}" for player in self.players)

    @property
    @abstractmethod
    def dims(self) -> tuple[int, ...]:
        """The number of coordinates of each player."""

    @property
    def along(self) -> tuple[Scalar, ...]:
        """The coordinates of the rest point along a manifold of them; empty where it is isolated."""
        return ()

    @abstractmethod
    def equilibrium(self, xp: Ops, *t: Scalar) -> tuple[Vector, ...]:
        """The rest point, one vector per player; interpreters check that it is one.

        Args:
            xp: the interpreter's arithmetic.
            t: coordinates along a manifold of rest points; without them, `along`.
        """

    @abstractmethod
    def losses(self, xp: Ops, *x: Vector) -> tuple[Scalar, ...]:
        """One scalar per player, which that player minimises."""

    @property
    def has_losses(self) -> bool:
        """Whether the field is the descent of `losses`; else it is `velocity`."""
        return True

    @property
    def own_step(self) -> Operator | None:
        """The one operator that applies, for a map; `None` where any does."""
        return None

    def velocity(self, xp: Ops, *x: Vector) -> tuple[Vector, ...]:
        """The field, of what has no losses."""
        del xp, x
        raise NotApplicable(f"the field of {self.label} follows from its losses")

    def project(self, xp: Ops, *x: Vector) -> tuple[Vector, ...]:
        """Where the players are put after each step."""
        del xp
        return x

    @property
    def bare(self) -> Game:
        """The game without the terms that penalties add to its losses; itself where there are none.

        What a penalty changes in the game itself, and where it puts the players, stays.
        """
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """The name of every coordinate: `theta`, or `theta_1, theta_2, …`."""
        return tuple(
            name if dim == 1 else f"{name}_{k + 1}"
            for name, dim in zip(self.variables, self.dims, strict=True)
            for k in range(dim)
        )

    def __add__(self, penalty: Penalty) -> Regularised:
        return Regularised(self, (_penalty(penalty),))


def confirm_shape(game: Game) -> None:
    """See that a game of one's own says how large it is, and has a name for each player.

    Raises:
        BadInput: if it does not.
    """
    dims = game.dims
    if (
        not isinstance(dims, Sequence)
        or not dims
        or not all(isinstance(n, Integral) and n >= 0 for n in dims)
    ):
        shown = "a method; write @property above it" if callable(dims) else repr(dims)[:40]
        raise BadInput(f"{game.label}.dims must be a number of coordinates per player, (1, 1), not {shown}")
    for what in ("players", "variables"):
        names = getattr(game, what)
        if not isinstance(names, tuple | list) or not all(isinstance(name, str) for name in names):
            raise BadInput(f"{game.label}.{what} must be names, ('x', 'y'), not {repr(names)[:40]}")
        if len(names) != len(dims):
            raise BadInput(f"{game.label}.{what} names {len(names)} of {len(dims)} players; name each")


@dataclass(frozen=True)
class WrappedGame(Game):
    """A game around another one, with something of its own; all else is the inner one's."""

    game: Game

    @property
    def players(self) -> tuple[str, ...]:
        return self.game.players

    @property
    def variables(self) -> tuple[str, ...]:
        return self.game.variables

    @property
    def names(self) -> tuple[str, ...]:
        return self.game.names

    @property
    def dims(self) -> tuple[int, ...]:
        return self.game.dims

    @property
    def along(self) -> tuple[Scalar, ...]:
        return self.game.along

    def equilibrium(self, xp: Ops, *t: Scalar) -> tuple[Vector, ...]:
        return self.game.equilibrium(xp, *t)

    @property
    def has_losses(self) -> bool:
        return self.game.has_losses

    @property
    def own_step(self) -> Operator | None:
        return self.game.own_step

    @property
    def bare(self) -> Game:
        return replace(self, game=self.game.bare)

    def losses(self, xp: Ops, *x: Vector) -> tuple[Scalar, ...]:
        return self.game.losses(xp, *x)

    def velocity(self, xp: Ops, *x: Vector) -> tuple[Vector, ...]:
        return self.game.velocity(xp, *x)

    def project(self, xp: Ops, *x: Vector) -> tuple[Vector, ...]:
        return self.game.project(xp, *x)


@dataclass(frozen=True)
class Penalty(Declaration):
    """What is done to a game to make it converge. A final class overrides what it needs.

    Class attribute `needs`: the games that it has a meaning for.
    """

    needs: ClassVar[type[Game]] = Game

    def gan(self, gan: Game) -> Game:
        """The game itself changed, instance noise for one."""
        return gan

    def losses(self, xp: Ops, game: Game, losses: Losses) -> Losses:
        """The losses with this penalty's terms added.

        Args:
            xp: the interpreter's arithmetic.
            game: the game as the penalties up to this one left it.
            losses: maps one vector per player to one scalar per player.
        """
        del xp, game
        return losses

    def project(self, xp: Ops, game: Game, *x: Vector) -> tuple[Vector, ...]:
        """Where the players are put after each step, weight clipping for one."""
        del xp, game
        return x


@dataclass(frozen=True)
class Regularised(WrappedGame):
    """A game with penalties, applied in the order given.

    Each penalty may change the GAN that later ones see; the losses are those of the GAN as the
    last one left it, to which each in turn adds its terms.
    """

    penalties: tuple[Penalty, ...]

    @property
    def stages(self) -> tuple[Game, ...]:
        """The game as each penalty left it."""
        return tuple(accumulate(self.penalties, lambda g, p: p.gan(g), initial=self.game))[1:]

    def losses(self, xp: Ops, *x: Vector) -> tuple[Scalar, ...]:
        stages = self.stages
        losses: Losses = partial(stages[-1].losses, xp)
        for penalty, stage in zip(self.penalties, stages, strict=True):
            losses = penalty.losses(xp, stage, losses)
        return losses(*x)

    @property
    def bare(self) -> Game:
        return Bare(self)

    def project(self, xp: Ops, *x: Vector) -> tuple[Vector, ...]:
        x = self.game.project(xp, *x)
        for penalty in self.penalties:
            x = penalty.project(xp, self.game, *x)
        return x

    def __add__(self, penalty: Penalty) -> Regularised:
        return Regularised(self.game, (*self.penalties, _penalty(penalty)))


@dataclass(frozen=True)
class Bare(WrappedGame):
    """A game with penalties, but for the terms that they add to its losses."""

    game: Regularised

    @property
    def bare(self) -> Game:
        return self

    def losses(self, xp: Ops, *x: Vector) -> tuple[Scalar, ...]:
        return self.game.stages[-1].losses(xp, *x)


def _penalty(given: Penalty) -> Penalty:
    """What is added to a game.

    Raises:
        BadInput: if it is no penalty.
    """
    if not isinstance(given, Penalty):
        raise mistaken("what is added to a game must be a penalty", given, "Dirac() + R1(1)")
    return given


def unwrapped(game: Game) -> tuple[Game, tuple[Penalty, ...]]:
    """The game without its penalties, and these in the order applied."""
    if isinstance(game, Regularised):
        return game.game, game.penalties
    return game, ()
