"""`Oracle` in SymPy: the quadratic game that osculates a game at its equilibrium.

Every player's own gradient vanishes at rest, so the differential of a step there depends on the
first and second derivatives of the losses alone and is exact on this game. A vector is a `Dual`:
its value at rest and its differential with respect to the state. One step on the identity
differential is the whole update matrix.
"""

# SymPy types its results too loosely for these checks.
# pyright: basic, reportArgumentType=false, reportAttributeAccessIssue=false, reportCallIssue=false
# pyright: reportAssignmentType=false, reportGeneralTypeIssues=false, reportOperatorIssue=false
# pyright: reportReturnType=false

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, combinations_with_replacement
from typing import NamedTuple

import sympy as sp
from sympy.polys.matrices import DomainMatrix

from stabcheck.errors import NotAnEquilibrium, Undecidable
from stabcheck.games.game import Game
from stabcheck.symbolic.dual import Affine, Dual, filled, ring, zeros
from stabcheck.symbolic.ops import SymPyOps, germ_symbol

MOST_OPERATIONS = 400


@dataclass(frozen=True)
class Model:
    """A game as SymPy sees it: its losses as expressions in named coordinates.

    Attributes:
        ops: the arithmetic that built the losses, with what it recorded.
        coordinates: one symbol for each coordinate of the flat state.
        owner: the player that owns each coordinate.
        losses: one expression per player.
        projected: where a step's result is put, one expression per coordinate.
        rest: the declared equilibrium.
    """

    ops: SymPyOps
    coordinates: tuple[sp.Symbol, ...]
    owner: tuple[int, ...]
    losses: tuple[sp.Expr, ...]
    projected: tuple[sp.Expr, ...]
    rest: tuple[sp.Expr, ...]

    @classmethod
    def of(cls, game: Game) -> Model:
        """The model of a game whose hyperparameters are SymPy numbers and symbols."""
        ops = SymPyOps()
        coordinates = tuple(sp.Symbol(name, real=True) for name in game.names)
        owner = tuple(i for i, dim in enumerate(game.dims) for _ in range(dim))
        blocks = [
            ops.vector(*(c for c, p in zip(coordinates, owner, strict=True) if p == i))
            for i in range(len(game.dims))
        ]
        losses = tuple(sp.sympify(loss, strict=True) for loss in game.losses(ops, *blocks))
        projected = tuple(e for block in game.project(ops, *blocks) for e in block)
        rest = tuple(e for block in game.equilibrium(ops) for e in block)
        return cls(ops, coordinates, owner, losses, projected, rest)

    @property
    def symbols(self) -> set[sp.Symbol]:
        """The open hyperparameters, and `f1`, `f2` of the functions known by their germ."""
        free = {s for e in (*self.losses, *self.projected, *self.rest) for s in e.free_symbols}
        constants = {germ_symbol(name, 0) for name in self.ops.germs}
        return (free | {*self.germ_symbols}) - constants - set(self.coordinates)

    @property
    def germ_symbols(self) -> tuple[sp.Symbol, ...]:
        """`f1`, `f2` of each function known by its germ: all that matters at rest."""
        return tuple(germ_symbol(name, k) for name in self.ops.germs for k in (1, 2))

    def germ_values(self, known: Mapping[str, sp.Expr]) -> dict[str, sp.Expr]:
        """`f'(0)` and `f''(0)` of the functions known by their germ, by symbol.

        Args:
            known: numbers for hyperparameters that the functions depend on.
        """
        found = {}
        for s in self.germ_symbols:
            value = self.ops.germ_value(s)
            there = {v: known[v.name] for v in value.free_symbols if v.name in known}
            found[s.name] = value.xreplace(there)
        return found

    @property
    def point(self) -> dict[sp.Symbol, sp.Expr]:
        """The equilibrium as a substitution."""
        return dict(zip(self.coordinates, self.rest, strict=True))

    def at_rest(self, expression: sp.Expr) -> sp.Expr:
        """The value of an expression at the equilibrium."""
        return sp.expand(self.ops.at(self.point, expression))

    def field(self) -> tuple[sp.Expr, ...]:
        """The gradient vector field `v`, at a general point."""
        slopes = (-self.losses[i].diff(s) for s, i in zip(self.coordinates, self.owner, strict=True))
        # A long one is left as differentiation made it: expanded it would be longer by far.
        return tuple(self.ops.tidy(sp.expand(e) if sp.count_ops(e) < MOST_OPERATIONS else e) for e in slopes)

    @cached_property
    def taylor(self) -> Taylor:
        """Every derivative at rest that the osculating game needs.

        Raises:
            NotSmooth: if a kink of the losses lies at the equilibrium.
            NotAnEquilibrium: if a player's own gradient does not vanish there, or the
                projection moves it.
        """
        self.ops.refuse_kinks(self.point)
        found = Taylor(
            tuple(tuple(self._slope(loss, s) for s in self.coordinates) for loss in self.losses),
            tuple(self._hessian(loss) for loss in self.losses),
            tuple(self._slope(e, s) for e in self.projected for s in self.coordinates),
        )
        self._refuse_motion(found)
        return found

    def _slope(self, expression: sp.Expr, s: sp.Symbol) -> sp.Expr:
        return self.at_rest(self._along(expression, s).diff(s))

    def _hessian(self, loss: sp.Expr) -> tuple[sp.Expr, ...]:
        """All second derivatives at rest, row by row."""
        n = len(self.coordinates)
        half = {
            (j, k): self._bend(loss, self.coordinates[j], self.coordinates[k])
            for j, k in combinations_with_replacement(range(n), 2)
        }
        return tuple(half[min(j, k), max(j, k)] for j in range(n) for k in range(n))

    def _bend(self, loss: sp.Expr, s: sp.Symbol, t: sp.Symbol) -> sp.Expr:
        return self.at_rest(self._along(loss, s, t).diff(s).diff(t))

    def _along(self, expression: sp.Expr, *moving: sp.Symbol) -> sp.Expr:
        """An expression with all coordinates but these at rest: little is left to differentiate."""
        return expression.xreplace({s: e for s, e in self.point.items() if s not in moving})

    def _refuse_motion(self, found: Taylor) -> None:
        own = (found.slopes[i][k] for k, i in enumerate(self.owner))
        moving = [f"v_{s} = {-e}" for s, e in zip(self.coordinates, own, strict=True) if e != 0]
        if moving:
            raise NotAnEquilibrium(f"the declared equilibrium is none: there {', '.join(moving)}")
        put = [self.at_rest(e) for e in self.projected]
        if any(sp.expand(a - b) != 0 for a, b in zip(put, self.rest, strict=True)):
            raise NotAnEquilibrium(f"the projection puts the equilibrium at {tuple(put)}")


class Taylor(NamedTuple):
    """Derivatives at rest.

    Attributes:
        slopes: the gradient of each player's loss.
        bends: the Hessian of each player's loss, row by row.
        projection: the Jacobian of the projection, row by row.
    """

    slopes: tuple[tuple[sp.Expr, ...], ...]
    bends: tuple[tuple[sp.Expr, ...], ...]
    projection: tuple[sp.Expr, ...]

    def at(self, values: Mapping[sp.Symbol, sp.Expr]) -> Taylor:
        """The same with numbers for some symbols."""
        return Taylor(
            tuple(_put(row, values) for row in self.slopes),
            tuple(_put(row, values) for row in self.bends),
            _put(self.projection, values),
        )


def _put(row: Iterable[sp.Expr], values: Mapping[sp.Symbol, sp.Expr]) -> tuple[sp.Expr, ...]:
    return tuple(sp.expand(e.xreplace(values)) for e in row)


class Jet(Affine):
    """The osculating quadratic game of a `Model`, over the field of its hyperparameters.

    Args:
        model: the game.
        values: numbers for some of its symbols, by name.
        scalars: further expressions that the method will compute with.

    Raises:
        NotSmooth, NotAnEquilibrium: as `Model.taylor`.
    """

    def __init__(
        self,
        model: Model,
        values: Mapping[str, sp.Expr] | None = None,
        scalars: Iterable[sp.Expr] = (),
    ) -> None:
        known = {s: values[s.name] for s in model.symbols if s.name in values} if values else {}
        taylor, here, n = model.taylor.at(known), _put(model.rest, known), len(model.coordinates)
        entries = [*scalars, *here, *taylor.projection, *chain(*taylor.slopes), *chain(*taylor.bends)]
        self.domain = ring(entries)
        self.xp = model.ops
        self.players, self.size = len(model.losses), n
        self.owner = model.owner
        self.rest = Dual(filled(self.domain, here, n, 1), zeros(n, 0, self.domain))
        self.gradients = [filled(self.domain, row, n, 1) for row in taylor.slopes]
        self.hessians = [filled(self.domain, row, n, n) for row in taylor.bends]
        self.projection = filled(self.domain, taylor.projection, n, n)

    def grad(self, i: int, x: Dual) -> Dual:
        bend = self.hessians[i]
        return Dual(bend * (x.value - self.rest.value) + self.gradients[i], bend * x.tangent)

    def hvp(self, i: int, x: Dual, u: Dual) -> Dual:
        # Where u does not vanish at rest, a moving x brings in third derivatives, which the
        # osculating game does not have.
        if not (u.value.is_zero_matrix or x.tangent.is_zero_matrix):
            raise Undecidable("the step multiplies a Hessian by a direction that does not vanish at rest")
        return Dual(self.hessians[i] * u.value, self.hessians[i] * u.tangent)

    def only(self, i: int, u: Dual) -> Dual:
        one, none = self.domain.one, self.domain.zero
        mask = DomainMatrix.diag(
            [one if owner == i else none for owner in self.owner], self.domain
        ).to_sparse()
        return Dual(mask * u.value, mask * u.tangent)

    def project(self, x: Dual) -> Dual:
        """Where the game puts the result `x` of a step, to first order at rest."""
        away = x - self.rest
        return self.rest + Dual(self.projection * away.value, self.projection * away.tangent)
