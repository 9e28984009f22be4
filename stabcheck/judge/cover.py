"""Few cases that cover many places: questions with two answers, asked until one label fits all that is left.

Sets of places are whole numbers, bit by bit, so that asking costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeVar

Q = TypeVar("Q")
L = TypeVar("L")

Path = tuple[tuple[int, bool], ...]
"""Questions by their place, with the answers."""
DEEPEST, MOST_TRIED, MOST_CASES = 3, 60, 12
"""All trees of this depth are tried where there are few questions; then the best question first."""


@dataclass(frozen=True)
class Leaf(Generic[Q, L]):
    """A case: where all answers are as they are, the label fits.

    Attributes:
        answers: to some of the questions.
        label: that fits.
    """

    answers: tuple[tuple[Q, bool], ...]
    label: L


@dataclass(frozen=True)
class Cover(Generic[Q, L]):
    """Places that are to be told apart.

    Attributes:
        places: all of them, as a set.
        questions: at which places each is answered with yes, the simplest first.
        labels: at which places each fits, that to be preferred first.
    """

    places: int
    questions: Mapping[Q, int]
    labels: Mapping[L, int]

    def cases(self) -> tuple[Leaf[Q, L], ...] | None:
        """Cases that together hold everywhere; `None` where the questions do not tell enough."""
        asked, names = list(self._distinct().items()), list(self.labels)
        tree = _Tree(tuple(mask for _, mask in asked), tuple(self.labels.values()))
        paths = tree.best(self.places) or tree.greedy(self.places)
        if paths is None or len(paths) > MOST_CASES:
            return None
        shorter = ((tree.shortened(path, label, self.places), label) for path, label in paths)
        kept = tree.needed(list(shorter), self.places)
        return tuple(Leaf(tuple((asked[k][0], yes) for k, yes in path), names[j]) for path, j in kept)

    def _distinct(self) -> dict[Q, int]:
        """The questions that are answered in two ways, without those that ask what another one asks."""
        taken, kept = set[int](), dict[Q, int]()
        for question, mask in self.questions.items():
            yes, no = self.places & mask, self.places & ~mask
            if yes and no and not {yes, no} & taken:
                taken |= {yes, no}
                kept[question] = yes
        return kept


@dataclass(frozen=True)
class _Tree:
    questions: tuple[int, ...]
    labels: tuple[int, ...]

    def fitting(self, places: int) -> int | None:
        """The first label that fits everywhere."""
        return next((k for k, mask in enumerate(self.labels) if not places & ~mask), None)

    def sides(self, places: int) -> Iterator[tuple[int, int, int]]:
        """Each question that is answered in two ways there, with the places of yes and of no."""
        for k, mask in enumerate(self.questions):
            yes, no = places & mask, places & ~mask
            if yes and no:
                yield k, yes, no

    def best(self, places: int) -> list[tuple[Path, int]] | None:
        """The fewest cases from trees that are not deep; `None` where there are none."""
        deepest = DEEPEST if len(self.questions) <= MOST_TRIED else DEEPEST - 1

        @cache
        def search(left: int, depth: int) -> list[tuple[Path, int]] | None:
            if (label := self.fitting(left)) is not None:
                return [((), label)]
            options = (
                [*_after(k, yes=True, paths=a), *_after(k, yes=False, paths=b)]
                for k, yes, no in (self.sides(left) if depth else ())
                if (a := search(yes, depth - 1)) is not None and (b := search(no, depth - 1)) is not None
            )
            return min(options, key=len, default=None)

        by_depth = (search(places, depth) for depth in range(deepest + 1))
        return next((paths for paths in by_depth if paths is not None), None)

    def greedy(self, places: int) -> list[tuple[Path, int]] | None:
        """Cases from the question first after which the fewest places are left without a label."""
        if (label := self.fitting(places)) is not None:
            return [((), label)]
        options = list(self.sides(places))
        if not options:
            return None
        k, yes, no = min(options, key=lambda option: self._left(option[1]) + self._left(option[2]))
        a, b = self.greedy(yes), self.greedy(no)
        return (
            None
            if a is None or b is None
            else [*_after(k, yes=True, paths=a), *_after(k, yes=False, paths=b)]
        )

    def _left(self, places: int) -> int:
        return min((places & ~mask).bit_count() for mask in self.labels)

    def where(self, path: Path, places: int) -> int:
        """The places at which all answers are as they are."""
        for k, yes in path:
            places &= self.questions[k] if yes else ~self.questions[k]
        return places

    def shortened(self, path: Path, label: int, places: int) -> Path:
        """The same without answers that the label does not need."""
        for one in path:
            fewer = tuple(other for other in path if other != one)
            if not self.where(fewer, places) & ~self.labels[label]:
                path = fewer
        return path

    def needed(self, cases: Sequence[tuple[Path, int]], places: int) -> list[tuple[Path, int]]:
        """The cases without those that hold only where others do."""
        kept = list(dict.fromkeys(cases))
        for case in list(kept):
            others = [self.where(path, places) for path, _ in kept if (path, _) != case]
            total = 0
            for mask in others:
                total |= mask
            if not self.where(case[0], places) & ~total:
                kept.remove(case)
        return kept


def _after(k: int, *, yes: bool, paths: Sequence[tuple[Path, int]]) -> Iterator[tuple[Path, int]]:
    """The paths with one more question first."""
    return ((((k, yes), *path), label) for path, label in paths)
