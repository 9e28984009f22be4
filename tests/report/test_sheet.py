"""An answer as Markdown has the sentence, the formulas between dollars and every line of the text."""

from __future__ import annotations

import pytest

from stabcheck.report.sheet import as_markdown, as_text

ROWS = [("one", "x_1 < 2"), ("two", "a"), ("", " b")]


def test_a_title_with_several_lines_is_a_list_of_its_own():
    shown = as_markdown("It is *so*.", ROWS, "\\[\n  x\n\\]\n\\[\n  y\n\\]")
    assert shown.splitlines() == [
        r"**It is \*so\*.**",
        "",
        "$$",
        "x",
        "$$",
        "",
        "$$",
        "y",
        "$$",
        "",
        "- one: `x_1 < 2`",
        "- two:",
        "  - `a`",
        "  - `b`",
    ]


def test_text_has_titles_in_a_column():
    assert as_text("It is so.", ROWS).splitlines() == [
        "It is so.",
        "",
        "one           x_1 < 2",
        "two           a",
        "              b",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "region --reg gp --method altgd",
        "optimum --reg gp --gamma 1 --method altgd",
        "prove --reg gp --method altgd h>0",
    ],
)
def test_commands_print_it(cli, line):
    code, out, err = cli(f"{line} --format markdown")
    assert (code, err) == (0, "")
    assert out.startswith("**")
    assert "\n$$\n" in out
    assert "- question: `dirac + gp" in out
