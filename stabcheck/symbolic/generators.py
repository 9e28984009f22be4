"""Expressions as rational functions of independent pieces, with the equations between these.

`sqrt(t)` becomes `s` with `s^2 = t`, `exp(a + b/2)` the product of powers of `exp(a)` and `exp(b/2)`,
`log(p/q)` the difference of `log |p|` and `log |q|` for irreducible `p` and `q`, `sin(t)` a piece beside
`cos(t)` with `sin^2 + cos^2 = 1`. A numerator that these equations reduce to 0 proves that the
expression is 0 wherever it is defined; one that they do not proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial, reduce
from math import lcm
from typing import TypeGuard

import sympy as sp
from flint import fmpq_poly
from sympy.polys.polyerrors import BasePolynomialError
from sympy.polys.rootoftools import ComplexRootOf

from stabcheck.core.errors import Undecidable
from stabcheck.symbolic.algebraic import at, inverse, to_fmpq
from stabcheck.symbolic.coordinates import reduced
from stabcheck.symbolic.factoring import factor_list
from stabcheck.symbolic.length import terms
from stabcheck.symbolic.quotients import Quotients, exponent, generators, is_root
from stabcheck.symbolic.trigonometry import SQUARES

MOST_OPERATIONS = 20_000
"""Longer expressions are not reduced."""
HYPERBOLIC = (sp.sinh, sp.cosh, sp.tanh)
MOST_WRITTEN = 1_000
"""Quotients with more terms are not written out."""
MOST_EXPANDED = 5_000
"""SymPy is slow to expand what has more terms."""
LARGEST_PRIME = 10**4
"""Up to here logarithms of whole numbers are split into those of primes."""


def plain(expression: sp.Expr) -> sp.Expr:
    """The expression expanded; one with denominators that depend on something over one of them.

    Expanded term by term, a sum in a denominator under a sum in a numerator would be copied as often.
    What holds between the coordinates of a point is made use of.
    """
    fraction = over_one(expression)
    return reduced(expression) if fraction is None else fraction


def over_one(expression: sp.Expr) -> sp.Expr | None:
    """As `plain`; `None` where that is too long, or divides by 0."""
    try:
        return reduced(_expanded(expression))
    except (Undecidable, ZeroDivisionError):
        return None


def _expanded(expression: sp.Expr) -> sp.Expr:
    divided = any(p.exp.is_negative and not p.base.is_Rational for p in expression.atoms(sp.Pow))
    if not divided and not expression.has(*SQUARES) and terms(expression) <= MOST_EXPANDED:
        return sp.expand(expression)
    quotients = Quotients(expression)
    quotient = quotients.of(expression)
    if sum(map(len, quotient)) > MOST_WRITTEN:
        raise Undecidable("too long to write over one denominator")
    top, bottom = map(quotients.expression, quotient)
    pieces = generators(bottom)
    if len(pieces) == 1 and _is_algebraic(root := pieces[0]):
        return sp.expand(top * _inverse(bottom, root))
    return top / bottom


def _is_algebraic(piece: sp.Expr) -> TypeGuard[ComplexRootOf | sp.Pow]:
    return isinstance(piece, ComplexRootOf) or (is_root(piece) and piece.base.is_Rational)


def _inverse(number: sp.Expr, root: ComplexRootOf | sp.Pow) -> sp.Expr:
    """`1/p(r)` as a polynomial in an algebraic number `r`: an isolated root, or one of a number."""
    t = sp.Dummy()
    written: dict[sp.Expr, sp.Expr] = {root: t}
    if isinstance(root, ComplexRootOf):
        equation = root.poly.as_expr(t)
    else:
        q = exponent(root).q
        written |= {p: t ** int(p.exp * q) for p in number.atoms(sp.Pow) if is_root(p)}
        equation = t**q - root.base
    rising = reversed(sp.Poly(number.xreplace(written), t, domain="QQ").all_coeffs())
    modulus = reversed(sp.Poly(equation, t).all_coeffs())
    return at(inverse(_rational(rising), _rational(modulus)), root)


def _rational(rising: Iterable[sp.Rational]) -> fmpq_poly:
    return fmpq_poly(list(map(to_fmpq, rising)))


def reduces_to_zero(expression: sp.Expr) -> bool:
    """Whether the numerator is 0 by the equations between the pieces; `False` proves nothing."""
    expression = plain(_with_equal_arguments(expression))
    if expression == 0 or sp.count_ops(expression) > MOST_OPERATIONS:
        return expression == 0
    pieces = Pieces.of(expression)
    try:
        return pieces.reduced(pieces.rational(expression)) == 0
    except (BasePolynomialError, Undecidable, ZeroDivisionError):
        return False


def _with_equal_arguments(expression: sp.Expr) -> sp.Expr:
    """The same with each argument of a function, or of a root, over one denominator.

    Equal ones are then the same.
    """
    inside = {f for f in expression.atoms(sp.Function) if type(f) in RULES}
    inside |= {p for p in expression.atoms(sp.Pow) if is_root(p)}
    return expression.xreplace({f: f.func(plain(f.args[0]), *f.args[1:]) for f in inside})


@dataclass(frozen=True)
class Pieces:
    """The independent pieces met so far.

    Attributes:
        below: what exponents are written over, so that no two of their terms have a rational ratio unseen.
        share: exponents are split into whole multiples of this part of each term.
        letters: the symbol that stands for each piece.
        equations: for some of these symbols, in the order made, a polynomial that vanishes there.
    """

    below: sp.Expr
    share: sp.Rational
    letters: dict[sp.Basic, sp.Dummy] = field(default_factory=dict)
    equations: list[tuple[sp.Dummy, sp.Expr]] = field(default_factory=list)

    @classmethod
    def of(cls, expression: sp.Expr) -> Pieces:
        """Pieces fit for an expression."""
        exponents = [e.exp for e in expression.atoms(sp.exp)]
        exponents += [e.args[0] for e in expression.atoms(*HYPERBOLIC)]
        below = _shared_denominator(exponents)
        denominators = (int(c.q) for exponent in exponents for c, _ in _terms(exponent, below))
        return cls(below, sp.Rational(1, lcm(*denominators)))

    def rational(self, e: sp.Expr) -> sp.Expr:
        """The expression as a rational function of symbols."""
        if e.is_Rational or e.is_Symbol:
            return e
        if e.is_Add or e.is_Mul:
            return e.func(*map(self.rational, e.args))
        if isinstance(e, sp.Pow) and isinstance(e.exp, sp.Rational):
            return self._power(e.base, e.exp)
        if isinstance(e, ComplexRootOf):
            letter = sp.Dummy()
            return self.related(e, e.poly.as_expr(letter), letter)
        rule = RULES.get(type(e))
        return self.letter(e) if rule is None else rule(self, *e.args)

    def letter(self, piece: sp.Basic) -> sp.Dummy:
        """The symbol of a piece."""
        return self.letters.setdefault(piece, sp.Dummy())

    def related(self, piece: sp.Basic, equation: sp.Expr, letter: sp.Dummy) -> sp.Dummy:
        """The symbol of a piece of which an equation in `letter` holds."""
        if piece not in self.letters:
            self.letters[piece] = sp.Dummy()
            self.equations.append((self.letters[piece], equation.xreplace({letter: self.letters[piece]})))
        return self.letters[piece]

    def reduced(self, rational: sp.Expr) -> sp.Expr:
        """The numerator, with each equation used, the last first."""
        if rational.is_Rational:
            return rational
        quotients = Quotients(rational, *(e for _, e in self.equations))
        numerator = quotients.of(rational).top
        for letter, equation in reversed(self.equations):
            numerator = quotients.remainder(numerator, quotients.of(equation).top, letter)
        return quotients.expression(numerator)

    def _power(self, base: sp.Expr, exponent: sp.Rational) -> sp.Expr:
        inside = self.rational(base)
        return inside**exponent if exponent.is_Integer else self._root(inside, int(exponent.q)) ** exponent.p

    def _root(self, inside: sp.Expr, q: int) -> sp.Expr:
        """`(t/b)^(1/q)` as `(t b^(q-1))^(1/q)/b`, a product of roots of the factors that are positive.

        Roots of numbers are products of roots of primes: so that equal ones share their letters.
        """
        top, bottom = self._lowest(inside)
        if not self._is_positive(bottom):
            return self._letter_of_root(top / bottom, top, bottom, q)
        content, factors = factor_list(sp.expand(top * bottom ** (q - 1)))
        assert isinstance(content, sp.Rational)
        outside, left = self._root_of_number(abs(content), q) / bottom, sp.sign(content)
        for factor, k in factors:
            if self._is_positive(factor):
                outside *= self._power_of_root(factor, k, q)
            else:
                left *= factor**k
        left = sp.expand(left)
        return outside if left == 1 else outside * self._letter_of_root(left, left, sp.S.One, q)

    def _letter_of_root(self, piece: sp.Expr, top: sp.Expr, bottom: sp.Expr, q: int) -> sp.Dummy:
        letter = sp.Dummy()
        return self.related(sp.Tuple(piece, q), sp.expand(bottom * letter**q - top), letter)

    def _root_of_number(self, number: sp.Rational, q: int) -> sp.Expr:
        primes = sp.factorrat(number, limit=LARGEST_PRIME).items()
        return sp.Mul(*(self._power_of_root(sp.Integer(p), k, q) for p, k in primes))

    def _power_of_root(self, t: sp.Expr, k: int, q: int) -> sp.Expr:
        """`t^(k/q)`."""
        whole, broken = divmod(k, q)
        return t**whole * (self._letter_of_root(t, t, sp.S.One, q) ** broken if broken else 1)

    def _lowest(self, inside: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
        quotients = Quotients(inside)
        top, bottom = map(quotients.expression, quotients.of(inside))
        return self.reduced(top), bottom

    def _is_positive(self, polynomial: sp.Expr) -> bool:
        """Whether the signs of the terms prove that a polynomial is positive."""
        meant = {letter: piece for piece, letter in self.letters.items()}
        signs = {
            letter: sp.Dummy(positive=_is_positive(meant[letter]), real=True)
            for letter in polynomial.atoms(sp.Dummy) & meant.keys()
        }
        return bool(polynomial.xreplace(signs).is_positive)

    def _exp(self, exponent: sp.Expr) -> sp.Expr:
        """A power of `exp(share term)` for each term of the exponent."""
        powers = (
            self.letter(sp.exp(term * self.share, evaluate=False)) ** (c / self.share)
            for c, term in _terms(exponent, self.below)
        )
        return sp.Mul(*powers)

    def _log(self, t: sp.Expr) -> sp.Expr:
        """`sum k log |p|` over the irreducible factors `p^k` of numerator and denominator."""
        total = sp.S.Zero
        for part, sign in zip(sp.fraction(sp.cancel(self.rational(t))), (1, -1), strict=True):
            content, factors = sp.factor_list(part)
            total += sign * self._log_number(abs(content))
            total += sign * sum(k * self._log_factor(p) for p, k in factors)
        return total

    def _log_factor(self, p: sp.Expr) -> sp.Expr:
        meant: dict[sp.Expr, sp.exp] = {
            letter: piece for piece, letter in self.letters.items() if isinstance(piece, sp.exp)
        }
        if p in meant:
            return self.rational(meant[p].exp)
        positive = -p if p.could_extract_minus_sign() else p
        return self.letter(sp.log(positive, evaluate=False))

    def _log_number(self, q: sp.Rational) -> sp.Expr:
        logarithms = (
            k * self.letter(sp.log(p, evaluate=False))
            for p, k in sp.factorrat(q, limit=LARGEST_PRIME).items()
        )
        return sp.Add(*logarithms)

    def _hyperbolic(self, t: sp.Expr, function: type) -> sp.Expr:
        return self.rational(function(t).rewrite(sp.exp))

    def _sin(self, t: sp.Expr) -> sp.Expr:
        return self._of_sum(sp.sin, t)

    def _cos(self, t: sp.Expr) -> sp.Expr:
        return self._of_sum(sp.cos, t)

    def _of_sum(self, function: type, t: sp.Expr) -> sp.Expr:
        apart = sp.expand(function(t), trig=True)
        if apart != function(t):
            return self.rational(apart)
        cosine = self.letter(sp.cos(t))
        sine = sp.Dummy()
        related = self.related(sp.sin(t), sine**2 + cosine**2 - 1, sine)
        return related if function is sp.sin else cosine

    def _tan(self, t: sp.Expr) -> sp.Expr:
        return self._sin(t) / self._cos(t)

    def _abs(self, t: sp.Expr) -> sp.Expr:
        root = sp.Dummy()
        return self.related(sp.Abs(t), root**2 - self.rational(t) ** 2, root)


RULES = {
    sp.exp: Pieces._exp,
    sp.log: Pieces._log,
    **{f: partial(Pieces._hyperbolic, function=f) for f in HYPERBOLIC},
    sp.sin: Pieces._sin,
    sp.cos: Pieces._cos,
    sp.tan: Pieces._tan,
    sp.Abs: Pieces._abs,
    type(sp.E): lambda pieces: pieces._exp(sp.S.One),
}


def _is_positive(piece: sp.Basic) -> bool | None:
    """Whether what a letter stands for is positive; a pair of a radicand and a degree stands for a root."""
    if isinstance(piece, sp.Tuple | sp.exp):
        return True
    return piece.is_positive if isinstance(piece, sp.Expr) else None


def _terms(exponent: sp.Expr, below: sp.Expr) -> Iterator[tuple[sp.Rational, sp.Expr]]:
    """Each term of an exponent over a denominator as a rational number times the rest of it."""
    for term in sp.Add.make_args(sp.expand(plain(exponent * below))):
        c, factor = term.as_coeff_Mul(rational=True)
        yield c, factor / below


def _shared_denominator(expressions: Sequence[sp.Expr]) -> sp.Expr:
    """A product of which the denominators of all the expressions are divisors; 1 where it is too long."""
    quotients = Quotients(*expressions)
    try:
        bottoms = [quotients.of(e).bottom for e in expressions]
    except (Undecidable, ZeroDivisionError):
        return sp.S.One
    below = reduce(lambda a, b: divmod(a * b, a.gcd(b))[0], bottoms, quotients.one)
    return quotients.expression(below).primitive()[1]
