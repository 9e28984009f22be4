"""The symbols of a function that is known by its derivatives at 0."""

from __future__ import annotations

from itertools import product

import pytest
import sympy as sp

from stabcheck.symbolic.ops import Own, SymPyOps, own
from stabcheck.symbolic.unevaluated import germ_symbol, of_germ

NAMES = ("f", "f1", "f_", "f1_", "f_1", "phi", "f12")
ORDERS = (0, 1, 2, 9, 10, 11, 12, 101)


@pytest.mark.parametrize("order", ORDERS)
def test_a_germ_gives_derivatives_of_any_order(order):
    ops = SymPyOps()
    ops.germ("f", lambda t: ops.exp(2 * t) / 3, sp.Symbol("x", real=True))
    assert ops.germ_value(germ_symbol("f", order)) == sp.Rational(2**order, 3)


@pytest.mark.parametrize("order", ORDERS)
def test_a_germ_with_a_digit_in_its_name_is_no_other_ones_derivative(order):
    ops, x = SymPyOps(), sp.Symbol("x", real=True)
    for rate, name in enumerate(NAMES, 2):
        ops.germ(name, lambda t, rate=rate: ops.exp(rate * t), x)
    values = [ops.germ_value(germ_symbol(name, order)) for name in NAMES]
    assert values == [rate**order for rate, _ in enumerate(NAMES, 2)]


def test_symbols_carry_name_and_order():
    pairs = list(product(NAMES, range(120)))
    symbols = [germ_symbol(*pair) for pair in pairs]
    assert len(set(symbols)) == len(pairs)
    assert [of_germ(s) for s in symbols] == pairs
    assert str(germ_symbol("f", 10)) == "f10"
    assert germ_symbol("f", 1).is_nonzero
    assert germ_symbol("f", 11).is_nonzero is None


def test_a_name_of_ones_own_is_no_derivative():
    assert all(isinstance(own(name), Own) for name in ("f1", "q2", "r0", "f10", "f123"))
    assert not any(isinstance(own(name), Own) for name in ("f", "g1", "gamma", "f1a"))
