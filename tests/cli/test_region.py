"""`stabcheck region`: conditions, ends and boxes in text and JSON, and what is said of mistakes."""

from __future__ import annotations

import json

import pytest

LINE = "region --reg gp --method altgd"


def test_it_prints_conditions_and_what_happens_at_their_ends(cli):
    code, out, err = cli(f"{LINE} --box gamma=1/2:3/2 --box h=1/20:1/2")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "It is stable exactly where 2 conditions hold.",
        "",
        "question      dirac + gp | altgd",
        "stable iff    16 - 8*gamma*h - h^2 > 0",
        "              gamma > 0",
        "ends where    8*gamma*h + h^2 - 16 = 0: an eigenvalue at -1",
        "              gamma = 0: a pair on the unit circle",
        "              4*gamma*h + h^2 - 12 = 0, too: resonance 1:3",
        "              4*gamma*h + h^2 - 8 = 0, too: resonance 1:4",
        "for h         never if gamma = 0",
        "              0 < h < 4*(sqrt(1 + gamma^2) - gamma) if gamma > 0",
        "for gamma     0 < gamma < 2/h - h/8 if h < 4",
        "              never if h >= 4",
        "box           gamma from 1/2 to 3/2, h from 1/20 to 1/2",
        "              all stable, none unstable, none undecided of its volume",
    ]


def test_json_says_the_same(cli):
    data = json.loads(cli(f"{LINE} --format json")[1])
    assert data["conditions"] == ["16 - 8*gamma*h - h**2 > 0", "gamma > 0"]
    assert (data["empty"], data["full"], data["proved"], data["box"]) == (False, False, "z3", None)
    assert data["thresholds"]["gamma"]["walls"] is True
    assert data["thresholds"]["gamma"]["cases"] == [
        {"where": "h < 4", "stable": ["0 < gamma < 2/h - h/8"]},
        {"where": "h >= 4", "stable": []},
    ]


def test_latex_has_a_line_for_each_case(cli):
    out = cli("region --reg gp --method simgd --solve-for h --format latex")[1]
    assert out.startswith(
        "\\[\n  \\begin{gathered} 16 + h^{2} - 8 \\gamma h > 0 \\\\ 4 \\gamma - h > 0 \\end{gathered}\n\\]"
    )
    assert r"0 < h < 4 \gamma & \text{if } 0 < \gamma \le 1 \\" in out
    never = cli("region --method nesterov --format latex")[1]
    assert (
        never
        == "\\[\n  \\text{It is stable nowhere: the conditions exclude each other (proved by z3).}\n\\]\n"
    )


def test_one_name_alone_may_be_solved_for(cli):
    out = cli(f"{LINE} --solve-for h")[1]
    assert "for h " in out
    assert "for gamma" not in out


def test_two_others_tell_the_cases_apart(cli):
    out = cli("region --reg gp --method heavy-ball --solve-for h")[1]
    assert "if 0 < gamma <= 1 and -1 < beta < 1" in " ".join(out.split())
    assert "otherwise never" in out


def test_each_line_fits(cli):
    out = cli("region --reg gp --method heavy-ball")[1]
    assert max(map(len, out.splitlines())) <= 80
    assert "selects       gamma" in out


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("--box gamma", "--box gamma is no side; write --box gamma=1/2:3/2"),
        ("--box gamma=2:1 --box h=1", "has its ends the wrong way round; write gamma=1:2"),
        ("--box gamma=1:2", "the region depends on h, too; give it a side"),
        ("--box gamma=x:2 --box h=1", "'x' is not a number"),
        ("--solve-for tau", "the region does not depend on 'tau'; it does on gamma, h"),
        ("--solver none-such", "the solver none-such cannot be started"),
        ("--format yaml", "unknown format"),
    ],
)
def test_mistakes_are_said_in_a_line(cli, more, words):
    code, out, err = cli(f"{LINE} {more}")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert words in err


def test_without_a_solver_it_says_how_to_get_one(cli, monkeypatch):
    monkeypatch.setattr("stabcheck.judge.solver.Z3._program", None)
    code, _, err = cli("region --reg gp --method heavy-ball")
    assert (code, err) == (2, 'stabcheck: proofs need the solver z3: pip install "stabcheck[prove]"\n')


def test_long_cases_are_left_to_json(cli, monkeypatch):
    monkeypatch.setattr("stabcheck.report.stable_set.LONGEST", 40)
    out = cli(f"{LINE} --solve-for h")[1]
    assert "2 cases, too long to be read here; --format json writes all" in " ".join(out.split())
    assert max(map(len, out.splitlines())) <= 80
