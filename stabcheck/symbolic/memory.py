"""Memory that the players never feel: the coordinates of a state that decouple at rest.

Sorted into those on which what is read ever depends and the others, the matrix of a step is
`[[S, 0], [C, D]]`: its spectrum is that of `S`, which is observable, and that of `D`, the memory's own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sympy.polys.matrices import DomainMatrix


def observable(matrix: DomainMatrix, read: DomainMatrix) -> tuple[int, ...]:
    """The coordinates on which what is read depends, now or after some steps.

    Args:
        matrix: of the step.
        read: how what is read depends on the state.
    """
    asked: defaultdict[int, set[int]] = defaultdict(set)
    for row, column in matrix.to_dok():
        asked[row].add(column)
    needed = {column for _, column in read.to_dok()}
    new = needed
    while new:
        new = {column for row in new for column in asked[row]} - needed
        needed |= new
    return tuple(sorted(needed))


def block(matrix: DomainMatrix, kept: Sequence[int]) -> DomainMatrix:
    """The rows and columns of some coordinates."""
    return matrix.extract(list(kept), list(kept))


def others(matrix: DomainMatrix, kept: Sequence[int]) -> tuple[int, ...]:
    """The coordinates besides these."""
    return tuple(sorted(set(range(matrix.shape[0])) - set(kept)))
