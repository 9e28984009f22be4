"""A vector field or a step that somebody typed: the file that has it, and calls of it."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from stabcheck.core import hyper
from stabcheck.core.errors import BadInput, unknown
from stabcheck.core.frozen import Frozen
from stabcheck.core.hyper import Declaration
from stabcheck.declare.file.pythonfile import guarded, run
from stabcheck.declare.slots import option
from stabcheck.numeric.precision import compiled, double

TOGETHER = 256
"""At how many points a function is evaluated at once."""


@dataclass(frozen=True)
class Typed:
    """A vector field, or a step, as a function `(x_1, …, x_n, **hyperparameters)`.

    Attributes:
        label: what to call it in messages.
        function: takes one argument per player, a scalar where the player has one coordinate, then
            the same for each vector that a method remembers; returns one entry for each.
        file: where its lines are; of a module the end of that, from a slash on.
    """

    label: str
    function: Callable[..., Any]
    file: str = ""


def load(target: str) -> Typed:
    """The function that `FILE.py:function` or `module.path:function` names; runs the file.

    A module is looked for where Python looks anyway: the current folder is not added to its path.

    Raises:
        BadInput: if there is no such file or function, or running the file fails.
    """
    place, _, name = target.rpartition(":")
    if not place or not name.isidentifier():
        raise BadInput(f"'{target[:60]}' names no function; write FILE.py:function or module:function")
    path = Path(place)
    by_path = path.suffix == ".py" or "/" in place
    if by_path and not path.is_file():
        raise BadInput(f"there is no file {place}; write FILE.py:function")
    file = str(path) if by_path else f"/{place.replace('.', '/')}.py"
    with double(), guarded(place, file):
        module = run(path) if by_path else importlib.import_module(place)
    functions = {n: v for n, v in vars(module).items() if callable(v) and not n.startswith("_")}
    if name not in functions:
        raise unknown(f"function of {place}", name, functions)
    return Typed(target, functions[name], file)


@dataclass(frozen=True)
class Field:
    """A typed field on flat states, given the hyperparameters that it takes.

    Attributes:
        blocks: the size of each part of the state, by name.
        takes: the names that it takes.
        fixed: values of hyperparameters that the declaration has built in.
        xp: the kind of arrays that it works on.
    """

    typed: Typed
    blocks: Mapping[str, int]
    takes: frozenset[str]
    fixed: Mapping[str, Any]
    xp: Any = np

    @classmethod
    def of(
        cls,
        typed: Typed,
        blocks: Mapping[str, int],
        declarations: Sequence[Declaration],
        given: Mapping[str, Any],
    ) -> Field:
        """The function with the hyperparameters that it takes.

        Args:
            typed: the function.
            blocks: the size of each part of the state, by name.
            declarations: whose hyperparameters they are.
            given: numbers for open names.

        Raises:
            BadInput: if it needs others, or has one built in whose value was not given.
        """
        names = hyper.symbols(*declarations)
        pairs = (pair for part in declarations for pair in hyper.values(part))
        fixed = {row.name: _plain(v) for row, v in pairs if not isinstance(v, str)}
        takes = Arguments.of(typed)
        if len(takes.positional) < len(blocks) and not takes.any_position:
            raise BadInput(
                f"{typed.label} takes {len(takes.positional)} positional arguments;"
                f" {_whose(declarations)} are ({', '.join(blocks)})"
            )
        others = [*takes.positional[len(blocks) :], *takes.named]
        _refuse_unknown(typed, others, {*names, *fixed})
        taken = {p.name for p in others} & {*names, *fixed} | ({*names} if takes.any_name else set())
        missing = [name for name in names if name not in taken and name not in given]
        if missing:
            options = " ".join(f"{option(name)} VALUE" for name in missing)
            raise BadInput(
                f"{typed.label} takes no {', '.join(missing)}; say what it has built in: {options}"
            )
        return cls(typed, Frozen(blocks), frozenset(taken), fixed)

    def __call__(self, x: Any, values: Mapping[str, Any]) -> Any:
        """`v(x)`, flat."""
        keywords = {n: v for n, v in {**self.fixed, **values}.items() if n in self.takes}
        return self._flat(self.typed.function(*(x[place] for place in self._places), **keywords))

    @cached_property
    def _places(self) -> list[int | slice]:
        """Where each part of the state lies in it: a number where it has one coordinate."""
        ends = np.cumsum([*self.blocks.values()]).tolist()
        pairs = zip(ends, self.blocks.values(), strict=True)
        return [end - 1 if size == 1 else slice(end - size, end) for end, size in pairs]

    def _flat(self, result: Any) -> Any:
        returned, wanted = f"{self.typed.label} returned", f"return one each for {', '.join(self.blocks)}"
        if not np.iterable(result):
            raise BadInput(f"{returned} {type(result).__name__}; {wanted}")
        entries = [self.xp.ravel(self.xp.asarray(e)) for e in result]
        for entry in entries:
            if entry.dtype.kind not in "fiu":
                raise BadInput(f"{returned} {entry.dtype} where real numbers are expected")
        sizes = tuple(map(len, entries))
        if sizes != (expected := tuple(self.blocks.values())):
            raise BadInput(f"{returned} entries of sizes {sizes}; {wanted}, of sizes {expected}")
        return self.xp.concatenate(entries).astype(float)

    def batch(self, points: np.ndarray, columns: Mapping[str, np.ndarray]) -> np.ndarray:
        """The field at each point, with the values of each; compiled where JAX can trace it.

        Raises:
            BadInput: if the function fails.
        """
        try:
            with guarded(self.typed.label, self.typed.file):
                (values,) = in_chunks(self._compiled, TOGETHER, points, columns)
                return values
        except BadInput:
            return self._one_by_one(points, columns)

    @cached_property
    def _compiled(self) -> Callable[[np.ndarray, dict[str, np.ndarray]], tuple[jax.Array]]:
        many = jax.vmap(replace(self, xp=jnp))
        return compiled(lambda points, columns: (many(points, columns),))

    def _one_by_one(self, points: np.ndarray, columns: Mapping[str, np.ndarray]) -> np.ndarray:
        with guarded(self.typed.label, self.typed.file):
            # Copies: the function may write into its arguments.
            return np.array(
                [self(x.copy(), {name: c[k] for name, c in columns.items()}) for k, x in enumerate(points)]
            )


def in_chunks(
    many: Callable[[np.ndarray, dict[str, np.ndarray]], Sequence[jax.Array]],
    length: int,
    points: np.ndarray,
    columns: Mapping[str, np.ndarray],
) -> tuple[np.ndarray, ...]:
    """What a compiled function makes of many points, a row for each.

    It is called with chunks of one length, the last one filled up: one compilation serves any number.
    """
    chunks = np.resize(np.arange(len(points)), (-(-len(points) // length), length))
    values = (many(points[chunk], {name: c[chunk] for name, c in columns.items()}) for chunk in chunks)
    return tuple(np.concatenate(rows)[: len(points)] for rows in zip(*values, strict=True))


class Arguments(NamedTuple):
    """What a function takes.

    Attributes:
        positional: arguments by position.
        named: arguments by name only.
        any_position, any_name: whether it takes any more.
    """

    positional: list[inspect.Parameter]
    named: list[inspect.Parameter]
    any_position: bool
    any_name: bool

    @classmethod
    def of(cls, typed: Typed) -> Arguments:
        """Those of a function as it is written."""
        with guarded(typed.label, typed.file):
            parameters = list(inspect.signature(typed.function).parameters.values())
        kinds = {p.kind for p in parameters}
        return cls(
            [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)],
            [p for p in parameters if p.kind is p.KEYWORD_ONLY],
            inspect.Parameter.VAR_POSITIONAL in kinds,
            inspect.Parameter.VAR_KEYWORD in kinds,
        )

    @property
    def names(self) -> set[str]:
        """What they are called."""
        return {p.name for p in (*self.positional, *self.named)}


def _whose(declarations: Sequence[Declaration]) -> str:
    return "the game's" if len(declarations) == 1 else "those of a step"


def _refuse_unknown(typed: Typed, others: Sequence[inspect.Parameter], names: set[str]) -> None:
    needed = [p.name for p in others if p.default is p.empty and p.name not in names]
    if needed:
        raise BadInput(
            f"{typed.label} needs {', '.join(needed)}, no hyperparameter of this game; those are:"
            f" {', '.join(sorted(names)) or 'none'}"
        )


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Fraction) else value
