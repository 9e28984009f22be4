"""The command line, as a person uses it."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time

import pytest
import sympy as sp

from stabcheck.cli import terminal


def data(cli, line):
    code, out, err = cli(f"{line} --format json")
    assert code == 0
    assert err == ""
    return json.loads(out)


def test_the_headline_command_is_honest_about_the_double_eigenvalue(cli):
    answer = data(cli, "eigen --reg gp --gamma 1")
    assert answer["eigenvalues"] == [
        {"exact": "-1/2", "value": {"re": -0.5, "im": 0.0}, "multiplicity": 2, "place": "inside"}
    ]
    assert answer["verdict"] == "stable"
    assert "critically damped" in answer["classification"]
    assert answer["spectral_abscissa"] == -0.5
    verification = answer["verification"]
    assert verification["status"] == "agrees"
    assert verification["matrix_gap"] <= 4
    assert verification["polynomial_gap"] <= 4
    assert verification["witnesses"] == ["symbolic", "numeric", "literature"]


def test_json_has_the_published_shape(cli):
    answer = data(cli, "eigen --reg gp --gamma 1 --no-verify")
    assert answer["schema"] == 1
    assert (answer["game"], answer["loss"], answer["penalties"], answer["method"]) == (
        "dirac",
        "gan",
        ["gp"],
        "flow",
    )
    assert answer["hyperparameters"] == {"gamma": "1"}
    assert answer["symbols"] == ["theta", "psi", "f1", "f2", "gamma", "z"]
    assert answer["jacobian"] == [["0", "-f1"], ["f1", "-gamma"]]
    assert answer["update_matrix"] is None
    assert answer["characteristic_polynomial"] == "z**2 + gamma*z + f1**2"
    assert [f["formula"] for f in answer["closed_form"]] == [
        "-gamma/2 + sqrt(gamma**2/4 - f1**2)", "-gamma/2 - sqrt(gamma**2/4 - f1**2)",
    ]  # fmt: skip
    assert answer["conditions"] == ["gamma > 0"]
    assert answer["spectral_radius"] is None
    assert answer["verification"]["status"] == "skipped"
    assert set(answer["versions"]) == {"stabcheck", "sympy", "jax", "python-flint"}


LINES = [
    "eigen", "eigen --method simgd", "eigen --method simgd --h-g 1/10", "eigen --method altgd",
    "eigen --method altgd --h-g 1/10 --h-d 1/5 --n-d 3", "eigen --reg r2 --method simgd", "eigen --reg noise",
    "eigen --reg noise --on real --method altgd", "eigen --reg consensus", "eigen --reg nk --method simgd",
    "eigen --x0 1", "eigen --reg gp --reg noise", "eigen --reg gp --reg consensus",
    "eigen --loss wgan --reg clip",
    "eigen --dim 3 --reg gp", "eigen --tau-d 2 --reg gp", "eigen --loss germ",
    "eigen --loss lsgan --order d,g --method altgd",
]  # fmt: skip


@pytest.mark.parametrize("line", LINES)
def test_formulas_read_back_as_the_roots_of_the_polynomial(cli, line):
    answer = data(cli, f"{line} --no-verify")
    names = {name: sp.Symbol(name, real=True, nonzero=True) for name in answer["symbols"]}
    read = lambda text: sp.sympify(text, locals=names)  # noqa: E731
    polynomial = read(answer["characteristic_polynomial"])
    product = sp.Integer(1)
    for entry in answer["closed_form"]:
        product *= (names["z"] - read(entry["formula"])) ** entry["multiplicity"]
    assert sp.expand(sp.expand(product) - sp.expand(polynomial)) == 0
    matrix = sp.Matrix([[read(e) for e in row] for row in answer["update_matrix"] or answer["jacobian"]])
    if answer["method"] == "flow" and "--tau-d" not in line:
        stated = sp.Poly(polynomial, names["z"]).all_coeffs()
        assert [sp.expand(a - b) for a, b in zip(matrix.charpoly().all_coeffs(), stated, strict=True)] == [
            0
        ] * len(stated)
    for text in (*answer["vector_field"], *answer["conditions"]):
        assert {s.name for s in read(text).free_symbols} <= set(names)


@pytest.mark.parametrize("line", LINES)
def test_text_fits_eighty_columns(cli, line):
    code, out, err = cli(f"{line} --no-verify")
    assert code == 0
    assert err == ""
    assert max(map(len, out.splitlines())) <= 80


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("eigen --reg gp --gamma 1", "-gamma/2 ± sqrt(gamma^2/4 - f'(0)^2)"),
        ("eigen --method simgd", "1 ± i*f'(0)*h"),
        ("eigen --method altgd", "1 - omega^2/2 ± sqrt((1 - omega^2/2)^2 - 1)"),
        ("eigen --method altgd", "with omega = f'(0)*h"),
        ("eigen --reg noise", "f''(0)*sigma^2 ± sqrt(f''(0)^2*sigma^4 - f'(0)^2)"),
        ("eigen --reg nk", "-eta*f'(0)^2 ± f'(0)*sqrt(eta^2*f'(0)^2 - 1)"),
        ("eigen --reg consensus", "-f'(0)^2*gamma ± i*f'(0)"),
        ("eigen", "± i*f'(0)"),
        (
            "eigen --method altgd",
            "never stable: an eigenvalue lies on the unit circle or beyond for every h;",
        ),
        ("eigen --method altgd --h 0.5", "verdict       neutral"),
        ("eigen --method altgd --h 4", "lacks eigenvectors"),
        ("eigen --method altgd --h 5", "verdict       unstable"),
        ("eigen --method simgd", "unstable: an eigenvalue lies outside the unit circle for every h"),
        (
            "eigen --reg gp --gamma 1/10 --method simgd --h 2/5",
            "neutral: every eigenvalue lies on the unit circle",
        ),
        ("eigen --reg gp --gamma 1/10 --method simgd --h 0.39", "verdict       stable"),
        ("eigen --reg gp --gamma 1/10 --method simgd --h 0.41", "verdict       unstable"),
        ("eigen --reg wgan-gp", "not differentiable: |grad_x D| has a kink at the equilibrium"),
        ("eigen --reg wgan-gp", "WGAN-GP does not converge to the equilibrium"),
        ("eigen --loss wgan --reg clip", "verdict       neutral"),
        ("eigen --x0 1", "stable focus, oscillatory"),
        ("eigen --reg gp --gamma 3", "stable node, not oscillatory"),
        ("eigen --reg gp", "depends: stable exactly where the conditions hold"),
        ("eigen --loss germ --f1 1 --f2 2 --reg noise --sigma 1/2", "verdict       unstable"),
    ],
)
def test_what_people_read(cli, line, expected):
    code, out, _ = cli(f"{line} --no-verify")
    assert code == 0
    assert " ".join(expected.split()) in " ".join(out.split())


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("eigen --reg gpp", "unknown penalty 'gpp'; did you mean 'gp'?"),
        ("eigen --loss ggan", "unknown loss 'ggan'; did you mean 'gan'?"),
        ("eigen --method sgd", "unknown method 'sgd'; did you mean 'simgd'?"),
        ("eigen --game dirc", "unknown game 'dirc'; did you mean 'dirac'?"),
        ("eigen --reg gp --gamma -1", "gamma must be a number >= 0, not -1"),
        (
            "eigen --reg gp --gamma x",
            "gamma must be a number >= 0: 'x' is not a number; write it as 1, 1/2, 0.1",
        ),
        ("eigen --reg gp --gamma nan", "'nan' is not a number"),
        ("eigen --reg gp --gamma 1/0", "'1/0' divides by zero"),
        ("eigen --reg gp --gamma 1e-1000000000", "'1e-1000000000' is out of range"),
        ("eigen --reg gp --gamma 9**9**9", "'9**9**9' is not a number"),
        ("eigen --reg gp --gamma __import__('os')", "is not a number"),
        (f"eigen --reg gp --gamma {'9' * 5000}", "is too long"),
        ("eigen --reg gp --gamma \N{ARABIC-INDIC DIGIT ONE}", "is not a number"),
        ("eigen --method simgd --h 0", "h must be a number > 0, not 0"),
        ("eigen --method altgd --n-d 0", "n_d must be a whole number from 1 to 10000, not 0"),
        ("eigen --dim 101", "dim must be a whole number from 1 to 100, not 101"),
        ("eigen --method altgd --n-d 1.5", "n_d must be a whole number"),
        ("eigen --format xml", "unknown format 'xml'"),
        (
            "eigen --gamma 1",
            "no chosen part has gamma; it belongs to consensus, decay, dragan, gp, ",
        ),
        ("eigen --set gp.gamma=1", "no chosen part has gp.gamma"),
        ("eigen --reg gp --set gp.gama=1", "did you mean"),
        ("eigen --reg gp --gamma 1 --gamma 2", "--gamma is given 2 values"),
        ("eigen --reg gp --gamma 1 --set gamma=2", "two values are given for gamma"),
        ("eigen --method flow --method simgd", "--method is given 2 values"),
        ("eigen --loss gan --loss wgan", "--loss is given 2 values"),
        ("eigen --loss=", "unknown loss ''"),
        ("eigen --reg gp --gamma 1 --set gp.gamma=2", "two values are given for gp.gamma"),
        ("eigen --reg gp --set gp.gamma=1 --set gp.gamma=1", "two values are given for gp.gamma"),
        ("eigen --reg gp --set gamma", "is no assignment"),
        ("eigen --reg gp --reg consensus --gamma 1", "--gp.gamma 1 --consensus.gamma 1"),
        ("eigen --reg gp --reg r1", "penalty 'gp' is given 2 times"),
        ("eigen --method simgd --h 1 --h-g 1", "use one form"),
        ("eigen --reg noise --on nowhere", "unknown value of on 'nowhere'"),
        ("eigen --method altgd --order g", "order must name each player once, such as d,g"),
        ("eigen --gama 1", "No such option: --gama"),
        ("eigen --reg gp --set gama=1", "did you mean 'gamma'? the chosen parts have dim, gamma, tau, x0"),
        ("eigen extra", "unexpected 'extra'; values follow their option"),
        ("eigen --seed x", "not a valid int"),
        ("lst", "No such command 'lst'"),
        ("list penaltys", "unknown kind 'penaltys'; did you mean 'penalties'?"),
        ("verify --reg nothing", "unknown penalty 'nothing'"),
        ("verify --game bilinear --reg gp", "no combination has these parts"),
        ("verify --method lookahead:nothing", "unknown method 'nothing'"),
        ("eigen --method lookahead:flow", "lookahead acts on the steps of a method; flow is a flow"),
        ("eigen --method simgd --inner altgd", "simgd takes no method inside; leave 'altgd' out"),
        ("eigen --method sga:cgd", "the method inside sga asks for second derivatives"),
        ("eigen --method sga --inner sga", "method 'sga' is given 2 times"),
        ("eigen --method lookahead --k 0", "k must be a whole number from 1 to 100, not 0"),
        ("eigen --method lookahead --slow 3/2", "slow must be a number in (0, 1], not 3/2"),
        ("eigen --method ema --decay 1", "decay must be a number in [0, 1), not 1"),
        ("eigen --method unrolled --leader q", "unknown player 'q'; known: d, g"),
        ("eigen --method ttur", "not isolated there"),
        ("eigen --game bilinear --h-g 1 --method simgd", "h_g is for no player of this game"),
        ("compare", "Missing option '--methods'"),
        ("compare --methods simgd,simgd", "simgd is named 2 times"),
        ("compare --methods simgd,nothing", "unknown method 'nothing'"),
        ("compare --methods simgd,", "unknown method ''"),
        ("compare --methods simgd --gamma 1", "no chosen part has gamma; it belongs to"),
        ("compare --methods simgd,altgd --h 1,2 --n 1,2", "h and n both hold several values"),
        ("compare --methods simgd --h 1,x", "h must be a number > 0"),
        ("compare --methods simgd --h 1,,2", "h must be a number > 0"),
        (
            "compare --methods heavy-ball --beta-1 1/2",
            "beta_1 is for no player of this game; beta may be given for g, d",
        ),
        ("compare --methods simgd --format pdf", "unknown format 'pdf'"),
    ],
)
def test_bad_input_is_one_line(cli, line, expected):
    code, out, err = cli(line)
    assert code == 2
    assert out == ""
    assert err.count("\n") == 1
    assert expected in err
    assert "Traceback" not in err


def test_a_bare_call_shows_the_help(cli):
    code, out, err = cli("")
    assert code == 0
    assert err == ""
    assert out.startswith("Usage: stabcheck")


@pytest.mark.parametrize(
    "line",
    [
        "eigen --reg wgan-gp --reg consensus --method simgd",
        "eigen --reg gp --gamma 1e-60",
        "eigen --reg noise --reg consensus --dim 2",
    ],
)
def test_long_words_are_broken(cli, line):
    code, out, _ = cli(f"{line} --no-verify")
    assert code == 0
    assert max(map(len, out.splitlines())) <= 80


def test_a_boundary_is_exactly_one(cli):
    answer = data(cli, "eigen --reg gp --gamma 1/10 --method simgd --h 2/5 --no-verify")
    assert answer["spectral_radius"] == 1.0
    _, out, _ = cli("eigen --reg gp --gamma 1e-40 --method simgd --h 1e-39 --no-verify")
    assert "just above 1" in out


def test_names_of_two_owners_are_told_apart(cli):
    answer = data(
        cli, "eigen --reg gp --reg consensus --set gp.gamma=1 --set consensus.gamma=1/2 --no-verify"
    )
    assert answer["hyperparameters"] == {"gamma_gp": "1", "gamma_consensus": "1/2"}
    assert "gamma_consensus" in answer["jacobian"][0][0]
    assert answer["verdict"] == "stable"


def test_order_of_penalties_matters(cli):
    values = "--set gp.gamma=1 --set consensus.gamma=1 --no-verify"
    after = data(cli, f"eigen --reg gp --reg consensus {values}")
    before = data(cli, f"eigen --reg consensus --reg gp {values}")
    assert after["characteristic_polynomial"] != before["characteristic_polynomial"]


def test_alias_none_and_many_digits(cli):
    assert data(cli, "eigen --reg r1 --no-verify")["penalties"] == ["gp"]
    assert data(cli, "eigen --reg none --no-verify")["penalties"] == []
    answer = data(cli, "eigen --reg gp --gamma 1 --method altgd --h 1/10 --n-d 1000 --no-verify")
    assert answer["verdict"] == "stable"
    assert answer["closed_form"] is None
    assert answer["without_formulas"] == "the sub-steps make formulas too long to read"


def test_verify_prints_a_table_and_counts(cli):
    code, out, _ = cli("verify --reg gp --method flow --seed 4")
    assert code == 0
    assert "seed 4" in out
    assert "10 agrees; 0 without a third witness" in out
    assert max(map(len, out.splitlines())) <= 80


def test_verify_fails_when_a_witness_disagrees(cli, monkeypatch):
    from stabcheck.verify import witnesses as verify

    monkeypatch.setattr(verify, "TOLERANCE", -1.0)
    code, out, _ = cli("verify --game dirac --reg gp --method flow --loss gan")
    assert code == 1
    assert "1 disagrees" in out
    code, out, _ = cli("eigen --reg gp --gamma 1")
    assert code == 1
    assert "disagrees" in out


def test_list_names_every_part(cli):
    code, out, _ = cli("list")
    assert code == 0
    assert max(map(len, out.splitlines())) <= 80
    code, text, _ = cli("list --format json")
    answer = json.loads(text)
    assert set(answer) == {"games", "losses", "penalties", "methods"}
    for entries in answer.values():
        for entry in entries:
            assert entry["name"] in out
            assert entry["formula"]
            assert entry["source"]
    gamma = next(e for e in answer["penalties"] if e["name"] == "gp")["hyperparameters"][0]
    assert gamma["domain"] == "a number >= 0"


def test_list_counts_what_a_step_costs(cli):
    _, out, _ = cli("list methods")
    text = " ".join(out.split())
    assert "cgd x+ = x + d, d = h (v(x) + C d)" in text
    assert "costs 2 gradients and a linear solve of 2 Hessian products per iteration Sch" in text
    answer = {e["name"]: e["cost"] for e in json.loads(cli("list methods --format json")[1])["methods"]}
    assert answer["extragradient"]["gradients"] == 4
    assert answer["heavy-ball"] == {
        "memory": 1, "gradients": 2, "products": 0, "solver": "", "inner_gradients": 0, "inner_products": 0,
    }  # fmt: skip
    assert answer["implicit"]["solver"] == "nonlinear"


def test_compare_prints_the_published_table(cli):
    line = "compare --game bilinear --alpha 1,3,6 --methods simgd,lcgd,sga,ogda,cgd"
    code, out, err = cli(line)
    assert (code, err) == (0, "")
    rows = {row.split()[0]: row.split()[1:] for row in out.splitlines()[1:6]}
    assert rows == {
        "simgd": ["1.0198", "u", "1.1662", "u", "1.5620", "u"],
        "lcgd": ["0.9806", "0.8773", "1.2781", "u"],
        "sga:simgd": ["0.8246", "1.0000", "n", "6.3151", "u"],
        "ogda": ["0.9789", "1.0574", "u", "2.3448", "u"],
        "cgd": ["0.9806", "0.8575", "0.6402"],
    }
    assert "typical values, where none was given: h = 1/5, lam = 1" in out
    assert max(map(len, out.splitlines())) <= 80
    answer = json.loads(cli(f"{line} --format json")[1])
    assert answer["assumed"] == {"h": "1/5", "lam": "1"}
    assert [(r["method"], r["verdict"]) for r in answer["rows"] if r["at"] == "alpha = 3"] == [
        ("simgd", "unstable"),
        ("lcgd", "stable"),
        ("sga:simgd", "neutral"),
        ("ogda", "unstable"),
        ("cgd", "stable"),
    ]


def test_compare_says_what_has_no_number(cli):
    _, out, _ = cli("compare --reg wgan-gp --methods flow,simgd")
    assert "kink" in out
    assert "has a kink at the equilibrium" in out
    _, out, _ = cli("compare --methods ttur,simgd")
    assert "n/a" in out
    assert "not isolated there" in " ".join(out.split())


def test_compare_tells_every_value_that_it_used(cli):
    _, out, _ = cli("compare --methods lookahead,lola --h 1/5")
    assert "slow = 1/2" in " ".join(out.split())
    assert "e = 1" in " ".join(out.split())
    assert "k = 5" in out
    _, out, _ = cli("compare --methods altgd --order d,g --h 1,2")
    assert "given: order = d,g" in out
    code, _, err = cli("compare --methods eg,extragradient")
    assert code == 2
    assert "extragradient is named 2 times" in err


def test_values_of_one_name_are_told_apart(cli):
    values = "--set lookahead.k=3 --unroll 2 --h 1/10 --no-verify"
    answer = data(cli, f"eigen --method lookahead --inner unrolled {values}")
    assert answer["hyperparameters"] == {"k": "3", "unroll": "2", "h": "1/10"}
    assert data(cli, "eigen --method lookahead --no-verify")["hyperparameters"] == {"k": "5"}


def test_what_is_too_long_to_write_has_numbers_still(cli):
    answer = data(cli, "eigen --method chekhov --opponents 20 --no-verify")
    assert answer["without_formulas"] == (
        "the characteristic polynomial is too long to write; give values for a verdict"
    )
    assert data(cli, "eigen --method chekhov --opponents 20 --h 1/10 --no-verify")["verdict"] == "unstable"


def test_compare_breaks_many_columns(cli):
    code, out, _ = cli("compare --methods simgd,altgd --h 1/10,1/5,3/10,2/5,1/2,3/5 --h-g 1")
    assert code == 2
    code, out, _ = cli("compare --methods simgd,altgd --h 1/10,1/5,3/10,2/5,1/2,3/5")
    assert code == 0
    assert out.count("simgd") == 2
    assert max(map(len, out.splitlines())) <= 80


@pytest.mark.parametrize(
    "line",
    [
        "--method heavy-ball --alternating",
        "--method alternating --inner heavy-ball",
        "--method alternating:heavy-ball",
    ],
)
def test_a_chain_is_spelled_in_three_ways(cli, line):
    answer = data(cli, f"eigen {line} --h 1 --beta -1/2 --no-verify")
    assert answer["method"] == "alternating:heavy-ball"
    assert answer["verdict"] == "stable"
    assert answer["hyperparameters"] == {"h": "1", "beta": "-1/2"}


def test_turns_go_to_the_innermost_method(cli):
    values = "--k 2 --slow 1/2 --h 1 --no-verify"
    answer = data(cli, f"eigen --method lookahead --inner simgd --alternating {values}")
    same = data(cli, f"eigen --method lookahead:altgd {values}")
    assert answer["method"] == "lookahead:alternating:simgd"
    assert answer["update_matrix"] == same["update_matrix"]


def test_the_spectral_map_is_shown(cli):
    answer = data(cli, "eigen --method heavy-ball --no-verify")
    assert answer["spectral_map"] == "z**2 + z*(-1 - beta - h*mu) + beta"
    assert len(answer["closed_form"]) == 4
    _, out, _ = cli("eigen --method heavy-ball --reg gp --format latex")
    assert r"\varphi(\mu, z) &=" in out


def test_version_names_what_computes(cli):
    code, out, _ = cli("--version")
    assert code == 0
    assert [word.split()[0] for word in out.split(", ")] == ["stabcheck", "sympy", "jax", "python-flint"]


@pytest.mark.parametrize("command", ["eigen", "compare", "verify", "list"])
def test_help_has_two_examples(cli, command):
    code, out, _ = cli(f"{command} --help")
    assert code == 0
    assert out.count(f"stabcheck {command}") >= 3
    assert max(map(len, out.splitlines())) <= 80


@pytest.mark.parametrize("command", [["-m", "stabcheck"], ["cli.py"]])
def test_other_ways_to_start(command, request):
    run = subprocess.run(
        [sys.executable, *command, "list", "methods"],
        cwd=request.config.rootpath,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0
    assert "altgd" in run.stdout


def test_a_terminal_that_knows_ascii_only():
    run = subprocess.run(
        [sys.executable, "-m", "stabcheck", "eigen", "--no-verify"],
        capture_output=True,
        env={"PYTHONIOENCODING": "ascii"},
        check=False,
    )
    assert run.returncode == 0
    assert b"+- i*f'(0)" in run.stdout


@pytest.mark.parametrize(("seconds", "words"), [(0.0, "still deriving; Ctrl-C ends it"), (60.0, "")])
def test_what_takes_long_says_so_on_a_terminal(monkeypatch, capsys, seconds, words):
    monkeypatch.setattr(terminal, "moves_cursor", lambda: True)
    with terminal.awaited(seconds):
        time.sleep(0.2)
    assert words in capsys.readouterr().err
    monkeypatch.setattr(terminal, "moves_cursor", lambda: False)
    with terminal.awaited(0.0):
        time.sleep(0.2)
    assert not capsys.readouterr().err
    assert not any(isinstance(t, threading.Timer) for t in threading.enumerate())
