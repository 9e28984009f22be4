"""Steps that change with time, over a period: what repeats is the operator."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any, ClassVar, NamedTuple

from stabcheck.core.errors import BadInput, mistaken
from stabcheck.core.hyper import hyper, preorder
from stabcheck.core.oracle import Oracle, Vector, leaves, shaped
from stabcheck.declare.methods.altgd import AltGD
from stabcheck.declare.methods.method import Method, Operator, Wrapper
from stabcheck.declare.methods.simgd import SimGD

LONGEST = 100_000
"""Steps of a cycle; `lazy` has up to 1000 in a turn."""


@dataclass(frozen=True)
class Lazy(Wrapper):
    """`x+ = S(B^(every-1)(x))`: steps `B` without the penalty, then `S` with it `every` times as strong.

    Lazy regularisation: the penalty's terms in the losses, `P = L - B` with `B` the losses without
    them, are 0 and then `every P`. The operator is the whole cycle of `every` steps; where in it the
    penalty stands does not change its eigenvalues. What a penalty does besides (noise, clipping)
    stays in every step.

    Args:
        every: how many steps a cycle has, one of them with the penalty.
        inner: the method that makes them.

    Source: Karras et al. 2020.
    """

    every: int = hyper("every")
    inner: Operator = SimGD()

    name: ClassVar[str] = "lazy"
    formula: ClassVar[str] = (
        "x+ = S(B^(every - 1)(x)): steps B of the inner method without the terms of penalties in the"
        " losses, and S with these every times as strong"
    )
    source: ClassVar[str] = "Karras et al. 2020, arXiv:1912.04958"

    @property
    def period(self) -> int:
        return self.every * self.inner.period

    def step(self, o: Oracle, state: Any) -> Any:
        if self.every > 1:
            without = partial(self.inner.step, o.bare())
            state = without(state)
            if self.every > 2:
                state = o.repeat(self.every - 2, partial(after_putting_back, o, without), state)
            state = put_back(o, state)
        return self.inner.step(o.weighed(self.every), state)


class Turns(NamedTuple):
    """The state of a cycle.

    Attributes:
        x: the players.
        memories: what each kind of method in it remembers besides them.
    """

    x: Vector
    memories: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, init=False)
class Cycle(Method):
    """One step of each method in turn: `Cycle(AltGD("h"), SimGD("h"), SimGD("h"))`.

    The operator is the whole cycle. Methods that differ in their hyperparameters alone are one
    method on a schedule, and have their memory in common, unless a count makes it longer; of
    others each keeps its own.

    Args:
        turns: the methods, first to last; cycles among them count as their methods.
    """

    methods: tuple[Operator, ...]

    name: ClassVar[str] = "cycle"
    formula: ClassVar[str] = "one step of each method in turn, again and again"
    source: ClassVar[str] = "Floquet 1883, of differential equations"

    def __init__(self, *turns: Operator, methods: tuple[Operator, ...] = ()) -> None:
        flattened = (m.methods if isinstance(m, Cycle) else (m,) for m in (*turns, *methods))
        object.__setattr__(self, "methods", tuple(chain.from_iterable(flattened)) or (AltGD(), SimGD()))
        self.__post_init__()

    def __post_init__(self) -> None:
        super().__post_init__()
        for method in self.methods:
            if not isinstance(method, Operator):
                raise mistaken("inside cycle go methods", method, "Cycle(AltGD('h'), SimGD('h'))")
            if not method.discrete:
                raise BadInput(f"cycle acts on the steps of methods; {method.label} is a flow and makes none")
        if self.period > LONGEST:
            raise BadInput(f"a cycle has at most {LONGEST} steps, not {self.period}")

    @property
    def chain(self) -> str:
        return f"{self.name}:{','.join(method.chain for method in self.methods)}"

    @property
    def period(self) -> int:
        return sum(method.period for method in self.methods)

    def init(self, o: Oracle, x: Vector) -> Turns:
        first = _first_of_each(_kinds(self.methods, o, x))
        return Turns(x, tuple(tuple(self.methods[k].init(o, x)[1:]) for k in first))

    def step(self, o: Oracle, state: Turns) -> Turns:
        kinds = _kinds(self.methods, o, state.x)
        places = [kinds[k] for k in _first_of_each(kinds)]
        for count, (method, kind) in enumerate(zip(self.methods, kinds, strict=True)):
            state = _turn(o, method, places.index(kind), put_back(o, state) if count else state)
        return state

    def read(self, o: Oracle, state: Turns) -> tuple[Vector, ...]:
        methods = [self.methods[k] for k in _first_of_each(_kinds(self.methods, o, state.x))]
        pairs = enumerate(methods)
        return tuple(vector for k, method in pairs for vector in method.read(o, _own(o, method, k, state)))


def _kinds(methods: Sequence[Operator], o: Oracle, x: Vector) -> list[Any]:
    """What methods have in common whose memory is the same: their classes, and the shape of their state."""
    return [(tuple(type(part) for part in preorder(m)), _shape(m.init(o, x))) for m in methods]


def _shape(state: Any) -> Any:
    return shaped(state, [None] * len(leaves(state)))


def _first_of_each(kinds: Sequence[Any]) -> list[int]:
    """The index of the first method of each kind."""
    return [k for k, kind in enumerate(kinds) if kind not in kinds[:k]]


def _own(o: Oracle, method: Operator, place: int, state: Turns) -> Any:
    """The state of one method, whose memory is at that place."""
    return type(method.init(o, state.x))(state.x, *state.memories[place])


def _turn(o: Oracle, method: Operator, place: int, state: Turns) -> Turns:
    after = method.step(o, _own(o, method, place, state))
    before, behind = state.memories[:place], state.memories[place + 1 :]
    return Turns(after.x, (*before, tuple(after[1:]), *behind))


def put_back(o: Oracle, state: Any) -> Any:
    """The state between two steps of a cycle, where the game has put the players."""
    return state._replace(x=o.project(state.x))


def after_putting_back(o: Oracle, step: Callable[[Any], Any], state: Any) -> Any:
    """A step that is not the first one of its cycle."""
    return step(put_back(o, state))
