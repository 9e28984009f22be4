"""Matrices and characteristic polynomials in units of their own rounding error."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import sympy as sp
from flint import fmpq, fmpq_mat

from stabcheck.numeric.update import EPS

TOLERANCE = 512
"""The largest gap that still counts as rounding, in units of rounding error."""


class NumericJacobian(NamedTuple):
    """The numeric Jacobian at one point, and at values that differ in their last digits.

    The difference is the rounding error that the step itself magnifies.
    """

    jacobian: np.ndarray
    nudged: np.ndarray


def matrix_distance(exact: sp.Matrix, numbers: NumericJacobian) -> float:
    """`max |a - b|` in units of the rounding error of the largest entry, or of 1.

    Where the last digits of the hyperparameters change the matrix by more, in units of that.
    """
    a = np.array(exact.evalf(30).tolist(), dtype=float)
    size = max(EPS * max(1.0, np.abs(a).max()), np.abs(numbers.jacobian - numbers.nudged).max())
    return float(np.abs(a - numbers.jacobian).max() / size)


def unit(numbers: NumericJacobian) -> float:
    """The rounding error of a matrix that was computed, likewise."""
    size = np.abs(numbers.jacobian).max(initial=1.0)
    return float(max(EPS * size, np.abs(numbers.jacobian - numbers.nudged).max(initial=0.0)))


def polynomial_distance(
    coefficients: Sequence[float], numbers: NumericJacobian, radii: Sequence[float] | float = 0.0
) -> float:
    """How far a matrix is from having this characteristic polynomial, in units of rounding.

    The polynomial of the float matrix is computed exactly. One rounding of every entry changes
    the coefficient of `z^(n-k)` by about the k-th elementary symmetric function of the row sums
    of `|matrix|` at most; the last digits of the hyperparameters may change it by more.

    Args:
        coefficients: leading first.
        numbers: the matrix, `(n, n)`.
        radii: by how much each coefficient may differ from what is known of it.
    """
    computed = characteristic(numbers.jacobian)
    scale = np.poly(-np.abs(numbers.jacobian).sum(axis=1))
    size = np.maximum(EPS * np.maximum(scale, 1.0), np.abs(computed - characteristic(numbers.nudged)))
    outside = np.maximum(np.abs(computed - coefficients) - radii, 0.0)
    return float((outside / size).max())


def characteristic(matrix: np.ndarray) -> np.ndarray:
    """The exact characteristic polynomial of a matrix of floats, leading coefficient first."""
    n = len(matrix)
    entries = [Fraction(float(entry)) for entry in matrix.ravel()]
    exact = fmpq_mat(n, n, [fmpq(q.numerator, q.denominator) for q in entries]).charpoly()
    return np.array([float(Fraction(int(c.p), int(c.q))) for c in reversed(exact.coeffs())])
