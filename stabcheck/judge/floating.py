"""Games whose losses are written in JAX alone: an analysis in floating point, which says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from stabcheck.core import hyper
from stabcheck.core.errors import BadInput, NotAnEquilibrium
from stabcheck.core.frozen import Frozen
from stabcheck.core.verdict import Evidence, Verdict
from stabcheck.declare.games.game import Game
from stabcheck.declare.methods.method import Operator
from stabcheck.judge.finding import RATES, Finding
from stabcheck.judge.result import Result
from stabcheck.numeric.update import EPS, Linearised, eigenvalues, linearise, refuse_unreal, seen

RESTING = 1e-9
"""How far, relative to its Jacobian, a field may be from 0 at an equilibrium given in floats."""

NEAR = "an eigenvalue is as near to the boundary as rounding can move it"
CLEAR = "every eigenvalue is farther from the boundary than rounding can move it"


class Approximate(NamedTuple):
    """An eigenvalue in float64.

    Attributes:
        value: by LAPACK.
        place: `inside` or `outside` of the stable region; `unknown` where rounding could tell either.
    """

    value: complex
    place: str
    multiplicity: int = 1
    exact: None = None


@dataclass(frozen=True, repr=False)
class FloatAnalysis(Result):
    """A game under an operator at the game's equilibrium, by autodiff and LAPACK alone.

    There is no formula, no exact verdict and no second witness: a verdict is given where the
    spectrum is farther from the boundary than rounding can move it, and is `undecided` elsewhere.

    Attributes:
        game, operator: the declarations.
        values: numbers for the open names.
    """

    game: Game
    operator: Operator
    values: Mapping[str, float] = field(default_factory=Frozen)

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", Frozen(self.values))

    def __getstate__(self) -> dict[str, Any]:
        return {"game": self.game, "operator": self.operator, "values": self.values}

    def at(self, **values: Any) -> FloatAnalysis:
        """The same with numbers for open names.

        Raises:
            BadInput: for an unknown name or a value outside its domain.
        """
        names = hyper.symbols(self.game, self.operator)
        numbers: dict[str, float] = {}
        for name, value in values.items():
            if name not in names:
                open_names = ", ".join(names) or "none"
                raise BadInput(f"no hyperparameter is called '{name}'; those left open are: {open_names}")
            numbers[name] = _number(replace(names[name], name=name), value)
        return replace(self, values={**self.values, **numbers})

    @cached_property
    def _linearised(self) -> Linearised:
        columns = {name: [value] for name, value in self.values.items()}
        refuse_unreal(self.game, self.values)
        linearised = linearise(self.game, self.operator, columns)
        speeds, slopes = np.abs(linearised.drift), np.abs(linearised.jacobian)
        if speeds.max(initial=0.0) > RESTING * (1 + slopes.max(initial=0.0)):
            speed = ", ".join(f"{v:.3g}" for v in linearised.drift[0])
            raise NotAnEquilibrium(f"the declared equilibrium is none: the operator moves it by ({speed})")
        return linearised

    @property
    def matrix(self) -> np.ndarray:
        """The Jacobian of the operator on its whole state at rest, `(n, n)`.

        Raises:
            BadInput: if an open name has no value.
            NotAnEquilibrium: if the declared equilibrium is none.
            NotSmooth: if a derivative there is NaN.
        """
        return self._linearised.jacobian[0]

    @cached_property
    def _seen(self) -> np.ndarray:
        """Which coordinates of the state the players ever feel, entries at rounding level left out."""
        edges = np.abs(self.matrix) > RESTING * (1 + np.abs(self.matrix).max())
        return seen(self.game, self.operator, self.values, edges)

    @cached_property
    def _spectra(self) -> tuple[np.ndarray, np.ndarray]:
        return self._spectrum(self._seen), self._spectrum(~self._seen)

    @property
    def eigenvalues(self) -> np.ndarray:
        """By LAPACK, those that the players see, those that set the rate first."""
        return self._spectra[0]

    @property
    def memory(self) -> np.ndarray:
        """The own eigenvalues of memory that never acts on the players, likewise."""
        return self._spectra[1]

    def _spectrum(self, kept: np.ndarray) -> np.ndarray:
        spectrum = eigenvalues(self.matrix[np.ix_(kept, kept)])
        return spectrum[np.argsort(-self.region.size(spectrum))]

    @property
    def spectrum(self) -> tuple[Approximate, ...]:
        """The eigenvalues that the players see, each with its place."""
        return tuple(Approximate(z, self._place(z)) for z in self.eigenvalues.tolist())

    def _place(self, z: complex) -> str:
        outside = float(self.region.margin(z))
        return "unknown" if abs(outside) <= self.margin else "outside" if outside > 0 else "inside"

    @property
    def rate(self) -> float:
        """The spectral radius of a map, per cycle of its steps, or the spectral abscissa of a flow."""
        return float(self.region.size(self.eigenvalues).max())

    @cached_property
    def margin(self) -> float:
        """How far rounding can move an eigenvalue, by the condition of the eigenvectors."""
        _, vectors = np.linalg.eig(self.matrix)
        size = max(1.0, float(np.abs(self.matrix).max()))
        return float(np.linalg.cond(vectors)) * len(self.matrix) * EPS * size

    @property
    def finding(self) -> Finding:
        """`stable`, `unstable`, or `undecided` where rounding could tell either."""
        whole = np.concatenate([self.eigenvalues, self.memory])
        outside = float(self.region.margin(whole).max())
        if not abs(outside) > self.margin:
            return Finding(Verdict.UNDECIDED, NEAR)
        word = Verdict.UNSTABLE if outside > 0 else Verdict.STABLE
        return Finding(word, CLEAR, evidence=Evidence.FLOAT, rate=RATES[word])

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data."""
        return {
            "game": self.game.label,
            "method": self.operator.chain,
            "hyperparameters": dict(self.values),
            "exact": False,
            "matrix": self.matrix.tolist(),
            "eigenvalues": [{"re": float(z.real), "im": float(z.imag)} for z in self.eigenvalues],
            "memory": [
                {"re": float(z.real), "im": float(z.imag), "modulus": float(abs(z))} for z in self.memory
            ],
            "spectral_abscissa": self.spectral_abscissa,
            "spectral_radius": self.spectral_radius,
            "period": self.operator.period,
            "radius_per_step": self.radius_per_step,
            "verdict": self.verdict,
            "margin": self.margin,
        }


def _number(row: hyper.Hyper, value: Any) -> float:
    """The float nearest to a value.

    Raises:
        BadInput: if it is no number, or one outside the domain.
    """
    refusal = BadInput(f"{row.name} must be {row.domain.text}, not {str(value)[:30]!r}")
    try:
        number = float(hyper.accept(row, value))
    except (TypeError, ValueError):
        raise refusal from None
    if not row.domain.contains(Fraction(number)):
        raise refusal
    return number
