"""`Oracle` in SymPy: a game to a given order at its rest point, which gives a step to that order.

A vector is `Truncated`: a polynomial in the deviations of the state, cut off above the order. One step
of a state that moves in each of its coordinates is the Taylor expansion of the whole update map.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

import sympy as sp
from sympy.polys.matrices import DomainMatrix
from sympy.polys.rings import PolyElement, PolyRing

from stabcheck.core import hyper
from stabcheck.core.errors import NotApplicable, NotSmooth, Undecidable
from stabcheck.core.oracle import Oracle, WithoutLosses, leaves, shaped
from stabcheck.declare.methods.method import Operator
from stabcheck.symbolic.dual import element, ring
from stabcheck.symbolic.model import Model
from stabcheck.symbolic.ops import exact
from stabcheck.symbolic.taylor import Expansion, at_values
from stabcheck.symbolic.truncated import Terms, Truncated, composed, slope


@dataclass(frozen=True, eq=False)
class Series(Oracle):
    """A game to a given order at its rest point.

    Attributes:
        model: the game.
        order: of what its fields give, at least 1.
        width: the number of coordinates of the state that moves.
        substitution: numbers for some of the symbols of the derivatives.
        scalars: further expressions that the method will compute with.
    """

    model: Model
    order: int
    width: int
    substitution: Mapping[sp.Symbol, sp.Expr]
    scalars: tuple[sp.Expr, ...] = ()

    @property
    def xp(self) -> Any:
        return self.model.ops

    @property
    def players(self) -> int:  # pyright: ignore[reportIncompatibleVariableOverride] (read only)
        return self.model.players

    @property
    def size(self) -> int:  # pyright: ignore[reportIncompatibleVariableOverride] (read only)
        return len(self.model.coordinates)

    @cached_property
    def _expansion(self) -> Expansion:
        return self.model.taylor(self.order).at(self.substitution)

    @cached_property
    def ring(self) -> PolyRing:
        """Of the deviations, and of one letter more, by which linear parts are found."""
        expansion = self._expansion
        rows = chain(expansion.losses, expansion.given, expansion.projected)
        entries = [*self.scalars, *self._here, *chain.from_iterable(row.values() for row in rows)]
        return PolyRing([f"d{k}" for k in range(self.width + 1)], ring(entries).get_field(), "grevlex")

    @property
    def _here(self) -> tuple[sp.Expr, ...]:
        return at_values(self.model.equilibrium, self.substitution)

    @cached_property
    def rest(self) -> Truncated:
        return self._constant(self._here)

    def _constant(self, entries: Iterable[Any]) -> Truncated:
        return Truncated(tuple(self.ring.ground_new(self._number(e)) for e in entries), self.order)

    def _number(self, e: sp.Expr) -> Any:
        return element(self.ring.domain, sp.sympify(e, strict=True))

    def moving(self, start: Any) -> Any:
        """A state that moves in each of its coordinates."""
        letters = iter(self.ring.gens)
        rows = leaves(start)
        return shaped(
            start, (Truncated(tuple(e + next(letters) for e in u.entries), self.order) for u in rows)
        )

    @cached_property
    def _slopes(self) -> list[list[Terms]]:
        """Of each loss by each coordinate; of a field that is given just `-v`."""
        losses = [self._terms(row) for row in self._expansion.losses]
        return [[slope(terms, k) for k in range(self.size)] for terms in losses]

    def _terms(self, row: Mapping[tuple[int, ...], sp.Expr]) -> Terms:
        return {monomial: self._number(c) for monomial, c in row.items()}

    def grad(self, i: int, x: Truncated) -> Truncated:
        return self._composed(self._slopes[i], x)

    def _composed(self, rows: Sequence[Terms], x: Truncated) -> Truncated:
        away = x - self.rest
        if not away.vanishes:
            raise Undecidable("the step asks for the game's series at another point than the equilibrium")
        return Truncated(tuple(composed(row, away.entries, self.order) for row in rows), self.order)

    def hvp(self, i: int, x: Truncated, u: Truncated) -> Truncated:
        return self._product(x, u, [[slope(row, k) for k in range(self.size)] for row in self._slopes[i]])

    def _product(self, x: Truncated, u: Truncated, rows: Sequence[Sequence[Terms]]) -> Truncated:
        # Where u does not vanish at rest, a moving x brings in one order more of derivatives.
        if not (u.vanishes or x.still):
            raise Undecidable("the step multiplies a Hessian by a direction that does not vanish at rest")
        products = [self._composed(row, x).dot(u) for row in rows]
        return Truncated(tuple(product.entries[0] for product in products), self.order)

    def only(self, i: int, u: Truncated) -> Truncated:
        return u.masked([p == i for p in self.model.owner])

    def solve(self, op: Callable[[Truncated], Truncated], b: Truncated) -> Truncated:
        inverse = self._inverse(op)
        solution = b - b
        # What is left over begins one order higher each time.
        for _ in range(self.order + 1):
            solution = solution + _multiplied(inverse, b - op(solution))
        return solution

    def root(self, fn: Callable[[Truncated], Truncated], x: Truncated) -> Truncated:
        still = self._constant(self.ring.domain.to_sympy(c) for c in x.constants)
        base = fn(still)
        inverse = self._inverse(lambda u: fn(still + u) - base)
        solution = x
        for _ in range(self.order + 1):
            solution = solution - _multiplied(inverse, fn(solution))
        if any(fn(solution).entries):
            raise Undecidable("the equations inside the step have another root than the equilibrium")
        return solution

    def _inverse(self, op: Callable[[Truncated], Truncated]) -> DomainMatrix:
        """Of the linear part of `op`, found by moving in one coordinate at a time."""
        probe, n = self.ring.gens[-1], self.size
        basis = [Truncated(tuple(probe * int(j == k) for j in range(n)), self.order) for k in range(n)]
        columns = [[e.coeff(probe.set_ring(e.ring)) for e in op(u).entries] for u in basis]
        field = op(basis[0]).ring.domain
        matrix = DomainMatrix([list(row) for row in zip(*columns, strict=True)], (n, n), field)
        if matrix.rank() < n:
            raise NotApplicable(
                "the equations inside the step are singular at the equilibrium: their solution, such as a"
                " best response, is not isolated there"
            )
        return matrix.inv()

    def repeat(self, n: int, fn: Callable[[Any], Any], state: Any) -> Any:
        for _ in range(n):
            state = fn(state)
        return state

    def sqrt(self, u: Truncated) -> Truncated:
        return u.sqrt()

    def dot(self, u: Truncated, w: Truncated) -> Truncated:
        return u.dot(w)

    def sign(self, t: Truncated) -> sp.Expr:
        (value,) = t.constants
        sign = sp.sign(t.ring.domain.to_sympy(value))
        if sign not in (1, -1):
            raise NotSmooth("a sign is taken of what vanishes at rest")
        return sign

    def bare(self) -> Oracle:
        bare = self.model.bare
        return (
            self
            if bare is self.model
            else type(self)(bare, self.order, self.width, self.substitution, self.scalars)
        )

    def project(self, x: Truncated) -> Truncated:
        if self.model.projected == self.model.coordinates:
            return x
        return self._composed([self._terms(row) for row in self._expansion.projected], x)


class GivenSeries(WithoutLosses, Series):
    """A field that is given, to a given order at its rest point."""

    @cached_property
    def _field(self) -> list[Terms]:
        return [self._terms(row) for row in self._expansion.given]

    def v(self, x: Truncated) -> Truncated:
        return self._composed(self._field, x)

    def jvp(self, x: Truncated, u: Truncated) -> Truncated:
        return self._product(x, u, [[slope(row, k) for k in range(self.size)] for row in self._field])

    def vjp(self, x: Truncated, u: Truncated) -> Truncated:
        return self._product(x, u, [[slope(row, k) for row in self._field] for k in range(self.size)])


def _multiplied(matrix: DomainMatrix, u: Truncated) -> Truncated:
    field = matrix.domain.unify(u.ring.domain)
    rows, wide = matrix.convert_to(field).to_dense().rep.to_list(), u.over(field)
    total = lambda row: sum((e * c for e, c in zip(wide.entries, row, strict=True)), wide.ring.zero)  # noqa: E731
    return Truncated(tuple(total(row) for row in rows), u.order)


@dataclass(frozen=True)
class Expanded:
    """The Taylor expansion of an operator's map, or of its velocity, about the state at rest.

    Attributes:
        letters: the deviation of each coordinate of the state.
        entries: what becomes of each, as a polynomial over a field.
    """

    letters: tuple[sp.Symbol, ...]
    entries: tuple[PolyElement, ...]

    def derivative(self, k: int, *by: int) -> sp.Expr:
        """The derivative of the `k`-th entry by some coordinates, at rest."""
        entry = self.entries[k]
        for j in by:
            entry = entry.diff(entry.ring.gens[j])
        return entry.ring.domain.to_sympy(entry.coeff(1))


def expanded(
    model: Model, operator: Operator, order: int, values: Mapping[str, sp.Expr] | None = None
) -> Expanded:
    """One application of an operator to a given order in the deviation of its state from rest, exactly.

    Args:
        model: the game.
        operator: a method, or a flow.
        order: the highest degree that is kept, at least 1.
        values: numbers for some of the open names, and of the symbols `f1`, `f2`, `f3`, … of the loss.

    Raises:
        NotSmooth: if derivatives of that order may be missing.
        NotApplicable: if equations inside the step are singular at rest.
        Undecidable: if the step asks for derivatives of a higher order, or at another point.
    """
    values = values or {}

    def to(row: hyper.Hyper, value: Any) -> sp.Expr:
        return exact(row, values.get(value, value) if isinstance(value, str) else value)

    bound = hyper.rebind(operator, to)
    scalars = tuple(value for row, value in hyper.values(bound) if not row.domain.whole)
    free = {s for row in model.taylor(order) for terms in row for c in terms.values() for s in c.free_symbols}
    substitution = {s: values[s.name] for s in free if s.name in values}
    kind = GivenSeries if model.given else Series
    narrow = kind(model, order, 0, substitution, scalars)
    width = sum(len(u.entries) for u in leaves(bound.init(narrow, narrow.rest)))
    oracle = kind(model, order, width, substitution, scalars)
    after = bound.step(oracle, oracle.moving(bound.init(oracle, oracle.rest)))
    if operator.discrete:
        after = after._replace(x=oracle.project(after.x))
    letters = tuple(sp.Symbol(str(g)) for g in oracle.ring.gens[:width])
    return Expanded(letters, tuple(_entries(after)))


def _entries(state: Any) -> Iterator[PolyElement]:
    for vector in leaves(state):
        yield from vector.entries
