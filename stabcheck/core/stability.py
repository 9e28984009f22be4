"""Where the eigenvalues of a stable operator lie: left of a line for a flow, inside a circle for a map."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb
from typing import Any, ClassVar


class StabilityRegion(ABC):
    """An open region that is its own mirror image in the real axis; its boundary is a circle or a line.

    Attributes:
        still: the eigenvalue of a direction in which nothing moves.
        rate_name: what the rate of an operator is called: `spectral radius` or `spectral abscissa`.
    """

    still: ClassVar[int]
    rate_name: ClassVar[str]

    @property
    @abstractmethod
    def boundary(self) -> str:
        """What the boundary is called."""

    @property
    @abstractmethod
    def inside(self) -> str:
        """Where an eigenvalue lies that decays."""

    @property
    def edge(self) -> str:
        """Where an eigenvalue lies that does neither."""
        return f"on the {self.boundary}"

    @property
    @abstractmethod
    def outside(self) -> str:
        """Where an eigenvalue lies that grows."""

    @property
    @abstractmethod
    def level(self) -> Fraction:
        """The size of every eigenvalue on the boundary."""

    @abstractmethod
    def size(self, z: Any) -> Any:
        """What counts of an eigenvalue: its modulus or its real part; of balls and arrays as well."""

    @abstractmethod
    def margin(self, z: Any) -> Any:
        """How far outside an eigenvalue lies; negative inside."""

    @abstractmethod
    def image(self, z: Any) -> Any:
        """The mirror image in the boundary."""

    @abstractmethod
    def reflected(self, coefficients: Sequence[Any]) -> list[Any]:
        """The polynomial whose roots are the mirror images of another one's, real and leading first."""

    @abstractmethod
    def to_half_plane(self, coefficients: Sequence[Any]) -> list[Any]:
        """A polynomial whose roots have negative real part where the roots of another one lie inside.

        Args:
            coefficients: leading first, in any commutative ring.

        Returns:
            the coefficients, leading first; the first is zero iff a root is carried to infinity,
            which lies on the boundary.
        """


@dataclass(frozen=True)
class HalfPlane(StabilityRegion):
    """`Re z < shift`.

    Attributes:
        shift: 0 for stability; below 0 for errors that decay at least like `exp(shift t)`.
    """

    shift: Fraction = Fraction(0)

    still: ClassVar[int] = 0
    rate_name: ClassVar[str] = "spectral abscissa"

    @property
    def boundary(self) -> str:
        return "imaginary axis" if not self.shift else f"line Re z = {self.shift}"

    @property
    def inside(self) -> str:
        return f"left of the {self.boundary}"

    @property
    def outside(self) -> str:
        return f"right of the {self.boundary}"

    @property
    def level(self) -> Fraction:
        return self.shift

    def size(self, z: Any) -> Any:
        return z.real

    def margin(self, z: Any) -> Any:
        # In integers, which balls and arrays take and keep exact.
        top, bottom = self.shift.as_integer_ratio()
        return (z.real * bottom - top) / bottom if top else z.real

    def image(self, z: Any) -> Any:
        top, bottom = (2 * self.shift).as_integer_ratio()
        return -(z.conjugate() * bottom - top) / bottom if top else -z.conjugate()

    def reflected(self, coefficients: Sequence[Any]) -> list[Any]:
        low, high = (2 * self.shift).as_integer_ratio()
        n = len(coefficients) - 1
        turned = _shifted([(-1) ** k * c for k, c in enumerate(coefficients)], -low, high)
        return [c * high ** (n - k) for k, c in enumerate(turned)]

    def to_half_plane(self, coefficients: Sequence[Any]) -> list[Any]:
        return _shifted(coefficients, *self.shift.as_integer_ratio())


@dataclass(frozen=True)
class Disc(StabilityRegion):
    """`|z| < radius`.

    Attributes:
        radius: 1 for stability; below 1 for errors that shrink at least by it per step.
    """

    radius: Fraction = Fraction(1)

    still: ClassVar[int] = 1
    rate_name: ClassVar[str] = "spectral radius"

    @property
    def boundary(self) -> str:
        return "unit circle" if self.radius == 1 else f"circle of radius {self.radius}"

    @property
    def inside(self) -> str:
        return f"inside the {self.boundary}"

    @property
    def outside(self) -> str:
        return f"outside the {self.boundary}"

    @property
    def level(self) -> Fraction:
        return self.radius

    def size(self, z: Any) -> Any:
        return abs(z)

    def margin(self, z: Any) -> Any:
        top, bottom = self.radius.as_integer_ratio()
        return (abs(z) * bottom - top) / bottom if bottom > 1 else abs(z) - top

    def image(self, z: Any) -> Any:
        top, bottom = (self.radius**2).as_integer_ratio()
        return top / (z.conjugate() * bottom)

    def reflected(self, coefficients: Sequence[Any]) -> list[Any]:
        return (
            self._scaled(self._scaled(coefficients))[::-1] if self.radius != 1 else list(coefficients)[::-1]
        )

    def to_half_plane(self, coefficients: Sequence[Any]) -> list[Any]:
        return cayley(self._scaled(coefficients))

    def _scaled(self, coefficients: Sequence[Any]) -> list[Any]:
        """`p(radius z)` times a positive number."""
        top, bottom = self.radius.as_integer_ratio()
        n = len(coefficients) - 1
        return [c * top ** (n - k) * bottom**k for k, c in enumerate(coefficients)]


HALF_PLANE, DISC = HalfPlane(), Disc()
"""The regions of stability itself: of flows, and of maps."""


def cayley(coefficients: Sequence[Any]) -> list[Any]:
    """`(1 - s)^n p((1 + s)/(1 - s))`: carries the unit disc to the left half-plane.

    Args:
        coefficients: of `p`, leading first, in any commutative ring.

    Returns:
        the coefficients in `s`, leading first; the first is zero iff -1 is a root of `p`.
    """
    n = len(coefficients) - 1
    total = [coefficients[0] * 0] * (n + 1)
    for k, c in enumerate(coefficients):
        for power, binomial in enumerate(_product(n - k, k)):
            total[power] = total[power] + c * binomial
    return total[::-1]


def _product(plus: int, minus: int) -> list[int]:
    """The coefficients of `(1 + s)^plus (1 - s)^minus`, constant first."""
    row = [1]
    for sign in [1] * plus + [-1] * minus:
        row = [a + sign * b for a, b in zip([*row, 0], [0, *row], strict=True)]
    return row


def _shifted(coefficients: Sequence[Any], top: int, bottom: int) -> list[Any]:
    """`bottom^n p((w + top)/bottom)`: the roots are `bottom z - top`; leading first."""
    scaled = [c * bottom**k for k, c in enumerate(coefficients)]
    return list(moved(scaled, top)) if top else scaled


def moved(coefficients: Sequence[Any], at: Any) -> Iterator[Any]:
    """`p(w + at)`, leading first, with an `at` from the ring of the coefficients, or a whole number."""
    n = len(coefficients) - 1
    for power in range(n, -1, -1):
        terms = (coefficients[n - k] * (comb(k, power) * at ** (k - power)) for k in range(power, n + 1))
        total = coefficients[0] * 0
        for term in terms:
            total = total + term
        yield total
