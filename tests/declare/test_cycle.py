"""Steps that change with time: the period's map against products of matrices made in NumPy."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pytest

from stabcheck import (
    CGD,
    EMA,
    OGDA,
    R1,
    SGA,
    AltGD,
    Chekhov,
    Clip,
    Consensus,
    Cycle,
    Dirac,
    Extragradient,
    Flow,
    Game,
    HeavyBall,
    Implicit,
    InstanceNoise,
    Lazy,
    Lookahead,
    Nesterov,
    Penalty,
    SimGD,
    WganGP,
    analyse,
)
from stabcheck.core.errors import BadInput, NotApplicable
from tests.dealt import dealt
from tests.games import RandomGame
from tests.reference import methods as r

C, H = 0.5, 0.2
POWER = np.linalg.matrix_power


def dirac_step(g):
    return np.array([[1, -H * C], [H * C, 1 - H * g]])


def radius(matrix):
    return np.abs(np.linalg.eigvals(matrix)).max()


def matrix_of(result):
    here = {s: result.germ[s.name] for s in result.model.germ_symbols}
    return np.array(result.update_matrix.xreplace(here).tolist(), float)


def agrees(result):
    verified = result.verify(points=2)
    assert verified.status == "agrees", verified.reason
    assert "numeric" in verified.witnesses


PUBLIC = [(1, 1, 0.9, 0.9), (8, 1, 0.892838, 0.985931), (16, 1, 1.758553, None),
          (16, Fraction(1, 2), 0.923759, 0.995056)]  # fmt: skip


@pytest.mark.parametrize(("every", "gamma", "cycle", "step"), PUBLIC)
def test_a_penalty_on_one_of_several_steps(every, gamma, cycle, step):
    result = analyse(Dirac("gan") + R1("gamma"), Lazy(every, SimGD("1/5"))).at(gamma=gamma)
    stated = dirac_step(every * float(gamma)) @ POWER(dirac_step(0), every - 1)
    assert result.spectral_radius == pytest.approx(radius(stated), abs=1e-7)
    assert result.spectral_radius == pytest.approx(cycle, abs=5e-7)
    assert result.verdict == ("stable" if cycle < 1 else "unstable")
    if step is not None:
        assert result.radius_per_step == pytest.approx(step, abs=5e-7)
    agrees(result)


DIMS, GAMMA = (2, 3), 3 / 8
STEPS, PAST, EACH = (1 / 8, 1 / 16), (1 / 2, -1 / 4), (1 / 8, 1 / 8)
PLAIN = RandomGame(Fraction(3, 8))
HESSIANS = PLAIN.hessians(GAMMA)


def exact(values):
    return tuple(map(Fraction, values))


INSIDE = [
    (SimGD(exact(STEPS)), lambda a: r.simgd(a, DIMS, STEPS)),
    (AltGD(exact(STEPS), (1, 2), (1, 0)), lambda a: r.altgd(a, DIMS, STEPS, (1, 2), (1, 0))),
    (HeavyBall(exact(STEPS), exact(PAST)), lambda a: r.heavy_ball(a, DIMS, STEPS, PAST)),
    (OGDA("1/8"), lambda a: r.ogda(a, DIMS, EACH)),
    (Extragradient("1/8"), lambda a: r.extragradient(a, DIMS, EACH)),
    (CGD("1/8"), lambda a: r.cgd(a, DIMS, EACH)),
    (Implicit("1/8"), lambda a: r.implicit(a, DIMS, EACH)),
    (SGA("1/4", SimGD("1/8")), lambda a: r.sga(a, DIMS, EACH, 1 / 4)),
]


@pytest.mark.parametrize("every", dealt([2, 1, 7], 3))
@pytest.mark.parametrize(("inner", "matrix"), INSIDE, ids=lambda o: getattr(o, "chain", ""))
def test_the_cycle_is_a_product_on_a_game_without_symmetry(inner, matrix, every):
    gamma = 1 / 32
    result = analyse(PLAIN + Consensus(Fraction(1, 32)), Lazy(every, inner))
    strong = r.consensus(HESSIANS, DIMS, every * gamma)
    stated = matrix(strong) @ POWER(matrix(HESSIANS), every - 1)
    np.testing.assert_allclose(matrix_of(result), stated, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("inner", [INSIDE[k][0] for k in (1, 3)], ids=lambda o: o.chain)
def test_the_nonlinear_cycle_agrees(inner):
    agrees(analyse(PLAIN + Consensus(Fraction(1, 32)), Lazy(4, inner)))


def test_a_cycle_inside_other_methods():
    game, lazy = PLAIN + Consensus(Fraction(1, 32)), Lazy(3, SimGD("1/8"))
    strong = r.simgd(r.consensus(HESSIANS, DIMS, 3 / 32), DIMS, EACH)
    cycle = strong @ POWER(r.simgd(HESSIANS, DIMS, EACH), 2)
    ahead = analyse(game, Lookahead(5, "1/2", lazy))
    np.testing.assert_allclose(matrix_of(ahead), (np.eye(5) + POWER(cycle, 5)) / 2, rtol=1e-12, atol=1e-12)
    assert ahead.operator.period == 15
    followed = analyse(game, EMA("1/2", lazy))
    np.testing.assert_allclose(matrix_of(followed), r.ema(cycle, 5, 1 / 2), rtol=1e-12, atol=1e-12)
    assert followed.operator.period == 3


@dataclass(frozen=True)
class Halving(Game):
    """A game that puts the players half way back after each step: no projection is idempotent here."""

    dims = (1, 1)

    def equilibrium(self, xp):
        return xp.zeros(1), xp.zeros(1)

    def losses(self, xp, *x):
        (a,), (b,) = x
        return a * b + a * a / 4, -a * b + a * a * b

    def project(self, xp, *x):
        return tuple(e / 2 for e in x)


@pytest.mark.parametrize("every", [2, 3, 6])
def test_the_players_are_put_back_after_each_step(every):
    result = analyse(Halving() + Consensus(Fraction(1, 4)), Lazy(every, SimGD("1/3")))
    j = np.array([[-1 / 2, -1], [1, 0]])
    bare, strong = ((np.eye(2) + (j - c * j.T @ j) / 3) / 2 for c in (0, every / 4))
    np.testing.assert_allclose(matrix_of(result), strong @ POWER(bare, every - 1), rtol=1e-12, atol=1e-15)
    agrees(result)


@dataclass(frozen=True)
class Pull(Penalty):
    """`L_1 += x_1`: what moves the rest point of a game."""

    def losses(self, xp, game, losses):
        def penalised(*x):
            first, second = losses(*x)
            return first + x[0][0], second

        return penalised


@dataclass(frozen=True)
class Pulled(Halving):
    """A game that rests at 0 with that penalty alone."""

    def losses(self, xp, *x):
        (a,), (b,) = x
        return a * b + a * a / 2 - a, b * b

    def project(self, xp, *x):
        return x


def test_a_penalty_that_holds_the_equilibrium_moves_it_where_it_is_left_out():
    game = Pulled() + Pull()
    assert analyse(game, SimGD("1/8")).verdict != "moves the rest point"
    result = analyse(game, Lazy(3, SimGD("1/8")))
    assert result.verdict == "moves the rest point"
    assert result.verify(points=2).status == "agrees"


@pytest.mark.parametrize("penalty", [Clip(1), InstanceNoise("1/2")])
def test_what_is_no_term_of_a_loss_stays_in_every_step(penalty):
    game = Dirac("gan") + penalty
    result, plain = analyse(game, Lazy(5, SimGD("1/5"))), analyse(game, SimGD("1/5"))
    assert matrix_of(result) == pytest.approx(POWER(matrix_of(plain), 5))


def test_a_kink_of_the_penalty_is_one_of_the_cycle():
    result = analyse(Dirac("gan") + WganGP(1, 1), Lazy(2, SimGD("1/5")))
    assert result.verdict == "not differentiable"
    assert result.verify().status == "agrees"


def test_what_acts_inside_another_field_is_refused_with_the_right_order():
    with pytest.raises(NotApplicable, match="write lazy around sga"):
        analyse(Dirac("gan") + R1(1), SGA(1, Lazy(2, SimGD("1/5"))))


@pytest.mark.parametrize("every", [0, -1, "1/2", "k", 1001])
def test_a_number_of_steps_is_whole_and_positive(every):
    with pytest.raises(BadInput, match="every must be a whole number from 1 to 1000"):
        Lazy(every)


def test_a_flow_has_no_steps():
    with pytest.raises(BadInput, match="flow is a flow and makes none"):
        Lazy(2, Flow())


def test_reports_say_per_cycle_and_per_step():
    result = analyse(Dirac("gan") + R1(1), Lazy(8, SimGD("1/5")))
    row = "radius        0.892837693636 per cycle of 8 steps, 0.985931096582 per step"
    assert row in str(result)
    assert "halved every 6.12 cycles, a decimal digit every 20.3" in str(result)
    assert "sign flips every cycle" in str(result)
    data = result.to_dict()
    assert (data["period"], data["radius_per_step"]) == (8, pytest.approx(0.985931096582))
    assert "per cycle of 8 steps" in str(result.derivation)
    assert analyse(Dirac("gan") + R1(1), SimGD("1/5")).to_dict()["period"] == 1


def test_many_steps_are_quick_and_exact():
    result = analyse(Dirac("gan") + R1(Fraction(1, 100)), Lazy(1000, SimGD("1/5")))
    stated = dirac_step(10) @ POWER(dirac_step(0), 999)
    assert result.spectral_radius == pytest.approx(radius(stated), rel=1e-9)


TURNS = [
    ([0, 1], 5), ([1, 0], 5), ([0, 0, 1], 5), ([1, 2, 1], 10), ([2, 3], 15), ([3, 0, 3, 5], 10),
    ([4, 6, 7], 5),
]  # fmt: skip


def lifted(matrix, where, n):
    """A step on the players and on its own memory, among those of others."""
    whole, own = np.eye(n), [*range(5), *where]
    whole[np.ix_(own, own)] = matrix
    return whole


@pytest.mark.parametrize(("order", "size"), TURNS, ids=str)
def test_methods_in_turn_are_a_product(order, size):
    result = analyse(PLAIN, Cycle(*(INSIDE[k][0] for k in order)))
    width = {k: len(INSIDE[k][1](HESSIANS)) - 5 for k in order}
    ends = np.cumsum([5, *width.values()])
    places = {k: range(end - size, end) for (k, size), end in zip(width.items(), ends[1:], strict=True)}
    stated = np.eye(size)
    for k in order:
        stated = lifted(INSIDE[k][1](HESSIANS), places[k], size) @ stated
    np.testing.assert_allclose(matrix_of(result), stated, rtol=1e-12, atol=1e-12)


def test_the_nonlinear_cycle_of_several_methods_agrees():
    agrees(analyse(PLAIN, Cycle(*(INSIDE[k][0] for k in (3, 0, 2)))))


def test_one_method_on_a_schedule_has_one_memory():
    game, betas = PLAIN, ("1/2", "-1/4", "1/8")
    result = analyse(game, Cycle(*(HeavyBall("1/8", beta) for beta in betas)))
    stated = np.eye(10)
    for beta in betas:
        stated = r.heavy_ball(HESSIANS, DIMS, EACH, [float(Fraction(beta))] * 2) @ stated
    np.testing.assert_allclose(matrix_of(result), stated, rtol=1e-12, atol=1e-12)
    agrees(analyse(Dirac("gan") + R1(1), Cycle(*(HeavyBall("1/8", beta) for beta in betas))))


def test_a_cycle_of_one_is_the_method_and_cycles_in_a_cycle_are_one():
    game = PLAIN + Consensus(Fraction(1, 32))
    assert analyse(game, Cycle(OGDA("1/8"))).update_matrix == analyse(game, OGDA("1/8")).update_matrix
    nested = Cycle(Cycle(AltGD("1/8"), SimGD("1/8")), Lazy(3, SimGD("1/8")))
    assert nested == Cycle(AltGD("1/8"), SimGD("1/8"), Lazy(3, SimGD("1/8")))
    assert (nested.chain, nested.period) == ("cycle:altgd,simgd,lazy:simgd", 5)


def test_the_average_around_one_of_the_turns_is_read():
    result = analyse(Dirac("gan") + R1(1), Cycle(EMA("99/100", SimGD("1/5")), SimGD("1/5")))
    assert result.spectral_radius == pytest.approx(0.99)


def test_the_players_are_put_back_between_turns():
    result = analyse(Halving(), Cycle(SimGD("1/3"), AltGD("1/5")))
    a = np.array([[-1 / 2, -1], [1, 0]])
    first = np.array([[1 - 1 / 10, -1 / 5], [0, 1]])
    turns = np.array([[1, 0], [1 / 5, 1]]) @ first
    np.testing.assert_allclose(matrix_of(result), turns / 2 @ (np.eye(2) + a / 3) / 2, rtol=1e-12)
    agrees(result)


@pytest.mark.parametrize(
    ("turns", "said"),
    [((Flow(),), "flow is a flow and makes none"), (("simgd",), "inside cycle go methods"),
     ((SimGD,), "not the class SimGD"), ((Dirac(),), "inside cycle go methods")],
)  # fmt: skip
def test_only_methods_go_into_a_cycle(turns, said):
    with pytest.raises(BadInput, match=said):
        Cycle(*turns)


def test_values_of_equal_methods_are_told_apart():
    result = analyse(Dirac("gan") + R1(1), Cycle(SimGD("1/5"), SimGD("1/10")))
    assert "simgd-1.h = 1/5, simgd-2.h = 1/10" in str(result)
    assert result.to_dict()["hyperparameters"]["simgd-2.h"] == "1/10"
    named = analyse(Dirac("gan") + R1(1), Cycle(SimGD("h1"), AltGD("h2")))
    assert "simgd: x+ = x + h v(x); here h = h1" in str(named)
    assert named.at(h1="1/5", h2="1/10").verdict == "stable"


def at_the_command_line(cli, line):
    status, out, err = cli(line)
    assert status == 0, err
    return json.loads(out)


COMMANDS = [
    ("cycle:altgd,simgd --h 1/5", Cycle(AltGD("1/5"), SimGD("1/5"))),
    ("cycle:altgd+simgd+simgd --h 1/5", Cycle(AltGD("1/5"), SimGD("1/5"), SimGD("1/5"))),
    ("cycle --h 1/5", Cycle(AltGD("1/5"), SimGD("1/5"))),
    ("cycle:altgd,simgd --set altgd.h=1/10 --set simgd.h=1/5", Cycle(AltGD("1/10"), SimGD("1/5"))),
    ("cycle:altgd,simgd --h-g 1/5 --h-d 1/10", Cycle(AltGD(("1/5", "1/10")), SimGD(("1/5", "1/10")))),
    ("cycle:lazy:simgd,altgd --every 8 --h 1/5", Cycle(Lazy(8, SimGD("1/5")), AltGD("1/5"))),
    ("lookahead:cycle:altgd,simgd --k 2 --slow 1/2 --h 1/5",
     Lookahead(2, "1/2", Cycle(AltGD("1/5"), SimGD("1/5")))),
    ("lazy --inner altgd --every 8 --h 1/5", Lazy(8, AltGD("1/5"))),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "meant"), COMMANDS, ids=lambda c: getattr(c, "chain", None))
def test_how_cycles_are_typed(cli, typed, meant):
    answer = at_the_command_line(cli, f"eigen --reg gp --gamma 1 --no-verify --format json --method {typed}")
    wanted = analyse(Dirac("gan") + R1(1), meant)
    assert answer["spectral_radius"] == wanted.spectral_radius
    assert (answer["method"], answer["period"]) == (meant.chain, meant.period)


REFUSED = [
    ("eigen --method cycle:flow,simgd", "cycle acts on the steps of methods; flow is a flow and makes none"),
    ("eigen --method cycle:simgd,cycle:altgd", "method 'cycle' is given 2 times"),
    ("eigen --method cycle:altgd:simgd", "altgd takes no method inside; leave 'simgd' out"),
    ("eigen --method cycle:simgd,,altgd", "unknown method ''"),
    ("eigen --method cycle:simgd,altdg", "did you mean 'altgd'?"),
    ("eigen --method lazy --every 0", "every must be a whole number from 1 to 1000, not 0"),
    ("eigen --method cycle:altgd,simgd --h 1/5 --set altgd.h=1/10", "two values are given for altgd.h"),
    ("eigen --method nesterov --h 1/5 --beta k/(k+3)", "tends to 1, where --method nesterov --beta 1"),
    ("eigen --method nesterov --h 1/5 --beta (t-1)/(t+2)", "tends to 1, where --method nesterov --beta 1"),
    ("eigen --method simgd --h 1/k", "changes with every step and never repeats"),
]


@pytest.mark.parametrize(("line", "said"), REFUSED)
def test_refusals_are_one_clear_line(cli, line, said):
    status, out, err = cli(line)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert said in err


def test_nesterovs_schedule_is_refused_in_python_too():
    with pytest.raises(BadInput, match=r"beta must be a number: 'k/.k.3.' changes with every step"):
        Nesterov("h", "k/(k+3)")


def test_compare_compares_per_step(cli):
    line = "compare --reg gp --gamma 1 --h 1/5 --every 8 --methods simgd,lazy,cycle:simgd+simgd --format json"
    numbers = [cell["number"] for cell in at_the_command_line(cli, line)["rows"]]
    assert numbers == pytest.approx([0.9, 0.985931096582, 0.9])


@pytest.mark.parametrize(
    "method", [Lazy(3, SimGD("h")), Cycle(AltGD("h"), SimGD("h"))], ids=lambda m: m.chain
)
def test_formulas_of_a_cycle_fit_the_page(method):
    result = analyse(Dirac("gan") + R1("gamma"), method)
    assert max(map(len, str(result).splitlines())) <= 80
    rate = r"per cycle of \d steps"
    assert re.search(rate, str(result.at(gamma=1, h="1/5").derivation))
    assert result.to_latex().count("{") == result.to_latex().count("}")


@pytest.mark.parametrize("counts", [(1, 2), (2, 1), (2, 3), (3, 2), (2, 2, 3)])
def test_memories_of_another_length_are_not_shared(counts):
    result = analyse(PLAIN, Cycle(*(Chekhov("1/8", k) for k in counts)))
    order = list(dict.fromkeys(counts))
    before = {k: 5 + sum(5 * (j - 1) for j in order[: order.index(k)]) for k in order}
    size = 5 + sum(5 * (k - 1) for k in order)
    stated = np.eye(size)
    for k in counts:
        where = range(before[k], before[k] + 5 * (k - 1))
        stated = lifted(r.chekhov(HESSIANS, DIMS, EACH, k), where, size) @ stated
    np.testing.assert_allclose(matrix_of(result), stated, rtol=1e-12, atol=1e-12)
    turned = analyse(PLAIN, Cycle(*(Chekhov("1/8", k) for k in (*counts[1:], counts[0]))))
    assert turned.spectral_radius == pytest.approx(result.spectral_radius)


def test_a_cycle_with_a_name_for_each_of_many_steps_has_numbers_soon():
    result = analyse(Dirac("gan") + R1(1), Cycle(*(SimGD(f"h{k}") for k in range(16))))
    assert "too long to write" in result.without_formulas
    stated = np.linalg.multi_dot([np.array([[1, -h / 2], [h / 2, 1 - h]]) for h in [1 / 8] * 16])
    here = result.at(**{f"h{k}": "1/8" for k in range(16)})
    assert here.spectral_radius == pytest.approx(radius(stated))
