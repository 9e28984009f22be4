"""The least rate, exactly: known optima, families with a twist, and random ones against a grid of floats."""

from __future__ import annotations

import random
from fractions import Fraction
from math import inf, sqrt

import numpy as np
import pytest

from stabcheck.core.domain import NONNEGATIVE, POSITIVE, REAL, Domain, End
from stabcheck.core.frozen import Frozen
from stabcheck.core.polynomial import Polynomial
from stabcheck.core.stability import DISC, HALF_PLANE, StabilityRegion
from stabcheck.symbolic.algebraic import AlgebraicNumber
from stabcheck.symbolic.least import Least, least
from stabcheck.symbolic.rates import Rates

Z, V, W = map(Polynomial.letter, "zvw")


def rates(*factors: Polynomial, region: StabilityRegion = DISC, **domains: Domain) -> Rates:
    return Rates(factors, "z", Frozen(domains), region)


def ends(answer: Least, name: str) -> list[tuple[float, float]]:
    """Where a name lies at each place, in floats."""
    rows = [place.at[name] for place in answer.places]
    return sorted(
        (-inf if s.low is None else s.low.value, inf if s.high is None else s.high.value) for s in rows
    )


def number(answer: Least) -> AlgebraicNumber:
    assert answer.level is not None
    return answer.level


PENALISED = Z * Z - (V * -1 + 2) * Z + (V * V - V + 1)
"""SimGD with R1 at gamma = f'(0) = 1: a pair of modulus sqrt(1 - h + h^2) while h < 2."""


def test_a_pair_is_smallest_where_its_product_is():
    answer = least(rates(PENALISED, v=POSITIVE))
    assert (number(answer).coefficients, number(answer).index) == ((-3, 0, 4), 1)
    assert ends(answer, "v") == [(0.5, 0.5)]
    assert answer.places[0].attained


def test_two_optima_are_both_told():
    answer = least(rates(Z - (V * V - 2), v=REAL))
    assert number(answer).value == 0
    assert ends(answer, "v") == [(-sqrt(2), -sqrt(2)), (sqrt(2), sqrt(2))]


def test_where_another_eigenvalue_sets_the_rate_there_is_a_segment():
    answer = least(rates(Z * 2 - 1, Z - V, v=REAL))
    assert number(answer).rational == Fraction(1, 2)
    assert ends(answer, "v") == [(-0.5, 0.5)]
    assert answer.places[0].attained


@pytest.mark.parametrize(("domain", "attained"), [(NONNEGATIVE, True), (POSITIVE, False)])
def test_an_end_of_a_domain_is_attained_where_it_belongs_to_it(domain, attained):
    answer = least(rates(Z * 2 - (V + 1), v=domain))
    assert (number(answer).rational, ends(answer, "v")) == (Fraction(1, 2), [(0, 0)])
    assert answer.places[0].attained is attained


def test_an_optimum_may_be_approached_at_infinity_alone():
    answer = least(rates((V + 1) * Z - 1, v=POSITIVE))
    assert (number(answer).rational, answer.places[0].at["v"].escapes) == (0, 1)
    assert answer.places[0].attained is False


def test_a_flow_may_have_no_optimum():
    assert least(rates(Z + V, v=POSITIVE, region=HALF_PLANE)) == Least(None, ())


def test_a_jump_between_branches_is_an_optimum_where_both_are_equal():
    """|v - 1| and |2 v - 5| are equal at 2, where their maximum is least."""
    answer = least(rates(Z - V + 1, Z - 2 * V + 5, v=POSITIVE))
    assert (number(answer).rational, ends(answer, "v")) == (1, [(2, 2)])


def test_two_names_at_once():
    """Everything vanishes at v = 2 and w = 1 alone."""
    answer = least(
        rates(Z * Z - (V * W * -1 + 2) * Z + (V * V * Fraction(1, 4) - V * W + 1), v=POSITIVE, w=NONNEGATIVE)
    )
    assert (number(answer).rational, ends(answer, "v"), ends(answer, "w")) == (0, [(2, 2)], [(1, 1)])


def test_a_name_that_the_optimum_leaves_free_is_told_as_free():
    answer = least(rates(Z - (V - 1), Z * Z - (V - 1) * W, v=POSITIVE, w=REAL))
    assert (ends(answer, "v"), ends(answer, "w")) == ([(1, 1)], [(-inf, inf)])
    assert answer.places[0].attained


@pytest.mark.parametrize("off", [Fraction(1, 2**200), Fraction(-1, 2**200)])
def test_a_zero_close_to_an_end_is_told_from_it(off):
    """`|v - (end + off)|` has its least at the end or beside it."""
    domain = Domain(End(Fraction(1, 3), closed=True), End(Fraction(7, 9), closed=True))
    for end, outwards in ((Fraction(1, 3), -1), (Fraction(7, 9), 1)):
        answer = least(rates(Z - (V - end - off), v=domain))
        beyond = off * outwards > 0
        assert number(answer).rational == (abs(off) if beyond else 0)
        (place,) = answer.places
        assert place.at["v"].low.rational == (end if beyond else end + off)


@pytest.mark.parametrize("name", ["r", "s", "t", "z1"])
def test_a_hyperparameter_may_have_any_name(name):
    answer = least(rates(Z * 2 - Polynomial.letter(name) + 1, **{name: POSITIVE}))
    assert (number(answer).rational, ends(answer, name)) == (0, [(1, 1)])


def family(rng: random.Random) -> tuple[np.ndarray, np.ndarray, Polynomial]:
    """A matrix `A + v B` with its characteristic polynomial."""
    draw = lambda: np.array([[rng.randint(-4, 4) for _ in range(2)] for _ in range(2)])  # noqa: E731
    a, b = draw(), draw()
    entry = lambda i, j: V * int(b[i, j]) + int(a[i, j])  # noqa: E731
    trace, minor = entry(0, 0) + entry(1, 1), entry(0, 0) * entry(1, 1) - entry(0, 1) * entry(1, 0)
    return a, b, Z * Z * 36 - Z * trace * 6 + minor


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("region", [DISC, HALF_PLANE])
def test_no_point_of_a_grid_is_below_and_one_is_close(seed, region):
    a, b, p = family(random.Random(seed))
    answer = least(
        rates(p, v=Domain(End(Fraction(-3), closed=True), End(Fraction(3), closed=True)), region=region)
    )
    grid = np.linspace(-3, 3, 4001)
    roots = np.linalg.eigvals((a + grid[:, None, None] * b) / 6)
    sizes = (np.abs(roots) if region == DISC else roots.real).max(axis=1)
    assert sizes.min() >= number(answer).value - 1e-7
    assert sizes.min() == pytest.approx(number(answer).value, abs=0.03)
