"""Where points of a picture lie too near each other to be told apart, and what is enlarged of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import NamedTuple

Span = tuple[float, float]

NEAR, SAME = 0.035, 1e-9
"""Points within this part of the width merge, and are one."""
SIDE, EDGE = 0.34, 0.03
"""Of an inset, and its distance from the frame, in parts of the frame."""
NEAR_INSIDE = NEAR / SIDE
"""Points within this part of the width of an inset merge there."""


class Zoom(NamedTuple):
    """A square of the plane, enlarged in a corner.

    Attributes:
        centre, half: the square.
        corner: the lower left of the inset, in parts of the frame.
        points: how many points lie in it.
        apart: whether all of them are told apart there.
    """

    centre: complex
    half: float
    corner: tuple[float, float]
    points: int
    apart: bool

    @property
    def spans(self) -> tuple[Span, Span]:
        """The square's real and imaginary parts."""
        (x, y), r = (self.centre.real, self.centre.imag), self.half
        return (x - r, x + r), (y - r, y + r)


def zooms(points: Sequence[complex], x: Span, y: Span) -> tuple[Zoom, ...]:
    """What is enlarged of points that merge in a frame: as many groups as there are free corners.

    Args:
        points: in the plane.
        x, y: the frame.
    """
    groups = merged(points, x[1] - x[0])
    # Of a pair of groups that mirror each other the upper one first.
    groups.sort(key=lambda group: (-len(group), -max(z.imag for z in group)))
    return tuple(_around(group, corner) for group, corner in zip(groups, _free(points, x, y), strict=False))


def merged(points: Sequence[complex], width: float, near: float = NEAR) -> list[list[complex]]:
    """The groups of points that merge where so much of the plane is shown."""
    return [group for group in _groups(points, width, near) if len(group) > 1]


def _groups(points: Sequence[complex], width: float, near: float) -> list[list[complex]]:
    """Points that hang together by near neighbours; equal ones once."""
    groups: list[list[complex]] = []
    for z in points:
        touching = [g for g in groups if any(abs(z - other) < near * width for other in g)]
        joined = [other for g in touching for other in g]
        new = [] if any(abs(z - other) < SAME * width for other in joined) else [z]
        groups = [*(g for g in groups if g not in touching), [*joined, *new]]
    return groups


def _around(group: Sequence[complex], corner: tuple[float, float]) -> Zoom:
    re, im = [z.real for z in group], [z.imag for z in group]
    wide = max(max(re) - min(re), max(im) - min(im))
    centre, half = complex((max(re) + min(re)) / 2, (max(im) + min(im)) / 2), 0.75 * wide
    return Zoom(centre, half, corner, len(group), not merged(group, 2 * half, NEAR_INSIDE))


def _free(points: Sequence[complex], x: Span, y: Span) -> Iterator[tuple[float, float]]:
    """The corners of the frame in which no point lies."""
    places = [((z.real - x[0]) / (x[1] - x[0]), (z.imag - y[0]) / (y[1] - y[0])) for z in points]
    far = 1 - SIDE - EDGE
    for below, left in product((far, EDGE), (far, EDGE)):
        inside = (
            left - EDGE < u < left + SIDE + EDGE and below - EDGE < v < below + SIDE + EDGE for u, v in places
        )
        if not any(inside):
            yield left, below
