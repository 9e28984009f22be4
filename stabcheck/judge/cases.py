"""The values of the other hyperparameters over which one formula holds: a range of one, signs in two."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from stabcheck.core.domain import Domain
from stabcheck.core.errors import Undecidable
from stabcheck.core.polynomial import Polynomial
from stabcheck.judge.cover import Cover, Leaf
from stabcheck.symbolic.algebraic import AlgebraicNumber
from stabcheck.symbolic.cells import Cell, Cut, Edge
from stabcheck.symbolic.stack import Intervals

Question = tuple[Polynomial, frozenset[int]]
"""Whether the sign of a polynomial is among some."""
POSITIVE, NOT_NEGATIVE, ZERO = frozenset({1}), frozenset({0, 1}), frozenset({0})
ALL = frozenset({-1, 0, 1})
MOST_CASES = 12
"""More than anybody would read."""


@dataclass(frozen=True)
class Range:
    """Values of one hyperparameter between two numbers.

    Attributes:
        low, high: the numbers; `None` for infinity.
        closed: whether each belongs to it.
    """

    low: AlgebraicNumber | None
    high: AlgebraicNumber | None
    closed: tuple[bool, bool]


@dataclass(frozen=True)
class Signs:
    """Values at which some polynomials have some signs.

    Attributes:
        among: for each polynomial those of -1, 0 and 1 that it may have.
    """

    among: tuple[tuple[Polynomial, frozenset[int]], ...]


@dataclass(frozen=True)
class Otherwise:
    """All values that no other case is about."""


@dataclass(frozen=True)
class Case:
    """Values of the other hyperparameters over which the same formula holds.

    Attributes:
        where: the values; a range of nothing where there are no others.
        formula: the intervals, with one root for each end.
        cells: all of which it holds over.
    """

    where: Range | Signs | Otherwise
    formula: Intervals
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Cases:
    """A statement, case by case.

    Attributes:
        rows: the cases, that hold together everywhere, or wherever `whole` lets them.
        whole: whether they tell of the walls between cells, too, where roots meet, come or go.
    """

    rows: tuple[Case, ...]
    whole: bool


def described(cut: Cut) -> Cases:
    """The cases of a cut, without its walls where they take too long.

    Raises:
        Undecidable: if that takes too long, too, or cases are too many.
    """
    try:
        return Cases(_few(_rows(cut, cut.cells())), whole=True)
    except Undecidable as refusal:
        if not cut.letters:
            raise
        return _without_walls(cut, refusal)


def _without_walls(cut: Cut, refusal: Undecidable) -> Cases:
    try:
        return Cases(_few(_rows(cut, cut.open_cells())), whole=False)
    except Undecidable:
        raise refusal from None


def _rows(cut: Cut, cells: Sequence[Cell]) -> tuple[Case, ...]:
    return tuple(in_ranges(cells) if len(cut.letters) < 2 else by_signs(cut, cells))


def _few(cases: tuple[Case, ...]) -> tuple[Case, ...]:
    if len(cases) > MOST_CASES:
        raise Undecidable(f"there are {len(cases)} cases, more than {MOST_CASES}")
    return cases


def in_ranges(cells: Sequence[Cell]) -> Iterator[Case]:
    """The cases of a cut over one letter, or over none; without walls each cell is one."""
    runs: list[tuple[tuple[Intervals, ...], list[Cell]]] = []
    for cell in cells:
        follows = runs and not (cell.size and runs[-1][1][-1].size)
        shared = _shared(*runs[-1], cell) if follows else ()
        if shared:
            runs[-1] = (shared, [*runs[-1][1], cell])
        else:
            runs.append((cell.stack.formulas, [cell]))
    return (Case(_range(cells), formulas[0], tuple(cells)) for formulas, cells in runs)


def _shared(formulas: Sequence[Intervals], cells: Sequence[Cell], cell: Cell) -> tuple[Intervals, ...]:
    """The formulas of some cells that hold over one more, and those of that which hold over all."""
    candidates = dict.fromkeys((*formulas, *cell.stack.formulas))
    return tuple(f for f in candidates if all(c.stack.follows(f) for c in (*cells, cell)))


def _range(cells: Sequence[Cell]) -> Range:
    low, high = (_number(end) for end in (cells[0].ends[0], cells[-1].ends[1]))
    return Range(low, high, (cells[0].size == 0, cells[-1].size == 0))


def _number(edge: Edge | None) -> AlgebraicNumber | None:
    """The one coordinate of an end."""
    if edge is None:
        return None
    q = edge.point.rational(edge.name)
    return edge.point.number if q is None else AlgebraicNumber.of(q)


def by_signs(cut: Cut, cells: Sequence[Cell]) -> Iterator[Case]:
    """The cases of a cut over several letters.

    Raises:
        Undecidable: if signs do not tell them apart.
    """
    formulas = _formulas(cells)
    leaves = _leaves(cut, cells, formulas)
    left = (1 << len(cells)) - 1
    for leaf in leaves:
        signs = _signs(leaf, cells)
        places = _bits(_has(cell, signs) for cell in cells)
        left &= ~places
        yield Case(signs, leaf.label, _at(places, cells))
    if left:
        yield Case(Otherwise() if leaves else Signs(()), (), _at(left, cells))


def _leaves(
    cut: Cut, cells: Sequence[Cell], formulas: Mapping[Intervals, int]
) -> tuple[Leaf[Question, Intervals], ...]:
    places = (1 << len(cells)) - 1
    last = [*_ends(cut), *cut.levels[-1]]
    for polynomials in (last, [*last, *(p for level in cut.levels[:-1] for p in level)]):
        leaves = Cover(places, _questions(polynomials, cells), formulas, silent=()).cases()
        if leaves is not None:
            break
    else:
        raise Undecidable(f"signs do not tell the {len(formulas)} formulas of the cases apart")
    return leaves


def _signs(leaf: Leaf[Question, Intervals], cells: Sequence[Cell]) -> Signs:
    """What a leaf asks for, each polynomial once, of the signs that it has anywhere."""
    rows: dict[Polynomial, frozenset[int]] = {}
    for (p, among), yes in leaf.answers:
        rows[p] = rows.get(p, ALL) & (among if yes else ALL - among)
    had = {p: frozenset(cell.stack.point.sign(p) for cell in cells) for p in rows}
    return Signs(tuple((p, among & had[p]) for p, among in rows.items()))


def _has(cell: Cell, signs: Signs) -> bool:
    """Whether all signs are as they may be over a cell."""
    return all(cell.stack.point.sign(p) in among for p, among in signs.among)


def _at(places: int, cells: Sequence[Cell]) -> tuple[Cell, ...]:
    return tuple(cell for k, cell in enumerate(cells) if places >> k & 1)


def _formulas(cells: Sequence[Cell]) -> dict[Intervals, int]:
    """All formulas, each with the cells over which it holds; those of most cells first, and of large ones."""
    ordered = sorted(cells, key=lambda cell: -cell.size)
    each = dict.fromkeys(formula for cell in ordered for formula in cell.stack.formulas)
    rows = {f: _bits(cell.stack.follows(f) for cell in cells) for f in each}
    return dict(sorted(rows.items(), key=lambda row: -row[1].bit_count()))


def _questions(polynomials: Sequence[Polynomial], cells: Sequence[Cell]) -> Mapping[Question, int]:
    """The signs that may be asked for, the simplest polynomials first."""
    ordered = sorted(dict.fromkeys(polynomials), key=lambda p: (len(p.names), len(p.terms), p.degree))
    signs = {p: [cell.stack.point.sign(p) for cell in cells] for p in ordered}
    return {
        (p, among): _bits(sign in among for sign in row)
        for p, row in signs.items()
        for among in (POSITIVE, NOT_NEGATIVE, ZERO)
    }


def _bits(truths: Iterator[bool]) -> int:
    return sum(1 << k for k, true in enumerate(truths) if true)


def _ends(cut: Cut) -> Iterator[Polynomial]:
    """What vanishes where a domain ends that has its end."""
    for name in cut.letters:
        domain: Domain = cut.along.domains[name]
        yield from (Polynomial.letter(name) - corner for corner in domain.corners)
