"""Vectors that depend on the state to a given order: polynomials in its deviations, cut off above it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import sympy as sp
from sympy.polys.constructor import construct_domain
from sympy.polys.domains import Domain
from sympy.polys.rings import PolyElement, PolyRing

from stabcheck.core.errors import NotSmooth
from stabcheck.symbolic import reading

Terms = dict[tuple[int, ...], Any]


@dataclass(frozen=True, eq=False)
class Truncated:
    """A vector of polynomials in the deviations of a state from rest, up to some order.

    Attributes:
        entries: the polynomials, over one field.
        order: terms of a higher degree are left out.
    """

    entries: tuple[PolyElement, ...]
    order: int

    # numpy must not take a vector apart when a number of its own stands on the left.
    __array_ufunc__ = None

    @property
    def ring(self) -> PolyRing:
        """Of the polynomials."""
        return self.entries[0].ring

    @property
    def constants(self) -> tuple[Any, ...]:
        """The values at rest, in the field."""
        return tuple(e.coeff(1) for e in self.entries)

    @property
    def vanishes(self) -> bool:
        """Whether the value at rest is 0."""
        return not any(self.constants)

    @property
    def still(self) -> bool:
        """Whether it depends on no deviation."""
        return all(e.is_ground for e in self.entries)

    def over(self, field: Domain) -> Truncated:
        """The same over a larger field."""
        ring = self.ring.clone(domain=field)
        return self if ring == self.ring else self._with(e.set_ring(ring) for e in self.entries)

    def _with(self, entries: Any) -> Truncated:
        return Truncated(tuple(entries), self.order)

    def _number(self, number: Any) -> tuple[Truncated, Any]:
        """Itself over a field that holds a number too, and the number there."""
        exact = reading.number(number)
        field = self.ring.domain.unify(construct_domain(exact, field=True, extension=True)[0])
        return self.over(field), field.from_sympy(exact)

    def _paired(self, other: Any) -> tuple[Truncated, Truncated]:
        if not isinstance(other, Truncated):
            a, number = self._number(other)
            return a, a._with([a.ring.ground_new(number)] * len(a.entries))
        field = self.ring.domain.unify(other.ring.domain)
        return self.over(field), other.over(field)

    def _entrywise(self, rule: Callable[[PolyElement, PolyElement], PolyElement], other: Any) -> Truncated:
        a, b = self._paired(other)
        return self._with(rule(e, f) for e, f in zip(a.entries, b.entries, strict=True))

    def __add__(self, other: Any) -> Truncated:
        return self._entrywise(lambda a, b: a + b, other)

    __radd__ = __add__

    def __neg__(self) -> Truncated:
        return self._with(-e for e in self.entries)

    def __sub__(self, other: Any) -> Truncated:
        return self._entrywise(lambda a, b: a - b, other)

    def __rsub__(self, other: Any) -> Truncated:
        return -self + other

    def __mul__(self, other: Any) -> Truncated:
        return self._entrywise(lambda a, b: times(a, b, self.order), other)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Truncated:
        if isinstance(other, Truncated):
            return self * other.reciprocal()
        return self * (1 / reading.number(other))

    def reciprocal(self) -> Truncated:
        """`1/u`, entrywise."""
        inverse = lambda c: [(-1) ** k * c ** -(k + 1) for k in range(self.order + 1)]  # noqa: E731
        return self.through(inverse)

    def sqrt(self) -> Truncated:
        """The square root of a vector that is positive at rest, entrywise.

        Raises:
            NotSmooth: if it is not.
        """
        field = self.ring.domain
        roots = [field.to_sympy(c) for c in self.constants]
        if not all(c.is_positive for c in roots):
            raise NotSmooth("the square root is taken of what is not positive at rest")
        wider = self.over(
            field.unify(construct_domain([sp.sqrt(c) for c in roots], field=True, extension=True)[0])
        )
        half = [sp.binomial(sp.S.Half, k) for k in range(self.order + 1)]

        def root(c: Any) -> list[Any]:
            to = wider.ring.domain
            first = to.from_sympy(sp.sqrt(to.to_sympy(c)))
            return [to.from_sympy(b) * first / c**k for k, b in enumerate(half)]

        return wider.through(root)

    def through(self, coefficients: Callable[[Any], Sequence[Any]]) -> Truncated:
        """`f(u)`, entrywise, from the coefficients of the expansion of `f` about each value at rest."""
        return self._with(_through(e, coefficients(e.coeff(1)), self.order) for e in self.entries)

    def dot(self, other: Truncated) -> Truncated:
        """The inner product, one entry."""
        product = self * other
        return self._with([reduce(lambda a, b: a + b, product.entries)])

    def masked(self, kept: Sequence[bool]) -> Truncated:
        """With 0 for the entries that are not kept."""
        return self._with(e if keep else self.ring.zero for e, keep in zip(self.entries, kept, strict=True))


def times(a: PolyElement, b: PolyElement, order: int) -> PolyElement:
    """The product up to an order: nothing is multiplied that would be cut off."""
    product = a.ring.zero
    for m, c in a.terms() if a else ():
        left = order - sum(m)
        kept = a.ring.from_dict({n: d for n, d in b.terms() if sum(n) <= left})
        product += kept.mul_term((m, c))
    return product


def _through(u: PolyElement, coefficients: Sequence[Any], order: int) -> PolyElement:
    """`sum c_k (u - u_0)^k`, by Horner's rule."""
    away, value = u - u.coeff(1), u.ring.zero
    for c in reversed(coefficients):
        value = times(value, away, order) + c
    return value


def composed(terms: Terms, away: Sequence[PolyElement], order: int) -> PolyElement:
    """A polynomial, by its terms, of polynomials that vanish at rest."""
    ring = away[0].ring
    powers = [[ring.one] for _ in away]
    for w, row in zip(away, powers, strict=True):
        for _ in range(order):
            row.append(times(row[-1], w, order))
    total = ring.zero
    for monomial, c in terms.items():
        if sum(monomial) <= order:
            factors = (row[k] for row, k in zip(powers, monomial, strict=True) if k)
            total += reduce(lambda a, b: times(a, b, order), factors, ring.one) * c
    return total


def slope(terms: Terms, k: int) -> Terms:
    """The derivative of a polynomial by its `k`-th letter."""
    lowered = (((*m[:k], m[k] - 1, *m[k + 1 :]), c * m[k]) for m, c in terms.items() if m[k])
    return dict(lowered)
