"""The quadratic zero-sum game of two numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stabcheck.core.hyper import REAL, hyper
from stabcheck.core.oracle import Scalar
from stabcheck.declare.games.pair import Pair


@dataclass(frozen=True)
class Quadratic(Pair):
    """`min_x max_y a x^2/2 + b x y - d y^2/2`.

    Args:
        a: curvature that `x` sees; convex where positive.
        b: strength of the coupling.
        d: curvature that `y` sees; concave where positive.

    Source: Schäfer & Anandkumar 2019, Section 3.
    """

    a: Scalar = hyper("a", domain=REAL, help="curvature of a player's own loss")
    b: Scalar = hyper("b", domain=REAL, help="strength of the coupling")
    d: Scalar = hyper("d", domain=REAL, help="curvature of the game in y, downwards")

    name: ClassVar[str] = "quadratic"
    formula: ClassVar[str] = "min_x max_y a x^2/2 + b x y - d y^2/2"
    source: ClassVar[str] = "Schäfer & Anandkumar 2019, arXiv:1905.12103"

    def value(self, x: Scalar, y: Scalar) -> Scalar:
        return self.a * x * x / 2 + self.b * x * y - self.d * y * y / 2
