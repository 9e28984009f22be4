"""Functions known by name: their derivatives, and that these are found once."""

import sympy as sp

from stabcheck.declare.losses.loss import log_sigmoid
from stabcheck.symbolic.germs import ARGUMENT, at_zero, derivative
from stabcheck.symbolic.ops import SymPyOps
from stabcheck.symbolic.unevaluated import germ_symbol

LOGISTIC = log_sigmoid(SymPyOps(), ARGUMENT)


def test_derivatives_of_the_logistic_loss_are_those_by_hand():
    by_hand = [-sp.log(2), sp.Rational(1, 2), -sp.Rational(1, 4), 0, sp.Rational(1, 8)]
    assert [at_zero(LOGISTIC, k) for k in range(5)] == by_hand
    away = derivative(LOGISTIC, 1).subs(ARGUMENT, sp.log(3))
    assert sp.simplify(away) == sp.Rational(1, 4)


def test_numbers_are_written_shortly():
    assert at_zero(sp.log(sp.exp(2 - ARGUMENT) * sp.sqrt(4)), 0) == 2 + sp.log(2)


def test_every_game_with_a_function_shares_its_derivatives():
    def value(name):
        ops = SymPyOps()
        ops.germ(name, lambda t: log_sigmoid(ops, t) * 7, sp.Symbol("x"))
        return ops.germ_value(germ_symbol(name, 2))

    first, found = value("f"), at_zero.cache_info().misses
    assert value("q") == first == -sp.Rational(7, 4)
    assert at_zero.cache_info().misses == found
