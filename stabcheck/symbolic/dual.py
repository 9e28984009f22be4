"""Vectors that depend on the state to first order, and the questions that they can answer.

A vector is a `Dual`: its value at rest and its differential with respect to the state. `Affine`
is what an `Oracle` over them needs no game for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import prod
from typing import Any

import sympy as sp
from sympy.polys.constructor import construct_domain
from sympy.polys.domains import Domain
from sympy.polys.matrices import DomainMatrix

from stabcheck.core.errors import NotApplicable, NotSmooth, Undecidable
from stabcheck.core.oracle import Oracle, leaves, shaped
from stabcheck.symbolic import reading
from stabcheck.symbolic.quotients import exponent, generators, is_root

MOST_TERMS = 16
MOST_DEGREE = 8
"""Fields of numbers of a higher degree are not computed in."""
MOST_SHORT = 4
"""Polynomials with more terms in what is no symbol count as one letter."""


@dataclass(frozen=True, eq=False)
class Dual:
    """`value + tangent ds`: a vector that depends on the state `s`, to first order at rest.

    Attributes:
        value: `n x 1`.
        tangent: `n x m`; a missing column is a zero one, so that vectors of an inner and an
            outer state add up.
    """

    value: DomainMatrix
    tangent: DomainMatrix

    def __post_init__(self) -> None:
        # Both over one domain: a solve may have put one of them into a larger one.
        if self.value.domain != self.tangent.domain:
            value, tangent = self.value.unify(self.tangent)
            object.__setattr__(self, "value", value)
            object.__setattr__(self, "tangent", tangent)

    # numpy must not take a Dual apart when a number of its own stands on the left.
    __array_ufunc__ = None

    def __add__(self, other: Any) -> Dual:
        if not isinstance(other, Dual):
            return self + self.constant(other)
        a, b = _unified(self, other)
        width = max(a.tangent.shape[1], b.tangent.shape[1])
        return Dual(a.value + b.value, widened(a.tangent, width) + widened(b.tangent, width))

    def __radd__(self, other: Any) -> Dual:
        return self + other

    def constant(self, number: Any) -> Dual:
        """The vector of the same length with this number for each entry."""
        domain, (element,) = construct_domain([reading.number(number)], field=False)
        n = self.value.shape[0]
        column = DomainMatrix.from_list_flat([element] * n, (n, 1), domain).to_sparse()
        return Dual(column, zeros(n, 0, domain))

    def __neg__(self) -> Dual:
        return Dual(-self.value, -self.tangent)

    def __sub__(self, other: Dual) -> Dual:
        return self + -other

    def __mul__(self, other: Any) -> Dual:
        if isinstance(other, Dual):
            a, b = _unified(self, other)
            return _entrywise(a.value, b) + _entrywise(b.value, a, tangent_only=True)
        number = reading.number(other)
        domain = self.value.domain.unify(construct_domain(number, field=False)[0])
        a, factor = self.over(domain), domain.from_sympy(number)
        return Dual(a.value * factor, a.tangent * factor)

    def __rmul__(self, other: Any) -> Dual:
        return self * other

    def __truediv__(self, other: Any) -> Dual:
        if isinstance(other, Dual):
            return self * other.reciprocal()
        return self * (1 / reading.number(other))

    def reciprocal(self) -> Dual:
        """`1/u`, entrywise."""
        u = self.over(self.value.domain.get_field())
        inverse = u.value.applyfunc(lambda e: u.value.domain.one / e)
        return Dual(inverse, -(_diagonal(inverse) * (_diagonal(inverse) * u.tangent)))

    def over(self, domain: Domain) -> Dual:
        """The same vector with entries in a larger domain."""
        if self.value.domain == domain:
            return self
        return Dual(self.value.convert_to(domain), self.tangent.convert_to(domain))


def _tangent_only(u: Dual) -> Dual:
    return Dual(u.value - u.value, u.tangent)


def _unified(a: Dual, b: Dual) -> tuple[Dual, Dual]:
    domain = a.value.domain.unify(b.value.domain)
    return a.over(domain), b.over(domain)


def _entrywise(weights: DomainMatrix, u: Dual, *, tangent_only: bool = False) -> Dual:
    """`diag(weights) u`; of `u` only the differential on demand, as the product rule needs it."""
    scale = _diagonal(weights)
    value = scale * u.value
    return Dual(value - value if tangent_only else value, scale * u.tangent)


def _diagonal(weights: DomainMatrix) -> DomainMatrix:
    entries = weights.to_list_flat()
    return DomainMatrix.diag(entries, weights.domain).to_sparse()


def widened(matrix: DomainMatrix, width: int) -> DomainMatrix:
    """The matrix with zero columns added on the right up to `width`."""
    rows, columns = matrix.shape
    return matrix.hstack(zeros(rows, width - columns, matrix.domain))


def zeros(rows: int, columns: int, domain: Domain) -> DomainMatrix:
    """A sparse zero matrix."""
    return DomainMatrix.zeros((rows, columns), domain).to_sparse()


def eye(n: int, domain: Domain) -> DomainMatrix:
    """A sparse identity."""
    return DomainMatrix.eye(n, domain).to_sparse()


def masked(owner: Sequence[int], i: int, u: Dual) -> Dual:
    """`u` with zero for every coordinate that player `i` does not own."""
    domain = u.value.domain
    mask = DomainMatrix.diag([domain.one if p == i else domain.zero for p in owner], domain).to_sparse()
    return Dual(mask * u.value, mask * u.tangent)


class Affine(Oracle):
    """The part of an oracle that is linear algebra, the same for every game.

    Attributes:
        domain: a ring that holds the entries of the game and of the method.
    """

    domain: Domain

    def solve(self, op: Callable[[Dual], Dual], b: Dual) -> Dual:
        matrix = self._matrix(op)
        solution = Dual(_solved(matrix, b.value), _solved(matrix, b.tangent))
        if not solution.value.is_zero_matrix:
            # Where the solution does not vanish at rest, the differential of op matters, too: a
            # game that does not have it refuses here.
            op(Dual(solution.value, zeros(self.size, 0, self.domain)))
        return solution

    def root(self, fn: Callable[[Dual], Dual], x: Dual) -> Dual:
        # Here fn is affine, and one Newton step from anywhere ends at its root.
        residual = fn(x)
        still = Dual(x.value, zeros(*x.tangent.shape, self.domain))
        matrix = self._matrix(lambda u: fn(still + u) - fn(still))
        return x - Dual(_solved(matrix, residual.value), _solved(matrix, residual.tangent))

    def _matrix(self, op: Callable[[Dual], Dual]) -> DomainMatrix:
        """The matrix of a linear `op`, from its effect on the basis."""
        n = self.size
        return op(Dual(zeros(n, 1, self.domain), eye(n, self.domain))).tangent[:, :n]

    def sqrt(self, u: Dual) -> Dual:
        entries = [u.value.domain.to_sympy(e) for e in u.value.to_list_flat()]
        if not all(e.is_positive for e in entries):
            raise NotSmooth("the square root is taken of what is not positive at rest")
        domain, roots = construct_domain([sp.sqrt(e) for e in entries], field=True, extension=True)
        value = DomainMatrix.from_list_flat(roots, u.value.shape, domain).to_sparse()
        half = Dual(value, zeros(len(roots), 0, domain)).reciprocal() / 2
        return Dual(value, zeros(len(roots), 0, domain)) + _entrywise(half.value, _tangent_only(u))

    def dot(self, u: Dual, w: Dual) -> Dual:
        product = u * w
        row = DomainMatrix.ones((1, self.size), product.value.domain).to_sparse()
        return Dual(row * product.value, row * product.tangent)

    def sign(self, t: Dual) -> sp.Expr:
        (value,) = t.value.to_list_flat()
        sign = sp.sign(t.value.domain.to_sympy(value))
        if sign not in (1, -1):
            raise NotSmooth("a sign is taken of what vanishes at rest")
        return sign

    def repeat(self, n: int, fn: Callable[[Any], Any], state: Any) -> Any:
        """`fn` `n` times, by the power of its affine matrix.

        The state is given fresh directions of its own beside those `m` on which it and
        everything that `fn` refers to already depend.
        """
        start = joined(state)
        size, m = start.tangent.shape
        if m == 0:
            return _until_still(n, fn, state)
        own = zeros(size, m, self.domain).hstack(eye(size, self.domain))
        image = joined(fn(split(Dual(start.value, own), state)))
        start = start.over(image.value.domain)
        outer, inner = image.tangent[:, :m], image.tangent[:, m:]
        moved = inner.hstack(outer, image.value - inner * start.value)
        kept = zeros(m + 1, size, moved.domain).hstack(eye(m + 1, moved.domain))
        power = _power(moved.vstack(kept), n)
        inner, outer, drift = power[:size, :size], power[:size, size : size + m], power[:size, -1:]
        return split(Dual(inner * start.value + drift, inner * start.tangent + outer), state)


def _until_still(n: int, fn: Callable[[Any], Any], state: Any) -> Any:
    """`fn` `n` times on what does not depend on the state; a fixed point needs one time."""
    for _ in range(n):
        before, state = state, fn(state)
        a, b = _unified(joined(before), joined(state))
        if a.value == b.value:
            break
    return state


def joined(state: Any) -> Dual:
    """The vectors of a state stacked into one."""
    blocks = leaves(state)
    width = max(b.tangent.shape[1] for b in blocks)
    value, *values = blocks[0].value.unify(*(b.value for b in blocks[1:]))
    tangent, *tangents = blocks[0].tangent.unify(*(b.tangent for b in blocks[1:]))
    stacked = widened(tangent, width).vstack(*(widened(t, width) for t in tangents))
    return Dual(value.vstack(*values), stacked)


def split(stacked: Dual, like: Any) -> Any:
    """The inverse of `joined`, in the shape of the state `like`."""
    heights = [block.value.shape[0] for block in leaves(like)]
    ends = list(accumulate(heights))
    rows = zip(ends, heights, strict=True)
    return shaped(like, (_rows(stacked, end - height, end) for end, height in rows))


def _rows(u: Dual, first: int, end: int) -> Dual:
    return Dual(u.value[first:end, :], u.tangent[first:end, :])


def _power(matrix: DomainMatrix, n: int) -> DomainMatrix:
    """`matrix^n` by squaring.

    Raises:
        Undecidable: where the entries grow beyond reading, as sub-steps with symbols do.
    """
    if n == 1:
        return matrix
    half = _power(matrix, n // 2)
    power = half * half * matrix if n % 2 else half * half
    if any(len(domain_terms(e, power.domain)) > MOST_TERMS for e in power.to_dok().values()):
        raise Undecidable("the sub-steps make formulas too long to read; give values for a verdict")
    return power


def domain_terms(element: Any, domain: Domain) -> Any:
    """The terms of a polynomial or of a fraction's numerator; one for a number."""
    if domain.is_FractionField:
        return element.numer.terms()
    return element.terms() if domain.is_Poly else (element,)


def ring(expressions: Sequence[sp.Expr]) -> Domain:
    """A ring that holds the expressions: without division, arithmetic needs no cancelling.

    In symbols and one root, or in numbers of low degree, that is SymPy's own. Elsewhere each expression that
    is no short polynomial is one letter, up to a rational factor, and identities between these come out in
    the results: fractions in many logarithms and roots would take long, and be cancelled in vain.
    """
    numbers = [sp.sympify(e, strict=True) for e in (*expressions, sp.S.Half)]
    pieces = generators(*numbers)
    radicals = [p for p in pieces if is_root(p) and p.base.is_Rational]
    others = [p for p in pieces if p not in radicals]
    if all(p.is_Symbol for p in others) and (len(radicals) < 2 or _is_low(radicals, others)):
        if radicals and others:
            return construct_domain(radicals, field=True, extension=True)[0].frac_field(*others)
        return construct_domain(numbers, field=False, extension=True)[0]
    letters = {e if _is_short(e) else e.as_coeff_Mul()[1] for e in numbers}
    return sp.QQ[_in_order({g for e in letters for g in (generators(e) if _is_short(e) else [e])})]


def _is_low(radicals: Sequence[sp.Pow], others: Sequence[sp.Expr]) -> bool:
    """Whether a field of numbers has a degree in which one computes quickly."""
    return not others and prod(int(exponent(r).q) for r in radicals) <= MOST_DEGREE


def _is_short(e: sp.Expr) -> bool:
    """Whether an expression is a polynomial with few terms in its pieces."""
    powers = e.atoms(sp.Pow)
    # SymPy does not see 2^(3/4) as a power of 2^(1/4).
    whole = all(
        p.exp.is_positive and (p.exp.is_Integer or not isinstance(p.exp, sp.Rational) or p.exp.p == 1)
        for p in powers
    )
    return whole and len(sp.Add.make_args(e)) <= MOST_SHORT


def _in_order(letters: Iterable[sp.Expr]) -> tuple[sp.Expr, ...]:
    return tuple(sorted(letters, key=sp.default_sort_key))


def filled(domain: Domain, entries: Sequence[sp.Expr], rows: int, columns: int) -> DomainMatrix:
    """The matrix of the entries, in row order, over `domain`."""
    elements = [element(domain, sp.sympify(e, strict=True)) for e in entries]
    return DomainMatrix.from_list_flat(elements, (rows, columns), domain).to_sparse()


def element(domain: Domain, e: sp.Expr) -> Any:
    """An expression in a domain of `ring`."""
    content, letter = e.as_coeff_Mul()
    if letter in getattr(domain, "symbols", ()):
        return domain.from_sympy(letter) * domain.from_sympy(content)
    return domain.from_sympy(e)


def _solved(matrix: DomainMatrix, rhs: DomainMatrix) -> DomainMatrix:
    if rhs.shape[1] == 0:
        return rhs
    domain = matrix.domain.unify(rhs.domain).get_field()
    matrix, rhs = matrix.convert_to(domain), rhs.convert_to(domain)
    if matrix.rank() < matrix.shape[0]:
        raise NotApplicable(
            "the equations inside the step are singular at the equilibrium: their solution, such as a best"
            " response, is not isolated there"
        )
    return matrix.lu_solve(rhs).to_sparse()
