"""Equilibria that are not isolated: the manifold of them, and what a spectrum says across it.

Along a manifold of rest points the flow has eigenvalues 0 and a method that rests on all of it has
eigenvalues 1, one for each dimension. They say nothing about convergence to the manifold, which
the other eigenvalues decide.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import sympy as sp
from sympy.polys.matrices import DomainMatrix

from stabcheck.core.stability import StabilityRegion
from stabcheck.symbolic.coordinates import certainly_regular
from stabcheck.symbolic.model import Model
from stabcheck.symbolic.spectrum import Factor

Direction = tuple[sp.Expr, ...]


def directions(model: Model, jacobian: DomainMatrix, values: Mapping[str, sp.Expr]) -> tuple[Direction, ...]:
    """The directions in which rest points continue from the equilibrium.

    Those of the declared manifold; or else, where the Jacobian is singular, those of its null
    space along which, straight on, the field keeps vanishing exactly. A curved manifold is seen
    only where it is declared.

    Args:
        model: the game.
        jacobian: of the field at rest, at the values.
        values: numbers for some of the open names.
    """
    substitution = {s: values[s.name] for s in model.symbols if s.name in values}
    if model.along:
        return tuple(tuple(sp.expand(e.xreplace(substitution)) for e in row) for row in model.along)
    if certainly_regular(jacobian):
        return ()
    kernel = jacobian.to_field().nullspace().to_Matrix()
    rows = [_plain(kernel.row(k)) for k in range(kernel.rows)]
    if rows and _flat(model, rows, substitution):
        return tuple(rows)
    single = [row for row in rows if _flat(model, [row], substitution)]
    return tuple(single if _flat(model, single, substitution) else single[:1])


def _plain(row: sp.Matrix) -> Direction:
    """The same direction with its last entry other than 0 made 1."""
    last = next(e for e in reversed(list(row)) if e != 0)
    return tuple(sp.cancel(e / last) for e in row)


def _flat(model: Model, rows: Sequence[Direction], substitution: Mapping[sp.Symbol, sp.Expr]) -> bool:
    """Whether the field vanishes on all of the rest point plus the span of the rows."""
    return bool(rows) and model.rests_on(_straight(model, rows), substitution) is True


def _straight(model: Model, rows: Sequence[Direction]) -> list[sp.Expr]:
    """Every point of the rest point plus the span of the rows, in dummies."""
    parameters = [sp.Dummy(real=True) for _ in rows]
    return [sum((t * e for t, e in zip(parameters, column, strict=True)), at)  # pyright: ignore[reportReturnType]
            for at, *column in zip(model.equilibrium, *rows, strict=True)]  # fmt: skip


def points(model: Model, along: Sequence[Direction], values: Mapping[str, sp.Expr]) -> list[sp.Expr]:
    """Every point of the manifold that has these directions at the equilibrium, in dummies."""
    substitution = {s: values[s.name] for s in model.symbols if s.name in values}
    family = model.manifold if model.along else _straight(model, along)
    return [sp.expand(e.xreplace(substitution)) for e in family]


def across(factors: Sequence[Factor], count: int, *, region: StabilityRegion) -> tuple[Factor, ...]:
    """The factors without `count` copies of the root that belongs to the manifold, 0 or 1."""
    return tuple(_across(factors, count, sp.Integer(region.still)))


def _across(factors: Sequence[Factor], count: int, root: sp.Expr) -> Iterator[Factor]:
    for factor in factors:
        copies, single = factor.multiplicity, replace(factor, multiplicity=1)
        while copies and count and _divided(single, root):
            count, left = _emptied(single, count, root)
            copies -= 1
            if left.degree:
                yield left
        if copies:
            yield replace(factor, multiplicity=copies)


def _emptied(factor: Factor, count: int, root: sp.Expr) -> tuple[int, Factor]:
    """A factor divided by `z - root` as often as it goes, `count` times at most, and what is left of that.

    At given numbers factors are whole blocks, which may hold the root several times.
    """
    while count and (divided := _divided(factor, root)) is not None:
        count, factor = count - 1, divided
    return count, factor


def _divided(factor: Factor, root: sp.Expr) -> Factor | None:
    """One copy of the factor divided by `z - root`, if that goes; by Horner's rule."""
    quotient: list[sp.Expr] = [sp.S.One]
    for c in factor.coefficients[1:]:
        quotient.append(sp.cancel(c + root * quotient[-1]))
    *kept, remainder = quotient
    return Factor(tuple(kept), 1) if remainder == 0 else None
