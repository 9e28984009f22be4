"""What a method costs: its memory, and what it asks of the game in one step, counted by running it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from stabcheck.core import hyper
from stabcheck.core.oracle import Oracle, Scalar, Vector, leaves
from stabcheck.declare.methods.method import Operator

PLAYERS = 2


@dataclass(frozen=True)
class Cost:
    """One step in a game of two players.

    Attributes:
        memory: vectors that are kept besides the players' own.
        gradients: of one player's loss each.
        products: of one player's Hessian with a vector each.
        solver: the equations inside the step: `linear`, `nonlinear`, or empty for none.
        inner_gradients, inner_products: likewise, per iteration of their solver.
    """

    memory: int
    gradients: int
    products: int
    solver: str
    inner_gradients: int
    inner_products: int


def cost(operator: Operator) -> Cost:
    """What one application of an operator costs, whatever its hyperparameters but the counts."""
    bound = hyper.rebind(operator, lambda *_: Fraction(1, 2))
    oracle = CountingOracle()
    state = bound.init(oracle, oracle.rest)
    oracle.count.clear()
    bound.step(oracle, state)
    count = oracle.count
    return Cost(
        memory=len(leaves(state)) - 1,
        gradients=count["gradients"],
        products=count["products"],
        solver=next((kind for kind in ("nonlinear", "linear") if count[kind]), ""),
        inner_gradients=count["inner gradients"],
        inner_products=count["inner products"],
    )


class Blank:
    """A vector with nothing in it: whatever is computed from it is one, too."""

    def _same(self, *_: Any) -> Blank:
        return self

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __neg__ = _same


class CountingOracle(Oracle):
    """A game that answers nothing and counts the questions."""

    def __init__(self) -> None:
        self.xp, self.players, self.size, self.rest = None, PLAYERS, PLAYERS, Blank()
        self.count: Counter[str] = Counter()
        self.inside = ""

    def grad(self, i: int, x: Vector) -> Vector:
        del i
        self.count[f"{self.inside}gradients"] += 1
        return x

    def hvp(self, i: int, x: Vector, u: Vector) -> Vector:
        del i, x
        self.count[f"{self.inside}products"] += 1
        return u

    def bare(self) -> Oracle:
        return self

    def only(self, i: int, u: Vector) -> Vector:
        del i
        return u

    def solve(self, op: Callable[[Vector], Vector], b: Vector) -> Vector:
        with self._solving("linear"):
            return op(b)

    def root(self, fn: Callable[[Vector], Vector], x: Vector) -> Vector:
        with self._solving("nonlinear"):
            return fn(x)

    @contextmanager
    def _solving(self, kind: str) -> Iterator[None]:
        self.count[kind] += 1
        self.inside = "inner "
        yield
        self.inside = ""

    def repeat(self, n: int, fn: Callable[[Any], Any], state: Any) -> Any:
        before = Counter(self.count)
        state = fn(state)
        once = self.count - before
        for name, times in once.items():
            self.count[name] += (n - 1) * times
        return state

    def sqrt(self, u: Vector) -> Vector:
        return u

    def dot(self, u: Vector, w: Vector) -> Vector:
        del w
        return u

    def sign(self, t: Vector) -> Scalar:
        del t
        return 1
