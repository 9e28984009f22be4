"""What an interrupt leaves of the atlas, and what its methods share."""

import contextlib
import os
import signal
import subprocess
import sys
import time

import pytest

from stabcheck.core.cache import Cache
from stabcheck.declare.question import Question
from stabcheck.study import atlas as atlas_module
from stabcheck.study.atlas import questions
from stabcheck.study.row import derived
from stabcheck.symbolic import update
from tests.dealt import dealt

R1_ROWS = [Question.parse(f"dirac + gp | {name}") for name in ("flow", "simgd", "altgd", "ogda")]

INTERRUPTED = """
import signal
import sys
from pathlib import Path
from stabcheck.study.atlas import questions, derive
from stabcheck.core.cache import Cache
if __name__ == "__main__":
    # A shell that runs the tests in its background has its children ignore signals.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    derive(questions("random", None, "none"), Cache(Path(sys.argv[1])), jobs=2)
"""


posix = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


@pytest.fixture
def begun(tmp_path):
    """An atlas from two processes whose first row is there; what they have begun takes minutes."""
    (tmp_path / "script.py").write_text(INTERRUPTED)
    cache = tmp_path / "cache"
    with subprocess.Popen(
        [sys.executable, "script.py", str(cache)],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        limit = time.monotonic() + 60
        while not list(cache.glob("*.json")) and time.monotonic() < limit:
            time.sleep(0.05)
        yield process, cache
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


@posix
def test_an_interrupt_ends_every_process_and_keeps_what_is_done(begun):
    process, cache = begun
    os.killpg(process.pid, signal.SIGINT)
    # Ends when every process that holds the stream has ended.
    _, stderr = process.communicate(timeout=60)
    assert process.returncode != 0
    assert stderr.count("KeyboardInterrupt") == 1, stderr
    chosen = questions("random", None, "none")
    kept = Cache(cache)
    source = kept.source(atlas_module.SOURCES)
    wanted = [atlas_module.Wanted(k, c, atlas_module._key(c, source)) for k, c in enumerate(chosen)]
    found, broken = atlas_module._cached(kept, wanted)
    assert 0 < len(found) < len(chosen)
    assert broken == 0


@posix
@pytest.mark.parametrize("name", dealt(["SIGKILL", "SIGTERM", "SIGHUP"], 3))
def test_the_others_end_with_the_process_that_started_them(begun, name):
    process, _ = begun
    os.kill(process.pid, getattr(signal, name))
    process.communicate(timeout=15)
    assert process.returncode == -getattr(signal, name)


def test_a_model_is_shared_by_the_methods_and_changes_nothing():
    update._cached_model.cache_clear()
    first = [derived(c) for c in R1_ROWS]
    assert update._cached_model.cache_info().misses == 1
    for chosen, row in zip(R1_ROWS, first, strict=True):
        update._cached_model.cache_clear()
        assert derived(chosen) == row
