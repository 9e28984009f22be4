"""At a strong resonance the pair on the circle is a third or a fourth root of 1; others are told nowhere."""

from __future__ import annotations

import json

import numpy as np
import pytest

from stabcheck import R1, Dirac, Extragradient, SimGD
from stabcheck.core.polynomial import Polynomial
from stabcheck.judge.analysis import Analysis
from stabcheck.judge.solver import Z3
from stabcheck.judge.stable_set import StableSet, stable_set
from tests.games import RandomGame

PENALISED = Dirac() + R1("gamma")
H, GAMMA = map(Polynomial.letter, ("h", "gamma"))


def found(stable: StableSet) -> dict[int, list[tuple[Polynomial, ...]]]:
    """Equations by order."""
    rows = [r for each in stable.resonances.values() for r in each]
    return {order: [r.equations for r in rows if r.order == order] for order in (3, 4)}


def test_those_of_plain_gradient_descent():
    """On `gamma = h f'(0)^2` the trace is `2 - gamma h`, -1 at 1:3 and 0 at 1:4."""
    rows = found(stable_set(Analysis(PENALISED, SimGD("h")), Z3()))
    assert rows == {3: [(GAMMA * H - 3,)], 4: [(GAMMA * H - 2,)]}


@pytest.mark.parametrize("order", [3, 4])
@pytest.mark.parametrize("method", [SimGD("h"), Extragradient("h")])
def test_where_the_pair_turns_by_that_angle_the_equation_holds(method, order):
    """Along the piece, by LAPACK, the angle of the pair crosses `2 pi/k` where the equation vanishes."""
    result = Analysis(PENALISED, method)
    stable = stable_set(result, Z3())
    ((piece, (resonance,)),) = [
        (p, [r for r in each if r.order == order]) for p, each in stable.resonances.items()
    ]
    (equation,) = resonance.equations
    points = list(along(piece, np.linspace(0.05, 0.95, 60)))
    angles = np.array([pair_angle(result, point) - 2 * np.pi / order for point in points])
    crossing = np.flatnonzero(angles[:-1] * angles[1:] < 0)
    values = np.array([float(equation.at(point, float)) for point in points])
    assert resonance.attained
    assert len(crossing) > 0
    assert set(crossing) == set(np.flatnonzero(values[:-1] * values[1:] < 0))


def along(piece: Polynomial, gammas):
    """Points with the least positive step size at which a piece vanishes."""
    for gamma in gammas:
        row = [float(c.at({"gamma": gamma}, float)) for c in piece.coefficients("h")]
        steps = [r.real for r in np.roots(row) if abs(r.imag) < 1e-9 and r.real > 1e-9]
        yield {"gamma": gamma, "h": min(steps)}


def pair_angle(result, point) -> float:
    """Of the eigenvalue in the upper half-plane that is closest to the unit circle."""
    upper = [z for z in spectrum(result, point) if z.imag > 0]
    return float(np.angle(min(upper, key=lambda z: abs(abs(z) - 1))))


def test_of_a_random_game_pairs_at_a_resonance_are_roots_of_one():
    result = Analysis(RandomGame(dims=(1, 1)), SimGD("h"))
    stable = stable_set(result, Z3())
    assert all(r.attained is not False for each in stable.resonances.values() for r in each)
    assert json.loads(json.dumps(stable.to_dict(), allow_nan=False)) == stable.to_dict()


def spectrum(result, values):
    numbers = {**result.germ, **values}
    matrix = result.update_matrix
    return np.linalg.eigvals(np.array(matrix.subs({s: numbers[s.name] for s in matrix.free_symbols}), float))
