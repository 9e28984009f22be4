"""Results on disk: kept whole, and never trusted."""

import json
import os
import sys
from pathlib import Path

import pytest

from stabcheck.core import cache as cache_module
from stabcheck.core.cache import LARGEST, Cache, CorruptEntry, default_folder, digest, key

DATA = {"text": "± i", "number": 1.5, "list": [1, None, True]}


@pytest.fixture
def kept(tmp_path):
    cache = Cache(tmp_path / "a" / "b")
    assert cache.refusal() == ""
    assert cache.put("name", DATA)
    return cache


def test_what_is_put_comes_back(kept):
    assert kept.get("name") == DATA
    assert kept.get("other") is None


def test_nothing_but_the_file_is_left(kept):
    assert [path.name for path in kept.folder.iterdir()] == ["name.json"]


def forged(**changes):
    """A file that is right but for the changes; the digest fits the data."""
    data = changes.pop("data", DATA)
    return json.dumps({"key": "name", "digest": digest(data), "data": data} | changes)


GOOD = forged()
BAD = {
    "empty": "",
    "truncated": GOOD[:-20],
    "no JSON": "__import__('os').system('true')",
    "another key": forged(key="other"),
    "another digest": forged(digest="0" * 64),
    "digest of another type": forged(digest=None),
    "other data": GOOD.replace("1.5", "2.5"),
    "an extra field": forged(more=1),
    "a field less": json.dumps({"key": "name", "data": DATA}),
    "a list": json.dumps([GOOD]),
    "a number": "3",
    "NaN": GOOD.replace("1.5", "NaN"),
    "infinity": GOOD.replace("1.5", "-Infinity"),
    "a number that overflows": GOOD.replace("1.5", "1e999"),
    "an endless whole number": GOOD.replace("1.5", "1" * 5000),
    "a name twice": GOOD.replace('"data"', '"key": "name", "data"'),
    "an escape sequence": forged(data={"text": "\x1b[31mred"}),
    "an escape sequence as a name": forged(data={"\x1b[2J": 1}),
    "text that runs backwards": forged(data=["\u202egpj"]),
    "half a character": forged(data=["\ud800"]),
    "a raw control character": GOOD.replace("text", "te\x07xt"),
    "deep nesting": "[" * 100_000 + "]" * 100_000,
    "deep data": GOOD.replace("1.5", "[" * 3000 + "]" * 3000),
    "huge": GOOD + " " * LARGEST,
}


def test_the_forger_can_write_a_right_file(kept):
    kept.path("name").write_text(GOOD)
    assert kept.get("name") == DATA


@pytest.mark.parametrize("content", BAD.values(), ids=BAD)
def test_a_file_that_is_not_what_was_written_is_refused(kept, content):
    kept.path("name").write_text(content)
    with pytest.raises(CorruptEntry):
        kept.get("name")
    assert kept.put("name", DATA)
    assert kept.get("name") == DATA


def test_bytes_that_are_no_text_are_refused(kept):
    kept.path("name").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CorruptEntry):
        kept.get("name")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_does_not_stop_the_reader(kept):
    kept.path("name").unlink()
    os.mkfifo(kept.path("name"))
    with pytest.raises(CorruptEntry):
        kept.get("name")


def test_a_folder_in_the_place_of_a_file_is_refused(kept):
    kept.path("folder").mkdir()
    with pytest.raises(CorruptEntry):
        kept.get("folder")
    assert not kept.put("folder", DATA)


def test_a_cache_below_a_file_says_so(tmp_path):
    (tmp_path / "file").write_text("")
    cache = Cache(tmp_path / "file" / "cache")
    assert "cannot be made" in cache.refusal()
    assert not cache.put("name", DATA)


def test_numbers_that_json_lacks_are_not_written(kept):
    with pytest.raises(ValueError, match="JSON"):
        kept.put("name", float("nan"))


def test_a_key_depends_on_the_question():
    keys = {key(asked, "") for asked in ({"game": "dirac"}, {"game": "lq"}, {"game": "dirac", "loss": None})}
    assert len(keys) == 3
    assert key({"a": 1, "b": 2}, "") == key({"b": 2, "a": 1}, "")


@pytest.mark.parametrize("package", ["stabcheck", "sympy", "python-flint"])
def test_a_key_depends_on_each_version(monkeypatch, package):
    before = key({}, "")
    versions = cache_module.versions()
    monkeypatch.setattr(cache_module, "versions", lambda: versions | {package: "999"})
    assert key({}, "") != before


def test_a_key_depends_on_the_source():
    assert key({}, "one") != key({}, "other")


def test_the_default_folder_follows_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("STABCHECK_CACHE", str(tmp_path))
    assert default_folder() == tmp_path
    monkeypatch.setenv("STABCHECK_CACHE", "")
    assert default_folder().name == "stabcheck"
    assert default_folder() != Path()


def test_reading_needs_no_symbolic_machinery():
    import subprocess

    modules = "core.cache", "study.atlas", "report.atlas", "cli.atlas"
    code = f"import sys, {', '.join(f'stabcheck.{name}' for name in modules)};"
    code += "print([m for m in ('sympy', 'jax', 'flint', 'matplotlib') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
