"""The LeCam regulariser."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from stabcheck.core.hyper import REAL, hyper
from stabcheck.core.oracle import Ops, Scalar, Vector
from stabcheck.declare.games.game import Game, Losses, Penalty
from stabcheck.declare.games.gan import GAN, gan_of
from stabcheck.declare.penalties.penalty import on_critics


@dataclass(frozen=True)
class LeCam(Penalty):
    """`L_D += gamma (E (D(x) - a_fake)^2 + E (D(G(z)) - a_real)^2)`.

    Args:
        lam: strength.
        a_real, a_fake: the moving averages of `D` on the data and on generated samples, taken as
            constants: they move slowly. At a rest point they are the values of `D` there.

    Source: Tseng et al. 2021.
    """

    lam: Scalar = hyper("gamma")
    a_real: Scalar = hyper("a_real", domain=REAL, help="moving average of D on the data", default=0)
    a_fake: Scalar = hyper("a_fake", domain=REAL, help="moving average of D on generated samples", default=0)

    needs: ClassVar[type[Game]] = GAN
    name: ClassVar[str] = "lecam"
    formula: ClassVar[str] = "L_D += gamma (E (D(x) - a_fake)^2 + E (D(G(z)) - a_real)^2)"
    source: ClassVar[str] = "Tseng et al. 2021, arXiv:2104.03310"

    def losses(self, xp: Ops, game: Game, losses: Losses) -> Losses:
        gan = gan_of(game, self.name)

        def term(theta: Sequence[Vector], psi: Vector) -> Scalar:
            def squared(x: Vector, anchor: Scalar) -> Scalar:
                gap = gan.discriminator(xp, psi, x) - anchor
                return gap * gap

            on_real = gan.real(xp).expect(xp, lambda x: squared(x, self.a_fake))
            return self.lam * (on_real + gan.fake(xp, *theta).expect(xp, lambda x: squared(x, self.a_real)))

        return on_critics(gan, losses, term)
