"""The values of some letters cut into cells, over each of which the line of one more looks alike.

Between the zeros of a projection the real roots in `v` neither meet nor come or go: what holds over one
point of a cell holds over all of it. The zeros are cells of their own, with points whose coordinates are
algebraic numbers, so that nothing is left open (Collins 1975; McCallum 1998).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import flint
from flint import arb

from stabcheck.core.domain import Domain
from stabcheck.core.errors import Undecidable
from stabcheck.core.polynomial import Polynomial
from stabcheck.symbolic.point import BITS, ORIGIN, Point
from stabcheck.symbolic.projection import projected
from stabcheck.symbolic.stack import Along, Root, Stack, between, coinciding, gaps, is_inside, once

MOST_CELLS, MOST_DEGREE = 1_500, 24
"""More cells than this are not looked at, and none whose ends are roots of a higher degree."""


@dataclass(frozen=True)
class Cell:
    """A connected set of values of the letters, with the line over one point of it.

    Attributes:
        ends: of the last letter: both equal for a zero of the projection; `None` for infinity.
        stack: over its point.
        size: how many of the letters are free to move in it.
    """

    ends: tuple[Point | None, Point | None]
    stack: Stack
    size: int


@dataclass(frozen=True)
class Cut:
    """A statement on polynomials, cut over some letters.

    Attributes:
        along: the statement and the letter that is looked along.
        letters: the others, from that which is cut first.
    """

    along: Along
    letters: tuple[str, ...]

    @cached_property
    def levels(self) -> tuple[tuple[Polynomial, ...], ...]:
        """The projections on ever fewer letters, that on the first one first.

        Raises:
            Undecidable: if that would take too long.
        """
        if not self.letters:
            return ()
        rows = [self.along.factors]
        domains = self.along.domains
        for v in (self.along.v, *reversed(self.letters[1:])):
            rows.append(projected(rows[-1], v, domains))
        return tuple(reversed(rows[1:]))

    def cells(self) -> list[Cell]:
        """All cells, in the order of the letters.

        Raises:
            Undecidable: if that would take too long, or balls do not tell numbers apart.
        """
        with flint.ctx.workprec(BITS):
            return list(self._cells())

    def _cells(self) -> Iterator[Cell]:
        places: list[tuple[Point, tuple[Point | None, Point | None], int]] = [(ORIGIN, (None, None), 0)]
        for name, level in zip(self.letters, self.levels, strict=True):
            places = [
                (point, ends, size + more)
                for base, _, size in places
                for point, ends, more in _line(base, level, name, self.along.domains[name])
            ]
            if len(places) > MOST_CELLS:
                raise Undecidable(f"there are more than {MOST_CELLS} cells to look at")
        return (Cell(ends, self.along.over(point), size) for point, ends, size in places)


def _line(
    base: Point, polynomials: Sequence[Polynomial], name: str, domain: Domain
) -> Iterator[tuple[Point, tuple[Point | None, Point | None], int]]:
    """The cells of the line of a letter over a point: a point of each, its ends, and 0 for a zero, else 1."""
    zeros = list(_zeros(base, [*polynomials, *gaps(name, domain)], name, domain))
    low, high = (None if end is None else base.with_value(name, end.at) for end in (domain.low, domain.high))
    ends = [low, *zeros, high]
    for k, (a, b) in enumerate(pairwise(ends)):
        if a is not None and (_belongs(a, name, domain) if k else domain.low and domain.low.closed):
            yield a, (a, a), 0
        inside = between(_where(a, name), _where(b, name))
        yield base.with_value(name, inside), (a, b), 1
    if high is not None and domain.high and domain.high.closed:
        yield high, (high, high), 0


def _belongs(point: Point, name: str, domain: Domain) -> bool:
    """Whether a domain is not interrupted at a point."""
    return all(point.sign(gap) for gap in gaps(name, domain))


def _zeros(base: Point, polynomials: Sequence[Polynomial], name: str, domain: Domain) -> Iterator[Point]:
    """The points inside the domain at which one of the polynomials vanishes, in order."""
    for group in coinciding(_named(base, polynomials, name, domain), name, base):
        _, root = min(group, key=lambda pair: (pair[1].factor.degree, len(pair[1].factor.terms)))
        if root.factor.degree > MOST_DEGREE:
            raise Undecidable(f"cells end at roots of polynomials of a degree beyond {MOST_DEGREE}")
        yield base.with_root(name, root.factor, root.index)


def _named(
    base: Point, polynomials: Sequence[Polynomial], name: str, domain: Domain
) -> Iterator[tuple[arb, Root]]:
    """Each distinct real root inside the domain, with its place among those of its polynomial."""
    for p in polynomials:
        if name in p.names:
            balls = once(base.roots(p, name))
            yield from (
                (ball, Root(p, place))
                for place, ball in enumerate(balls)
                if is_inside(ball, base.row(p, name), domain)
            )


def _where(point: Point | None, name: str) -> arb | None:
    return None if point is None else point.where(name)
