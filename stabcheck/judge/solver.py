"""Solvers for real arithmetic, each in a process of its own: SMT-LIB in; sat, unsat or unknown out.

What ends a query is counted in the solver's own units, so that the same query ends alike every time; the
clock and a bound on memory are nets beneath.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from importlib.util import find_spec
from math import ceil
from pathlib import Path

from stabcheck.core.errors import BadInput
from stabcheck.core.formula import Formula

UNITS_PER_SECOND = 30_000_000
"""Of z3's resource limit, about, on a machine of today."""
NOT_STARTED = (126, 127)
"""What a shell ends with that cannot start a program."""
TIMES_SLOWER = 5
"""The clock may show so many times the seconds asked for before a solver is killed."""


class Status(StrEnum):
    """What a solver says of a script."""

    SAT = "sat"
    UNSAT = "unsat"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Limits:
    """How much one query may take.

    Attributes:
        seconds: of computing, counted in the solver's units where it has some.
        megabytes: of memory.
    """

    seconds: float = 2
    megabytes: int = 3_000

    @property
    def units(self) -> int:
        """The seconds in units of z3."""
        return int(self.seconds * UNITS_PER_SECOND)

    @property
    def clock(self) -> float:
        """The seconds after which a solver is killed."""
        return 1 + self.seconds * TIMES_SLOWER

    def bounded(self, command: Sequence[str]) -> Sequence[str]:
        """The command with a bound on its seconds of computing, where there is a shell that knows one.

        A solver's own units leave out much of its work on algebraic numbers.
        """
        shell = shutil.which("sh")
        limit = f'ulimit -t {1 + ceil(self.seconds)}; exec "$@"'
        return command if shell is None else [shell, "-c", limit, shell, *command]


USUAL = Limits()


@dataclass(frozen=True)
class Script:
    """Whether some real numbers fulfil all of several statements, as a script of SMT-LIB 2.6.

    Attributes:
        statements: what is asserted.
        about: lines for people at its head.
    """

    statements: tuple[Formula, ...]
    about: tuple[str, ...] = ()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The letters that occur, in order."""
        return tuple(sorted(frozenset[str]().union(*(one.names for one in self.statements))))

    @property
    def text(self) -> str:
        """The script without a question for values."""
        lines = [
            *(f"; {line}" for line in self.about),
            "(set-option :produce-models true)",
            "(set-logic QF_NRA)",
            *(f"(declare-const |{name}| Real)" for name in self.names),
            *(f"(assert {one.smt})" for one in self.statements),
            "(check-sat)",
        ]
        return "\n".join(lines) + "\n"

    @property
    def for_values(self) -> str:
        """The script with a question for values, which is answered after `sat`."""
        asked = " ".join(f"|{name}|" for name in self.names)
        return self.text + (f"(get-value ({asked}))\n" if asked else "")


@dataclass(frozen=True)
class Answer:
    """What a solver said.

    Attributes:
        status: whether the statements can hold together.
        values: by letter, as the solver writes them; empty where it gave none.
    """

    status: Status
    values: Mapping[str, str]


class Solver(ABC):
    """A program that reads SMT-LIB from its standard input."""

    name: str

    @property
    @abstractmethod
    def installed(self) -> bool:
        """Whether it can be started here."""

    @abstractmethod
    def command(self, limits: Limits) -> Sequence[str]:
        """How it is started."""

    def ask(self, script: Script, limits: Limits) -> Answer:
        """Whether the script's statements can hold together; unknown at a limit.

        Raises:
            BadInput: if it cannot be started or does not read the script.
        """
        try:
            run = subprocess.run(  # noqa: S603
                limits.bounded(self.command(limits)),
                input=script.for_values,
                capture_output=True,
                text=True,
                timeout=limits.clock,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Answer(Status.UNKNOWN, {})
        except OSError as failure:
            raise BadInput(f"the solver {self.name} cannot be started: {failure}") from None
        if run.returncode in NOT_STARTED:
            raise BadInput(f"the solver {self.name} cannot be started; is it a program?")
        return self._read(run.stdout, script.names)

    def _read(self, output: str, names: Iterable[str]) -> Answer:
        first, _, others = output.strip().partition("\n")
        if first in (Status.SAT, Status.UNSAT, Status.UNKNOWN):
            status = Status(first)
            return Answer(status, _values(others, names) if status is Status.SAT else {})
        if not first or any(word in first for word in ENDED):
            return Answer(Status.UNKNOWN, {})
        raise BadInput(f"the solver {self.name} does not read the script: {first[:200]}")


ENDED = ("timeout", "interrupted", "out of memory", "canceled", "resource")
"""What solvers write that end at a limit."""


@dataclass(frozen=True)
class Z3(Solver):
    """z3, by its program."""

    name: str = "z3"

    @cached_property
    def _program(self) -> str | None:
        beside = shutil.which("z3", path=str(Path(sys.executable).parent))
        return beside or shutil.which("z3")

    @property
    def installed(self) -> bool:
        return self._program is not None

    def command(self, limits: Limits) -> Sequence[str]:
        if self._program is None:
            raise BadInput('proofs need the solver z3: pip install "stabcheck[prove]"')
        return [
            self._program, "-in", f"rlimit={limits.units}",
            f"-memory:{limits.megabytes}", f"-T:{max(1, round(limits.clock))}",
        ]  # fmt: skip


@dataclass(frozen=True)
class CVC5(Solver):
    """cvc5, by its package."""

    name: str = "cvc5"

    @property
    def installed(self) -> bool:
        return find_spec("cvc5") is not None

    def command(self, limits: Limits) -> Sequence[str]:
        if not self.installed:
            raise BadInput('a second solver is needed: pip install "stabcheck[prove]" brings cvc5')
        reader = Path(__file__).with_name("reading_cvc5.py")
        return [sys.executable, "-I", str(reader), str(limits.clock), str(limits.megabytes)]


@dataclass(frozen=True)
class Program(Solver):
    """Any other program that reads a script from its standard input.

    Attributes:
        name: of the program, or where it is.
    """

    name: str

    @property
    def installed(self) -> bool:
        return shutil.which(self.name) is not None

    def command(self, limits: Limits) -> Sequence[str]:
        del limits
        return [self.name]


def solver(name: str) -> Solver:
    """The solver of that name."""
    solvers: dict[str, Solver] = {"z3": Z3(), "cvc5": CVC5()}
    return solvers.get(name) or Program(name)


def _values(text: str, names: Iterable[str]) -> dict[str, str]:
    """`((|x| 1.0) (|y| (/ 1.0 3.0)))` by letter."""
    pairs = nested(text)
    values = {str(pair[0]).strip("|"): _text(pair[1]) for pair in pairs if len(pair) == 2}
    return {name: values[name] for name in names if name in values}


WORD = re.compile(r"\(|\)|\|[^|]*\||[^\s()]+")


def nested(text: str) -> list:
    """An expression of parentheses as nested lists; empty where it is none."""
    stack: list[list] = [[]]
    for word in WORD.findall(text):
        if word == "(":
            stack.append([])
        elif word == ")" and len(stack) > 1:
            last = stack.pop()
            stack[-1].append(last)
        else:
            stack[-1].append(word)
    return stack[0][0] if stack[0] and isinstance(stack[0][0], list) else []


def _text(tree: str | list) -> str:
    return tree if isinstance(tree, str) else f"({' '.join(map(_text, tree))})"
