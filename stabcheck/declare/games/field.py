"""Vector fields and maps that are given as such, in the place of losses."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from stabcheck.core.errors import NotApplicable
from stabcheck.core.oracle import Ops, Scalar, Vector
from stabcheck.declare.games.game import Game, Regularised
from stabcheck.declare.methods.iteration import Iteration

if TYPE_CHECKING:
    from stabcheck.declare.games.game import Penalty


@dataclass(frozen=True)
class Field(Game):
    """`x_i' = v_i(x_1, …, x_n)`: a field that is no descent of losses.

    One of one's own needs `dims`, `equilibrium` and `velocity`. Methods that ask a game for its field
    alone step it, too.
    """

    @property
    def has_losses(self) -> bool:
        return False

    @abstractmethod
    def velocity(self, xp: Ops, *x: Vector) -> tuple[Vector, ...]:
        """`v_1, …, v_n`: one vector per player, or a scalar for one coordinate."""

    def losses(self, xp: Ops, *x: Vector) -> tuple[Scalar, ...]:
        del xp, x
        raise NotApplicable(f"{self.label} is a {self.kind} and has no losses")

    @property
    def kind(self) -> str:
        """What it is, in words."""
        return "vector field"

    def __add__(self, penalty: Penalty) -> Regularised:
        self._refuse_penalty(penalty)

    def _refuse_penalty(self, penalty: Penalty) -> NoReturn:
        what = f"{self.label} is a {self.kind} and has none; write the penalty's part into its formulas"
        raise NotApplicable(f"{penalty.label} adds to losses; {what}")


@dataclass(frozen=True)
class Map(Field):
    """`x_i+ = F_i(x_1, …, x_n)`: a map, which is its own step.

    One of one's own needs `dims`, `equilibrium`, a fixed point, and `image`. As a field it is `F - x`.
    """

    @property
    def kind(self) -> str:
        return "map"

    @property
    def own_step(self) -> Iteration:
        return Iteration()

    @abstractmethod
    def image(self, xp: Ops, *x: Vector) -> tuple[Vector, ...]:
        """`F_1, …, F_n`: one vector per player, or a scalar for one coordinate."""

    def velocity(self, xp: Ops, *x: Vector) -> tuple[Vector, ...]:
        images = self.image(xp, *x)
        return tuple(image - (at if dim > 1 or _is_vector(image) else at[0])
                     for image, at, dim in zip(images, x, self.dims, strict=True))  # fmt: skip


def _is_vector(value: Vector) -> bool:
    return bool(getattr(value, "shape", ()))
