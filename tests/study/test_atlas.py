"""The atlas: its rows against direct analyses, its cache, its views and its special tables."""

import csv
import dataclasses
import io
import itertools
import json
import re
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path

import pytest
import typer

from stabcheck import R1, Dirac, SimGD
from stabcheck.cli import atlas as command_module
from stabcheck.cli.atlas import atlas
from stabcheck.core.cache import Cache, CorruptEntry
from stabcheck.core.errors import BadInput
from stabcheck.core.stability import HALF_PLANE
from stabcheck.declare import registry
from stabcheck.declare.question import Question
from stabcheck.judge.analysis import Analysis
from stabcheck.report.atlas import FORMATS, number, title
from stabcheck.report.escape import escaped
from stabcheck.study import atlas as atlas_module
from stabcheck.study.atlas import derive, questions
from stabcheck.study.row import Row, derived, part_names
from tests.dealt import dealt

R1_ROWS = [Question.parse(f"dirac + gp | {name}") for name in ("flow", "simgd", "altgd", "ogda")]


def run(*arguments):
    """The command alone, with its refusals as exceptions."""
    app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command()(atlas)
    return app(list(arguments), standalone_mode=False)


@pytest.fixture(scope="module")
def rows():
    """The Dirac-GAN plain under every method, and every part under the flow."""
    chosen = dict.fromkeys([*questions("dirac", None, "none"), *questions(method="flow")])
    return derive(list(chosen)).rows


@pytest.fixture(scope="module")
def by_name(rows):
    return {(row.game, row.penalties, row.method): row for row in rows}


def test_the_atlas_is_every_game_plain_and_every_penalty_on_the_dirac_gan_times_the_methods():
    count = {kind: len(registry.declarations(kind)) for kind in ("game", "penalty", "method")}
    chosen = questions()
    assert len(set(chosen)) == len(chosen) == (count["game"] + count["penalty"]) * count["method"]


def test_filters_choose_by_each_part():
    def said(name, **only):
        return {part_names(question)[name] for question in questions(**only)}

    assert said("game", game="lq") == {"lq"}
    assert ("gp",) in said("penalties", game="lq")
    assert said("loss", loss="wgan") == {"wgan"}
    assert (said("game", penalty="gp"), said("penalties", penalty="gp")) == ({"dirac"}, {("gp",)})
    assert said("penalties", penalty="none") == {()}
    assert said("method", method="ogda") == {"ogda"}


@pytest.mark.parametrize("chosen", R1_ROWS, ids=lambda question: question.chain)
def test_a_row_says_what_the_analysis_says(chosen):
    row = derived(chosen)
    result = Analysis(chosen.game, chosen.method)
    here = result.at(**chosen.typical)
    assert (row.general, row.general_reason) == (result.verdict, result.finding.reason)
    assert (row.verdict, row.reason) == (here.verdict, here.finding.reason)
    assert row.number == (here.radius_per_step if here.discrete else here.spectral_abscissa)
    assert row.values == {name: str(value) for name, value in chosen.typical.items()}
    assert row.sources == result.sources
    assert sum(e.roots * e.multiplicity for e in row.eigenvalues or ()) == sum(
        e.multiplicity for e in here.eigenvalues or ()
    )


@pytest.mark.parametrize("part", dealt(range(15), 15))
def test_the_general_verdict_is_that_of_the_analysis(rows, part):
    """It is put together from the conditions, so that they are not derived twice."""
    for row in rows[8 * part :: 120]:
        if row.general == "not applicable" or row.game == "random":
            continue
        asked = Question.parse(row.question)
        finding = Analysis(asked.game, asked.method).finding
        assert (row.general, row.general_reason) == (finding.verdict, finding.reason), title(row)


def test_known_numbers(by_name):
    # FACTS A02, A04, A15: +-ic; sqrt(1 + h^2 c^2); -gamma/2 +- sqrt(gamma^2/4 - c^2), with c = 1/2.
    step = float(Fraction(by_name["dirac", (), "simgd"].values["h"]))
    assert by_name["dirac", (), "flow"].number == 0
    assert by_name["dirac", (), "flow"].dominant == "i/2"
    assert by_name["dirac", (), "simgd"].number == pytest.approx((1 + step**2 / 4) ** 0.5)
    r1 = by_name["dirac", ("gp",), "flow"]
    assert Fraction(r1.values["gamma"]) <= 1
    assert r1.number == pytest.approx(-float(Fraction(r1.values["gamma"])) / 2)
    assert "gamma" in r1.eigenvalues[0].text
    assert r1.eigenvalues[0].roots == 2


def test_refusals_are_rows(by_name):
    assert by_name["dirac", ("wgan-gp",), "flow"].verdict == "not differentiable"
    refused = by_name["dirac", (), "ttur"]
    assert refused.verdict == refused.general == "not applicable"
    assert refused.number is refused.eigenvalues is None
    assert refused.reason


def test_long_formulas_are_told_by_their_size(by_name):
    formula = by_name["random", (), "flow"].eigenvalues[0]
    assert re.fullmatch(r"\(roots of a polynomial of degree 5, \d+ terms\)", formula.text)
    assert formula.latex == ""
    assert (formula.roots, formula.multiplicity) == (5, 1)


def test_rows_survive_json(rows):
    for row in rows:
        assert Row.of_dict(json.loads(json.dumps(row.to_dict(), allow_nan=False))) == row


WRONG = {
    "number as text": {"number": "1.0"},
    "number as truth": {"number": True},
    "infinite number": {"number": float("inf")},
    "text as number": {"verdict": 1},
    "discrete as number": {"discrete": 1},
    "values as list": {"values": []},
    "value as number": {"values": {"h": 1}},
    "penalty as number": {"penalties": [1]},
    "sources as text": {"sources": "x"},
    "eigenvalue as text": {"eigenvalues": ["i"]},
    "eigenvalue with less": {"eigenvalues": [{"text": "i"}]},
    "multiplicity as truth": {"eigenvalues": [{"text": "i", "latex": "i", "roots": 1, "multiplicity": True}]},
    "condition as null": {"conditions": [None]},
    "another field": {"more": 1},
}


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG)
def test_data_of_other_types_are_no_row(by_name, change):
    data = by_name["dirac", (), "flow"].to_dict()
    assert Row.of_dict(data)
    with pytest.raises(CorruptEntry):
        Row.of_dict(data | change)


@pytest.mark.parametrize("data", [None, [], "row", 3, {}])
def test_other_data_are_no_row(data):
    with pytest.raises(CorruptEntry):
        Row.of_dict(data)


def test_warm_rows_are_the_cold_ones_and_broken_files_are_replaced(tmp_path, monkeypatch):
    cache, told = Cache(tmp_path), []
    cold = derive(R1_ROWS, cache, progress=told.append)
    assert (cold.kept, cold.notes, sum(told)) == (0, (), len(R1_ROWS))
    files = sorted(tmp_path.glob("*.json"))
    assert len(files) == len(R1_ROWS)
    files[0].write_text("{")
    swapped = files[2].read_bytes()
    files[1].write_bytes(swapped)
    mended = derive(R1_ROWS, cache)
    assert (mended.rows, mended.kept) == (cold.rows, len(R1_ROWS) - 2)
    assert mended.notes == ("2 files of the cache were broken and are replaced",)
    monkeypatch.setattr(atlas_module, "derived", None)
    warm = derive(R1_ROWS, cache)
    assert (warm.rows, warm.kept, warm.notes) == (cold.rows, len(R1_ROWS), ())


def test_a_right_file_with_another_row_is_not_taken(tmp_path):
    cache, (first, second) = Cache(tmp_path), R1_ROWS[:2]
    assert cache.refusal() == ""
    cache.put(atlas_module._key(first, cache.source(atlas_module.SOURCES)), derived(second).to_dict())
    found = derive([first], cache)
    assert found.rows[0].question == str(first)
    assert found.kept == 0


def test_a_key_depends_on_the_typical_values(monkeypatch):
    before = atlas_module._key(R1_ROWS[0], "")
    monkeypatch.setattr(Question, "typical", {"gamma": Fraction(7)})
    assert atlas_module._key(R1_ROWS[0], "") != before


def test_without_a_folder_rows_come_all_the_same(tmp_path):
    (tmp_path / "file").write_text("")
    found = derive(R1_ROWS[:1], Cache(tmp_path / "file" / "cache"))
    assert found.rows == (derived(R1_ROWS[0]),)
    assert [note for note in found.notes if "cannot be made" in note]
    assert len(found.notes) == 1


def test_several_processes_give_the_same_rows_and_keep_them(tmp_path):
    chosen = [*R1_ROWS, Question.parse("bilinear | simgd")]
    apart = derive(chosen, Cache(tmp_path), jobs=2)
    assert apart.rows == derive(chosen).rows
    assert len(list(tmp_path.glob("*.json"))) == len(chosen)


def test_rows_of_a_game_file_are_kept_until_it_changes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = (Path(__file__).parents[2] / "examples" / "shifted_uniform.toml").read_text()
    Path("game.toml").write_text(text)
    cache = Cache(tmp_path / "cache")

    def kept():
        return derive([Question.parse("game.toml | simgd")], cache).kept

    assert [kept(), kept()] == [0, 1]
    Path("game.toml").write_text(f"{text}# other")
    assert [kept(), kept()] == [0, 1]


def test_rows_of_classes_of_ones_own_are_not_kept(tmp_path):
    class Own(Dirac):
        """Known here alone."""

    cache, asked = Cache(tmp_path), [Question(Own(), SimGD()), Question(Own() + R1(1), SimGD("1/10"))]
    found = [derive(asked, cache, jobs=2) for _ in range(2)]
    assert [each.kept for each in found] == [0, 0]
    assert not [*tmp_path.glob("*.json")]
    plain, penalised = found[0].rows
    assert (plain.game, plain.loss, plain.penalties, plain.method) == ("Own", "gan", (), "simgd")
    assert penalised.question == "Own + gp(gamma=1) | simgd(h=1/10)"
    assert penalised.values == {"gamma": "1", "h": "1/10"}
    assert penalised.number == pytest.approx(
        derived(Question.parse("dirac + gp(gamma=1) | simgd(h=1/10)")).number
    )


def test_large_games_come_first():
    asked = enumerate(questions(method="flow"))
    tasks = atlas_module._tasks([atlas_module.Wanted(k, question, "") for k, question in asked])
    sizes = [atlas_module._size(task[0].question) for task in tasks]
    assert sizes == sorted(sizes, reverse=True)


def test_every_view_holds_the_same_rows(rows):
    heads = list(dict.fromkeys(map(title, rows)))
    names = [row.method for row in rows]
    data = json.loads(FORMATS["json"](rows))
    assert tuple(map(Row.of_dict, data["rows"])) == rows
    lines = list(csv.DictReader(io.StringIO(FORMATS["csv"](rows))))
    assert [(line["game"], line["method"], line["verdict"]) for line in lines] == [
        (row.game, row.method, row.verdict) for row in rows
    ]
    assert [float(line["number"]) if line["number"] else None for line in lines] == [r.number for r in rows]
    text = FORMATS["text"](rows).splitlines()
    found = [re.fullmatch(r"(\S+) +(\S.*?)  +(\S.*)", line) for line in text]
    shown = [m.groups() for m in found if m and m[1] in registry.declarations("method")]
    assert shown == [(row.method, row.verdict, number(row)) for row in rows]
    assert [a for a, b in itertools.pairwise(text) if b and set(b) == {"-"}] == heads
    table = [line for line in FORMATS["markdown"](rows).splitlines() if line.startswith("| `")]
    cells = [re.split(r"(?<!\\) \| ", line) for line in table]
    assert [c[0].strip("|` ") for c in cells] == names
    assert {len(c) for c in cells} == {9}
    assert [c[1] for c in cells] == [row.verdict for row in rows]
    tex = re.findall(r"\\textbf\{(.*?)\} & (.*?), (.+) \\\\", FORMATS["latex"](rows))
    assert [entry[:2] for entry in tex] == [(escaped(row.method), row.verdict) for row in rows]


def test_the_text_fits_80_columns_and_has_no_escape_codes(rows):
    text = FORMATS["text"](rows)
    assert max(map(len, text.splitlines())) <= 80
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", text)


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex (texlive-latex-base) is not installed")
def test_the_latex_compiles(rows, tmp_path):
    source = "\\documentclass{article}\\usepackage{amsmath}\\begin{document}\n"
    (tmp_path / "a.tex").write_text(f"{source}{FORMATS['latex'](rows)}\n\\end{{document}}\n")
    command = ["pdflatex", "-no-shell-escape", "-halt-on-error", "-interaction=nonstopmode", "a.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]
    worst = [float(w) for w in re.findall(r"Overfull \\hbox \((\S+)pt", done.stdout)]
    assert max(worst, default=0) < 40


def test_names_are_escaped():
    row = dataclasses.replace(derived(R1_ROWS[0]), method=r"\input{a}_$%&|`<b>")
    assert r"\input" not in FORMATS["latex"]([row])
    assert "textbackslash{}input" in FORMATS["latex"]([row])
    assert r"| `\input{a}_$%&\|'<b>` |" in FORMATS["markdown"]([row])


@pytest.mark.parametrize(
    ("number_", "verdict", "text", "tex"),
    [
        (1 - 4e-8, "stable", "1 - 4.0e-08", r"$1 - 4.0 \cdot 10^{-8}$"),
        (1 + 4e-8, "unstable", "1 + 4.0e-08", r"$1 + 4.0 \cdot 10^{-8}$"),
        (1.0, "stable", "just below 1", "just below 1"),
        (1.0, "neutral", "1", "$1$"),
        (2.5e-7, "stable", "2.5e-07", r"$2.5 \cdot 10^{-7}$"),
    ],
)
def test_a_radius_is_not_rounded_onto_the_boundary(number_, verdict, text, tex):
    row = dataclasses.replace(derived(R1_ROWS[1]), number=number_, verdict=verdict)
    assert number(row) == text
    assert f" & {verdict}, {tex} " in FORMATS["latex"]([row])
    assert number(dataclasses.replace(row, region=HALF_PLANE)) == f"{number_:.6g}"


def test_the_command_writes_every_format(tmp_path, capsys):
    for name in FORMATS:
        out = tmp_path / f"atlas.{name}"
        where = ("--cache", str(tmp_path / "cache"), "--out", str(out), "--jobs", "1")
        run("--game", "dirac", "--reg", "gp", "--method", "ogda", "--format", name, *where)
        assert "ogda" in out.read_text()
        assert capsys.readouterr() == ("", f"wrote {out}\n")
    assert len(list((tmp_path / "cache").glob("*.json"))) == 1


def test_the_environment_says_where_rows_are_kept(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("STABCHECK_CACHE", str(tmp_path / "kept"))
    part = ("--game", "dirac", "--reg", "gp", "--method", "flow", "--format", "csv")
    run(*part, "--no-cache")
    assert not (tmp_path / "kept").exists()
    without = capsys.readouterr()
    run(*part)
    assert len(list((tmp_path / "kept").glob("*.json"))) == 1
    assert capsys.readouterr() == without
    assert without.err == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--format", "xml"], "unknown format"),
        (["--table", "methodes"], "did you mean 'methods'"),
        (["--game", "dirrac"], "did you mean 'dirac'"),
        (["--game", "bilinear", "--loss", "gan"], "no row has these parts"),
        (["--jobs", "0"], "--jobs must be"),
        (["--cache", "a", "--no-cache"], "exclude each other"),
        (["--table", "methods", "--game", "lq"], "has its own parts"),
        (["--out", "/nowhere/there/a.txt"], "there is no folder"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(arguments, message, monkeypatch):
    monkeypatch.setattr(command_module, "_special", None)
    monkeypatch.setattr(atlas_module, "derive", None)
    with pytest.raises(BadInput, match=message):
        run(*arguments)


def test_the_comparison_of_methods(capsys):
    run("--table", "methods", "--format", "csv")
    found = {line["method"]: line for line in csv.DictReader(io.StringIO(capsys.readouterr().out))}
    step = 0.2
    for name, alpha in (("alpha = 1", 1), ("alpha = 3", 3), ("alpha = 6", 6)):
        q = step * alpha  # FACTS C01 and A04
        assert found["cgd"][name] == f"stable {(1 + q * q) ** -0.5:.4f}"
        assert found["simgd"][name] == f"unstable {(1 + q * q) ** 0.5:.4f}"
    assert found["ogda"]["alpha = 6"].startswith("unstable")


@pytest.mark.whole
def test_the_whole_atlas(tmp_path):
    cold = derive(questions(), Cache(tmp_path), jobs=2)
    warm = derive(questions(), Cache(tmp_path), jobs=2)
    assert (cold.rows, cold.kept, warm.kept) == (warm.rows, 0, len(cold.rows))
    assert max(map(len, FORMATS["text"](cold.rows).splitlines())) <= 80
    for row in cold.rows:
        assert row.eigenvalues is None or all(e.text for e in row.eigenvalues)
        assert row.verdict != "undecided", (title(row), row.method)
