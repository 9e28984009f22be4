"""Boxes: what is certified of each part is the exact verdict at its points, and no volume is lost."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from stabcheck import R1, AltGD, Dirac, HeavyBall, Implicit, SimGD, analyse
from stabcheck.core.errors import BadInput
from stabcheck.core.frozen import Frozen
from stabcheck.core.verdict import Verdict
from stabcheck.judge.boxes import Box, partition
from stabcheck.judge.region import region_of
from tests.games import RandomGame

PENALISED = Dirac() + R1("gamma")
F = Fraction


def box(**sides):
    return Box(Frozen({name: tuple(map(F, text.split(":"))) for name, text in sides.items()}))


def parted(general, most=600, **sides):
    return partition(region_of(general.here), box(**sides), most)


def points(part, rng):
    shares = [{n: F(k) for n in part.sides} for k in (0, 1)] + [
        {n: F(rng.randint(0, 8), 8) for n in part.sides}
    ]
    return [{n: a + (b - a) * share[n] for n, (a, b) in part.sides.items()} for share in shares]


ASKED = {
    "SimGD": (lambda: analyse(PENALISED, SimGD("h")), {"gamma": "1/2:3/2", "h": "1/20:5"}),
    "AltGD": (lambda: analyse(PENALISED, AltGD("h")), {"gamma": "0:2", "h": "1/20:5"}),
    "heavy ball": (
        lambda: analyse(PENALISED, HeavyBall("h", "beta")),
        {"gamma": "1/2:3/2", "h": "1/20:5", "beta": "0:1/2"},
    ),
    "random": (lambda: analyse(RandomGame("gamma"), SimGD("h")), {"gamma": "1/2:1", "h": "1/5:1/2"}),
}


@pytest.mark.parametrize("name", ASKED)
def test_parts_have_the_exact_verdict_of_their_points(name):
    make, sides = ASKED[name]
    general, rng = make(), random.Random(0)
    parts = parted(general, **sides)
    shares = [parts.share(boxes) for boxes in (parts.stable, parts.unstable, parts.undecided)]
    assert sum(shares) == 1
    assert shares[0] > 0
    assert shares[2] < F(3, 4)
    for boxes, verdict in ((parts.stable, Verdict.STABLE), (parts.unstable, Verdict.UNSTABLE)):
        for part in rng.sample(boxes, min(5, len(boxes))):
            assert {general.at(**values).verdict for values in points(part, rng)} == {verdict}


def test_a_box_inside_is_stable_as_a_whole_and_one_outside_is_not():
    general = analyse(PENALISED, SimGD("h"))
    inside = parted(general, gamma="1/2:3/2", h="1/20:1/2")
    assert (inside.stable, inside.unstable, inside.undecided) == ((inside.box,), (), ())
    outside = parted(general, gamma="1/2:1", h="5:6")
    assert outside.unstable == (outside.box,)


def test_the_boundary_is_never_settled():
    general = analyse(PENALISED, SimGD("h"))
    (point,) = parted(general, gamma="1:1", h="4:4").undecided
    assert general.at(gamma=1, h=4).verdict is Verdict.NEUTRAL
    assert point.volume == 1
    touching = parted(general, most=40, gamma="1:1", h="2:4")
    assert touching.undecided
    assert touching.share(touching.undecided) < F(1, 10**5)
    assert touching.share(touching.stable) > F(999, 1000)


def test_a_part_is_left_where_no_more_boxes_are_looked_at():
    general = analyse(PENALISED, AltGD("h"))
    shares = [parted(general, most, gamma="1/2:1", h="1:5") for most in (1, 10, 100)]
    rest = [parts.share(parts.undecided) for parts in shares]
    assert rest[0] == 1 > rest[1] > rest[2] > 0


def test_of_a_letter_whose_size_counts_both_signs_are_in_a_box():
    general = analyse(Dirac("germ") + R1("gamma"), SimGD("h"))
    parts = parted(general, gamma="1:2", h="1/20:1/10", f1="-1:-1/2")
    assert parts.stable == (parts.box,)
    with pytest.raises(BadInput, match=r"\|f1\| must be a number > 0 all over the box; f1 goes from -1 to 1"):
        parted(general, gamma="1:2", h="1/20:1/10", f1="-1:1")


@pytest.mark.parametrize(
    ("sides", "words"),
    [
        ({"h": "1:2"}, "depends on gamma, too; give it a side"),
        ({"gamma": "1:2", "h": "0:1"}, "h must be a number > 0 all over the box; h goes from 0 to 1"),
        ({"gamma": "-1:1", "h": "1:2"}, "gamma must be a number >= 0 all over the box"),
    ],
)
def test_a_box_lies_in_the_domains(sides, words):
    with pytest.raises(BadInput, match=words):
        parted(analyse(PENALISED, SimGD("h")), **sides)


def test_without_conditions_everything_is_stable():
    parts = parted(analyse(PENALISED, Implicit("h")), gamma="1:2", h="1:2")
    assert parts.stable == (parts.box,)
