"""The shape of an operator on the players' state: a flow, or one step of a method."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import wraps
from numbers import Number
from traceback import extract_tb
from types import FunctionType
from typing import Any, NamedTuple

from stabcheck.core.errors import BadInput, mistaken
from stabcheck.core.hyper import Declaration, ours, preorder
from stabcheck.core.oracle import Oracle, Vector, leaves
from stabcheck.core.stability import DISC, HALF_PLANE, StabilityRegion


class State(NamedTuple):
    """The state of a method without memory."""

    x: Vector


class Previous(NamedTuple):
    """The state of a method that remembers the point before."""

    x: Vector
    last: Vector


class Past(NamedTuple):
    """The state of a method that remembers the field at the point before."""

    x: Vector
    past: Vector


class Augmented(NamedTuple):
    """The state of a method around another one.

    Attributes:
        x: the players.
        memory: what the inner method remembers besides them.
        extra: what the outer one adds.
    """

    x: Vector
    memory: tuple[Any, ...]
    extra: Vector


@dataclass(frozen=True)
class Operator(Declaration):
    """What acts on the state; its spectrum at rest decides stability."""

    def __init_subclass__(cls, **others: Any) -> None:
        super().__init_subclass__(**others)
        if not ours(cls):
            for name, meant in (("init", begun), ("step", stepped)):
                if name in vars(cls):
                    setattr(cls, name, meant(vars(cls)[name]))

    def __post_init__(self) -> None:
        super().__post_init__()
        inner = getattr(self, "inner", None) if takes_inner(type(self)) else self
        if not isinstance(inner, Operator):
            what = f"inside {self.label} goes a method"
            raise mistaken(what, inner, f"{type(self).__name__}(inner=SimGD('h'))")

    @property
    @abstractmethod
    def discrete(self) -> bool:
        """A map, held against the unit circle; else a field of velocities, against the imaginary axis."""

    @property
    def region(self) -> StabilityRegion:
        """Where the eigenvalues of what is stable lie."""
        return DISC if self.discrete else HALF_PLANE

    @property
    def chain(self) -> str:
        """The registry names of this operator and of the one inside it, joined by `:`."""
        return f"{self.label}:{self.inside.chain}" if takes_inner(type(self)) else self.label

    @property
    def period(self) -> int:
        """How many steps one application is, for what repeats after several only."""
        return 1

    @property
    def caveat(self) -> str:
        """What of its linearisation does not hold where it is used; empty for nothing."""
        return ""

    @property
    def inside(self) -> Operator:
        """The operator that this one acts around, if it acts around one."""
        return next(part for part in preorder(self) if isinstance(part, Operator) and part is not self)

    def init(self, o: Oracle, x: Vector) -> Any:
        """The state at rest at `x`: a NamedTuple, of vectors and tuples of them, with `x` first."""
        del o
        return State(x)

    @abstractmethod
    def step(self, o: Oracle, state: Any) -> Any:
        """The operator applied once: the next state, or for a flow the velocity."""

    def read(self, o: Oracle, state: Any) -> tuple[Vector, ...]:
        """What the operator is run for, read off a state: the players.

        Memory on which none of it ever depends has a spectrum of its own, which is told apart.
        """
        del o
        return (state.x,)


def begun(init: Callable[..., Any]) -> Callable[..., Any]:
    """An `init` of one's own, whose result must be a state."""

    @wraps(init)
    def checked(self: Operator, o: Oracle, x: Vector) -> Any:
        state = init(self, o, x)
        if not hasattr(state, "_fields") or state._fields[0] != "x":
            raise BadInput(
                f"{self.label}.init returns no state; return State(x), or Previous(x, x) with memory"
            )
        kinds = [type(e).__name__ for e in leaves(state) if _is_constant(e) and not isinstance(x, type(e))]
        if kinds:
            where = f"{self.label}.init returns {kinds[0]} in its state where a vector belongs"
            raise BadInput(f"{where}; make it of x, such as x - x for zeros")
        return state

    return checked


def stepped(step: Callable[..., Any]) -> Callable[..., Any]:
    """A `step` of one's own, which may return the players alone where the state is nothing else."""

    @wraps(step)
    def checked(self: Operator, o: Oracle, state: Any) -> Any:
        try:
            after = step(self, o, state)
        except (TypeError, AttributeError) as failure:
            what, kind = " ".join(str(failure).split())[:120], type(state).__name__
            raise BadInput(
                f"{self.label}.step failed{_line(step, failure)}: {what}; it takes the oracle and a state,"
                f" whose players are state.x, and returns the next {kind}"
            ) from failure
        entries = after if isinstance(after, tuple) else (after,)
        if len(entries) != len(state) or after is None:
            fields = ", ".join(state._fields)
            shown = "None" if after is None else f"{len(entries)} where there are {len(state)} ({fields})"
            raise BadInput(f"{self.label}.step returns {shown}; return {type(state).__name__}({fields})")
        for field, entry, like in zip(state._fields, entries, state, strict=True):
            if _is_constant(entry) and not isinstance(like, type(entry)):
                what = f"{type(entry).__name__} for {field}, a vector of all coordinates"
                raise BadInput(f"{self.label}.step returns {what}; make it of state.{field} and o.v(state.x)")
        return after if type(after) is type(state) else type(state)(*entries)

    return checked


def _is_constant(entry: Any) -> bool:
    """Whether it is what a step may return by mistake in the place of a vector of the interpreter's."""
    return isinstance(entry, Number | str | list | None) or type(entry).__module__ == "numpy"


def _line(step: Callable[..., Any], failure: BaseException) -> str:
    """Where in the file of a step it failed; empty where that file was not reached."""
    file = step.__code__.co_filename if isinstance(step, FunctionType) else ""
    lines = [frame.lineno for frame in extract_tb(failure.__traceback__) if frame.filename == file]
    return f" in line {lines[-1]}" if lines else ""


@dataclass(frozen=True)
class Method(Operator):
    """A map from state to state: stable if its spectrum lies inside the unit circle."""

    @property
    def discrete(self) -> bool:
        return True


@dataclass(frozen=True)
class VectorField(Operator):
    """A field of velocities: stable if its spectrum lies left of the imaginary axis."""

    @property
    def discrete(self) -> bool:
        return False


@dataclass(frozen=True)
class Wrapper(Method):
    """A method around the steps of another one, which a final class has in a field `inner`.

    Raises:
        BadInput: if that is a flow, which makes no steps.
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.inside.discrete:
            inner = self.inside.label
            raise BadInput(f"{self.label} acts on the steps of a method; {inner} is a flow and makes none")

    @property
    def period(self) -> int:
        return self.inside.period

    def init(self, o: Oracle, x: Vector) -> Any:
        return self.inside.init(o, x)

    def read(self, o: Oracle, state: Any) -> tuple[Vector, ...]:
        return self.inside.read(o, state)


@dataclass(frozen=True)
class Adjuster(Operator):
    """The operator inside, on another field than the descent of the players' own losses.

    A final class has a field `inner`, and says in `adjusted` which field it is.
    """

    @abstractmethod
    def adjusted(self, o: Oracle) -> Oracle:
        """The game as the inner operator sees it."""

    @property
    def discrete(self) -> bool:
        return self.inside.discrete

    @property
    def period(self) -> int:
        return self.inside.period

    def init(self, o: Oracle, x: Vector) -> Any:
        return self.inside.init(self.adjusted(o), x)

    def step(self, o: Oracle, state: Any) -> Any:
        return self.inside.step(self.adjusted(o), state)

    def read(self, o: Oracle, state: Any) -> tuple[Vector, ...]:
        return self.inside.read(self.adjusted(o), state)


def takes_inner(cls: type[Declaration]) -> bool:
    """Whether an operator of this class acts around another one."""
    return any(field.name == "inner" for field in fields(cls))


def augmented(inner: Operator, o: Oracle, x: Vector, extra: Vector) -> Augmented:
    """The state at rest of a method around `inner` that adds `extra`."""
    at_rest = inner.init(o, x)
    return Augmented(x, tuple(at_rest[1:]), extra)


def inner_state(inner: Operator, o: Oracle, state: Augmented) -> Any:
    """The part of the state that is `inner`'s."""
    shape = type(inner.init(o, state.x))
    return shape(state.x, *state.memory)


def inner_step(inner: Operator, o: Oracle, state: Augmented) -> Any:
    """One step of `inner` from its part of the state."""
    return inner.step(o, inner_state(inner, o, state))


def turns(order: Sequence[int], players: int) -> Sequence[int]:
    """The players in the order of their turns, first to last where none is given.

    Raises:
        BadInput: if the order does not name each player once.
    """
    if order and sorted(order) != list(range(players)):
        raise BadInput(f"order must name each of the {players} players once, not {tuple(order)}")
    return order or range(players)


def player(name: str, index: int, players: int) -> int:
    """The index of a player, counted from the end where negative.

    Raises:
        BadInput: if there is no such player.
    """
    if index not in range(-players, players):
        raise BadInput(f"{name} must be the index of one of the {players} players, not {index}")
    return range(players)[index]
