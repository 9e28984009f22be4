"""A third witness for combinations of parts: second statements put together, or the literature."""

from __future__ import annotations

import random
from functools import cache
from zlib import crc32

import numpy as np
import pytest

from stabcheck.core import hyper
from stabcheck.core.errors import MovesRestPoint, NotAnEquilibrium, NotApplicable, NotSmooth
from stabcheck.declare import registry
from stabcheck.declare.combination import assemble
from stabcheck.judge.analysis import Analysis
from stabcheck.judge.resting import linearised
from stabcheck.study import combinations
from stabcheck.symbolic.update import Point, model_of
from stabcheck.verify.witnesses import draw
from tests import second
from tests.dealt import dealt
from tests.second import Outcome

KINDS = ("game", "loss", "penalty", "method")
PAIRED = (
    ("dirac", "gan", "none", "flow"),
    ("gaussian", "nsgan", "gp", "simgd"),
    ("lq", "wgan", "consensus", "altgd"),
    ("nk-toy", "lsgan", "nk", "extragradient"),
    ("dirac-bias", "exponential", "r2", "heavy-ball"),
    ("linear-generator", "f-kl", "noise", "ogda"),
    ("two-modes", "hinge", "lecam", "implicit"),
    ("many-discriminators", "rpgan", "temperature", "cgd"),
    ("dirac-square", "germ", "decay", "lola"),
    ("dirac", "f-js", "wgan-gp", "nesterov"),
    ("many-generators", "nsgan", "clip", "ttur"),
    ("lq", "lsgan-mao", "smoothing", "lazy"),
)
"""What a declaration is put together with: always the same, whatever else there is."""
MOST_WITHOUT = 0.15
"""The share of a declaration's combinations that may lack a third witness."""

ROWS = frozenset(combinations.rows())
DECLARATIONS = [(kind, name) for kind in KINDS for name in registry.declarations(kind)]


def put_into(kind, name, row):
    """The row with this declaration in its place; `None` where it does not fit the others there."""
    game, loss, penalty, method = (name if kind == k else part for k, part in zip(KINDS, row, strict=True))
    for fitting in ((game, loss, penalty), (game, "-", penalty)):
        if fitting in ROWS:
            return None if kind == "loss" and "-" in fitting else combinations.combination(fitting, method)
    return None


def paired(kind, name):
    """The combinations by which a declaration is judged."""
    return list(filter(None, (put_into(kind, name, row) for row in PAIRED)))


def drawn(assembly):
    return draw(hyper.symbols(assembly.game, assembly.operator), random.Random(0))


def witnessed(combination):
    """Whether a third witness speaks of a combination."""
    assembly = assemble(combination)
    second_opinion = second.outcome(assembly.game, assembly.operator, drawn(assembly))
    return second_opinion.kind != "unstated" or bool(Analysis(assembly.game, assembly.operator).claims)


@pytest.mark.parametrize(("kind", "name"), DECLARATIONS)
def test_each_declaration_has_third_witnesses(kind, name):
    """Counted for each alone, so that another one changes nothing for it."""
    rows = paired(kind, name)
    without = [row for row in rows if not witnessed(row)]
    assert len(rows) >= 3
    assert len(without) <= MOST_WITHOUT * len(rows), without


SAMPLE = list(combinations.covering())


@pytest.mark.whole
def test_few_combinations_lack_a_third_witness():
    assert sum(not witnessed(c) for c in SAMPLE) <= MOST_WITHOUT * len(SAMPLE)


@cache
def model(game):
    return model_of(game)


def derived(assembly, values):
    """What the product makes of the same parts."""
    try:
        of_game = model(assembly.game)
        of_game.confirm_rest(values)
        point = Point.of(linearised(of_game, assembly.operator, {**of_game.germ_values(values), **values}))
    except NotAnEquilibrium:
        return Outcome("moves")
    except NotSmooth:
        return Outcome("kink")
    except NotApplicable:
        return Outcome("meaningless")
    except MovesRestPoint as met:
        return Outcome("drifts", np.array(met.drift, dtype=float))
    return Outcome("matrix", np.array(point.matrix.tolist(), dtype=float))


def agrees(combination):
    assembly = assemble(combination)
    values = drawn(assembly)
    stated, computed = second.outcome(assembly.game, assembly.operator, values), derived(assembly, values)
    assert stated.kind == computed.kind
    if stated.kind == "drifts":
        step = float(values[assembly.operator.inside.h])
        np.testing.assert_allclose(computed.numbers, step * stated.numbers, rtol=1e-11, atol=1e-11)
    if stated.kind == "matrix":
        size = max(1.0, np.abs(computed.numbers).max())
        np.testing.assert_allclose(computed.numbers / size, stated.numbers / size, rtol=1e-11, atol=1e-12)


def spelled(c):
    return "-".join((c.game, c.loss or "-", *(c.penalties or ("none",)), c.method))


def some(kind, name, count=2):
    """A few of a declaration's combinations: which, its own name says."""
    rows = paired(kind, name)
    return [rows[(crc32(name.encode()) + 5 * k) % len(rows)] for k in range(count)]


FEW = dict.fromkeys(c for row in DECLARATIONS for c in some(*row))
REST = dict.fromkeys(c for row in DECLARATIONS for c in paired(*row) if c not in FEW)


@pytest.mark.parametrize("combination", dealt(FEW, 16), ids=spelled)
def test_combinations_agree_with_their_second_statements(combination):
    agrees(combination)


@pytest.mark.whole
@pytest.mark.parametrize("combination", [*REST, *SAMPLE], ids=spelled)
def test_all_combinations_agree_with_their_second_statements(combination):
    agrees(combination)
