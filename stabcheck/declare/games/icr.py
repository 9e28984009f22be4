"""The game of implicit competitive regularisation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stabcheck.core.oracle import Scalar
from stabcheck.declare.games.pair import Pair


@dataclass(frozen=True)
class Competition(Pair):
    """`min_x max_y x^2 + 10 x y + y^2`: stable by competition alone, though `y` alone diverges.

    Source: Schäfer, Zheng & Anandkumar 2020.
    """

    name: ClassVar[str] = "icr"
    formula: ClassVar[str] = "min_x max_y x^2 + 10 x y + y^2"
    source: ClassVar[str] = "Schäfer, Zheng & Anandkumar 2020, arXiv:1910.05852"

    def value(self, x: Scalar, y: Scalar) -> Scalar:
        return x * x + 10 * x * y + y * y
