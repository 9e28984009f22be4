"""Cycles of several steps in pictures and in floating point: steps are counted one by one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from stabcheck import (
    EMA,
    R1,
    AltGD,
    Consensus,
    Cycle,
    Dirac,
    Game,
    InstanceNoise,
    Lazy,
    Lookahead,
    SimGD,
    analyse,
)
from stabcheck.declare.question import Question
from stabcheck.judge.summary import titled
from stabcheck.report.pictures.field import field
from stabcheck.report.pictures.grid import grid
from stabcheck.report.pictures.locus import locus
from stabcheck.report.pictures.motion import whole_cycles
from stabcheck.report.pictures.spectrum import spectrum
from stabcheck.report.pictures.trajectory import trajectory

GAME = Dirac("gan") + R1("gamma")
CYCLE = analyse(GAME, Lazy(8, SimGD("1/5"))).at(gamma=1)
RADIUS = 0.892837693636


def test_a_path_is_counted_in_steps_with_a_point_after_each_cycle():
    shown = trajectory(CYCLE, steps=100)
    assert shown.path.times.tolist() == [8.0 * k for k in range(13)]
    assert shown.table()["step k"] == [8 * k for k in range(13)]
    assert np.exp(shown.rate) == pytest.approx(RADIUS ** (1 / 8))
    assert shown.title == "stable: spectral radius 0.8928 per cycle of 8 steps"
    plain = trajectory(analyse(GAME, SimGD("1/5")).at(gamma=1), steps=100)
    assert plain.table()["step k"] == list(range(101))
    assert plain.title == "stable: spectral radius 0.9"


def test_the_predicted_line_goes_with_the_path():
    shown = trajectory(CYCLE, start=(0.01, 0.01), steps=1600)
    slope = np.diff(np.log(shown.distance))[-40:] / 8
    assert slope == pytest.approx(shown.rate, rel=1e-3)


@pytest.mark.parametrize(
    ("steps", "period", "found"), [(100, 8, 96), (3, 8, 8), (8, 8, 8), (7, 1, 7), (1, 1000, 1000)]
)
def test_only_whole_cycles_are_followed(steps, period, found):
    assert whole_cycles(steps, period) == found


def test_an_unstable_cycle_ends_at_a_step_of_its_own():
    wild = analyse(Dirac("lsgan") + R1("gamma"), Lazy(16, SimGD("1/5"))).at(gamma=4)
    shown = trajectory(wild, steps=16000)
    assert not shown.path.whole
    assert f"step {shown.path.times[-1] + 16:.0f} is no finite point" in shown.caption


def test_arrows_are_moves_of_a_cycle():
    shown = field(CYCLE, steps=24)
    assert "Arrows: moves of one cycle of 8 steps; 4 paths over 24 steps." in shown.caption
    assert all(path.times.tolist() == [0, 8, 16, 24] for path in shown.paths)


def test_panels_beside_each_other_have_as_many_steps():
    methods = ("simgd", "lazy(every=8):simgd", "ema:lazy(every=8):simgd")
    drawn = grid([[Question.parse(f"dirac + gp | {method}") for method in methods]], steps=48)
    assert [panel.path.times[-1] for panel in drawn.panels[0]] == [48, 48, 48]


def test_spectra_and_loci_say_what_the_radius_is_of():
    assert spectrum(CYCLE).title == "spectral radius 0.892838 per cycle of 8 steps: stable"
    moving = analyse(GAME, Lazy(3, SimGD("1/5")))
    assert "The radius is that per cycle of 3 steps." in locus(moving, "gamma", points=5).caption
    assert "per cycle" not in locus(analyse(GAME, SimGD("1/5")), "gamma", points=5).caption


@dataclass(frozen=True)
class InJax(Game):
    """Losses that SymPy does not read."""

    symbolic = False
    dims = (1, 1)

    def equilibrium(self, xp):
        return xp.zeros(1), xp.zeros(1)

    def losses(self, xp, a, b):
        return (a * b + a * a / 4)[0], -(a * b)[0]


def test_floats_say_per_cycle_and_per_step():
    found = analyse(InJax() + Consensus("1/8"), Lazy(4, SimGD("1/5")))
    assert found.radius_per_step == pytest.approx(found.spectral_radius ** (1 / 4))
    assert f"per cycle of 4 steps, {found.radius_per_step:.12g} per step" in str(found)
    assert found.to_dict()["period"] == 4
    plain = analyse(InJax(), SimGD("1/5"))
    assert "per cycle" not in str(plain)
    assert plain.radius_per_step == plain.spectral_radius


def test_a_derivation_speaks_of_the_cycle():
    assert "One cycle of 8 steps leaves the equilibrium" in " ".join(str(CYCLE.derivation).split())
    inside = analyse(GAME, EMA("1/2", Lazy(8, SimGD("1/5")))).at(gamma=1)
    assert "One cycle of 8 steps leaves" in " ".join(str(inside.derivation).split())


def test_each_turn_of_a_cycle_is_told():
    turns = (SimGD("1/5"), SimGD("1/5"), Lookahead(2, "1/2", AltGD("1/8")), SimGD("1/5"))
    found = analyse(GAME, Cycle(*turns)).at(gamma=1)
    told = [(title, method.label) for title, method in titled(found.operator)]
    assert told == [("method", "cycle"), ("turns 1-2", "simgd"), ("turn 3", "lookahead"),
                    ("inside it", "altgd"), ("turn 4", "simgd")]  # fmt: skip
    assert "turns 1-2     simgd: x+ = x + h v(x)" in str(found)
    derived = " ".join(str(found.derivation).split())
    assert "Turns 1-2 simgd: x+ = x + h v(x)" in derived
    assert "Turn 4 simgd: x+ = x + h v(x)" in derived


def test_what_is_no_term_of_a_loss_is_not_said_to_be_left_out():
    found = analyse(Dirac("gan") + InstanceNoise("1/2"), Lazy(8, SimGD("1/5")))
    assert "without the terms of penalties in the losses" in " ".join(str(found).split())


def test_several_methods_are_told_apart_from_their_game():
    cycle = analyse(GAME, Cycle(SimGD("h"), AltGD("h"))).at(gamma=1, h="1/5")
    shown = spectrum(cycle, analyse(GAME, SimGD("h")).at(gamma=1, h="1/5"))
    said, _, methods = shown.caption.partition("Methods: ")
    assert "turn" not in said
    assert methods.startswith("cycle:simgd,altgd: one step of each method in turn, again and again, with x+")
    assert [label for label, _ in shown.series] == ["cycle:simgd,altgd", "simgd"]
