"""A game in SymPy: its losses as expressions, and their derivatives at a point."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any

import sympy as sp

from stabcheck.core import hyper
from stabcheck.core.errors import BadInput, NotAnEquilibrium, NotSmooth, StabcheckError, Undecidable
from stabcheck.declare.games.game import Game
from stabcheck.symbolic import reading
from stabcheck.symbolic.generators import plain
from stabcheck.symbolic.kinks import Smooth
from stabcheck.symbolic.length import terms
from stabcheck.symbolic.ops import SymPyOps, own
from stabcheck.symbolic.pieces import Place
from stabcheck.symbolic.taylor import Expansion, Smoothed, Taylor, coefficients, smoothed
from stabcheck.symbolic.unevaluated import germ_symbol
from stabcheck.symbolic.zero import doubt, vanishes

MOST_TERMS = 200
"""A field with more terms is not expanded."""
KINKED = sp.Dummy("kinked", real=True)
"""Stands for a derivative that does not exist and that the gradient field does not ask for."""

Residuals = tuple[tuple[sp.Symbol, sp.Expr], ...]
"""Expressions that ought to be 0, by coordinate."""


@dataclass(frozen=True)
class Model:
    """A game as SymPy sees it: its losses as expressions in named coordinates.

    Attributes:
        ops: the arithmetic that built the losses, with what it recorded.
        coordinates: one symbol for each coordinate of the flat state.
        owner: the player that owns each coordinate.
        losses: one expression per player; none of a field that is given.
        projected: where a step's result is put, one expression per coordinate.
        equilibrium: the point of analysis: the declared equilibrium, where no other is given.
        along: where the equilibrium is declared to lie on a manifold: one direction of it per
            coordinate of the manifold, each with an entry per coordinate of the state.
        manifold: every point of that manifold, in dummies.
        given: the field itself, one expression per coordinate, where no losses give it.
        without: makes the losses without the terms of penalties; `None` where there are none.
    """

    ops: SymPyOps
    coordinates: tuple[sp.Symbol, ...]
    owner: tuple[int, ...]
    losses: tuple[sp.Expr, ...]
    projected: tuple[sp.Expr, ...]
    equilibrium: tuple[sp.Expr, ...]
    along: tuple[tuple[sp.Expr, ...], ...] = ()
    manifold: tuple[sp.Expr, ...] = ()
    given: tuple[sp.Expr, ...] = ()
    without: Callable[[], tuple[sp.Expr, ...]] | None = field(default=None, compare=False)

    @classmethod
    def of(cls, game: Game, at: Sequence[Any] | None = None, ops: SymPyOps | None = None) -> Model:
        """The model of a game whose hyperparameters are SymPy numbers and symbols.

        Args:
            game: any game.
            at: the point of analysis, an expression per coordinate; by default the equilibrium.
            ops: the arithmetic of its losses; by default the plain one.

        Raises:
            BadInput: if the point has not one entry per coordinate.
        """
        if at is not None:
            return cls.of(game, ops=ops)._moved(at)
        ops = replace(ops or SymPyOps(), taken=_names(game))
        coordinates = tuple(own(hyper.usable(name), real=True) for name in game.names)
        owner = tuple(i for i, dim in enumerate(game.dims) for _ in range(dim))
        blocks = [
            ops.vector(*(c for c, p in zip(coordinates, owner, strict=True) if p == i))
            for i in range(len(game.dims))
        ]
        losses = ops.exactly(reading.losses(game, ops, blocks) if game.has_losses else ())
        given = ops.exactly(() if game.has_losses else reading.velocities(game, ops, blocks))
        projected = ops.exactly(reading.vectors(game, "project", game.project(ops, *blocks)))
        equilibrium = ops.exactly(reading.vectors(game, "equilibrium", game.equilibrium(ops)))
        moving = [sp.Dummy(real=True) for _ in game.along]
        manifold = ops.exactly(_flat(game.equilibrium(ops, *moving)) if moving else ())
        here = dict(zip(moving, game.along, strict=True))
        along = tuple(tuple(e.diff(t).xreplace(here) for e in manifold) for t in moving)
        without = None if game.bare is game else partial(_bare_losses, game.bare, ops, blocks)
        return cls(ops, coordinates, owner, losses, projected, equilibrium, along, manifold, given, without)

    def _moved(self, at: Sequence[Any]) -> Model:
        if len(at) != len(self.coordinates):
            names = ", ".join(map(str, self.coordinates))
            raise BadInput(f"the point has {len(at)} entries; give {len(self.coordinates)}: {names}")
        return replace(self, equilibrium=self.ops.exactly(at), along=(), manifold=())

    @cached_property
    def bare(self) -> Model:
        """The game without the terms that penalties add; itself where there are none."""
        return self if self.without is None else replace(self, losses=self.without(), without=None)

    @property
    def players(self) -> int:
        """How many there are."""
        return self.owner[-1] + 1

    @property
    def velocities(self) -> tuple[sp.Expr, ...]:
        """The field as differentiation, or its declaration, makes it."""
        if self.given:
            return self.given
        return tuple(-self.losses[i].diff(s) for s, i in zip(self.coordinates, self.owner, strict=True))

    @property
    def symbols(self) -> set[sp.Symbol]:
        """The open hyperparameters, and `f1`, `f2` of the functions known by their germ."""
        free = sp.Tuple(*self.losses, *self.given, *self.projected, *self.equilibrium).free_symbols
        constants = {germ_symbol(name, 0) for name in self.ops.germs}
        named = {*self.germ_symbols, *self.ops.means.values()}
        return (free | named) - constants - set(self.coordinates)

    @cached_property
    def alike(self) -> dict[sp.Symbol, sp.Symbol]:
        """Slopes at 0 that are those of an earlier function, with the symbol that serves for both."""
        return self.ops.alike()

    @property
    def germ_symbols(self) -> tuple[sp.Symbol, ...]:
        """`f1`, `f2` of each function known by its germ: all that matters at rest."""
        symbols = (germ_symbol(name, k) for name in self.ops.germs for k in (1, 2))
        return tuple(s for s in symbols if s not in self.alike)

    def germ_values(self, values: Mapping[str, sp.Expr]) -> dict[str, sp.Expr]:
        """What the symbols stand for that no hyperparameter is called by, by name.

        `f'(0)` and `f''(0)` of the functions known by their germ, and the means `m1`, ….

        Args:
            values: numbers for hyperparameters that they depend on.
        """
        germs = {}
        for s in self.germ_symbols:
            value = self._germs[s]
            there = {v: values[v.name] for v in value.free_symbols if v.name in values}
            germs[s.name] = value.xreplace(there)
        there = {s: value for s in self.symbols if (value := {**germs, **values}.get(s.name)) is not None}
        return germs | {s.name: self.ops.mean_value(s, there) for s in self.means}

    @cached_property
    def _germs(self) -> dict[sp.Symbol, sp.Expr]:
        return {s: self.ops.germ_value(s) for s in self.germ_symbols}

    @property
    def means(self) -> tuple[sp.Symbol, ...]:
        """The symbols `m1`, … of expectations at rest that no moments give."""
        with suppress(StabcheckError):
            _ = self.osculating
        return tuple(self.ops.means.values())

    @property
    def point(self) -> dict[sp.Symbol, sp.Expr]:
        """The equilibrium as a substitution."""
        return dict(zip(self.coordinates, self.equilibrium, strict=True))

    def at_rest(self, expression: sp.Expr) -> sp.Expr:
        """The value of an expression at the equilibrium."""
        return plain(self.ops.at(self.point, expression).xreplace(self.alike))

    def field(self) -> tuple[sp.Expr, ...]:
        """The gradient vector field `v`, or the one given, at a general point."""
        slopes = self.velocities
        # A long one is left as differentiation made it: expanded it would be longer by far.
        return tuple(self.ops.tidy(e if terms(e) > MOST_TERMS else sp.expand(e)) for e in slopes)

    def taylor(self, order: int) -> Expansion:
        """The derivatives of the game's fields at the point, to an order, as Taylor coefficients.

        `f^(k)(0)` of a function known by its germ is the symbol `f<k>`.

        Raises:
            NotSmooth: if the point lies on a kink, or derivatives may be missing there.
            Undecidable: if it is not proved that it does not.
        """
        self.refuse_doors()
        if any(e.door for e in self._smooth.projected):
            raise NotSmooth("the projection passes a kink there")
        if order not in self._expansions:
            losses, given, projected = self._smooth
            pairs = [(losses, order + 1), (given, order), (projected, order)]
            self._expansions[order] = Expansion(*(
                tuple(coefficients(e.expression, list(self.point.items()), k, self.at_rest) for e in row)
                for row, k in pairs
            ))  # fmt: skip
        return self._expansions[order]

    @cached_property
    def _expansions(self) -> dict[int, Expansion]:
        return {}

    @cached_property
    def osculating(self) -> Taylor:
        """Every derivative at the point that the osculating game needs.

        Raises:
            NotSmooth: if a player's own gradient, or the projection, has no derivative there.
            Undecidable: if that is not proved, nor the contrary.
        """
        losses, given, projected = self._smooth
        projection = tuple(self._slope(e.expression, s) for e in projected for s in self.coordinates)
        if given:
            jacobian = tuple(-self._slope(e.expression, s) for e in given for s in self.coordinates)
            return Taylor((tuple(self.at_rest(-e) for e in self.given),), (jacobian,), projection)
        return Taylor(
            tuple(self._gradient(i, loss) for i, loss in enumerate(losses)),
            tuple(self._hessian(i, loss) for i, loss in enumerate(losses)),
            projection,
        )

    @property
    def _smooth(self) -> Smoothed:
        if isinstance(self._smoothed, StabcheckError):
            raise self._smoothed
        return self._smoothed

    @cached_property
    def _smoothed(self) -> Smoothed | StabcheckError:
        try:
            place = Place(self.ops, self.point)
            return smoothed(place, self.owner, self.losses, self.given, self.projected)
        except StabcheckError as refusal:
            return refusal

    def refuse_doors(self) -> None:
        """Raises:
        NotSmooth: if the losses pass a kink at the equilibrium, even if two derivatives are left.
        """
        if any(e.door for e in (*self._smooth.losses, *self._smooth.given)):
            raise NotSmooth("the losses pass a kink there, and higher derivatives may be missing")

    def specialised(self, values: Mapping[str, sp.Expr]) -> Model:
        """The model at some values, where it depends on values whether there is a kink at rest."""
        with suppress(NotSmooth, Undecidable):
            _ = self._smooth
            return self
        inside = sp.Tuple(*self.losses, *self.given, *self.projected, *self.equilibrium).free_symbols
        substitution = {s: values[s.name] for s in inside - set(self.coordinates) if s.name in values}
        if not substitution:
            return self
        key = frozenset(substitution.items())
        if key not in self._at_values:
            self._at_values[key] = self._put(substitution)
        return self._at_values[key]

    @cached_property
    def _at_values(self) -> dict[frozenset[tuple[sp.Symbol, sp.Expr]], Model]:
        return {}

    def _put(self, substitution: Mapping[sp.Symbol, sp.Expr]) -> Model:
        put = lambda row: tuple(e.xreplace(substitution) for e in row)  # noqa: E731
        ops = replace(
            self.ops,
            kinks=[(label, e.xreplace(substitution)) for label, e in self.ops.kinks],
            roots=list(put(self.ops.roots)),
        )
        return replace(
            self,
            ops=ops,
            losses=put(self.losses),
            given=put(self.given),
            projected=put(self.projected),
            equilibrium=put(self.equilibrium),
            along=tuple(map(put, self.along)),
            manifold=put(self.manifold),
            without=None if self.without is None else lambda: put(self.bare.losses),
        )

    def _slope(self, expression: sp.Expr, s: sp.Symbol) -> sp.Expr:
        return self.at_rest(self._along(expression, s).diff(s))

    def _gradient(self, i: int, loss: Smooth) -> tuple[sp.Expr, ...]:
        pairs = zip(self.coordinates, self.owner, strict=True)
        return tuple(self._slope(loss.expression, s) if loss.whole or p == i else KINKED for s, p in pairs)

    def _hessian(self, i: int, loss: Smooth) -> tuple[sp.Expr, ...]:
        """All second derivatives at rest, row by row."""
        n, half = len(self.coordinates), {}
        for j in range(n):
            asked = [k for k in range(j, n) if loss.whole or i in (self.owner[j], self.owner[k])]
            half.update(self._bends(loss.expression, j, asked))
        return tuple(half.get((min(j, k), max(j, k)), KINKED) for j in range(n) for k in range(n))

    def _bends(self, loss: sp.Expr, j: int, asked: Sequence[int]) -> dict[tuple[int, int], sp.Expr]:
        """Second derivatives at rest in one coordinate and those asked for, by their numbers."""
        s, others = self.coordinates[j], [self.coordinates[k] for k in asked if k != j]
        own, slope = (self._along(loss, s, *row).diff(s) for row in ((), others))
        slope = slope.xreplace({s: self.point[s]})
        return {(j, k): self._slope(own if k == j else slope, self.coordinates[k]) for k in asked}

    def _along(self, expression: sp.Expr, *moving: sp.Symbol) -> sp.Expr:
        """An expression with all coordinates but these at rest: little is left to differentiate."""
        return expression.xreplace({s: e for s, e in self.point.items() if s not in moving})

    def moves(self, values: Mapping[str, sp.Expr]) -> bool:
        """Whether the field, or the projection, is proved to move the point."""
        substitution = {s: values[s.name] for s in self.symbols if s.name in values}
        residuals = (*self._velocities, *self._moves)
        return any(zero is False for _, _, zero in self._decided(residuals, substitution))

    def confirm_rest(self, values: Mapping[str, sp.Expr] | None = None) -> tuple[str, ...]:
        """See that the declared equilibrium rests, as far as that can be decided.

        Args:
            values: numbers for some of the open names, for which alone it is asked.

        Returns:
            what could not be proved, in words; empty where everything was.

        Raises:
            NotSmooth, Undecidable: as `osculating`.
            NotAnEquilibrium: if a player's own gradient proves not to vanish there, or the
                projection to move it.
        """
        if values and (there := self.specialised(values)) is not self:
            return there.confirm_rest(values)
        substitution = {s: values[s.name] for s in self.symbols if s.name in values} if values else {}
        # First where the projection puts the point: that holds beside a kink, too.
        moves = self._decided(self._moves, substitution)
        if any(zero is False for _, _, zero in moves):
            put = tuple(self.at_rest(e) for e in self.projected)
            raise NotAnEquilibrium(f"the projection puts the equilibrium at {put}")
        field = self._decided(self._velocities, substitution)
        if moving := [f"v_{s} = {e}" for s, e, zero in field if zero is False]:
            raise NotAnEquilibrium(f"the declared equilibrium is none: there {', '.join(moving)}")
        if self.manifold and self.rests_on(self.manifold, substitution) is False:
            raise NotAnEquilibrium("the declared manifold of equilibria is none: not all of it is at rest")
        doubts = [(f"v_{s} = 0", e) for s, e, zero in field if zero is None]
        doubts += [(f"the projection keeps {s}", e) for s, e, zero in moves if zero is None]
        return tuple(f"{what} {doubt(e, self.ops.closed)}" for what, e in doubts)

    @cached_property
    def _velocities(self) -> Residuals:
        """What must vanish for the point to rest, less what vanishes for all values of the symbols."""
        return self._left(
            -self.osculating.slopes[0 if self.given else i][k] for k, i in enumerate(self.owner)
        )

    @cached_property
    def _moves(self) -> Residuals:
        """What must vanish for the projection to leave the point, likewise."""
        pairs = zip(self.projected, self.equilibrium, strict=True)
        return self._left(self.at_rest(e) - at for e, at in pairs)

    def _left(self, entries: Iterable[sp.Expr]) -> Residuals:
        pairs = list(zip(self.coordinates, entries, strict=True))
        meant = {name: mean for mean, name in self.ops.means.items()}
        row = ((s, e.xreplace(meant)) for s, e in pairs)
        return tuple((s, e) for s, e in row if not vanishes(e, self.ops.closed))

    def _decided(
        self, residuals: Residuals, substitution: Mapping[sp.Symbol, sp.Expr]
    ) -> list[tuple[sp.Symbol, sp.Expr, bool | None]]:
        there = [(s, e.xreplace(substitution)) for s, e in residuals]
        return [(s, e, vanishes(e, self.ops.closed)) for s, e in there]

    def rests_on(self, points: Sequence[sp.Expr], substitution: Mapping[sp.Symbol, sp.Expr]) -> bool | None:
        """Whether the field vanishes at every point of a family of them; `None` where not proved.

        Args:
            points: one expression per coordinate, in symbols of their own.
            substitution: numbers for some of the open names.
        """
        # What is looked at off the equilibrium is none of the means there.
        ops = replace(self.ops, means={})
        there = dict(zip(self.coordinates, points, strict=True))
        field = (e.xreplace(dict(substitution)) for e in self.velocities)
        decided = {vanishes(ops.at(there, e), ops.closed) for e in field}
        return False if False in decided else None if None in decided else True


def _bare_losses(bare: Game, ops: SymPyOps, blocks: Sequence[Any]) -> tuple[sp.Expr, ...]:
    """The losses without penalties; what they pass on their way the whole ones have passed already."""
    kinks, roots = len(ops.kinks), len(ops.roots)
    losses = ops.exactly(reading.losses(bare, ops, blocks))
    del ops.kinks[kinks:], ops.roots[roots:]
    return losses


def _names(game: Game) -> frozenset[str]:
    """The names of its coordinates and of the hyperparameters left open."""
    values = (value for _, value in hyper.values(game))
    return frozenset([*game.names, *(s.name for v in values for s in getattr(v, "free_symbols", ()))])


def _flat(blocks: Iterable[Iterable[Any]]) -> tuple[Any, ...]:
    return tuple(e for block in blocks for e in block)
