"""The published theorem on realisable GANs, with its rate bounds, beside the exact spectrum.

Hypotheses are decided exactly, over the rationals; bounds come from certified eigenvalues.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import sympy as sp

from stabcheck.core.errors import BadInput
from stabcheck.core.stability import HALF_PLANE
from stabcheck.declare.games.blocks import Blocks
from stabcheck.declare.methods.flow import Flow
from stabcheck.declare.penalties.nagarajan_kolter import NagarajanKolter
from stabcheck.judge.analysis import Analysis
from stabcheck.literature import MESCHEDER_2018, NAGARAJAN_2017
from stabcheck.symbolic.exact import Eigenvalue, eigenvalues
from stabcheck.symbolic.spectrum import Factor, Z

SLACK = 1e-12
"""Relative; a bound that is attained may differ from the eigenvalue by rounding."""


@dataclass(frozen=True)
class Statement:
    """What the theorem says of the matrices given.

    Attributes:
        source: where it is published.
        hypotheses: each in words, and whether it holds.
        real, oscillating: bounds on the real part of real and of complex eigenvalues; `None` where
            none is published or a hypothesis fails.
    """

    source: str
    hypotheses: tuple[tuple[str, bool], ...]
    real: float | None = None
    oscillating: float | None = None

    @property
    def applies(self) -> bool:
        """Whether every hypothesis holds, so that the equilibrium is exponentially stable."""
        return all(holds for _, holds in self.hypotheses)


@dataclass(frozen=True)
class RealisableGAN:
    """`v' = [[0, -K_DG^T], [K_DG, K_DD - L_DD]]`, or with `eta |grad_psi L_D|^2` added to `L_G`.

    Args:
        blocks: the matrices, with rational entries.
        eta: strength of the regulariser of Nagarajan & Kolter; 0 for none.

    Raises:
        BadInput: if `eta` is negative or joined with a penalty, of which no theorem speaks.
    """

    blocks: Blocks
    eta: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        if self.eta < 0:
            raise BadInput(f"eta must be a number >= 0, not {self.eta}")
        if self.eta and self.blocks.l_dd:
            raise BadInput("no published theorem covers eta and l_dd together; give one of them")

    @cached_property
    def exact(self) -> tuple[Eigenvalue, ...]:
        """The spectrum of the flow, certified."""
        game = self.blocks + NagarajanKolter(self.eta) if self.eta else self.blocks
        return Analysis(game, Flow()).checked().eigenvalues or ()

    @cached_property
    def statement(self) -> Statement:
        """What the theorem that fits says."""
        if not self.eta:
            return self._unregularised()
        return self._wasserstein() if self._k_dd.is_zero_matrix else self._regularised()

    def against(self) -> Iterator[tuple[Eigenvalue, float | None, bool | None]]:
        """Each exact eigenvalue with its bound, and whether it keeps to it."""
        for e in self.exact:
            bound = self.statement.real if e.is_real else self.statement.oscillating
            kept = None if bound is None else e.value.real <= bound + SLACK * abs(bound)
            yield e, bound, kept

    @property
    def _k_dg(self) -> sp.Matrix:
        return _matrix(self.blocks.k_dg)

    @property
    def _k_dd(self) -> sp.Matrix:
        return _matrix(self.blocks.k_dd)

    def _unregularised(self) -> Statement:
        b = self._k_dg
        q = _matrix(self.blocks.l_dd) - self._k_dd if self.blocks.l_dd else -self._k_dd
        hypotheses = (
            ("L_DD - K_DD is positive definite", _definite(q)),
            ("K_DG has full column rank", b.rank() == b.cols),
        )
        source = MESCHEDER_2018
        if not all(holds for _, holds in hypotheses):
            return Statement(source, hypotheses)
        (q_min, q_max), (b_min, _) = _extremes(q), _extremes(b.T * b)
        return Statement(source, hypotheses, -q_min * b_min / (q_min * q_max + b_min), -q_min / 2)

    def _wasserstein(self) -> Statement:
        k = self._k_dg
        hypotheses = (("K_DD = 0 and K_DG is square and invertible", k.rows == k.cols == k.rank()),)
        source = f"{NAGARAJAN_2017}, for the regularised WGAN"
        if not hypotheses[0][1]:
            return Statement(source, hypotheses)
        least, most = _extremes(k.T * k)
        eta = float(self.eta)
        return Statement(source, hypotheses, -2 * eta * least / (4 * eta**2 * most + 1), -eta * least)

    def _regularised(self) -> Statement:
        k, a = self._k_dg, -self._k_dd
        margin = sp.eye(a.rows) - 2 * sp.Rational(self.eta.numerator, self.eta.denominator) * a
        return Statement(
            f"{NAGARAJAN_2017}, for the regularised GAN",
            (
                ("-K_DD is positive definite", _definite(a)),
                ("K_DG has full column rank", k.rank() == k.cols),
                ("eta < 1/(2 lambda_max(-K_DD))", _definite(margin)),
            ),
        )


def _matrix(rows: tuple[tuple[Fraction | int, ...], ...]) -> sp.Matrix:
    return sp.Matrix([[sp.Rational(e.numerator, e.denominator) for e in row] for row in rows])


def _definite(a: sp.Matrix) -> bool:
    """Whether a symmetric rational matrix is positive definite, by its leading minors."""
    return all(a[:k, :k].det() > 0 for k in range(1, a.rows + 1))


def _extremes(a: sp.Matrix) -> tuple[float, float]:
    """The smallest and the largest eigenvalue of a symmetric rational matrix."""
    coefficients = tuple(a.charpoly(Z).all_coeffs())
    values = [e.value.real for e in eigenvalues((Factor(coefficients, 1),), region=HALF_PLANE)]
    return min(values), max(values)
