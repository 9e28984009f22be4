"""Whether everything that a game file declares is used, where it may be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from stabcheck.declare.file import limits
from stabcheck.declare.file.filegame import (
    Plan,
)
from stabcheck.declare.file.place import Place
from stabcheck.declare.file.tree import Size


@dataclass(frozen=True)
class Uses:
    """Whether everything that a file declares is used, where it may be."""

    top: Place
    form: str
    plan: Plan
    hyperparameters: tuple[str, ...]
    distributions: Mapping[str, Any]

    def check(self) -> None:
        """Raises:
        BadInput: for what is declared and unused, and for losses that grow too long at rest.
        """
        felt = {name for player in self.plan.players for f in player.formulas for name in f.names}
        at_rest = {name for row in self.plan.rest for f in row for name in f.names}
        drawn = {name for draw in self.plan.draws.values() for f in draw.formulas for name in f.names}
        mixed = {name for u in felt & set(self.distributions) for name in self.distributions[u].get("of", ())}
        for player in self.plan.players:
            place = self.top.of(self.form).of(player.name)
            # A field may depend on less: where a car is, its speed need not know.
            used = felt if player.loss is not None else felt | {*player.variables}
            self._refuse_unused(place, player.variables, used, "no loss; put it in one, or leave it out")
        place = self.top.of("distributions")
        where = (
            "no loss; leave it out" if self.plan.players[0].loss is not None else "no formula; leave it out"
        )
        self._refuse_unused(place, self.distributions, felt | mixed, where)
        place = self.top.of("hyperparameters")
        self._refuse_unused(place, self.hyperparameters, felt | drawn | at_rest, "no formula; leave it out")
        self._refuse_manifold(felt | drawn, at_rest)
        self._refuse_growth()

    def _refuse_unused(self, place: Place, names: Iterable[str], used: set[str], where: str) -> None:
        for name in names:
            if name not in used:
                raise place.error(f"{name} appears in {where}")

    def _refuse_manifold(self, felt: set[str], at_rest: set[str]) -> None:
        place = self.top.of("manifold")
        self._refuse_unused(place, self.plan.manifold, at_rest, "no formula of [equilibrium]; leave it out")
        for name in self.plan.manifold:
            if name in felt:
                raise place.error(f"{name} is a coordinate along rest points; use it in [equilibrium] only")

    def _refuse_growth(self) -> None:
        """The rest point is put into the losses, which are expanded there."""
        sizes = {name: draw.size for name, draw in self.plan.draws.items()}
        for player, row in zip(self.plan.players, self.plan.rest, strict=False):
            sizes |= {name: Size(f.terms({})) for name, f in zip(player.variables, row, strict=True)}
        for player in self.plan.players:
            if any(f.terms(sizes) > limits.MOST_TERMS for f in player.formulas):
                what = (
                    f"with [equilibrium] put in it has more than {limits.MOST_TERMS} terms; write it simpler"
                )
                place = self.top.of(self.form).of(player.name)
                raise (place if player.loss is None else place.of("loss")).error(what)
