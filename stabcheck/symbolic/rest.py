"""All real rest points of a polynomial or rational field, exactly.

The solutions of `v = 0` are the points of the algebra `A = Q[x]/(v)`, of dimension `D` where they
are isolated. Multiplication by a coordinate is a matrix on `A`; its traces give the number of
solutions, a linear form `u` that takes another value at each of them, and every coordinate as a
rational function of `u` (Rouillier 1999, "Solving zero-dimensional systems through the rational
univariate representation"). A solution is real iff its value of `u` is. Multiple solutions need no
care of their own.
"""

# SymPy types its results too loosely for these checks.
# pyright: basic, reportArgumentType=false, reportAttributeAccessIssue=false, reportCallIssue=false
# pyright: reportAssignmentType=false, reportGeneralTypeIssues=false, reportOperatorIssue=false
# pyright: reportReturnType=false

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import count
from typing import Any, NamedTuple

import flint
import sympy as sp
from flint import (
    Ordering,
    arb,
    fmpq,
    fmpq_mat,
    fmpq_poly,
    fmpz_mpoly_ctx,
    fmpz_mpoly_vec,
    fmpz_poly,
)
from sympy.polys.polyerrors import BasePolynomialError

from stabcheck.errors import BadInput, Undecidable
from stabcheck.symbolic.exact import nearest
from stabcheck.symbolic.jet import Model

MOST_COORDINATES, MOST_DEGREE, MOST_SOLUTIONS = 6, 8, 64
MOST_MEMBERS, MOST_TERMS, MOST_BITS = 150, 400, 3000
"""Where a Groebner basis outgrows these, it is given up, after less than two seconds."""
MOST_WORK = 50_000
"""The most of dimension times bits: dense random systems there take ten seconds."""
BITS = 128
NEAR = Fraction(1, 10**6)
DENOMINATORS = (1, 2, 6, 12, 60, 420, 10**3, 10**4, 10**5, 10**6)

T = sp.Symbol("t")

Powers = tuple[int, ...]
Vector = dict[Powers, fmpq]
"""An element of the algebra in the basis of monomials."""


class Root(sp.CRootOf):
    """A real root of an irreducible polynomial, whose powers reduce themselves.

    `r^k` becomes a polynomial in `r` of lower degree when it is made, also for negative `k`, so
    that `expand` brings every polynomial in `r` to a normal form: what vanishes is 0. Digits come
    from certified balls.

    Args:
        expression: an irreducible polynomial in one symbol, with integer coefficients.
        index: which of the real roots, from the least.
    """

    is_real = True
    is_extended_real = True
    # To SymPy's domains it is a generator: what is algebraic they would compute with as expressions.
    is_algebraic = None

    def __new__(cls, expression: sp.Expr, index: int) -> Root:
        return cls._new(sp.PurePoly(expression, *expression.free_symbols, domain="ZZ"), int(index))

    @classmethod
    def of(cls, poly: fmpz_poly, index: int) -> Root:
        """The root of a polynomial of FLINT's."""
        return cls._new(sp.PurePoly([int(c) for c in reversed(poly.coeffs())], T, domain="ZZ"), index)

    @property
    def defining(self) -> fmpz_poly:
        """Its minimal polynomial."""
        return fmpz_poly([int(c) for c in reversed(self.poly.all_coeffs())])

    def ball(self, bits: int) -> arb:
        """An enclosure, of about this many bits."""
        with flint.ctx.workprec(bits):
            return _real_roots(self.defining)[self.index]

    def _eval_power(self, power: sp.Expr) -> sp.Expr | None:
        degree = self.poly.degree()
        if not power.is_Integer or (0 <= power < degree and degree > 1):
            return None
        modulus = fmpq_poly(self.defining)
        base = fmpq_poly([0, 1]) if power > 0 else _inverse(fmpq_poly([0, 1]), modulus)
        return _in_powers(_power(base, abs(int(power)), modulus), self)

    def _eval_evalf(self, prec: int, **options: Any) -> sp.Float:
        del options
        mantissa, exponent = self.ball(prec + 16).mid().man_exp()
        return sp.Float(sp.Integer(int(mantissa)) * sp.Integer(2) ** int(exponent), precision=prec)

    def eval_rational(self, dx: Any = None, dy: Any = None, n: int = 15) -> sp.Rational:
        """A rational number not farther than `dx` from it."""
        del dy
        error = sp.Rational(1, 10**n) if dx is None else sp.Rational(dx)
        bits = BITS
        while not (ball := self.ball(bits)).rad() < arb(fmpq(error.p, error.q)):
            bits *= 2
        mantissa, exponent = ball.mid().man_exp()
        return sp.Rational(int(mantissa)) * sp.Rational(2) ** int(exponent)

    def _eval_is_real(self) -> bool:
        return True

    def _eval_is_imaginary(self) -> bool:
        return False

    def _eval_conjugate(self) -> Root:
        return self

    @property
    def _radical(self) -> sp.Expr | None:
        """`sqrt(d)`, where it is that."""
        lead, *others = self.poly.all_coeffs()
        return (
            sp.sqrt(-others[1]) if (lead, self.index, others[0]) == (1, 1, 0) and len(others) == 2 else None
        )

    def _sympystr(self, printer: Any) -> str:
        if self._radical is not None:
            return printer._print(self._radical)
        return f"CRootOf({printer._print(self.expr)}, {self.index})"

    def _terminalstr(self, printer: Any) -> str:
        return self._sympystr(printer)

    def _latex(self, printer: Any, exp: str = "") -> str:
        plain = self._radical or sp.Function("CRootOf")(self.expr, self.index)
        return printer._print(plain if not exp else plain ** sp.Symbol(exp))


@dataclass(frozen=True)
class RestPoints:
    """The real solutions of `v = 0`.

    Attributes:
        points: each coordinate by itself, a rational number, a square root or a `CRootOf`;
            sorted by the values of the coordinates, the first counting most.
        isolated: whether the solutions are isolated over the complex numbers; else no points are
            listed.
        reason: why none are listed.
        joint: the same points, where the irrational coordinates of one are polynomials in one
            `Root`: `expand` decides what vanishes there.
        values: the same points as floats.
    """

    points: tuple[tuple[sp.Expr, ...], ...]
    isolated: bool = True
    reason: str = ""
    joint: tuple[tuple[sp.Expr, ...], ...] = ()
    values: tuple[tuple[float, ...], ...] = ()


def rest_points(field: Sequence[sp.Expr], coordinates: Sequence[sp.Symbol]) -> RestPoints:
    """All real points where a polynomial or rational field vanishes.

    Points where a denominator vanishes are none.

    Args:
        field: expressions with rational coefficients.
        coordinates: what they depend on.

    Raises:
        Undecidable: if an entry is no such expression, or the system is too large.
    """
    system = _System.of(field, coordinates)
    if system.is_linear:
        return _linear(system)
    system.refuse_size()
    algebra = _algebra(system)
    if algebra is None and system.denominator.total_degree():
        system = system.saturated()
        algebra = _algebra(system)
    if algebra is None:
        return _continuum()
    resting = filter(system.rests, algebra.components)
    found = sorted((p for c in resting for p in c.points(len(coordinates))), key=lambda p: p.key)
    return RestPoints(
        tuple(p.single for p in found),
        joint=tuple(p.joint for p in found),
        values=tuple(p.values for p in found),
    )


def exact_near(
    model: Model, values: Mapping[str, sp.Expr], floats: Sequence[float]
) -> tuple[sp.Expr, ...] | None:
    """The exact rest point within a millionth of a float one, or `None` where none is found.

    Args:
        model: the game.
        values: numbers for its open names.
        floats: the point.
    """
    found = both_near(model, values, floats)
    return None if found is None else found[0]


def both_near(
    model: Model, values: Mapping[str, sp.Expr], floats: Sequence[float]
) -> tuple[tuple[sp.Expr, ...], tuple[sp.Expr, ...]] | None:
    """As `exact_near`, the point as in `RestPoints.points` and as in `RestPoints.joint`.

    First a point with short fractions, kept only if `v` vanishes there exactly; then, for
    polynomial fields, the nearest of all rest points.
    """
    for point in _fractions(floats):
        there = dict(zip(model.coordinates, point, strict=True))
        if all(sp.expand(e) == 0 for e in _entries(model, values, there)):
            return point, point
    try:
        found = rest_points(field_at(model, values), model.coordinates)
    except Undecidable:
        return None
    distances = [_distance(there, floats) for there in found.values]
    best = min(range(len(distances)), key=distances.__getitem__, default=None)
    if best is None or distances[best] > NEAR * (1 + max(map(abs, floats))):
        return None
    return found.points[best], found.joint[best]


def field_at(model: Model, values: Mapping[str, sp.Expr]) -> tuple[sp.Expr, ...]:
    """`v` with numbers for the open names, functions and means written out."""
    return tuple(_entries(model, values, {}))


def _entries(
    model: Model, values: Mapping[str, sp.Expr], there: Mapping[sp.Symbol, sp.Expr]
) -> Iterator[sp.Expr]:
    for entry in model.field():
        found = model.ops.at(dict(there), entry)
        yield found.xreplace({s: values[s.name] for s in found.free_symbols if s.name in values})


def _fractions(floats: Sequence[float]) -> Iterator[tuple[sp.Rational, ...]]:
    """Near points with growing denominators."""
    tried = set()
    exact = [Fraction(f) for f in floats]
    for bound in DENOMINATORS:
        near = tuple(f.limit_denominator(bound) for f in exact)
        close = all(abs(a - b) <= NEAR * (1 + abs(a)) for a, b in zip(exact, near, strict=True))
        if close and near not in tried:
            tried.add(near)
            yield tuple(sp.Rational(q.numerator, q.denominator) for q in near)


def _distance(a: Sequence[float], b: Sequence[float]) -> float:
    return max(abs(s - t) for s, t in zip(a, b, strict=True))


# Systems


@dataclass(frozen=True)
class _System:
    """Polynomials that are to vanish together, and the product of the denominators that must not."""

    coordinates: tuple[sp.Symbol, ...]
    polynomials: tuple[sp.Poly, ...]
    denominator: Any

    @classmethod
    def of(cls, field: Sequence[sp.Expr], coordinates: Sequence[sp.Symbol]) -> _System:
        quotients = [_quotient(sp.sympify(e, strict=True), tuple(coordinates)) for e in field]
        whole = sp.Poly(1, *coordinates, domain="QQ")
        for _, bottom in quotients:
            whole = whole.lcm(bottom)
        tops = (top for top, _ in quotients if not top.is_zero)
        return cls(tuple(coordinates), tuple(tops), whole.sqf_part() if whole.total_degree() > 0 else whole)

    @property
    def is_linear(self) -> bool:
        degrees = [p.total_degree() for p in self.polynomials]
        return max(degrees, default=0) <= 1 and self.denominator.total_degree() == 0

    def refuse_size(self) -> None:
        """Raises:
        Undecidable: if the system is too large to be solved in seconds.
        """
        degrees = [p.total_degree() for p in self.polynomials]
        sizes = (
            (len(self.coordinates), MOST_COORDINATES, "coordinates"),
            (max([*degrees, self.denominator.total_degree()]), MOST_DEGREE, "as degree"),
            (math.prod(max(d, 1) for d in degrees), MOST_SOLUTIONS, "as product of the degrees"),
        )
        for size, most, what in sizes:
            if size > most:
                raise Undecidable(f"all rest points are sought up to {most} {what}, not {size}; give a start")

    def saturated(self) -> _System:
        """The same solutions off the denominators, with one more coordinate: `s denominator = 1`."""
        extra = sp.Dummy("s")
        every = (*self.coordinates, extra)
        inverse = sp.Poly(extra * self.denominator.as_expr() - 1, *every, domain="QQ")
        polynomials = (sp.Poly(p.as_expr(), *every, domain="QQ") for p in self.polynomials)
        whole = sp.Poly(self.denominator.as_expr(), *every, domain="QQ")
        return _System(every, (*polynomials, inverse), whole)

    def rests(self, component: _Component) -> bool:
        """Whether no denominator vanishes at solutions, decided in their number field as these are.

        Raises:
            Undecidable: if they prove to be none, which would be a fault in what found them.
        """
        if not all(component.vanishes(p) for p in self.polynomials):
            raise Undecidable("a solution of v = 0 did not stand its exact test; give a start")
        return not component.vanishes(self.denominator)


def _quotient(entry: sp.Expr, coordinates: tuple[sp.Symbol, ...]) -> tuple[sp.Poly, sp.Poly]:
    """Numerator, in lowest terms, and the denominator as it stands."""
    if not entry.free_symbols <= set(coordinates):
        names = ", ".join(sorted(str(s) for s in entry.free_symbols - set(coordinates)))
        raise BadInput(f"rest points are listed for numbers only; give values for {names}")
    moving = [p for p in entry.atoms(sp.Pow) if p.has(*coordinates)]
    if not entry.is_rational_function(*coordinates) or any(not p.exp.is_Integer for p in moving):
        raise Undecidable(f"{str(entry)[:60]} is no polynomial; give a start")
    if any(abs(p.exp) > MOST_DEGREE for p in moving):
        raise Undecidable(f"all rest points are sought up to degree {MOST_DEGREE}; give a start")
    top, bottom = sp.fraction(sp.together(entry))
    try:
        top, bottom = (sp.Poly(e, *coordinates, domain="QQ") for e in (top, bottom))
    except BasePolynomialError:
        raise Undecidable(f"{str(entry)[:60]} has coefficients that are not rational; give a start") from None
    return (top if bottom.total_degree() == 0 else top.cancel(bottom, include=True)[0]), bottom


def _continuum() -> RestPoints:
    return RestPoints(
        (), isolated=False, reason="the solutions of v = 0 are not isolated: they form a continuum"
    )


def _linear(system: _System) -> RestPoints:
    """By elimination over the rationals."""
    n = len(system.coordinates)
    rows = [[_rational(p.coeff_monomial(s)) for s in (*system.coordinates, 1)] for p in system.polynomials]
    reduced, rank = fmpq_mat([*rows, [fmpq(0)] * (n + 1)]).rref()
    pivots = [next(j for j in range(n + 1) if reduced[i, j] != 0) for i in range(rank)]
    if n in pivots:
        return RestPoints(())
    if rank < n:
        return _continuum()
    exact = tuple(_sympy(-reduced[i, n]) for i in range(n))
    return RestPoints((exact,), joint=(exact,), values=(tuple(map(float, exact)),))


def _rational(number: sp.Rational) -> fmpq:
    return fmpq(int(number.p), int(number.q))


def _sympy(number: fmpq) -> sp.Rational:
    return sp.Rational(int(number.p), int(number.q))


# The algebra of the solutions


def _algebra(system: _System) -> _Algebra | None:
    """The algebra of a system; `None` where the solutions are not isolated."""
    basis = _groebner(system)
    n = len(system.coordinates)
    leading = list(basis)
    if any(sum(powers) == 0 for powers in leading):
        return _Algebra(n, (), ())
    pure = {k for m in leading for k in range(n) if m[k] == sum(m)}
    if len(pure) < n:
        return None
    monomials = _standard(leading, n)
    bits = max((_bits(c) for rule in basis.values() for c in rule.values()), default=0)
    if bits * len(monomials) > MOST_WORK:
        raise _too_large()
    return _Algebra(n, monomials, _multiplication(basis, monomials, n))


def _too_large() -> Undecidable:
    return Undecidable("the equations v = 0 grow too large to be solved exactly; give a start")


def _bits(number: fmpq) -> int:
    return max(int(number.p).bit_length(), int(number.q).bit_length())


def _groebner(system: _System) -> dict[Powers, Vector]:
    """The reduced Groebner basis: each leading monomial, with what it equals in the algebra."""
    names = tuple(f"x{k}" for k in range(len(system.coordinates)))
    ring = fmpz_mpoly_ctx.get(names, Ordering.degrevlex)
    members = [ring.from_dict(_integral(p)) for p in system.polynomials]
    limits = (MOST_MEMBERS, MOST_TERMS, MOST_BITS)
    found, done = fmpz_mpoly_vec(members, ring).buchberger_naive(limits=limits)
    if not done:
        raise _too_large()
    return dict(_rule(member.to_dict()) for member in found.autoreduction())


def _integral(poly: sp.Poly) -> dict[Powers, int]:
    return {powers: int(c) for powers, c in poly.clear_denoms(convert=True)[1].terms()}


def _rule(terms: Mapping[Powers, Any]) -> tuple[Powers, Vector]:
    first = max(terms, key=_order)
    return first, {m: -fmpq(c) / fmpq(terms[first]) for m, c in terms.items() if m != first}


def _order(powers: Powers) -> tuple[int, tuple[int, ...]]:
    """By degree, then reverse lexicographically."""
    return sum(powers), tuple(-p for p in reversed(powers))


def _standard(leading: Sequence[Powers], n: int) -> tuple[Powers, ...]:
    """The monomials that no leading one divides: a basis of the algebra."""
    found, new = {(0,) * n}, [(0,) * n]
    while new:
        above = {_times(m, k) for m in new for k in range(n)} - found
        new = [m for m in above if not any(_divides(a, m) for a in leading)]
        found.update(new)
        if len(found) > MOST_SOLUTIONS:
            raise Undecidable(f"v = 0 has more than {MOST_SOLUTIONS} complex solutions; give a start")
    return tuple(sorted(found, key=_order))


def _times(powers: Powers, k: int, by: int = 1) -> Powers:
    return (*powers[:k], powers[k] + by, *powers[k + 1 :])


def _divides(a: Powers, b: Powers) -> bool:
    return all(s <= t for s, t in zip(a, b, strict=True))


def _multiplication(
    basis: Mapping[Powers, Vector], monomials: Sequence[Powers], n: int
) -> tuple[fmpq_mat, ...]:
    """The matrix of every coordinate on the algebra, as Faugere, Gianni, Lazard & Mora 1993 do."""
    known: dict[Powers, Vector] = {m: {m: fmpq(1)} for m in monomials}
    for m in sorted({_times(b, k) for b in monomials for k in range(n)}, key=_order):
        if m not in known:
            known[m] = basis[m] if m in basis else _through(m, known)
    return tuple(_matrix([known[_times(b, k)] for b in monomials], monomials) for k in range(n))


def _through(m: Powers, known: Mapping[Powers, Vector]) -> Vector:
    """`m = x_k m'` in the algebra, through an `m'` that is known and no element of the basis."""
    lower = ((k, _times(m, k, -1)) for k, p in enumerate(m) if p)
    k, below = next((k, b) for k, b in lower if b in known and b not in known[b])
    total: Vector = {}
    for b, c in known[below].items():
        for a, d in known[_times(b, k)].items():
            total[a] = total.get(a, fmpq(0)) + c * d
    return total


def _matrix(columns: Sequence[Vector], monomials: Sequence[Powers]) -> fmpq_mat:
    zero = fmpq(0)
    return fmpq_mat([[column.get(m, zero) for column in columns] for m in monomials])


@dataclass(frozen=True)
class _Algebra:
    """`Q[x]/(v)`, of finite dimension.

    Attributes:
        size: the number of coordinates.
        monomials: a basis; the first is 1.
        matrices: multiplication by each coordinate.
    """

    size: int
    monomials: tuple[Powers, ...]
    matrices: tuple[fmpq_mat, ...]

    @cached_property
    def traces(self) -> fmpq_mat:
        """The row of the traces of multiplication by each basis element."""
        n = len(self.monomials)
        known = {self.monomials[0]: _identity(n)}
        for m in self.monomials[1:]:
            k = next(k for k, p in enumerate(m) if p)
            known[m] = self.matrices[k] * known[_times(m, k, -1)]
        return fmpq_mat([[_trace(known[m]) for m in self.monomials]])

    @cached_property
    def hermite(self) -> fmpq_mat:
        """`trace(a b)` for basis elements `a`, `b`.

        Its rank is the number of complex solutions, its signature that of the real ones.
        """
        rows, known = [], {self.monomials[0]: self.traces}
        for m in self.monomials:
            if m not in known:
                k = next(k for k, p in enumerate(m) if p)
                known[m] = known[_times(m, k, -1)] * self.matrices[k]
            rows.append(known[m].entries())
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
    def components(self) -> tuple[_Component, ...]:
        """The solutions over the rationals: those of one component are conjugate."""
        if not self.monomials:
            return ()
        candidates = [_factors(matrix.charpoly()) for matrix in self.matrices]
        return tuple(self._component(factor, candidates) for factor in _factors(self.separating[1]))

    def _component(self, modulus: fmpz_poly, candidates: Sequence[Sequence[fmpz_poly]]) -> _Component:
        tops, bottom = self._coordinates
        p = fmpq_poly(modulus)
        inverse = _inverse(bottom % p, p)
        elements = tuple(top * inverse % p for top in tops)
        pairs = zip(elements, candidates, strict=True)
        return _Component(modulus, elements, tuple(_minimal(h, polys, p) for h, polys in pairs))

    @cached_property
    def _coordinates(self) -> tuple[list[fmpq_poly], fmpq_poly]:
        """Polynomials `g_x` and `g_1` with `x = g_x(u) / g_1(u)` at every solution."""
        u, f = self.separating
        powers = [fmpq_mat([[fmpq(int(k == 0))] for k in range(len(self.monomials))])]
        for _ in range(f.degree() - 1):
            powers.append(u * powers[-1])
        rows = [self.traces * matrix for matrix in self.matrices]
        return [_numerator(row, powers, f) for row in rows], _numerator(self.traces, powers, f)


def _numerator(row: fmpq_mat, powers: Sequence[fmpq_mat], f: fmpq_poly) -> fmpq_poly:
    """`sum_i trace(x u^i) (f(T) div T^(i+1))`."""
    terms = (fmpq_poly(f.coeffs()[i + 1 :]) * (row * p)[0, 0] for i, p in enumerate(powers))
    return sum(terms, fmpq_poly([0]))


def _factors(poly: fmpq_poly) -> list[fmpz_poly]:
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


# Points in number fields


@dataclass(frozen=True)
class _Point:
    """One real solution, in the forms that `RestPoints` lists."""

    single: tuple[sp.Expr, ...]
    joint: tuple[sp.Expr, ...]
    values: tuple[float, ...]

    @property
    def key(self) -> tuple[float, ...]:
        """What sorts the points: the same coordinate in two of them may differ by a rounding."""
        return tuple(float(f"{v:.12g}") for v in self.values)


@dataclass(frozen=True)
class _Component:
    """Conjugate solutions: the coordinates are polynomials in a root of `modulus`.

    Attributes:
        modulus: irreducible over the rationals.
        coordinates: reduced modulo it.
        minimal: the minimal polynomial of each coordinate.
    """

    modulus: fmpz_poly
    coordinates: tuple[fmpq_poly, ...]
    minimal: tuple[fmpz_poly, ...]

    def vanishes(self, poly: sp.Poly) -> bool:
        """Whether a polynomial in the coordinates is zero at these solutions, exactly."""
        modulus, total = fmpq_poly(self.modulus), fmpq_poly([0])
        tables = [_table(h, poly.degree(k), modulus) for k, h in enumerate(self.coordinates)]
        for powers, c in poly.terms():
            term = fmpq_poly([_rational(c)])
            for table, p in zip(tables, powers, strict=True):
                term = term * table[p] % modulus if p else term
            total += term
        return total % modulus == 0

    def points(self, n: int) -> list[_Point]:
        """The real ones among the solutions, by their first `n` coordinates."""
        return [self._point(index, located[:n]) for index, located in enumerate(self._located)]

    @property
    def _located(self) -> list[tuple[_Located, ...]]:
        """The coordinates of every real solution, at a precision that tells them from others."""
        bits = BITS
        while True:
            with flint.ctx.workprec(bits):
                known = [(m, _real_roots(m)) for m in self.minimal]
                try:
                    return [self._locate(root, known) for root in _real_roots(self.modulus)]
                except _TooCoarse:
                    bits *= 2

    def _locate(self, root: arb, known: Sequence[tuple[fmpz_poly, list[arb]]]) -> tuple[_Located, ...]:
        found = []
        for h, (minimal, balls) in zip(self.coordinates, known, strict=True):
            here = h.numer()(root) / arb(h.denom())
            meeting = [k for k, ball in enumerate(balls) if ball.overlaps(here)]
            if len(meeting) > 1:
                raise _TooCoarse
            found.append(_Located(minimal, meeting[0], balls[meeting[0]]))
        return tuple(found)

    def _point(self, index: int, located: Sequence[_Located]) -> _Point:
        elements = self.coordinates[: len(located)]
        single = tuple(_number(c.minimal, c.index) for c in located)
        generator = _generator(self.modulus, index)
        joint = tuple(_in_powers(h, generator) for h in elements)
        return _Point(single, joint, tuple(nearest(c.ball) for c in located))


class _TooCoarse(Exception):
    """A ball meets two roots."""


class _Located(NamedTuple):
    """A real root of an irreducible polynomial: which one, and a ball that holds it."""

    minimal: fmpz_poly
    index: int
    ball: arb


def _minimal(element: fmpq_poly, candidates: Sequence[fmpz_poly], modulus: fmpq_poly) -> fmpz_poly:
    """The irreducible polynomial that vanishes at an element of the number field of `modulus`."""
    for poly in candidates[:-1]:
        value = fmpq_poly([0])
        for c in reversed(poly.coeffs()):
            value = (value * element + fmpq_poly([c])) % modulus
        if value == 0:
            return poly
    return candidates[-1]


def _real_roots(poly: fmpz_poly) -> list[arb]:
    """Disjoint enclosures of the real roots of an irreducible polynomial, from the least."""
    roots = [ball.real for ball, _ in poly.complex_roots() if ball.imag == 0]
    return sorted(roots, key=lambda ball: Fraction(*_dyadic(ball)))


def _dyadic(ball: arb) -> tuple[int, int]:
    """The midpoint as a fraction."""
    mantissa, exponent = (int(part) for part in ball.mid().man_exp())
    return (mantissa << exponent, 1) if exponent >= 0 else (mantissa, 1 << -exponent)


def _number(poly: fmpz_poly, index: int) -> sp.Expr:
    """A real root of an irreducible polynomial: rational, with a square root, or a `Root`."""
    if poly.degree() > 2:
        return Root.of(poly, index)
    if poly.degree() == 1:
        return -sp.Rational(int(poly[0]), int(poly[1]))
    centre, outside, inside = _square(poly, index)
    return centre + outside * sp.sqrt(inside)


def _generator(poly: fmpz_poly, index: int) -> sp.Expr:
    """The same number, written in a `Root`, for a degree of two in that of `t^2 - d`."""
    if poly.degree() != 2:
        return _number(poly, index)
    centre, outside, inside = _square(poly, index)
    return centre + outside * Root.of(fmpz_poly([-int(inside), 0, 1]), 1)


def _square(poly: fmpz_poly, index: int) -> tuple[sp.Rational, sp.Rational, sp.Integer]:
    """`(a, b, d)` with `a + b sqrt(d)` a root of a quadratic, `d` freed of small squares."""
    low, middle, lead = (sp.Integer(int(c)) for c in poly.coeffs())
    outside, radical = sp.sqrt(middle**2 - 4 * lead * low).as_coeff_Mul()
    sign = 1 if (index == 1) == (lead > 0) else -1
    return -middle / (2 * lead), sign * outside / (2 * lead), radical**2


def _in_powers(poly: fmpq_poly, root: sp.Expr) -> sp.Expr:
    """The polynomial at a number, as an expression."""
    terms = sp.Add(*(_sympy(c) * root**k for k, c in enumerate(poly.coeffs())))
    return terms if isinstance(root, Root) else sp.expand(terms)  # long ones need no expanding


def _table(base: fmpq_poly, most: int, modulus: fmpq_poly) -> list[fmpq_poly]:
    """The powers of `base` up to the given one."""
    found = [fmpq_poly([1])]
    for _ in range(most):
        found.append(found[-1] * base % modulus)
    return found


def _power(base: fmpq_poly, k: int, modulus: fmpq_poly) -> fmpq_poly:
    """`base^k` by squaring."""
    if k == 0:
        return fmpq_poly([1])
    half = _power(base, k // 2, modulus)
    square = half * half % modulus
    return square * base % modulus if k % 2 else square


def _inverse(poly: fmpq_poly, modulus: fmpq_poly) -> fmpq_poly:
    """Modulo an irreducible polynomial that does not divide it."""
    common, factor, _ = poly.xgcd(modulus)
    return factor / common.leading_coefficient()
