"""Games whose losses are written in JAX alone: an analysis in floating point, which says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from stabcheck.core import hyper
from stabcheck.core.errors import BadInput, NotAnEquilibrium
from stabcheck.core.frozen import Frozen
from stabcheck.declare.games.game import Game
from stabcheck.declare.methods.method import Operator
from stabcheck.numeric.update import EPS, Linearised, eigenvalues, linearise, refuse_unreal, seen

RESTING = 1e-9
"""How far, relative to its Jacobian, a field may be from 0 at an equilibrium given in floats."""


@dataclass(frozen=True)
class FloatAnalysis:
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
        found: dict[str, float] = {}
        for name, value in values.items():
            if name not in names:
                known = ", ".join(names) or "none"
                raise BadInput(f"no hyperparameter is called '{name}'; those left open are: {known}")
            found[name] = _number(replace(names[name], name=name), value)
        return replace(self, values={**self.values, **found})

    @property
    def discrete(self) -> bool:
        """Whether the operator is a map, whose spectrum is held against the unit circle."""
        return self.operator.discrete

    @cached_property
    def _found(self) -> Linearised:
        columns = {name: [value] for name, value in self.values.items()}
        refuse_unreal(self.game, self.values)
        found = linearise(self.game, self.operator, columns)
        if np.abs(found.speed).max(initial=0.0) > RESTING * (1 + np.abs(found.jacobian).max(initial=0.0)):
            speed = ", ".join(f"{v:.3g}" for v in found.speed[0])
            raise NotAnEquilibrium(f"the declared equilibrium is none: the operator moves it by ({speed})")
        return found

    @property
    def matrix(self) -> np.ndarray:
        """The Jacobian of the operator on its whole state at rest, `(n, n)`.

        Raises:
            BadInput: if an open name has no value.
            NotAnEquilibrium: if the declared equilibrium is none.
            NotSmooth: if a derivative there is NaN.
        """
        return self._found.jacobian[0]

    @cached_property
    def _seen(self) -> np.ndarray:
        """Which coordinates of the state the players ever feel, entries at rounding level left out."""
        edges = np.abs(self.matrix) > RESTING * (1 + np.abs(self.matrix).max())
        return seen(self.game, self.operator, self.values, edges)

    @cached_property
    def eigenvalues(self) -> np.ndarray:
        """By LAPACK, those that the players see, those that set the rate first."""
        return self._spectrum(self._seen)

    @cached_property
    def memory(self) -> np.ndarray:
        """The own eigenvalues of memory that never acts on the players, likewise."""
        return self._spectrum(~self._seen)

    def _spectrum(self, kept: np.ndarray) -> np.ndarray:
        found = eigenvalues(self.matrix[np.ix_(kept, kept)])
        return found[np.argsort(-(np.abs(found) if self.discrete else np.real(found)))]

    @property
    def spectral_abscissa(self) -> float | None:
        """The largest real part for a flow."""
        return None if self.discrete else float(np.real(self.eigenvalues).max())

    @property
    def spectral_radius(self) -> float | None:
        """The largest modulus for a map."""
        return float(np.abs(self.eigenvalues).max()) if self.discrete else None

    @property
    def radius_per_step(self) -> float | None:
        """`radius^(1/k)` where the operator is a cycle of `k` steps: the factor per step on average."""
        radius = self.spectral_radius
        return None if radius is None else radius ** (1 / self.operator.period)

    @cached_property
    def margin(self) -> float:
        """How far rounding can move an eigenvalue, by the condition of the eigenvectors."""
        _, vectors = np.linalg.eig(self.matrix)
        size = max(1.0, float(np.abs(self.matrix).max()))
        return float(np.linalg.cond(vectors)) * len(self.matrix) * EPS * size

    @property
    def verdict(self) -> str:
        """`stable`, `unstable`, or `undecided` where rounding could tell either."""
        whole = np.concatenate([self.eigenvalues, self.memory])
        outside = float(np.abs(whole).max() - 1 if self.discrete else np.real(whole).max())
        if not abs(outside) > self.margin:
            return "undecided"
        return "unstable" if outside > 0 else "stable"

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

    def __str__(self) -> str:
        size = self.spectral_radius if self.discrete else self.spectral_abscissa
        period = self.operator.period
        per_step = f" per cycle of {period} steps, {self.radius_per_step:.12g} per step" if period > 1 else ""
        given = ", ".join(f"{name} = {value}" for name, value in self.values.items())
        spectrum = _rows(self.eigenvalues)
        memory = f"\nmemory{_rows(self.memory)[6:]}   (not felt by the players)" if self.memory.size else ""
        return (
            f"game          {self.game.label}\n"
            f"method        {self.operator.chain}\n"
            f"at            {given or 'the values declared'}\n"
            f"eigenvalues{spectrum.removeprefix(' ' * 11)}{memory}\n"
            f"{'radius' if self.discrete else 'abscissa':<14}{size:.12g}{per_step}\n"
            f"verdict       {self.verdict}, in floating point alone: the losses are written in JAX, so\n"
            "              that there is no formula and no exact witness"
        )


def _rows(spectrum: np.ndarray) -> str:
    return "\n".join(f"              {z.real:.12g} {z.imag:+.12g}i" for z in spectrum)


def _number(row: hyper.Hyper, value: Any) -> float:
    """The float nearest to a value.

    Raises:
        BadInput: if it is no number, or one outside the domain.
    """
    refusal = BadInput(f"{row.name} must be {row.domain.text}, not {str(value)[:30]!r}")
    try:
        found = float(hyper.accept(row, value))
    except (TypeError, ValueError):
        raise refusal from None
    if not row.domain.contains(Fraction(found)):
        raise refusal
    return found
