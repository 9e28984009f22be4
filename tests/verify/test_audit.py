"""Fields and formulas typed by hand, right and wrong, held against the losses."""

from __future__ import annotations

import json
import shlex
from fractions import Fraction

import jax
import numpy as np
import pytest
import sympy as sp

from stabcheck import R1, Bilinear, Consensus, Dirac, WganGP
from stabcheck.cli.app import run
from stabcheck.core.errors import BadInput, Undecidable
from stabcheck.declare.games.many import ManyGenerators
from stabcheck.declare.methods.altgd import AltGD
from stabcheck.declare.methods.simgd import SimGD
from stabcheck.symbolic.spectrum import Z
from stabcheck.verify.audit import Typed, audit, audit_formulas
from stabcheck.verify.audit.formulas import vanishes
from tests.games import RandomGame

Q, HALF = sp.Rational, sp.Rational(1, 2)


def slopes(t):
    """`f'` and `f''` of `f(t) = -log(1 + e^-t)`, typed by hand."""
    s = 1 / (1 + np.exp(t))
    return s, -s * (1 - s)


def consensus(theta, psi, gamma, times=1.0, strength=1.0):
    """`v - gamma grad |v|^2/2` by hand; `times` stands before the term with `f' f''`."""
    d1, d2 = slopes(theta * psi)
    bent = times * (theta**2 + psi**2) * d1 * d2
    return (
        -psi * d1 - strength * gamma * (theta * d1**2 + psi * bent),
        theta * d1 - strength * gamma * (psi * d1**2 + theta * bent),
    )


def halved(theta, psi, gamma):
    return consensus(theta, psi, gamma, times=0.5)


def with_jax(theta, psi, gamma):
    """The same field, differentiated from the loss once more and not from stabcheck's."""
    value = lambda a, b: -jax.nn.softplus(-a * b)  # noqa: E731
    field = lambda a, b: (-jax.grad(value, 0)(a, b), jax.grad(value, 1)(a, b))  # noqa: E731
    speed = lambda a, b: sum(e**2 for e in field(a, b)) / 2  # noqa: E731
    v = field(theta, psi)
    return tuple(v[i] - gamma * jax.grad(speed, i)(theta, psi) for i in (0, 1))


GAME = Dirac("gan") + Consensus("gamma")


def check(function, game=GAME, **values):
    return audit(game, Typed("mine", function), values)


@pytest.fixture
def cli(capsys, tmp_path, monkeypatch):
    """Runs a command line in an empty folder; gives exit code, standard output and standard error."""
    monkeypatch.chdir(tmp_path)

    def call(line):
        code = run(shlex.split(line))
        streams = capsys.readouterr()
        assert "json" in line or all(len(row) <= 80 for row in streams.out.splitlines())
        return code, streams.out, streams.err

    return call


@pytest.fixture
def files(tmp_path):
    """Writes files into the folder in which commands run."""

    def write(name, text):
        (tmp_path / name).write_text(text)
        return str(tmp_path / name)

    return write


CONSENSUS = """
import numpy as np

def field(theta, psi, gamma, times=1.0):
    s = 1 / (1 + np.exp(theta * psi))
    bent = times * (theta**2 + psi**2) * -s**2 * (1 - s)
    return (-psi * s - gamma * (theta * s**2 + psi * bent),
            theta * s - gamma * (psi * s**2 + theta * bent))

def halved(theta, psi, gamma):
    return field(theta, psi, gamma, times=0.5)
"""


@pytest.fixture(scope="module")
def of_halved():
    return check(halved)


def test_a_halved_term_is_found_by_degree_and_monomial(of_halved):
    assert (of_halved.status, of_halved.taylor.degree) == ("departs", 3)
    assert of_halved.growth == pytest.approx(3, abs=1e-3)
    terms = {(t.component, str(t.monomial)): t for t in of_halved.taylor.terms}
    # By hand: f' = 1/2 and f'' = -1/4, so f' f'' = -1/8; psi^3 has -gamma f' f'', and psi theta^2
    # has three times that, of which the expansion of f'^2 gives two.
    cubic = terms["v_theta", "psi**3"]
    assert cubic.reference == sp.Symbol("gamma", nonnegative=True) / 8
    assert cubic.yours == pytest.approx(float(cubic.values["gamma"]) / 16, rel=1e-9)
    assert {key: t.ratio for key, t in terms.items()} == {
        ("v_theta", "psi**3"): Fraction(1, 2),
        ("v_theta", "psi*theta**2"): Fraction(5, 6),
        ("v_psi", "theta**3"): Fraction(1, 2),
        ("v_psi", "psi**2*theta"): Fraction(5, 6),
    }
    assert "do not see it" in of_halved.consequence
    assert of_halved.convention == ""


def test_the_farthest_point_is_where_it_says(of_halved):
    (worst, _) = of_halved.departures
    assert worst.yours == pytest.approx(halved(*worst.point.values())[0], rel=1e-13)
    assert worst.reference == pytest.approx(consensus(*worst.point.values())[0], rel=1e-13)
    assert worst.gap > 1e10


@pytest.mark.parametrize("function", [consensus, with_jax])
def test_right_fields_agree(function):
    result = check(function)
    assert (result.status, result.taylor.resolved, result.notes) == ("agrees", 5, ())
    assert result.gap < 64
    assert result.witnesses == ("symbolic", "numeric")
    assert result.consequence == ""
    assert result.points == 48


def test_what_neither_jax_nor_vectors_can_run_is_resolved_as_well():
    def opaque(theta, psi, gamma):
        return [float(e) for e in halved(float(theta), float(psi), gamma)]

    result = check(opaque, gamma=1)
    assert result.taylor.degree == 3
    assert {t.ratio for t in result.taylor.terms} == {Fraction(1, 2), Fraction(5, 6)}


def test_derivatives_with_respect_to_the_wrong_player():
    (*_, terms, _) = result = check(lambda a, b: (-b * (1 - a * b), a - b**2 * a), Dirac("lsgan")).taylor
    assert result.degree == 3
    values = {(t.component, str(t.monomial)): (t.yours, t.reference) for t in terms}
    assert values == {
        ("v_psi", "psi*theta**2"): (pytest.approx(0, abs=1e-9), -1),
        ("v_psi", "psi**2*theta"): (pytest.approx(-1), 0),
    }
    assert [t.ratio for t in terms if t.reference == 0] == [None]


def lsgan(a, b, gamma):
    """`v` of the LSGAN loss with R1, by hand."""
    return -b * (1 - a * b), a * (1 - a * b) - gamma * b


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (
            lambda a, b, gamma: [-e for e in lsgan(a, b, gamma)],
            "every sign is turned: yours is -v, where v = (-dL_i/dx_i) descends the losses",
        ),
        (
            lambda a, b, gamma: [s * e for s, e in zip((1, -1), lsgan(a, -b, gamma), strict=True)],
            "psi stands for -psi (D is high on real samples; here on generated ones)",
        ),
        (lambda a, b, gamma: (lsgan(a, b, gamma)[0], -lsgan(a, b, gamma)[1]), "the sign of v_psi is turned"),
        (lambda b, a, gamma: lsgan(a, b, gamma)[::-1], "the players stand in the order (psi, theta)"),
        (lambda a, b, gamma: lsgan(a, 2 * b, gamma), ""),
    ],
)
def test_a_convention_under_which_they_agree_is_named(function, words):
    result = check(function, Dirac("lsgan") + R1("gamma"))
    assert result.status == "departs"
    assert result.convention == words


def test_players_of_one_side_have_names_of_their_own():
    def field(a, b, psi, sign=1):
        (one, _), (two, _) = slopes(psi * a), slopes(psi * b)
        return -sign * psi * one / 2, -psi * two / 2, (a * one + b * two) / 2

    assert check(field, ManyGenerators()).status == "agrees"
    result = check(lambda a, b, psi: field(a, b, psi, sign=-1), ManyGenerators())
    assert [d.component for d in result.departures] == ["v_theta_1"]
    assert result.convention == "the sign of v_theta_1 is turned"
    assert [(str(t.monomial), t.ratio) for t in result.taylor.terms] == [("psi", -1)]


def test_a_wrong_jacobian_shows_both_spectra():
    result = check(lambda a, b, gamma: (-b / 2, a / 2 - 2 * gamma * b), Dirac("wgan") + R1("gamma"), gamma=1)
    assert result.taylor.degree == 1
    yours, right = result.taylor.spectra
    # z^2 + 2 z + 1/4 and, with f' = 1, z^2 + z + 1.
    assert np.poly(yours) == pytest.approx([1, 2, 0.25])
    assert np.poly(right) == pytest.approx([1, 1, 1])
    assert {str(t.monomial): t.ratio for t in result.taylor.terms if t.component == "v_psi"} == {
        "theta": Fraction(1, 2),
        "psi": Fraction(2),
    }


def test_a_field_that_does_not_rest():
    result = check(lambda a, b: (-b, a + 0.25), Dirac("wgan"))
    assert (result.taylor.degree, result.taylor.terms[0].yours) == (0, pytest.approx(0.25))
    assert "does not vanish" in result.consequence


def test_a_rest_point_off_the_origin_is_where_degrees_are_counted():
    game = Dirac("wgan", x0="x0")
    assert check(lambda a, b, x0: (-b, a - x0), game).status == "agrees"
    result = check(lambda a, b, x0: (-b + (a - x0) ** 2 * b, a - x0), game)
    assert result.taylor.degree == 3
    assert result.growth == pytest.approx(3, abs=1e-3)
    (term,) = result.taylor.terms
    theta, x0, psi = (sp.Symbol(n, real=True) for n in ("theta", "x0", "psi"))
    assert sp.expand(term.monomial - psi * (theta - x0) ** 2) == 0


def several(game, times=1):
    """`v` of a `RandomGame` by hand, with the cubic part of the last player this many times."""
    n = sum(game.dims)
    rest, unit = np.array(game.rest, float), np.eye(n)

    def slope(i, w, gamma):
        q, (b, c), d = (np.array(part[i], float) for part in (game.quadratic, game.cubic, game.linear))
        cubic = (b * (w @ c) ** 2 + 2 * (w @ b) * (w @ c) * c) / 10
        return (q + q.T) @ w / 20 + (times if i else 1) * cubic + d + gamma * w

    def field(x, y, gamma):
        assert (x.shape, y.shape) == ((2,), (3,))
        w = x @ unit[:2] + y @ unit[2:] - rest
        return -slope(0, w, gamma)[:2], -slope(1, w, gamma)[2:n]

    return field


def test_players_with_several_coordinates_get_arrays():
    game = RandomGame()
    assert check(several(game), game).status == "agrees"
    result = check(several(game, times=3), game)
    assert result.taylor.degree == 2
    assert {t.component for t in result.taylor.terms} == {"v_y_1", "v_y_2", "v_y_3"}
    assert {t.ratio for t in result.taylor.terms} == {3}


def test_arguments_may_be_written_into():
    def rude(theta, psi):
        out = -psi.copy(), theta.copy()
        psi[:] = 0
        return out

    assert check(rude, Dirac("wgan", dim=3)).status == "agrees"


def test_small_differences_are_seen_and_roundings_are_not():
    game = Dirac("lsgan") + R1("gamma")
    assert check(lambda a, b, gamma: np.multiply(lsgan(a, b, gamma), 1 + 1e-11), game).status == "departs"
    assert check(lambda a, b, gamma: np.multiply(lsgan(a, b, gamma), 1 + 2**-51), game).status == "agrees"


def test_a_difference_far_away_only_is_no_taylor_coefficient():
    cut = lambda a, b: (-np.clip(b, -1, 1), a)  # noqa: E731
    result = check(cut, Dirac("wgan"))
    assert (result.status, result.taylor.degree, result.growth) == ("departs", None, None)


def test_a_kink_of_the_function_has_no_coefficients():
    result = check(lambda a, b: (-b, a + abs(a) ** 3), Dirac("wgan"))
    assert (result.taylor.degree, result.taylor.resolved) == (None, -1)
    assert result.growth == pytest.approx(3, abs=1e-3)
    assert "starts at degree 3" in result.consequence


class Root(Bilinear):
    """`v = (1/(2 sqrt x) - 1/2 - y, x - 1)`, which has no value at negative `x`."""

    def equilibrium(self, xp):
        return xp.vector(1), xp.zeros(1)

    def losses(self, xp, *x):
        a, b = x[0][0], x[1][0]
        return a / 2 - xp.sqrt(a) + a * b, b - a * b


def test_points_where_the_game_has_no_value_are_left_out():
    result = check(lambda x, y: (1 / (2 * np.sqrt(x)) - 1 / 2 - y, x - 1), Root(), alpha=1)
    assert result.status == "agrees"
    assert 24 < result.points < 48
    assert result.witnesses == ("symbolic", "numeric")


def test_a_kink_at_rest_leaves_the_points():
    result = check(lambda a, b: (-b, a - (abs(b) - 1) * np.sign(b)), Dirac("wgan") + WganGP(1, 1))
    assert result.taylor.resolved == -1
    assert "kink" in result.notes[0]


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda a: (a, a), r"takes 1 positional arguments; the game's are \(theta, psi\)"),
        (lambda a, b, gama: (a, b), "needs gama, no hyperparameter of this game; those are: dim, gamma, x0"),
        (lambda a, b: (a, b), "takes no gamma; say what it has built in: --gamma VALUE"),
        (lambda a, b, gamma: a, "returned float64; return one each for theta, psi"),
        (lambda a, b, gamma: (a, b, a), r"entries of sizes \(1, 1, 1\); return one each for theta, psi"),
        (lambda a, b, gamma: (a, None), "returned object where real numbers are expected"),
        (lambda a, b, gamma: (a, 1j * b), "returned complex128 where real numbers are expected"),
        (
            lambda a, b, gamma: (a, [b, b]),
            r"sizes \(1, 2\); return one each for theta, psi, of sizes \(1, 1\)",
        ),
        (lambda a, b, gamma: 1 / 0, "raised ZeroDivisionError: division by zero"),
    ],
)
def test_a_function_that_cannot_be_compared_is_refused(function, message):
    with pytest.raises(BadInput, match=message):
        check(function)


def test_values_built_in_are_taken_from_what_was_given():
    built_in = lambda a, b: lsgan(a, b, 0.5)  # noqa: E731
    assert check(built_in, Dirac("lsgan") + R1("gamma"), gamma=Fraction(1, 2)).status == "agrees"
    assert check(built_in, Dirac("lsgan") + R1("gamma"), gamma=1).status == "departs"


def test_a_function_that_takes_any_keyword_gets_the_open_names():
    def field(theta, psi, **values):
        assert set(values) == {"gamma"}
        return lsgan(theta, psi, **values)

    assert check(field, Dirac("lsgan") + R1("gamma")).status == "agrees"


def test_seeds_choose_the_points():
    wrong = Typed("mine", lambda a, b: (b, a))
    one, other = (audit(Dirac("wgan"), wrong, seed=s).departures[0].point for s in (0, 1))
    assert one != other


# The command line


def test_the_command_finds_the_half(cli, files):
    files("fields.py", CONSENSUS)
    code, out, err = cli("audit fields.py:halved --reg consensus")
    text = " ".join(out.split())
    assert (code, err) == (1, "")
    assert "v_theta: psi^3: yours" in text
    assert "right gamma/8 " in text
    assert "half of the right term" in text
    assert "starts at degree 3: Jacobian and eigenvalues at the equilibrium do not see it" in text


def test_json_says_the_same(cli, files):
    files("fields.py", CONSENSUS)
    code, out, _ = cli("audit fields.py:halved --reg consensus --gamma 1 --format json --seed 3")
    answer = json.loads(out)
    assert code == 1
    assert (answer["status"], answer["degree"], answer["seed"]) == ("departs", 3, 3)
    assert answer["terms"][0] | {"yours": 0, "right_value": 0} == {
        "component": "v_theta", "monomial": "psi*theta**2", "yours": 0, "right": "3/8", "right_value": 0,
        "values": {}, "ratio": "5/6",
    }  # fmt: skip
    assert answer["terms"][0]["yours"] == pytest.approx(5 / 16)


def test_json_stays_clean_of_what_the_file_prints(cli, files):
    files("loud.py", "print('hello')\ndef v(a, b):\n    print('again')\n    return -b, a\n")
    code, out, err = cli("audit loud.py:v --loss wgan --format json")
    assert code == 0
    assert json.loads(out)["status"] == "agrees"
    assert "hello" in err


@pytest.mark.parametrize(
    ("text", "target", "message"),
    [
        ("def f(a, b):\n    return -b, c\n", "f.py:f", "raised NameError: name 'c' is not defined (line 2)"),
        ("x = 1\ny = 1 / 0\n", "f.py:f", "raised ZeroDivisionError: division by zero (line 2)"),
        ("def f(:\n", "f.py:f", "raised SyntaxError: invalid syntax (line 1)"),
        ("import sys\nsys.exit(3)\n", "f.py:f", "raised SystemExit: 3 (line 2)"),
        ("field = 1\n", "f.py:field", "unknown function of f.py 'field'"),
        ("def field(a, b): ...\n", "f.py:feild", "unknown function of f.py 'feild'; did you mean 'field'?"),
        ("", "g.py:f", "there is no file g.py"),
        ("", "f.py", "names no function; write FILE.py:function"),
        ("", "no.such.module:f", "raised ModuleNotFoundError: No module named 'no'"),
        ("", "f:f", "raised ModuleNotFoundError: No module named 'f'"),
    ],
)
def test_a_file_that_fails_is_one_line(cli, files, text, target, message):
    files("f.py", text)
    code, out, err = cli(f"audit {target} --loss wgan")
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert message in err


def test_the_seed_is_a_whole_number(cli, files):
    files("f.py", "def f(a, b):\n    return -b, a\n")
    assert "seed must be" in cli("audit f.py:f --seed -1")[2]


def test_a_module_is_found_where_python_looks(cli, files, tmp_path, monkeypatch):
    files("shelf.py", "def v(a, b):\n    return -b, a\n")
    assert cli("audit shelf:v --loss wgan")[0] == 2
    monkeypatch.syspath_prepend(str(tmp_path))
    assert cli("audit shelf:v --loss wgan")[0] == 0


# Formulas


def test_the_misprinted_eigenvalues_are_found(cli, files):
    files(
        "gp.toml",
        'eigenvalues = ["-gamma/2 ± sqrt(gamma^2/4 - f1)"]\njacobian = [["0", "-f1"], ["f1", "-gamma"]]',
    )
    code, out, _ = cli("audit gp.toml --reg gp")
    text = " ".join(out.split())
    assert code == 1
    assert "jacobian agrees for all values" in text
    assert "wrong eigenvalue: -gamma/2 + sqrt(gamma^2/4 - f1)" in text
    assert "wrong eigenvalue: -gamma/2 - sqrt(gamma^2/4 - f1)" in text
    assert "polynomial z^2 + gamma*z + f'(0)^2" in text
    assert "right -gamma/2 ± sqrt(gamma^2/4 - f'(0)^2)" in text
    files("right.toml", 'eigenvalues = ["-gamma/2 +- sqrt(gamma^2/4 - f1^2)"]')
    code, out, _ = cli("audit right.toml --reg gp")
    assert code == 0
    assert "eigenvalues   agrees for all values" in out


def formulas(files, text, game, operator=None, **values):
    return audit_formulas(files("x.toml", text), game, operator, values)


def test_one_wrong_entry_is_named_with_the_right_one(files):
    text = 'jacobian = [["0", "f1"], ["f1", "-gamma"]]'
    (check_,) = formulas(files, text, Dirac("gan") + R1("gamma")).checks
    (entry,) = check_.wrong
    assert (entry.place, entry.yours, str(entry.reference)) == ("jacobian (1, 2)", "f1", "-f1")


def test_numbers_stand_for_the_loss_that_was_named(files):
    text = 'jacobian = [["0", "-1/2"], ["1/2", "-gamma"]]'
    assert formulas(files, text, Dirac("gan") + R1("gamma")).status == "agrees"
    assert formulas(files, text, Dirac("wgan") + R1("gamma")).status == "departs"
    # At f1 = 1, f1 is f1^2; a formula that says f1 is held to every loss all the same.
    misprint = 'eigenvalues = ["-gamma/2 ± sqrt(gamma^2/4 - f1)"]'
    assert formulas(files, misprint, Dirac("wgan") + R1("gamma")).status == "departs"


def test_what_was_given_stays(files):
    text = 'jacobian = [["0", "-f1"], ["f1", "-3"]]'
    game = Dirac("gan") + R1("gamma")
    assert formulas(files, text, game, gamma=3).status == "agrees"
    assert formulas(files, text, game).status == "departs"


GP, ALT = Dirac("gan") + R1("gamma"), AltGD("h")
F1, GAMMA, H = (
    sp.Symbol("f1", nonzero=True),
    sp.Symbol("gamma", nonnegative=True),
    sp.Symbol("h", positive=True),
)


@pytest.mark.parametrize(
    ("key", "text", "operator", "values", "polynomial"),
    [
        # With f1, a formula is meant for every loss, and its number stays open in what is right.
        ("eigenvalues", '["f1"]', None, {}, Z**2 + GAMMA * Z + F1**2),
        ("eigenvalues", '["f1"]', None, {"gamma": "1/2"}, Z**2 + Z / 2 + F1**2),
        ("eigenvalues", '["gamma"]', None, {}, Z**2 + GAMMA * Z + Q(1, 4)),
        ("eigenvalues", '["3"]', None, {"gamma": 3}, Z**2 + 3 * Z + Q(1, 4)),
        ("eigenvalues", '["3"]', None, {"gamma": 1}, (Z + HALF) ** 2),
        ("eigenvalues", '["h"]', ALT, {"h": 1}, Z**2 + (Q(1, 4) + GAMMA - 2) * Z + 1 - GAMMA),
        ("eigenvalues", '["h"]', ALT, {"h": 2, "gamma": 1}, Z**2 + Z - 1),
        ("jacobian", '[["0", "-1/2"], ["1/2", "0"]]', None, {"gamma": 7}, -7),
        ("jacobian", '[["0", "-f1"], ["f1", "0"]]', None, {"gamma": "1/7"}, -Q(1, 7)),
        ("update_matrix", '[["1", "-h/2"], ["h/2", "1"]]', ALT, {"h": 2}, -2 * GAMMA),
        ("update_matrix", '[["1", "-h*f1"], ["h*f1", "1"]]', ALT, {"gamma": 0, "h": 3}, 1 - 9 * F1**2),
    ],
)
def test_what_is_right_has_the_values_given(files, key, text, operator, values, polynomial):
    """By hand: `z^2 + gamma z + f1^2`, and `z^2 - (2 - h gamma - h^2 f1^2) z + 1 - h gamma` of altgd."""
    (result,) = formulas(files, f"{key} = {text}", GP, operator, **values).checks
    plain = lambda e: e.subs({s: sp.Symbol(s.name) for s in e.free_symbols})  # noqa: E731
    shown = result.wrong[-1].reference if result.polynomial is None else result.polynomial
    assert sp.expand(plain(shown) - plain(sp.sympify(polynomial))) == 0
    for roots in result.reference:
        (one, *_) = roots.formulas
        assert sp.simplify(result.polynomial.subs(Z, one)) == 0


def test_a_root_of_a_negative_number_is_an_eigenvalue(files):
    """`z^2 + z/2 + 1/4` at f1 = gamma = 1/2."""
    text = 'eigenvalues = ["-1/4 ± sqrt(1/16 - 1/4)"]'
    assert formulas(files, text, GP, gamma="1/2").status == "agrees"
    assert formulas(files, text, GP, gamma="1/3").status == "departs"
    with pytest.raises(BadInput, match="the square root takes a number >= 0"):
        formulas(files, 'jacobian = [["0", "sqrt(1/16 - 1/4)"], ["1/2", "0"]]', GP)


@pytest.mark.parametrize(
    ("text", "status", "missing"),
    [
        ('["± i*f1"]', "agrees", ""),
        ('["i*f1", "-i*f1"]', "agrees", ""),
        ('["i*f1"]', "departs", "1 of 2 eigenvalues are not in the list"),
        ('["i*f1", "i*f1"]', "departs", "1 of 2 eigenvalues are not in the list"),
        ('["± f1"]', "departs", ""),
    ],
)
def test_lists_of_eigenvalues_are_complete(files, text, status, missing):
    result = formulas(files, f"eigenvalues = {text}", Dirac("gan"))
    assert (result.status, result.checks[0].missing) == (status, missing)


def test_only_one_sign_may_be_wrong(files):
    result = formulas(files, 'eigenvalues = ["i*f1/2 ± i*f1/2"]', Dirac("gan"))
    assert [e.yours for e in result.checks[0].wrong] == ["i*f1/2 - i*f1/2"]
    # All signs of a text change together: here they cancel, and one eigenvalue stands there twice.
    twice = formulas(files, 'eigenvalues = ["1 ± h*f1*(± i)"]', Dirac("gan"), SimGD("h"))
    assert twice.checks[0].missing == "1 of 2 eigenvalues are not in the list"
    assert formulas(files, 'eigenvalues = ["(± i)*h*f1 + 1"]', Dirac("gan"), SimGD("h")).status == "agrees"


def test_update_matrices_belong_to_a_method(cli, files):
    files("m.toml", 'update_matrix = [["1", "-h*f1"], ["h*f1", "1"]]\neigenvalues = ["1 ± i*h*f1"]')
    code, out, _ = cli("audit m.toml --method simgd")
    assert code == 0
    assert out.count("agrees for all values") == 2
    assert cli("audit m.toml --method altgd")[0] == 1
    code, _, err = cli("audit m.toml")
    assert code == 2
    assert "update_matrix needs a method" in err


def test_field_formulas_are_held_to_the_losses(cli, files):
    files("f.toml", 'field = ["-psi*(1 - psi*theta)", "theta*(1 - psi*theta) - gamma*psi"]')
    code, out, _ = cli("audit f.toml --loss lsgan --reg gp")
    assert code == 0
    assert "agree to degree 5" in out
    files("g.toml", 'field = ["-psi*(1 - psi*theta)", "theta*(1 - psi*theta) - 2*gamma*psi"]')
    code, out, _ = cli("audit g.toml --loss lsgan --reg gp --format json")
    assert code == 1
    assert [t["ratio"] for t in json.loads(out)["field"]["terms"]] == ["2"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty; give one of jacobian"),
        ("jacobain = []", "unknown key of x.toml 'jacobain'; did you mean 'jacobian'?"),
        ("jacobian = 1", "must be a list such as"),
        ("jacobian = [1]", "must be a list such as"),
        ("jacobian = [[true]]", "must hold formulas in quotes"),
        ('jacobian = [["0"]]', "must have 2 rows of 2 formulas each"),
        ('field = ["psi"]', "field must have 2 formulas, one for each of theta, psi"),
        ('field = ["f1", "0"]', "unknown name 'f1'"),
        ('eigenvalues = ["gamma"]', "unknown name 'gamma'"),
        ('eigenvalues = ["1/(f1 - f1)"]', "has no value"),
        ("eigenvalues = [", "cannot be read as TOML"),
    ],
)
def test_a_file_of_formulas_that_cannot_be_used_is_refused(cli, files, text, message):
    files("x.toml", text)
    code, out, err = cli("audit x.toml")
    assert (code, out) == (2, "")
    # A formula stands below, with a caret under the place.
    assert err.count("\n") == (3 if "unknown name" in message else 1)
    assert message in err


def test_files_of_formulas_are_text(cli, files, tmp_path):
    (tmp_path / "y.toml").write_bytes(b"\xff\xfe")
    assert "cannot be read as TOML" in cli("audit y.toml")[2]
    assert "z.toml cannot be read as TOML: No such file" in cli("audit z.toml")[2]


def test_zero_is_told_from_what_is_nearly_zero():
    assert vanishes(sp.sqrt(2) * sp.sqrt(3, evaluate=False) - sp.sqrt(6))
    assert not vanishes(sp.sqrt(2) - sp.Rational(14142135623730950488016887242096980785696718, 10**43))
    with pytest.raises(Undecidable):
        vanishes(sp.Symbol("x"))
