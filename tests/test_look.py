"""How a picture is set into a page: title, caption, width, letters, and fonts that journals take."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stabcheck import R1, Dirac, analyse
from stabcheck.cli.app import run
from stabcheck.report.pictures.picture import CAPTION_SIZE, Look
from stabcheck.report.pictures.spectrum import spectrum

PLOT = ["plot", "spectrum", "--reg", "gp", "--gamma", "1"]


def picture(**look):

    return replace(spectrum(analyse(Dirac() + R1(1))), look=Look(**look))


def test_width_and_letters():
    own, narrow = picture().figure(), picture(width=3.25, font_size=8, captioned=False).figure()
    assert narrow.get_size_inches()[0] == 3.25
    width, height = picture().inches
    assert narrow.get_size_inches()[1] == pytest.approx(3.25 * height / width)
    assert [t.get_size() for t in own.texts] == [CAPTION_SIZE]
    assert narrow.axes[0].xaxis.label.get_size() == 8


def test_title_and_caption():
    assert picture(title="A $5 title_x").figure().get_suptitle() == "A $5 title_x"
    assert not any(t.get_text() for t in picture(captioned=False).figure().texts)
    assert any("dirac" in t.get_text() for t in picture().figure().texts)


def test_pdf_holds_truetype_and_is_the_same_again():
    whole = picture(title="Twice").encoded(".pdf")
    assert b"/Type3" not in whole
    assert whole == picture(title="Twice").encoded(".pdf")


def test_the_command_takes_them(tmp_path, capsys):
    out = tmp_path / "a.pdf"
    asked = ["--title", "T", "--no-caption", "--width", "8.5cm", "--font-size", "8pt", "--out", str(out)]
    assert run([*PLOT, *asked]) == 0
    assert capsys.readouterr().err == f"wrote {out}\n"
    assert out.stat().st_size > 1000


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["--width", "3fur"], "'fur' is no unit of length; use in, cm, mm or pt, as 3.25in"),
        (["--width", "in"], "--width: '' is not a number"),
        (["--width", "0.9in"], "--width must be 1 to 40 inches, not 0.9"),
        (["--width", "1017mm"], "--width must be 1 to 40 inches, not 40.04"),
        (["--font-size", "x"], "--font-size: 'x' is not a number"),
        (["--font-size", "3.9"], "--font-size must be 4 to 40 points, not 3.9"),
    ],
)
def test_wrong_values_are_one_line(tmp_path, capsys, asked, said):
    assert run([*PLOT, *asked, "--out", str(tmp_path / "a.svg")]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1
