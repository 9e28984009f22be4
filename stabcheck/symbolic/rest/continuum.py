"""Sets of rest points that are not isolated, described."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, product

import sympy as sp
from flint import fmpq_mat, fmpz_mpoly

from stabcheck.core.errors import Undecidable
from stabcheck.symbolic.algebraic import real_roots, to_sympy
from stabcheck.symbolic.rest.algebra import algebra_of
from stabcheck.symbolic.rest.ideal import Ideal, graded

SLICES = (0, 1, -1, 2, -2, 3)
MOST_SLICES = 12
SHAPES = {(1, True): "a line", (2, True): "a plane", (1, False): "a curve", (2, False): "a surface"}


@dataclass(frozen=True)
class Continuum:
    """A set of rest points that are not isolated.

    Attributes:
        dimension: over the complex numbers.
        equations: expressions that vanish on it, and together nowhere else.
        points: each of them, one entry per coordinate, some of which stay free; only where the
            set is flat.
        real: whether real points of the same dimension were met on it.
    """

    dimension: int
    equations: tuple[sp.Expr, ...]
    points: tuple[sp.Expr, ...] = ()
    real: bool = True

    @classmethod
    def of(cls, ideal: Ideal, coordinates: Sequence[sp.Symbol]) -> Continuum:
        """The points of an ideal."""
        equations = tuple(_expression(m, coordinates) for m in ideal.members)
        if all(m.total_degree() == 1 for m in ideal.members):
            return cls(ideal.dimension, equations, _solved(ideal, coordinates))
        return cls(ideal.dimension, equations, real=_is_real(ideal))

    @property
    def shape(self) -> str:
        """`a line`, `a curve`, …."""
        return SHAPES.get((self.dimension, bool(self.points)), f"a set of dimension {self.dimension}")

    def text(self, coordinates: Sequence[str]) -> str:
        """What it is, in one line."""
        if self.points:
            there = ", ".join(map(str, self.points))
            return f"{self.shape} of rest points: ({', '.join(coordinates)}) = ({there})"
        description = f"{self.shape} of rest points: {', '.join(f'{e} = 0' for e in self.equations)}"
        return (
            description if self.real else f"{description} (over the complex numbers; few of them may be real)"
        )


def _expression(member: fmpz_mpoly, coordinates: Sequence[sp.Symbol]) -> sp.Expr:
    terms = member.to_dict().items()
    return sp.Add(
        *(
            int(c) * sp.prod(s ** int(p) for s, p in zip(coordinates, powers, strict=True))
            for powers, c in terms
        )
    )


def _solved(ideal: Ideal, coordinates: Sequence[sp.Symbol]) -> tuple[sp.Expr, ...]:
    """Every point of a flat set, in its free coordinates."""
    n = ideal.size
    monomials = [tuple(int(j == k) for j in range(n)) for k in range(n)] + [(0,) * n]
    rows = [[int(m.to_dict().get(p, 0)) for p in monomials] for m in ideal.members]
    if not rows:
        return tuple(coordinates)
    reduced, rank = fmpq_mat(rows).rref()
    points: list[sp.Expr] = list(coordinates)
    for i in range(rank):
        pivot = next(j for j in range(n) if reduced[i, j] != 0)
        others = [to_sympy(-reduced[i, j]) * s for j, s in enumerate((*coordinates, 1)) if j != pivot]
        points[pivot] = sp.Add(*others)
    return tuple(points)


def _is_real(ideal: Ideal) -> bool:
    """Whether a cut through the free coordinates meets it in simple points, a real one among them.

    From such a point the set goes on in all of its dimensions over the reals.
    """
    gens = graded(ideal.size).gens()
    values = product(SLICES, repeat=ideal.dimension)
    return any(
        _meets(ideal, [gens[k] - v for k, v in zip(ideal.free, there, strict=True)])
        for there in islice(values, MOST_SLICES)
    )


def _meets(ideal: Ideal, cuts: Sequence[fmpz_mpoly]) -> bool:
    try:
        cut = Ideal.of(ideal.size, [*ideal.members, *cuts])
        if cut.is_whole or cut.dimension:
            return False
        algebra = algebra_of(cut)
    except Undecidable:
        return False
    simple = algebra.hermite.rank() == len(algebra.monomials)
    return simple and any(real_roots(c.modulus) for c in algebra.components)
