"""The answers to "up to which step size" and "which is fastest" in a line each, for tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import prod
from typing import NamedTuple

import sympy as sp

from stabcheck.core.errors import StabcheckError
from stabcheck.core.formula import Sign
from stabcheck.judge.analysis import Analysis
from stabcheck.judge.optimum import Optimum, optimum
from stabcheck.judge.region import Region, region_of
from stabcheck.judge.threshold import others_of, solved
from stabcheck.symbolic.least import Stretch
from stabcheck.symbolic.ops import symbol
from stabcheck.symbolic.printing import terminal

LONGEST = 120
"""What would be longer is told for values alone, or not at all."""
STEP, SHORT, MOST_ROOTS = "h", 100, 8
"""The name of step sizes; fractions with a smaller denominator are written as such; roots that are moved."""


class Solved(NamedTuple):
    """What is solved of a result for one name.

    Attributes:
        name: of the hyperparameter; empty where none is open.
        threshold: where it is stable; empty where that is not solved, or long.
        optimum: the least rate at the values of the others, and where it is; likewise.
    """

    name: str = ""
    threshold: str = ""
    optimum: str = ""


def solved_for_step(result: Analysis, typical: Mapping[str, Fraction]) -> Solved:
    """Thresholds and optimum over the step size, or over the first open name of what has none.

    Args:
        result: an analysis.
        typical: values for its open names.
    """
    names = [name for name in result.names if name not in result.values]
    if not names:
        return Solved()
    name = next((n for n in names if result.names[n].name == STEP), names[0])
    letter = symbol(name, result.names[name]).name
    others = {n: typical[n] for n in names if n != name}
    there, values = result.at(**others), ", ".join(f"{n} = {q}" for n, q in others.items())
    general = _or_empty(lambda: _in_general(region_of(result.here), letter))
    return Solved(
        name,
        general or _with(_or_empty(lambda: _threshold(region_of(there.here), letter)), values),
        _with(_or_empty(lambda: _fastest(there, letter)), values),
    )


def _with(text: str, values: str) -> str:
    """What is told, with the values at which it holds."""
    return f"{text} ({values})" if text and values else text


def _or_empty(tell: Callable[[], str]) -> str:
    """What is told; nothing where that is refused, or long."""
    try:
        text = tell()
    except StabcheckError:
        return ""
    return text if len(text) <= LONGEST else ""


def _in_general(region: Region | None, letter: str) -> str:
    """The threshold in terms of one other letter; of more it is seldom short."""
    return _threshold(region, letter) if region and len(others_of(region, letter)) <= 1 else ""


def _threshold(region: Region | None, letter: str) -> str:
    if region is None:
        return ""
    if not region.conditions:
        return f"every {letter}"
    if any(_is_never(condition) for condition in region.conditions):
        return "never"
    return "" if letter not in region.letters else "; ".join(solved(region, letter).lines(terminal))


def _is_never(condition: Sign) -> bool:
    """Whether a condition is a number that is not positive."""
    numbers = [(p.at({}), power) for p, power in condition.factors if not p.names]
    return len(numbers) == len(condition.factors) and prod(n**power for n, power in numbers) <= 0


def _fastest(result: Analysis, letter: str) -> str:
    """The optimum, where the polynomials are not so long that it takes seconds."""
    degrees = [factor.degree for factor in result.here.factors or ()]
    return _optimum(optimum(result, [letter])) if sum(degrees) <= MOST_ROOTS else ""


def _optimum(best: Optimum) -> str:
    """`0.6813 at h = 1.464`, `1/2 as h -> infinity`."""
    if best.value is None:
        return "no lower bound"
    if not best.is_stable:
        return f"never below {best.region.level}"
    level = _digits(best.level) if best.level is not None else f"{best.value:.4g}"
    rows = (f"{n} {_where(s, n, best)}" for place in best.least.places[:1] for n, s in best.at(place))
    more = " and elsewhere" * (len(best.least.places) > 1)
    return f"{level} at {', '.join(rows)}{more}" if best.attained else f"{level} near {', '.join(rows)}{more}"


def _where(stretch: Stretch, name: str, best: Optimum) -> str:
    if stretch.escapes:
        return f"-> {'-' * (stretch.escapes < 0)}infinity"
    ends = [None if n is None else _digits(best.end(n, name)) for n in (stretch.low, stretch.high)]
    if stretch.is_enclosure and stretch.low and stretch.high:
        return f"= {(stretch.low.value + stretch.high.value) / 2:.4g}"
    if ends[0] == ends[1] and ends[0] is not None:
        return f"= {ends[0]}"
    return f"from {ends[0] or '-infinity'} to {ends[1] or 'infinity'}"


def _digits(e: sp.Expr) -> str:
    """A number with four digits, anything else as it is."""
    is_short = isinstance(e, sp.Rational) and e.q < SHORT
    return terminal(e) if e.free_symbols or is_short else f"{float(e):.4g}"
