"""The table of everything: games plain, and penalties on the Dirac-GAN, times methods.

Rows come from the cache as far as they are there; only deriving one loads SymPy.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import closing
from dataclasses import dataclass, replace
from multiprocessing import connection
from typing import NamedTuple

from stabcheck.core import hyper
from stabcheck.core.cache import Cache, CorruptEntry, key
from stabcheck.core.sources import Sources
from stabcheck.declare.question import Question
from stabcheck.study import combinations
from stabcheck.study.row import SCHEMA, Row, derived, part_names, values_of

TOGETHER = 8
"""Methods on one game that a process takes at once."""
SOURCES = Sources("stabcheck.study.row")
"""A row depends on what derives it, not on how it is asked for or shown."""


def questions(
    game: str | None = None, loss: str | None = None, penalty: str | None = None, method: str | None = None
) -> list[Question]:
    """The rows of the atlas that have the parts named.

    Where no loss is named, games have their default ones; only the Dirac-GAN, or a game that
    is named, meets penalties.
    """
    chosen = combinations.named(game, loss, penalty, method)
    shown = ("dirac", game)
    return [Question.of(c) for c in chosen if c.game in shown or not c.penalties]


@dataclass(frozen=True)
class Atlas:
    """The rows asked for, in order, and what there is to say about how they came.

    Attributes:
        rows: one per question.
        kept: how many of them came from the cache.
        notes: on a cache that could not be read or written.
    """

    rows: tuple[Row, ...]
    kept: int
    notes: tuple[str, ...]


def derive(
    asked: Sequence[Question],
    cache: Cache | None = None,
    *,
    jobs: int = 1,
    progress: Callable[[int], object] = bool,
) -> Atlas:
    """The rows of questions, from the cache as far as they are there.

    Args:
        asked: what to derive.
        cache: where rows are kept, each as soon as it is there; `None` for nowhere.
        jobs: how many processes derive; with 1 it is this one alone.
        progress: is told after some rows how many more are there.
    """
    if any(question.programmed for question in asked):
        # What code does may change with what it imports, and what it raises is told with its place by this
        # process alone.
        cache, jobs = None, 1
    refusal = cache.refusal() if cache else ""
    source = cache.source(SOURCES) if cache else ""
    wanted = [Wanted(k, each, _key(each, source) if cache else "") for k, each in enumerate(asked)]
    rows_by_place, broken = _cached(cache, wanted)
    kept = len(rows_by_place)
    progress(kept)
    missing = [each for each in wanted if each.place not in rows_by_place]
    with closing(_worked(_tasks(missing), None if refusal else cache, jobs)) as batches:
        for batch in batches:
            rows_by_place |= batch
            progress(len(batch))
    told = f"{broken} files of the cache were broken and are replaced" if broken else ""
    rows = tuple(rows_by_place[each.place] for each in wanted)
    return Atlas(rows, kept, tuple(filter(None, (refusal, told))))


class Wanted(NamedTuple):
    """A row to come.

    Attributes:
        place: among those asked for.
        question: what is asked.
        key: in the cache.
    """

    place: int
    question: Question
    key: str


def _key(asked: Question, source: str) -> str:
    return key({"schema": SCHEMA, "question": asked.key, "values": values_of(asked)}, source)


def _cached(cache: Cache | None, wanted: Sequence[Wanted]) -> tuple[dict[int, Row], int]:
    """The rows in the cache, and how many files there are not to be trusted."""
    rows: dict[int, Row] = {}
    broken = 0
    for each in wanted if cache else ():
        try:
            row = _kept(cache, each)
        except CorruptEntry:
            broken += 1
        else:
            rows |= {} if row is None else {each.place: row}
    return rows, broken


def _kept(cache: Cache | None, wanted: Wanted) -> Row | None:
    data = None if cache is None else cache.get(wanted.key)
    if data is None:
        return None
    row = Row.of_dict(data)
    if any(getattr(row, name) != text for name, text in part_names(wanted.question).items()):
        raise CorruptEntry("another row")
    return row


Task = list[Wanted]
Batches = Generator[dict[int, Row], None, None]


def _tasks(missing: Sequence[Wanted]) -> list[Task]:
    """The rows in batches of one game each, the largest games first."""
    groups: dict[str, Task] = {}
    for each in missing:
        groups.setdefault(str(replace(each.question.line, method=())), []).append(each)
    ordered = sorted(groups.values(), key=lambda task: _size(task[0].question), reverse=True)
    return [task[start : start + TOGETHER] for task in ordered for start in range(0, len(task), TOGETHER)]


def _size(asked: Question) -> tuple[int, int]:
    """Coordinates and open names of the game: what the length of the formulas grows with."""
    return sum(asked.game.dims), len(hyper.symbols(asked.game))


def _worked(tasks: Sequence[Task], cache: Cache | None, jobs: int) -> Batches:
    """The rows of each task as they are ready, one by one in this process."""
    if jobs > 1 and len(tasks) > 1:
        yield from _spread(tasks, cache, min(jobs, len(tasks)))
        return
    for task in tasks:
        for entry in task:
            yield _batch([entry], cache)


def _spread(tasks: Sequence[Task], cache: Cache | None, jobs: int) -> Batches:
    """The same, from processes of their own; they end when this generator is left."""
    others = {process.pid for process in multiprocessing.active_children()}
    pool = ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), initializer=_begun)
    done = False
    try:
        for ready in as_completed([pool.submit(_batch, task, cache) for task in tasks]):
            yield ready.result()
        done = True
    finally:
        if not done:
            for process in multiprocessing.active_children():
                if process.pid not in others:
                    process.kill()
        pool.shutdown(wait=done, cancel_futures=True)


def _begun() -> None:
    """Leave Ctrl-C, which reaches every process, to the one that started the others, and end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Leave as soon as the parent has ended, in whatever way: nobody is there to take the rows.

    The sentinel is ready then on every system. What is derived is not interrupted by an exception in
    this thread, so that the whole process leaves; rows are put into the cache whole or not at all.
    """
    if parent := multiprocessing.parent_process():
        connection.wait([parent.sentinel])
        os._exit(1)


def _batch(task: Task, cache: Cache | None) -> dict[int, Row]:
    rows = {}
    for place, question, name in task:
        rows[place] = derived(question)
        if cache is not None:
            cache.put(name, rows[place].to_dict())
    return rows
