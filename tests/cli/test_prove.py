"""`stabcheck prove`: what is said of a claim, in text, JSON and LaTeX, and exit codes."""

from __future__ import annotations

import json
import re

import pytest

from stabcheck.cli.app import run

CLAIM = "gamma > 0 implies (stable iff f1^2 h^2 + 2 gamma h < 4)"
PARTS = ["--reg", "gp", "--method", "altgd"]


@pytest.fixture
def prove(capsys):
    def call(*arguments):
        code = run(["prove", *arguments])
        streams = capsys.readouterr()
        return code, re.sub(r"(?<=took {10})\S+", "T", streams.out), streams.err

    return call


def test_a_claim_is_proved(prove):
    code, out, err = prove(CLAIM, *PARTS)
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "It is proved (by z3 and cvc5).",
        "",
        "claim         gamma > 0 implies (stable iff f1^2*h^2 + 2*gamma*h < 4)",
        "question      dirac + gp | altgd",
        "about         every loss, all gamma >=0, h >0, f1 nonzero",
        "took          T s",
    ]


def test_a_claim_is_refuted(prove):
    code, out, err = prove("h < 1 and gamma < 1 implies stable", "dirac + gp | altgd")
    assert (code, err) == (1, "")
    assert out.splitlines()[0] == "It is refuted by exact arithmetic at a point."
    assert "at            gamma = 0, h = 1/2" in out.splitlines()


def test_a_claim_may_begin_with_a_minus_sign(prove):
    claim = "-1 < beta < 0 and f1^2 h^2 < 4(1 + beta)^2 implies stable"
    heavy = "dirac | alternating:heavy-ball"
    for line in ([claim, heavy], ["--solver", "z3", claim, heavy], [claim, "--solver", "z3", heavy]):
        code, out, err = prove(*line)
        assert (code, err) == (0, "")
        assert "question      dirac | alternating:heavy-ball" in out


def test_a_loss_that_is_chosen_is_meant(prove):
    assert "every loss" not in prove(CLAIM, *PARTS, "--loss", "wgan")[1]
    every = prove("h < 1 and 0 < gamma < 1 implies stable", *PARTS, "--loss", "germ")
    assert every[0] == 1
    assert "f1 = 4, gamma = 1/2, h = 1/2" in every[1]


def test_json_says_the_same(prove):
    code, out, _ = prove(CLAIM, *PARTS, "--format", "json", "--solver", "z3")
    data = json.loads(out)
    assert code == 0
    assert (data["schema"], data["proved"], data["outcome"]) == (1, "z3", "proved")
    assert 0 < data["seconds"] < 60


def test_one_solver_alone_is_called_so(prove):
    assert prove(CLAIM, *PARTS, "--solver", "cvc5")[1].startswith(
        "It is proved (by cvc5, by one solver alone)."
    )


def test_latex(prove):
    out = prove("h < gamma implies stable", *PARTS, "--format", "latex")[1]
    assert out == (
        "\\[\n  h < \\gamma \\implies \\text{stable}\n\\]\n"
        "It is refuted by exact arithmetic at a point. At $\\gamma = 2, h = 1$.\n"
    )


def test_a_certificate_is_written_and_checked(prove, tmp_path):
    path = str(tmp_path / "proved.json")
    code, _, err = prove(CLAIM, *PARTS, "--certificate", path)
    assert (code, err) == (0, f"wrote {path}\n")
    code, out, err = prove("--check", path)
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "The certificate holds: the claim is proved.",
        "",
        "claim         gamma > 0 implies (stable iff f1^2*h^2 + 2*gamma*h < 4)",
        "question      dirac + gp | altgd",
        "because       all of it is derived again, and cvc5 proves it once more",
    ]
    assert prove(CLAIM, *PARTS, "--certificate", path)[0] == 2
    changed = tmp_path / "changed.json"
    changed.write_text((tmp_path / "proved.json").read_text().replace("4 - f1**2", "5 - f1**2"))
    code, out, _ = prove("--check", str(changed), "--solver", "z3", "--format", "json")
    assert (code, json.loads(out)["holds"]) == (1, False)


def test_there_is_no_certificate_of_what_is_not_decided(prove, tmp_path):
    path = tmp_path / "none.json"
    code, _, err = prove("sqrt(h) > 0 implies 1/gamma > 0", *PARTS, "--certificate", str(path))
    assert code == 1
    assert "here is none" in err
    assert not path.exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["stabel", *PARTS], "did you mean 'stable'?"),
        (["tau > 0", *PARTS], "unknown name in the claim 'tau'"),
        (["stable", *PARTS, "--seconds", "0"], "--seconds must be a number above 0"),
        (
            ["stable implies gamma > 0", *PARTS, "--solver", "none-such"],
            "the solver none-such cannot be started",
        ),
        (["stable", *PARTS, "--format", "yaml"], "unknown format"),
        (PARTS, "write what is to be proved, in quotes"),
        (["stable", "--check", "none.json"], "leave the claim out"),
        (["--check", "none.json"], "none.json cannot be read"),
        (["--check", "none.json", "--solver", "z3", "--solver", "cvc5"], "--check asks one solver"),
        (["stable", *PARTS, "--certificate", "x.txt"], "the name must end in .json"),
    ],
)
def test_mistakes_are_said_in_a_line(prove, arguments, words):
    code, out, err = prove(*arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert words in err


def test_without_a_solver_it_says_how_to_get_one(prove, monkeypatch):
    monkeypatch.setattr("stabcheck.judge.solver.Z3._program", None)
    code, _, err = prove("stable implies gamma > 0", *PARTS)
    assert (code, err) == (2, 'stabcheck: proofs need the solver z3: pip install "stabcheck[prove]"\n')
