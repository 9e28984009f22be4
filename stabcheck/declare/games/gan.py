"""The shape of a GAN, and of other games of generators against discriminators."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from stabcheck.core.errors import BadInput, NotApplicable
from stabcheck.core.oracle import Ops, Scalar, Vector, sum_of
from stabcheck.declare.games.game import Game
from stabcheck.declare.laws import Law, Point
from stabcheck.declare.losses.loss import Loss, Mean, named

T = TypeVar("T")


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


class OnePoint:
    """`p_theta = delta_theta`: for a GAN whose one generator makes one point, whatever it is given.

    So each code is decoded to `theta`, that of a sample as well.
    """

    def fake(self, xp: Ops, *theta: Vector) -> Law:
        """The point itself."""
        del xp
        return Point(theta[0])

    def encoded(self, xp: Ops, x: Vector, *theta: Vector) -> Vector:
        """`G(E(x)) = theta`."""
        del xp, x
        return theta[0]


@dataclass(frozen=True)
class ModifiedGAN(GAN):
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
