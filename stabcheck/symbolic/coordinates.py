"""Numbers that are coordinates of one point, which knows what holds between them.

A rest point is seldom known by formulas. It is known by the equations that it solves, and by balls
of any width around it: with both, whether an expression in its coordinates is 0 can be decided.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import lru_cache
from typing import Any

import flint
import sympy as sp
from flint import acb, acb_mat, arb
from sympy.polys.matrices import DomainMatrix
from sympy.polys.polyerrors import BasePolynomialError

from stabcheck.core.errors import Undecidable
from stabcheck.symbolic.balls import enclose, to_float

LEAST_BITS, BITS = 53, 128


class Place(ABC):
    """A point whose coordinates are not written out.

    Attributes:
        key: tells it from every other one.
        names: of the coordinates.
    """

    key: str
    names: tuple[str, ...]

    @abstractmethod
    def ball(self, index: int) -> arb:
        """An enclosure of a coordinate, at the precision in force."""

    @abstractmethod
    def text(self, index: int) -> str:
        """A coordinate, as exactly as a line allows."""

    def root(self, index: int) -> sp.Expr | None:
        """A coordinate as a root of a polynomial, where it is known as one."""
        del index
        return None

    def meaning(self, index: int) -> str:
        """How a number that is no coordinate follows from these; empty for a coordinate."""
        del index
        return ""

    @abstractmethod
    def canonical(self, number: sp.Expr) -> sp.Expr:
        """An expression without other symbols, rational where it proves to be."""

    def reduced(self, expression: sp.Expr) -> sp.Expr:
        """The same with such numbers as coefficients of the symbols; without terms that vanish."""
        if not expression.free_symbols:
            return self.canonical(expression)
        top, bottom = sp.fraction(sp.together(expression))
        gens = sorted(top.free_symbols, key=str)
        try:
            terms = sp.Poly(top, *gens).terms() if gens else [((), top)]
        except BasePolynomialError:
            return expression
        canonical_terms = [(m, c, self.canonical(c)) for m, c in terms]
        if all(c == same for _, c, same in canonical_terms):
            return expression
        products = (c * sp.prod(s**p for s, p in zip(gens, m, strict=True)) for m, _, c in canonical_terms)
        return sp.expand(sp.Add(*products)) / (bottom if bottom.free_symbols else self.canonical(bottom))


class Coordinate(sp.AtomicExpr):
    """One coordinate of a `Place`, a real number.

    Args:
        place: the point.
        index: which of its coordinates.
    """

    is_number = True
    is_real = True
    is_extended_real = True
    # To SymPy's domains it is a generator: what is algebraic they would compute with as expressions.
    is_algebraic = None
    __slots__ = ("index", "place")

    def __new__(cls, place: Place, index: int) -> Coordinate:
        made = super().__new__(cls)
        made.place, made.index = place, index
        return made

    def __getnewargs__(self) -> tuple[Place, int]:
        return self.place, self.index

    def _hashable_content(self) -> tuple[str, str]:
        return self.place.key, self.name

    @property
    def name(self) -> str:
        """What it is called in formulas."""
        return f"{self.place.names[self.index]}_rest"

    @property
    def text(self) -> str:
        """The number, as exactly as a line allows."""
        return self.place.text(self.index)

    @property
    def root(self) -> sp.Expr | None:
        """The number as a root of a polynomial, where it is known as one."""
        return self.place.root(self.index)

    @property
    def meaning(self) -> str:
        """How it follows from the coordinates; empty for one of these."""
        return self.place.meaning(self.index)

    def enclosure(self) -> acb:
        """A ball that certainly holds it."""
        return acb(self.place.ball(self.index))

    def _eval_is_positive(self) -> bool | None:
        return self._beyond(1)

    def _eval_is_negative(self) -> bool | None:
        return self._beyond(-1)

    def _eval_is_zero(self) -> bool | None:
        return None if self.place.ball(self.index).contains(0) else False

    def _beyond(self, sign: int) -> bool | None:
        ball = sign * self.place.ball(self.index)
        return True if ball > 0 else False if ball < 0 else None

    def _eval_evalf(self, prec: int) -> sp.Float:
        with flint.ctx.workprec(max(prec, LEAST_BITS) + 16):
            return to_float(self.place.ball(self.index), prec)

    def _eval_conjugate(self) -> Coordinate:
        return self

    def _sympystr(self, printer: Any) -> str:
        del printer
        return self.name

    def _terminalstr(self, printer: Any) -> str:
        del printer
        return self.name

    def _latex(self, printer: Any) -> str:
        plain = printer._print(sp.Symbol(self.place.names[self.index]))
        return f"\\bar{{{plain}}}"


@lru_cache(maxsize=512)
def reduced(expression: sp.Expr) -> sp.Expr:
    """The same expression, with what holds between coordinates of points made use of."""
    for place in {atom.place.key: atom.place for atom in expression.atoms(Coordinate)}.values():
        expression = place.reduced(expression)
    return expression


def certainly_regular(matrix: DomainMatrix) -> bool:
    """Whether balls prove that a matrix has a determinant other than 0, at one value of its symbols.

    `False` says nothing. Elimination would take coordinates of a point for unknowns, and long with roots.
    """
    entries = matrix.to_Matrix()
    sample = entries.xreplace({s: _sample(s, k) for k, s in enumerate(sorted(entries.free_symbols, key=str))})
    try:
        with flint.ctx.workprec(BITS):
            balls = [[enclose(e) for e in sample.row(k)] for k in range(sample.rows)]
            return not acb_mat(balls).det().contains(0)
    except (Undecidable, ZeroDivisionError):
        return False


def _sample(s: sp.Symbol, k: int) -> sp.Rational:
    """A number below 1, a different one for each symbol."""
    return sp.Rational(-1 if s.is_negative else 1, k + 2) + sp.Rational(1, 97)
