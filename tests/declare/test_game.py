"""Declarations of one's own: what they leave open, what they return, and what is said of mistakes."""

from __future__ import annotations

import copy
import math
import pickle
import random
from dataclasses import FrozenInstanceError, dataclass
from fractions import Fraction
from itertools import count
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest
import sympy as sp

from stabcheck import (
    EMA,
    R1,
    AltGD,
    Dirac,
    Flow,
    Game,
    Lookahead,
    Method,
    Penalty,
    Previous,
    SimGD,
    State,
    WeightDecay,
    analyse,
)
from stabcheck.core.errors import BadInput
from stabcheck.core.frozen import Frozen
from stabcheck.core.hyper import DECAY, NONNEGATIVE, POSITIVE, REAL, TABLE, hyper, hyper_fields
from stabcheck.declare.file import gamefile
from stabcheck.declare.question import Question
from stabcheck.study.compare import compare


def game(fn, rest=None, symbolic_=True):
    """A game of two players with one coordinate each."""

    class Own(Game):
        dims = (1, 1)
        symbolic = symbolic_

        def equilibrium(self, xp):
            return rest(xp) if rest else (xp.zeros(1), xp.zeros(1))

        def losses(self, xp, x, y):
            return fn(x, y)

    return Own()


# Methods of one's own


@dataclass(frozen=True)
class Plain(Method):
    """`x+ = x + h v(x)`, as a bare vector."""

    h: Any = hyper("h")

    def step(self, o, state):
        return state.x + o.scale(self.h, o.v(state.x))


@dataclass(frozen=True)
class Tuple(Plain):
    def step(self, o, state):
        return (state.x + o.scale(self.h, o.v(state.x)),)


@dataclass(frozen=True)
class Whole(Plain):
    def step(self, o, state):
        return State(state.x + o.scale(self.h, o.v(state.x)))


@pytest.mark.parametrize("method", [Plain("h"), Tuple("h"), Whole("h")], ids=lambda m: m.label)
@pytest.mark.parametrize("around", [lambda m: m, lambda m: Lookahead(2, "1/2", m), lambda m: EMA("1/2", m)])
def test_a_memoryless_method_may_return_the_players_alone(method, around):
    game = Dirac() + R1("gamma")
    result, same = (analyse(game, around(m)) for m in (method, SimGD("h")))
    assert result.update_matrix == same.update_matrix
    assert result.spectral_map == same.spectral_map


def test_a_bare_vector_is_verified_and_simulated():
    result = analyse(Dirac() + R1(1), Lookahead(2, "1/2", Plain("1/5")))
    assert result.verify(points=1).status == "agrees"


@dataclass(frozen=True)
class Faulty(Method):
    """Wrong in the way that `returns` says."""

    returns: Any = None
    begins: Any = State

    def init(self, o, x):
        return self.begins(x)

    def step(self, o, state):
        return self.returns(o, state)


def _two(x):
    return Previous(x, x)


@pytest.mark.parametrize(
    ("method", "message"),
    [
        (Faulty(lambda o, s: None), "Faulty.step returns None; return State(x)"),
        (Faulty(lambda o, s: o.v(s)), "Faulty.step failed in line "),
        (Faulty(lambda o, s: s + o.v(s.x)), "whose players are state.x, and returns the next State"),
        (Faulty(lambda o, s: s.y), "has no attribute 'y'"),
        (Faulty(lambda o, s: s.x, _two), "returns 1 where there are 2 (x, last); return Previous(x, last)"),
        (Faulty(lambda o, s: State(s.x), _two), "returns 1 where there are 2"),
        (Faulty(lambda o, s: _two(s.x)), "returns 2 where there are 1 (x)"),
        (Faulty(lambda o, s: 3), "returns int for x, a vector of all coordinates; make it of state.x"),
        (Faulty(lambda o, s: np.zeros(2)), "returns ndarray for x, a vector of all coordinates"),
        (Faulty(lambda o, s: (s.x, None), _two), "returns NoneType for last, a vector of all coordinates"),
        (Faulty(lambda o, s: State("x")), "returns str for x, a vector of all coordinates"),
        (Faulty(lambda o, s: [s.x, s.x]), "returns list for x, a vector of all coordinates"),
        (Faulty(lambda o, s: s.x, lambda x: x), "Faulty.init returns no state; return State(x)"),
        (Faulty(lambda o, s: s.x, lambda x: None), "Faulty.init returns no state"),
    ],
)
def test_a_wrong_step_is_told_in_one_line(method, message):
    with pytest.raises(BadInput) as refusal:
        analyse(Dirac(), method)
    assert message in str(refusal.value)
    assert "\n" not in str(refusal.value)


@dataclass(frozen=True)
class Untold(Method):
    h: Any = hyper("h")

    def step(self, o, state):
        return state.x


@dataclass(frozen=True)
class Told(Untold):
    """`x+ = x`: nobody moves.

    More that is not shown.
    """


@dataclass(frozen=True)
class Written(Untold):
    """Not this."""

    formula = "x+ = x"


@dataclass(frozen=True)
class Slow(SimGD):
    pass


@pytest.mark.parametrize(
    ("part", "text"),
    [
        (Untold(), "Untold: (no formula given)"),
        (Told(), "Told: x+ = x: nobody moves"),
        (Written(), "Written: x+ = x"),
        (Slow(), "Slow: x+ = x + h v(x)"),
        (SimGD(), "simgd: x+ = x + h v(x)"),
    ],
)
def test_a_method_is_shown_with_its_formula(part, text):
    assert part.described == text
    assert f"\nmethod        {text}\n" in str(analyse(Dirac(), part))


# Hyperparameters


def test_names_of_the_table_are_lent_where_they_mean_one_thing_only():
    rows = dict(hyper_fields(Plain))
    assert (rows["h"].domain, rows["h"].per_player) == (POSITIVE, True)
    with pytest.raises(BadInput, match="'strength of the penalty' elsewhere"):

        @dataclass(frozen=True)
        class Silent(Method):
            eta: Any = hyper("eta")

            def step(self, o, state):
                return state


@pytest.mark.parametrize("name", ["rho", "past", "lam", "beta", "kappa", "k", "sigma", "x0", "e"])
def test_a_name_of_another_part_is_not_borrowed(name):
    with pytest.raises(BadInput, match=f"hyper\\('{name}'\\) needs domain and help") as refusal:
        type("Silent", (Penalty,), {"__annotations__": {name: Any}, name: hyper(name), "__module__": "own"})
    assert TABLE[name].help in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "domain"),
    [("> 0", POSITIVE), (">=0", NONNEGATIVE), (" real ", REAL), ("[0, 1)", DECAY), (REAL, REAL)],
)
def test_domains_are_spelled_as_in_files(text, domain):
    @dataclass(frozen=True)
    class Said(Method):
        eta: Any = hyper("eta", domain=text, help="learning rate")

        def step(self, o, state):
            return state.x + self.eta * o.v(state.x)

    ((_, row),) = hyper_fields(Said)
    assert (row.domain, row.help, row.per_player, row.default) == (domain, "learning rate", False, None)
    assert row.domain.contains(row.typical)
    assert analyse(Dirac(), Said("eta")).names["eta"].domain == domain


def test_defaults_are_exact():
    @dataclass(frozen=True)
    class Said(Method):
        rho: Any = hyper("rho", domain="[0, 1)", help="decay", default="0.9")

        def step(self, o, state):
            return state.x + self.rho * o.v(state.x)

    assert Said().rho == Fraction(9, 10)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: hyper("eta", domain="positive", help="rate"), "unknown domain 'positive'"),
        (lambda: hyper("eta", domain=None, help="rate"), "unknown domain 'None'"),
        (lambda: hyper("mine", help="rate"), "hyper('mine') needs domain; write hyper('mine', domain='> 0'"),
        (lambda: hyper("mine", domain="> 0"), "hyper('mine') needs help"),
        (lambda: hyper("mine", domain="> 0", help="rate", default=-1), "mine must be a number > 0, not -1"),
    ],
)
def test_a_hyperparameter_says_what_it_is(make, message):
    with pytest.raises(BadInput) as refusal:
        make()
    assert message in str(refusal.value)


def test_a_forgotten_dataclass_is_told():
    class Forgotten(Method):
        h = hyper("h")

        def step(self, o, state):
            return state

    with pytest.raises(BadInput, match="Forgotten has the field h and is no dataclass; write @dataclass"):
        Forgotten()


# Numbers


@pytest.mark.parametrize(
    ("fn", "entry"),
    [
        (lambda x, y: 0.5 * x * x, -1),
        (lambda x, y: 0.1 * x * x, -sp.Rational(1, 5)),
        (lambda x, y: np.float64(0.1) * x * x, -sp.Rational(1, 5)),
        (lambda x, y: x * x * np.float64(0.125), -sp.Rational(1, 4)),
        (lambda x, y: x**2.0, -2),
        (lambda x, y: 1e-3 * x * x, -sp.Rational(1, 500)),
        (lambda x, y: 0.1 * 3 * x * x, -sp.Rational(3, 5)),
        (lambda x, y: sp.Float("0.1", 30) * x * x, -sp.Rational(1, 5)),
        (lambda x, y: np.array([[0.3]])[0, 0] * x * x, -sp.Rational(3, 5)),
        (lambda x, y: sp.exp(0.5 * x) - 0.5 * x, -sp.Rational(1, 4)),
        (lambda x, y: Fraction(1, 3) * x * x, -sp.Rational(2, 3)),
    ],
)
def test_floats_in_a_loss_are_the_decimals_that_they_show(fn, entry):
    result = analyse(game(lambda x, y: (fn(x[0], y[0]) + x[0] * y[0], y[0] ** 2 - x[0] * y[0])))
    assert result.jacobian == sp.Matrix([[entry, -1], [1, -2]])
    assert all(e.exact is not None for e in result.eigenvalues)
    assert "floats" not in str(result)
    assert result.to_dict()["inexact_floats"] == []


@pytest.mark.parametrize("c", [1 / 3, math.pi, math.sqrt(2), 0.1234567890123, np.float64(2) / 3])
def test_floats_that_show_no_decimal_are_told_and_kept_as_they_are(c):
    result = analyse(game(lambda x, y: (c * x[0] ** 2, y[0] ** 2)))
    assert result.jacobian[0, 0] == -2 * sp.Rational(Fraction(float(c)))
    assert "floats" in str(result)
    (shown,) = result.to_dict()["inexact_floats"]
    assert float(shown) == pytest.approx(float(c), rel=1e-14)
    assert shown in "".join(map(str, result.derivation.step("objective").says))


def test_floats_at_rest_in_a_projection_and_in_a_step():
    class Off(Game):
        dims = (1,)

        def equilibrium(self, xp):
            return (xp.vector(0.1),)

        def losses(self, xp, x):
            return ((x[0] - 0.1) ** 2,)

        def project(self, xp, x):
            return (0.5 * x + 0.05,)

    @dataclass(frozen=True)
    class Half(Method):
        def step(self, o, state):
            return state.x + 0.5 * o.v(state.x) / 2.5

    result = analyse(Off(), Half())
    assert result.model.equilibrium == (sp.Rational(1, 10),)
    assert result.update_matrix == sp.Matrix([[sp.Rational(3, 10)]])


@pytest.mark.parametrize(
    "value", [sp.Float("0.5"), sp.Float(0.5), 0.5, np.float64(0.5), np.float32(0.5), sp.Float("0.5", 30)]
)
def test_a_float_as_a_value_is_its_decimal(value):
    result = analyse(Dirac() + R1("gamma"), SimGD("1/5"))
    wanted = result.at(gamma="1/2")
    assert result.at(gamma=value).values == wanted.values
    assert analyse(Dirac() + R1(value), SimGD("1/5")).spectral_radius == wanted.spectral_radius


def test_a_float_inside_a_value_is_its_decimal():
    result = analyse(Dirac() + R1("gamma")).at(gamma=0.5 * sp.sqrt(2))
    assert result.values["gamma"] == sp.sqrt(2) / 2


EVALUATIONS = count(1)


@pytest.mark.parametrize(
    ("fn", "message"),
    [
        (lambda x, y: (x[0] * y[0] * random.random(), y[0]), "the loss of 1 is not deterministic"),
        (lambda x, y: (x[0], y[0] * next(EVALUATIONS)), "the loss of 2 is not deterministic"),
        (lambda x, y: (x[0], y[0] + np.random.default_rng().normal()), "the loss of 2 is not deterministic"),
        (lambda x, y: (1j * x[0], y[0]), "the loss of 1 is not real: "),
        (lambda x, y: (x[0], sp.I * y[0]), "the loss of 2 is not real: "),
        (lambda x, y: (x[0] / 0, y[0]), "the loss of 1 is no finite number: "),
        (lambda x, y: (x[0] * math.nan, y[0]), "the loss of 1 is no finite number: "),
        (lambda x, y: (x * y, -x * y), "the loss of 1 must be one number, not a vector of 1; take an entry"),
        (lambda x, y: (None, y[0]), "the loss of 1 must be a number, not None"),
        (lambda x, y: ("x*y", y[0]), "the loss of 1 must be a number, not str 'x*y'"),
        (lambda x, y: ([x[0]], y[0]), "the loss of 1 must be a number, not list"),
        (lambda x, y: (x[0] > 0, y[0]), "the loss of 1 must be a number"),
        (lambda x, y: None, "Own.losses must return one loss for each of 2 players, not None"),
        (lambda x, y: x @ y, "Own.losses must return one loss for each of 2 players"),
        (lambda x, y: (x @ y,), "Own.losses must return one loss for each of 2 players"),
        (lambda x, y: {"x": 1}, "Own.losses must return one loss for each of 2 players"),
    ],
)
def test_a_loss_that_is_none_is_refused_by_name(fn, message):
    with pytest.raises(BadInput) as refusal:
        analyse(game(fn))
    assert message in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"dims": 2}, "Shape.dims must be a number of coordinates per player, (1, 1), not 2"),
        ({"dims": (1, "a")}, "dims must be a number of coordinates per player, (1, 1), not (1, 'a')"),
        ({"dims": ()}, "not ()"),
        ({"dims": (1, -1)}, "not (1, -1)"),
        ({"dims": (1.0, 1)}, "not (1.0, 1)"),
        ({"dims": lambda self: (1, 1)}, "not a method; write @property above it"),
        ({"players": ("a",)}, "Shape.players names 1 of 2 players; name each"),
        ({"players": "ab"}, "Shape.players must be names, ('x', 'y'), not 'ab'"),
        ({"variables": ("x", "y", "z")}, "Shape.variables names 3 of 2 players; name each"),
        ({"variables": (1, 2)}, "Shape.variables must be names, ('x', 'y'), not (1, 2)"),
    ],
)
def test_a_game_without_a_shape_is_refused_by_name(said, message):
    cls = type("Shape", (type(game(lambda x, y: (x @ y, -x @ y))),), {**said, "__module__": "own"})
    with pytest.raises(BadInput) as refusal:
        analyse(cls())
    assert message in str(refusal.value)


def test_sizes_may_be_a_list():
    cls = type("Shape", (type(game(lambda x, y: (x @ y, -x @ y))),), {"dims": [1, 1], "__module__": "own"})
    assert analyse(cls(), SimGD("h")).verdict == "unstable"


def test_a_loss_that_sympy_cannot_read_is_told_with_its_line():
    here = test_a_loss_that_sympy_cannot_read_is_told_with_its_line.__code__.co_firstlineno
    own = game(lambda x, y: (np.sin(x[0]), y[0]))
    with pytest.raises(BadInput, match=rf"cannot read the losses of Own \+ decay \(.*, line {here + 2}\)"):
        analyse(own + WeightDecay(1))


@pytest.mark.parametrize(
    ("rest", "shown"),
    [
        (lambda xp: (0, 0), "not a number, a number; write return xp.zeros(1), xp.zeros(1)"),
        (lambda xp: xp.zeros(2), "not a vector of 2"),
        (lambda xp: None, "not a number"),
        (lambda xp: (xp.zeros(2), xp.zeros(1)), "not a vector of 2, a vector of 1"),
    ],
)
def test_an_equilibrium_that_is_none_is_refused_by_name(rest, shown):
    with pytest.raises(BadInput, match="must return one vector per player") as refusal:
        analyse(game(lambda x, y: (x @ y, -x @ y), rest))
    assert shown in str(refusal.value)


@pytest.mark.parametrize(
    ("fn", "message"),
    [
        (lambda x, y: (jnp.sin(x[0]) * random.random(), y[0] ** 2), "the loss of 1 is not deterministic"),
        (lambda x, y: (x[0] ** 2, 1j * y[0]), "the loss of 2 is not real"),
        (lambda x, y: (x * x, y * y), "must return one number for each of 2 players"),
        (lambda x, y: (x[0],), "must return one number for each of 2 players"),
    ],
)
def test_losses_in_jax_are_refused_by_name_too(fn, message):
    with pytest.raises(BadInput, match=message):
        _ = analyse(game(fn, symbolic_=False)).verdict


# Arguments


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: analyse(None), "what is analysed must be a game, not None; write analyse(Dirac("),
        (lambda: analyse("dirac"), "what is analysed must be a game, not str 'dirac'"),
        (lambda: analyse(Dirac), "what is analysed must be a game, not the class Dirac; write Dirac("),
        (lambda: analyse(SimGD("h")), "what is analysed must be a game, not SimGD"),
        (lambda: analyse(R1(1)), "what is analysed must be a game, not R1"),
        (lambda: analyse(Dirac(), "simgd"), "the operator must be a method or a flow, not str 'simgd'"),
        (lambda: analyse(Dirac(), SimGD), "not the class SimGD; write SimGD("),
        (lambda: analyse(Dirac(), Dirac()), "the operator must be a method or a flow, not Dirac"),
        (lambda: Dirac(3), "a loss must be a Loss or the name of one, not int 3"),
        (lambda: Dirac(None), "a loss must be a Loss or the name of one, not None"),
        (lambda: Dirac(R1(1)), "a loss must be a Loss or the name of one, not R1"),
        (lambda: Dirac() + None, "what is added to a game must be a penalty, not None; write"),
        (lambda: Dirac() + R1, "what is added to a game must be a penalty, not the class R1"),
        (lambda: Dirac() + R1(1) + "gp", "what is added to a game must be a penalty, not str 'gp'"),
        (lambda: Dirac() + SimGD("h"), "what is added to a game must be a penalty, not SimGD"),
        (lambda: Lookahead(inner=Dirac()), "inside lookahead goes a method, not Dirac"),
        (lambda: Lookahead(inner=None), "inside lookahead goes a method, not None"),
        (lambda: Lookahead(inner=SimGD), "inside lookahead goes a method, not the class SimGD"),
        (lambda: EMA(inner="simgd"), "inside ema goes a method, not str 'simgd'"),
    ],
)
def test_a_part_of_the_wrong_kind_is_told_in_one_line(make, message):
    with pytest.raises(BadInput) as refusal:
        make()
    assert message in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert len(str(refusal.value)) < 200


# Results as values


def _pickled(value):
    return pickle.loads(pickle.dumps(value))  # noqa: S301 (our own bytes)


FILE = gamefile.load("examples/shifted_uniform.toml")
RESULTS = [
    analyse(Dirac() + R1("gamma"), SimGD("h")).at(gamma=1, h="1/5"),
    analyse(Dirac() + R1("gamma"), SimGD(("h_g", "h_d"))),
    analyse(Dirac() + WeightDecay(1), Lookahead(3, "1/2", AltGD("1/5"))),
    analyse(FILE("gamma"), SimGD(1)).at(gamma=sp.sqrt(2)),
]


@pytest.mark.parametrize("result", RESULTS, ids=repr)
def test_results_survive_pickle_and_deepcopy(result):
    told = str(result)
    for again in (_pickled(result), copy.deepcopy(result), copy.copy(result)):
        assert again == result
        assert hash(again) == hash(result)
        assert str(again) == told
    steps = result.derivation
    assert _pickled(steps) == steps
    assert hash(copy.deepcopy(steps)) == hash(steps)


def test_other_results_are_values_as_well():
    jax_game = JaxGame()
    computed = [
        RESULTS[0].finding,
        RESULTS[0].verify(points=1),
        compare([Question(Dirac() + R1(1), method("1/5")) for method in (SimGD, AltGD)]),
        analyse(jax_game).at(c=2),
    ]
    for result in computed:
        assert _pickled(result) == result
        assert copy.deepcopy(result) == result
        assert hash(result) == hash(copy.deepcopy(result))


@dataclass(frozen=True)
class JaxGame(Game):
    c: Any = hyper("c", domain="> 0", help="curvature")

    dims = (1,)
    symbolic = False

    def equilibrium(self, xp):
        return (xp.zeros(1),)

    def losses(self, xp, x):
        return (self.c * x @ x,)


def test_values_cannot_be_changed_afterwards():
    given = {"gamma": sp.Integer(1)}
    result = type(RESULTS[0])(Dirac() + R1("gamma"), Flow(), given)
    given["gamma"] = sp.Integer(9)
    assert result.values == {"gamma": 1}
    for change in (lambda: result.values.update(gamma=2), lambda: result.values.__setitem__("gamma", 2)):
        with pytest.raises(AttributeError):
            change()
    with pytest.raises(TypeError):
        result.values["gamma"] = 2  # type: ignore[index]
    with pytest.raises(FrozenInstanceError):
        result.values = {}
    assert "gamma = 1" in str(result)


def test_a_frozen_mapping_is_a_mapping():
    computed = Frozen({"a": 1, "b": 2})
    assert (dict(computed), len(computed), list(computed), repr(computed)) == (
        {"a": 1, "b": 2},
        2,
        ["a", "b"],
        "{'a': 1, 'b': 2}",
    )
    assert computed == Frozen([("b", 2), ("a", 1)]) == {"a": 1, "b": 2}
    assert hash(computed) == hash(Frozen({"b": 2, "a": 1}))
    with pytest.raises(TypeError, match="unhashable"):
        hash(Frozen({"a": []}))
