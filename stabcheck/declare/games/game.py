"""The shape of a game, of a GAN, and of either with penalties added."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate
from numbers import Integral
from typing import TYPE_CHECKING, ClassVar, TypeVar

from stabcheck.core.errors import BadInput, NotApplicable
from stabcheck.core.hyper import Declaration, mistaken
from stabcheck.core.oracle import Ops, Scalar, Vector, sum_of
from stabcheck.declare.laws import Law
from stabcheck.declare.losses.loss import Loss, Mean, named

if TYPE_CHECKING:
    from stabcheck.declare.methods.method import Operator
    from stabcheck.declare.penalties.penalty import Penalty

Losses = Callable[..., tuple[Scalar, ...]]
T = TypeVar("T")


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
class Adversarial(Game):
    """A game of generators against discriminators; in the state the generators come first."""

    @property
    def generators(self) -> int:
        """How many generators there are."""
        return 1

    @property
    def discriminators(self) -> int:
        """How many discriminators there are."""
        return 1

    @property
    def players(self) -> tuple[str, ...]:
        return *_numbered("g", self.generators), *_numbered("d", self.discriminators)

    @property
    def variables(self) -> tuple[str, ...]:
        return *_numbered("theta", self.generators, "_"), *_numbered("psi", self.discriminators, "_")

    def __post_init__(self) -> None:
        super().__post_init__()
        if min(self.generators, self.discriminators) < 1:
            raise BadInput(f"{self.label} needs at least one generator and one discriminator")

    def sides(self, items: Sequence[T]) -> tuple[Sequence[T], Sequence[T]]:
        """One item per player, apart: those of the generators and those of the discriminators."""
        return items[: self.generators], items[self.generators :]


def _numbered(name: str, count: int, joint: str = "") -> tuple[str, ...]:
    return (name,) if count == 1 else tuple(f"{name}{joint}{k + 1}" for k in range(count))


@dataclass(frozen=True)
class GAN(Adversarial):
    """`L_G = E generator(D(x), D(G(z)))` and `L_D = E critic(D(x), D(G(z)))`.

    Several generators make samples in turn, and share the loss. Of several discriminators each has
    a loss of its own, and the generators face their mean.
    """

    loss: Loss | str

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "loss", named(self.loss))

    @abstractmethod
    def discriminator(self, xp: Ops, psi: Vector, x: Vector) -> Scalar:
        """`D(x; psi)`."""

    @abstractmethod
    def real(self, xp: Ops) -> Law:
        """The distribution of the data."""

    @abstractmethod
    def fake(self, xp: Ops, *theta: Vector) -> Law:
        """The distribution that the generators make."""

    def encoded(self, xp: Ops, x: Vector, *theta: Vector) -> Vector:
        """`G(E(x))`: what the generators make of the code of a sample.

        Raises:
            NotApplicable: if the game declares no encoder.
        """
        del xp, x, theta
        raise NotApplicable(f"{self.label} declares no encoder, which mode regularisation needs")

    def losses(self, xp: Ops, *x: Vector) -> tuple[Scalar, ...]:
        theta, critics = self.sides(x)
        loss = named(self.loss)
        made, data = self.fake(xp, *theta), self.real(xp)

        def over(law: Law, psi: Vector) -> Mean:
            return lambda fn: law.expect(xp, lambda x: fn(self.discriminator(xp, psi, x)))

        faced = [loss.mean_generator(xp, over(data, psi), over(made, psi)) for psi in critics]
        judged = (loss.mean_critic(xp, over(data, psi), over(made, psi)) for psi in critics)
        return *([sum_of(faced) / len(faced)] * len(theta)), *judged


@dataclass(frozen=True)
class Changed(GAN):
    """A GAN with something changed, which a final class overrides; all else is the inner one's."""

    inner: GAN

    @property
    def generators(self) -> int:
        return self.inner.generators

    @property
    def discriminators(self) -> int:
        return self.inner.discriminators

    @property
    def players(self) -> tuple[str, ...]:
        return self.inner.players

    @property
    def variables(self) -> tuple[str, ...]:
        return self.inner.variables

    @property
    def dims(self) -> tuple[int, ...]:
        return self.inner.dims

    @property
    def along(self) -> tuple[Scalar, ...]:
        return self.inner.along

    def equilibrium(self, xp: Ops, *t: Scalar) -> tuple[Vector, ...]:
        return self.inner.equilibrium(xp, *t)

    def project(self, xp: Ops, *x: Vector) -> tuple[Vector, ...]:
        return self.inner.project(xp, *x)

    def discriminator(self, xp: Ops, psi: Vector, x: Vector) -> Scalar:
        return self.inner.discriminator(xp, psi, x)

    def real(self, xp: Ops) -> Law:
        return self.inner.real(xp)

    def fake(self, xp: Ops, *theta: Vector) -> Law:
        return self.inner.fake(xp, *theta)

    def encoded(self, xp: Ops, x: Vector, *theta: Vector) -> Vector:
        return self.inner.encoded(xp, x, *theta)


@dataclass(frozen=True)
class Around(Game):
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
class Regularised(Around):
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
class Bare(Around):
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
    from stabcheck.declare.penalties.penalty import Penalty

    if not isinstance(given, Penalty):
        raise mistaken("what is added to a game must be a penalty", given, "Dirac() + R1(1)")
    return given


def gan_of(game: Game, penalty: str) -> GAN:
    """The game as a GAN, for a penalty that needs a discriminator.

    Raises:
        NotApplicable: if the game has none.
    """
    if not isinstance(game, GAN):
        raise NotApplicable(f"{penalty} needs a GAN, a game with a discriminator; {game.label} is none")
    return game


def adversarial_of(game: Game, penalty: str) -> Adversarial:
    """The game as one of generators against discriminators.

    Raises:
        NotApplicable: if it is none.
    """
    if not isinstance(game, Adversarial):
        raise NotApplicable(
            f"{penalty} needs a GAN, with generators and discriminators; {game.label} is none"
        )
    return game


def unwrapped(game: Game) -> tuple[Game, tuple[Penalty, ...]]:
    """The game without its penalties, and these in the order applied."""
    if isinstance(game, Regularised):
        return game.game, game.penalties
    return game, ()
