"""Symplectic gradient adjustment, around any method."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stabcheck.core.hyper import POSITIVE, hyper
from stabcheck.core.oracle import Oracle, Redirected, Scalar, Vector
from stabcheck.declare.methods.method import Adjuster, Operator
from stabcheck.declare.methods.simgd import SimGD

SOURCE = "Balduzzi et al. 2018, arXiv:1802.05642"


def twist(o: Oracle, x: Vector, v: Vector) -> Vector:
    """`-A^T xi` with `xi = -v` and `A` the antisymmetric part of `xi'`: `(v' - v'^T) v/2`."""
    return (o.jvp(x, v) - o.vjp(x, v)) / 2


@dataclass(frozen=True)
class SGA(Adjuster):
    """The inner method on the field `v - lam A^T xi`, where `xi = -v`, `A = (xi' - xi'^T)/2`.

    Args:
        lam: strength of the adjustment.
        inner: the method, or the flow, that follows the adjusted field.

    Source: Balduzzi et al. 2018.
    """

    lam: Scalar = hyper("lam")
    inner: Operator = SimGD()

    name: ClassVar[str] = "sga"
    formula: ClassVar[str] = "inner method on v + lam/2 (v' - v'^T) v"
    source: ClassVar[str] = SOURCE

    def adjusted(self, o: Oracle) -> Oracle:
        def direction(x: Vector) -> Vector:
            v = o.v(x)
            return v + self.lam * twist(o, x, v)

        return Redirected(o, self.name, direction)


@dataclass(frozen=True)
class AlignedSGA(Adjuster):
    """As `sga`, with `lam` times the sign of `<xi, g> <A^T xi, g>/n + epsilon`.

    Here `g = xi'^T xi` is the gradient of `|xi|^2/2` and `n` the number of coordinates. The
    adjustment points towards stable rest points and away from unstable ones; at rest itself
    both products vanish, so that only a positive `epsilon` gives the sign a value there.

    Args:
        lam: strength of the adjustment.
        epsilon: tilts the sign where the products nearly vanish, > 0.
        inner: the method, or the flow, that follows the adjusted field.

    Source: Balduzzi et al. 2018.
    """

    lam: Scalar = hyper("lam")
    epsilon: Scalar = hyper("tilt", domain=POSITIVE, help="tilt of the sign where it is nearly undecided")
    inner: Operator = SimGD()

    name: ClassVar[str] = "sga-aligned"
    formula: ClassVar[str] = "as sga, lam times the sign of <xi, g> <A^T xi, g>/n + tilt, g = xi'^T xi"
    source: ClassVar[str] = SOURCE

    def adjusted(self, o: Oracle) -> Oracle:
        def direction(x: Vector) -> Vector:
            v = o.v(x)
            turn, uphill = twist(o, x, v), o.vjp(x, v)
            aligned = o.dot(v, uphill) * o.dot(turn, uphill) / o.size + self.epsilon
            return v + self.lam * o.sign(aligned) * turn

        return Redirected(o, self.name, direction)
