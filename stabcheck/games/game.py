"""The shape of a game, of a GAN, and of either with penalties added."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING

from stabcheck.errors import NotApplicable
from stabcheck.games.laws import Law
from stabcheck.games.losses import Loss, named
from stabcheck.hyper import Declaration
from stabcheck.oracle import Ops, Scalar, Vector

if TYPE_CHECKING:
    from stabcheck.penalties.penalty import Penalty

Losses = Callable[..., tuple[Scalar, ...]]


@dataclass(frozen=True)
class Game(Declaration):
    """A differentiable game: player `i` owns the vector `x_i` and minimises `L_i(x_1, …, x_n)`.

    A game of one's own needs `dims`, `equilibrium` and `losses`; `dims` may be a plain class
    attribute.
    """

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

    @abstractmethod
    def equilibrium(self, xp: Ops, *t: Scalar) -> tuple[Vector, ...]:
        """The rest point, one vector per player; interpreters check that it is one.

        Args:
            xp: the interpreter's arithmetic.
            t: coordinates along a manifold of rest points; without them, one of its points.
        """

    @abstractmethod
    def losses(self, xp: Ops, *x: Vector) -> tuple[Scalar, ...]:
        """One scalar per player, which that player minimises."""

    def project(self, xp: Ops, *x: Vector) -> tuple[Vector, ...]:
        """Where the players are put after each step."""
        del xp
        return x

    @property
    def names(self) -> tuple[str, ...]:
        """The name of every coordinate: `theta`, or `theta_1, theta_2, …`."""
        return tuple(
            name if dim == 1 else f"{name}_{k + 1}"
            for name, dim in zip(self.variables, self.dims, strict=True)
            for k in range(dim)
        )

    def __add__(self, penalty: Penalty) -> Regularised:
        return Regularised(self, (penalty,))


@dataclass(frozen=True)
class GAN(Game):
    """`L_G = E generator(D(x), D(G(z)))` and `L_D = E critic(D(x), D(G(z)))`.

    The state is `(theta, psi)`: generator first.
    """

    loss: Loss | str

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "loss", named(self.loss))

    @property
    def players(self) -> tuple[str, ...]:
        return "g", "d"

    @property
    def variables(self) -> tuple[str, ...]:
        return "theta", "psi"

    @abstractmethod
    def discriminator(self, xp: Ops, psi: Vector, x: Vector) -> Scalar:
        """`D(x; psi)`."""

    @abstractmethod
    def real(self, xp: Ops) -> Law:
        """The distribution of the data."""

    @abstractmethod
    def fake(self, xp: Ops, theta: Vector) -> Law:
        """The distribution that the generator makes."""

    def losses(self, xp: Ops, *x: Vector) -> tuple[Scalar, ...]:
        theta, psi = x
        loss = named(self.loss)

        def expect(rule: Callable[[Ops, Scalar, Scalar], Scalar]) -> Scalar:
            def given_real(real: Vector) -> Scalar:
                at_real = self.discriminator(xp, psi, real)
                return self.fake(xp, theta).expect(
                    xp, lambda fake: rule(xp, at_real, self.discriminator(xp, psi, fake))
                )

            return self.real(xp).expect(xp, given_real)

        return expect(loss.generator), expect(loss.critic)


@dataclass(frozen=True)
class Regularised(Game):
    """A game with penalties, applied in the order given.

    Each penalty may change the GAN that later ones see; the losses are those of the GAN as the
    last one left it, to which each in turn adds its terms.
    """

    game: Game
    penalties: tuple[Penalty, ...]

    @property
    def stages(self) -> tuple[Game, ...]:
        """The game as each penalty left it."""
        return tuple(accumulate(self.penalties, lambda g, p: p.gan(g), initial=self.game))[1:]

    @property
    def players(self) -> tuple[str, ...]:
        return self.game.players

    @property
    def variables(self) -> tuple[str, ...]:
        return self.game.variables

    @property
    def dims(self) -> tuple[int, ...]:
        return self.game.dims

    def equilibrium(self, xp: Ops, *t: Scalar) -> tuple[Vector, ...]:
        return self.game.equilibrium(xp, *t)

    def losses(self, xp: Ops, *x: Vector) -> tuple[Scalar, ...]:
        stages = self.stages
        losses: Losses = partial(stages[-1].losses, xp)
        for penalty, stage in zip(self.penalties, stages, strict=True):
            losses = penalty.losses(xp, stage, losses)
        return losses(*x)

    def project(self, xp: Ops, *x: Vector) -> tuple[Vector, ...]:
        x = self.game.project(xp, *x)
        for penalty in self.penalties:
            x = penalty.project(xp, *x)
        return x

    def __add__(self, penalty: Penalty) -> Regularised:
        return Regularised(self.game, (*self.penalties, penalty))


def gan_of(game: Game, penalty: str) -> GAN:
    """The game as a GAN, for a penalty that needs a discriminator.

    Raises:
        NotApplicable: if the game has none.
    """
    if not isinstance(game, GAN):
        raise NotApplicable(f"{penalty} needs a GAN, a game with a discriminator; {game.label} is none")
    return game


def unwrapped(game: Game) -> tuple[Game, tuple[Penalty, ...]]:
    """The game without its penalties, and these in the order applied."""
    if isinstance(game, Regularised):
        return game.game, game.penalties
    return game, ()
