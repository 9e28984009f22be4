"""Quasi-homogeneity: weights in which polynomials are homogeneous, and the letters set to 1 by them.

With `h` of weight -1 and `f1`, `gamma` of weight 1 every term of `gamma - f1^2 h` has weight 1, and every
term of `4 + f1^2 h^2 - 2 gamma h` weight 0: where both are positive depends on `h f1` and `gamma/f1` alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import fmpq, fmpq_mat

from stabcheck.core.domain import POSITIVE, Domain
from stabcheck.core.polynomial import Polynomial, Powers


def is_cone(domain: Domain) -> bool:
    """Whether a domain holds with a number all of its positive multiples."""
    return not domain.whole and all(end == 0 for end in domain.ends)


@dataclass(frozen=True)
class Scaling:
    """Independent weights, each of which makes every polynomial of some homogeneous.

    Attributes:
        weights: by letter, one for each scaling; a letter that is not among them has weight 0.
        ones: for each scaling the letter that is set to 1 by it: of weight 1 there, and 0 in the others.
    """

    weights: Mapping[str, tuple[Fraction, ...]]
    ones: tuple[str, ...]

    @classmethod
    def of(
        cls, polynomials: Iterable[Polynomial], domains: Mapping[str, Domain], kept: Sequence[str] = ()
    ) -> Scaling:
        """As many scalings as set a letter to 1.

        Args:
            polynomials: whose signs are asked for.
            domains: of the letters; only those of a cone have a weight, and only a positive one becomes 1.
            kept: letters that become 1 only where no other one can.
        """
        cones = (name for name, domain in domains.items() if is_cone(domain))
        names = sorted(cones, key=lambda name: (domains[name] != POSITIVE, name in kept, name))
        differences = [row for p in polynomials for row in _differences(p, names)]
        rows, pivots = _reduced(_kernel(differences, len(names)), len(names))
        used = [(row, names[k]) for row, k in zip(rows, pivots, strict=True) if domains[names[k]] == POSITIVE]
        columns = {name: tuple(row[k] for row, _ in used) for k, name in enumerate(names)}
        return cls(
            {name: column for name, column in columns.items() if any(column)}, tuple(n for _, n in used)
        )

    def without(self, letter: str) -> Scaling:
        """The scalings that leave a letter as it is."""
        kept = [k for k, one in enumerate(self.ones) if one != letter]
        columns = {name: tuple(row[k] for k in kept) for name, row in self.weights.items()}
        return Scaling(
            {name: column for name, column in columns.items() if any(column)},
            tuple(self.ones[k] for k in kept),
        )

    def reduced(self, polynomial: Polynomial) -> Polynomial:
        """The polynomial where the letters of `ones` are 1."""
        kept = [k for k, name in enumerate(polynomial.names) if name not in self.ones]
        names = tuple(polynomial.names[k] for k in kept)
        return Polynomial(names, tuple((tuple(p[k] for k in kept), c) for p, c in polynomial.terms))

    def restored(self, polynomial: Polynomial) -> Polynomial | None:
        """The homogeneous polynomial that reduces to one; `None` where its powers would be broken."""
        weights = [self._weights(polynomial.names, powers) for powers, _ in polynomial.terms]
        most = [max(column) for column in zip(*weights, strict=True)]
        added = [tuple(m - w for m, w in zip(most, row, strict=True)) for row in weights]
        if any(power.denominator > 1 for row in added for power in row):
            return None
        rows = zip(polynomial.terms, added, strict=True)
        terms = tuple(((*powers, *map(int, more)), c) for (powers, c), more in rows)
        return Polynomial((*polynomial.names, *self.ones), terms) if terms else polynomial

    def _weights(self, names: Sequence[str], powers: Powers) -> tuple[Fraction, ...]:
        """Those of a term."""
        none = (Fraction(0),) * len(self.ones)
        rows = [self.weights.get(name, none) for name in names]
        return tuple(
            sum((k * row[j] for k, row in zip(powers, rows, strict=True)), Fraction(0))
            for j in range(len(self.ones))
        )


def _differences(polynomial: Polynomial, names: Sequence[str]) -> Iterator[list[int]]:
    """The exponents of every term less those of the first, by letter."""
    places = {name: k for k, name in enumerate(polynomial.names)}
    rows = [[powers[places[n]] if n in places else 0 for n in names] for powers, _ in polynomial.terms]
    return ([a - b for a, b in zip(row, rows[0], strict=True)] for row in rows[1:])


def _kernel(rows: Sequence[Sequence[int]], width: int) -> list[list[fmpq]]:
    """Vectors that span what all rows are orthogonal to."""
    reduced, pivots = _reduced(rows, width)
    free = [k for k in range(width) if k not in pivots]
    basis = [[fmpq(int(k == j)) for k in range(width)] for j in free]
    for vector, j in zip(basis, free, strict=True):
        for row, k in zip(reduced, pivots, strict=True):
            vector[k] = fmpq(-row[j].numerator, row[j].denominator)
    return basis


def _reduced(rows: Sequence[Sequence[Any]], width: int) -> tuple[list[list[Fraction]], list[int]]:
    """The rows that are not zero of the reduced row echelon form, and their pivots."""
    if not rows or not width:
        return [], []
    table, rank = fmpq_mat([list(row) for row in rows]).rref()
    numbers = [[Fraction(int(q.p), int(q.q)) for q in row] for row in table.table()[:rank]]
    return numbers, [next(k for k, q in enumerate(row) if q) for row in numbers]
