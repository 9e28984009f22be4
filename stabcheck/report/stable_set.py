"""Where it is stable, for people, for papers and for web pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

import sympy as sp

from stabcheck.core.errors import Undecidable
from stabcheck.core.hyper import Hyper
from stabcheck.judge.boxes import Box, Partition
from stabcheck.judge.cases import Case, Otherwise
from stabcheck.judge.pieces import Piece
from stabcheck.judge.stable_set import StableSet
from stabcheck.judge.threshold import OPEN, Threshold
from stabcheck.report.sheet import Row, as_markdown, as_text
from stabcheck.symbolic.polynomials import expression
from stabcheck.symbolic.printing import inequality, terminal
from stabcheck.symbolic.printing import latex as tex

LONGEST = 2_000
"""Letters of cases that a terminal shows."""
Write = Callable[..., str]


def text(stable: StableSet) -> str:
    """For a terminal: a sentence, the conditions, what happens where they end, and a box."""
    return as_text(sentence(stable), _rows(stable))


def markdown(stable: StableSet, names: Mapping[str, Hyper]) -> str:
    """The same as Markdown."""
    return as_markdown(sentence(stable), _rows(stable), latex(stable, names))


def _rows(stable: StableSet) -> Iterator[Row]:
    yield "question", stable.question
    yield from _titled("stable iff", (inequality(e, terminal) for e in stable.conditions))
    yield from _titled("follows", (inequality(e, terminal) for e in stable.implied))
    yield from _titled(
        "ends where", (row for piece in stable.pieces for row in _end(piece, stable, terminal))
    )
    selectors = (_factor(piece, stable, terminal) for piece in stable.pieces if not piece.kinds)
    yield from _titled("selects", selectors)
    for name, each in stable.thresholds.items():
        yield from _titled(f"for {name}", _solved(each))
    if stable.parts is not None:
        yield from _titled("box", _box(stable.parts))


def _titled(title: str, rows: Iterator[str]) -> Iterator[tuple[str, str]]:
    for k, row in enumerate(rows):
        yield (title, row) if k == 0 else ("", f" {row}")


def sentence(stable: StableSet) -> str:
    """What is said first."""
    count, proved = len(stable.conditions), f"(proved by {stable.solver})"
    if stable.pruned.empty:
        return f"It is stable nowhere: the conditions exclude each other {proved}."
    if stable.pruned.full:
        return f"It is stable at all values{f' {proved}' * bool(stable.implied)}."
    which = "one condition holds" if count == 1 else f"{count} conditions hold"
    if left := len(stable.implied):
        what = "another one follows" if left == 1 else f"{left} others follow"
        which += f"; {what} {proved}"
    return f"It is stable exactly where {which}."


def _solved(threshold: Threshold | Undecidable) -> Iterator[str]:
    """The intervals, a line for each case."""
    if isinstance(threshold, Undecidable):
        yield f"not solved: {threshold}"
        return
    lines = list(threshold.lines(terminal))
    if sum(map(len, lines)) > LONGEST:
        count = len(threshold.cases)
        yield f"{count} case{'s' * (count > 1)}, too long to be read here; --format json writes all"
    else:
        yield from lines


def latex(stable: StableSet, names: Mapping[str, Hyper]) -> str:
    """The conditions and the cases as displayed formulas, for amsmath."""

    def write(e: sp.Expr) -> str:
        return tex(e, names)

    rows = [inequality(e, write) for e in stable.conditions]
    blocks = [_aligned(rows)] if rows and not stable.pruned.empty else [rf"\text{{{sentence(stable)}}}"]
    blocks += [_cases(each, write) for each in stable.thresholds.values() if isinstance(each, Threshold)]
    return "\n".join(f"\\[\n  {block}\n\\]" for block in blocks)


def _aligned(rows: Sequence[str]) -> str:
    return r"\begin{gathered} " + r" \\ ".join(rows) + r" \end{gathered}"


def _cases(threshold: Threshold, write: Write) -> str:
    """A line for each case, as `cases` of amsmath has them."""
    rows = []
    for case in threshold.cases:
        stable = r" \text{ or } ".join(threshold.intervals(case, write)) or r"\text{never}"
        rows.append(_signs(stable) + _where(threshold, case, write))
    rows += [] if threshold.whole else [rf"\text{{({OPEN})}}"]
    return r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}"


def _where(threshold: Threshold, case: Case, write: Write) -> str:
    """The second column."""
    if isinstance(case.where, Otherwise):
        return r" & \text{otherwise}"
    where = threshold.where(case, write)
    return rf" & \text{{if }} {_signs(where)}" * bool(where)


def _signs(text: str) -> str:
    """The relations of a line, and the words in it, as LaTeX sets them."""
    set_ = text.replace(" <= ", r" \le ").replace(" >= ", r" \ge ").replace(" != ", r" \ne ")
    set_ = set_.replace(" and ", r" \text{ and } ")
    return re.sub(r"\broot (\d+) of ", r"\\text{root \1 of } ", set_)


def _factor(piece: Piece, stable: StableSet, write: Write) -> str:
    return write(expression(piece.polynomial, stable.letters))


def _end(piece: Piece, stable: StableSet, write: Write) -> Iterator[str]:
    """What happens at a piece, and where a pair on it is in a strong resonance."""
    if not piece.kinds:
        return
    what = " and ".join(kind.value for kind in piece.kinds)
    yield f"{_factor(piece, stable, write)} = 0: {what}{_doubt(piece.attained)}"
    if values := stable.continua.get(piece.polynomial):
        at = ", ".join(f"{name} = {q}" for name, q in values.items())
        yield f"  at {at} the equilibria form a manifold, and eigen tells what holds across it"
    for resonance in stable.resonances.get(piece.polynomial, ()):
        zeros = " and ".join(f"{write(expression(p, stable.letters))} = 0" for p in resonance.equations)
        yield f"  {zeros}, too: resonance 1:{resonance.order}{_doubt(resonance.attained)}"


def _doubt(attained: bool | None) -> str:  # noqa: FBT001 (an answer, not a switch)
    return {True: "", False: " (not met)", None: " (not proved to be met)"}[attained]


def _box(parts: Partition) -> Iterator[str]:
    yield _sides(parts.box)
    rows = (("stable", parts.stable), ("unstable", parts.unstable), ("undecided", parts.undecided))
    yield ", ".join(f"{_percent(parts, boxes)} {name}" for name, boxes in rows) + " of its volume"


def _percent(parts: Partition, boxes: tuple[Box, ...]) -> str:
    share = parts.share(boxes)
    return "all" if share == 1 else "none" if not boxes else f"{float(100 * share):.3g} %"


def _sides(box: Box) -> str:
    return ", ".join(f"{name} from {low} to {high}" for name, (low, high) in box.sides.items())
