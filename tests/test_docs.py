"""README, changelog and notebook are part of the product: what they show runs."""

from __future__ import annotations

import ast
import os
import re
import shlex
import tomllib
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from stabcheck.cli.app import RENAMED, build, run
from stabcheck.cli.options import FORMATS
from stabcheck.declare import registry
from stabcheck.declare.combination import every_part, every_player
from stabcheck.declare.slots import slots
from tests import golden
from tests.dealt import dealt

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
REFERENCE = (ROOT / "docs" / "reference.md").read_text()
PAGES = {
    name: (ROOT / name).read_text()
    for name in ("README.md", "docs/command-line.md", "docs/pictures.md", "docs/games.md")
}
TEXT = "\n".join(PAGES.values())
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", TEXT, re.DOTALL)
COMMANDS = [line for kind, block in BLOCKS if kind == "sh" for line in block.splitlines() if line]
SHOWN = [
    (before.strip(), after)
    for (kind, before), (then, after) in pairwise(BLOCKS)
    if (kind, then) == ("sh", "text") and before.startswith("stabcheck")
]


@pytest.mark.parametrize("block", [block for kind, block in BLOCKS if kind == "python"])
def test_python_blocks_run(block, capsys):
    exec(compile(block, "README.md", "exec"), {})  # noqa: S102 (our own README)
    assert capsys.readouterr().out


OWN = {f"stabcheck {line}" for line in golden.lines(golden.PRINTED)} | {line for line, _ in SHOWN}
"""Commands whose whole output has a test."""
TRIED = [
    pytest.param(line, marks=pytest.mark.whole if line in OWN else ())
    for line in dict.fromkeys(COMMANDS)
    if line.startswith("stabcheck")
]


@pytest.mark.parametrize("line", TRIED)
def test_commands_run(line, capsys, monkeypatch, tmp_path):
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STABCHECK_CACHE", str(tmp_path / "cache"))
    words = shlex.split(line)[1:]
    assert run(words) == int(words[0] == "audit")
    for option in ("--out", "--data"):
        if option in words:
            assert Path(words[words.index(option) + 1]).stat().st_size
    assert bool(capsys.readouterr().out) == ("--out" not in words)


def test_the_first_command_prints_what_the_readme_shows(capsys):
    line = COMMANDS[0].rpartition("&& ")[2]
    assert line.startswith(".venv/bin/stabcheck")
    assert run(shlex.split(line)[1:]) == 0
    shown = next(block for kind, block in BLOCKS if kind == "text")
    # Gaps depend on the processor's rounding; the rest must be the same letter by letter.
    numbers = re.compile(r"gap\s+[\d.e-]+")
    assert numbers.sub("gap", capsys.readouterr().out) == numbers.sub("gap", shown)


@pytest.mark.parametrize(("line", "shown"), SHOWN, ids=[line for line, _ in SHOWN])
def test_commands_print_what_the_readme_shows(line, shown, capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("STABCHECK_CACHE", str(tmp_path))
    assert run(shlex.split(line)[1:]) == 0
    assert capsys.readouterr().out == shown


def test_the_readme_shows_a_comparison_and_a_part_of_the_atlas():
    assert {line.split()[1] for line, _ in SHOWN} == {"compare", "atlas"}


def test_every_command_option_and_part_is_documented():
    for part in every_part():
        for slot in slots(part, ()):
            assert f"- `--{slot.row.name.replace('_', '-')}`: {slot.row.help}" in REFERENCE
    assert all(f"`{player}`" in TEXT for player in every_player())
    undocumented = [
        f"{command} {option}"
        for command, options in commands()
        for option in ("", *options)
        if f"`stabcheck {command}`" not in TEXT or (option and f"`{option}`" not in TEXT)
    ]
    assert not undocumented
    for kind in registry.KINDS:
        for name in registry.declarations(kind):
            assert f"`{name}`" in README
    assert all(f"`{name}`" in TEXT for name in FORMATS)


def test_the_reference_is_what_the_command_prints(capsys):
    """`stabcheck list --format markdown` under its heading; written anew by that command."""
    assert run(["list", "--format", "markdown"]) == 0
    assert f"# What there is\n\n{capsys.readouterr().out}" == REFERENCE


def test_the_readme_is_short():
    assert len(README.splitlines()) < 200
    assert README.count("![") == 1


def commands(group=None, path=()):
    """Every command with its own options."""
    for name, command in (group or build()).commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        elif name not in RENAMED:
            options = {o for p in command.params for o in (*p.opts, *p.secondary_opts) if o.startswith("--")}
            yield " ".join((*path, name)), sorted(options)


def test_the_game_file_of_the_readme_is_the_example():
    shown = next(block for kind, block in BLOCKS if kind == "toml")
    assert shown == (ROOT / "examples" / "shifted_uniform.toml").read_text()


def test_every_dependency_earns_its_line():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    built_on = README.partition("## Built on")[2].lower()
    for requirement in project["dependencies"]:
        assert f"[{re.split('[<>=]', requirement)[0]}]" in built_on
    assert f"## {project['version']}" in (ROOT / "CHANGELOG.md").read_text()
    assert f"version: {project['version']}" in (ROOT / "CITATION.cff").read_text()


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    for target, heading in re.findall(r"\]\((?!http)([^)#]+)#?([^)]*)\)", PAGES[page]):
        goal = (ROOT / page).parent / target
        assert goal.exists(), target
        headings = re.findall(r"(?m)^#+ (.+)$", goal.read_text()) if heading else [heading]
        assert heading in [re.sub(r"\W+", "-", title.lower()) for title in headings]


NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"), reverse=True)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_is_stored_without_output_and_imports_what_there_is(path):
    for cell in nbformat.read(path, as_version=4).cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
        assert "def " not in cell.source
        if cell.cell_type != "code":
            continue
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.ImportFrom):
                assert all(hasattr(import_module(node.module), alias.name) for alias in node.names)


@pytest.mark.parametrize("path", dealt(NOTEBOOKS, len(NOTEBOOKS)), ids=lambda p: p.stem)
def test_a_notebook_runs(path, tmp_path, monkeypatch):
    """The shortest always, the others with `-m whole`."""
    monkeypatch.setenv("JUPYTER_PLATFORM_DIRS", "1")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": tmp_path}}
    ).execute()
