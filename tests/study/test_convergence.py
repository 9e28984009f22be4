"""The table of convergence of Mescheder, Geiger & Nowozin 2018, derived."""

from dataclasses import dataclass

import pytest
import typer

from stabcheck.cli.atlas import atlas
from stabcheck.declare.combination import Combination, assemble
from stabcheck.declare.games.bilinear import Bilinear
from stabcheck.declare.games.game import Game
from stabcheck.declare.methods.flow import Flow
from stabcheck.declare.question import Question
from stabcheck.judge.analysis import Analysis
from stabcheck.report.atlas import FORMATS, convergence_table
from stabcheck.study.convergence import convergence, decide, integral


def run(*arguments):
    """The command alone, with its refusals as exceptions."""
    app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command()(atlas)
    return app(list(arguments), standalone_mode=False)


# What Mescheder, Geiger & Nowozin 2018 say in their table; FACTS, section 2.
CLAIMED = {
    "unregularised GAN": ("yes", "no"),
    "WGAN": ("no", "no"),
    "WGAN-GP": ("no", "no"),
    "DRAGAN": ("yes", "no"),
    "instance noise": ("yes", "yes"),
    "consensus": ("yes", "yes"),
    "gradient penalty R1": ("yes", "yes"),
    "gradient penalty R2": ("yes", "yes"),
}


@pytest.fixture(scope="module")
def answers():
    return {(a.training, a.case): a for a in convergence()}


def test_the_derived_table_is_the_published_one_where_it_is_decided(answers):
    open_ones = set()
    for training, words in CLAIMED.items():
        for case, word in zip(("absolutely continuous", "general"), words, strict=True):
            found = answers[training, case]
            if found.word == "-":
                open_ones.add((training, case))
                assert "kink" in found.reason
            else:
                assert found.word == word, found
    assert len(answers) == 2 * len(CLAIMED)
    assert open_ones == {("WGAN-GP", "absolutely continuous"), ("DRAGAN", "absolutely continuous")}


def test_a_neutral_spectrum_alone_decides_nothing():
    """The non-saturating GAN has the spectrum of the GAN, but converges (FACTS A08)."""
    parts = assemble(Combination("dirac", "nsgan", (), "flow"))
    result = Analysis(parts.game, parts.operator)
    assert result.verdict == "neutral"
    assert decide(result)[0] == "-"


def test_a_training_of_ones_own_is_asked_as_well():
    (found,) = convergence({"decay": {"bilinear": Question.parse("bilinear + decay")}})
    assert (found.training, found.case, found.game, found.word) == ("decay", "bilinear", "bilinear", "yes")
    assert convergence_table([found]).heads == ("gradient flow", "bilinear (bilinear)")


@dataclass(frozen=True)
class Common(Bilinear):
    """Both minimise `x y`: along the motion `x^2 - y^2` stays constant, and the rest point is a saddle."""

    def losses(self, xp, *x):
        value, _ = super().losses(xp, *x)
        return value, value


@dataclass(frozen=True)
class Kinked(Game):
    """`v_x = up` from above and `-down` from below, and `v_y = -y`."""

    up: int = 0
    down: int = 0
    dims = (1, 1)

    def equilibrium(self, xp):
        return xp.zeros(1), xp.zeros(1)

    def losses(self, xp, *x):
        (a,), (b,) = x
        size = xp.abs(a, "kink")
        return -(self.up * (size + a) + self.down * (size - a)) / 2, b * b / 2


@pytest.mark.parametrize(
    ("up", "down", "word"),
    [(1, 1, "no"), (3, 1, "no"), (1, 0, "-"), (0, 1, "-"), (-1, -1, "-"), (2, -1, "-")],
)
def test_a_kink_repels_where_it_does_on_both_sides(up, down, word):
    """On the other side the motion stands still, or comes."""
    result = Analysis(Kinked(up, down), Flow())
    assert result.verdict == "not differentiable"
    assert decide(result)[0] == word
    assert ("points away" in decide(result)[1]) == (word == "no")


def test_an_integral_that_is_not_extremal_says_nothing():
    assert integral(Analysis(Bilinear(1), Flow())) == "x^2/2 + y^2/2"
    assert integral(Analysis(Common(1), Flow())) is None


def test_the_integral_of_the_wgan_is_constant_along_a_motion(answers):
    """By FACTS B08: w^2 + a^2/2 - ln a, up to a factor."""
    assert answers["WGAN", "absolutely continuous"].reason.startswith("psi^2/2 + theta^2/4 - log(theta)/2 ")


@pytest.mark.parametrize("format_", FORMATS)
def test_the_table_of_convergence_in_every_format(format_, capsys, answers, monkeypatch):
    monkeypatch.setattr("stabcheck.study.convergence.convergence", lambda: tuple(answers.values()))
    run("--table", "convergence", "--format", format_)
    text = capsys.readouterr().out
    assert "DRAGAN" in text
    assert format_ != "text" or max(map(len, text.splitlines())) <= 80
