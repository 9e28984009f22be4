"""The result of an analysis: one frozen object that every view reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar, cast

import sympy as sp

from stabcheck.claimed import at, environment, relevant, speaks_at
from stabcheck.core import hyper
from stabcheck.core.errors import (
    BadInput,
    MovesRestPoint,
    NotAnEquilibrium,
    NotApplicable,
    NotSmooth,
    StabcheckError,
    Undecidable,
)
from stabcheck.core.frozen import Frozen
from stabcheck.declare.games.game import Game, confirm_shape, unwrapped
from stabcheck.declare.methods.flow import Flow
from stabcheck.declare.methods.method import Operator
from stabcheck.judge.finding import (
    Finding,
    at_numbers,
    exactly_linear,
    exactly_linear_with_symbols,
    impossible,
    refused,
    remembering,
    with_symbols,
)
from stabcheck.literature import BY_HAND, Claim
from stabcheck.symbolic import reading
from stabcheck.symbolic.exact import Eigenvalue, dominant, nearest, verdict
from stabcheck.symbolic.jet import Model
from stabcheck.symbolic.letters import MU, Letters, Z
from stabcheck.symbolic.linear import is_linear
from stabcheck.symbolic.manifold import across
from stabcheck.symbolic.ops import symbol
from stabcheck.symbolic.region import conditions, symbolic_verdict, unsettled
from stabcheck.symbolic.settling import Stretch, exclusion, following, stretch
from stabcheck.symbolic.spectral_map import spectral_map, through_map
from stabcheck.symbolic.spectrum import Factor, Roots, characteristic, closed_form
from stabcheck.symbolic.update import Linearisation, Point, linearise, model_of

if TYPE_CHECKING:
    from stabcheck.judge.derivation.data import Derivation
    from stabcheck.verify.witnesses import Verification

T = TypeVar("T")
ASKS = "; give values for a verdict"
"""What refusals of long formulas end in."""
LONG = 60
"""A closed form with more operations is replaced by a shorter one in the flow's eigenvalues."""

Value = int | float | str | Fraction | sp.Expr


def analyse(game: Game, operator: Operator | None = None, **values: Value) -> Any:
    """Derive what `operator` does at the equilibrium of `game`.

    Args:
        game: a game, with penalties added by `+`.
        operator: a method, or by default the gradient flow. Hyperparameters of both may be
            names, which stay symbols, or numbers.
        values: numbers for open names, as for `Analysis.at`; they may be needed where the declared
            equilibrium rests at these values only.

    Returns:
        An `Analysis`; for a game whose losses are written in JAX (`symbolic = False`) a
        `FloatAnalysis`, in floating point alone.

    Raises:
        BadInput: if a name is used twice with different meanings.
        NotApplicable: if a penalty has no meaning for the game.
        NotAnEquilibrium: if the game's declared equilibrium is none.

    Example:
        >>> from stabcheck import AltGD, Dirac, R1, analyse
        >>> result = analyse(Dirac("gan") + R1("gamma"), AltGD("h"))
        >>> result.at(gamma=1, h="1/10").verdict
        'stable'
    """
    if not isinstance(game, Game):
        raise hyper.mistaken(
            "what is analysed must be a game", game, "analyse(Dirac('gan') + R1(1), SimGD('h'))"
        )
    confirm_shape(game)
    operator = (game.own_step or Flow()) if operator is None else operator
    if not isinstance(operator, Operator):
        raise hyper.mistaken(
            "the operator must be a method or a flow", operator, "analyse(Dirac(), SimGD('h'))"
        )
    if not unwrapped(game)[0].symbolic:
        from stabcheck.judge.floating import FloatAnalysis

        return FloatAnalysis(game, operator).at(**values)
    return Analysis(game, operator).at(**values)


@dataclass(frozen=True)
class Analysis:
    """A game under an operator, at the game's equilibrium.

    What is general (`vector_field`, `jacobian`, `update_matrix`, `flow_matrix`, `factors`, `closed_form`,
    `conditions`) holds for every loss function, through `f1 = f'(0)` and `f2 = f''(0)`, and for
    all values of the open hyperparameters. What follows (`eigenvalues`, `verdict`, …) is for the
    loss chosen and the `values` given. All of it is derived when first asked for.

    Attributes:
        game, operator: the declarations.
        values: numbers for some of the open names.
    """

    game: Game
    operator: Operator
    values: Mapping[str, sp.Expr] = field(default_factory=Frozen)

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", Frozen(self.values))

    def __getstate__(self) -> dict[str, Any]:
        # What is derived is derived anew: it is long, and some of it no pickle holds.
        return {"game": self.game, "operator": self.operator, "values": self.values}

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
        general, here = self._general, self._here
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
        whose, known = f"the name '{name}' of {row.owner}.{row.name}", self.model
        if name in self.game.names:
            raise BadInput(f"{whose} is that of a coordinate, too; give one of them another name")
        if name in {s.name for s in known.germ_symbols} - {*self._germ_names}:
            raise BadInput(f"{whose} stands for {name[0]}{chr(39) * int(name[1:])}(0) here; use another one")
        if name in {s.name for s in known.means}:
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
            known = ", ".join(self.names) or "none"
            raise BadInput(f"no hyperparameter is called '{name}'; those left open are: {known}")
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

    @cached_property
    def names(self) -> dict[str, hyper.Hyper]:
        """The names left open in the declarations, with what is known of each."""
        return hyper.symbols(self.game, self.operator)

    @cached_property
    def means(self) -> dict[sp.Symbol, sp.Expr]:
        """The numbers `m1`, … of the formulas: expectations at rest that no moments give."""
        return {name: mean for mean, name in self.model.ops.means.items() if name in self.model.means}

    @property
    def without_formulas(self) -> str:
        """Why there are no general formulas; empty where there are."""
        general = self._general
        if isinstance(general, NotAnEquilibrium):
            return f"the point rests at special values only: {str(general).partition(': ')[2]}"
        return self._said(general) if isinstance(general, StabcheckError) else ""

    def _said(self, refusal: StabcheckError) -> str:
        """What a refusal says; that values be given only where one is missing."""
        missing = any(name not in self.values for name in self.names)
        return str(refusal) if missing else str(refusal).removesuffix(ASKS)

    @property
    def discrete(self) -> bool:
        """Whether the operator is a map, whose spectrum is held against the unit circle."""
        return self.operator.discrete

    @cached_property
    def model(self) -> Model:
        """The game as SymPy sees it."""
        return model_of(self.game)

    @cached_property
    def _general(self) -> Linearisation | StabcheckError:
        return _or_refusal(self._linearised)

    def _linearised(self) -> Linearisation:
        self.model.confirm_rest()
        return linearise(self.model, self.operator)

    @cached_property
    def doubts(self) -> tuple[str, ...]:
        """What of the equilibrium's rest could be seen in balls and not be proved, in words."""
        here = self._here
        if isinstance(here, NotAnEquilibrium | NotSmooth | NotApplicable):
            return ()
        found = _or_refusal(self.model.confirm_rest, {**self.germ, **self.values})
        return () if isinstance(found, StabcheckError) else found

    @cached_property
    def _here(self) -> Point | StabcheckError:
        """At the values given and for the loss chosen; derived there, not substituted."""
        return _or_refusal(Point.of, self.model, self.operator, {**self.germ, **self.values})

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
        general = self._general
        return general.jacobian.to_Matrix() if isinstance(general, Linearisation) else None

    @cached_property
    def update_matrix(self) -> sp.Matrix | None:
        """The differential of one step at rest; `None` for a flow and where there is none."""
        general = self._general
        if not self.discrete or not isinstance(general, Linearisation):
            return None
        return general.matrix.to_Matrix()

    @cached_property
    def flow_matrix(self) -> sp.Matrix | None:
        """The differential of a flow's velocity at rest, whose eigenvalues decide; `None` for a map.

        `jacobian` for the plain flow, another one for speeds and for adjusted fields.
        """
        general = self._general
        if self.discrete or not isinstance(general, Linearisation):
            return None
        return general.matrix.to_Matrix()

    @cached_property
    def factors(self) -> tuple[Factor, ...] | None:
        """The factors of the characteristic polynomial in `z`, those of `memory_factors` last."""
        general = self._general
        if not isinstance(general, Linearisation):
            return None
        return tuple(self._written(f) for f in (*characteristic(general.players), *self.memory_factors))

    @cached_property
    def memory_factors(self) -> tuple[Factor, ...]:
        """Those of the factors that belong to memory that never acts on the players."""
        general = self._general
        if not isinstance(general, Linearisation):
            return ()
        return tuple(map(self._written, characteristic(general.memory)))

    def _written(self, factor: Factor) -> Factor:
        return replace(factor, variable=self.letters.z)

    @cached_property
    def letters(self) -> Letters:
        """The letters of the formulas that are no names of the declarations."""
        return Letters.free({*self.game.names, *self.names})

    @cached_property
    def characteristic_polynomial(self) -> sp.Expr | None:
        """`det(z I - M)`, with `M` the operator's matrix; a product where it factors."""
        if self.factors is None:
            return None
        return sp.Mul(*(f.polynomial**f.multiplicity for f in self.factors))

    @cached_property
    def spectral_map(self) -> sp.Expr | None:
        """`phi(mu, z)`: its roots `z` are the eigenvalues of the method, `mu` being the flow's.

        `None` for a flow, and for a method that sees more of the game than its field.
        """
        found = self._map
        if found is None:
            return None
        written = {Z: self.letters.z, MU: self.letters.mu}
        return cast("sp.Expr", sp.Mul(*(f.polynomial**f.multiplicity for f in found)).xreplace(written))

    @cached_property
    def _map(self) -> tuple[Factor, ...] | None:
        return spectral_map(self.operator) if self.discrete and self.game.own_step is None else None

    @cached_property
    def _flow(self) -> tuple[Factor, ...] | None:
        """The factors of the flow's characteristic polynomial, whatever the operator."""
        general = self._general
        if not isinstance(general, Linearisation):
            return None
        found = _or_refusal(characteristic, general.jacobian)
        return None if isinstance(found, StabcheckError) else found

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
        found = closed_form(factor, self.letters.omega)
        if found is not None and found.length <= LONG:
            return (found,)
        if self._map is None or self._flow is None:
            return (found or factor,)
        mapped = through_map(self._flow, self._map, factor, self.letters.mu)
        if mapped is None or (found is not None and found.length < max(m.length for m in mapped)):
            return (found or factor,)
        return mapped

    @cached_property
    def conditions(self) -> tuple[sp.Expr, ...] | None:
        """Polynomials that are all positive iff the equilibrium is exponentially stable.

        Those that the signs of the hyperparameters settle are left out; one that is never
        positive stays, as 0 or -1. `None` where they are too long to write.
        """
        if self.factors is None:
            return None
        return self._conditions(across(self.factors, len(self.manifold), discrete=self.discrete))

    @cached_property
    def manifold(self) -> tuple[tuple[sp.Expr, ...], ...]:
        """The directions of a manifold of equilibria on all of which the operator rests.

        Declared by the game, or recognised where it is flat. Verdicts are those across it.
        """
        for found in (self._general, self._here):
            if isinstance(found, Linearisation | Point) and found.along:
                return found.along
        return ()

    @cached_property
    def _bounds(self) -> dict[sp.Symbol, sp.Expr]:
        """`1 - s` for every hyperparameter below 1, with an `s` of known sign."""
        rows = {name: row for name, row in self.names.items() if row.domain.below_one}
        return {symbol(name, row): 1 - sp.Dummy(**(row.domain.below_one or {})) for name, row in rows.items()}

    def following(self, conditions: Sequence[sp.Expr]) -> tuple[sp.Expr, ...]:
        """Those of some conditions that are proved to follow from another one that is shorter."""
        return following(conditions, self._bounds)

    def _conditions(self, factors: tuple[Factor, ...]) -> tuple[sp.Expr, ...] | None:
        try:
            found = [c for f in factors for c in conditions(f, self._bounds, discrete=self.discrete)]
        except Undecidable:
            return None
        return tuple(unsettled(found, self._bounds))

    @cached_property
    def symbols(self) -> tuple[sp.Symbol, ...]:
        """Every symbol of the general formulas: coordinates, germ, hyperparameters, `z`."""
        names = [symbol(name, row) for name, row in self.names.items()]
        draws = {s for e in self.vector_field for s in e.atoms(sp.Symbol)}
        known = [*self.model.coordinates, *self.model.germ_symbols, *self.model.means, *names]
        others = sorted((s for s in draws if s not in known), key=str)
        return tuple(dict.fromkeys([*known, *others, self.letters.z]))

    # For the loss chosen and the values given

    @cached_property
    def germ(self) -> dict[str, sp.Expr]:
        """`f'(0)` and `f''(0)` of the loss chosen, by the names of their symbols."""
        return self.model.germ_values(self.values)

    @cached_property
    def factors_here(self) -> tuple[Factor, ...] | None:
        """The factors of the characteristic polynomial for the loss and the values given.

        Without those roots that belong to a manifold of equilibria or to memory that never acts
        on the players.
        """
        here = self._here
        return here.across if isinstance(here, Point) else None

    @cached_property
    def conditions_here(self) -> tuple[sp.Expr, ...] | None:
        """As `conditions`, for the loss and the values given."""
        if not isinstance(self._here, Point):
            return None
        names = {self.germ[s.name]: s for s in self.means}
        found = self._conditions(self._here.stabilising)
        return None if found is None else tuple(cast("sp.Expr", c.xreplace(names)) for c in found)

    @cached_property
    def eigenvalues(self) -> tuple[Eigenvalue, ...] | None:
        """Those that the players see, certified; `None` while a symbol that they need has no value."""
        return None if self._spectra is None else self._spectra[0]

    @cached_property
    def memory(self) -> tuple[Eigenvalue, ...] | None:
        """The own eigenvalues of memory that never acts on the players; likewise."""
        return None if self._spectra is None else self._spectra[1]

    @cached_property
    def _spectra(self) -> tuple[tuple[Eigenvalue, ...], tuple[Eigenvalue, ...]] | None:
        here = self._here
        if not isinstance(here, Point) or here.matrix.free_symbols:
            return None
        try:
            found = here.eigenvalues(discrete=self.discrete), here.of_memory(discrete=self.discrete)
        except Undecidable:
            return None
        return tuple(map(self._named, found[0])), tuple(map(self._named, found[1]))

    def _named(self, e: Eigenvalue) -> Eigenvalue:
        """The same with means by their names."""
        if e.exact is None or not self.means:
            return e
        return replace(e, exact=e.exact.xreplace({self.germ[s.name]: s for s in self.means}))

    @cached_property
    def finding(self) -> Finding:
        """The verdict with its reason and its classification."""
        found = self._finding
        said = found.classification.replace("every step", "every cycle")
        return found if self.operator.period == 1 else replace(found, classification=said)

    @property
    def _finding(self) -> Finding:
        if not isinstance(self._here, Point):
            return refused(self._here)
        if self._spectra is not None:
            players, memory = self._spectra
            found = at_numbers(players, verdict(players), discrete=self.discrete)
            if found.verdict == "neutral" and self.exactly_linear:
                found = exactly_linear(found, players, discrete=self.discrete)
            return remembering(found, memory, discrete=self.discrete)
        factors = self._here.stabilising
        open_names = [name for name in self.names if name not in self.values]
        try:
            words = [symbolic_verdict(f, self._bounds, discrete=self.discrete) for f in factors]
        except Undecidable as refusal:
            return Finding("depends" if open_names else "undecided", self._said(refusal))
        dimension = len(self._here.along)
        conditions = self.conditions_here or ()
        found = with_symbols(words, conditions, open_names, discrete=self.discrete, dimension=dimension)
        if found.verdict == "depends" and 0 not in conditions and (ruled_out := self._ruled_out):
            return impossible(found, open_names, discrete=self.discrete, negative=ruled_out == "negative")
        if found.verdict == "neutral" and self.exactly_linear:
            edge = [f for f, word in zip(factors, words, strict=True) if word == "neutral"]
            return exactly_linear_with_symbols(found, edge, discrete=self.discrete)
        return found

    @cached_property
    def stable_stretch(self) -> Stretch | None:
        """Where it is stable, as intervals, if the conditions are on one open name."""
        return stretch(self.conditions_here, self._bounds) if self.conditions_here else None

    @property
    def _ruled_out(self) -> str:
        """`never` where the conditions are never met, `negative` where one is always negative, too."""
        where = self.stable_stretch
        if where is None:
            return exclusion(self.conditions_here or (), self._bounds)
        return "" if where.intervals else "negative" if where.negative else "never"

    @cached_property
    def exactly_linear(self) -> bool:
        """Whether the operator is a linear map about the equilibrium, for the loss and values given."""
        values = {name: value for name, value in {**self.germ, **self.values}.items() if value.is_Rational}
        return is_linear(self.model, self.operator, values)

    @property
    def verdict(self) -> str:
        """One of the words that `Finding` lists."""
        return self.finding.verdict

    @cached_property
    def spectral_abscissa(self) -> float | None:
        """The largest real part of an eigenvalue of a flow."""
        if self.discrete or self.eigenvalues is None:
            return None
        slowest = dominant(self.eigenvalues, discrete=False)
        if not slowest:
            return None
        return 0.0 if slowest[0].place == "boundary" else slowest[0].value.real

    @cached_property
    def spectral_radius(self) -> float | None:
        """The largest modulus of an eigenvalue of a map: the factor per step, or per cycle of them."""
        if not self.discrete or self.eigenvalues is None:
            return None
        slowest = dominant(self.eigenvalues, discrete=True)
        if not slowest:
            return None
        return 1.0 if slowest[0].place == "boundary" else nearest(abs(slowest[0].ball))

    @property
    def radius_per_step(self) -> float | None:
        """`radius^(1/k)` where the operator is a cycle of `k` steps: the factor per step on average."""
        radius = self.spectral_radius
        return None if radius is None else radius ** (1 / self.operator.period)

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """Where statements about this combination are published."""
        found = (claim.source for claim in self.known)
        return tuple(dict.fromkeys(source for source in found if source != BY_HAND))

    @cached_property
    def known(self) -> tuple[Claim, ...]:
        """What the literature says about this combination, published or derived by hand."""
        letters = at(environment(self.game, self.operator), self.values)
        return tuple(c for c in relevant(self.game, self.operator) if speaks_at(c, letters))

    def verify(self, *, points: int = 4, seed: int = 0) -> Verification:
        """Hold the result against autodiff and the literature, at the values and at random ones.

        Args:
            points: how many hyperparameter values to compare.
            seed: of the random ones.
        """
        from stabcheck.verify.witnesses import Subject, Verification, verify, verify_motion, verify_refusal

        here = self._here
        if isinstance(here, NotSmooth):
            return verify_refusal(self.game, self.operator, here, self.values, seed=seed)
        subject = Subject(self.game, self.operator, self.model, self.factors, self.values)
        if isinstance(here, MovesRestPoint):
            return verify_motion(subject, points=points, seed=seed)
        if isinstance(here, StabcheckError) and not isinstance(here, Undecidable):
            return Verification("skipped", str(here))
        try:
            # Where no formula is short enough, there are numbers still.
            return verify(subject, points=points, seed=seed)
        except Undecidable as refusal:
            return Verification("skipped", str(refusal))
        except (NotSmooth, NotAnEquilibrium, MovesRestPoint):
            if not isinstance(here, Undecidable):
                raise
            # What is not decided in general is refused at some of the values drawn.
            return Verification("skipped", str(here))

    # Views

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data: formulas as text that SymPy reads back, numbers as floats."""
        from stabcheck.judge.record import as_data

        return as_data(self)

    @cached_property
    def derivation(self) -> Derivation:
        """The steps from the losses to the verdict, as data that every view reads."""
        from stabcheck.judge.derivation.data import derive

        return derive(self)

    def to_latex(self) -> str:
        """The derived formulas as a LaTeX fragment."""
        from stabcheck.report.latex import fragment

        return fragment(self)

    def __repr__(self) -> str:
        from stabcheck.report.derivation import one_line

        return one_line(self)

    def _repr_latex_(self) -> str | None:
        from stabcheck.report.derivation import eigenvalues_only

        return eigenvalues_only(self)

    def _repr_html_(self) -> str:
        from stabcheck.report.derivation import compact

        return compact(self)

    def __str__(self) -> str:
        from stabcheck.report.text import plain

        return plain(self)


def _or_refusal(derive: Callable[..., T], *args: Any) -> T | StabcheckError:
    """The result, or our own refusal as a value, so that it is found once and can be shown."""
    try:
        return derive(*args)
    except StabcheckError as refusal:
        return refusal
