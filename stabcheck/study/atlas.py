"""The table of everything: games plain, and penalties on the Dirac-GAN, times methods.

Rows come from the cache as far as they are there; only deriving one loads SymPy.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from multiprocessing import connection

from stabcheck.core import hyper
from stabcheck.core.cache import Broken, Cache, key
from stabcheck.core.sources import Sources
from stabcheck.declare.combination import Combination, assemble, has_files
from stabcheck.study import combinations as sweep
from stabcheck.study.row import SCHEMA, Row, derived, values_of

TOGETHER = 8
"""Methods on one game that a process takes at once."""
SOURCES = Sources("stabcheck.study.row")
"""A row depends on what derives it, not on how it is asked for or shown."""


def combinations(
    game: str | None = None, loss: str | None = None, penalty: str | None = None, method: str | None = None
) -> list[Combination]:
    """The rows of the atlas that have the parts named, by registry name.

    Where no loss is named, games have their default ones; only the Dirac-GAN, or a game that
    is named, meets penalties.
    """
    found = sweep.named(game, loss, penalty, method)
    shown = ("dirac", game)
    return [c for c in found if c.game in shown or not c.penalties]


@dataclass(frozen=True)
class Atlas:
    """The rows asked for, in order, and what there is to say about how they came.

    Attributes:
        rows: one per combination.
        kept: how many of them came from the cache.
        notes: on a cache that could not be read or written.
    """

    rows: tuple[Row, ...]
    kept: int
    notes: tuple[str, ...]


def derive(
    chosen: Sequence[Combination],
    cache: Cache | None = None,
    *,
    jobs: int = 1,
    progress: Callable[[int], object] = bool,
) -> Atlas:
    """The rows of combinations, from the cache as far as they are there.

    Args:
        chosen: what to derive.
        cache: where rows are kept, each as soon as it is there; `None` for nowhere.
        jobs: how many processes derive; with 1 it is this one alone.
        progress: is told after some rows how many more are there.
    """
    if any(map(has_files, chosen)):
        # What a file says may change, and what it raises is told with its place by this process alone.
        cache, jobs = None, 1
    refusal = cache.refusal() if cache else ""
    source = cache.source(SOURCES) if cache else ""
    names = {c: _key(c, source) for c in chosen}
    found, broken = _known(cache, names)
    kept = len(found)
    progress(kept)
    missing = {c: name for c, name in names.items() if c not in found}
    with closing(_worked(_tasks(missing), None if refusal else cache, jobs)) as batches:
        for batch in batches:
            found |= batch
            progress(len(batch))
    told = f"{broken} files of the cache were broken and are replaced" if broken else ""
    return Atlas(tuple(found[c] for c in chosen), kept, tuple(filter(None, (refusal, told))))


def _key(c: Combination, source: str) -> str:
    return key({"schema": SCHEMA, "parts": asdict(c), "values": values_of(assemble(c))}, source)


def _known(cache: Cache | None, names: Mapping[Combination, str]) -> tuple[dict[Combination, Row], int]:
    """The rows in the cache, and how many files there are not to be trusted."""
    found: dict[Combination, Row] = {}
    broken = 0
    for c, name in names.items() if cache else ():
        try:
            row = _kept(cache, name, c)
        except Broken:
            broken += 1
        else:
            found |= {} if row is None else {c: row}
    return found, broken


def _kept(cache: Cache | None, name: str, c: Combination) -> Row | None:
    data = None if cache is None else cache.get(name)
    if data is None:
        return None
    row = Row.of_dict(data)
    if (row.game, row.loss, row.penalties, row.method) != (c.game, c.loss, c.penalties, c.method):
        raise Broken("another row")
    return row


Task = list[tuple[Combination, str]]
Batches = Generator[dict[Combination, "Row"], None, None]


def _tasks(missing: Mapping[Combination, str]) -> list[Task]:
    """The rows in batches of one game each, the largest games first."""
    groups: dict[Combination, Task] = {}
    for c, name in missing.items():
        groups.setdefault(replace(c, method=None), []).append((c, name))
    ordered = sorted(groups, key=_size, reverse=True)
    return [
        groups[c][start : start + TOGETHER] for c in ordered for start in range(0, len(groups[c]), TOGETHER)
    ]


def _size(c: Combination) -> tuple[int, int]:
    """Coordinates and open names: what the length of the formulas grows with."""
    parts = assemble(c)
    return sum(parts.game.dims), len(hyper.symbols(parts.game, parts.operator))


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


def _batch(task: Task, cache: Cache | None) -> dict[Combination, Row]:
    found = {}
    for c, name in task:
        found[c] = derived(c)
        if cache is not None:
            cache.put(name, found[c].to_dict())
    return found
