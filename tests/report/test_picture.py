"""How a picture is set into a page: title, caption, width, letters, and fonts that journals take."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import product

import pytest

from stabcheck import R1, AltGD, Dirac, SimGD, WganGP, analyse
from stabcheck.cli.app import run
from stabcheck.report.pictures.field import field
from stabcheck.report.pictures.picture import CAPTION_SIZE, Look
from stabcheck.report.pictures.spectrum import spectrum
from stabcheck.report.pictures.trajectory import trajectory
from tests.dealt import dealt

PLOT = ["plot", "spectrum", "--reg", "gp", "--gamma", "1"]


def picture(**look):

    return replace(spectrum(analyse(Dirac() + R1(1))), look=Look(**look))


def test_width_and_letters():
    own, narrow = picture().figure(), picture(width=3.25, font_size=8, captioned=False).figure()
    assert narrow.get_size_inches()[0] == 3.25
    # What is no letters is as much lower as narrower.
    width, height = picture().inches
    assert narrow.get_size_inches()[1] == pytest.approx((height - 0.9) * 3.25 / width + 0.9 * 8 / 9)
    assert [t.get_size() for t in own.texts] == [CAPTION_SIZE]
    assert narrow.axes[0].xaxis.label.get_size() == 8


DRAWN = {
    "kinked": lambda: field(analyse(Dirac("wgan") + WganGP(1, Fraction(1, 2))), steps=5),
    "field": lambda: field(analyse(Dirac() + R1(1)), steps=5),
    "trajectory": lambda: trajectory(analyse(Dirac() + R1(1))),
    "spectrum": lambda: spectrum(analyse(Dirac() + R1(1))),
    "spectra": lambda: spectrum(analyse(Dirac() + R1(1), SimGD(1)), analyse(Dirac() + R1(1), AltGD(1))),
}


@cache
def drawn(kind):
    return DRAWN[kind]()


@pytest.mark.parametrize(("kind", "width"), dealt(product(DRAWN, [None, 3.25, 5, 7]), 5))
def test_nothing_is_cut_off_or_lies_upon_another(kind, width):
    settled = replace(drawn(kind), look=Look(width=width)).settled()
    settled.draw_without_rendering()
    legends = [legend.get_window_extent() for legend in settled.legends]
    texts = list(settled.texts)
    for ax in settled.axes:
        texts += [ax.title, ax.xaxis.label, ax.yaxis.label]
    boxes = [t.get_window_extent() for t in texts if t.get_text()]
    page = settled.bbox
    for box in [*boxes, *legends]:
        assert box.x0 > page.x0 - 1
        assert box.x1 < page.x1 + 1
        assert box.y0 > page.y0 - 1
        assert box.y1 < page.y1 + 1
    for k, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in (*boxes[:k], *legends))
    ticks = [t.get_window_extent() for ax in settled.axes for t in ax.get_xticklabels() if t.get_text()]
    assert not any(tick.overlaps(legend) for tick in ticks for legend in legends)


@pytest.mark.parametrize("kind", DRAWN)
def test_a_legend_is_told_without_colour(kind):
    for legend in drawn(kind).figure().legends:
        looks = [
            (
                h.get_marker(),
                h.get_fillstyle(),
                h.get_linestyle(),
                h.get_markersize(),
                h.get_markerfacecolor() == "white",
            )
            for h in legend.legend_handles
        ]
        assert len({*looks}) == len(looks)


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
