"""Eigenvalues followed along a range of one hyperparameter, each as a continuous curve."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp
from scipy.optimize import linear_sum_assignment

from stabcheck.core.errors import BadInput, Undecidable
from stabcheck.core.stability import StabilityRegion
from stabcheck.judge.summary import multiplicity
from stabcheck.report.pictures.spectrum import number
from stabcheck.symbolic.algebraic import AlgebraicNumber
from stabcheck.symbolic.balls import nearest
from stabcheck.symbolic.exact import MANIFOLD, Eigenvalue, eigenvalues, verdict
from stabcheck.symbolic.locus import Family, Special

if TYPE_CHECKING:
    from stabcheck.judge.floating import Approximate
    from stabcheck.symbolic.spectrum import Factor

ROUNDS, HALVINGS = 5, 10
LONGEST = 24
Curve = tuple[complex, ...]
Span = tuple[float, float, str]
Spectrum = Sequence["Eigenvalue | Approximate"]


@dataclass(frozen=True)
class Mark:
    """A value of the hyperparameter where something happens.

    Attributes:
        kind: `collision`, where eigenvalues meet, `crossing`, where some lie on the boundary, or both.
        value: the nearest float.
        exact: in closed form where it is short, else in digits.
        label: what happens there, with its value, for the legend.
        points: the eigenvalues concerned, by kind.
    """

    kind: str
    value: float
    exact: str
    label: str
    points: tuple[tuple[str, complex], ...]


@dataclass(frozen=True)
class Branches:
    """Eigenvalues along a range of values.

    Attributes:
        values: in order, the special ones included.
        curves: one per eigenvalue, which it follows continuously; a multiple one has several.
        verdicts: one per value.
        spans: intervals in each of which the verdict is one, with it.
        marks: the special values.
        open: why special values are not known; empty where they are.
    """

    values: tuple[float, ...]
    curves: tuple[Curve, ...]
    verdicts: tuple[str, ...]
    spans: tuple[Span, ...]
    marks: tuple[Mark, ...] = ()
    open: str = ""


def tracked(family: Family, even: Sequence[Fraction], specials: Sequence[Special], name: str) -> Branches:
    """The roots of a family, each factor's followed apart from the others'.

    Args:
        family: the characteristic polynomial.
        even: values from one end of the range to the other; further ones come in between.
        specials: those of the family in that range.
        name: of the hyperparameter, in TeX.
    """
    low, high = even[0], even[-1]
    poles = family.poles(low, high)
    singular = {n.value: n for n in (*poles, *(s.at for s in specials))}
    numbers = {float(v): AlgebraicNumber.of(v) for v in [*even, *_around(singular, even)]} | singular
    for pole in poles:
        del numbers[pole.value]
    tables = {value: _columns(family, at) for value, at in numbers.items()}
    for _ in range(ROUNDS):
        between = _unclear(tables, singular)
        tables |= {float(v): _columns(family, AlgebraicNumber.of(v)) for v in between}
    values = sorted(tables)
    factors = zip(*(tables[value] for value in values), strict=True)
    paths = [_curves(values, part, set(singular)) for part in factors]
    times = [part.multiplicity for part in family.factors]
    curves = tuple(curve for path, n in zip(paths, times, strict=True) for curve in path for _ in range(n))
    spans = tuple(family.stable(low, high, sorted(singular)))
    at = {s.at.value: verdict(s.eigenvalues) for s in specials}
    verdicts = tuple(at.get(v) or next(word for a, b, word in spans if a <= v <= b) for v in values)
    return Branches(tuple(values), curves, verdicts, spans, tuple(_mark(s, name) for s in specials))


def _around(singular: Iterable[float], even: Sequence[Fraction]) -> Iterator[Fraction]:
    """Values that come ever nearer to those where curves bend like a square root."""
    step = even[1] - even[0]
    for value in singular:
        near = (Fraction(value) + sign * step / 2**k for k in range(1, HALVINGS) for sign in (1, -1))
        yield from (v for v in near if even[0] < v < even[-1])


def _columns(family: Family, at: AlgebraicNumber) -> list[np.ndarray]:
    """The roots of each factor, in a fixed order."""
    return [np.array(sorted(map(_nearest, part.at(at)), key=_order)) for part in family.factors]


def _nearest(ball: Any) -> complex:
    return complex(nearest(ball.real), nearest(ball.imag))


def _order(z: complex) -> tuple[float, float]:
    return z.real, z.imag


def _unclear(tables: Mapping[float, list[np.ndarray]], singular: Container[float]) -> list[Fraction]:
    """The middles of those steps in which some root moves more than half way to another one."""
    return [
        (Fraction(a) + Fraction(b)) / 2
        for a, b in pairwise(sorted(tables))
        if a not in singular and b not in singular and any(map(_jumps, tables[a], tables[b]))
    ]


def _jumps(before: np.ndarray, after: np.ndarray) -> bool:
    moved = np.abs(after[_matched(before, after)] - before).max()
    gaps = np.abs(before[:, None] - before[None, :])
    return len(before) > 1 and bool(2 * moved > gaps[~np.eye(len(before), dtype=bool)].min())


def _matched(guess: np.ndarray, roots: np.ndarray) -> np.ndarray:
    """For each guess the place of the root that continues it, by the least sum of distances."""
    return linear_sum_assignment(np.abs(guess[:, None] - roots[None, :]))[1]


def _curves(values: Sequence[float], columns: Sequence[np.ndarray], singular: set[float]) -> list[Curve]:
    """The roots of one factor, each followed; straight on where several have met."""
    rows = [columns[0]]
    for k in range(1, len(columns)):
        guess = rows[-1]
        if k > 1 and values[k - 1] in singular:
            share = (values[k] - values[k - 1]) / (values[k - 1] - values[k - 2])
            guess = guess + share * (rows[-1] - rows[-2])
        rows.append(columns[k][_matched(guess, columns[k])])
    return [tuple(map(complex, curve)) for curve in np.array(rows).T]


def _mark(special: Special, name: str) -> Mark:
    exact = _closed(special.at.exact)
    value = special.at.value
    points = [("collision", e) for e in special.met] + [
        ("crossing", e) for e in special.edge if e not in special.met
    ]
    kinds = [kind for kind, there in (("collision", special.met), ("crossing", special.edge)) if there]
    label = f"${name}$ = ${exact}$" if exact else f"${name}$ $\\approx$ {number(value, 5)}"
    label += "".join(f"\n{_multiple(e)}" for e in special.met if e.value.imag >= 0)
    plain = str(special.at.exact) if exact else repr(value)
    return Mark(" and ".join(kinds), value, plain, label, tuple((kind, e.value) for kind, e in points))


def _multiple(e: Eigenvalue) -> str:
    """`lambda = -1/2, double`; of two conjugates both at once."""
    re, im = (None, None) if e.exact is None else e.exact.as_real_imag()
    real = _closed(re) or _digits(e.value.real)
    imaginary = _closed(im) or _digits(e.value.imag)
    pair = f" \\pm {imaginary}\\,i" if e.value.imag else ""
    return f"$\\lambda = {real}{pair}$, {multiplicity(e.multiplicity)}"


def _digits(value: float) -> str:
    return f"{value:.4g}"


def _closed(exact: sp.Expr | None) -> str:
    """A closed form in TeX if it is short, else nothing."""
    text = "" if exact is None else sp.latex(exact, fold_short_frac=True)
    return text if len(text) <= LONGEST else ""


def put(factors: Sequence[Factor], name: Any, value: Fraction, *, region: StabilityRegion) -> Spectrum | None:
    """The eigenvalues with a value put into factors that are not rational; `None` where unknown."""
    there = {name: sp.Rational(value.numerator, value.denominator)}
    try:
        return eigenvalues([f.at(there) for f in factors], region=region)
    except Undecidable:
        return None


def sampled(
    values: Sequence[Fraction], spectrum: Callable[[Fraction], Spectrum | None], why: str
) -> Branches:
    """The eigenvalues from spectra at the values alone, without special ones.

    Args:
        values: in order.
        spectrum: the eigenvalues at a value; `None` where they are not known.
        why: special values are not known.

    Raises:
        BadInput: if eigenvalues are known at one value at most.
    """
    spectra = [(float(v), s, _across(s)) for v in values if (s := spectrum(v)) is not None]
    most = max((len(z) for _, _, z in spectra), default=0)
    # Where more equilibria than elsewhere lie on a manifold, fewer eigenvalues count.
    complete = [(v, z, verdict(s)) for v, s, z in spectra if len(z) == most > 0]
    if len(complete) < 2:
        raise BadInput("there is no spectrum to draw: eigenvalues are not known in the range")
    at = [v for v, _, _ in complete]
    verdicts = tuple(word for _, _, word in complete)
    curves = _curves(at, [np.array(z) for _, z, _ in complete], set())
    intervals = [
        (a, b, u if u == w else "undecided") for (a, u), (b, w) in pairwise(zip(at, verdicts, strict=True))
    ]
    groups = (list(group) for _, group in groupby(intervals, key=lambda step: step[2]))
    spans = tuple((group[0][0], group[-1][1], group[0][2]) for group in groups)
    return Branches(tuple(at), tuple(curves), verdicts, spans, open=why)


def _across(spectrum: Spectrum) -> list[complex]:
    """Each eigenvalue as often as it is one, without those of a manifold, in a fixed order."""
    across = (e for e in spectrum if e.place != MANIFOLD)
    return sorted((e.value for e in across for _ in range(e.multiplicity)), key=_order)
