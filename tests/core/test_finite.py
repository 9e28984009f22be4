"""Numbers in plain data."""

import math

import pytest

from stabcheck.core.finite import finite


@pytest.mark.parametrize("number", [0.0, -1e308, 5e-324])
def test_a_finite_number_is_itself(number):
    assert finite(number) == number


@pytest.mark.parametrize("number", [math.inf, -math.inf, math.nan, None])
def test_what_json_has_no_number_for_is_left_out(number):
    assert finite(number) is None
