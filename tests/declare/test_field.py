"""Fields, maps and matrices that are given, in the place of losses."""

from __future__ import annotations

import json
import pickle
import tomllib
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import jsonschema
import numpy as np
import pytest
import sympy as sp

from stabcheck import (
    LOLA,
    R1,
    SGA,
    AltGD,
    Extragradient,
    Field,
    Flow,
    HeavyBall,
    Implicit,
    Map,
    SimGD,
    Unrolled,
    analyse,
)
from stabcheck.cli.app import run
from stabcheck.cli.new import TEMPLATES
from stabcheck.core.errors import BadInput, NotAnEquilibrium, NotApplicable
from stabcheck.core.hyper import REAL, hyper
from stabcheck.declare.file import gamefile
from stabcheck.declare.file.matrixgame import read, spelled
from stabcheck.numeric.autodiff import Autodiff
from stabcheck.numeric.update import bind
from stabcheck.symbolic.dual import Dual, filled, zeros
from stabcheck.symbolic.jet import osculating
from stabcheck.symbolic.update import model_of
from tests.reference import methods as reference

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "game.schema.json").read_text())
J = np.array([[-1.0, 2.0, 0.5], [-3.0, 0.25, 1.0], [0.5, -1.0, -2.0]])
"""A Jacobian without any symmetry, of players with 1 and 2 coordinates."""
DIMS = (1, 2)
U = np.array([1.0, -2.0, 0.5])


@dataclass(frozen=True)
class Bent(Field):
    """`v = J (x - r) + g q(x - r)`, with the `J` above and `q` quadratic."""

    g: Any = hyper("g", domain=REAL, help="size of the quadratic part")
    dims = DIMS

    def equilibrium(self, xp):
        return xp.vector(1), xp.vector(2, -1)

    def velocity(self, xp, *x):
        (a,), (b, c) = x
        moved = [a - 1, b - 2, c + 1]
        entries = [[xp.vector(Fraction(e))[0] for e in row] for row in J]
        first, *others = [sum(e * m for e, m in zip(row, moved, strict=True)) for row in entries]
        bent = self.g * moved[1] * moved[2]
        return first + bent, xp.vector(others[0] + moved[0] ** 2, others[1] - moved[0] * moved[1])


# The oracles


class Exact:
    """The jet of a field, driven with numbers."""

    def __init__(self):
        self.oracle = osculating(model_of(Bent()))

    def vector(self, values):
        domain = self.oracle.domain
        return Dual(filled(domain, [sp.Rational(v) for v in values], 3, 1), zeros(3, 0, domain))

    def array(self, u):
        return np.array(u.value.to_Matrix().tolist(), dtype=float).ravel()


class Floating:
    """Autodiff of a field, driven with numbers."""

    def __init__(self):
        self.oracle = Autodiff.of(bind(Bent(), {"g": 1.0}))

    def vector(self, values):
        return jnp.array(values, dtype=float)

    def array(self, u):
        return np.asarray(u)


@pytest.fixture(params=[Exact, Floating])
def driver(request):
    with jax.enable_x64(True):
        yield request.param()


@pytest.mark.parametrize("product", ["jvp", "vjp", "cross"])
def test_products_with_a_jacobian_that_is_not_symmetric(driver, product):
    own = sum(p @ J @ p for p in reference.masks(DIMS))
    expected = {"jvp": J @ U, "vjp": J.T @ U, "cross": (J - own) @ U}[product]
    found = getattr(driver.oracle, product)(driver.vector([1, 2, -1]), driver.vector(U))
    np.testing.assert_allclose(driver.array(found), expected, rtol=1e-13, atol=1e-13)


def test_the_field_and_its_parts_vanish_at_rest(driver):
    rest = driver.vector([1, 2, -1])
    for found in (driver.oracle.v(rest), driver.oracle.field(0, rest), driver.oracle.field(1, rest)):
        assert not driver.array(found).any()


@pytest.mark.parametrize("ask", [lambda o, x: o.grad(0, x), lambda o, x: o.hvp(1, x, x)])
def test_what_only_losses_have_is_refused(driver, ask):
    with pytest.raises(NotApplicable, match="needs losses"):
        ask(driver.oracle, driver.vector([1, 2, -1]))


EYE = np.eye(3)
FIRST, SECOND = reference.masks(DIMS)
METHODS = [
    (Flow(), J),
    (Flow((1, "1/2")), (FIRST + SECOND / 2) @ J),
    (SimGD("1/8"), EYE + J / 8),
    (AltGD("1/8"), (EYE + SECOND @ J / 8) @ (EYE + FIRST @ J / 8)),
    (Extragradient("1/8"), EYE + J @ (EYE + J / 8) / 8),
    (Implicit("1/8"), np.linalg.inv(EYE - J / 8)),
    (SGA("1/2", inner=SimGD("1/8")), EYE + (EYE - (J - J.T).T / 4) @ J / 8),
    (SGA("1/2", inner=Flow()), (EYE - (J - J.T).T / 4) @ J),
]


@pytest.mark.parametrize(("operator", "matrix"), METHODS, ids=lambda o: getattr(o, "chain", ""))
def test_methods_that_ask_for_the_field_alone_step_a_field(operator, matrix):
    found = analyse(Bent(), operator)
    exact = found.update_matrix if operator.discrete else found.general.linearisation.matrix.to_Matrix()
    np.testing.assert_allclose(np.array(exact, dtype=float), matrix, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("operator", [AltGD("h"), SGA("1/2", inner=HeavyBall("1/8", "1/4"))])
def test_a_field_is_verified(operator):
    assert analyse(Bent(), operator).verify(points=1).status == "agrees"


@pytest.mark.parametrize("operator", [LOLA(), Unrolled()])
def test_methods_that_ask_for_losses_are_refused_by_name(operator):
    with pytest.raises(NotApplicable, match="needs losses"):
        analyse(Bent(), operator)


def test_penalties_and_shapes_are_refused():
    with pytest.raises(NotApplicable, match="gp adds to losses; Bent is a vector field and has none"):
        Bent() + R1()

    @dataclass(frozen=True)
    class Short(Bent):
        def velocity(self, xp, *x):
            return x[0], x[1][:1]

    with pytest.raises(BadInput, match=r"Short\.velocity must return one vector per player"):
        analyse(Short())


@dataclass(frozen=True)
class Doubling(Map):
    """`(a, b) -> (a b, b/2 + 1/2)`, with the second player in its plain form."""

    dims = (1, 1)

    def equilibrium(self, xp):
        return xp.zeros(1), xp.vector(1)

    def image(self, xp, *x):
        (a,), (b,) = x
        return a * b, xp.vector(b / 2 + 1 / xp.vector(2)[0])


def test_a_map_in_python_is_its_own_step():
    found = analyse(Doubling())
    assert found.operator.chain == "map"
    assert found.update_matrix == sp.Matrix([[1, 0], [0, sp.Rational(1, 2)]])
    # Where b = 1 every a is a fixed point.
    assert (found.spectral_map, found.verdict, found.manifold) == (None, "stable", ((1, 0),))
    assert found.verify().status == "agrees"
    for operator in (Flow(), SimGD("h")):
        with pytest.raises(NotApplicable, match="Doubling is a map, which is its own step; leave"):
            analyse(Doubling(), operator)


# Files

ROOT5 = np.sqrt(5)
# Formulas, the rest point, and the eigenvalues by hand.
FIELDS = [
    ({"x": "y", "y": "-x"}, {"x": 0, "y": 0}, [1j, -1j], "neutral"),
    ({"x": "y", "y": "-sin(x) - y"}, {"x": 0, "y": 0}, [-0.5 + np.sqrt(3) / 2 * 1j] * 1, "stable"),
    ({"x": "y", "y": "-sin(x) - y"}, {"x": "pi", "y": 0}, [(ROOT5 - 1) / 2, -(ROOT5 + 1) / 2], "unstable"),
    ({"x": "x*(1 - y)", "y": "y*(x - 1)"}, {"x": 1, "y": 1}, [1j, -1j], "neutral"),
    ({"x": "y", "y": "(1 - x^2)*y - x"}, {"x": 0, "y": 0}, [0.5 + np.sqrt(3) / 2 * 1j], "unstable"),
    ({"x": "2*x^3/(1 + x^3) - x"}, {"x": 1}, [0.5], "unstable"),
    ({"S": "1 - S - 3*S*J", "J": "3*S*J - 2*J"}, {"S": "2/3", "J": "1/6"}, [-0.75 + np.sqrt(7) / 4 * 1j],
     "stable"),
    ({"x": "10*(y - x)", "y": "28*x - y - x*z", "z": "x*y - 8/3*z"}, {"x": 0, "y": 0, "z": 0},
     [-8 / 3, (-11 + np.sqrt(1201)) / 2], "unstable"),
    ({"u": "1 - 3*u + u^2*w", "w": "2*u - u^2*w"}, {"u": 1, "w": 2}, [1j, -1j], "neutral"),
    ({"x": "-tanh(x) + 2*y", "y": "-atan(y)*3 - exp(x) + 1"}, {"x": 0, "y": 0}, [-2 + 1j, -2 - 1j], "stable"),
    ({"x": "v", "v": "-v"}, {"x": 0, "v": 0}, [-1.0], "stable"),
]  # fmt: skip
MAPS = [
    ({"x": "5/2*x*(1 - x)"}, {"x": "3/5"}, [-0.5], "stable"),
    ({"x": "7/2*x*(1 - x)"}, {"x": "5/7"}, [-1.5], "unstable"),
    ({"x": "x/2 + 1/x"}, {"x": "sqrt(2)"}, [0.0], "stable"),
    ({"x": "cos(x)*0 + sin(x)/2"}, {"x": 0}, [0.5], "stable"),
    ({"x": "x*exp(1 - x)"}, {"x": 1}, [0.0], "stable"),
    ({"x": "x*exp(3*(1 - x))"}, {"x": 1}, [-2.0], "unstable"),
    ({"t": "t + v", "v": "v/2 - cos(t + v)"}, {"t": "pi/2", "v": 0}, [1.25 + np.sqrt(17) / 4], "unstable"),
    ({"t": "t + v", "v": "v/2 - cos(t + v)"}, {"t": "-pi/2", "v": 0}, [0.25 + np.sqrt(7) / 4 * 1j], "stable"),
    ({"x": "3/5*x - 4/5*y", "y": "4/5*x + 3/5*y"}, {"x": 0, "y": 0}, [0.6 + 0.8j, 0.6 - 0.8j], "neutral"),
    ({"x": "2*x/(1 + x)"}, {"x": 1}, [0.5], "stable"),
    ({"x": "y", "y": "z", "z": "x/8"}, {"x": 0, "y": 0, "z": 0}, [-0.25 + np.sqrt(3) / 4 * 1j], "stable"),
]  # fmt: skip


def written(form, formulas, rest):
    """A file with these formulas."""
    table = "\n".join(f'{name} = "{text}"' for name, text in formulas.items())
    point = "\n".join(f'{name} = "{value}"' for name, value in rest.items())
    return f'name = "mine"\n[{form}]\n{table}\n[equilibrium]\n{point}\n'


@pytest.fixture
def made(tmp_path):
    """Writes a file and loads it."""

    def make(text):
        path = tmp_path / "mine.toml"
        path.write_text(text)
        return gamefile.load(path)()

    return make


@pytest.mark.parametrize(
    ("form", "formulas", "rest", "eigenvalues", "verdict"),
    [("field", *row) for row in FIELDS] + [("map", *row) for row in MAPS],
)
def test_eigenvalues_of_files_are_those_by_hand(made, form, formulas, rest, eigenvalues, verdict):
    text = written(form, formulas, rest)
    jsonschema.Draft202012Validator(SCHEMA).validate(tomllib.loads(text))
    found = analyse(made(text))
    assert found.verdict == verdict
    values = np.array([e.value for e in found.eigenvalues])
    assert all(np.isclose(values, e, rtol=1e-12, atol=1e-12).any() for e in eigenvalues)
    assert found.discrete == (form == "map")


def test_a_point_that_does_not_rest_is_none(made):
    for form, what in (("field", "v_x = 1/10"), ("map", "v_x = 1/10")):
        with pytest.raises(NotAnEquilibrium, match=what):
            analyse(made(written(form, {"x": "1/10 - x" if form == "field" else "1/10 + x/2"}, {"x": 0})))


def test_players_with_parts_of_a_field_are_the_same_field(made):
    one = made(written("field", {"x": "y - z", "y": "-x", "z": "x*y - z"}, {"x": 0, "y": 0, "z": 0}))
    other = made(
        'name = "mine"\n[players.p]\nvariables = ["x", "y"]\nfield = ["y - z", "-x"]\n'
        '[players.z]\nfield = "x*y - z"\n[equilibrium]\nx = 0\ny = 0\nz = 0\n'
    )
    assert (other.dims, one.dims) == ((2, 1), (1, 1, 1))
    assert analyse(one).jacobian == analyse(other).jacobian
    assert "x' = y - z; y' = -x; z' = x*y - z" in other.formula


def test_a_field_from_a_start_is_settled(tmp_path, capsys):
    path = tmp_path / "hill.toml"
    path.write_text(
        'name = "hill"\n[players.X]\nfield = "v/10 + v*X^3/(1 + X^3) - X"\n[hyperparameters]\nv = ">0"\n'
        "[start]\nX = 0.7\n"
    )
    assert run(["eigen", "--game", str(path), "--v", "2", "--no-verify", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["verdict"] == "unstable"
    assert found["spectral_abscissa"] == pytest.approx(0.6092100, abs=1e-6)
    assert run(["equilibria", "--game", str(path), "--v", "2", "--format", "json"]) == 0
    points = json.loads(capsys.readouterr().out)["points"]
    positive = [p for p in points if p["value"][0] > 0]
    assert [p["value"][0] for p in positive] == pytest.approx([0.221501292, 0.682583928, 1.968055644])
    assert [p["verdict"] for p in positive] == ["stable", "unstable", "stable"]


def test_fixed_points_of_a_map_are_found(tmp_path, capsys):
    path = tmp_path / "map.toml"
    path.write_text(written("map", {"x": "1 - x^2 + y", "y": "x/4"}, {"x": 0, "y": 0}))
    assert run(["equilibria", "--game", str(path), "--format", "json"]) == 0
    points = json.loads(capsys.readouterr().out)["points"]
    root = np.sqrt(73) / 8
    assert [p["value"][0] for p in points] == pytest.approx([-3 / 8 - root, -3 / 8 + root])
    assert points[1]["spectral_radius"] == pytest.approx(1.54754692616)


def test_reports_speak_of_no_losses(made):
    field = analyse(made(written("field", {"x": "-x^3 - x"}, {"x": 0})))
    chart = analyse(made(written("map", {"x": "x/2"}, {"x": 0})))
    for result in (field, chart):
        for text in (str(result), str(result.derivation), result._repr_latex_()):
            assert "minimises" not in text
            assert "L_" not in text
    assert "x' = -x^3 - x" in str(field)
    assert "x+ = x/2" in str(chart)
    assert "F(0) = (0)" in str(chart.derivation)
    assert "vector field" not in str(chart)


# Matrices

MATRICES = [
    ("0,-1;1,-gamma", {"gamma": 1}, [[0, -1], [1, -1]]),
    ("-1", {}, [[-1]]),
    ("a", {"a": -2}, [[-2]]),
    ("1/2,a;-a,1/2", {"a": "1/3"}, [[0.5, 1 / 3], [-1 / 3, 0.5]]),
    ("0.1, 0.2; 0.3, 0.4", {}, [[0.1, 0.2], [0.3, 0.4]]),
    ("0,1,0;0,0,1;-k,-2,-3", {"k": 1}, [[0, 1, 0], [0, 0, 1], [-1, -2, -3]]),
    ("min(1,a),max(a, 2);0,-1", {"a": 5}, [[1, 5], [0, -1]]),
    ("(a+b)^2,0;0,-a*b", {"a": 1, "b": 2}, [[9, 0], [0, -2]]),
    ("sin(w),1;1,cos(w)", {"w": 1}, [[np.sin(1), 1], [1, np.cos(1)]]),
    ("lambda,I;E,x_1", {"lambda": 1, "I": 2, "E": 3, "x_1": 4}, [[1, 2], [3, 4]]),
    ("2,-1,0,0;-1,2,-1,0;0,-1,2,-1;0,0,-1,2", {}, np.diag([2.0] * 4) - np.eye(4, k=1) - np.eye(4, k=-1)),
]


@pytest.mark.parametrize(("text", "values", "matrix"), MATRICES, ids=[m[0] for m in MATRICES])
@pytest.mark.parametrize("discrete", [False, True])
def test_a_typed_matrix_has_the_eigenvalues_of_numpy(text, values, matrix, discrete):
    found = analyse(read(spelled(text, discrete=discrete))()).at(**values)
    exact = [e.value for e in found.eigenvalues for _ in range(e.multiplicity)]
    key = lambda z: (round(z.real, 6), round(z.imag, 6))  # noqa: E731
    expected = sorted(map(complex, np.linalg.eigvals(np.array(matrix, float))), key=key)
    np.testing.assert_allclose(sorted(exact, key=key), expected, atol=1e-9)
    assert found.discrete == discrete


def test_a_matrix_on_the_command_line(capsys):
    asked = ["eigen", "--matrix", "0,-1;1,-gamma", "--no-verify"]
    assert run([*asked, "--domain", "gamma=>0"]) == 0
    assert "stable iff    always" in capsys.readouterr().out
    assert run([*asked, "--set", "gamma=-1", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["verdict"] == "unstable"


REFUSED = [
    (["--matrix", "1,2;3"], "a row has 1 entries for 2 rows"),
    (["--matrix", "1,2"], "a row has 2 entries for 1 rows"),
    (["--matrix", ""], "the formula is empty"),
    (["--matrix", "1,,2"], "a row has 3 entries"),
    (["--matrix", "[1]"], "[ has no place in a formula"),
    (["--matrix", "q(2)"], "unknown function 'q'"),
    (["--matrix", "a", "--game", "dirac"], "--matrix is given, and --game dirac"),
    (["--domain", "a=>0"], "are for a --matrix"),
    (["--discrete"], "are for a --matrix"),
    (["--matrix", "a", "--domain", "b=>0"], "the matrix has no such name; it has a"),
    (["--matrix", "a", "--domain", "a=0"], "--domain a: unknown domain '0'; "),
    (["--matrix", "a", "--domain", "a"], "--domain a is none; write"),
    (["--matrix", "a", "--reg", "gp"], "gp adds to losses"),
    (["--matrix", "a", "--discrete", "--method", "simgd"], "matrix is a map, which is its own step"),
    (["--matrix", "a", "--discrete", "--method", "flow"], "leave the method 'flow' out"),
    (["--matrix", "a", "--discrete", "--inner", "altgd"], "leave the method 'flow:altgd' out"),
    (["--matrix", "a", "--set", "b=1"], "no chosen part has b"),
]


@pytest.mark.parametrize(("options", "what"), REFUSED, ids=[" ".join(r[0]) for r in REFUSED])
def test_a_matrix_that_is_none_is_refused(options, what, capsys):
    assert run(["eigen", "--no-verify", *options]) == 2
    error = capsys.readouterr().err
    assert what in error
    assert "Traceback" not in error


MISTAKES = [
    ('[players.x]\nfield = "x"\n[field]\nx = "x"', "[players] and [field] are both given; give one", True),
    ("", "players is missing; add it, or a [field], [map] or [matrix]", True),
    ('[players.x]\nfield = "x"\nloss = "x"', "players.x: loss and field are both given; give one", True),
    ('[players.x]\nfield = "x"\n[players.y]\nloss = "x*y"', "players.y: it has a loss and x a field", False),
    ('[players.x]\nfield = ["x", "x"]', "players.x.field: there are 2 formulas for 1 variables", False),
    ('[players.p]\nvariables = ["x", "y"]\nfield = "x"', "there are 1 formulas for 2 variables", False),
    ('[field]\nx = "y"', "field.x: unknown name 'y'; known: x", False),
    ('[field]\nx = "x"\n"x y" = "x"', "field: 'x y' is no name", True),
    ("[field]", "field: there are 0 formulas; write 1 to 40", True),
    ("[map]\nx = []", "map.x: this must be a formula", True),
    ("[matrix]\nrows = [[1, 2], [3]]", "matrix.rows: a row has 1 entries for 2 rows", False),
    ("[matrix]\nrows = [[1]]\nnames = ['x', 'y']", "matrix.names: there are 2 for 1 rows", False),
    ("[matrix]\nrows = [[1]]\nof = 'step'", "matrix.of: unknown kind 'step'", True),
    ("[matrix]\nrows = [['x']]\nnames = ['x']", "matrix.rows: unknown name 'x'", False),
    ("[matrix]\nrow = [[1]]", "matrix: unknown key 'row'; did you mean 'rows'?", True),
]


@pytest.mark.parametrize(("table", "what", "seen"), MISTAKES, ids=[m[1][:40] for m in MISTAKES])
def test_mistakes_in_fields_are_refused_by_name(made, table, what, seen):
    text = f'name = "mine"\n{table}\n[equilibrium]\nx = 0\n'
    with pytest.raises(BadInput) as caught:
        made(text)
    assert what in str(caught.value)
    assert bool(list(jsonschema.Draft202012Validator(SCHEMA).iter_errors(tomllib.loads(text)))) == seen


@pytest.mark.parametrize("kind", TEMPLATES)
def test_every_template_runs(kind, tmp_path, capsys):
    path = tmp_path / "mine.toml"
    assert run(["new", str(path), "--kind", kind]) == 0
    jsonschema.Draft202012Validator(SCHEMA).validate(tomllib.loads(path.read_text()))
    assert run(["eigen", "--game", str(path), "--a", "2", "--no-verify"]) == 0
    assert "verdict       stable" in capsys.readouterr().out


def test_a_linear_field_that_is_defective_on_the_boundary_grows():
    """`x' = y, y' = 0` and the map `x+ = x + y, y+ = y`: for these the linear part is the whole."""
    for text, discrete in (("0,1;0,0", False), ("1,1;0,1", True), ("0,1,0;0,0,1;0,0,0", False)):
        assert analyse(read(spelled(text, discrete=discrete))()).verdict == "unstable"
    assert analyse(read(spelled("0,1;-1,0"))()).verdict == "neutral"


def test_fields_and_matrices_survive_a_pickle(made):
    for game in (read(spelled("0,-1;1,-gamma"))(), made(written("map", {"x": "x/2"}, {"x": 0}))):
        assert pickle.loads(pickle.dumps(game)) == game  # noqa: S301 (our own)
        assert pickle.loads(pickle.dumps(analyse(game))).jacobian == analyse(game).jacobian  # noqa: S301


def test_a_turn_by_an_open_angle_keeps_lengths():
    """`sin^2 + cos^2 = 1`, also where the angle is a symbol: the determinant is 1."""
    found = analyse(read(spelled("cos(a),-sin(a);sin(a),cos(a)", discrete=True))())
    z, a = found.letters.z, sp.Symbol("a", real=True)
    assert sp.expand(found.characteristic_polynomial - (z**2 - 2 * sp.cos(a) * z + 1)) == 0
    assert found.at(a=1).verdict == "neutral"


def test_twenty_players_and_forty_variables_are_read(made):
    chain = {f"x{k}": f"x{k}*(a - 2) + x{(k + 1) % 40}/8" for k in range(40)}
    text = written("field", chain, dict.fromkeys(chain, 0)).replace(
        "[equil", '[hyperparameters]\na = ">0"\n[equil'
    )
    assert len(made(text).names) == 40
    losses = "".join(f'[players.x{k}]\nloss = "x{k}^2/2 + x{k}*x{(k + 1) % 20}"\n' for k in range(20))
    rest = "".join(f"x{k} = 0\n" for k in range(20))
    game = made(f'name = "mine"\n{losses}[equilibrium]\n{rest}')
    found = np.array(analyse(game).jacobian, dtype=float)
    np.testing.assert_array_equal(found, -np.eye(20) - np.roll(np.eye(20), 1, axis=1))
