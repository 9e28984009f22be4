"""How many regions of the registry are solved for a hyperparameter; see the README beside this file."""

from __future__ import annotations

import argparse
import multiprocessing
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from statistics import median

import typer

from stabcheck.core.errors import StabcheckError, Undecidable
from stabcheck.declare.question import Question
from stabcheck.judge.equilibria import analysed
from stabcheck.judge.pruning import pruned
from stabcheck.judge.region import Region, region_of
from stabcheck.judge.solver import solver
from stabcheck.judge.threshold import solved
from stabcheck.study.atlas import questions
from stabcheck.symbolic.ops import symbol

SECONDS = 20
"""After so many a combination is killed."""
KILLED = f"killed after {SECONDS} s"
GOALS = {"h": 93, "others": 85}
"""Per cent of what is tried that is to be solved."""


@dataclass(frozen=True)
class Tried:
    """One combination, solved for one name.

    Attributes:
        question: the combination.
        name: of the hyperparameter.
        refusal: why it is not solved; empty where it is.
        cases: how many there are.
        whole: whether they tell of walls, too.
        seconds: that it took.
    """

    question: str
    name: str
    refusal: str
    cases: int
    whole: bool
    seconds: float

    @property
    def group(self) -> str:
        """`h` for step sizes, `others` for every other hyperparameter."""
        return "h" if self.name == "h" or self.name.startswith("h_") else "others"


def planar() -> list[Question]:
    """The combinations of the atlas that have two coordinates."""
    return [asked for asked in questions() if sum(asked.game.dims) == 2]


def attempts(asked: Question) -> Iterator[Tried | str]:
    """A name that is tried, and what came of it, one after the other; nothing where there is no region."""
    try:
        region = region_of(analysed(asked).here)
    except StabcheckError:
        return
    if region is None or not region.conditions:
        return
    kept = pruned(region, solver("z3"))
    if kept.empty or kept.full:
        return
    names = {name for p in kept.region.polynomials for name in p.names}
    for name in sorted(names & set(kept.region.letters) & open_names(asked)):
        yield name
        yield attempt(asked, kept.region, name)


def open_names(asked: Question) -> set[str]:
    """The hyperparameters, as the letters of a region are called."""
    return {symbol(name, row).name for name, row in asked.names.items()}


def attempt(asked: Question, region: Region, name: str) -> Tried:
    """A region solved for one name."""
    begun = time.perf_counter()
    try:
        threshold = solved(region, name)
        refusal, cases, whole = "", len(threshold.cases), threshold.whole
    except Undecidable as undecided:
        refusal, cases, whole = str(undecided), 0, False
    return Tried(str(asked), name, refusal, cases, whole, time.perf_counter() - begun)


def _send(asked: Question, pipe: Connection) -> None:
    for each in attempts(asked):
        pipe.send(each)
    pipe.send(None)


def within_limit(asked: Question) -> Iterator[Tried]:
    """What comes of a combination in a process of its own, as FLINT does not heed signals."""
    ours, theirs = multiprocessing.Pipe(duplex=False)
    child = multiprocessing.Process(target=_send, args=(asked, theirs), daemon=True)
    begun, name = time.perf_counter(), ""
    child.start()
    theirs.close()
    while ours.poll(max(0, SECONDS - (time.perf_counter() - begun))):
        message = ours.recv()
        if message is None:
            break
        if isinstance(message, Tried):
            yield message
        else:
            name = message
    else:
        if name:
            yield Tried(str(asked), name, KILLED, 0, whole=False, seconds=SECONDS)
    child.kill()
    child.join()


def main(arguments: Sequence[str]) -> None:
    """Try a sample, or all of them, and print the shares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, help="how many combinations, drawn at random; default all")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after so many")
    options = parser.parse_args(arguments)
    chosen = planar()
    random.Random(0).shuffle(chosen)
    begun, tried = time.perf_counter(), list[Tried]()
    with typer.progressbar(chosen[: options.sample], label="solving", file=sys.stderr) as bar:
        for asked in bar:
            if time.perf_counter() - begun > options.seconds:
                break
            tried += within_limit(asked)
    for group, goal in GOALS.items():
        report(group, goal, [each for each in tried if each.group == group])
    for reason, count in Counter(each.refusal for each in tried if each.refusal).most_common():
        print(f"{count:>5}  {reason}")
    for each in sorted(tried, key=lambda each: -each.seconds)[:5]:
        print(f"{each.seconds:6.2f} s  {each.question}, {each.name}")


def report(group: str, goal: int, tried: Sequence[Tried]) -> None:
    """A line on some of the names."""
    done = [each for each in tried if not each.refusal]
    if not done:
        print(f"{group}: nothing solved of {len(tried)}")
        return
    seconds = [each.seconds for each in tried]
    print(
        f"{group}: {len(done)} of {len(tried)} solved, {100 * len(done) / len(tried):.1f} % (goal {goal}); "
        f"{sum(each.whole for each in done)} with walls; cases median {median(e.cases for e in done):g}, "
        f"most {max(e.cases for e in done)}; seconds median {median(seconds):.3f}, max {max(seconds):.1f}"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
