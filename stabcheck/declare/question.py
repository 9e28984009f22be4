"""A question: a game with its penalties, under a method, at some values.

`Question(Dirac() + R1("gamma"), AltGD("h"), {"h": "1/10"})` holds declarations, those of the registry or
one's own. It prints itself as one line, `dirac + gp | altgd(h=1/10)`, which `parse` reads back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from stabcheck.core import hyper
from stabcheck.core.cache import digest
from stabcheck.core.errors import BadInput, mistaken
from stabcheck.core.frozen import Frozen
from stabcheck.declare import origins
from stabcheck.declare.combination import Combination, assemble
from stabcheck.declare.games.game import Game, confirm_shape
from stabcheck.declare.line import Line
from stabcheck.declare.methods.flow import Flow
from stabcheck.declare.methods.method import Operator
from stabcheck.declare.spelling import chain_of, fill, opened, spelled


@dataclass(frozen=True, repr=False)
class Question:
    """What does `method` do at the equilibrium of `game`, at `values`?

    A number in a declaration that is no default becomes a symbol with that value, so that formulas stay
    general and `R1(1)` asks the same as `R1("gamma")` with `gamma = 1`.

    Args:
        game: a game, with penalties added by `+`.
        method: a method, or by default the gradient flow; a map has its own step.
        values: numbers for open names; text is read as the decimal or fraction that it shows.

    Raises:
        BadInput: for what is no game, method or number, and for a name that is not open.

    Example:
        >>> from stabcheck import R1, AltGD, Dirac
        >>> Question(Dirac() + R1("gamma"), AltGD("1/10"))
        Question.parse('dirac + gp | altgd(h=1/10)')
    """

    game: Game
    method: Operator = None  # pyright: ignore[reportAssignmentType]
    values: Mapping[str, Any] = field(default_factory=Frozen)

    def __post_init__(self) -> None:
        method = confirmed(self.game, self.method)
        values = _accepted(self.game, method, self.values)
        for name, value in zip(("game", "method", "values"), opened(self.game, method, values), strict=True):
            object.__setattr__(self, name, value)
        object.__setattr__(self, "values", Frozen(self.values))

    @classmethod
    def parse(cls, text: str) -> Question:
        """The question that a line spells.

        Raises:
            BadInput: for a line that is none, an unknown part or name, and a value outside its domain.
        """
        line = Line.parse(text)
        bare = assemble(line.combination)
        return cls(*fill(bare.game, bare.operator, line))

    @classmethod
    def of(cls, combination: Combination, given: Mapping[str, str] | None = None) -> Question:
        """The question of parts by name.

        Raises:
            as `assemble`.
        """
        assembly = assemble(combination, given)
        return cls(assembly.game, assembly.operator, assembly.values)

    @property
    def line(self) -> Line:
        """The question as it is spelled."""
        return spelled(self.game, self.method, self.values)

    def __str__(self) -> str:
        return str(self.line)

    def __repr__(self) -> str:
        return f"Question.parse({str(self)!r})"

    @property
    def names(self) -> dict[str, hyper.Hyper]:
        """The names left open that have no value."""
        symbols = hyper.symbols(self.game, self.method)
        return {name: row for name, row in symbols.items() if name not in self.values}

    @property
    def typical(self) -> dict[str, Fraction]:
        """A typical value for each name that has none."""
        return {name: row.typical for name, row in self.names.items()}

    @property
    def chain(self) -> str:
        """The names of the method and of what is inside it."""
        return chain_of(self.method)

    @property
    def programmed(self) -> bool:
        """Whether a part is a class that somebody wrote in Python."""
        return origins.programmed(self.game, self.method)

    @property
    def key(self) -> str:
        """SHA-256 of what is asked: the line, and the text of the parts of one's own.

        Raises:
            BadInput: for a class whose source is not known.
        """
        return digest({"question": str(self), "own": origins.contents(self.game, self.method)})

    def having(self, values: Mapping[str, Any]) -> Question:
        """The same with further values for open names."""
        return replace(self, values={**self.values, **values})


def confirmed(game: Game, method: Operator | None) -> Operator:
    """The method itself, and where there is none what a game is under by itself.

    Raises:
        BadInput: if one is no game or no method.
    """
    if not isinstance(game, Game):
        raise mistaken("what is analysed must be a game", game, "analyse(Dirac('gan') + R1(1), SimGD('h'))")
    confirm_shape(game)
    operator = (game.own_step or Flow()) if method is None else method
    if not isinstance(operator, Operator):
        raise mistaken("the operator must be a method or a flow", operator, "analyse(Dirac(), SimGD('h'))")
    return operator


def _accepted(game: Game, method: Operator, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as numbers.

    Raises:
        BadInput: for a name that is not open, and what is no number of its domain.
    """
    names = hyper.symbols(game, method)
    for name in values:
        if name not in names:
            choices = ", ".join(names) or "none"
            raise BadInput(f"no hyperparameter is called '{name[:40]}'; those left open are: {choices}")
    numbers = {name: hyper.accept(replace(names[name], name=name), value) for name, value in values.items()}
    for name, value in numbers.items():
        if isinstance(value, str):
            raise BadInput(f"{name} must be {names[name].domain.text}, not the symbol '{value[:30]}'")
    return numbers
