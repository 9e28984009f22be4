"""The commands `derive` and `latex`."""

import pytest
import typer
from typer.testing import CliRunner

from stabcheck.cli.asking import TAKES_VALUES
from stabcheck.cli.deriving import derive as derive_command
from stabcheck.cli.deriving import latex as latex_command
from stabcheck.cli.options import with_parts
from stabcheck.core.errors import BadInput
from stabcheck.declare.combination import Combination, assemble
from stabcheck.judge.analysis import Analysis
from stabcheck.report.derivation import markdown, text
from stabcheck.report.latex import fragment


@pytest.fixture(scope="module")
def result():
    assembly = assemble(Combination(penalties=("gp",), method="altgd"))
    return Analysis(assembly.game, assembly.operator)


@pytest.fixture
def cli():
    app = typer.Typer()
    app.command("latex", **TAKES_VALUES)(with_parts(latex_command))
    app.command("derive", **TAKES_VALUES)(with_parts(derive_command))

    def run(line):
        return CliRunner().invoke(app, line.split())

    return run


def test_derive_prints_the_steps(cli, result):
    assert cli("derive --reg gp --method altgd").stdout.strip() == text(result.derivation)
    assert cli("derive --reg gp --method altgd --format markdown").stdout.strip() == markdown(
        result.derivation
    )
    assert isinstance(cli("derive --format word").exception, BadInput)


def test_latex_prints_fragment_proof_and_document(cli, result):
    plain = cli("latex --reg gp --method altgd").stdout
    assert plain.strip() == fragment(result)
    proof = cli("latex --reg gp --method altgd --proof").stdout
    assert r"\paragraph{Eigenvalues.}" in proof
    assert "documentclass" not in proof
    whole = cli("latex --reg gp --method altgd --proof --document").stdout
    assert proof.strip() in whole
    assert whole.strip().endswith(r"\end{document}")


def test_latex_writes_both_files_or_none(cli, tmp_path):
    line = f"latex --reg gp --document --proof --out {tmp_path / 'a.tex'}"
    assert cli(line).exit_code == 0
    keys = [entry.split("{")[1].split(",")[0] for entry in (tmp_path / "a.bib").read_text().split("@")[1:]]
    tex = (tmp_path / "a.tex").read_text()
    assert keys
    assert all(rf"\bibitem{{{key}}}" in tex for key in keys)
    (tmp_path / "a.tex").unlink()
    assert isinstance(cli(line).exception, BadInput)
    assert not (tmp_path / "a.tex").exists()
    assert cli(f"{line} --force").exit_code == 0


def test_a_name_without_tex_is_refused_before_work(cli, tmp_path):
    refusal = cli(f"latex --out {tmp_path / 'a.pdf'}").exception
    assert isinstance(refusal, BadInput)
    assert ".tex" in str(refusal)
    assert list(tmp_path.iterdir()) == []


def test_a_bibliography_that_cannot_be_written_takes_the_text_back(cli, tmp_path, monkeypatch):
    from stabcheck.cli import deriving

    def full(path, content, *, force=False):
        if path.suffix == ".bib":
            raise BadInput("no space left")
        path.write_text(content if isinstance(content, str) else content.decode())

    monkeypatch.setattr(deriving, "write", full)
    assert isinstance(cli(f"latex --out {tmp_path / 'a.tex'}").exception, BadInput)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "a.tex").write_text("old")
    assert isinstance(cli(f"latex --force --out {tmp_path / 'a.tex'}").exception, BadInput)
    assert (tmp_path / "a.tex").read_text() == "old"
