"""The quadratic zero-sum game of two numbers."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from stabcheck.games.game import Game
from stabcheck.hyper import REAL, hyper
from stabcheck.oracle import Ops, Scalar, Vector


@dataclass(frozen=True)
class Quadratic(Game):
    """`min_x max_y a x^2/2 + b x y - d y^2/2`.

    Args:
        a: curvature that `x` sees; convex where positive.
        b: strength of the coupling.
        d: curvature that `y` sees; concave where positive.

    Source: Schäfer & Anandkumar 2019, Section 3.
    """

    a: Scalar = hyper("a", domain=REAL, help="curvature of the game in x")
    b: Scalar = hyper("b", per_player=False, help="strength of the coupling", typical=Fraction(1))
    d: Scalar = hyper("d", domain=REAL, help="curvature of the game in y, downwards")

    name: ClassVar[str] = "quadratic"
    formula: ClassVar[str] = "min_x max_y a x^2/2 + b x y - d y^2/2"
    source: ClassVar[str] = "Schäfer & Anandkumar 2019, arXiv:1905.12103"

    @property
    def players(self) -> tuple[str, ...]:
        return "x", "y"

    @property
    def variables(self) -> tuple[str, ...]:
        return "x", "y"

    @property
    def dims(self) -> tuple[int, ...]:
        return 1, 1

    def equilibrium(self, xp: Ops, *t: Scalar) -> tuple[Vector, ...]:
        del t
        return xp.zeros(1), xp.zeros(1)

    def losses(self, xp: Ops, *x: Vector) -> tuple[Scalar, ...]:
        del xp
        (left,), (right,) = x
        value = self.a * left * left / 2 + self.b * left * right - self.d * right * right / 2
        return value, -value
