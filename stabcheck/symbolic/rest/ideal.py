"""Ideals of polynomials with rational coefficients, by their reduced Groebner bases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

from flint import Ordering, fmpq, fmpz_mpoly, fmpz_mpoly_ctx, fmpz_mpoly_vec

from stabcheck.core.errors import Undecidable
from stabcheck.symbolic.polynomials import ring

MOST_MEMBERS, MOST_TERMS, MOST_BITS = 150, 400, 3000
"""Where a Groebner basis outgrows these, it is given up, after less than two seconds."""

Powers = tuple[int, ...]
Vector = dict[Powers, fmpq]
"""A polynomial, by its monomials."""


def too_large() -> Undecidable:
    """What is said where the limits are met."""
    return Undecidable("the equations v = 0 grow too large to be solved exactly; give a start")


def graded(size: int) -> fmpz_mpoly_ctx:
    """The polynomials in so many coordinates, by degree and then reverse lexicographically."""
    return ring(size, Ordering.degrevlex)


def order(powers: Powers) -> tuple[int, tuple[int, ...]]:
    """By degree, then reverse lexicographically."""
    return sum(powers), tuple(-p for p in reversed(powers))


def divides(a: Powers, b: Powers) -> bool:
    """Whether one monomial divides another one."""
    return all(s <= t for s, t in zip(a, b, strict=True))


@dataclass(frozen=True)
class Ideal:
    """What vanishes wherever some polynomials do.

    Attributes:
        size: the number of coordinates.
        members: its reduced Groebner basis; none for the ideal of 0.
    """

    size: int
    members: tuple[fmpz_mpoly, ...]

    @classmethod
    def of(cls, size: int, polynomials: Iterable[fmpz_mpoly]) -> Ideal:
        """The ideal of some polynomials.

        Raises:
            Undecidable: if the basis grows too large.
        """
        return cls(size, tuple(basis(graded(size), polynomials)))

    def __add__(self, polynomial: fmpz_mpoly) -> Ideal:
        return Ideal.of(self.size, [*self.members, polynomial])

    @property
    def is_whole(self) -> bool:
        """Whether the polynomials vanish together nowhere."""
        return any(m.is_constant() for m in self.members)

    @cached_property
    def rules(self) -> dict[Powers, Vector]:
        """Each leading monomial, with what it equals modulo the ideal."""
        return dict(_rule(m.to_dict()) for m in self.members)

    @cached_property
    def free(self) -> tuple[int, ...]:
        """A largest set of coordinates between which nothing holds."""
        for count in range(self.size, -1, -1):
            for chosen in combinations(range(self.size), count):
                others = [k for k in range(self.size) if k not in chosen]
                if all(any(m[k] for k in others) for m in self.rules):
                    return chosen
        return ()

    @property
    def dimension(self) -> int:
        """Of the set where the polynomials vanish; 0 where the points are isolated."""
        return len(self.free)

    def reduced(self, terms: Mapping[Powers, Any]) -> Vector:
        """What a polynomial equals modulo the ideal: nothing iff it belongs to it."""
        left, done = {m: fmpq(c) for m, c in terms.items()}, {}
        while left:
            top = max(left, key=order)
            c = left.pop(top)
            rule = next((lead for lead in self.rules if divides(lead, top)), None)
            if rule is None:
                done[top] = c
                continue
            for m, d in self.rules[rule].items():
                moved = tuple(a - b + e for a, b, e in zip(top, rule, m, strict=True))
                left[moved] = left.get(moved, fmpq(0)) + c * d
                if left[moved] == 0:
                    del left[moved]
        return done

    def holds(self, other: Ideal) -> bool:
        """Whether it contains another ideal: then its points are among that one's."""
        return all(not self.reduced(m.to_dict()) for m in other.members)


def basis(within: fmpz_mpoly_ctx, polynomials: Iterable[fmpz_mpoly]) -> Iterator[fmpz_mpoly]:
    """The reduced Groebner basis of some polynomials.

    Raises:
        Undecidable: if it grows too large.
    """
    members = [p for p in polynomials if not p.is_zero()]
    if not members:
        return
    limits = (MOST_MEMBERS, MOST_TERMS, MOST_BITS)
    groebner, done = fmpz_mpoly_vec(members, within).buchberger_naive(limits=limits)
    if not done:
        raise too_large()
    yield from groebner.autoreduction()  # pyright: ignore[reportAttributeAccessIssue]


def moved(poly: fmpz_mpoly, into: fmpz_mpoly_ctx, places: Sequence[int]) -> fmpz_mpoly:
    """The same polynomial in another ring, its k-th coordinate in the place given."""
    count = into.nvars()
    terms = {}
    for powers, c in poly.to_dict().items():
        there = [0] * count
        for k, p in enumerate(powers):
            there[places[k]] = int(p)
        terms[tuple(there)] = c
    return into.from_dict(terms)


def _rule(terms: Mapping[Powers, Any]) -> tuple[Powers, Vector]:
    first = max(terms, key=order)
    return first, {m: -fmpq(c) / fmpq(terms[first]) for m, c in terms.items() if m != first}
