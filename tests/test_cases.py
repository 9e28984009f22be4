"""Questions that people asked, each with its right value."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
import sympy as sp

from stabcheck import SimGD, analyse
from stabcheck.cli.app import run
from stabcheck.declare.file.gamefile import load

CASES = Path(__file__).parent / "cases"


@pytest.fixture
def ask(capsys):
    """What a command prints as JSON; the first word after it names a file of `cases`."""

    def answer(line):
        command, case, *options = line.split()
        path = CASES / f"{case}.toml"
        code = run([command, "--game", str(path), *options, "--format", "json"])
        streams = capsys.readouterr()
        assert (code, streams.err) == (0, "")
        return json.loads(streams.out)

    return answer


def game(name):
    return load(CASES / f"{name}.toml")()


def spectrum(data):
    found = [
        complex(e["value"]["re"], e["value"]["im"])
        for e in data["eigenvalues"]
        for _ in range(e["multiplicity"])
    ]
    return sorted(found, key=lambda z: (round(z.real, 9), z.imag))


def near(found, right):
    return np.allclose(found, sorted(right, key=lambda z: (round(complex(z).real, 9), complex(z).imag)))


PREY = complex(3373 / 3400, math.sqrt(33951) / 3400)
SPECTRA = {
    "eigen discrete-prey-map --method simgd --h 1 --b 1/2 --c 1/100 --p 4/5": (
        "stable",
        [PREY, PREY.conjugate()],
    ),
    "eigen discrete-prey-map-smallest --a 3 --b 1/2": ("stable", [-3 / 2]),
    "eigen sir-with-births --beta 1/2 --gamma 1/10 --m 1/50": (
        "stable",
        list(np.roots([1, 1 / 12, 19 / 2500])),
    ),
    "eigen sir-with-births-names --beta 1/2 --gamma 1/10 --mu 1/50": (
        "stable",
        list(np.roots([1, 1 / 12, 19 / 2500])),
    ),
    "eigen may-model --a 1 --d 1/10 --b 1/10": (
        "unstable",
        [0.081257871599 + 0.200324643507j, 0.081257871599 - 0.200324643507j],
    ),
    "eigen may-model-found --a 1 --d 1/10 --b 1/10": (
        "unstable",
        [0.081257871599 + 0.200324643507j, 0.081257871599 - 0.200324643507j],
    ),
    "eigen saturating-predator --a 1/2 --K 2 --b 1": (
        "stable",
        [complex(-1 / 8, math.sqrt(7) / 8), complex(-1 / 8, -math.sqrt(7) / 8)],
    ),
    "eigen seir-standard-incidence --m 1 --k 1 --g 1 --b 1 --L 1": ("stable", [-3, -1, -1, -1]),
    "eigen seir-standard-incidence --m 1 --k 1 --g 1 --b 9 --L 1": ("unstable", [-5, -1, -1, 1]),
    "eigen seir-standard-incidence-smallest --b 2": (
        "stable",
        [complex(-1, math.sqrt(3 / 2)), complex(-1, -math.sqrt(3 / 2))],
    ),
    "eigen one-sided-slope-penalty": ("neutral", [1j, -1j]),
    "eigen one-sided-slope-penalty --gamma 1 --k0 1": ("neutral", [1j, -1j]),
    "eigen one-sided-slope-penalty-other": ("neutral", [1j, -1j]),
    "eigen bilinear-with-a-bump": ("neutral", [0.757342082829431j, -0.757342082829431j]),
    "eigen forsaken": (
        "stable",
        [-0.0447460017003 + 0.908027593065j, -0.0447460017003 - 0.908027593065j],
    ),
    "eigen hill-switch --v 2 --K 1 --d 1": ("stable", [-0.7119185264]),
    "eigen line-that-the-method-leaves --method lola --e 1 --h 1": ("neutral", [0, 1]),
}


@pytest.mark.parametrize("line", SPECTRA)
def test_spectrum(ask, line):
    verdict, right = SPECTRA[line]
    data = ask(line)
    assert data["verdict"] == verdict
    assert near(spectrum(data), right)
    assert data["verification"]["status"] == "agrees"


VERDICTS = {
    "eigen momentum-with-rotation --method nesterov --beta 1": ("unstable", "for every h"),
    "eigen sampled-attitude-loop --method simgd --h 1": ("depends", "never stable"),
    "eigen sampled-attitude-loop-one-axis --method simgd --h 1": ("depends", "never stable"),
    "eigen bilinear-with-a-bump --method simgd --h 1/100": ("unstable", "every eigenvalue lies outside"),
    "eigen bilinear-with-a-bump --method ogda --h 762/1000": ("stable", "lies inside"),
    "eigen bilinear-with-a-bump --method ogda --h 763/1000": ("unstable", "2 of 4 eigenvalues lie outside"),
    "eigen bouncing-ball --method simgd --h 1": ("unstable", "for every al, ga"),
}


@pytest.mark.parametrize("line", VERDICTS)
def test_verdict(ask, line):
    data = ask(line)
    verdict, reason = VERDICTS[line]
    assert data["verdict"] == verdict
    assert reason in data["reason"]


LONG = ("equilibria polynomial-times-gaussian", "equilibria eight-critical-points")
"""Half a minute; the second is printed in the golden answers as well."""
REST = {
    "equilibria eight-critical-points": [
        (-4.73418763, 0.55985682, "stable"),
        (-0.08493183, 1.00552102, "unstable"),
        (0, 0, "stable"),
        (0, 1, "stable"),
        (0.73074936, -5.39851508, "unstable"),
        (1, 0, "unstable"),
        (1.01737648, -0.08564175, "unstable"),
        (38.40165762, -1.48689259, "stable"),
    ],
    "equilibria polynomial-times-gaussian": [
        (-13.8428, 1.1905, "unstable"),
        (-12.4766, -8.6779, "unstable"),
        (-11.4267, 8.0043, "unstable"),
        (-2.8114, -2.3713, "unstable"),
        (-1.3165, -1.2243, "unstable"),
        (0, 0, "unstable"),
        (0.9147, -14.0118, "unstable"),
        (1.0830, 13.9910, "unstable"),
        (12.3950, -6.3728, "unstable"),
    ],
    "equilibria replicator-continuum --a 2 --b 1": [
        (-1, 2, 0, "unstable"),
        (0, -1, 2, "unstable"),
        (1 / 3, 1 / 3, 1 / 3, "stable"),
        (2, 0, -1, "unstable"),
    ],
    "equilibria hill-switch --v 2 --K 1 --d 1": [
        (-0.67214086, "unstable"),
        (0.221501292, "stable"),
        (0.682583928, "unstable"),
        (1.968055644, "stable"),
    ],
    "equilibria may-model-found --a 1 --d 1/10 --b 1/10": [
        (-(1 + math.sqrt(41)) / 20, -(1 + math.sqrt(41)) / 20, "unstable"),
        ((math.sqrt(41) - 1) / 20, (math.sqrt(41) - 1) / 20, "unstable"),
        (1, 0, "unstable"),
    ],
}


@pytest.mark.parametrize(
    "line", [pytest.param(line, marks=pytest.mark.whole if line in LONG else ()) for line in REST]
)
def test_rest_points(ask, line):
    found = ask(line)["points"]
    assert [p["verdict"] for p in found] == [row[-1] for row in REST[line]]
    assert np.allclose([p["value"] for p in found], [row[:-1] for row in REST[line]], atol=1e-4)


def test_the_lines_beside_isolated_points_are_described(ask):
    found = ask("equilibria replicator-continuum --a 2 --b 1")["continua"]
    assert len(found) == 3
    assert {line.split("= ")[1] for line in found} == {"(x, 0, 0)", "(0, y, 0)", "(0, 0, w)"}


def holds(conditions, **values):
    there = {s: sp.Rational(str(values[s.name])) for c in conditions for s in c.free_symbols}
    return all(bool(c.subs(there) > 0) for c in conditions)


def test_the_conditions_of_the_prey_map_are_jurys():
    found = analyse(game("discrete-prey-map"), SimGD(1)).conditions
    rng = np.random.default_rng(0)
    both = set()
    for b, c, p in rng.integers(1, 300, (400, 3)) / 100:
        if 1 - b + c <= 0:
            continue
        jury = (
            b + p - 1,
            4 + 3 * c + b * c * c + 2 * b * c + p * c * c - b * b * c - b * c * p - 4 * b - 3 * c * c - c * p,
            1 + b * b + b * p + 2 * c - b * c - 2 * b - c * p,
        )
        both.add(right := all(e > 0 for e in jury))
        assert holds(found, b=b, c=c, p=p) == right
    assert both == {True, False}


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("sir-with-births", lambda v: v["beta"] > v["gamma"] + v["m"]),
        ("sir-with-births-names", lambda v: v["beta"] > v["gamma"] + v["mu"]),
        ("saturating-predator", lambda v: v["a"] / (1 - v["a"]) < v["K"] < (1 + v["a"]) / (1 - v["a"])),
        ("seir-standard-incidence", lambda v: v["b"] * v["k"] < (v["k"] + v["m"]) * (v["g"] + v["m"])),
        ("seir-standard-incidence-smallest", lambda v: True),
        pytest.param(
            "viral-latency",
            lambda v: (
                v["b"] * v["q"] * v["s0"] * (v["a"] + v["m"] * (1 - v["p"]))
                < v["m"] * v["c"] * v["d"] * (v["a"] + v["m"])
            ),
            marks=pytest.mark.whole,
        ),
    ],
)
def test_conditions(name, right):
    found = analyse(game(name))
    rng, seen = np.random.default_rng(0), set()
    for _ in range(200):
        values = {n: rng.integers(1, 100) / (100 if row.domain.text == "(0,1]" or n == "a" else 25)
                  for n, row in found.names.items()}  # fmt: skip
        values = {n: 0.99 if n in "ap" and v == 1 else v for n, v in values.items()}
        seen.add(right(values))
        assert holds(found.conditions, **values) == right(values)
    assert True in seen


def test_optimism_with_four_players_has_its_threshold(ask):
    found = ask("eigen four-players-optimism --method ogda --ee 0")["stable_where"]
    assert found == "0 < h < sqrt(3)*(sqrt(2) - 1)/3 = 0.239146311738"
    assert ask("eigen four-players-optimism --method ogda --ee 1/100")["stable_where"].startswith(
        "0 < h < 0.2397"
    )


@pytest.mark.parametrize(
    ("al", "ga", "verdict"),
    [("1/2", "299/100", "stable"), ("1/2", "301/100", "unstable"), ("11/10", 1, "unstable")],
)
def test_the_bouncing_ball_at_its_other_point(tmp_path, al, ga, verdict):
    """Stable iff al < 1 and 0 < ga < 2 (1 + al)."""
    path = tmp_path / "ball.toml"
    path.write_text((CASES / "bouncing-ball.toml").read_text().replace('"pi/2"', '"-pi/2"'))
    assert analyse(load(path)(), SimGD(1), al=al, ga=ga).verdict == verdict
