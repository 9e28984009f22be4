"""A mapping that stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Frozen(Mapping[K, V]):
    """A mapping without a way to change it: hashable where its values are, and fit to be pickled."""

    __slots__ = ("_held",)

    def __init__(self, of: Mapping[K, V] | Iterable[tuple[K, V]] = ()) -> None:
        self._held = dict(of)

    def __getitem__(self, key: K) -> V:
        return self._held[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)

    def __hash__(self) -> int:
        return hash(frozenset(self._held.items()))

    def __repr__(self) -> str:
        return repr(self._held)

    def __reduce__(self) -> tuple[Any, ...]:
        return Frozen, (self._held,)
