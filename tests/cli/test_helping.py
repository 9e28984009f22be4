"""The help of a command is about what is chosen."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version

import pytest

from stabcheck.cli.app import PICTURES, RENAMED, VERBS, build

HAVE_VALUES = [
    "eigen",
    "region",
    "compare",
    "equilibria",
    "audit",
    "prove",
    "derive",
    "latex",
    "plot field",
    "plot locus",
]


@pytest.mark.parametrize("command", HAVE_VALUES)
def test_help_is_one_screen(cli, command):
    code, out, err = cli(f"{command} --help")
    assert (code, err) == (0, "")
    assert len(out.splitlines()) <= (40 if command == "eigen" else 60)
    assert max(map(len, out.splitlines())) <= 80
    assert "--OWNER.NAME VALUE" in out
    assert "--gamma-t" not in out


@pytest.mark.parametrize("command", HAVE_VALUES)
def test_help_tells_the_names_of_the_chosen_parts(cli, command):
    method = "--methods altgd" if command == "compare" else "--method altgd"
    chosen = "--reg gp" if command == "equilibria" else f"--reg gp {method}"
    code, out, err = cli(f"{command} {chosen} --help")
    assert (code, err) == (0, "")
    text = " ".join(out.split())
    assert "gp (penalty): --gamma strength of the penalty; a number >= 0; typically 1" in text
    assert "by default: dirac (game) --dim, --x0" in text
    if command != "equilibria":
        assert "altgd (method): --h step size; a number > 0; typically 1/5; --h.g, --h.d --n" in text
        assert "a whole number from 1 to 10000; default 1; --n.g, --n.d --order" in text
        assert "--tau" not in text
    assert max(map(len, out.splitlines())) <= 80


def test_lists_of_parts_are_told_as_well(cli):
    _, out, _ = cli("plot compare --regs none,gp+noise --methods lookahead:altgd,ogda --help")
    for part in ("gp (penalty)", "noise (penalty)", "lookahead (method)", "altgd (method)", "ogda (method)"):
        assert f"{part}:" in out
    _, out, _ = cli("eigen --game bilinear --method lookahead --inner heavy-ball --alternating --help")
    for part in ("bilinear", "lookahead", "alternating", "heavy-ball"):
        assert f"\n{part} (" in out
    assert "--h.x, --h.y" in out


def test_a_command_of_before_runs_under_its_name_of_today(cli):
    line = "--game quadratic --a 1 --b 2 --d 1"
    told = "stabcheck: rest is now equilibria; the old name goes with the next release\n"
    assert cli(f"rest {line}") == (0, cli(f"equilibria {line}")[1], told)
    assert "\n  rest " not in cli("--help")[1]


def test_what_is_no_part_has_no_help(cli):
    code, out, err = cli("eigen --reg gpp --help")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "did you mean 'gp'?" in err


def test_a_file_is_told_as_well(cli):
    _, out, _ = cli("eigen --game examples/shifted_uniform.toml --help")
    assert "--gamma  strength of the penalty; a number >= 0" in out


def test_verbs_are_grouped_and_each_can_be_built(cli):
    _, out, _ = cli("--help")
    assert max(map(len, out.splitlines())) <= 80
    for heading, verbs in VERBS.items():
        assert f"\n{heading}:\n" in out
        assert all(f"\n  {name} " in out for name in verbs)
    assert set(build().commands) == {name for verbs in VERBS.values() for name in verbs} | RENAMED.keys()
    for name, command in build().commands.items():
        assert command.name == ("equilibria" if name == "rest" else name)
        assert command.help
    assert set(build().commands["plot"].commands) == set(PICTURES["Pictures"])


def test_the_first_help_loads_no_command():
    code = "import sys; from stabcheck.cli.app import run; run([sys.argv[1]]); print(*sys.modules)"
    for option in ("--help", "--version"):
        done = subprocess.run(
            [sys.executable, "-c", code, option], capture_output=True, text=True, check=True
        )
        loaded = {name for name in done.stdout.split() if name.startswith("stabcheck.")}
        assert not {name for name in loaded if name.split(".")[1] not in ("cli", "core")}
        assert not {"stabcheck.cli.eigen", "stabcheck.cli.options", "importlib.metadata"} & {
            *done.stdout.split()
        }


def test_versions_are_those_installed(cli):
    _, out, _ = cli("--version")
    packages = ("stabcheck", "sympy", "jax", "python-flint")
    assert out == f"{', '.join(f'{name} {version(name)}' for name in packages)}\n"
