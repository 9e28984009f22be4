"""Files are written whole or not at all, and never over another one unasked."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from stabcheck.core import files
from stabcheck.core.errors import BadInput

SUFFIXES = (".svg", ".pdf", ".png")


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("picture.jpg", "must end in .svg, .pdf or .png"),
        ("picture", "must end in .svg, .pdf or .png"),
        ("none/picture.svg", "there is no folder"),
        ("folder.svg", "is a folder"),
        ("there.svg", "is there already; take another name, or replace it with --force"),
        ("link.svg", "is there already"),
    ],
)
def test_what_cannot_be_written_is_refused_beforehand(tmp_path, name, what):
    (tmp_path / "folder.svg").mkdir()
    (tmp_path / "there.svg").write_text("mine")
    (tmp_path / "link.svg").symlink_to(tmp_path / "nowhere.svg")
    with pytest.raises(BadInput, match=what) as refusal:
        files.ready(tmp_path / name, SUFFIXES)
    assert "\n" not in str(refusal.value)


def test_upper_case_suffixes_and_force_pass(tmp_path):
    (tmp_path / "A.SVG").write_text("mine")
    assert files.ready(tmp_path / "A.SVG", SUFFIXES, force=True) == tmp_path / "A.SVG"
    assert files.ready(tmp_path / "free", ()) == tmp_path / "free"


def test_text_and_bytes_arrive_as_they_are(tmp_path):
    files.write(tmp_path / "a", "gamma ± 1\n")
    assert (tmp_path / "a").read_bytes() == "gamma ± 1\n".encode()
    files.write(tmp_path / "a", b"\x00\xff", force=True)
    assert (tmp_path / "a").read_bytes() == b"\x00\xff"
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize("force", [False, True])
def test_a_write_that_fails_leaves_what_was_there(tmp_path, monkeypatch, force):
    if force:
        (tmp_path / "a.svg").write_text("mine")

    def full(handle, *rest, **named):
        os.close(handle)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(files.os, "fdopen", full)
    with pytest.raises(BadInput, match="cannot be written: No space left"):
        files.write(tmp_path / "a.svg", "x" * 1000, force=force)
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == ([("a.svg", "mine")] if force else [])


def test_a_file_made_in_the_meantime_is_kept(tmp_path, monkeypatch):
    target = tmp_path / "a.svg"
    chmod = Path.chmod
    monkeypatch.setattr(Path, "chmod", lambda path, mode: (chmod(path, mode), target.write_text("theirs")))
    with pytest.raises(BadInput, match="is there already"):
        files.write(target, "ours")
    assert target.read_text() == "theirs"
    assert [p.name for p in tmp_path.iterdir()] == ["a.svg"]
