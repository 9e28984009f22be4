"""`stabcheck optimum` in text, JSON and LaTeX, over counts too, and what is said of mistakes."""

from __future__ import annotations

import json

import pytest

LINE = "optimum --reg gp --gamma 1 --method altgd"


def test_it_says_where_and_how_fast(cli):
    code, out, err = cli(f"{LINE} --over h --solver z3")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "The spectral radius is least at h = 1.4641, where it is 0.68125.",
        "",
        "question      dirac + gp(gamma=1) | altgd",
        "least         sqrt(2*sqrt(3) - 3) = 0.681250038633",
        "at            h = 2*sqrt(3) - 2 = 1.46410161514",
        "pace          halved every 1.81 steps, a decimal digit every 6",
        "proved        exactly: no other value has a smaller rate; by z3, none has one",
        "                  smaller by 1e-06",
    ]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("optimum --method nesterov", "over h and beta the spectral radius is never below 1."),
        ("optimum --reg gp --gamma 1 --method implicit", "comes as close to 0 as one likes"),
        ("optimum --reg gp --gamma 1 --method implicit", "approached    h -> infinity"),
        ("optimum --reg gp --method ogda", "gamma from 0 to 1"),
        ("optimum --game primal-dual --method cgd --over h,p", "p from 0 to 1"),
        (
            "optimum --game quadratic --method ema --a 31/16 --decay 33/64 --h 53/32 --over d,b",
            "(each of these values with some of the",
        ),
        ("optimum --reg gp", "The spectral abscissa is least at gamma = 1, where it is -1/2."),
    ],
)
def test_special_answers_are_told_in_words(cli, line, words):
    assert words in cli(line)[1]


@pytest.mark.parametrize(
    ("line", "level", "half"),
    [
        ("simgd --gamma 1e-6", "where it is 1 - 5e-13.", 1.386294361e12),
        ("simgd --gamma 1e30", "is 1 - 5e-61.", 1.386294361e60),
        ("altgd --gamma 1e-30", f"{5 * 10**29 - 1}/{5 * 10**29}.", 3.465735903e29),
    ],
)
def test_a_rate_that_is_1_in_floats_is_told_by_its_distance(cli, line, level, half):
    """With `s = gamma^2` small the radius is `sqrt(1 - s)` of simgd, and of altgd `1 - 2 gamma`."""
    line = f"optimum --reg gp --over h --method {line}"
    assert level in cli(line)[1]
    data = json.loads(cli(f"{line} --format json")[1])
    assert data["pace"]["half"] == pytest.approx(half, rel=1e-9)


def test_counts_are_compared(cli):
    out = cli(f"{LINE} --over h,n_d=1:3")[1].splitlines()
    assert out[0] == "Of n_d = 1 to 3 the least is that of n_d = 2."
    assert out[3] == "n_d = 2       The spectral radius is least at h = 1.4641, where it is 0.4641."


def test_json_and_latex_say_the_same(cli):
    data = json.loads(cli(f"{LINE} --format json")[1])
    assert (data["schema"], data["least"]["exact"], data["proved"]) == (1, "sqrt(2*sqrt(3) - 3)", "exactly")
    assert r"\min_{h} \rho = \sqrt{2 \sqrt{3} - 3}" in cli(f"{LINE} --format latex")[1]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (f"{LINE} --over x", "'x' is no open name; choose from h"),
        (f"{LINE} --over h,n_d=1:x", "'x' is not a number"),
        (f"{LINE} --over h,n_d=3:1", "is no range of a count; write n_d=1:8"),
        (f"{LINE} --over h,n_d=1:99", "at most 50 counts are tried"),
        (f"{LINE} --over h,n_d=1:2,n_g=1:2", "one count at a time is chosen"),
        (f"{LINE} --h 1", "no name is open; leave one without a value"),
        ("optimum --reg gp --method altgd --over h", "depends on gamma, too; give values"),
        (f"{LINE} --format yaml", "unknown format"),
    ],
)
def test_mistakes_are_said_in_a_line(cli, line, words):
    code, out, err = cli(line)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert words in err


@pytest.mark.parametrize("method", ["", " --method simgd --h 1"])
def test_what_is_no_polynomial_in_a_name_is_refused(cli, tmp_path, method):
    """`max(-sqrt(a), -a)` has no lower bound: measured in sqrt(a) it would seem to have one."""
    game = "name = 'rooted'\n[field]\nx = '-sqrt(a)*x'\ny = '-a*y'\n[hyperparameters]\na = '>0'\n"
    file = tmp_path / "rooted.toml"
    file.write_text(f"{game}[equilibrium]\nx = 0\ny = 0\n")
    code, out, err = cli(f"optimum --game {file}{method}")
    assert (code, out) == (2, "")
    assert "the eigenvalues have sqrt(a), of which they are no polynomial" in err
