"""A program around the package cvc5: a script of SMT-LIB from standard input, answers to standard output.

Its arguments are the seconds after which it ends itself and the megabytes that it may take.
"""

from __future__ import annotations

import signal
import sys
from importlib import import_module
from typing import Any


def bound(seconds: float, megabytes: int) -> None:
    """End by the clock, and refuse more memory, where the system has such limits."""
    try:
        import resource
    except ImportError:
        return
    signal.alarm(max(1, round(seconds)))
    size = megabytes << 20
    resource.setrlimit(resource.RLIMIT_AS, (size, size))


def answer(text: str) -> None:
    """What each command of a script says."""
    # Its classes are compiled, and known to no type checker.
    cvc5: Any = import_module("cvc5")
    engine = cvc5.Solver()
    parser = cvc5.InputParser(engine)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, text, "script")
    while not (command := parser.nextCommand()).isNull():
        sys.stdout.write(command.invoke(engine, parser.getSymbolManager()))
        sys.stdout.flush()


if __name__ == "__main__":
    bound(float(sys.argv[1]), int(sys.argv[2]))
    answer(sys.stdin.read())
