"""What the source of a result is: all that can change it, and nothing else."""

import subprocess
import sys

import pytest

from stabcheck.core.cache import Cache
from stabcheck.core.sources import Sources
from stabcheck.study.atlas import SOURCES

FILES = {
    "__init__.py": "",
    "study/__init__.py": "",
    "study/row.py": "from house.core.area import area\nfrom house import parts\n",
    "core/__init__.py": "",
    "core/area.py": (
        'LIMIT = 1\n\n\ndef area():\n    """Of a room."""\n    import house.core.late\n    return LIMIT\n'
    ),
    "core/late.py": "LATE = 1\n",
    "core/typed.py": "TYPED = 1\n",
    "parts/__init__.py": "",
    "parts/walked.py": (
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from house.core.typed import TYPED\n"
    ),
    "cli/__init__.py": "",
    "cli/app.py": "from house.study import row\n",
    "report/text.py": "from house.study import row\n",
}


@pytest.fixture
def house(tmp_path):
    root = tmp_path / "house"
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return Sources("house.study.row", root)


def changed(house, name, old, new):
    """The digests before and after a change of one file."""
    before, path = house.digest(), house.root / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    return before, house.digest()


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("study/row.py", "import area", "import area as other"),
        ("core/area.py", "LIMIT = 1", "LIMIT = 2"),
        ("core/area.py", "return LIMIT", "return 'Of a room.'"),
        ("core/late.py", "1", "2"),
        ("parts/walked.py", "TYPED", "TYPED\nMORE = 1"),
        ("parts/__init__.py", "", "MORE = 1"),
        ("core/__init__.py", "", "MORE = 1"),
    ],
)
def test_code_that_is_reached_changes_the_digest(house, name, old, new):
    before, after = changed(house, name, old, new)
    assert before != after


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("core/area.py", "Of a room.", "Of any room."),
        ("core/area.py", "LIMIT = 1", 'LIMIT = 1\n"""The least."""'),
        ("core/area.py", "LIMIT = 1", "# The least.\nLIMIT = 1  # so far"),
        ("parts/walked.py", "import TYPED", "import TYPED as Typed"),
        ("cli/app.py", "row", "row as other"),
        ("report/text.py", "row", "row as other"),
        ("core/typed.py", "1", "2"),
    ],
)
def test_what_only_readers_see_and_other_rooms_keep_the_digest(house, name, old, new):
    before, after = changed(house, name, old, new)
    assert before == after


def test_a_new_file_in_a_walked_package_changes_the_digest(house):
    before = house.digest()
    (house.root / "parts" / "new.py").write_text("")
    assert house.digest() != before


def test_the_bytes_are_of_every_file_with_its_name(house):
    seen = [house.as_written()]
    app = house.root / "cli" / "app.py"
    app.write_text("a = 1")
    seen.append(house.as_written())
    app.rename(house.root / "cli" / "other.py")
    seen.append(house.as_written())
    (house.root / "more.py").write_text("")
    seen.append(house.as_written())
    assert len(set(seen)) == 4


def test_the_digest_is_kept_until_a_file_changes(house, tmp_path, monkeypatch):
    cache = Cache(tmp_path / "kept")
    digested = house.digest()
    assert cache.source(house) == digested
    monkeypatch.setattr(Sources, "digest", lambda self: "anew")
    assert cache.source(house) == digested
    (house.root / "core" / "late.py").write_text("LATE = 2\n")
    assert cache.source(house) == "anew"


def test_a_kept_digest_that_is_broken_is_made_again(house, tmp_path):
    cache = Cache(tmp_path / "kept")
    digest = cache.source(house)
    (file,) = (cache.folder / "sources").iterdir()
    file.write_text("broken")
    assert cache.source(house) == digest
    assert file.read_text() != "broken"


DERIVED = """
import sys
from stabcheck.declare.combination import Combination
from stabcheck.declare.question import Question
from stabcheck.study.row import derived
for c in (Combination("dirac", "gan", ("gp",), "altgd"), Combination("bilinear", method="adam")):
    derived(Question.of(c)).to_dict()
print(*(name for name in sys.modules if name.partition(".")[0] == "stabcheck"))
"""


def test_a_row_loads_nothing_that_its_source_lacks():
    done = subprocess.run([sys.executable, "-c", DERIVED], capture_output=True, text=True, check=True)
    loaded, reached = set(done.stdout.split()), set(SOURCES.reached())
    assert len(loaded) > 50
    assert loaded <= reached
    rooms = {name.split(".")[1] for name in reached if "." in name}
    assert not rooms & {"cli", "report", "verify"}
    assert "stabcheck.core.stability" in reached
