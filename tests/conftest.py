"""Settings of the test session."""

import os

# Most programs of the tests run once, so that optimising them takes longer than it saves. To be said
# before JAX is imported.
os.environ.setdefault(
    "XLA_FLAGS", "--xla_backend_optimization_level=0 --xla_llvm_disable_expensive_passes=true"
)

import jax
import pytest
from hypothesis import settings

from stabcheck.cli.app import run

settings.register_profile("stabcheck", deadline=None, derandomize=True, max_examples=40)
settings.load_profile("stabcheck")


@pytest.fixture(autouse=True)
def untouched_defaults():
    """stabcheck leaves JAX's global precision as it found it."""
    before = jax.config.jax_enable_x64
    yield
    assert jax.config.jax_enable_x64 == before


@pytest.fixture
def cli(capsys):
    """Runs a command line; gives exit code, standard output and standard error."""

    def call(line):
        code = run(line.split())
        streams = capsys.readouterr()
        return code, streams.out, streams.err

    return call
