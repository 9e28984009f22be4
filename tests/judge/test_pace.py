"""The pace is that of powers of the matrix, to the last digit also where a radius is 1 in floats."""

from __future__ import annotations

from fractions import Fraction
from math import exp, log

import numpy as np
import pytest

from stabcheck import CGD, R1, AltGD, Bilinear, Dirac, SimGD, WeightDecay, analyse
from stabcheck.judge.pace import pace
from tests.games import RandomGame

PENALISED = Dirac() + R1(1)


def test_so_many_steps_halve_an_error():
    result = analyse(RandomGame(1), SimGD("1/20"))
    matrix = np.array(result.update_matrix, dtype=float)
    paced = pace(result)
    later, last = (
        np.linalg.norm(np.linalg.matrix_power(matrix, n)) for n in (400, 400 + round(10 * paced.half))
    )
    assert last / later == pytest.approx(2.0**-10, rel=0.05)
    assert paced.digit / paced.half == pytest.approx(log(10) / log(2))


def test_a_flow_takes_time():
    assert pace(analyse(PENALISED)).half == pytest.approx(2 * log(2))
    result = analyse(Dirac() + R1("1/10"))
    assert exp(result.rate * pace(result).digit) == pytest.approx(0.1)


@pytest.mark.parametrize("h", [Fraction(1, 10**9), Fraction(1, 10**30)])
def test_near_the_boundary_the_distance_counts(h):
    assert pace(analyse(Dirac() + WeightDecay(1), SimGD(h))).half == pytest.approx(
        log(2) / float(h), rel=1e-8
    )


@pytest.mark.parametrize(
    "result",
    [
        analyse(PENALISED, SimGD(4)),
        analyse(PENALISED, SimGD(5)),
        analyse(PENALISED, SimGD("h")),
        analyse(Bilinear(), AltGD(1)),
        analyse(Dirac("wgan") + WeightDecay(1), CGD(1)),
    ],
)
def test_what_does_not_decay_or_is_open_has_no_pace(result):
    assert pace(result) is None


def test_it_is_told_in_steps_cycles_or_time(cli):
    line = "eigen --reg gp --gamma 1 --no-verify"
    assert "halved every 1.39 time units, a decimal digit every 4.61" in cli(line)[1]
    assert "halved every 17 steps, a decimal digit every 56.4" in cli(f"{line} --method altgd --h 1/10")[1]
    assert "halved" not in cli(f"{line} --method simgd --h 4")[1]
