"""Steps that change with time, over a period: what repeats is the operator."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import chain
from typing import Any, ClassVar, NamedTuple

from stabcheck.errors import BadInput
from stabcheck.hyper import hyper, mistaken, parts
from stabcheck.methods.altgd import AltGD
from stabcheck.methods.method import Method, Operator, Wrapper
from stabcheck.methods.simgd import SimGD
from stabcheck.oracle import Oracle, Vector

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
        "x+ = S(B^(every - 1)(x)): steps B of the inner method without the penalty, and S with it"
        " every times as strong"
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
    method on a schedule, and have their memory in common; of others each keeps its own.

    Args:
        turns: the methods, first to last; cycles among them count as their methods.
    """

    methods: tuple[Operator, ...]

    name: ClassVar[str] = "cycle"
    formula: ClassVar[str] = "one step of each method in turn, again and again"
    source: ClassVar[str] = "Floquet 1883, of differential equations"

    def __init__(self, *turns: Operator, methods: tuple[Operator, ...] = ()) -> None:
        found = (m.methods if isinstance(m, Cycle) else (m,) for m in (*turns, *methods))
        object.__setattr__(self, "methods", tuple(chain.from_iterable(found)) or (AltGD(), SimGD()))
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

    @cached_property
    def _kinds(self) -> tuple[Operator, ...]:
        """The first method of each kind."""
        return tuple({_kind(method): method for method in reversed(self.methods)}.values())[::-1]

    def _states(self, o: Oracle, state: Turns) -> Iterator[Any]:
        for method, memory in zip(self._kinds, state.memories, strict=True):
            yield type(method.init(o, state.x))(state.x, *memory)

    def init(self, o: Oracle, x: Vector) -> Turns:
        return Turns(x, tuple(tuple(method.init(o, x)[1:]) for method in self._kinds))

    def step(self, o: Oracle, state: Turns) -> Turns:
        for count, method in enumerate(self.methods):
            state = self._turn(o, method, put_back(o, state) if count else state)
        return state

    def _turn(self, o: Oracle, method: Operator, state: Turns) -> Turns:
        index = [_kind(m) for m in self._kinds].index(_kind(method))
        after = method.step(o, list(self._states(o, state))[index])
        before, behind = state.memories[:index], state.memories[index + 1 :]
        return Turns(after.x, (*before, tuple(after[1:]), *behind))

    def read(self, o: Oracle, state: Turns) -> tuple[Vector, ...]:
        pairs = zip(self._kinds, self._states(o, state), strict=True)
        return tuple(vector for method, own in pairs for vector in method.read(o, own))


def _kind(method: Operator) -> tuple[type, ...]:
    """What methods have in common whose memory is the same."""
    return tuple(type(part) for part in parts(method))


def put_back(o: Oracle, state: Any) -> Any:
    """The state between two steps of a cycle, where the game has put the players."""
    return state._replace(x=o.project(state.x))


def after_putting_back(o: Oracle, step: Callable[[Any], Any], state: Any) -> Any:
    """A step that is not the first one of its cycle."""
    return step(put_back(o, state))
