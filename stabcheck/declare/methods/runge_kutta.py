"""Explicit Runge-Kutta steps of the gradient flow, each given by its tableau."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, ClassVar

from stabcheck.core.errors import BadInput
from stabcheck.core.hyper import hyper
from stabcheck.core.number import number
from stabcheck.core.oracle import Oracle, Steps, Vector
from stabcheck.declare.methods.method import Method, State

SOURCE = "Qin et al. 2020, arXiv:2010.15040"


def _exact(value: Fraction | int | str) -> Fraction:
    return number(value) if isinstance(value, str) else Fraction(value)


def _dot(u: Sequence[Fraction], w: Sequence[Fraction]) -> Fraction:
    return sum((x * y for x, y in zip(u, w, strict=True)), Fraction(0))


@dataclass(frozen=True)
class Tableau:
    """An explicit Butcher tableau; its entries are exact: `1`, `Fraction(1, 2)` or `"1/2"`.

    Args:
        a: row `i` holds the weights of the stages before stage `i + 1`, so the first row is empty.
        b: the weights of all stages.
        c: the nodes.
        order: the order that the method claims, 1 to 4.

    Raises:
        BadInput: if a row has the wrong length or does not sum to its node, or if a condition
            of the claimed order fails.
    """

    a: Sequence[Sequence[Any]]
    b: Sequence[Any]
    c: Sequence[Any]
    order: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "a", tuple(tuple(map(_exact, row)) for row in self.a))
        object.__setattr__(self, "b", tuple(map(_exact, self.b)))
        object.__setattr__(self, "c", tuple(map(_exact, self.c)))
        self._check_shape()
        self._check_order()

    def _check_shape(self) -> None:
        stages = len(self.b)
        if not len(self.a) == len(self.c) == stages >= 1:
            raise BadInput(f"a tableau with {stages} weights needs {stages} rows and {stages} nodes")
        for k, (row, node) in enumerate(zip(self.a, self.c, strict=True)):
            if len(row) != k:
                raise BadInput(f"row {k + 1} of an explicit tableau has {k} entries, not {len(row)}")
            if sum(row) != node:
                raise BadInput(
                    f"row {k + 1} of the tableau sums to {sum(row)}; its node must be that, not {node}"
                )

    def _check_order(self) -> None:
        if self.order not in range(1, 5):
            raise BadInput(f"order must be 1, 2, 3 or 4, not {self.order}")
        for order, text, value, wanted in self._conditions():
            if order <= self.order and value != wanted:
                raise BadInput(
                    f"the tableau has no order {self.order}: {text} is {value} and must be {wanted}"
                )

    def _conditions(self) -> Iterator[tuple[int, str, Fraction, Fraction]]:
        """Order, formula, value and due value: one for each rooted tree (Butcher 1963)."""
        one = [Fraction(1)] * len(self.b)
        c, ac = self.c, self._times(self.c)
        squares = [x * x for x in c]
        for order, text, u, wanted in (
            (1, "sum b_i", one, 1),
            (2, "sum b_i c_i", c, 2),
            (3, "sum b_i c_i^2", squares, 3),
            (3, "sum b_i a_ij c_j", ac, 6),
            (4, "sum b_i c_i^3", [x**3 for x in c], 4),
            (4, "sum b_i c_i a_ij c_j", [x * y for x, y in zip(c, ac, strict=True)], 8),
            (4, "sum b_i a_ij c_j^2", self._times(squares), 12),
            (4, "sum b_i a_ij a_jk c_k", self._times(ac), 24),
        ):
            yield order, text, _dot(self.b, u), Fraction(1, wanted)

    def _times(self, u: Sequence[Fraction]) -> list[Fraction]:
        """`a u`."""
        return [_dot(row, u[: len(row)]) for row in self.a]


HEUN = Tableau(((), (1,)), ("1/2", "1/2"), (0, 1), order=2)
KUTTA = Tableau(((), ("1/2",), (-1, 2)), ("1/6", "2/3", "1/6"), (0, "1/2", 1), order=3)
CLASSICAL = Tableau(
    ((), ("1/2",), (0, "1/2"), (0, 0, 1)), ("1/6", "1/3", "1/3", "1/6"), (0, "1/2", "1/2", 1), order=4
)


@dataclass(frozen=True)
class RungeKutta(Method):
    """`x+ = x + h sum_i b_i k_i` with `k_i = v(x + h sum_{j < i} a_ij k_j)`.

    Args:
        h: one step size for all players, or one each.
        tableau: the weights.

    Source: Butcher 1963.
    """

    h: Steps = hyper("h")
    tableau: Tableau = field(default=CLASSICAL)

    def step(self, o: Oracle, state: State) -> State:
        slopes: list[Vector] = []
        for row in self.tableau.a:
            slopes.append(o.v(self._moved(o, state.x, row, slopes)))
        return State(self._moved(o, state.x, self.tableau.b, slopes))

    def _moved(self, o: Oracle, x: Vector, weights: Sequence[Fraction], slopes: Sequence[Vector]) -> Vector:
        for weight, slope in zip(weights, slopes, strict=True):
            if weight:
                # Numerator and denominator are whole numbers to every interpreter.
                x = x + o.scale(self.h, weight.numerator * slope / weight.denominator)
        return x


@dataclass(frozen=True)
class RK2(Method):
    """`x+ = x + h (k_1 + k_2)/2`, `k_1 = v(x)`, `k_2 = v(x + h k_1)`: Heun's method.

    Args:
        h: one step size for all players, or one each.

    Source: Qin et al. 2020 (ODE-GAN).
    """

    h: Steps = hyper("h")

    name: ClassVar[str] = "rk2"
    formula: ClassVar[str] = "x+ = x + h (k_1 + k_2)/2 (Heun)"
    source: ClassVar[str] = SOURCE

    def step(self, o: Oracle, state: State) -> State:
        return RungeKutta(self.h, HEUN).step(o, state)


@dataclass(frozen=True)
class RK3(Method):
    """`x+ = x + h (k_1 + 4 k_2 + k_3)/6`: Kutta's method of order three.

    Args:
        h: one step size for all players, or one each.

    Source: Kutta 1901.
    """

    h: Steps = hyper("h")

    name: ClassVar[str] = "rk3"
    formula: ClassVar[str] = "x+ = x + h (k_1 + 4 k_2 + k_3)/6 (Kutta)"
    source: ClassVar[str] = "Kutta 1901"

    def step(self, o: Oracle, state: State) -> State:
        return RungeKutta(self.h, KUTTA).step(o, state)


@dataclass(frozen=True)
class RK4(Method):
    """`x+ = x + h (k_1 + 2 k_2 + 2 k_3 + k_4)/6`: the classical method of order four.

    Args:
        h: one step size for all players, or one each.

    Source: Qin et al. 2020 (ODE-GAN).
    """

    h: Steps = hyper("h")

    name: ClassVar[str] = "rk4"
    formula: ClassVar[str] = "x+ = x + h (k_1 + 2 k_2 + 2 k_3 + k_4)/6 (classical)"
    source: ClassVar[str] = SOURCE

    def step(self, o: Oracle, state: State) -> State:
        return RungeKutta(self.h, CLASSICAL).step(o, state)
