"""What holds for every loss and all values of the open names; derived once for all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any, TypeVar, cast

import sympy as sp

from stabcheck.core import hyper
from stabcheck.core.errors import StabcheckError, Undecidable
from stabcheck.declare.games.game import Game
from stabcheck.declare.methods.method import Operator
from stabcheck.judge.resting import linearised
from stabcheck.literature.matching import Facts
from stabcheck.symbolic.condition import Condition
from stabcheck.symbolic.facts import facts_of
from stabcheck.symbolic.letters import MU, Letters, Z
from stabcheck.symbolic.manifold import Direction, across
from stabcheck.symbolic.model import Model
from stabcheck.symbolic.ops import symbol
from stabcheck.symbolic.region import conditions, unsettled
from stabcheck.symbolic.settling import implied
from stabcheck.symbolic.spectral_map import spectral_map, through_map
from stabcheck.symbolic.spectrum import Factor, Roots, characteristic, closed_form
from stabcheck.symbolic.update import Linearisation, model_of

T = TypeVar("T")
LONG = 60
"""A closed form with more operations is replaced by a shorter one in the flow's eigenvalues."""


@dataclass(frozen=True)
class General:
    """A game under an operator, with every hyperparameter open that is a name.

    Attributes:
        game, operator: the declarations.
    """

    game: Game
    operator: Operator

    @cached_property
    def names(self) -> dict[str, hyper.Hyper]:
        """The names left open in the declarations, with what is known of each."""
        return hyper.symbols(self.game, self.operator)

    @cached_property
    def model(self) -> Model:
        """The game as SymPy sees it."""
        return model_of(self.game)

    @cached_property
    def facts(self) -> Facts:
        """What it is, as the literature asks for it."""
        return facts_of(self.game, self.operator, lambda: self.model)

    @cached_property
    def means(self) -> dict[sp.Symbol, sp.Expr]:
        """The numbers `m1`, … of the formulas: expectations at rest that no moments give."""
        return {name: mean for mean, name in self.model.ops.means.items() if name in self.model.means}

    @cached_property
    def linearisation(self) -> Linearisation | StabcheckError:
        """The operator at rest to first order, or why there is none."""
        return or_refusal(linearised, self.model, self.operator)

    @property
    def _linear(self) -> Linearisation | None:
        linearisation = self.linearisation
        return linearisation if isinstance(linearisation, Linearisation) else None

    @cached_property
    def vector_field(self) -> tuple[sp.Expr, ...]:
        """`v` at a general point, one expression per coordinate."""
        return self.model.field()

    @cached_property
    def image(self) -> tuple[sp.Expr, ...] | None:
        """`F` of a map that is given, at a general point; `None` for anything else."""
        if self.game.own_step is None:
            return None
        pairs = zip(self.vector_field, self.model.coordinates, strict=True)
        return tuple(sp.expand(v + s) for v, s in pairs)

    @cached_property
    def jacobian(self) -> sp.Matrix | None:
        """`v'` at the equilibrium; `None` where there is none."""
        return None if self._linear is None else self._linear.jacobian.to_Matrix()

    @cached_property
    def matrix(self) -> sp.Matrix | None:
        """The differential of the operator at rest; `None` where there is none."""
        return None if self._linear is None else self._linear.matrix.to_Matrix()

    @property
    def along(self) -> tuple[Direction, ...]:
        """The directions of a manifold of equilibria, whatever the values."""
        return () if self._linear is None else self._linear.along

    @cached_property
    def letters(self) -> Letters:
        """The letters of the formulas that are no names of the declarations."""
        return Letters.free({*self.game.names, *self.names})

    @cached_property
    def factors(self) -> tuple[Factor, ...] | None:
        """The factors of the characteristic polynomial in `z`, those of `memory_factors` last."""
        if self._linear is None:
            return None
        return tuple(self._written(f) for f in (*characteristic(self._linear.players), *self.memory_factors))

    @cached_property
    def memory_factors(self) -> tuple[Factor, ...]:
        """Those of the factors that belong to memory that never acts on the players."""
        return () if self._linear is None else tuple(map(self._written, characteristic(self._linear.memory)))

    def _written(self, factor: Factor) -> Factor:
        return replace(factor, variable=self.letters.z)

    @cached_property
    def characteristic_polynomial(self) -> sp.Expr | None:
        """`det(z I - M)`, with `M` the operator's matrix; a product where it factors."""
        return None if self.factors is None else _multiplied(self.factors)

    @cached_property
    def spectral_map(self) -> sp.Expr | None:
        """`phi(mu, z)`: its roots `z` are the eigenvalues of the method, `mu` being the flow's.

        `None` for a flow, and for a method that sees more of the game than its field.
        """
        if self._map is None:
            return None
        return cast("sp.Expr", _multiplied(self._map).xreplace({Z: self.letters.z, MU: self.letters.mu}))

    @cached_property
    def _map(self) -> tuple[Factor, ...] | None:
        mapped = self.operator.discrete and self.game.own_step is None
        return spectral_map(self.operator) if mapped else None

    @cached_property
    def _flow(self) -> tuple[Factor, ...] | None:
        """The factors of the flow's characteristic polynomial, whatever the operator."""
        if self._linear is None:
            return None
        factors = or_refusal(characteristic, self._linear.jacobian)
        return None if isinstance(factors, StabcheckError) else factors

    @cached_property
    def closed_form(self) -> tuple[Roots | Factor, ...] | None:
        """The roots of each factor; the factor itself where they have no short formula."""
        if self.factors is None:
            return None
        return tuple(form for f in self.factors for form in self._closed(f))

    @cached_property
    def memory_form(self) -> tuple[Roots | Factor, ...]:
        """The last of `closed_form`: the eigenvalues of memory that never acts on the players."""
        return tuple(form for f in self.memory_factors for form in self._closed(f))

    def _closed(self, factor: Factor) -> tuple[Roots | Factor, ...]:
        roots = closed_form(factor, self.letters.omega)
        if roots is not None and roots.length <= LONG:
            return (roots,)
        if self._map is None or self._flow is None:
            return (roots or factor,)
        mapped = through_map(self._flow, self._map, factor, self.letters.mu)
        if mapped is None or (roots is not None and roots.length < max(m.length for m in mapped)):
            return (roots or factor,)
        return mapped

    @cached_property
    def bounds(self) -> dict[sp.Symbol, sp.Expr]:
        """`1 - s` for every hyperparameter below 1, with an `s` of known sign."""
        rows = {symbol(name, row): row.domain.below_one for name, row in self.names.items()}
        return {s: 1 - sp.Dummy(**below) for s, below in rows.items() if below is not None}

    @cached_property
    def conditions(self) -> Callable[[int], tuple[Condition, ...] | None]:
        """The conditions across a manifold of equilibria of that dimension, derived once for all values."""
        return cache(self._conditions)

    def _conditions(self, along: int) -> tuple[Condition, ...] | None:
        if self.factors is None:
            return None
        return self.conditions_of(across(self.factors, along, region=self.operator.region))

    def conditions_of(self, factors: Sequence[Factor]) -> tuple[Condition, ...] | None:
        """Polynomials that are all positive iff the roots of the factors are stable.

        Those that the signs of the hyperparameters settle are left out. `None` where they are too
        long to write.
        """
        region = self.operator.region
        try:
            polynomials = [c for f in factors for c in conditions(f, self.bounds, region=region)]
        except Undecidable:
            return None
        return tuple(map(Condition.of, unsettled(polynomials, self.bounds)))

    def implied(self, conditions: Sequence[sp.Expr]) -> tuple[sp.Expr, ...]:
        """Those of some conditions that are proved to follow from another one that is shorter."""
        return implied(conditions, self.bounds)

    @cached_property
    def symbols(self) -> tuple[sp.Symbol, ...]:
        """Every symbol of the general formulas: coordinates, germ, hyperparameters, `z`."""
        names = [symbol(name, row) for name, row in self.names.items()]
        draws = {s for e in self.vector_field for s in e.atoms(sp.Symbol)}
        named = [*self.model.coordinates, *self.model.germ_symbols, *self.model.means, *names]
        others = sorted((s for s in draws if s not in named), key=str)
        return tuple(dict.fromkeys([*named, *others, self.letters.z]))


def or_refusal(derive: Callable[..., T], *args: Any) -> T | StabcheckError:
    """The result, or our own refusal as a value, so that it is found once and can be shown."""
    try:
        return derive(*args)
    except StabcheckError as refusal:
        return refusal


def _multiplied(factors: Sequence[Factor]) -> sp.Expr:
    return sp.Mul(*(f.polynomial**f.multiplicity for f in factors))
