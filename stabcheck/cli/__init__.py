"""The command line: thin adapters; SymPy and JAX are imported inside the commands that need them."""

from __future__ import annotations

from stabcheck.cli.app import main as main
