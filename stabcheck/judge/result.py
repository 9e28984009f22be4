"""What every result can do, whatever it was derived with."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from stabcheck.core import doors
from stabcheck.core.stability import StabilityRegion
from stabcheck.core.verdict import Verdict
from stabcheck.declare.games.game import Game
from stabcheck.declare.methods.method import Operator
from stabcheck.judge.finding import Finding
from stabcheck.judge.verification import Verification
from stabcheck.literature import BY_HAND

if TYPE_CHECKING:
    import sympy as sp

    from stabcheck.literature.claim import Claim
    from stabcheck.symbolic.spectrum import Factor, Roots


ALONE = (
    "in floating point alone: the losses are written in JAX, so that there is no formula and no exact witness"
)
"""What is said of a result without formulas."""


class Result(ABC):
    """A game under an operator, at the game's equilibrium.

    Attributes:
        game, operator: the declarations.
        values: numbers for some of the open names.
    """

    game: Game
    operator: Operator
    values: Mapping[str, Any]

    @abstractmethod
    def at(self, **values: Any) -> Result:
        """The same with numbers for open names."""

    @property
    @abstractmethod
    def finding(self) -> Finding:
        """The verdict with its reason and its classification."""

    @property
    @abstractmethod
    def eigenvalues(self) -> Any:
        """Those that the players see; `None` while a symbol that they need has no value."""

    @property
    def spectrum(self) -> Any:
        """The same as data: `value`, `place`, `multiplicity` of each, and `exact` where it is known."""
        return self.eigenvalues

    @property
    @abstractmethod
    def memory(self) -> Any:
        """The own eigenvalues of memory that never acts on the players; likewise."""

    @property
    @abstractmethod
    def rate(self) -> float | None:
        """The spectral radius of a map, per cycle of its steps, or the spectral abscissa of a flow."""

    @property
    def spectral_abscissa(self) -> float | None:
        """The largest real part of an eigenvalue of a flow; `None` for a map."""
        return None if self.discrete else self.rate

    @property
    def spectral_radius(self) -> float | None:
        """The largest modulus of an eigenvalue of a map: the factor per step, or per cycle of them."""
        return self.rate if self.discrete else None

    @property
    def radius_per_step(self) -> float | None:
        """`radius^(1/k)` where the operator is a cycle of `k` steps: the factor per step on average."""
        radius = self.spectral_radius
        return None if radius is None else radius ** (1 / self.operator.period)

    @property
    def discrete(self) -> bool:
        """Whether the operator is a map, whose spectrum is held against the unit circle."""
        return self.operator.discrete

    @property
    def region(self) -> StabilityRegion:
        """Where the eigenvalues of what is stable lie."""
        return self.operator.region

    @property
    def verdict(self) -> Verdict:
        """What holds, in a word."""
        return self.finding.verdict

    # Formulas: none where the losses are written for floats alone

    @property
    def vector_field(self) -> tuple[sp.Expr, ...]:
        """`v` at a general point, one expression per coordinate."""
        return ()

    @property
    def jacobian(self) -> sp.Matrix | None:
        """`v'` at the equilibrium; `None` where there is none."""
        return None

    @property
    def update_matrix(self) -> sp.Matrix | None:
        """The differential of one step at rest; `None` for a flow and where there is none."""
        return None

    @property
    def flow_matrix(self) -> sp.Matrix | None:
        """The differential of a flow's velocity at rest, whose eigenvalues decide; `None` for a map."""
        return None

    @property
    def factors(self) -> tuple[Factor, ...] | None:
        """The factors of the characteristic polynomial, those of memory last."""
        return None

    @property
    def characteristic_polynomial(self) -> sp.Expr | None:
        """`det(z I - M)`, with `M` the operator's matrix; a product where it factors."""
        return None

    @property
    def spectral_map(self) -> sp.Expr | None:
        """`phi(mu, z)`: its roots `z` are the eigenvalues of the method, `mu` being the flow's."""
        return None

    @property
    def closed_form(self) -> tuple[Roots | Factor, ...] | None:
        """The roots of each factor; the factor itself where they have no short formula."""
        return None

    @property
    def conditions(self) -> tuple[sp.Expr, ...] | None:
        """Polynomials that are all positive iff the equilibrium is exponentially stable."""
        return None

    @property
    def claims(self) -> tuple[Claim, ...]:
        """What the literature says about this combination, published or derived by hand."""
        return ()

    @property
    def sources(self) -> tuple[str, ...]:
        """Where statements about this combination are published."""
        sources = (claim.source for claim in self.claims)
        return tuple(dict.fromkeys(source for source in sources if source != BY_HAND))

    # Witnesses and views

    def verify(self, *, points: int = 4, seed: int = 0) -> Verification:
        """Hold the result against autodiff and the literature, at the values and at random ones.

        Args:
            points: how many hyperparameter values to compare.
            seed: of the random ones.
        """
        return doors.verified(self, points=points, seed=seed)

    @abstractmethod
    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data."""

    def to_latex(self) -> str:
        """The derived formulas as a LaTeX fragment."""
        return doors.shown(self, "latex")

    def __repr__(self) -> str:
        return doors.shown(self, "line")

    def __str__(self) -> str:
        return doors.shown(self, "text")

    def _repr_html_(self) -> str:
        return doors.shown(self, "html")

    def _repr_latex_(self) -> str | None:
        return doors.shown(self, "maths")
