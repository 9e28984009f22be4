"""No root beyond: held against the exact places of the roots, also of multiple ones and on the boundary."""

from __future__ import annotations

import random
from functools import reduce

import pytest
import sympy as sp

from stabcheck.core.stability import DISC, HALF_PLANE
from stabcheck.symbolic.closure import inside, none_beyond
from stabcheck.symbolic.exact import eigenvalues
from stabcheck.symbolic.spectrum import Factor

Z, A, B, C = sp.Symbol("z"), *sp.symbols("a b c", real=True)
ON_CIRCLE = [Z - 1, Z + 1, Z**2 + 1, Z**2 - Z + 1, Z**2 + sp.Rational(6, 5) * Z + 1]
ON_AXIS = [Z, Z**2 + 1, Z**2 + 3]
ANY = [Z - sp.Rational(1, 2), Z + 1, Z - 2, Z**2 + Z / 2 + sp.Rational(1, 4), Z**2 - Z + 2, Z + 3, Z]


def factor(polynomial):
    return Factor(tuple(sp.Poly(polynomial, Z).all_coeffs()), 1)


def holds(ladder):
    first = next((rung for rung in ladder if rung != 0), 0)
    return first > 0


def products(pieces, rng):
    while True:
        chosen = rng.choices(pieces, k=rng.randint(1, 3))
        product = sp.expand(reduce(lambda p, q: p * q, chosen))
        if sp.degree(product, Z) <= 5:
            return factor(product)


@pytest.mark.parametrize(("region", "edge"), [(DISC, ON_CIRCLE), (HALF_PLANE, ON_AXIS)], ids=["map", "flow"])
@pytest.mark.parametrize("seed", range(40))
def test_it_is_what_the_exact_places_say(region, edge, seed):
    one = products([*edge, *edge, *ANY], random.Random(seed))
    places = {e.place for e in eigenvalues([one], region=region)}
    size = sp.Integer(region.level.numerator)
    assert all(map(holds, none_beyond(one, size, region=region))) == ("outside" not in places)
    assert all(c > 0 for c in inside(one, size, region=region)) == (places == {"inside"})


def test_conditions_that_are_not_negative_are_not_enough():
    cubic = factor(Z**3 - Z)
    ladders = none_beyond(cubic, sp.S.Zero, region=HALF_PLANE)
    assert not all(map(holds, ladders))
    assert all(ladder[0] >= 0 for ladder in ladders) or any(ladder[0] == -1 for ladder in ladders)


@pytest.mark.parametrize("seed", range(10))
def test_symbols_may_take_every_value(seed):
    rng = random.Random(seed)
    general = factor(Z**3 + A * Z**2 + B * Z + C)
    # Whole numbers this small put roots on the circle often.
    values = {s: sp.Integer(rng.randint(-2, 2)) for s in (A, B, C)}
    ladders = none_beyond(general, sp.S.One, region=DISC)
    here = [tuple(rung.xreplace(values) for rung in ladder) for ladder in ladders]
    places = {e.place for e in eigenvalues([general.at(values)], region=DISC)}
    assert all(map(holds, here)) == ("outside" not in places)


# A root a little inside, at, and a little outside of the size.
NEAR = [(-1, (True, True)), (0, (False, True)), (1, (False, False))]


@pytest.mark.parametrize(("shift", "expected"), NEAR)
@pytest.mark.parametrize("text", ["1/2", "2", "-1/2"])
@pytest.mark.parametrize("is_number", [True, False])
def test_sizes_are_numbers_or_symbols(shift, expected, text, is_number):
    size = sp.Rational(text)
    region = DISC if size > 0 else HALF_PLANE
    r = sp.Symbol("r", positive=True) if region is DISC else sp.Symbol("r", real=True)
    one = factor(sp.expand((Z - size - sp.Rational(shift, 100)) * (Z - size + sp.Rational(1, 4))))
    given = size if is_number else r
    within = all(c.xreplace({r: size}) > 0 for c in inside(one, given, region=region))
    ladders = none_beyond(one, given, region=region)
    assert (
        within,
        all(holds(tuple(e.xreplace({r: size}) for e in ladder)) for ladder in ladders),
    ) == expected


def test_what_holds_for_all_values_is_left_out():
    h = sp.Symbol("h", positive=True)
    assert none_beyond(Factor((sp.S.One, h, h), 1), sp.S.Zero, region=HALF_PLANE) == ()
    assert len(none_beyond(Factor((sp.S.One, -h, h), 1), sp.S.Zero, region=HALF_PLANE)) > 0
