"""Signs over boxes: those at random points of the box, and none where there are several."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from stabcheck.core.polynomial import Polynomial
from stabcheck.symbolic.enclosure import Enclosure

X, Y = Polynomial.letter("x"), Polynomial.letter("y")
F = Fraction


def drawn(rng):
    powers = [(i, j) for i in range(4) for j in range(3)]
    return Polynomial(("x", "y"), tuple((p, F(rng.randint(-9, 9), rng.randint(1, 9))) for p in powers))


def at(ends, share):
    low, high = ends
    return low + (high - low) * share


@pytest.mark.parametrize("seed", range(4))
def test_all_points_of_a_box_have_the_sign_that_is_told(seed):
    rng, told = random.Random(seed), set()
    for _ in range(40):
        p = drawn(rng)
        low = {n: F(rng.randint(-20, 20), 8) for n in "xy"}
        box = {n: (a, a + F(rng.randint(0, 8), 16)) for n, a in low.items()}
        shares = [F(0), F(1), *(F(rng.randint(0, 99), 99) for _ in range(4))]
        signs = {
            (v > 0) - (v < 0)
            for s in shares
            for t in shares
            if (v := p.at({"x": at(box["x"], s), "y": at(box["y"], t)})) is not None
        }
        sign = Enclosure(p).sign(box)
        assert sign is None or signs == {sign}
        told.add(sign)
    assert told >= {1, -1, None}


def test_a_box_that_touches_a_zero_has_no_sign():
    p = Enclosure(X**2 + Y**2 - 1)
    assert p.sign({"x": (F(0), F(1, 2)), "y": (F(0), F(86, 100))}) == -1
    assert p.sign({"x": (F(0), F(3, 5)), "y": (F(0), F(4, 5))}) is None
    assert p.sign({"x": (F(1), F(2)), "y": (F(0), F(1))}) is None
    assert p.sign({"x": (F(1), F(2)), "y": (F(1, 10**6), F(1))}) == 1
    assert p.sign({"x": (F(1), F(1)), "y": (F(0), F(0))}) is None
    assert Enclosure(Polynomial()).sign({}) == 0
    assert Enclosure(Polynomial.constant(F(-1, 3))).sign({}) == -1


def test_the_centred_form_sees_what_horners_does_not():
    # (x - y)(x + y) near x = 2, y = 1: both forms; near a far double: only the centred one.
    p, box = (X - Y) ** 2 - F(1, 100) * X, {"x": (F(8), F(8) + F(1, 16)), "y": (F(6), F(6) + F(1, 16))}
    assert Enclosure(p).sign(box) == 1
