"""Whether an operator rests on a whole manifold of a game's equilibria, exactly.

One step is run at a general point of the manifold. There the players' own gradients vanish, by
definition of the manifold, and the others are taken at that point: no expansion comes in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import sympy as sp

from stabcheck.core.errors import StabcheckError
from stabcheck.core.oracle import WithoutLosses
from stabcheck.declare.methods.method import Operator
from stabcheck.symbolic.dual import Affine, Dual, filled, joined, masked, ring, zeros
from stabcheck.symbolic.model import Model
from stabcheck.symbolic.zero import vanishes

ARITHMETIC = (sp.Symbol, sp.Rational, sp.Add, sp.Mul)


class _Departure(StabcheckError):
    """A step asked for the game off the manifold, or for what a rest point does not need."""


class Resting(Affine):
    """A game at a general point of a manifold of its equilibria.

    Vectors depend on no state here, only on where on the manifold they are. What the game is asked
    for elsewhere it refuses: a step that looks there has left.

    Args:
        model: the game.
        points: the manifold, an expression per coordinate, in dummies.
        values: numbers for some of the open names.
        scalars: what else the operator computes with.
    """

    def __init__(
        self,
        model: Model,
        points: Sequence[sp.Expr],
        values: Mapping[str, sp.Expr],
        scalars: Iterable[sp.Expr],
    ) -> None:
        self.model = model
        self.substitution = {s: values[s.name] for s in model.symbols if s.name in values}
        equilibrium = [sp.expand(e.xreplace(self.substitution)) for e in model.equilibrium]
        scalars = tuple(scalars)
        self.domain = ring([*scalars, *equilibrium, *points])
        self.xp, self.owner = model.ops, model.owner
        self.players, self.size = model.players, len(points)
        self.there = dict(zip(model.coordinates, points, strict=True))
        self.centre, self.rest = self._constant(points), self._constant(equilibrium)
        self.ops = replace(model.ops, means={})
        # What is no rational function gets a letter, so that arithmetic stays that of polynomials.
        self.letters: dict[sp.Expr, sp.Symbol] = {}
        self.made = (points, values, scalars)

    def field(self, i: int, x: Dual) -> Dual:
        del i
        self._stay(x)
        return x - x

    def grad(self, i: int, x: Dual) -> Dual:
        self._stay(x)
        loss, pairs = self.model.losses[i], zip(self.model.coordinates, self.owner, strict=True)
        return self._constant([sp.S.Zero if p == i else self._at(loss.diff(s)) for s, p in pairs])

    def hvp(self, i: int, x: Dual, u: Dual) -> Dual:
        self._stay(x)
        if _is_zero(u):
            return u
        slopes = [self.model.losses[i].diff(s) for s in self.model.coordinates]
        entries = [self._at(e.diff(s)) for e in slopes for s in self.model.coordinates]
        bend = filled(ring(entries), entries, self.size, self.size)
        return Dual(bend * u.value, bend * u.tangent)

    def bare(self) -> Resting:
        bare = self.model.bare
        if bare is self.model:
            return self
        if not bare.rests_on(self.made[0], self.substitution):
            raise _Departure("the game without its penalties does not rest on the manifold")
        resting = Resting(bare, *self.made)
        resting.letters = self.letters
        return resting

    def only(self, i: int, u: Dual) -> Dual:
        return masked(self.owner, i, u)

    def solve(self, op: Callable[[Dual], Dual], b: Dual) -> Dual:
        # Where the equations are regular at the equilibrium, they are so in its neighbourhood.
        return b if _is_zero(b) else super().solve(op, b)

    def root(self, fn: Callable[[Dual], Dual], x: Dual) -> Dual:
        if not self.still(fn(x)):
            raise _Departure("what solves the equations inside the step is another point")
        return x

    def project(self, x: Dual) -> Dual:
        """Where the game puts a point of the manifold."""
        if self.model.projected == self.model.coordinates:
            return x
        self._stay(x)
        return self._constant([self._at(_near(e, self.model.point)) for e in self.model.projected])

    def still(self, moved: Dual) -> bool:
        """Whether a vector vanishes everywhere on the manifold."""
        meant = {letter: e for e, letter in self.letters.items()}
        return all(vanishes(e.xreplace(meant)) for e in moved.value.to_Matrix())

    def _stay(self, x: Dual) -> None:
        if not self.still(x - self.centre):
            raise _Departure("the step leaves the manifold")

    def _at(self, expression: sp.Expr) -> sp.Expr:
        value = self.ops.at(self.there, expression.xreplace(self.substitution)).xreplace(self.substitution)
        value = sp.expand(value)
        return value if _rational(value) else self.letters.setdefault(value, sp.Dummy(real=True))

    def _constant(self, entries: Sequence[sp.Expr]) -> Dual:
        domain = ring(entries)
        return Dual(filled(domain, entries, self.size, 1), zeros(self.size, 0, domain))


class GivenResting(WithoutLosses, Resting):  # pyright: ignore[reportIncompatibleMethodOverride]
    """A field that is given, at a general point of a manifold of its equilibria."""

    def v(self, x: Dual) -> Dual:
        self._stay(x)
        return x - x

    def jvp(self, x: Dual, u: Dual) -> Dual:
        self._stay(x)
        if not _is_zero(u):
            raise _Departure("the step multiplies the Jacobian by a direction")
        return u

    def vjp(self, x: Dual, u: Dual) -> Dual:
        return self.jvp(x, u)


def rests_along(
    model: Model,
    operator: Operator,
    points: Sequence[sp.Expr],
    values: Mapping[str, sp.Expr],
    scalars: Iterable[sp.Expr],
) -> bool:
    """Whether one step of a bound operator leaves every point of a manifold where it is.

    Its memory is that of an operator which has rested there. Where the answer is not found it is no.
    """
    o = (GivenResting if model.given else Resting)(model, points, values, scalars)
    try:
        state = operator.init(o, o.centre)
        after = operator.step(o, state)
        if operator.discrete:
            after = after._replace(x=o.project(after.x))
        end = joined(after)
        return o.still(end - joined(state) if operator.discrete else end)
    except StabcheckError:
        return False


def _is_zero(u: Dual) -> bool:
    return u.value.is_zero_matrix and u.tangent.is_zero_matrix


def _rational(expression: sp.Expr) -> bool:
    """Whether an expression is made of symbols and rational numbers by the four operations."""
    return all(
        isinstance(e, ARITHMETIC) or (isinstance(e, sp.Pow) and e.exp.is_Integer)
        for e in sp.preorder_traversal(expression)
    )


def _near(expression: sp.Expr, equilibrium: Mapping[sp.Symbol, sp.Expr]) -> sp.Expr:
    """The expression near the rest point, where each maximum or minimum is one of its arguments."""

    def chosen(*args: sp.Expr, best: Callable[[sp.Expr], bool | None], whole: Any) -> sp.Expr:
        there = {e: e.xreplace(equilibrium) for e in args}
        wins = (e for e in args if all(e == o or best(there[e] - there[o]) for o in args))
        return next(wins, whole(*args))

    above: Callable[[sp.Expr], bool | None] = lambda gap: gap.is_positive  # noqa: E731
    below: Callable[[sp.Expr], bool | None] = lambda gap: gap.is_negative  # noqa: E731
    for kind, best in ((sp.Max, above), (sp.Min, below)):
        expression = expression.replace(
            kind, lambda *args, best=best, kind=kind: chosen(*args, best=best, whole=kind)
        )
    return expression
