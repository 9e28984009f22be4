"""The values of some letters cut into cells, over each of which the line of one more looks alike.

Between the zeros of a projection the real roots in `v` neither meet nor come or go: what holds over one
point of a cell holds over all of it. The zeros are cells of their own, with points whose coordinates are
algebraic numbers, so that nothing is left open (Collins 1975; McCallum 1998).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

import flint
from flint import arb

from stabcheck.core.domain import Domain, End
from stabcheck.core.errors import Undecidable
from stabcheck.core.polynomial import Polynomial
from stabcheck.symbolic.point import BITS, ORIGIN, Point
from stabcheck.symbolic.projection import projected
from stabcheck.symbolic.stack import Along, Root, Stack, between, coinciding, gaps, is_inside, once, to_arb

MOST_WORK, MOST_DEGREE, FAST = 8_000, 24, 8
"""How many polynomials are looked at over all cells, each times the degree of the number field there, and
once more for each `FAST` terms of its own; and the degree of a field."""


@dataclass(frozen=True)
class Edge:
    """An end of a cell on the line of its last letter.

    Attributes:
        base: the point over which the line is.
        name: of the letter.
        at: the root that it is, with its place among the real ones of its polynomial, or the number.
        ball: around it.
    """

    base: Point
    name: str
    at: Root | Fraction
    ball: arb

    @cached_property
    def point(self) -> Point:
        """The end as a point.

        Raises:
            Undecidable: if that is slow to compute with.
        """
        if isinstance(self.at, Fraction):
            return self.base.with_value(self.name, self.at)
        return self.base.with_root(self.name, self.at.factor, self.at.index)


Edges = tuple[Edge | None, Edge | None]
Place = tuple[Point, Edges, int]
"""A point of a cell, the ends of the cell in the last letter, and how many letters are free in it."""


@dataclass(frozen=True)
class Cell:
    """A connected set of values of the letters, with the line over one point of it.

    Attributes:
        ends: of the last letter: both equal for a zero of the projection; `None` for infinity.
        stack: over its point.
        size: how many of the letters are free to move in it.
    """

    ends: Edges
    stack: Stack
    size: int


@dataclass(frozen=True)
class Cut:
    """A statement on polynomials, cut over some letters.

    Attributes:
        along: the statement and the letter that is looked along.
        letters: the others, from that which is cut first.
        levels: the projections on ever more of them, that on the first one first.
    """

    along: Along
    letters: tuple[str, ...]
    levels: tuple[tuple[Polynomial, ...], ...]

    @classmethod
    def of(cls, along: Along, letters: Iterable[str]) -> Cut:
        """Cut in the order in which projections stay small (Dolzmann, Seidl & Sturm 2004).

        Raises:
            Undecidable: if that would take too long.
        """
        left = frozenset(letters)
        order: list[str] = []
        rows = [projected(along.factors, along.v, along.domains)] if left else []
        while len(left) > 1:
            v, row = _smallest(rows[-1], left, along.domains)
            left -= {v}
            order.append(v)
            rows.append(row)
        return cls(along, (*left, *reversed(order)), tuple(reversed(rows)))

    def cells(self) -> list[Cell]:
        """All cells, in the order of the letters.

        Raises:
            Undecidable: if that would take too long, or balls do not tell numbers apart.
        """
        return self._cells(0)

    def open_cells(self) -> list[Cell]:
        """Those in which all letters are free, which leave out nothing but zeros of the projections."""
        return self._cells(1)

    def _cells(self, least: int) -> list[Cell]:
        """The cells in each of whose letters so many are free."""
        with flint.ctx.workprec(BITS):
            return [Cell(ends, self.along.over(point), size) for point, ends, size in self._places(least)]

    def _places(self, least: int) -> Sequence[Place]:
        places: Sequence[Place] = [(ORIGIN, (None, None), 0)]
        above = (*self.levels, self.along.factors)[1:]
        for name, level, following in zip(self.letters, self.levels, above, strict=True):
            line = Line(name, level, self.along.domains[name])
            grown = (
                (point, ends, size + more)
                for base, _, size in places
                for point, ends, more in line.places(base, least)
            )
            places = few(grown, sum(1 + len(p.terms) // FAST for p in following))
        return places


def few(places: Iterable[Place], work_of_each: int) -> list[Place]:
    """All of them.

    Args:
        places: of a level.
        work_of_each: that looking at polynomials over one takes, where the field has degree one.

    Raises:
        Undecidable: if that would take too long.
    """
    kept, work = list[Place](), 0
    for place in places:
        kept.append(place)
        work += work_of_each * place[0].number.degree
        if work > MOST_WORK:
            raise Undecidable("there are too many cells to look at")
    return kept


def _smallest(
    polynomials: Sequence[Polynomial], letters: Iterable[str], domains: Mapping[str, Domain]
) -> tuple[str, tuple[Polynomial, ...]]:
    """The letter along which the projection has the least degrees, and that projection."""
    rows: list[tuple[str, tuple[Polynomial, ...]]] = []
    refusals = list[Undecidable]()
    for v in sorted(letters):
        try:
            rows.append((v, projected(polynomials, v, domains)))
        except Undecidable as refusal:
            refusals.append(refusal)
    if not rows:
        raise refusals[0]
    return min(rows, key=lambda row: sum(p.degree for p in row[1]))


@dataclass(frozen=True)
class Line:
    """The line of a letter, cut where polynomials vanish.

    Attributes:
        name: of the letter.
        polynomials: in it and letters that have values.
        domain: of the letter.
    """

    name: str
    polynomials: tuple[Polynomial, ...]
    domain: Domain

    def places(self, base: Point, least: int) -> Iterator[Place]:
        """The cells over a point, without the single points among them for a `least` size of 1."""
        low, high = self._end(base, self.domain.low), self._end(base, self.domain.high)
        for k, (a, b) in enumerate(pairwise([low, *self._zeros(base), high])):
            if a is not None and not least and (k or _is_closed(self.domain.low)):
                yield from self._single(a)
            inside = between(a and a.ball, b and b.ball)
            yield base.with_value(self.name, inside), (a, b), 1
        if high is not None and not least and _is_closed(self.domain.high):
            yield from self._single(high)

    def _end(self, base: Point, end: End | None) -> Edge | None:
        return None if end is None else Edge(base, self.name, end.at, to_arb(end.at))

    def _single(self, edge: Edge) -> Iterator[Place]:
        """An end as a cell of its own, unless the domain is interrupted there.

        Raises:
            Undecidable: if it is slow to compute with.
        """
        if edge.point.number.degree > MOST_DEGREE:
            raise Undecidable(f"cells end at numbers of a degree beyond {MOST_DEGREE}")
        if all(edge.point.sign(gap) for gap in gaps(self.name, self.domain)):
            yield edge.point, (edge, edge), 0

    def _zeros(self, base: Point) -> Iterator[Edge]:
        """Where one of the polynomials vanishes inside the domain, in order."""
        for group in coinciding(self._named(base), self.name, base):
            ball, root = min(group, key=lambda pair: (pair[1].factor.degree, len(pair[1].factor.terms)))
            yield Edge(base, self.name, root, ball)

    def _named(self, base: Point) -> Iterator[tuple[arb, Root]]:
        """Each distinct real root inside the domain, with its place among those of its polynomial."""
        level = (*self.polynomials, *gaps(self.name, self.domain))
        for p in (each for each in level if self.name in each.names):
            row, balls = base.row(p, self.name), once(base.roots(p, self.name))
            if not row:
                # Orders may change along such a line (McCallum 1998).
                raise Undecidable("a polynomial that tells the cases apart vanishes along a line")
            yield from ((b, Root(p, k)) for k, b in enumerate(balls) if is_inside(b, row, self.domain))


def _is_closed(end: End | None) -> bool:
    return end is not None and end.closed
