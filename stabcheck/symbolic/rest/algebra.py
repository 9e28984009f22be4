"""The algebra of isolated solutions.

The solutions of `v = 0` are the points of the algebra `A = Q[x]/(v)`, of dimension `D` where they
are isolated. Multiplication by a coordinate is a matrix on `A`; its traces give the number of
solutions, a linear form `u` that takes another value at each of them, and every coordinate as a
rational function of `u` (Rouillier 1999, "Solving zero-dimensional systems through the rational
univariate representation"). A solution is real iff its value of `u` is. Multiple solutions need no
care of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from typing import TypeVar

from flint import fmpq, fmpq_mat, fmpq_poly, fmpz_poly

from stabcheck.core.errors import Undecidable
from stabcheck.symbolic.algebraic import inverse
from stabcheck.symbolic.rest.component import Component, minimal_polynomial
from stabcheck.symbolic.rest.ideal import Ideal, Powers, Vector, divides, order, too_large
from stabcheck.symbolic.rest.system import MOST_SOLUTIONS

MOST_WORK = 50_000
"""The most of dimension times bits: dense random systems there take ten seconds."""

Told = Callable[[float], object]
"""Is told which share of the work is done."""
T = TypeVar("T")


def algebra_of(ideal: Ideal, told: Told = bool) -> Algebra:
    """The algebra of an ideal of dimension 0.

    Raises:
        Undecidable: if it is too large.
    """
    if ideal.is_whole:
        return Algebra(ideal.size, (), ())
    monomials = _standard(list(ideal.rules), ideal.size)
    bits = max((_bits(c) for rule in ideal.rules.values() for c in rule.values()), default=0)
    if bits * len(monomials) > MOST_WORK:
        raise too_large()
    return Algebra(ideal.size, monomials, _multiplication(ideal.rules, monomials, ideal.size), told)


def _bits(number: fmpq) -> int:
    return max(int(number.p).bit_length(), int(number.q).bit_length())


def _watched(items: Sequence[T], told: Told, start: float, end: float) -> Iterator[T]:
    """The items, each told of when it is done: together they are the work from one share to another."""
    for k, item in enumerate(items):
        yield item
        told(start + (end - start) * (k + 1) / len(items))


def _standard(leading: Sequence[Powers], n: int) -> tuple[Powers, ...]:
    """The monomials that no leading one divides: a basis of the algebra."""
    standard, new = {(0,) * n}, [(0,) * n]
    while new:
        above = {_times(m, k) for m in new for k in range(n)} - standard
        new = [m for m in above if not any(divides(a, m) for a in leading)]
        standard.update(new)
        if len(standard) > MOST_SOLUTIONS:
            raise Undecidable(f"v = 0 has more than {MOST_SOLUTIONS} complex solutions; give a start")
    return tuple(sorted(standard, key=order))


def _times(powers: Powers, k: int, by: int = 1) -> Powers:
    return (*powers[:k], powers[k] + by, *powers[k + 1 :])


def _multiplication(
    basis: Mapping[Powers, Vector], monomials: Sequence[Powers], n: int
) -> tuple[fmpq_mat, ...]:
    """The matrix of every coordinate on the algebra, as Faugere, Gianni, Lazard & Mora 1993 do."""
    normal_forms: dict[Powers, Vector] = {m: {m: fmpq(1)} for m in monomials}
    for m in sorted({_times(b, k) for b in monomials for k in range(n)}, key=order):
        if m not in normal_forms:
            normal_forms[m] = basis[m] if m in basis else _through(m, normal_forms)
    return tuple(_matrix([normal_forms[_times(b, k)] for b in monomials], monomials) for k in range(n))


def _through(m: Powers, normal_forms: Mapping[Powers, Vector]) -> Vector:
    """`m = x_k m'` in the algebra, through an `m'` that is known and no element of the basis."""
    lower = ((k, _times(m, k, -1)) for k, p in enumerate(m) if p)
    k, below = next((k, b) for k, b in lower if b in normal_forms and b not in normal_forms[b])
    total: Vector = {}
    for b, c in normal_forms[below].items():
        for a, d in normal_forms[_times(b, k)].items():
            total[a] = total.get(a, fmpq(0)) + c * d
    return total


def _matrix(columns: Sequence[Vector], monomials: Sequence[Powers]) -> fmpq_mat:
    zero = fmpq(0)
    return fmpq_mat([[column.get(m, zero) for column in columns] for m in monomials])


@dataclass(frozen=True)
class Algebra:
    """`Q[x]/(v)`, of finite dimension.

    Attributes:
        size: the number of coordinates.
        monomials: a basis; the first is 1.
        matrices: multiplication by each coordinate.
        told: hears of the work on the way to the components.
    """

    size: int
    monomials: tuple[Powers, ...]
    matrices: tuple[fmpq_mat, ...]
    told: Told = field(default=bool, compare=False)

    @cached_property
    def traces(self) -> fmpq_mat:
        """The row of the traces of multiplication by each basis element."""
        n = len(self.monomials)
        products = {self.monomials[0]: _identity(n)}
        for m in _watched(self.monomials[1:], self.told, 0, 0.5):
            k = next(k for k, p in enumerate(m) if p)
            products[m] = self.matrices[k] * products[_times(m, k, -1)]
        return fmpq_mat([[_trace(products[m]) for m in self.monomials]])

    @cached_property
    def hermite(self) -> fmpq_mat:
        """`trace(a b)` for basis elements `a`, `b`.

        Its rank is the number of complex solutions, its signature that of the real ones.
        """
        rows, trace_rows = [], {self.monomials[0]: self.traces}
        for m in _watched(self.monomials, self.told, 0.5, 0.6):
            if m not in trace_rows:
                k = next(k for k, p in enumerate(m) if p)
                trace_rows[m] = trace_rows[_times(m, k, -1)] * self.matrices[k]
            rows.append(trace_rows[m].entries())
        return fmpq_mat(rows)

    @cached_property
    def separating(self) -> tuple[fmpq_mat, fmpq_poly]:
        """A linear form `u` with another value at each solution, as matrix; the `f` of these values.

        `f` has simple roots, and as many as there are solutions.
        """
        distinct = self.hermite.rank()
        for weights in _weights(self.size):
            u = _identity(len(self.monomials)) * 0
            for w, matrix in zip(weights, self.matrices, strict=True):
                u += matrix * fmpq(w)
            whole = u.charpoly()
            simple = whole / whole.gcd(whole.derivative())
            if simple.degree() == distinct:
                return u, simple / simple.leading_coefficient()
        raise AssertionError

    @cached_property
    def components(self) -> tuple[Component, ...]:
        """The solutions over the rationals: those of one component are conjugate."""
        if not self.monomials:
            return ()
        candidates = [factors_of(matrix.charpoly()) for matrix in self.matrices]
        moduli = _watched(factors_of(self.separating[1]), self.told, 0.8, 1)
        return tuple(self._component(modulus, candidates) for modulus in moduli)

    def _component(self, modulus: fmpz_poly, candidates: Sequence[Sequence[fmpz_poly]]) -> Component:
        tops, bottom = self._coordinates
        p = fmpq_poly(modulus)
        scale = inverse(bottom % p, p)
        elements = tuple(top * scale % p for top in tops)
        pairs = zip(elements, candidates, strict=True)
        return Component(modulus, elements, tuple(minimal_polynomial(h, polys, p) for h, polys in pairs))

    @cached_property
    def _coordinates(self) -> tuple[list[fmpq_poly], fmpq_poly]:
        """Polynomials `g_x` and `g_1` with `x = g_x(u) / g_1(u)` at every solution."""
        u, f = self.separating
        powers = [fmpq_mat([[fmpq(int(k == 0))] for k in range(len(self.monomials))])]
        for _ in _watched(range(f.degree() - 1), self.told, 0.7, 0.8):
            powers.append(u * powers[-1])
        rows = [self.traces * matrix for matrix in self.matrices]
        return [_numerator(row, powers, f) for row in rows], _numerator(self.traces, powers, f)


def _numerator(row: fmpq_mat, powers: Sequence[fmpq_mat], f: fmpq_poly) -> fmpq_poly:
    """`sum_i trace(x u^i) (f(T) div T^(i+1))`."""
    terms = (fmpq_poly(f.coeffs()[i + 1 :]) * (row * p)[0, 0] for i, p in enumerate(powers))
    return sum(terms, fmpq_poly([0]))


def factors_of(poly: fmpq_poly) -> list[fmpz_poly]:
    """Its irreducible factors over the rationals."""
    return [factor for factor, _ in poly.numer().factor()[1]]


def _weights(n: int) -> Iterator[tuple[int, ...]]:
    """Every coordinate alone, then `1, c, c^2, ...`, of which all but finitely many separate."""
    yield from (tuple(int(j == k) for j in range(n)) for k in range(n))
    yield from (tuple(c**k for k in range(n)) for c in count(1))


def _identity(n: int) -> fmpq_mat:
    return fmpq_mat(n, n, [fmpq(int(i == j)) for i in range(n) for j in range(n)])


def _trace(matrix: fmpq_mat) -> fmpq:
    return sum((matrix[k, k] for k in range(matrix.nrows())), fmpq(0))
