"""Start-up times as ratios measured in one run; see the README beside this file."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

RUNS = 5
ROOT = Path(__file__).parents[1]
STABCHECK = str(Path(sys.executable).with_name("stabcheck"))
EIGEN = [STABCHECK, "eigen", "--reg", "gp", "--gamma", "1"]
HARDEST = ROOT / "tests" / "cases" / "polynomial-times-gaussian.toml"
"""Of the questions that people asked, the one that takes longest."""
SOLVED = [STABCHECK, "equilibria", "--game", str(HARDEST)]
SUB_STEPS = [*EIGEN, "--method", "altgd", "--h", "1/10", "--n-d"]


def python(code: str) -> list[str]:
    """The command that runs a line of Python."""
    return [sys.executable, "-c", code]


CLAIMS: Sequence[tuple[str, Sequence[str], str, Sequence[str], float]] = (
    ("stabcheck --help", [STABCHECK, "--help"], "import typer", python("import typer"), 1.5),
    ("stabcheck --version", [STABCHECK, "--version"], "import typer", python("import typer"), 1.5),
    ("stabcheck eigen --no-verify", [*EIGEN, "--no-verify"], "import sympy", python("import sympy"), 2),
    (
        "stabcheck eigen", EIGEN, "import sympy, jax, one compile",
        python("import sympy, jax, jax.numpy as jnp; jax.jit(lambda x: jnp.sin(x) * 2)(1.0)"), 2,
    ),
    ("altgd --n-d 1000", [*SUB_STEPS, "1000"], "altgd --n-d 1", [*SUB_STEPS, "1"], 3),
    ("the hardest of tests/cases", SOLVED, "stabcheck eigen", EIGEN, 10),
)  # fmt: skip


def seconds(command: Sequence[str]) -> float:
    """The best wall time of a command over a few runs."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> int:
    """Measure and print every claim; the number of broken ones."""
    broken = 0
    for name, command, title, baseline, bound in CLAIMS:
        mine, theirs = seconds(command), seconds(baseline)
        broken += mine > bound * theirs
        print(f"{name:<30}{mine:7.3f} s {mine / theirs:6.2f} x  (bound {bound} x: {title})")
    return min(broken, 1)


if __name__ == "__main__":
    sys.exit(main())
