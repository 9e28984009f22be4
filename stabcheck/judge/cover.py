"""Few cases that cover many places: what is asked, and answered with yes or no, until one label fits.

Sets of places are whole numbers, bit by bit, so that asking costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from operator import or_
from typing import Generic, TypeVar

Q = TypeVar("Q")
L = TypeVar("L")

Path = tuple[tuple[int, bool], ...]
"""Questions by their place, with the answers."""
Paths = list[tuple[Path, int]]
"""Each with the place of the label that fits there."""
DEEPEST, MOST_TRIED = 3, 60
"""All trees of this depth are tried where there are no more questions, else all that are less deep by one."""


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
        silent: a label that needs no cases: it fits wherever none of them is.
    """

    places: int
    questions: Mapping[Q, int]
    labels: Mapping[L, int]
    silent: L | None = None

    def cases(self) -> tuple[Leaf[Q, L], ...] | None:
        """Cases for all other labels that together hold wherever the silent one does not fit.

        It is `None` where the questions do not tell enough.
        """
        asked, names = list(self._distinct().items()), list(self.labels)
        silent = names.index(self.silent) if self.silent in names else None
        masks = tuple(mask for _, mask in asked)
        search = _Search(masks, tuple(self.labels.values()), silent, self.places)
        ways = [paths for paths in (search.tree(), search.grown()) if paths is not None]
        if not ways:
            return None
        paths = min((search.shortened(paths) for paths in ways), key=_length)
        return tuple(Leaf(tuple((asked[k][0], yes) for k, yes in path), names[j]) for path, j in paths)

    def _distinct(self) -> dict[Q, int]:
        """The questions that are answered in two ways, without those that ask what another one asks."""
        taken, kept = set[int](), dict[Q, int]()
        for question, mask in self.questions.items():
            yes, no = self.places & mask, self.places & ~mask
            if yes and no and not {yes, no} & taken:
                taken |= {yes, no}
                kept[question] = yes
        return kept


def _length(paths: Paths) -> tuple[int, int]:
    return len(paths), sum(len(path) for path, _ in paths)


@dataclass(frozen=True)
class _Search:
    questions: tuple[int, ...]
    labels: tuple[int, ...]
    silent: int | None
    places: int

    def where(self, path: Path) -> int:
        """The places at which all answers are as they are."""
        places = self.places
        for k, yes in path:
            places &= self.questions[k] if yes else ~self.questions[k]
        return places

    def fitting(self, places: int) -> int | None:
        """The first label that fits everywhere, the silent one before all others."""
        order = range(len(self.labels)) if self.silent is None else (self.silent, *range(len(self.labels)))
        return next((k for k in order if not places & ~self.labels[k]), None)

    # Trees

    def tree(self) -> Paths | None:
        """The fewest cases from trees that are not deep; `None` where there are none."""
        deepest = DEEPEST if len(self.questions) <= MOST_TRIED else DEEPEST - 1

        @cache
        def search(left: int, depth: int) -> Paths | None:
            if (label := self.fitting(left)) is not None:
                return [] if label == self.silent else [((), label)]
            options = (
                [*_after(k, yes=True, paths=a), *_after(k, yes=False, paths=b)]
                for k, yes, no in (self.sides(left) if depth else ())
                if (a := search(yes, depth - 1)) is not None and (b := search(no, depth - 1)) is not None
            )
            return min(options, key=_length, default=None)

        by_depth = (search(self.places, depth) for depth in range(deepest + 1))
        return next((paths for paths in by_depth if paths is not None), None)

    def sides(self, places: int) -> Iterator[tuple[int, int, int]]:
        """Each question that is answered in two ways there, with the places of yes and of no."""
        for k, mask in enumerate(self.questions):
            yes, no = places & mask, places & ~mask
            if yes and no:
                yield k, yes, no

    # Cases grown from places

    def grown(self) -> Paths | None:
        """For each label cases that have lost all answers that they can, those of most places first."""
        left = self.places & ~(0 if self.silent is None else self.labels[self.silent])
        paths: Paths = []
        while left:
            best = max(
                self._around(left), key=lambda case: (self.where(case[0]) & left).bit_count(), default=None
            )
            if best is None:
                return None
            paths.append(best)
            left &= ~self.where(best[0])
        return paths

    def _around(self, left: int) -> Iterator[tuple[Path, int]]:
        """For each label that fits at some of the places left a case around the first of them."""
        for label, mask in enumerate(self.labels):
            if label != self.silent and left & mask:
                path = self._at((left & mask & -(left & mask)).bit_length() - 1)
                if not self.where(path) & ~mask:
                    yield self._fewer(path, mask), label
                    yield self._fewer(sorted(path, key=self._share, reverse=True), mask), label

    def _at(self, place: int) -> Path:
        """All answers at a place."""
        return tuple((k, bool(mask >> place & 1)) for k, mask in enumerate(self.questions))

    def _share(self, answer: tuple[int, bool]) -> int:
        """How many places have an answer."""
        return self.where((answer,)).bit_count()

    def _fewer(self, path: Sequence[tuple[int, bool]], fits: int) -> Path:
        """The same without answers that the label does not need, the first ones kept longest."""
        kept = tuple(path)
        for one in reversed(path):
            fewer = tuple(other for other in kept if other != one)
            if not self.where(fewer) & ~fits:
                kept = fewer
        return tuple(sorted(kept))

    # What is left out in the end

    def shortened(self, paths: Paths) -> Paths:
        """The same without answers that a label does not need, and without cases that others cover."""
        kept = list(dict.fromkeys((self._fewer(path, self.labels[label]), label) for path, label in paths))
        for case in list(kept):
            others = reduce(or_, (self.where(path) for path, _ in kept if (path, _) != case), 0)
            needless = others if self.silent is None else others | self.labels[self.silent]
            if not self.where(case[0]) & ~needless:
                kept.remove(case)
        return kept


def _after(k: int, *, yes: bool, paths: Sequence[tuple[Path, int]]) -> Iterator[tuple[Path, int]]:
    """The paths with one more question first."""
    return ((((k, yes), *path), label) for path, label in paths)
