"""What an interrupt leaves of the atlas, and what its methods share."""

import os
import signal
import subprocess
import sys
import time

import pytest

from stabcheck.core.cache import Cache
from stabcheck.declare.combination import Combination
from stabcheck.study import atlas as atlas_module
from stabcheck.study.atlas import combinations
from stabcheck.study.row import derived
from stabcheck.symbolic import update

R1_ROWS = [Combination("dirac", "gan", ("gp",), name) for name in ("flow", "simgd", "altgd", "ogda")]

INTERRUPTED = """
import signal
import sys
from pathlib import Path
from stabcheck.study.atlas import combinations, derive
from stabcheck.core.cache import Cache
if __name__ == "__main__":
    # A shell that runs the tests in its background has its children ignore the signal.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    derive(combinations("random", None, "none"), Cache(Path(sys.argv[1])), jobs=2)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_an_interrupt_ends_every_process_and_keeps_what_is_done(tmp_path):
    (tmp_path / "script.py").write_text(INTERRUPTED)
    cache = tmp_path / "cache"
    done = subprocess.Popen(
        [sys.executable, "script.py", str(cache)],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    limit = time.monotonic() + 60
    while not list(cache.glob("*.json")) and time.monotonic() < limit:
        time.sleep(0.05)
    os.killpg(done.pid, signal.SIGINT)
    # Ends when every process that holds the stream has ended; what they have begun takes minutes.
    try:
        _, said = done.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        os.killpg(done.pid, signal.SIGKILL)
        raise
    assert done.returncode != 0
    assert said.count("KeyboardInterrupt") == 1, said
    chosen = combinations("random", None, "none")
    found, broken = atlas_module._known(Cache(cache), {c: atlas_module._key(c) for c in chosen})
    assert 0 < len(found) < len(chosen)
    assert broken == 0


def test_a_model_is_shared_by_the_methods_and_changes_nothing():
    update._known_model.cache_clear()
    first = [derived(c) for c in R1_ROWS]
    assert update._known_model.cache_info().misses == 1
    for chosen, row in zip(R1_ROWS, first, strict=True):
        update._known_model.cache_clear()
        assert derived(chosen) == row
