"""The question itself: what does this method do on this game?"""

from __future__ import annotations

from stabcheck.declare.games.game import Game, unwrapped
from stabcheck.declare.methods.method import Operator
from stabcheck.declare.question import Question, confirmed
from stabcheck.judge.analysis import Analysis, Value
from stabcheck.judge.equilibria import rested
from stabcheck.judge.result import Result


def analyse(game: Game, operator: Operator | None = None, **values: Value) -> Result:
    """Derive what `operator` does at the equilibrium of `game`.

    Args:
        game: a game, with penalties added by `+`.
        operator: a method, or by default the gradient flow. Hyperparameters of both may be
            names, which stay symbols, or numbers.
        values: numbers for open names, as for `Analysis.at`; they may be needed where the declared
            equilibrium rests at these values only.

    Returns:
        An `Analysis`; for a game whose losses are written in JAX (`symbolic = False`) a
        `FloatAnalysis`, in floating point alone, whose formulas are `None`.

    Raises:
        BadInput: if a name is used twice with different meanings.
        NotApplicable: if a penalty has no meaning for the game.
        NotAnEquilibrium: if the game's declared equilibrium is none.

    Example:
        >>> from stabcheck import AltGD, Dirac, R1, analyse
        >>> result = analyse(Dirac("gan") + R1("gamma"), AltGD("h"))
        >>> print(result.at(gamma=1, h="1/10").verdict)
        stable
    """
    operator = confirmed(game, operator)
    if not unwrapped(game)[0].symbolic:
        from stabcheck.judge.floating import FloatAnalysis

        return FloatAnalysis(game, operator).at(**values)
    return Analysis(game, operator).at(**values)


def answered(asked: Question) -> Result:
    """What `analyse` gives at the values of a question, at the rest point found where a file gives a start.

    Raises:
        as `analyse`, and as `with_equilibrium_near`.
    """
    question = rested(asked)
    return analyse(question.game, question.method, **question.values)
