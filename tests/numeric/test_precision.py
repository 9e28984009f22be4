"""What is compiled serves for all values; precision and compile level are said in one place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest

import stabcheck
from stabcheck import Flow, SimGD
from stabcheck.core.hyper import hyper
from stabcheck.declare.games.game import Game
from stabcheck.numeric.kinks import kinks, put_back
from stabcheck.numeric.rest import newton
from stabcheck.numeric.simulate import field, orbit, solution
from stabcheck.numeric.update import linearise

TRACES: list[str] = []
POINTS = np.array([[0.5, 0.25], [-0.5, 0.125]])


@dataclass(frozen=True)
class Counted(Game):
    """Notes each time that its losses are asked for, which is once for each compilation at most."""

    gamma: Any = hyper("gamma")
    tag: str = ""

    dims = (1, 1)

    def equilibrium(self, xp):
        return xp.zeros(1), xp.zeros(1)

    def losses(self, xp, *x):
        TRACES.append(self.tag)
        (a,), (b,) = x
        wall = xp.maximum(xp.vector(a - 2), 0, "a wall")[0]
        return a * b + self.gamma * (a - 1) ** 2 / 2 + wall, -a * b + b * b / 2

    def project(self, xp, *x):
        return x[0] / (1 + self.gamma), x[1]


ASKED = {
    "newton": lambda game, h: newton(game, {}, [h, 0.5]),
    "orbit": lambda game, h: orbit(game, SimGD(h), {}, [0.5, 0.25], 5),
    "solution": lambda game, h: solution(game, Flow(h), {}, [0.5, 0.25], [0.0, 0.5]),
    "field": lambda game, h: field(game, SimGD(h), {}, POINTS),
    "kinks": lambda game, h: kinks(game, {}, np.array([[4 + h, 0], [-4, 0]])),
    "put back": lambda game, h: put_back(game, {}, h * POINTS),
    "linearise": lambda game, h: linearise(game, SimGD(h)),
    "columns": lambda game, h: linearise(game, SimGD("h"), {"h": [h, 2 * h]}),
}


@pytest.mark.parametrize("name", ASKED)
def test_other_values_are_compiled_no_second_time(name):
    ask, tag = ASKED[name], name
    ask(Counted("1/2", tag), 0.125)
    first = TRACES.count(tag)
    assert first or name == "put back"
    again = [ask(Counted(gamma, tag), h) for gamma, h in (("1/2", 0.3125), (2, 0.125), (3, 0.375))]
    assert TRACES.count(tag) == first
    assert len({repr(found) for found in again}) == 3


def test_values_are_those_given_and_not_those_compiled_first():
    for gamma in (1, 2, 5):
        slope = linearise(Counted(gamma), Flow()).jacobian[0]
        np.testing.assert_allclose(slope, [[-gamma, -1], [1, -1]], rtol=1e-15)
        assert newton(Counted(gamma), {}, [0.5, 0.5]) == pytest.approx([gamma / (1 + gamma)] * 2)


def test_precision_is_said_in_one_place():
    """But for a person's own file, which the declarations run and numeric stands below."""
    root = Path(stabcheck.__file__).parent
    said = [str(path.relative_to(root)) for path in root.rglob("*.py")
            if "enable_x64" in (text := path.read_text()) or "xla_backend" in text]  # fmt: skip
    assert sorted(said) == ["declare/file/pythonfile.py", "numeric/precision.py"]
    assert jnp.zeros(1).dtype == np.float32
