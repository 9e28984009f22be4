"""Eigenvalues as one hyperparameter `g` moves, and the values of `g` where something happens, exactly.

Two eigenvalues meet where a discriminant or a resultant of the factors `p(z, g)` of the characteristic
polynomial vanishes. One can lie on the imaginary axis only where, with `p(s) = e(s^2) + s o(s^2)`, the
resultant of `e` and `o` or `p(0)` vanishes, or where two meet; for the unit circle after Cayley's
transform. These are polynomials in `g`. At each of their roots the spectrum is found over the field
that the root generates, so that multiplicities and places are facts and not roundings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, pairwise

import flint
import sympy as sp
from flint import acb, fmpq, fmpz_mpoly, fmpz_poly

from stabcheck.core.errors import Undecidable
from stabcheck.core.stability import StabilityRegion
from stabcheck.symbolic.algebraic import AlgebraicNumber, coefficients, conjugates, to_sympy
from stabcheck.symbolic.exact import Eigenvalue, eigenvalues, verdict
from stabcheck.symbolic.extension import BITS, certified, reduced, roots
from stabcheck.symbolic.polynomials import irreducible, only, ring, to_flint
from stabcheck.symbolic.spectrum import Factor

MOST_DEGREE, MOST_CONJUGATES = 12, 64
"""Beyond this degree in `z`, or of a polynomial for `g`, the exact part would take too long."""


@dataclass(frozen=True)
class Special:
    """A value of the hyperparameter where eigenvalues meet or lie on the boundary.

    Attributes:
        at: the value.
        eigenvalues: there; those that coincide for every value are counted once.
        before, after: how many eigenvalues lie where, just below and just above; empty beyond the range.
    """

    at: AlgebraicNumber
    eigenvalues: tuple[Eigenvalue, ...]
    before: Counter[str]
    after: Counter[str]

    @property
    def met(self) -> tuple[Eigenvalue, ...]:
        """The eigenvalues that are multiple there alone."""
        return tuple(e for e in self.eigenvalues if e.multiplicity > 1)

    @property
    def edge(self) -> tuple[Eigenvalue, ...]:
        """The eigenvalues on the boundary, where their number is another one on some side."""
        here = _places(self.eigenvalues)
        changes = any(side and side != here for side in (self.before, self.after))
        return tuple(e for e in self.eigenvalues if e.place == "boundary") if changes else ()


@dataclass(frozen=True)
class PlaneFactor:
    """An irreducible factor `p(z, g)` with integers for coefficients.

    Attributes:
        poly: in `z` and `g`.
        multiplicity: in the characteristic polynomial.
    """

    poly: fmpz_mpoly
    multiplicity: int

    @property
    def degree(self) -> int:
        """In `z`."""
        return int(self.poly.degrees()[0])

    @property
    def row(self) -> list[fmpz_poly]:
        """The coefficients, polynomials in `g`, leading first."""
        across, up = (int(d) for d in self.poly.degrees())
        table = [[0] * (up + 1) for _ in range(across + 1)]
        for (i, j), c in self.poly.to_dict().items():
            table[across - i][j] = int(c)
        return [fmpz_poly(c) for c in table]

    def at(self, number: AlgebraicNumber) -> list[acb]:
        """The roots in `z` at a value, each as often as it is one."""
        with flint.ctx.workprec(BITS):
            return [ball for ball, times in roots(self.row, number) for _ in range(times)]


@dataclass(frozen=True)
class Family:
    """A characteristic polynomial in `z` and one hyperparameter, as its distinct factors.

    Attributes:
        factors: irreducible, and distinct.
        region: where the eigenvalues of what is stable lie.
    """

    factors: tuple[PlaneFactor, ...]
    region: StabilityRegion

    @classmethod
    def of(cls, factors: Sequence[Factor], name: sp.Symbol, *, region: StabilityRegion) -> Family | None:
        """The family; `None` where the coefficients are no rational functions over the rationals, or long.

        Args:
            factors: of the characteristic polynomial, with one symbol at most.
            name: the symbol.
            region: where the eigenvalues of what is stable lie.
        """
        distinct: dict[str, fmpz_mpoly] = {}
        times: Counter[str] = Counter()
        for factor in factors:
            whole = _integral(factor, name)
            if whole is None:
                return None
            for poly, power in irreducible(whole)[1]:
                distinct.setdefault(str(poly), poly)
                times[str(poly)] += power * factor.multiplicity
        return cls(tuple(PlaneFactor(p, times[k]) for k, p in distinct.items() if p.degrees()[0] > 0), region)

    def spectrum(self, value: Fraction, *, simple: bool = False) -> tuple[Eigenvalue, ...]:
        """The certified eigenvalues at a rational value that is no pole.

        Args:
            value: of the hyperparameter.
            simple: count eigenvalues once that coincide for every value.
        """
        q = fmpq(value.numerator, value.denominator)
        factors = []
        for factor in self.factors:
            numbers = [c(q) for c in factor.row]
            exact = tuple(to_sympy(c) for c in numbers)
            factors.append(Factor(exact, 1 if simple else factor.multiplicity))
        return eigenvalues(factors, region=self.region)

    def poles(self, start: Fraction, stop: Fraction) -> tuple[AlgebraicNumber, ...]:
        """The values in a range at which an eigenvalue is infinite, in order."""
        return _inside([factor.row[0] for factor in self.factors], start, stop)

    def specials(self, start: Fraction, stop: Fraction) -> tuple[Special, ...]:
        """All values in a range where eigenvalues meet or come to lie on the boundary, in order.

        Raises:
            Undecidable: if there are too many eigenvalues for exact arithmetic.
        """
        if sum(factor.degree for factor in self.factors) > MOST_DEGREE:
            raise Undecidable(f"more than {MOST_DEGREE} eigenvalues")
        poles = self.poles(start, stop)
        meeting = _inside([*self._meetings(), *self._edges()], start, stop)
        critical = [number for number in meeting if number not in poles]
        ends = sorted([*map(AlgebraicNumber.of, (start, stop)), *critical, *poles], key=lambda n: n.value)
        between = {(a.value, b.value): self._between(a, b) for a, b in pairwise(ends)}
        below = {b: counts for (_, b), counts in between.items() if counts}
        above = {a: counts for (a, _), counts in between.items() if counts}
        none: Counter[str] = Counter()
        specials = (
            Special(n, self._spectrum(n), below.get(n.value, none), above.get(n.value, none))
            for n in critical
        )
        return tuple(special for special in specials if special.met or special.edge)

    def stable(
        self, start: Fraction, stop: Fraction, cuts: Sequence[float]
    ) -> list[tuple[float, float, str]]:
        """The verdict on each interval that the cuts leave of a range, by its ends.

        Args:
            start, stop: the range.
            cuts: the values of all specials and poles in it, in order.
        """
        ends = [float(start), *cuts, float(stop)]
        inner = [(a, b) for a, b in pairwise(ends) if a < b]
        return [(a, b, verdict(self.spectrum(_simple(a, b)))) for a, b in inner]

    def _between(self, a: AlgebraicNumber, b: AlgebraicNumber) -> Counter[str]:
        if a.value >= b.value:
            return Counter()
        return _places(self.spectrum(_simple(a.value, b.value), simple=True))

    def _meetings(self) -> Iterator[fmpz_poly]:
        for factor in self.factors:
            if factor.degree > 1:
                yield only(factor.poly.discriminant(0), 1)
        for one, other in combinations(self.factors, 2):
            yield only(one.poly.resultant(other.poly, 0), 1)

    def _edges(self) -> Iterator[fmpz_poly]:
        for factor in self.factors:
            row = self.region.to_half_plane(factor.row)
            yield from (row[0], row[-1])
            rising = row[::-1]
            if len(row) > 2:
                yield only(_bivariate(rising[0::2]).resultant(_bivariate(rising[1::2]), 0), 1)

    def _spectrum(self, number: AlgebraicNumber) -> tuple[Eigenvalue, ...]:
        """The eigenvalues at a special value; those that coincide for every value once."""
        rational = number.rational
        if rational is not None:
            return self.spectrum(rational, simple=True)
        if number.degree > MOST_CONJUGATES:
            raise Undecidable(f"a special value is a root of a polynomial of degree {number.degree}")
        product = ring(2).from_dict({(0, 0): 1})
        for factor in self.factors:
            product *= factor.poly
        with flint.ctx.workprec(BITS):
            row = reduced(PlaneFactor(product, 1).row, number)
            return tuple(certified(row, number, region=self.region))


def _integral(factor: Factor, name: sp.Symbol) -> fmpz_mpoly | None:
    """The factor times its denominators; `None` where it is none over the rationals, or too long."""
    try:
        poly, letters = factor.cleared
    except Undecidable:
        return None
    if not set(letters.values()) <= {factor.variable, name}:
        return None
    spelled = {symbol: letter for letter, symbol in letters.items()}
    return to_flint(poly, [spelled[factor.variable], spelled.get(name, "")])[1]


def _bivariate(rising: Sequence[fmpz_poly]) -> fmpz_mpoly:
    terms = {(i, j): c for i, poly in enumerate(rising) for j, c in enumerate(poly.coeffs()) if c != 0}
    return ring(2).from_dict(terms)


def _inside(polys: Sequence[fmpz_poly], start: Fraction, stop: Fraction) -> tuple[AlgebraicNumber, ...]:
    """The real roots in a closed range, each once and in order."""
    factors = {coefficients(factor): factor for p in polys if p != 0 for factor, _ in p.factor()[1]}
    roots = (number for factor in factors.values() for number in conjugates(factor))
    inside = (n for n in roots if n.compare(start) >= 0 >= n.compare(stop))
    return tuple(sorted(inside, key=lambda number: number.value))


def _simple(a: float, b: float) -> Fraction:
    """A fraction with a small denominator strictly between two floats, near their middle."""
    low, high = Fraction(a), Fraction(b)
    middle, width = (low + high) / 2, (high - low) / 4
    return middle.limit_denominator(max(1, int(1 / width) + 1)) if width < 1 else middle


def _places(spectrum: Sequence[Eigenvalue]) -> Counter[str]:
    total: Counter[str] = Counter()
    for e in spectrum:
        total[e.place] += e.multiplicity
    return total
