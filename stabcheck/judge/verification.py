"""What witnesses said of a result."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from stabcheck.core import doors


@dataclass(frozen=True)
class Verification:
    """What the witnesses said.

    Attributes:
        status: `agrees`, `disagrees`, or `skipped` where only one could speak.
        reason: one sentence for people.
        matrix_gap: largest difference of matrix entries, in units of rounding error.
        polynomial_gap: likewise of the characteristic polynomials' coefficients.
        points: how many hyperparameter values were compared.
        seed: of the random ones among them.
        witnesses: those that took part, of `symbolic`, `numeric`, `literature` (published) and
            `hand derivation` (typed independently of the interpreters, not published).
        claims: keys of the claims that took part.
    """

    status: str
    reason: str
    matrix_gap: float | None = None
    polynomial_gap: float | None = None
    points: int = 0
    seed: int = 0
    witnesses: tuple[str, ...] = ("symbolic",)
    claims: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data."""
        return {**asdict(self), "witnesses": list(self.witnesses), "claims": list(self.claims)}

    def __str__(self) -> str:
        return doors.shown(self, "text")

    def __repr__(self) -> str:
        return f"<Verification: {self}>"
