"""The table of convergence of Mescheder, Geiger & Nowozin (2018), derived on examples.

Their "general case" allows data on lower-dimensional sets; the Dirac-GAN, whose data are one
point, is of that kind. Their absolutely continuous case is met by the toy GAN of Nagarajan &
Kolter (2017), whose data are uniform. A `yes` on an example is no theorem; a `no` is a
counterexample.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stabcheck.declare import lookup
from stabcheck.declare.combination import Combination
from stabcheck.declare.games.game import unwrapped
from stabcheck.declare.question import Question

if TYPE_CHECKING:
    import sympy as sp

    from stabcheck.judge.analysis import Analysis

CASES = {"absolutely continuous": "nk-toy", "general": "dirac"}
"""Each case with the game that stands for it."""
TRAININGS = {
    "unregularised GAN": ("gan", ()),
    "WGAN": ("wgan", ()),
    "WGAN-GP": ("wgan", ("wgan-gp",)),
    "DRAGAN": ("gan", ("dragan",)),
    "instance noise": ("gan", ("noise",)),
    "consensus": ("gan", ("consensus",)),
    "gradient penalty R1": ("gan", ("gp",)),
    "gradient penalty R2": ("gan", ("r2",)),
}


@dataclass(frozen=True)
class Answer:
    """Whether the flow converges to the equilibrium from everywhere near it, on one example.

    Attributes:
        training, case: what was asked, by the names of its row and of its column.
        game: the example.
        word: `yes`, `no`, or `-` where neither is derived.
        reason: why.
    """

    training: str
    case: str
    game: str
    word: str
    reason: str


def mescheder() -> dict[str, dict[str, Question]]:
    """The questions of Mescheder, Geiger & Nowozin (2018), by training and case."""
    return {
        training: {case: Question.of(Combination(game, loss, penalties)) for case, game in CASES.items()}
        for training, (loss, penalties) in TRAININGS.items()
    }


def convergence(asked: Mapping[str, Mapping[str, Question]] | None = None) -> tuple[Answer, ...]:
    """An answer per training and case; by default those of Mescheder, Geiger & Nowozin (2018).

    Args:
        asked: questions by training and case.
    """
    return tuple(
        Answer(training, case, lookup.called(type(unwrapped(question.game)[0])), *decide(_analysis(question)))
        for training, cases in (mescheder() if asked is None else asked).items()
        for case, question in cases.items()
    )


def _analysis(asked: Question) -> Analysis:
    from stabcheck.judge.analysis import Analysis

    return Analysis(asked.game, asked.method).at(**asked.values).checked()


def decide(result: Analysis) -> tuple[str, str]:
    """The word and its reason: from the spectrum, an integral of motion, or a jump at rest."""
    if result.verdict == "stable":
        return "yes", result.finding.reason
    if result.verdict == "unstable":
        return "no", result.finding.reason
    if result.verdict == "depends" and _with_strength(result):
        names = ", ".join(name for name in result.names if name not in result.values)
        return "yes", f"every eigenvalue lies inside the stable region where {names} > 0"
    if result.verdict == "not differentiable":
        away = repelled(result)
        return ("no", away) if away else ("-", result.finding.reason)
    kept = integral(result)
    if kept is not None:
        return "no", f"{kept} stays constant and is extremal at rest only, so that nothing converges"
    return "-", result.finding.reason


def _with_strength(result: Analysis) -> bool:
    """Whether all conditions hold once the hyperparameters are not 0."""
    import sympy as sp

    conditions = result.conditions_here
    if conditions is None:
        return False
    strong = {s: sp.Dummy(positive=True) for c in conditions for s in c.free_symbols if s.is_nonnegative}
    return all(c.xreplace(strong).is_positive for c in conditions)


def integral(result: Analysis) -> str | None:
    """An integral of motion of a planar field with an isolated extremum at rest, as text.

    Where `v_y/v_x = A(x) B(y)`, along the motion `A dx = dy/B`, so that the integral of `A` minus
    that of `1/B` stays constant. It is extremal at rest if its Hessian, which is diagonal, is definite.
    """
    import sympy as sp

    from stabcheck.symbolic.printing import terminal

    if len(result.model.coordinates) != 2:
        return None
    (x, y), equilibrium = result.model.coordinates, result.model.point
    v_x, v_y = (result.model.ops.at({}, e) for e in result.vector_field)
    split: Any = sp.separatevars(sp.simplify(v_y / v_x), symbols=(x, y), dict=True) if v_x != 0 else None
    if not split:
        return None
    slope_x, slope_y = split["coeff"] * split[x], -1 / split[y]
    kept = sp.simplify(slope_x * v_x + slope_y * v_y) == 0
    gradient = [sp.simplify(e).xreplace(equilibrium) for e in (slope_x, slope_y)]
    bends = [sp.simplify(e.diff(s)).xreplace(equilibrium) for e, s in ((slope_x, x), (slope_y, y))]
    if not kept or gradient != [0, 0] or not _definite(bends):
        return None
    return terminal(sp.expand(_up(bends) * (sp.integrate(slope_x, x) + sp.integrate(slope_y, y))))


def _up(bends: list[sp.Expr]) -> int:
    return 1 if bends[0].is_positive else -1


def _definite(bends: list[sp.Expr]) -> bool:
    return all(e.is_positive for e in bends) or all(e.is_negative for e in bends)


def repelled(result: Analysis) -> str:
    """Why nothing converges where the field jumps at rest and points away on both sides.

    If for some coordinate `s` the limits of `v_s` at the equilibrium are positive from above and
    negative from below, the distance in `s` grows near the equilibrium, so that no motion that is
    off `s = rest` comes to it. Empty where that is not so, or not decided.
    """
    import sympy as sp

    from stabcheck.symbolic.unevaluated import Expectation

    equilibrium = result.model.point
    for s, velocity in zip(result.model.coordinates, result.vector_field, strict=True):
        if velocity.has(Expectation):
            continue
        away = sp.Dummy(positive=True)
        sides = []
        for sign in (1, -1):
            moved = velocity.xreplace({**equilibrium, s: equilibrium[s] + sign * away})
            limit = result.model.ops.at({}, moved).subs(away, 0)
            sides.append(limit.xreplace({p: sp.Dummy(positive=True) for p in limit.free_symbols}))
        if sides[0].is_positive and sides[1].is_negative:
            return f"the field jumps at {s} = {equilibrium[s]} and points away from it on both sides"
    return ""
