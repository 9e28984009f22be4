"""What holds for the loss chosen and the values given: certified spectrum, verdict, rate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import sympy as sp

from stabcheck.core.errors import NotAnEquilibrium, NotApplicable, NotSmooth, StabcheckError, Undecidable
from stabcheck.core.stability import StabilityRegion
from stabcheck.core.verdict import Evidence, Verdict
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
from stabcheck.judge.general import General, or_refusal
from stabcheck.judge.resting import linearised
from stabcheck.symbolic.balls import nearest
from stabcheck.symbolic.condition import Condition
from stabcheck.symbolic.exact import Eigenvalue, dominant, verdict
from stabcheck.symbolic.linear import is_linear
from stabcheck.symbolic.region import symbolic_verdict
from stabcheck.symbolic.settling import Stretch, exclusion, stretch
from stabcheck.symbolic.spectrum import Factor
from stabcheck.symbolic.update import Point

ASKS = "; give values for a verdict"
"""What refusals of long formulas end in."""

Spectrum = tuple[Eigenvalue, ...]


@dataclass(frozen=True)
class Here:
    """A general result at numbers for some of the open names.

    Attributes:
        general: what holds for all values, shared with every other place.
        values: the numbers, by name.
    """

    general: General
    values: Mapping[str, sp.Expr]

    @property
    def region(self) -> StabilityRegion:
        """Where the eigenvalues of what is stable lie."""
        return self.general.operator.region

    @cached_property
    def germ(self) -> dict[str, sp.Expr]:
        """`f'(0)` and `f''(0)` of the loss chosen, by the names of their symbols."""
        return self.general.model.germ_values(self.values)

    @cached_property
    def point(self) -> Point | StabcheckError:
        """The linearisation here, derived here and not substituted; or why there is none."""
        # A game that cannot be read is no matter of the point: its refusal is not kept as a result.
        return or_refusal(self._pointed, {**self.germ, **self.values})

    def _pointed(self, values: Mapping[str, sp.Expr]) -> Point:
        return Point.of(linearised(self.general.model, self.general.operator, values))

    @cached_property
    def doubts(self) -> tuple[str, ...]:
        """What of the equilibrium's rest could be seen in balls and not be proved, in words."""
        if isinstance(self.point, NotAnEquilibrium | NotSmooth | NotApplicable):
            return ()
        doubts = or_refusal(self.general.model.confirm_rest, {**self.germ, **self.values})
        return () if isinstance(doubts, StabcheckError) else doubts

    @property
    def open_names(self) -> list[str]:
        """The names that have no number here."""
        return [name for name in self.general.names if name not in self.values]

    def refusal_text(self, refusal: StabcheckError) -> str:
        """What a refusal says; that values be given only where one is missing."""
        return str(refusal) if self.open_names else str(refusal).removesuffix(ASKS)

    @cached_property
    def factors(self) -> tuple[Factor, ...] | None:
        """The factors of the characteristic polynomial that the players see.

        Without those roots that belong to a manifold of equilibria or to memory that never acts
        on the players.
        """
        return self.point.across if isinstance(self.point, Point) else None

    @cached_property
    def conditions(self) -> tuple[Condition, ...] | None:
        """Polynomials that are all positive iff the equilibrium is exponentially stable."""
        if not isinstance(self.point, Point):
            return None
        conditions = self.general.conditions_of(self.point.stabilising)
        return None if conditions is None else tuple(c.renamed(self._means) for c in conditions)

    @cached_property
    def written_conditions(self) -> tuple[sp.Expr, ...] | None:
        """The conditions as they are printed."""
        return None if self.conditions is None else tuple(c.expression for c in self.conditions)

    @property
    def _means(self) -> dict[sp.Expr, sp.Symbol]:
        """The names of means by what they are here."""
        return {self.germ[s.name]: s for s in self.general.means}

    @cached_property
    def eigenvalues(self) -> Spectrum | None:
        """Those that the players see, certified; `None` while a symbol that they need has no value."""
        return None if self._spectra is None else self._spectra[0]

    @cached_property
    def slowest(self) -> tuple[Eigenvalue, ...]:
        """Those that set the rate."""
        return tuple(dominant(self.eigenvalues or (), region=self.region))

    @cached_property
    def memory(self) -> Spectrum | None:
        """The own eigenvalues of memory that never acts on the players; likewise."""
        return None if self._spectra is None else self._spectra[1]

    @cached_property
    def _spectra(self) -> tuple[Spectrum, Spectrum] | None:
        point = self.point
        if not isinstance(point, Point) or point.matrix.free_symbols:
            return None
        try:
            spectra = point.eigenvalues(region=self.region), point.of_memory(region=self.region)
        except Undecidable:
            return None
        return tuple(map(self._named, spectra[0])), tuple(map(self._named, spectra[1]))

    def _named(self, e: Eigenvalue) -> Eigenvalue:
        """The same with means by their names."""
        if e.exact is None or not self.general.means:
            return e
        return replace(e, exact=e.exact.xreplace(self._means))

    @cached_property
    def finding(self) -> Finding:
        """The verdict with its reason and its classification."""
        finding = self._finding
        if self.general.operator.period == 1:
            return finding
        return replace(finding, classification=finding.classification.replace("every step", "every cycle"))

    @property
    def _finding(self) -> Finding:
        if not isinstance(self.point, Point):
            return refused(self.point)
        if self._spectra is None:
            return self._with_symbols(self.point)
        players, memory = self._spectra
        rational = all(entry.is_Rational for entry in self.point.matrix.flat())
        evidence = Evidence.EXACT if rational else Evidence.BALLS
        finding = at_numbers(players, verdict(players), evidence, region=self.region)
        if finding.verdict is Verdict.NEUTRAL and self.exactly_linear:
            finding = exactly_linear(finding, players, region=self.region)
        return remembering(finding, memory, region=self.region)

    def _with_symbols(self, point: Point) -> Finding:
        factors, region = point.stabilising, self.region
        try:
            verdicts = [symbolic_verdict(f, self.general.bounds, region=region) for f in factors]
        except Undecidable as refusal:
            verdict = Verdict.DEPENDS if self.open_names else Verdict.UNDECIDED
            return Finding(verdict, self.refusal_text(refusal))
        conditions, dimension = self.written_conditions or (), len(point.along)
        finding = with_symbols(verdicts, conditions, self.open_names, region=region, dimension=dimension)
        if finding.verdict is Verdict.DEPENDS and 0 not in conditions and (ruled_out := self.ruled_out):
            return impossible(finding, self.open_names, region=region, negative=ruled_out == "negative")
        if finding.verdict is Verdict.NEUTRAL and self.exactly_linear:
            edge = [f for f, verdict in zip(factors, verdicts, strict=True) if verdict is Verdict.NEUTRAL]
            return exactly_linear_with_symbols(finding, edge, region=region)
        return finding

    @cached_property
    def stable_stretch(self) -> Stretch | None:
        """Where it is stable, as intervals, if the conditions are on one open name."""
        return stretch(self.written_conditions, self.general.bounds) if self.written_conditions else None

    @cached_property
    def ruled_out(self) -> str:
        """`never` where the conditions are never met, `negative` where one is always negative, too."""
        where = self.stable_stretch
        if where is None:
            return exclusion(self.written_conditions or (), self.general.bounds)
        return "" if where.intervals else "negative" if where.negative else "never"

    @cached_property
    def exactly_linear(self) -> bool:
        """Whether the operator is a linear map about the equilibrium, for the loss and values given."""
        values = {name: value for name, value in {**self.germ, **self.values}.items() if value.is_Rational}
        return is_linear(self.general.model, self.general.operator, values)

    @cached_property
    def rate(self) -> float | None:
        """The spectral radius of a map, per cycle of its steps, or the spectral abscissa of a flow."""
        slowest = self.slowest
        if not slowest:
            return None
        if slowest[0].place == "boundary":
            return float(self.region.level)
        return nearest(self.region.size(slowest[0].ball))
