"""The page on declarations of one's own: every block of it runs, and every message is the one shown."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import pytest

from stabcheck.cli.app import run
from stabcheck.core.domain import SIGNS, spelled

PAGE = (Path(__file__).parents[1] / "docs" / "your-own.md").read_text()
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", PAGE, re.DOTALL)
FILES = {b.split()[1]: b for kind, b in BLOCKS if kind == "python" and re.match(r"# \w+\.py\n", b)}
COMMANDS = [
    (line, BLOCKS[k + 1][1] if BLOCKS[k + 1][0] == "text" and line == block.splitlines()[-1] else "")
    for k, (kind, block) in enumerate(BLOCKS)
    if kind == "sh"
    for line in block.splitlines()
]
MISTAKES = re.findall(r"^\| `(--.*?)` \| `(.*)` \|$", PAGE, re.MULTILINE)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder that holds the files of the page and nothing else."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def shows(shown, told):
    """Whether what was told has the parts that are shown, in order; `…` stands for what is left out."""
    parts = [re.escape(part.strip("\n")) for part in shown.split("…")]
    return re.search(".*?".join(parts), told, re.DOTALL)


@pytest.mark.parametrize(("line", "shown"), COMMANDS, ids=[line for line, _ in COMMANDS])
def test_commands_run(line, shown, folder, capsys):
    assert run(shlex.split(line)[1:]) == 0
    assert shows(shown, capsys.readouterr().out)


@pytest.mark.parametrize("block", [b for k, b in BLOCKS if k == "python" and b not in FILES.values()])
def test_python_runs(block, folder, capsys, monkeypatch):
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.delitem(sys.modules, "methods", raising=False)
    exec(compile(block, "your-own.md", "exec"), {})  # noqa: S102 (our own page)
    assert capsys.readouterr().out.endswith("stable agrees\n")
    assert {path.suffix for path in folder.iterdir()} >= {".pdf", ".svg"}


@pytest.mark.parametrize(("words", "message"), MISTAKES, ids=[words for words, _ in MISTAKES])
def test_mistakes_are_told_as_shown(words, message, folder, capsys):
    assert run(["eigen", *shlex.split(words)]) == 2
    told = capsys.readouterr()
    assert shows(message, told.err)
    assert told.err.count("\n") == 1
    assert not told.out


def test_the_page_is_whole():
    assert len(MISTAKES) >= 10
    assert set(FILES) == {"saddle.py", "parts.py", "methods.py", "wrong.py"}
    domains = re.findall(r'^\| `"(.*)"` \|', PAGE, re.MULTILINE)
    assert [spelled(text) for text in domains] == list(SIGNS.values())


def test_links_lead_somewhere():
    for target in re.findall(r"\]\(([^)#]+)", PAGE):
        assert (Path(__file__).parents[1] / "docs" / target).exists(), target
