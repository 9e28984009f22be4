"""A game under an operator: the thin handle on what holds in general and what holds here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

import sympy as sp

from stabcheck.core import doors, hyper
from stabcheck.core.errors import BadInput, NotAnEquilibrium, NotApplicable, StabcheckError
from stabcheck.core.frozen import Frozen
from stabcheck.declare.games.game import Game
from stabcheck.declare.methods.method import Operator
from stabcheck.judge.derivation.data import Derivation
from stabcheck.judge.finding import Finding
from stabcheck.judge.general import General
from stabcheck.judge.here import Here
from stabcheck.judge.result import Result
from stabcheck.literature import Claim
from stabcheck.literature.matching import spoken
from stabcheck.symbolic import reading
from stabcheck.symbolic.exact import Eigenvalue
from stabcheck.symbolic.facts import facts_at
from stabcheck.symbolic.letters import Letters
from stabcheck.symbolic.manifold import Direction
from stabcheck.symbolic.model import Model
from stabcheck.symbolic.ops import symbol
from stabcheck.symbolic.settling import Stretch
from stabcheck.symbolic.spectrum import Factor, Roots
from stabcheck.symbolic.update import Linearisation, Point

Value = int | float | str | Fraction | sp.Expr


@dataclass(frozen=True, repr=False)
class Analysis(Result):
    """A game under an operator, at the game's equilibrium.

    What is general (`vector_field`, `jacobian`, `update_matrix`, `flow_matrix`, `factors`, `closed_form`,
    `conditions`) holds for every loss function, through `f1 = f'(0)` and `f2 = f''(0)`, and for
    all values of the open hyperparameters. What follows (`eigenvalues`, `verdict`, …) is for the
    loss chosen and the `values` given. All of it is derived when first asked for.

    Attributes:
        game, operator: the declarations.
        values: numbers for some of the open names.
        general: what holds for all values; shared by every analysis that `at` gives.
    """

    game: Game
    operator: Operator
    values: Mapping[str, sp.Expr] = field(default_factory=Frozen)
    general: General = field(default=None, repr=False, compare=False)  # pyright: ignore[reportAssignmentType]

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", Frozen(self.values))
        if self.general is None:
            object.__setattr__(self, "general", General(self.game, self.operator))

    def __reduce__(self) -> tuple[Any, ...]:
        # What is derived is derived anew: it is long, and some of it no pickle holds.
        return type(self), (self.game, self.operator, self.values)

    @cached_property
    def here(self) -> Here:
        """What holds at the values given."""
        return Here(self.general, self.values)

    def checked(self) -> Analysis:
        """Itself, after the derivation ran and every name proved to have one meaning.

        Raises:
            as `analyse`.
        """
        own = self.game.own_step
        if own not in (None, self.operator):
            raise NotApplicable(
                f"{self.game.label} is a map, which is its own step; leave {self.operator.chain} out"
            )
        for name, row in self.names.items():
            self._refuse_meaning(name, row)
        general, here = self.general.linearisation, self.here.point
        if isinstance(general, NotAnEquilibrium) and not isinstance(here, NotAnEquilibrium):
            # It rests at the values given, which is all that was asked.
            general = here
        for stage in (general, here):
            if isinstance(stage, BadInput | NotApplicable | NotAnEquilibrium):
                raise stage
        return self

    def _refuse_meaning(self, name: str, row: hyper.Hyper) -> None:
        """Raises:
        BadInput: if a hyperparameter is called as something else of the same formulas.
        """
        whose, model = f"the name '{name}' of {row.owner}.{row.name}", self.model
        if name in self.game.names:
            raise BadInput(f"{whose} is that of a coordinate, too; give one of them another name")
        if name in {s.name for s in model.germ_symbols} - {*self._germ_names}:
            raise BadInput(f"{whose} stands for {name[0]}{chr(39) * int(name[1:])}(0) here; use another one")
        if name in {s.name for s in model.means}:
            raise BadInput(f"{whose} stands for an expectation here; use another one")

    @property
    def _germ_names(self) -> Iterator[str]:
        """The hyperparameters that are `f'(0)` or `f''(0)` themselves."""
        germ = self.model.germ_symbols
        return (name for name, row in self.names.items() if symbol(name, row) in germ)

    def at(self, **values: Value) -> Analysis:
        """The same analysis with numbers for open names.

        Args:
            values: by name; text and floats are read as the decimal that they show, so `0.1` is
                exactly 1/10, and SymPy numbers such as `sqrt(2)` are kept.

        Raises:
            BadInput: for an unknown name or a value outside its domain.
        """
        # A word of Python can be no keyword argument: lambda_ is lambda.
        named = {n if n in self.names else n.removesuffix("_"): value for n, value in values.items()}
        numbers = {name: self._number(name, value) for name, value in named.items()}
        return replace(self, values={**self.values, **numbers}).checked()

    def _number(self, name: str, value: Value) -> sp.Expr:
        row = self.names.get(name)
        if row is None:
            open_names = ", ".join(self.names) or "none"
            raise BadInput(f"no hyperparameter is called '{name}'; those left open are: {open_names}")
        exact = hyper.accept(replace(row, name=name), value)
        if isinstance(exact, Fraction):
            return sp.Rational(exact.numerator, exact.denominator)
        allowed = row.domain.assumptions
        if not isinstance(exact, sp.Expr) or not exact.is_number or not exact.is_real:
            raise BadInput(f"{name} must be {row.domain.text}, not {str(value)[:30]!r}")
        exact = reading.number(exact)
        if any(getattr(exact, f"is_{quality}") is False for quality in allowed):
            raise BadInput(f"{name} must be {row.domain.text}, not {exact}")
        return exact

    # The general result

    @property
    def names(self) -> dict[str, hyper.Hyper]:
        """The names left open in the declarations, with what is known of each."""
        return self.general.names

    @property
    def model(self) -> Model:
        """The game as SymPy sees it."""
        return self.general.model

    @property
    def means(self) -> dict[sp.Symbol, sp.Expr]:
        """The numbers `m1`, … of the formulas: expectations at rest that no moments give."""
        return self.general.means

    @property
    def without_formulas(self) -> str:
        """Why there are no general formulas; empty where there are."""
        linearisation = self.general.linearisation
        if isinstance(linearisation, NotAnEquilibrium):
            return f"the point rests at special values only: {str(linearisation).partition(': ')[2]}"
        return self.here.refusal_text(linearisation) if isinstance(linearisation, StabcheckError) else ""

    @property
    def vector_field(self) -> tuple[sp.Expr, ...]:
        """`v` at a general point, one expression per coordinate."""
        return self.general.vector_field

    @property
    def image(self) -> tuple[sp.Expr, ...] | None:
        """`F` of a map that is given, at a general point; `None` for anything else."""
        return self.general.image

    @property
    def jacobian(self) -> sp.Matrix | None:
        """`v'` at the equilibrium; `None` where there is none."""
        return self.general.jacobian

    @property
    def update_matrix(self) -> sp.Matrix | None:
        """The differential of one step at rest; `None` for a flow and where there is none."""
        return self.general.matrix if self.discrete else None

    @property
    def flow_matrix(self) -> sp.Matrix | None:
        """The differential of a flow's velocity at rest, whose eigenvalues decide; `None` for a map.

        `jacobian` for the plain flow, another one for speeds and for adjusted fields.
        """
        return None if self.discrete else self.general.matrix

    @property
    def factors(self) -> tuple[Factor, ...] | None:
        """The factors of the characteristic polynomial in `z`, those of `memory_factors` last."""
        return self.general.factors

    @property
    def memory_factors(self) -> tuple[Factor, ...]:
        """Those of the factors that belong to memory that never acts on the players."""
        return self.general.memory_factors

    @property
    def letters(self) -> Letters:
        """The letters of the formulas that are no names of the declarations."""
        return self.general.letters

    @property
    def characteristic_polynomial(self) -> sp.Expr | None:
        """`det(z I - M)`, with `M` the operator's matrix; a product where it factors."""
        return self.general.characteristic_polynomial

    @property
    def spectral_map(self) -> sp.Expr | None:
        """`phi(mu, z)`: its roots `z` are the eigenvalues of the method, `mu` being the flow's.

        `None` for a flow, and for a method that sees more of the game than its field.
        """
        return self.general.spectral_map

    @property
    def closed_form(self) -> tuple[Roots | Factor, ...] | None:
        """The roots of each factor; the factor itself where they have no short formula."""
        return self.general.closed_form

    @property
    def memory_form(self) -> tuple[Roots | Factor, ...]:
        """The last of `closed_form`: the eigenvalues of memory that never acts on the players."""
        return self.general.memory_form

    @property
    def conditions(self) -> tuple[sp.Expr, ...] | None:
        """Polynomials that are all positive iff the equilibrium is exponentially stable.

        Those that the signs of the hyperparameters settle are left out; one that is never
        positive stays, as 0 or -1. `None` where they are too long to write.
        """
        conditions = self.general.conditions(len(self.manifold))
        return None if conditions is None else tuple(c.expression for c in conditions)

    @property
    def manifold(self) -> tuple[Direction, ...]:
        """The directions of a manifold of equilibria on all of which the operator rests.

        Declared by the game, or recognised where it is flat. Verdicts are those across it.
        """
        for linearisation in (self.general.linearisation, self.here.point):
            if isinstance(linearisation, Linearisation | Point) and linearisation.along:
                return linearisation.along
        return ()

    def implied(self, conditions: Sequence[sp.Expr]) -> tuple[sp.Expr, ...]:
        """Those of some conditions that are proved to follow from another one that is shorter."""
        return self.general.implied(conditions)

    @property
    def symbols(self) -> tuple[sp.Symbol, ...]:
        """Every symbol of the general formulas: coordinates, germ, hyperparameters, `z`."""
        return self.general.symbols

    # For the loss chosen and the values given

    @property
    def doubts(self) -> tuple[str, ...]:
        """What of the equilibrium's rest could be seen in balls and not be proved, in words."""
        return self.here.doubts

    @property
    def germ(self) -> dict[str, sp.Expr]:
        """`f'(0)` and `f''(0)` of the loss chosen, by the names of their symbols."""
        return self.here.germ

    @property
    def factors_here(self) -> tuple[Factor, ...] | None:
        """The factors of the characteristic polynomial for the loss and the values given.

        Without those roots that belong to a manifold of equilibria or to memory that never acts
        on the players.
        """
        return self.here.factors

    @property
    def conditions_here(self) -> tuple[sp.Expr, ...] | None:
        """As `conditions`, for the loss and the values given."""
        return self.here.written_conditions

    @property
    def eigenvalues(self) -> tuple[Eigenvalue, ...] | None:
        """Those that the players see, certified; `None` while a symbol that they need has no value."""
        return self.here.eigenvalues

    @property
    def slowest(self) -> tuple[Eigenvalue, ...]:
        """The eigenvalues that set the rate; none while they are not known."""
        return self.here.slowest

    @property
    def memory(self) -> tuple[Eigenvalue, ...] | None:
        """The own eigenvalues of memory that never acts on the players; likewise."""
        return self.here.memory

    @property
    def finding(self) -> Finding:
        """The verdict with its reason and its classification."""
        return self.here.finding

    @property
    def stable_stretch(self) -> Stretch | None:
        """Where it is stable, as intervals, if the conditions are on one open name."""
        return self.here.stable_stretch

    @property
    def exactly_linear(self) -> bool:
        """Whether the operator is a linear map about the equilibrium, for the loss and values given."""
        return self.here.exactly_linear

    @property
    def rate(self) -> float | None:
        """The spectral radius of a map, per cycle of its steps, or the spectral abscissa of a flow."""
        return self.here.rate

    @cached_property
    def _claims(self) -> tuple[Claim, ...]:
        return tuple(spoken(facts_at(self.general.facts, self.values)))

    @property
    def claims(self) -> tuple[Claim, ...]:
        """What the literature says about this combination, published or derived by hand."""
        return self._claims

    # Views

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data: formulas as text that SymPy reads back, numbers as floats."""
        return doors.shown(self, "data")

    @cached_property
    def derivation(self) -> Derivation:
        """The steps from the losses to the verdict, as data that every view reads."""
        return doors.shown(self, "derivation")
