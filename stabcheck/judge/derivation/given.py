"""All steps of a derivation; those of a field or a map that is given, without losses, differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import sympy as sp

from stabcheck.core.symbols import first_free
from stabcheck.judge.derivation.data import Applied, Derivation, Equation, Step, Subscripted
from stabcheck.judge.derivation.steps import Letters, Steps, declared
from stabcheck.judge.summary import setting_of, title

if TYPE_CHECKING:
    from stabcheck.judge.analysis import Analysis


def every_step(result: Analysis) -> Iterator[Step]:
    """All steps of a result, from what is declared to the verdict."""
    game = result.game
    kind = Steps if game.has_losses else FieldSteps if game.own_step is None else MapSteps
    return kind(result, Letters.free(result)).every()


def derive(result: Analysis) -> Derivation:
    """The steps from the losses to the verdict, as far as they go.

    Args:
        result: general where names are open; the values that it has are put in at the end.
    """
    steps = tuple(every_step(result))
    return Derivation(title(result), steps, result.names)


class FieldSteps(Steps):
    """Those of a vector field."""

    def objective(self) -> Step:
        field = declared("Field", setting_of(self.result).game)
        return Step("field", (field, ("It is given as such; no losses are behind it.",)))

    def field(self) -> Step:
        pairs = zip(self.result.model.coordinates, self.result.vector_field, strict=True)
        rows = tuple(Equation(Subscripted(self.by.field, s), "=", e) for s, e in pairs)
        return Step("vector field", (("The velocity of each coordinate.",),), rows)

    def resting(self) -> str:
        return "the field vanishes there"


class MapSteps(FieldSteps):
    """Those of a map."""

    @property
    def letter_of_map(self) -> sp.Symbol:
        """What the map is called."""
        return sp.Symbol(first_free(("F", "T", "G"), {s.name for s in self.result.symbols}))

    def objective(self) -> Step:
        return Step("map", (declared("Map", setting_of(self.result).game), ("It is its own step.",)))

    def field(self) -> Step:
        pairs = zip(self.result.model.coordinates, self.result.image or (), strict=True)
        rows = tuple(Equation(Subscripted(self.letter_of_map, s), "=", e) for s, e in pairs)
        return Step("image", (("Where each coordinate is put.",),), rows)

    def resting(self) -> str:
        return "the map leaves it where it is"

    def rests(self, point: Sequence[sp.Expr]) -> Equation:
        return Equation(Applied(self.letter_of_map, *point), "=", sp.Tuple(*point))
