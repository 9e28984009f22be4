"""Where a method is fastest, for people and for papers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sympy as sp

from stabcheck.core.visible import visible
from stabcheck.judge.optimum import MARGIN, Optimum
from stabcheck.report.page import COLUMN
from stabcheck.report.sheet import Row, as_markdown, as_text
from stabcheck.report.text import pace_in_words
from stabcheck.symbolic.least import Place, Stretch
from stabcheck.symbolic.printing import Write, terminal
from stabcheck.symbolic.printing import latex as tex

TOGETHER = "(each of these values with some of the others, perhaps not with all)"
"""Of ranges that are shadows of a set."""


def text(best: Optimum) -> str:
    """For a terminal: a sentence, the rate, where it is, how fast that is, and how it is proved."""
    return as_text(sentence(best), _rows(best))


def markdown(best: Optimum) -> str:
    """The same as Markdown."""
    return as_markdown(sentence(best), _rows(best), latex(best))


def _rows(best: Optimum) -> Iterator[Row]:
    yield "question", best.question
    yield from _least(best)
    for place in best.least.places:
        yield from _place(place, best)
    if best.pace is not None:
        yield "pace", pace_in_words(best.pace, best.operator)
    yield "proved", _proved(best)


def _least(best: Optimum) -> Iterator[tuple[str, str]]:
    """The infimum, or what it lies between."""
    if best.least.bracket is not None:
        low, high = map(float, best.least.bracket)
        yield "least", f"from {low:.11g} to {high:.11g}"
    elif best.least.level is not None:
        yield "least", _decimal(best.level, terminal)


def sentence(best: Optimum) -> str:
    """What is said first."""
    rate, over = best.region.rate_name, " and ".join(best.names)
    if best.value is None:
        return f"The {rate} has no lower bound over {over}."
    if not best.is_stable:
        return f"It is stable nowhere: over {over} the {rate} is never below {best.region.level}."
    if best.least.bracket is not None:
        return f"The least {rate} over {over} is {float(best.least.bracket[1]):.7g}, to seven digits."
    if not best.attained:
        return _approached(best, _short(best.level))
    at = best.at(best.least.places[0])
    if len(best.least.places) == 1 and all(s.is_point for _, s in at):
        where = " and ".join(f"{n} = {_short(best.end(s.low, n))}" for n, s in at if s.low)
        return f"The {rate} is least at {where}, where it is {_short(best.level)}."
    return f"The least {rate} over {over} is {_short(best.level)}."


def _approached(best: Optimum, level: str) -> str:
    """Of an infimum that is attained nowhere, or not known to be attained."""
    rate, over = best.region.rate_name, " and ".join(best.names)
    if all(place.attained is False for place in best.least.places):
        return f"Over {over} the {rate} comes as close to {level} as one likes, but is nowhere so small."
    return f"The infimum of the {rate} over {over} is {level}."


def _short(e: sp.Expr | None) -> str:
    """A number with a few digits, a short formula as it is."""
    if e is None:
        return ""
    return terminal(e) if e.free_symbols or e.is_Rational else _digits(e, 5)


def _decimal(e: sp.Expr | None, write: Write) -> str:
    """A formula with its decimals, where they are news."""
    if e is None:
        return ""
    if e.is_Rational or e.free_symbols or e.has(sp.CRootOf):
        return write(e)
    return f"{write(e)} = {_digits(e, 12)}"


def _digits(e: sp.Expr, count: int) -> str:
    """So many digits of a number; of one that they do not tell from 1 its distance from it."""
    shown = f"{float(e):.{count}g}"
    return f"1 - {float((1 - e).evalf(15)):.2g}" if shown == "1" else shown


def _place(place: Place, best: Optimum) -> Iterator[tuple[str, str]]:
    title = {True: "at", False: "approached", None: "at or near"}[place.attained]
    for name, stretch in best.at(place):
        yield title, where(stretch, name, best, lambda e: _decimal(e, terminal))
        title = " "
    if sum(not s.is_point and not s.escapes and not s.is_enclosure for s in place.at.values()) > 1:
        yield title, TOGETHER


def where(stretch: Stretch, name: str, best: Optimum, write: Write) -> str:
    """The values of a hyperparameter at the optimum."""
    if stretch.escapes:
        return f"{name} -> {'-' * (stretch.escapes < 0)}infinity"
    if stretch.is_point and stretch.low is not None:
        return f"{name} = {write(best.end(stretch.low, name))}"
    if stretch.is_enclosure:
        return f"{name} {_enclosed(stretch)}"
    low, high = (None if end is None else write(best.end(end, name)) for end in (stretch.low, stretch.high))
    if low is None and high is None:
        return f"every {name}"
    if high is None:
        return f"{name} from {low} on"
    return f"{name} up to {high}" if low is None else f"{name} from {low} to {high}"


def _enclosed(stretch: Stretch) -> str:
    """An enclosure in digits, which are cut and not rounded to what is not known."""
    low, high = (None if end is None else f"{end.value:.11g}" for end in (stretch.low, stretch.high))
    return f"between {low or '-infinity'} and {high or 'infinity'}"


def _proved(best: Optimum) -> str:
    if best.least.bracket is not None:
        return "at both ends of the bracket, exactly; the number itself is too long to be told"
    solver = f"; by {best.bracket}, none has one smaller by {float(MARGIN):g}" * bool(best.bracket)
    return f"exactly: no other value has a smaller rate{solver}"


def latex(best: Optimum) -> str:
    """The least rate and where it is as a displayed formula, for amsmath."""

    def write(e: sp.Expr) -> str:
        return tex(e, best.hypers)

    letters = ", ".join(write(best.units.letters.get(n, sp.Symbol(n))) for n in best.names)
    operator = r"\min" if best.attained else r"\inf"
    rate = r"\rho" if best.region.rate_name == "spectral radius" else r"\alpha"
    rows = [rf"{operator}_{{{letters}}} {rate} {_level_in_tex(best, write)}"]
    rows += [_in_tex(place, best, write) for place in best.least.places]
    return "\\[\n  \\begin{gathered} " + r" \\ ".join(rows) + " \\end{gathered}\n\\]"


def _level_in_tex(best: Optimum, write: Write) -> str:
    if best.least.bracket is not None:
        return r"\in [{:.11g}, {:.11g}]".format(*map(float, best.least.bracket))
    return r"= -\infty" if best.level is None else f"= {write(best.level)}"


def _in_tex(place: Place, best: Optimum, write: Write) -> str:
    rows = (_stretch(s, write(best.units.letters[n]), best, n, write) for n, s in best.at(place))
    return r"\text{at } " + r",\quad ".join(rows)


def _stretch(stretch: Stretch, x: str, best: Optimum, name: str, write: Write) -> str:
    if stretch.is_enclosure:
        return rf"{x} \text{{ {_enclosed(stretch)}}}"
    if stretch.escapes:
        return rf"{x} \to {'-' * (stretch.escapes < 0)}\infty"
    ends = [None if end is None else write(best.end(end, name)) for end in (stretch.low, stretch.high)]
    if stretch.is_point:
        return f"{x} = {ends[0]}"
    low = "" if ends[0] is None else rf"{ends[0]} \le "
    high = "" if ends[1] is None else rf" \le {ends[1]}"
    return f"{low}{x}{high}" if low or high else rf"\text{{every }} {x}"


def counted(bests: Sequence[Optimum], counts: Sequence[str]) -> str:
    """For several values of a count: which is best, and a line for each."""
    values = [best.value for best in bests]
    least = min((value for value in values if value is not None), default=None)
    fastest = [count for count, value in zip(counts, values, strict=True) if value == least]
    rows = [
        f"Of {counts[0]} to {counts[-1].rpartition(' ')[2]} the least is that of {' and '.join(fastest)}."
    ]
    rows += ["", *(f"{c:<{COLUMN}}{sentence(b)}" for c, b in zip(counts, bests, strict=True))]
    return visible("\n".join(rows))
