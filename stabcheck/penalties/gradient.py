"""Zero-centred gradient penalties on the discriminator: R1 and R2."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stabcheck.games.game import GAN, Game, Losses, gan_of
from stabcheck.games.laws import Law
from stabcheck.hyper import hyper
from stabcheck.oracle import Ops, Scalar, Vector
from stabcheck.penalties.penalty import Penalty, on_critic

SOURCE = "Mescheder, Geiger & Nowozin 2018, arXiv:1801.04406"


@dataclass(frozen=True)
class R1(Penalty):
    """`L_D += gamma/2 E_data |grad_x D|^2`.

    Args:
        gamma: strength; note the half in front.
    """

    gamma: Scalar = hyper("gamma")

    needs: ClassVar[type[Game]] = GAN
    name: ClassVar[str] = "gp"
    aliases: ClassVar[tuple[str, ...]] = ("r1",)
    formula: ClassVar[str] = "L_D += gamma/2 E_data |grad_x D|^2"
    source: ClassVar[str] = SOURCE

    def losses(self, xp: Ops, game: Game, losses: Losses) -> Losses:
        gan = gan_of(game, self.name)

        def term(theta: Vector, psi: Vector) -> Scalar:
            del theta
            return self.gamma / 2 * mean_squared_slope(xp, gan, psi, gan.real(xp))

        return on_critic(losses, term)


@dataclass(frozen=True)
class R2(Penalty):
    """`L_D += gamma/2 E_generated |grad_x D|^2`; the generator's loss stays as it is.

    Args:
        gamma: strength; note the half in front.
    """

    gamma: Scalar = hyper("gamma")

    needs: ClassVar[type[Game]] = GAN
    name: ClassVar[str] = "r2"
    formula: ClassVar[str] = "L_D += gamma/2 E_generated |grad_x D|^2"
    source: ClassVar[str] = SOURCE

    def losses(self, xp: Ops, game: Game, losses: Losses) -> Losses:
        gan = gan_of(game, self.name)

        def term(theta: Vector, psi: Vector) -> Scalar:
            return self.gamma / 2 * mean_squared_slope(xp, gan, psi, gan.fake(xp, theta))

        return on_critic(losses, term)


def mean_squared_slope(xp: Ops, gan: GAN, psi: Vector, law: Law) -> Scalar:
    """`E |grad_x D(x; psi)|^2` over `x` from `law`."""

    def squared(x: Vector) -> Scalar:
        slope = xp.grad(lambda y: gan.discriminator(xp, psi, y), x)
        return slope @ slope

    return law.expect(xp, squared)
