"""Settings of the test session."""

import gc
import os

# Matrices here are small, and workers share the cores: threads for these cost more than they save.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# Most programs of the tests run once, so that optimising them takes longer than it saves: with these they
# compile in half the time. Both are to be said before NumPy and JAX are imported.
os.environ.setdefault(
    "XLA_FLAGS",
    "--xla_backend_optimization_level=0 --xla_llvm_disable_expensive_passes=true"
    " --xla_cpu_use_fusion_emitters=false --xla_cpu_parallel_codegen_split_count=1",
)

import sys
import tempfile

import jax
import pytest
from hypothesis import settings

from stabcheck.cli.app import run
from stabcheck.declare import registry
from tests import slices

# The same program is compiled once by each process, however many tests ask for it.
COMPILED = tempfile.TemporaryDirectory(prefix="stabcheck-compiled-")
jax.config.update("jax_compilation_cache_dir", COMPILED.name)
jax.config.update("jax_persistent_cache_min_compile_time_secs", 0)
jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)

settings.register_profile("stabcheck", deadline=None, derandomize=True, max_examples=40)
settings.load_profile("stabcheck")


@pytest.fixture(autouse=True)
def untouched_defaults():
    """stabcheck leaves JAX's global precision as it found it."""
    before = jax.config.jax_enable_x64
    yield
    assert jax.config.jax_enable_x64 == before


@pytest.fixture
def adding(monkeypatch):
    """Adds a folder's files to a package of declarations, and takes them away after the test."""
    before = set(sys.modules)

    def add(package, folder):
        monkeypatch.setattr(package, "__path__", [*package.__path__, str(folder)])
        registry.declarations.cache_clear()

    yield add
    for name in set(sys.modules) - before:
        if name.startswith("stabcheck.declare."):
            parent, _, own = name.rpartition(".")
            vars(sys.modules[parent]).pop(own, None)
            del sys.modules[name]
    registry.declarations.cache_clear()


@pytest.fixture
def cli(capsys):
    """Runs a command line; gives exit code, standard output and standard error."""

    def call(line):
        code = run(line.split())
        streams = capsys.readouterr()
        return code, streams.out, streams.err

    return call


def pytest_addoption(parser):
    group = parser.getgroup("slices")
    group.addoption("--slice", default="", metavar="K/N", help="the K-th of N slices of the tests")
    group.addoption(
        "--passed", default="", metavar="FILE", help="what passed is kept there and not run again"
    )


def pytest_collection_modifyitems(config, items):
    if config.getoption("--slice") or config.getoption("--passed"):
        slices.deselect(config, items)


def pytest_collection_finish():
    # SymPy and JAX leave many objects that stay: to look through them again and again takes a twentieth.
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


def pytest_configure(config):
    # Workers tell the one that started them, which alone writes.
    if (record := slices.record_of(config)) and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Recorder(record))


class Recorder:
    """Writes down what passed."""

    def __init__(self, record):
        self.record = record

    def pytest_runtest_logreport(self, report):
        if report.when == "call" and report.passed:
            self.record.add(report.nodeid)
