"""Roots of polynomials without radicals."""

from sympy import CRootOf as ComplexRootOf

__all__ = ["ComplexRootOf"]
